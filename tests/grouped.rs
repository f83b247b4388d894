//! Features correlated in groups: the groups, their factors, the law against the whole correlation matrix, exactness and
//! addressing by row.

#![allow(clippy::unreadable_literal, reason = "results as they are printed")]

mod support;

use faer::dyn_stack::MemStack;
use proptest::prelude::*;
use sae_kernels::activation::correlated::{
    factorise, factorise_scratch, sample_firing, sample_scratch, thresholds,
};
use sae_kernels::activation::correlation::{CorrelatedPair, correlation_matrix, correlation_matrix_scratch};
use sae_kernels::activation::{
    CorrelatedGroups, CorrelatedGroupsBuffers, CorrelatedGroupsLengths, CsrMut, FiringPlan, PlannedFiring,
    correlate_groups, correlate_groups_scratch, correlated_groups_lengths, correlated_groups_scratch,
    sample_grouped, sample_grouped_csr, sample_grouped_scratch, sample_sparse,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::planned::planned;
use support::workspace;

fn pair(i: u32, j: u32, correlation: f64) -> CorrelatedPair {
    CorrelatedPair { i, j, correlation }
}

fn lengths_of(pairs: &[CorrelatedPair], features: usize) -> Result<CorrelatedGroupsLengths, Error> {
    let mut memory = workspace(correlated_groups_scratch(features));
    correlated_groups_lengths(pairs, features, MemStack::new(&mut memory))
}

/// Groups, their arrays' contents, and what is independent; in memory that is not freed.
#[derive(Debug)]
struct Model<T: 'static> {
    features: usize,
    groups: CorrelatedGroups<'static, T>,
    factors: Vec<T>,
    ranks: Vec<u32>,
    group_ends: Vec<u32>,
    independent: Vec<T>,
    plan: FiringPlan<'static>,
    repaired: usize,
    means: Vec<T>,
    std_devs: Vec<T>,
}

impl<T: Scalar> Model<T> {
    fn new(pairs: &[CorrelatedPair], probabilities: &[T], features: usize) -> Result<Self, Error> {
        let lengths = lengths_of(pairs, features)?;
        let mut memory = workspace(correlate_groups_scratch(features, &lengths));
        let mut independent = vec![T::from_f64(7.0); features];
        let mut members = vec![7; lengths.members];
        let (mut ranks, mut group_ends) = (vec![7; lengths.members], vec![7; lengths.groups]);
        let mut factors = vec![T::from_f64(7.0); lengths.factors];
        let mut thresholds = vec![T::from_f64(7.0); lengths.members];
        let mut make = || {
            let buffers = CorrelatedGroupsBuffers {
                members: &mut members,
                ranks: &mut ranks,
                group_ends: &mut group_ends,
                factors: &mut factors,
                thresholds: &mut thresholds,
            };
            let stack = MemStack::new(&mut memory);
            correlate_groups(pairs, probabilities, &mut independent, buffers, stack).map(|made| made.1)
        };
        if let Err(error) = make() {
            let untouched = [&independent, &factors, &thresholds];
            assert!(untouched.iter().all(|x| x.iter().all(|&x| x == T::from_f64(7.0))));
            assert!([&members, &ranks, &group_ends].iter().all(|x| x.iter().all(|&x| x == 7)));
            return Err(error);
        }
        let buffers = CorrelatedGroupsBuffers {
            members: members.leak(),
            ranks: ranks.clone().leak(),
            group_ends: group_ends.clone().leak(),
            factors: factors.clone().leak(),
            thresholds: thresholds.leak(),
        };
        let stack = MemStack::new(&mut memory);
        let (groups, repaired) =
            correlate_groups(pairs, probabilities, &mut independent, buffers, stack).unwrap();
        let plan = planned(&independent, features).unwrap();
        let (means, std_devs) = (vec![T::ONE], vec![T::ZERO]);
        Ok(Self {
            features,
            groups,
            factors,
            ranks,
            group_ends,
            independent,
            plan,
            repaired,
            means,
            std_devs,
        })
    }

