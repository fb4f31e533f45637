//! The text styles of the letter, one for each kind of text.

use crate::{fonts::Face, template::Colours, text::Style};

/// The styles of a letter, in the colours of its template.
pub(crate) struct Styles {
    pub(crate) issuer: Style,
    pub(crate) program: Style,
    pub(crate) title: Style,
    pub(crate) holder: Style,
    pub(crate) body: Style,
    pub(crate) strong: Style,
    pub(crate) note: Style,
    pub(crate) validity: Style,
    pub(crate) heading: Style,
    pub(crate) column: Style,
    pub(crate) label: Style,
    pub(crate) city: Style,
    pub(crate) subcontractor: Style,
    pub(crate) small: Style,
    pub(crate) small_strong: Style,
}

impl Styles {
    pub(crate) fn new(colours: Colours) -> Self {
        let style = |face, size, leading, colour| Style { face, size, leading, colour };
        let Colours { text, accent, note, .. } = colours;
        Self {
            issuer: style(Face::SemiBold, 10.5, 14.0, accent),
            program: style(Face::Sans, 10.5, 14.0, note),
            title: style(Face::Serif, 30.0, 38.0, accent),
            holder: style(Face::Serif, 18.0, 24.0, text),
            body: style(Face::Sans, 10.0, 15.0, text),
            strong: style(Face::SemiBold, 10.0, 15.0, text),
            note: style(Face::Sans, 8.5, 12.0, note),
            validity: style(Face::Serif, 13.0, 18.0, accent),
            heading: style(Face::SemiBold, 14.0, 22.0, accent),
            column: style(Face::SemiBold, 8.0, 9.6, accent),
            label: style(Face::Sans, 8.0, 10.6, text),
            city: style(Face::Sans, 8.4, 10.6, text),
            subcontractor: style(Face::Sans, 8.0, 10.0, note),
            small: style(Face::Sans, 9.2, 13.0, text),
            small_strong: style(Face::SemiBold, 9.2, 13.0, text),
        }
    }
}

/// The styles of the legend, in the built-in colours: the legend is the same in every letter of its
/// language.
pub(crate) struct LegendStyles {
    pub(crate) heading: Style,
    pub(crate) pattern: Style,
    pub(crate) name: Style,
    pub(crate) place: Style,
    pub(crate) character: Style,
    pub(crate) words: Style,
}

impl LegendStyles {
    pub(crate) fn new(colours: Colours) -> Self {
        let style = |face, size, leading, colour| Style { face, size, leading, colour };
        let Colours { text, accent, note, .. } = colours;
        Self {
            heading: style(Face::LegendSemiBold, 14.0, 22.0, accent),
            pattern: style(Face::LegendSemiBold, 11.0, 13.0, accent),
            name: style(Face::LegendSemiBold, 9.2, 13.0, text),
            place: style(Face::Legend, 8.0, 10.4, note),
            character: style(Face::LegendSemiBold, 9.2, 13.0, text),
            words: style(Face::Legend, 9.2, 13.0, text),
        }
    }
}
