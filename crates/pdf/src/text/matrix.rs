//! Affine maps of the plane.

/// The matrix `[a b c d e f]` of ISO 32000-2, 8.3.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matrix {
    pub(crate) a: f64,
    pub(crate) b: f64,
    pub(crate) c: f64,
    pub(crate) d: f64,
    pub(crate) e: f64,
    pub(crate) f: f64,
}

impl From<[f64; 6]> for Matrix {
    fn from([a, b, c, d, e, f]: [f64; 6]) -> Self {
        Self { a, b, c, d, e, f }
    }
}

impl Matrix {
    pub(crate) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// Moves every point by `x` and `y`.
    pub(crate) const fn translation(x: f64, y: f64) -> Self {
        Self { e: x, f: y, ..Self::IDENTITY }
    }

    /// Applies `self` first and `next` second.
    pub(crate) fn then(self, next: Self) -> Self {
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    /// Returns the matrix if no element is NaN or exceeds `most` in absolute value.
    pub(crate) fn within(self, most: f64) -> Option<Self> {
        let Self { a, b, c, d, e, f } = self;
        [a, b, c, d, e, f].iter().all(|element| element.abs() <= most).then_some(self)
    }

    /// Maps a point.
    pub(crate) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        (x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f)
    }

    /// The factor by which lengths grow, averaged over all directions.
    pub(crate) fn scale(self) -> f64 {
        self.determinant().abs().sqrt()
    }

    fn determinant(self) -> f64 {
        self.a * self.d - self.b * self.c
    }

    /// Returns whether the matrix only moves and scales evenly, without mirroring, stretching or
    /// turning.
    pub(crate) fn is_upright(self) -> bool {
        let tolerance = 1e-3 * self.a.max(1e-9);
        self.a > 0.0 && [self.a - self.d, self.b, self.c].iter().all(|part| part.abs() < tolerance)
    }
}
