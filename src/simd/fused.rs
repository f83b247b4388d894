//! x y + z, rounded once or twice, with and without the standard library.
//!
//! `mul_add` is a method of `std`. Without it the instruction is reached by the name that the architecture gives it,
//! where the build may use it, else by libm's function, which computes it from integers.

use crate::scalar::Scalar;

/// x y + z, rounded once where `FUSED`, else twice.
#[inline(always)]
pub(crate) fn multiply_add<T: Scalar, const FUSED: bool>(x: T, y: T, z: T) -> T {
    if FUSED { x.fused_multiply_add(y, z) } else { x * y + z }
}

/// Whether fusing is one instruction wherever this build runs.
pub(crate) const AT_COMPILE_TIME: bool = cfg!(any(
    all(feature = "std", any(target_feature = "fma", target_arch = "aarch64")),
    all(target_arch = "x86_64", target_feature = "fma")
));

/// A number that can be multiplied and added to in one rounding.
pub(crate) trait FusedMultiplyAdd {
    /// `self` times `factor` plus `term`.
    fn fused(self, factor: Self, term: Self) -> Self;
}

macro_rules! fused_multiply_add {
    ($type:ident, $libm:path, $set:ident, $multiply_add:ident, $get:ident) => {
        impl FusedMultiplyAdd for $type {
            #[inline(always)]
            fn fused(self, factor: Self, term: Self) -> Self {
                #[cfg(feature = "std")]
                {
                    self.mul_add(factor, term)
                }
                #[cfg(all(not(feature = "std"), target_arch = "x86_64", target_feature = "fma"))]
                {
                    use core::arch::x86_64::{$get, $multiply_add, $set};
                    // SAFETY: the build requires a CPU with FMA.
                    #[allow(unsafe_code)]
                    unsafe {
                        $get($multiply_add($set(self), $set(factor), $set(term)))
                    }
                }
                #[cfg(all(not(feature = "std"), not(all(target_arch = "x86_64", target_feature = "fma"))))]
                {
                    $libm(self, factor, term)
                }
            }
        }
    };
}
fused_multiply_add!(f32, libm::fmaf, _mm_set_ss, _mm_fmadd_ss, _mm_cvtss_f32);
fused_multiply_add!(f64, libm::fma, _mm_set_sd, _mm_fmadd_sd, _mm_cvtsd_f64);
