//! The path that a page constructs: its bounds, and whether it is a rectangle.

use super::rectangle::Rectangle;

/// The current path, in the page's space.
pub(super) struct Path {
    /// The bounds of the segments and of the control points of curves.
    bounds: Rectangle,
    /// The end points since the last `m`; only the first few are kept, which is enough for a
    /// rectangle.
    corners: Vec<(f64, f64)>,
    subpaths: usize,
    curved: bool,
    current: Option<(f64, f64)>,
    start: Option<(f64, f64)>,
}

impl Path {
    /// Starts a new path and keeps the allocation.
    pub(super) fn clear(&mut self) {
        let mut corners = std::mem::take(&mut self.corners);
        corners.clear();
        *self = Self { corners, ..Self::default() };
    }

    pub(super) fn move_to(&mut self, point: (f64, f64)) {
        self.subpaths = self.subpaths.saturating_add(1);
        self.corners.clear();
        self.corners.push(point);
        (self.current, self.start) = (Some(point), Some(point));
    }

    pub(super) fn segment(&mut self, points: &[(f64, f64)]) -> Option<()> {
        let (x, y) = self.current?;
        self.bounds.extend(x, y);
        for &(x, y) in points {
            self.bounds.extend(x, y);
        }
        self.current = points.last().copied();
        self.curved |= points.len() > 1;
        if self.corners.len() <= 5 {
            self.corners.extend(self.current);
        }
        Some(())
    }

    pub(super) fn close(&mut self) -> Option<()> {
        let start = self.start?;
        if self.current != Some(start) {
            self.segment(&[start])?;
        }
        Some(())
    }

    /// Returns whether the path has a point and is not painted yet.
    pub(super) fn is_open(&self) -> bool {
        self.start.is_some()
    }

    pub(super) fn bounds(&self) -> Rectangle {
        self.bounds
    }

    /// Returns whether the path is one rectangle with sides along the axes.
    pub(super) fn is_rectangle(&self) -> bool {
        let (a, b, c, d) = match *self.corners.as_slice() {
            [a, b, c, d, end] if end == a => (a, b, c, d),
            [a, b, c, d] if d != a => (a, b, c, d),
            _ => return false,
        };
        let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
        let turned = |a: (f64, f64), b: (f64, f64), c: (f64, f64), d: (f64, f64)| {
            near(a.1, b.1) && near(b.0, c.0) && near(c.1, d.1) && near(d.0, a.0)
        };
        self.subpaths == 1 && !self.curved && (turned(a, b, c, d) || turned(b, c, d, a))
    }
}

impl Default for Path {
    fn default() -> Self {
        Self { bounds: Rectangle::EMPTY, corners: Vec::new(), subpaths: 0, curved: false, current: None, start: None }
    }
}
