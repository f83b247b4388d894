//! The command line of `mcc`, from arguments to the text it prints.

use crate::comparison::{Comparison, compare};
use crate::files::element::Values;
use crate::files::matrix_file::{Choice, Matrix, ensure_same_width, read};
use crate::report::{self, Report};
use anyhow::{Context, Result};
use clap::Parser;
use sae_kernels::matrix::row_major;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Mean correlation coefficient (MCC) of two dictionaries, one vector a row
///
/// Each row of A is matched with at most one row of B, and the other way round, so that the sum of the absolute
/// cosines of the pairs is as large as it can be. The MCC is their mean: 1 when one dictionary is the other up to
/// order, sign and scale. With n rows in A and m in B there are min(n, m) pairs.
#[derive(Debug, Parser)]
#[command(
    name = "mcc",
    after_help = "Exit status: 0 on success, 1 when a file or its numbers cannot be used, 2 for a wrong command line.",
    after_long_help = "\
Files:
  .npy          float16, float32, float64, in either order; 2-byte void (V2) is taken as bfloat16
  .safetensors  F16, BF16, F32, F64; the tensor W_dec, else the only one with two dimensions,
                unless --tensor-a or --tensor-b names another
The arithmetic is in f64 if either file stores f64, else in f32.

Examples:
  mcc features.npy sae.safetensors
  mcc sae.safetensors sae.safetensors --tensor-b W_enc --transpose-b
  mcc seed0.safetensors seed1.safetensors --matching pairs.csv --json

Exit status:
  0 on success, 1 when a file or its numbers cannot be used, 2 for a wrong command line"
)]
// Each flag stands alone: no two of them make a state.
#[expect(clippy::struct_excessive_bools)]
pub struct Arguments {
    /// The first dictionary: a .npy or .safetensors file
    a: PathBuf,
    /// The second dictionary, with vectors as long as the first's
    b: PathBuf,
    /// The tensor to read from A, a .safetensors file [default: W_dec, else the only matrix]
    #[arg(long, value_name = "NAME")]
    tensor_a: Option<String>,
    /// The tensor to read from B, a .safetensors file [default: W_dec, else the only matrix]
    #[arg(long, value_name = "NAME")]
    tensor_b: Option<String>,
    /// A holds one vector a column, as encoder weights [d, m] do
    #[arg(long)]
    transpose_a: bool,
    /// B holds one vector a column, as encoder weights [d, m] do
    #[arg(long)]
    transpose_b: bool,
    /// Write every pair to a CSV file: row of A, row of B (both from 0), signed cosine
    #[arg(long, value_name = "FILE")]
    matching: Option<PathBuf>,
    /// Show every pair, not the first ten
    #[arg(long)]
    all: bool,
    /// Print one JSON object instead of text; it has the pairs only with --all
    #[arg(long)]
    json: bool,
}

/// Does what the arguments ask and returns what is to be printed.
pub fn run(arguments: &Arguments) -> Result<String> {
    let a = load(&arguments.a, arguments.tensor_a.as_deref(), arguments.transpose_a)?;
    let b = load(&arguments.b, arguments.tensor_b.as_deref(), arguments.transpose_b)?;
    ensure_same_width(&a, &b, "--transpose-a", "--transpose-b")?;
    let (comparison, precision) = compare_files(&a, &b)?;

    if let Some(path) = &arguments.matching {
        write_csv(path, &comparison).with_context(|| path.display().to_string())?;
    }
    let report = Report { a: &a, b: &b, precision, comparison: &comparison, all: arguments.all };
    Ok(if arguments.json { report::json(&report) } else { report::text(&report) })
}

fn load(path: &Path, tensor: Option<&str>, transpose: bool) -> Result<Matrix> {
    read(path, Choice::new(tensor, "W_dec"), transpose)
}

/// Compares in the smallest precision that holds both files exactly, and names it.
fn compare_files(a: &Matrix, b: &Matrix) -> Result<(Comparison, &'static str)> {
    let result = if let (Values::F32(x), Values::F32(y)) = (&a.values, &b.values) {
        let a = row_major(x, a.rows, a.cols, a.cols)?;
        compare(a, row_major(y, b.rows, b.cols, b.cols)?).map(|comparison| (comparison, "f32"))
    } else {
        let (x, y) = (a.values.to_f64(), b.values.to_f64());
        let a = row_major(&x, a.rows, a.cols, a.cols)?;
        compare(a, row_major(&y, b.rows, b.cols, b.cols)?).map(|comparison| (comparison, "f64"))
    };
    result.with_context(|| format!("comparing a ({a}) with b ({b})"))
}

fn write_csv(path: &Path, comparison: &Comparison) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "row,column,cosine")?;
    for pair in &comparison.pairs {
        writeln!(file, "{},{},{}", pair.row, pair.column, pair.cosine)?;
    }
    Ok(file.flush()?)
}
