//! Every way through the solver, whatever the size of the problem, against each other and the certificate.
//!
//! What a solve chooses by itself depends on sizes and on how hard a problem turns out, so most of it would never run
//! on problems that are small enough to be solved by the thousand. Here each part is forced.

use super::lines::{Lines, MatrixLines};
use super::matching::{Matching, MatchingMemory, matching_scratch};
use super::scan::{Allowed, LeastTwo, LeastTwoOfEach, LeastTwoReduced, TOGETHER};
use super::small::{match_small, match_small_scratch};
use super::solver::{Forced, match_rows, match_rows_scratch};
use super::{Sense, verify_assignment, verify_assignment_scratch};
use crate::error::{Error, Reason};
use crate::matrix::row_major;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use faer::dyn_stack::{MemBuffer, MemStack};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

/// The ways.
#[derive(Clone, Copy, Debug)]
enum Way {
    Small,
    Lists(Forced),
}

const WAYS: [Way; 5] = [
    Way::Small,
    Way::Lists(Forced { scaling: false, dense: false, unordered: false }),
    Way::Lists(Forced { scaling: false, dense: false, unordered: true }),
    Way::Lists(Forced { scaling: true, dense: false, unordered: true }),
    Way::Lists(Forced { scaling: false, dense: true, unordered: true }),
];

/// Solves in one way, rows <= cols, and has the result certified; gives the objective.
///
/// The certificate may be off by what the searches round: `rows` of them change each reduced cost by a few roundings
/// of numbers that are at most a few times the largest cost or dual.
fn solve<T: Scalar>(
    costs: &[T],
    rows: usize,
    cols: usize,
    start: Option<&[f64]>,
    way: Way,
) -> Result<f64, Error> {
    let matrix = row_major(costs, rows, cols, cols)?;
    let mut memory = MemBuffer::new(matching_scratch::<T>(rows, cols));
    let (mut memory, _) = MatchingMemory::new(MemStack::new(&mut memory), rows, cols);
    let mut matching = memory.matching();
    if let Some(start) = start {
        matching.duals.copy_from_slice(start);
    }
    let mut copy = vec![T::ZERO; rows.max(cols)];
    let mut lines = MatrixLines::new(matrix, false, &mut copy);
    let cold = start.is_none();
    match way {
        Way::Small => {
            let mut memory = MemBuffer::new(match_small_scratch::<T>(rows, cols));
            match_small(&mut lines, T::MAX, cold, &mut matching, MemStack::new(&mut memory))?;
        }
        Way::Lists(forced) => {
            let mut memory = MemBuffer::new(match_rows_scratch::<T>(rows, cols, false));
            match_rows(&mut lines, T::MAX, cold, forced, &mut matching, MemStack::new(&mut memory))?;
        }
    }
    let Matching { duals, col_of_row, row_of_col, matched_cost, free_cols } = matching;
    for (i, &j) in col_of_row.iter().enumerate() {
        assert_eq!(row_of_col[j as usize] as usize, i);
        assert_eq!(matched_cost[i], costs[i * cols + j as usize]);
        assert_eq!(free_cols[j as usize / 64] >> (j % 64) & 1, 0);
    }
    let row_duals: Vec<f64> =
        (0..rows).map(|i| LeastTwoReduced { row: lines.row(i), duals }.run().least).collect();
    let row_to_col: Vec<i64> = col_of_row.iter().map(|&j| i64::from(j)).collect();
    let mut memory = MemBuffer::new(verify_assignment_scratch(cols));
    let stack = MemStack::new(&mut memory);
    let proof = verify_assignment(matrix, Sense::Minimise, &row_to_col, &row_duals, duals, stack)?;
    let finite = costs.iter().map(|c| c.to_f64()).filter(|c| c.is_finite());
    let scale = finite.chain(duals.iter().copied()).fold(0.0, |scale: f64, x| scale.max(x.abs()));
    let rounding = 12.0 * rows as f64 * f64::EPSILON * scale;
    assert!(proof.infeasibility <= 4.0 * f64::EPSILON * scale, "{proof:?}");
    assert!(proof.slackness <= rounding && proof.gap <= rows as f64 * rounding, "{proof:?}");
    Ok(proof.objective)
}

/// Solves in all ways and compares.
fn agree<T: Scalar>(name: &str, costs: &[T], rows: usize, cols: usize) {
    let scale = costs.iter().map(|c| c.to_f64().abs()).filter(|c| c.is_finite()).fold(0.0, f64::max);
    let first = solve(costs, rows, cols, None, WAYS[0]);
    for way in WAYS {
        let other = solve(costs, rows, cols, None, way);
        match (first, other) {
            (Ok(first), Ok(other)) => {
                // Each is within its gap of the optimum, see above; duals may be a few times the costs.
                let tolerance = 100.0 * (rows * rows) as f64 * f64::EPSILON * scale;
                assert!((first - other).abs() <= tolerance, "{name} {rows}x{cols} {way:?}: {first} {other}");
            }
            _ => assert_eq!(first, other, "{name} {rows}x{cols} {way:?}"),
        }
    }
}

