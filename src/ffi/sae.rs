//! C functions of the standard autoencoder: encode, decode, initialise.

use super::boundary::{Arguments, VersionedStruct, answer_query, call};
use super::types::saek_status;
use super::weights::{Weights, saek_sae_f32, saek_sae_f64};
use crate::error::{Argument, Error};
use crate::matrix::span;
use crate::rng::Stream;
use crate::sae;
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Says how much workspace `saek_sae_encode_f32` needs for `rows` vectors in `cols` dimensions: rows cols numbers.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (hidden); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_encode_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { encode_workspace::<f32>(rows, cols, bytes, align) })
}

/// As `saek_sae_encode_f32_workspace`, for `saek_sae_encode_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_encode_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { encode_workspace::<f64>(rows, cols, bytes, align) })
}

/// # Safety
/// As the exported functions.
unsafe fn encode_workspace<T: Scalar>(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let request = span::<T>(rows, cols, cols, Argument::Hidden).map(|_| sae::encode_scratch::<T>(rows, cols));
    // SAFETY: the caller's promise.
    unsafe { answer_query(request, bytes, align) }
}

/// Encodes a batch: latents = relu((hidden - b_dec) W_enc + b_enc), b_dec where sae->subtract_decoder_bias is 1.
///
/// - `sae`: the weights; read.
/// - `hidden`: `rows` by sae->cols, row-major, rows `hidden_stride` elements apart.
/// - `latents`: `rows` by sae->latents, row-major, rows `latents_stride` elements apart; written.
/// - Strides: each >= the columns of its matrix.
/// - `workspace`, `workspace_bytes`: as `saek_sae_encode_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
/// EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, hidden, latents); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW
/// (encoder_bias, decoder_bias); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias, hidden); OVERLAP
/// (latents); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
/// Cost: 2 rows cols latents flops, and a pass over the weights to check them. The same bits for the same input on the
/// same machine.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_encode_f32(
    sae: *const saek_sae_f32,
    hidden: *const f32,
    rows: usize,
    hidden_stride: usize,
    latents: *mut f32,
    latents_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        encode(sae, hidden, rows, hidden_stride, latents, latents_stride, workspace, workspace_bytes)
    })
}

/// As `saek_sae_encode_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_encode_f64(
    sae: *const saek_sae_f64,
    hidden: *const f64,
    rows: usize,
    hidden_stride: usize,
    latents: *mut f64,
    latents_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        encode(sae, hidden, rows, hidden_stride, latents, latents_stride, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn encode<T: Scalar, S: VersionedStruct + Into<Weights<T>>>(
    sae: *const S,
    hidden: *const T,
    rows: usize,
    hidden_stride: usize,
    latents: *mut T,
    latents_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let weights = Weights::read(sae)?;
        let sae = weights.borrow(&mut arguments)?;
        let (d, m) = (weights.cols, weights.latents);
        let hidden = arguments.matrix(hidden, rows, d, hidden_stride, Argument::Hidden)?;
        let latents = arguments.matrix_mut(latents, rows, m, latents_stride, Argument::Latents)?;
        let stack = arguments.workspace(workspace, workspace_bytes, sae::encode_scratch::<T>(rows, d))?;
        sae::encode(&sae, hidden, latents, Par::Seq, stack)
    }
}

/// Decodes a batch: decoded = latents W_dec + b_dec.
///
/// - `sae`: the weights; read.
/// - `latents`: `rows` by sae->latents, row-major, rows `latents_stride` elements apart.
/// - `decoded`: `rows` by sae->cols, row-major, rows `decoded_stride` elements apart; written.
/// - Strides: each >= the columns of its matrix.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
/// EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, latents, decoded); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW
/// (encoder_bias, decoder_bias); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias, latents); OVERLAP
/// (decoded).
/// Cost: 2 rows cols latents flops, and a pass over the weights to check them; no workspace. The same bits for the same
/// input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_decode_f32(
    sae: *const saek_sae_f32,
    latents: *const f32,
    rows: usize,
    latents_stride: usize,
    decoded: *mut f32,
    decoded_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { decode(sae, latents, rows, latents_stride, decoded, decoded_stride) })
}

