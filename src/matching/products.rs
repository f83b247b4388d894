//! The similarities of two dictionaries, computed row by row as they are asked for and never all at once.
//!
//! The cost of a pair is minus its cosine, or minus the magnitude of it. A block of rows is multiplied with all
//! vectors of the other dictionary, which lie packed in panels as in every fast matrix product (Goto and van de Geijn
//! 2008): a tile of 6 rows by one panel stays in registers while it sums over the dimensions. **Every sum runs over
//! the dimensions in their order, in one accumulator**, however rows are blocked and over however many threads: so a
//! row computed alone, a block later or on another thread has the same bits, which exact matching needs of its costs.

use super::matched::MatchParams;
use crate::assignment::{LeastTwo, Lines, write_least_by_row};
use crate::dictionary::unit;
use crate::error::{Argument, Error, Reason};
use crate::matrix::{RowMajor, row};
use crate::scalar::Scalar;
use crate::simd::tile::{TILE, sums_of_tile};
use crate::simd::{Loop, fuses_multiply_add, vectorised};
use crate::workspace::{matrix_scratch, take_zeros, vector_scratch};
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// Rows of a block: its product is written and read again before it leaves the cache, and the packed panels come from
/// memory once a block.
pub(super) const BLOCK: usize = 16 * TILE;

/// Values of a panel for one dimension: 64 bytes, a register or two.
const fn panel_width<T>() -> usize {
    64 / size_of::<T>()
}

/// Which similarity is matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Similarity {
    /// |cos(a, b)|, as the mean correlation coefficient has it: a vector and its negative are the same.
    #[default]
    AbsoluteCosine = 0,
    /// cos(a, b).
    Cosine = 1,
}

/// The memory of [`Products`].
struct ProductsMemory<'a, T> {
    /// [`packed_len`] values: the vectors whose similarities make a row.
    panels: &'a mut [T],
    /// [`BLOCK`] times d values: packed vectors, one for each row.
    tiles: &'a mut [T],
    /// [`BLOCK`] rows of [`padded`] values: their costs.
    block: &'a mut [T],
}

/// The number of vectors, rounded up to whole panels.
fn padded<T>(vectors: usize) -> usize {
    vectors.next_multiple_of(panel_width::<T>())
}

/// Values that `vectors` packed vectors of `d` entries take.
fn packed_len<T>(vectors: usize, d: usize) -> Option<usize> {
    vectors.checked_next_multiple_of(panel_width::<T>())?.checked_mul(d)
}

/// The workspace of products with `cols` vectors of `d` entries: cols d + 96 (cols + d) values of `T`, cols rounded up
/// to 64.
pub(super) fn products_scratch<T: Scalar>(cols: usize, d: usize) -> StackReq {
    let Some(padded) = cols.checked_next_multiple_of(64) else { return StackReq::OVERFLOW };
    StackReq::all_of(&[
        packed_len::<T>(cols, d).map_or(StackReq::OVERFLOW, vector_scratch::<T>),
        matrix_scratch::<T>(BLOCK, d),
        matrix_scratch::<T>(BLOCK, padded),
    ])
}

/// Packs `cols` and hands the products of `rows` with them on, with what is left of the stack.
///
/// Both are finite and have the same number of columns; the stack holds [`products_scratch`].
pub(super) fn with_products<T: Scalar, R>(
    rows: RowMajor<'_, T>,
    cols: RowMajor<'_, T>,
    params: MatchParams,
    best: Best<'_, T>,
    stack: &mut MemStack,
    body: impl FnOnce(&mut Products<'_, T>, &mut MemStack) -> Result<R, Error>,
) -> Result<R, Error> {
    let (m, d) = (cols.nrows(), cols.ncols());
    let panels = packed_len::<T>(m, d).ok_or(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace))?;
    let (mut panels, stack) = take_zeros::<T>(stack, panels);
    let (mut tiles, stack) = take_zeros::<T>(stack, BLOCK * d);
    let (mut block, stack) = take_zeros::<T>(stack, BLOCK * padded::<T>(m));
    let memory = ProductsMemory { panels: &mut panels, tiles: &mut tiles, block: &mut block };
    let mut products = Products::new(rows, cols, params, memory);
    products.best = best;
    body(&mut products, stack)
}

/// Minus the similarities of all pairs of two dictionaries, a row for each vector of the first.
pub(super) struct Products<'a, T> {
    rows: RowMajor<'a, T>,
    cols: usize,
    similarity: Similarity,
    par: Par,
    /// Minus one for costs, one for similarities.
    sign: T,
    memory: ProductsMemory<'a, T>,
    /// The rows in the block,
    held: [u32; BLOCK],
    /// and how many they are.
    held_len: usize,
    /// Whether rows are still asked for in their order.
    in_order: bool,
    /// The best match of every vector, kept while rows are computed in their order.
    pub(super) best: Best<'a, T>,
}

