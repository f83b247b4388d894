//! Judge an autoencoder on synthetic data whose truth is known.

mod run;
mod state;

pub use run::{Autoencoder, EvaluateParams, Evaluation, evaluate, evaluate_scratch};
pub use state::{EvaluationBatch, Metrics, add_batch, begin, counts_len, finish, merge, sums_len};
