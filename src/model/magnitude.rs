//! Means and standard deviations of firing activations: one number for all features, or a rule.
//!
//! The rules are those of `sae_lens.synthetic.firing_magnitudes`.

use super::error::{ModelError, ensure};
use crate::error::{Argument, Reason};
use crate::schedule::{
    FoldedNormalParams, exponential_magnitudes, folded_normal_magnitudes, linear_magnitudes,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The magnitudes of all features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Value")]
pub enum Magnitude {
    /// The same number for every feature.
    Number(f64),
    /// A rule.
    Rule(MagnitudeRule),
}

impl TryFrom<Value> for Magnitude {
    type Error = String;

    /// Tells what is wrong with a rule, which an untagged enum alone would not.
    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::Number(number) => Ok(Self::Number(number.as_f64().ok_or("a number is too large")?)),
            Value::Object(_) => {
                serde_json::from_value(value).map(Self::Rule).map_err(|error| error.to_string())
            }
            _ => Err("a magnitude is a number or has a generator_name".to_owned()),
        }
    }
}

/// A rule for the magnitudes of n features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "generator_name", rename_all = "snake_case", deny_unknown_fields)]
pub enum MagnitudeRule {
    /// `value` for every feature.
    Constant {
        /// The magnitude.
        #[serde(default = "one")]
        value: f64,
    },
    /// `start + (end - start) i / (n - 1)`, both positive.
    Linear {
        /// That of the first feature.
        start: f64,
        /// That of the last.
        end: f64,
    },
    /// `start (end / start)^(i / (n - 1))`, both positive.
    Exponential {
        /// That of the first feature.
        start: f64,
        /// That of the last.
        end: f64,
    },
    /// |N(mean, std^2)|, then clamped.
    FoldedNormal {
        /// The mean before folding.
        #[serde(default)]
        mean: f64,
        /// The standard deviation before folding, positive.
        #[serde(default = "tenth")]
        std: f64,
        /// The least value, >= 0, if there is one.
        #[serde(default)]
        min_value: Option<f64>,
        /// The greatest value, positive, if there is one.
        #[serde(default)]
        max_value: Option<f64>,
    },
}

const fn one() -> f64 {
    1.0
}

const fn tenth() -> f64 {
    0.1
}

impl Magnitude {
    /// Refuses parameters that are not finite or that the rule's formula does not admit.
    pub(super) fn validate(&self, field: &str) -> Result<(), ModelError> {
        let numbers = match *self {
            Self::Number(value) | Self::Rule(MagnitudeRule::Constant { value }) => [value, 0.0, 0.0, 0.0],
            Self::Rule(MagnitudeRule::Linear { start, end } | MagnitudeRule::Exponential { start, end }) => {
                ensure(
                    start > 0.0 && end > 0.0,
                    field,
                    Reason::OutOfRange,
                    Argument::Config,
                    "start and end must be positive",
                )?;
                [start, end, 0.0, 0.0]
            }
            Self::Rule(MagnitudeRule::FoldedNormal { mean, std, min_value, max_value }) => {
                let bounds = (min_value.unwrap_or(0.0), max_value.unwrap_or(f64::MAX));
                let right = std > 0.0 && bounds.0 >= 0.0 && bounds.1 > 0.0 && bounds.0 <= bounds.1;
                let problem = "std must be positive, and 0 <= min_value <= max_value, which is not 0";
                ensure(right, field, Reason::OutOfRange, Argument::Config, problem)?;
                [mean, std, bounds.0, bounds.1]
            }
        };
        let finite = numbers.iter().all(|x| x.is_finite());
        ensure(finite, field, Reason::NotANumber, Argument::Config, "must be finite")
    }

    /// Fills `out` with the magnitudes of its `out.len()` features, by the functions of [`schedule`](crate::schedule).
    ///
    /// In double precision; sae-lens computes in f32, so that its numbers differ by a few units in the last place of
    /// f32. A folded normal rule draws numbers of the same law as those of sae-lens, but others. sae-lens seeds
    /// standard deviations with the model's seed + 1 and means with it + 2, and draws anew at each loading where there
    /// is no seed.
    ///
    /// # Errors
    /// Those of the rule's parameters: [`Reason::OutOfRange`], [`Reason::NotANumber`] ([`Argument::Config`]). `out` is
    /// then untouched.
    pub fn fill(&self, seed: u64, out: &mut [f64]) -> Result<(), ModelError> {
        const FIELD: &str = "firing magnitudes";
        self.validate(FIELD)?;
        if out.is_empty() {
            return Ok(());
        }
        let filled = match *self {
            Self::Number(value) | Self::Rule(MagnitudeRule::Constant { value }) => {
                out.fill(value);
                Ok(())
            }
            Self::Rule(MagnitudeRule::Linear { start, end }) => linear_magnitudes(out, start, end),
            Self::Rule(MagnitudeRule::Exponential { start, end }) => exponential_magnitudes(out, start, end),
            Self::Rule(MagnitudeRule::FoldedNormal { mean, std, min_value, max_value }) => {
                let params = FoldedNormalParams {
                    mean,
                    std_dev: std,
                    min_magnitude: min_value.unwrap_or(0.0),
                    max_magnitude: max_value.unwrap_or(f64::INFINITY),
                    seed,
                };
                folded_normal_magnitudes(out, &params)
            }
        };
        let problem = "have parameters that no magnitudes can be made with";
        ensure(filled.is_ok(), FIELD, Reason::OutOfRange, Argument::Config, problem)
    }
}
