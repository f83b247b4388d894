//! Sparse autoencoders: encode, decode, initialise, train.

mod initialise;
mod relu;
mod train;

pub use initialise::initialise_to_match;
pub use relu::{Sae, decode, encode, encode_scratch};
pub use train::{SaeMut, TrainParams, TrainReport, moments_len, train_step, train_step_scratch};
