//! Dates (ISO 32000-2, 7.9.4).

use cqm_core::UnixTime;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Reads `D:YYYYMMDDHHmmSS` followed by nothing, by `Z`, or by an offset `+HH'mm'`.
pub(super) fn time(date: &[u8]) -> Option<UnixTime> {
    let digits = date.strip_prefix(b"D:")?;
    let (digits, zone) = digits.split_at_checked(14)?;
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = digits.get(from..to)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let part = |from, to| number(from, to).and_then(|number| i8::try_from(number).ok());
    let civil =
        DateTime::new(number(0, 4)?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()?;
    Some(UnixTime::new(zone_offset(zone)?.to_timestamp(civil).ok()?.as_second()))
}

fn zone_offset(zone: &[u8]) -> Option<Offset> {
    let pair = |digits: &[u8]| -> Option<i32> {
        match digits {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
                i32::from(tens & 0x0f).checked_mul(10)?.checked_add(i32::from(ones & 0x0f))
            }
            _ => None,
        }
    };
    let (sign, hours, minutes) = match zone {
        [] | [b'Z'] | [b'Z', b'0', b'0', b'\'', b'0', b'0'] | [b'Z', b'0', b'0', b'\'', b'0', b'0', b'\''] => {
            return Some(Offset::UTC);
        }
        [sign @ (b'+' | b'-'), h1, h2, b'\'', m1, m2] | [sign @ (b'+' | b'-'), h1, h2, b'\'', m1, m2, b'\''] => {
            (*sign, pair(&[*h1, *h2])?, pair(&[*m1, *m2])?)
        }
        _ => return None,
    };
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    Offset::from_seconds(if sign == b'-' { seconds.checked_neg()? } else { seconds }).ok()
}
