//! Random numbers that depend on where they are used, not on what was drawn before.
//!
//! Sample `row` of stream `stream` is a function of `(seed, stream, row)` alone: the three, and a number for the
//! purpose (firing, exclusion, a dictionary's rows, ...), are hashed to the state and the increment of a PCG64
//! generator (O'Neill 2014, XSL-RR 128/64, crate `rand_pcg`), which then serves that row. So batches, threads and
//! machines may split the rows as they like and get the same bits, and two kernels given the same seed and
//! stream draw independent numbers.

mod exponential;
mod exponential_table;
mod mersenne;
mod ziggurat;
mod ziggurat_table;

pub(crate) use exponential::standard_exponential;
pub(crate) use mersenne::Mersenne;
pub(crate) use ziggurat::standard_normal;

use rand_core::Rng;
use rand_pcg::Pcg64;

/// The name of a sequence of rows of random numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stream {
    /// The seed of the experiment.
    pub seed: u64,
    /// Which of the seed's independent streams: training data and test data, say.
    pub stream: u64,
}

/// What a row of random numbers is used for; keeps kernels that share a [`Stream`] independent.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(crate) enum Purpose {
    Activations = 1,
    Exclusion = 2,
    DictionaryRows = 3,
    FiringProbabilities = 4,
    CorrelationPairs = 5,
    WeightNoise = 6,
    Magnitudes = 7,
    MissingDirections = 8,
    SparseActivations = 9,
    SparseMagnitudes = 10,
    FoldedMagnitudes = 11,
    LowRankFactor = 12,
    LowRankActivations = 13,
    LowRankMagnitudes = 14,
    GroupedActivations = 18,
}

impl Stream {
    /// Names stream `stream` of seed `seed`.
    pub const fn new(seed: u64, stream: u64) -> Self {
        Self { seed, stream }
    }

    /// The generator of row `row` for one purpose.
    ///
    /// Each step of the hash is a bijection of the word it takes in, so that rows, streams and seeds that
    /// differ in one word only never meet in the same state.
    pub(crate) fn row(self, purpose: Purpose, row: u64) -> Pcg64 {
        let mut hash = mix(self.seed.wrapping_add(GOLDEN));
        for word in [self.stream, purpose as u64, row] {
            hash = mix((hash ^ word).wrapping_add(GOLDEN));
        }
        let word = |k: u64| u128::from(mix(hash.wrapping_add(GOLDEN.wrapping_mul(k))));
        let state = word(1) << 64 | word(2);
        let increment = word(3) << 64 | word(4);
        Pcg64::new(state, increment)
    }
}

/// 2^64 divided by the golden ratio, the increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64-bit words.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A uniform number in [0, 1): a multiple of 2^-53.
pub(crate) fn unit_uniform(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A uniform index in `0..count`, exactly uniform (Lemire 2019); `count` must not be zero.
pub(crate) fn uniform_index(rng: &mut impl Rng, count: u64) -> u64 {
    debug_assert!(count > 0);
    // The low half of the product below this bound would favour some indices: draw again.
    let bound = count.wrapping_neg() % count;
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(count);
        if product as u64 >= bound {
            return (product >> 64) as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_streams_seeds_and_purposes_differ() {
        let first = |seed, stream, purpose, row| Stream::new(seed, stream).row(purpose, row).next_u64();
        let base = first(1, 2, Purpose::Activations, 3);
        assert_eq!(base, first(1, 2, Purpose::Activations, 3));
        for other in [
            first(2, 2, Purpose::Activations, 3),
            first(1, 3, Purpose::Activations, 3),
            first(1, 2, Purpose::Activations, 4),
            first(1, 2, Purpose::Exclusion, 3),
            first(2, 1, Purpose::Activations, 3),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn neighbouring_rows_are_uncorrelated() {
        // The correlation of n independent pairs of uniforms has standard deviation 1/sqrt(n): 5 of them.
        let n = 200_000_u64;
        let first = |row| unit_uniform(&mut Stream::new(7, 0).row(Purpose::Activations, row)) - 0.5;
        let covariance: f64 = (0..n).map(|r| first(r) * first(r + 1)).sum::<f64>() / n as f64;
        assert!((covariance * 12.0).abs() < 5.0 / (n as f64).sqrt());
    }

    #[test]
    fn indices_are_uniform() {
        let mut rng = Stream::new(11, 0).row(Purpose::Exclusion, 0);
        let mut counts = [0u32; 7];
        let draws = 700_000;
        for _ in 0..draws {
            counts[uniform_index(&mut rng, 7) as usize] += 1;
        }
        // Chi-squared with 6 degrees of freedom exceeds 27.9 with probability 1e-4.
        let expected = f64::from(draws) / 7.0;
        let chi2: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
        assert!(chi2 < 27.9, "{chi2}");
    }
}
