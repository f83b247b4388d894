//! C functions that make the dictionary with the least sum of squared cosines directly.

use super::boundary::{
    Arguments, VersionedStruct, answer_dictionary_query, call, init, init_struct, params, reporter,
};
use super::types::{saek_progress_callback, saek_status};
use crate::dictionary::{self, TightFrameParams, TightFrameReport};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// `method` of a report: in closed form.
pub const SAEK_TIGHT_FRAME_DIRECT: u32 = 0;

/// `method` of a report: alternating projection.
pub const SAEK_TIGHT_FRAME_ALTERNATING_PROJECTION: u32 = 1;

/// `method` of a report: alternating projection of the complement, and the polar factor of what is orthogonal to it.
pub const SAEK_TIGHT_FRAME_COMPLEMENT: u32 = 2;

/// `method` of a report: `saek_orthogonalise_f32` from what the projections gave.
pub const SAEK_TIGHT_FRAME_ADAM: u32 = 3;

/// Parameters of `saek_tight_frame_f32` and `saek_tight_frame_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_tight_frame_params {
    /// sizeof(saek_tight_frame_params); `saek_tight_frame_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The cosine t that every two rows are to have as nearly as can be, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Rounds of the alternating projection at most, > 0. Default 200; 4 to 12 are usual.
    pub rounds: u64,
    /// The relative distance to the floor at which it stops, >= 0. Default 1e-12.
    pub tolerance: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_tight_frame_params {
    fn defaults() -> Self {
        let d = TightFrameParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            target_cosine: d.target_cosine,
            rounds: d.rounds,
            tolerance: d.tolerance,
        }
    }
}

/// What `saek_tight_frame_f32` and `saek_tight_frame_f64` did.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_tight_frame_report {
    /// sizeof(saek_tight_frame_report), set before the call; `saek_tight_frame_report_init` sets it.
    pub struct_size: u32,
    /// Which way was taken, one of the SAEK_TIGHT_FRAME_ numbers.
    pub method: u32,
    /// Rounds of the alternating projection; 0 for `SAEK_TIGHT_FRAME_DIRECT`.
    pub rounds: u64,
    /// The least sum over i != j of (g_ij - t)^2 that any dictionary of this shape has.
    pub floor: f64,
    /// (sum - floor) / floor of the result, or sum / n where the floor is 0.
    pub distance: f64,
    /// 1 where rows or directions were missing and random ones put in their place, else 0.
    pub filled: u32,
    /// Zero.
    pub reserved: u32,
}

impl From<TightFrameReport> for saek_tight_frame_report {
    fn from(report: TightFrameReport) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            method: report.method as u32,
            rounds: report.rounds,
            floor: report.floor,
            distance: report.distance,
            filled: u32::from(report.filled),
            reserved: 0,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_tight_frame_report {
    fn defaults() -> Self {
        TightFrameReport::default().into()
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_params_init(params: *mut saek_tight_frame_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Sets the size of `report` and everything else to zero, as `saek_tight_frame_f32` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (report).
///
/// # Safety
/// `report` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_report_init(report: *mut saek_tight_frame_report) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(report, Argument::Report) })
}

/// Says how much workspace `saek_tight_frame_f32` needs: about 4 min(rows, cols)^2 + 128 min(rows, cols)
/// + rows numbers, rows (rows - cols) more for cols < rows < 2 cols, and 4 rows cols where Adam may be taken.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(dictionary::tight_frame_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_tight_frame_f32_workspace`, for `saek_tight_frame_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(dictionary::tight_frame_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Makes the rows of `dictionary` unit vectors with the least sum of (g_ij - t)^2 over all pairs, g = E E^T.
///
/// For n rows, d columns and t = params->target_cosine the sum over i != j is at least its floor:
///   n <= d:  0 for t >= -1/(n - 1);          n (n - 1) (t + 1/(n - 1))^2 below;
///   n > d:   (1 - t)^2 (n^2/d - n) for t >= 0;   n^2/d + t^2 n^2 - n (1 - t)^2 for t < 0.
/// For n <= d all cosines become t, or -1/(n - 1) where t is less. For n > d and t = 0 the result is a unit-norm tight
/// frame, E^T E = (n/d) I; for t < 0 one whose rows sum to zero; for t > 0 every row is sqrt(q) u + sqrt(1 - q) f_i,
/// q = (1 + t (d - 1))/d, the f_i such a frame across a direction u. The floor is reached to rounding, but for odd n
/// where t < 0 and d is 1 or n - 2, or t > 0 and d is 2 or n - 1: there one sign is over, and saek_orthogonalise_f32 goes
/// on with its defaults; the better rows are kept.
///
/// The result is near the given rows. Rows without a direction (zero, or shorter than 1e-12), missing directions, and
/// rows that coincide too often are filled up or parted by noise that is the same for every call. The method is
/// alternating projection onto tight frames and unit rows (Tropp, Dhillon, Heath and Strohmer 2005), accelerated, for
/// d < n < 2 d on the Naimark complement.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `params`: null for the defaults.
/// - `report`: null, or its struct_size set before, as by `saek_tight_frame_report_init`; written.
/// - `progress`, `context`: called after each round with a bound for the relative distance, as the loss; null for no
///   reports.
/// - `workspace`, `workspace_bytes`: as `saek_tight_frame_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
/// STRUCT_SIZE (params, report); OVERLAP (report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (target_cosine, tolerance);
/// OUT_OF_RANGE (rounds) for none; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED
/// (progress), and NOT_CONVERGED (dictionary) should eigenvalues not be found, leave finite rows without meaning.
/// Cost: 3 n d^2 flops a round for n >= 2 d, the first one about 10 d^3 more; 3 n (n - d)^2 a round and about 30 n d^2 in
/// all for d < n < 2 d; about 10 n^2 d in all for n <= d. The same bits for the same input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here; `progress` may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_f32(
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_tight_frame_params,
    report: *mut saek_tight_frame_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        tight_frame(
            dictionary,
            rows,
            cols,
            stride,
            params,
            report,
            progress,
            context,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_tight_frame_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_tight_frame_f64(
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_tight_frame_params,
    report: *mut saek_tight_frame_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        tight_frame(
            dictionary,
            rows,
            cols,
            stride,
            params,
            report,
            progress,
            context,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn tight_frame<T: Scalar>(
    matrix: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    p: *const saek_tight_frame_params,
    report: *mut saek_tight_frame_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let p = params(p)?;
        let matrix = arguments.matrix_mut(matrix, rows, cols, stride, Argument::Dictionary)?;
        let report =
            if report.is_null() { None } else { Some(arguments.output_struct(report, Argument::Report)?) };
        let request = dictionary::tight_frame_scratch::<T>(rows, cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        let params =
            TightFrameParams { target_cosine: p.target_cosine, rounds: p.rounds, tolerance: p.tolerance };
        let found =
            dictionary::tight_frame(matrix, &params, Par::Seq, &mut reporter(progress, context), stack)?;
        if let Some(report) = report {
            report.write(found.into());
        }
    }
    Ok(())
}
