//! What the examples are made of: the readers of matrix files, `mcc` from arguments to output, `heat_map` likewise, and
//! the comparison of dictionaries.
//!
//! tests/golden/files/make.py wrote the files.

// Of the examples, only what their `main` functions call is tested here.
#![allow(dead_code, missing_docs)]

mod support;

#[path = "../examples/heat_map/cells.rs"]
mod cells;
#[path = "../examples/heat_map/colour.rs"]
mod colour;
#[path = "../examples/mcc/comparison.rs"]
mod comparison;
#[path = "../examples/dictionary_quality.rs"]
mod dictionary_quality;
#[path = "../examples/heat_map/drawing.rs"]
mod drawing;
#[path = "../examples/files/mod.rs"]
mod files;
#[path = "../examples/heat_map/command.rs"]
mod heat_map;
#[path = "../examples/mcc/command.rs"]
mod mcc;
#[path = "../examples/terminal/progress.rs"]
mod progress;
#[path = "../examples/mcc/report.rs"]
mod report;

use clap::Parser;
use files::element::{Element, Values};
use files::matrix_file::{Array, Choice, Matrix, read};
use sae_kernels::matrix::{RowMajor, row_major};
use std::path::{Path, PathBuf};

const USUAL: Choice<'static> = Choice::Usual("W_dec");

fn golden_path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", name].iter().collect()
}

fn file(name: &str) -> PathBuf {
    golden_path("files").join(name)
}

fn scratch_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The matrix that every good file holds.
fn expected() -> Vec<f64> {
    (0..12).map(|k| f64::from(k) - 5.5).collect()
}

fn message(result: anyhow::Result<Matrix>) -> String {
    format!("{:#}", result.expect_err("the file is bad"))
}

#[test]
fn every_npy_type_and_order_is_read() {
    let files = [
        ("f16.npy", Element::F16),
        ("f16_fortran.npy", Element::F16),
        ("bf16.npy", Element::Bf16),
        ("f32.npy", Element::F32),
        ("f32_fortran.npy", Element::F32),
        ("f32_big_endian.npy", Element::F32),
        ("version2.npy", Element::F32),
        ("f64.npy", Element::F64),
        ("f64_fortran.npy", Element::F64),
    ];
    for (name, element) in files {
        let matrix = read(&file(name), USUAL, false).unwrap();
        assert_eq!((matrix.rows, matrix.cols, matrix.element), (3, 4, element), "{name}");
        assert_eq!(matrix.values.to_f64()[..], expected(), "{name}");
        assert_eq!(matches!(matrix.values, Values::F64(_)), element == Element::F64, "{name}");
    }
}

#[test]
fn every_safetensors_type_is_read_and_the_tensor_chosen() {
    let cases = [
        ("checkpoint.safetensors", USUAL, "W_dec", Element::Bf16),
        ("checkpoint.safetensors", Choice::Usual("W_enc"), "W_enc", Element::F16),
        ("unclear.safetensors", Choice::Named("features"), "features", Element::F32),
        ("unclear.safetensors", Choice::Named("other"), "other", Element::F64),
        ("single.safetensors", USUAL, "dictionary", Element::F64),
    ];
    for (name, choice, tensor, element) in cases {
        let matrix = read(&file(name), choice, tensor == "W_enc").unwrap();
        assert_eq!((matrix.rows, matrix.cols, matrix.element), (3, 4, element), "{name}");
        assert_eq!(matrix.tensor.as_deref(), Some(tensor));
        assert_eq!(matrix.values.to_f64()[..], expected(), "{name}");
    }
}

