//! The one trait that every kernel is generic over: a real floating-point number, `f32` or `f64`.

use crate::simd::{FusedMultiplyAdd, Transpose};
use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A real number in the precision that the caller chose: `f32` or `f64`, nothing else.
///
/// Elementary functions come from `libm`, which is the same code on every platform, so that what a seed gives
/// does not depend on the system's mathematics library. The square root is correctly rounded everywhere.
pub trait Scalar:
    sealed::Sealed
    + Transpose
    + faer::traits::RealField
    + Copy
    + PartialOrd
    + Debug
    + Default
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// The largest finite number.
    const MAX: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision, exactly.
    fn to_f64(self) -> f64;
    /// The correctly rounded square root.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// `self` times `factor` plus `term`, rounded once. Slow where the machine has no instruction for it.
    fn fused_multiply_add(self, factor: Self, term: Self) -> Self;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// Not a number.
    fn is_nan(self) -> bool;
    /// `self` where it is positive, zero elsewhere, and zero for a NaN.
    fn relu(self) -> Self {
        if self > Self::ZERO { self } else { Self::ZERO }
    }
}

/// The correctly rounded square root, by the hardware where the standard library or the target gives it.
#[cfg(feature = "std")]
macro_rules! square_root {
    ($x:expr, $libm:path) => {
        $x.sqrt()
    };
}
#[cfg(not(feature = "std"))]
macro_rules! square_root {
    ($x:expr, $libm:path) => {
        $libm($x)
    };
}

macro_rules! scalar {
    ($type:ident, $sqrt:path) => {
        impl Scalar for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $type::INFINITY;
            const MAX: Self = $type::MAX;
            const EPSILON: Self = $type::EPSILON;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                square_root!(self, $sqrt)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $type::abs(self)
            }
            #[inline(always)]
            fn fused_multiply_add(self, factor: Self, term: Self) -> Self {
                self.fused(factor, term)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                $type::is_finite(self)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                $type::is_nan(self)
            }
        }
    };
}
scalar!(f32, libm::sqrtf);
scalar!(f64, libm::sqrt);
