//! How much the vectors of a dictionary interfere: statistics of the cosines of all pairs, which are never all in
//! memory.
//!
//! More vectors than dimensions cannot be orthogonal ("superposition": Elhage et al. 2022, "Toy models of
//! superposition", arXiv:2209.10652). How far from it they must be is bounded by Welch 1974, "Lower bounds on the
//! maximum cross correlation of signals", and the sum of squares is the frame potential of Benedetto and Fickus 2003,
//! "Finite normalized tight frames". The statistics of each vector are those of sae-lens.

use super::matched::{MatchParams, ensure_indexable};
use super::products::{BLOCK, Best, Similarity, products_scratch, with_products};
use crate::assignment::CompensatedSum;
use crate::dictionary::welch_bound;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{RowMajor, ensure_finite_matrix, ensure_not_empty};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, vector_scratch};
use core::cmp::Ordering;
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// The percentiles that are taken where none are asked for: those of sae-lens.
pub const DEFAULT_PERCENTILES: &[f64] = &[95.0, 99.0];

/// Parameters of [`superposition`].
#[derive(Clone, Copy, Debug)]
pub struct SuperpositionParams<'a> {
    /// The percentiles of |cos|, each in [0, 100], in any order. Default [`DEFAULT_PERCENTILES`].
    pub percentiles: &'a [f64],
    /// Threads. The result does not depend on it. Default one.
    pub par: Par,
}

impl Default for SuperpositionParams<'_> {
    fn default() -> Self {
        Self { percentiles: DEFAULT_PERCENTILES, par: Par::Seq }
    }
}

/// What [`superposition`] writes for k percentiles, each if it is given.
#[derive(Debug, Default)]
pub struct SuperpositionOut<'a, T> {
    /// For each of the n vectors the greatest |cos| with another.
    pub max_of_vectors: Option<&'a mut [T]>,
    /// For each of the n vectors its k percentiles of |cos|, one vector after the other.
    pub percentiles_of_vectors: Option<&'a mut [T]>,
    /// The mean over all vectors of each of the k percentiles.
    pub mean_percentiles: Option<&'a mut [f64]>,
}

/// The statistics of all pairs of vectors of a dictionary.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Superposition {
    /// The mean over all vectors of the greatest |cos| with another.
    pub mean_max: f64,
    /// The mean of |cos| over all pairs.
    pub mean_absolute: f64,
    /// The root of the mean of cos^2 over all pairs.
    pub rms: f64,
    /// The sum of cos^2 over all ordered pairs i != j; for unit vectors at least n^2/d - n.
    pub frame_potential: f64,
    /// The greatest |cos| of a pair.
    pub coherence: f64,
    /// The least coherence that n unit vectors in d dimensions can have by Welch's bound: the root of
    /// (n - d) / (d (n - 1)), 0 where n <= d. It is reached only by equiangular tight frames.
    pub welch_bound: f64,
}

/// The workspace of [`superposition`] for `n` vectors of `d` entries and `k` percentiles.
///
/// With s bytes a value: n d s for the packed vectors, 96 (n + d) s for a block of cosines and its vectors, n rounded
/// up to 64, and 768 k for the percentiles of a block. At n = 65536, d = 512 in single precision 160 MB, where the
/// cosines alone would take 17 GB.
pub fn superposition_scratch<T: Scalar>(n: usize, d: usize, k: usize) -> StackReq {
    StackReq::all_of(&[
        products_scratch::<T>(n, d),
        vector_scratch::<OfVector>(BLOCK),
        matrix_scratch::<f64>(BLOCK, k.max(1)),
    ])
}

