//! Indices in increasing order, as the first one and then the difference of each to the one before.

/// Encodes indices that increase.
pub(crate) fn encode(indices: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut above = 0;
    indices.into_iter().map(|idx| idx.saturating_sub(core::mem::replace(&mut above, idx))).collect()
}

/// Decodes indices. Fails with the position of the first one that is not larger than the one before
/// it, or too large.
pub(crate) fn decode(mut gaps: Vec<u32>) -> Result<Vec<u32>, usize> {
    let mut above = None;
    for (at, idx) in gaps.iter_mut().enumerate() {
        *idx = match above {
            None => *idx,
            Some(above) => Some(*idx).filter(|gap| *gap > 0).and_then(|gap| gap.checked_add(above)).ok_or(at)?,
        };
        above = Some(*idx);
    }
    Ok(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_increase() {
        for indices in [&[][..], &[0], &[5], &[0, 1, 7, u32::MAX]] {
            assert_eq!(decode(encode(indices.iter().copied())).as_deref(), Ok(indices));
        }
        assert_eq!(decode(vec![1, u32::MAX - 1]), Ok(vec![1, u32::MAX]));
        assert_eq!(decode(vec![1, u32::MAX]), Err(1));
        assert_eq!(decode(vec![0, 1, 0]), Err(2));
    }
}
