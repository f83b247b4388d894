//! C functions that draw samples from a whole recipe: firing, correlation, modifiers.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, required};
use super::firing::{Raw, saek_firing_f32, saek_firing_f64};
use super::types::saek_status;
use crate::activation::hierarchy::{Hierarchy, apply_dense};
use crate::activation::{Correlation, Generator, Modifier, generator_scratch};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix};
use crate::rng::Stream;
use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::ops::ControlFlow;
use core::ptr::{null, null_mut};
use faer::dyn_stack::{MemStack, StackReq};

/// A modifier that silences children of silent parents and keeps one of exclusive children.
pub const SAEK_MODIFIER_HIERARCHY: u32 = 0;
/// A modifier that is a function of the caller's.
pub const SAEK_MODIFIER_CALLBACK: u32 = 1;

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
    /// SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes; else not looked at.
    pub parents: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: feature of each node.
    pub features: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other.
    pub exclusive: *const u8,
    /// SAEK_MODIFIER_HIERARCHY: number of nodes.
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
    /// SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes; else not looked at.
    pub parents: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: feature of each node.
    pub features: *const u32,
    /// SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other.
    pub exclusive: *const u8,
    /// SAEK_MODIFIER_HIERARCHY: number of nodes.
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
/// and 20 bytes a node of the largest hierarchy.
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
/// of `saek_hierarchy_validate`; OVERLAP (activations, modifiers, parents, features, exclusive); NULL_POINTER,
/// MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (modifiers) where a callback breaks off, and
/// NOT_A_NUMBER, INFINITE (modifiers) where one leaves such a number, leave in `activations` what the modifier left.
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

/// `saek_generator_f32` or `saek_generator_f64`.
pub(super) trait GeneratorStruct: VersionedStruct {
    type Real: Scalar;
    type Firing: VersionedStruct + Into<Raw<Self::Real>>;
    type Modifier: VersionedStruct + Into<RawModifier<Self::Real>>;

    fn fields(&self) -> Fields<'_, Self>;
}

/// The fields of a generator struct, whatever its precision.
pub(super) struct Fields<'a, G: GeneratorStruct> {
    pub(super) features: usize,
    firing: *const G::Firing,
    factor: *const G::Real,
    factor_stride: usize,
    thresholds: *const G::Real,
    modifiers: (*const *const G::Modifier, usize),
    random: Stream,
    lifetime: PhantomData<&'a G>,
}

type ModifyCallback<T> = Option<unsafe extern "C" fn(*mut c_void, u64, *mut T, usize, usize, usize) -> c_int>;

/// A modifier struct, whatever its precision.
pub(super) struct RawModifier<T> {
    kind: u32,
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
    modify: ModifyCallback<T>,
    context: *mut c_void,
}

/// A modifier whose memory has been borrowed.
enum BorrowedModifier<'a, T> {
    Hierarchy(&'a [u32], &'a [u32], &'a [u8]),
    Callback(unsafe extern "C" fn(*mut c_void, u64, *mut T, usize, usize, usize) -> c_int, *mut c_void),
}

impl<T> RawModifier<T> {
    /// Borrows the arrays of a modifier, reading only.
    ///
    /// # Safety
    /// The pointers are null or point to what the struct says, and stay so during `'a`.
    unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<BorrowedModifier<'a, T>, Error> {
        match self.kind {
            // SAFETY: the caller's promise.
            SAEK_MODIFIER_HIERARCHY => unsafe {
                Ok(BorrowedModifier::Hierarchy(
                    arguments.slice_unrecorded(self.parents, self.nodes, Argument::Parents)?,
                    arguments.slice_unrecorded(self.features, self.nodes, Argument::Features)?,
                    arguments.slice_unrecorded(self.exclusive, self.nodes, Argument::Exclusive)?,
                ))
            },
            SAEK_MODIFIER_CALLBACK => match self.modify {
                Some(modify) => Ok(BorrowedModifier::Callback(modify, self.context)),
                None => Err(Error::new(Reason::NullPointer, Argument::Modifiers)),
            },
            _ => Err(Error::new(Reason::UnknownValue, Argument::Modifiers)),
        }
    }
}

/// A generator struct whose memory has been borrowed; its modifiers are borrowed anew whenever they are applied, so
/// that there may be any number of them.
pub(super) struct Borrowed<'a, G: GeneratorStruct> {
    pub(super) features: usize,
    firing: crate::activation::Firing<'a, G::Real>,
    correlation: Option<Correlation<'a, G::Real>>,
    modifiers: &'a [*const G::Modifier],
    random: Stream,
}

/// Reads a generator struct and borrows what it points to.
///
/// # Safety
/// The pointers are null or point to what the header says, and stay so during `'a`.
pub(super) unsafe fn borrow<'a, G: GeneratorStruct>(
    generator: *const G,
    arguments: &mut Arguments,
    defaults: &'a [G::Real; 2],
) -> Result<Borrowed<'a, G>, Error> {
    // SAFETY: the caller's promise.
    unsafe {
        let generator = required(generator, Argument::Generator)?;
        let Fields { features, firing, factor, factor_stride, thresholds, modifiers, random, .. } =
            generator.fields();
        ensure(features > 0, Reason::Empty, Argument::Features)?;
        let firing: Raw<G::Real> = required(firing, Argument::Firing)?.into();
        let firing = firing.borrow(arguments, defaults)?;
        let correlation = if factor.is_null() {
            None
        } else {
            let factor: RowMajor<'a, G::Real> =
                arguments.matrix(factor, features, features, factor_stride, Argument::Factor)?;
            let thresholds = arguments.slice(thresholds, features, Argument::Thresholds)?;
            Some(Correlation { factor, thresholds })
        };
        let modifiers = match modifiers {
            (_, 0) => &[],
            (pointer, len) => arguments.slice(pointer, len, Argument::Modifiers)?,
        };
        Ok(Borrowed { features, firing, correlation, modifiers, random })
    }
}

