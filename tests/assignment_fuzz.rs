//! Are all small assignment problems solved? Hundreds of thousands of random ones against dynamic programming over all
//! assignments, and properties of mid-sized ones.

mod support;

use proptest::prelude::*;
use sae_kernels::assignment::Sense;
use sae_kernels::matrix::row_major;
use sae_kernels::{Reason, Scalar};
use support::assignment::*;

/// A sum of two doubles, which holds twice the digits of one.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Double {
    high: f64,
    low: f64,
}

impl Double {
    const ZERO: Self = Self { high: 0.0, low: 0.0 };

    /// Adds a double: what the first sum drops goes into `low`, of which only the rounding is lost.
    fn plus(self, x: f64) -> Self {
        let two_sum = |a: f64, b: f64| {
            let sum = a + b;
            let of_b = sum - a;
            (sum, (a - (sum - of_b)) + (b - of_b))
        };
        let (sum, dropped) = two_sum(self.high, x);
        let (high, low) = two_sum(sum, dropped + self.low);
        Self { high, low }
    }
}

/// The least (or greatest) cost of a full assignment, none if there is none: for every set of columns, in the order of
/// their binary numbers, the best assignment of the first rows to them. `cost` has no more rows than columns.
///
/// Each addition is off by 2^-105 of the sums' magnitude, k M for k rows of costs up to M: k^2 2^-105 M in all.
fn optimum(cost: &dyn Fn(usize, usize) -> f64, rows: usize, cols: usize, sense: Sense) -> Option<Double> {
    let mut best: Vec<Option<Double>> = vec![None; 1 << cols];
    best[0] = Some(Double::ZERO);
    let mut optimum = None;
    let is_better = |x: Double, than: Option<Double>| {
        than.is_none_or(|y| if sense == Sense::Minimise { x < y } else { x > y })
    };
    for set in 0..1_usize << cols {
        let Some(sum) = best[set] else { continue };
        let row = set.count_ones() as usize;
        if row == rows {
            if is_better(sum, optimum) {
                optimum = Some(sum);
            }
            continue;
        }
        for j in (0..cols).filter(|j| set & (1 << j) == 0 && cost(row, *j).is_finite()) {
            let (next, sum) = (set | 1 << j, sum.plus(cost(row, j)));
            if is_better(sum, best[next]) {
                best[next] = Some(sum);
            }
        }
    }
    optimum
}

/// How the costs of a problem are drawn.
#[derive(Clone, Copy, Debug)]
enum Kind {
    FewIntegers,
    Integers,
    SignedZeros,
    Denormal,
    HugeRange,
    Floats,
    NearOne,
    LargeOffset,
}
use Kind::*;

const KINDS: [Kind; 8] =
    [FewIntegers, Integers, SignedZeros, Denormal, HugeRange, Floats, NearOne, LargeOffset];

/// The limits of a type's costs: its smallest number and the decades that its exponents span around 1.
trait Limits: Scalar {
    const SMALLEST: f64;
    const DECADES: f64;
}

impl Limits for f32 {
    const SMALLEST: f64 = 1.401_298_464_324_817e-45;
    const DECADES: f64 = 38.0;
}

impl Limits for f64 {
    const SMALLEST: f64 = 5e-324;
    const DECADES: f64 = 300.0;
}

fn draw<T: Limits>(kind: Kind, draws: &mut Draws) -> T {
    T::from_f64(match kind {
        FewIntegers => draws.below(4) as f64,
        Integers => draws.below(50) as f64 - 25.0,
        SignedZeros => draws.sign() * draws.below(2) as f64,
        Denormal => draws.sign() * draws.below(1 << 20) as f64 * T::SMALLEST,
        HugeRange => draws.sign() * 10_f64.powf((2.0 * draws.uniform() - 1.0) * T::DECADES),
        Floats => 10.0 * draws.uniform() - 5.0,
        NearOne => 1.0 + draws.below(4) as f64 * T::EPSILON.to_f64(),
        LargeOffset => 1e9 + draws.uniform(),
    })
}

/// The side of the matrix of which the problems are corners.
const SIDE: usize = 7;

