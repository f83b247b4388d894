//! Whole costs: are they solved as exactly as the same costs in double precision, and proved so?

mod support;

use proptest::prelude::*;
use sae_kernels::assignment::{
    AssignmentOut, AssignmentParams, Certificate, Sense, WholeNumber, solve_whole, solve_whole_scratch,
    verify_assignment_scratch, verify_whole_assignment,
};
use sae_kernels::matrix::row_major;
use sae_kernels::{Argument, Error, MemStack, Reason};
use support::assignment::{INFINITY, SENSES, solve_all};
use support::workspace;

/// A solve with all outputs: the objective, the columns of the rows, and the certificate.
type Solved = Result<(f64, Vec<i64>, Certificate), Error>;

fn solve<C: WholeNumber>(costs: &[C], rows: usize, cols: usize, stride: usize, sense: Sense) -> Solved {
    let costs = row_major(costs, rows, cols, stride).unwrap();
    let (mut row_to_col, mut col_to_row) = (vec![77; rows], vec![77; cols]);
    let (mut u, mut v) = (vec![7.5; rows], vec![7.5; cols]);
    let out = AssignmentOut {
        row_to_col: &mut row_to_col,
        col_to_row: Some(&mut col_to_row),
        row_duals: Some(&mut u),
        col_duals: Some(&mut v),
    };
    let params = AssignmentParams { sense, ..Default::default() };
    let mut buffer = workspace(solve_whole_scratch(rows, cols));
    let objective = solve_whole(costs, &params, out, MemStack::new(&mut buffer)).inspect_err(|_| {
        assert!(row_to_col.iter().chain(&col_to_row).all(|&x| x == 77));
        assert!(u.iter().chain(&v).all(|&x| x == 7.5));
    })?;
    for (j, &i) in col_to_row.iter().enumerate() {
        assert!(i == -1 || row_to_col[i as usize] == j as i64);
    }
    let mut buffer = workspace(verify_assignment_scratch(cols));
    let stack = MemStack::new(&mut buffer);
    let certificate = verify_whole_assignment(costs, sense, &row_to_col, &u, &v, stack).unwrap();
    assert_eq!(certificate.objective, objective);
    Ok((objective, row_to_col, certificate))
}

/// Solves as both types and in double precision; all must agree, with a proof.
fn agree(costs: &[i32], rows: usize, cols: usize, sense: Sense) {
    let forbidden = if sense == Sense::Minimise { i32::MAX } else { i32::MIN };
    let sign = if sense == Sense::Minimise { 1.0 } else { -1.0 };
    let in_double: Vec<f64> =
        costs.iter().map(|&c| if c == forbidden { sign * INFINITY } else { f64::from(c) }).collect();
    let expected = solve_all(row_major(&in_double, rows, cols, cols).unwrap(), sense)
        .map(|solution| (solution.objective, solution.row_to_col, solution.certificate));
    let single = solve(costs, rows, cols, cols, sense);
    assert_eq!(single, expected);
    let wide_forbidden = if sense == Sense::Minimise { i64::MAX } else { i64::MIN };
    let wide: Vec<i64> =
        costs.iter().map(|&c| if c == forbidden { wide_forbidden } else { i64::from(c) }).collect();
    assert_eq!(solve(&wide, rows, cols, cols, sense), expected);
    if let Ok((_, _, certificate)) = single {
        assert_eq!((certificate.gap, certificate.infeasibility, certificate.slackness), (0.0, 0.0, 0.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whole_costs_are_solved_as_doubles_are(
        (rows, cols, costs) in (1_usize..40, 1_usize..40).prop_flat_map(|(rows, cols)| {
            let cost = prop_oneof![
                6 => -50..50_i32,
                2 => any::<i32>(),
                1 => Just(i32::MAX),
                1 => Just(i32::MIN),
            ];
            (Just(rows), Just(cols), prop::collection::vec(cost, rows * cols))
        }),
        maximise: bool,
    ) {
        agree(&costs, rows, cols, SENSES[usize::from(maximise)]);
    }
}

/// Larger problems go other ways through the solver than small ones: lists, columns of tall matrices, scaling.
#[test]
fn large_problems_are_solved_as_doubles_are() {
    let scattered = |i: usize, j: usize| ((i * 7919 + j * 104_729 + i * j * 31) % 1009) as i32 - 500;
    for (rows, cols) in [(300, 300), (280, 1200), (1200, 280)] {
        for sense in SENSES {
            let costs: Vec<i32> = (0..rows * cols).map(|k| scattered(k / cols, k % cols)).collect();
            agree(&costs, rows, cols, sense);
        }
    }
    let products: Vec<i32> = (0..400 * 400)
        .map(|k| (k / 400) * (k % 400) + scattered(k / 400, k % 400) as usize % 7)
        .map(|c| c as i32)
        .collect();
    agree(&products, 400, 400, Sense::Minimise);
}

#[test]
fn what_lies_between_the_columns_and_the_stride_is_no_cost() {
    let costs = [4, 1, i32::MIN, 2, 3, i32::MIN];
    let (objective, row_to_col, _) = solve(&costs, 2, 2, 3, Sense::Minimise).unwrap();
    assert_eq!((objective, row_to_col), (3.0, vec![1, 0]));
}

#[test]
fn costs_that_doubles_cannot_sum_exactly_are_refused() {
    let refused = |reason| Error::new(reason, Argument::Costs);
    // 2^53 / (16 * 2).
    let largest = 1_i64 << 48;
    assert_eq!(solve(&[largest, -largest, 1, 0], 2, 2, 2, Sense::Minimise).unwrap().0, 1.0 - largest as f64);
    for beyond in [largest + 1, -largest - 1, i64::MIN, i64::MAX - 1] {
        assert_eq!(solve(&[0, 1, 2, beyond], 2, 2, 2, Sense::Minimise), Err(refused(Reason::OutOfRange)));
    }
    let forbidden = [1, i32::MAX, 1, i32::MAX];
    assert_eq!(solve(&forbidden, 2, 2, 2, Sense::Minimise), Err(refused(Reason::Infeasible)));
    // The same numbers are costs like others where a maximum is sought.
    assert_eq!(solve(&forbidden, 2, 2, 2, Sense::Maximise).unwrap().0, 1.0 + f64::from(i32::MAX));
    let mut buffer = workspace(verify_assignment_scratch(2));
    let costs = [0, 1, 2, (1 << 53) + 1];
    let costs = row_major(&costs[..], 2, 2, 2).unwrap();
    let checked = verify_whole_assignment::<i64>(
        costs,
        Sense::Minimise,
        &[1, 0],
        &[0.0; 2],
        &[0.0; 2],
        MemStack::new(&mut buffer),
    );
    assert_eq!(checked, Err(refused(Reason::OutOfRange)));
}