impl<'a, G: GeneratorStruct> Borrowed<'a, G> {
    pub(super) fn correlated(&self) -> bool {
        self.correlation.is_some()
    }

    /// The modifiers in order, each borrowed for reading.
    ///
    /// # Safety
    /// As for [`borrow`].
    unsafe fn modifiers(
        &self,
        arguments: &mut Arguments,
        mut each: impl FnMut(BorrowedModifier<'a, G::Real>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for &modifier in self.modifiers {
            // The struct is read again whenever it is applied, so what is written must not reach into it.
            arguments.examine(modifier, 1, false, Argument::Modifiers)?;
            // SAFETY: the caller's promise.
            let modifier: RawModifier<G::Real> = unsafe { required(modifier, Argument::Modifiers)?.into() };
            // SAFETY: the caller's promise.
            each(unsafe { modifier.borrow(arguments)? })?;
        }
        Ok(())
    }

    /// The longest buffer that a hierarchy among the modifiers needs.
    ///
    /// Refuses modifiers that share memory with what `arguments` has borrowed for writing so far.
    ///
    /// # Safety
    /// As for [`borrow`].
    pub(super) unsafe fn forest_len(&self, arguments: &mut Arguments) -> Result<usize, Error> {
        let mut longest = 0;
        // SAFETY: the caller's promise.
        unsafe {
            self.modifiers(arguments, |modifier| {
                if let BorrowedModifier::Hierarchy(parents, ..) = modifier {
                    longest = longest.max(Hierarchy::buffer_len(parents.len()));
                }
                Ok(())
            })?;
        }
        Ok(longest)
    }

    /// Checks every hierarchy, so that a bad one is refused before an output is written.
    ///
    /// The room for a hierarchy lies in the workspace: [`forest_len`](Self::forest_len) must have found before that
    /// no modifier shares memory with it.
    ///
    /// # Safety
    /// As for [`borrow`].
    pub(super) unsafe fn check_forests(
        &self,
        arguments: &mut Arguments,
        forest: &mut [u32],
    ) -> Result<(), Error> {
        // SAFETY: the caller's promise.
        unsafe {
            self.modifiers(arguments, |modifier| match modifier {
                BorrowedModifier::Hierarchy(parents, features, exclusive) => {
                    Hierarchy::new(parents, features, exclusive, self.features, forest).map(|_| ())
                }
                BorrowedModifier::Callback(..) => Ok(()),
            })
        }
    }

    /// Runs `body` with the generator; `forest` is room for one hierarchy at a time.
    ///
    /// # Safety
    /// As for [`borrow`]; callbacks may be called on this thread.
    pub(super) unsafe fn with<R>(
        &self,
        arguments: &mut Arguments,
        forest: &mut [u32],
        body: impl FnOnce(&mut Generator<'_, '_, G::Real>) -> R,
    ) -> R {
        let mut modify = |first_row: u64, mut out: RowMajorMut<'_, G::Real>| {
            let apply = |modifier: BorrowedModifier<'a, G::Real>| match modifier {
                BorrowedModifier::Hierarchy(parents, features, exclusive) => {
                    let hierarchy = Hierarchy::new(parents, features, exclusive, self.features, forest)?;
                    apply_dense(&hierarchy, self.random, first_row, out.as_mut())
                }
                BorrowedModifier::Callback(modify, context) => {
                    let (rows, cols, stride) = (out.nrows(), out.ncols(), out.row_stride() as usize);
                    // SAFETY: callable with its context by the contract; the matrix is exclusively ours.
                    let answer = unsafe { modify(context, first_row, out.as_ptr_mut(), rows, cols, stride) };
                    ensure(answer == 0, Reason::Cancelled, Argument::Modifiers)?;
                    ensure_finite_matrix(out.as_ref(), Argument::Modifiers)
                }
            };
            // SAFETY: the caller's promise.
            match unsafe { self.modifiers(arguments, apply) } {
                // Ends here, with no later modifier to hide the number; the generator looks for it and says which.
                Err(error) if matches!(error.reason, Reason::NotANumber | Reason::Infinite) => {
                    ControlFlow::Continue(())
                }
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        let mut all = [Modifier::Custom(&mut modify)];
        let count = usize::from(!self.modifiers.is_empty());
        body(&mut Generator {
            features: self.features,
            firing: self.firing,
            correlation: self.correlation,
            modifiers: &mut all[..count],
            stream: self.random,
        })
    }
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
        let forest = generator.forest_len(&mut arguments)?;
        answer_query(Ok(sample_scratch(&generator, forest)), bytes, align)
    }
}

fn sample_scratch<G: GeneratorStruct>(generator: &Borrowed<'_, G>, forest: usize) -> StackReq {
    let sampling = generator_scratch::<G::Real>(generator.features, generator.correlated());
    if forest == 0 { sampling } else { vector_scratch::<u32>(forest).and(sampling) }
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
        let forest = generator.forest_len(&mut arguments)?;
        let out =
            arguments.matrix_mut(activations, rows, generator.features, stride, Argument::Activations)?;
        let stack = arguments.workspace(workspace, workspace_bytes, sample_scratch(&generator, forest))?;
        // Once more, now that all memory to write is known, before any of it is written.
        let forest = generator.forest_len(&mut arguments)?;
        let (mut forest, stack): (_, &mut MemStack) = take(stack, forest, 0_u32);
        generator.check_forests(&mut arguments, &mut forest)?;
        generator.with(&mut arguments, &mut forest, |generator| generator.sample(first_row, out, stack))
    }
}