/// Solves one problem and compares it with the optimum.
fn check<T: Limits>(rows: usize, cols: usize, kind: Kind, forbidden: f64, sense: Sense, draws: &mut Draws) {
    // What is outside the problem is not read.
    let mut costs = [T::from_f64(f64::NAN); SIDE * SIDE];
    for k in (0..rows).flat_map(|i| (0..cols).map(move |j| i * SIDE + j)) {
        let is_forbidden = draws.uniform() < forbidden;
        costs[k] = if is_forbidden { T::from_f64(sign(sense) * INFINITY) } else { draw(kind, draws) };
    }
    let matrix = row_major(&costs, SIDE, SIDE, SIDE).unwrap().submatrix(0, 0, rows, cols);
    let solution = solve_all(matrix, sense);
    if rows == 0 || cols == 0 {
        assert_eq!(solution, Err(refusal(Reason::Empty)));
        return;
    }
    let case = || format!("{kind:?}, {sense:?}, {rows} x {cols}: {costs:?}");
    let cost = |i: usize, j: usize| costs[i * SIDE + j].to_f64();
    let optimum = if rows <= cols {
        optimum(&cost, rows, cols, sense)
    } else {
        optimum(&|i, j| cost(j, i), cols, rows, sense)
    };
    let Some(optimum) = optimum else {
        assert_eq!(solution, Err(refusal(Reason::Infeasible)), "{}", case());
        return;
    };
    let s = solution.unwrap_or_else(|error| panic!("{error}: {}", case()));
    // How much worse the solution is. The optimum errs by at most 36 2^-105 times the magnitude, the compensated sum by
    // 36 2^-106 times that of six costs, and it is
    // rounded once.
    let excess = sign(sense) * ((s.objective - optimum.high) - optimum.low);
    let magnitude = magnitude(matrix, &s);
    let rounding = 0.5 * f64::EPSILON * s.objective.abs() + 144.0 * 2.0_f64.powi(-105) * magnitude;
    assert!(excess >= -rounding, "better than the optimum by {excess}: {}", case());
    // The certificate promises this; its numbers are right to two roundings.
    let promised = (1.0 + 4.0 * f64::EPSILON) * bound(&s.certificate, rows, cols);
    assert!(excess <= promised.max(0.0) + rounding, "worse by {excess}, not {promised}: {}", case());
    // Integers, here also those times the smallest number, are never rounded.
    if matches!(kind, FewIntegers | Integers | SignedZeros | Denormal) {
        assert_eq!(excess, 0.0, "{}", case());
        let c = s.certificate;
        assert_eq!((c.gap, c.infeasibility, c.slackness), (0.0, 0.0, 0.0), "{}", case());
    }
}

/// Every size up to 6 x 6 with every kind of costs, patterns of forbidden pairs, and both senses.
fn check_all<T: Limits>(seed: u64, repetitions: usize) -> usize {
    let mut draws = Draws::new(seed);
    let mut count = 0;
    for (rows, cols) in (0..SIDE).flat_map(|rows| (0..SIDE).map(move |cols| (rows, cols))) {
        for kind in KINDS {
            for (forbidden, sense) in [0.0, 0.2, 0.5].into_iter().flat_map(|f| SENSES.map(|s| (f, s))) {
                for _ in 0..repetitions {
                    check::<T>(rows, cols, kind, forbidden, sense, &mut draws);
                    count += 1;
                }
            }
        }
    }
    count
}

#[test]
fn small_problems_in_double_precision_are_solved() {
    assert!(check_all::<f64>(1, 200) > 450_000);
}

#[test]
fn small_problems_in_single_precision_are_solved() {
    assert!(check_all::<f32>(2, 100) > 225_000);
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
        // `solve_all` verifies them.
        if let Err(error) = solve_all(row_major(&costs, rows, cols, stride).unwrap(), Sense::Minimise) {
            prop_assert_eq!(error, refusal(Reason::Infeasible));
            prop_assert!(costs.contains(&INFINITY));
        }
    }

    #[test]
    fn maximising_is_minimising_the_negative((rows, cols, stride, costs) in problems()) {
        let negative: Vec<f64> = costs.iter().map(|c| -c).collect();
        let least = solve_all(row_major(&costs, rows, cols, stride).unwrap(), Sense::Minimise);
        let greatest = solve_all(row_major(&negative, rows, cols, stride).unwrap(), Sense::Maximise);
        match (least, greatest) {
            (Ok(least), Ok(greatest)) => {
                prop_assert_eq!(&greatest.row_to_col, &least.row_to_col);
                prop_assert_eq!(greatest.objective, -least.objective);
                prop_assert!(greatest.row_duals.iter().zip(&least.row_duals).all(|(g, l)| *g == -l));
                prop_assert!(greatest.col_duals.iter().zip(&least.col_duals).all(|(g, l)| *g == -l));
                prop_assert_eq!(greatest.certificate.gap, least.certificate.gap);
                prop_assert_eq!(greatest.certificate.infeasibility, least.certificate.infeasibility);
                prop_assert_eq!(greatest.certificate.slackness, least.certificate.slackness);
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
        let there = solve_all(row_major(&costs, rows, cols, stride).unwrap(), Sense::Minimise);
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
