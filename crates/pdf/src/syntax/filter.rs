//! Filters of streams (ISO 32000-2, 7.4).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{decompress, inflate_flags};

use super::character::is_whitespace;
use super::limits::Limit;
use super::source::Source;
use super::{Dictionary, Object, PdfString, Position, ReadError, ReadErrorKind};

/// Decompresses zlib data (RFC 1950), and charges for each byte of the result.
pub(super) fn inflate(raw: &[u8], source: &Source<'_>, at: Position) -> Result<Vec<u8>, ReadError> {
    let error = |what| ReadError::new(ReadErrorKind::Filter(what), at);
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let budget = source.budget();
    // With room for one byte more than allowed, a result that exceeds the limit differs from one
    // that exactly meets it.
    let most = budget.inflated_left().saturating_add(1);
    let mut inflater = source.inflater();
    let mut data = vec![0; raw.len().saturating_mul(4).clamp(1024, 1 << 20).min(most)];
    let (mut consumed, mut length) = (0_usize, 0_usize);
    loop {
        let rest = raw.get(consumed..).unwrap_or_default();
        let (status, read, written) = decompress(&mut inflater, rest, &mut data, length, flags);
        consumed = consumed.saturating_add(read);
        length = length.saturating_add(written);
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if data.len() < most => {
                let larger = data.len().saturating_add(data.len().clamp(1024, 1 << 20)).min(most);
                data.reserve_exact(larger.saturating_sub(data.len()));
                data.resize(larger, 0);
            }
            TINFLStatus::HasMoreOutput => {
                budget.spend_inflated(length, at)?;
                return Err(ReadError::new(ReadErrorKind::Limit(Limit::Inflated), at));
            }
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return Err(error("the compressed data is cut short"));
            }
            _ => return Err(error("the compressed data is damaged")),
        }
    }
    data.truncate(length);
    budget.spend_inflated(data.len(), at)?;
    // Some writers count the end-of-line marker before `endstream` in `/Length`.
    let slack = raw.get(consumed..).unwrap_or_default();
    if slack.len() > 2 || !slack.iter().all(|&byte| is_whitespace(byte)) {
        return Err(error("bytes follow the compressed data"));
    }
    Ok(data)
}

/// Undoes the predictor that `/DecodeParms` names (ISO 32000-2, 7.4.4.4), if it names one.
pub(super) fn unpredict(data: Vec<u8>, parameters: &Dictionary<'_>, at: Position) -> Result<Vec<u8>, ReadError> {
    let number = |key: &[u8], default: usize| match parameters.get(key) {
        None => Ok(default),
        Some(Object::Integer(value)) => usize::try_from(*value)
            .map_err(|_| ReadError::new(ReadErrorKind::Filter("a predictor parameter is out of range"), at)),
        Some(other) => Err(other.instead_of("an integer", at)),
    };
    match number(b"Predictor", 1)? {
        1 => Ok(data),
        10..=15 => PngPredictor {
            colors: number(b"Colors", 1)?,
            bits_per_component: number(b"BitsPerComponent", 8)?,
            columns: number(b"Columns", 1)?,
        }
        .decode(&data, at),
        other => Err(ReadError::new(ReadErrorKind::Unsupported(format!("predictor {other}")), at)),
    }
}

/// The parameters of a PNG predictor.
#[derive(Clone, Copy, Debug)]
struct PngPredictor {
    colors: usize,
    bits_per_component: usize,
    columns: usize,
}

impl PngPredictor {
    /// Undoes the PNG filter of each row.
    fn decode(self, data: &[u8], at: Position) -> Result<Vec<u8>, ReadError> {
        let error = |what| ReadError::new(ReadErrorKind::Filter(what), at);
        let bits_per_pixel = self.colors.saturating_mul(self.bits_per_component);
        let pixel = bits_per_pixel.div_ceil(8).max(1);
        let row_length = bits_per_pixel.saturating_mul(self.columns).div_ceil(8);
        if row_length == 0 || row_length >= data.len().max(1) {
            return Err(error("a predictor row is longer than the data"));
        }
        let mut out: Vec<u8> = Vec::with_capacity(data.len());
        let mut previous = vec![0_u8; row_length];
        for encoded in data.chunks(row_length.saturating_add(1)) {
            let Some((&filter, encoded)) = encoded.split_first() else { break };
            if encoded.len() != row_length {
                return Err(error("the last predictor row is cut short"));
            }
            let mut row: Vec<u8> = Vec::with_capacity(row_length);
            for (index, (&byte, &up)) in encoded.iter().zip(&previous).enumerate() {
                let before = index.checked_sub(pixel);
                let left = before.and_then(|index| row.get(index)).copied().unwrap_or(0);
                let up_left = before.and_then(|index| previous.get(index)).copied().unwrap_or(0);
                let predicted = match filter {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => left.midpoint(up),
                    4 => paeth(left, up, up_left),
                    _ => return Err(error("an unknown PNG filter type")),
                };
                row.push(byte.wrapping_add(predicted));
            }
            out.extend_from_slice(&row);
            previous = row;
        }
        Ok(out)
    }
}

