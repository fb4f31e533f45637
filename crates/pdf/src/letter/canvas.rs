//! The visibility of the text to a person: its size, its place, its contrast, and what is painted
//! over it.

use super::decoration;
use super::problem::{ProblemKind, Problems};
use super::rectangle::Rectangle;
use crate::syntax::{Budget, Position, ReadError};
use crate::text::{Color, TextRun};

/// The smallest readable size of text, in points.
const SMALLEST_TEXT: f64 = 4.0;

/// The lowest contrast between text and anything that may be behind it (WCAG 2.1, 1.4.3, large
/// text).
const LEAST_CONTRAST: f64 = 3.0;

/// Comparisons of a text with another, charged as one value.
const COMPARISONS_PER_VALUE: usize = 8;

/// The distance by which text may exceed the surface behind it, in points.
const TOLERANCE: f64 = 0.5;

/// The most characters of a text that a report quotes.
const LONGEST_QUOTE: usize = 60;

/// The characters that end a line within a word.
const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{ad}'];

/// A surface that is painted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    /// The surface, or its bounding box.
    pub(super) bounds: Rectangle,
    /// Whether the surface is exactly `bounds`, so that it hides everything that was painted there
    /// before.
    pub(super) solid: bool,
    /// Its colour.
    pub(super) color: Color,
}

/// A run with two boxes: `full` contains all its glyphs, and its glyphs surely reach into all of
/// `core`.
pub(super) struct Placed {
    pub(super) run: TextRun,
    pub(super) core: Rectangle,
    /// The number of surfaces that were painted before it.
    pub(super) surfaces_before: usize,
    hidden: Option<&'static str>,
    full: Rectangle,
}

/// The surfaces and texts of a page, in the order in which they are painted.
pub(super) struct Canvas {
    media_box: Rectangle,
    /// Whether the page is the first, which has the logo.
    is_first: bool,
    surfaces: Vec<Paint>,
    texts: Vec<Placed>,
}

impl Canvas {
    pub(super) fn new(media_box: Rectangle, is_first: bool) -> Self {
        Self { media_box, is_first, surfaces: Vec::new(), texts: Vec::new() }
    }

    pub(super) fn paint(&mut self, surface: Paint) {
        self.surfaces.push(surface);
    }

    pub(super) fn text(&mut self, run: TextRun, full: Rectangle, core: Rectangle) {
        let hidden = if run.text.trim().is_empty() {
            None
        } else if run.font_size < SMALLEST_TEXT {
            Some("is too small to read")
        } else if !self.media_box.contains(full) {
            Some("is not on the page")
        } else {
            None
        };
        self.texts.push(Placed { run, core, surfaces_before: self.surfaces.len(), hidden, full });
    }

    pub(super) fn run_count(&self) -> usize {
        self.texts.len()
    }

    /// Checks a replacement text for the runs from `first` on (ISO 32000-2, 14.9.4). What is read
    /// remains the text of the glyphs.
    ///
    /// # Errors
    ///
    /// Fails unless both are the same text but for white space and a hyphen at the end, because a
    /// person must see what other programs read.
    pub(super) fn check_replacement(&self, first: usize, actual: &str) -> Result<(), String> {
        let shown = self.texts.get(first..).unwrap_or_default();
        if shown.is_empty() {
            return Err(format!("the text {} replaces nothing that is printed", quoted(actual)));
        }
        let shown: String = shown.iter().map(|placed| placed.run.text.as_str()).collect();
        if is_same_text(&shown, actual) {
            Ok(())
        } else {
            Err(format!("the printed text {} is read as {}", quoted(&shown), quoted(actual)))
        }
    }

