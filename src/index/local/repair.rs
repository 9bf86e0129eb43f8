//! What is broken in a local index, and taking just that out, so that its articles are read again from their files.

use super::ask::LocalReader;
use super::ledger;
use super::write::{LocalIndex, Payload, cannot_open, cannot_write, data_dir};
use crate::article::Article;
use crate::index::{IndexError, Mended};
use crate::ledger::{self as records, ArticleRecord, Ledger};
use crate::query::Query;
use crate::story::Fingerprint;
use index_schema::{Field, VERSION};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::SegmentReader;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK};
use tantivy::index::SegmentMeta;

/// tantivy's list of the files that are its own.
const MANAGED: &str = ".managed.json";

const META: &str = "meta.json";

/// The endings of the files that every segment has.
const PARTS: [&str; 6] = ["fast", "fieldnorm", "idx", "pos", "store", "term"];

/// What is broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Damage {
    /// The files by name.
    files: BTreeSet<String>,
    /// The ids of segments with such files, as 32 digits.
    segments: BTreeSet<String>,
    /// Whether nothing of the index can be opened.
    meta: bool,
    ledger: bool,
}

impl LocalIndex {
    /// The names of the broken files of the index in `dir`: none in a sound one. Errors: none there, of another version.
    pub fn damaged(dir: &Path) -> Result<Vec<String>, IndexError> {
        Ok(damage(dir)?.files.into_iter().collect())
    }

    /// Takes what is broken out of the index in `dir`. Its ledger then says which files are to be read again: those of
    /// the articles it no longer holds.
    pub fn mend(dir: &Path) -> Result<Mended, IndexError> {
        let mut damage = damage(dir)?;
        if damage.files.contains(MANAGED) {
            manage(&data_dir(dir)).map_err(|cause| cannot_write(dir, cause))?;
            // what it hid
            damage = self::damage(dir)?;
        }
        if damage.meta {
            return anew(dir);
        }
        if !damage.segments.is_empty() {
            let locked = LocalIndex::open(dir)?.index.directory().acquire_lock(&INDEX_WRITER_LOCK);
            let _locked = locked.map_err(|_| IndexError::locked(dir))?;
            drop_segments(&data_dir(dir), &damage.segments).map_err(|cause| cannot_write(dir, cause))?;
        }
        let index = LocalIndex::open(dir)?;
        let mut ledger = match index.saved()? {
            Some(saved) => ledger::sound(dir, &saved),
            None => Ledger::default(),
        };
        let reader = index.reader()?;
        let held: HashSet<String> = reader.ids(&Query::kind("article"))?.into_iter().collect();
        let lost = forget(&mut ledger, &held);
        if damage.ledger {
            let known: HashSet<&String> =
                ledger.files.values().flat_map(|file| &file.articles).map(|article| &article.id).collect();
            let mut unknown: Vec<&String> = held.iter().filter(|id| !known.contains(id)).collect();
            unknown.sort();
            let records = unknown.into_iter().map(|id| place_again(&reader, id));
            let records: Vec<(String, ArticleRecord)> =
                records.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            let places = Places::of(&ledger);
            for (place, record) in records {
                let (name, path) = places.file(&place);
                let file = ledger.files.entry(records::key(&path)).or_default();
                let file = Arc::make_mut(file);
                (file.name, file.whole) = (name, false);
                file.articles.push(record);
            }
        }
        drop(reader);
        let again = ledger.files.iter().filter(|(path, file)| !file.whole && records::path(path).exists());
        let again = again.map(|(path, file)| (path.clone(), file.name.clone())).collect();
        keep(&index, &ledger)?;
        Ok(Mended { again, lost })
    }
}

