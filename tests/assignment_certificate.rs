//! Does the certificate tell good from bad? Known numbers, single faults of each kind, the theorems on random claims,
//! and refusals.

mod support;

use sae_kernels::assignment::{Certificate, Sense, verify_assignment, verify_assignment_scratch};
use sae_kernels::matrix::row_major;
use sae_kernels::{Argument, Error, MemStack, Reason};
use support::assignment::*;
use support::workspace;

/// Two rows, three columns: 1 + 2 is the least, and these duals prove it.
const COSTS: [f64; 6] = [4.0, 1.0, 5.0, 2.0, 0.0, 9.0];
const MATCHED: [i64; 2] = [1, 0];
const U: [f64; 2] = [4.0, 2.0];
const V: [f64; 3] = [0.0, -3.0, 0.0];

fn measure(row_to_col: [i64; 2], u: [f64; 2], v: [f64; 3]) -> Certificate {
    verify(row_major(&COSTS, 2, 3, 3).unwrap(), Sense::Minimise, &row_to_col, &u, &v).unwrap()
}

/// What these prove.
const PROVED: Certificate =
    Certificate { objective: 3.0, dual_objective: 3.0, gap: 0.0, infeasibility: 0.0, slackness: 0.0 };

#[test]
fn a_known_optimum_is_proved() {
    assert_eq!(measure(MATCHED, U, V), PROVED);
    // Turned around, the negative costs and duals maximised; and transposed.
    let negative = COSTS.map(|c| -c);
    let matrix = row_major(&negative, 2, 3, 3).unwrap();
    let turned = verify(matrix, Sense::Maximise, &MATCHED, &U.map(|x| -x), &V.map(|x| -x));
    assert_eq!(turned, Ok(Certificate { objective: -3.0, dual_objective: -3.0, ..PROVED }));
    let transposed = [4.0, 2.0, 1.0, 0.0, 5.0, 9.0];
    let matrix = row_major(&transposed, 3, 2, 2).unwrap();
    assert_eq!(verify(matrix, Sense::Minimise, &[1, 0, -1], &V, &U), Ok(PROVED));
}

#[test]
fn each_fault_shows_in_its_number() {
    let (u, v, good) = (U, V, PROVED);
    // Another assignment, of cost 4 + 0 rather than 3: feasible duals prove that it is 1 off at most.
    let other = measure([0, 1], u, v);
    assert_eq!(other, Certificate { objective: 4.0, gap: 1.0, slackness: 1.0, ..good });
    // Equalities alone prove nothing: here u_0 + v_0 = 5 exceeds 4.
    let unproved = measure(MATCHED, [5.0, 2.0], [0.0, -4.0, 0.0]);
    assert_eq!(unproved, Certificate { infeasibility: 1.0, ..good });
    // A dual that is too small leaves a gap, one that is too large is infeasible and lowers the gap below 0.
    let low = measure(MATCHED, [3.5, 2.0], v);
    assert_eq!(low, Certificate { dual_objective: 2.5, gap: 0.5, slackness: 0.5, ..good });
    let high = measure(MATCHED, [4.5, 2.0], v);
    let expected = Certificate { dual_objective: 3.5, gap: -0.5, infeasibility: 0.5, slackness: 0.5, ..good };
    assert_eq!(high, expected);
    // A column left over whose dual has the wrong sign, or the right one but is not 0.
    let wrong_sign = measure(MATCHED, u, [0.0, -3.0, 0.25]);
    let expected =
        Certificate { dual_objective: 3.25, gap: -0.25, infeasibility: 0.25, slackness: 0.25, ..good };
    assert_eq!(wrong_sign, expected);
    let not_slack = measure(MATCHED, u, [0.0, -3.0, -7.0]);
    assert_eq!(not_slack, Certificate { dual_objective: -4.0, gap: 7.0, slackness: 7.0, ..good });
    // No claim at all: costs that are not negative have duals 0.
    let nothing = measure(MATCHED, [0.0; 2], [0.0; 3]);
    assert_eq!(nothing, Certificate { dual_objective: 0.0, gap: 3.0, slackness: 2.0, ..good });
}

#[test]
fn a_square_has_no_conditions_on_signs() {
    let costs = [3.0, 1.0, 0.0, 5.0];
    let matrix = row_major(&costs, 2, 2, 2).unwrap();
    for (u, v) in [([11.0, 8.0], [-8.0, -10.0]), ([-9.0, -12.0], [12.0, 10.0])] {
        let c = verify(matrix, Sense::Minimise, &[1, 0], &u, &v).unwrap();
        assert_eq!((c.objective, c.gap, c.infeasibility, c.slackness), (1.0, 0.0, 0.0, 0.0));
    }
}

