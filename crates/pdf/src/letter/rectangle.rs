//! Rectangles in the space of a page, in points of 1/72 inch from the lower left.

use std::ops::RangeInclusive;

use crate::syntax::Object;
use crate::text::Matrix;

/// The length of the sides of a page, in points. On a larger page text could not be found.
const PAGE_SIDES: RangeInclusive<f64> = 72.0..=2000.0;

/// A rectangle with sides along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    pub(super) top: f64,
}

impl Rectangle {
    /// Contains no point. Any point extends it.
    pub(super) const EMPTY: Self =
        Self { left: f64::INFINITY, bottom: f64::INFINITY, right: f64::NEG_INFINITY, top: f64::NEG_INFINITY };

    /// Reads `[llx lly urx ury]`, with the corners in any order.
    pub(super) fn from_object(object: &Object<'_>) -> Option<Self> {
        let [x0, y0, x1, y1] = object.as_array()? else { return None };
        let mut rectangle = Self::EMPTY;
        rectangle.extend(x0.as_real()?, y0.as_real()?);
        rectangle.extend(x1.as_real()?, y1.as_real()?);
        Some(rectangle)
    }

    /// The smallest rectangle around the image of `self` under the matrix.
    pub(super) fn transformed(self, matrix: Matrix) -> Self {
        let mut rectangle = Self::EMPTY;
        for (x, y) in
            [(self.left, self.bottom), (self.right, self.bottom), (self.left, self.top), (self.right, self.top)]
        {
            let (x, y) = matrix.apply(x, y);
            rectangle.extend(x, y);
        }
        rectangle
    }

    pub(super) fn extend(&mut self, x: f64, y: f64) {
        self.left = self.left.min(x);
        self.right = self.right.max(x);
        self.bottom = self.bottom.min(y);
        self.top = self.top.max(y);
    }

    pub(super) fn grown(self, by: f64) -> Self {
        Self { left: self.left - by, bottom: self.bottom - by, right: self.right + by, top: self.top + by }
    }

    /// Returns whether it has the size of a sheet of paper.
    pub(super) fn is_page(self) -> bool {
        [self.right - self.left, self.top - self.bottom].iter().all(|side| PAGE_SIDES.contains(side))
    }

    /// Returns whether all of `other` is inside.
    pub(super) fn contains(self, other: Self) -> bool {
        self.left <= other.left && self.bottom <= other.bottom && self.right >= other.right && self.top >= other.top
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.bottom < other.top && other.bottom < self.top
    }
}
