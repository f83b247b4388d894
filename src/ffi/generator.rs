//! C functions that draw samples from a whole recipe: firing, correlation, modifiers.

use super::borrowed_generator::{
    Borrowed, Fields, GeneratorStruct, RawModifier, borrow, forest_scratch, with_forest_room,
};
use super::boundary::{Arguments, VersionedStruct, answer_query, call};
use super::firing::{Raw, saek_firing_f32, saek_firing_f64};
use super::types::saek_status;
use crate::activation::generator_scratch;
use crate::error::{Argument, Error};
use crate::rng::Stream;
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::ptr::{null, null_mut};
use faer::dyn_stack::StackReq;

/// A modifier that silences children of silent parents and keeps one of exclusive children.
pub const SAEK_MODIFIER_HIERARCHY: u32 = 0;
/// A modifier that is a function of the caller's.
pub const SAEK_MODIFIER_CALLBACK: u32 = 1;
/// A modifier as SAEK_MODIFIER_HIERARCHY, whose forest has been planned; it may scale children too.
pub const SAEK_MODIFIER_PLANNED_HIERARCHY: u32 = 2;

/// A modifier of the caller's: changes `activations`, `rows` by `cols` with rows `stride` elements apart, in place.
///
/// `first_row` is the number of the first sample; samples are functions of their number as long as the modifier looks
/// at each row alone. A result other than 0 breaks off. It runs on the calling thread, must not unwind through the
/// library, and must leave finite numbers.
pub type saek_modify_f32_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        first_row: u64,
        activations: *mut f32,
        rows: usize,
        cols: usize,
        stride: usize,
    ) -> c_int,
>;

/// Something that changes activations after they were drawn.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_modifier_f32 {
    /// sizeof(saek_modifier_f32).
    pub struct_size: u32,
    /// One of the `SAEK_MODIFIER_...` numbers.
    pub kind: u32,
    /// SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes.
    /// SAEK_MODIFIER_PLANNED_HIERARCHY: the plan that `saek_plan_hierarchy` has written for all features.
    /// Else not looked at.
    pub parents: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: feature of each node.
    pub features: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other.
    pub exclusive: *const u8,
    /// SAEK_MODIFIER_HIERARCHY: number of nodes. SAEK_MODIFIER_PLANNED_HIERARCHY: length of the plan.
    pub nodes: usize,
    /// SAEK_MODIFIER_CALLBACK: called with every batch; else not looked at.
    pub modify: saek_modify_f32_callback,
    /// SAEK_MODIFIER_CALLBACK: handed to `modify`.
    pub context: *mut c_void,
}

// SAFETY: repr(C), begins with struct_size, holds integers and nullable pointers.
unsafe impl VersionedStruct for saek_modifier_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            kind: SAEK_MODIFIER_HIERARCHY,
            parents: null(),
            features: null(),
            exclusive: null(),
            nodes: 0,
            modify: None,
            context: null_mut(),
        }
    }
}

/// A source of activations: which features fire, how strongly, and what modifiers do to them, in order.
///
/// Activations are drawn as `saek_sample_independent_f32` does, or as `saek_sample_correlated_f32` where there is a
/// factor; then the modifiers are applied in order; then a relu.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_generator_f32 {
    /// sizeof(saek_generator_f32).
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Number of features, >= 1.
    pub features: usize,
    /// Probabilities, means and standard deviations. With a factor the probabilities are in the thresholds, and those
    /// here are checked as pointers but not used.
    pub firing: *const saek_firing_f32,
    /// NULL for independent features; else the factor that `saek_correlation_factorise_f32` gave, features by features.
    pub factor: *const f32,
    /// Elements from one row of `factor` to the next, >= features; not looked at where `factor` is NULL.
    pub factor_stride: usize,
    /// The thresholds that `saek_correlation_thresholds_f32` gave, `features` of them; not looked at where `factor` is
    /// NULL.
    pub thresholds: *const f32,
    /// Pointers to the modifiers, in the order in which they are applied; may be NULL where there are none.
    pub modifiers: *const *const saek_modifier_f32,
    /// Number of modifiers.
    pub modifiers_len: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Stream of the seed.
    pub stream: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_generator_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            features: 0,
            firing: null(),
            factor: null(),
            factor_stride: 0,
            thresholds: null(),
            modifiers: null(),
            modifiers_len: 0,
            seed: 0,
            stream: 0,
        }
    }
}

