//! What is painted without text: rules, grounds and the logo. None of it can be read as letters.
//!
//! A surface is a rectangle that is wide, or that has a text on it. Other shapes are the logo: they
//! are the first things on the first page, in one small box at its top. So letters cannot be drawn
//! as outlines, nor put together from small squares.

use super::canvas::{Paint, Placed};
use super::problem::{ProblemKind, Problems};
use super::rectangle::Rectangle;
use crate::syntax::Position;

/// The part of the page's width from which on a rectangle needs no text on it.
const WIDE: f64 = 0.25;

/// The largest logo, in points: its width and its height.
const LOGO: (f64, f64) = (300.0, 44.0);

/// The lowest edge of the logo, in points below the top of the page.
const LOGO_DEPTH: f64 = 100.0;

/// Rounding of coordinates, in points.
const TOLERANCE: f64 = 0.01;

/// Checks the surfaces of a page, which are in the order in which they are painted.
pub(super) fn check(
    surfaces: &[Paint],
    texts: &[Placed],
    media_box: Rectangle,
    is_first: bool,
    at: Position,
    problems: &mut Problems,
) {
    let kind = ProblemKind::OutsideProfile;
    let wide = WIDE * (media_box.right - media_box.left);
    let is_ground = |surface: &Paint| {
        let carries = |text: &Placed| !text.run.text.trim().is_empty() && surface.bounds.overlaps(text.core);
        surface.solid && (surface.bounds.right - surface.bounds.left >= wide || texts.iter().any(carries))
    };
    let before_text = match texts.iter().find(|text| !text.run.text.trim().is_empty()) {
        Some(first) if is_first => first.surfaces_before,
        _ => 0,
    };
    let mut logo = Rectangle::EMPTY;
    for (number, surface) in surfaces.iter().enumerate().filter(|(_, surface)| !is_ground(surface)) {
        if number < before_text {
            logo.extend(surface.bounds.left, surface.bounds.bottom);
            logo.extend(surface.bounds.right, surface.bounds.top);
        } else if surface.solid {
            problems.add(kind, at, "a narrow rectangle without a text on it");
        } else {
            problems.add(kind, at, "a shape that is not a rectangle, and not part of the logo");
        }
    }
    let fits = logo.right - logo.left <= LOGO.0 + TOLERANCE
        && logo.top - logo.bottom <= LOGO.1 + TOLERANCE
        && logo.bottom >= media_box.top - LOGO_DEPTH;
    // No shape at all leaves the box empty, with infinite edges.
    if logo.left <= logo.right && !fits {
        problems.add(kind, at, "a logo that is larger than its box, or not at the top of the page");
    }
}
