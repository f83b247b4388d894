//! Generators as C callers give them: borrowed, checked, and run.

use super::boundary::{Arguments, VersionedStruct, required};
use super::firing::Raw;
use super::generator::{SAEK_MODIFIER_CALLBACK, SAEK_MODIFIER_HIERARCHY, SAEK_MODIFIER_PLANNED_HIERARCHY};
use super::hierarchy::{hierarchy_of_plan, nodes_of_plan};
use crate::activation::hierarchy::{Hierarchy, apply_buffer_len, apply_dense, check_means};
use crate::activation::{Correlation, Generator, Modifier};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix};
use crate::rng::Stream;
use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::ops::ControlFlow;
use faer::dyn_stack::{MemStack, StackReq};

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
    pub(super) firing: *const G::Firing,
    pub(super) factor: *const G::Real,
    pub(super) factor_stride: usize,
    pub(super) thresholds: *const G::Real,
    pub(super) modifiers: (*const *const G::Modifier, usize),
    pub(super) random: Stream,
    pub(super) lifetime: PhantomData<&'a G>,
}

type ModifyCallback<T> = Option<unsafe extern "C" fn(*mut c_void, u64, *mut T, usize, usize, usize) -> c_int>;

/// A modifier struct, whatever its precision.
pub(super) struct RawModifier<T> {
    pub(super) kind: u32,
    pub(super) parents: *const u32,
    pub(super) features: *const u32,
    pub(super) exclusive: *const u8,
    pub(super) nodes: usize,
    pub(super) modify: ModifyCallback<T>,
    pub(super) context: *mut c_void,
}

/// A modifier whose memory has been borrowed.
enum BorrowedModifier<'a, T> {
    Hierarchy(Forest<'a>),
    Planned(&'a [u32]),
    Callback(unsafe extern "C" fn(*mut c_void, u64, *mut T, usize, usize, usize) -> c_int, *mut c_void),
}

/// The arrays of a forest.
struct Forest<'a> {
    parents: &'a [u32],
    features: &'a [u32],
    exclusive: &'a [u8],
}

impl Forest<'_> {
    fn lay_out<'b>(&self, feature_count: usize, buffer: &'b mut [u32]) -> Result<Hierarchy<'b>, Error> {
        let Self { parents, features, exclusive } = *self;
        Hierarchy::new(parents, features, exclusive, &[], feature_count, buffer)
    }
}

/// Room to lay out one hierarchy at a time and to apply it.
pub(super) struct ForestRoom<'a> {
    pub(super) forest: &'a mut [u32],
    pub(super) fired: &'a mut [u64],
}

/// What [`with_forest_room`] takes from the workspace for hierarchies of up to `largest` nodes.
pub(super) fn forest_scratch(largest: Option<usize>) -> StackReq {
    largest.map_or(StackReq::EMPTY, |nodes| {
        vector_scratch::<u32>(Hierarchy::buffer_len(nodes))
            .and(vector_scratch::<u64>(apply_buffer_len(nodes)))
    })
}

