//! C functions for models that are saved in folders.
//!
//! They are exported by every build; one without the feature `files` answers UNSUPPORTED.

#![cfg_attr(
    not(feature = "files"),
    allow(unused_variables, reason = "a build without files looks at no argument")
)]

#[cfg(feature = "files")]
use super::boundary::Arguments;
use super::boundary::{VersionedStruct, call, init_struct};
#[cfg(feature = "files")]
use super::model_arrays as arrays;
use super::types::saek_status;
use crate::error::Argument;
#[cfg(not(feature = "files"))]
use crate::error::{Error, Reason};
use core::ffi::c_char;

/// A model that `saek_model_open` has read, until `saek_model_close`.
pub struct saek_model {
    /// Tells a model from other memory; not from one that has been closed.
    #[cfg(feature = "files")]
    pub(super) mark: u64,
    #[cfg(feature = "files")]
    pub(super) model: crate::model::Model,
    #[cfg(feature = "files")]
    pub(super) config: String,
}

/// The sizes of a model, from `saek_model_shape`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_model_sizes {
    /// sizeof(saek_model_sizes), set before the call; `saek_model_sizes_init` sets it.
    pub struct_size: u32,
    /// 1 where some number of the bias is not 0, else 0.
    pub has_bias: u32,
    /// The number of features, rows of the dictionary.
    pub rows: u64,
    /// The length of a hidden vector, columns of the dictionary.
    pub cols: u64,
    /// The rank of the correlations; 0 where features do not correlate.
    pub rank: u64,
    /// The nodes of the hierarchy; 0 where there is none.
    pub nodes: u64,
    /// The bytes of the configuration's JSON, without a NUL.
    pub config_bytes: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers.
unsafe impl VersionedStruct for saek_model_sizes {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            has_bias: 0,
            rows: 0,
            cols: 0,
            rank: 0,
            nodes: 0,
            config_bytes: 0,
        }
    }
}

/// The body of a function that needs the feature `files`.
macro_rules! with_files {
    ($body:expr) => {{
        #[cfg(feature = "files")]
        {
            // SAFETY: the caller's promise.
            call(|| unsafe { $body })
        }
        #[cfg(not(feature = "files"))]
        {
            call(|| Err(Error::new(Reason::Unsupported, Argument::Call)))
        }
    }};
}

/// Sets the size of `shape` and everything else to zero, as `saek_model_shape` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (shape).
///
/// # Safety
/// `shape` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_sizes_init(shape: *mut saek_model_sizes) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(shape, Argument::Shape) })
}

/// Reads a model from the folder `path`, as sae-lens 6.54 and `saek_model_write_f32` save it, and gives it in `model`.
///
/// The folder holds synthetic_model_config.json, synthetic_model.safetensors and, for a hierarchy, hierarchy.json.
/// Nothing in them is trusted: what is read is bounded by their length, every size is compared with the others, and
/// numbers that are not finite and probabilities outside [0, 1] are refused.
///
/// - `path`: ends in a NUL; in UTF-8 where the system's names are not bytes.
/// - `model`: written, to be given to `saek_model_close`.
///
/// Status: UNSUPPORTED (call) in a build without files; NULL_POINTER (path, model), MISALIGNED, OVERLAP (model); EMPTY
/// (path); UNREADABLE (path) for a file that cannot be opened or is not there; MALFORMED for one that is not of its
/// format (config, weights, hierarchy) and for an array that is not there or of integers; SHAPE, NOT_A_NUMBER,
/// INFINITE, OUT_OF_RANGE (dictionary, bias, probabilities, factor, diagonal); those of `saek_hierarchy_validate`;
/// OUT_OF_RANGE (parents) for a hierarchy deeper than 60; EMPTY, OUT_OF_RANGE, UNKNOWN_VALUE, SHAPE (config).
/// Cost: linear in the length of the files; memory of a small multiple of it, from Rust's allocator.
/// Source: SyntheticModel.load_from_disk of sae-lens.
///
/// # Safety
/// `path` is null or ends in a NUL; `model` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_open(path: *const c_char, model: *mut *mut saek_model) -> saek_status {
    with_files!(arrays::open(&mut Arguments::new(), path, model))
}

