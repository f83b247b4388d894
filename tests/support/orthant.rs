//! How often two correlated normal numbers are large together.

/// P(x > a, y > b) for standard normal x and y with correlation rho (Plackett 1954): the probability without
/// correlation, and the integral of the density at (a, b) over the correlation, here by Simpson's rule.
pub fn orthant(a: f64, b: f64, rho: f64) -> f64 {
    let density = |r: f64| {
        let s = 1.0 - r * r;
        (-(a * a - 2.0 * r * a * b + b * b) / (2.0 * s)).exp() / (2.0 * std::f64::consts::PI * s.sqrt())
    };
    let upper = |x: f64| 0.5 * libm::erfc(x / 2f64.sqrt());
    let (steps, mut sum) = (1000, 0.0);
    for k in 0..=steps {
        let weight = if k == 0 || k == steps { 1.0 } else { 2.0 + 2.0 * f64::from(k % 2) };
        sum += weight * density(rho * f64::from(k) / f64::from(steps));
    }
    upper(a) * upper(b) + sum * rho / (3.0 * f64::from(steps))
}
