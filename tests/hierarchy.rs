//! Hierarchies of features: the reference's golden values, the rules as invariants, and everything refused.

mod support;

use proptest::prelude::*;
use sae_kernels::activation::hierarchy::{
    Hierarchy, NONE, apply_buffer_len, apply_csr, apply_dense, apply_row, parents_from_edges,
    parents_from_edges_buffer_len,
};
use sae_kernels::activation::{CsrMut, CsrRef, csr_from_dense};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Reason};
use support::golden;

const STREAM: Stream = Stream::new(5, 2);

/// Means of features, powers of two that differ: divisions by them are exact.
const MEANS: [f32; 28] = {
    let (mut means, mut j) = ([1.0; 28], 0);
    while j < means.len() {
        means[j] = [0.25, 0.5, 1.0, 2.0, 4.0][j % 5];
        j += 1;
    }
    means
};

/// A forest as its three arrays.
#[derive(Clone, Debug)]
struct Forest {
    parents: Vec<u32>,
    features: Vec<u32>,
    exclusive: Vec<u8>,
    scaled: Vec<u8>,
    feature_count: usize,
}

impl Forest {
    fn new(parents: &[u32], features: &[u32], exclusive: &[u8], feature_count: usize) -> Self {
        let (parents, features) = (parents.to_vec(), features.to_vec());
        Self { parents, features, exclusive: exclusive.to_vec(), scaled: Vec::new(), feature_count }
    }

    fn buffer(&self) -> Vec<u32> {
        vec![0; Hierarchy::buffer_len(self.parents.len())]
    }

    fn lay_out<'a>(&self, buffer: &'a mut [u32]) -> Result<Hierarchy<'a>, Error> {
        let Self { parents, features, exclusive, scaled, feature_count } = self;
        Hierarchy::new(parents, features, exclusive, scaled, *feature_count, buffer)
    }

    fn error(&self) -> Error {
        self.lay_out(&mut self.buffer()).expect_err("a forest that must be refused")
    }

    /// Applies the forest to rows of activations.
    fn apply(&self, first_row: u64, activations: &mut [f32]) {
        let mut buffer = self.buffer();
        let hierarchy = self.lay_out(&mut buffer).unwrap();
        let n = self.feature_count;
        let view = row_major_mut(activations, activations.len() / n, n, n).unwrap();
        apply_dense(&hierarchy, &MEANS[..n.min(MEANS.len())], STREAM, first_row, view, &mut self.room())
            .unwrap();
    }

    fn room(&self) -> Vec<u64> {
        vec![0; apply_buffer_len(self.parents.len())]
    }

    /// Applies the forest to rows of activations in compressed sparse rows.
    fn apply_csr(&self, first_row: u64, activations: &[f32]) -> Vec<f32> {
        let mut buffer = self.buffer();
        let hierarchy = self.lay_out(&mut buffer).unwrap();
        let n = self.feature_count;
        let rows = activations.len() / n;
        let (mut row_offsets, mut columns) = (vec![0; rows + 1], vec![0; activations.len()]);
        let mut values = vec![0.0; activations.len()];
        let dense = row_major(activations, rows, n, n).unwrap();
        let batch = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
        csr_from_dense(dense, batch).unwrap();
        let batch = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
        let means = &MEANS[..n.min(MEANS.len())];
        let nnz = apply_csr(&hierarchy, means, STREAM, first_row, batch, &mut self.room()).unwrap();
        let batch = CsrRef::new(&row_offsets, &columns, &values, n).unwrap();
        assert_eq!(batch.nnz(), nnz);
        let mut dense = vec![0.0; activations.len()];
        for r in 0..rows {
            for (column, value) in batch.row(r) {
                assert_ne!(value, 0.0);
                dense[r * n + column] = value;
            }
        }
        dense
    }

    /// Whether a node is active, straight from the definition.
    fn active(&self, row: &[f32], mut node: usize) -> bool {
        loop {
            match (self.features[node], self.parents[node]) {
                (NONE, NONE) => return true,
                (NONE, parent) => node = parent as usize,
                (feature, _) => return row[feature as usize] > 0.0,
            }
        }
    }

    /// What a node's activation is scaled by, straight from the definition, given the scaled activations above it.
    fn scale(&self, row: &[f32], node: usize) -> f32 {
        let mut above = self.parents[node];
        if above == NONE || self.scaled.get(above as usize) != Some(&1) {
            return 1.0;
        }
        while self.features[above as usize] == NONE {
            above = self.parents[above as usize];
            if above == NONE {
                return 1.0;
            }
        }
        let gate = self.features[above as usize] as usize;
        row[gate] / MEANS[gate]
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        (0..self.parents.len()).filter(move |&child| self.parents[child] == node as u32)
    }
}

