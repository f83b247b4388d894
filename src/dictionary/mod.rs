//! Feature dictionaries: n vectors in d dimensions, one a row, as nearly orthogonal as they can be.

mod coherence;
mod floor;
mod normalise;
mod orthogonalise;
mod polar;
mod tight_frame;
mod unit_norm;

pub use coherence::{
    CoherenceParams, CoherenceReport, lower_coherence, lower_coherence_scratch, welch_bound,
};
pub use normalise::{normalise_rows, random_unit_rows};
pub use orthogonalise::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch};
pub use tight_frame::{
    TightFrameMethod, TightFrameParams, TightFrameReport, tight_frame, tight_frame_scratch,
};

pub(crate) use normalise::{length, squared_norm, unit};
