//! Linear sum assignment against enumeration, scipy and its own certificate of optimality.

mod support;

use proptest::prelude::*;
use rand_core::Rng;
use rand_pcg::Pcg64;
use sae_kernels::assignment::{AssignmentOut, AssignmentParams, Sense, solve, solve_scratch};
use sae_kernels::matrix::{RowMajor, row_major};
use sae_kernels::{Argument, Error, MemStack, Reason, Scalar};
use support::{golden, workspace};

const MINIMISE: AssignmentParams = AssignmentParams { sense: Sense::Minimise };
const MAXIMISE: AssignmentParams = AssignmentParams { sense: Sense::Maximise };
const INFINITY: f64 = f64::INFINITY;

/// All that a solve writes.
#[derive(Clone, Debug, PartialEq)]
struct Solution {
    objective: f64,
    row_to_col: Vec<i64>,
    col_to_row: Vec<i64>,
    row_duals: Vec<f64>,
    col_duals: Vec<f64>,
}

/// Solves with every output; after an error, checks that none was written.
fn solve_all<T: Scalar>(costs: RowMajor<'_, T>, params: &AssignmentParams) -> Result<Solution, Error> {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    let untouched = Solution {
        objective: 0.0,
        row_to_col: vec![77; rows],
        col_to_row: vec![77; cols],
        row_duals: vec![7.5; rows],
        col_duals: vec![7.5; cols],
    };
    let mut s = untouched.clone();
    let out = AssignmentOut {
        row_to_col: &mut s.row_to_col,
        col_to_row: Some(&mut s.col_to_row),
        row_duals: Some(&mut s.row_duals),
        col_duals: Some(&mut s.col_duals),
    };
    let mut buffer = workspace(solve_scratch::<T>(rows, cols));
    match solve(costs, params, out, MemStack::new(&mut buffer)) {
        Ok(objective) => {
            s.objective = objective;
            Ok(s)
        }
        Err(error) => {
            assert_eq!(s, untouched, "{error}");
            Err(error)
        }
    }
}

fn minimise(costs: &[f64], rows: usize, cols: usize) -> Result<Solution, Error> {
    solve_all(row_major(costs, rows, cols, cols).unwrap(), &MINIMISE)
}

fn refusal(reason: Reason) -> Error {
    Error::new(reason, Argument::Costs)
}

/// The least cost of a full assignment by trying all; +infinity if there is none.
fn enumerate(costs: &[f64], rows: usize, cols: usize) -> f64 {
    /// The least cost of the short lines from `line` on, when the long lines in `used` are taken.
    fn least(cost: &dyn Fn(usize, usize) -> f64, line: usize, short: usize, long: usize, used: u32) -> f64 {
        if line == short {
            return 0.0;
        }
        let free = (0..long).filter(|j| used & (1 << j) == 0);
        let totals = free.map(|j| cost(line, j) + least(cost, line + 1, short, long, used | 1 << j));
        totals.fold(f64::INFINITY, f64::min)
    }
    if rows <= cols {
        least(&|i, j| costs[i * cols + j], 0, rows, cols, 0)
    } else {
        least(&|i, j| costs[j * cols + i], 0, cols, rows, 0)
    }
}

