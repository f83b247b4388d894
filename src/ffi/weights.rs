//! The C struct that holds the weights of an autoencoder.

use super::boundary::{Arguments, VersionedStruct, call, init_struct, required};
use super::types::saek_status;
use crate::error::{Argument, Error, Reason};
use crate::sae::{Sae, SaeMut};
use crate::scalar::Scalar;
use core::ptr::null_mut;

/// The weights of a standard sparse autoencoder of m latents on d dimensions, in the caller's memory:
/// latents = relu((h - b_dec) W_enc + b_enc), decoded = latents W_dec + b_dec.
///
/// Functions that take a pointer to a const struct read the weights; only `saek_sae_initialise_to_match_f32` and
/// `saek_sae_train_step_f32` write them. None writes the struct itself.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_sae_f32 {
    /// sizeof(saek_sae_f32); `saek_sae_f32_init` sets it.
    pub struct_size: u32,
    /// 1 where b_dec is subtracted from what is encoded, 0 where it is not.
    pub subtract_decoder_bias: u32,
    /// d, the number of dimensions.
    pub cols: usize,
    /// m, the number of latents.
    pub latents: usize,
    /// W_enc, d by m, row-major.
    pub encoder: *mut f32,
    /// Elements from one row of `encoder` to the next, >= m.
    pub encoder_stride: usize,
    /// b_enc, m numbers.
    pub encoder_bias: *mut f32,
    /// W_dec, m by d, row-major: a latent's direction a row.
    pub decoder: *mut f32,
    /// Elements from one row of `decoder` to the next, >= d.
    pub decoder_stride: usize,
    /// b_dec, d numbers.
    pub decoder_bias: *mut f32,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_sae_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            subtract_decoder_bias: 1,
            cols: 0,
            latents: 0,
            encoder: null_mut(),
            encoder_stride: 0,
            encoder_bias: null_mut(),
            decoder: null_mut(),
            decoder_stride: 0,
            decoder_bias: null_mut(),
        }
    }
}

impl From<saek_sae_f32> for Weights<f32> {
    fn from(sae: saek_sae_f32) -> Self {
        Self {
            subtract_decoder_bias: sae.subtract_decoder_bias,
            cols: sae.cols,
            latents: sae.latents,
            encoder: (sae.encoder, sae.encoder_stride),
            encoder_bias: sae.encoder_bias,
            decoder: (sae.decoder, sae.decoder_stride),
            decoder_bias: sae.decoder_bias,
        }
    }
}

/// As `saek_sae_f32`, in double precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_sae_f64 {
    /// sizeof(saek_sae_f64); `saek_sae_f64_init` sets it.
    pub struct_size: u32,
    /// 1 where b_dec is subtracted from what is encoded, 0 where it is not.
    pub subtract_decoder_bias: u32,
    /// d, the number of dimensions.
    pub cols: usize,
    /// m, the number of latents.
    pub latents: usize,
    /// W_enc, d by m, row-major.
    pub encoder: *mut f64,
    /// Elements from one row of `encoder` to the next, >= m.
    pub encoder_stride: usize,
    /// b_enc, m numbers.
    pub encoder_bias: *mut f64,
    /// W_dec, m by d, row-major: a latent's direction a row.
    pub decoder: *mut f64,
    /// Elements from one row of `decoder` to the next, >= d.
    pub decoder_stride: usize,
    /// b_dec, d numbers.
    pub decoder_bias: *mut f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_sae_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            subtract_decoder_bias: 1,
            cols: 0,
            latents: 0,
            encoder: null_mut(),
            encoder_stride: 0,
            encoder_bias: null_mut(),
            decoder: null_mut(),
            decoder_stride: 0,
            decoder_bias: null_mut(),
        }
    }
}

impl From<saek_sae_f64> for Weights<f64> {
    fn from(sae: saek_sae_f64) -> Self {
        Self {
            subtract_decoder_bias: sae.subtract_decoder_bias,
            cols: sae.cols,
            latents: sae.latents,
            encoder: (sae.encoder, sae.encoder_stride),
            encoder_bias: sae.encoder_bias,
            decoder: (sae.decoder, sae.decoder_stride),
            decoder_bias: sae.decoder_bias,
        }
    }
}

/// What `saek_sae_f32` or `saek_sae_f64` holds; matrices with their strides.
pub(super) struct Weights<T> {
    subtract_decoder_bias: u32,
    pub(super) cols: usize,
    pub(super) latents: usize,
    pub(super) encoder: (*mut T, usize),
    encoder_bias: *mut T,
    pub(super) decoder: (*mut T, usize),
    decoder_bias: *mut T,
}

impl<T: Scalar> Weights<T> {
    /// Reads the struct.
    ///
    /// # Safety
    /// `sae` is null or points to a struct at least as long as its `struct_size` says.
    pub(super) unsafe fn read<S: VersionedStruct + Into<Self>>(sae: *const S) -> Result<Self, Error> {
        // SAFETY: the caller's promise.
        let weights: Self = unsafe { required(sae, Argument::Sae)? }.into();
        weights.subtracts().map(|_| weights)
    }

    fn subtracts(&self) -> Result<bool, Error> {
        match self.subtract_decoder_bias {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Error::new(Reason::UnknownValue, Argument::SubtractDecoderBias)),
        }
    }

    /// Borrows the weights for reading.
    ///
    /// # Safety
    /// The pointers are null or point to what the fields of the struct say.
    pub(super) unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<Sae<'a, T>, Error> {
        let (d, m) = (self.cols, self.latents);
        // SAFETY: the caller's promise.
        unsafe {
            Ok(Sae {
                encoder: arguments.matrix(self.encoder.0, d, m, self.encoder.1, Argument::Encoder)?,
                encoder_bias: arguments.slice(self.encoder_bias, m, Argument::EncoderBias)?,
                decoder: arguments.matrix(self.decoder.0, m, d, self.decoder.1, Argument::Decoder)?,
                decoder_bias: arguments.slice(self.decoder_bias, d, Argument::DecoderBias)?,
                subtract_decoder_bias: self.subtracts()?,
            })
        }
    }

    /// Borrows the weights for writing.
    ///
    /// # Safety
    /// The pointers are null or point to what the fields of the struct say.
    pub(super) unsafe fn borrow_mut<'a>(&self, arguments: &mut Arguments) -> Result<SaeMut<'a, T>, Error> {
        let (d, m) = (self.cols, self.latents);
        // SAFETY: the caller's promise.
        unsafe {
            Ok(SaeMut {
                encoder: arguments.matrix_mut(self.encoder.0, d, m, self.encoder.1, Argument::Encoder)?,
                encoder_bias: arguments.slice_mut(self.encoder_bias, m, Argument::EncoderBias)?,
                decoder: arguments.matrix_mut(self.decoder.0, m, d, self.decoder.1, Argument::Decoder)?,
                decoder_bias: arguments.slice_mut(self.decoder_bias, d, Argument::DecoderBias)?,
                subtract_decoder_bias: self.subtracts()?,
            })
        }
    }
}

/// Sets the size of `sae`, subtract_decoder_bias to 1, and everything else to 0 and NULL.
///
/// Status: NULL_POINTER, MISALIGNED (sae).
///
/// # Safety
/// `sae` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_f32_init(sae: *mut saek_sae_f32) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(sae, Argument::Sae) })
}

/// As `saek_sae_f32_init`, for `saek_sae_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_f64_init(sae: *mut saek_sae_f64) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(sae, Argument::Sae) })
}
