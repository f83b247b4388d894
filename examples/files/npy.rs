//! Numpy's `.npy` files: matrices read in every floating-point type and both orders, and written in row-major order.
//!
//! The header is read here, not by a crate, because files come from anywhere: the crates at hand multiply the
//! shape without a check for overflow, and refuse the type under which numpy stores bfloat16.

use super::element::{ByteOrder, Element};
use super::matrix_file::{Array, matrix_shape, read_elements};
use anyhow::{Context, Result, bail, ensure};
use npyz::WriterBuilder;
use std::io::{Read, Write};

/// Numpy itself refuses longer headers unless told to trust the file.
const LONGEST_HEADER: usize = 10_000;

/// Reads the one array of a `.npy` file, which must be a matrix.
pub fn read(mut file: impl Read) -> Result<Array> {
    let text = header_text(&mut file)?;
    let (element, order) = element(value(&text, "descr")?)?;
    let fortran = boolean(value(&text, "fortran_order")?)?;
    let shape @ [rows, cols] = matrix_shape(&shape(value(&text, "shape")?)?)?;

    let values = element.decode(&read_elements(file, shape, element)?, order);
    // Column-major numbers are the transpose's in row-major order.
    let values = if fortran { values.transposed(cols, rows) } else { values };
    Ok(Array { tensor: None, element, shape: [rows, cols], values })
}

/// The Python dictionary before the numbers, such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
fn header_text(file: &mut impl Read) -> Result<String> {
    let mut start = [0; 8];
    file.read_exact(&mut start).context("too short for a .npy file")?;
    ensure!(start.starts_with(b"\x93NUMPY"), "not a .npy file: its first bytes are not \\x93NUMPY");
    let mut length = [0; 4];
    let length_bytes = match start[6] {
        1 => 2,
        2 | 3 => 4,
        version => bail!("version {version} of the .npy format is not known"),
    };
    file.read_exact(&mut length[..length_bytes]).context("the header is cut short")?;
    let length = u32::from_le_bytes(length) as usize;
    ensure!(length <= LONGEST_HEADER, "a header of {length} bytes is not one of a plain array");
    let mut text = vec![0; length];
    file.read_exact(&mut text).context("the header is cut short")?;
    String::from_utf8(text).context("the header is not text")
}

/// What follows `'key':` in the header.
fn value<'a>(text: &'a str, key: &str) -> Result<&'a str> {
    let quoted = [format!("'{key}'"), format!("\"{key}\"")];
    quoted
        .iter()
        .find_map(|key| text.split_once(key.as_str()))
        .and_then(|(_, rest)| rest.trim_start().strip_prefix(':'))
        .map(str::trim_start)
        .with_context(|| format!("the header has no {key}"))
}

fn element(descr: &str) -> Result<(Element, ByteOrder)> {
    let quote = descr.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let Some(quote) = quote else { bail!("structured arrays are not read, only plain numbers") };
    let name = descr[1..].split(quote).next().unwrap_or_default();
    let (order, kind) = match name.split_at_checked(1) {
        Some((">", kind)) => (ByteOrder::Big, kind),
        Some(("<" | "|", kind)) => (ByteOrder::Little, kind),
        _ => (ByteOrder::Little, name),
    };
    let element = match kind {
        "f2" => Element::F16,
        "f4" => Element::F32,
        "f8" => Element::F64,
        // Numpy has no bfloat16 of its own; ml_dtypes' arrays are saved as two bytes without a meaning.
        "V2" => Element::Bf16,
        _ => bail!("dtype {name:?} is not read: f2, f4, f8 are, and V2 as bfloat16"),
    };
    Ok((element, order))
}

fn boolean(text: &str) -> Result<bool> {
    match () {
        () if text.starts_with("True") => Ok(true),
        () if text.starts_with("False") => Ok(false),
        () => bail!("fortran_order is neither True nor False"),
    }
}

fn shape(text: &str) -> Result<Vec<usize>> {
    let inside = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (sizes, _) = inside.context("the shape is not a tuple")?;
    sizes
        .split(',')
        .map(str::trim)
        .filter(|size| !size.is_empty())
        .map(|size| size.parse().with_context(|| format!("{size:?} in the shape is not a size")))
        .collect()
}

/// Writes a row-major matrix of `f32` or `f64`.
pub fn write<T: npyz::AutoSerialize + Copy>(file: impl Write, values: &[T], cols: usize) -> Result<()> {
    ensure!(cols > 0 && values.len().is_multiple_of(cols), "{} numbers in rows of {cols}", values.len());
    let rows = values.len() / cols;
    let mut writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(&[rows as u64, cols as u64])
        .writer(file)
        .begin_nd()?;
    writer.extend(values.iter().copied())?;
    Ok(writer.finish()?)
}