/// Checks that the two index arrays are one full matching and that the duals prove it optimal.
///
/// Let M bound every cost and dual, and k = min(rows, cols). Each of the k searches changes a pair's reduced cost by
/// at most 8 operations on numbers of magnitude up to 3 M (a path's length, its two sums, a shift and two dual updates,
/// all bounded by M times 3), each with a relative error of EPSILON / 2: at most 12 M EPSILON a search.
fn certify(costs: RowMajor<'_, f64>, sense: Sense, s: &Solution) {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    let short = rows.min(cols);
    for (i, &j) in s.row_to_col.iter().enumerate() {
        assert!(j == -1 || s.col_to_row[j as usize] == i as i64);
    }
    for (j, &i) in s.col_to_row.iter().enumerate() {
        assert!(i == -1 || s.row_to_col[i as usize] == j as i64);
    }
    assert_eq!(s.row_to_col.iter().filter(|&&j| j != -1).count(), short);

    let sign = if sense == Sense::Minimise { 1.0 } else { -1.0 };
    let largest = |values: &mut dyn Iterator<Item = f64>| values.map(f64::abs).fold(0.0, f64::max);
    let finite = (0..rows).flat_map(|i| (0..cols).map(move |j| costs[(i, j)])).filter(|c| c.is_finite());
    let magnitude = largest(&mut finite.into_iter())
        .max(largest(&mut s.row_duals.iter().copied()))
        .max(largest(&mut s.col_duals.iter().copied()));
    let tolerance = 12.0 * short as f64 * f64::EPSILON * magnitude;
    for i in 0..rows {
        for j in 0..cols {
            let reduced = sign * (costs[(i, j)] - s.row_duals[i] - s.col_duals[j]);
            // One rounding in the dual, and two in the line above.
            assert!(reduced >= -4.0 * f64::EPSILON * magnitude, "pair ({i}, {j}) has reduced cost {reduced}");
            if s.row_to_col[i] == j as i64 {
                assert!(reduced <= tolerance, "matched pair ({i}, {j}) has reduced cost {reduced}");
            }
        }
    }
    let (long_duals, partners) =
        if rows <= cols { (&s.col_duals, &s.col_to_row) } else { (&s.row_duals, &s.row_to_col) };
    if rows != cols {
        for (&dual, &partner) in long_duals.iter().zip(partners) {
            assert!(sign * dual <= 0.0);
            assert!(partner != -1 || dual == 0.0);
        }
    }
    let dual_objective = s.row_duals.iter().chain(&s.col_duals).sum::<f64>();
    // The matched pairs' slacks, and the roundings of the sum just above.
    let summation = (rows + cols) as f64 * f64::EPSILON * (rows + cols) as f64 * magnitude;
    let gap = sign * (s.objective - dual_objective);
    assert!(gap.abs() <= short as f64 * tolerance + summation, "gap {gap}");
}

fn uniform(rng: &mut Pcg64) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