    /// Compares each run with what was painted before and after it; returns the runs. Comparisons
    /// are charged as values.
    pub(super) fn finish(
        self,
        budget: &Budget,
        at: Position,
        problems: &mut Problems,
    ) -> Result<Vec<TextRun>, ReadError> {
        budget.spend_values(self.texts.len().saturating_mul(self.surfaces.len()), at)?;
        let overlaps = self.overlaps(budget, at)?;
        decoration::check(&self.surfaces, &self.texts, self.media_box, self.is_first, at, problems);
        let mut runs = Vec::with_capacity(self.texts.len());
        let mut contrasts = Contrasts::default();
        for (placed, overlaps) in self.texts.into_iter().zip(overlaps) {
            let visible = !placed.run.text.trim().is_empty();
            let (before, after) = self.surfaces.split_at_checked(placed.surfaces_before).unwrap_or_default();
            let hidden = placed.hidden.or_else(|| {
                if !visible {
                    None
                } else if overlaps {
                    Some("is printed over another text")
                } else if after.iter().any(|surface| surface.bounds.overlaps(placed.core)) {
                    Some("is painted over")
                } else if lowest_contrast(&placed, before, &mut contrasts) < LEAST_CONTRAST {
                    Some("has too little contrast")
                } else {
                    None
                }
            });
            if let Some(why) = hidden {
                problems.add(ProblemKind::HiddenText, at, format!("the text {} {why}", quoted(&placed.run.text)));
            }
            if !placed.run.text.is_empty() {
                runs.push(placed.run);
            }
        }
        Ok(runs)
    }
}

impl Canvas {
    /// For each text, whether it overlaps another one. The texts are sorted by height, and each is
    /// compared only with those that begin between its bottom and its top.
    fn overlaps(&self, budget: &Budget, at: Position) -> Result<Vec<bool>, ReadError> {
        let mut overlaps = vec![false; self.texts.len()];
        let mut visible: Vec<(usize, Rectangle)> = (0..)
            .zip(&self.texts)
            .filter(|(_, placed)| !placed.run.text.trim().is_empty())
            .map(|(index, placed)| (index, placed.core))
            .collect();
        visible.sort_by(|(_, a), (_, b)| a.bottom.total_cmp(&b.bottom));
        let mut rest = visible.as_slice();
        while let Some(((one, core), higher)) = rest.split_first() {
            let near = higher.partition_point(|(_, other)| other.bottom < core.top);
            budget.spend_values(near.div_ceil(COMPARISONS_PER_VALUE), at)?;
            for (other, _) in higher.iter().take(near).filter(|(_, other)| other.overlaps(*core)) {
                for index in [*one, *other] {
                    if let Some(overlaps) = overlaps.get_mut(index) {
                        *overlaps = true;
                    }
                }
            }
            rest = higher;
        }
        Ok(overlaps)
    }
}

/// The lowest contrast with a colour that may be behind the text: that of every surface it touches,
/// down to the first that is surely behind all of it, or down to the white page.
fn lowest_contrast(placed: &Placed, before: &[Paint], contrasts: &mut Contrasts) -> f64 {
    let mut lowest = f64::INFINITY;
    for surface in before.iter().rev().filter(|surface| surface.bounds.overlaps(placed.full)) {
        lowest = lowest.min(contrasts.between(placed.run.fill, surface.color));
        if surface.solid && surface.bounds.grown(TOLERANCE).contains(placed.full) {
            return lowest;
        }
    }
    lowest.min(contrasts.between(placed.run.fill, Color::WHITE))
}

/// A cache of contrasts, because a page has few colours and powers are slow.
#[derive(Default)]
struct Contrasts {
    known: Vec<(Color, Color, f64)>,
}

impl Contrasts {
    /// The most pairs of colours that are kept: more than a letter has, and fast to search.
    const MOST: usize = 16;

    fn between(&mut self, text: Color, ground: Color) -> f64 {
        if let Some((_, _, contrast)) = self.known.iter().find(|(a, b, _)| *a == text && *b == ground) {
            return *contrast;
        }
        let contrast = text.contrast(ground);
        if self.known.len() < Self::MOST {
            self.known.push((text, ground, contrast));
        }
        contrast
    }
}

/// Returns whether a replacement is the text that is shown, but for white space and for a hyphen
/// that was added at the end of a line.
fn is_same_text(shown: &str, actual: &str) -> bool {
    let compact = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    let (shown, actual) = (compact(shown), compact(actual));
    // A replacement may keep the place of the hyphen as an invisible one.
    let actual = actual.strip_suffix('\u{ad}').unwrap_or(&actual);
    shown == actual || shown.strip_suffix(HYPHENS) == Some(actual)
}

/// A text in quotation marks, shortened for a report.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
