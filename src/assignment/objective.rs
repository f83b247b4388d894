//! The value of an assignment: a sum that does not lose small costs among large ones.
//!
//! Neumaier's variant of Kahan's summation (Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation
//! endlicher Summen").

/// The sum of finite values in their order, with an error of about one rounding of the result plus
/// count^2 2^-106 times the sum of the magnitudes; exact for integers below 2^53.
pub(super) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = CompensatedSum::default();
    values.for_each(|value| sum.add(value));
    sum.value()
}

/// The same sum, one value at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds one value.
    pub(crate) fn add(&mut self, value: f64) {
        let next = self.sum + value;
        // What the addition dropped is found exactly by subtracting the larger operand first.
        let dropped =
            if self.sum.abs() >= value.abs() { (self.sum - next) + value } else { (value - next) + self.sum };
        self.lost += dropped;
        self.sum = next;
    }

    /// The sum of the values so far; not finite where a partial sum has overflowed.
    pub(crate) fn value(self) -> f64 {
        self.sum + self.lost
    }
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
