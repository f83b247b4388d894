//! Every rule that a saved model must keep, broken one at a time: the error names the file and the part of it.
#![cfg(feature = "files")]

use sae_kernels::Reason::{
    Cycle, DuplicateIndex, Empty, IndexOutOfRange, Infinite, Malformed, NotANumber, OutOfRange, Shape,
    TooFewChildren, UnknownValue,
};
use sae_kernels::activation::hierarchy::NONE;
use sae_kernels::model::{
    Bias, CONFIG_FILE, Config, DEEPEST, Forest, HIERARCHY_FILE, Magnitude, MagnitudeRule, Model, Values,
    WEIGHTS_FILE, read, write,
};
use sae_kernels::{Argument, Error, Reason};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("refusals-{}-{name}", std::process::id()));
    fs::create_dir(&path).unwrap();
    path
}

/// A copy of the model that has everything, with one file changed.
fn reading(name: &str, file: &str, contents: &[u8]) -> (Error, String) {
    let path = folder(name);
    for file in [CONFIG_FILE, WEIGHTS_FILE, HIERARCHY_FILE] {
        fs::copy(Path::new("tests/golden/model/full").join(file), path.join(file)).unwrap();
    }
    fs::write(path.join(file), contents).unwrap();
    let result = read(&path);
    fs::remove_dir_all(&path).unwrap();
    let error = result.expect_err(&String::from_utf8_lossy(contents));
    (error.error, error.to_string())
}

#[test]
fn configurations() {
    let good: Value =
        serde_json::from_slice(&fs::read(Path::new("tests/golden/model/full").join(CONFIG_FILE)).unwrap())
            .unwrap();
    let magnitude = |name: &str| json!({ "generator_name": name, "start": 1.0, "end": 0.0 });
    for (pointer, value, reason, word) in [
        ("/num_features", json!(0), Empty, "num_features"),
        ("/num_features", json!(-1), Malformed, "invalid value"),
        ("/num_features", json!(1e30), Malformed, "invalid type"),
        ("/num_features", json!("12"), Malformed, "invalid type"),
        ("/hidden_dim", json!(0), Empty, "hidden_dim"),
        ("/firing_probability", json!({}), Malformed, "generator_name"),
        ("/firing_probability", json!({ "generator_name": "other" }), Malformed, "other"),
        ("/firing_probability/max_prob", json!(1.5), OutOfRange, "firing_probability"),
        ("/firing_probability/min_prob", json!(0.3), OutOfRange, "firing_probability"),
        ("/firing_probability/exponent", json!(-1), OutOfRange, "firing_probability"),
        ("/mean_firing_magnitudes", magnitude("linear"), OutOfRange, "mean_firing_magnitudes"),
        ("/std_firing_magnitudes", magnitude("exponential"), OutOfRange, "std_firing_magnitudes"),
        ("/std_firing_magnitudes", magnitude("constant"), Malformed, "unknown field"),
        ("/std_firing_magnitudes", magnitude("folded"), Malformed, "folded_normal"),
        ("/std_firing_magnitudes", json!("1"), Malformed, "magnitude"),
        ("/hierarchy/total_root_nodes", json!(0), OutOfRange, "hierarchy"),
        ("/hierarchy/branching_factor", json!([3, 2]), OutOfRange, "hierarchy"),
        ("/hierarchy/branching_factor", json!(1), OutOfRange, "hierarchy"),
        ("/hierarchy/mutually_exclusive_portion", json!(1.5), OutOfRange, "hierarchy"),
        ("/correlation/rank", json!(0), OutOfRange, "rank"),
        ("/correlation", json!({ "ranks": 3 }), Malformed, "ranks"),
        ("/bias", json!("yes"), Malformed, ""),
        ("/dtype", json!("int8"), UnknownValue, "int8"),
    ] {
        let mut config = good.clone();
        *config.pointer_mut(pointer).unwrap() = value;
        let (error, message) = reading("config", CONFIG_FILE, config.to_string().as_bytes());
        assert_eq!(error, Error::new(reason, Argument::Config), "{pointer}: {message}");
        assert!(message.contains(CONFIG_FILE) && message.contains(word), "{message}");
    }
    // Numbers that JSON does not have, but Python writes.
    let text = good.to_string().replace("0.5", "NaN");
    assert_eq!(reading("nan", CONFIG_FILE, text.as_bytes()).0, Error::new(Malformed, Argument::Config));
    let text = good.to_string().replace("0.5", "1e999");
    assert_eq!(reading("huge", CONFIG_FILE, text.as_bytes()).0, Error::new(Malformed, Argument::Config));
    let long = vec![b' '; 2 << 20];
    assert_eq!(reading("long", CONFIG_FILE, &long).0, Error::new(Malformed, Argument::Config));
    // Other sizes than the weights have.
    let mut config = good.clone();
    config["hidden_dim"] = json!(5);
    let (error, message) = reading("size", CONFIG_FILE, config.to_string().as_bytes());
    assert_eq!(error, Error::new(Shape, Argument::Dictionary));
    assert!(message.contains(WEIGHTS_FILE) && message.contains("feature_vectors"), "{message}");
}

