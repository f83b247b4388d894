//! The tests: what was counted, against the law.

use super::counts::{Counts, Kind, QUANTILES};
use super::law::{Law, is_rare, moments};
use super::significance::{binomial, chi_square, kolmogorov, least, mahalanobis, normal};

/// The names of the tests, in order.
pub const TESTS: [&str; 9] = [
    "certain",
    "features",
    "rare features",
    "pairs",
    "rare pairs",
    "L0",
    "neighbours",
    "magnitudes",
    "cut off",
];

/// Counts expected to be below this are tested one by one, with their binomial law; those above it all together, as
/// normal numbers.
const FEW: f64 = 1000.0;

/// Least expectation of a cell of Pearson's statistic.
const CELL: f64 = 10.0;

/// A count, its features, and the probability of what was counted.
struct Counted {
    features: Vec<usize>,
    count: u64,
    probability: f64,
}

/// The p-values of all tests.
pub fn p_values(counts: &Counts, law: &Law) -> [f64; TESTS.len()] {
    let (features, rare_features) = of_features(counts, law);
    let (pairs, rare_pairs) = of_pairs(counts, law);
    let variance = moments(&law.l0()).1;
    // Products of independent numbers without a mean: uncorrelated, even those that share a row.
    let neighbours = counts.neighbours / (variance * (counts.rows as f64 - 1.0).sqrt());
    [
        certain(counts, law),
        features,
        rare_features,
        pairs,
        rare_pairs,
        l0(counts, law),
        normal(neighbours),
        magnitudes(counts, Kind::Whole),
        magnitudes(counts, Kind::CutOff),
    ]
}

/// 1 where features seen with probability 0 or 1 and magnitudes without a spread are what they must be, else 0.
fn certain(counts: &Counts, law: &Law) -> f64 {
    let holds = law.probabilities.iter().enumerate().all(|(j, &p)| match p {
        0.0 => counts.of(j) == 0,
        1.0 => counts.of(j) == counts.rows,
        _ => true,
    });
    f64::from(u8::from(holds && counts.not_the_mean == 0))
}

/// Features of which neither being seen nor not being seen is certain.
fn uncertain(law: &Law) -> impl Iterator<Item = usize> + Clone + '_ {
    (0..law.features()).filter(|&j| law.probabilities[j] > 0.0 && law.probabilities[j] < 1.0)
}

fn of_features(counts: &Counts, law: &Law) -> (f64, f64) {
    let counted = uncertain(law).map(|j| {
        let count = if is_rare(law.probabilities[j]) { counts.of(j) } else { counts.rows - counts.of(j) };
        Counted { features: vec![j], count, probability: law.all_rare(&[j]) }
    });
    together_and_one_by_one(counted, counts.rows, law)
}

fn of_pairs(counts: &Counts, law: &Law) -> (f64, f64) {
    let pairs = uncertain(law).flat_map(|i| uncertain(law).filter(move |&j| j > i).map(move |j| (i, j)));
    let counted = pairs.map(|(i, j)| {
        let (of_i, of_j, both) = (counts.of(i), counts.of(j), counts.both(i, j));
        let count = match (is_rare(law.probabilities[i]), is_rare(law.probabilities[j])) {
            (true, true) => both,
            (true, false) => of_i - both,
            (false, true) => of_j - both,
            (false, false) => counts.rows + both - of_i - of_j,
        };
        Counted { features: vec![i, j], count, probability: law.all_rare(&[i, j]) }
    });
    together_and_one_by_one(counted, counts.rows, law)
}

/// The p-value of counts together, by their covariances, and of the counts of which few are expected.
fn together_and_one_by_one(counted: impl Iterator<Item = Counted>, rows: u64, law: &Law) -> (f64, f64) {
    let n = rows as f64;
    let (many, few): (Vec<Counted>, Vec<Counted>) = counted.partition(|x| x.probability * n >= FEW);
    let few: Vec<f64> = few.iter().map(|x| binomial(x.count, rows, x.probability)).collect();
    let covariance = |x: &Counted, y: &Counted| {
        let all = [&x.features[..], &y.features[..]].concat();
        n * (law.all_rare(&all) - x.probability * y.probability)
    };
    let row = |(k, x): (usize, &Counted)| many[..=k].iter().map(|y| covariance(x, y)).collect();
    let mut covariances: Vec<Vec<f64>> = many.iter().enumerate().map(row).collect();
    let deviations: Vec<f64> = many.iter().map(|x| x.count as f64 - n * x.probability).collect();
    let together = chi_square(mahalanobis(&mut covariances, &deviations), many.len());
    (together, least(&few))
}

/// Pearson's chi-square of the numbers of features in a row, neighbouring numbers put together where few are expected.
fn l0(counts: &Counts, law: &Law) -> f64 {
    let (mut cells, mut open) = (Vec::new(), (0.0, 0.0));
    for (&count, p) in counts.l0.iter().zip(law.l0()) {
        open = (open.0 + count as f64, open.1 + p * counts.rows as f64);
        if open.1 >= CELL {
            cells.push(std::mem::take(&mut open));
        }
    }
    if let Some(last) = cells.last_mut() {
        *last = (last.0 + open.0, last.1 + open.1);
    }
    let statistic = cells.iter().map(|(seen, expected)| (seen - expected).powi(2) / expected).sum();
    chi_square(statistic, cells.len() - 1)
}

/// The test of Kolmogorov and Smirnov for all magnitudes of a kind.
fn magnitudes(counts: &Counts, kind: Kind) -> f64 {
    let between = &counts.between_quantiles[kind as usize];
    let total = between.iter().sum::<u64>() as f64;
    let (mut below, mut distance) = (0, 0.0_f64);
    for (k, count) in between.iter().enumerate() {
        below += count;
        distance = distance.max((below as f64 / total - (k + 1) as f64 / QUANTILES as f64).abs());
    }
    kolmogorov(distance * total.sqrt())
}
