//! Firing probabilities, firing magnitudes and step-size schedules: numbers fixed before anything is drawn.

mod firing;
mod magnitude;
mod spaced;
mod training;

pub use firing::{LinearParams, RandomParams, UniformSource, ZipfianParams, linear, random, zipfian};
pub use magnitude::{
    FoldedNormalParams, exponential_magnitudes, folded_normal_magnitudes, linear_magnitudes,
};
pub use training::{linear_warm_up, linear_warm_up_and_decay};
