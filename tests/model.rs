//! Saved models: those of sae-lens are read as it reads them, ours survive the disk bit for bit, and no damage to a file
//! does worse than an error.
#![cfg(feature = "files")]

use proptest::prelude::*;
use sae_kernels::activation::hierarchy::NONE;
use sae_kernels::model::{
    Bias, Branching, CONFIG_FILE, Config, CorrelationConfig, FiringProbability, Forest, HIERARCHY_FILE,
    HierarchyConfig, LowRankCorrelation, Magnitude, MagnitudeRule, Model, Orthogonalisation, Values,
    WEIGHTS_FILE, read, write,
};
use sae_kernels::{Argument, Error, Reason};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("model-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A copy of a model that sae-lens has saved.
    fn copy_of(name: &str) -> Self {
        let place = Self::new();
        for entry in fs::read_dir(golden(name)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), place.0.join(entry.file_name())).unwrap();
        }
        place
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new("tests/golden/model").join(name)
}

fn expected(name: &str) -> Value {
    let facts = fs::read(golden("expected.json")).unwrap();
    serde_json::from_slice::<Value>(&facts).unwrap()[name].take()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn in_f64(values: &Values) -> Vec<f64> {
    values.iter().collect()
}

fn magnitudes(magnitude: &Magnitude, count: usize) -> Vec<f64> {
    let mut out = vec![0.0; count];
    magnitude.fill(3, &mut out).unwrap();
    out
}

#[test]
fn models_of_the_reference_are_read_as_it_reads_them() {
    for name in ["full", "half", "plain"] {
        let (model, facts) = (read(&golden(name)).unwrap(), expected(name));
        // To the bit, as the reference widens them.
        assert_eq!(in_f64(&model.feature_vectors), numbers(&facts["feature_vectors"]));
        assert_eq!(in_f64(&model.bias), numbers(&facts["bias"]));
        assert_eq!(in_f64(&model.firing_probabilities), numbers(&facts["firing_probabilities"]));
        assert_eq!(model.correlation.is_some(), !facts["correlation_factor"].is_null());
        if let Some(correlation) = &model.correlation {
            assert_eq!(in_f64(&correlation.factor), numbers(&facts["correlation_factor"]));
            assert_eq!(in_f64(&correlation.diagonal), numbers(&facts["correlation_diag"]));
        }
        assert_eq!(model.hierarchy.is_some(), !facts["hierarchy"].is_null());
        if let Some(forest) = &model.hierarchy {
            let index = |i: u32| if i == NONE { Value::Null } else { i.into() };
            let node = |i: usize| {
                let flags = [forest.exclusive[i], forest.scaled[i]].map(|flag| flag == 1);
                json!([index(forest.parents[i]), index(forest.features[i]), flags[0], flags[1]])
            };
            let nodes: Vec<Value> = (0..forest.parents.len()).map(node).collect();
            assert_eq!(Value::from(nodes), facts["hierarchy"]);
            assert!(forest.exclusive.contains(&1) && forest.scaled.contains(&1));
        }
        // The reference computes in f32: a few roundings, and in a power those of the exponent too.
        let n = model.config.num_features;
        for (key, magnitude) in [
            ("std_firing_magnitudes", &model.config.std_firing_magnitudes),
            ("mean_firing_magnitudes", &model.config.mean_firing_magnitudes),
        ] {
            let ours = magnitudes(magnitude, n);
            if let Magnitude::Rule(MagnitudeRule::FoldedNormal { .. }) = magnitude {
                assert!(ours.iter().all(|x| (0.0..=2.0).contains(x)) && ours[0] != ours[1]);
                continue;
            }
            for (x, y) in ours.iter().zip(numbers(&facts[key])) {
                assert!((x - y).abs() <= 1e-6 * y.abs(), "{name} {key}: {x} {y}");
            }
        }
    }
}

#[test]
fn configurations_of_the_reference_are_understood() {
    let full = read(&golden("full")).unwrap().config;
    let hierarchy = full.hierarchy.unwrap();
    assert_eq!(hierarchy.branching_factor, Branching::Between(2, 3));
    assert!(hierarchy.compensate_probabilities && hierarchy.scale_children_by_parent);
    assert_eq!(full.orthogonalization.unwrap().num_steps, 5);
    assert_eq!((full.bias, full.seed), (Bias::Norm(0.5), Some(7)));
    assert_eq!(full.firing_probability, FiringProbability::default());
    let half = read(&golden("half")).unwrap().config;
    assert_eq!((half.bias, half.dtype.as_str()), (Bias::Present(true), "bfloat16"));
    let plain = read(&golden("plain")).unwrap().config;
    assert_eq!((plain.bias, plain.mean_firing_magnitudes), (Bias::Present(false), Magnitude::Number(2.0)));
    assert_eq!(plain.std_firing_magnitudes, Magnitude::Rule(MagnitudeRule::Constant { value: 0.125 }));
}

#[test]
fn a_folded_normal_rule_has_the_moments_of_its_law() {
    let rule = MagnitudeRule::FoldedNormal { mean: 0.0, std: 2.0, min_value: None, max_value: None };
    let values = magnitudes(&Magnitude::Rule(rule), 100_000);
    let mean = values.iter().sum::<f64>() / 1e5;
    // E |N(0, 4)| = 2 sqrt(2 / pi), of standard deviation 2 sqrt(1 - 2 / pi) / sqrt(1e5) = 0.0038: five of them.
    assert!((mean - 2.0 * (2.0 / core::f64::consts::PI).sqrt()).abs() < 0.019, "{mean}");
}

/// What can be asked for of a random model.
fn any_config() -> impl Strategy<Value = Config> {
    let probability = prop_oneof![
        (0.1..3.0, 0.5..1.0, 0.001..0.4).prop_map(|(exponent, max_prob, min_prob)| {
            FiringProbability::Zipfian { exponent, max_prob, min_prob }
        }),
        (0.5..1.0, 0.001..0.4)
            .prop_map(|(max_prob, min_prob)| FiringProbability::Linear { max_prob, min_prob }),
        (0.5..1.0, 0.001..0.4)
            .prop_map(|(max_prob, min_prob)| FiringProbability::Random { max_prob, min_prob }),
        (0.0..1.0).prop_map(|probability| FiringProbability::Constant { probability }),
    ];
    let magnitude = prop_oneof![
        (0.0..9.0).prop_map(Magnitude::Number),
        (0.0..9.0).prop_map(|value| Magnitude::Rule(MagnitudeRule::Constant { value })),
        (0.1..9.0, 0.1..9.0).prop_map(|(start, end)| Magnitude::Rule(MagnitudeRule::Linear { start, end })),
        (0.1..9.0, 0.1..9.0)
            .prop_map(|(start, end)| Magnitude::Rule(MagnitudeRule::Exponential { start, end })),
        (-9.0..9.0, 0.1..9.0, proptest::option::of(0.0..1.0), proptest::option::of(1.0..2.0)).prop_map(
            |(mean, std, min_value, max_value)| {
                Magnitude::Rule(MagnitudeRule::FoldedNormal { mean, std, min_value, max_value })
            }
        ),
    ];
    let bias = prop_oneof![any::<bool>().prop_map(Bias::Present), (0.0..9.0).prop_map(Bias::Norm)];
    let rules = (probability, magnitude.clone(), magnitude);
    (1..12usize, 1..5usize, rules, bias, any::<Option<i64>>(), any::<[bool; 4]>()).prop_map(
        |(n, d, (firing_probability, means, std_devs), bias, seed, [drawn, between, improved, extra])| {
            let mut config = Config::new(n, d);
            config.firing_probability = firing_probability;
            (config.mean_firing_magnitudes, config.std_firing_magnitudes) = (means, std_devs);
            (config.bias, config.seed) = (bias, seed);
            let branching_factor = if between { Branching::Between(2, 5) } else { Branching::Fixed(3) };
            config.hierarchy = drawn.then(|| HierarchyConfig { branching_factor, ..Default::default() });
            config.correlation = drawn.then(CorrelationConfig::default);
            config.orthogonalization = improved.then(Orthogonalisation::default);
            if extra {
                config.other.insert("note".to_owned(), json!({ "by": ["nobody", 1.5, null] }));
            }
            config
        },
    )
}

/// A forest in depth-first order, at most `n` features.
fn any_forest(n: usize) -> impl Strategy<Value = Forest> {
    let node = (any::<u32>(), any::<[bool; 4]>());
    proptest::collection::vec(node, 0..2 * n).prop_map(move |nodes| {
        let mut forest = Forest::default();
        let mut path: Vec<u32> = Vec::new();
        let mut next = 0;
        for (i, (word, [grouping, scaled, named, _])) in nodes.iter().enumerate() {
            path.truncate(*word as usize % (path.len() + 1));
            forest.parents.push(path.last().copied().unwrap_or(NONE));
            path.push(i as u32);
            let feature = if *grouping || next == n { NONE } else { next as u32 };
            next += usize::from(feature != NONE);
            forest.features.push(feature);
            forest.scaled.push((*scaled).into());
            forest.names.push(named.then(|| format!("\"{word}\"")));
        }
        let children = |i: usize| forest.parents.iter().filter(|&&parent| parent == i as u32).count();
        forest.exclusive = (0..nodes.len()).map(|i| u8::from(nodes[i].1[3] && children(i) > 1)).collect();
        forest
    })
}

/// Finite numbers of every size, in either precision.
fn any_values(count: usize) -> impl Strategy<Value = Values> {
    prop_oneof![
        proptest::collection::vec(any::<f32>().prop_filter("finite", |x| x.is_finite()), count)
            .prop_map(Values::F32),
        proptest::collection::vec(any::<f64>().prop_filter("finite", |x| x.is_finite()), count)
            .prop_map(Values::F64),
    ]
}

fn any_model() -> impl Strategy<Value = Model> {
    (any_config(), 1..4usize, any::<[bool; 2]>()).prop_flat_map(|(config, rank, given)| {
        let (n, d) = (config.num_features, config.hidden_dim);
        let parts = (any_values(n * d), any_values(d), any_values(n * rank), any_forest(n));
        let fractions = proptest::collection::vec(0.0..=1.0, n);
        (Just(config), parts, fractions).prop_map(
            move |(config, (vectors, bias, factor, forest), fractions)| {
                let drawn = config.hierarchy.is_some();
                let diagonal = fractions.iter().map(|x| 2.0 * *x as f32).collect::<Vec<_>>().into();
                let correlation = LowRankCorrelation { rank, factor, diagonal };
                Model {
                    config,
                    feature_vectors: vectors,
                    bias,
                    firing_probabilities: fractions.into(),
                    correlation: (drawn || given[0]).then_some(correlation),
                    hierarchy: (drawn || given[1]).then_some(forest),
                }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn models_survive_the_disk(model in any_model()) {
        let place = Place::new();
        let folder = place.0.join("model");
        write(&model, &folder).unwrap();
        let again = read(&folder).unwrap();
        prop_assert_eq!(&again, &model);
        // What == does not see: the sign of zero.
        prop_assert_eq!(format!("{again:?}"), format!("{model:?}"));
        // Nothing is left beside it, and no more files in it than there should be.
        prop_assert_eq!(fs::read_dir(&place.0).unwrap().count(), 1);
        let files = 2 + usize::from(model.hierarchy.is_some());
        prop_assert_eq!(fs::read_dir(&folder).unwrap().count(), files);
    }
}

#[test]
fn a_folder_with_something_in_it_is_not_written_to() {
    let model = read(&golden("full")).unwrap();
    let place = Place::new();
    let folder = place.0.join("model");
    fs::create_dir(&folder).unwrap();
    write(&model, &folder).unwrap();
    let occupied = Error::new(Reason::Unwritable, Argument::Path);
    assert_eq!(write(&model, &folder).unwrap_err().error, occupied);
    assert_eq!(write(&model, &place.0.join("nowhere/model")).unwrap_err().error, occupied);
    assert_eq!(write(&model, Path::new("/")).unwrap_err().error, occupied);
    let file = place.0.join("file");
    fs::write(&file, "kept").unwrap();
    assert_eq!(write(&model, &file).unwrap_err().error, occupied);
    assert_eq!(fs::read(&file).unwrap(), b"kept");
    // The model and the file: what failed has left nothing.
    assert_eq!(fs::read_dir(&place.0).unwrap().count(), 2);
    assert_eq!(read(&folder).unwrap(), model);
}

#[test]
fn no_damage_to_a_file_does_worse_than_an_error() {
    let place = Place::copy_of("full");
    let (mut errors, mut models) = (0, 0);
    let mut try_with = |path: &Path, contents: &[u8]| {
        fs::write(path, contents).unwrap();
        match read(&place.0) {
            Ok(model) => {
                model.validate().unwrap();
                models += 1;
            }
            Err(error) => {
                assert!(error.to_string().starts_with(&place.0.display().to_string()), "{error}");
                errors += 1;
            }
        }
    };
    for name in [CONFIG_FILE, WEIGHTS_FILE, HIERARCHY_FILE] {
        let path = place.0.join(name);
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            try_with(&path, &whole[..end]);
        }
        for at in 0..whole.len() {
            for flip in [0x01, 0x10, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                try_with(&path, &damaged);
            }
        }
        fs::write(&path, whole).unwrap();
    }
    // Digits may become other digits; cut files, and most flips, are found.
    assert!(models > 100 && errors > 6000, "{models} {errors}");
}
