//! Paths to files: folders walked in the order of their names, with what is no article left out.

use super::sniff;
use super::{ReadError, Source};
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Which files of a folder are wanted.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// `None` wants all.
    include: Option<GlobSet>,
    exclude: GlobSet,
    hidden: bool,
    /// A folder that is no part of the news, absolute.
    without: Option<PathBuf>,
}

impl WalkOptions {
    /// Globs match a file's name or its path below the folder named: `*.txt`, `2023/**`, `drafts`. With includes, a
    /// file must match one of them; what matches an exclude is left out, a folder with all that is in it.
    pub fn new(include: &[String], exclude: &[String]) -> Result<WalkOptions, ReadError> {
        let include = if include.is_empty() { None } else { Some(globs(include)?) };
        Ok(WalkOptions { include, exclude: globs(exclude)?, ..WalkOptions::default() })
    }

    /// Whether files and folders whose names begin with a dot are wanted too.
    pub fn with_hidden(mut self, hidden: bool) -> WalkOptions {
        self.hidden = hidden;
        self
    }

    /// Leaves a folder out, whatever it is called: that of the index.
    pub fn without(mut self, folder: &Path) -> WalkOptions {
        self.without = std::path::absolute(folder).ok();
        self
    }

    fn wants(&self, below: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| matches(include, below))
    }

    fn shuns(&self, below: &Path) -> bool {
        matches(&self.exclude, below)
    }

    fn is_without(&self, folder: &Path) -> bool {
        self.without.is_some() && std::path::absolute(folder).ok() == self.without
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, ReadError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad =
            |cause: globset::Error| ReadError::content(pattern, 0, format!("not a glob: {}", cause.kind()));
        set.add(Glob::new(pattern.trim_end_matches('/')).map_err(bad)?);
    }
    set.build().map_err(|cause| ReadError::content("", 0, cause.to_string()))
}

fn matches(globs: &GlobSet, below: &Path) -> bool {
    globs.is_match(below) || below.file_name().is_some_and(|name| globs.is_match(name))
}

/// The files at and under `paths`, in the order given and by name inside folders. `-` is stdin.
///
/// What cannot be read comes as an error in its place; a file that is no article by its name comes as one that says so
/// ([`ReadError::is_not_article`]). Links inside a folder are not followed: what they point to is read at its own
/// place or lies outside.
pub fn walk<'w>(
    paths: &'w [PathBuf],
    options: &'w WalkOptions,
) -> impl Iterator<Item = Result<Source, ReadError>> + 'w {
    paths.iter().flat_map(move |path| Walk::from(path, options))
}

/// What [`walk`] of `root` gives at and under `part`, which lies there or is no longer.
pub fn walk_part<'w>(
    root: &'w Path,
    part: &Path,
    options: &'w WalkOptions,
) -> impl Iterator<Item = Result<Source, ReadError>> + 'w {
    if part == root {
        return Walk::from(root, options);
    }
    let mut walk = Walk { root, options, entries: None, ready: VecDeque::new() };
    let between = part.ancestors().skip(1).take_while(|folder| *folder != root);
    let passed = between.into_iter().any(|folder| walk.passes(folder, true));
    if !passed && std::fs::symlink_metadata(part).is_ok() {
        walk.entries = Some(WalkDir::new(part).follow_root_links(false).sort_by_file_name().into_iter());
    }
    walk
}

/// One path's files.
struct Walk<'w> {
    root: &'w Path,
    options: &'w WalkOptions,
    entries: Option<walkdir::IntoIter>,
    ready: VecDeque<Result<Source, ReadError>>,
}

