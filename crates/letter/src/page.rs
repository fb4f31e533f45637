//! Pages as lists of marks, the structure tree that they belong to, and the PDF file of both.

use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Transform},
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, TagGroup, TagKind, TagTree},
};

use crate::{colour::Colour, error::LetterError, logo::Logo, text::Line};

/// The size of A4 in landscape, in points.
pub(crate) const WIDTH: f32 = 841.89;
pub(crate) const HEIGHT: f32 = 595.276;
/// Where content begins and ends from left to right.
pub(crate) const LEFT: f32 = 48.0;
pub(crate) const RIGHT: f32 = WIDTH - LEFT;
/// Where content begins and ends from top to bottom.
pub(crate) const TOP: f32 = 52.0;
pub(crate) const BOTTOM: f32 = HEIGHT - 60.0;

/// A drawing on a page, and what it belongs to.
pub(crate) struct Mark {
    belonging: Belonging,
    drawing: Drawing,
}

/// The owner of a mark: an element of the structure tree, or none (an artifact).
enum Belonging {
    Content(usize),
    Artifact(ArtifactType),
}

/// The artifact that marks where the legend ends: the writer of the signed letter ends a content
/// stream there (`cqm-pdf`). No other artifact of a letter has this type.
const END_OF_LEGEND: ArtifactType = ArtifactType::Page;

/// A drawing, in points from the upper left corner of the page.
pub(crate) enum Drawing {
    Text {
        line: Line,
        x: f32,
        baseline: f32,
    },
    Box {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Colour,
    },
    Logo {
        logo: Logo,
        x: f32,
        y: f32,
        height: f32,
    },
    /// A line through the middle of the page, rising to the right. Only in previews.
    Across {
        line: Line,
    },
    Nothing,
}

/// An element of the structure tree (ISO 32000-1, 14.7).
pub(crate) struct Element {
    tag: TagKind,
    children: Vec<Child>,
}

enum Child {
    Element(Element),
    Content(usize),
}

impl Element {
    pub(crate) fn new(tag: impl Into<TagKind>) -> Self {
        Self { tag: tag.into(), children: Vec::new() }
    }

    pub(crate) fn push(&mut self, element: Self) {
        self.children.push(Child::Element(element));
    }
}

