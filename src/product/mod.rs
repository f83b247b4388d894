//! Products of matrices: faer's where the standard library is, blocked ones of our own where it is not.
//!
//! Without `std` faer can neither choose the CPU's instructions nor keep its packed operands from one product to the
//! next: it allocates, and runs at a tenth of the speed. [`blocked`] needs neither, so that a build without `std` is
//! near as fast when it is compiled for its CPU.

mod blocked;

pub use blocked::{Part, blocked};

use crate::matrix::RowMajorMut;
use crate::scalar::Scalar;
use faer::{Accum, MatRef, Par};

/// out <- factor left right, or out <- out + factor left right.
///
/// Shapes must agree, as they do wherever kernels have checked their arguments.
pub(crate) fn multiply<T: Scalar>(
    out: RowMajorMut<'_, T>,
    accumulate: Accum,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    factor: T,
    par: Par,
) {
    #[cfg(feature = "std")]
    faer::linalg::matmul::matmul(out.as_dyn_stride_mut(), accumulate, left, right, factor, par);
    #[cfg(not(feature = "std"))]
    {
        let _ = par;
        let done = blocked(out, accumulate, left, right, factor, Part::All);
        debug_assert!(done.is_ok());
    }
}

/// out <- left right on and below the diagonal of a square `out`; what is above is left as it was or not, as may be.
pub(crate) fn multiply_lower<T: Scalar>(
    out: RowMajorMut<'_, T>,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    par: Par,
) {
    #[cfg(feature = "std")]
    {
        use faer::linalg::matmul::triangular::{BlockStructure, matmul};
        matmul(
            out.as_dyn_stride_mut(),
            BlockStructure::TriangularLower,
            Accum::Replace,
            left,
            BlockStructure::Rectangular,
            right,
            BlockStructure::Rectangular,
            T::ONE,
            par,
        );
    }
    #[cfg(not(feature = "std"))]
    {
        let _ = par;
        let done = blocked(out, Accum::Replace, left, right, T::ONE, Part::Lower);
        debug_assert!(done.is_ok());
    }
}