/// Uniform in [0, 1).
fn uniform(random: &mut Pcg64) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Kinds of costs, from those on which lists do all to those on which they do nothing.
fn costs(kind: usize, rows: usize, cols: usize, random: &mut Pcg64) -> (String, Vec<f64>) {
    let mut points = |count: usize| -> Vec<f64> { (0..2 * count).map(|_| uniform(random)).collect() };
    let (a, b) = (points(rows), points(cols));
    let distance = |i: usize, j: usize| {
        let (x, y) = (a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]);
        x * x + y * y
    };
    let each = |f: &mut dyn FnMut(usize, usize) -> f64| -> Vec<f64> {
        (0..rows * cols).map(|at| f(at / cols, at % cols)).collect()
    };
    match kind {
        0 => ("uniform".into(), each(&mut |_, _| uniform(random))),
        1 => ("few values".into(), each(&mut |_, _| (4.0 * uniform(random)).floor())),
        2 => ("product".into(), each(&mut |i, j| ((i + 1) * (j + 1)) as f64)),
        3 => ("squared distance".into(), each(&mut |i, j| distance(i, j))),
        4 => ("rank one".into(), each(&mut |i, j| (a[i] - b[j]).abs())),
        5 => ("constant".into(), each(&mut |_, _| 0.5)),
        6 => {
            ("clusters".into(), each(&mut |i, j| f64::from(u8::from(i % 5 != j % 5)) + distance(i, j) / 9.0))
        }
        7 => {
            let mut forbidden = |_, _| if uniform(random) < 0.5 { f64::INFINITY } else { uniform(random) };
            ("half forbidden".into(), each(&mut forbidden))
        }
        8 => {
            let mut sparse = |i: usize, j: usize| {
                if i % cols == j || uniform(random) < 3.0 / cols as f64 {
                    uniform(random)
                } else {
                    f64::INFINITY
                }
            };
            ("almost all forbidden".into(), each(&mut sparse))
        }
        _ => ("wide range".into(), each(&mut |_, _| libm::exp(60.0 * uniform(random) - 30.0))),
    }
}

#[test]
fn all_ways_agree_on_small_problems() {
    let mut random = Pcg64::seed_from_u64(1);
    for round in 0..3000 {
        let rows = 1 + (random.next_u32() % 12) as usize;
        let cols = rows + if round % 2 == 0 { 0 } else { (random.next_u32() % 12) as usize };
        let (name, costs) = costs(round % 10, rows, cols, &mut random);
        agree(&name, &costs, rows, cols);
        let single: Vec<f32> = costs.iter().map(|&c| c as f32).collect();
        agree(&format!("single {name}"), &single, rows, cols);
    }
}

#[test]
fn all_ways_agree_where_lists_are_shorter_than_rows() {
    let mut random = Pcg64::seed_from_u64(2);
    for kind in 0..10 {
        for (rows, cols) in [(150, 150), (331, 331), (170, 300)] {
            let (name, costs) = costs(kind, rows, cols, &mut random);
            agree(&name, &costs, rows, cols);
        }
    }
}

#[test]
fn any_duals_to_start_from_are_right() {
    let mut random = Pcg64::seed_from_u64(3);
    for kind in 0..10 {
        let (name, costs) = costs(kind, 140, 140, &mut random);
        let cold = solve(&costs, 140, 140, None, WAYS[1]);
        let scale = costs.iter().copied().filter(|c| c.is_finite()).fold(2.0, f64::max);
        let tolerance = 100.0 * 140.0 * 140.0 * f64::EPSILON * scale;
        let start: Vec<f64> = (0..140).map(|_| 4.0 * uniform(&mut random) - 2.0).collect();
        for way in WAYS {
            let warm = solve(&costs, 140, 140, Some(&start), way);
            match (cold, warm) {
                (Ok(cold), Ok(warm)) => {
                    assert!((cold - warm).abs() <= tolerance, "{name} {way:?}: {cold} {warm}");
                }
                _ => assert_eq!(cold, warm, "{name}"),
            }
        }
    }
}

#[test]
fn no_full_assignment_is_found_out_in_every_way() {
    // Three rows that may have two columns only.
    let mut costs = vec![1.0; 40 * 40];
    for i in 7..10 {
        for j in 2..40 {
            costs[i * 40 + j] = f64::INFINITY;
        }
    }
    for way in WAYS {
        let refused = solve(&costs, 40, 40, None, way).unwrap_err();
        assert_eq!(refused.reason, Reason::Infeasible, "{way:?}");
    }
}

#[test]
fn loops_give_the_same_bits_with_all_instructions() {
    let mut random = Pcg64::seed_from_u64(4);
    for len in (1..70).chain([255, 256, 1000]) {
        let row: Vec<f32> = (0..len).map(|_| (8.0 * uniform(&mut random)).floor() as f32).collect();
        let duals: Vec<f64> = (0..len).map(|_| -uniform(&mut random)).collect();
        let reduced = || LeastTwoReduced { row: &row, duals: &duals };
        assert_eq!(reduced().run(), vectorised(reduced()));
        let two = || LeastTwo { row: &row, limit: f32::MAX };
        assert_eq!(two().run(), vectorised(two()));
        let others: [Vec<f32>; TOGETHER] =
            core::array::from_fn(|k| row.iter().map(|&c| (c * (k + 3) as f32) % 7.0).collect());
        let each = || LeastTwoOfEach { rows: core::array::from_fn(|k| &others[k][..]), limit: f32::MAX };
        let one_by_one = others.each_ref().map(|row| LeastTwo { row, limit: f32::MAX }.run());
        assert_eq!(each().run(), one_by_one);
        assert_eq!(vectorised(each()), one_by_one);
        let allowed = |limit| Allowed { row: &row, limit };
        assert_eq!(vectorised(allowed(3.0)), row.iter().all(|&c| c <= 3.0));
        // Against the definition.
        let mut sorted: Vec<f64> = row.iter().zip(&duals).map(|(&c, v)| f64::from(c) - v).collect();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(reduced().run().least, sorted[0]);
        assert_eq!(reduced().run().second, sorted.get(1).copied().unwrap_or(f64::INFINITY));
    }
}
