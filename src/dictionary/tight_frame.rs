//! Dictionaries with the least sum of squared cosines that there is, made directly.
//!
//! For unit rows e_i with Gram matrix g, over all dictionaries of n vectors in d dimensions, the loss
//!   L = sum over i != j of (g_ij - t)^2
//! is at least its *floor*
//!   n <= d:  0 for t >= -1/(n - 1);          n (n - 1) (t + 1/(n - 1))^2 below;
//!   n > d:   (1 - t)^2 (n^2/d - n) for t >= 0;   n^2/d + t^2 n^2 - n (1 - t)^2 for t < 0,
//! for t = 0 and n > d the frame potential's bound (Benedetto and Fickus 2003), met by *unit-norm tight frames*,
//! E^T E = (n/d) I. With t the Gram matrix nearest to t everywhere is as follows.
//!
//! - n <= d: all cosines are t, or -1/(n - 1) where t is less, the regular simplex: E = G^(1/2) Q with orthonormal rows Q.
//! - n > d, t < 0: a unit-norm tight frame whose rows sum to zero.
//! - n > d, t > 0: every row is sqrt(q) u + sqrt(1 - q) f_i, q = (1 + t (d - 1))/d, where u is a direction and the f_i
//!   are a unit-norm tight frame of the dimensions across it, whose rows sum to zero.
//!
//! Proof for n > d: L + n (1 - t)^2 = |g - t J|^2, J all ones, depends on the eigenvalues of g and on 1^T g 1. For
//! t > 0 that sum is at most n times the largest eigenvalue, for t < 0 at least 0; what is left is a minimum over at
//! most d eigenvalues of sum n.

use super::floor::{attainable_cosine, excess, floor, set_direction};
use super::normalise::scale_rows;
use super::orthogonalise::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch};
use super::polar::{Polar, make_unit_rows, polar_scratch};
use super::unit_norm::{Limits, Work, complement_dimensions, make_unit_norm, sum_rows};
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{RowMajorMut, ensure_finite_matrix, ensure_not_empty, row_major_mut, row_mut};
use crate::progress::ProgressFn;
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};
use faer::prelude::ReborrowMut;

/// Parameters of [`tight_frame`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TightFrameParams {
    /// The cosine t that every two rows are to have as nearly as can be, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Rounds of the alternating projection at most, > 0. Default 200; 4 to 12 are usual.
    pub rounds: u64,
    /// The relative distance to the floor at which it stops, >= 0. Default 1e-12.
    pub tolerance: f64,
}

impl Default for TightFrameParams {
    fn default() -> Self {
        Self { target_cosine: 0.0, rounds: 200, tolerance: 1e-12 }
    }
}

/// How a frame was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum TightFrameMethod {
    /// In closed form: orthonormal rows from the polar factor, mixed for t; rows all the same for t = 1.
    #[default]
    Direct = 0,
    /// Alternating projection.
    AlternatingProjection = 1,
    /// Alternating projection of the complement, and the polar factor of what is orthogonal to it.
    Complement = 2,
    /// [`orthogonalise`] from what the projections gave, where one sign too many keeps these from the floor.
    Adam = 3,
}

/// What [`tight_frame`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TightFrameReport {
    /// Which way was taken.
    pub method: TightFrameMethod,
    /// Rounds of the alternating projection; 0 for [`TightFrameMethod::Direct`].
    pub rounds: u64,
    /// The least loss that any dictionary of this shape has for t.
    pub floor: f64,
    /// (L - floor) / floor of the result, or L / n where the floor is 0; summed without cancellation.
    pub distance: f64,
    /// Whether rows or directions were missing and random ones put in their place.
    pub filled: bool,
}

/// The workspace of [`tight_frame`] on an `n` by `d` dictionary: about 4 min(n, d)^2 + 128 min(n, d) + n numbers, and
/// n (n - d) more for d < n < 2 d; where [`TightFrameMethod::Adam`] may be taken, 4 n d.
pub fn tight_frame_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let other = if n > d { complement_len(n, d) } else { Some(0) };
    let sums = vector_scratch::<f64>(d).array(2);
    let polar = polar_scratch::<T>(n.min(d));
    let other = other.map_or(StackReq::OVERFLOW, vector_scratch::<T>);
    let projection = StackReq::all_of(&[other, vector_scratch::<T>(n), sums, polar]);
    if n <= d || !(has_odd_sign(n, d, -1.0) || has_odd_sign(n, d, 1.0)) {
        return projection;
    }
    let descent = orthogonalise_scratch::<T>(n, d).or(sums.and(polar));
    projection.or(matrix_scratch::<T>(n, d).and(descent))
}

