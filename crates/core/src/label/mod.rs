//! Labels: the identifier of one certified activity, at one site, of one company (sections 1.3 and 4.3).

use core::{fmt, str::FromStr};

use crate::{Activity, CompanyNumber, SiteNumber, SiteReference};

/// A label of ten characters, `A CC LL U U P T S` (section 4.3): `39902000DA`.
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
    /// How many characters a label has, all of them ASCII.
    pub const LENGTH: usize = 10;

    /// Reads a label; `reserved` says what to make of the two positions that are kept for future use.
    ///
    /// # Errors
    /// Names the first character that is wrong and what was expected in its place.
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

    /// `A`, the manufacturing step.
    pub fn activity(&self) -> Activity {
        self.activity
    }

    /// `CC`, the registration number of the company.
    pub fn company(&self) -> CompanyNumber {
        self.company
    }

    /// `LL`, the number of the site.
    pub fn site(&self) -> SiteNumber {
        self.site
    }

    /// `U U`, where it is not the `00` of today; only [`ReservedPositions::Tolerate`] lets such a label in.
    pub fn unexpected_reserved(&self) -> Option<String> {
        let text: String = self.reserved.iter().map(|character| char::from(character.0)).collect();
        (text != "00").then_some(text)
    }

    /// `P`, what the card is made with.
    pub fn packaging(&self) -> Packaging {
        self.packaging
    }

    /// `T`, the interface of the card.
    pub fn technology(&self) -> Technology {
        self.technology
    }

    /// `S`, the state that the label was in when it was written.
    pub fn status(&self) -> LabelStatus {
        self.status
    }

    /// What the label is, whatever its state: its first nine characters.
    pub fn identity(&self) -> LabelIdentity {
        LabelIdentity(Self { status: LabelStatus::Approval, ..*self })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.identity(), self.status.letter())
    }
}

/// Refuses other characters than `0` in the reserved positions.
impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        Self::parse(text, ReservedPositions::Refuse)
    }
}

crate::text::serde_as_text!(Label);

/// What to make of other characters than `0` in the positions `U U`, which are reserved for future use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservedPositions {
    /// They are an error: nobody grants such a label today.
    Refuse,
    /// They are kept: a label of a later release of the program.
    Tolerate,
}

/// The first nine characters of a label. Two labels that differ only in their status are one label in two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelIdentity(Label);

impl LabelIdentity {
    /// The manufacturing step.
    pub fn activity(self) -> Activity {
        self.0.activity
    }

    /// The site that holds the label.
    pub fn site(self) -> SiteReference {
        SiteReference { company: self.0.company, number: self.0.site }
    }

    /// The label in one of its states.
    pub fn with_status(self, status: LabelStatus) -> Label {
        Label { status, ..self.0 }
    }
}

/// Nine characters, as a label begins.
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

/// `P`, the chip packaging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Packaging {
    /// `0`, with a module (legacy).
    WithModule,
    /// `1`, without a module.
    WithoutModule,
    /// `2`, both.
    Both,
}

impl Packaging {
    /// The character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::WithModule => '0',
            Self::WithoutModule => '1',
            Self::Both => '2',
        }
    }

    /// What the character says.
    pub const fn description(self) -> &'static str {
        match self {
            Self::WithModule => "with module (legacy)",
            Self::WithoutModule => "without module",
            Self::Both => "with and without module",
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        [Self::WithModule, Self::WithoutModule, Self::Both].into_iter().find(|packaging| packaging.letter() == letter)
    }
}

/// `T`, the interface technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Technology {
    /// `D`, contact and contactless; valid for contact-only cards too.
    Dual,
    /// `C`, contact-only; not granted since April 2023.
    ContactOnly,
}

impl Technology {
    /// The character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::Dual => 'D',
            Self::ContactOnly => 'C',
        }
    }

    /// What the character says.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Dual => "dual interface (contact and contactless, valid for contact-only too)",
            Self::ContactOnly => "contact-only (not granted since April 2023)",
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        [Self::Dual, Self::ContactOnly].into_iter().find(|technology| technology.letter() == letter)
    }
}

/// `S`, the state of a label (section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelStatus {
    /// `R`, the interim label before the audit, six months at most.
    Recognition,
    /// `A`, the label after a passed audit.
    Approval,
    /// `S`, a label that no longer holds.
    Stopped,
}

impl LabelStatus {
    /// The character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::Recognition => 'R',
            Self::Approval => 'A',
            Self::Stopped => 'S',
        }
    }

    /// What the character says.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Recognition => "recognition (interim, before the audit, six months at most)",
            Self::Approval => "approval (after a passed audit)",
            Self::Stopped => "stopped",
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        [Self::Recognition, Self::Approval, Self::Stopped].into_iter().find(|status| status.letter() == letter)
    }
}

