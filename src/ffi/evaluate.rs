//! C functions that evaluate an autoencoder in one call.

use super::borrowed_generator::{Borrowed, GeneratorStruct, borrow, forest_scratch, with_forest_room};
use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, params, reporter};
use super::evaluation::saek_metrics;
use super::firing::Raw;
use super::generator::{saek_generator_f32, saek_generator_f64};
use super::types::{saek_progress_callback, saek_status};
use crate::error::{Argument, Error, Reason, ensure};
use crate::evaluation::{self, Autoencoder, EvaluateParams};
use crate::matrix::{RowMajor, RowMajorMut, span};
use crate::scalar::Scalar;
use core::ffi::{c_int, c_void};
use core::ops::ControlFlow;
use faer::Par;
use faer::dyn_stack::StackReq;

/// Parameters of `saek_evaluate_f32` and `saek_evaluate_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_evaluate_params {
    /// sizeof(saek_evaluate_params); `saek_evaluate_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Samples to draw, >= 1. Default 100000.
    pub samples: u64,
    /// Samples handled together, >= 1; the last batch may be smaller. Default 1024.
    pub batch: usize,
    /// Number of the first sample. Default 0.
    pub first_row: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers.
unsafe impl VersionedStruct for saek_evaluate_params {
    fn defaults() -> Self {
        let d = EvaluateParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            samples: d.samples,
            batch: d.batch,
            first_row: d.first_row,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluate_params_init(params: *mut saek_evaluate_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Encodes a batch: reads `hidden`, `rows` by `cols`, and writes every element of `encoded`, `rows` by `latents`; rows
/// are hidden_stride and encoded_stride elements apart. A result other than 0 breaks off.
///
/// It runs on the calling thread and must not unwind through the library.
pub type saek_encode_f32_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        hidden: *const f32,
        rows: usize,
        cols: usize,
        hidden_stride: usize,
        encoded: *mut f32,
        latents: usize,
        encoded_stride: usize,
    ) -> c_int,
>;

/// Decodes a batch: reads `encoded`, `rows` by `latents`, and writes every element of `decoded`, `rows` by `cols`; rows
/// are encoded_stride and decoded_stride elements apart. A result other than 0 breaks off.
///
/// It runs on the calling thread and must not unwind through the library.
pub type saek_decode_f32_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        encoded: *const f32,
        rows: usize,
        latents: usize,
        encoded_stride: usize,
        decoded: *mut f32,
        cols: usize,
        decoded_stride: usize,
    ) -> c_int,
>;

/// Encodes a batch: reads `hidden`, `rows` by `cols`, and writes every element of `encoded`, `rows` by `latents`; rows
/// are hidden_stride and encoded_stride elements apart. A result other than 0 breaks off.
///
/// It runs on the calling thread and must not unwind through the library.
pub type saek_encode_f64_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        hidden: *const f64,
        rows: usize,
        cols: usize,
        hidden_stride: usize,
        encoded: *mut f64,
        latents: usize,
        encoded_stride: usize,
    ) -> c_int,
>;

/// Decodes a batch: reads `encoded`, `rows` by `latents`, and writes every element of `decoded`, `rows` by `cols`; rows
/// are encoded_stride and decoded_stride elements apart. A result other than 0 breaks off.
///
/// It runs on the calling thread and must not unwind through the library.
pub type saek_decode_f64_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        encoded: *const f64,
        rows: usize,
        latents: usize,
        encoded_stride: usize,
        decoded: *mut f64,
        cols: usize,
        decoded_stride: usize,
    ) -> c_int,
>;

/// Says how much workspace `saek_evaluate_f32` needs: batch (features + 2 cols + latents) numbers or, if more, what
/// `saek_mcc_f32` needs for latents by features, and the generator's.
///
/// - `generator`: the generator, complete.
/// - `cols`: dimensions d of the hidden vectors.
/// - `latents`: latents m of the autoencoder.
/// - `params`: null for the defaults.
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: those of `saek_generator_sample_f32_workspace` on the generator; MISALIGNED, STRUCT_SIZE (params); EMPTY
/// (batch); EMPTY, SIZE_OVERFLOW (cols, latents); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluate_f32_workspace(
    generator: *const saek_generator_f32,
    cols: usize,
    latents: usize,
    params: *const saek_evaluate_params,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { evaluate_workspace(generator, cols, latents, params, bytes, align) })
}