/// The Paeth predictor of the PNG specification.
fn paeth(left: u8, up: u8, up_left: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(up_left));
    let (from_left, from_up) = (b.saturating_sub(c).saturating_abs(), a.saturating_sub(c).saturating_abs());
    let from_both = a.saturating_add(b).saturating_sub(c.saturating_mul(2)).saturating_abs();
    if from_left <= from_up && from_left <= from_both {
        left
    } else if from_up <= from_both {
        up
    } else {
        up_left
    }
}

/// Undoes `ASCIIHexDecode` (ISO 32000-2, 7.4.2).
pub(super) fn ascii_hex(raw: &[u8], at: Position) -> Result<Vec<u8>, ReadError> {
    let digits: Vec<u8> = raw.iter().copied().take_while(|byte| *byte != b'>').collect();
    if !digits.iter().all(|byte| byte.is_ascii_hexdigit() || is_whitespace(*byte)) {
        return Err(ReadError::new(ReadErrorKind::Filter("a byte that is not a hexadecimal digit"), at));
    }
    Ok(PdfString::decode_hexadecimal(&digits))
}

/// Undoes `ASCII85Decode` (ISO 32000-2, 7.4.3).
pub(super) fn ascii_85(raw: &[u8], at: Position) -> Result<Vec<u8>, ReadError> {
    let error = |what| ReadError::new(ReadErrorKind::Filter(what), at);
    let mut data = Vec::with_capacity(raw.len());
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for &byte in raw {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => data.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group.push(byte.wrapping_sub(b'!'));
                if group.len() == 5 {
                    data.extend_from_slice(&base_85(&group).ok_or_else(|| error("a group of ASCII85 is too large"))?);
                    group.clear();
                }
            }
            byte if is_whitespace(byte) => {}
            _ => return Err(error("a byte that is not a digit of ASCII85")),
        }
    }
    // A last group of n digits represents n - 1 bytes.
    match group.len() {
        0 => {}
        1 => return Err(error("the last group of ASCII85 is cut short")),
        digits => {
            group.resize(5, 84);
            let bytes = base_85(&group).ok_or_else(|| error("a group of ASCII85 is too large"))?;
            data.extend_from_slice(bytes.get(..digits.saturating_sub(1)).unwrap_or_default());
        }
    }
    Ok(data)
}

fn base_85(digits: &[u8]) -> Option<[u8; 4]> {
    let value = digits.iter().try_fold(0_u32, |value, &digit| value.checked_mul(85)?.checked_add(u32::from(digit)))?;
    Some(value.to_be_bytes())
}

/// Undoes `RunLengthDecode` (ISO 32000-2, 7.4.5), up to `most` bytes.
pub(super) fn run_length(raw: &[u8], most: usize, at: Position) -> Result<Vec<u8>, ReadError> {
    let mut data = Vec::new();
    let mut rest = raw;
    loop {
        rest = match rest {
            [] | [128, ..] => return Ok(data),
            [length @ 0..=127, after @ ..] => {
                let (bytes, after) = after
                    .split_at_checked(usize::from(*length).saturating_add(1))
                    .ok_or(ReadError::new(ReadErrorKind::Filter("a run is cut short"), at))?;
                data.extend_from_slice(bytes);
                after
            }
            [length, byte, after @ ..] => {
                data.resize(data.len().saturating_add(257).saturating_sub(usize::from(*length)), *byte);
                after
            }
            [_] => return Err(ReadError::new(ReadErrorKind::Filter("a run is cut short"), at)),
        };
        if data.len() > most {
            return Err(ReadError::new(ReadErrorKind::Limit(Limit::Inflated), at));
        }
    }
}
