//! Classes of characters (ISO 32000-2, 7.2.3).

/// White space.
#[inline]
pub(crate) const fn is_whitespace(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The regular characters as a table, because most bytes of a file are looked up in it.
static REGULAR: [bool; 256] = {
    let mut regular = [false; 256];
    let mut rest: &mut [bool] = &mut regular;
    let mut byte = 0_u8;
    while let [first, others @ ..] = rest {
        *first = !is_whitespace(byte) && !is_delimiter(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    regular
};

/// Returns whether a byte is neither white space nor a delimiter.
#[inline]
pub(super) fn is_regular(byte: u8) -> bool {
    REGULAR.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The value of a hexadecimal digit.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    byte.is_ascii_hexdigit().then_some(hex_value(byte))
}

/// The value of a byte that is known to be a hexadecimal digit, computed without a branch.
pub(super) const fn hex_value(byte: u8) -> u8 {
    (byte & 0x0f).wrapping_add((byte >> 6).wrapping_mul(9))
}