impl<'w> Walk<'w> {
    fn from(root: &'w Path, options: &'w WalkOptions) -> Walk<'w> {
        let mut walk = Walk { root, options, entries: None, ready: VecDeque::new() };
        if root == Path::new("-") {
            walk.ready.push_back(Ok(Source::stdin()));
            return walk;
        }
        let name = shown(root);
        match std::fs::metadata(root) {
            Ok(about) if about.is_dir() => {
                walk.entries =
                    Some(WalkDir::new(root).follow_root_links(true).sort_by_file_name().into_iter());
            }
            Ok(about) => walk.ready.push_back(match oddity(&about.file_type()) {
                Some(what) => Err(ReadError::content(&name, 0, format!("{what}, not a file"))),
                None => Ok(Source::file(root)),
            }),
            Err(cause) => walk.ready.push_back(Err(link_error(root, cause, &name))),
        }
        walk
    }

    /// What becomes of one entry; `None` passes over it in silence.
    fn entry(&mut self, entry: &DirEntry) -> Option<Result<Source, ReadError>> {
        let path = entry.path();
        let below = path.strip_prefix(self.root).unwrap_or(path);
        let is_folder = entry.file_type().is_dir();
        if path != self.root && self.passes(path, is_folder) {
            if is_folder && let Some(entries) = &mut self.entries {
                entries.skip_current_dir();
            }
            return None;
        }
        if is_folder || !self.options.wants(below) {
            return None;
        }
        let name = shown(path);
        if entry.path_is_symlink() {
            return self.link(path, &name).map(Err);
        }
        if let Some(what) = oddity(&entry.file_type()) {
            return Some(Err(ReadError::content(&name, 0, format!("{what}, not a file"))));
        }
        if sniff::is_beside(&name) {
            return Some(Err(ReadError::not_article(&name, "not an article by its name")));
        }
        Some(Ok(Source::file(path)))
    }

    /// Whether an entry is passed over with all that is in it.
    fn passes(&self, path: &Path, is_folder: bool) -> bool {
        let below = path.strip_prefix(self.root).unwrap_or(path);
        !self.options.hidden && path.file_name().is_some_and(is_hidden)
            || self.options.shuns(below)
            || is_folder && (self.options.is_without(path) || belongs_to_page(path))
    }

    /// What to say of a link: nothing where its target is read at its own place.
    fn link(&self, path: &Path, name: &str) -> Option<ReadError> {
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(cause) => return Some(link_error(path, cause, name)),
        };
        let inside = self.root.canonicalize().is_ok_and(|root| target.starts_with(root));
        (!inside).then(|| ReadError::content(name, 0, "a link out of the folder, not followed"))
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Source, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let found = match self.entries.as_mut()?.next()? {
                Ok(entry) => self.entry(&entry),
                Err(cause) => {
                    let name = cause.path().map_or_else(|| shown(self.root), shown);
                    Some(Err(ReadError::io(&name, cause.into())))
                }
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

/// The path as shown and stored: `/` between its parts, a byte that is no UTF-8 as `\xE9`, so that two names stay two.
pub(super) fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02X}"));
        }
    }
    if std::path::MAIN_SEPARATOR == '\\' { shown.replace('\\', "/") } else { shown }
}

/// What a thing is that is neither file nor folder; opening it could wait for ever.
pub(super) fn oddity(kind: &FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a named pipe");
        } else if kind.is_socket() {
            return Some("a socket");
        } else if kind.is_block_device() || kind.is_char_device() {
            return Some("a device");
        }
    }
    (!kind.is_file() && !kind.is_dir() && !kind.is_symlink()).then_some("something else")
}

/// A path that cannot be followed: a link that leads nowhere or to itself is named as such.
fn link_error(path: &Path, cause: std::io::Error, name: &str) -> ReadError {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|about: Metadata| about.is_symlink());
    match cause.kind() {
        std::io::ErrorKind::NotFound if is_link => ReadError::content(name, 0, "a link that leads nowhere"),
        std::io::ErrorKind::PermissionDenied => ReadError::io(name, cause),
        _ if is_link => ReadError::content(name, 0, "a link that leads back to itself"),
        _ => ReadError::io(name, cause),
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether the folder holds the parts of a saved page that stands beside it: `Rain_files` next to `Rain.html`.
fn belongs_to_page(folder: &Path) -> bool {
    let Some(name) = folder.file_name().and_then(OsStr::to_str) else { return false };
    pages_of(name).any(|page| folder.with_file_name(page).is_file())
}

/// The pages whose parts a folder of this name may hold.
pub(super) fn pages_of(folder: &str) -> impl Iterator<Item = String> + '_ {
    const ENDINGS: [&str; 9] = [
        "_files",
        ".files",
        "_file",
        "-Dateien",
        "-filer",
        "_fichiers",
        "_archivos",
        "_arquivos",
        "_bestanden",
    ];
    ENDINGS
        .iter()
        .filter_map(|ending| folder.strip_suffix(ending))
        .flat_map(|page| ["html", "htm", "xhtml", "mhtml"].map(|ending| format!("{page}.{ending}")))
}

#[cfg(test)]
mod tests {
    use super::{ReadError, Source, WalkOptions, walk, walk_part};
    use std::fs;
    use std::path::PathBuf;

