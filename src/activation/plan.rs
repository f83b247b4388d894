//! Firing probabilities laid out on a line, on which a sample is a walk from firing to firing.
//!
//! Feature j, with probability p_j <= 1/2, has the stretch [c_(j-1), c_j) of the line, as long as its hazard
//! -ln(1 - p_j). Points are strewn on the line with independent, exponentially distributed gaps of mean 1 (a Poisson
//! process), and a feature fires where at least one point lies on its stretch: with probability 1 - e^-hazard = p_j, and
//! independently of the others, because their stretches do not overlap (for the process see Devroye 1986, Non-Uniform
//! Random Variate Generation, VI.1). The walk meets the features in order, and what it costs is its points: at most
//! 2 ln 2 = 1.39 for one firing. From a point to its feature leads a table of guides (Chen and Asau 1974), in constant expected time.
//!
//! Features with p_j > 1/2, where hazards grow without bound, are in a list, and each draws its own number.

use super::firing::{PerFeature, check_probabilities};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use crate::simd::prefetch;

/// The lengths of the arrays of a plan that depend on the probabilities; see [`FiringPlanBuffers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiringPlanLengths {
    /// Length of `guide`: half the number of features, rounded up.
    pub guide: usize,
    /// Length of `frequent` and of `frequent_probabilities`: the number of features with a probability above 1/2.
    pub frequent: usize,
}

/// The memory of a [`FiringPlan`]: at most 22 bytes a feature, and 10 where no probability is above 1/2.
#[derive(Debug)]
pub struct FiringPlanBuffers<'a> {
    /// As many as there are features.
    pub cumulative_hazards: &'a mut [f64],
    /// As many as [`FiringPlanLengths`] says.
    pub guide: &'a mut [u32],
    /// As many as [`FiringPlanLengths`] says.
    pub frequent: &'a mut [u32],
    /// As many as `frequent`.
    pub frequent_probabilities: &'a mut [f64],
}

/// Firing probabilities, prepared once for any number of samples whose cost is that of their firings.
#[derive(Clone, Copy, Debug)]
pub struct FiringPlan<'a> {
    /// The right ends c_j of the features' stretches; c_(-1) = 0.
    cumulative_hazards: &'a [f64],
    /// For the g-th of equal parts of the line, the first feature whose stretch does not end before that part.
    guide: &'a [u32],
    /// Features with probabilities above 1/2, in increasing order.
    frequent: &'a [u32],
    /// Their probabilities.
    frequent_probabilities: &'a [f64],
    /// Parts of the line for each unit of its length.
    parts_per_length: f64,
}

/// The lengths of the arrays of a plan for `features` features.
///
/// `probabilities` has one value a feature, or one for all.
///
/// # Errors
/// [`Reason::Empty`] and, for 2^32 or more, [`Reason::OutOfRange`] on `Features`; [`Reason::Empty`],
/// [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] and, outside [0, 1], [`Reason::OutOfRange`] on
/// `Probabilities`.
///
/// # Cost
/// Two passes over the probabilities.
pub fn firing_plan_lengths<T: Scalar>(
    probabilities: &[T],
    features: usize,
) -> Result<FiringPlanLengths, Error> {
    check_features(features)?;
    check_probabilities(probabilities, features)?;
    let copies = if probabilities.len() == 1 { features } else { 1 };
    let frequent = copies * probabilities.iter().filter(|&&p| is_frequent(p.to_f64())).count();
    Ok(FiringPlanLengths { guide: guide_len(features), frequent })
}