/// The pages of a letter under composition.
#[derive(Default)]
pub(crate) struct Pages {
    pages: Vec<Vec<Mark>>,
    contents: usize,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.pages.len()
    }

    /// Sets a line as content of `element`.
    pub(crate) fn text(&mut self, page: usize, element: &mut Element, line: Line, x: f32, top: f32) {
        element.children.push(Child::Content(self.contents));
        let baseline = line.style.baseline(top);
        self.put(page, Belonging::Content(self.contents), Drawing::Text { line, x, baseline });
        self.contents += 1;
    }

    /// Sets lines below each other as content of `element`, and returns where the last one ends.
    pub(crate) fn lines(
        &mut self,
        page: usize,
        element: &mut Element,
        lines: impl IntoIterator<Item = Line>,
        x: impl Fn(&Line) -> f32,
        top: f32,
    ) -> f32 {
        let mut y = top;
        for line in lines {
            let (x, leading) = (x(&line), line.style.leading);
            self.text(page, element, line, x, y);
            y += leading;
        }
        y
    }

    /// Sets a line as an artifact, which assistive software skips.
    pub(crate) fn artifact(&mut self, page: usize, kind: ArtifactType, line: Line, x: f32, top: f32) {
        let baseline = line.style.baseline(top);
        self.put(page, Belonging::Artifact(kind), Drawing::Text { line, x, baseline });
    }

    /// Draws a decoration, such as a box or the logo, as an artifact.
    pub(crate) fn draw(&mut self, page: usize, drawing: Drawing) {
        self.put(page, Belonging::Artifact(ArtifactType::Layout), drawing);
    }

    /// Draws a rule as a filled box.
    pub(crate) fn rule(&mut self, page: usize, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        self.draw(page, Drawing::Box { x, y, width, height, colour });
    }

    /// Draws a decoration behind everything that is on the page.
    pub(crate) fn behind(&mut self, page: usize, drawing: Drawing) {
        let mark = Mark { belonging: Belonging::Artifact(ArtifactType::Watermark), drawing };
        if let Some(marks) = self.pages.get_mut(page) {
            marks.insert(0, mark);
        }
    }

    /// Marks the end of the legend, with which the content of a page begins.
    pub(crate) fn end_of_legend(&mut self, page: usize) {
        self.put(page, Belonging::Artifact(END_OF_LEGEND), Drawing::Nothing);
    }

    fn put(&mut self, page: usize, belonging: Belonging, drawing: Drawing) {
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, Vec::new);
        }
        self.pages[page].push(Mark { belonging, drawing });
    }

    /// Writes the pages and their structure tree as a file of PDF/A-3a and PDF/UA-1.
    pub(crate) fn write(self, elements: Vec<Element>, title: &str, metadata: Metadata) -> Result<Vec<u8>, LetterError> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .expect("both standards allow PDF 1.7");
        let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let mut identifiers = vec![None; self.contents];
        for marks in &self.pages {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("A4 has a size");
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                match mark.belonging {
                    Belonging::Content(number) => {
                        identifiers[number] = Some(surface.start_tagged(ContentTag::Other));
                    }
                    Belonging::Artifact(kind) => {
                        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
                    }
                }
                mark.drawing.draw(&mut surface);
                surface.end_tagged();
            }
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::new();
        for element in elements {
            tree.push(element.into_group(&identifiers));
        }
        document.set_tag_tree(tree);
        document.set_outline(outline(title));
        document.set_metadata(metadata);
        document.finish().map_err(LetterError::Pdf)
    }
}

/// The outline that krilla's validator of PDF/UA-1 demands. The standard only recommends one (ISO
/// 14289-1, 7.17), and the writer of the signed letter removes it: a reader would see text there
/// that is not on a page.
fn outline(title: &str) -> Outline {
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(title.into(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    outline
}

impl Element {
    fn into_group(self, identifiers: &[Option<Identifier>]) -> TagGroup {
        let children = self.children.into_iter().filter_map(|child| match child {
            Child::Element(element) => Some(Node::Group(element.into_group(identifiers))),
            Child::Content(number) => identifiers[number].map(Node::Leaf),
        });
        TagGroup { tag: self.tag, children: children.collect() }
    }
}

impl Drawing {
    fn draw(&self, surface: &mut Surface<'_>) {
        match self {
            Self::Nothing => {}
            Self::Text { line, x, baseline } => draw_text(surface, line, *x, *baseline),
            Self::Across { line } => {
                // The diagonal of the page: 0.82 and 0.57 are the cosine and sine of 35 degrees.
                let turn = Transform::from_row(0.82, -0.57, 0.57, 0.82, WIDTH / 2.0, HEIGHT / 2.0);
                surface.push_transform(&turn);
                draw_text(surface, line, -line.width / 2.0, line.style.size / 3.0);
                surface.pop();
            }
            Self::Box { x, y, width, height, colour } => {
                let mut path = PathBuilder::new();
                path.push_rect(Rect::from_xywh(*x, *y, *width, *height).expect("a box has a size"));
                surface.set_fill(Some(colour.fill()));
                surface.draw_path(&path.finish().expect("a box has corners"));
            }
            Self::Logo { logo, x, y, height } => logo.draw(surface, *x, *y, *height),
        }
    }
}

fn draw_text(surface: &mut Surface<'_>, line: &Line, mut x: f32, baseline: f32) {
    let size = line.style.size;
    surface.set_fill(Some(line.style.colour.fill()));
    for run in &line.runs {
        let font = run.face.font().font.clone();
        surface.draw_glyphs(Point::from_xy(x, baseline), &run.glyphs, font, &run.text, size, false);
        x += run.width * size;
    }
}
