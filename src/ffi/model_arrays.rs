//! What the C functions of saved models do, in builds with files: handles checked, arrays copied in and out.

use super::boundary::Arguments;
use super::model::{saek_model, saek_model_sizes};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{row, row_mut};
use crate::model::{self, Config, Forest, LowRankCorrelation, Magnitude, Model, ModelError, Values};
use crate::scalar::Scalar;
use core::ffi::{CStr, c_char};
use std::path::PathBuf;

/// What every open model begins with: "saekmodl".
const MARK: u64 = u64::from_le_bytes(*b"saekmodl");

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        error.error
    }
}

/// # Safety
/// `text` is null or ends in a NUL.
unsafe fn text<'a>(text: *const c_char, argument: Argument) -> Result<&'a CStr, Error> {
    ensure(!text.is_null(), Reason::NullPointer, argument)?;
    // SAFETY: not null, and ends in a NUL by the contract.
    let text = unsafe { CStr::from_ptr(text) };
    ensure(!text.is_empty(), Reason::Empty, argument)?;
    Ok(text)
}

/// # Safety
/// `path` is null or ends in a NUL.
unsafe fn folder(path: *const c_char) -> Result<PathBuf, Error> {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path, Argument::Path)? };
    #[cfg(unix)]
    let path = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path.to_bytes());
    #[cfg(not(unix))]
    let path = path.to_str().map_err(|_| Error::new(Reason::Malformed, Argument::Path))?;
    Ok(PathBuf::from(path))
}

/// # Safety
/// `model` is null or points to at least 8 readable bytes, a whole model if they are the mark.
unsafe fn opened<'a>(model: *const saek_model) -> Result<&'a saek_model, Error> {
    ensure(!model.is_null(), Reason::NullPointer, Argument::Model)?;
    ensure(model.is_aligned(), Reason::Misaligned, Argument::Model)?;
    // SAFETY: aligned and readable by the contract; only the field is looked at.
    let mark = unsafe { (&raw const (*model).mark).read() };
    ensure(mark == MARK, Reason::UnknownValue, Argument::Model)?;
    // SAFETY: a model by the contract, since it has the mark; functions that read it only share it.
    Ok(unsafe { &*model })
}

/// # Safety
/// As `saek_model_open`.
pub(super) unsafe fn open(
    arguments: &mut Arguments,
    path: *const c_char,
    out: *mut *mut saek_model,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (path, out) = unsafe { (folder(path)?, arguments.output(out, Argument::Model)?) };
    let model = model::read(&path)?;
    let config = model.config.to_json()?;
    *out = Box::into_raw(Box::new(saek_model { mark: MARK, model, config }));
    Ok(())
}

/// # Safety
/// As `saek_model_close`.
pub(super) unsafe fn close(model: *mut saek_model) -> Result<(), Error> {
    if model.is_null() {
        return Ok(());
    }
    // SAFETY: the caller's promise.
    unsafe { opened(model)? };
    // SAFETY: it is a model, so `open` has made it from a box, and nobody uses it afterwards.
    let mut model = unsafe { Box::from_raw(model) };
    model.mark = 0;
    Ok(())
}

/// # Safety
/// As `saek_model_shape`.
pub(super) unsafe fn shape(
    arguments: &mut Arguments,
    model: *const saek_model,
    out: *mut saek_model_sizes,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (opened, out) = unsafe { (opened(model)?, arguments.output_struct(out, Argument::Shape)?) };
    let model = &opened.model;
    out.write(saek_model_sizes {
        struct_size: size_of::<saek_model_sizes>() as u32,
        has_bias: model.bias.iter::<f64>().any(|x| x != 0.0).into(),
        rows: model.config.num_features as u64,
        cols: model.config.hidden_dim as u64,
        rank: model.correlation.as_ref().map_or(0, |c| c.rank as u64),
        nodes: model.hierarchy.as_ref().map_or(0, |h| h.parents.len() as u64),
        config_bytes: opened.config.len() as u64,
    });
    Ok(())
}

/// The values in the precision asked for, all finite in it.
fn converted<T: Scalar>(values: &Values, argument: Argument) -> Result<Vec<T>, Error> {
    let converted: Vec<T> = values.iter().collect();
    ensure(converted.iter().all(|x| x.to_f64().is_finite()), Reason::OutOfRange, argument)?;
    Ok(converted)
}

