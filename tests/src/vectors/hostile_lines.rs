//! Page content with very many lines.

/// The most lines that stay below the limit of operators, together with the other page.
const MOST: usize = 48_000;

/// Lines of one space, each nine points above the one before. They need not be on the page.
pub(super) fn blank(room: usize) -> String {
    const LINE: &str = "0 9 Td<0005>Tj ";
    format!("BT/f1 4 Tf 72 72 Td {}ET", LINE.repeat((room / LINE.len()).min(MOST)))
}
