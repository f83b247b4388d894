//! What does `solve` promise besides optimality? Sizes, refusals, untouched outputs, precision, limits of magnitude.

mod support;

use sae_kernels::assignment::{AssignmentOut, AssignmentParams, Sense, solve, solve_scratch};
use sae_kernels::matrix::row_major;
use sae_kernels::{Argument, MemStack, Reason};
use support::assignment::*;
use support::workspace;

#[test]
fn single_precision_costs_are_solved_in_double_precision() {
    let mut draws = Draws::new(5);
    for (rows, cols) in [(12, 12), (9, 20), (20, 9)] {
        let single: Vec<f32> = (0..rows * cols).map(|_| draws.uniform() as f32).collect();
        let double: Vec<f64> = single.iter().map(|&c| f64::from(c)).collect();
        let s = solve_all(row_major(&single, rows, cols, cols).unwrap(), Sense::Minimise);
        assert_eq!(s, minimise(&double, rows, cols));
    }
    // The largest f32 costs are far from where f64 sums overflow.
    let s = solve_all(row_major(&[f32::MAX; 16], 4, 4, 4).unwrap(), Sense::Minimise).unwrap();
    assert_eq!(s.objective, 4.0 * f64::from(f32::MAX));
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let mut draws = Draws::new(3);
    let (rows, cols) = (17, 23);
    let costs: Vec<f64> = (0..rows * cols).map(|_| draws.uniform()).collect();
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
fn a_large_offset_does_not_hide_small_differences() {
    // Integers all through: the optimum is exact although the differences are 1e-9 of the costs.
    let mut draws = Draws::new(7);
    let small: Vec<f64> = (0..49).map(|_| draws.below(10) as f64).collect();
    let shifted: Vec<f64> = small.iter().map(|c| 1e9 + c).collect();
    let s = minimise(&shifted, 7, 7).unwrap();
    assert_eq!(s.objective, 7e9 + minimise(&small, 7, 7).unwrap().objective);
    assert_eq!((s.certificate.gap, s.certificate.infeasibility), (0.0, 0.0));
}

#[test]
fn a_small_cost_beside_large_ones_is_summed() {
    let costs = [1e17, INFINITY, INFINITY, INFINITY, 1.0, INFINITY, INFINITY, INFINITY, -1e17];
    assert_eq!(minimise(&costs, 3, 3).unwrap().objective, 1.0);
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
        let objective = solve(matrix, &AssignmentParams::default(), out, MemStack::new(&mut buffer)).unwrap();
        let all = solve_all(matrix, Sense::Minimise).unwrap();
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
    let greatest = solve_all(row_major(&forbidden, 2, 2, 2).unwrap(), Sense::Maximise);
    assert_eq!(greatest, Err(refusal(Reason::Infeasible)));
}

#[test]
fn costs_that_are_not_numbers_are_refused() {
    let with = |bad: f64, params| solve_all(row_major(&[0.0, 1.0, bad, 3.0], 2, 2, 2).unwrap(), params);
    assert_eq!(with(f64::NAN, Sense::Minimise), Err(refusal(Reason::NotANumber)));
    assert_eq!(with(f64::NAN, Sense::Maximise), Err(refusal(Reason::NotANumber)));
    assert_eq!(with(-INFINITY, Sense::Minimise), Err(refusal(Reason::Infinite)));
    assert_eq!(with(INFINITY, Sense::Maximise), Err(refusal(Reason::Infinite)));
    assert_eq!(with(INFINITY, Sense::Minimise).unwrap().objective, 3.0);
    assert_eq!(with(-INFINITY, Sense::Maximise).unwrap().objective, 3.0);
    // A NaN is named first wherever it is; what lies between the columns and the stride is not read.
    assert_eq!(minimise(&[-INFINITY, f64::NAN], 1, 2), Err(refusal(Reason::NotANumber)));
    let padded = [1.0, f64::NAN, 2.0, f64::NAN];
    assert_eq!(solve_all(row_major(&padded, 2, 1, 2).unwrap(), Sense::Minimise).unwrap().objective, 1.0);
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
        solve(matrix, &AssignmentParams::default(), out, MemStack::new(&mut buffer[..bytes]))
            .map_err(|e| (e.reason, e.argument))
    };
    let bytes = request.size_bytes();
    assert_eq!(attempt([2, 3, 2, 3], bytes), Ok(6.0));
    assert_eq!(attempt([1, 3, 2, 3], bytes), Err((Reason::Shape, Argument::RowToCol)));
    assert_eq!(attempt([2, 4, 2, 3], bytes), Err((Reason::Shape, Argument::ColToRow)));
    assert_eq!(attempt([2, 3, 3, 3], bytes), Err((Reason::Shape, Argument::RowDuals)));
    assert_eq!(attempt([2, 3, 2, 2], bytes), Err((Reason::Shape, Argument::ColDuals)));
    assert_eq!(attempt([2, 3, 2, 3], bytes - 1), Err((Reason::WorkspaceTooSmall, Argument::Workspace)));
    let empty = row_major(&costs, 2, 3, 3).unwrap().subrows(0, 0);
    assert_eq!(solve_all(empty, Sense::Minimise), Err(refusal(Reason::Empty)));
}
