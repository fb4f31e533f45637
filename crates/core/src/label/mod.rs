//! Labels: identifiers of one certified activity, at one site, of one company (sections 1.3 and
//! 4.3).

mod error;
mod parts;

use core::{fmt, str::FromStr};

use crate::{Activity, CompanyNumber, SiteNumber, SiteReference};

pub use error::LabelError;
pub use parts::{LabelStatus, Packaging, Part, Technology};

/// A label of ten characters, `A CC LL U U P T S` (section 4.3): `39902000DA`.
///
/// ```
/// use cqm_core::{Label, LabelStatus};
///
/// let label: Label = "39902000DA".parse()?;
/// assert_eq!(label.activity().acronym(), "CB");
/// assert_eq!(label.status(), LabelStatus::Approval);
/// assert_eq!(label.identity().to_string(), "39902000D");
/// # Ok::<(), cqm_core::LabelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    activity: Activity,
    company: CompanyNumber,
    site: SiteNumber,
    reserved: [Character; 2],
    packaging: Packaging,
    technology: Technology,
    status: LabelStatus,
}

impl Label {
    /// The number of characters of a label. All of them are ASCII.
    pub const LENGTH: usize = 10;

    /// Reads a label. `reserved` decides about the two positions that are reserved for future use.
    ///
    /// # Errors
    /// Names the first wrong character, and what its position allows.
    pub fn parse(text: &str, reserved: ReservedPositions) -> Result<Self, LabelError> {
        let characters: Vec<char> = text.chars().collect();
        let [a, c1, c2, l1, l2, u1, u2, p, t, s] = *characters.as_slice() else {
            return Err(LabelError::Length { text: text.into(), found: characters.len() });
        };
        let wrong = |position, part| move |found| LabelError::Character { text: text.into(), position, part, found };
        let reserved_position = |character: char, position| match (reserved, Character::new(character)) {
            (_, Some(Character(b'0'))) => Ok(Character(b'0')),
            (ReservedPositions::Tolerate, Some(other)) => Ok(other),
            _ => Err(wrong(position, Part::Reserved)(character)),
        };
        let number = |characters: [(char, usize); 2], part| {
            let [first, second] = characters
                .map(|(character, position)| Character::new(character).ok_or_else(|| wrong(position, part)(character)));
            Ok([first?.0, second?.0])
        };
        Ok(Self {
            activity: Activity::from_letter(a).ok_or_else(|| wrong(1, Part::Activity)(a))?,
            company: CompanyNumber::from_characters(number([(c1, 2), (c2, 3)], Part::Company)?),
            site: SiteNumber::from_characters(number([(l1, 4), (l2, 5)], Part::Site)?),
            reserved: [reserved_position(u1, 6)?, reserved_position(u2, 7)?],
            packaging: Packaging::from_letter(p).ok_or_else(|| wrong(8, Part::Packaging)(p))?,
            technology: Technology::from_letter(t).ok_or_else(|| wrong(9, Part::Technology)(t))?,
            status: LabelStatus::from_letter(s).ok_or_else(|| wrong(10, Part::Status)(s))?,
        })
    }

    /// Returns `A`, the activity.
    pub fn activity(&self) -> Activity {
        self.activity
    }

    /// Returns `CC`, the registration number of the company.
    pub fn company(&self) -> CompanyNumber {
        self.company
    }

    /// Returns `LL`, the number of the site within its company.
    pub fn site(&self) -> SiteNumber {
        self.site
    }

    /// Returns `U U` if it is not `00`. Only [`ReservedPositions::Tolerate`] reads such a label.
    pub fn unexpected_reserved(&self) -> Option<String> {
        let text: String = self.reserved.iter().map(|character| char::from(character.0)).collect();
        (text != "00").then_some(text)
    }

    /// Returns `P`, the chip packaging.
    pub fn packaging(&self) -> Packaging {
        self.packaging
    }

    /// Returns `T`, the interface technology.
    pub fn technology(&self) -> Technology {
        self.technology
    }

    /// Returns `S`, the status that the label had when it was written down.
    pub fn status(&self) -> LabelStatus {
        self.status
    }

    /// Returns the label without its status: its first nine characters.
    pub fn identity(&self) -> LabelIdentity {
        LabelIdentity(Self { status: LabelStatus::Approval, ..*self })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.identity(), self.status.letter())
    }
}

/// Refuses characters other than `0` in the reserved positions.
impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        Self::parse(text, ReservedPositions::Refuse)
    }
}

crate::text::serde_as_text!(Label);

/// The handling of characters other than `0` in the positions `U U`, which are reserved for future
/// use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservedPositions {
    /// Refuses them: the program grants no such label today.
    Refuse,
    /// Keeps them: the label may have been granted under a later release of the program.
    Tolerate,
}

/// The first nine characters of a label. Two labels with the same identity are the same label at
/// two times, with different status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelIdentity(Label);

impl LabelIdentity {
    /// Returns the activity.
    pub fn activity(self) -> Activity {
        self.0.activity
    }

    /// Returns the site that the label was granted to.
    pub fn site(self) -> SiteReference {
        SiteReference { company: self.0.company, number: self.0.site }
    }

    /// Returns the label with a status.
    pub fn with_status(self, status: LabelStatus) -> Label {
        Label { status, ..self.0 }
    }
}

/// Reads the first nine characters of a label.
impl FromStr for LabelIdentity {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let label: Label = format!("{text}{}", LabelStatus::Approval.letter()).parse()?;
        Ok(label.identity())
    }
}

crate::text::serde_as_text!(LabelIdentity);

impl fmt::Display for LabelIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Label { activity, company, site, reserved: [u1, u2], packaging, technology, status: _ } = self.0;
        let (u1, u2) = (char::from(u1.0), char::from(u2.0));
        let (a, p, t) = (activity.letter(), packaging.letter(), technology.letter());
        write!(f, "{a}{company}{site}{u1}{u2}{p}{t}")
    }
}

/// A character of a number: `0-9` or `A-Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Character(pub(crate) u8);

impl Character {
    pub(crate) fn new(character: char) -> Option<Self> {
        let byte = u8::try_from(character).ok()?;
        (byte.is_ascii_digit() || byte.is_ascii_uppercase()).then_some(Self(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read() {
        let label: Label = "P9A0B002DS".parse().unwrap();
        assert_eq!(label.activity(), Activity::Personalization);
        assert_eq!(label.company().to_string(), "9A");
        assert_eq!(label.site().to_string(), "0B");
        assert_eq!(label.packaging(), Packaging::Both);
        assert_eq!(label.technology(), Technology::Dual);
        assert_eq!(label.status(), LabelStatus::Stopped);
        assert_eq!(label.to_string(), "P9A0B002DS");
    }

    #[test]
    fn the_identity_leaves_the_status_out() {
        let identity = |text: &str| text.parse::<Label>().unwrap().identity();
        assert_eq!(identity("39902000DA"), identity("39902000DS"));
        assert_ne!(identity("39902000DA"), identity("39902000CA"));
        assert_eq!(identity("39902000DR").to_string(), "39902000D");
    }

    #[test]
    fn reserved_positions_are_kept_where_they_are_tolerated() {
        let label = Label::parse("39902A10DA", ReservedPositions::Tolerate).unwrap();
        assert_eq!(label.unexpected_reserved().as_deref(), Some("A1"));
        assert_eq!(label.to_string(), "39902A10DA");
        let today = Label::parse("39902000DA", ReservedPositions::Tolerate).unwrap();
        assert_eq!(today.unexpected_reserved(), None);
    }
}
