//! Tight frames whose vectors all have length 1, by alternating projection with an accelerated second step.
//!
//! The method of Tropp, Dhillon, Heath and Strohmer (2005) goes to the nearest tight frame and from there to the nearest
//! matrix of unit rows, in turn: the fixed-point iteration of Tyler's M-estimator (1987). With tight rows e_i the
//! *leverage* of row i of n in m dimensions is p_i = (m/n) |e_i|^2, and all are to be m/n. The plain step divides row i
//! by its length. To first order in the leverages' relative errors x that is x <- (P o P)(n/m) x with the projection
//! P = (m/n) E E^T, whose diagonal m/n is its rate: slow where n is near m. Here row i is multiplied by the root of
//!   [c (1 - p_i)] / [p_i (1 - c)],   c = m/n,
//! the factor that would bring its leverage to c were it the only row to change; that takes the diagonal away and
//! leaves what random squares of cosines have off it, about 3/sqrt(n) a round, whatever the shape.
//!
//! For n < 2 m the frame is found through its *Naimark complement*: n rows in k = n - m dimensions whose columns
//! complete the frame's to an orthogonal basis, so that the leverages of both add up to 1. The complement of a
//! unit-norm tight frame is one, up to its scale; it is smaller, and its rows are known to better precision.
//!
//! *Centred* frames have rows that sum to zero: the vector of ones is one more column of that basis.

use super::frame_operator::AddRow;
use super::normalise::{scale_rows, squared_norm};
use super::polar::{Polar, add_noise, fill_zero_rows};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, row, row_major_mut, row_mut};
use crate::progress::{Progress, ProgressFn};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;
use crate::simd::vectorised;

/// Rounds in which the distance must fall to a hundredth. Where it does not, noise is added: no scaling makes a tight
/// frame of rows more than n/m of which lie on a line, and near a frame that is two frames of subspaces the distance
/// falls by ever smaller factors.
const PATIENCE: u64 = 25;

/// The length of that noise, for rows of length 1; each further time three times as much.
const DISTURBANCE: f64 = 0.1;

/// The share of the distance that a round must leave at most for the next one to take the whole factor. In few rows,
/// n near 2 m, P o P has eigenvalues near 0, and with whole factors those errors would only change sign.
const SLOW: f64 = 0.25;

/// The power of the factor that is taken else.
const DAMPED: f64 = 0.75;

/// The most by which a row's squared length changes in a round.
const MOST_SCALING: f64 = 16.0;

/// When to stop.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Rounds at most.
    pub(super) rounds: u64,
    /// The relative distance to the floor that is good enough.
    pub(super) tolerance: f64,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work {
    /// Rounds of the alternating projection.
    pub(super) rounds: u64,
    /// Whether missing directions were filled by noise.
    pub(super) filled: bool,
    /// Whether the complement was made.
    pub(super) by_complement: bool,
}

/// The dimensions of the complement that a frame is made by, 0 where it is made directly.
pub(super) fn complement_dimensions(n: usize, m: usize, centred: bool) -> usize {
    let k = n - m - usize::from(centred);
    if k < m { k } else { 0 }
}

/// Makes `frame[n, m]`, n > m, a tight frame of unit rows, centred or not.
pub(super) fn make_unit_norm<T: Scalar>(
    frame: &mut RowMajorMut<'_, T>,
    centred: bool,
    limits: Limits,
    complement: &mut [T],
    polar: &mut Polar<'_, T>,
    sum: &mut [f64],
    column: &mut [T],
    progress: ProgressFn<'_>,
) -> Result<Work, Error> {
    let (n, m) = (frame.nrows(), frame.ncols());
    let k = complement_dimensions(n, m, centred);
    if k == 0 && n - m > usize::from(centred) {
        if m == 1 && centred {
            balance_signs(frame, column);
            return Ok(Work::default());
        }
        return alternate(frame, centred, limits, polar, sum, progress);
    }
    let mut work = Work { by_complement: true, ..Work::default() };
    let mut centre_if = |frame: &mut RowMajorMut<'_, T>| {
        if centred {
            centre(frame, sum);
        }
    };
    work.filled = polar.orthonormalise(frame, |_, frame| {
        centre_if(frame);
        Ok(())
    })?;
    if k > 0 {
        let mut other = row_major_mut(&mut complement[..n * k], n, k, k)?;
        for i in 0..n {
            let mut rng = Stream::new(0, 2).row(Purpose::MissingDirections, i as u64);
            row_mut(&mut other, i).fill_with(|| T::from_f64(standard_normal(&mut rng)));
        }
        centre_if(&mut other);
        polar.remove_span(&mut other, frame.as_ref().as_dyn_stride())?;
        if k == 1 && centred {
            balance_signs(&mut other, column);
            centre(&mut other, sum);
        } else {
            let inner = alternate(&mut other, centred, limits, polar, sum, progress)?;
            work.rounds = inner.rounds;
            work.filled |= inner.filled;
        }
        // Its columns are orthogonal, but only as nearly as its rows have unit length.
        polar.orthonormalise(&mut other, |_, _| Ok(()))?;
        let other = other.as_ref().as_dyn_stride();
        work.filled |= polar.orthonormalise(frame, |polar, frame| {
            if centred {
                centre(frame, sum);
            }
            polar.remove_span(frame, other)
        })?;
    }
    scale_rows(frame);
    Ok(work)
}

