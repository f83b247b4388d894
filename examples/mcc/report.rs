//! What `mcc` prints, as text and as JSON.

use crate::comparison::{Comparison, Pair};
use crate::files::matrix_file::Matrix;
use serde_json::{Value, json};
use std::fmt::Write;

/// The pairs shown without `--all`.
const FIRST_PAIRS: usize = 10;

/// Everything there is to tell.
pub struct Report<'a> {
    pub a: &'a Matrix,
    pub b: &'a Matrix,
    /// The precision of the arithmetic.
    pub precision: &'static str,
    pub comparison: &'a Comparison,
    /// Show every pair.
    pub all: bool,
}

/// The report for people.
pub fn text(report: &Report<'_>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_text(&mut text, report);
    text
}

fn write_text(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let Report { a, b, precision, comparison, all } = *report;
    let summary = comparison.summary();
    let count = comparison.pairs.len();
    let percent = |part: usize| 100.0 * part as f64 / count as f64;
    let [min, q1, median, q3, max] = summary.quartiles;

    writeln!(out, "a    {a}")?;
    writeln!(out, "b    {b}")?;
    writeln!(out, "n = {}, m = {}, d = {}, computed in {precision}", a.rows, b.rows, a.cols)?;
    writeln!(out, "\nMCC  {:.6}\n", comparison.mcc)?;
    writeln!(out, "|cosine| of the {count} pairs")?;
    writeln!(out, "  min {min:.4}  25% {q1:.4}  median {median:.4}  75% {q3:.4}  max {max:.4}")?;
    writeln!(out, "  mean {:.4}", summary.mean)?;
    writeln!(out, "  above 0.9: {} ({:.1}%)", summary.above_0_9, percent(summary.above_0_9))?;
    writeln!(out, "  above 0.7: {} ({:.1}%)", summary.above_0_7, percent(summary.above_0_7))?;

    let shown = if all { count } else { count.min(FIRST_PAIRS) };
    writeln!(out, "\n{:>8} {:>8} {:>9}", "row of a", "row of b", "cosine")?;
    for Pair { row, column, cosine } in &comparison.pairs[..shown] {
        writeln!(out, "{row:>8} {column:>8} {cosine:>9.4}")?;
    }
    if shown < count {
        writeln!(out, "{:>8} {} more: --all shows them, --matching writes them", "...", count - shown)?;
    }
    Ok(())
}

/// The report for programs: one object on one line.
pub fn json(report: &Report<'_>) -> String {
    let Report { a, b, precision, comparison, all } = *report;
    let summary = comparison.summary();
    let [min, q1, median, q3, max] = summary.quartiles;
    let mut object = json!({
        "a": source(a),
        "b": source(b),
        "precision": precision,
        "mcc": comparison.mcc,
        "matching": {
            "pairs": comparison.pairs.len(),
            "min": min, "lower_quartile": q1, "median": median, "upper_quartile": q3, "max": max,
            "mean": summary.mean,
            "above_0.9": summary.above_0_9,
            "above_0.7": summary.above_0_7,
        },
    });
    if all {
        let pairs = comparison.pairs.iter();
        object["pairs"] =
            pairs.map(|p| json!({"row": p.row, "column": p.column, "cosine": p.cosine})).collect();
    }
    format!("{object}\n")
}

fn source(matrix: &Matrix) -> Value {
    json!({
        "file": matrix.path.display().to_string(),
        "tensor": matrix.tensor,
        "rows": matrix.rows,
        "cols": matrix.cols,
        "dtype": matrix.element.to_string(),
    })
}
