//! C functions that match two dictionaries without the matrix of their cosines, and check such a matching.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, params};
use super::certificate::saek_certificate;
use super::matching::Dictionary;
use super::threads::par;
use super::types::saek_status;
use crate::error::{Argument, Error, Reason};
use crate::matching::{
    MatchOut, MatchParams, Similarity, match_dictionaries, match_dictionaries_scratch, verify_matching,
};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// A `similarity`: |cos(a, b)|, for which a vector and its negative are the same.
pub const SAEK_SIMILARITY_ABSOLUTE_COSINE: u32 = 0;

/// A `similarity`: cos(a, b).
pub const SAEK_SIMILARITY_COSINE: u32 = 1;

/// Parameters of `saek_match_dictionaries_f32`, `saek_verify_matching_f32`, `saek_feature_uniqueness_f32` and the
/// same in double precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_match_params {
    /// sizeof(saek_match_params); `saek_match_params_init` sets it.
    pub struct_size: u32,
    /// `SAEK_SIMILARITY_ABSOLUTE_COSINE`, the default, or `SAEK_SIMILARITY_COSINE`.
    pub similarity: u32,
    /// The most threads that compute products at a time; 0, the default, and 1 mean the calling thread alone.
    /// More are refused unless the library was built with the feature parallel; they come from one pool,
    /// which the process has from the first such call on. The result does not depend on it.
    pub threads: u32,
}

// SAFETY: repr(C), begins with struct_size, holds integers.
unsafe impl VersionedStruct for saek_match_params {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            similarity: MatchParams::default().similarity as u32,
            threads: 0,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_match_params_init(params: *mut saek_match_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Matches two dictionaries one to one so that the sum of their similarities is greatest: exactly, and
/// without forming the matrix of their cosines.
///
/// total = max over p of the sum of s(a_i, b_p(i)), where p gives each vector of the smaller dictionary one
/// of the larger, no two the same; s = |cos| or cos as `params` says, with cos(x, y) = <x, y> / (max(|x|,
/// 1e-8) max(|y|, 1e-8)), within [-1, 1]. With |cos|, total / min(a_rows, b_rows) is the mean correlation
/// coefficient of `saek_mcc_f32`.
///
/// The duals prove it: u_i + v_j >= s(a_i, b_j) for all pairs, with equality for the matched ones, and, on
/// the larger side, duals >= 0 that are 0 where unmatched, all to a rounding. So sum(u) + sum(v) = total, and
/// no matching is better. `saek_verify_matching_f32` checks that.
///
/// - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
/// - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
/// - `params`: null for the defaults.
/// - `row_to_col`: null, or a_rows indices, written: the row of `b` matched to each row of `a`, -1 for none.
/// - `row_duals`, `col_duals`: null, or a_rows and b_rows values, written: u and v.
/// - `best_of_rows`: null, or a_rows indices, written: for each row of `a` the row of `b` most similar to it,
///   whoever else has it; the first of equals. `saek_uniqueness_of_matches` and `saek_ordering_of_matches` start
///   from it.
/// - `best_of_cols`: null, or b_rows indices, written: for each row of `b` the row of `a` most similar to it.
/// - `total`: one value, written: the sum of the matched pairs' similarities.
/// - `workspace`, `workspace_bytes`: as `saek_match_dictionaries_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER,
/// INFINITE, SIZE_OVERFLOW for 2^32 - 1 vectors or more (a, b); STRUCT_SIZE (params); WORKSPACE_TOO_SMALL
/// (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a library without
/// threads).
/// Method: the solver of `saek_assignment_f32`, which reads each row of costs about once; rows are multiplied
/// out when it asks for them, their cheapest columns kept in lists. Cost: 2 a_rows b_rows cols flops, as much
/// again if duals are asked for, and 2 cols max(a_rows, b_rows) for each row that has to be computed again:
/// few or none for unrelated dictionaries and for copies of one another, many where more than a sixteenth of
/// all vectors lie close together. Deterministic on one machine, for any number of threads.
/// Source: Jonker and Volgenant 1987, Crouse 2016 for the matching; Goto and van de Geijn 2008 for the
/// products; the definition of similarity is that of sae-lens.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_match_dictionaries_f32(
    a: *const f32,
    a_rows: usize,
    a_stride: usize,
    b: *const f32,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    row_to_col: *mut i64,
    row_duals: *mut f64,
    col_duals: *mut f64,
    best_of_rows: *mut i64,
    best_of_cols: *mut i64,
    total: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    let outputs = Outputs { row_to_col, row_duals, col_duals, best_of_rows, best_of_cols, total };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(a, b, cols, params, outputs, workspace, workspace_bytes) })
}