/// A safetensors file with these arrays, whatever they say.
fn safetensors(arrays: &Value, data: &[u8]) -> Vec<u8> {
    let header = arrays.to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(data);
    bytes
}

#[test]
fn weights() {
    let whole = fs::read(Path::new("tests/golden/model/full").join(WEIGHTS_FILE)).unwrap();
    let start = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    let good: Value = serde_json::from_slice(&whole[8..start]).unwrap();
    let data = &whole[start..];
    for (name, key, value, reason, argument) in [
        ("feature_vectors", "shape", json!([4, 12]), Shape, Argument::Dictionary),
        ("feature_vectors", "shape", json!([48]), Shape, Argument::Dictionary),
        ("feature_vectors", "dtype", json!("I32"), Malformed, Argument::Dictionary),
        ("bias", "shape", json!([2, 2]), Shape, Argument::Bias),
        ("bias", "shape", json!([1_u64 << 62, 4]), Malformed, Argument::Weights),
        ("bias", "dtype", json!("F64"), Malformed, Argument::Weights),
        ("bias", "data_offsets", json!([0, 1_u64 << 60]), Malformed, Argument::Weights),
        ("correlation_factor", "shape", json!([24]), Shape, Argument::Factor),
        ("correlation_factor", "shape", json!([2, 12]), Shape, Argument::Factor),
        ("correlation_diag", "shape", json!([12, 1]), Shape, Argument::Diagonal),
    ] {
        let mut arrays = good.clone();
        arrays[name][key] = value;
        let (error, message) = reading("weights", WEIGHTS_FILE, &safetensors(&arrays, data));
        assert_eq!(error, Error::new(reason, argument), "{name} {key}: {message}");
        assert!(message.contains(WEIGHTS_FILE), "{message}");
    }
    for (name, at, value, reason, argument) in [
        ("feature_vectors", 47, f32::NAN, NotANumber, Argument::Dictionary),
        ("bias", 0, f32::INFINITY, Infinite, Argument::Bias),
        ("firing_probabilities", 11, 1.001, OutOfRange, Argument::Probabilities),
        ("firing_probabilities", 0, -0.1, OutOfRange, Argument::Probabilities),
        ("correlation_factor", 3, f32::NEG_INFINITY, Infinite, Argument::Factor),
        ("correlation_diag", 2, -1e-3, OutOfRange, Argument::Diagonal),
    ] {
        let mut damaged = whole.clone();
        let begin = start + good[name]["data_offsets"][0].as_u64().unwrap() as usize + 4 * at;
        damaged[begin..begin + 4].copy_from_slice(&value.to_le_bytes());
        let (error, message) = reading("values", WEIGHTS_FILE, &damaged);
        assert_eq!(error, Error::new(reason, argument), "{message}");
        assert!(message.contains(name) && message.contains(&at.to_string()), "{message}");
    }
    // A header that would be longer than any file, and an array that is not there.
    let mut damaged = whole.clone();
    damaged[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(reading("header", WEIGHTS_FILE, &damaged).0, Error::new(Malformed, Argument::Weights));
    let none = safetensors(&json!({}), &[]);
    assert_eq!(reading("none", WEIGHTS_FILE, &none).0, Error::new(Malformed, Argument::Dictionary));
}

#[test]
fn hierarchies() {
    let nested =
        |depth: usize| format!("{{\"roots\": [{}{}]}}", "{\"children\": [".repeat(depth), "]}".repeat(depth));
    let leaf = |feature: Value| json!({ "feature_index": feature });
    let roots = |nodes: Value| json!({ "roots": nodes }).to_string();
    for (text, reason, argument) in [
        ("{}".to_owned(), Malformed, Argument::Hierarchy),
        ("[]".to_owned(), Malformed, Argument::Hierarchy),
        (roots(json!([leaf(json!(-1))])), Malformed, Argument::Hierarchy),
        (roots(json!([leaf(json!(1.5))])), Malformed, Argument::Hierarchy),
        (roots(json!([leaf(json!(12))])), IndexOutOfRange, Argument::Features),
        (roots(json!([leaf(json!(u32::MAX))])), IndexOutOfRange, Argument::Features),
        (roots(json!([leaf(json!(3)), leaf(json!(3))])), DuplicateIndex, Argument::Features),
        (
            roots(json!([{ "mutually_exclusive_children": true, "children": [leaf(json!(0))] }])),
            TooFewChildren,
            Argument::Exclusive,
        ),
        (nested(DEEPEST + 1), OutOfRange, Argument::Parents),
        // Deep enough to overflow a stack that followed it.
        (nested(1_000_000), Malformed, Argument::Hierarchy),
    ] {
        let (error, message) = reading("hierarchy", HIERARCHY_FILE, text.as_bytes());
        assert_eq!(error, Error::new(reason, argument), "{message}");
    }
}

fn small() -> Model {
    Model {
        config: Config::new(2, 1),
        feature_vectors: Values::F32(vec![1.0, 2.0]),
        bias: Values::F64(vec![0.0]),
        firing_probabilities: Values::F32(vec![0.5, 0.25]),
        correlation: None,
        hierarchy: None,
    }
}

#[test]
fn what_is_missing() {
    let path = folder("missing");
    let unreadable = Error::new(Reason::Unreadable, Argument::Path);
    assert_eq!(read(&path.join("nowhere")).unwrap_err().error, unreadable);
    write(&small(), &path.join("model")).unwrap();
    assert_eq!(read(&path.join("model")).unwrap(), small());
    fs::remove_file(path.join("model").join(WEIGHTS_FILE)).unwrap();
    assert_eq!(read(&path.join("model")).unwrap_err().error, unreadable);
    fs::remove_dir_all(&path).unwrap();
}

#[test]
fn models_that_are_not_written() {
    let path = folder("unwritten");
    let refuse = |reason, argument, change: &dyn Fn(&mut Model)| {
        let mut model = small();
        change(&mut model);
        assert_eq!(write(&model, &path.join("model")).unwrap_err().error, Error::new(reason, argument));
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    };
    refuse(Shape, Argument::Dictionary, &|m| m.config.num_features = usize::MAX);
    refuse(Shape, Argument::Bias, &|m| m.bias = Values::F32(vec![]));
    refuse(NotANumber, Argument::Config, &|m| m.config.bias = Bias::Norm(f64::NAN));
    refuse(NotANumber, Argument::Config, &|m| {
        m.config.mean_firing_magnitudes = Magnitude::Number(f64::INFINITY);
    });
    refuse(OutOfRange, Argument::Config, &|m| {
        let rule =
            MagnitudeRule::FoldedNormal { mean: 0.0, std: 1.0, min_value: Some(2.0), max_value: Some(1.0) };
        m.config.std_firing_magnitudes = Magnitude::Rule(rule);
    });
    refuse(DuplicateIndex, Argument::Config, &|m| {
        m.config.other.insert("seed".to_owned(), json!(1));
    });
    // sae-lens would draw its own.
    refuse(Shape, Argument::Config, &|m| m.config.hierarchy = Some(Default::default()));
    refuse(Shape, Argument::Config, &|m| m.config.correlation = Some(Default::default()));
    let forest = |parents: Vec<u32>| {
        let (features, flags) = (vec![NONE; parents.len()], vec![0; parents.len()]);
        Some(Forest {
            features,
            exclusive: flags.clone(),
            names: vec![None; flags.len()],
            scaled: flags,
            parents,
        })
    };
    refuse(Cycle, Argument::Parents, &|m| m.hierarchy = forest(vec![1, 0]));
    refuse(UnknownValue, Argument::Scaled, &|m| {
        m.hierarchy = forest(vec![NONE]);
        m.hierarchy.as_mut().unwrap().scaled[0] = 2;
    });
    refuse(Shape, Argument::Scaled, &|m| {
        m.hierarchy = forest(vec![NONE]);
        m.hierarchy.as_mut().unwrap().scaled.clear();
    });
    fs::remove_dir_all(&path).unwrap();
}

#[test]
fn forests_as_deep_as_can_be() {
    let chain = |nodes: usize| Forest {
        // The deepest node first: children need not follow their parents.
        parents: (1..nodes as u32).chain([NONE]).collect(),
        features: vec![NONE; nodes],
        exclusive: vec![0; nodes],
        scaled: vec![0; nodes],
        names: vec![None; nodes],
    };
    let path = folder("deep");
    let mut model = small();
    model.hierarchy = Some(chain(DEEPEST));
    write(&model, &path.join("model")).unwrap();
    let again = read(&path.join("model")).unwrap().hierarchy.unwrap();
    let preorder: Vec<u32> = [NONE].into_iter().chain(0..DEEPEST as u32 - 1).collect();
    assert_eq!(again.parents, preorder);
    // Far deeper than a stack could follow.
    for nodes in [DEEPEST + 1, 1_000_000] {
        model.hierarchy = Some(chain(nodes));
        let error = write(&model, &path.join("other")).unwrap_err().error;
        assert_eq!(error, Error::new(OutOfRange, Argument::Parents));
    }
    fs::remove_dir_all(&path).unwrap();
}
