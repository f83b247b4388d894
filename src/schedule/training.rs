//! Schedules over training steps: linear warm-up, constant middle, linear decay to zero.

use crate::error::{Argument, Error, Reason, ensure};

/// The factor of step `step` in a linear warm-up over `warm_up_steps` steps: min(1, (step + 1)/warm_up_steps).
///
/// Steps count from 0; the first step already has a positive factor, and no warm-up gives 1.
pub fn linear_warm_up(step: u64, warm_up_steps: u64) -> f64 {
    if step >= warm_up_steps { 1.0 } else { (step + 1) as f64 / warm_up_steps as f64 }
}

/// The factor of step `step` of `total_steps`: warm-up as in [`linear_warm_up`], then 1, then a linear decay over
/// the last `decay_steps` steps, (total - step)/decay, which would reach zero at step `total_steps`.
///
/// Where both overlap the smaller factor holds. A step at or past the end gets 0 where there is a decay, else 1.
///
/// # Errors
/// [`Reason::Empty`] for no steps; [`Reason::Order`] where warm-up or decay are longer than the training.
pub fn linear_warm_up_and_decay(
    step: u64,
    total_steps: u64,
    warm_up_steps: u64,
    decay_steps: u64,
) -> Result<f64, Error> {
    ensure(total_steps > 0, Reason::Empty, Argument::TotalSteps)?;
    ensure(warm_up_steps <= total_steps, Reason::Order, Argument::WarmUpSteps)?;
    ensure(decay_steps <= total_steps, Reason::Order, Argument::DecaySteps)?;
    let left = total_steps.saturating_sub(step);
    let decay = if left >= decay_steps { 1.0 } else { left as f64 / decay_steps as f64 };
    Ok(linear_warm_up(step, warm_up_steps).min(decay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warms_up_holds_and_decays() {
        let factor = |step| linear_warm_up_and_decay(step, 10, 4, 3).unwrap();
        let expected = [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0, 0.0];
        for (step, want) in expected.into_iter().enumerate() {
            assert!((factor(step as u64) - want).abs() < 1e-15, "step {step}");
        }
        assert_eq!(linear_warm_up_and_decay(99, 10, 0, 0), Ok(1.0));
        assert!(linear_warm_up_and_decay(0, 0, 0, 0).is_err());
        assert!(linear_warm_up_and_decay(0, 5, 6, 0).is_err());
        assert!(linear_warm_up_and_decay(0, 5, 0, 6).is_err());
        assert_eq!(linear_warm_up(u64::MAX, u64::MAX), 1.0);
    }
}
