//! The unspent part of the limits that hold for a whole file.

use std::cell::Cell;

use super::limits::{Limit, Limits};
use super::{Position, ReadError, ReadErrorKind};

/// Bytes charged as one value, so that long strings, white space and comments are not free.
const BYTES_PER_VALUE: usize = 64;

/// The unspent part of [`Limits::values`], [`Limits::inflated`] and [`Limits::operators`].
#[derive(Debug)]
pub(crate) struct Budget {
    values: Cell<usize>,
    inflated: Cell<usize>,
    operators: Cell<usize>,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            values: Cell::new(limits.values),
            inflated: Cell::new(limits.inflated),
            operators: Cell::new(limits.operators),
        }
    }

    /// Values that may still be read.
    pub(crate) fn values_left(&self) -> usize {
        self.values.get()
    }

    /// Bytes that may still be decompressed.
    pub(crate) fn inflated_left(&self) -> usize {
        self.inflated.get()
    }

    pub(crate) fn spend_values(&self, count: usize, at: Position) -> Result<(), ReadError> {
        spend(&self.values, count, Limit::Values, at)
    }

    /// Charges for bytes that were read one by one.
    pub(crate) fn spend_bytes(&self, count: usize, at: Position) -> Result<(), ReadError> {
        self.spend_values(count / BYTES_PER_VALUE, at)
    }

    pub(crate) fn spend_inflated(&self, count: usize, at: Position) -> Result<(), ReadError> {
        spend(&self.inflated, count, Limit::Inflated, at)
    }

    pub(crate) fn spend_operator(&self, at: Position) -> Result<(), ReadError> {
        spend(&self.operators, 1, Limit::Operators, at)
    }
}

fn spend(left: &Cell<usize>, count: usize, limit: Limit, at: Position) -> Result<(), ReadError> {
    match left.get().checked_sub(count) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => {
            left.set(0);
            Err(ReadError::new(ReadErrorKind::Limit(limit), at))
        }
    }
}
