//! How often features must be drawn for a hierarchy to leave them firing as often as they should.
//!
//! A child whose gate fires with probability g and which is drawn with probability q fires with probability g q. Of
//! siblings that exclude each other, drawn with q_1, ..., q_m, one of k rivals stays with probability 1/k, so that
//!
//! t_i = q_i E[1 / (1 + K_i)] = q_i ∫_0^1 prod_{j != i} (1 - q_j u) du
//!
//! where K_i counts the others that are drawn: E[s^K] is the generating function of K, and its integral over s from 0 to
//! 1 the expectation of 1 / (1 + K); u is 1 - s. These equations are solved for q, given t_i = rate_i / g.

use super::forest::EXCLUSIVE;
use super::{Hierarchy, NONE};
use crate::activation::firing::{PerFeature, check_probabilities};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use libm::{expm1, log1p};

/// How rates are compensated for what a hierarchy takes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Compensation {
    /// The features' rates are met: the equations are solved.
    #[default]
    Exact = 0,
    /// As sae-lens does: rate_i / g, times 1 + the sum of the other siblings' rates / g where they exclude each other,
    /// at most 1. Exclusive siblings then fire too rarely, by a third where two have half of their parent's rate each.
    Approximate = 1,
}

/// The length of the buffer of [`compensate_probabilities`] for a hierarchy of `nodes` nodes: two numbers a node.
pub const fn compensation_buffer_len(nodes: usize) -> usize {
    nodes.saturating_mul(2)
}

/// Fills `out` with the probabilities that features must be drawn with, independently, for them to fire at `rates` after
/// the hierarchy was applied, and gives the number of those whose rates can't be met.
///
/// Roots and features without a node keep their rates. A child cannot fire more often than its parent, nor can
/// exclusive siblings in sum: such children are counted. They get the probability nearest to what they need: one that
/// excludes nothing 1, exclusive ones what gives them rates in the proportions asked for.
///
/// - `rates`: how often each feature shall fire, in [0, 1]; one a feature, or one for all.
/// - `out`: one probability a feature, written.
/// - `buffer`: [`compensation_buffer_len`] numbers, whose contents are lost.
///
/// Scaling by parents is left out of account: it does not change what fires, but for magnitudes of 0.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`], [`Reason::OutOfRange`] (rates);
/// [`Reason::Shape`] (out) unless it has the hierarchy's feature count; [`Reason::WorkspaceTooSmall`]. `out` is then
/// untouched.
///
/// # Cost
/// O(nodes); where siblings exclude each other some 5 to 100 rounds of 64 flops a sibling, and up to 1000 where they
/// fire nearly always when their parent does. Rates are met to 1e-13, to 1e-9 in that case, and to 1e-6 where some
/// sibling would have to be drawn always. Deterministic.
///
/// # Source
/// The approximation: `Hierarchy.compute_probability_correction_factors` of sae-lens 6.54.
pub fn compensate_probabilities<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    rates: &[T],
    compensation: Compensation,
    out: &mut [T],
    buffer: &mut [f64],
) -> Result<usize, Error> {
    let features = hierarchy.feature_count();
    check_probabilities(rates, features).map_err(|error| Error::new(error.reason, Argument::Rates))?;
    ensure(out.len() == features, Reason::Shape, Argument::Out)?;
    let needed = compensation_buffer_len(hierarchy.nodes());
    ensure(buffer.len() >= needed, Reason::WorkspaceTooSmall, Argument::Workspace)?;
    let rates = PerFeature::new(rates);
    for (j, probability) in out.iter_mut().enumerate() {
        *probability = rates.of(j);
    }
    let rate_of = |feature: u32| rates.of(feature as usize).to_f64();

    let (shares, hazards) = buffer[..needed].split_at_mut(hierarchy.nodes());
    let (mut unmet, mut begin) = (0, 0);
    while begin < hierarchy.nodes() {
        let (gate, parent, rules) = hierarchy.node(begin);
        let is_sibling = |&place: &usize| hierarchy.node(place).1 == parent;
        let siblings = begin..begin + (begin..hierarchy.nodes()).take_while(is_sibling).count();
        begin = siblings.end;
        if parent == NONE {
            continue;
        }
        // Features that are none come of buffers that were overwritten.
        let known = |&feature: &u32| (feature as usize) < features;
        let members = || siblings.clone().map(|place| hierarchy.feature_of(place)).filter(known);
        let rate_of_gate = if gate == NONE { 1.0 } else { Some(gate).filter(known).map_or(0.0, rate_of) };
        if rate_of_gate == 0.0 {
            unmet += members().filter(|&feature| rate_of(feature) > 0.0).count();
            continue;
        }
        let mut count = 0;
        for (share, feature) in shares.iter_mut().zip(members()) {
            *share = (rate_of(feature) / rate_of_gate).min(GREATEST_SHARE);
            count += 1;
        }
        let shares = &mut shares[..count];
        if rules & EXCLUSIVE == 0 || count < 2 {
            // Rates are rounded, and so are their quotients.
            unmet += shares.iter().filter(|&&share| share > 1.0 + T::EPSILON.to_f64()).count();
            write(members(), shares, out);
            continue;
        }
        let total: f64 = shares.iter().sum();
        let too_many = total > 1.0 + T::EPSILON.to_f64() * count as f64;
        unmet += if too_many { shares.iter().filter(|&&share| share > 0.0).count() } else { 0 };
        match compensation {
            Compensation::Exact => share_out(shares, total, &mut hazards[..count]),
            Compensation::Approximate => {
                shares.iter_mut().for_each(|share| *share *= 1.0 + (total - *share).max(0.0));
            }
        }
        write(members(), shares, out);
    }
    Ok(unmet)
}

