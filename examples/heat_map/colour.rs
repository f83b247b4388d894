//! Cosines as colours, and grids of them as PNG images.
//!
//! An image of palette indices is a hundred times smaller than as many SVG rectangles.

use crate::cells::Cells;
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Evenly spaced colours from -1 to 1: `RdBu` of `ColorBrewer` reversed, blue to white to red, which people who
/// cannot tell red from green can read too.
const ANCHORS: [[u8; 3]; 11] = [
    [5, 48, 97],
    [33, 102, 172],
    [67, 147, 195],
    [146, 197, 222],
    [209, 229, 240],
    [247, 247, 247],
    [253, 219, 199],
    [244, 165, 130],
    [214, 96, 77],
    [178, 24, 43],
    [103, 0, 31],
];

/// The palette's colours: an odd number, so that 0 has one of its own.
const LEVELS: usize = 255;

/// The side, in pixels, that an image has at least: viewers blur what they enlarge.
const LEAST_SIDE: usize = 512;

/// The colour of a cosine; what is outside [-1, 1] has the colour of the nearer end.
fn colour(cosine: f64) -> [u8; 3] {
    let position = (cosine.clamp(-1.0, 1.0) + 1.0) * ((ANCHORS.len() - 1) as f64 / 2.0);
    let low = (position as usize).min(ANCHORS.len() - 2);
    let fraction = position - low as f64;
    std::array::from_fn(|channel| {
        let (from, to) = (f64::from(ANCHORS[low][channel]), f64::from(ANCHORS[low + 1][channel]));
        (from + (to - from) * fraction).round() as u8
    })
}

/// The index in the palette of the colour nearest to a cosine's.
pub fn level(cosine: f32) -> u8 {
    ((f64::from(cosine).clamp(-1.0, 1.0) + 1.0) * ((LEVELS - 1) as f64 / 2.0)).round() as u8
}

/// The palette: colour `i` is that of -1 + 2 i / (LEVELS - 1).
pub fn palette() -> Vec<u8> {
    (0..LEVELS).flat_map(|i| colour(2.0 * i as f64 / (LEVELS - 1) as f64 - 1.0)).collect()
}

/// A PNG image of the cells, each at least one pixel and all of the same size.
pub fn png(cells: &Cells) -> Result<Vec<u8>> {
    let scale = |count: usize| LEAST_SIDE.div_ceil(count);
    let (x_scale, y_scale) = (scale(cells.cols), scale(cells.rows));
    let pixels: Vec<u8> = cells
        .values
        .chunks_exact(cells.cols)
        .flat_map(|row| std::iter::repeat_n(row, y_scale))
        .flatten()
        .flat_map(|&cosine| std::iter::repeat_n(level(cosine), x_scale))
        .collect();

    let mut bytes = Vec::new();
    let (width, height) = (cells.cols * x_scale, cells.rows * y_scale);
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette());
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

/// The same image as a URL that an SVG file can hold.
pub fn data_url(cells: &Cells) -> Result<String> {
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png(cells)?)))
}
