//! How often chance alone gives what was seen: p-values of normal, chi-square, binomial and Kolmogorov's statistics.
//!
//! All are two-sided, as counts spread too evenly are no less wrong than counts too far off.

/// The p-value of a standard normal number.
pub fn normal(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The p-value of a chi-square statistic with so many degrees of freedom; 1 where there are none.
pub fn chi_square(statistic: f64, degrees: usize) -> f64 {
    if degrees == 0 {
        return 1.0;
    }
    two_sided(upper_gamma(0.5 * degrees as f64, 0.5 * statistic))
}

/// The p-value of sqrt(n) times the largest distance between the empirical and the true distribution function.
pub fn kolmogorov(scaled_distance: f64) -> f64 {
    two_sided(kolmogorov_survival(scaled_distance))
}

/// From the probability of a statistic as large or larger, or any other probability of its distribution function.
fn two_sided(survival: f64) -> f64 {
    2.0 * survival.min(1.0 - survival)
}

/// Q(a, x) = Gamma(a, x) / Gamma(a): the series below x = a + 1 and Legendre's continued fraction above (Abramowitz and
/// Stegun 6.5.29 and 6.5.31; the fraction by the modified method of Lentz 1976).
pub fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let scale = (a * x.ln() - x - libm::lgamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
        while term > sum * f64::EPSILON {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        return 1.0 - scale * sum;
    }
    let mut b = x + 1.0 - a;
    let mut denominator = 1.0 / b;
    let (mut ratio, mut fraction) = (f64::INFINITY, denominator);
    for k in 1..10_000 {
        let numerator = -f64::from(k) * (f64::from(k) - a);
        b += 2.0;
        denominator = 1.0 / (numerator * denominator + b);
        ratio = b + numerator / ratio;
        let factor = ratio * denominator;
        fraction *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    scale * fraction
}

/// P(K > x) of Kolmogorov's limiting law, by the one of its two series that converges fast (Kolmogorov 1933; the other
/// one is its theta transform).
pub fn kolmogorov_survival(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x < 1.0 {
        let term = |k: i32| (-(f64::from(2 * k - 1) * std::f64::consts::PI / x).powi(2) / 8.0).exp();
        return 1.0 - (2.0 * std::f64::consts::PI).sqrt() / x * (1..=4).map(term).sum::<f64>();
    }
    let term = |k: i32| f64::from(2 * (k % 2) - 1) * (-2.0 * (f64::from(k) * x).powi(2)).exp();
    2.0 * (1..=6).map(term).sum::<f64>()
}

/// The exact p-value of a count of `count` among `trials`, each a success with probability `p`: twice the tail that the
/// count lies in.
pub fn binomial(count: u64, trials: u64, p: f64) -> f64 {
    let (k, n) = (count as f64, trials as f64);
    if p <= 0.0 || p >= 1.0 {
        return f64::from(u8::from(k == n * p));
    }
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let likelihood = (choose + k * p.ln() + (n - k) * libm::log1p(-p)).exp();
    // Away from the mean, each term of the tail is less than the last one.
    let odds = p / (1.0 - p);
    let outwards = if k >= n * p { 1.0 } else { -1.0 };
    let (mut term, mut tail, mut at) = (likelihood, likelihood, k);
    while term > tail * f64::EPSILON {
        term *= if outwards > 0.0 { (n - at) / (at + 1.0) * odds } else { at / (n - at + 1.0) / odds };
        tail += term;
        at += outwards;
    }
    (2.0 * tail).min(1.0)
}

/// The least of p-values, however they depend on each other, as one (Bonferroni); 1 for none.
pub fn least(p_values: &[f64]) -> f64 {
    let least = p_values.iter().copied().fold(1.0, f64::min);
    (least * p_values.len().max(1) as f64).min(1.0)
}

/// d^T C^-1 d for the lower triangle `covariance` of C, row by row, which is overwritten by its Cholesky factor: of
/// chi-square law where d is normal with covariance C.
pub fn mahalanobis(covariance: &mut [Vec<f64>], deviations: &[f64]) -> f64 {
    let mut standardised: Vec<f64> = Vec::with_capacity(deviations.len());
    for (i, &deviation) in deviations.iter().enumerate() {
        let (above, rest) = covariance.split_at_mut(i);
        let row = &mut rest[0];
        for (j, other) in above.iter().enumerate() {
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        row[i] = (row[i] - dot(&row[..i], &row[..i])).sqrt();
        standardised.push((deviation - dot(&row[..i], &standardised)) / row[i]);
    }
    dot(&standardised, &standardised)
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