/// Runs `body` with room for hierarchies of up to `largest` nodes, and the rest of the workspace.
pub(super) fn with_forest_room<R>(
    stack: &mut MemStack,
    largest: Option<usize>,
    body: impl FnOnce(ForestRoom<'_>, &mut MemStack) -> R,
) -> R {
    let Some(nodes) = largest else {
        return body(ForestRoom { forest: &mut [], fired: &mut [] }, stack);
    };
    let (mut forest, stack) = take(stack, Hierarchy::buffer_len(nodes), 0_u32);
    let (mut fired, stack) = take(stack, apply_buffer_len(nodes), 0_u64);
    body(ForestRoom { forest: &mut forest, fired: &mut fired }, stack)
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
                Ok(BorrowedModifier::Hierarchy(Forest {
                    parents: arguments.slice_unrecorded(self.parents, self.nodes, Argument::Parents)?,
                    features: arguments.slice_unrecorded(self.features, self.nodes, Argument::Features)?,
                    exclusive: arguments.slice_unrecorded(self.exclusive, self.nodes, Argument::Exclusive)?,
                }))
            },
            // SAFETY: the caller's promise.
            SAEK_MODIFIER_PLANNED_HIERARCHY => unsafe {
                let plan = arguments.slice_unrecorded(self.parents, self.nodes, Argument::Plan)?;
                // Whether there can be such a plan; for how many features it is, is known later.
                nodes_of_plan(plan.len())?;
                Ok(BorrowedModifier::Planned(plan))
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

    /// The number of nodes of the largest hierarchy among the modifiers, if there is any.
    ///
    /// Refuses modifiers that share memory with what `arguments` has borrowed for writing so far.
    ///
    /// # Safety
    /// As for [`borrow`].
    pub(super) unsafe fn largest_forest(&self, arguments: &mut Arguments) -> Result<Option<usize>, Error> {
        let mut largest = None;
        // SAFETY: the caller's promise.
        unsafe {
            self.modifiers(arguments, |modifier| {
                match modifier {
                    BorrowedModifier::Hierarchy(forest) => largest = largest.max(Some(forest.parents.len())),
                    BorrowedModifier::Planned(plan) => {
                        largest = largest.max(Some(nodes_of_plan(plan.len())?));
                    }
                    BorrowedModifier::Callback(..) => {}
                }
                Ok(())
            })?;
        }
        Ok(largest)
    }

    /// Checks every hierarchy, so that a bad one is refused before an output is written.
    ///
    /// The room for a hierarchy lies in the workspace: [`largest_forest`](Self::largest_forest) must have found before
    /// that no modifier shares memory with it.
    ///
    /// # Safety
    /// As for [`borrow`].
    pub(super) unsafe fn check_forests(
        &self,
        arguments: &mut Arguments,
        room: &mut ForestRoom<'_>,
    ) -> Result<(), Error> {
        // SAFETY: the caller's promise.
        unsafe {
            self.modifiers(arguments, |modifier| match modifier {
                BorrowedModifier::Hierarchy(forest) => forest.lay_out(self.features, room.forest).map(|_| ()),
                BorrowedModifier::Planned(plan) => {
                    check_means(&hierarchy_of_plan(plan, self.features)?, self.firing.means)
                }
                BorrowedModifier::Callback(..) => Ok(()),
            })
        }
    }

    /// Runs `body` with the generator, and gives its result, or what was wrong with a modifier where that ended it;
    /// there is room for one hierarchy at a time.
    ///
    /// # Safety
    /// As for [`borrow`]; callbacks may be called on this thread.
    pub(super) unsafe fn with<R>(
        &self,
        arguments: &mut Arguments,
        room: ForestRoom<'_>,
        body: impl FnOnce(&mut Generator<'_, '_, G::Real>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        // To the generator all modifiers are one that broke off.
        let mut fault = Ok(());
        let mut modify = |first_row: u64, mut out: RowMajorMut<'_, G::Real>| {
            let apply = |modifier: BorrowedModifier<'a, G::Real>| match modifier {
                BorrowedModifier::Hierarchy(forest) => {
                    let hierarchy = forest.lay_out(self.features, room.forest)?;
                    apply_dense(&hierarchy, &[], self.random, first_row, out.as_mut(), room.fired)
                }
                BorrowedModifier::Planned(plan) => {
                    let hierarchy = hierarchy_of_plan(plan, self.features)?;
                    let (means, view) = (self.firing.means, out.as_mut());
                    apply_dense(&hierarchy, means, self.random, first_row, view, room.fired)
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
                Err(error) => {
                    fault = Err(error);
                    ControlFlow::Break(())
                }
            }
        };
        let mut all = [Modifier::Custom(&mut modify)];
        let count = usize::from(!self.modifiers.is_empty());
        let result = body(&mut Generator {
            features: self.features,
            firing: self.firing,
            correlation: self.correlation,
            modifiers: &mut all[..count],
            stream: self.random,
        });
        fault.and(result)
    }
}
