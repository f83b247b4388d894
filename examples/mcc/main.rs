//! Compares two dictionaries in files: their mean correlation coefficient, and which vector matches which.
//!
//! ```text
//! cargo run --release --example mcc -- features.npy sae.safetensors --matching pairs.csv
//! ```
//!
//! `--help` says what is read and printed. The work is three calls of the library, in `comparison.rs`.

mod command;
mod comparison;
#[path = "../files/mod.rs"]
mod files;
mod report;

use clap::Parser;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = command::run(&command::Arguments::parse());
    let text = match outcome {
        Ok(text) => text,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough, such as head, is no failure.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("error: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
