//! One-to-one matching of two dictionaries by cosine, exactly, without the matrix of their cosines.
//!
//! The solver of [`assignment`](crate::assignment) reads each row of costs about once. So a row need not be kept: it
//! is computed (`products`), its cheapest columns go to the row's list, and that is all that stays of it. Lists are
//! longer here than for a matrix in memory, because a row that is needed again has to be multiplied out again.

use super::cosine::ensure_comparable;
use super::products::{Best, Similarity, products_scratch, with_products};
use crate::assignment::{
    Certificate, CertificateSums, CompensatedSum, Forced, Lines, MatchingMemory, Sense, match_rows,
    match_rows_scratch, matching_scratch, verify_assignment_scratch, write_duals, write_indices,
};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, take, vector_scratch};
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// Parameters of [`match_dictionaries`].
#[derive(Clone, Copy, Debug)]
pub struct MatchParams {
    /// Which similarity the pairs are to have most of. Default [`Similarity::AbsoluteCosine`].
    pub similarity: Similarity,
    /// Threads of the products. The result does not depend on it. Default one.
    pub par: Par,
}

impl Default for MatchParams {
    fn default() -> Self {
        Self { similarity: Similarity::default(), par: Par::Seq }
    }
}

/// What [`match_dictionaries`] writes, each if it is given.
#[derive(Debug, Default)]
pub struct MatchOut<'a> {
    /// For each of the n vectors of `a` its partner in `b`, -1 for none.
    pub row_to_col: Option<&'a mut [i64]>,
    /// The dual variable u of each of the n vectors of `a`.
    pub row_duals: Option<&'a mut [f64]>,
    /// The dual variable v of each of the m vectors of `b`.
    pub col_duals: Option<&'a mut [f64]>,
    /// For each of the n vectors of `a` the vector of `b` most similar to it, whoever else has it; the first of
    /// equals. [`uniqueness_of_matches`](super::uniqueness_of_matches) and
    /// [`ordering_of_matches`](super::ordering_of_matches) start from it.
    pub best_of_rows: Option<&'a mut [i64]>,
    /// For each of the m vectors of `b` the vector of `a` most similar to it; the first of equals.
    pub best_of_cols: Option<&'a mut [i64]>,
}

/// The workspace of [`match_dictionaries`] and [`verify_matching`] for `n` and `m` vectors of `d` entries.
///
/// With k the smaller and l the larger of n and m and s bytes a value: l d s for a packed dictionary, 96 (d + l) s
/// for a block and its products, and for each of the k vectors of the smaller one a list of 5 l / 64 columns, at
/// least 128 and at most 1280, of 4 + s bytes each. At n = m = 16384, d = 512 in single precision 211 MB, where the
/// cosines alone would take 1074 MB.
pub fn match_dictionaries_scratch<T: Scalar>(n: usize, m: usize, d: usize) -> StackReq {
    let (short, long) = (n.min(m), n.max(m));
    StackReq::all_of(&[
        products_scratch::<T>(long, d),
        // The best match of every vector.
        vector_scratch::<u32>(n),
        vector_scratch::<u32>(m),
        vector_scratch::<T>(long),
        vector_scratch::<f64>(short),
        matching_scratch::<T>(short, long),
        match_rows_scratch::<T>(short, long, true).or(verify_assignment_scratch(m)),
    ])
}

