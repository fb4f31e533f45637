//! The ten activities: the manufacturing steps that the program certifies (section 4.1).

use core::{fmt, str::FromStr};

use crate::text::Quoted;

/// A manufacturing step, one of ten (section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activity {
    /// `1`, an integrated circuit, the EMV chip itself.
    IntegratedCircuit,
    /// `2`, a chip with its contacts.
    IntegratedCircuitModule,
    /// `7`, a module made for interactive cards.
    InteractiveModule,
    /// `5`, a fingerprint sensor in its package.
    BioSensorModule,
    /// `6`, an inlay inside a card body.
    Inlay,
    /// `8`, an inlay made for interactive cards.
    InteractiveInlay,
    /// `3`, a card body.
    CardBody,
    /// `4`, a card with its chip.
    IntegratedCircuitCard,
    /// `9`, an interactive card: with a fingerprint sensor or a display.
    InteractiveCard,
    /// `P`, personalization: a card for one cardholder.
    Personalization,
}

impl Activity {
    /// All activities, in the order of the certificate's columns (section 5.5).
    pub const ALL: [Self; 10] = [
        Self::IntegratedCircuit,
        Self::IntegratedCircuitModule,
        Self::InteractiveModule,
        Self::BioSensorModule,
        Self::Inlay,
        Self::InteractiveInlay,
        Self::CardBody,
        Self::IntegratedCircuitCard,
        Self::InteractiveCard,
        Self::Personalization,
    ];

    /// Returns the first character of the activity's labels (section 4.1).
    pub const fn letter(self) -> char {
        match self {
            Self::IntegratedCircuit => '1',
            Self::IntegratedCircuitModule => '2',
            Self::CardBody => '3',
            Self::IntegratedCircuitCard => '4',
            Self::BioSensorModule => '5',
            Self::Inlay => '6',
            Self::InteractiveModule => '7',
            Self::InteractiveInlay => '8',
            Self::InteractiveCard => '9',
            Self::Personalization => 'P',
        }
    }

    /// Returns the activity whose labels begin with a character.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|activity| activity.letter() == letter)
    }

    /// Returns the program's acronym (section 4.1): "iac-ICM".
    pub const fn acronym(self) -> &'static str {
        match self {
            Self::IntegratedCircuit => "IC",
            Self::IntegratedCircuitModule => "ICM",
            Self::CardBody => "CB",
            Self::IntegratedCircuitCard => "ICC",
            Self::BioSensorModule => "BSM",
            Self::Inlay => "IL",
            Self::InteractiveModule => "iac-ICM",
            Self::InteractiveInlay => "iac-IL",
            Self::InteractiveCard => "IAC",
            Self::Personalization => "P",
        }
    }

    /// Returns the heading of the activity's column on the certificate (section 5.5).
    pub const fn heading(self) -> &'static str {
        match self {
            Self::IntegratedCircuit => "Integrated Circuit",
            Self::IntegratedCircuitModule => "Integrated Circuit Module",
            Self::InteractiveModule => "IAC Integrated Circuit Module",
            Self::BioSensorModule => "Bio Sensor Module (fingerprint)",
            Self::Inlay => "Inlay",
            Self::InteractiveInlay => "IAC Inlay",
            Self::CardBody => "Card Body",
            Self::IntegratedCircuitCard => "IC Card",
            Self::InteractiveCard => "Inter Active Card",
            Self::Personalization => "Perso",
        }
    }

    /// Returns what the activity makes, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::IntegratedCircuit => "integrated circuits (EMV chips)",
            Self::IntegratedCircuitModule => "chip modules with contacts",
            Self::CardBody => "card bodies",
            Self::IntegratedCircuitCard => "cards with a chip",
            Self::BioSensorModule => "bio sensor modules (fingerprint)",
            Self::Inlay => "inlays for card bodies",
            Self::InteractiveModule => "chip modules for interactive cards",
            Self::InteractiveInlay => "inlays for interactive cards",
            Self::InteractiveCard => "interactive cards (fingerprint sensor or display)",
            Self::Personalization => "card personalization",
        }
    }

    /// Returns whether a site needs a GVCP certification for this activity. Making plastic cards,
    /// making chip cards and personalization need one (section 1.9.1); components do not.
    pub const fn needs_gvcp(self) -> bool {
        matches!(self, Self::CardBody | Self::IntegratedCircuitCard | Self::InteractiveCard | Self::Personalization)
    }

    /// Returns whether the activity makes interactive cards or parts of them (section 4.1).
    pub const fn is_interactive(self) -> bool {
        matches!(self, Self::BioSensorModule | Self::InteractiveModule | Self::InteractiveInlay | Self::InteractiveCard)
    }
}

/// Writes the acronym.
impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.acronym())
    }
}

/// Reads the acronym.
impl FromStr for Activity {
    type Err = ActivityError;

    fn from_str(text: &str) -> Result<Self, ActivityError> {
        // The certification process writes these two both ways (sections 1.3 and 4.1).
        let acronym = match text {
            "iacICM" => "iac-ICM",
            "iacIL" => "iac-IL",
            other => other,
        };
        Self::ALL
            .into_iter()
            .find(|activity| activity.acronym() == acronym)
            .ok_or_else(|| ActivityError { text: text.into() })
    }
}

crate::text::serde_as_text!(Activity);

/// The text is not the acronym of an activity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an activity: expected IC, ICM, CB, ICC, BSM, IL, iac-ICM, iac-IL, IAC or P", Quoted(text))]
pub struct ActivityError {
    /// The text.
    pub text: String,
}
