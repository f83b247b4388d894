//! C functions that measure how much the vectors of a dictionary interfere.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, init_struct, params};
use super::matching::Dictionary;
use super::threads::par;
use super::types::saek_status;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matching::{
    self, DEFAULT_PERCENTILES, Superposition, SuperpositionOut, SuperpositionParams, superposition_scratch,
};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Parameters of `saek_superposition_f32` and `saek_superposition_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_superposition_params {
    /// sizeof(saek_superposition_params); `saek_superposition_params_init` sets it.
    pub struct_size: u32,
    /// The most threads; 0, the default, and 1 mean the calling thread alone. More are refused unless the library
    /// was built with the feature parallel; they come from one pool, which the process has from the first such
    /// call on. The result does not depend on it.
    pub threads: u32,
}

// SAFETY: repr(C), begins with struct_size, holds integers.
unsafe impl VersionedStruct for saek_superposition_params {
    fn defaults() -> Self {
        Self { struct_size: size_of::<Self>() as u32, threads: 0 }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_params_init(
    params: *mut saek_superposition_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// The statistics of all pairs of vectors of a dictionary, from `saek_superposition_f32` and
/// `saek_superposition_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_superposition {
    /// sizeof(saek_superposition), set before the call; `saek_superposition_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The mean over all vectors of the greatest |cos| with another.
    pub mean_max: f64,
    /// The mean of |cos| over all pairs.
    pub mean_absolute: f64,
    /// The root of the mean of cos^2 over all pairs.
    pub rms: f64,
    /// The sum of cos^2 over all ordered pairs i != j; for unit vectors at least rows^2 / cols - rows.
    pub frame_potential: f64,
    /// The greatest |cos| of a pair.
    pub coherence: f64,
    /// The least coherence that so many unit vectors can have by Welch's bound: the root of
    /// (rows - cols) / (cols (rows - 1)), 0 where rows <= cols.
    pub welch_bound: f64,
}

impl From<Superposition> for saek_superposition {
    fn from(found: Superposition) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            mean_max: found.mean_max,
            mean_absolute: found.mean_absolute,
            rms: found.rms,
            frame_potential: found.frame_potential,
            coherence: found.coherence,
            welch_bound: found.welch_bound,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_superposition {
    fn defaults() -> Self {
        Superposition::default().into()
    }
}

/// Sets the size of `superposition` and everything else to zero, as `saek_superposition_f32` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (superposition).
///
/// # Safety
/// `superposition` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_init(superposition: *mut saek_superposition) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(superposition, Argument::Superposition) })
}

/// Measures the cosines of all pairs of the vectors of a dictionary, which are never all in memory.
///
/// For each vector i, over the rows - 1 others: the greatest |cos(i, j)| and percentiles of |cos(i, j)|; the p-th
/// percentile lies at position p (rows - 2) / 100 among the values in increasing order, counted from 0, and between
/// two positions it is interpolated linearly, as numpy.quantile and torch.quantile do. Over all: see
/// `saek_superposition`. cos(x, y) = <x, y> / (max(|x|, 1e-8) max(|y|, 1e-8)), within [-1, 1], so that a vector of
/// zeros has cosine 0 with all others; it counts among them.
///
/// Percentiles are exact for the cosines as computed in the dictionary's precision: all values of a vector lie in
/// memory together and are selected from. Sums are in double precision.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; rows >= 2.
/// - `percentiles`, `percentile_count`: values in [0, 100], in any order; null for 95 and 99, percentile_count then
///   being 2; 0 for none.
/// - `params`: null for the defaults.
/// - `max_of_vectors`: null, or `rows` values, written: for each vector the greatest |cos| with another.
/// - `percentiles_of_vectors`: null, or rows percentile_count values, written: for each vector its percentiles, one
///   vector after the other.
/// - `mean_percentiles`: null, or percentile_count values, written: the means of these over all vectors.
/// - `superposition`: its struct_size set before, as by `saek_superposition_init`; written.
/// - `workspace`, `workspace_bytes`: as `saek_superposition_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
/// SIZE_OVERFLOW for 2^32 - 1 vectors or more (dictionary); OUT_OF_RANGE (rows: one vector alone); NOT_A_NUMBER,
/// INFINITE, OUT_OF_RANGE (percentiles); STRUCT_SIZE (params, superposition); WORKSPACE_TOO_SMALL (workspace);
/// OUT_OF_RANGE (threads: more than one in a library without threads).
/// Cost: 2 rows^2 cols flops and a few per cent more. Deterministic on one machine, for any number of threads.
/// Source: compute_superposition_stats of sae-lens for what each vector has, its means, and the mean over pairs;
/// Welch 1974 for the bound; Benedetto and Fickus 2003 for the frame potential.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_f32(
    dictionary: *const f32,
    rows: usize,
    cols: usize,
    stride: usize,
    percentiles: *const f64,
    percentile_count: usize,
    params: *const saek_superposition_params,
    max_of_vectors: *mut f32,
    percentiles_of_vectors: *mut f32,
    mean_percentiles: *mut f64,
    superposition: *mut saek_superposition,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let dictionary = Dictionary { vectors: dictionary, rows, stride };
    let outputs = Outputs { max_of_vectors, percentiles_of_vectors, mean_percentiles, superposition };
    let percentiles = Percentiles { values: percentiles, count: percentile_count };
    // SAFETY: the caller's promise.
    call(|| unsafe { measure(dictionary, cols, percentiles, params, outputs, workspace, workspace_bytes) })
}

