//! The parts of a letter. Each draws on the canvas, and none uses another:
//! the composer puts them together.

pub(crate) mod closing;
pub(crate) mod legend;
pub(crate) mod opening;
pub(crate) mod preview;
pub(crate) mod running;
pub(crate) mod table;
pub(crate) mod verification;
