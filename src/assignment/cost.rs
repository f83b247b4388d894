//! What costs may be made of: real numbers, or whole ones.
//!
//! The solver computes with reals. Whole costs become reals, exactly, when a row of them is read; they are never copied
//! all together. What takes the place of infinity among them, to forbid a pair, is the number at the end of their range.

use crate::scalar::Scalar;
use core::fmt::Debug;

/// A number that is read as a `T`.
pub trait Cost<T: Scalar>: Copy {
    /// The largest magnitude with which sums can be trusted: beyond it reals overflow, or whole numbers are no longer
    /// exact.
    const LARGEST: f64;

    /// These costs as they are, where they are reals.
    fn as_reals(costs: &[Self]) -> Option<&[T]>;

    /// This cost, or, to seek a maximum, minus this cost; +infinity for a forbidden pair.
    fn to_real(self, negate: bool) -> T;
}

impl<T: Scalar> Cost<T> for T {
    const LARGEST: f64 = f64::MAX;

    #[inline(always)]
    fn as_reals(costs: &[T]) -> Option<&[T]> {
        Some(costs)
    }

    #[inline(always)]
    fn to_real(self, negate: bool) -> T {
        if negate { -self } else { self }
    }
}

/// A whole number that a cost may be: `i32` or `i64`, nothing else.
///
/// The greatest of them forbids a pair when minimising, the least when maximising.
pub trait WholeNumber: Cost<f64> + Debug + Send + Sync + 'static {}

macro_rules! whole_number {
    ($type:ident) => {
        impl WholeNumber for $type {}

        impl Cost<f64> for $type {
            const LARGEST: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

            #[inline(always)]
            fn as_reals(_: &[Self]) -> Option<&[f64]> {
                None
            }

            #[inline(always)]
            #[allow(clippy::cast_lossless, reason = "an i64 has no From")]
            fn to_real(self, negate: bool) -> f64 {
                let forbidden = if negate { $type::MIN } else { $type::MAX };
                let value = if negate { -(self as f64) } else { self as f64 };
                if self == forbidden { f64::INFINITY } else { value }
            }
        }
    };
}
whole_number!(i32);
whole_number!(i64);

/// Fills `reals` with what costs are read as.
pub(super) fn read<T: Scalar, C: Cost<T>>(costs: &[C], negate: bool, reals: &mut [T]) {
    // Two loops, so that neither has a choice inside.
    if negate {
        reals.iter_mut().zip(costs).for_each(|(real, cost)| *real = cost.to_real(true));
    } else {
        reals.iter_mut().zip(costs).for_each(|(real, cost)| *real = cost.to_real(false));
    }
}
