//! The logo: the shapes of an SVG file, in opaque colours.

use std::sync::LazyLock;

use krilla::{
    geom::{Path, PathBuilder},
    paint::{Fill, FillRule},
    surface::Surface,
};
use usvg::{
    Node, Options, PaintOrder, Tree, roxmltree,
    tiny_skia_path::{self, PathSegment, Transform},
};

use crate::{colour::Colour, error::LogoError};

/// A drawing of filled shapes. Strokes become shapes too, so that the letter's pages contain only
/// fills.
#[derive(Debug, Clone)]
pub(crate) struct Logo {
    width: f32,
    height: f32,
    shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
struct Shape {
    outline: tiny_skia_path::Path,
    colour: Colour,
    rule: FillRule,
}

impl Logo {
    /// Reads the shapes of an SVG file.
    pub(crate) fn from_svg(svg: &[u8]) -> Result<Self, LogoError> {
        let text = std::str::from_utf8(svg).map_err(|error| LogoError::Svg(error.to_string()))?;
        let document = roxmltree::Document::parse(text).map_err(|error| LogoError::Svg(error.to_string()))?;
        only_shapes(&document)?;
        // Reads no other file: elements that name one were refused above.
        let tree =
            Tree::from_xmltree(&document, &Options::default()).map_err(|error| LogoError::Svg(error.to_string()))?;
        let mut shapes = Vec::new();
        collect(tree.root(), &mut shapes)?;
        if shapes.is_empty() {
            return Err(LogoError::Empty);
        }
        Ok(Self { width: tree.size().width(), height: tree.size().height(), shapes })
    }

    /// Returns the largest width and height of the logo that fit into a box.
    pub(crate) fn within(&self, (width, height): (f32, f32)) -> (f32, f32) {
        let scale = (width / self.width).min(height / self.height);
        (self.width * scale, self.height * scale)
    }

    /// Draws the logo with this upper left corner and height.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>, x: f32, y: f32, height: f32) {
        let scale = height / self.height;
        let transform = Transform::from_row(scale, 0.0, 0.0, scale, x, y);
        for shape in &self.shapes {
            if let Some(path) = shape.outline.clone().transform(transform).and_then(|outline| to_path(&outline)) {
                surface.set_fill(Some(Fill { rule: shape.rule, ..shape.colour.fill() }));
                surface.draw_path(&path);
            }
        }
    }
}

/// The mark of this project: a card, and a tick inside a ring.
impl Default for Logo {
    fn default() -> Self {
        static LOGO: LazyLock<Logo> =
            LazyLock::new(|| Logo::from_svg(include_bytes!("logo.svg")).expect("the embedded logo is plain"));
        LOGO.clone()
    }
}

/// Refuses the elements that usvg would leave out silently.
fn only_shapes(document: &roxmltree::Document<'_>) -> Result<(), LogoError> {
    const KNOWN: [&str; 13] = [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "metadata",
        "defs",
    ];
    let foreign = |node: &roxmltree::Node<'_, '_>| {
        // The content of a metadata element is not drawn.
        !node.ancestors().skip(1).any(|above| above.tag_name().name() == "metadata")
            && !KNOWN.contains(&node.tag_name().name())
    };
    match document.descendants().filter(roxmltree::Node::is_element).find(foreign) {
        None => Ok(()),
        Some(node) => Err(LogoError::Element {
            element: node.tag_name().name().into(),
            line: document.text_pos_at(node.range().start).row,
        }),
    }
}

fn collect(group: &usvg::Group, shapes: &mut Vec<Shape>) -> Result<(), LogoError> {
    let not_plain = |what| Err(LogoError::NotPlain { what });
    if group.opacity() != usvg::Opacity::ONE {
        return not_plain("transparency");
    }
    if group.clip_path().is_some() || group.mask().is_some() || !group.filters().is_empty() {
        return not_plain("a clip, a mask or a filter");
    }
    if group.blend_mode() != usvg::BlendMode::Normal {
        return not_plain("a blend mode");
    }
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, shapes)?,
            Node::Path(path) if path.is_visible() => {
                let fill = filled(path)?;
                let stroke = stroked(path)?;
                match path.paint_order() {
                    PaintOrder::FillAndStroke => shapes.extend(fill.into_iter().chain(stroke)),
                    PaintOrder::StrokeAndFill => shapes.extend(stroke.into_iter().chain(fill)),
                }
            }
            Node::Path(_) => {}
            Node::Image(_) => return not_plain("an image"),
            Node::Text(_) => return not_plain("text"),
        }
    }
    Ok(())
}

fn filled(path: &usvg::Path) -> Result<Option<Shape>, LogoError> {
    let Some(fill) = path.fill() else { return Ok(None) };
    let rule = match fill.rule() {
        usvg::FillRule::NonZero => FillRule::NonZero,
        usvg::FillRule::EvenOdd => FillRule::EvenOdd,
    };
    let colour = plain(fill.paint(), fill.opacity())?;
    Ok(path.data().clone().transform(path.abs_transform()).map(|outline| Shape { outline, colour, rule }))
}

fn stroked(path: &usvg::Path) -> Result<Option<Shape>, LogoError> {
    let Some(stroke) = path.stroke() else { return Ok(None) };
    let colour = plain(stroke.paint(), stroke.opacity())?;
    // Precise enough for a logo that is drawn at many times its own size.
    const RESOLUTION: f32 = 8.0;
    let outline = path.data().stroke(&stroke.to_tiny_skia(), RESOLUTION);
    let outline = outline.and_then(|outline| outline.transform(path.abs_transform()));
    Ok(outline.map(|outline| Shape { outline, colour, rule: FillRule::NonZero }))
}

fn plain(paint: &usvg::Paint, opacity: usvg::Opacity) -> Result<Colour, LogoError> {
    match paint {
        _ if opacity != usvg::Opacity::ONE => Err(LogoError::NotPlain { what: "transparency" }),
        usvg::Paint::Color(colour) => Ok(Colour([colour.red, colour.green, colour.blue])),
        usvg::Paint::LinearGradient(_) | usvg::Paint::RadialGradient(_) => {
            Err(LogoError::NotPlain { what: "a gradient" })
        }
        usvg::Paint::Pattern(_) => Err(LogoError::NotPlain { what: "a pattern" }),
    }
}

/// Converts an outline to a path of krilla.
fn to_path(outline: &tiny_skia_path::Path) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in outline.segments() {
        match segment {
            PathSegment::MoveTo(to) => builder.move_to(to.x, to.y),
            PathSegment::LineTo(to) => builder.line_to(to.x, to.y),
            PathSegment::QuadTo(over, to) => builder.quad_to(over.x, over.y, to.x, to.y),
            PathSegment::CubicTo(one, two, to) => builder.cubic_to(one.x, one.y, two.x, two.y, to.x, to.y),
            PathSegment::Close => builder.close(),
        }
    }
    builder.finish()
}
