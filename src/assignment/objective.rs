//! The value of an assignment: a sum that does not lose small costs among large ones.
//!
//! Neumaier's variant of Kahan's summation (Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation
//! endlicher Summen").

/// The sum of finite values in their order, with an error of about one rounding of the result plus
/// count^2 2^-106 times the sum of the magnitudes; exact for integers below 2^53.
pub(super) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        // What the addition dropped is found exactly by subtracting the larger operand first.
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_survive_large_ones() {
        let values = [1.0, 1e100, 1.0, -1e100];
        assert_eq!(values.iter().sum::<f64>(), 0.0);
        assert_eq!(compensated_sum(values.into_iter()), 2.0);
        assert_eq!(compensated_sum(core::iter::empty()), 0.0);
    }
}
