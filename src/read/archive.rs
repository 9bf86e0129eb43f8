//! Archives: gzip and zstd around one file, zip around many, each member cut as if it lay in a folder.

use super::cut::{BUFFER, Cut, Place, Unpacked};
use super::{ReadError, border, epub, sniff, walk};
use flate2::bufread::MultiGzDecoder;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek};
use zip::ZipArchive;
use zip::result::ZipError;

/// A gzip of one file; several streams in a row are one.
pub(super) fn gzip(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    unpacked(MultiGzDecoder::new(reader), place, cut);
}

/// A zstd of one file.
pub(super) fn zstd(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    match zstd::stream::read::Decoder::with_buffer(reader) {
        Ok(unpacker) => unpacked(unpacker, place, cut),
        Err(cause) => cut.error(ReadError::io(&place.path, cause)),
    }
}

/// Cuts what comes out of an unpacker, under the name without the archive's ending.
fn unpacked(unpacker: impl Read, place: &Place, cut: &mut Cut) {
    let name = match place.name.rsplit_once('.') {
        Some((stem, "gz" | "GZ" | "zst" | "zstd" | "gzip")) => stem,
        _ => &place.name,
    };
    let inside = place.content(name);
    let unpacked = Unpacked { inner: unpacker, meter: cut.meter.clone() };
    cut.stream(&mut BufReader::with_capacity(BUFFER, unpacked), &inside);
}

/// What a zip is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zip {
    Folder,
    /// A book or a magazine.
    Epub,
    /// A crawl with its index.
    Wacz,
    /// A document of an office program.
    Office,
}

/// A zip, read by its directory.
pub(super) fn zip<R: Read + Seek>(file: R, place: &Place, cut: &mut Cut) {
    let damaged = |why: String| ReadError::content(&place.path, 0, format!("a damaged zip: {why}"));
    let opened =
        border::guard(&place.path, || ZipArchive::new(file).map_err(|cause| damaged(cause.to_string())));
    let mut archive = match opened {
        Ok(archive) => archive,
        Err(error) => return cut.error(error),
    };
    let names: HashSet<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let kind = kind(&names);
    cut.about.is(match kind {
        Zip::Epub => "ePub",
        Zip::Wacz => "WACZ",
        Zip::Folder | Zip::Office => "zip",
    });
    match kind {
        Zip::Epub => return epub::chapters(&mut archive, place, cut),
        Zip::Office => {
            return cut.error(ReadError::content(
                &place.path,
                0,
                "an office document, not an article\nhint: save it as PDF or text",
            ));
        }
        Zip::Folder | Zip::Wacz => {}
    }
    for index in 0..archive.len() {
        // What one member said of the bomb, the others need not say again.
        if cut.meter.is_over() {
            return;
        }
        let Some(Ok(name)) = archive.name_for_index(index) else { continue };
        let name = name.into_owned();
        let member = match archive.by_index(index) {
            Ok(member) => member,
            Err(cause) => {
                let why = match cause {
                    ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                        "it is locked with a password".to_owned()
                    }
                    cause => cause.to_string(),
                };
                cut.error(ReadError::content(&place.member(&name).path, 0, why));
                continue;
            }
        };
        let is_wanted = match kind {
            Zip::Wacz => name.starts_with("archive/"),
            _ => !is_hidden(&name) && !belongs_to_page(&name, &names),
        };
        if !member.is_file() || !is_wanted {
            continue;
        }
        let inside = place.member(&name);
        if sniff::is_beside(&name) {
            cut.error(ReadError::not_article(&inside.path, "not an article by its name"));
            continue;
        }
        let unpacked = Unpacked { inner: member, meter: cut.meter.clone() };
        cut.stream(&mut BufReader::with_capacity(BUFFER, unpacked), &inside);
    }
}

fn kind(names: &HashSet<String>) -> Zip {
    if names.contains("META-INF/container.xml") {
        Zip::Epub
    } else if names.contains("datapackage.json") && names.iter().any(|name| name.starts_with("archive/")) {
        Zip::Wacz
    } else if names.contains("[Content_Types].xml") || names.contains("META-INF/manifest.xml") {
        Zip::Office
    } else {
        Zip::Folder
    }
}

/// Whether a part of the member's path is hidden, or is where macOS keeps its own notes.
fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// Whether the member is a part of a saved page that is in the archive too.
fn belongs_to_page(name: &str, names: &HashSet<String>) -> bool {
    name.match_indices('/').any(|(end, _)| walk::pages_of(&name[..end]).any(|page| names.contains(&page)))
}

#[cfg(test)]
mod tests {
    use super::{belongs_to_page, is_hidden};

    #[test]
    fn members_that_are_passed_over() {
        assert!(is_hidden("__MACOSX/a.txt") && is_hidden("a/.DS_Store") && !is_hidden("a/b.txt"));
        let names = ["news/Rain.html".to_owned()].into();
        assert!(belongs_to_page("news/Rain_files/frame.html", &names));
        assert!(!belongs_to_page("Rain_files/frame.html", &names));
    }
}
