//! A blocked matrix product without allocation, runtime dispatch or a standard library.
//!
//! Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008: blocks of both
//! operands are packed in the order in which they are read, and a tile of the result stays in registers while it sums
//! over the depth of a block. Blocks are so small here, 64 KiB of the right operand and 24 or 48 KiB of the left one,
//! that they lie on the stack, and a kernel without a workspace can multiply too. The right block stays in the second
//! cache while rows of the left operand pass by, which are packed only where they are not read forwards anyway; they
//! pass in bands that stay there too, each past all of the right operand.

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, row, row_mut};
use crate::scalar::Scalar;
use crate::simd::tile::{TILE, sums_of_tile};
use crate::simd::{Loop, fuses_multiply_add, vectorised};
use faer::prelude::ReborrowMut;
use faer::{Accum, MatRef};

/// Bytes of a row of a tile: two registers of the widest kind that the build knows of. With the [`TILE`] rows that are
/// twelve registers of sums, which leaves four even where there are but sixteen.
const PANEL_BYTES: usize = if cfg!(target_feature = "avx512f") {
    128
} else if cfg!(target_feature = "avx") {
    64
} else {
    32
};

/// Rows packed together, a few tiles' worth, so that a transposed left operand is read by whole cache lines.
const ROWS: usize = 4 * TILE;

/// Summands of a block.
const DEPTH: usize = 256;

/// Summands for which a block of that depth takes less stack, whose clearing a small product would notice.
const SHALLOW: usize = 64;

/// Bytes of packed right operand a summand.
const WIDTH_BYTES: usize = 256;

/// Bytes of left operand that meet all of the right one before other rows do, so that they come from the second cache.
const BAND_BYTES: usize = 384 << 10;

/// Which part of a result is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    All,
    /// What is on and below the diagonal. Above it some elements may be written, others not.
    Lower,
}

/// Multiplies `out[m, n] = factor left[m, k] right[k, n]`, or adds that product to `out`.
///
/// Operands may have any strides, so that a transposed view is as good as another; the strides that are fast are those
/// of row-major matrices and of their transposes. `out` shares no memory with them.
///
/// # Errors
/// [`Reason::Shape`] on [`Argument::B`] where `right` does not have k rows, on [`Argument::Out`] where `out` is not m by
/// n. `out` is then untouched.
///
/// # Cost
/// 2 m n k flops, half of it for [`Part::Lower`] of a square result. 88 to 112 KiB of stack, a quarter of it for k <=
/// 64, no workspace, no allocation.
///
/// # Determinism
/// Sums run over blocks of 256 summands, each in its order: the same bits for the same build and, with `std`, the same
/// CPU. Multiplication and addition are fused where the build knows of the instruction.
pub fn blocked<T: Scalar>(
    mut out: RowMajorMut<'_, T>,
    accumulate: Accum,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    factor: T,
    part: Part,
) -> Result<(), Error> {
    let (m, n, depth) = (left.nrows(), right.ncols(), left.ncols());
    ensure(right.nrows() == depth, Reason::Shape, Argument::B)?;
    ensure(out.nrows() == m && out.ncols() == n, Reason::Shape, Argument::Out)?;
    if depth == 0 && accumulate == Accum::Replace {
        (0..m).for_each(|i| row_mut(&mut out, i).fill(T::ZERO));
    }
    // The right operand as rows of summands; the left one transposed, so that its summands are rows too.
    let (left, right) = (Operand::new(left.transpose()), Operand::new(right));
    let product = match (size_of::<T>() == size_of::<f32>(), depth <= SHALLOW) {
        (true, true) => by_blocks::<T, { PANEL_BYTES / 4 }, { WIDTH_BYTES / 4 }, SHALLOW>,
        (true, false) => by_blocks::<T, { PANEL_BYTES / 4 }, { WIDTH_BYTES / 4 }, DEPTH>,
        (false, true) => by_blocks::<T, { PANEL_BYTES / 8 }, { WIDTH_BYTES / 8 }, SHALLOW>,
        (false, false) => by_blocks::<T, { PANEL_BYTES / 8 }, { WIDTH_BYTES / 8 }, DEPTH>,
    };
    product(out, accumulate, left, right, depth, factor, part);
    Ok(())
}

