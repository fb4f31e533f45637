//! The parts of a label, and the characters that each part allows.

use super::Character;
use crate::Activity;

/// `P`, how the chip is packaged.
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
    /// Returns the character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::WithModule => '0',
            Self::WithoutModule => '1',
            Self::Both => '2',
        }
    }

    /// Returns the meaning of the character.
    pub const fn description(self) -> &'static str {
        match self {
            Self::WithModule => "with module (legacy)",
            Self::WithoutModule => "without module",
            Self::Both => "with and without module",
        }
    }

    pub(super) fn from_letter(letter: char) -> Option<Self> {
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
    /// Returns the character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::Dual => 'D',
            Self::ContactOnly => 'C',
        }
    }

    /// Returns the meaning of the character.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Dual => "dual interface (contact and contactless, valid for contact-only too)",
            Self::ContactOnly => "contact-only (not granted since April 2023)",
        }
    }

    pub(super) fn from_letter(letter: char) -> Option<Self> {
        [Self::Dual, Self::ContactOnly].into_iter().find(|technology| technology.letter() == letter)
    }
}

/// `S`, the status of a label (section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelStatus {
    /// `R`, an interim label before the audit, for six months at most.
    Recognition,
    /// `A`, a label after a passed audit.
    Approval,
    /// `S`, a label that is no longer valid.
    Stopped,
}

impl LabelStatus {
    /// Returns the character in a label.
    pub const fn letter(self) -> char {
        match self {
            Self::Recognition => 'R',
            Self::Approval => 'A',
            Self::Stopped => 'S',
        }
    }

    /// Returns the meaning of the character.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Recognition => "recognition (interim, before the audit, six months at most)",
            Self::Approval => "approval (after a passed audit)",
            Self::Stopped => "stopped",
        }
    }

    pub(super) fn from_letter(letter: char) -> Option<Self> {
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
    /// Returns the name of the part.
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

    /// Returns the characters that the part allows.
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

    pub(super) fn allows(self, character: char) -> bool {
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
