//! The parts of the letter.

pub(crate) mod guide;
pub(crate) mod table;