/// The product by blocks, with the sizes of a block known to the compiler.
#[inline(never)]
fn by_blocks<T: Scalar, const PANEL: usize, const WIDTH: usize, const DEPTH: usize>(
    mut out: RowMajorMut<'_, T>,
    accumulate: Accum,
    left: Operand<'_, T>,
    right: Operand<'_, T>,
    depth: usize,
    factor: T,
    part: Part,
) {
    let (m, n) = (out.nrows(), out.ncols());
    let fuses = fuses_multiply_add();
    let mut right_memory = [[T::ZERO; WIDTH]; DEPTH];
    let mut left_memory = [[T::ZERO; ROWS]; DEPTH];
    let band_rows = BAND_BYTES / size_of::<[[T; ROWS]; DEPTH]>() * ROWS;
    let bands = (0..m).step_by(band_rows).map(|top| (top, m.min(top + band_rows)));
    for ((top, bottom), j) in bands.flat_map(|band| (0..n).step_by(WIDTH).map(move |j| (band, j))) {
        let columns = WIDTH.min(n - j);
        let first = if part == Part::Lower { top.max(j / ROWS * ROWS) } else { top };
        if first >= bottom {
            continue;
        }
        for k in (0..depth).step_by(DEPTH) {
            let summands = DEPTH.min(depth - k);
            let panels = right_memory.as_flattened_mut();
            for (p, panel) in panels.chunks_exact_mut(PANEL * DEPTH).enumerate().take(columns.div_ceil(PANEL))
            {
                let (panel, _) = panel.as_chunks_mut::<PANEL>();
                right.pack(&mut panel[..summands], k, j + p * PANEL);
            }
            let accumulate = if k > 0 { Accum::Add } else { accumulate };
            for i in (first..bottom).step_by(ROWS) {
                let rows = ROWS.min(bottom - i);
                let left = if let Operand::Columns(matrix) = left {
                    LeftRows::AsTheyLie(matrix.submatrix(i, k, rows, summands))
                } else {
                    left.pack(&mut left_memory[..summands], k, i);
                    LeftRows::Packed(&left_memory[..summands])
                };
                let block = Block::<T, PANEL> {
                    left,
                    panels: right_memory.as_flattened(),
                    panel_len: PANEL * DEPTH,
                    summands,
                    out: out.rb_mut().get_mut(i..i + rows, j..j + columns),
                    adds: accumulate == Accum::Add,
                    factor,
                };
                if fuses {
                    vectorised(Fused::<T, PANEL, true>(block));
                } else {
                    vectorised(Fused::<T, PANEL, false>(block));
                }
            }
        }
    }
}

/// An operand as a matrix of one summand a row.
#[derive(Clone, Copy)]
enum Operand<'a, T> {
    /// A summand's values are next to each other.
    Rows(RowMajor<'a, T>),
    /// The summands of a value are next to each other: the transposed matrix.
    Columns(RowMajor<'a, T>),
    /// Neither.
    Strided(MatRef<'a, T>),
}

impl<'a, T: Scalar> Operand<'a, T> {
    fn new(matrix: MatRef<'a, T>) -> Self {
        match (matrix.try_as_row_major(), matrix.transpose().try_as_row_major()) {
            (Some(rows), _) => Self::Rows(rows),
            (_, Some(columns)) => Self::Columns(columns),
            _ => Self::Strided(matrix),
        }
    }

    /// Copies values `j`, `j + 1`, ... of summands `k`, `k + 1`, ... and zeros beyond the matrix.
    fn pack<const WIDTH: usize>(self, packed: &mut [[T; WIDTH]], k: usize, j: usize) {
        match self {
            Self::Rows(matrix) => {
                let width = WIDTH.min(matrix.ncols() - j);
                for (r, values) in packed.iter_mut().enumerate() {
                    let from = &row(matrix, k + r)[j..j + width];
                    if let Ok(from) = <&[T; WIDTH]>::try_from(from) {
                        *values = *from;
                    } else {
                        values[..width].copy_from_slice(from);
                        values[width..].fill(T::ZERO);
                    }
                }
            }
            Self::Columns(matrix) => {
                let width = WIDTH.min(matrix.nrows() - j);
                let mut c = 0;
                // Squares of eight by eight, as one store at a time would be what packing waits for.
                while c + 8 <= width {
                    let from = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| &row(matrix, j + c + i)[k..k + packed.len()]);
                    let (squares, rest) = packed.as_chunks_mut::<8>();
                    for (s, square) in squares.iter_mut().enumerate() {
                        let turned = T::transposed(from.map(|values| &values.as_chunks().0[s]));
                        for (values, turned) in square.iter_mut().zip(turned) {
                            values[c..c + 8].copy_from_slice(&turned);
                        }
                    }
                    let first = 8 * squares.len();
                    for (r, values) in rest.iter_mut().enumerate() {
                        values[c..c + 8].copy_from_slice(&from.map(|from| from[first + r]));
                    }
                    c += 8;
                }
                for c in c..width {
                    let from = &row(matrix, j + c)[k..k + packed.len()];
                    packed.iter_mut().zip(from).for_each(|(values, &x)| values[c] = x);
                }
                packed.iter_mut().for_each(|values| values[width..].fill(T::ZERO));
            }
            Self::Strided(matrix) => {
                let width = WIDTH.min(matrix.ncols() - j);
                for (r, values) in packed.iter_mut().enumerate() {
                    for (c, x) in values.iter_mut().enumerate() {
                        *x = if c < width { matrix[(k + r, j + c)] } else { T::ZERO };
                    }
                }
            }
        }
    }
}

/// Rows of the left operand.
enum LeftRows<'a, T> {
    /// Each is read forwards, so that packing would gain nothing.
    AsTheyLie(RowMajor<'a, T>),
    /// All values of a summand together.
    Packed(&'a [[T; ROWS]]),
}

/// Rows of the left operand times packed panels of the right one.
struct Block<'a, T, const PANEL: usize> {
    left: LeftRows<'a, T>,
    panels: &'a [T],
    /// From the beginning of one panel to that of the next.
    panel_len: usize,
    summands: usize,
    out: RowMajorMut<'a, T>,
    adds: bool,
    factor: T,
}

/// The same with multiplication and addition fused, or not.
struct Fused<'a, T, const PANEL: usize, const FUSED: bool>(Block<'a, T, PANEL>);