/// Elements of the largest complement, whatever t, for n > d.
fn complement_len(n: usize, d: usize) -> Option<usize> {
    let least = complement_dimensions(n, d, false);
    // The other kinds are centred, in d or in d - 1 dimensions.
    let centred = if n > d { complement_dimensions(n, d, true) } else { 0 };
    let across = if d > 1 { complement_dimensions(n, d - 1, true) } else { 0 };
    n.checked_mul(least.max(centred).max(across))
}

/// Makes the rows of `dictionary[n, d]` unit vectors with the least sum of (g_ij - t)^2 over all pairs.
///
/// The result is near the given rows: they are only scaled and mapped by d x d matrices, but for n < 2 d, where it is
/// the frame nearest to them among the rotations of one. What is attainable for which t is in this file's first
/// lines; every t in [-1, 1] has its floor, and the report says how near the result is. It is at rounding,
/// but for odd n where t < 0 and d is 1 or n - 2, or t > 0 and d is 2 or n - 1: there balanced signs are wanted, and one
/// is over. Only there [`orthogonalise`] goes on with its default parameters, and the better rows are kept. And a
/// start near two tight frames of smaller spaces, as can be where n and d share a factor, may use up the rounds: at
/// 4 x 2 one in some ten thousand ends 1e-8 above the floor.
///
/// Rows without a direction (zero, or shorter than 1e-12), missing directions, and rows that coincide so often that no
/// scaling makes them a tight frame, are filled up or parted by noise that is the same for every call.
///
/// `progress` hears a bound for the relative distance after each round, as the loss, and may cancel.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on the dictionary; [`Reason::NotANumber`],
/// [`Reason::Infinite`], [`Reason::OutOfRange`] on the target cosine and the tolerance; [`Reason::OutOfRange`] on the
/// rounds for none; [`Reason::WorkspaceTooSmall`]: the dictionary is then untouched. [`Reason::Cancelled`] on
/// `Progress`: rows without meaning, finite. [`Reason::NotConverged`] on the dictionary should eigenvalues not be
/// found: the same.
///
/// # Cost
/// For n >= 2 d a round takes 3 n d^2 flops, the first one about 10 d^3 more; for d < n < 2 d a round takes
/// 3 n (n - d)^2, and the whole about 30 n d^2 more; for n <= d the whole takes about 10 n^2 d. Workspace as
/// [`tight_frame_scratch`] says. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; the products' rounding depends on its SIMD width.
///
/// # Source
/// Tropp, Dhillon, Heath and Strohmer 2005, *Designing structured tight frames via an alternating projection method*.
pub fn tight_frame<T: Scalar>(
    mut dictionary: RowMajorMut<'_, T>,
    params: &TightFrameParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<TightFrameReport, Error> {
    let (n, d, t) = (dictionary.nrows(), dictionary.ncols(), params.target_cosine);
    ensure_not_empty(dictionary.as_ref(), Argument::Dictionary)?;
    ensure_finite(t, Argument::TargetCosine)?;
    ensure(t.abs() <= 1.0, Reason::OutOfRange, Argument::TargetCosine)?;
    ensure(params.rounds > 0, Reason::OutOfRange, Argument::Rounds)?;
    ensure_finite(params.tolerance, Argument::Tolerance)?;
    ensure(params.tolerance >= 0.0, Reason::OutOfRange, Argument::Tolerance)?;
    ensure_workspace(stack, tight_frame_scratch::<T>(n, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;

    let report = project(&mut dictionary, params, par, progress, stack)?;
    if n > d && report.distance > params.tolerance && has_odd_sign(n, d, t) {
        return descend(&mut dictionary, t, report, par, progress, stack);
    }
    Ok(report)
}

/// Makes the frame by projections; the arguments have been checked.
fn project<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    params: &TightFrameParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<TightFrameReport, Error> {
    let (n, d, t) = (dictionary.nrows(), dictionary.ncols(), params.target_cosine);
    let other = if n > d { complement_len(n, d).unwrap_or(0) } else { 0 };
    let (mut complement, stack) = take_zeros::<T>(stack, other);
    let (mut column, stack) = take_zeros::<T>(stack, n);
    let (mut sum, stack) = take(stack, d, 0.0_f64);
    let (mut direction, stack) = take(stack, d, 0.0_f64);
    let mut polar = Polar::new(n.min(d), par, stack);

    let mut filled = make_unit_rows(dictionary);
    let limits = Limits { rounds: params.rounds, tolerance: params.tolerance };
    let mut work = Work::default();
    let mut method = TightFrameMethod::Direct;
    if t == 1.0 || (n > d && d == 1 && t > 0.0) {
        set_direction(dictionary.as_ref(), &mut direction);
        for i in 0..n {
            row_mut(dictionary, i).iter_mut().zip(&*direction).for_each(|(x, u)| *x = T::from_f64(*u));
        }
    } else if n <= d {
        filled |= polar.orthonormalise(dictionary, |_, _| Ok(()))?;
        mix(dictionary, attainable_cosine(n, t), &mut sum);
    } else {
        let mut make = |frame: &mut RowMajorMut<'_, T>, centred| {
            let (complement, sum, column) = (&mut complement[..], &mut sum[..], &mut column[..]);
            make_unit_norm(frame, centred, limits, complement, &mut polar, sum, column, progress)
        };
        work = if t > 0.0 {
            set_direction(dictionary.as_ref(), &mut direction);
            reflect(dictionary, &direction);
            let mut across = dictionary.rb_mut().get_mut(0..n, 1..d);
            let work = make(&mut across, true)?;
            let along = (1.0 + t * (d - 1) as f64) / d as f64;
            let (along, across) = (T::from_f64(libm::sqrt(along)), T::from_f64(libm::sqrt(1.0 - along)));
            for i in 0..n {
                let values = row_mut(dictionary, i);
                values.iter_mut().for_each(|x| *x *= across);
                values[0] = along;
            }
            reflect(dictionary, &direction);
            work
        } else {
            make(dictionary, t < 0.0)?
        };
        method = if work.by_complement {
            TightFrameMethod::Complement
        } else {
            TightFrameMethod::AlternatingProjection
        };
    }
    scale_rows(dictionary);
    let floor = floor(n, d, t);
    let excess = excess(dictionary, t, &mut polar, &mut sum, &mut direction)?;
    let distance = excess / if floor > 0.0 { floor } else { n as f64 };
    Ok(TightFrameReport { method, rounds: work.rounds, floor, distance, filled: filled | work.filled })
}

/// Whether the best frame would have as many positive as negative signs of an odd number, in its one dimension or in
/// that of its complement.
fn has_odd_sign(n: usize, d: usize, t: f64) -> bool {
    let alone = if t < 0.0 { d == 1 || n - d == 2 } else { d == 2 || n - d == 1 };
    n % 2 == 1 && t != 0.0 && alone
}

/// Goes on by Adam from rows that no projection brings to the floor, and keeps the better ones.
fn descend<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    t: f64,
    mut report: TightFrameReport,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<TightFrameReport, Error> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    let (mut kept, stack) = take_zeros::<T>(stack, n * d);
    let mut kept = row_major_mut(&mut kept, n, d, d)?;
    kept.copy_from(dictionary.as_ref());
    let params = OrthogonaliseParams { target_cosine: t, ..OrthogonaliseParams::default() };
    orthogonalise(dictionary.rb_mut(), &params, par, progress, stack)?;
    let (mut sum, stack) = take(stack, d, 0.0_f64);
    let (mut direction, stack) = take(stack, d, 0.0_f64);
    let mut polar = Polar::new(n.min(d), par, stack);
    let excess = excess(dictionary, t, &mut polar, &mut sum, &mut direction)?;
    let distance = excess / if report.floor > 0.0 { report.floor } else { n as f64 };
    if distance < report.distance {
        report.distance = distance;
        report.method = TightFrameMethod::Adam;
    } else {
        dictionary.copy_from(kept);
    }
    Ok(report)
}

/// Reflects every row so that `direction` becomes the first axis, and the first axis `direction`.
fn reflect<T: Scalar>(matrix: &mut RowMajorMut<'_, T>, direction: &[f64]) {
    // Householder's vector v = u - e_1, |v|^2 = 2 (1 - u_1): nothing to do where that is rounding.
    let squared: f64 =
        (1.0 - direction[0]) * (1.0 - direction[0]) + direction[1..].iter().map(|u| u * u).sum::<f64>();
    if squared < 1e-30 {
        return;
    }
    let component = |k: usize, u: f64| if k == 0 { u - 1.0 } else { u };
    for i in 0..matrix.nrows() {
        let values = row_mut(matrix, i);
        let along: f64 =
            values.iter().zip(direction).enumerate().map(|(k, (x, &u))| x.to_f64() * component(k, u)).sum();
        let factor = 2.0 * along / squared;
        for (k, (x, &u)) in values.iter_mut().zip(direction).enumerate() {
            *x -= T::from_f64(factor * component(k, u));
        }
    }
}

/// Gives orthonormal rows the Gram matrix G = (1 - t) I + t 1 1^T: multiplies them by G^(1/2).
fn mix<T: Scalar>(matrix: &mut RowMajorMut<'_, T>, t: f64, sum: &mut [f64]) {
    if t == 0.0 {
        return;
    }
    let n = matrix.nrows() as f64;
    let own = libm::sqrt(1.0 - t);
    // At t = -1/(n - 1) rounding may lead below zero.
    let common = (libm::sqrt((1.0 + (n - 1.0) * t).max(0.0)) - own) / n;
    sum_rows(matrix.as_ref(), sum);
    for i in 0..matrix.nrows() {
        for (x, s) in row_mut(matrix, i).iter_mut().zip(&*sum) {
            *x = T::from_f64(own * x.to_f64() + common * s);
        }
    }
}