    /// The features of each group, and its factor as a full matrix.
    fn blocks(&self) -> Vec<(Vec<usize>, Vec<T>)> {
        let (mut begin, mut used, mut blocks) = (0, 0, Vec::new());
        for &end in &self.group_ends {
            let feature = |&rank: &u32| self.groups.members()[rank as usize] as usize;
            let features: Vec<usize> = self.ranks[begin..end as usize].iter().map(feature).collect();
            let m = features.len();
            let mut factor = vec![T::ZERO; m * m];
            for row in 0..m {
                factor[row * m..][..=row].copy_from_slice(&self.factors[used..][..=row]);
                used += row + 1;
            }
            blocks.push((features, factor));
            begin = end as usize;
        }
        assert_eq!(used, self.factors.len());
        blocks
    }

    fn dense(&self, stream: Stream, first_row: u64, rows: usize) -> Vec<T> {
        let n = self.features;
        let mut out = vec![T::from_f64(7.0); rows * n];
        let firing = PlannedFiring::new(self.plan, &self.means, &self.std_devs).unwrap();
        let scratch = sample_grouped_scratch::<T>(self.groups.members().len(), self.groups.largest());
        let mut memory = workspace(scratch);
        let matrix = row_major_mut(&mut out, rows, n, n).unwrap();
        sample_grouped(&firing, &self.groups, stream, first_row, matrix, MemStack::new(&mut memory)).unwrap();
        out
    }

    fn sparse(&self, stream: Stream, first_row: u64, rows: usize) -> (Vec<i64>, Vec<u32>, Vec<T>) {
        let firing = PlannedFiring::new(self.plan, &self.means, &self.std_devs).unwrap();
        let scratch = sample_grouped_scratch::<T>(self.groups.members().len(), self.groups.largest());
        let mut memory = workspace(scratch);
        let mut offsets = vec![7; rows + 1];
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut [], values: &mut [] };
        let stack = MemStack::new(&mut memory);
        // Without room for any, the offsets say how much is needed.
        let _ = sample_grouped_csr(&firing, &self.groups, stream, first_row, rows, out, stack);
        let needed = offsets[rows] as usize;
        let (mut columns, mut values) = (vec![7; needed], vec![T::from_f64(7.0); needed]);
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        let stack = MemStack::new(&mut memory);
        let nnz = sample_grouped_csr(&firing, &self.groups, stream, first_row, rows, out, stack).unwrap();
        assert_eq!(nnz, needed);
        (offsets, columns, values)
    }
}

fn matrix_of(pairs: &[CorrelatedPair], n: usize) -> (Vec<f64>, bool) {
    let mut out = vec![0.0; n * n];
    let mut memory = workspace(correlation_matrix_scratch(n));
    let matrix = row_major_mut(&mut out, n, n, n).unwrap();
    let repaired = correlation_matrix(pairs, 0.0, matrix, MemStack::new(&mut memory)).unwrap();
    (out, repaired)
}

