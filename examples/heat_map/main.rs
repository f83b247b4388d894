//! Draws how a trained SAE's latents line up with the features: an SVG heat map of their cosines.
//!
//! ```text
//! cargo run --release --example heat_map -- sae.safetensors features.npy --encoder sae.safetensors \
//!     --transpose-encoder -o heat_map.svg
//! ```
//!
//! Latents are ordered by the feature that each one's decoder row matches best, so that an SAE that found the
//! features shows a diagonal; what is off the diagonal is what it mixed up. `cells.rs` computes, `drawing.rs`
//! draws.

mod cells;
mod colour;
mod command;
mod drawing;
#[path = "../files/mod.rs"]
mod files;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    match command::run(&arguments) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