/// A part of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `A`.
    Activity,
    /// `CC`.
    Company,
    /// `LL`.
    Site,
    /// `U U`.
    Reserved,
    /// `P`.
    Packaging,
    /// `T`.
    Technology,
    /// `S`.
    Status,
}

impl Part {
    /// The name of the part.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Company => "company number",
            Self::Site => "site number",
            Self::Reserved => "reserved position",
            Self::Packaging => "packaging",
            Self::Technology => "technology",
            Self::Status => "status",
        }
    }

    /// The characters that the part allows.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Activity => "1 to 9 or P",
            Self::Company | Self::Site => "0 to 9 or A to Z",
            Self::Reserved => "0",
            Self::Packaging => "0, 1 or 2",
            Self::Technology => "D or C",
            Self::Status => "R, A or S",
        }
    }

    fn allows(self, character: char) -> bool {
        match self {
            Self::Activity => Activity::from_letter(character).is_some(),
            Self::Company | Self::Site => Character::new(character).is_some(),
            Self::Reserved => character == '0',
            Self::Packaging => Packaging::from_letter(character).is_some(),
            Self::Technology => Technology::from_letter(character).is_some(),
            Self::Status => LabelStatus::from_letter(character).is_some(),
        }
    }
}

/// Why a text is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Another number of characters than ten.
    #[error("`{text}` has {found} character{}, a label has ten{}", if *found == 1 { "" } else { "s" }, nine(*found))]
    Length {
        /// What was given.
        text: String,
        /// How many characters that is.
        found: usize,
    },
    /// A character that its position does not allow.
    #[error(
        "character {position} of `{text}`, the {}, is `{found}`: expected {}{}",
        part.name(), part.expected(), look_alike(*part, *found)
    )]
    Character {
        /// What was given.
        text: String,
        /// The position, counted from 1.
        position: usize,
        /// The part of the label that stands there.
        part: Part,
        /// The character that stands there.
        found: char,
    },
}

fn nine(found: usize) -> &'static str {
    match found {
        9 => ": write both reserved positions, as in 39902000DA",
        _ => ", as in 39902000DA",
    }
}

/// What the writer may have meant by a character that does not fit.
fn look_alike(part: Part, found: char) -> String {
    let meant = match found {
        'O' | 'o' | 'Q' | 'Ο' | 'ο' | 'О' | 'о' => '0',
        'I' | 'i' | 'l' | 'L' | '|' | 'Ι' | 'І' => '1',
        'Z' | 'z' => '2',
        'А' | 'Α' => 'A',
        'С' | 'Ϲ' => 'C',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        // Full-width forms.
        '\u{ff01}'..='\u{ff5e}' => u32::from(found).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(found),
        other => other,
    };
    let (meant, why) = if part.allows(found.to_ascii_uppercase()) {
        (found.to_ascii_uppercase(), "labels have no small letters")
    } else {
        (meant, "it looks alike")
    };
    if meant != found && part.allows(meant) {
        let kind = if meant.is_ascii_digit() { "digit" } else { "letter" };
        format!("; perhaps the {kind} {meant} was meant ({why})")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Label>().unwrap_err().to_string()
    }

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
    fn nine_characters_are_told_about_both_reserved_positions() {
        assert_eq!(
            error("3990200DA"),
            "`3990200DA` has 9 characters, a label has ten: write both reserved positions, as in 39902000DA"
        );
        assert!(error("").contains("0 characters"));
        assert!(error("39902000DAA").contains("11 characters"));
    }

    #[test]
    fn a_wrong_character_is_named_with_what_was_expected() {
        for (text, message) in [
            ("39902100DA", "character 6 of `39902100DA`, the reserved position, is `1`: expected 0"),
            ("09902000DA", "character 1 of `09902000DA`, the activity, is `0`: expected 1 to 9 or P"),
            ("39902003DA", "character 8 of `39902003DA`, the packaging, is `3`: expected 0, 1 or 2"),
            ("39902000XA", "character 9 of `39902000XA`, the technology, is `X`: expected D or C"),
            ("39902000DX", "character 10 of `39902000DX`, the status, is `X`: expected R, A or S"),
        ] {
            assert_eq!(error(text), message);
        }
    }

    #[test]
    fn small_letters_and_look_alikes_are_recognised() {
        assert!(error("39902000dA").ends_with("perhaps the letter D was meant (labels have no small letters)"));
        assert!(error("p9902000DA").ends_with("perhaps the letter P was meant (labels have no small letters)"));
        assert!(error("39902O00DA").ends_with("perhaps the digit 0 was meant (it looks alike)"));
        assert!(error("I9902000DA").ends_with("perhaps the digit 1 was meant (it looks alike)"));
        assert!(error("39902000DА").ends_with("perhaps the letter A was meant (it looks alike)"), "Cyrillic");
        assert!(error("3990２000DA").ends_with("perhaps the digit 2 was meant (it looks alike)"), "full width");
        assert!("39902000DA".parse::<Label>().is_ok());
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
