//! The standard sparse autoencoder: a linear encoder with a relu, a linear decoder.
//!
//! latents = relu((h - b_dec) W_enc + b_enc),  decoded = latents W_dec + b_dec.
//! Bricken et al. 2023, "Towards Monosemanticity"; `StandardSAE` of sae-lens. Subtracting b_dec before encoding is
//! optional, as there (`apply_b_dec_to_input`).

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, ensure_shape, row,
    row_major_mut, row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros};
use faer::dyn_stack::{MemStack, StackReq};
use faer::{Accum, Par};

/// The weights of an autoencoder of m latents on d dimensions.
#[derive(Clone, Copy, Debug)]
pub struct Sae<'a, T> {
    /// W_enc, d by m.
    pub encoder: RowMajor<'a, T>,
    /// b_enc, m numbers.
    pub encoder_bias: &'a [T],
    /// W_dec, m by d: one latent's direction a row.
    pub decoder: RowMajor<'a, T>,
    /// b_dec, d numbers.
    pub decoder_bias: &'a [T],
    /// Whether b_dec is subtracted from what is encoded. The reference's default is to do so.
    pub subtract_decoder_bias: bool,
}

impl<T: Scalar> Sae<'_, T> {
    /// Refuses weights whose shapes disagree or which are not finite.
    pub(crate) fn check(&self) -> Result<(), Error> {
        ensure_not_empty(self.encoder, Argument::Encoder)?;
        let (d, m) = (self.encoder.nrows(), self.encoder.ncols());
        ensure(self.encoder_bias.len() == m, Reason::Shape, Argument::EncoderBias)?;
        ensure_shape(self.decoder, m, d, Argument::Decoder)?;
        ensure(self.decoder_bias.len() == d, Reason::Shape, Argument::DecoderBias)?;
        ensure_finite_matrix(self.encoder, Argument::Encoder)?;
        ensure_finite_slice(self.encoder_bias, Argument::EncoderBias)?;
        ensure_finite_matrix(self.decoder, Argument::Decoder)?;
        ensure_finite_slice(self.decoder_bias, Argument::DecoderBias)
    }
}

/// The workspace of [`encode`] for a batch of `rows` vectors in `cols` dimensions: rows cols numbers.
pub fn encode_scratch<T: Scalar>(rows: usize, cols: usize) -> StackReq {
    matrix_scratch::<T>(rows, cols)
}

/// Encodes a batch: `latents[b, m] = relu((hidden[b, d] - b_dec) W_enc + b_enc)`.
///
/// # Errors
/// [`Reason::Shape`], [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on the weights and on `Hidden`;
/// [`Reason::Shape`] on `Latents`; [`Reason::WorkspaceTooSmall`]. `latents` is then untouched.
///
/// # Cost
/// 2 b d m flops. No allocation with `std` after a thread's first product. Deterministic on one machine.
pub fn encode<T: Scalar>(
    sae: &Sae<'_, T>,
    hidden: RowMajor<'_, T>,
    mut latents: RowMajorMut<'_, T>,
    par: Par,
    stack: &mut MemStack,
) -> Result<(), Error> {
    sae.check()?;
    ensure_not_empty(hidden, Argument::Hidden)?;
    let (b, d) = (hidden.nrows(), hidden.ncols());
    ensure(d == sae.encoder.nrows(), Reason::Shape, Argument::Hidden)?;
    ensure_finite_matrix(hidden, Argument::Hidden)?;
    ensure_shape(latents.as_ref(), b, sae.encoder.ncols(), Argument::Latents)?;
    ensure_workspace(stack, encode_scratch::<T>(b, d))?;
    let (mut centred, _) = take_zeros::<T>(stack, b * d);
    let mut centred = row_major_mut(&mut centred, b, d, d)?;
    encode_checked(sae, hidden, &mut centred, &mut latents, par);
    Ok(())
}

/// Encodes a batch whose arguments are known to be good; leaves `hidden - b_dec` in `centred`.
pub(super) fn encode_checked<T: Scalar>(
    sae: &Sae<'_, T>,
    hidden: RowMajor<'_, T>,
    centred: &mut RowMajorMut<'_, T>,
    latents: &mut RowMajorMut<'_, T>,
    par: Par,
) {
    for r in 0..hidden.nrows() {
        let out = row_mut(centred, r);
        out.copy_from_slice(row(hidden, r));
        if sae.subtract_decoder_bias {
            out.iter_mut().zip(sae.decoder_bias).for_each(|(x, &b)| *x -= b);
        }
        row_mut(latents, r).copy_from_slice(sae.encoder_bias);
    }
    let (x, w) = (centred.as_ref().as_dyn_stride(), sae.encoder.as_dyn_stride());
    multiply(latents.as_mut(), Accum::Add, x, w, T::ONE, par);
    for r in 0..latents.nrows() {
        row_mut(latents, r).iter_mut().for_each(|z| *z = z.relu());
    }
}

/// Decodes a batch: `decoded[b, d] = latents[b, m] W_dec + b_dec`.
///
/// # Errors
/// As for [`encode`], on `Latents` and `Decoded`. `decoded` is then untouched.
///
/// # Cost
/// 2 b d m flops, no workspace. Deterministic on one machine.
pub fn decode<T: Scalar>(
    sae: &Sae<'_, T>,
    latents: RowMajor<'_, T>,
    mut decoded: RowMajorMut<'_, T>,
    par: Par,
) -> Result<(), Error> {
    sae.check()?;
    ensure_not_empty(latents, Argument::Latents)?;
    ensure(latents.ncols() == sae.decoder.nrows(), Reason::Shape, Argument::Latents)?;
    ensure_finite_matrix(latents, Argument::Latents)?;
    ensure_shape(decoded.as_ref(), latents.nrows(), sae.decoder.ncols(), Argument::Decoded)?;
    decode_checked(sae, latents, &mut decoded, par);
    Ok(())
}

/// Decodes a batch whose arguments are known to be good.
pub(super) fn decode_checked<T: Scalar>(
    sae: &Sae<'_, T>,
    latents: RowMajor<'_, T>,
    decoded: &mut RowMajorMut<'_, T>,
    par: Par,
) {
    (0..decoded.nrows()).for_each(|r| row_mut(decoded, r).copy_from_slice(sae.decoder_bias));
    let (z, w) = (latents.as_dyn_stride(), sae.decoder.as_dyn_stride());
    multiply(decoded.as_mut(), Accum::Add, z, w, T::ONE, par);
}
