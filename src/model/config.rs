//! How a model was made: the `SyntheticModelConfig` of sae-lens 6.54, with its names and defaults.

use super::error::{ModelError, ensure, refuse};
use super::magnitude::Magnitude;
use crate::error::{Argument, Reason};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a model was made. Only the sizes and the magnitudes say something that is not stored elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The number of features, at least 1.
    pub num_features: usize,
    /// The length of a hidden vector, at least 1.
    pub hidden_dim: usize,
    /// The rule of the firing probabilities, before a hierarchy's compensation.
    pub firing_probability: FiringProbability,
    /// How the hierarchy was drawn; none for a model without, and for a hierarchy that was given.
    #[serde(default)]
    pub hierarchy: Option<HierarchyConfig>,
    /// How the dictionary was orthogonalised, if it was.
    #[serde(default)]
    pub orthogonalization: Option<Orthogonalisation>,
    /// How the correlations were drawn, if they were.
    #[serde(default)]
    pub correlation: Option<CorrelationConfig>,
    /// Standard deviations of firing activations, >= 0.
    #[serde(default = "zero")]
    pub std_firing_magnitudes: Magnitude,
    /// Means of firing activations.
    #[serde(default = "one")]
    pub mean_firing_magnitudes: Magnitude,
    /// Whether there is a bias, and of which norm.
    #[serde(default)]
    pub bias: Bias,
    /// `float32`, `float64`, `float16` or `bfloat16`, in which sae-lens samples; each array's own precision is in the
    /// weights.
    #[serde(default = "float32")]
    pub dtype: String,
    /// The seed, if there is one.
    #[serde(default)]
    pub seed: Option<i64>,
    /// Keys that are not listed above, kept as they are.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The rule of the firing probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "generator_name", rename_all = "snake_case", deny_unknown_fields)]
pub enum FiringProbability {
    /// See [`zipfian`](crate::schedule::zipfian).
    Zipfian {
        /// The exponent of the rank, positive.
        #[serde(default = "default_exponent")]
        exponent: f64,
        /// That of the first feature.
        #[serde(default = "default_greatest")]
        max_prob: f64,
        /// That of the last feature.
        #[serde(default = "default_least")]
        min_prob: f64,
    },
    /// See [`linear`](crate::schedule::linear()).
    Linear {
        /// That of the first feature.
        #[serde(default = "default_greatest")]
        max_prob: f64,
        /// That of the last feature.
        #[serde(default = "default_least")]
        min_prob: f64,
    },
    /// See [`random`](crate::schedule::random).
    Random {
        /// The upper end of the range.
        #[serde(default = "default_greatest_random")]
        max_prob: f64,
        /// The lower end of the range.
        #[serde(default = "default_least")]
        min_prob: f64,
    },
    /// The same for all features.
    Constant {
        /// How often each fires.
        #[serde(default = "default_probability")]
        probability: f64,
    },
}

/// How a hierarchy was drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HierarchyConfig {
    /// The number of trees.
    pub total_root_nodes: u64,
    /// The children of a node.
    pub branching_factor: Branching,
    /// The edges from a root to its leaves.
    pub max_depth: u64,
    /// The part of the parents whose children exclude each other, in [0, 1].
    pub mutually_exclusive_portion: f64,
    /// The least depth of such parents.
    pub mutually_exclusive_min_depth: u64,
    /// The greatest depth of such parents, if there is one.
    pub mutually_exclusive_max_depth: Option<u64>,
    /// Whether firing probabilities were raised so that children fire as often as the rule says.
    pub compensate_probabilities: bool,
    /// Whether children are scaled by their parents.
    pub scale_children_by_parent: bool,
}

/// The children of a node of a hierarchy that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Branching {
    /// Always so many.
    Fixed(u64),
    /// From the first to the second, both included.
    Between(u64, u64),
}

/// How a dictionary was orthogonalised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orthogonalisation {
    /// The steps of Adam.
    pub num_steps: u64,
    /// The learning rate.
    pub lr: f64,
    /// The rows that the reference works on at a time.
    pub chunk_size: u64,
}

/// How correlations were drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorrelationConfig {
    /// The rank asked for; that of the stored factor counts.
    pub rank: u64,
    /// How strong correlations are.
    pub correlation_scale: f64,
    /// A seed of its own, if there is one.
    pub seed: Option<i64>,
}

/// Whether there is a bias, and of which norm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bias {
    /// Of norm 1, or none.
    Present(bool),
    /// Of this norm.
    Norm(f64),
}

impl Default for HierarchyConfig {
    fn default() -> Self {
        Self {
            total_root_nodes: 100,
            branching_factor: Branching::Fixed(100),
            max_depth: 2,
            mutually_exclusive_portion: 0.0,
            mutually_exclusive_min_depth: 0,
            mutually_exclusive_max_depth: None,
            compensate_probabilities: false,
            scale_children_by_parent: false,
        }
    }
}

impl Default for Orthogonalisation {
    fn default() -> Self {
        Self { num_steps: 200, lr: 0.01, chunk_size: 1024 }
    }
}

impl Default for CorrelationConfig {
    fn default() -> Self {
        Self { rank: 32, correlation_scale: 0.1, seed: None }
    }
}

impl Default for Bias {
    fn default() -> Self {
        Self::Norm(1.0)
    }
}

impl Default for FiringProbability {
    fn default() -> Self {
        Self::Zipfian {
            exponent: default_exponent(),
            max_prob: default_greatest(),
            min_prob: default_least(),
        }
    }
}

const fn zero() -> Magnitude {
    Magnitude::Number(0.0)
}

const fn one() -> Magnitude {
    Magnitude::Number(1.0)
}

