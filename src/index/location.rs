//! Where an index is: in a folder or on a cluster.

use super::IndexError;
use std::fmt;
use std::path::{Path, PathBuf};

/// What `--index` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Folder(PathBuf),
    Cluster(Cluster),
}

/// An index on a cluster: where, and how it is reached and made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// `http://HOST:9200,OTHER:9200/NAME`, as typed.
    pub url: String,
    /// A file of certificates to trust in place of the usual ones.
    pub ca: Option<PathBuf>,
    /// Parts of an index that is made; the cluster's own number where `None`.
    pub shards: Option<u32>,
    /// Copies of each part beside the first.
    pub replicas: Option<u32>,
}

impl Location {
    /// A cluster where it is a URL, else a folder.
    pub fn of(typed: &Path) -> Location {
        match typed.to_str() {
            Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
                let url = url.to_owned();
                Location::Cluster(Cluster { url, ca: None, shards: None, replicas: None })
            }
            _ => Location::Folder(typed.to_path_buf()),
        }
    }

    /// The same, a cluster trusted by the certificates in a file.
    pub fn trusting(mut self, file: Option<&Path>) -> Location {
        if let Location::Cluster(cluster) = &mut self {
            cluster.ca = file.map(Path::to_path_buf);
        }
        self
    }

    /// The same, with so many shards and replicas where an index is made. A folder has neither.
    pub fn made_of(mut self, shards: Option<u32>, replicas: Option<u32>) -> Result<Location, IndexError> {
        match &mut self {
            Location::Cluster(cluster) => (cluster.shards, cluster.replicas) = (shards, replicas),
            Location::Folder(dir) if shards.or(replicas).is_some() => {
                let why = "an index in a folder has no shards and no replicas";
                return Err(IndexError::new(format!("cannot make the index in `{}`", dir.display()), why)
                    .with_hint("--shards and --replicas are for http://HOST:9200/NAME"));
            }
            Location::Folder(_) => {}
        }
        Ok(self)
    }

    /// The folder of what the user keeps beside the index: `speakers.toml` and saved queries. That of an index on a
    /// cluster is `onrecord/NAME` in the user's configuration, for whoever may only read the cluster has one too.
    pub fn beside(&self) -> PathBuf {
        match self {
            Location::Folder(dir) => dir.clone(),
            Location::Cluster(Cluster { url, .. }) => {
                let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                configuration().join("onrecord").join(name)
            }
        }
    }
}

/// `$XDG_CONFIG_HOME`, else `~/.config`, and on Windows `%APPDATA%`.
fn configuration() -> PathBuf {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("XDG_CONFIG_HOME")
        .or_else(|| named("APPDATA"))
        .or_else(|| named("HOME").map(|home| home.join(".config")))
        .unwrap_or_default()
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(dir) => dir.display().fmt(f),
            Location::Cluster(cluster) => f.write_str(&cluster.url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Location;
    use std::path::Path;

    #[test]
    fn a_url_is_a_cluster_and_anything_else_a_folder() {
        let check = |typed: &str, cluster: bool| {
            assert_eq!(matches!(Location::of(Path::new(typed)), Location::Cluster(_)), cluster, "{typed}");
        };
        check("http://a:9200,b:9200/news", true);
        check("https://search.example/news", true);
        check("news", false);
        check("http:/news", false);
        check("/srv/http://news", false);
    }

    #[test]
    fn what_is_kept_beside_a_cluster_goes_by_the_name_of_its_index() {
        assert!(Location::of(Path::new("http://a:9200/news/")).beside().ends_with("onrecord/news"));
        assert_eq!(Location::of(Path::new("news.idx")).beside(), Path::new("news.idx"));
    }
}
