//! One step of Adam (Kingma and Ba 2015), for the kernels that optimise.
//!
//! With gradient g at step k = 1, 2, ...:
//! m <- b1 m + (1 - b1) g,  v <- b2 v + (1 - b2) g^2,
//! w <- w - lr/(1 - b1^k) * m / (sqrt(v)/sqrt(1 - b2^k) + eps).
//! As in PyTorch, eps is added after the bias-corrected root.

use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::scalar::Scalar;
use crate::simd::Loop;

/// The constants of Adam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamParams {
    /// Step size lr, > 0. Default 1e-3.
    pub learning_rate: f64,
    /// Decay of the first moment, in [0, 1). Default 0.9.
    pub beta1: f64,
    /// Decay of the second moment, in [0, 1). Default 0.999.
    pub beta2: f64,
    /// Added to the root of the second moment, > 0. Default 1e-8.
    pub epsilon: f64,
}

impl Default for AdamParams {
    fn default() -> Self {
        Self { learning_rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }
}

impl AdamParams {
    /// Refuses constants outside their ranges. A learning rate of zero is allowed: schedules reach it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_learning_rate(self.learning_rate)?;
        for (beta, argument) in [(self.beta1, Argument::Beta1), (self.beta2, Argument::Beta2)] {
            ensure_finite(beta, argument)?;
            ensure((0.0..1.0).contains(&beta), Reason::OutOfRange, argument)?;
        }
        ensure_finite(self.epsilon, Argument::Epsilon)?;
        ensure(self.epsilon > 0.0, Reason::OutOfRange, Argument::Epsilon)
    }
}

/// Refuses a learning rate that is negative or not finite.
pub(crate) fn check_learning_rate(learning_rate: f64) -> Result<(), Error> {
    ensure_finite(learning_rate, Argument::LearningRate)?;
    ensure(learning_rate >= 0.0, Reason::OutOfRange, Argument::LearningRate)
}

/// The numbers of one step, the same for every weight.
#[derive(Clone, Copy)]
pub(crate) struct AdamStep<T> {
    beta1: T,
    one_minus_beta1: T,
    beta2: T,
    one_minus_beta2: T,
    step_size: T,
    root_scale: T,
    epsilon: T,
}

impl<T: Scalar> AdamStep<T> {
    /// Prepares step `step`, counted from 1.
    pub(crate) fn new(params: &AdamParams, step: u64) -> Self {
        let correction = |beta: f64| 1.0 - libm::pow(beta, step as f64);
        Self {
            beta1: T::from_f64(params.beta1),
            one_minus_beta1: T::from_f64(1.0 - params.beta1),
            beta2: T::from_f64(params.beta2),
            one_minus_beta2: T::from_f64(1.0 - params.beta2),
            step_size: T::from_f64(params.learning_rate / correction(params.beta1)),
            root_scale: T::from_f64(1.0 / libm::sqrt(correction(params.beta2))),
            epsilon: T::from_f64(params.epsilon),
        }
    }

    /// Moves one weight and its moments.
    #[inline(always)]
    pub(crate) fn update(&self, weight: &mut T, gradient: T, first: &mut T, second: &mut T) {
        *first = self.beta1 * *first + self.one_minus_beta1 * gradient;
        *second = self.beta2 * *second + self.one_minus_beta2 * gradient * gradient;
        *weight -= self.step_size * *first / (second.sqrt() * self.root_scale + self.epsilon);
    }
}

/// One step for a run of weights whose gradient is `scale * gradient`.
pub(crate) struct AdamSweep<'a, T> {
    pub(crate) weights: &'a mut [T],
    pub(crate) gradient: &'a [T],
    pub(crate) scale: T,
    pub(crate) first: &'a mut [T],
    pub(crate) second: &'a mut [T],
    pub(crate) step: AdamStep<T>,
}

impl<T: Scalar> Loop for AdamSweep<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let moments = self.first.iter_mut().zip(self.second);
        for ((w, &g), (first, second)) in self.weights.iter_mut().zip(self.gradient).zip(moments) {
            self.step.update(w, self.scale * g, first, second);
        }
    }
}