/// One fault at every place of rows of every length, so that no lane or remainder of the loop is left out.
#[test]
fn the_one_violated_pair_is_found_wherever_it_is() {
    for cols in 1..=40 {
        for at in 0..cols {
            for (sense, forbidden) in [(Sense::Minimise, INFINITY), (Sense::Maximise, -INFINITY)] {
                let mut costs = vec![forbidden; cols];
                costs[at] = sign(sense) * -2.0;
                // The pair at hand is matched and exceeded by 3.
                let (u, v) = ([sign(sense)], vec![0.0; cols]);
                let matrix = row_major(&costs, 1, cols, cols).unwrap();
                let c = verify(matrix, sense, &[at as i64], &u, &v).unwrap();
                assert_eq!((c.infeasibility, c.slackness, c.gap), (3.0, 3.0, -3.0));
                let single: Vec<f32> = costs.iter().map(|&c| c as f32).collect();
                let matrix = row_major(&single, 1, cols, cols).unwrap();
                assert_eq!(verify(matrix, sense, &[at as i64], &u, &v), Ok(c));
                // What is wrong with a cost is found there too.
                for (bad, reason) in [(f64::NAN, Reason::NotANumber), (-forbidden, Reason::Infinite)] {
                    costs[at] = bad;
                    let matrix = row_major(&costs, 1, cols, cols).unwrap();
                    let refused = verify(matrix, sense, &[(at as i64 + 1) % cols as i64], &u, &v);
                    assert_eq!(refused, Err(refusal(reason)));
                }
            }
        }
    }
}

/// Any full assignment.
fn random_assignment(draws: &mut Draws, rows: usize, cols: usize) -> Vec<i64> {
    let order = draws.permutation(rows.max(cols));
    if rows <= cols {
        return (0..rows).map(|i| order[i] as i64).collect();
    }
    let mut row_to_col = vec![-1; rows];
    (0..cols).for_each(|j| row_to_col[order[j]] = j as i64);
    row_to_col
}

#[test]
fn the_theorems_hold_for_any_claim() {
    let mut draws = Draws::new(21);
    let mut not_tight = 0;
    for _ in 0..20_000 {
        let (rows, cols) = (1 + draws.below(5), 1 + draws.below(5));
        let (longer, sense) = (rows.max(cols) as f64, SENSES[draws.below(2)]);
        // Integers: every number of a certificate is exact.
        let costs: Vec<f64> = (0..rows * cols).map(|_| draws.below(40) as f64 - 20.0).collect();
        let matrix = row_major(&costs, rows, cols, cols).unwrap();
        let best = solve_all(matrix, sense).unwrap();
        assert_eq!((best.certificate.gap, best.certificate.infeasibility), (0.0, 0.0));
        // Any assignment, with duals that are random or those of the optimum with a few of them moved.
        let row_to_col = random_assignment(&mut draws, rows, cols);
        let (spread, share) = (1 + draws.below(8), draws.uniform());
        let mut move_away = |duals: &[f64]| -> Vec<f64> {
            let mut moved = |&x: &f64| {
                if draws.uniform() < share { x + draws.below(spread) as f64 - 3.0 } else { x }
            };
            duals.iter().map(&mut moved).collect()
        };
        let (u, v) = (move_away(&best.row_duals), move_away(&best.col_duals));
        let c = verify(matrix, sense, &row_to_col, &u, &v).unwrap();
        let excess = sign(sense) * (c.objective - best.objective);
        assert!(excess >= 0.0);
        assert!(excess <= c.gap + longer * c.infeasibility, "{c:?}");
        assert!(c.gap.abs() <= longer * c.slackness, "{c:?}");
        assert_eq!(c.gap, sign(sense) * (c.objective - c.dual_objective));
        not_tight += usize::from(excess < c.gap + longer * c.infeasibility);
    }
    // The bound is attained, too.
    assert!(not_tight > 10_000 && not_tight < 20_000, "{not_tight}");
}

#[test]
fn the_bound_cannot_be_improved() {
    // Duals too large by 1 everywhere, as far as the longer side's signs can be wrong by as much: 2 pairs and 1 column.
    let costs = [0.0; 6];
    let matrix = row_major(&costs, 2, 3, 3).unwrap();
    let c = verify(matrix, Sense::Minimise, &[0, 1], &[0.0; 2], &[1.0; 3]).unwrap();
    assert_eq!((c.gap, c.infeasibility, bound(&c, 2, 3)), (-3.0, 1.0, 0.0));
}

#[test]
fn a_defect_below_the_last_digit_is_seen() {
    // u + v rounds to the cost in double precision, but exceeds it.
    let tiny = 2.0_f64.powi(-60);
    let c = verify(row_major(&[1.0], 1, 1, 1).unwrap(), Sense::Minimise, &[0], &[1.0], &[tiny]).unwrap();
    assert_eq!((c.infeasibility, c.slackness, c.gap), (tiny, tiny, -tiny));
    assert_eq!((c.objective, c.dual_objective), (1.0, 1.0));
    let smallest = 5e-324;
    let c = verify(row_major(&[smallest], 1, 1, 1).unwrap(), Sense::Minimise, &[0], &[0.0], &[0.0]).unwrap();
    assert_eq!((c.gap, c.slackness, c.infeasibility), (smallest, smallest, 0.0));
}

