//! Many small assignment problems in one call: those of trackers, and of losses that match predictions to objects.

use super::{AssignmentOut, AssignmentParams, Sense, solve, solve_scratch};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_not_empty};
use crate::scalar::Scalar;
use crate::workspace::{ALIGN, ensure_workspace, matrix_scratch, take, vector_scratch};
use core::mem::MaybeUninit;
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// Where [`solve_batch`] writes.
#[derive(Debug)]
pub struct BatchOut<'a> {
    /// The column of each row of each problem, -1 for none: `count` times `rows` values.
    pub row_to_col: &'a mut [i64],
    /// The objective of each problem, `count` values.
    pub objectives: Option<&'a mut [f64]>,
}

/// The workspace of [`solve_batch`]: that of [`solve_scratch`] for each thread, and 8 bytes for each row and problem.
pub fn solve_batch_scratch<T: Scalar>(count: usize, rows: usize, cols: usize, par: Par) -> StackReq {
    let Some(one) = one_thread::<T>(rows, cols) else { return StackReq::OVERFLOW };
    let (threads, _) = share(count, par);
    StackReq::all_of(&[
        matrix_scratch::<i64>(count, rows),
        vector_scratch::<f64>(count),
        matrix_scratch::<MaybeUninit<u8>>(threads, one),
    ])
}

/// Bytes for one thread: the workspace of a solve, in whole cache lines.
fn one_thread<T: Scalar>(rows: usize, cols: usize) -> Option<usize> {
    let request = solve_scratch::<T>(rows, cols);
    if request == StackReq::OVERFLOW {
        return None;
    }
    request.size_bytes().checked_add(ALIGN)?.checked_next_multiple_of(ALIGN)
}

/// How many threads work, and how many problems each has at most.
fn share(count: usize, par: Par) -> (usize, usize) {
    let each = count.div_ceil(par.degree().max(1)).max(1);
    (count.div_ceil(each), each)
}

/// Solves `count` assignment problems of `rows` by `cols` costs each, which lie one below the other in
/// `costs[count * rows, cols]`.
///
/// Each as [`solve`] does it, with the same results, whatever the number of threads.
///
/// # Errors
/// - [`Reason::Empty`] for no problems, or a matrix without elements; [`Reason::Shape`] for costs whose rows are not
///   `count` times as many as some number, or an output of the wrong length;
/// - [`Reason::WorkspaceTooSmall`] for less than [`solve_batch_scratch`] says;
/// - for the costs as [`solve`]; where several problems have faults, that of the first is told.
///
/// All outputs are then untouched.
///
/// # Cost
/// That of the solves; `par` divides the problems among threads.
///
/// # Determinism
/// As for [`solve`], for any number of threads.
pub fn solve_batch<T: Scalar>(
    costs: RowMajor<'_, T>,
    count: usize,
    sense: Sense,
    out: BatchOut<'_>,
    par: Par,
    stack: &mut MemStack,
) -> Result<(), Error> {
    ensure(count > 0, Reason::Empty, Argument::Count)?;
    ensure_not_empty(costs, Argument::Costs)?;
    let (rows, cols) = (costs.nrows() / count, costs.ncols());
    ensure(rows * count == costs.nrows(), Reason::Shape, Argument::Costs)?;
    ensure(out.row_to_col.len() == costs.nrows(), Reason::Shape, Argument::RowToCol)?;
    let fits = out.objectives.as_deref().is_none_or(|values| values.len() == count);
    ensure(fits, Reason::Shape, Argument::Objectives)?;
    ensure_workspace(stack, solve_batch_scratch::<T>(count, rows, cols, par))?;
    let too_large = Error::new(Reason::SizeOverflow, Argument::Costs);
    let one = one_thread::<T>(rows, cols).ok_or(too_large)?;
    let (threads, each) = share(count, par);

    let (mut row_to_col, stack) = take(stack, count * rows, -1_i64);
    let (mut objectives, stack) = take(stack, count, 0.0);
    let (memory, _) = stack.make_aligned_uninit::<u8>(threads * one, ALIGN);
    // The problems from `first` on, in their order, until one is refused.
    let solve_some =
        |first: usize, rows_to_cols: &mut [i64], objectives: &mut [f64], memory: &mut [MaybeUninit<u8>]| {
            let params = AssignmentParams { sense, ..Default::default() };
            let stack = MemStack::new(memory);
            for (q, (row_to_col, objective)) in rows_to_cols.chunks_mut(rows).zip(objectives).enumerate() {
                let costs = costs.subrows((first + q) * rows, rows);
                let out = AssignmentOut { row_to_col, col_to_row: None, row_duals: None, col_duals: None };
                *objective = solve(costs, &params, out, stack)?;
            }
            Ok::<(), Error>(())
        };
    let shares =
        row_to_col.chunks_mut(each * rows).zip(objectives.chunks_mut(each)).zip(memory.chunks_mut(one));
    match par {
        #[cfg(feature = "parallel")]
        Par::Rayon(_) => {
            use rayon::prelude::*;
            let mut results = Vec::new();
            shares
                .enumerate()
                .collect::<Vec<_>>()
                .into_par_iter()
                .map(|(q, ((row_to_col, objectives), memory))| {
                    solve_some(q * each, row_to_col, objectives, memory)
                })
                .collect_into_vec(&mut results);
            results.into_iter().collect::<Result<(), Error>>()?;
        }
        // faer may know of threads when this crate has been built without.
        #[allow(unreachable_patterns)]
        _ => shares.enumerate().try_for_each(|(q, ((row_to_col, objectives), memory))| {
            solve_some(q * each, row_to_col, objectives, memory)
        })?,
    }
    out.row_to_col.copy_from_slice(&row_to_col);
    if let Some(out) = out.objectives {
        out.copy_from_slice(&objectives);
    }
    Ok(())
}