/// Writes the sizes of a model, which the other functions want, into `shape`.
///
/// Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED (model, shape); UNKNOWN_VALUE (model) for what is no model;
/// STRUCT_SIZE, OVERLAP (shape).
///
/// # Safety
/// `model` is null or from `saek_model_open` and not closed; `shape` is null or as long as its struct_size says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_shape(
    model: *const saek_model,
    shape: *mut saek_model_sizes,
) -> saek_status {
    with_files!(arrays::shape(&mut Arguments::new(), model, shape))
}

/// Copies the arrays of a model, each rounded to single precision where it is kept in double; a null pointer leaves
/// one out.
///
/// - `dictionary`: `rows` by `cols`, rows `dictionary_stride` elements apart.
/// - `bias`: `cols` values, zeros where there is none.
/// - `probabilities`: `rows` values.
/// - `means`, `std_devs`: `rows` values each, computed from the rules of the configuration. Where a rule draws them
///   (folded normal), they are numbers of the same law as those of sae-lens, but others, from the seeds that are 2 and
///   1 more than the model's, or than 0 for a model without.
/// - `factor`, `diagonal`: `rows` by `rank`, rows `factor_stride` elements apart, and `rows` values, where the
///   correlations are factor factor^T + diag(diagonal); null where rank is 0.
///
/// Status: UNSUPPORTED (call); NULL_POINTER (model), UNKNOWN_VALUE (model) for what is no model; SHAPE (rows, cols,
/// factor) unless rows, cols and rank are the model's; MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); STRIDE
/// (dictionary, factor); EMPTY (factor, diagonal) where they are given but rank is 0; OUT_OF_RANGE (the array) for
/// numbers beyond single precision, and (config) for rules whose magnitudes would overflow.
/// Cost: what is copied, and memory for the magnitudes.
///
/// # Safety
/// `model` is null or from `saek_model_open` and not closed; pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_read_f32(
    model: *const saek_model,
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    dictionary_stride: usize,
    bias: *mut f32,
    probabilities: *mut f32,
    means: *mut f32,
    std_devs: *mut f32,
    factor: *mut f32,
    rank: usize,
    factor_stride: usize,
    diagonal: *mut f32,
) -> saek_status {
    with_files!(arrays::read(
        model,
        [rows, cols, rank],
        (dictionary, dictionary_stride),
        [bias, probabilities, means, std_devs, diagonal],
        (factor, factor_stride),
    ))
}

/// As `saek_model_read_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_read_f64(
    model: *const saek_model,
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    dictionary_stride: usize,
    bias: *mut f64,
    probabilities: *mut f64,
    means: *mut f64,
    std_devs: *mut f64,
    factor: *mut f64,
    rank: usize,
    factor_stride: usize,
    diagonal: *mut f64,
) -> saek_status {
    with_files!(arrays::read(
        model,
        [rows, cols, rank],
        (dictionary, dictionary_stride),
        [bias, probabilities, means, std_devs, diagonal],
        (factor, factor_stride),
    ))
}

/// Copies the forest of a model, in depth-first order; what `saek_hierarchy_validate` takes.
///
/// - `parents`, `features`, `exclusive`: `nodes` values each, as there.
/// - `scaled`: `nodes` values, 1 where children are scaled by their parent (scale_children_by_parent), else 0; or null.
///
/// Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED, OVERLAP (any pointer); UNKNOWN_VALUE (model) for what is no
/// model; SHAPE (nodes) unless it is the model's number, which is not 0.
///
/// # Safety
/// `model` is null or from `saek_model_open` and not closed; pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_hierarchy(
    model: *const saek_model,
    parents: *mut u32,
    features: *mut u32,
    exclusive: *mut u8,
    scaled: *mut u8,
    nodes: usize,
) -> saek_status {
    with_files!(arrays::hierarchy(model, parents, features, exclusive, scaled, nodes))
}