#[test]
fn large_numbers_do_not_overflow_before_they_must() {
    let (large, half) = (f64::MAX, f64::MAX / 2.0);
    let costs = [large, large, INFINITY, -large];
    let matrix = row_major(&costs, 2, 2, 2).unwrap();
    let c = verify(matrix, Sense::Minimise, &[0, 1], &[half; 2], &[half; 2]).unwrap();
    assert_eq!((c.objective, c.dual_objective), (0.0, INFINITY));
    // u + v exceeds the last cost by twice the largest double, and so does the gap.
    assert_eq!((c.gap, c.infeasibility, c.slackness), (-INFINITY, INFINITY, INFINITY));
    let c = verify(matrix, Sense::Minimise, &[0, 1], &[half, -half], &[half, -half]).unwrap();
    assert_eq!((c.objective, c.dual_objective, c.gap), (0.0, 0.0, 0.0));
    assert_eq!((c.infeasibility, c.slackness), (0.0, 0.0));
}

#[test]
fn bad_claims_are_refused() {
    const X: f64 = INFINITY;
    let refused = |costs: [f64; 6], row_to_col: &[i64], u: &[f64], v: &[f64], rows: usize| {
        let matrix = row_major(&costs, rows, 6 / rows, 6 / rows).unwrap();
        verify(matrix, Sense::Minimise, row_to_col, u, v).unwrap_err()
    };
    let error = Error::new;
    let (r, a) = (Reason::Shape, Argument::RowToCol);
    assert_eq!(refused(COSTS, &[1], &U, &V, 2), error(r, a));
    assert_eq!(refused(COSTS, &[1, 0, 2], &U, &V, 2), error(r, a));
    assert_eq!(refused(COSTS, &MATCHED, &[0.0; 3], &V, 2), error(r, Argument::RowDuals));
    assert_eq!(refused(COSTS, &MATCHED, &U, &[0.0; 2], 2), error(r, Argument::ColDuals));
    // Too few rows with a column, on either shape.
    assert_eq!(refused(COSTS, &[1, -1], &U, &V, 2), error(r, a));
    assert_eq!(refused(COSTS, &[-1, 1, -1], &V, &U, 3), error(r, a));
    for index in [3, -2, i64::MAX, i64::MIN] {
        assert_eq!(refused(COSTS, &[1, index], &U, &V, 2), error(Reason::IndexOutOfRange, a));
    }
    assert_eq!(refused(COSTS, &[1, 1], &U, &V, 2), error(Reason::DuplicateIndex, a));
    assert_eq!(refused(COSTS, &[1, 1, 0], &V, &U, 3), error(Reason::DuplicateIndex, a));
    let bad = [
        (f64::NAN, Reason::NotANumber),
        (X, Reason::Infinite),
        (-X, Reason::Infinite),
        (f64::MAX, Reason::OutOfRange),
        (-(f64::MAX / 2.0).next_up(), Reason::OutOfRange),
    ];
    for (dual, reason) in bad {
        assert_eq!(refused(COSTS, &MATCHED, &[0.0, dual], &V, 2), error(reason, Argument::RowDuals));
        assert_eq!(refused(COSTS, &MATCHED, &U, &[0.0, dual, 0.0], 2), error(reason, Argument::ColDuals));
    }
    let with = |at: usize, cost| {
        let mut costs = COSTS;
        costs[at] = cost;
        costs
    };
    for at in 0..6 {
        assert_eq!(refused(with(at, f64::NAN), &MATCHED, &U, &V, 2), refusal(Reason::NotANumber));
        assert_eq!(refused(with(at, -X), &MATCHED, &U, &V, 2), refusal(Reason::Infinite));
    }
    assert_eq!(refused(with(1, X), &MATCHED, &U, &V, 2), error(Reason::Infeasible, a));
    // Forbidden pairs that are not matched satisfy everything; a NaN is named before an infinity.
    assert_eq!(
        verify(row_major(&with(0, X), 2, 3, 3).unwrap(), Sense::Minimise, &MATCHED, &U, &V)
            .unwrap()
            .infeasibility,
        0.0
    );
    assert_eq!(refused([-X, 0.0, 0.0, 0.0, 0.0, f64::NAN], &MATCHED, &U, &V, 2), refusal(Reason::NotANumber));
}

#[test]
fn empty_matrices_and_short_workspaces_are_refused() {
    let matrix = row_major(&COSTS, 2, 3, 3).unwrap();
    let refused = verify(matrix.submatrix(0, 0, 0, 3), Sense::Minimise, &[], &[], &V);
    assert_eq!(refused, Err(refusal(Reason::Empty)));
    let refused = verify(matrix.submatrix(0, 0, 2, 0), Sense::Minimise, &MATCHED, &U, &[]);
    assert_eq!(refused, Err(refusal(Reason::Empty)));
    let mut buffer = workspace(verify_assignment_scratch(3));
    let short: &mut [std::mem::MaybeUninit<u8>] = &mut buffer;
    let bytes = short.len() - 1;
    let stack = MemStack::new(&mut short[..bytes]);
    let refused = verify_assignment(matrix, Sense::Minimise, &MATCHED, &U, &V, stack);
    assert_eq!(refused, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
}