/// Measures the cosines of all pairs of the vectors of `dictionary[n, d]`.
///
/// For each vector i, over the n - 1 others: the greatest |cos(i, j)| and percentiles of |cos(i, j)|; the p-th
/// percentile lies at position p (n - 2) / 100 among the values in increasing order, counted from 0, and between two
/// positions it is interpolated linearly, as `numpy.quantile` and `torch.quantile` do. Over all: see
/// [`Superposition`]. A vector whose norm is less than 1e-8 is divided by 1e-8 instead; one of zeros has cosine 0
/// with all others and counts among them.
///
/// Percentiles are exact for the cosines as computed in `T`: all n - 1 values of a vector lie in memory together and
/// are selected from, not sampled or counted in bins. Sums are in double precision, in an order that depends on n
/// alone; those over pairs are compensated.
///
/// # Errors
/// - [`Reason::Empty`] for a `dictionary` without elements; [`Reason::OutOfRange`] for a single vector
///   ([`Argument::Rows`]); [`Reason::SizeOverflow`] for 2^32 - 1 vectors or more;
/// - [`Reason::NotANumber`], [`Reason::Infinite`] or [`Reason::OutOfRange`] for a percentile outside [0, 100];
/// - [`Reason::Shape`] for `max_of_vectors` without n, `percentiles_of_vectors` without n k or `mean_percentiles`
///   without k values;
/// - [`Reason::WorkspaceTooSmall`] for less than [`superposition_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `dictionary` that is not finite.
///
/// All outputs are then untouched.
///
/// # Cost
/// 2 n^2 d flops; then each cosine is read twice, and the greatest ones, as many as the least percentile leaves
/// above it, about 4 + 2 k times.
///
/// # Determinism
/// The same bits for any number of threads. Where the machine has no fused multiplication and addition, or the
/// library is built without `std`, products round twice and may differ in the last place from those of other
/// machines.
///
/// # Source
/// `sae_lens.synthetic.compute_superposition_stats` for what each vector has, its means, and the mean over pairs.
pub fn superposition<T: Scalar>(
    dictionary: RowMajor<'_, T>,
    params: &SuperpositionParams<'_>,
    mut out: SuperpositionOut<'_, T>,
    stack: &mut MemStack,
) -> Result<Superposition, Error> {
    let (n, d, k) = (dictionary.nrows(), dictionary.ncols(), params.percentiles.len());
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    ensure(n > 1, Reason::OutOfRange, Argument::Rows)?;
    ensure_indexable(n, Argument::Dictionary)?;
    for &percentile in params.percentiles {
        ensure_finite(percentile, Argument::Percentiles)?;
        ensure((0.0..=100.0).contains(&percentile), Reason::OutOfRange, Argument::Percentiles)?;
    }
    let fits = |given: &Option<&mut [T]>, len| given.as_deref().is_none_or(|given| Some(given.len()) == len);
    ensure(fits(&out.max_of_vectors, Some(n)), Reason::Shape, Argument::MaxOfVectors)?;
    ensure(
        fits(&out.percentiles_of_vectors, n.checked_mul(k)),
        Reason::Shape,
        Argument::PercentilesOfVectors,
    )?;
    let has_k_means = out.mean_percentiles.as_deref().is_none_or(|means| means.len() == k);
    ensure(has_k_means, Reason::Shape, Argument::MeanPercentiles)?;
    ensure_workspace(stack, superposition_scratch::<T>(n, d, k))?;
    ensure_finite_matrix(dictionary, Argument::Dictionary)?;

    let room = k.max(1);
    let (mut of_vectors, stack) = take(stack, BLOCK, OfVector::default());
    let (mut percentiles, stack) = take(stack, BLOCK * room, 0.0_f64);
    if let Some(means) = &mut out.mean_percentiles {
        means.fill(0.0);
    }
    let mut all = Sums::default();
    let product = MatchParams { similarity: Similarity::AbsoluteCosine, par: params.par };
    with_products(dictionary, dictionary, product, Best::default(), stack, |products, _| {
        products.give_similarities();
        let mut measure =
            Measure { n, stride: products.stride(), percentiles: params.percentiles, floor: 0.0 };
        for first in (0..n).step_by(BLOCK) {
            let (rows, block) = products.take_block(first);
            let of_vectors = &mut of_vectors[..rows];
            measure.rows_on(params.par, first, block, of_vectors, &mut percentiles[..rows * room]);
            for (r, of_vector) in of_vectors.iter().enumerate() {
                let (i, percentiles) = (first + r, &percentiles[r * room..][..k]);
                all.add(of_vector);
                if let Some(max) = &mut out.max_of_vectors {
                    max[i] = T::from_f64(of_vector.max);
                }
                if let Some(out) = &mut out.percentiles_of_vectors {
                    let out = out[i * k..][..k].iter_mut();
                    out.zip(percentiles).for_each(|(out, &x)| *out = T::from_f64(x));
                }
                if let Some(means) = &mut out.mean_percentiles {
                    means.iter_mut().zip(percentiles).for_each(|(mean, x)| *mean += x);
                }
            }
            measure.floor = of_vectors[rows - 1].floor;
        }
        Ok(())
    })?;
    if let Some(means) = &mut out.mean_percentiles {
        means.iter_mut().for_each(|mean| *mean /= n as f64);
    }
    Ok(all.summary(n, d))
}

