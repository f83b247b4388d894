//! Does the solver find the known optimum, and prove it, for problems of every structure that is known to be hard or
//! degenerate? Small matrices with known answers, scipy's among them, and families up to 200 by 200.

mod support;

use sae_kernels::assignment::Sense;
use sae_kernels::matrix::row_major;
use sae_kernels::{Reason, Scalar};
use support::assignment::*;
use support::golden;

fn transposed(costs: &[f64], rows: usize, cols: usize) -> Vec<f64> {
    (0..cols).flat_map(|j| (0..rows).map(move |i| costs[i * cols + j])).collect()
}

/// The costs of the matched pairs in the order of the rows.
fn matched_costs(costs: &[f64], cols: usize, s: &Solution) -> Vec<f64> {
    let pairs = s.row_to_col.iter().enumerate().filter(|&(_, &j)| j != -1);
    pairs.map(|(i, &j)| costs[i * cols + j as usize]).collect()
}

/// Most of these are the small problems in the tests of `scipy.optimize.linear_sum_assignment`.
#[test]
fn classic_matrices_have_their_known_assignments() {
    const X: f64 = INFINITY;
    let cases: [(usize, usize, &[f64], &[f64]); 7] = [
        (3, 3, &[400., 150., 400., 400., 450., 600., 300., 225., 300.], &[150., 400., 300.]),
        (3, 4, &[400., 150., 400., 1., 400., 450., 600., 2., 300., 225., 300., 3.], &[150., 2., 300.]),
        (3, 3, &[10., 10., 8., 9., 8., 1., 9., 7., 4.], &[10., 1., 7.]),
        (3, 4, &[10., 10., 8., 11., 9., 8., 1., 1., 9., 7., 4., 10.], &[10., 1., 4.]),
        (3, 3, &[10., X, X, X, X, 1., X, 7., X], &[10., 1., 7.]),
        // By hand: the six assignments cost 6, 11, 5, 9, 7 and 6.
        (3, 3, &[4., 1., 3., 2., 0., 5., 3., 2., 2.], &[1., 2., 2.]),
        // The cheapest entry of each row, and of each column, is not in it.
        (2, 2, &[1., 2., 2., 9.], &[2., 2.]),
    ];
    for (rows, cols, costs, expected) in cases {
        for sense in SENSES {
            let signed = |values: &[f64]| values.iter().map(|c| sign(sense) * c).collect::<Vec<f64>>();
            let (costs, mut expected) = (signed(costs), signed(expected));
            let s = solve_all(row_major(&costs, rows, cols, cols).unwrap(), sense).unwrap();
            assert_eq!(matched_costs(&costs, cols, &s), expected);
            assert_eq!(s.objective, expected.iter().sum::<f64>());
            assert_eq!((s.certificate.gap, s.certificate.infeasibility), (0.0, 0.0));
            let costs = transposed(&costs, rows, cols);
            let s = solve_all(row_major(&costs, cols, rows, rows).unwrap(), sense).unwrap();
            let mut matched = matched_costs(&costs, rows, &s);
            matched.sort_by(f64::total_cmp);
            expected.sort_by(f64::total_cmp);
            assert_eq!(matched, expected);
        }
    }
}

#[test]
fn diagonals_with_a_fault_are_refused() {
    let diagonal = |fault: f64| minimise(&[1.0, 0.0, 0.0, 0.0, fault, 0.0, 0.0, 0.0, 1.0], 3, 3);
    assert_eq!(diagonal(f64::NAN), Err(refusal(Reason::NotANumber)));
    assert_eq!(diagonal(-INFINITY), Err(refusal(Reason::Infinite)));
    assert_eq!(diagonal(INFINITY).unwrap().objective, 0.0);
    for line in 0..3 {
        let (mut row, mut col) = ([0.0; 9], [0.0; 9]);
        for k in 0..3 {
            row[3 * line + k] = INFINITY;
            col[3 * k + line] = INFINITY;
        }
        assert_eq!(minimise(&row, 3, 3), Err(refusal(Reason::Infeasible)));
        assert_eq!(minimise(&col, 3, 3), Err(refusal(Reason::Infeasible)));
        // A side that is longer can do without the line.
        assert_eq!(minimise(&row[..6], 2, 3).is_err(), line < 2);
        let wide = &col[..6];
        assert_eq!(minimise(wide, 2, 3).unwrap().col_to_row[line], -1);
    }
    let nothing = row_major(&[0.0; 6], 2, 3, 3).unwrap();
    for (rows, cols) in [(0, 0), (2, 0), (0, 3)] {
        let empty = solve_all(nothing.submatrix(0, 0, rows, cols), Sense::Minimise);
        assert_eq!(empty, Err(refusal(Reason::Empty)));
    }
}

