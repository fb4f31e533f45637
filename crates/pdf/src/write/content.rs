//! Rewrites the content of a page with fewer operators, because a verifier reads every one of them.
//!
//! The typesetter measures from the top of the page down, so each line of text needs a matrix. It
//! also saves the graphics state for each line and each shape, and sets matrix, colour and font
//! each time. Here coordinates go up as in PDF, lines begin at a point, and operators that repeat
//! the current state are removed.

use lopdf::content::{Content, Operation};
use lopdf::{Object, StringFormat};

use crate::syntax::{Lexer, Token};

/// Returns the same page with fewer operators, or `None` if the typesetter would not write such
/// content.
pub(super) fn concise(content: &[u8]) -> Option<Vec<u8>> {
    let mut page = Page::default();
    let operations = Content::decode(content).ok()?.operations;
    // lopdf silently drops what it cannot read.
    if operations.len() != operators(content)? {
        return None;
    }
    let mut operations = operations.into_iter();
    while let Some(operation) = operations.next() {
        match operation.operator.as_str() {
            "BMC" | "BDC" | "EMC" => page.marked_content(operation)?,
            "q" => page.group(&mut operations)?,
            _ => return None,
        }
    }
    Content { operations: page.written }.encode().ok()
}

/// The number of operators.
fn operators(content: &[u8]) -> Option<usize> {
    let mut lexer = Lexer::new(content, 0);
    let mut count = 0;
    loop {
        match lexer.token().ok()? {
            Token::End => return Some(count),
            Token::Keyword(word) if !matches!(word, b"true" | b"false" | b"null") => count += 1,
            _ => {}
        }
    }
}

/// The operators that were written, and the graphics state after them.
#[derive(Default)]
struct Page {
    written: Vec<Operation>,
    /// The tags and properties of the marked content that is open, outermost first.
    open: Vec<Vec<Object>>,
    /// The tag and properties of the marked content that the last operator closed.
    closed: Option<Vec<Object>>,
    /// The height from which the typesetter measures down, in thousandths of a point.
    height: Option<i64>,
    color_space: Option<Vec<Object>>,
    color: Option<Vec<Object>>,
    font: Option<Vec<Object>>,
}

/// The settings that a group of the typesetter has made, and the path that it constructs.
#[derive(Default)]
struct Group {
    height: Option<i64>,
    colored: bool,
    lettered: bool,
    path: Vec<Segment>,
}

impl Page {
    /// Rewrites the operators after `q` up to its `Q`. The group must be self-contained: it sets
    /// the matrix, colour and font that it uses.
    fn group(&mut self, operations: &mut impl Iterator<Item = Operation>) -> Option<()> {
        let mut group = Group::default();
        for operation in operations {
            match operation.operator.as_str() {
                "Q" => return group.path.is_empty().then_some(()),
                "cm" | "cs" | "scn" | "Tf" | "Tr" => self.state(&mut group, operation)?,
                "BT" | "ET" | "Tm" | "Tj" | "TJ" => self.text(&group, operation)?,
                "m" | "l" | "c" | "h" | "f" | "f*" => self.path(&mut group, operation)?,
                "BMC" | "BDC" | "EMC" => self.marked_content(operation)?,
                _ => return None,
            }
        }
        None
    }

    /// Writes an operator of the graphics state, unless it repeats the current state.
    fn state(&mut self, group: &mut Group, mut operation: Operation) -> Option<()> {
        let changes = match operation.operator.as_str() {
            "cm" if group.height.is_none() => {
                let [1000, 0, 0, -1000, 0, page] = thousandths(&operation.operands)? else { return None };
                group.height = Some(page);
                if self.height.replace(page).is_some_and(|other| other != page) {
                    return None;
                }
                false
            }
            "cs" => {
                group.colored = false;
                let changes = change(&mut self.color_space, &operation.operands);
                if changes {
                    // Choosing a space also sets its initial colour.
                    self.color = None;
                }
                changes
            }
            "scn" if self.color_space.is_some() => {
                group.colored = true;
                operation.operands.iter_mut().for_each(shorten);
                change(&mut self.color, &operation.operands)
            }
            "Tf" => {
                group.lettered = true;
                change(&mut self.font, &operation.operands)
            }
            "Tr" if operation.operands == [Object::Integer(0)] => false,
            _ => return None,
        };
        if changes {
            self.write(operation);
        }
        Some(())
    }