fn magnitudes<T: Scalar>(
    rule: &Magnitude,
    seed: i64,
    count: usize,
    argument: Argument,
) -> Result<Vec<T>, Error> {
    let mut values = vec![0.0; count];
    rule.fill(seed as u64, &mut values)?;
    converted(&Values::F64(values), argument)
}

/// # Safety
/// As `saek_model_read_f32`.
pub(super) unsafe fn read<T: Scalar>(
    model: *const saek_model,
    [rows, cols, rank]: [usize; 3],
    (dictionary, stride): (*mut T, usize),
    [bias, probabilities, means, std_devs, diagonal]: [*mut T; 5],
    (factor, factor_stride): (*mut T, usize),
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let model = unsafe { &opened(model)?.model };
    let correlation = model.correlation.as_ref();
    ensure(rows == model.config.num_features, Reason::Shape, Argument::Rows)?;
    ensure(cols == model.config.hidden_dim, Reason::Shape, Argument::Cols)?;
    ensure(rank == correlation.map_or(0, |c| c.rank), Reason::Shape, Argument::Factor)?;
    let has = rank > 0 || diagonal.is_null();
    ensure(has, Reason::Empty, Argument::Diagonal)?;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, bias, probabilities, means, std_devs, factor, diagonal) = unsafe {
        (
            arguments.optional_matrix_mut(dictionary, rows, cols, stride, Argument::Dictionary)?,
            arguments.optional_slice_mut(bias, cols, Argument::Bias)?,
            arguments.optional_slice_mut(probabilities, rows, Argument::Probabilities)?,
            arguments.optional_slice_mut(means, rows, Argument::Means)?,
            arguments.optional_slice_mut(std_devs, rows, Argument::StdDevs)?,
            arguments.optional_matrix_mut(factor, rows, rank, factor_stride, Argument::Factor)?,
            arguments.optional_slice_mut(diagonal, rows, Argument::Diagonal)?,
        )
    };
    // All is computed before anything is written.
    let mut vectors = Vec::new();
    for (out, values, argument) in [
        (bias, Some(&model.bias), Argument::Bias),
        (probabilities, Some(&model.firing_probabilities), Argument::Probabilities),
        (diagonal, correlation.map(|c| &c.diagonal), Argument::Diagonal),
    ] {
        if let (Some(out), Some(values)) = (out, values) {
            vectors.push((out, converted::<T>(values, argument)?));
        }
    }
    let seed = model.config.seed.unwrap_or(0);
    for (out, rule, offset, argument) in [
        (std_devs, &model.config.std_firing_magnitudes, 1, Argument::StdDevs),
        (means, &model.config.mean_firing_magnitudes, 2, Argument::Means),
    ] {
        if let Some(out) = out {
            vectors.push((out, magnitudes(rule, seed.wrapping_add(offset), rows, argument)?));
        }
    }
    let mut matrices = Vec::new();
    for (out, values, argument) in [
        (dictionary, Some(&model.feature_vectors), Argument::Dictionary),
        (factor, correlation.map(|c| &c.factor), Argument::Factor),
    ] {
        if let (Some(out), Some(values)) = (out, values) {
            matrices.push((out, converted::<T>(values, argument)?));
        }
    }
    for (out, values) in vectors {
        out.copy_from_slice(&values);
    }
    for (mut out, values) in matrices {
        let cols = out.ncols();
        for (i, values) in values.chunks_exact(cols).enumerate() {
            row_mut(&mut out, i).copy_from_slice(values);
        }
    }
    Ok(())
}

/// # Safety
/// As `saek_model_hierarchy`.
pub(super) unsafe fn hierarchy(
    model: *const saek_model,
    parents: *mut u32,
    features: *mut u32,
    exclusive: *mut u8,
    scaled: *mut u8,
    nodes: usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let forest = unsafe { opened(model)?.model.hierarchy.as_ref() };
    let forest = forest
        .filter(|forest| nodes > 0 && forest.parents.len() == nodes)
        .ok_or(Error::new(Reason::Shape, Argument::Nodes))?;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (parents, features, exclusive, scaled) = unsafe {
        (
            arguments.slice_mut(parents, nodes, Argument::Parents)?,
            arguments.slice_mut(features, nodes, Argument::Features)?,
            arguments.slice_mut(exclusive, nodes, Argument::Exclusive)?,
            arguments.optional_slice_mut(scaled, nodes, Argument::Scaled)?,
        )
    };
    parents.copy_from_slice(&forest.parents);
    features.copy_from_slice(&forest.features);
    exclusive.copy_from_slice(&forest.exclusive);
    if let Some(scaled) = scaled {
        scaled.copy_from_slice(&forest.scaled);
    }
    Ok(())
}