#[test]
fn larger_problems_agree_with_scipy() {
    for case in 0..5 {
        let costs = golden::<f64>(&format!("assignment{case}_costs"));
        let s = solve_all(costs.matrix(), Sense::Minimise).unwrap();
        assert_eq!(s.row_to_col, golden::<i64>(&format!("assignment{case}_row_to_col")).data);
        let want = golden::<f64>(&format!("assignment{case}_objective")).data[0];
        // scipy sums up to 40 costs below 4 without compensation: 40 * 160 * EPSILON / 2.
        assert!((s.objective - want).abs() < 1e-12);
    }
}

#[test]
fn equal_costs_match_all_of_the_shorter_side() {
    for (rows, cols) in [(5, 5), (3, 6), (6, 3), (8, 8), (200, 200)] {
        let s = minimise(&vec![2.0; rows * cols], rows, cols).unwrap();
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
}

/// The most pairs of a matching, by augmenting along any alternating path (Kuhn 1955).
fn matching_size(is_allowed: &dyn Fn(usize, usize) -> bool, rows: usize, cols: usize) -> usize {
    fn augment(
        is_allowed: &dyn Fn(usize, usize) -> bool,
        row: usize,
        seen: &mut [bool],
        row_of_col: &mut [Option<usize>],
    ) -> bool {
        for col in 0..seen.len() {
            if is_allowed(row, col) && !core::mem::replace(&mut seen[col], true) {
                let is_free =
                    row_of_col[col].is_none_or(|other| augment(is_allowed, other, seen, row_of_col));
                if is_free {
                    row_of_col[col] = Some(row);
                    return true;
                }
            }
        }
        false
    }
    let mut row_of_col = vec![None; cols];
    (0..rows).filter(|&row| augment(is_allowed, row, &mut vec![false; cols], &mut row_of_col)).count()
}

#[test]
fn sparse_problems_are_solved_where_a_full_matching_exists() {
    let mut draws = Draws::new(11);
    let mut solved = 0;
    for case in 0..60 {
        let (rows, cols) = [(60, 60), (50, 60), (60, 50)][case % 3];
        let costs: Vec<f64> = (0..rows * cols)
            .map(|_| if draws.uniform() < 0.08 { draws.below(100) as f64 } else { INFINITY })
            .collect();
        let is_feasible =
            matching_size(&|i, j| costs[i * cols + j].is_finite(), rows, cols) == rows.min(cols);
        match minimise(&costs, rows, cols) {
            Ok(s) => assert_eq!((s.certificate.gap, s.certificate.infeasibility), (0.0, 0.0)),
            Err(error) => assert_eq!(error, refusal(Reason::Infeasible)),
        }
        assert_eq!(minimise(&costs, rows, cols).is_ok(), is_feasible);
        solved += usize::from(is_feasible);
    }
    // The density is such that both happen.
    assert!(solved > 10 && solved < 50, "{solved}");
}

#[test]
fn products_are_assigned_by_the_rearrangement_inequality() {
    let mut draws = Draws::new(12);
    for n in [20, 75, 200] {
        let by_index: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let mut random = || (0..n).map(|_| draws.below(1000) as f64 - 500.0).collect::<Vec<f64>>();
        for (mut a, mut b) in [(by_index.clone(), by_index), (random(), random())] {
            let costs: Vec<f64> = (0..n * n).map(|k| a[k / n] * b[k % n]).collect();
            let matrix = row_major(&costs, n, n, n).unwrap();
            let (least, greatest) = SENSES.map(|sense| solve_all(matrix, sense).unwrap()).into();
            a.sort_by(f64::total_cmp);
            b.sort_by(f64::total_cmp);
            // All are integers far below 2^53.
            assert_eq!(least.objective, a.iter().zip(b.iter().rev()).map(|(a, b)| a * b).sum::<f64>());
            assert_eq!(greatest.objective, a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>());
            assert_eq!((least.certificate.gap, greatest.certificate.gap), (0.0, 0.0));
        }
    }
}

#[test]
fn planted_permutations_are_found() {
    let mut draws = Draws::new(13);
    for n in [20, 60, 200] {
        let planted = draws.permutation(n);
        // Another permutation has at least two pairs of 1 or more instead of two below 1 / 2.
        let costs: Vec<f64> = (0..n * n)
            .map(|k| 0.5 * draws.uniform() + if planted[k / n] == k % n { 0.0 } else { 1.0 })
            .collect();
        let s = minimise(&costs, n, n).unwrap();
        assert!(s.row_to_col.iter().zip(&planted).all(|(&found, &j)| found == j as i64));
        // The same points in another order, which come together at no cost.
        let points: Vec<[f64; 2]> = (0..n).map(|_| [draws.uniform(), draws.uniform()]).collect();
        let costs: Vec<f64> = (0..n * n)
            .map(|k| (points[k / n], points[planted[k % n]]))
            .map(|(p, q)| (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2))
            .collect();
        let s = minimise(&costs, n, n).unwrap();
        assert_eq!(s.objective, 0.0);
        assert!(s.row_to_col.iter().enumerate().all(|(i, &j)| planted[j as usize] == i));
    }
}

/// A family of problems: the cost of a pair.
type Family = fn(&mut Draws, usize, usize) -> Box<dyn FnMut(usize, usize) -> f64>;

const FAMILIES: [(&str, Family); 9] = [
    ("clusters of nearly equal costs", |draws, rows, cols| {
        let mut points = |count| (0..count).map(|_| draws.below(4) as f64 + 1e-9 * draws.uniform()).collect();
        let (a, b): (Vec<f64>, Vec<f64>) = (points(rows), points(cols));
        Box::new(move |i, j| (a[i] - b[j]).abs())
    }),
    ("three integers", |draws, _, _| with_own(draws, |draws, _, _| draws.below(3) as f64)),
    ("rank one", |draws, rows, cols| {
        let mut factors = |count| (0..count).map(|_| draws.uniform() - 0.5).collect();
        let (a, b): (Vec<f64>, Vec<f64>) = (factors(rows), factors(cols));
        Box::new(move |i, j| a[i] * b[j])
    }),
    ("i times j", |_, _, _| Box::new(|i, j| (i * j) as f64)),
    ("constant", |_, _, _| Box::new(|_, _| 0.1)),
    ("rows many times over", |draws, _, cols| {
        let costs: Vec<f64> = (0..3 * cols).map(|_| draws.uniform()).collect();
        Box::new(move |i, j| costs[(i % 3) * cols + j])
    }),
    ("three in ten forbidden", |draws, _, _| {
        with_own(
            draws,
            |draws, i, j| if draws.uniform() < 0.3 && i != j { INFINITY } else { draws.uniform() },
        )
    }),
    ("squared distances in the plane", |draws, rows, cols| {
        let mut points =
            |count| (0..count).map(|_| [10.0 * draws.uniform(), 10.0 * draws.uniform()]).collect();
        let (a, b): (Vec<[f64; 2]>, Vec<[f64; 2]>) = (points(rows), points(cols));
        Box::new(move |i, j| (a[i][0] - b[j][0]).powi(2) + (a[i][1] - b[j][1]).powi(2))
    }),
    ("a permutation in noise", |draws, rows, cols| {
        let planted = draws.permutation(rows.max(cols));
        with_own(draws, move |draws, i, j| draws.uniform() + if planted[i] == j { 0.0 } else { 0.3 })
    }),
];

/// A family whose every cost is drawn, from a generator of its own.
fn with_own(
    draws: &mut Draws,
    cost: impl Fn(&mut Draws, usize, usize) -> f64 + 'static,
) -> Box<dyn FnMut(usize, usize) -> f64> {
    let mut own = Draws::new(draws.below(1 << 30) as u64);
    Box::new(move |i, j| cost(&mut own, i, j))
}

fn families_are_proved_optimal<T: Scalar>(seed: u64) {
    let mut draws = Draws::new(seed);
    for (name, family) in FAMILIES {
        for (rows, cols) in [(20, 20), (21, 50), (50, 21), (99, 100), (130, 130), (120, 200), (200, 200)] {
            for sense in SENSES {
                let mut cost = family(&mut draws, rows, cols);
                let stride = cols + 3;
                let mut costs = vec![T::from_f64(f64::NAN); rows * stride];
                for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
                    let c = cost(i, j);
                    costs[i * stride + j] = T::from_f64(if c == INFINITY { sign(sense) * c } else { c });
                }
                let solved = solve_all(row_major(&costs, rows, cols, stride).unwrap(), sense);
                assert!(solved.is_ok(), "{name}, {rows} x {cols}, {sense:?}: {solved:?}");
            }
        }
    }
}

#[test]
fn families_in_double_precision_are_proved_optimal() {
    families_are_proved_optimal::<f64>(14);
}

#[test]
fn families_in_single_precision_are_proved_optimal() {
    families_are_proved_optimal::<f32>(15);
}
