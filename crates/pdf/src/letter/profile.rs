//! The one colour space of letters: sRGB, by a profile that is known byte by byte.
//!
//! Contrast is judged as if numbers were sRGB, so a viewer must take them for sRGB too. A profile
//! of another kind could make dark text white, and a broken one leads some viewers to `/Alternate`.

use super::problem::{ProblemKind, Problems};
use super::streams::{Purpose, Streams, stream};
use crate::syntax::{Dictionary, Document, Object, Position, ReadError, Stream};

/// The sRGB profile that the typesetter krilla writes. It is in the public domain (CC0), from
/// <https://github.com/saucecontrol/Compact-ICC-Profiles>.
const SRGB: &[u8] = include_bytes!("srgb.icc");

const OUTPUT_INTENT_KEYS: [&str; 7] =
    ["Type", "S", "DestOutputProfile", "OutputConditionIdentifier", "OutputCondition", "RegistryName", "Info"];

/// Checks that a stream is the sRGB profile and nothing else.
pub(super) fn check(
    document: &Document<'_>,
    profile: &Stream<'_>,
    streams: &mut Streams,
    problems: &mut Problems,
) -> Result<(), ReadError> {
    let (kind, at) = (ProblemKind::OutsideProfile, Position::Object(profile.number));
    streams.admit(profile, Purpose::Profile, problems);
    if profile.dictionary.get(b"N").and_then(Object::as_integer) != Some(3) {
        problems.add(kind, at, "a colour profile whose /N is not 3");
    }
    if let Some(range) = profile.dictionary.get(b"Range") {
        let range = range.as_array().unwrap_or_default().iter().map(Object::as_real);
        if !range.eq([0.0, 1.0, 0.0, 1.0, 0.0, 1.0].map(Some)) {
            problems.add(kind, at, "a colour profile whose /Range is not [0 1 0 1 0 1]");
        }
    }
    if document.decode(profile)?.as_ref() != SRGB {
        problems.add(kind, at, "a colour profile other than the sRGB profile of letters");
    }
    Ok(())
}

/// Checks the output intent, which viewers with colour management apply to all pages.
pub(super) fn check_output(
    document: &Document<'_>,
    catalog: &Dictionary<'_>,
    streams: &mut Streams,
    problems: &mut Problems,
) {
    let (kind, at) = (ProblemKind::OutsideProfile, Position::File);
    if catalog.get(b"OutputIntents").is_none() {
        return;
    }
    let Some(intents) = problems.keep(document.lookup(catalog, b"OutputIntents")) else { return };
    let Some([intent]) = intents.as_array() else {
        problems.add(kind, at, "/OutputIntents of the catalog is not one output intent");
        return;
    };
    let Some(intent) = problems.keep(document.resolve(intent)) else { return };
    let Some(intent) = intent.as_dictionary() else {
        problems.add(kind, at, "an output intent that is not a dictionary");
        return;
    };
    problems.allow_keys(kind, at, "the output intent", intent, &OUTPUT_INTENT_KEYS);
    if let Some(profile) = stream(document, intent, "DestOutputProfile", at, problems) {
        let checked = check(document, &profile, streams, problems);
        problems.keep(checked);
    }
}