/// What is found about the |cos| of one vector with the others, beside percentiles.
#[derive(Clone, Copy, Debug, Default)]
struct OfVector {
    max: f64,
    sum: f64,
    sum_of_squares: f64,
    /// The value that the least percentile begins at.
    floor: f64,
}

/// Sums over all vectors.
#[derive(Default)]
struct Sums {
    max: CompensatedSum,
    absolute: CompensatedSum,
    squares: CompensatedSum,
    coherence: f64,
}

impl Sums {
    fn add(&mut self, of_vector: &OfVector) {
        self.max.add(of_vector.max);
        self.absolute.add(of_vector.sum);
        self.squares.add(of_vector.sum_of_squares);
        self.coherence = self.coherence.max(of_vector.max);
    }

    /// The statistics of `n` vectors in `d` dimensions.
    fn summary(self, n: usize, d: usize) -> Superposition {
        let welch_bound = welch_bound(n, d);
        let n = n as f64;
        let pairs = n * (n - 1.0);
        let frame_potential = self.squares.value();
        Superposition {
            mean_max: self.max.value() / n,
            mean_absolute: self.absolute.value() / pairs,
            rms: Scalar::sqrt(frame_potential / pairs),
            frame_potential,
            coherence: self.coherence,
            welch_bound,
        }
    }
}

/// How rows of |cos| of all vectors with all vectors are measured.
struct Measure<'a> {
    n: usize,
    /// How far apart rows are.
    stride: usize,
    percentiles: &'a [f64],
    /// Where the values that the percentiles need are thought to begin; only speed depends on it.
    floor: f64,
}

impl Measure<'_> {
    /// Measures the rows of vectors `first`, `first` + 1, ..., and spoils them, on these threads.
    ///
    /// `percentiles` has for each row as many values as are asked for, but at least one.
    fn rows_on<T: Scalar>(
        &self,
        par: Par,
        first: usize,
        rows: &mut [T],
        out: &mut [OfVector],
        percentiles: &mut [f64],
    ) {
        match par {
            #[cfg(feature = "parallel")]
            Par::Rayon(threads) => {
                use rayon::prelude::*;
                let each = out.len().div_ceil(threads.get()).max(1);
                let room = self.percentiles.len().max(1);
                let parts = rows.par_chunks_mut(each * self.stride).zip(out.par_chunks_mut(each));
                let parts = parts.zip(percentiles.par_chunks_mut(each * room)).enumerate();
                parts.for_each(|(p, ((rows, out), percentiles))| {
                    self.rows(first + p * each, rows, out, percentiles);
                });
            }
            // faer may know of threads when this crate has been built without.
            #[allow(unreachable_patterns)]
            _ => self.rows(first, rows, out, percentiles),
        }
    }

    /// The same on one thread.
    fn rows<T: Scalar>(&self, first: usize, rows: &mut [T], out: &mut [OfVector], percentiles: &mut [f64]) {
        let mut floor = self.floor;
        let rows = rows.chunks_exact_mut(self.stride).zip(out);
        let room = self.percentiles.len().max(1);
        for (r, ((row, out), percentiles)) in rows.zip(percentiles.chunks_exact_mut(room)).enumerate() {
            // The last takes the place of the vector's cosine with itself.
            row[first + r] = row[self.n - 1];
            *out = self.row(&mut row[..self.n - 1], floor, percentiles);
            floor = out.floor;
        }
    }

    /// Measures the |cos| of a vector with all others.
    fn row<T: Scalar>(&self, others: &mut [T], floor: f64, percentiles: &mut [f64]) -> OfVector {
        // Rows of one dictionary are much alike: what is above a little less than the floor of the row before is
        // nearly always enough.
        let threshold = T::from_f64(floor * 0.9375);
        let mut found = vectorised(Summary { values: others, threshold });
        let places = self.percentiles.iter().map(|&p| Place::new(p, others.len()));
        let Some(least) = places.map(|place| place.below).min() else { return found.of_vector };
        let mut upper = others;
        if found.above >= upper.len() - least {
            upper = keep_from(upper, threshold);
        }
        let left_out = self.n - 1 - upper.len();
        for (&percentile, out) in self.percentiles.iter().zip(percentiles) {
            let Place { below, share } = Place::new(percentile, self.n - 1);
            let (value, next) = value_and_next(upper, below - left_out);
            let (value, next) = (value.to_f64(), next.to_f64());
            *out = value + share * (next - value);
            if below == least {
                found.of_vector.floor = value;
            }
        }
        found.of_vector
    }
}

