//! The content of a page, said in fewer words.
//!
//! The typesetter counts down from the top of the page, so that every line of text brings a matrix along, opens a graphics
//! state for each line and each shape, and sets matrix, colour and font in it anew. Whoever verifies a letter reads every
//! operator. Here pages count up as PDF does, lines begin at a point, and what holds already is not said again.

use lopdf::content::{Content, Operation};
use lopdf::{Object, StringFormat};

use crate::syntax::{Lexer, Token};

/// The same page with fewer operators, or none where the content is not of the form in which letters are set.
pub(super) fn concise(content: &[u8]) -> Option<Vec<u8>> {
    let mut page = Page::default();
    let operations = Content::decode(content).ok()?.operations;
    // lopdf drops what it cannot read.
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

/// How many operators there are.
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

/// What was written, and the graphics state that it leaves behind.
#[derive(Default)]
struct Page {
    written: Vec<Operation>,
    /// Tags and properties of the marked content that is open, outermost first.
    open: Vec<Vec<Object>>,
    /// Those of the marked content that the last operator closed.
    closed: Option<Vec<Object>>,
    /// From where the typesetter counts down, in thousandths of a point.
    height: Option<i64>,
    color_space: Option<Vec<Object>>,
    color: Option<Vec<Object>>,
    font: Option<Vec<Object>>,
}

impl Page {
    /// Takes the operators of one `q` up to its `Q`. It stands for itself: it sets everything that it paints with.
    fn group(&mut self, operations: &mut impl Iterator<Item = Operation>) -> Option<()> {
        let (mut height, mut colored, mut lettered) = (None, false, false);
        let mut path = Vec::new();
        for mut operation in operations {
            match operation.operator.as_str() {
                "Q" => return path.is_empty().then_some(()),
                "cm" if height.is_none() => {
                    let [1000, 0, 0, -1000, 0, page] = thousandths(&operation.operands)? else { return None };
                    height = Some(page);
                    if self.height.replace(page).is_some_and(|other| other != page) {
                        return None;
                    }
                }
                "cs" => {
                    colored = false;
                    // To choose a space is to choose its first colour.
                    if change(&mut self.color_space, &operation.operands) {
                        self.color = None;
                        self.write(operation);
                    }
                }
                "scn" if self.color_space.is_some() => {
                    colored = true;
                    operation.operands.iter_mut().for_each(shorten);
                    if change(&mut self.color, &operation.operands) {
                        self.write(operation);
                    }
                }
                "Tf" => {
                    lettered = true;
                    if change(&mut self.font, &operation.operands) {
                        self.write(operation);
                    }
                }
                "Tr" if operation.operands == [Object::Integer(0)] => {}
                "Tm" => {
                    let [1000, 0, 0, -1000, x, y] = thousandths(&operation.operands)? else { return None };
                    self.write(operator("Td", &[x, height? - y]));
                }
                "Tj" | "TJ" if height.is_some() && colored && lettered => {
                    operation.operands.iter_mut().for_each(shorten);
                    self.write(operation);
                }
                "m" | "l" | "c" | "h" => {
                    path.push((operation.operator, coordinates(&operation.operands, height?)?));
                }
                "f" | "f*" if colored => {
                    for segment in rectangle(&path).unwrap_or_else(|| segments(&path)) {
                        self.write(segment);
                    }
                    path.clear();
                    self.write(operation);
                }
                "BT" | "ET" => self.write(operation),
                "BMC" | "BDC" | "EMC" => self.marked_content(operation)?,
                _ => return None,
            }
        }
        None
    }

    fn write(&mut self, operation: Operation) {
        self.written.push(operation);
        self.closed = None;
    }

    /// Opens or closes marked content; of artifacts that follow one another, one is made.
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

/// Whether this differs from what holds, which it then becomes.
fn change(current: &mut Option<Vec<Object>>, operands: &[Object]) -> bool {
    let changes = current.as_deref() != Some(operands);
    if changes {
        *current = Some(operands.to_vec());
    }
    changes
}

/// An operator and its coordinates.
type Segment = (String, Vec<i64>);

/// The path as `re` if it is one rectangle with sides along the axes.
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

/// Points of the typesetter, which counts down from `height`, as points of the page.
fn coordinates(operands: &[Object], height: i64) -> Option<Vec<i64>> {
    let down = operands.iter().map(in_thousandths).collect::<Option<Vec<i64>>>()?;
    Some(down.into_iter().enumerate().map(|(at, number)| if at % 2 == 0 { number } else { height - number }).collect())
}

fn thousandths<const N: usize>(operands: &[Object]) -> Option<[i64; N]> {
    operands.iter().map(in_thousandths).collect::<Option<Vec<i64>>>()?.try_into().ok()
}

/// A number in thousandths: of a point, or of the range of a colour. Nobody sees less.
fn in_thousandths(number: &Object) -> Option<i64> {
    Some((f64::from(number.as_float().ok()?) * 1000.0).round() as i64)
}

fn written(thousandths: i64) -> Object {
    match thousandths % 1000 {
        0 => Object::Integer(thousandths / 1000),
        _ => Object::Real((thousandths as f64 / 1000.0) as f32),
    }
}

/// Numbers are rounded to thousandths. Two bytes of a glyph take four hexadecimal digits, and eight as octal codes.
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
    fn what_holds_already_is_not_said_again() {
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
    fn what_depends_on_its_group_stays_as_it_was() {
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
            ("what is no content", [BOX, "] q Q"].concat()),
        ] {
            assert_eq!(shortened(&content), None, "{what}");
        }
    }
}