    /// What a walk over a fresh folder with these files gives, a line each, below the folder.
    fn check(files: &[&str], include: &[&str], exclude: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "Rain fell.").unwrap();
        }
        assert_eq!(lines(&folder, include, exclude), expected);
    }

    fn lines(folder: &tempfile::TempDir, include: &[&str], exclude: &[&str]) -> Vec<String> {
        let own = |globs: &[&str]| globs.iter().map(|glob| glob.to_string()).collect::<Vec<_>>();
        let options = WalkOptions::new(&own(include), &own(exclude)).unwrap();
        let root = format!("{}/", folder.path().display());
        let paths = [folder.path().to_path_buf()];
        let lines = walk(&paths, &options).map(|found| match found {
            Ok(source) => source.name.replace(&root, ""),
            Err(error) if error.is_not_article() => format!("({})", error.path().replace(&root, "")),
            Err(error) => error.to_string().replace(&root, ""),
        });
        lines.collect()
    }

    #[test]
    fn files_by_name_without_hidden_ones() {
        check(&["b.txt", "a/2.txt", "a/1.txt", ".git/x", ".h"], &[], &[], &["a/1.txt", "a/2.txt", "b.txt"]);
        check(&["a.html", "a.jpg", "s/style.css"], &[], &[], &["a.html", "(a.jpg)", "(s/style.css)"]);
    }

    #[test]
    fn a_part_gives_what_the_whole_gives_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for file in [
            "a/b/1.txt",
            "a/b/2.jpg",
            "a/.h/3.txt",
            "old/4.txt",
            "5.txt",
            "a/Rain.html",
            "a/Rain_files/6.html",
            "index/7.txt",
        ] {
            fs::create_dir_all(at(file).parent().unwrap()).unwrap();
            fs::write(at(file), "Rain fell.").unwrap();
        }
        let options = WalkOptions::new(&[], &["old".to_owned()]).unwrap().without(&at("index"));
        let names = |found: Vec<Result<Source, ReadError>>| -> Vec<String> {
            found.into_iter().map(|found| found.map_or_else(|e| e.path().to_owned(), |s| s.name)).collect()
        };
        let root = [folder.path().to_path_buf()];
        let whole = names(walk(&root, &options).collect());
        assert_eq!(whole.len(), 4, "{whole:?}");
        for part in
            ["", "a", "a/b", "a/b/1.txt", "a/.h/3.txt", "old/4.txt", "a/Rain_files", "index", "gone/8.txt"]
        {
            let part = if part.is_empty() { root[0].clone() } else { at(part) };
            let expected: Vec<_> =
                whole.iter().filter(|n| PathBuf::from(n).starts_with(&part)).cloned().collect();
            assert_eq!(names(walk_part(&root[0], &part, &options).collect()), expected, "{part:?}");
        }
    }

    #[test]
    fn globs_choose() {
        let files = ["a.txt", "a.md", "old/b.txt", "old/c/d.txt"];
        check(&files, &["*.txt"], &[], &["a.txt", "old/b.txt", "old/c/d.txt"]);
        check(&files, &[], &["old"], &["a.md", "a.txt"]);
        check(&files, &["old/**"], &["c/"], &["old/b.txt"]);
        assert_eq!(
            WalkOptions::new(&["a[".to_owned()], &[]).unwrap_err().to_string(),
            "cannot read `a[`: not a glob: unclosed character class; missing ']'"
        );
    }

    #[test]
    fn the_parts_of_a_saved_page_go_with_it() {
        check(&["Rain.html", "Rain_files/frame.html"], &[], &[], &["Rain.html"]);
        check(&["Rain_files/frame.html"], &[], &[], &["Rain_files/frame.html"]);
    }

    #[test]
    fn missing() {
        let options = WalkOptions::default();
        let paths = [PathBuf::from("no/such")];
        let error = walk(&paths, &options).next().unwrap().unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "cannot read `no/such`: no such file or folder");
    }

    #[cfg(unix)]
    #[test]
    fn links_pipes_and_strange_names() {
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x.txt"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("in")).unwrap();
        fs::write(at("in/a.txt"), "a").unwrap();
        symlink(at("in"), at("again")).unwrap();
        symlink(folder.path(), at("in/up")).unwrap();
        symlink(outside.path(), at("out")).unwrap();
        symlink("self", at("self")).unwrap();
        symlink("gone", at("stale")).unwrap();
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "a").unwrap();
        std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        assert_eq!(
            lines(&folder, &[], &[]),
            [
                "caf\\xE9.txt",
                "in/a.txt",
                "cannot read `out`: a link out of the folder, not followed",
                "cannot read `self`: a link that leads back to itself",
                "cannot read `socket`: a socket, not a file",
                "cannot read `stale`: a link that leads nowhere",
            ]
        );
    }
}