/// Evaluates an autoencoder on samples of a generator: L0, dead latents, shrinkage, MCC.
///
/// Draws params->samples samples x in batches, projects them to hidden vectors h = x E + bias, has them encoded and
/// decoded, and measures as `saek_evaluation_add_f32` does; then matches the decoder's rows with the dictionary's as
/// `saek_mcc_f32` does. What sae-lens's `eval_sae_on_synthetic_data` does, in memory that does not grow with the
/// samples. Samples with h = 0 are encoded too, but count for true_l0 alone.
///
/// - `generator`: the source of the activations, of n = generator->features features.
/// - `dictionary`: E, n by `cols`, rows `dictionary_stride` elements apart.
/// - `bias`: `cols` numbers, or NULL for none.
/// - `decoder`: one direction a latent, `latents` by `cols`, rows `decoder_stride` elements apart.
/// - `encode`, `decode`, `context`: the autoencoder.
/// - `params`: null for the defaults.
/// - `progress`, `progress_context`: called after each batch with samples done and samples in all; null for no reports.
/// - `metrics`: struct_size set before the call (`saek_metrics_init`); written.
/// - `mcc`: written.
/// - `workspace`, `workspace_bytes`: as `saek_evaluate_f32_workspace` says.
///
/// Status: those of `saek_generator_sample_f32`; NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER,
/// INFINITE (dictionary, decoder); MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (bias); NULL_POINTER (encode,
/// decode); MISALIGNED, STRUCT_SIZE (params, metrics); EMPTY (samples, batch); SIZE_OVERFLOW (first_row); NULL_POINTER
/// (metrics); NULL_POINTER, MISALIGNED (mcc); OVERLAP (metrics, mcc); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW,
/// WORKSPACE_TOO_SMALL, OVERLAP (workspace); CANCELLED (encode, decode, modifiers, progress) where a callback breaks
/// off; NOT_A_NUMBER, INFINITE (modifiers, latents, decoded) where a callback gives such a number; INFINITE (hidden,
/// decoded) where a vector's length is too large for a number. Nothing but the workspace is written then.
/// Cost: a sample, drawing it, 2 n cols flops and the callbacks; once, the MCC.
///
/// # Safety
/// Pointers are null or point to what is said here; callbacks may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluate_f32(
    generator: *const saek_generator_f32,
    dictionary: *const f32,
    cols: usize,
    dictionary_stride: usize,
    bias: *const f32,
    decoder: *const f32,
    latents: usize,
    decoder_stride: usize,
    encode: saek_encode_f32_callback,
    decode: saek_decode_f32_callback,
    context: *mut c_void,
    params: *const saek_evaluate_params,
    progress: saek_progress_callback,
    progress_context: *mut c_void,
    metrics: *mut saek_metrics,
    mcc: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        evaluate(
            generator,
            (dictionary, cols, dictionary_stride),
            bias,
            (decoder, latents, decoder_stride),
            (encode, decode, context),
            params,
            (progress, progress_context),
            (metrics, mcc),
            (workspace, workspace_bytes),
        )
    })
}

/// As `saek_evaluate_f32_workspace`, for `saek_evaluate_f64`.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluate_f64_workspace(
    generator: *const saek_generator_f64,
    cols: usize,
    latents: usize,
    params: *const saek_evaluate_params,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { evaluate_workspace(generator, cols, latents, params, bytes, align) })
}

/// As `saek_evaluate_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there; callbacks may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_evaluate_f64(
    generator: *const saek_generator_f64,
    dictionary: *const f64,
    cols: usize,
    dictionary_stride: usize,
    bias: *const f64,
    decoder: *const f64,
    latents: usize,
    decoder_stride: usize,
    encode: saek_encode_f64_callback,
    decode: saek_decode_f64_callback,
    context: *mut c_void,
    params: *const saek_evaluate_params,
    progress: saek_progress_callback,
    progress_context: *mut c_void,
    metrics: *mut saek_metrics,
    mcc: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        evaluate(
            generator,
            (dictionary, cols, dictionary_stride),
            bias,
            (decoder, latents, decoder_stride),
            (encode, decode, context),
            params,
            (progress, progress_context),
            (metrics, mcc),
            (workspace, workspace_bytes),
        )
    })
}

type Coding<T> =
    Option<unsafe extern "C" fn(*mut c_void, *const T, usize, usize, usize, *mut T, usize, usize) -> c_int>;

/// The caller's autoencoder.
struct Callbacks<T> {
    encode: unsafe extern "C" fn(*mut c_void, *const T, usize, usize, usize, *mut T, usize, usize) -> c_int,
    decode: unsafe extern "C" fn(*mut c_void, *const T, usize, usize, usize, *mut T, usize, usize) -> c_int,
    context: *mut c_void,
}

impl<T: Scalar> Autoencoder<T> for Callbacks<T> {
    fn encode(&mut self, hidden: RowMajor<'_, T>, latents: RowMajorMut<'_, T>) -> ControlFlow<()> {
        // SAFETY: whoever made `Callbacks` promised that both may be called with the context.
        unsafe { run(self.encode, self.context, hidden, latents) }
    }

