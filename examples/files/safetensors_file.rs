//! `.safetensors`: one matrix out of a file that may hold many, read without the others.

use super::element::{ByteOrder, Element};
use super::matrix_file::{Array, Choice, matrix_shape, read_elements};
use anyhow::{Context, Result, bail, ensure};
use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use std::io::{Read, Seek, SeekFrom};

/// The longest header that the format allows.
const LONGEST_HEADER: u64 = 100_000_000;

/// Reads the chosen tensor, which must be a matrix.
///
/// Only the header and that tensor are read: a checkpoint is often many times larger than its decoder.
pub fn read(mut file: impl Read + Seek, choice: Choice<'_>) -> Result<Array> {
    let (metadata, data_start) = header(&mut file)?;
    let (name, info) = choose(&metadata, choice)?;
    read_tensor(file, data_start, &info)
        .map(|array| Array { tensor: Some(name.clone()), ..array })
        .with_context(|| format!("tensor {name}"))
}

fn read_tensor(mut file: impl Read + Seek, data_start: u64, info: &TensorInfo) -> Result<Array> {
    let element = element(info.dtype)?;
    let shape = matrix_shape(&info.shape)?;
    // An offset past every file is found out when nothing can be read there.
    file.seek(SeekFrom::Start(data_start.saturating_add(info.data_offsets.0 as u64)))?;
    let values = element.decode(&read_elements(file, shape, element)?, ByteOrder::Little);
    Ok(Array { tensor: None, element, shape, values })
}

/// What the file holds, and where its numbers begin.
fn header(file: &mut impl Read) -> Result<(Metadata, u64)> {
    let mut length = [0; 8];
    file.read_exact(&mut length).context("too short for a .safetensors file")?;
    let length = u64::from_le_bytes(length);
    ensure!(length <= LONGEST_HEADER, "not a .safetensors file: its header would be {length} bytes long");
    let mut json = Vec::new();
    file.take(length).read_to_end(&mut json)?;
    ensure!(json.len() as u64 == length, "the header is cut short");
    let metadata = serde_json::from_slice(&json).context("not a .safetensors header")?;
    Ok((metadata, 8 + length))
}

fn choose(metadata: &Metadata, choice: Choice<'_>) -> Result<(String, TensorInfo)> {
    let (Choice::Named(name) | Choice::Usual(name)) = choice;
    if let Some(info) = metadata.info(name) {
        return Ok((name.to_owned(), info.clone()));
    }
    if let Choice::Usual(_) = choice {
        let mut matrices = metadata.tensors().into_iter().filter(|(_, info)| info.shape.len() == 2);
        if let (Some((name, info)), None) = (matrices.next(), matrices.next()) {
            return Ok((name, info.clone()));
        }
    }
    bail!("no tensor {name}; the file holds {}", contents(metadata))
}

/// Every tensor with its type and shape, by name.
fn contents(metadata: &Metadata) -> String {
    let mut tensors: Vec<_> = metadata
        .tensors()
        .iter()
        .map(|(name, info)| format!("{name} {} {:?}", info.dtype, info.shape))
        .collect();
    tensors.sort();
    if tensors.is_empty() { "none".to_owned() } else { tensors.join(", ") }
}

fn element(dtype: Dtype) -> Result<Element> {
    Ok(match dtype {
        Dtype::F16 => Element::F16,
        Dtype::BF16 => Element::Bf16,
        Dtype::F32 => Element::F32,
        Dtype::F64 => Element::F64,
        other => bail!("dtype {other} is not read: F16, BF16, F32 and F64 are"),
    })
}