/// As `saek_superposition_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_f64(
    dictionary: *const f64,
    rows: usize,
    cols: usize,
    stride: usize,
    percentiles: *const f64,
    percentile_count: usize,
    params: *const saek_superposition_params,
    max_of_vectors: *mut f64,
    percentiles_of_vectors: *mut f64,
    mean_percentiles: *mut f64,
    superposition: *mut saek_superposition,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let dictionary = Dictionary { vectors: dictionary, rows, stride };
    let outputs = Outputs { max_of_vectors, percentiles_of_vectors, mean_percentiles, superposition };
    let percentiles = Percentiles { values: percentiles, count: percentile_count };
    // SAFETY: the caller's promise.
    call(|| unsafe { measure(dictionary, cols, percentiles, params, outputs, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_superposition_f32` for so many percentiles,
/// 2 where the pointer to them is null.
///
/// With s bytes an element: rows cols s for the packed dictionary, 96 (rows + cols) s for a block of cosines and its
/// vectors, rows rounded up to 64, and 768 a percentile: 160 MB for 65536 by 512 in single precision, where the
/// cosines alone would take 17 GB.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_f32_workspace(
    rows: usize,
    cols: usize,
    percentile_count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = superposition_scratch::<f32>(rows, cols, percentile_count);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_superposition_f64`; as
/// `saek_superposition_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_superposition_f64_workspace(
    rows: usize,
    cols: usize,
    percentile_count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = superposition_scratch::<f64>(rows, cols, percentile_count);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// The percentiles that a caller wants.
struct Percentiles {
    values: *const f64,
    count: usize,
}

/// Where a call writes.
struct Outputs<T> {
    max_of_vectors: *mut T,
    percentiles_of_vectors: *mut T,
    mean_percentiles: *mut f64,
    superposition: *mut saek_superposition,
}

/// # Safety
/// As the exported functions.
unsafe fn measure<T: Scalar>(
    dictionary: Dictionary<T>,
    cols: usize,
    percentiles: Percentiles,
    p: *const saek_superposition_params,
    outputs: Outputs<T>,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let (n, count) = (dictionary.rows, percentiles.count);
    let request = superposition_scratch::<T>(n, cols, count);
    // What does not fit into the address space is refused with the slice.
    let of_vectors_len = n.saturating_mul(count);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, percentiles, p, out, found, stack) = unsafe {
        (
            arguments.matrix(dictionary.vectors, n, cols, dictionary.stride, Argument::Dictionary)?,
            arguments.optional_slice(percentiles.values, count, Argument::Percentiles)?,
            params(p)?,
            SuperpositionOut {
                max_of_vectors: arguments.optional_slice_mut(
                    outputs.max_of_vectors,
                    n,
                    Argument::MaxOfVectors,
                )?,
                percentiles_of_vectors: arguments.optional_slice_mut(
                    outputs.percentiles_of_vectors,
                    of_vectors_len,
                    Argument::PercentilesOfVectors,
                )?,
                mean_percentiles: arguments.optional_slice_mut(
                    outputs.mean_percentiles,
                    count,
                    Argument::MeanPercentiles,
                )?,
            },
            arguments.output_struct(outputs.superposition, Argument::Superposition)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    let has_percentiles = percentiles.is_some() || count == DEFAULT_PERCENTILES.len() || count == 0;
    ensure(has_percentiles, Reason::NullPointer, Argument::Percentiles)?;
    let percentiles = percentiles.unwrap_or_else(|| &DEFAULT_PERCENTILES[..count]);
    let params = SuperpositionParams { percentiles, par: par(p.threads)? };
    found.write(matching::superposition(dictionary, &params, out, stack)?.into());
    Ok(())
}
