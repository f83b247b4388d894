//! The arrays of a model in `synthetic_model.safetensors`.

use super::error::{ModelError, ensure, refuse};
use super::{Config, LowRankCorrelation, Model, Values};
use crate::error::{Argument, Reason};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata, View, serialize};
use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};

/// The longest header that is read. Five arrays need less than 1 KiB.
const LONGEST_HEADER: u64 = 1 << 20;

/// The arrays of a file.
pub(super) struct Weights {
    pub feature_vectors: Values,
    pub bias: Values,
    pub firing_probabilities: Values,
    pub correlation: Option<LowRankCorrelation>,
}

/// Reads the arrays whose shapes the configuration gives. Memory is taken for what the file holds, not for what it says.
pub(super) fn read(mut file: impl Read + Seek, config: &Config) -> Result<Weights, ModelError> {
    let (metadata, start) = header(&mut file)?;
    let (n, d) = (config.num_features, config.hidden_dim);
    let mut source = Source { file, metadata, start };
    let feature_vectors = source.array("feature_vectors", &[n, d], Argument::Dictionary)?;
    let bias = source.array("bias", &[d], Argument::Bias)?;
    let firing_probabilities = source.array("firing_probabilities", &[n], Argument::Probabilities)?;
    let rank = match source.metadata.info("correlation_factor").map(|info| info.shape.as_slice()) {
        None => None,
        Some(&[_, rank]) => Some(rank),
        Some(shape) => {
            let problem = format!("has shape {shape:?}, not two dimensions");
            return refuse("correlation_factor", Reason::Shape, Argument::Factor, problem);
        }
    };
    let correlation = match rank {
        None => None,
        Some(rank) => Some(LowRankCorrelation {
            rank,
            factor: source.array("correlation_factor", &[n, rank], Argument::Factor)?,
            diagonal: source.array("correlation_diag", &[n], Argument::Diagonal)?,
        }),
    };
    Ok(Weights { feature_vectors, bias, firing_probabilities, correlation })
}

/// What the file says that it holds, and where its numbers begin.
fn header(file: &mut impl Read) -> Result<(Metadata, u64), ModelError> {
    let malformed = |problem: String| ModelError::new("", Reason::Malformed, Argument::Weights, problem);
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|_| malformed("too short for a .safetensors file".to_owned()))?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(malformed(format!("its header would be {length} bytes long")));
    }
    let mut json = Vec::new();
    file.take(length).read_to_end(&mut json).map_err(|error| malformed(error.to_string()))?;
    if json.len() as u64 != length {
        return Err(malformed("the header is cut short".to_owned()));
    }
    let metadata = serde_json::from_slice(&json).map_err(|error| malformed(error.to_string()))?;
    Ok((metadata, 8 + length))
}

/// An open file whose header has been read.
struct Source<F> {
    file: F,
    metadata: Metadata,
    start: u64,
}

impl<F: Read + Seek> Source<F> {
    /// One array, which must have this shape.
    fn array(&mut self, name: &str, shape: &[usize], argument: Argument) -> Result<Values, ModelError> {
        let Some(info) = self.metadata.info(name) else {
            return refuse(name, Reason::Malformed, argument, "is not in the file");
        };
        if info.shape != shape {
            let problem = format!("has shape {:?}, not {shape:?}", info.shape);
            return refuse(name, Reason::Shape, argument, problem);
        }
        let size = match info.dtype {
            Dtype::F16 | Dtype::BF16 => 2,
            Dtype::F32 => 4,
            Dtype::F64 => 8,
            other => {
                let problem = format!("has numbers of type {other}; F16, BF16, F32 and F64 are read");
                return refuse(name, Reason::Malformed, argument, problem);
            }
        };
        let (begin, end) = info.data_offsets;
        let promised = shape.iter().try_fold(size, |bytes: usize, &n| bytes.checked_mul(n));
        let right = promised.is_some() && end.checked_sub(begin) == promised;
        ensure(right, name, Reason::Malformed, argument, "has offsets that do not go with its shape")?;
        let (dtype, promised) = (info.dtype, (end - begin) as u64);
        let cut = || ModelError::new(name, Reason::Malformed, argument, "the file is cut short");
        self.file.seek(SeekFrom::Start(self.start.saturating_add(begin as u64))).map_err(|_| cut())?;
        let mut bytes = Vec::new();
        self.file.by_ref().take(promised).read_to_end(&mut bytes).map_err(|_| cut())?;
        if bytes.len() as u64 != promised {
            return Err(cut());
        }
        Ok(match dtype {
            Dtype::F16 => Values::F32(numbers(&bytes, |b| f16::from_le_bytes(b).to_f32())),
            Dtype::BF16 => Values::F32(numbers(&bytes, |b| bf16::from_le_bytes(b).to_f32())),
            Dtype::F32 => Values::F32(numbers(&bytes, f32::from_le_bytes)),
            _ => Values::F64(numbers(&bytes, f64::from_le_bytes)),
        })
    }
}

fn numbers<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|&chunk| number(chunk)).collect()
}

/// An array with its shape, as the writer of the format wants it.
struct Array<'a> {
    values: &'a Values,
    shape: Vec<usize>,
}

impl View for Array<'_> {
    fn dtype(&self) -> Dtype {
        match self.values {
            Values::F32(_) => Dtype::F32,
            Values::F64(_) => Dtype::F64,
        }
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        match self.values {
            Values::F32(values) => values.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Values::F64(values) => values.iter().flat_map(|x| x.to_le_bytes()).collect(),
        }
    }

    fn data_len(&self) -> usize {
        self.values.len() * self.dtype().bitsize() / 8
    }
}

/// The bytes of the file with the arrays of a valid model.
pub(super) fn bytes(model: &Model) -> Result<Vec<u8>, ModelError> {
    let (n, d) = (model.config.num_features, model.config.hidden_dim);
    let mut arrays = vec![
        ("feature_vectors", Array { values: &model.feature_vectors, shape: vec![n, d] }),
        ("bias", Array { values: &model.bias, shape: vec![d] }),
        ("firing_probabilities", Array { values: &model.firing_probabilities, shape: vec![n] }),
    ];
    if let Some(correlation) = &model.correlation {
        let shape = vec![n, correlation.rank];
        arrays.push(("correlation_factor", Array { values: &correlation.factor, shape }));
        arrays.push(("correlation_diag", Array { values: &correlation.diagonal, shape: vec![n] }));
    }
    serialize(arrays, None)
        .map_err(|error| ModelError::new("", Reason::Unwritable, Argument::Weights, error.to_string()))
}