/// As `saek_sae_decode_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_decode_f64(
    sae: *const saek_sae_f64,
    latents: *const f64,
    rows: usize,
    latents_stride: usize,
    decoded: *mut f64,
    decoded_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { decode(sae, latents, rows, latents_stride, decoded, decoded_stride) })
}

/// # Safety
/// As the exported functions.
unsafe fn decode<T: Scalar, S: VersionedStruct + Into<Weights<T>>>(
    sae: *const S,
    latents: *const T,
    rows: usize,
    latents_stride: usize,
    decoded: *mut T,
    decoded_stride: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let weights = Weights::read(sae)?;
        let sae = weights.borrow(&mut arguments)?;
        let (d, m) = (weights.cols, weights.latents);
        let latents = arguments.matrix(latents, rows, m, latents_stride, Argument::Latents)?;
        let decoded = arguments.matrix_mut(decoded, rows, d, decoded_stride, Argument::Decoded)?;
        sae::decode(&sae, latents, decoded, Par::Seq)
    }
}

/// Sets the encoder's first columns to features, with noise, and the decoder to the encoder's transpose.
///
/// With k = min(sae->latents, rows), for i < k: encoder[:, i] = dictionary[ordering[i]] + noise_level N(0, 1). Columns of
/// the encoder from k on stay as they are. Then decoder = transpose of the encoder, as a whole. With random unit rows for
/// a dictionary this is the usual tied initialisation. As sae-lens's `init_sae_to_match_feature_dict`.
///
/// - `sae`: the encoder, read and written, and the decoder, written. The biases are not used and may be NULL.
/// - `dictionary`: `rows` by sae->cols, row-major, rows `stride` elements apart.
/// - `stride`: >= sae->cols.
/// - `noise_level`: >= 0.
/// - `ordering`: `rows` indices in 0..rows - 1; NULL for the features' own order.
/// - `seed`, `stream`: name the random numbers; the noise of column i depends on (seed, stream, i) alone.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
/// EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, dictionary); MISALIGNED, SIZE_OVERFLOW, INDEX_OUT_OF_RANGE (ordering);
/// OVERLAP (decoder, dictionary, ordering); NOT_A_NUMBER, INFINITE (dictionary, noise_level); OUT_OF_RANGE (noise_level);
/// NOT_A_NUMBER, INFINITE (encoder) where a column that stays is not finite.
/// Cost: k cols normal numbers where there is noise, and two passes over the weights; no workspace. The same on every
/// platform.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_initialise_to_match_f32(
    sae: *const saek_sae_f32,
    dictionary: *const f32,
    rows: usize,
    stride: usize,
    noise_level: f64,
    ordering: *const i64,
    seed: u64,
    stream: u64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        initialise_to_match(sae, dictionary, rows, stride, noise_level, ordering, Stream::new(seed, stream))
    })
}

/// As `saek_sae_initialise_to_match_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_initialise_to_match_f64(
    sae: *const saek_sae_f64,
    dictionary: *const f64,
    rows: usize,
    stride: usize,
    noise_level: f64,
    ordering: *const i64,
    seed: u64,
    stream: u64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        initialise_to_match(sae, dictionary, rows, stride, noise_level, ordering, Stream::new(seed, stream))
    })
}

/// # Safety
/// As the exported functions.
unsafe fn initialise_to_match<T: Scalar, S: VersionedStruct + Into<Weights<T>>>(
    sae: *const S,
    dictionary: *const T,
    rows: usize,
    stride: usize,
    noise_level: f64,
    ordering: *const i64,
    random: Stream,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let Weights { cols: d, latents: m, encoder, decoder, .. } = Weights::read(sae)?;
        let encoder = arguments.matrix_mut(encoder.0, d, m, encoder.1, Argument::Encoder)?;
        let decoder = arguments.matrix_mut(decoder.0, m, d, decoder.1, Argument::Decoder)?;
        let dictionary = arguments.matrix(dictionary, rows, d, stride, Argument::Dictionary)?;
        let ordering = arguments.optional_slice(ordering, rows, Argument::Ordering)?;
        sae::initialise_to_match(encoder, decoder, dictionary, noise_level, ordering, random)
    }
}
