//! Which features fire in a row, as a set of bits: a bit a feature, 64 in a word.

/// Bits of a word.
pub(super) const WORD: usize = u64::BITS as usize;

/// The places of the ones among the bits of these words, in increasing order.
pub(super) fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(k, &word)| {
        let mut rest = word;
        core::iter::from_fn(move || {
            let place = (rest != 0).then_some(WORD * k + rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(place)
        })
    })
}
