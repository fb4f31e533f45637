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

/// A line of text on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// The characters from left to right, with a space for each gap.
    pub text: String,
    /// The largest size of its text, in points.
    pub font_size: f64,
}

/// The gap that is a space, and the distance that a run may step back into the one before it, for
/// the font size 1.
const WORD_GAP: f64 = 0.15;

/// The distance of two baselines that are read as one line, for the smaller font size 1.
const BASELINE_DRIFT: f64 = 0.25;

/// The most lines that one text can belong to. Text that can be read has far fewer.
const MOST_OPEN_LINES: usize = 64;

impl PageText {
    /// The texts of [`Self::text_lines`].
    pub fn lines(&self) -> Vec<String> {
        self.text_lines().into_iter().map(|line| line.text).collect()
    }

    /// The lines from top to bottom, each from left to right.
    ///
    /// A run belongs to a line if the two baselines differ by at most a quarter of the smaller font
    /// size. The baseline of a line is that of its largest text, so that small signs beside it
    /// neither separate nor join lines. Runs of only white space are left out, because their place
    /// is invisible.
    pub fn text_lines(&self) -> Vec<TextLine> {
        let mut runs: Vec<&TextRun> = self.runs.iter().filter(|run| !run.text.trim().is_empty()).collect();
        runs.sort_by(|a, b| b.y.total_cmp(&a.y));
        let mut lines = Vec::new();
        let mut open: Vec<OpenLine<'_>> = Vec::new();
        for run in runs {
            let is_closed = |line: &OpenLine<'_>| line.largest.y - run.y > BASELINE_DRIFT * line.largest.font_size;
            while let Some(place) = open.iter().position(is_closed) {
                lines.push(open.remove(place));
            }
            let near = open.iter_mut().filter(|line| line.admits(run));
            match near.max_by(|a, b| a.largest.font_size.total_cmp(&b.largest.font_size)) {
                Some(line) => line.add(run),
                None => {
                    if open.len() == MOST_OPEN_LINES {
                        lines.push(open.remove(0));
                    }
                    open.push(OpenLine { first: run, largest: run, runs: vec![run] });
                }
            }
        }
        lines.append(&mut open);
        lines.sort_by(|a, b| b.first.y.total_cmp(&a.first.y));
        lines.into_iter().flat_map(OpenLine::into_lines).collect()
    }
}

/// A line that may get more runs.
struct OpenLine<'r> {
    first: &'r TextRun,
    largest: &'r TextRun,
    runs: Vec<&'r TextRun>,
}

impl<'r> OpenLine<'r> {
    fn admits(&self, run: &TextRun) -> bool {
        (self.largest.y - run.y).abs() <= BASELINE_DRIFT * self.largest.font_size.min(run.font_size)
    }

    fn add(&mut self, run: &'r TextRun) {
        if run.font_size > self.largest.font_size {
            self.largest = run;
        }
        self.runs.push(run);
    }

    /// Joins the runs from left to right. A run that begins far inside another one does not
    /// continue it, and so begins a line of its own.
    fn into_lines(mut self) -> Vec<TextLine> {
        self.runs.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut lines: Vec<(TextLine, f64)> = Vec::with_capacity(1);
        for run in self.runs {
            let step = WORD_GAP * run.font_size;
            let end = run.x + run.width;
            let is_full = lines.len() == MOST_OPEN_LINES;
            let free = lines.iter_mut().filter(|(_, end)| run.x >= *end - step);
            match free.max_by(|(_, a), (_, b)| a.total_cmp(b)) {
                Some((line, line_end)) => {
                    if run.x - *line_end > step {
                        line.text.push(' ');
                    }
                    line.text.push_str(&run.text);
                    line.font_size = line.font_size.max(run.font_size);
                    *line_end = line_end.max(end);
                }
                None if !is_full => {
                    let mut text = String::with_capacity(64);
                    text.push_str(&run.text);
                    lines.push((TextLine { text, font_size: run.font_size }, end));
                }
                // Texts over one another, which other checks report.
                None => {
                    if let Some((line, _)) = lines.last_mut() {
                        line.text.push(' ');
                        line.text.push_str(&run.text);
                    }
                }
            }
        }
        lines.into_iter().map(|(line, _)| line).collect()
    }
}