#[test]
fn bad_files_are_refused_with_the_reason() {
    let cases = [
        ("bad_one_dimension.npy", USUAL, "shape [12]"),
        ("bad_integers.npy", USUAL, "dtype \"<i8\" is not read"),
        ("bad_structured.npy", USUAL, "structured"),
        ("bad_empty.npy", USUAL, "shape [0, 4]"),
        ("bad_nan.npy", USUAL, "NaN at row 1, column 2"),
        ("f32.npy", Choice::Named("W_dec"), "no names"),
        ("absent.npy", USUAL, "No such file"),
        ("make.py", USUAL, "neither .npy nor .safetensors"),
        ("unclear.safetensors", USUAL, "counts I64 [3, 4], features F32 [3, 4], other F64 [3, 4]"),
        ("unclear.safetensors", Choice::Named("counts"), "tensor counts: dtype I64 is not read"),
        ("single.safetensors", Choice::Named("W_dec"), "bias F32 [4], dictionary F64 [3, 4]"),
        ("checkpoint.safetensors", Choice::Named("b_dec"), "tensor b_dec: shape [4]"),
    ];
    for (name, choice, reason) in cases {
        let message = message(read(&file(name), choice, false));
        assert!(message.contains(reason) && message.contains(name), "{name}: {message}");
    }
}

/// What `read` does with a file's bytes, without the file.
fn parse(name: &str, bytes: &[u8], choice: Choice<'_>) -> anyhow::Result<Array> {
    if name.ends_with("npy") {
        files::npy::read(bytes)
    } else {
        files::safetensors_file::read(std::io::Cursor::new(bytes), choice)
    }
}

/// Files cut anywhere, or with any one byte changed, are read or refused; nothing panics.
#[test]
fn damaged_files_do_not_panic() {
    for name in ["f32.npy", "f64_fortran.npy", "bad_structured.npy", "checkpoint.safetensors"] {
        let good = std::fs::read(file(name)).unwrap();
        // W_enc comes last in the checkpoint, so no cut leaves it whole.
        for length in 0..good.len() {
            let result = parse(name, &good[..length], Choice::Usual("W_enc"));
            assert!(result.is_err(), "{name} cut to {length} bytes");
        }
        for at in 0..good.len() {
            for change in [b'9', b'(', 0, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = change;
                let _ = parse(name, &bytes, USUAL);
            }
        }
    }
}

#[test]
fn hostile_npy_headers_are_refused() {
    let headers = [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000000), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 4), }",
        "{'descr': 'é', 'fortran_order': False, 'shape': (3, 4), }",
        "{'descr': '', 'fortran_order': False, 'shape': (3, 4), }",
        "{'descr': ",
        "{'fortran_order': 1, 'shape': (3, 4), 'descr': '<f4'}",
        "{'shape': 12, 'descr': '<f4', 'fortran_order': False}",
        "((((((((((((((((((((((((((((((((",
    ];
    let path = scratch_file("hostile.npy");
    for header in headers {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend([0; 48]);
        std::fs::write(&path, &bytes).unwrap();
        let message = message(read(&path, USUAL, false));
        assert!(message.contains("hostile.npy"), "{header}: {message}");
    }
    std::fs::write(&path, b"\x93NUMPY\x02\x00\xff\xff\xff\xff").unwrap();
    assert!(message(read(&path, USUAL, false)).contains("4294967295 bytes"));
    std::fs::write(&path, b"PK\x03\x04 not an array").unwrap();
    assert!(message(read(&path, USUAL, false)).contains("not a .npy file"));
}

