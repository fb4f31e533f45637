use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// The changes that make one file out of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch(Vec<Change>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    at: usize,
    cut: usize,
    put: Vec<u8>,
}

/// Bytes that must be the same elsewhere in the file for them to count as moved.
const MOVED: usize = 24;

/// Bytes that must be the same in place for a change to end.
const UNCHANGED: usize = 8;

impl Patch {
    /// Some short list of changes between two files; the same for the same files.
    pub fn between(old: &[u8], new: &[u8]) -> Self {
        let prefix = common(old, new);
        let (old_end, new_end) = {
            let suffix = old[prefix..].iter().rev().zip(new[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
            (old.len() - suffix, new.len() - suffix)
        };
        let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for at in prefix..old_end.saturating_sub(MOVED) {
            places.entry(&old[at..at + MOVED]).or_default().push(at);
        }
        let mut changes = Vec::new();
        let (mut at, mut put_from, mut next) = (prefix, prefix, prefix);
        while next < new_end {
            let same_place = at + (next - put_from);
            let resumes = |place: usize, least: usize| {
                place <= old_end && common(&old[place..old_end], &new[next..new_end]) >= least
            };
            let place = if resumes(same_place, UNCHANGED) {
                Some(same_place)
            } else {
                let moved = new.get(next..next + MOVED).and_then(|window| places.get(window));
                moved.and_then(|places| places.iter().copied().find(|&place| place >= at))
            };
            let Some(place) = place else {
                next += 1;
                continue;
            };
            changes.push(Change { at, cut: place - at, put: new[put_from..next].to_vec() });
            let length = common(&old[place..old_end], &new[next..new_end]);
            (at, next) = (place + length, next + length);
            put_from = next;
        }
        changes.push(Change { at, cut: old_end - at, put: new[put_from..new_end].to_vec() });
        changes.retain(|change| change.cut != 0 || !change.put.is_empty());
        let patch = Self(changes);
        assert_eq!(patch.apply(old), new, "the changes make the new file");
        patch
    }

    /// The file that the changes make out of another.
    ///
    /// # Panics
    ///
    /// If a change is not inside the file, or before the one before it.
    pub fn apply(&self, old: &[u8]) -> Vec<u8> {
        let mut new = Vec::new();
        let mut end = 0;
        for Change { at, cut, put } in &self.0 {
            new.extend_from_slice(&old[end..*at]);
            new.extend_from_slice(put);
            end = at + cut;
        }
        new.extend_from_slice(&old[end..]);
        new
    }
}

impl fmt::Display for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|Change { at, cut, put }| writeln!(f, "at {at} cut {cut} put \"{}\"", put.escape_ascii()))
    }
}

impl FromStr for Patch {
    /// The line that is no change.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.lines().map(|line| change(line).ok_or_else(|| line.to_owned())).collect::<Result<_, _>>().map(Self)
    }
}

fn change(line: &str) -> Option<Change> {
    let (at, rest) = line.strip_prefix("at ")?.split_once(" cut ")?;
    let (cut, put) = rest.split_once(" put ")?;
    let put = unescape(put.strip_prefix('"')?.strip_suffix('"')?)?;
    Some(Change { at: at.parse().ok()?, cut: cut.parse().ok()?, put })
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match (first, tail) {
            (b'\\', [b'n', tail @ ..]) => (b'\n', tail),
            (b'\\', [b'r', tail @ ..]) => (b'\r', tail),
            (b'\\', [b't', tail @ ..]) => (b'\t', tail),
            (b'\\', [quoted @ (b'\\' | b'"' | b'\''), tail @ ..]) => (*quoted, tail),
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digits = [*high, *low];
                (u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?, tail)
            }
            (b'\\', _) => return None,
            (byte, tail) => (*byte, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    Some(bytes)
}

fn common(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}
