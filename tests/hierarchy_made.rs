//! Hierarchies made to measure, on sparse batches, and what their functions refuse.

mod support;

use proptest::prelude::*;
use sae_kernels::activation::hierarchy::{
    Compensation, ForestMut, GeneratedForest, Hierarchy, NONE, apply_csr, apply_dense,
    compensate_probabilities, compensation_buffer_len, generate_forest,
};
use sae_kernels::activation::{CsrMut, PlannedFiring, modify_csr, sample_sparse_csr};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Reason};
use std::ops::ControlFlow;
use support::planned::planned;

const STREAM: Stream = Stream::new(8, 3);

/// The arrays of a forest.
#[derive(Default)]
struct Forest {
    parents: Vec<u32>,
    features: Vec<u32>,
    exclusive: Vec<u8>,
    scaled: Vec<u8>,
}

impl Forest {
    /// From the parent, the feature, and whether children exclude each other, of each node.
    fn new(nodes: &[(u32, u32, u8)]) -> Self {
        let mut forest = Self::default();
        for &(parent, feature, exclusive) in nodes {
            forest.parents.push(parent);
            forest.features.push(feature);
            forest.exclusive.push(exclusive);
        }
        forest
    }

    fn generated(params: &GeneratedForest, seed: u64, room: usize) -> Result<Self, Error> {
        let (mut parents, mut features) = (vec![7; room], vec![7; room]);
        let (mut exclusive, mut scaled) = (vec![7; room], vec![7; room]);
        let out = ForestMut {
            parents: &mut parents,
            features: &mut features,
            exclusive: &mut exclusive,
            scaled: &mut scaled,
        };
        let nodes = generate_forest(params, seed, out)?;
        parents.truncate(nodes);
        features.truncate(nodes);
        exclusive.truncate(nodes);
        scaled.truncate(nodes);
        Ok(Self { parents, features, exclusive, scaled })
    }

    fn buffer(&self) -> Vec<u32> {
        vec![0; Hierarchy::buffer_len(self.parents.len())]
    }

    fn lay_out<'a>(&self, feature_count: usize, buffer: &'a mut [u32]) -> Result<Hierarchy<'a>, Error> {
        let Self { parents, features, exclusive, scaled } = self;
        Hierarchy::new(parents, features, exclusive, scaled, feature_count, buffer)
    }

    /// Compensated probabilities, and how many rates are not met.
    fn compensate(&self, rates: &[f64], compensation: Compensation) -> (Vec<f64>, usize) {
        let (mut buffer, mut out) = (self.buffer(), vec![0.0; rates.len()]);
        let hierarchy = self.lay_out(rates.len(), &mut buffer).unwrap();
        let mut room = vec![0.0; compensation_buffer_len(self.parents.len())];
        let unmet = compensate_probabilities(&hierarchy, rates, compensation, &mut out, &mut room).unwrap();
        (out, unmet)
    }
}

