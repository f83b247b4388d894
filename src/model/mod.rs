//! Models of synthetic data on disk, in the folders that sae-lens 6.54 saves and loads.
//!
//! A folder holds
//!
//! - `synthetic_model_config.json`: how the model was made, and the magnitudes of its activations ([`Config`]);
//! - `synthetic_model.safetensors`: `feature_vectors` (n by d), `bias` (d), `firing_probabilities` (n) and, where
//!   features correlate, `correlation_factor` (n by rank) and `correlation_diag` (n);
//! - `hierarchy.json`, where features depend on each other: the forest ([`Forest`]).
//!
//! Not everything passes from one library to the other:
//!
//! - Means and standard deviations are in the configuration alone: one number or a rule. Others have no place.
//! - A dense correlation matrix has no place; one of low rank has.
//! - A seed means other numbers here than there. It matters for magnitudes drawn at random ([`Magnitude::fill`]) and for
//!   what is sampled; all else is stored.
//! - Weights of 16 bits become f32, which holds each exactly, and are written as such; `dtype` stays what it was.
//! - Unknown keys of the configuration are kept in [`Config::other`] and written again; sae-lens itself refuses them.
//!   Unknown keys further inside are refused, those of a node of the forest ignored.
//! - Numbers of no meaning to sae-lens's own loader, such as 32-bit bounds of indices, are checked here: a feature
//!   belongs to at most one node, and a forest is at most [`DEEPEST`] nodes deep.
//!
//! Nothing in a file is trusted. What is read is bounded by the length of the files, every size is compared with the
//! others, and a file that is wrong gives a [`ModelError`] that names it and the part of it.

mod config;
mod error;
mod folder;
mod forest;
mod magnitude;
mod values;
mod weights;

pub use config::{
    Bias, Branching, Config, CorrelationConfig, FiringProbability, HierarchyConfig, Orthogonalisation,
};
pub use error::ModelError;
pub use folder::{CONFIG_FILE, HIERARCHY_FILE, WEIGHTS_FILE, read, write};
pub use forest::{DEEPEST, Forest};
pub use magnitude::{Magnitude, MagnitudeRule};
pub use values::Values;

use crate::error::{Argument, Reason};
use error::{ensure, refuse};

/// A model of synthetic data: all that is saved of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How it was made, and its magnitudes. `num_features` is n and `hidden_dim` is d below.
    pub config: Config,
    /// The dictionary, n by d, row-major and packed.
    pub feature_vectors: Values,
    /// What is added to every hidden vector, d numbers; zeros for none.
    pub bias: Values,
    /// How often each of the n features fires, in [0, 1].
    pub firing_probabilities: Values,
    /// How features correlate, if they do.
    pub correlation: Option<LowRankCorrelation>,
    /// How features depend on each other, if they do.
    pub hierarchy: Option<Forest>,
}

/// A correlation matrix `factor factor^T + diag(diagonal)`.
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankCorrelation {
    /// The columns of the factor, at least 1.
    pub rank: usize,
    /// n by `rank`, row-major and packed.
    pub factor: Values,
    /// n numbers, none negative.
    pub diagonal: Values,
}

impl Model {
    /// Checks everything that [`write()`] checks before it writes and [`read`] before it returns.
    ///
    /// Sizes must agree with the configuration, all numbers be finite, probabilities lie in [0, 1], no number of the
    /// diagonal be negative, and the forest be one. Where the configuration asks for a hierarchy or for correlations
    /// they must be there: sae-lens, finding none, would draw its own.
    ///
    /// # Errors
    /// The first thing wrong: [`Argument::Config`], [`Argument::Dictionary`], [`Argument::Bias`],
    /// [`Argument::Probabilities`], [`Argument::Factor`], [`Argument::Diagonal`], or what [`Forest::validate`] says.
    pub fn validate(&self) -> Result<(), ModelError> {
        let config = &self.config;
        config.validate()?;
        let (n, d) = (config.num_features, config.hidden_dim);
        expect("feature_vectors", Argument::Dictionary, &self.feature_vectors, n, d)?;
        expect("bias", Argument::Bias, &self.bias, d, 1)?;
        expect("firing_probabilities", Argument::Probabilities, &self.firing_probabilities, n, 1)?;
        let outside = self.firing_probabilities.position(|p| !(0.0..=1.0).contains(&p));
        if let Some(at) = outside {
            let problem = format!("number {at} (from 0) is not in [0, 1]");
            return refuse("firing_probabilities", Reason::OutOfRange, Argument::Probabilities, problem);
        }
        if let Some(correlation) = &self.correlation {
            ensure(
                correlation.rank > 0,
                "correlation_factor",
                Reason::Empty,
                Argument::Factor,
                "has no columns",
            )?;
            expect("correlation_factor", Argument::Factor, &correlation.factor, n, correlation.rank)?;
            expect("correlation_diag", Argument::Diagonal, &correlation.diagonal, n, 1)?;
            if let Some(at) = correlation.diagonal.position(|x| x < 0.0) {
                let problem = format!("number {at} (from 0) is negative");
                return refuse("correlation_diag", Reason::OutOfRange, Argument::Diagonal, problem);
            }
        }
        if let Some(forest) = &self.hierarchy {
            forest.validate(n)?;
        }
        let missing = "asks for what the model does not have";
        let has = |asked: bool, there: bool| !asked || there;
        let correlation = has(config.correlation.is_some(), self.correlation.is_some());
        ensure(correlation, "correlation", Reason::Shape, Argument::Config, missing)?;
        let hierarchy = has(config.hierarchy.is_some(), self.hierarchy.is_some());
        ensure(hierarchy, "hierarchy", Reason::Shape, Argument::Config, missing)
    }
}

/// Refuses an array that does not have `rows * cols` finite numbers.
fn expect(
    name: &str,
    argument: Argument,
    values: &Values,
    rows: usize,
    cols: usize,
) -> Result<(), ModelError> {
    if rows.checked_mul(cols) != Some(values.len()) {
        let problem = format!("has {} numbers, not {rows} x {cols}", values.len());
        return refuse(name, Reason::Shape, argument, problem);
    }
    match values.position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(at) => {
            let value = values.get(at);
            let reason = if value.is_nan() { Reason::NotANumber } else { Reason::Infinite };
            refuse(name, reason, argument, format!("number {at} (from 0) is {value}"))
        }
    }
}