/// Random pairs of few features, with duplicates, zeros and correlations that often need a repair.
fn pairs(features: u32) -> impl Strategy<Value = Vec<CorrelatedPair>> {
    let correlation = prop_oneof![1 => Just(0.0), 4 => -0.95..0.95f64];
    let any = (0..features, 1..features, correlation)
        .prop_map(move |(i, step, c)| (i, (i + step) % features, c))
        .prop_map(|(i, j, c)| pair(i.min(j), i.max(j), c));
    prop::collection::vec(any, 0..features as usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn groups_are_the_connected_components(pairs in pairs(14)) {
        let n = 14;
        let model = Model::new(&pairs, &[0.25], n).unwrap();
        // Reachability by repeated relaxation.
        let mut least: Vec<usize> = (0..n).collect();
        for _ in 0..n {
            for p in pairs.iter().filter(|p| p.correlation != 0.0) {
                let both = least[p.i as usize].min(least[p.j as usize]);
                (least[p.i as usize], least[p.j as usize]) = (both, both);
            }
        }
        let mut want: Vec<Vec<usize>> = (0..n)
            .map(|root| (0..n).filter(|&i| least[i] == root).collect::<Vec<_>>())
            .filter(|group| group.len() > 1)
            .collect();
        let mut blocks = model.blocks();
        let found: Vec<Vec<usize>> = blocks.iter().map(|block| block.0.clone()).collect();
        prop_assert_eq!(&found, &want);
        let lengths = lengths_of(&pairs, n).unwrap();
        prop_assert_eq!(lengths.largest, want.iter().map(Vec::len).max().unwrap_or(0));
        prop_assert_eq!(lengths.factors, want.iter().map(|g| g.len() * (g.len() + 1) / 2).sum::<usize>());
        let mut members = want.concat();
        members.sort_unstable();
        prop_assert!(model.groups.members().iter().map(|&i| i as usize).eq(members.iter().copied()));
        for i in 0..n {
            let left = if members.contains(&i) { 0.0 } else { 0.25 };
            prop_assert_eq!(model.independent[i], left);
        }

        // Each factor is that of the group's own correlation matrix.
        let mut repaired = 0;
        for ((features, factor), group) in blocks.drain(..).zip(want.drain(..)) {
            let m = group.len();
            let local = |i: u32| group.iter().position(|&f| f == i as usize);
            let inside: Vec<CorrelatedPair> = pairs
                .iter()
                .filter_map(|p| Some(pair(local(p.i)? as u32, local(p.j)? as u32, p.correlation)))
                .collect();
            let (matrix, was_repaired) = matrix_of(&inside, m);
            repaired += usize::from(was_repaired);
            prop_assert_eq!(features.len(), m);
            for i in 0..m {
                for j in 0..m {
                    let product: f64 = (0..m).map(|k| factor[i * m + k] * factor[j * m + k]).sum();
                    // A backward stable factorisation of numbers up to 1, m <= 14.
                    prop_assert!((product - matrix[i * m + j]).abs() < 1e-13);
                }
            }
        }
        prop_assert_eq!(model.repaired, repaired);
    }

    #[test]
    fn rows_depend_on_their_number_alone(pairs in pairs(90), split in 1usize..9, p in 0.0..=1.0f64) {
        let mut model = Model::new(&pairs, &[p as f32], 90).unwrap();
        (model.means, model.std_devs) = (vec![0.5], vec![1.0]);
        let (stream, first) = (Stream::new(5, 6), u64::MAX - 40);
        let whole = model.dense(stream, first, 10);
        let mut parts = model.dense(stream, first, split);
        parts.extend(model.dense(stream, first + split as u64, 10 - split));
        prop_assert_eq!(&whole, &parts);
        // The sparse form holds the non-zeros, in order.
        let (offsets, columns, values) = model.sparse(stream, first, 10);
        let mut sparse = vec![0.0; 900];
        for r in 0..10 {
            let range = offsets[r] as usize..offsets[r + 1] as usize;
            prop_assert!(columns[range.clone()].windows(2).all(|pair| pair[0] < pair[1]));
            for k in range {
                prop_assert!(values[k] > 0.0);
                sparse[r * 90 + columns[k] as usize] = values[k];
            }
        }
        prop_assert_eq!(whole, sparse);
    }
}

/// Two groups and a feature on its own, all mixed.
const N: usize = 6;
const ROWS: usize = 300_000;
const PROBABILITIES: [f64; N] = [0.3, 0.5, 0.2, 0.6, 0.5, 0.15];

fn mixed() -> Vec<CorrelatedPair> {
    vec![pair(0, 3, 0.7), pair(3, 5, -0.4), pair(1, 4, 0.6), pair(0, 5, 0.2)]
}

/// How often each pattern of firings comes.
fn counts<T: Scalar>(samples: &[T]) -> Vec<f64> {
    let mut counts = vec![0.0; 1 << N];
    for row in samples.chunks_exact(N) {
        let bit = |(j, &x): (usize, &T)| usize::from(x > T::ZERO) << j;
        counts[row.iter().enumerate().map(bit).sum::<usize>()] += 1.0;
    }
    counts
}

/// How many standard deviations (by Wilson and Hilferty 1931) two histograms are apart.
fn sigmas_apart(a: &[f64], b: &[f64]) -> f64 {
    let (mut statistic, mut cells) = (0.0, -1.0);
    for (&a, &b) in a.iter().zip(b).filter(|&(&a, &b)| a + b >= 20.0) {
        (statistic, cells) = (statistic + (a - b) * (a - b) / (a + b), cells + 1.0);
    }
    let variance = 2.0 / (9.0 * cells);
    ((statistic / cells).cbrt() - (1.0 - variance)) / variance.sqrt()
}

/// Patterns by the whole correlation matrix.
fn counts_of_dense(pairs: &[CorrelatedPair], seed: u64) -> Vec<f64> {
    let (matrix, repaired) = matrix_of(pairs, N);
    assert!(!repaired);
    let (mut factor, mut t) = (vec![0.0; N * N], vec![0.0; N]);
    let mut memory = workspace(factorise_scratch(N));
    let factor_out = row_major_mut(&mut factor, N, N, N).unwrap();
    factorise(row_major(&matrix, N, N, N).unwrap(), factor_out, MemStack::new(&mut memory)).unwrap();
    thresholds(&PROBABILITIES, &mut t).unwrap();
    let mut out = vec![7.0; ROWS * N];
    let mut memory = workspace(sample_scratch::<f64>(N));
    let matrix = row_major_mut(&mut out, ROWS, N, N).unwrap();
    let factor = row_major(&factor, N, N, N).unwrap();
    sample_firing(factor, &t, Stream::new(seed, 0), 0, matrix, MemStack::new(&mut memory)).unwrap();
    counts(&out)
}

#[test]
fn the_law_is_that_of_the_whole_matrix() {
    let model = Model::new(&mixed(), &PROBABILITIES, N).unwrap();
    assert_eq!(model.repaired, 0);
    let grouped = counts(&model.dense(Stream::new(31, 0), 0, ROWS));
    let single = PROBABILITIES.map(|p| p as f32);
    let single = Model::new(&mixed(), &single, N).unwrap();
    let single = counts(&single.dense(Stream::new(32, 0), 0, ROWS));
    let dense = counts_of_dense(&mixed(), 33);
    // Exceeded with probability 1e-6 on either side.
    for other in [&grouped, &single] {
        let sigmas = sigmas_apart(other, &dense);
        assert!(sigmas.abs() < 4.9, "{sigmas} sigma");
    }
    // That the statistic would see one correlation that is somewhat off.
    let mut off = mixed();
    off[2].correlation = 0.55;
    assert!(sigmas_apart(&grouped, &counts_of_dense(&off, 34)) > 6.0);
}

#[test]
fn rates_and_joint_rates_are_exact() {
    let mut probabilities = PROBABILITIES;
    (probabilities[1], probabilities[4]) = (0.5, 0.5);
    let model = Model::new(&mixed(), &probabilities, N).unwrap();
    let counts = counts(&model.dense(Stream::new(35, 0), 0, ROWS));
    let frequency = |mask: usize| {
        let seen = counts.iter().enumerate().filter(|(pattern, _)| pattern & mask == mask);
        seen.map(|(_, count)| count).sum::<f64>()
    };
    let mut checks: Vec<(usize, f64)> = (0..N).map(|j| (1 << j, probabilities[j])).collect();
    // Above the medians, by Sheppard 1899: 1/4 + asin(rho) / 2 pi.
    checks.push((1 << 1 | 1 << 4, 0.25 + 0.6f64.asin() / core::f64::consts::TAU));
    // Of different groups, and of a group and a feature on its own.
    checks.extend([(1 | 1 << 1, 0.3 * 0.5), (1 << 2 | 1 << 3, 0.2 * 0.6), (1 << 4 | 1 << 5, 0.5 * 0.15)]);
    for (mask, p) in checks {
        let (seen, mean) = (frequency(mask), ROWS as f64 * p);
        // 5 sigma.
        assert!((seen - mean).abs() < 5.0 * (mean * (1.0 - p)).sqrt(), "{mask:b}: {seen} of {mean}");
    }
}

#[test]
fn certain_and_impossible_features_are_exact() {
    let probabilities = [1.0f32, 0.0, 0.0, 0.5, 1.0, 1e-38];
    let model = Model::new(&mixed(), &probabilities, N).unwrap();
    for row in model.dense(Stream::new(1, 1), 0, 5000).chunks_exact(N) {
        assert_eq!([row[0], row[1], row[2], row[4], row[5]], [1.0, 0.0, 0.0, 1.0, 0.0]);
    }
}

#[test]
fn without_groups_it_is_the_sparse_sample() {
    let model = Model::new(&[pair(0, 1, 0.0)], &PROBABILITIES, N).unwrap();
    assert!(model.groups.members().is_empty());
    let firing = PlannedFiring::new(model.plan, &model.means, &model.std_devs).unwrap();
    let mut want = vec![7.0; 50 * N];
    let matrix = row_major_mut(&mut want, 50, N, N).unwrap();
    sample_sparse(&firing, Stream::new(9, 9), 3, matrix).unwrap();
    assert_eq!(model.dense(Stream::new(9, 9), 3, 50), want);
}

#[test]
fn bits_are_frozen() {
    let mut model = Model::new(&mixed(), &PROBABILITIES, N).unwrap();
    (model.means, model.std_devs) = (vec![1.0], vec![0.25]);
    let (offsets, columns, values) = model.sparse(Stream::new(1, 2), 3, 5);
    assert_eq!(offsets, [0, 1, 4, 5, 7, 9]);
    assert_eq!(columns, [5, 1, 2, 4, 3, 2, 3, 2, 3]);
    assert_eq!(values[..4], [0.5557149613367527, 0.7726108142536258, 1.0319945711392122, 0.8999192913978429]);

    let mut single = Model::new(&mixed(), &PROBABILITIES.map(|p| p as f32), N).unwrap();
    (single.means, single.std_devs) = (vec![1.0], vec![0.25]);
    let single = single.sparse(Stream::new(1, 2), 3, 5);
    assert_eq!((single.0, single.1), (offsets, columns));
    assert_eq!(single.2[..4], [0.55571496, 0.7726108, 1.0319946, 0.8999193]);
}

#[test]
fn refusals_write_nothing() {
    let refused = |pairs: &[CorrelatedPair], p: &[f64], reason, argument| {
        assert_eq!(Model::new(pairs, p, N).unwrap_err(), Error::new(reason, argument));
    };
    let half = &[0.5];
    refused(&[pair(0, 6, 0.1)], half, Reason::IndexOutOfRange, Argument::Pairs);
    refused(&[pair(2, 2, 0.1)], half, Reason::Order, Argument::Pairs);
    refused(&[pair(2, 3, f64::NAN)], half, Reason::NotANumber, Argument::Pairs);
    refused(&[pair(2, 3, 1.1)], half, Reason::OutOfRange, Argument::Pairs);
    refused(&[pair(2, 3, 1.0)], half, Reason::NotPositiveDefinite, Argument::Pairs);
    refused(&mixed(), &[], Reason::Empty, Argument::Probabilities);
    refused(&mixed(), &[0.5; 5], Reason::Shape, Argument::Probabilities);
    refused(&mixed(), &[1.5], Reason::OutOfRange, Argument::Probabilities);
    refused(&mixed(), &[f64::NAN], Reason::NotANumber, Argument::Probabilities);
    assert_eq!(lengths_of(&[], 0), Err(Error::new(Reason::Empty, Argument::Features)));
    assert_eq!(lengths_of(&[], 3), Ok(CorrelatedGroupsLengths::default()));

    // Too little workspace, and a member beyond the plan's features.
    let model = Model::new(&mixed(), &PROBABILITIES, N).unwrap();
    let firing = PlannedFiring::new(model.plan, &model.means, &model.std_devs).unwrap();
    let mut out = vec![7.0; N];
    let matrix = row_major_mut(&mut out, 1, N, N).unwrap();
    let stack = MemStack::new(&mut []);
    let error = sample_grouped(&firing, &model.groups, Stream::default(), 0, matrix, stack);
    assert_eq!(error, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
    let small = Model::new(&[], &[0.5], 2).unwrap();
    let firing = PlannedFiring::new(small.plan, &model.means, &model.std_devs).unwrap();
    let matrix = row_major_mut(&mut out, 1, 2, 2).unwrap();
    let mut memory = workspace(sample_grouped_scratch::<f64>(5, 3));
    let stack = MemStack::new(&mut memory);
    let error = sample_grouped(&firing, &model.groups, Stream::default(), 0, matrix, stack);
    assert_eq!(error, Err(Error::new(Reason::IndexOutOfRange, Argument::Members)));
    assert!(out.iter().all(|&x| x == 7.0));
}