#[test]
fn hostile_safetensors_headers_are_refused() {
    let tensor = |shape: &str, end: &str| {
        format!(r#"{{"W_dec":{{"dtype":"F64","shape":{shape},"data_offsets":[0,{end}]}}}}"#)
    };
    let headers = [
        tensor("[3,4]", "97"),
        tensor("[4294967296,4294967296]", "0"),
        tensor("[1152921504606846976,2]", "18446744073709551608"),
        tensor("[134217728,134217728]", "144115188075855872"),
        tensor("[-1,4]", "8"),
        "[".repeat(100_000),
        "{}".to_owned(),
        "null".to_owned(),
    ];
    let path = scratch_file("hostile.safetensors");
    for header in headers {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend([0; 96]);
        std::fs::write(&path, &bytes).unwrap();
        let message = message(read(&path, USUAL, false));
        assert!(message.contains("hostile.safetensors"), "{message}");
    }
    std::fs::write(&path, [0xff; 64]).unwrap();
    assert!(message(read(&path, USUAL, false)).contains("18446744073709551615 bytes"));
}

#[test]
fn what_is_written_is_read_back() {
    let path = scratch_file("written.npy");
    let single: Vec<f32> = expected().iter().map(|&x| x as f32).collect();
    files::npy::write(std::fs::File::create(&path).unwrap(), &single, 4).unwrap();
    let matrix = read(&path, USUAL, true).unwrap();
    assert_eq!((matrix.rows, matrix.cols, matrix.element), (4, 3, Element::F32));
    assert_eq!(matrix.transposed().values, Values::F32(single.clone()));

    files::npy::write(std::fs::File::create(&path).unwrap(), &expected(), 3).unwrap();
    let matrix = read(&path, USUAL, false).unwrap();
    assert_eq!((matrix.rows, matrix.cols), (4, 3));
    assert_eq!(matrix.values, Values::F64(expected()));
    assert!(files::npy::write(Vec::new(), &single, 5).is_err());
}

fn run_mcc(arguments: &[&str]) -> anyhow::Result<String> {
    let arguments = std::iter::once("mcc").chain(arguments.iter().copied());
    mcc::run(&mcc::Arguments::try_parse_from(arguments)?)
}

#[test]
fn mcc_of_files_is_the_reference_value() {
    for case in 0..6 {
        let paths = ["a", "b"].map(|side| golden_path(&format!("mcc{case}_{side}.npy")));
        let [a, b] = paths.each_ref().map(|path| path.to_str().unwrap());
        let csv = scratch_file(&format!("mcc{case}.csv"));
        let printed = run_mcc(&[a, b, "--json", "--all", "--matching", csv.to_str().unwrap()]).unwrap();
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();

        let reference = support::golden::<f64>(&format!("mcc{case}")).data[0];
        assert!((json["mcc"].as_f64().unwrap() - reference).abs() < 1e-6, "case {case}: {printed}");
        // The pairs' own cosines must agree with the value.
        let pairs = json["pairs"].as_array().unwrap();
        let n = support::golden::<f32>(&format!("mcc{case}_a")).shape[0];
        let m = support::golden::<f32>(&format!("mcc{case}_b")).shape[0];
        assert_eq!(pairs.len(), n.min(m));
        assert!((json["matching"]["mean"].as_f64().unwrap() - reference).abs() < 1e-6, "case {case}");

        let lines = std::fs::read_to_string(&csv).unwrap();
        assert_eq!(lines.lines().next(), Some("row,column,cosine"));
        assert_eq!(lines.lines().count(), 1 + pairs.len());
        let first: Vec<f64> = lines.lines().nth(1).unwrap().split(',').map(|x| x.parse().unwrap()).collect();
        // The JSON reader may be one unit in the last place off.
        assert!((first[2] - pairs[0]["cosine"].as_f64().unwrap()).abs() < 1e-15);
    }
}

#[test]
fn mcc_reads_a_checkpoint_against_itself() {
    let checkpoint = file("checkpoint.safetensors");
    let checkpoint = checkpoint.to_str().unwrap();
    let printed = run_mcc(&[checkpoint, checkpoint, "--tensor-b", "W_enc", "--transpose-b"]).unwrap();
    assert!(printed.contains("n = 3, m = 3, d = 4, computed in f32"), "{printed}");
    assert!(printed.contains("MCC  1.000000"), "{printed}");
    assert!(printed.contains("checkpoint.safetensors:W_dec, 3 x 4, bf16"), "{printed}");

    let double = file("f64.npy");
    let printed = run_mcc(&[checkpoint, double.to_str().unwrap()]).unwrap();
    assert!(printed.contains("computed in f64"), "{printed}");

    let error = run_mcc(&[checkpoint, checkpoint, "--tensor-b", "W_enc"]).unwrap_err();
    assert!(format!("{error:#}").contains("with either --transpose-a or --transpose-b"), "{error:#}");
}

#[test]
fn heat_map_is_a_small_drawing_of_every_panel() {
    let (decoder, features) = (golden_path("eval1_W_dec.npy"), golden_path("eval1_features.npy"));
    let decoder = read(&decoder, USUAL, false).unwrap();
    let features = read(&features, USUAL, false).unwrap();
    let encoder = read(&golden_path("eval1_W_enc.npy"), USUAL, true).unwrap();

    let one = heat_map::draw(&decoder, &features, None, 512).unwrap().svg;
    let two = heat_map::draw(&decoder, &features, Some(&encoder), 512).unwrap().svg;
    // Each panel is one image, and so is the colour bar.
    assert_eq!((one.matches("<image").count(), two.matches("<image").count()), (2, 3));
    assert!(two.contains("latent (ordered)") && two.contains("cos(encoder, feature)"));
    assert!(two.len() < 200_000 && two.ends_with("</svg>\n"), "{} bytes", two.len());
}

fn view<'a>(values: &'a [f32], matrix: &Matrix) -> RowMajor<'a, f32> {
    row_major(values, matrix.rows, matrix.cols, matrix.cols).unwrap()
}

