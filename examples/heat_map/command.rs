//! The command line of `heat_map`.

use crate::cells;
use crate::drawing::{self, Panel};
use crate::files::matrix_file::{Choice, Matrix, ensure_same_width, read};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use faer::dyn_stack::MemBuffer;
use sae_kernels::MemStack;
use sae_kernels::matching::{mcc, mcc_scratch};
use sae_kernels::matrix::{RowMajor, row_major};
use std::path::PathBuf;

/// SVG heat map of the cosines of an SAE's latents with the features of a dictionary
///
/// Rows are latents, ordered by the feature that the decoder row matches best; columns are features. With
/// --encoder, the encoder's cosines are drawn beside the decoder's, in the same order. A matrix with more rows or
/// columns than --cells is drawn in blocks, each in the colour of its cosine farthest from 0.
#[derive(Debug, Parser)]
#[command(
    name = "heat_map",
    after_help = "Files are .npy (float16, float32, float64, bfloat16 as V2) or .safetensors (F16, BF16, F32, F64)."
)]
pub struct Arguments {
    /// The decoder, one latent a row: a .npy or .safetensors file
    decoder: PathBuf,
    /// The features, one a row: a .npy or .safetensors file
    features: PathBuf,
    /// The encoder, to draw beside the decoder
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// The decoder's tensor in a .safetensors file [default: W_dec, else the only matrix]
    #[arg(long, value_name = "NAME")]
    tensor_decoder: Option<String>,
    /// The features' tensor in a .safetensors file [default: features, else the only matrix]
    #[arg(long, value_name = "NAME")]
    tensor_features: Option<String>,
    /// The encoder's tensor in a .safetensors file [default: W_enc, else the only matrix]
    #[arg(long, value_name = "NAME")]
    tensor_encoder: Option<String>,
    /// The decoder holds one latent a column
    #[arg(long)]
    transpose_decoder: bool,
    /// The features are one a column
    #[arg(long)]
    transpose_features: bool,
    /// The encoder holds one latent a column, [d, m], as is usual
    #[arg(long)]
    transpose_encoder: bool,
    /// The most cells a side
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=2048))]
    cells: u16,
    /// Where to write the picture
    #[arg(short, long, value_name = "FILE", default_value = "heat_map.svg")]
    output: PathBuf,
}

/// Draws the picture and says what was drawn.
pub fn run(arguments: &Arguments) -> Result<String> {
    let decoder = read(
        &arguments.decoder,
        Choice::new(arguments.tensor_decoder.as_deref(), "W_dec"),
        arguments.transpose_decoder,
    )?;
    let features = read(
        &arguments.features,
        Choice::new(arguments.tensor_features.as_deref(), "features"),
        arguments.transpose_features,
    )?;
    ensure_same_width(&decoder, &features, "--transpose-decoder", "--transpose-features")?;
    let encoder = arguments.encoder.as_ref().map(|path| {
        let choice = Choice::new(arguments.tensor_encoder.as_deref(), "W_enc");
        let encoder = read(path, choice, arguments.transpose_encoder)?;
        ensure_same_width(&encoder, &features, "--transpose-encoder", "--transpose-features")?;
        ensure!(
            encoder.rows == decoder.rows,
            "the encoder has {} latents, the decoder {}: {encoder} against {decoder}",
            encoder.rows,
            decoder.rows
        );
        Ok(encoder)
    });
    let encoder = encoder.transpose()?;

    let most = usize::from(arguments.cells);
    let picture = draw(&decoder, &features, encoder.as_ref(), most)?;
    std::fs::write(&arguments.output, &picture.svg)
        .with_context(|| arguments.output.display().to_string())?;
    Ok(format!(
        "{} latents against {} features, MCC {:.6}: {}",
        decoder.rows,
        features.rows,
        picture.mcc,
        arguments.output.display()
    ))
}

/// The picture, and the number in its title.
pub struct Picture {
    pub svg: String,
    pub mcc: f64,
}

/// Computes the cells of each panel and draws them. A picture needs no more than single precision.
pub fn draw(
    decoder: &Matrix,
    features: &Matrix,
    encoder: Option<&Matrix>,
    most_cells: usize,
) -> Result<Picture> {
    let (decoder_values, feature_values) = (decoder.values.to_f32(), features.values.to_f32());
    let latents = row_major(&decoder_values, decoder.rows, decoder.cols, decoder.cols)?;
    let features = row_major(&feature_values, features.rows, features.cols, features.cols)?;
    let mcc = correlation(latents, features)?;
    let ordering = cells::ordering(latents, features)?;

    let mut panels = Vec::new();
    if let Some(encoder) = encoder {
        let values = encoder.values.to_f32();
        let rows = row_major(&values, encoder.rows, encoder.cols, encoder.cols)?;
        panels.push(Panel {
            caption: "cos(encoder, feature)",
            cells: cells::cosines(rows, features, &ordering, most_cells)?,
        });
    }
    panels.push(Panel {
        caption: "cos(decoder, feature)",
        cells: cells::cosines(latents, features, &ordering, most_cells)?,
    });

    let title = format!("MCC {mcc:.3}: {} latents, {} features", latents.nrows(), features.nrows());
    Ok(Picture { svg: drawing::svg(&title, &panels, latents.nrows(), features.nrows())?, mcc })
}

fn correlation(latents: RowMajor<'_, f32>, features: RowMajor<'_, f32>) -> Result<f64> {
    let request = mcc_scratch::<f32>(latents.nrows(), features.nrows(), latents.ncols());
    let mut memory = MemBuffer::try_new(request).ok().context("not enough memory for the workspace")?;
    Ok(mcc(latents, features, None, MemStack::new(&mut memory))?)
}
