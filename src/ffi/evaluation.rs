//! C functions that judge an autoencoder on synthetic data, batch by batch, over threads and machines.

use super::boundary::{Arguments, VersionedStruct, call, init_struct};
use super::types::saek_status;
use crate::error::{Argument, Error};
use crate::evaluation::{self, EvaluationBatch};
use crate::scalar::Scalar;

/// What an evaluation found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_metrics {
    /// sizeof(saek_metrics), set before the call; `saek_metrics_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Samples seen.
    pub samples: u64,
    /// Samples whose hidden vector was not zero; all but `true_l0` speak of these.
    pub kept: u64,
    /// Mean number of active features a sample, over all samples.
    pub true_l0: f64,
    /// Mean number of active latents a kept sample; 0 where none was kept.
    pub sae_l0: f64,
    /// Latents active on no kept sample.
    pub dead_latents: u64,
    /// Mean of |decoded| / max(|hidden|, 1e-8); 1 means no shrinkage. 0 where no sample was kept.
    pub shrinkage: f64,
}

impl From<evaluation::Metrics> for saek_metrics {
    fn from(metrics: evaluation::Metrics) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            samples: metrics.samples,
            kept: metrics.kept,
            true_l0: metrics.true_l0,
            sae_l0: metrics.sae_l0,
            dead_latents: metrics.dead_latents,
            shrinkage: metrics.shrinkage,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_metrics {
    fn defaults() -> Self {
        evaluation::Metrics::default().into()
    }
}

/// Sets the size of `metrics` and everything else to zero, as `saek_evaluation_finish` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (metrics).
///
/// # Safety
/// `metrics` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_metrics_init(metrics: *mut saek_metrics) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(metrics, Argument::Metrics) })
}

/// The length of `counts` for an autoencoder of `latents` latents: latents + 4.
#[unsafe(no_mangle)]
pub extern "C" fn saek_evaluation_counts_len(latents: usize) -> usize {
    evaluation::counts_len(latents)
}

/// The length of `sums`: 2.
#[unsafe(no_mangle)]
pub extern "C" fn saek_evaluation_sums_len() -> usize {
    evaluation::sums_len()
}

/// Starts an evaluation: fills its state, `counts` and `sums`, with zeros.
///
/// The state is two plain arrays in the caller's memory. Every element is a sum over samples, so that the states of
/// threads, files and machines merge by adding them element by element. Between MPI ranks, in place,
/// `MPI_Allreduce(MPI_IN_PLACE, counts, counts_len, MPI_UINT64_T, MPI_SUM, comm)` and
/// `MPI_Allreduce(MPI_IN_PLACE, sums, sums_len, MPI_DOUBLE, MPI_SUM, comm)`
/// do it, and every rank may then call `saek_evaluation_finish`. Before adding more batches, all ranks but one begin
/// anew, or the next all-reduce would count the merged state once a rank. Within a process `saek_evaluation_merge` adds.
///
/// counts[0] is the number of samples; counts[1] of samples kept, those whose hidden vector is not zero; counts[2] of
/// active features over all samples; counts[3] of active latents over kept samples; counts[4 + i] of kept samples on
/// which latent i is active. sums[0] + sums[1] is the sum over kept samples of |decoded| / max(|hidden|, 1e-8), the second
/// element holding what the first one's roundings lost. Active means greater than zero.
///
/// - `counts`: `counts_len` counts, `saek_evaluation_counts_len(latents)` of them; written.
/// - `sums`: `sums_len` sums, `saek_evaluation_sums_len()` of them; written.
/// - `latents`: number of latents, >= 1.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE (counts, sums); OVERLAP (sums); EMPTY (latents).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluation_begin(
    counts: *mut u64,
    counts_len: usize,
    sums: *mut f64,
    sums_len: usize,
    latents: usize,
) -> saek_status {
    call(|| {
        let mut arguments = Arguments::new();
        // SAFETY: the caller's promise.
        let (counts, sums) = unsafe {
            (
                arguments.slice_mut(counts, counts_len, Argument::Counts)?,
                arguments.slice_mut(sums, sums_len, Argument::Sums)?,
            )
        };
        evaluation::begin(counts, sums, latents)
    })
}

/// Adds a batch, a sample a row, to the state of an evaluation.
///
/// Samples whose hidden vector is zero count for true_l0 alone.
///
/// - `counts`, `counts_len`, `sums`, `sums_len`: the state, as `saek_evaluation_begin` left it; read and written.
/// - `activations`: the true activations, `rows` by `features`, rows `activations_stride` elements apart.
/// - `hidden`: the hidden vectors, `rows` by `cols`, rows `hidden_stride` elements apart.
/// - `latents`: what the encoder gave for them, `rows` by `latents_count`, rows `latents_stride` elements apart.
/// - `decoded`: what the decoder gave for the latents, `rows` by `cols`, rows `decoded_stride` elements apart.
/// - Strides: each >= the columns of its matrix.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE, OVERLAP (counts, sums); NULL_POINTER, MISALIGNED, EMPTY,
/// STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OVERLAP (activations, hidden, latents, decoded). OVERLAP means memory
/// shared with the state; the matrices may share theirs.
/// Cost: two passes over the batch, no workspace. Deterministic. The counts do not depend on how samples are batched; the
/// sums depend on it by a rounding, about 1e-16 relative.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluation_add_f32(
    counts: *mut u64,
    counts_len: usize,
    sums: *mut f64,
    sums_len: usize,
    activations: *const f32,
    rows: usize,
    features: usize,
    activations_stride: usize,
    hidden: *const f32,
    cols: usize,
    hidden_stride: usize,
    latents: *const f32,
    latents_count: usize,
    latents_stride: usize,
    decoded: *const f32,
    decoded_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        evaluation_add(
            counts,
            counts_len,
            sums,
            sums_len,
            activations,
            rows,
            features,
            activations_stride,
            hidden,
            cols,
            hidden_stride,
            latents,
            latents_count,
            latents_stride,
            decoded,
            decoded_stride,
        )
    })
}

