//! Entries of the cross-reference (ISO 32000-2, 7.5.4 and 7.5.8).

use crate::syntax::Reference;

/// The place of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// No section mentions the number.
    Absent,
    /// The number is free.
    Free,
    /// The object begins at this byte of the file.
    Offset {
        /// The byte offset of the object number.
        offset: usize,
        /// The generation number.
        generation: u16,
    },
    /// The object is in an object stream.
    Compressed {
        /// The number of the object stream.
        stream: u32,
        /// The position in the object stream, from 0.
        index: usize,
    },
}

impl Entry {
    /// Returns whether a reference means the object of this entry, judged by its generation number.
    pub(in crate::syntax) fn answers(self, reference: Reference) -> bool {
        match self {
            Self::Absent | Self::Free => false,
            Self::Offset { generation, .. } => generation == reference.generation,
            Self::Compressed { .. } => reference.generation == 0,
        }
    }
}
