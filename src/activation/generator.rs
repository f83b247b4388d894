//! The whole recipe of a sample: which features fire, how strongly, and what modifiers do to them, in order.

use super::correlated::{sample_correlated, sample_scratch};
use super::firing::Firing;
use super::hierarchy::{Hierarchy, apply_dense};
use super::independent::sample_independent;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, row_mut};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ops::ControlFlow;
use faer::dyn_stack::{MemStack, StackReq};

/// A dense correlation, factorised once: see [`factorise`](super::correlated::factorise) and
/// [`thresholds`](super::correlated::thresholds).
#[derive(Clone, Copy, Debug)]
pub struct Correlation<'a, T> {
    /// The lower Cholesky factor of the correlation matrix, n by n.
    pub factor: RowMajor<'a, T>,
    /// A feature fires where its normal number exceeds this; n of them.
    pub thresholds: &'a [T],
}

/// A caller's modifier: gets the number of the first sample and the samples, and may break off.
pub type ModifyFn<'a, T> = &'a mut dyn FnMut(u64, RowMajorMut<'_, T>) -> ControlFlow<()>;

/// Something that changes activations after they were drawn.
pub enum Modifier<'a, T> {
    /// Children silent where their parent is, exclusive children one at a time, and a buffer for
    /// [`apply_buffer_len`](super::hierarchy::apply_buffer_len) numbers.
    Hierarchy(&'a Hierarchy<'a>, &'a mut [u64]),
    /// Whatever the caller does. For samples to be functions of their number it must look at each row alone.
    Custom(ModifyFn<'a, T>),
}

/// A source of activations of n features.
pub struct Generator<'a, 'm, T> {
    /// Number of features n.
    pub features: usize,
    /// How often and how strongly each fires. With a correlation the probabilities are in its thresholds, and those
    /// here are not looked at.
    pub firing: Firing<'a, T>,
    /// Fires features together; none for independent ones.
    pub correlation: Option<Correlation<'a, T>>,
    /// Applied in order, then a relu.
    pub modifiers: &'a mut [Modifier<'m, T>],
    /// Names the random numbers.
    pub stream: Stream,
}

/// The workspace of [`Generator::sample`]: that of the correlated sampler where there is a correlation, else none.
pub fn generator_scratch<T: Scalar>(features: usize, correlated: bool) -> StackReq {
    if correlated { sample_scratch::<T>(features) } else { StackReq::EMPTY }
}

impl<T: Scalar> Generator<'_, '_, T> {
    /// Fills `out[b, n]` with samples `first_row ..  first_row + b`.
    ///
    /// Activations as [`sample_independent`] or [`sample_correlated`] draw them, the modifiers in order, a relu.
    ///
    /// # Errors
    /// Those of the sampler; [`Reason::Shape`] on `Activations` where `out` has not n columns. `out` is then untouched.
    /// Those of [`apply_dense`] where a hierarchy is for another number of features, scales by means that are not
    /// positive, or lacks a buffer. [`Reason::Cancelled`] on `Modifiers` where one breaks off, [`Reason::NotANumber`]
    /// and [`Reason::Infinite`] on `Modifiers` where one leaves such a value: `out` then holds what it left.
    ///
    /// # Cost
    /// That of the sampler and the modifiers, and one pass a modifier of the caller's.
    ///
    /// # Determinism
    /// That of the sampler: sample r depends on `(seed, stream, r)` alone as far as the caller's modifiers allow.
    ///
    /// # Source
    /// `sae_lens.synthetic.ActivationGenerator.sample`.
    pub fn sample(
        &mut self,
        first_row: u64,
        mut out: RowMajorMut<'_, T>,
        stack: &mut MemStack,
    ) -> Result<(), Error> {
        ensure_not_empty(out.as_ref(), Argument::Activations)?;
        ensure(out.ncols() == self.features, Reason::Shape, Argument::Activations)?;
        match self.correlation {
            Some(Correlation { factor, thresholds }) => {
                let Firing { means, std_devs, .. } = self.firing;
                let view = out.as_mut();
                sample_correlated(factor, thresholds, means, std_devs, self.stream, first_row, view, stack)?;
            }
            None => sample_independent(&self.firing, self.stream, first_row, out.as_mut())?,
        }
        for modifier in self.modifiers.iter_mut() {
            match modifier {
                Modifier::Hierarchy(hierarchy, buffer) => {
                    let means = self.firing.means;
                    apply_dense(hierarchy, means, self.stream, first_row, out.as_mut(), buffer)?;
                }
                Modifier::Custom(modify) => {
                    let flow = modify(first_row, out.as_mut());
                    ensure(flow.is_continue(), Reason::Cancelled, Argument::Modifiers)?;
                    ensure_finite_matrix(out.as_ref(), Argument::Modifiers)?;
                }
            }
        }
        if !self.modifiers.is_empty() {
            for r in 0..out.nrows() {
                row_mut(&mut out, r).iter_mut().for_each(|x| *x = x.relu());
            }
        }
        Ok(())
    }
}
