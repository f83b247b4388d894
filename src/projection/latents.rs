//! Hidden vectors to latents: z = h E^T + bias, all of them, or those at given places only.

use super::{check_bias, for_each_part, multiply_and_add};
use crate::activation::CsrPattern;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row};
use crate::scalar::Scalar;
use crate::simd::{Loop, prefetch, vectorised};
use faer::Par;

/// All latents of a batch: `latents[b, n] = hidden[b, d] dictionary[n, d]^T + bias[n]`.
///
/// The product of [`project_dense`](super::project_dense) with the dictionary transposed: what an encoder with the rows
/// of `dictionary` computes before its nonlinearity, and the gradient of a loss with respect to the activations, where
/// `hidden` is that with respect to the hidden vectors.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Hidden`, `Dictionary` and `Bias`;
/// [`Reason::Shape`] on `Dictionary`, `Bias` and `Latents`. `latents` is then untouched.
///
/// # Cost
/// 2 b n d flops in one matrix product, no workspace. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; rounding depends on its SIMD width.
pub fn latents_dense<T: Scalar>(
    hidden: RowMajor<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    latents: RowMajorMut<'_, T>,
    par: Par,
) -> Result<(), Error> {
    check(hidden, dictionary, bias)?;
    ensure_shape(latents.as_ref(), hidden.nrows(), dictionary.nrows(), Argument::Latents)?;
    let (h, e) = (hidden.as_dyn_stride(), dictionary.transpose().as_dyn_stride());
    multiply_and_add(h, e, bias, latents, par);
    Ok(())
}

/// The latents at the places of a sparse batch: `latents[k] = hidden_r . dictionary_j + bias_j` for its k-th non-zero
/// (r, j).
///
/// # Errors
/// As for [`latents_dense`], with [`Reason::Shape`] on `Hidden` unless it has a row for each of the batch's and on
/// `Latents` unless there is one for each of its non-zeros. `latents` is then untouched.
///
/// # Cost
/// 2 nnz d flops and nnz d numbers read from the dictionary, in parts as for [`project_csr`](super::project_csr). No
/// workspace.
///
/// # Determinism
/// The same bits on every platform: a product is summed in 16 lanes, which are added in a fixed tree.
pub fn latents_at<T: Scalar>(
    hidden: RowMajor<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    places: CsrPattern<'_>,
    latents: &mut [T],
) -> Result<(), Error> {
    check(hidden, dictionary, bias)?;
    ensure(hidden.nrows() == places.rows(), Reason::Shape, Argument::Hidden)?;
    ensure(dictionary.nrows() == places.cols(), Reason::Shape, Argument::Dictionary)?;
    ensure(latents.len() == places.nnz(), Reason::Shape, Argument::Latents)?;
    for_each_part::<T>(places, dictionary.ncols(), |r, _, entries| {
        let (range, columns) = (places.range(r), places.columns(r));
        let (latents, columns) = (&mut latents[range][entries.clone()], &columns[entries]);
        vectorised(Products { hidden: row(hidden, r), dictionary, bias, columns, latents });
    });
    Ok(())
}

/// latents_k <- hidden . row column_k of the dictionary + its bias.
struct Products<'a, T> {
    hidden: &'a [T],
    dictionary: RowMajor<'a, T>,
    bias: Option<&'a [T]>,
    columns: &'a [u32],
    latents: &'a mut [T],
}

/// Rows of the dictionary that are multiplied at a time.
const GROUP: usize = 4;

/// Sums that a product is made of.
const LANES: usize = 16;

impl<T: Scalar> Loop for Products<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let vector = |column: u32| row(self.dictionary, column as usize);
        // The last group may be smaller: its first row then stands in for what it lacks.
        let vectors = |columns: &[u32]| {
            let of = |k: usize| vector(*columns.get(k).unwrap_or(&columns[0]));
            [of(0), of(1), of(2), of(3)]
        };
        let mut groups = self.columns.chunks(GROUP).peekable();
        for latents in self.latents.chunks_mut(GROUP) {
            let Some(columns) = groups.next() else { return };
            // Rows lie anywhere, and memory does not guess which comes next.
            let next = vectors(groups.peek().unwrap_or(&columns));
            let products = products(self.hidden, vectors(columns), next);
            for ((latent, &product), &column) in latents.iter_mut().zip(&products).zip(columns) {
                *latent = self.bias.map_or(product, |bias| product + bias[column as usize]);
            }
        }
    }
}

/// The inner products of a vector and four others of the same length, while the next four are brought into the cache.
#[inline(always)]
fn products<T: Scalar>(hidden: &[T], vectors: [&[T]; GROUP], next: [&[T]; GROUP]) -> [T; GROUP] {
    let [u, v, w, x] = vectors.map(|vector| vector.as_chunks::<LANES>());
    // Four variables, not an array of arrays, stay in registers.
    let none = [T::ZERO; LANES];
    let (mut a, mut b, mut c, mut d) = (none, none, none, none);
    let (pieces, rest) = hidden.as_chunks::<LANES>();
    let (u_pieces, v_pieces) = (&u.0[..pieces.len()], &v.0[..pieces.len()]);
    let (w_pieces, x_pieces) = (&w.0[..pieces.len()], &x.0[..pieces.len()]);
    for (k, h) in pieces.iter().enumerate() {
        next.iter().for_each(|vector| prefetch::<T, LANES>(vector, k * LANES));
        add_products(&mut a, h, &u_pieces[k]);
        add_products(&mut b, h, &v_pieces[k]);
        add_products(&mut c, h, &w_pieces[k]);
        add_products(&mut d, h, &x_pieces[k]);
    }
    if !rest.is_empty() {
        let h = padded(rest);
        add_products(&mut a, &h, &padded(u.1));
        add_products(&mut b, &h, &padded(v.1));
        add_products(&mut c, &h, &padded(w.1));
        add_products(&mut d, &h, &padded(x.1));
    }
    [sum(&a), sum(&b), sum(&c), sum(&d)]
}

/// A piece that ends in zeros.
#[inline(always)]
fn padded<T: Scalar>(rest: &[T]) -> [T; LANES] {
    let mut piece = [T::ZERO; LANES];
    for (x, &y) in piece.iter_mut().zip(rest) {
        *x = y;
    }
    piece
}

/// sums <- sums + h * x, lane by lane.
#[inline(always)]
fn add_products<T: Scalar>(sums: &mut [T; LANES], h: &[T; LANES], x: &[T; LANES]) {
    for lane in 0..LANES {
        sums[lane] += h[lane] * x[lane];
    }
}

/// The sum of all lanes, in a fixed tree.
///
/// Not inlined: the compiler would else take the sums apart for it.
#[inline(never)]
fn sum<T: Scalar>(lanes: &[T; LANES]) -> T {
    let mut lanes = *lanes;
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// Checks what both have in common.
fn check<T: Scalar>(
    hidden: RowMajor<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
) -> Result<(), Error> {
    ensure_not_empty(hidden, Argument::Hidden)?;
    ensure_finite_matrix(hidden, Argument::Hidden)?;
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    ensure(dictionary.ncols() == hidden.ncols(), Reason::Shape, Argument::Dictionary)?;
    ensure_finite_matrix(dictionary, Argument::Dictionary)?;
    check_bias(bias, dictionary.nrows())
}