impl<T: Scalar, const PANEL: usize, const FUSED: bool> Loop for Fused<'_, T, PANEL, FUSED> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Block { left, panels, panel_len, summands, mut out, adds, factor } = self.0;
        let (rows, columns) = (out.nrows(), out.ncols());
        let panels = panels.chunks_exact(panel_len).take(columns.div_ceil(PANEL));
        for (p, panel) in panels.enumerate() {
            let (panel, _) = panel[..summands * PANEL].as_chunks::<PANEL>();
            let first = p * PANEL;
            let last = columns.min(first + PANEL);
            for t in 0..rows.div_ceil(TILE) {
                let sums = match left {
                    LeftRows::AsTheyLie(matrix) => {
                        // Beyond the last row it is summed again, in vain.
                        let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5]
                            .map(|r| &row(matrix, (t * TILE + r).min(rows - 1))[..panel.len()]);
                        let left = (0..panel.len()).map(|k| [a[k], b[k], c[k], d[k], e[k], f[k]]);
                        sums_of_tile::<T, PANEL, FUSED>(left, panel)
                    }
                    LeftRows::Packed(values) => {
                        let left =
                            values.iter().map(|values| [0, 1, 2, 3, 4, 5].map(|r| values[t * TILE + r]));
                        sums_of_tile::<T, PANEL, FUSED>(left, panel)
                    }
                };
                for (i, sums) in (t * TILE..rows).zip(sums) {
                    let out = &mut row_mut(&mut out, i)[first..last];
                    if let Ok(out) = <&mut [T; PANEL]>::try_from(&mut *out) {
                        // All of it is read before any is written, or there would be a branch for each.
                        let before = if adds { *out } else { [T::ZERO; PANEL] };
                        for lane in 0..PANEL {
                            out[lane] = before[lane] + factor * sums[lane];
                        }
                    } else {
                        for (out, sum) in out.iter_mut().zip(sums) {
                            *out = if adds { *out } else { T::ZERO } + factor * sum;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{row_major, row_major_mut};
    use proptest::prelude::*;

    /// Small whole numbers, whose products are exact in either type and in any order.
    fn fill<T: Scalar>(values: &mut [T], seed: usize) {
        for (i, x) in values.iter_mut().enumerate() {
            *x = T::from_f64(((i * 7 + seed * 13) % 11) as f64 - 5.0);
        }
    }

    /// An operand of `rows` by `cols` in one of three layouts: row-major, transposed, backwards.
    fn operand<T: Scalar>(
        memory: &mut [T],
        rows: usize,
        cols: usize,
        layout: usize,
        seed: usize,
    ) -> MatRef<'_, T> {
        fill(memory, seed);
        let whole = MatRef::from_row_major_slice(&memory[..2 * rows * cols], rows, 2 * cols);
        match layout {
            0 => whole.subcols(0, cols),
            1 => MatRef::from_column_major_slice(&memory[..rows * cols], rows, cols),
            _ => whole.reverse_cols().subcols(0, cols),
        }
    }

    fn check<T: Scalar>(m: usize, n: usize, depth: usize, layouts: (usize, usize), adds: bool, part: Part) {
        let (mut left, mut right) = (vec![T::ZERO; 2 * m * depth], vec![T::ZERO; 2 * depth * n]);
        let left = operand(&mut left, m, depth, layouts.0, 1);
        let right = operand(&mut right, depth, n, layouts.1, 2);
        let stride = n + 3;
        let mut out = vec![T::ZERO; m * stride];
        fill(&mut out, 3);
        let before = out.clone();
        let accumulate = if adds { Accum::Add } else { Accum::Replace };
        let view = row_major_mut(&mut out, m, n, stride).unwrap();
        blocked(view, accumulate, left, right, T::from_f64(-0.5), part).unwrap();
        let out = row_major(&out, m, n, stride).unwrap();
        for i in 0..m {
            for j in 0..n {
                let old = before[i * stride + j].to_f64();
                let sum: f64 = (0..depth).map(|k| left[(i, k)].to_f64() * right[(k, j)].to_f64()).sum();
                let expected = -0.5 * sum + if adds { old } else { 0.0 };
                let found = out[(i, j)].to_f64();
                let unwanted = part == Part::Lower && j > i;
                assert!(unwanted || found == expected, "({i}, {j}): {found} for {expected}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn whole_numbers_are_multiplied_exactly(
            m in 1_usize..80, n in 1_usize..150, depth in 1_usize..300,
            layouts in (0_usize..3, 0_usize..3), adds: bool, lower: bool,
        ) {
            let part = if lower { Part::Lower } else { Part::All };
            check::<f32>(m, n, depth, layouts, adds, part);
            check::<f64>(m, n, depth, layouts, adds, part);
        }
    }

    #[test]
    fn more_rows_than_a_band_are_multiplied_exactly() {
        for part in [Part::All, Part::Lower] {
            check::<f32>(800, 130, 70, (0, 1), true, part);
            check::<f64>(400, 70, 70, (1, 0), false, part);
        }
    }

    #[test]
    fn shapes_must_agree_and_gaps_are_not_touched() {
        let values = [1.0_f64; 12];
        let left = MatRef::from_row_major_slice(&values, 3, 4);
        let mut out = [7.0_f64; 15];
        let view = row_major_mut(&mut out, 3, 3, 5).unwrap();
        let refused = blocked(view, Accum::Replace, left, left, 1.0, Part::All);
        assert_eq!(refused, Err(Error::new(Reason::Shape, Argument::B)));
        let view = row_major_mut(&mut out, 3, 2, 5).unwrap();
        let refused = blocked(view, Accum::Replace, left, left.transpose(), 1.0, Part::All);
        assert_eq!(refused, Err(Error::new(Reason::Shape, Argument::Out)));
        assert_eq!(out, [7.0; 15]);
        let view = row_major_mut(&mut out, 3, 3, 5).unwrap();
        assert_eq!(blocked(view, Accum::Replace, left, left.transpose(), 1.0, Part::All), Ok(()));
        assert_eq!(out, [4.0, 4.0, 4.0, 7.0, 7.0, 4.0, 4.0, 4.0, 7.0, 7.0, 4.0, 4.0, 4.0, 7.0, 7.0]);
    }

    #[test]
    fn a_product_over_nothing_is_zero() {
        let none: [f64; 0] = [];
        let (left, right) =
            (MatRef::from_row_major_slice(&none, 2, 0), MatRef::from_row_major_slice(&none, 0, 2));
        let mut out = [3.0; 4];
        let view = row_major_mut(&mut out, 2, 2, 2).unwrap();
        assert_eq!(blocked(view, Accum::Add, left, right, 1.0, Part::All), Ok(()));
        assert_eq!(out, [3.0; 4]);
        let view = row_major_mut(&mut out, 2, 2, 2).unwrap();
        assert_eq!(blocked(view, Accum::Replace, left, right, 1.0, Part::All), Ok(()));
        assert_eq!(out, [0.0; 4]);
    }
}
