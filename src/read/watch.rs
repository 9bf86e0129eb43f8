//! Waiting for files to change: what was touched at and under the paths that are watched.

use super::ReadError;
use super::walk::shown;
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

/// Files that come together are read together: once nothing was touched for so long.
const QUIET: Duration = Duration::from_millis(200);
/// What never rests is read after so long all the same.
const LONGEST: Duration = Duration::from_millis(800);

/// Watches paths from the moment it is made.
pub struct Watch {
    roots: Vec<Root>,
    /// No change in this folder is told of.
    without: PathBuf,
    changes: Receiver<Change>,
    end: Sender<Change>,
    _watcher: RecommendedWatcher,
}

/// A path that is watched: as the user named it, and as the system tells of it.
struct Root {
    named: PathBuf,
    real: PathBuf,
    /// Whether it is a folder.
    folder: bool,
}

enum Change {
    Touched(Vec<PathBuf>),
    /// The system lost count: anything may have changed.
    Anything,
    End,
}

/// What was touched under one of the paths that are watched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// The path that is watched, as the user named it.
    pub root: PathBuf,
    /// A file or a folder at or under it, with all that is in it; it may be gone.
    pub path: PathBuf,
}

impl Watch {
    /// Watches the paths, but for what lies in the folder `without`.
    pub fn new(paths: &[PathBuf], without: &Path) -> Result<Watch, ReadError> {
        let (end, changes) = mpsc::channel();
        let told = end.clone();
        let tell = move |event: notify::Result<Event>| {
            let change = match event {
                Ok(event) if event.need_rescan() => Change::Anything,
                Ok(event) if is_change(&event.kind) => Change::Touched(event.paths),
                Ok(_) => return,
                Err(_) => Change::Anything,
            };
            // Nobody listens any more where the watch has ended.
            let _ = told.send(change);
        };
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(tell, config).map_err(|cause| refused("", cause))?;
        let mut roots = Vec::new();
        for path in paths {
            let name = shown(path);
            let real = path.canonicalize().map_err(|cause| ReadError::io(&name, cause))?;
            let folder = real.is_dir();
            // A file is watched from its folder: editors put a new one in its place.
            let (watched, mode) = match real.parent() {
                Some(parent) if !folder => (parent, RecursiveMode::NonRecursive),
                _ => (real.as_path(), RecursiveMode::Recursive),
            };
            watcher.watch(watched, mode).map_err(|cause| refused(&name, cause))?;
            roots.push(Root { named: path.clone(), real, folder });
        }
        Ok(Watch { roots, without: real(without), changes, end, _watcher: watcher })
    }

    /// A function that ends the watch, wherever it is called.
    pub fn ender(&self) -> impl Fn() + Send + 'static {
        let end = self.end.clone();
        move || {
            // It has ended already where nobody listens.
            let _ = end.send(Change::End);
        }
    }

    /// Waits until files were touched and are at rest. `None` once the watch has ended. An error means that a watched
    /// path is gone.
    pub fn touched(&self) -> Option<Result<BTreeSet<Touched>, ReadError>> {
        let mut touched = BTreeSet::new();
        let mut first: Option<Instant> = None;
        loop {
            let change = match first {
                None => self.changes.recv().ok()?,
                Some(first) => {
                    let wait = QUIET.min(LONGEST.saturating_sub(first.elapsed()));
                    match self.changes.recv_timeout(wait) {
                        Ok(change) => change,
                        Err(_) => break,
                    }
                }
            };
            match change {
                Change::End => return None,
                Change::Anything => touched.extend(
                    self.roots
                        .iter()
                        .map(|root| Touched { root: root.named.clone(), path: root.named.clone() }),
                ),
                Change::Touched(paths) => touched.extend(paths.iter().flat_map(|path| self.under(path))),
            }
            if !touched.is_empty() {
                first.get_or_insert_with(Instant::now);
            }
            if first.is_some_and(|first| first.elapsed() >= LONGEST) {
                break;
            }
        }
        let gone = self.roots.iter().find(|root| root.folder && !root.real.is_dir());
        Some(match gone {
            Some(root) => Err(ReadError::io(&shown(&root.named), std::io::ErrorKind::NotFound.into())),
            None => Ok(touched),
        })
    }

    /// The path as it stands under each of the roots.
    fn under<'w>(&'w self, path: &'w Path) -> impl Iterator<Item = Touched> + 'w {
        self.roots.iter().filter_map(move |root| {
            let below = path.strip_prefix(&root.real).ok()?;
            let path = match below.as_os_str().is_empty() {
                true => root.named.clone(),
                false => root.named.join(below),
            };
            (!root.real.join(below).starts_with(&self.without))
                .then(|| Touched { root: root.named.clone(), path })
        })
    }
}

/// The path without links, whether or not it is there yet.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    path.canonicalize().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => path,
    })
}

/// Whether anything became of a file; that it was opened or read is nothing.
fn is_change(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}

fn refused(name: &str, cause: notify::Error) -> ReadError {
    match cause.kind {
        ErrorKind::Io(cause) => ReadError::io(name, cause),
        ErrorKind::MaxFilesWatch => ReadError::content(
            name,
            0,
            "more folders than the system watches at once\nhint: raise `fs.inotify.max_user_watches`",
        ),
        _ => ReadError::content(name, 0, format!("cannot be watched: {cause}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Touched, Watch};
    use std::fs;
    use std::path::Path;

    /// What is told of a folder in which `change` happens.
    fn check(change: impl Fn(&Path), expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("news");
        fs::create_dir_all(root.join("index")).unwrap();
        let watch = Watch::new(std::slice::from_ref(&root), &root.join("index")).unwrap();
        change(&root);
        let touched = watch.touched().unwrap().unwrap();
        let told: Vec<_> =
            touched.iter().map(|Touched { path, .. }| path.strip_prefix(&root).unwrap()).collect();
        assert_eq!(told, expected.iter().map(Path::new).collect::<Vec<_>>());
        watch.ender()();
        assert!(watch.touched().is_none());
    }

    #[test]
    fn what_is_touched_is_told_of_and_the_index_is_not() {
        check(|root| fs::write(root.join("a.txt"), "Rain.").unwrap(), &["a.txt"]);
        check(
            |root| {
                fs::write(root.join("index/b.txt"), "Rain.").unwrap();
                fs::write(root.join("c.txt"), "Rain.").unwrap();
                fs::rename(root.join("c.txt"), root.join("d.txt")).unwrap();
                fs::create_dir(root.join("new")).unwrap();
            },
            &["c.txt", "d.txt", "new"],
        );
    }

    #[test]
    fn a_path_that_is_gone_ends_in_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("news");
        fs::create_dir(&root).unwrap();
        let watch = Watch::new(std::slice::from_ref(&root), Path::new("/nowhere")).unwrap();
        fs::remove_dir(&root).unwrap();
        assert!(watch.touched().unwrap().unwrap_err().is_not_found());
    }
}