impl GeneratorStruct for saek_generator_f32 {
    type Real = f32;
    type Firing = saek_firing_f32;
    type Modifier = saek_modifier_f32;

    fn fields(&self) -> Fields<'_, Self> {
        Fields {
            features: self.features,
            firing: self.firing,
            factor: self.factor,
            factor_stride: self.factor_stride,
            thresholds: self.thresholds,
            modifiers: (self.modifiers, self.modifiers_len),
            random: Stream::new(self.seed, self.stream),
            lifetime: PhantomData,
        }
    }
}

impl From<saek_modifier_f32> for RawModifier<f32> {
    fn from(modifier: saek_modifier_f32) -> Self {
        let saek_modifier_f32 { kind, parents, features, exclusive, nodes, modify, context, .. } = modifier;
        Self { kind, parents, features, exclusive, nodes, modify, context }
    }
}

/// A modifier of the caller's: changes `activations`, `rows` by `cols` with rows `stride` elements apart, in place.
///
/// `first_row` is the number of the first sample; samples are functions of their number as long as the modifier looks
/// at each row alone. A result other than 0 breaks off. It runs on the calling thread, must not unwind through the
/// library, and must leave finite numbers.
pub type saek_modify_f64_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        first_row: u64,
        activations: *mut f64,
        rows: usize,
        cols: usize,
        stride: usize,
    ) -> c_int,
>;

/// Something that changes activations after they were drawn.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_modifier_f64 {
    /// sizeof(saek_modifier_f64).
    pub struct_size: u32,
    /// One of the `SAEK_MODIFIER_...` numbers.
    pub kind: u32,
    /// SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes.
    /// SAEK_MODIFIER_PLANNED_HIERARCHY: the plan that `saek_plan_hierarchy` has written for all features.
    /// Else not looked at.
    pub parents: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: feature of each node.
    pub features: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other.
    pub exclusive: *const u8,
    /// SAEK_MODIFIER_HIERARCHY: number of nodes. SAEK_MODIFIER_PLANNED_HIERARCHY: length of the plan.
    pub nodes: usize,
    /// SAEK_MODIFIER_CALLBACK: called with every batch; else not looked at.
    pub modify: saek_modify_f64_callback,
    /// SAEK_MODIFIER_CALLBACK: handed to `modify`.
    pub context: *mut c_void,
}

// SAFETY: repr(C), begins with struct_size, holds integers and nullable pointers.
unsafe impl VersionedStruct for saek_modifier_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            kind: SAEK_MODIFIER_HIERARCHY,
            parents: null(),
            features: null(),
            exclusive: null(),
            nodes: 0,
            modify: None,
            context: null_mut(),
        }
    }
}

/// A source of activations: which features fire, how strongly, and what modifiers do to them, in order.
///
/// Activations are drawn as `saek_sample_independent_f64` does, or as `saek_sample_correlated_f64` where there is a
/// factor; then the modifiers are applied in order; then a relu.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_generator_f64 {
    /// sizeof(saek_generator_f64).
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Number of features, >= 1.
    pub features: usize,
    /// Probabilities, means and standard deviations. With a factor the probabilities are in the thresholds, and those
    /// here are checked as pointers but not used.
    pub firing: *const saek_firing_f64,
    /// NULL for independent features; else the factor that `saek_correlation_factorise_f64` gave, features by features.
    pub factor: *const f64,
    /// Elements from one row of `factor` to the next, >= features; not looked at where `factor` is NULL.
    pub factor_stride: usize,
    /// The thresholds that `saek_correlation_thresholds_f64` gave, `features` of them; not looked at where `factor` is
    /// NULL.
    pub thresholds: *const f64,
    /// Pointers to the modifiers, in the order in which they are applied; may be NULL where there are none.
    pub modifiers: *const *const saek_modifier_f64,
    /// Number of modifiers.
    pub modifiers_len: usize,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Stream of the seed.
    pub stream: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_generator_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            features: 0,
            firing: null(),
            factor: null(),
            factor_stride: 0,
            thresholds: null(),
            modifiers: null(),
            modifiers_len: 0,
            seed: 0,
            stream: 0,
        }
    }
}

impl GeneratorStruct for saek_generator_f64 {
    type Real = f64;
    type Firing = saek_firing_f64;
    type Modifier = saek_modifier_f64;