/// Lays out firing probabilities for [`sample_sparse_csr`](super::sample_sparse_csr) and its like.
///
/// The number of features n is the length of `cumulative_hazards`; `probabilities` has one value a feature, or one for
/// all. With the hazards h_j = -ln(1 - p_j) of the features with p_j <= 1/2, and 0 for the others, `cumulative_hazards`
/// gets c_j = h_0 + ... + h_j, `guide` where to look for a point of the line, and `frequent` and
/// `frequent_probabilities` the features with p_j > 1/2. All buffers are overwritten.
///
/// # Errors
/// As for [`firing_plan_lengths`]; [`Reason::Shape`] on `Guide`, `Frequent` and `FrequentProbabilities` whose lengths
/// are not what it gives. The buffers are then untouched.
///
/// # Cost
/// A logarithm a feature and a few passes. No workspace.
///
/// # Determinism
/// The same bits on every platform, and for the same probabilities in both precisions. Each feature with
/// 0 < p_j <= 1/2 will fire with its probability to within 2^-52 max(1, c_(n-1)), and c_(n-1) is at most 1.39 times
/// the mean number of firings; p_j > 1/2 is rounded up to a multiple of 2^-53. 0 and 1 are exact.
pub fn plan_firing<'a, T: Scalar>(
    probabilities: &[T],
    buffers: FiringPlanBuffers<'a>,
) -> Result<FiringPlan<'a>, Error> {
    let FiringPlanBuffers { cumulative_hazards, guide, frequent, frequent_probabilities } = buffers;
    let lengths = firing_plan_lengths(probabilities, cumulative_hazards.len())?;
    ensure(guide.len() == lengths.guide, Reason::Shape, Argument::Guide)?;
    ensure(frequent.len() == lengths.frequent, Reason::Shape, Argument::Frequent)?;
    let paired = frequent_probabilities.len() == lengths.frequent;
    ensure(paired, Reason::Shape, Argument::FrequentProbabilities)?;

    let (mut end, mut listed) = (0.0, 0);
    let probabilities = PerFeature::new(probabilities);
    for (j, cumulative) in cumulative_hazards.iter_mut().enumerate() {
        let p = probabilities.of(j).to_f64();
        if is_frequent(p) {
            (frequent[listed], frequent_probabilities[listed]) = (j as u32, p);
            listed += 1;
        } else {
            end -= libm::log1p(-p);
        }
        *cumulative = end;
    }
    let parts_per_length = parts_per_length(guide.len(), end);
    let mut feature = 0;
    for (part, first) in guide.iter_mut().enumerate() {
        let ends_before = |c: f64| part_of(c, parts_per_length, lengths.guide) < part;
        while feature < cumulative_hazards.len() && ends_before(cumulative_hazards[feature]) {
            feature += 1;
        }
        *first = feature as u32;
    }
    FiringPlan::from_parts(cumulative_hazards, guide, frequent, frequent_probabilities)
}

/// Refuses numbers of features that no plan has.
pub(crate) fn check_features(features: usize) -> Result<(), Error> {
    ensure(features > 0, Reason::Empty, Argument::Features)?;
    // Columns are 32-bit numbers.
    ensure(u32::try_from(features).is_ok(), Reason::OutOfRange, Argument::Features)
}

/// Whether a feature is in the list instead of on the line.
fn is_frequent(probability: f64) -> bool {
    probability > 0.5
}

/// Parts of the line that have a guide.
fn guide_len(features: usize) -> usize {
    features.div_ceil(2)
}

/// Parts of the line for each unit of its length; none where it has no length.
fn parts_per_length(parts: usize, length: f64) -> f64 {
    if length > 0.0 { parts as f64 / length } else { 0.0 }
}

/// The part of the line that a point lies in: a function that does not decrease, whatever it rounds.
#[inline(always)]
fn part_of(point: f64, parts_per_length: f64, parts: usize) -> usize {
    // A conversion saturates, and takes a NaN (0 times an infinity) to 0.
    ((point * parts_per_length) as usize).min(parts - 1)
}

impl<'a> FiringPlan<'a> {
    /// A plan from arrays that anybody may have written.
    ///
    /// Only what would make sampling endless is refused. Whatever the arrays hold, samples have columns that are
    /// features, in increasing order; but which features fire is right only for a plan as it was made.
    pub(crate) fn from_parts(
        cumulative_hazards: &'a [f64],
        guide: &'a [u32],
        frequent: &'a [u32],
        frequent_probabilities: &'a [f64],
    ) -> Result<Self, Error> {
        let features = cumulative_hazards.len();
        check_features(features)?;
        ensure(guide.len() == guide_len(features), Reason::Shape, Argument::Guide)?;
        ensure(frequent.len() <= features, Reason::Shape, Argument::Frequent)?;
        let paired = frequent_probabilities.len() == frequent.len();
        ensure(paired, Reason::Shape, Argument::FrequentProbabilities)?;
        let length = cumulative_hazards[features - 1];
        // Every hazard is at most ln 2, and 1 leaves room for rounding.
        let possible = length >= 0.0 && length <= features as f64;
        ensure(possible, Reason::OutOfRange, Argument::CumulativeHazards)?;
        let parts_per_length = parts_per_length(guide.len(), length);
        Ok(Self { cumulative_hazards, guide, frequent, frequent_probabilities, parts_per_length })
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.cumulative_hazards.len()
    }

    /// The length of the line, c_(n-1).
    #[inline(always)]
    pub(super) fn length(&self) -> f64 {
        self.cumulative_hazards[self.cumulative_hazards.len() - 1]
    }