/// Where a percentile lies among values in increasing order.
struct Place {
    /// The value at it or below it.
    below: usize,
    /// How far it is on the way to the next value, in [0, 1).
    share: f64,
}

impl Place {
    /// The place of a percentile in [0, 100] among `count` values.
    fn new(percentile: f64, count: usize) -> Self {
        let position = percentile / 100.0 * (count - 1) as f64;
        let below = (position as usize).min(count - 1);
        Self { below, share: position - below as f64 }
    }
}

/// Moves the values that are at least `threshold` to the front, in their order, and gives them.
fn keep_from<T: Scalar>(values: &mut [T], threshold: T) -> &mut [T] {
    let mut kept = 0;
    for i in 0..values.len() {
        let value = values[i];
        values[kept] = value;
        kept += usize::from(value >= threshold);
    }
    &mut values[..kept]
}

/// The value at a position in increasing order, and the one after it, or the same again where it is the last.
fn value_and_next<T: Scalar>(values: &mut [T], position: usize) -> (T, T) {
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    let (_, &mut value, above) = values.select_nth_unstable_by(position, order);
    let next = above.iter().fold(T::INFINITY, |least, &x| if x < least { x } else { least });
    (value, if above.is_empty() { value } else { next })
}

/// Sums up values that are not negative, and counts those that are at least `threshold`.
struct Summary<'a, T> {
    values: &'a [T],
    threshold: T,
}

/// What [`Summary`] finds.
struct Found {
    of_vector: OfVector,
    above: usize,
}

impl<T: Scalar> Loop for Summary<'_, T> {
    type Output = Found;

    #[inline(always)]
    fn run(self) -> Found {
        const LANES: usize = 16;
        let (mut max, mut above) = ([T::ZERO; LANES], [0_u32; LANES]);
        let (mut sum, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES]);
        let (chunks, rest) = self.values.as_chunks::<LANES>();
        let mut last = [T::ZERO; LANES];
        last[..rest.len()].copy_from_slice(rest);
        let mut take = |chunk: &[T; LANES], lanes: usize| {
            for lane in 0..lanes {
                let x = chunk[lane];
                max[lane] = if x > max[lane] { x } else { max[lane] };
                above[lane] += u32::from(x >= self.threshold);
                sum[lane] += x.to_f64();
                squares[lane] += x.to_f64() * x.to_f64();
            }
        };
        chunks.iter().for_each(|chunk| take(chunk, LANES));
        take(&last, rest.len());
        let add = |lanes: [f64; LANES]| lanes.iter().sum::<f64>();
        let max = max.iter().fold(T::ZERO, |max, &x| if x > max { x } else { max });
        Found {
            of_vector: OfVector {
                max: max.to_f64(),
                sum: add(sum),
                sum_of_squares: add(squares),
                floor: 0.0,
            },
            above: above.iter().map(|&count| count as usize).sum(),
        }
    }
}
