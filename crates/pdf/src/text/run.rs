//! Runs of text, and the lines that they form.

use super::color::Color;

/// A piece of text that one operator shows, in one font, size and colour.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRun {
    /// The characters, in the order in which they are shown.
    pub text: String,
    /// The start of the baseline, in points from the left of the page's space.
    pub x: f64,
    /// The baseline, in points from the bottom of the page's space.
    pub y: f64,
    /// The length of the baseline, in points.
    pub width: f64,
    /// The size of the font on the page, in points.
    pub font_size: f64,
    /// The colour of the glyphs.
    pub fill: Color,
}

/// The text of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageText {
    /// The runs, in the order in which the page paints them.
    pub runs: Vec<TextRun>,
}

impl PageText {
    /// The lines from top to bottom. The runs on one baseline are joined from left to right, with a
    /// space for each gap.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut baseline: Option<&TextRun> = None;
        let mut line: Vec<&TextRun> = Vec::new();
        let mut runs: Vec<&TextRun> = self.runs.iter().collect();
        runs.sort_by(|a, b| b.y.total_cmp(&a.y));
        for run in runs {
            if let Some(first) = baseline
                && first.y - run.y > 0.25 * first.font_size.min(run.font_size)
            {
                lines.push(join(&mut line));
                baseline = None;
            }
            baseline.get_or_insert(run);
            line.push(run);
        }
        if !line.is_empty() {
            lines.push(join(&mut line));
        }
        lines
    }
}

/// Joins the runs of one line, and empties the list.
fn join(line: &mut Vec<&TextRun>) -> String {
    line.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut text = String::with_capacity(line.iter().map(|run| run.text.len().saturating_add(1)).sum());
    let mut end = None;
    for run in line.drain(..) {
        if end.is_some_and(|end| run.x - end > 0.15 * run.font_size) {
            text.push(' ');
        }
        text.push_str(&run.text);
        end = Some(run.x + run.width);
    }
    text
}