/// As `saek_evaluation_add_f32`, for data in double precision. The state is the same for both.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluation_add_f64(
    counts: *mut u64,
    counts_len: usize,
    sums: *mut f64,
    sums_len: usize,
    activations: *const f64,
    rows: usize,
    features: usize,
    activations_stride: usize,
    hidden: *const f64,
    cols: usize,
    hidden_stride: usize,
    latents: *const f64,
    latents_count: usize,
    latents_stride: usize,
    decoded: *const f64,
    decoded_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        evaluation_add(
            counts,
            counts_len,
            sums,
            sums_len,
            activations,
            rows,
            features,
            activations_stride,
            hidden,
            cols,
            hidden_stride,
            latents,
            latents_count,
            latents_stride,
            decoded,
            decoded_stride,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn evaluation_add<T: Scalar>(
    counts: *mut u64,
    counts_len: usize,
    sums: *mut f64,
    sums_len: usize,
    activations: *const T,
    rows: usize,
    features: usize,
    activations_stride: usize,
    hidden: *const T,
    cols: usize,
    hidden_stride: usize,
    latents: *const T,
    latents_count: usize,
    latents_stride: usize,
    decoded: *const T,
    decoded_stride: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (counts, sums, batch) = unsafe {
        let counts = arguments.slice_mut(counts, counts_len, Argument::Counts)?;
        let sums = arguments.slice_mut(sums, sums_len, Argument::Sums)?;
        let batch = EvaluationBatch {
            activations: arguments.matrix(
                activations,
                rows,
                features,
                activations_stride,
                Argument::Activations,
            )?,
            hidden: arguments.matrix(hidden, rows, cols, hidden_stride, Argument::Hidden)?,
            latents: arguments.matrix(latents, rows, latents_count, latents_stride, Argument::Latents)?,
            decoded: arguments.matrix(decoded, rows, cols, decoded_stride, Argument::Decoded)?,
        };
        (counts, sums, batch)
    };
    evaluation::add_batch(counts, sums, &batch)
}

/// Adds to the state of an evaluation that of another part of it.
///
/// - `counts`, `counts_len`, `sums`, `sums_len`: the state; read and written.
/// - `other_counts`, `other_counts_len`, `other_sums`, `other_sums_len`: the other part's state, of the same lengths.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE, OVERLAP (counts, sums, other_counts, other_sums); EMPTY
/// (latents) where `counts` has no place for latents.
/// Cost: counts_len additions. Counts merge exactly; the sums depend on the order of merging by a rounding.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluation_merge(
    counts: *mut u64,
    counts_len: usize,
    sums: *mut f64,
    sums_len: usize,
    other_counts: *const u64,
    other_counts_len: usize,
    other_sums: *const f64,
    other_sums_len: usize,
) -> saek_status {
    call(|| {
        let mut arguments = Arguments::new();
        // SAFETY: the caller's promise.
        let (counts, sums, other_counts, other_sums) = unsafe {
            (
                arguments.slice_mut(counts, counts_len, Argument::Counts)?,
                arguments.slice_mut(sums, sums_len, Argument::Sums)?,
                arguments.slice(other_counts, other_counts_len, Argument::OtherCounts)?,
                arguments.slice(other_sums, other_sums_len, Argument::OtherSums)?,
            )
        };
        evaluation::merge(counts, sums, other_counts, other_sums)
    })
}

/// Writes the metrics of everything added so far; the state stays as it is and may go on.
///
/// - `counts`, `counts_len`, `sums`, `sums_len`: the state, merged where there were parts.
/// - `metrics`: its struct_size set before, as by `saek_metrics_init`; written.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE (counts, sums); NULL_POINTER, MISALIGNED, STRUCT_SIZE, OVERLAP
/// (metrics); EMPTY (latents) where `counts` has no place for latents; EMPTY (samples) where no sample was added;
/// NOT_A_NUMBER, INFINITE (sums).
/// Cost: a pass over `counts`.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluation_finish(
    counts: *const u64,
    counts_len: usize,
    sums: *const f64,
    sums_len: usize,
    metrics: *mut saek_metrics,
) -> saek_status {
    call(|| {
        let mut arguments = Arguments::new();
        // SAFETY: the caller's promise.
        let (counts, sums, metrics) = unsafe {
            (
                arguments.slice(counts, counts_len, Argument::Counts)?,
                arguments.slice(sums, sums_len, Argument::Sums)?,
                arguments.output_struct(metrics, Argument::Metrics)?,
            )
        };
        metrics.write(evaluation::finish(counts, sums)?.into());
        Ok(())
    })
}