    fn text(&mut self, group: &Group, mut operation: Operation) -> Option<()> {
        match operation.operator.as_str() {
            "BT" | "ET" => self.write(operation),
            "Tm" => {
                let [1000, 0, 0, -1000, x, y] = thousandths(&operation.operands)? else { return None };
                self.write(operator("Td", &[x, group.height? - y]));
            }
            _ if group.height.is_some() && group.colored && group.lettered => {
                operation.operands.iter_mut().for_each(shorten);
                self.write(operation);
            }
            _ => return None,
        }
        Some(())
    }

    /// Collects the segments of a path, and writes them when it is filled.
    fn path(&mut self, group: &mut Group, operation: Operation) -> Option<()> {
        match operation.operator.as_str() {
            "f" | "f*" if group.colored => {
                for segment in rectangle(&group.path).unwrap_or_else(|| segments(&group.path)) {
                    self.write(segment);
                }
                group.path.clear();
                self.write(operation);
            }
            "f" | "f*" => return None,
            _ => {
                let coordinates = coordinates(&operation.operands, group.height?)?;
                group.path.push((operation.operator, coordinates));
            }
        }
        Some(())
    }

    fn write(&mut self, operation: Operation) {
        self.written.push(operation);
        self.closed = None;
    }

    /// Opens or closes marked content. Joins artifacts that follow one another.
    fn marked_content(&mut self, operation: Operation) -> Option<()> {
        if operation.operator == "EMC" {
            let closed = self.open.pop()?;
            self.write(operation);
            self.closed = Some(closed);
        } else {
            let tag = operation.operands.clone();
            if tag.first()?.as_name().ok()? == b"Artifact" && self.closed.as_ref() == Some(&tag) {
                self.closed = None;
                self.written.pop();
            } else {
                self.write(operation);
            }
            self.open.push(tag);
        }
        Some(())
    }
}

/// Updates the current state; returns whether it changed.
fn change(current: &mut Option<Vec<Object>>, operands: &[Object]) -> bool {
    let changes = current.as_deref() != Some(operands);
    if changes {
        *current = Some(operands.to_vec());
    }
    changes
}

/// A path operator and its coordinates, in thousandths of a point.
type Segment = (String, Vec<i64>);

/// The path as `re`, if it is one rectangle with sides along the axes.
fn rectangle(path: &[Segment]) -> Option<Vec<Operation>> {
    let [(m, a), (l1, b), (l2, c), (l3, d), (h, _)] = path else { return None };
    let (&[left, bottom], &[right, top]) = (a.as_slice(), c.as_slice()) else { return None };
    let along = (*b == [right, bottom] && *d == [left, top]) || (*b == [left, top] && *d == [right, bottom]);
    let of_lines = [m, l1, l2, l3, h].map(String::as_str) == ["m", "l", "l", "l", "h"];
    (along && of_lines).then(|| vec![operator("re", &[left, bottom, right - left, top - bottom])])
}

fn segments(path: &[Segment]) -> Vec<Operation> {
    path.iter().map(|(name, coordinates)| operator(name, coordinates)).collect()
}

fn operator(name: &str, thousandths: &[i64]) -> Operation {
    Operation::new(name, thousandths.iter().map(|&number| written(number)).collect())
}

/// Converts coordinates that go down from `height` to coordinates of the page.
fn coordinates(operands: &[Object], height: i64) -> Option<Vec<i64>> {
    let down = operands.iter().map(in_thousandths).collect::<Option<Vec<i64>>>()?;
    Some(down.into_iter().enumerate().map(|(at, number)| if at % 2 == 0 { number } else { height - number }).collect())
}

fn thousandths<const N: usize>(operands: &[Object]) -> Option<[i64; N]> {
    operands.iter().map(in_thousandths).collect::<Option<Vec<i64>>>()?.try_into().ok()
}

/// A number in thousandths of a point, or of the range of a colour. Smaller differences are
/// invisible.
fn in_thousandths(number: &Object) -> Option<i64> {
    Some((f64::from(number.as_float().ok()?) * 1000.0).round() as i64)
}

fn written(thousandths: i64) -> Object {
    match thousandths % 1000 {
        0 => Object::Integer(thousandths / 1000),
        _ => Object::Real((thousandths as f64 / 1000.0) as f32),
    }
}

