//! The C ABI: the only `extern "C"` of the crate.
//!
//! One file a kernel module. A function here checks and borrows its arguments through `boundary::Arguments`,
//! calls the kernel of the same name and turns its result into a status; it computes nothing. Functions whose name
//! ends in `_f32` and `_f64` share one generic body.

#![allow(non_camel_case_types)]
#![allow(rustdoc::broken_intra_doc_links, reason = "the docs are the C header's, where brackets are indices")]

mod activation;
mod assignment;
mod batch;
mod borrowed_generator;
mod boundary;
mod certificate;
mod cheaper_projection;
mod coherence;
mod compensation;
mod correlate_groups;
mod correlated;
mod correlated_groups;
mod correlation;
mod correlation_statistics;
mod csr;
mod dictionary;
mod evaluate;
mod evaluation;
mod firing;
mod frame_operator;
mod generated_forest;
mod generator;
mod gradient;
mod grouped;
mod hierarchy;
mod hierarchy_apply;
mod latents;
mod low_rank;
mod low_rank_sample;
mod magnitude;
mod matched;
mod matching;
mod model;
#[cfg(feature = "files")]
mod model_arrays;
mod modify_csr;
mod orthogonalise;
mod plan;
mod planned_firing;
mod planned_hierarchy;
mod projection;
mod sae;
mod schedule;
mod sparse;
mod status;
mod superposition;
mod threads;
mod tight_frame;
mod train;
mod types;
mod uniqueness;
mod weights;
mod whole_assignment;

pub use activation::*;
pub use assignment::*;
pub use batch::*;
pub use certificate::*;
pub use cheaper_projection::*;
pub use coherence::*;
pub use compensation::*;
pub use correlate_groups::*;
pub use correlated::*;
pub use correlated_groups::*;
pub use correlation::*;
pub use correlation_statistics::*;
pub use dictionary::*;
pub use evaluate::*;
pub use evaluation::*;
pub use firing::*;
pub use frame_operator::*;
pub use generated_forest::*;
pub use generator::*;
pub use gradient::*;
pub use grouped::*;
pub use hierarchy::*;
pub use hierarchy_apply::*;
pub use latents::*;
pub use low_rank::*;
pub use low_rank_sample::*;
pub use magnitude::*;
pub use matched::*;
pub use matching::*;
pub use model::*;
pub use modify_csr::*;
pub use orthogonalise::*;
pub use plan::*;
pub use planned_firing::*;
pub use planned_hierarchy::*;
pub use projection::*;
pub use sae::*;
pub use schedule::*;
pub use sparse::*;
pub use status::*;
pub use superposition::*;
pub use tight_frame::*;
pub use train::*;
pub use types::*;
pub use uniqueness::*;
pub use weights::*;
pub use whole_assignment::*;