fn damage(dir: &Path) -> Result<Damage, IndexError> {
    let data = data_dir(dir);
    let mut damage = Damage::default();
    if !data.join(META).is_file() {
        if ledger::newest(dir).is_none() {
            return Err(IndexError::missing(dir.display()));
        }
        damage.meta = true;
        damage.files.insert(META.to_owned());
        return Ok(damage);
    }
    // where there is none, tantivy goes on as if it had no files yet
    let managed: BTreeSet<String> = match fs::read(data.join(MANAGED)) {
        Err(_) => BTreeSet::new(),
        Ok(json) => match serde_json::from_slice(&json) {
            Ok(managed) => managed,
            Err(_) => {
                damage.files.insert(MANAGED.to_owned());
                return Ok(damage);
            }
        },
    };
    let index = match LocalIndex::open(dir) {
        Ok(index) => index,
        Err(error) if version(&data).is_some_and(|found| found != VERSION) => return Err(error),
        Err(_) => {
            damage.meta = true;
            damage.files.insert(META.to_owned());
            return Ok(damage);
        }
    };
    let metas = index.index.load_metas().map_err(|cause| cannot_open(dir, cause))?;
    let files = names(&data).map_err(|cause| cannot_open(dir, cause))?;
    for segment in &metas.segments {
        let id = segment.id().uuid_string();
        let own: Vec<&String> = files.iter().filter(|file| belongs(file, segment)).collect();
        let missing = PARTS.iter().map(|part| format!("{id}.{part}")).filter(|part| !files.contains(part));
        let missing: Vec<String> = missing.collect();
        let broken: Vec<&&String> = own.iter().filter(|file| !is_whole(&index, &data, file)).collect();
        if !broken.is_empty() || !missing.is_empty() {
            damage.files.extend(broken.into_iter().map(|file| (*file).clone()).chain(missing));
            damage.segments.insert(id);
        } else if !agrees(&index, segment) {
            damage.files.insert(format!("{id}.*"));
            damage.segments.insert(id);
        }
        if own.iter().any(|file| !managed.contains(*file)) {
            damage.files.insert(MANAGED.to_owned());
        }
    }
    if let Some(saved) = index.saved()?
        && ledger::load(dir, &saved).is_err()
    {
        damage.files.insert(saved.name);
        damage.ledger = true;
    }
    Ok(damage)
}

fn names(data: &Path) -> io::Result<BTreeSet<String>> {
    let entries = fs::read_dir(data)?.flatten();
    Ok(entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// Whether a file is one of a segment as it is now; marks of what was deleted have a file for each time.
fn belongs(file: &str, segment: &SegmentMeta) -> bool {
    let Some(rest) = file.strip_prefix(&segment.id().uuid_string()) else { return false };
    let deletes = segment.delete_opstamp().map(|opstamp| format!(".{opstamp}.del"));
    !rest.ends_with(".del") || Some(rest) == deletes.as_deref()
}

fn is_whole(index: &LocalIndex, data: &Path, file: &str) -> bool {
    // tantivy looks for its mark at the end before it asks how long the file is
    const MARK: u64 = 8;
    fs::metadata(data.join(file)).is_ok_and(|about| about.len() > MARK)
        && index.index.directory().validate_checksum(Path::new(file)).unwrap_or(false)
}

/// Whether a segment of sound files opens, and holds as many documents as the list of segments says.
fn agrees(index: &LocalIndex, segment: &SegmentMeta) -> bool {
    let Ok(reader) = SegmentReader::open(&index.index.segment(segment.clone())) else { return false };
    let alive = reader.alive_bitset().map_or(segment.max_doc(), |alive| alive.num_alive_docs() as u32);
    let kinds = reader.fast_fields().str(Field::Kind.spec().name).ok().flatten();
    kinds.is_some_and(|kinds| kinds.ords().num_docs() == segment.max_doc()) && alive == segment.num_docs()
}

/// The version that the last commit names, if that can be read.
fn version(data: &Path) -> Option<u32> {
    let meta: serde_json::Value = serde_json::from_slice(&fs::read(data.join(META)).ok()?).ok()?;
    let payload: Payload = serde_json::from_str(meta["payload"].as_str()?).ok()?;
    Some(payload.version)
}

/// Lists tantivy's files anew.
fn manage(data: &Path) -> io::Result<()> {
    let mut names = names(data)?;
    names.retain(|name| !name.starts_with('.'));
    replace(&data.join(MANAGED), &serde_json::to_vec(&names)?)
}

/// Takes segments off the list; their files go with the next commit.
fn drop_segments(data: &Path, broken: &BTreeSet<String>) -> io::Result<()> {
    let path = data.join(META);
    let mut meta: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
    if let Some(segments) = meta["segments"].as_array_mut() {
        segments.retain(|segment| {
            let id = segment["segment_id"].as_str().unwrap_or_default().replace('-', "");
            !broken.contains(&id)
        });
    }
    replace(&path, &serde_json::to_vec(&meta)?)
}

/// Writes a file whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("mended");
    fs::write(&beside, bytes)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, path)
}