#[test]
fn agrees_with_the_reference() {
    // 0(1(2), -(3), 4); feature 5 has no node.
    let forest = Forest::new(&[NONE, 0, 1, 0, 3, 0], &[0, 1, 2, NONE, 3, 4], &[0; 6], 6);
    let mut activations = golden::<f32>("hier_in").data;
    forest.apply(0, &mut activations);
    assert_eq!(activations, golden::<f32>("hier_out").data);
}

#[test]
fn the_order_of_the_nodes_does_not_matter_without_exclusion() {
    let forest = Forest::new(&[5, 4, 5, NONE, 2, 3], &[4, 3, NONE, NONE, NONE, 0], &[0; 6], 5);
    // Feature 0 hangs on the root without a feature, feature 4 on it, feature 3 on it through two groups.
    let mut row = [0.0, 1.0, 1.0, 1.0, 1.0];
    forest.apply(0, &mut row);
    assert_eq!(row, [0.0, 1.0, 1.0, 0.0, 0.0]);
    let mut row = [0.5, 1.0, 1.0, 1.0, 1.0];
    forest.apply(0, &mut row);
    assert_eq!(row, [0.5, 1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn the_exclusive_choice_is_uniform_and_independent_of_the_batch() {
    // A root whose children exclude each other: features 1, 2, 3, 4 and a group; 3 is inactive.
    let forest = Forest::new(&[NONE, 0, 0, 0, 0, 0], &[0, 1, 2, 3, 4, NONE], &[1, 0, 0, 0, 0, 0], 5);
    let rows = 30_000;
    let row = [1.0, 0.5, 2.0, 0.0, 3.0];
    let mut activations = row.repeat(rows);
    forest.apply(10, &mut activations);
    let mut counts = [0u32; 5];
    for got in activations.chunks_exact(5) {
        assert_eq!(got.iter().filter(|&&x| x > 0.0).count(), 2);
        for i in 0..5 {
            assert!(got[i] == 0.0 || got[i] == row[i]);
            counts[i] += u32::from(got[i] > 0.0);
        }
    }
    // Chi-squared with 2 degrees of freedom exceeds 18.4 with probability 1e-4.
    let mean = rows as f64 / 3.0;
    let chi2: f64 = [1, 2, 4].iter().map(|&i| (f64::from(counts[i]) - mean).powi(2) / mean).sum();
    assert!(chi2 < 18.4, "{counts:?}");
    assert_eq!((counts[0], counts[3]), (rows as u32, 0));

    // The same rows in two batches, and one by one.
    let mut split = row.repeat(rows);
    let (front, back) = split.split_at_mut(777 * 5);
    forest.apply(10, front);
    forest.apply(787, back);
    assert!(split == activations);
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(&mut buffer).unwrap();
    for k in [0, 1, 776, 777, rows - 1] {
        let mut one = row;
        apply_row(&hierarchy, &[], STREAM, 10 + k as u64, &mut one, &mut forest.room()).unwrap();
        assert_eq!(one, activations[k * 5..][..5]);
    }
}

#[test]
fn an_inactive_parent_excludes_nothing_but_silences_all() {
    let forest = Forest::new(&[NONE, 0, 0], &[0, 1, 2], &[1, 0, 0], 3);
    let mut row = [0.0, 1.0, 1.0];
    forest.apply(0, &mut row);
    assert_eq!(row, [0.0; 3]);
    // Not positive is inactive: negative numbers and NaN; where the parent is active they are left alone.
    let mut row = [-1.0, 1.0, -1.0];
    forest.apply(0, &mut row);
    assert_eq!(row, [-1.0, 0.0, 0.0]);
    let mut row = [f32::NAN, 1.0, 1.0];
    forest.apply(0, &mut row);
    assert!(row[0].is_nan() && row[1..] == [0.0; 2]);
    let mut row = [1.0, -1.0, 1.0];
    forest.apply(0, &mut row);
    assert_eq!(row, [1.0, -1.0, 1.0]);
}

/// Random forests: each node but the first hangs on an earlier one or on none, then the nodes are shuffled.
fn forests() -> impl Strategy<Value = Forest> {
    let size = 1usize..25;
    size.prop_flat_map(|nodes| {
        let parents = prop::collection::vec((any::<prop::sample::Index>(), 0..5u8), nodes);
        let flags = prop::collection::vec((any::<bool>(), 0..4u8, any::<bool>()), nodes);
        let order = Just((0..nodes as u32).collect::<Vec<_>>()).prop_shuffle();
        let features = Just((0..nodes as u32 + 3).collect::<Vec<_>>()).prop_shuffle();
        (parents, flags, order, features)
    })
    .prop_map(|(parents, flags, order, mut features)| {
        let nodes = parents.len();
        let feature_count = features.len();
        features.truncate(nodes);
        let mut forest = Forest::new(&vec![NONE; nodes], &features, &vec![0; nodes], feature_count);
        for node in 1..nodes {
            if parents[node].1 > 0 {
                forest.parents[order[node] as usize] = order[parents[node].0.index(node)];
            }
        }
        for (node, flag) in flags.iter().enumerate() {
            if flag.1 == 0 {
                forest.features[node] = NONE;
            }
            forest.exclusive[node] = u8::from(flag.0 && forest.children(node).count() >= 2);
            forest.scaled.push(u8::from(flag.2));
        }
        forest
    })
}

proptest! {
    #[test]
    fn the_rules_hold_afterwards(
        forest in forests(),
        seed in prop::collection::vec(prop::sample::select(vec![0.0f32, 1.0, 2.5, -1.0]), 28),
        row_number in any::<u32>(),
    ) {
        let before = &seed[..forest.feature_count];
        let mut row = before.to_vec();
        forest.apply(row_number.into(), &mut row);
        for node in 0..forest.parents.len() {
            let feature = forest.features[node];
            if forest.parents[node] == NONE {
                if feature != NONE {
                    prop_assert_eq!(row[feature as usize], before[feature as usize], "a root was changed");
                }
            } else if feature != NONE && !forest.active(&row, forest.parents[node] as usize) {
                prop_assert_eq!(row[feature as usize], 0.0, "a child without its parent");
            }
            // How many rivals a choice had is seen from `before`: only the choice itself can have silenced one
            // whose parent is active.
            let rivals = |row: &[f32]| {
                let with_feature = forest.children(node).filter(|&c| forest.features[c] != NONE);
                with_feature.filter(|&c| forest.active(row, c)).count()
            };
            if forest.active(&row, node) {
                let most = if forest.exclusive[node] == 1 { 1 } else { usize::MAX };
                prop_assert_eq!(rivals(&row), rivals(before).min(most));
            }
        }
        for (feature, (x, y)) in row.iter().zip(before).enumerate() {
            let node = forest.features.iter().position(|&f| f == feature as u32);
            prop_assert!(*x == *y * node.map_or(1.0, |node| forest.scale(&row, node)) || *x == 0.0);
            if node.is_none() {
                prop_assert_eq!(x.to_bits(), y.to_bits(), "a feature without a node was changed");
            }
        }
        prop_assert_eq!(&forest.apply_csr(row_number.into(), before), &row, "sparse rows differ from dense ones");
        if !forest.scaled.contains(&1) {
            let once = row.clone();
            forest.apply(u64::from(row_number) + 1, &mut row);
            prop_assert_eq!(once, row, "a second application changed something");
        }
    }

    #[test]
    fn edges_give_the_parents_back(forest in forests()) {
        let (nodes, parents): (Vec<u32>, Vec<u32>) =
            (0..forest.parents.len() as u32).zip(forest.parents.iter().copied()).rev().filter(|edge| edge.1 != NONE).unzip();
        let mut out = vec![7; forest.parents.len()];
        let mut buffer = vec![0; parents_from_edges_buffer_len(out.len())];
        prop_assert_eq!(parents_from_edges(&parents, &nodes, &mut out, &mut buffer), Ok(()));
        prop_assert_eq!(out, forest.parents);
    }
}

#[test]
fn a_deep_chain_takes_linear_time_and_no_recursion() {
    // 100,000 nodes one below the other, deepest first; a quadratic algorithm would need 10^10 steps.
    let n = 100_000u32;
    let parents: Vec<u32> = (1..n).chain([NONE]).collect();
    let features: Vec<u32> = (0..n).map(|i| if i % 3 == 1 { NONE } else { i }).collect();
    let forest = Forest::new(&parents, &features, &vec![0; n as usize], n as usize);
    let mut row = vec![1f32; n as usize];
    row[60_000] = 0.0;
    forest.apply(0, &mut row);
    for (i, &x) in row.iter().enumerate() {
        assert_eq!(x, if i > 60_000 || i % 3 == 1 { 1.0 } else { 0.0 }, "node {i}");
    }
    let mut out = vec![0; n as usize];
    let nodes: Vec<u32> = (0..n - 1).collect();
    let mut buffer = vec![0; parents_from_edges_buffer_len(out.len())];
    parents_from_edges(&parents[..n as usize - 1], &nodes, &mut out, &mut buffer).unwrap();
    assert_eq!(out, parents);
}

#[test]
fn what_is_no_forest_is_refused() {
    let forest =
        |parents: &[u32], features: &[u32], exclusive: &[u8]| Forest::new(parents, features, exclusive, 4);
    let error = Error::new;
    let cases = [
        (forest(&[NONE, 0], &[0], &[0, 0]), error(Reason::Shape, Argument::Features)),
        (forest(&[NONE, 0], &[0, 1], &[0]), error(Reason::Shape, Argument::Exclusive)),
        (forest(&[NONE, 2], &[0, 1], &[0, 0]), error(Reason::IndexOutOfRange, Argument::Parents)),
        (forest(&[NONE, 0], &[0, 4], &[0, 0]), error(Reason::IndexOutOfRange, Argument::Features)),
        (forest(&[NONE, NONE], &[2, 2], &[0, 0]), error(Reason::DuplicateIndex, Argument::Features)),
        (forest(&[NONE, 0], &[0, 1], &[2, 0]), error(Reason::UnknownValue, Argument::Exclusive)),
        (forest(&[NONE, 0], &[0, 1], &[1, 0]), error(Reason::TooFewChildren, Argument::Exclusive)),
        (forest(&[NONE, 0], &[0, 1], &[0, 1]), error(Reason::TooFewChildren, Argument::Exclusive)),
        (forest(&[0], &[0], &[0]), error(Reason::Cycle, Argument::Parents)),
        (forest(&[NONE, 2, 1], &[0, 1, 2], &[0; 3]), error(Reason::Cycle, Argument::Parents)),
        (forest(&[1, 2, 1], &[0, NONE, NONE], &[0; 3]), error(Reason::Cycle, Argument::Parents)),
    ];
    for (forest, want) in cases {
        assert_eq!(forest.error(), want, "{forest:?}");
    }
    // Groups may be as many as one likes, and no node at all is a forest too.
    let groups = forest(&[NONE, 0, 0], &[NONE; 3], &[1, 0, 0]);
    assert_eq!(groups.lay_out(&mut groups.buffer()).map(|h| (h.nodes(), h.feature_count())), Ok((3, 4)));
    let mut row = [1.0, -2.0, 0.5, 0.0];
    forest(&[], &[], &[]).apply(0, &mut row);
    assert_eq!(row, [1.0, -2.0, 0.5, 0.0]);

    let short = groups.lay_out(&mut groups.buffer()[1..]).unwrap_err();
    assert_eq!(short, error(Reason::WorkspaceTooSmall, Argument::Workspace));
}

#[test]
fn what_is_no_list_of_edges_is_refused() {
    let call = |parents: &[u32], nodes: &[u32], buffer_len: usize| {
        let mut out = [7u32; 3];
        let result = parents_from_edges(parents, nodes, &mut out, &mut vec![0; buffer_len]);
        assert_eq!(out, [7; 3]);
        result.unwrap_err()
    };
    let error = Error::new;
    assert_eq!(call(&[0], &[1, 2], 6), error(Reason::Shape, Argument::Nodes));
    assert_eq!(call(&[3], &[1], 6), error(Reason::IndexOutOfRange, Argument::Parents));
    assert_eq!(call(&[NONE], &[1], 6), error(Reason::IndexOutOfRange, Argument::Parents));
    assert_eq!(call(&[1], &[3], 6), error(Reason::IndexOutOfRange, Argument::Nodes));
    assert_eq!(call(&[0, 1], &[2, 2], 6), error(Reason::SecondParent, Argument::Nodes));
    assert_eq!(call(&[0, 0], &[2, 2], 6), error(Reason::SecondParent, Argument::Nodes));
    assert_eq!(call(&[1], &[1], 6), error(Reason::Cycle, Argument::Parents));
    assert_eq!(call(&[0, 1, 2], &[1, 2, 0], 6), error(Reason::Cycle, Argument::Parents));
    assert_eq!(call(&[2, 1], &[1, 2], 6), error(Reason::Cycle, Argument::Parents));
    assert_eq!(call(&[0], &[1], 5), error(Reason::WorkspaceTooSmall, Argument::Workspace));
}

#[test]
fn rows_of_the_wrong_length_and_rows_past_the_last_are_refused() {
    let forest = Forest::new(&[NONE, 0], &[0, 1], &[0, 0], 2);
    let mut buffer = forest.buffer();
    let hierarchy = forest.lay_out(&mut buffer).unwrap();
    let mut x = [0.0f64, 7.0, 0.0, 7.0];
    let mut room = forest.room();
    let shape = Err(Error::new(Reason::Shape, Argument::Activations));
    assert_eq!(apply_row(&hierarchy, &[], STREAM, 0, &mut x[..3], &mut room), shape);
    let mut apply = |first_row, rows, cols, room: &mut [u64]| {
        let view = row_major_mut(&mut x, rows, cols, cols).unwrap();
        let result = apply_dense(&hierarchy, &[], STREAM, first_row, view, room);
        (result, x)
    };
    let untouched = [0.0, 7.0, 0.0, 7.0];
    assert_eq!(apply(0, 1, 3, &mut room), (shape, untouched));
    let too_small = Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace));
    assert_eq!(apply(0, 2, 2, &mut room[1..]), (too_small, untouched));
    let overflow = Err(Error::new(Reason::SizeOverflow, Argument::FirstRow));
    assert_eq!(apply(u64::MAX - 1, 2, 2, &mut room), (overflow, untouched));
    assert_eq!(apply(u64::MAX - 2, 2, 2, &mut room), (Ok(()), [0.0; 4]));
}