fn float32() -> String {
    "float32".to_owned()
}

const fn default_exponent() -> f64 {
    1.0
}

const fn default_greatest() -> f64 {
    0.3
}

const fn default_greatest_random() -> f64 {
    0.5
}

const fn default_least() -> f64 {
    0.01
}

const fn default_probability() -> f64 {
    0.1
}

impl Config {
    /// The defaults of sae-lens for a model of these sizes.
    pub fn new(num_features: usize, hidden_dim: usize) -> Self {
        Self {
            num_features,
            hidden_dim,
            firing_probability: FiringProbability::default(),
            hierarchy: None,
            orthogonalization: None,
            correlation: None,
            std_firing_magnitudes: zero(),
            mean_firing_magnitudes: one(),
            bias: Bias::default(),
            dtype: float32(),
            seed: None,
            other: Map::new(),
        }
    }

    /// Reads the JSON of a configuration.
    ///
    /// # Errors
    /// [`Reason::Malformed`] ([`Argument::Config`]) where it is not one; what [`validate`](Self::validate) refuses.
    pub fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        let config: Self = serde_json::from_slice(json)
            .map_err(|error| ModelError::new("", Reason::Malformed, Argument::Config, error.to_string()))?;
        config.validate()?;
        Ok(config)
    }

    /// The JSON of the configuration, indented.
    ///
    /// # Errors
    /// What [`validate`](Self::validate) refuses.
    pub fn to_json(&self) -> Result<String, ModelError> {
        self.validate()?;
        serde_json::to_string_pretty(self)
            .map_err(|error| ModelError::new("", Reason::Malformed, Argument::Config, error.to_string()))
    }

    /// Refuses what sae-lens would refuse when it loads the model.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::OutOfRange`], [`Reason::NotANumber`], [`Reason::UnknownValue`] or
    /// [`Reason::DuplicateIndex`], all of [`Argument::Config`]; the field is named.
    pub fn validate(&self) -> Result<(), ModelError> {
        let sizes = self.num_features > 0 && self.hidden_dim > 0;
        ensure(sizes, "num_features, hidden_dim", Reason::Empty, Argument::Config, "must be at least 1")?;
        self.firing_probability.validate()?;
        self.std_firing_magnitudes.validate("std_firing_magnitudes")?;
        self.mean_firing_magnitudes.validate("mean_firing_magnitudes")?;
        if let Some(hierarchy) = &self.hierarchy {
            hierarchy.validate()?;
        }
        let lr = self.orthogonalization.as_ref().map_or(0.0, |o| o.lr);
        finite("orthogonalization.lr", lr)?;
        if let Some(correlation) = &self.correlation {
            finite("correlation.correlation_scale", correlation.correlation_scale)?;
            let rank = correlation.rank > 0;
            ensure(rank, "correlation.rank", Reason::OutOfRange, Argument::Config, "must be at least 1")?;
        }
        if let Bias::Norm(norm) = self.bias {
            finite("bias", norm)?;
        }
        if !["float32", "float64", "float16", "bfloat16"].contains(&self.dtype.as_str()) {
            let problem = format!("{:?} is not a type of floating-point numbers", self.dtype);
            return refuse("dtype", Reason::UnknownValue, Argument::Config, problem);
        }
        match self.other.keys().find(|key| KEYS.contains(&key.as_str())) {
            Some(key) => refuse(key, Reason::DuplicateIndex, Argument::Config, "is a key of its own"),
            None => Ok(()),
        }
    }
}

/// The keys that [`Config::other`] must not have.
const KEYS: [&str; 11] = [
    "num_features",
    "hidden_dim",
    "firing_probability",
    "hierarchy",
    "orthogonalization",
    "correlation",
    "std_firing_magnitudes",
    "mean_firing_magnitudes",
    "bias",
    "dtype",
    "seed",
];

fn finite(field: &str, value: f64) -> Result<(), ModelError> {
    ensure(value.is_finite(), field, Reason::NotANumber, Argument::Config, "must be finite")
}

impl FiringProbability {
    fn validate(&self) -> Result<(), ModelError> {
        let right = match *self {
            Self::Zipfian { exponent, max_prob, min_prob } => {
                exponent > 0.0
                    && exponent.is_finite()
                    && 0.0 < min_prob
                    && min_prob < max_prob
                    && max_prob <= 1.0
            }
            Self::Linear { max_prob, min_prob } => 0.0 < min_prob && min_prob <= max_prob && max_prob <= 1.0,
            Self::Random { max_prob, min_prob } => 0.0 < min_prob && min_prob < max_prob && max_prob <= 1.0,
            Self::Constant { probability } => (0.0..=1.0).contains(&probability),
        };
        let problem = "needs 0 < min_prob < max_prob <= 1, a positive exponent, a probability in [0, 1]";
        ensure(right, "firing_probability", Reason::OutOfRange, Argument::Config, problem)
    }
}

impl HierarchyConfig {
    fn validate(&self) -> Result<(), ModelError> {
        let branching = match self.branching_factor {
            Branching::Fixed(children) => children >= 2,
            Branching::Between(least, most) => 2 <= least && least <= most,
        };
        let depths =
            self.mutually_exclusive_max_depth.is_none_or(|most| self.mutually_exclusive_min_depth <= most);
        let right = self.total_root_nodes > 0
            && self.max_depth > 0
            && branching
            && depths
            && (0.0..=1.0).contains(&self.mutually_exclusive_portion);
        let problem = "needs a root, a depth, a branching_factor from 2 and in order, a portion in [0, 1], depths in order";
        ensure(right, "hierarchy", Reason::OutOfRange, Argument::Config, problem)
    }
}