/// Rounds numbers to thousandths, and writes strings in hexadecimal: the two bytes of a glyph take
/// four digits, but eight characters as octal codes.
fn shorten(operand: &mut Object) {
    match operand {
        Object::Real(_) => *operand = in_thousandths(operand).map_or(Object::Null, written),
        Object::String(_, format) => *format = StringFormat::Hexadecimal,
        Object::Array(elements) => elements.iter_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "/P <</MCID 0>> BDC q 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn \
        BT 0 Tr /f0 10 Tf 1 0 0 -1 56 80.25 Tm [(\\000\\001) 20 (\\000\\002)] TJ ET Q EMC ";
    const BOX: &str = "/Artifact BMC q 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn 1 2 m 9 2 l 9 7 l 1 7 l h f Q EMC ";
    const DROP: &str = "q 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn 0 0 m 9 0 l 9 9.0004 8 7 6 5 c h f* Q ";

    fn shortened(content: &str) -> Option<String> {
        concise(content.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap().replace('\n', " "))
    }

    #[test]
    fn operators_that_repeat_the_state_are_removed() {
        let other = LINE.replace("0.5 0 0 scn", "0 0 1 scn").replace("/f0 10", "/f0 8");
        let expected = "/P <</MCID 0>> BDC /c0 cs 0.5 0 0 scn \
             BT /f0 10 Tf 56 514.75 Td [<0001> 20<0002>] TJ ET EMC \
             /Artifact BMC 1 593 8 -5 re f 1 593 8 -5 re f EMC \
             0 595 m 9 595 l 9 586 8 588 6 590 c h f* \
             /P <</MCID 0>> BDC BT 56 514.75 Td [<0001> 20<0002>] TJ ET EMC \
             /P <</MCID 0>> BDC 0 0 1 scn BT /f0 8 Tf 56 514.75 Td [<0001> 20<0002>] TJ ET EMC";
        assert_eq!(shortened(&[LINE, BOX, BOX, DROP, LINE, &other].concat()).unwrap(), expected);
    }

    #[test]
    fn only_a_rectangle_is_written_as_one() {
        let path = |path: &str| shortened(&BOX.replace("1 2 m 9 2 l 9 7 l 1 7 l h", path)).unwrap();
        assert!(path("1 2 m 1 7 l 9 7 l 9 2 l h").contains("1 593 8 -5 re f"));
        for other in [
            "1 2 m 9 2 l 9 7 l 2 7 l h",
            "1 2 m 9 7 l 9 2 l 1 7 l h",
            "1 2 m 9 2 l 9 7 l 1 7 l",
            "1 2 m 9 2 l 9 7 l 1 7 l h 3 3 m 4 4 l 5 5 l h",
        ] {
            assert!(!path(other).contains(" re "), "{other}");
        }
    }

    #[test]
    fn content_of_another_form_is_left_unchanged() {
        assert!(shortened(&[LINE, BOX, DROP].concat()).is_some());
        for (what, content) in [
            ("another height", [LINE, &BOX.replace("595", "500")].concat()),
            ("another matrix", BOX.replace("1 0 0 -1 0 595 cm", "1 0 0 -1 7 595 cm")),
            ("no matrix of its own", [LINE, &BOX.replace("1 0 0 -1 0 595 cm ", "")].concat()),
            ("two matrices", BOX.replace("cm ", "cm 1 0 0 -1 0 595 cm ")),
            ("text that is turned", LINE.replace("1 0 0 -1 56", "0 1 1 0 56")),
            ("no colour of its own", [LINE, &BOX.replace("0.5 0 0 scn ", "")].concat()),
            ("no font of its own", [LINE, &LINE.replace("/f0 10 Tf ", "")].concat()),
            ("another rendering mode", LINE.replace("0 Tr", "3 Tr")),
            ("a clip", BOX.replace("h f", "h W n")),
            ("a path that is not painted", BOX.replace("h f", "h")),
            ("a group in a group", BOX.replace("1 2 m", "q Q 1 2 m")),
            ("a group without its end", BOX.replace("Q ", "")),
            ("painting outside of a group", [BOX, "0 0 m 9 0 l h f"].concat()),
            ("marked content that was not opened", [BOX, "EMC"].concat()),
            ("half a string", [BOX, "("].concat()),
            ("not content", [BOX, "] q Q"].concat()),
        ] {
            assert_eq!(shortened(&content), None, "{what}");
        }
    }
}