    /// The features that are not on the line, with their probabilities, in increasing order.
    #[inline(always)]
    pub(super) fn frequent(&self) -> impl ExactSizeIterator<Item = (u32, f64)> + 'a {
        self.frequent.iter().copied().zip(self.frequent_probabilities.iter().copied())
    }

    /// For each of `points`, the feature on whose stretch it lies: the first with c_j > point; 0 <= point < c_(n-1).
    ///
    /// Of a plan that was overwritten any indices, also such as no feature has.
    #[inline(always)]
    pub(super) fn features_at<const MOST: usize>(&self, points: &[f64], features: &mut [u32; MOST]) {
        // In three passes, so that memory is asked for all points at once and not for one after the other.
        for (point, first) in points.iter().zip(features.iter_mut()) {
            let part = part_of(*point, self.parts_per_length, self.guide.len());
            prefetch::<u32, 1>(self.guide, part);
            *first = part as u32;
        }
        for first in &mut features[..points.len().min(MOST)] {
            *first = self.guide[*first as usize];
            prefetch::<f64, 1>(self.cumulative_hazards, *first as usize);
        }
        for (point, feature) in points.iter().zip(features) {
            *feature = self.feature_from(*feature, *point);
        }
    }

    /// The feature on whose stretch `point` lies, given one that does not come after it.
    #[inline(always)]
    fn feature_from(&self, first: u32, point: f64) -> u32 {
        // Without a branch, for the branch would be mispredicted at every other point.
        match self.cumulative_hazards.get(first as usize..) {
            Some([a, b, c, d, ..]) => {
                let ends = [a, b, c, d].map(|&end| u32::from(end <= point));
                let ended = ends[0] + ends[1] + ends[2] + ends[3];
                if ended < 4 { first + ended } else { self.feature_far_from(first, point) }
            }
            _ => self.feature_far_from(first, point),
        }
    }

    /// As [`feature_from`](Self::feature_from), by bisection.
    #[inline(never)]
    fn feature_far_from(&self, first: u32, point: f64) -> u32 {
        let candidates = self.cumulative_hazards.get(first as usize..).unwrap_or(&[]);
        let next = part_of(point, self.parts_per_length, self.guide.len()) + 1;
        // The next part's guide is the first feature that ends beyond this part: the last candidate.
        let last = self.guide.get(next).map_or(candidates.len(), |&last| last.wrapping_sub(first) as usize);
        let candidates = candidates.get(..last).unwrap_or(candidates);
        first.wrapping_add(candidates.partition_point(|&end| end <= point) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A plan in memory that nobody frees.
    fn plan(probabilities: &[f64]) -> FiringPlan<'static> {
        let lengths = firing_plan_lengths(probabilities, probabilities.len()).unwrap();
        let buffers = FiringPlanBuffers {
            cumulative_hazards: vec![f64::NAN; probabilities.len()].leak(),
            guide: vec![9; lengths.guide].leak(),
            frequent: vec![9; lengths.frequent].leak(),
            frequent_probabilities: vec![f64::NAN; lengths.frequent].leak(),
        };
        plan_firing(probabilities, buffers).unwrap()
    }

    proptest! {
        #[test]
        fn points_belong_to_the_first_stretch_that_ends_beyond_them(
            p in prop::collection::vec(
                prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64, (-40.0..0.0f64).prop_map(f64::exp2)], 1..200),
            places in prop::collection::vec(0.0..1.0f64, 50),
        ) {
            let plan = plan(&p);
            let (length, ends) = (plan.length(), plan.cumulative_hazards);
            // Anywhere, and where stretches meet, from both sides.
            let meetings = ends.iter().flat_map(|&c| [c.next_down(), c, c.next_up()]);
            for point in places.iter().map(|u| u * length).chain(meetings) {
                if point >= 0.0 && point < length {
                    let want = ends.iter().position(|&c| c > point).unwrap();
                    let mut feature = [0];
                    plan.features_at(&[point], &mut feature);
                    prop_assert_eq!(feature[0] as usize, want);
                }
            }
        }

        #[test]
        fn an_overwritten_plan_is_read_within_its_bounds(
            ends in prop::collection::vec(any::<f64>(), 1..40),
            guide in prop::collection::vec(any::<u32>(), 20),
            point in any::<f64>(),
        ) {
            if let Ok(plan) = FiringPlan::from_parts(&ends, &guide[..guide_len(ends.len())], &[], &[]) {
                plan.features_at(&[point], &mut [0]);
            }
        }
    }

    #[test]
    fn hazards_are_those_of_the_probabilities() {
        let plan = plan(&[0.5, 0.0, 1.0, 0.25, 0.75, 1e-9]);
        let ln = |x: f64| -libm::log(x);
        // Sums below 2, whose unit in the last place is 2.2e-16.
        for (end, want) in plan.cumulative_hazards.iter().zip([
            ln(0.5),
            ln(0.5),
            ln(0.5),
            ln(0.5 * 0.75),
            ln(0.5 * 0.75),
            ln(0.5 * 0.75) + 1e-9,
        ]) {
            assert!((end - want).abs() < 1e-15, "{end} {want}");
        }
        assert!(plan.frequent().eq([(2, 1.0), (4, 0.75)]));
    }
}
