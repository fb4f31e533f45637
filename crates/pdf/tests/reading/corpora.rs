//! Third-party files: none may panic or take long, and objects read the same as with lopdf.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cqm_pdf::Limits;
use cqm_pdf::any::{AnyPdf, Coverage};
use cqm_pdf::letter::inspect;
use cqm_pdf::syntax::{Document, Entry, Object, Reference};

/// The PDF files of pyHanko's tests, or `None` if the corpora are not available.
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
fn files() -> Option<Vec<PathBuf>> {
    let Some(corpora) = std::env::var_os("CQM_CORPORA") else {
        println!("skipped: no corpora");
        return None;
    };
    let mut files = Vec::new();
    let mut folders = vec![Path::new(&corpora).join("pyhanko")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 100, "{} files", files.len());
    Some(files)
}

#[test]
fn no_foreign_file_panics_takes_long_or_passes_for_a_letter() {
    let Some(files) = files() else { return };
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let start = Instant::now();
        let inspection = inspect(&bytes, &Limits::default());
        assert!(start.elapsed() < Duration::from_secs(2), "{}: {:?}", path.display(), start.elapsed());
        assert!(!inspection.problems.is_empty(), "{}", path.display());
    }
}

#[test]
fn signatures_of_foreign_files_are_found_with_what_they_cover() {
    let Some(files) = files() else { return };
    let covers = |name: &str| {
        let bytes = std::fs::read(files.iter().find(|path| path.ends_with(name)).unwrap()).unwrap();
        let signatures = AnyPdf::open(&bytes, &Limits::default()).unwrap().signatures().unwrap();
        let whole = signatures.iter().map(|signature| matches!(signature.coverage, Coverage::WholeFile { .. }));
        whole.collect::<Vec<_>>()
    };
    assert_eq!(covers("minimal-two-fields-signed-twice.pdf"), [true, false]);
    assert_eq!(covers("sig-with-ski-sid.pdf"), [true]);
    for name in ["base", "one-byterange", "signature-gap-too-big", "tail-uncovered", "weird-byterange"] {
        assert_eq!(covers(&format!("coverage-anomalies/{name}.pdf")), [false], "{name}");
    }
}

#[test]
fn every_object_reads_as_lopdf_reads_it() {
    let Some(files) = files() else { return };
    let mut objects = 0;
    let mut documents = 0;
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let (Ok(ours), Ok(theirs)) = (Document::open(&bytes, &Limits::default()), lopdf::Document::load_mem(&bytes))
        else {
            continue;
        };
        documents += 1;
        for (number, entry) in (0_u32..).zip(ours.entries()) {
            let generation = match *entry {
                Entry::Offset { generation, .. } => generation,
                Entry::Compressed { .. } => 0,
                Entry::Absent | Entry::Free => continue,
            };
            let (Ok(our), Ok(their)) =
                (ours.object(Reference { number, generation }), theirs.get_object((number, generation)))
            else {
                continue;
            };
            assert!(same(&ours, &our, their), "{}: object {number}\n{our:?}\n{their:?}", path.display());
            objects += 1;
        }
    }
    assert!(documents > 60 && objects > 900, "only {objects} objects of {documents} files were compared");
}

fn same(document: &Document<'_>, ours: &Object<'_>, theirs: &lopdf::Object) -> bool {
    let dictionaries = |ours: &cqm_pdf::syntax::Dictionary<'_>, theirs: &lopdf::Dictionary| {
        ours.iter().count() == theirs.len()
            && ours
                .iter()
                .all(|(key, value)| theirs.get(key).is_ok_and(|their| same(document, value, their) || key == b"Length"))
    };
    match (ours, theirs) {
        (Object::Null, lopdf::Object::Null) => true,
        (Object::Boolean(ours), lopdf::Object::Boolean(theirs)) => ours == theirs,
        (Object::Integer(ours), lopdf::Object::Integer(theirs)) => ours == theirs,
        (Object::Real(ours), lopdf::Object::Real(theirs)) => (ours - f64::from(*theirs)).abs() <= 1e-6 * ours.abs(),
        (Object::String(ours), lopdf::Object::String(theirs, _)) => ours.bytes().as_ref() == theirs.as_slice(),
        (Object::Name(ours), lopdf::Object::Name(theirs)) => ours.as_ref() == theirs.as_slice(),
        (Object::Array(ours), lopdf::Object::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(document, ours, theirs))
        }
        (Object::Reference(ours), lopdf::Object::Reference(theirs)) => (ours.number, ours.generation) == *theirs,
        (Object::Dictionary(ours), lopdf::Object::Dictionary(theirs)) => dictionaries(ours, theirs),
        (Object::Stream(ours), lopdf::Object::Stream(theirs)) => {
            // lopdf replaces a reference in `/Length` by the length, so only the data is compared.
            let decoded = match (document.decode(ours), theirs.decompressed_content()) {
                (Ok(ours), Ok(theirs)) => ours.as_ref() == theirs.as_slice(),
                // Data that only one of them decodes is compared undecoded.
                _ => ours.raw == theirs.content.as_slice(),
            };
            decoded && dictionaries(&ours.dictionary, &theirs.dict)
        }
        _ => false,
    }
}
