//! Initialise an autoencoder so that it matches a dictionary: a known good start, or ground truth for evaluation.

use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;

/// Sets the encoder's first columns to the features, with noise, and the decoder to the encoder's transpose.
///
/// With k = min(m, n): `encoder[:, i] = dictionary[ordering[i]] + noise_level N(0, 1)` for i < k, then
/// `decoder = encoder^T` as a whole; columns of the encoder from k on stay as they are. Without `ordering` features
/// come in their own order. With random unit rows for a dictionary this is the usual tied initialisation.
///
/// # Shapes
/// `dictionary[n, d]`, `encoder[d, m]`, `decoder[m, d]`, `ordering[n]` with elements in 0..n.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`; [`Reason::Shape`] on `Encoder`,
/// `Decoder`, `Ordering`; [`Reason::IndexOutOfRange`] on `Ordering`; [`Reason::NotANumber`], [`Reason::Infinite`],
/// [`Reason::OutOfRange`] on `NoiseLevel`, which is >= 0; [`Reason::NotANumber`], [`Reason::Infinite`] on `Encoder`
/// where a column that stays is not finite. The weights are then untouched.
///
/// # Cost
/// d k normal numbers where there is noise, and two passes over the weights. No workspace. The noise of column i is a
/// function of `(seed, stream, i)`: the same on every platform.
///
/// # Source
/// `sae_lens.synthetic.init_sae_to_match_feature_dict`.
pub fn initialise_to_match<T: Scalar>(
    mut encoder: RowMajorMut<'_, T>,
    mut decoder: RowMajorMut<'_, T>,
    dictionary: RowMajor<'_, T>,
    noise_level: f64,
    ordering: Option<&[i64]>,
    stream: Stream,
) -> Result<(), Error> {
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    ensure_finite_matrix(dictionary, Argument::Dictionary)?;
    ensure_not_empty(encoder.as_ref(), Argument::Encoder)?;
    let (n, d, m) = (dictionary.nrows(), dictionary.ncols(), encoder.ncols());
    ensure(encoder.nrows() == d, Reason::Shape, Argument::Encoder)?;
    ensure_shape(decoder.as_ref(), m, d, Argument::Decoder)?;
    ensure_finite(noise_level, Argument::NoiseLevel)?;
    ensure(noise_level >= 0.0, Reason::OutOfRange, Argument::NoiseLevel)?;
    if let Some(ordering) = ordering {
        ensure(ordering.len() == n, Reason::Shape, Argument::Ordering)?;
        let in_range = ordering.iter().all(|&i| usize::try_from(i).is_ok_and(|i| i < n));
        ensure(in_range, Reason::IndexOutOfRange, Argument::Ordering)?;
    }
    let matched = m.min(n);
    for k in 0..d {
        crate::matrix::ensure_finite_slice(&row(encoder.as_ref(), k)[matched..], Argument::Encoder)?;
    }

    for i in 0..matched {
        let feature = row(dictionary, ordering.map_or(i, |ordering| ordering[i] as usize));
        let mut rng = stream.row(Purpose::WeightNoise, i as u64);
        for (k, &x) in feature.iter().enumerate() {
            let noise = if noise_level > 0.0 { noise_level * standard_normal(&mut rng) } else { 0.0 };
            encoder[(k, i)] = x + T::from_f64(noise);
        }
    }
    for i in 0..m {
        for k in 0..d {
            decoder[(i, k)] = encoder[(k, i)];
        }
    }
    Ok(())
}