/// Copies the JSON of a model's configuration, ended by a NUL, into `out[capacity]`.
///
/// Status: UNSUPPORTED (call); NULL_POINTER, OVERLAP (out), UNKNOWN_VALUE (model) for what is no model; CAPACITY (out)
/// where capacity is not larger than the config_bytes of `saek_model_shape`.
///
/// # Safety
/// `model` is null or from `saek_model_open` and not closed; `out` is null or has `capacity` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_config(
    model: *const saek_model,
    out: *mut c_char,
    capacity: usize,
) -> saek_status {
    with_files!(arrays::config(model, out, capacity))
}

/// Frees a model; null is allowed, as for free.
///
/// Status: UNSUPPORTED (call); MISALIGNED, UNKNOWN_VALUE (model) for what is no model.
///
/// # Safety
/// `model` is null or from `saek_model_open` and not closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_close(model: *mut saek_model) -> saek_status {
    with_files!(arrays::close(model))
}

/// Saves a model in the folder `path`, which must not be there or be empty.
///
/// The files are written to a folder beside it, which is given its name when they are whole and on the disk: a crash
/// leaves no half model. sae-lens 6.54 loads the folder if the configuration has no keys of others.
///
/// - `path`: ends in a NUL; in UTF-8 where the system's names are not bytes.
/// - `config`: the JSON of a SyntheticModelConfig, ended by a NUL. Means and standard deviations are there, and have no
///   other place. num_features and hidden_dim must be rows and cols.
/// - `dictionary`: `rows` by `cols`, rows `dictionary_stride` elements apart.
/// - `bias`: `cols` values, or null for zeros.
/// - `probabilities`: `rows` values in [0, 1].
/// - `factor`, `diagonal`: `rows` by `rank`, rows `factor_stride` elements apart, and `rows` values >= 0; both may be
///   null where rank is 0.
/// - `parents`, `features`, `exclusive`, `scaled`, `nodes`: the forest as from `saek_model_hierarchy`, in any order; all
///   may be null where nodes is 0, and `scaled` where no children are scaled.
///
/// Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (any pointer); EMPTY (path, dictionary, factor),
/// STRIDE (dictionary, factor); those of `saek_model_open` about the config, the arrays and the hierarchy; SHAPE
/// (config) where its sizes are others, or where it asks for a hierarchy or correlations and there are none; UNWRITABLE
/// (path).
/// Cost: what is written, and memory for a copy of it.
/// Source: SyntheticModel.save of sae-lens.
///
/// # Safety
/// `path` and `config` are null or end in a NUL; pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_write_f32(
    path: *const c_char,
    config: *const c_char,
    dictionary: *const f32,
    rows: usize,
    cols: usize,
    dictionary_stride: usize,
    bias: *const f32,
    probabilities: *const f32,
    factor: *const f32,
    rank: usize,
    factor_stride: usize,
    diagonal: *const f32,
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    scaled: *const u8,
    nodes: usize,
) -> saek_status {
    with_files!(arrays::write(
        path,
        config,
        [rows, cols, rank],
        (dictionary, dictionary_stride),
        [bias, probabilities, diagonal],
        (factor, factor_stride),
        ([parents, features], [exclusive, scaled], nodes),
    ))
}

/// As `saek_model_write_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_model_write_f64(
    path: *const c_char,
    config: *const c_char,
    dictionary: *const f64,
    rows: usize,
    cols: usize,
    dictionary_stride: usize,
    bias: *const f64,
    probabilities: *const f64,
    factor: *const f64,
    rank: usize,
    factor_stride: usize,
    diagonal: *const f64,
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    scaled: *const u8,
    nodes: usize,
) -> saek_status {
    with_files!(arrays::write(
        path,
        config,
        [rows, cols, rank],
        (dictionary, dictionary_stride),
        [bias, probabilities, diagonal],
        (factor, factor_stride),
        ([parents, features], [exclusive, scaled], nodes),
    ))
}