/// The most similar vector for each vector of both dictionaries, the first of equals; empty where nobody asks for it.
#[derive(Default)]
pub(super) struct Best<'a, T> {
    /// For each row its column.
    pub(super) col_of_row: &'a mut [u32],
    /// For each column its row,
    pub(super) row_of_col: &'a mut [u32],
    /// with the cost of that pair; +infinity at first.
    pub(super) cost_of_col: &'a mut [T],
}

impl<T: Scalar> Best<'_, T> {
    /// Takes in a row.
    fn add(&mut self, i: usize, costs: &[T]) {
        let two = vectorised(LeastTwo { row: costs, limit: T::MAX });
        self.col_of_row[i] = two.map_or(0, |two| two.column as u32);
        for ((best, least), &cost) in self.row_of_col.iter_mut().zip(self.cost_of_col.iter_mut()).zip(costs) {
            let better = cost < *least;
            *least = if better { cost } else { *least };
            *best = if better { i as u32 } else { *best };
        }
    }
}

impl<'a, T: Scalar> Products<'a, T> {
    /// Packs `cols`; both are finite and have the same number of columns.
    fn new(
        rows: RowMajor<'a, T>,
        cols: RowMajor<'_, T>,
        MatchParams { similarity, par }: MatchParams,
        memory: ProductsMemory<'a, T>,
    ) -> Self {
        let d = rows.ncols();
        let width = panel_width::<T>();
        memory.panels.fill(T::ZERO);
        for j in 0..cols.nrows() {
            let unit = unit(row(cols, j));
            let panel = &mut memory.panels[j / width * width * d..][..width * d];
            for (values, &x) in panel.chunks_exact_mut(width).zip(row(cols, j)) {
                values[j % width] = unit(x);
            }
        }
        let cols = cols.nrows();
        Self {
            rows,
            cols,
            similarity,
            par,
            sign: -T::ONE,
            memory,
            held: [0; BLOCK],
            held_len: 0,
            in_order: true,
            best: Best::default(),
        }
    }

    /// Computes rows, [`BLOCK`] at most, in place of those held.
    fn compute(&mut self, wanted: impl Iterator<Item = usize>) {
        let (d, stride) = (self.rows.ncols(), self.stride());
        self.memory.tiles.fill(T::ZERO);
        self.held_len = 0;
        for (q, i) in wanted.take(BLOCK).enumerate() {
            let unit = unit(row(self.rows, i));
            let tile = &mut self.memory.tiles[q / TILE * TILE * d..][..TILE * d];
            for (values, &x) in tile.chunks_exact_mut(TILE).zip(row(self.rows, i)) {
                values[q % TILE] = unit(x);
            }
            self.held[q] = i as u32;
            self.held_len = q + 1;
        }
        let tiles = self.held_len.div_ceil(TILE);
        let value = self.value();
        let panels = &*self.memory.panels;
        let multiply = |packed: &[T], out: &mut [T]| run(Tiles { packed, panels, out, d, stride, value });
        let packed = &self.memory.tiles[..tiles * TILE * d];
        let out = &mut self.memory.block[..tiles * TILE * stride];
        match self.par {
            #[cfg(feature = "parallel")]
            Par::Rayon(threads) => {
                use rayon::prelude::*;
                let each = tiles.div_ceil(threads.get()).max(1) * TILE;
                let parts = out.par_chunks_mut(each * stride).zip(packed.par_chunks(each * d));
                parts.for_each(|(out, packed)| multiply(packed, out));
            }
            // faer may know of threads when this crate has been built without.
            #[allow(unreachable_patterns)]
            _ => multiply(packed, out),
        }
    }

    /// Computes the block that row `i` is in, for whoever reads all rows in their order.
    fn compute_block(&mut self, i: usize) {
        let first = i / BLOCK * BLOCK;
        self.compute(first..(first + BLOCK).min(self.rows.nrows()));
        if !self.best.col_of_row.is_empty() {
            let rows = self.memory.block.chunks_exact(padded::<T>(self.cols)).take(self.held_len);
            for (r, costs) in rows.enumerate() {
                self.best.add(first + r, &costs[..self.cols]);
            }
        }
    }

    /// The place of row `i` in the block, if it is there.
    fn place(&self, i: usize) -> Option<usize> {
        self.held[..self.held_len].iter().position(|&held| held as usize == i)
    }

    /// Gives similarities from now on, not costs.
    pub(super) fn give_similarities(&mut self) {
        self.sign = T::ONE;
        self.held_len = 0;
    }