#[test]
fn every_small_rectangle_agrees_with_enumeration() {
    let mut rng = Pcg64::new(1, 2);
    for rows in 1..=7 {
        for cols in 1..=7 {
            for kind in 0..12 {
                let costs: Vec<f64> = (0..rows * cols)
                    .map(|_| match kind % 4 {
                        0 => (rng.next_u64() % 4) as f64,
                        1 => (rng.next_u64() % 50) as f64 - 25.0,
                        2 => 10.0 * uniform(&mut rng) - 5.0,
                        _ if rng.next_u64() % 5 < 2 => INFINITY,
                        _ => (rng.next_u64() % 9) as f64,
                    })
                    .collect();
                let best = enumerate(&costs, rows, cols);
                match minimise(&costs, rows, cols) {
                    Ok(s) => {
                        // Integers are exact; the floats are below 5 and sums of up to 7.
                        let tolerance = if kind % 4 == 2 { 7.0 * 35.0 * f64::EPSILON } else { 0.0 };
                        assert!((s.objective - best).abs() <= tolerance, "{rows} x {cols}: {costs:?}");
                        certify(row_major(&costs, rows, cols, cols).unwrap(), Sense::Minimise, &s);
                    }
                    Err(error) => {
                        assert_eq!(error, refusal(Reason::Infeasible));
                        assert_eq!(best, INFINITY, "{rows} x {cols}: {costs:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn larger_problems_agree_with_scipy() {
    for case in 0..5 {
        let costs = golden::<f64>(&format!("assignment{case}_costs"));
        let s = solve_all(costs.matrix(), &MINIMISE).unwrap();
        assert_eq!(s.row_to_col, golden::<i64>(&format!("assignment{case}_row_to_col")).data);
        let want = golden::<f64>(&format!("assignment{case}_objective")).data[0];
        // scipy sums up to 40 costs below 4 without compensation: 40 * 160 * EPSILON / 2.
        assert!((s.objective - want).abs() < 1e-12);
        certify(costs.matrix(), Sense::Minimise, &s);
    }
}

/// Rectangles up to 24 x 24 in a padded row stride, of integers with ties, of floats, or of floats with a large offset.
fn problems() -> impl Strategy<Value = (usize, usize, usize, Vec<f64>)> {
    (1usize..24, 1usize..24, 0usize..4, 0usize..4).prop_flat_map(|(rows, cols, padding, kind)| {
        let entry = (0.0..1.0f64).prop_map(move |u| match kind {
            0 => (u * 6.0).floor(),
            1 => u - 0.5,
            2 => 1e9 + u,
            _ if u < 0.2 => INFINITY,
            _ => u * 1e-3,
        });
        let stride = cols + padding;
        prop::collection::vec(entry, rows * stride).prop_map(move |costs| (rows, cols, stride, costs))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn solutions_carry_their_proof((rows, cols, stride, costs) in problems()) {
        let matrix = row_major(&costs, rows, cols, stride).unwrap();
        match solve_all(matrix, &MINIMISE) {
            Ok(s) => certify(matrix, Sense::Minimise, &s),
            Err(error) => {
                prop_assert_eq!(error, refusal(Reason::Infeasible));
                prop_assert!(costs.contains(&INFINITY));
            }
        }
    }

    #[test]
    fn maximising_is_minimising_the_negative((rows, cols, stride, costs) in problems()) {
        let negative: Vec<f64> = costs.iter().map(|c| -c).collect();
        let least = solve_all(row_major(&costs, rows, cols, stride).unwrap(), &MINIMISE);
        let matrix = row_major(&negative, rows, cols, stride).unwrap();
        let greatest = solve_all(matrix, &MAXIMISE);
        match (least, greatest) {
            (Ok(least), Ok(greatest)) => {
                certify(matrix, Sense::Maximise, &greatest);
                prop_assert_eq!(&greatest.row_to_col, &least.row_to_col);
                prop_assert_eq!(greatest.objective, -least.objective);
                prop_assert!(greatest.row_duals.iter().zip(&least.row_duals).all(|(g, l)| *g == -l));
                prop_assert!(greatest.col_duals.iter().zip(&least.col_duals).all(|(g, l)| *g == -l));
            }
            (least, greatest) => prop_assert_eq!(least, greatest),
        }
    }

    #[test]
    fn transposing_exchanges_the_sides((rows, cols, stride, costs) in problems()) {
        // A square is solved by its rows either way round, and may end at another optimum.
        prop_assume!(rows != cols);
        let transposed: Vec<f64> =
            (0..cols).flat_map(|j| (0..rows).map(move |i| (i, j))).map(|(i, j)| costs[i * stride + j]).collect();
        let there = solve_all(row_major(&costs, rows, cols, stride).unwrap(), &MINIMISE);
        let back = minimise(&transposed, cols, rows);
        match (there, back) {
            (Ok(there), Ok(back)) => {
                prop_assert_eq!(there.row_to_col, back.col_to_row);
                prop_assert_eq!(there.col_to_row, back.row_to_col);
                prop_assert_eq!(there.row_duals, back.col_duals);
                prop_assert_eq!(there.col_duals, back.row_duals);
            }
            (there, back) => prop_assert_eq!(there, back),
        }
    }
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let mut rng = Pcg64::new(3, 4);
    let (rows, cols) = (17, 23);
    let costs: Vec<f64> = (0..rows * cols).map(|_| uniform(&mut rng)).collect();
    let s = minimise(&costs, rows, cols).unwrap();
    // Steps coprime to the sizes visit every row and column once.
    let (row_at, col_at) = (|i: usize| (5 * i + 3) % rows, |j: usize| (7 * j + 11) % cols);
    let moved: Vec<f64> = (0..rows)
        .flat_map(|i| (0..cols).map(move |j| row_at(i) * cols + col_at(j)))
        .map(|k| costs[k])
        .collect();
    let t = minimise(&moved, rows, cols).unwrap();
    for i in 0..rows {
        assert_eq!(col_at(t.row_to_col[i] as usize) as i64, s.row_to_col[row_at(i)]);
    }
    // The same terms in another order: the compensated sums differ by a rounding of the result each.
    assert!((t.objective - s.objective).abs() <= 2.0 * f64::EPSILON * s.objective);
}

#[test]
fn single_precision_costs_are_solved_in_double_precision() {
    let mut rng = Pcg64::new(5, 6);
    for (rows, cols) in [(12, 12), (9, 20), (20, 9)] {
        let single: Vec<f32> = (0..rows * cols).map(|_| uniform(&mut rng) as f32).collect();
        let double: Vec<f64> = single.iter().map(|&c| f64::from(c)).collect();
        let s = solve_all(row_major(&single, rows, cols, cols).unwrap(), &MINIMISE);
        assert_eq!(s, minimise(&double, rows, cols));
    }
    // The largest f32 costs are far from where f64 sums overflow.
    let s = solve_all(row_major(&[f32::MAX; 16], 4, 4, 4).unwrap(), &MINIMISE).unwrap();
    assert_eq!(s.objective, 4.0 * f64::from(f32::MAX));
}

#[test]
fn a_large_offset_does_not_hide_small_differences() {
    // Integers all through: the optimum is exact although the differences are 1e-9 of the costs.
    let mut rng = Pcg64::new(7, 8);
    let small: Vec<f64> = (0..49).map(|_| (rng.next_u64() % 10) as f64).collect();
    let shifted: Vec<f64> = small.iter().map(|c| 1e9 + c).collect();
    assert_eq!(minimise(&shifted, 7, 7).unwrap().objective, 7e9 + enumerate(&small, 7, 7));
}

#[test]
fn a_small_cost_beside_large_ones_is_summed() {
    let costs = [1e17, INFINITY, INFINITY, INFINITY, 1.0, INFINITY, INFINITY, INFINITY, -1e17];
    assert_eq!(minimise(&costs, 3, 3).unwrap().objective, 1.0);
}

#[test]
fn equal_costs_give_the_identity() {
    for (rows, cols) in [(5, 5), (3, 6), (6, 3)] {
        let s = minimise(&vec![2.0; rows * cols], rows, cols).unwrap();
        let want: Vec<i64> = (0..rows).map(|i| if i < cols { i as i64 } else { -1 }).collect();
        assert_eq!(s.row_to_col, want);
        assert_eq!(s.objective, 2.0 * rows.min(cols) as f64);
    }
}

#[test]
fn one_line_takes_its_best_entry() {
    let costs = [3.0, -1.0, INFINITY, -1.0, 5.0];
    let wide = minimise(&costs, 1, 5).unwrap();
    assert_eq!((wide.objective, &wide.row_to_col[..]), (-1.0, &[1][..]));
    assert_eq!(wide.col_to_row, [-1, 0, -1, -1, -1]);
    assert_eq!((wide.row_duals, wide.col_duals), (vec![-1.0], vec![0.0; 5]));
    let tall = minimise(&costs, 5, 1).unwrap();
    assert_eq!((tall.objective, &tall.col_to_row[..]), (-1.0, &[1][..]));
    assert_eq!(tall.row_to_col, [-1, 0, -1, -1, -1]);
    assert_eq!(minimise(&[4.0], 1, 1).unwrap().objective, 4.0);
}

#[test]
fn only_the_assignment_is_required() {
    let costs = [1.0, 2.0, 0.0, 5.0, 3.0, 4.0];
    for (rows, cols) in [(2, 3), (3, 2)] {
        let matrix = row_major(&costs, rows, cols, cols).unwrap();
        let mut row_to_col = vec![77; rows];
        let out =
            AssignmentOut { row_to_col: &mut row_to_col, col_to_row: None, row_duals: None, col_duals: None };
        let mut buffer = workspace(solve_scratch::<f64>(rows, cols));
        let objective = solve(matrix, &MINIMISE, out, MemStack::new(&mut buffer)).unwrap();
        let all = solve_all(matrix, &MINIMISE).unwrap();
        assert_eq!((objective, row_to_col), (all.objective, all.row_to_col));
    }
}

#[test]
fn patterns_without_a_full_assignment_are_infeasible() {
    const X: f64 = INFINITY;
    let infeasible = |costs: &[f64], rows, cols| {
        assert_eq!(minimise(costs, rows, cols), Err(refusal(Reason::Infeasible)), "{rows} x {cols}");
    };
    infeasible(&[X], 1, 1);
    infeasible(&[X, X, 1.0, 2.0], 2, 2);
    infeasible(&[X, 1.0, X, 2.0], 2, 2);
    // Three rows that share two columns.
    infeasible(&[1.0, 2.0, X, X, 3.0, 4.0, X, X, 5.0, 6.0, X, X, 1.0, 1.0, 1.0, 1.0], 4, 4);
    infeasible(&[1.0, 2.0, X, X, 3.0, 4.0, X, X, 5.0, 6.0, X, X], 3, 4);
    infeasible(&[1.0, X, 1.0, X, 1.0, X, 1.0, X], 4, 2);
    let forbidden = [-X, 1.0, -X, 2.0];
    let greatest = solve_all(row_major(&forbidden, 2, 2, 2).unwrap(), &MAXIMISE);
    assert_eq!(greatest, Err(refusal(Reason::Infeasible)));
}

#[test]
fn forbidden_pairs_that_force_the_assignment() {
    // Upper triangular: only the diagonal is full, whatever it costs.
    let n = 9;
    let costs: Vec<f64> = (0..n * n)
        .map(|k| match (k / n, k % n) {
            (i, j) if i == j => 1000.0,
            (i, j) if i < j => -1.0,
            _ => INFINITY,
        })
        .collect();
    let s = minimise(&costs, n, n).unwrap();
    assert_eq!(s.row_to_col, (0..n as i64).collect::<Vec<_>>());
    certify(row_major(&costs, n, n, n).unwrap(), Sense::Minimise, &s);
}

#[test]
fn costs_that_are_not_numbers_are_refused() {
    let with = |bad: f64, params| solve_all(row_major(&[0.0, 1.0, bad, 3.0], 2, 2, 2).unwrap(), params);
    assert_eq!(with(f64::NAN, &MINIMISE), Err(refusal(Reason::NotANumber)));
    assert_eq!(with(f64::NAN, &MAXIMISE), Err(refusal(Reason::NotANumber)));
    assert_eq!(with(-INFINITY, &MINIMISE), Err(refusal(Reason::Infinite)));
    assert_eq!(with(INFINITY, &MAXIMISE), Err(refusal(Reason::Infinite)));
    assert_eq!(with(INFINITY, &MINIMISE).unwrap().objective, 3.0);
    assert_eq!(with(-INFINITY, &MAXIMISE).unwrap().objective, 3.0);
    // A NaN is named first wherever it is; what lies between the columns and the stride is not read.
    assert_eq!(minimise(&[-INFINITY, f64::NAN], 1, 2), Err(refusal(Reason::NotANumber)));
    let padded = [1.0, f64::NAN, 2.0, f64::NAN];
    assert_eq!(solve_all(row_major(&padded, 2, 1, 2).unwrap(), &MINIMISE).unwrap().objective, 1.0);
}

#[test]
fn costs_whose_sums_could_overflow_are_refused() {
    let limit = f64::MAX / 16.0 / 3.0;
    let next = limit.next_up();
    for sign in [1.0, -1.0] {
        let mut costs = [sign * limit; 9];
        costs[4] = -sign * limit;
        let s = minimise(&costs, 3, 3).unwrap();
        // Two signs cancel and one remains, or all agree but one.
        let want = if sign > 0.0 { limit } else { -3.0 * limit };
        assert!((s.objective - want).abs() <= 4.0 * f64::EPSILON * limit, "{}", s.objective);
        certify(row_major(&costs, 3, 3, 3).unwrap(), Sense::Minimise, &s);
        costs[8] = sign * next;
        assert_eq!(minimise(&costs, 3, 3), Err(refusal(Reason::OutOfRange)));
    }
    assert_eq!(minimise(&[f64::MAX], 1, 1), Err(refusal(Reason::OutOfRange)));
}

#[test]
fn long_alternating_paths_of_large_costs_stay_finite() {
    // Each row can take only its own column or the previous one, and the last row only the first column's
    // neighbour: admitting it moves every other row, through the longest path there is, of costs of both signs.
    let n = 12;
    let large = f64::MAX / 16.0 / n as f64;
    let mut costs = vec![INFINITY; n * n];
    for i in 0..n - 1 {
        costs[i * n + i] = -large;
        costs[i * n + i + 1] = large;
    }
    costs[(n - 1) * n] = large;
    let s = minimise(&costs, n, n).unwrap();
    let want: Vec<i64> = (0..n as i64).map(|i| (i + 1) % n as i64).collect();
    assert_eq!(s.row_to_col, want);
    assert!(s.objective.is_finite());
    // The chain's duals reach 2 (n - 1) costs, and stay finite.
    assert!(s.row_duals.iter().chain(&s.col_duals).all(|dual| dual.is_finite()));
    assert!((s.objective / large - n as f64).abs() <= n as f64 * f64::EPSILON);
}

#[test]
fn outputs_and_workspace_must_have_their_sizes() {
    let costs = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let matrix = row_major(&costs, 2, 3, 3).unwrap();
    let request = solve_scratch::<f64>(2, 3);
    let attempt = |lengths: [usize; 4], bytes: usize| {
        let mut buffer = workspace(request);
        let (mut row_to_col, mut col_to_row) = (vec![7; lengths[0]], vec![7; lengths[1]]);
        let (mut row_duals, mut col_duals) = (vec![0.0; lengths[2]], vec![0.0; lengths[3]]);
        let out = AssignmentOut {
            row_to_col: &mut row_to_col,
            col_to_row: Some(&mut col_to_row),
            row_duals: Some(&mut row_duals),
            col_duals: Some(&mut col_duals),
        };
        let buffer: &mut [std::mem::MaybeUninit<u8>] = &mut buffer;
        solve(matrix, &MINIMISE, out, MemStack::new(&mut buffer[..bytes])).map_err(|e| (e.reason, e.argument))
    };
    let bytes = request.size_bytes();
    assert_eq!(attempt([2, 3, 2, 3], bytes), Ok(6.0));
    assert_eq!(attempt([1, 3, 2, 3], bytes), Err((Reason::Shape, Argument::RowToCol)));
    assert_eq!(attempt([2, 4, 2, 3], bytes), Err((Reason::Shape, Argument::ColToRow)));
    assert_eq!(attempt([2, 3, 3, 3], bytes), Err((Reason::Shape, Argument::RowDuals)));
    assert_eq!(attempt([2, 3, 2, 2], bytes), Err((Reason::Shape, Argument::ColDuals)));
    assert_eq!(attempt([2, 3, 2, 3], bytes - 1), Err((Reason::WorkspaceTooSmall, Argument::Workspace)));
    let empty = row_major(&costs, 2, 3, 3).unwrap().subrows(0, 0);
    assert_eq!(solve_all(empty, &MINIMISE), Err(refusal(Reason::Empty)));
}