#[test]
fn cells_of_a_reduced_map_are_the_cosines_farthest_from_zero() {
    let latents = read(&golden_path("eval1_W_dec.npy"), USUAL, false).unwrap();
    let features = read(&golden_path("eval1_features.npy"), USUAL, false).unwrap();
    let (latent_values, feature_values) = (latents.values.to_f32(), features.values.to_f32());
    let (x, y) = (view(&latent_values, &latents), view(&feature_values, &features));
    let ordering = cells::ordering(x, y).unwrap();
    let full = cells::cosines(x, y, &ordering, 64).unwrap();
    assert_eq!((full.rows, full.cols), (64, 64));
    let reduced = cells::cosines(x, y, &ordering, 16).unwrap();
    assert_eq!((reduced.rows, reduced.cols), (16, 16));
    for (cell, &value) in reduced.values.iter().enumerate() {
        let (row, col) = (cell / 16, cell % 16);
        let block = (0..16).map(|k| full.values[(4 * row + k / 4) * 64 + 4 * col + k % 4]);
        let farthest = block.max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        assert_eq!(value.abs().to_bits(), farthest.abs().to_bits());
    }
}

#[test]
fn colours_are_white_at_zero_and_darkest_at_the_ends() {
    let palette = colour::palette();
    let of = |cosine| &palette[3 * usize::from(colour::level(cosine))..][..3];
    assert_eq!(of(0.0), [247, 247, 247]);
    assert_eq!((of(-1.0), of(1.0)), (&[5, 48, 97][..], &[103, 0, 31][..]));
    assert_eq!((of(-7.0), of(7.0)), (of(-1.0), of(1.0)));
}

#[test]
fn progress_survives_every_order_of_calls() {
    let mut progress = progress::Progress::new(1000);
    progress.update(0, f64::NAN);
    progress.update(1500, 0.25);
    progress.finish(0.25);
    progress::Progress::new(0).finish(f64::INFINITY);
    let lines =
        [(0, "unknown time left"), (500, "500 of 1,000 samples, 50/s, 10 seconds left, loss 2.5000e-1")];
    for (done, expected) in lines {
        let line = progress::line(done, 1000, std::time::Duration::from_secs(10), 0.25);
        assert!(line.contains(expected), "{line}");
    }
}

#[test]
fn dictionaries_are_compared() {
    use dictionary_quality::{Arguments, above_floor, table};
    let arguments = Arguments::try_parse_from(["", "--shape", "96x24", "--coherence-steps", "100"]).unwrap();
    assert_eq!(arguments.shape, [(96, 24)]);
    let text = table(96, 24, &arguments).unwrap();
    let figures: Vec<Vec<f64>> = text
        .lines()
        .skip(2)
        .map(|line| line.split_whitespace().rev().take(3).map(|figure| figure.parse().unwrap()).collect())
        .collect();
    let [random, adam, tight, low] = &figures[..] else { panic!("{text}") };
    // Coherence and distance, each better than what came before.
    assert!(adam[1] < 1e-3 * random[1] && tight[1] < 0.1 * adam[1], "{text}");
    assert!(low[0] < 0.7 * tight[0] && low[0] > (72.0_f64 / (24.0 * 95.0)).sqrt(), "{text}");
    // The axes twice are a tight frame; with one of them three times F = diag(3, 1), 2 above the floor of 4.
    assert_eq!(above_floor(&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, -1.0], 4, 2), 0.0);
    assert_eq!(above_floor(&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0], 4, 2), 0.5);
    assert!(Arguments::try_parse_from(["", "--shape", "24x96"]).is_err());
    assert!(Arguments::try_parse_from(["", "--shape", "24"]).is_err());
}