/// Writes the probabilities of siblings, those above 1 as 1.
fn write<T: Scalar>(members: impl Iterator<Item = u32>, probabilities: &[f64], out: &mut [T]) {
    for (feature, probability) in members.zip(probabilities) {
        out[feature as usize] = T::from_f64(probability.min(1.0));
    }
}

/// Shares beyond this are taken for it, so that sums of them are finite; a child fires that much more often than its
/// parent only where that hardly ever does.
const GREATEST_SHARE: f64 = 1e200;

/// The greatest sum of shares that is told from 1: some sibling is then drawn nearly always.
const GREATEST_TOTAL: f64 = 1.0 - 1e-6;

/// Relative error of the shares that are got, at which to stop, if that of rounding is not greater.
const TOLERANCE: f64 = 1e-13;

/// Found enough: the closer the sum of the shares is to 1 the slower, 16 rounds at 0.9, 101 at 0.999; at the greatest
/// sum this many leave errors of up to 1.5e-10, for 2 to 2000 siblings, of equal, nearly equal, random and very unequal
/// shares.
const MOST_ROUNDS: usize = 1000;

/// Replaces the shares of exclusive siblings by the probabilities to draw them with.
///
/// In hazards h = -ln(1 - q). The sum of the shares got is the probability that any sibling is drawn, 1 - exp(-sum h):
/// each round scales the hazards so that this is the sum of the shares wanted, and then multiplies each by wanted /
/// got.
fn share_out(shares: &mut [f64], total: f64, hazards: &mut [f64]) {
    if total == 0.0 {
        return;
    }
    let tolerance = TOLERANCE.max(4.0 * f64::EPSILON * shares.len() as f64);
    let within_one = GREATEST_TOTAL.min(total) / total;
    let sum_of_hazards = -log1p(-GREATEST_TOTAL.min(total));
    for (hazard, share) in hazards.iter_mut().zip(shares.iter_mut()) {
        *share *= within_one;
        *hazard = -log1p(-*share);
    }
    for _ in 0..MOST_ROUNDS {
        let scale = sum_of_hazards / hazards.iter().sum::<f64>();
        hazards.iter_mut().for_each(|hazard| *hazard *= scale);
        // The probability that none of them is drawn, when each is thinned by u, at the points of the quadrature.
        let mut none = [1.0; 2 * HALF_OF_POINTS];
        for &hazard in &*hazards {
            let drawn = -expm1(-hazard);
            for (none, (u, _)) in none.iter_mut().zip(points()) {
                *none *= 1.0 - drawn * u;
            }
        }
        let mut worst = 0.0_f64;
        for (hazard, &share) in hazards.iter_mut().zip(&*shares) {
            let drawn = -expm1(-*hazard);
            let stays: f64 =
                none.iter().zip(points()).map(|(none, (u, w))| w * none / (1.0 - drawn * u)).sum();
            let ratio = if share > 0.0 { share / (drawn * stays) } else { 1.0 };
            worst = worst.max((ratio - 1.0).abs());
            *hazard *= ratio;
        }
        if worst < tolerance {
            break;
        }
    }
    for (share, hazard) in shares.iter_mut().zip(hazards) {
        *share = -expm1(-*hazard);
    }
}

/// Points and weights of Gauss and Legendre's quadrature on [0, 1]: exact for products of up to 64 factors, and to
/// rounding for more, as their sum of hazards is at most 14.
fn points() -> impl Iterator<Item = (f64, f64)> {
    GAUSS_LEGENDRE.iter().flat_map(|&(x, w)| [(0.5 - x, w), (0.5 + x, w)])
}

const HALF_OF_POINTS: usize = 16;

/// Distances of 32 points from the middle of an interval of length 1, and their weights.
#[rustfmt::skip]
const GAUSS_LEGENDRE: [(f64, f64); HALF_OF_POINTS] = [
    (0.498_631_930_924_740_8, 0.003_509_305_004_735_048),
    (0.492_805_755_772_634_2, 0.008_137_197_365_452_835),
    (0.482_381_127_793_753_2, 0.012_696_032_654_631_03),
    (0.467_453_037_968_869_83, 0.017_136_931_456_510_716),
    (0.448_160_577_883_026_05, 0.021_417_949_011_113_34),
    (0.424_683_806_866_285, 0.025_499_029_631_188_087),
    (0.397_241_897_983_971_2, 0.029_342_046_739_267_772),
    (0.366_091_059_370_144_86, 0.032_911_111_388_180_925),
    (0.331_522_133_465_107_6, 0.036_172_897_054_424_25),
    (0.293_857_878_620_381_15, 0.039_096_947_893_535_156),
    (0.253_449_954_466_114_7, 0.041_655_962_113_473_374),
    (0.210_675_638_065_317_67, 0.043_826_046_502_201_906),
    (0.165_934_301_141_063_83, 0.045_586_939_347_881_945),
    (0.119_643_681_126_068_53, 0.046_922_199_540_402_28),
    (0.072_235_980_791_398_24, 0.047_819_360_039_637_43),
    (0.024_153_832_843_869_16, 0.048_270_044_257_363_9),
];