    fn decode(&mut self, latents: RowMajor<'_, T>, decoded: RowMajorMut<'_, T>) -> ControlFlow<()> {
        // SAFETY: as above.
        unsafe { run(self.decode, self.context, latents, decoded) }
    }
}

/// Calls one half of the autoencoder.
///
/// # Safety
/// `half` may be called with `context`, matrices of these shapes, on this thread.
unsafe fn run<T: Scalar>(
    half: unsafe extern "C" fn(*mut c_void, *const T, usize, usize, usize, *mut T, usize, usize) -> c_int,
    context: *mut c_void,
    input: RowMajor<'_, T>,
    output: RowMajorMut<'_, T>,
) -> ControlFlow<()> {
    let (rows, cols, input_stride) = (input.nrows(), input.ncols(), input.row_stride() as usize);
    let (output_cols, output_stride) = (output.ncols(), output.row_stride() as usize);
    let out = output.as_ptr_mut();
    // SAFETY: the caller's promise; both matrices are borrowed for the call, the output exclusively.
    match unsafe { half(context, input.as_ptr(), rows, cols, input_stride, out, output_cols, output_stride) }
    {
        0 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    }
}

/// The workspace of an evaluation; `largest` is the number of nodes of the largest hierarchy.
fn scratch<G: GeneratorStruct>(
    generator: &Borrowed<'_, G>,
    largest: Option<usize>,
    cols: usize,
    latents: usize,
    batch: usize,
) -> StackReq {
    let (features, correlated) = (generator.features, generator.correlated());
    let evaluation = evaluation::evaluate_scratch::<G::Real>(features, cols, latents, batch, correlated);
    forest_scratch(largest).and(evaluation)
}

/// # Safety
/// As the exported functions.
unsafe fn evaluate_workspace<G: GeneratorStruct>(
    generator: *const G,
    cols: usize,
    latents: usize,
    p: *const saek_evaluate_params,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let generator = borrow(generator, &mut arguments, &defaults)?;
        let largest = generator.largest_forest(&mut arguments)?;
        let p = params(p)?;
        ensure(p.batch > 0, Reason::Empty, Argument::Batch)?;
        span::<G::Real>(generator.features, cols, cols, Argument::Cols)?;
        span::<G::Real>(latents, cols, cols, Argument::Latents)?;
        answer_query(Ok(scratch(&generator, largest, cols, latents, p.batch)), bytes, align)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn evaluate<G: GeneratorStruct>(
    generator: *const G,
    (dictionary, cols, dictionary_stride): (*const G::Real, usize, usize),
    bias: *const G::Real,
    (decoder, latents, decoder_stride): (*const G::Real, usize, usize),
    (encode, decode, context): (Coding<G::Real>, Coding<G::Real>, *mut c_void),
    p: *const saek_evaluate_params,
    (progress, progress_context): (saek_progress_callback, *mut c_void),
    (metrics, mcc): (*mut saek_metrics, *mut f64),
    (workspace, workspace_bytes): (*mut c_void, usize),
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let generator = borrow(generator, &mut arguments, &defaults)?;
        let largest = generator.largest_forest(&mut arguments)?;
        let dictionary = arguments.matrix(
            dictionary,
            generator.features,
            cols,
            dictionary_stride,
            Argument::Dictionary,
        )?;
        let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
        let decoder = arguments.matrix(decoder, latents, cols, decoder_stride, Argument::Decoder)?;
        let encode = encode.ok_or(Error::new(Reason::NullPointer, Argument::Encode))?;
        let decode = decode.ok_or(Error::new(Reason::NullPointer, Argument::Decode))?;
        let p = params(p)?;
        let metrics = arguments.output_struct(metrics, Argument::Metrics)?;
        let mcc = arguments.output(mcc, Argument::Mcc)?;
        ensure(p.batch > 0, Reason::Empty, Argument::Batch)?;
        let request = scratch(&generator, largest, cols, latents, p.batch);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        // Once more, now that all memory to write is known, before any of it is written.
        let largest = generator.largest_forest(&mut arguments)?;
        let params = EvaluateParams { samples: p.samples, batch: p.batch, first_row: p.first_row };
        let mut progress = reporter(progress, progress_context);
        let mut coder = Callbacks { encode, decode, context };
        let found = with_forest_room(stack, largest, |mut room, stack| {
            generator.check_forests(&mut arguments, &mut room)?;
            generator.with(&mut arguments, room, |generator| {
                evaluation::evaluate(
                    generator,
                    dictionary,
                    bias,
                    decoder,
                    &mut coder,
                    &params,
                    Par::Seq,
                    &mut progress,
                    stack,
                )
            })
        })?;
        metrics.write(found.metrics.into());
        *mcc = found.mcc;
        Ok(())
    }
}