/// As `saek_match_dictionaries_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_match_dictionaries_f64(
    a: *const f64,
    a_rows: usize,
    a_stride: usize,
    b: *const f64,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    row_to_col: *mut i64,
    row_duals: *mut f64,
    col_duals: *mut f64,
    best_of_rows: *mut i64,
    best_of_cols: *mut i64,
    total: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    let outputs = Outputs { row_to_col, row_duals, col_duals, best_of_rows, best_of_cols, total };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(a, b, cols, params, outputs, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_match_dictionaries_f32` and
/// `saek_verify_matching_f32`.
///
/// With k the smaller and l the larger of a_rows and b_rows and s bytes an element: (cols + 96) l s for the
/// packed larger dictionary and a block of similarities, 96 cols s for vectors of the smaller one, (4 + s)
/// min(l, max(128, 5 l / 64), 1280) + 100 for each of the k vectors of the smaller one, and some 90 for each
/// of the l: 211 MB where both dictionaries are 16384 by 512. The least is about 9 KB s.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_match_dictionaries_f32_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = match_dictionaries_scratch::<f32>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_match_dictionaries_f64` and
/// `saek_verify_matching_f64`; as `saek_match_dictionaries_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_match_dictionaries_f64_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = match_dictionaries_scratch::<f64>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Measures a matching of two dictionaries and the duals, from any source, that are to prove it the best.
///
/// All a_rows b_rows similarities are computed anew, in blocks, and judged as `saek_verify_assignment_f32`
/// judges costs when maximising: with n = max(a_rows, b_rows), the duals are feasible if u_i + v_j >= s(a_i,
/// b_j) for every pair and, where a_rows and b_rows differ, those of the longer side are >= 0; infeasibility
/// is the most by which one of these fails; gap = dual_objective - objective, and
/// optimum - objective <= gap + n * infeasibility. That is exact for the similarities as computed, which are
/// rounded in the precision of the dictionaries.
///
/// - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
/// - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
/// - `params`: null for the defaults; those of the matching.
/// - `row_to_col`: a_rows indices: the row of `b` matched to each row of `a`, -1 for none; min(a_rows,
///   b_rows) rows have one.
/// - `row_duals`, `col_duals`: a_rows and b_rows values, u and v, of magnitude <= DBL_MAX / 2.
/// - `certificate`: its struct_size set before, as by `saek_certificate_init`; written.
/// - `workspace`, `workspace_bytes`: as `saek_match_dictionaries_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER,
/// INFINITE, SIZE_OVERFLOW for 2^32 - 1 vectors or more (a, b); STRUCT_SIZE (params, certificate);
/// WORKSPACE_TOO_SMALL (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a
/// library without threads); INDEX_OUT_OF_RANGE, DUPLICATE_INDEX, SHAPE (too few rows matched) (row_to_col);
/// NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (row_duals, col_duals).
/// Cost: 2 a_rows b_rows cols flops. Deterministic on one machine, for any number of threads.
/// Source: as for `saek_verify_assignment_f32`; the similarities are those of `saek_match_dictionaries_f32`.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_matching_f32(
    a: *const f32,
    a_rows: usize,
    a_stride: usize,
    b: *const f32,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    row_to_col: *const i64,
    row_duals: *const f64,
    col_duals: *const f64,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    let claim = Claim { row_to_col, row_duals, col_duals };
    // SAFETY: the caller's promise.
    call(|| unsafe { verify(a, b, cols, params, claim, certificate, workspace, workspace_bytes) })
}

