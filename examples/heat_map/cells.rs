//! The numbers behind the picture: the cosines of ordered latents with features, one number a cell.

use anyhow::{Context, Result};
use faer::dyn_stack::MemBuffer;
use sae_kernels::matching::{
    best_ordering, best_ordering_scratch, cosine_similarities, cosine_similarities_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major, row_major_mut};
use sae_kernels::{MemStack, StackReq};

/// Latents compared at a time: the full matrix of cosines, which may be large, never exists.
const LATENTS_AT_ONCE: usize = 256;

/// A grid of cosines in [-1, 1], row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    pub rows: usize,
    pub cols: usize,
    pub values: Vec<f32>,
}

fn workspace(request: StackReq) -> Result<MemBuffer> {
    MemBuffer::try_new(request).ok().context("not enough memory for the workspace")
}

/// The latents in the order of the features that they match best.
pub fn ordering(latents: RowMajor<'_, f32>, features: RowMajor<'_, f32>) -> Result<Vec<usize>> {
    let request = best_ordering_scratch::<f32>(latents.nrows(), features.nrows(), latents.ncols());
    let mut memory = workspace(request)?;
    let mut ordering = vec![0_i64; latents.nrows()];
    best_ordering(latents, features, &mut ordering, MemStack::new(&mut memory))?;
    Ok(ordering.into_iter().map(|latent| latent as usize).collect())
}

/// The cosines of `latents`, in the order given, with `features`, in at most `most` rows and columns.
///
/// A cell that stands for several cosines has the one farthest from 0, with its sign: a mean would hide the few
/// that matter among the many near 0.
pub fn cosines(
    latents: RowMajor<'_, f32>,
    features: RowMajor<'_, f32>,
    ordering: &[usize],
    most: usize,
) -> Result<Cells> {
    let (m, n, d) = (latents.nrows(), features.nrows(), latents.ncols());
    let (rows, cols) = (m.min(most), n.min(most));
    let mut values = vec![0_f32; rows * cols];

    let at_once = m.min(LATENTS_AT_ONCE);
    let mut memory = workspace(cosine_similarities_scratch::<f32>(at_once, n, d))?;
    let mut gathered = vec![0_f32; at_once * d];
    let mut block = vec![0_f32; at_once * n];
    for (chunk, order) in ordering.chunks(at_once).enumerate() {
        for (row, &latent) in gathered.chunks_exact_mut(d).zip(order) {
            row.iter_mut().zip(latents.row(latent).iter()).for_each(|(to, &from)| *to = from);
        }
        cosine_similarities(
            row_major(&gathered, order.len(), d, d)?,
            features,
            row_major_mut(&mut block, order.len(), n, n)?,
            MemStack::new(&mut memory),
        )?;
        for (i, row) in block.chunks_exact(n).take(order.len()).enumerate() {
            let cell_row = (chunk * at_once + i) * rows / m;
            for (j, &cosine) in row.iter().enumerate() {
                let cell = &mut values[cell_row * cols + j * cols / n];
                if cosine.abs() > cell.abs() {
                    *cell = cosine;
                }
            }
        }
    }
    Ok(Cells { rows, cols, values })
}
