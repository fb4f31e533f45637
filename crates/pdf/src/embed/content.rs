//! The content of a page, said once.
//!
//! The typesetter opens a graphics state for each line of text and each shape, and sets matrix, colour and font in it
//! anew. Whoever verifies a letter reads every operator, and nearly all of these repeat what holds already. Here
//! they stay only where they change something.

use lopdf::content::{Content, Operation};
use lopdf::{Object, StringFormat};

use crate::read::{Lexer, Token};

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
            "BMC" | "BDC" | "EMC" => page.written.push(operation),
            "q" => page.group(&mut operations)?,
            _ => return None,
        }
    }
    // The page ends in the state in which it began.
    let (save, restore) = (Operation::new("q", Vec::new()), Operation::new("Q", Vec::new()));
    let operations = [vec![save], page.written, vec![restore]].concat();
    Content { operations }.encode().ok()
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
    matrix: Option<Vec<Object>>,
    color_space: Option<Vec<Object>>,
    color: Option<Vec<Object>>,
    font: Option<Vec<Object>>,
}

impl Page {
    /// Takes the operators of one `q` up to its `Q`. It stands for itself: it sets everything that it paints with.
    fn group(&mut self, operations: &mut impl Iterator<Item = Operation>) -> Option<()> {
        let (mut placed, mut colored, mut lettered) = (false, false, false);
        for mut operation in operations {
            operation.operands.iter_mut().for_each(shorten);
            match operation.operator.as_str() {
                "Q" => return Some(()),
                "cm" if !placed && self.matrix.as_ref().is_none_or(|matrix| *matrix == operation.operands) => {
                    placed = true;
                    change(&mut self.matrix, operation, &mut self.written);
                }
                "cs" => {
                    colored = false;
                    // To choose a space is to choose its first colour.
                    if change(&mut self.color_space, operation, &mut self.written) {
                        self.color = None;
                    }
                }
                "scn" if self.color_space.is_some() => {
                    colored = true;
                    change(&mut self.color, operation, &mut self.written);
                }
                "Tf" => {
                    lettered = true;
                    change(&mut self.font, operation, &mut self.written);
                }
                "Tr" if operation.operands == [Object::Integer(0)] => {}
                "Tj" | "TJ" if placed && colored && lettered => {
                    self.written.push(operation);
                }
                "m" | "l" | "c" | "h" | "f" | "f*" if placed && colored => self.written.push(operation),
                "BT" | "Tm" | "ET" | "BMC" | "BDC" | "EMC" => self.written.push(operation),
                _ => return None,
            }
        }
        None
    }
}

/// Writes an operator that sets what does not hold already.
fn change(current: &mut Option<Vec<Object>>, operation: Operation, written: &mut Vec<Operation>) -> bool {
    let changes = current.as_ref() != Some(&operation.operands);
    if changes {
        *current = Some(operation.operands.clone());
        written.push(operation);
    }
    changes
}

/// Numbers are rounded to thousandths: of a point, or of the range of a colour. Two bytes of a glyph take four
/// hexadecimal digits, and eight as octal codes.
fn shorten(operand: &mut Object) {
    match operand {
        Object::Real(value) => *value = (*value * 1000.0).round() / 1000.0,
        Object::String(_, format) => *format = StringFormat::Hexadecimal,
        Object::Array(elements) => elements.iter_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "/P <</MCID 0>> BDC q 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn \
        BT 0 Tr /f0 10 Tf 1 0 0 -1 56 80 Tm [(\\000\\001) 20 (\\000\\002)] TJ ET Q EMC ";
    const BOX: &str = "q 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn 0 0 m 9 0 l 9 9 l h f Q ";

    fn shortened(content: &str) -> Option<String> {
        concise(content.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap().replace('\n', " "))
    }

    #[test]
    fn what_holds_already_is_not_said_again() {
        let other = LINE.replace("0.5 0 0 scn", "0 0 1 scn").replace("/f0 10", "/f0 8");
        let expected = "q /P <</MCID 0>> BDC 1 0 0 -1 0 595 cm /c0 cs 0.5 0 0 scn \
             BT /f0 10 Tf 1 0 0 -1 56 80 Tm [<0001> 20<0002>] TJ ET EMC \
             0 0 m 9 0 l 9 9 l h f \
             /P <</MCID 0>> BDC BT 1 0 0 -1 56 80 Tm [<0001> 20<0002>] TJ ET EMC \
             /P <</MCID 0>> BDC 0 0 1 scn BT /f0 8 Tf 1 0 0 -1 56 80 Tm [<0001> 20<0002>] TJ ET EMC Q";
        assert_eq!(shortened(&[LINE, BOX, LINE, &other].concat()).unwrap(), expected);
    }

    #[test]
    fn what_depends_on_its_group_stays_as_it_was() {
        assert!(shortened(&[LINE, BOX].concat()).is_some());
        for (what, content) in [
            ("another matrix", [LINE, &BOX.replace("595", "500")].concat()),
            ("no matrix of its own", [LINE, &BOX.replace("1 0 0 -1 0 595 cm ", "")].concat()),
            ("two matrices", BOX.replace("cm ", "cm 1 0 0 -1 0 595 cm ")),
            ("no colour of its own", [LINE, &BOX.replace("0.5 0 0 scn ", "")].concat()),
            ("no font of its own", [LINE, &LINE.replace("/f0 10 Tf ", "")].concat()),
            ("another rendering mode", LINE.replace("0 Tr", "3 Tr")),
            ("a clip", BOX.replace("h f", "h W n")),
            ("a group in a group", BOX.replace("0 0 m", "q Q 0 0 m")),
            ("a group without its end", BOX.replace("Q ", "")),
            ("painting outside of a group", [BOX, "0 0 m 9 0 l h f"].concat()),
            ("half a string", [BOX, "("].concat()),
            ("what is no content", [BOX, "] q Q"].concat()),
        ] {
            assert_eq!(shortened(&content), None, "{what}");
        }
    }
}
