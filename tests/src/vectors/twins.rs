//! The accepted letters that the other vectors start from.

use super::pdf::Pdf;
use super::{LETTER, PLAIN, Vector};

pub(super) fn vectors() -> Vec<Vector> {
    let mut twins = [
        Vector::accepted(LETTER, "none: the letter of three sites as it is issued", Pdf::letter().sign()),
        Vector::accepted(
            PLAIN,
            "none: the letter with the content of its first page not compressed",
            Pdf::plain().sign(),
        ),
    ];
    for twin in &mut twins {
        twin.header.twin = None;
    }
    twins.into()
}