/// # Safety
/// As `saek_model_config`.
pub(super) unsafe fn config(
    model: *const saek_model,
    out: *mut c_char,
    capacity: usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let json = unsafe { opened(model)?.config.as_bytes() };
    // SAFETY: the caller's promise.
    let out = unsafe { Arguments::new().slice_mut(out.cast::<u8>(), capacity, Argument::Out)? };
    ensure(capacity > json.len(), Reason::Capacity, Argument::Out)?;
    out[..json.len()].copy_from_slice(json);
    out[json.len()] = 0;
    Ok(())
}

/// Both precisions as the files have them.
fn values<T: Scalar>(numbers: impl Iterator<Item = T>) -> Values {
    if size_of::<T>() == size_of::<f32>() {
        Values::F32(numbers.map(|x| x.to_f64() as f32).collect())
    } else {
        Values::F64(numbers.map(Scalar::to_f64).collect())
    }
}

/// # Safety
/// As `saek_model_write_f32`.
pub(super) unsafe fn write<T: Scalar>(
    path: *const c_char,
    config: *const c_char,
    [rows, cols, rank]: [usize; 3],
    (dictionary, stride): (*const T, usize),
    [bias, probabilities, diagonal]: [*const T; 3],
    (factor, factor_stride): (*const T, usize),
    ([parents, features], [exclusive, scaled], nodes): ([*const u32; 2], [*const u8; 2], usize),
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (path, config) = unsafe { (folder(path)?, text(config, Argument::Config)?) };
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, bias, probabilities) = unsafe {
        (
            arguments.matrix(dictionary, rows, cols, stride, Argument::Dictionary)?,
            arguments.optional_slice(bias, cols, Argument::Bias)?,
            arguments.slice(probabilities, rows, Argument::Probabilities)?,
        )
    };
    let correlation = if rank == 0 {
        None
    } else {
        // SAFETY: the caller's promise.
        unsafe {
            let factor = arguments.matrix(factor, rows, rank, factor_stride, Argument::Factor)?;
            Some((factor, arguments.slice(diagonal, rows, Argument::Diagonal)?))
        }
    };
    let forest = if nodes == 0 {
        None
    } else {
        // SAFETY: the caller's promise.
        unsafe {
            Some((
                arguments.slice(parents, nodes, Argument::Parents)?,
                arguments.slice(features, nodes, Argument::Features)?,
                arguments.slice(exclusive, nodes, Argument::Exclusive)?,
                arguments.optional_slice(scaled, nodes, Argument::Scaled)?,
            ))
        }
    };
    let config = Config::from_json(config.to_bytes())?;
    // Before memory is taken for what the caller says that there is.
    let sizes = config.num_features == rows && config.hidden_dim == cols;
    ensure(sizes, Reason::Shape, Argument::Config)?;
    let model = Model {
        config,
        feature_vectors: values((0..rows).flat_map(|i| row(dictionary, i).iter().copied())),
        bias: bias.map_or_else(|| values((0..cols).map(|_| T::from_f64(0.0))), |b| values(b.iter().copied())),
        firing_probabilities: values(probabilities.iter().copied()),
        correlation: correlation.map(|(factor, diagonal)| LowRankCorrelation {
            rank,
            factor: values((0..rows).flat_map(|i| row(factor, i).iter().copied())),
            diagonal: values(diagonal.iter().copied()),
        }),
        hierarchy: forest.map(|(parents, features, exclusive, scaled)| Forest {
            parents: parents.to_vec(),
            features: features.to_vec(),
            exclusive: exclusive.to_vec(),
            scaled: scaled.map_or_else(|| vec![0; nodes], <[u8]>::to_vec),
            names: vec![None; nodes],
        }),
    };
    Ok(model::write(&model, &path)?)
}