/// Matches the vectors of `a[n, d]` one to one with those of `b[m, d]` so that the sum of their similarities is
/// greatest, and returns that sum.
///
/// S = max sum_i s(a_i, b_(p(i))) over all injections p of the smaller dictionary into the larger, with s = |cos| or
/// cos as `params` says. The sum is a compensated f64 sum. A vector whose norm is less than 1e-8 is divided by 1e-8
/// instead, as in sae-lens. `a` and `b` may be the same memory.
///
/// The duals prove it, as [`assignment`](crate::assignment) explains for [`Sense::Maximise`]; [`verify_matching`]
/// checks them.
///
/// # Errors
/// - [`Reason::Empty`] for `a` or `b` without elements;
/// - [`Reason::Shape`] for `b` without d columns ([`Argument::B`]) or an output of the wrong length;
/// - [`Reason::SizeOverflow`] for 2^32 - 1 vectors or more ([`Argument::A`] or [`Argument::B`]);
/// - [`Reason::WorkspaceTooSmall`] for less than [`match_dictionaries_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `a` or `b` that is not finite.
///
/// All outputs are then untouched.
///
/// # Cost
/// 2 n m d flops, a few more per cent for lists and matching, and 2 m d for each row that has to be computed again:
/// none or few for unrelated dictionaries and for copies of one another, many where more than a sixteenth of all
/// vectors lie close together. Row duals cost the products again.
///
/// # Determinism
/// The same bits for any number of threads. Where the machine has no fused multiplication and addition, or the
/// library is built without `std`, products round twice and may differ in the last place from those of other
/// machines.
pub fn match_dictionaries<T: Scalar>(
    a: RowMajor<'_, T>,
    b: RowMajor<'_, T>,
    params: &MatchParams,
    out: MatchOut<'_>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let (n, m, d) = (a.nrows(), b.nrows(), a.ncols());
    ensure_comparable(a, Argument::A, b, Argument::B)?;
    ensure_indexable(n, Argument::A)?;
    ensure_indexable(m, Argument::B)?;
    let fits = |given: Option<usize>, len| given.is_none_or(|given| given == len);
    let len = |given: &Option<&mut [i64]>| given.as_deref().map(<[_]>::len);
    let doubles = |given: &Option<&mut [f64]>| given.as_deref().map(<[_]>::len);
    ensure(fits(len(&out.row_to_col), n), Reason::Shape, Argument::RowToCol)?;
    ensure(fits(doubles(&out.row_duals), n), Reason::Shape, Argument::RowDuals)?;
    ensure(fits(doubles(&out.col_duals), m), Reason::Shape, Argument::ColDuals)?;
    ensure(fits(len(&out.best_of_rows), n), Reason::Shape, Argument::BestOfRows)?;
    ensure(fits(len(&out.best_of_cols), m), Reason::Shape, Argument::BestOfCols)?;
    ensure_workspace(stack, match_dictionaries_scratch::<T>(n, m, d))?;
    ensure_finite_matrix(a, Argument::A)?;
    ensure_finite_matrix(b, Argument::B)?;

    // The smaller dictionary's vectors are the rows.
    let swapped = n > m;
    let (rows, cols) = if swapped { (b, a) } else { (a, b) };
    let (short, long) = (rows.nrows(), cols.nrows());
    let (mut of_rows, stack) = take(stack, short, 0_u32);
    let (mut of_cols, stack) = take(stack, long, 0_u32);
    let (mut of_cols_cost, stack) = take(stack, long, T::INFINITY);
    let best = if out.best_of_rows.is_some() || out.best_of_cols.is_some() {
        Best { col_of_row: &mut of_rows, row_of_col: &mut of_cols, cost_of_col: &mut of_cols_cost }
    } else {
        Best::default()
    };
    with_products(rows, cols, *params, best, stack, |products, stack| {
        let (mut row_duals, stack) = take(stack, short, 0.0);
        let (mut memory, stack) = MatchingMemory::new(stack, short, long);
        let mut matching = memory.matching();
        match_rows(products, T::MAX, true, Forced::default(), &mut matching, stack)?;
        let mut sum = CompensatedSum::default();
        matching.matched_cost.iter().for_each(|cost| sum.add(-cost.to_f64()));
        if out.row_duals.is_some() || out.col_duals.is_some() {
            products.write_least(matching.duals, &mut row_duals);
        }
        let sum = sum.value();
        let (row_duals, col_duals, col_of_row) = if swapped {
            (&*matching.duals, &row_duals[..], &*matching.row_of_col)
        } else {
            (&row_duals[..], &*matching.duals, &*matching.col_of_row)
        };
        write_indices(out.row_to_col, col_of_row);
        let best = &products.best;
        let (of_rows, of_cols) = if swapped {
            (&*best.row_of_col, &*best.col_of_row)
        } else {
            (&*best.col_of_row, &*best.row_of_col)
        };
        write_indices(out.best_of_rows, of_rows);
        write_indices(out.best_of_cols, of_cols);
        // The costs inside are minus the similarities.
        write_duals(out.row_duals, row_duals, -1.0);
        write_duals(out.col_duals, col_duals, -1.0);
        Ok(sum)
    })
}

/// Checks the claim that `row_to_col` is the best matching of `a[n, d]` with `b[m, d]`, computing all n m
/// similarities anew.
///
/// As [`verify_assignment`](crate::assignment::verify_assignment) for [`Sense::Maximise`] on the matrix of
/// similarities, which is formed in blocks and never whole.
///
/// # Errors
/// As for [`match_dictionaries`], and for the assignment and the duals as for
/// [`verify_assignment`](crate::assignment::verify_assignment).
///
/// # Cost
/// 2 n m d flops. Workspace as [`match_dictionaries_scratch`] says. Deterministic, for any number of threads.
pub fn verify_matching<T: Scalar>(
    a: RowMajor<'_, T>,
    b: RowMajor<'_, T>,
    params: &MatchParams,
    row_to_col: &[i64],
    row_duals: &[f64],
    col_duals: &[f64],
    stack: &mut MemStack,
) -> Result<Certificate, Error> {
    let (n, m, d) = (a.nrows(), b.nrows(), a.ncols());
    ensure_comparable(a, Argument::A, b, Argument::B)?;
    ensure_indexable(n, Argument::A)?;
    ensure_indexable(m, Argument::B)?;
    ensure(row_to_col.len() == n, Reason::Shape, Argument::RowToCol)?;
    ensure(row_duals.len() == n, Reason::Shape, Argument::RowDuals)?;
    ensure(col_duals.len() == m, Reason::Shape, Argument::ColDuals)?;
    ensure_workspace(stack, match_dictionaries_scratch::<T>(n, m, d))?;
    ensure_finite_matrix(a, Argument::A)?;
    ensure_finite_matrix(b, Argument::B)?;
    let mut sums = CertificateSums::new(Sense::Maximise, row_to_col, row_duals, col_duals, stack)?;
    with_products(a, b, *params, Best::default(), stack, |products, _| {
        products.give_similarities();
        (0..n).for_each(|i| sums.add(i, 0, products.row(i)));
        Ok(())
    })?;
    sums.finish()
}

/// Refuses more vectors than the products' and the solver's indices can tell apart.
pub(super) fn ensure_indexable(vectors: usize, name: Argument) -> Result<(), Error> {
    ensure(vectors < u32::MAX as usize, Reason::SizeOverflow, name)
}