/// The alternating projection; ends with unit rows.
fn alternate<T: Scalar>(
    frame: &mut RowMajorMut<'_, T>,
    centred: bool,
    limits: Limits,
    polar: &mut Polar<'_, T>,
    sum: &mut [f64],
    progress: ProgressFn<'_>,
) -> Result<Work, Error> {
    let (n, m) = (frame.nrows() as f64, frame.ncols() as f64);
    let leverage = m / n;
    let mut work = Work::default();
    let (mut deficient_rounds, mut distance_before) = (0, f64::INFINITY);
    let (mut disturbance, mut last_distance) = (DISTURBANCE, f64::INFINITY);
    while work.rounds < limits.rounds {
        work.rounds += 1;
        if centred {
            centre(frame, sum);
        }
        let step = polar.step(frame)?;
        // Far from tight a row's length means nothing: the factors below would, too.
        let tight = step.distance < 1.0 && !step.deficient;
        let mut deviation = 0.0;
        for i in 0..frame.nrows() {
            let length = squared_norm(row(frame.as_ref(), i));
            deviation += (length - 1.0) * (length - 1.0);
        }
        // The unit rows' distance is at most this, relative to the floor: |sum x_i e_i e_i^T|^2 over n^2/m - n.
        let distance = deviation / (n - m);
        let report = Progress { step: work.rounds, total: limits.rounds, loss: distance };
        let stops = progress(&report).is_break();
        if stops || (tight && distance <= limits.tolerance) || work.rounds == limits.rounds {
            scale_rows(frame);
            ensure(!stops, Reason::Cancelled, Argument::Progress)?;
            return Ok(work);
        }
        let exponent = if distance > SLOW * last_distance { DAMPED } else { 1.0 };
        for i in 0..frame.nrows() {
            scale_towards(row_mut(frame, i), leverage, exponent);
        }
        last_distance = distance;
        work.filled |= fill_zero_rows(frame);
        deficient_rounds += u32::from(step.deficient);
        let has_time_passed = work.rounds.is_multiple_of(PATIENCE);
        let stalls = has_time_passed && distance > 0.01 * distance_before;
        if has_time_passed {
            distance_before = distance;
        }
        if deficient_rounds == 2 || stalls {
            deficient_rounds += 1;
            scale_rows(frame);
            add_noise(frame, disturbance);
            disturbance *= 3.0;
            distance_before = f64::INFINITY;
            work.filled = true;
        }
    }
    Ok(work)
}

/// Multiplies a row by the factor, to the power `exponent`, that alone would bring its leverage to `leverage`.
fn scale_towards<T: Scalar>(values: &mut [T], leverage: f64, exponent: f64) {
    let own = (leverage * squared_norm(values)).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
    let squared = leverage * (1.0 - own) / (own * (1.0 - leverage));
    let factor = T::from_f64(libm::pow(squared.clamp(1.0 / MOST_SCALING, MOST_SCALING), 0.5 * exponent));
    values.iter_mut().for_each(|x| *x *= factor);
}

/// Makes one column signs, as many of one as of the other: the only centred frames in one dimension, for even n.
///
/// For odd n one is over. The larger half of the entries gets the positive sign.
fn balance_signs<T: Scalar>(frame: &mut RowMajorMut<'_, T>, column: &mut [T]) {
    let n = frame.nrows();
    (0..n).for_each(|i| column[i] = frame[(i, 0)]);
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(core::cmp::Ordering::Equal);
    let (_, &mut median, _) = column[..n].select_nth_unstable_by(n / 2, order);
    let above = (0..n).filter(|&i| frame[(i, 0)] > median).count();
    let mut ties_above = (n / 2).saturating_sub(above);
    for i in 0..n {
        let is_tie_above = frame[(i, 0)] == median && ties_above > 0;
        ties_above -= usize::from(is_tie_above);
        frame[(i, 0)] = if frame[(i, 0)] > median || is_tie_above { T::ONE } else { -T::ONE };
    }
}

/// Takes the mean of the rows from every row.
fn centre<T: Scalar>(frame: &mut RowMajorMut<'_, T>, sum: &mut [f64]) {
    let sum = &mut sum[..frame.ncols()];
    sum_rows(frame.as_ref(), sum);
    let n = frame.nrows() as f64;
    for i in 0..frame.nrows() {
        for (x, s) in row_mut(frame, i).iter_mut().zip(sum.iter()) {
            *x -= T::from_f64(s / n);
        }
    }
}

/// Writes the sum of the rows and gives its squared length.
pub(super) fn sum_rows<T: Scalar>(matrix: RowMajor<'_, T>, sum: &mut [f64]) -> f64 {
    sum.fill(0.0);
    for i in 0..matrix.nrows() {
        vectorised(AddRow { sum, row: row(matrix, i) });
    }
    sum.iter().map(|s| s * s).sum()
}
