//! A file together with what its reading may cost.

use std::cell::{RefCell, RefMut};
use std::fmt;

use miniz_oxide::inflate::core::DecompressorOxide;

use super::budget::Budget;
use super::limits::Limits;

/// A file to read, the limits for it, and what is left of them.
pub(crate) struct Source<'a> {
    bytes: &'a [u8],
    limits: Limits,
    budget: Budget,
    /// One decompressor serves all streams, one after the other: it is large, and costly to create.
    inflater: Box<RefCell<DecompressorOxide>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        Self { bytes, limits: *limits, budget: Budget::new(limits), inflater: Box::default() }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The decompressor, reset for a new stream.
    pub(super) fn inflater(&self) -> RefMut<'_, DecompressorOxide> {
        let mut inflater = self.inflater.borrow_mut();
        inflater.init();
        inflater
    }
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, limits, budget, inflater: _ } = self;
        f.debug_struct("Source")
            .field("bytes", bytes)
            .field("limits", limits)
            .field("budget", budget)
            .finish_non_exhaustive()
    }
}