/// As `saek_verify_matching_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_matching_f64(
    a: *const f64,
    a_rows: usize,
    a_stride: usize,
    b: *const f64,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    row_to_col: *const i64,
    row_duals: *const f64,
    col_duals: *const f64,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    let claim = Claim { row_to_col, row_duals, col_duals };
    // SAFETY: the caller's promise.
    call(|| unsafe { verify(a, b, cols, params, claim, certificate, workspace, workspace_bytes) })
}

/// Where a call writes.
struct Outputs {
    row_to_col: *mut i64,
    row_duals: *mut f64,
    col_duals: *mut f64,
    best_of_rows: *mut i64,
    best_of_cols: *mut i64,
    total: *mut f64,
}

/// # Safety
/// As the exported functions.
unsafe fn solve<T: Scalar>(
    a: Dictionary<T>,
    b: Dictionary<T>,
    cols: usize,
    p: *const saek_match_params,
    outputs: Outputs,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let (n, m) = (a.rows, b.rows);
    let request = match_dictionaries_scratch::<T>(n, m, cols);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (a, b, p, out, total, stack) = unsafe {
        (
            arguments.matrix(a.vectors, n, cols, a.stride, Argument::A)?,
            arguments.matrix(b.vectors, m, cols, b.stride, Argument::B)?,
            params(p)?,
            MatchOut {
                row_to_col: arguments.optional_slice_mut(outputs.row_to_col, n, Argument::RowToCol)?,
                row_duals: arguments.optional_slice_mut(outputs.row_duals, n, Argument::RowDuals)?,
                col_duals: arguments.optional_slice_mut(outputs.col_duals, m, Argument::ColDuals)?,
                best_of_rows: arguments.optional_slice_mut(outputs.best_of_rows, n, Argument::BestOfRows)?,
                best_of_cols: arguments.optional_slice_mut(outputs.best_of_cols, m, Argument::BestOfCols)?,
            },
            arguments.output(outputs.total, Argument::Total)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    *total = match_dictionaries(a, b, &match_params(p)?, out, stack)?;
    Ok(())
}

/// What a call is to check.
struct Claim {
    row_to_col: *const i64,
    row_duals: *const f64,
    col_duals: *const f64,
}

/// # Safety
/// As the exported functions.
unsafe fn verify<T: Scalar>(
    a: Dictionary<T>,
    b: Dictionary<T>,
    cols: usize,
    p: *const saek_match_params,
    claim: Claim,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let (n, m) = (a.rows, b.rows);
    let request = match_dictionaries_scratch::<T>(n, m, cols);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (a, b, p, row_to_col, row_duals, col_duals, certificate, stack) = unsafe {
        (
            arguments.matrix(a.vectors, n, cols, a.stride, Argument::A)?,
            arguments.matrix(b.vectors, m, cols, b.stride, Argument::B)?,
            params(p)?,
            arguments.slice(claim.row_to_col, n, Argument::RowToCol)?,
            arguments.slice(claim.row_duals, n, Argument::RowDuals)?,
            arguments.slice(claim.col_duals, m, Argument::ColDuals)?,
            arguments.output_struct(certificate, Argument::Certificate)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    let found = verify_matching(a, b, &match_params(p)?, row_to_col, row_duals, col_duals, stack)?;
    certificate.write(found.into());
    Ok(())
}

/// The parameters with these numbers.
pub(super) fn match_params(p: saek_match_params) -> Result<MatchParams, Error> {
    let similarity = match p.similarity {
        SAEK_SIMILARITY_ABSOLUTE_COSINE => Similarity::AbsoluteCosine,
        SAEK_SIMILARITY_COSINE => Similarity::Cosine,
        _ => return Err(Error::new(Reason::UnknownValue, Argument::Similarity)),
    };
    let par = par(p.threads)?;
    Ok(MatchParams { similarity, par })
}
