//! What a number of threads from C means.

use crate::error::Error;
#[cfg(not(feature = "parallel"))]
use crate::error::{Argument, Reason};
use faer::Par;

/// The way of working on so many threads, 0 and 1 the caller's; refused where this library has been built without.
#[cfg_attr(feature = "parallel", allow(clippy::unnecessary_wraps))]
pub(super) fn par(threads: u32) -> Result<Par, Error> {
    match threads {
        0 | 1 => Ok(Par::Seq),
        #[cfg(feature = "parallel")]
        threads => Ok(Par::rayon(threads as usize)),
        #[cfg(not(feature = "parallel"))]
        _ => Err(Error::new(Reason::OutOfRange, Argument::Threads)),
    }
}
