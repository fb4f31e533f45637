//! Names that no object of a letter has, as a key or as a value.

/// Returns whether a name belongs to a way of decoding, of colouring or of drawing that letters do
/// not use. In the wrong place a viewer may act on it where this reader does not.
pub(super) const fn is_foreign(name: &[u8]) -> bool {
    match name {
        // Parameters of filters, and data in other files (ISO 32000-2, tables 5 and 91).
        b"DecodeParms" | b"DP" | b"FFilter" | b"FDecodeParms" | b"Crypt" => true,
        // Colour spaces other than the ICC-based one, and what replaces colour spaces (8.6).
        b"Alternate" | b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"CalGray" | b"CalRGB" | b"Lab" => true,
        b"Indexed" | b"Separation" | b"DeviceN" | b"DefaultGray" | b"DefaultRGB" | b"DefaultCMYK" => true,
        // What paints without text and paths (8.7 to 8.10), and masks (11.6).
        b"Pattern" | b"Shading" | b"XObject" | b"SMask" => true,
        // A CMap that takes its codes from another one (9.7.5.3).
        b"UseCMap" => true,
        _ => false,
    }
}
