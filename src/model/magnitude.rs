//! Means and standard deviations of firing activations: one number for all features, or a rule.
//!
//! The rules are those of `sae_lens.synthetic.firing_magnitudes`.

use super::error::{ModelError, ensure};
use crate::error::{Argument, Reason};
use crate::rng::{Purpose, Stream, standard_normal};
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

    /// Fills `out` with the magnitudes of its `out.len()` features.
    ///
    /// In double precision; sae-lens computes in f32, so that its numbers differ by a few units in the last place of f32.
    /// A folded normal rule draws feature i from row i of stream 2^64 - 1 of `seed`: numbers of the same law as those
    /// of sae-lens, but others. sae-lens seeds standard deviations with the model's seed + 1 and means with it + 2, and
    /// draws anew at each loading where there is no seed.
    ///
    /// # Errors
    /// Those of the rule's parameters: [`Reason::OutOfRange`], [`Reason::NotANumber`] ([`Argument::Config`]); the latter
    /// too where a number overflows. Nothing is written then, except where a number overflows.
    pub fn fill(&self, seed: u64, out: &mut [f64]) -> Result<(), ModelError> {
        self.validate("firing magnitudes")?;
        let last = (out.len().max(2) - 1) as f64;
        let places = (0..out.len()).map(|i| i as f64 / last);
        match *self {
            Self::Number(value) | Self::Rule(MagnitudeRule::Constant { value }) => out.fill(value),
            Self::Rule(MagnitudeRule::Linear { start, end }) => {
                out.iter_mut().zip(places).for_each(|(x, place)| *x = start * (1.0 - place) + end * place);
            }
            Self::Rule(MagnitudeRule::Exponential { start, end }) => {
                let slope = libm::log(end) - libm::log(start);
                out.iter_mut().zip(places).for_each(|(x, place)| *x = start * libm::exp(place * slope));
            }
            Self::Rule(MagnitudeRule::FoldedNormal { mean, std, min_value, max_value }) => {
                let (least, most) = (min_value.unwrap_or(0.0), max_value.unwrap_or(f64::MAX));
                let stream = Stream::new(seed, u64::MAX);
                for (i, x) in out.iter_mut().enumerate() {
                    let normal = standard_normal(&mut stream.row(Purpose::Magnitudes, i as u64));
                    *x = (mean + std * normal).abs().max(least).min(most);
                }
            }
        }
        let finite = out.iter().all(|x| x.is_finite());
        ensure(finite, "firing magnitudes", Reason::NotANumber, Argument::Config, "must be finite")
    }
}
