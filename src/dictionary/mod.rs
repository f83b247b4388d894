//! Feature dictionaries: n vectors in d dimensions, one a row, as nearly orthogonal as they can be.

mod normalise;
mod orthogonalise;

pub use normalise::{normalise_rows, random_unit_rows};
pub use orthogonalise::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch};

pub(crate) use normalise::{length, squared_norm};