    fn fields(&self) -> Fields<'_, Self> {
        Fields {
            features: self.features,
            firing: self.firing,
            factor: self.factor,
            factor_stride: self.factor_stride,
            thresholds: self.thresholds,
            modifiers: (self.modifiers, self.modifiers_len),
            random: Stream::new(self.seed, self.stream),
            lifetime: PhantomData,
        }
    }
}

impl From<saek_modifier_f64> for RawModifier<f64> {
    fn from(modifier: saek_modifier_f64) -> Self {
        let saek_modifier_f64 { kind, parents, features, exclusive, nodes, modify, context, .. } = modifier;
        Self { kind, parents, features, exclusive, nodes, modify, context }
    }
}

/// Says how much workspace `saek_generator_sample_f32` needs: that of the correlated sampler where there is a factor,
/// and 32 bytes a node of the largest hierarchy.
///
/// - `generator`: the generator, complete.
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`. 0
///   bytes allow a NULL workspace.
///
/// Status: those of `saek_generator_sample_f32` on the generator's structs, pointers and sizes, but what the arrays hold
/// is not looked at; NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generator_sample_f32_workspace(
    generator: *const saek_generator_f32,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { sample_workspace(generator, bytes, align) })
}

/// Fills `activations` with samples first_row, first_row + 1, ... of a generator, one a row.
///
/// Draws as `saek_sample_independent_f32` or, with a factor, `saek_sample_correlated_f32` does, applies the modifiers in
/// order, then a relu.
///
/// - `generator`: what to draw.
/// - `first_row`: number of the first sample.
/// - `activations`: `rows` by generator->features, row-major, rows `stride` elements apart; written.
/// - `workspace`, `workspace_bytes`: as `saek_generator_sample_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (generator, firing, modifiers); EMPTY (features); those of the two
/// samplers; UNKNOWN_VALUE (modifiers) for an unknown kind, NULL_POINTER (modifiers) for a callback that is NULL; those
/// of `saek_hierarchy_validate`; NULL_POINTER, MISALIGNED, SHAPE, OVERLAP (plan); SHAPE, OUT_OF_RANGE (means) for means
/// that a hierarchy cannot scale by; OVERLAP (activations, modifiers, parents, features, exclusive); NULL_POINTER,
/// MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (modifiers) where a callback breaks off,
/// NOT_A_NUMBER, INFINITE (modifiers) where one leaves such a number, and DIVERGED (activations) where scaling exceeds
/// the range of the numbers leave in `activations` what the modifier left.
/// Cost: drawing, and a pass a modifier. Sample r depends on (seed, stream, r) alone, as far as callbacks allow.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generator_sample_f32(
    generator: *const saek_generator_f32,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { sample(generator, first_row, activations, rows, stride, workspace, workspace_bytes) })
}

/// As `saek_generator_sample_f32_workspace`, for `saek_generator_sample_f64`.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generator_sample_f64_workspace(
    generator: *const saek_generator_f64,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { sample_workspace(generator, bytes, align) })
}

/// As `saek_generator_sample_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generator_sample_f64(
    generator: *const saek_generator_f64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { sample(generator, first_row, activations, rows, stride, workspace, workspace_bytes) })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_workspace<G: GeneratorStruct>(
    generator: *const G,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let generator = borrow(generator, &mut arguments, &defaults)?;
        let largest = generator.largest_forest(&mut arguments)?;
        answer_query(Ok(sample_scratch(&generator, largest)), bytes, align)
    }
}

fn sample_scratch<G: GeneratorStruct>(generator: &Borrowed<'_, G>, largest: Option<usize>) -> StackReq {
    let sampling = generator_scratch::<G::Real>(generator.features, generator.correlated());
    forest_scratch(largest).and(sampling)
}

/// # Safety
/// As the exported functions.
unsafe fn sample<G: GeneratorStruct>(
    generator: *const G,
    first_row: u64,
    activations: *mut G::Real,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let generator = borrow(generator, &mut arguments, &defaults)?;
        let largest = generator.largest_forest(&mut arguments)?;
        let out =
            arguments.matrix_mut(activations, rows, generator.features, stride, Argument::Activations)?;
        let stack = arguments.workspace(workspace, workspace_bytes, sample_scratch(&generator, largest))?;
        // Once more, now that all memory to write is known, before any of it is written.
        let largest = generator.largest_forest(&mut arguments)?;
        with_forest_room(stack, largest, |mut room, stack| {
            generator.check_forests(&mut arguments, &mut room)?;
            generator.with(&mut arguments, room, |generator| generator.sample(first_row, out, stack))
        })
    }
}