/// An empty index in place of one that does not open, with the files of its ledger to be read.
fn anew(dir: &Path) -> Result<Mended, IndexError> {
    let Some(ledger) = ledger::newest(dir) else {
        let why = "neither its list of segments nor its ledger can be read";
        return Err(IndexError::new(format!("cannot mend the index in `{}`", dir.display()), why)
            .with_hint("`onrecord index --fresh PATH...` builds it anew from the files"));
    };
    let mut ledger = ledger::sound_pages(&ledger, u64::MAX);
    LocalIndex::remove(dir)?;
    let index = LocalIndex::open_or_create(dir)?;
    let lost = forget(&mut ledger, &HashSet::new());
    let again = ledger.files.iter().map(|(path, file)| (path.clone(), file.name.clone())).collect();
    keep(&index, &ledger)?;
    Ok(Mended { again, lost })
}

/// Commits a ledger whole, to what the index holds.
fn keep(index: &LocalIndex, ledger: &Ledger) -> Result<(), IndexError> {
    let mut writer = index.writer_of_new_ledger()?;
    writer.commit(ledger, &ledger.files.keys().cloned().collect())?;
    writer.close()
}

/// Has every article that the index does not hold read again; where its file is gone it is lost: the file's name and
/// how many.
fn forget(ledger: &mut Ledger, held: &HashSet<String>) -> Vec<(String, usize)> {
    let mut lost = Vec::new();
    let mut empty = Vec::new();
    for (path, file) in &mut ledger.files {
        let ids: BTreeSet<String> =
            file.articles.iter().filter(|a| !held.contains(&a.id)).map(|a| a.id.clone()).collect();
        if ids.is_empty() {
            continue;
        }
        let file = Arc::make_mut(file);
        if records::path(path).exists() {
            file.forget(&ids);
            continue;
        }
        lost.push((file.name.clone(), ids.len()));
        file.articles.retain(|article| held.contains(&article.id));
        if file.articles.is_empty() {
            empty.push(path.clone());
        }
    }
    for path in empty {
        ledger.files.remove(&path);
    }
    lost
}

/// The records of an article that no ledger names, at each of its places.
fn place_again(reader: &LocalReader, id: &str) -> Result<Vec<(String, ArticleRecord)>, IndexError> {
    let Some(document) = reader.by_id(id)? else { return Ok(Vec::new()) };
    let first = |field: Field| document.first(field).unwrap_or_default().to_owned();
    let article = Article {
        title: first(Field::Title),
        published: document.first_day(Field::Date),
        text: first(Field::Text),
        ..Article::default()
    };
    let record = |place: &str| ArticleRecord {
        id: id.to_owned(),
        hash: 0,
        identity: article.identity(),
        place: place.to_owned(),
        published: article.published,
        fingerprint: Fingerprint::of(&article.text),
        story: document.first(Field::Story).map(str::to_owned),
    };
    Ok(document.all(Field::Path).map(|place| (place.to_owned(), record(place))).collect())
}

/// Where files may lie that are known by the names users gave them: here, and where those of the ledger lie.
struct Places {
    folders: Vec<PathBuf>,
}

impl Places {
    fn of(ledger: &Ledger) -> Places {
        let mut folders = vec![PathBuf::new()];
        let found = ledger.files.iter().filter_map(|(path, file)| path.strip_suffix(&file.name));
        let found: BTreeSet<&str> = found.filter(|folder| !folder.is_empty()).collect();
        folders.extend(found.into_iter().map(PathBuf::from));
        Places { folders }
    }

    /// The name and the path of the file an article stands in, by its place: `path#member:line`.
    fn file(&self, place: &str) -> (String, PathBuf) {
        let without_line = place
            .rsplit_once(':')
            .filter(|(_, line)| !line.is_empty() && line.bytes().all(|digit| digit.is_ascii_digit()))
            .map_or(place, |(path, _)| path);
        let members = without_line.match_indices('#').map(|(end, _)| &without_line[..end]);
        let names: Vec<&str> = members.chain([without_line, place]).collect();
        for name in &names {
            for folder in &self.folders {
                let path = folder.join(name);
                if path.is_file() {
                    let path = std::path::absolute(&path).unwrap_or(path);
                    return ((*name).to_owned(), path);
                }
            }
        }
        let name = names[0].to_owned();
        let path = std::path::absolute(&name).unwrap_or_else(|_| PathBuf::from(&name));
        (name, path)
    }
}
