//! Feature dictionaries: n vectors in d dimensions, one a row, as nearly orthogonal as they can be.

mod adam_step;
mod coherence;
mod floor;
mod frame_operator;
mod gram_step;
mod normalise;
mod orthogonalise;
mod polar;
mod tight_frame;
mod unit_norm;

pub use adam_step::{
    ApplyParams, NextFrame, WholeDictionary, orthogonalise_apply, orthogonalise_apply_scratch,
};
pub use coherence::{
    CoherenceParams, CoherenceReport, lower_coherence, lower_coherence_scratch, welch_bound,
};
pub use frame_operator::{frame_operator_partial, frame_operator_partial_scratch};
pub use normalise::{normalise_rows, random_unit_rows};
pub use orthogonalise::{
    OrthogonaliseParams, OrthogonaliseState, ResumeParams, orthogonalise, orthogonalise_resume,
    orthogonalise_resume_scratch, orthogonalise_scratch,
};
pub use tight_frame::{
    TightFrameMethod, TightFrameParams, TightFrameReport, tight_frame, tight_frame_scratch,
};

pub(crate) use normalise::{length, squared_norm, unit};