/// FNV-1a of 32-bit words.
fn fnv(words: impl IntoIterator<Item = u32>) -> u64 {
    let bytes = words.into_iter().flat_map(u32::to_le_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn set(flags: &[u8]) -> impl Iterator<Item = u32> {
    (0..).zip(flags).filter(|&(_, &flag)| flag == 1).map(|(node, _)| node)
}

#[test]
fn generated_forests_are_those_of_the_reference() {
    let text = include_str!("golden/forests.txt");
    assert_eq!(text.lines().count(), 9);
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |k: usize| words[k].parse::<u64>().unwrap();
        let small = |k: usize| u32::try_from(number(k)).unwrap();
        let params = GeneratedForest {
            roots: number(2) as usize,
            least_branching: small(3),
            most_branching: small(4),
            depth: small(5),
            exclusive_portion: words[6].parse().unwrap(),
            exclusive_min_depth: small(7),
            exclusive_max_depth: small(8),
            scale_children: number(9) == 1,
        };
        let forest = Forest::generated(&params, number(1), number(0) as usize).unwrap();
        assert_eq!(forest.parents.len() as u64, number(10), "{line}");
        assert_eq!(fnv(forest.parents.iter().copied()), number(11), "{line}");
        assert_eq!(fnv(set(&forest.exclusive)), number(12), "{line}");
        assert_eq!(fnv(set(&forest.scaled)), number(13), "{line}");
        assert!(forest.features.iter().copied().eq(0..small(10)));
        forest.lay_out(number(0) as usize, &mut forest.buffer()).unwrap();
    }
}

#[test]
fn forests_that_cannot_be_are_refused() {
    let base = GeneratedForest::default();
    let cases = [
        (GeneratedForest { roots: 0, ..base }, Reason::Empty, Argument::Roots),
        (GeneratedForest { least_branching: 1, ..base }, Reason::OutOfRange, Argument::LeastBranching),
        (GeneratedForest { most_branching: 99, ..base }, Reason::OutOfRange, Argument::MostBranching),
        (GeneratedForest { depth: 0, ..base }, Reason::OutOfRange, Argument::Depth),
        (GeneratedForest { exclusive_portion: 1.5, ..base }, Reason::OutOfRange, Argument::ExclusivePortion),
        (GeneratedForest { exclusive_portion: -0.5, ..base }, Reason::OutOfRange, Argument::ExclusivePortion),
        (
            GeneratedForest { exclusive_portion: f64::NAN, ..base },
            Reason::NotANumber,
            Argument::ExclusivePortion,
        ),
        (
            GeneratedForest { exclusive_min_depth: 2, exclusive_max_depth: 1, ..base },
            Reason::OutOfRange,
            Argument::ExclusiveMaxDepth,
        ),
    ];
    for (params, reason, argument) in cases {
        assert_eq!(Forest::generated(&params, 0, 10).err(), Some(Error::new(reason, argument)));
    }
    assert_eq!(Forest::generated(&base, 0, 0).err(), Some(Error::new(Reason::Empty, Argument::Features)));
    let (mut features, mut parents, mut flags) = ([0; 3], [0; 2], [0; 3]);
    let mut scaled = [0; 3];
    let out = ForestMut {
        parents: &mut parents,
        features: &mut features,
        exclusive: &mut flags,
        scaled: &mut scaled,
    };
    assert_eq!(generate_forest(&base, 0, out), Err(Error::new(Reason::Shape, Argument::Parents)));
}

/// How often exclusive siblings stay, by going through all that may be drawn.
fn rates_of_siblings(drawn: &[f64]) -> Vec<f64> {
    let mut rates = vec![0.0; drawn.len()];
    for set in 1_u32..1 << drawn.len() {
        let is_drawn = |i: usize| set >> i & 1 == 1;
        let chance = |i: usize| if is_drawn(i) { drawn[i] } else { 1.0 - drawn[i] };
        let probability: f64 = (0..drawn.len()).map(chance).product();
        for (_, rate) in rates.iter_mut().enumerate().filter(|&(i, _)| is_drawn(i)) {
            *rate += probability / f64::from(set.count_ones());
        }
    }
    rates
}

proptest! {
    #[test]
    fn exclusive_siblings_meet_their_rates(
        shares in prop::collection::vec(0.0..1.0_f64, 2..10),
        total in prop::sample::select(vec![1e-9_f64, 0.1, 0.5, 0.9, 0.999, 0.999_999]),
        gate in 0.01..1.0_f64,
    ) {
        let sum: f64 = shares.iter().sum();
        prop_assume!(sum > 1e-3);
        let mut nodes = vec![(NONE, 0, 1)];
        nodes.extend((1..=shares.len() as u32).map(|feature| (0, feature, 0)));
        let mut rates = vec![gate];
        rates.extend(shares.iter().map(|share| share / sum * total * gate));
        let (drawn, unmet) = Forest::new(&nodes).compensate(&rates, Compensation::Exact);
        prop_assert_eq!((drawn[0], unmet), (gate, 0));
        // The tolerance of the rounds is 1e-13, which a sum so close to 1 does not let them reach.
        let tolerance = if total > 0.9999 { 1e-9 } else { 5e-13 };
        for (rate, got) in rates[1..].iter().zip(rates_of_siblings(&drawn[1..])) {
            prop_assert!((got * gate - rate).abs() <= tolerance * rate + 1e-18, "{} {}", got * gate, rate);
        }
    }
}

#[test]
fn rates_that_cannot_be_met_are_counted() {
    // 0(1, 2, x(3, 4)) with 2 more frequent than 0, and 3 and 4 in sum.
    let forest = Forest::new(&[(NONE, 0, 0), (0, 1, 0), (0, 2, 0), (0, NONE, 1), (3, 3, 0), (3, 4, 0)]);
    let (drawn, unmet) = forest.compensate(&[0.5, 0.25, 0.75, 0.45, 0.15], Compensation::Exact);
    assert_eq!((&drawn[..3], unmet), (&[0.5, 0.5, 1.0][..], 3));
    // In the proportions asked for, to the 1e-6 that the sum is kept below 1.
    let got = rates_of_siblings(&drawn[3..]);
    assert!((got[0] - 0.75).abs() < 2e-6 && (got[1] - 0.25).abs() < 2e-6, "{got:?}");
    // Just all of the parent's firings: met to 1e-6.
    let (drawn, unmet) = forest.compensate(&[0.5, 0.25, 0.5, 0.375, 0.125], Compensation::Exact);
    assert_eq!((drawn[2], unmet), (1.0, 0));
    let got = rates_of_siblings(&drawn[3..]);
    assert!((got[0] - 0.75).abs() < 2e-6 && (got[1] - 0.25).abs() < 2e-6, "{got:?}");
    // Below a feature that never fires nothing does; what never fires needs nothing.
    let (drawn, unmet) = forest.compensate(&[0.0, 0.25, 0.0, 0.375, 0.125], Compensation::Exact);
    assert_eq!((drawn, unmet), (vec![0.0, 0.25, 0.0, 0.375, 0.125], 3));
    let (drawn, unmet) = forest.compensate(&[0.5, 0.0, 0.0, 0.0, 0.125], Compensation::Exact);
    assert!((drawn[4] - 0.25).abs() < 1e-15, "alone in its group as the other never fires: {drawn:?}");
    assert_eq!((&drawn[..4], unmet), (&[0.5, 0.0, 0.0, 0.0][..], 0));
}

#[test]
fn the_approximation_is_that_of_the_reference() {
    // 0(1, 2, 3x(4, 5, 6, -(7)), -x(8, 9)), -x(10, 11(12)), 13 outside.
    let forest = Forest::new(&[
        (NONE, 0, 0),
        (0, 1, 0),
        (0, 2, 0),
        (0, 3, 1),
        (3, 4, 0),
        (3, 5, 0),
        (3, 6, 0),
        (3, NONE, 0),
        (7, 7, 0),
        (0, NONE, 1),
        (9, 8, 0),
        (9, 9, 0),
        (NONE, NONE, 1),
        (12, 10, 0),
        (12, 11, 0),
        (14, 12, 0),
    ]);
    let numbers =
        include_str!("golden/compensated.txt").split_whitespace().map(|word| word.parse::<f64>().unwrap());
    let numbers: Vec<f64> = numbers.collect();
    let (rates, want): (Vec<f64>, Vec<f64>) = numbers.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
    let (got, _) = forest.compensate(&rates, Compensation::Approximate);
    // The reference rounds to single precision three times.
    for (got, want) in got.iter().zip(&want) {
        assert!((got - want).abs() <= 2e-7 * want, "{got} {want}");
    }
    let (exact, unmet) = forest.compensate(&rates, Compensation::Exact);
    assert_eq!(unmet, 0);
    assert!(exact[9] > want[9] + 0.01, "exclusive siblings need more than the approximation gives");
}

#[test]
fn compensated_features_fire_at_their_rates() {
    let params = GeneratedForest {
        roots: 5,
        least_branching: 3,
        most_branching: 6,
        exclusive_portion: 1.0,
        ..Default::default()
    };
    let n = 100;
    let forest = Forest::generated(&params, 1, n).unwrap();
    // Children share 90 per cent of their parent's rate.
    let mut rates = vec![0.0; n];
    for node in 0..forest.parents.len() {
        let parent = forest.parents[node];
        let siblings = forest.parents.iter().filter(|&&other| other == parent).count() as f64;
        rates[node] = if parent == NONE { 0.5 } else { 0.9 * rates[parent as usize] / siblings };
    }
    let (drawn, unmet) = forest.compensate(&rates, Compensation::Exact);
    assert_eq!(unmet, 0);
    let firing = PlannedFiring::new(planned(&drawn, n).unwrap(), &[1.0_f64], &[0.0]).unwrap();
    let rows = 200_000;
    let capacity = (1.05 * rows as f64 * drawn.iter().sum::<f64>()) as usize;
    let (mut row_offsets, mut columns, mut values) =
        (vec![0; rows + 1], vec![0; capacity], vec![0.0; capacity]);
    let batch = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
    sample_sparse_csr(&firing, STREAM, 0, rows, batch).unwrap();
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(n, &mut buffer).unwrap();
    let mut fired = vec![0; forest.parents.len()];
    let batch = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
    let nnz = apply_csr(&hierarchy, &[], STREAM, 0, batch, &mut fired).unwrap();
    let mut counts = vec![0.0_f64; n];
    columns[..nnz].iter().for_each(|&j| counts[j as usize] += 1.0);
    for (j, (count, rate)) in counts.iter().zip(&rates).enumerate() {
        let sigma = (rows as f64 * rate * (1.0 - rate)).sqrt();
        // Of a hundred counts one strays by 5 of its standard deviations once in 17,000 seeds.
        assert!((count - rows as f64 * rate).abs() <= 5.0 * sigma, "feature {j}: {count}");
    }
}

#[test]
fn compensation_refuses_what_makes_no_sense() {
    let forest = Forest::new(&[(NONE, 0, 1), (0, 1, 0), (0, 2, 0)]);
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(3, &mut buffer).unwrap();
    let call = |rates: &[f64], features: usize, room: usize| {
        let mut out = vec![7.0; features];
        let mut buffer = vec![0.0; room];
        let result = compensate_probabilities(&hierarchy, rates, Compensation::Exact, &mut out, &mut buffer);
        assert_eq!(out, vec![7.0; features]);
        result.unwrap_err()
    };
    let error = Error::new;
    assert_eq!(call(&[], 3, 6), error(Reason::Empty, Argument::Rates));
    assert_eq!(call(&[0.1; 2], 3, 6), error(Reason::Shape, Argument::Rates));
    assert_eq!(call(&[0.1, f64::NAN, 0.1], 3, 6), error(Reason::NotANumber, Argument::Rates));
    assert_eq!(call(&[1.1], 3, 6), error(Reason::OutOfRange, Argument::Rates));
    assert_eq!(call(&[0.1], 2, 6), error(Reason::Shape, Argument::Out));
    assert_eq!(call(&[0.1], 3, 5), error(Reason::WorkspaceTooSmall, Argument::Workspace));
}

/// A batch of two rows of three features: 0 and 2 fire, then 1.
fn with_batch<R>(body: impl FnOnce(CsrMut<'_, f64>) -> R) -> (R, Vec<i64>, Vec<u32>, Vec<f64>) {
    let (mut offsets, mut columns, mut values) = (vec![0, 2, 3], vec![0, 2, 1], vec![2.0, 3.0, 5.0]);
    let batch = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
    (body(batch), offsets, columns, values)
}

#[test]
fn sparse_rows_are_scaled_and_dropped_in_place() {
    let mut forest = Forest::new(&[(NONE, 0, 0), (0, 2, 0), (0, 1, 0)]);
    forest.scaled = vec![1, 0, 0];
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(3, &mut buffer).unwrap();
    let apply = |means: &[f64], first_row, room: usize| {
        with_batch(|batch| apply_csr(&hierarchy, means, STREAM, first_row, batch, &mut vec![0; room]))
    };
    let (nnz, offsets, columns, values) = apply(&[4.0], 0, 3);
    assert_eq!((nnz, offsets), (Ok(2), vec![0, 2, 2]));
    assert_eq!((&columns[..2], &values[..2]), (&[0, 2][..], &[2.0, 1.5][..]));

    let refused = |means: &[f64], first_row, room, reason, argument| {
        let (result, offsets, columns, values) = apply(means, first_row, room);
        assert_eq!(result, Err(Error::new(reason, argument)));
        assert_eq!((offsets, columns, values), (vec![0, 2, 3], vec![0, 2, 1], vec![2.0, 3.0, 5.0]));
    };
    refused(&[], 0, 3, Reason::Shape, Argument::Means);
    refused(&[1.0, 1.0], 0, 3, Reason::Shape, Argument::Means);
    refused(&[0.0, 1.0, 1.0], 0, 3, Reason::OutOfRange, Argument::Means);
    refused(&[f64::NAN, 1.0, 1.0], 0, 3, Reason::OutOfRange, Argument::Means);
    refused(&[f64::INFINITY, 1.0, 1.0], 0, 3, Reason::OutOfRange, Argument::Means);
    refused(&[1.0], u64::MAX, 3, Reason::SizeOverflow, Argument::FirstRow);
    refused(&[1.0], 0, 2, Reason::WorkspaceTooSmall, Argument::Workspace);
    // Means of features that scale nothing are not looked at.
    assert_eq!(apply(&[1.0, -1.0, f64::NAN], 0, 3).0, Ok(2));

    // 2 / 1e-308 is infinite: that row and all after it are empty then.
    let (result, offsets, ..) = apply(&[1e-308], 0, 3);
    assert_eq!(result, Err(Error::new(Reason::Diverged, Argument::Values)));
    assert_eq!(offsets, [0, 0, 0]);
    let mut row = [2.0, 3.0, 5.0];
    let view = row_major_mut(&mut row, 1, 3, 3).unwrap();
    let result = apply_dense(&hierarchy, &[1e-308], STREAM, 0, view, &mut [0; 3]);
    assert_eq!(result, Err(Error::new(Reason::Diverged, Argument::Activations)));
}

#[test]
fn sparse_batches_that_are_none_are_refused() {
    let forest = Forest::new(&[(NONE, 0, 0), (0, 1, 0)]);
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(3, &mut buffer).unwrap();
    let call = |offsets: &[i64], columns: &[u32], values: &[f64]| {
        let (mut o, mut c, mut v) = (offsets.to_vec(), columns.to_vec(), values.to_vec());
        let batch = CsrMut { row_offsets: &mut o, columns: &mut c, values: &mut v };
        let result = apply_csr(&hierarchy, &[], STREAM, 0, batch, &mut [0; 2]);
        assert_eq!((&o[..], &c[..]), (offsets, columns));
        result.unwrap_err()
    };
    let error = Error::new;
    assert_eq!(call(&[0], &[], &[]), error(Reason::Empty, Argument::RowOffsets));
    assert_eq!(call(&[0, 2, 1], &[0, 1], &[1.0; 2]), error(Reason::Unsorted, Argument::RowOffsets));
    assert_eq!(call(&[0, 3], &[0, 1], &[1.0; 2]), error(Reason::Shape, Argument::Columns));
    assert_eq!(call(&[0, 2], &[0, 1], &[1.0]), error(Reason::Shape, Argument::Values));
    assert_eq!(call(&[0, 1], &[3], &[1.0]), error(Reason::IndexOutOfRange, Argument::Columns));
    assert_eq!(call(&[0, 2], &[1, 0], &[1.0; 2]), error(Reason::Unsorted, Argument::Columns));
    assert_eq!(call(&[0, 1], &[0], &[f64::NAN]), error(Reason::NotANumber, Argument::Values));
}

#[test]
fn the_callers_changes_to_sparse_rows_go_in_order() {
    // Negates feature 2 and doubles feature 1; row numbers begin where the batch does.
    let mut seen = Vec::new();
    let mut modify = |row: u64, columns: &[u32], values: &mut [f64]| {
        seen.push((row, columns.to_vec()));
        for (&column, value) in columns.iter().zip(values) {
            *value *= [1.0, 2.0, -1.0][column as usize];
        }
        ControlFlow::Continue(())
    };
    let (nnz, offsets, columns, values) = with_batch(|batch| modify_csr(batch, 3, 40, &mut modify));
    assert_eq!(seen, [(40, vec![0, 2]), (41, vec![1])]);
    assert_eq!((nnz, offsets), (Ok(2), vec![0, 1, 2]));
    assert_eq!((&columns[..2], &values[..2]), (&[0, 1][..], &[2.0, 10.0][..]));

    let end_with = |answer: ControlFlow<()>, number: f64| {
        with_batch(|batch| {
            modify_csr(batch, 3, 0, &mut |row, _, values| {
                if row == 0 {
                    return ControlFlow::Continue(());
                }
                values[0] = number;
                answer
            })
        })
    };
    for (answer, number, reason) in [
        (ControlFlow::Break(()), 1.0, Reason::Cancelled),
        (ControlFlow::Continue(()), f64::NAN, Reason::NotANumber),
        (ControlFlow::Continue(()), f64::NEG_INFINITY, Reason::Infinite),
    ] {
        let (result, offsets, columns, values) = end_with(answer, number);
        assert_eq!(result, Err(Error::new(reason, Argument::Modify)));
        // The row before is whole, that one is empty.
        assert_eq!(offsets, [0, 2, 2]);
        assert_eq!((&columns[..2], &values[..2]), (&[0, 2][..], &[2.0, 3.0][..]));
    }
    let overflow =
        with_batch(|batch| modify_csr(batch, 3, u64::MAX, &mut |_, _, _| ControlFlow::Continue(())));
    assert_eq!(overflow.0, Err(Error::new(Reason::SizeOverflow, Argument::FirstRow)));
    assert_eq!(overflow.3, [2.0, 3.0, 5.0]);
}