    /// Computes the block of rows from row `first` on: how many these are, and the memory they are in, to be changed
    /// at will, a row every [`Self::stride`] values.
    pub(super) fn take_block(&mut self, first: usize) -> (usize, &mut [T]) {
        self.compute(first..(first + BLOCK).min(self.rows.nrows()));
        let rows = core::mem::take(&mut self.held_len);
        let len = rows * self.stride();
        (rows, &mut self.memory.block[..len])
    }

    /// How far apart the rows of a block are.
    pub(super) fn stride(&self) -> usize {
        padded::<T>(self.cols)
    }

    fn value(&self) -> Value<T> {
        Value { absolute: self.similarity == Similarity::AbsoluteCosine, sign: self.sign }
    }

    /// Rows will again be asked for in their order.
    fn begin_reading(&mut self) {
        self.in_order = true;
        self.held_len = 0;
    }
}

impl<T: Scalar> Lines<T> for Products<'_, T> {
    fn rows(&self) -> usize {
        self.rows.nrows()
    }

    fn cols(&self) -> usize {
        self.cols
    }

    fn row(&mut self, i: usize) -> &[T] {
        if self.place(i).is_none() {
            if self.in_order {
                self.compute_block(i);
            } else {
                self.compute(core::iter::once(i));
            }
        }
        let stride = self.stride();
        let place = self.place(i).unwrap_or(0);
        &self.memory.block[place * stride..][..self.cols]
    }

    fn prepare(&mut self, rows: &[u32]) {
        let missing = rows.first().is_some_and(|&first| self.place(first as usize).is_none());
        if missing {
            self.compute(rows.iter().map(|&row| row as usize));
        }
    }

    fn write_least(&mut self, duals: &[f64], least: &mut [f64]) {
        // The best matches are known from the first reading.
        let best = core::mem::take(&mut self.best);
        self.begin_reading();
        write_least_by_row(self, duals, least);
        self.best = best;
    }

    fn are_costly(&self) -> bool {
        true
    }

    fn end_reading(&mut self) {
        self.in_order = false;
    }
}

/// Multiplies packed tiles with all panels, with the width of the panels and the way of multiplying known to the
/// compiler.
fn run<T: Scalar>(tiles: Tiles<'_, T>) {
    match (panel_width::<T>(), fuses_multiply_add()) {
        (16, true) => vectorised(Of::<T, 16, true>(tiles)),
        (16, false) => vectorised(Of::<T, 16, false>(tiles)),
        (_, true) => vectorised(Of::<T, 8, true>(tiles)),
        (_, false) => vectorised(Of::<T, 8, false>(tiles)),
    }
}

/// Packed tiles times all panels; `out` has `stride` columns.
struct Tiles<'a, T> {
    packed: &'a [T],
    panels: &'a [T],
    out: &'a mut [T],
    d: usize,
    stride: usize,
    value: Value<T>,
}

/// The same for panels of a width, with multiplication and addition fused or not.
struct Of<'a, T, const WIDTH: usize, const FUSED: bool>(Tiles<'a, T>);

impl<T: Scalar, const WIDTH: usize, const FUSED: bool> Loop for Of<'_, T, WIDTH, FUSED> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Tiles { packed, panels, out, d, stride, value } = self.0;
        for (p, panel) in panels.chunks_exact(WIDTH * d).enumerate() {
            let (panel, _) = panel.as_chunks::<WIDTH>();
            for (tile, out) in packed.chunks_exact(TILE * d).zip(out.chunks_exact_mut(TILE * stride)) {
                let (tile, _) = tile.as_chunks::<TILE>();
                let sums = sums_of_tile::<T, WIDTH, FUSED>(tile.iter().copied(), panel);
                for (row, sums) in out.chunks_exact_mut(stride).zip(sums) {
                    value.write(&sums, &mut row[p * WIDTH..][..WIDTH]);
                }
            }
        }
    }
}

/// What is made of a cosine.
#[derive(Clone, Copy)]
struct Value<T> {
    absolute: bool,
    sign: T,
}

impl<T: Scalar> Value<T> {
    /// Writes values for the cosines, these cut to [-1, 1], which rounding could leave.
    #[inline(always)]
    fn write<const WIDTH: usize>(self, sums: &[T; WIDTH], out: &mut [T]) {
        for (out, &sum) in out.iter_mut().zip(sums) {
            let cut = if sum > T::ONE { T::ONE } else { sum };
            let cut = if cut < -T::ONE { -T::ONE } else { cut };
            *out = self.sign * if self.absolute { Scalar::abs(cut) } else { cut };
        }
    }
}
