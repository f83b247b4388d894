//! A descent whose state the test has, through the resumable kernel or through split steps.

use super::workspace;
use core::ops::ControlFlow;
use sae_kernels::dictionary::{
    ApplyParams, NextFrame, OrthogonaliseParams, OrthogonaliseState, ResumeParams, WholeDictionary,
    frame_operator_partial, frame_operator_partial_scratch, normalise_rows, orthogonalise_apply,
    orthogonalise_apply_scratch, orthogonalise_resume, orthogonalise_resume_scratch, random_unit_rows,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::Progress;
use sae_kernels::rng::Stream;
use sae_kernels::{Error, MemStack, Par, Scalar};

/// Random unit rows, the same at every call.
pub fn random<T: Scalar>(n: usize, d: usize) -> Vec<T> {
    let mut e = vec![T::ZERO; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(7, 0), 0).unwrap();
    e
}

/// A dictionary, or the part of one that a machine has, between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent<T> {
    pub d: usize,
    pub rows: Vec<T>,
    pub moments: Vec<T>,
    pub state: OrthogonaliseState,
}

impl<T: Scalar> Descent<T> {
    pub fn new(rows: Vec<T>, d: usize) -> Self {
        let moments = vec![T::ZERO; 2 * rows.len()];
        Self { d, rows, moments, state: OrthogonaliseState::default() }
    }

    pub fn n(&self) -> usize {
        self.rows.len() / self.d
    }

    /// Goes on, and gives the losses that were reported.
    pub fn resume(
        &mut self,
        params: &ResumeParams,
        par: Par,
        stop_after: usize,
    ) -> (Result<(), Error>, Vec<f64>) {
        let (n, d) = (self.n(), self.d);
        let mut memory = workspace(orthogonalise_resume_scratch::<T>(n, d));
        let mut losses = vec![];
        let mut hear = |p: &Progress| {
            losses.push(p.loss);
            if losses.len() == stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let view = row_major_mut(&mut self.rows, n, d, d).unwrap();
        let stack = MemStack::new(&mut memory);
        let done =
            orthogonalise_resume(view, &mut self.moments, &mut self.state, params, par, &mut hear, stack);
        (done, losses)
    }

    pub fn go(&mut self, t: f64, steps: u64, par: Par) -> Vec<f64> {
        let (done, losses) = self.resume(&params(t, steps, 0.0), par, usize::MAX);
        assert_eq!(done, Ok(()));
        losses
    }

    pub fn frame(&self) -> Frame<T> {
        let (n, d) = (self.n(), self.d);
        let mut out = Frame::zeros(d);
        let mut memory = workspace(frame_operator_partial_scratch::<T>(n, d));
        let view = row_major_mut(&mut out.frame, d, d, d).unwrap();
        let rows = row_major(&self.rows, n, d, d).unwrap();
        frame_operator_partial(rows, view, &mut out.row_sum, Par::Seq, MemStack::new(&mut memory)).unwrap();
        out
    }

    /// One step; gives the share of the loss and what the next step needs.
    pub fn apply(&mut self, whole: &Frame<T>, total: usize, t: f64) -> (f64, Frame<T>) {
        let (n, d) = (self.n(), self.d);
        let mut next = Frame::zeros(d);
        let mut memory = workspace(orthogonalise_apply_scratch::<T>(n, d));
        let share = orthogonalise_apply(
            row_major_mut(&mut self.rows, n, d, d).unwrap(),
            &mut self.moments,
            self.state.step,
            whole.view(d, total as u64),
            Some(next.view_mut(d)),
            &ApplyParams { target_cosine: t, ..Default::default() },
            Par::Seq,
            MemStack::new(&mut memory),
        );
        self.state.step += 1;
        (share.unwrap(), next)
    }

    pub fn normalise(&mut self) {
        let (n, d) = (self.n(), self.d);
        normalise_rows(row_major_mut(&mut self.rows, n, d, d).unwrap()).unwrap();
    }
}

/// Parameters with the default step size.
pub fn params(target_cosine: f64, steps: u64, relative_tolerance: f64) -> ResumeParams {
    let descent = OrthogonaliseParams { target_cosine, steps, ..Default::default() };
    ResumeParams { descent, relative_tolerance }
}

/// A frame operator and a sum of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<T> {
    pub frame: Vec<T>,
    pub row_sum: Vec<f64>,
}

impl<T: Scalar> Frame<T> {
    pub fn zeros(d: usize) -> Self {
        Self { frame: vec![T::ZERO; d * d], row_sum: vec![0.0; d] }
    }

    pub fn view(&self, d: usize, total: u64) -> WholeDictionary<'_, T> {
        WholeDictionary { frame: row_major(&self.frame, d, d, d).unwrap(), row_sum: &self.row_sum, total }
    }

    pub fn view_mut(&mut self, d: usize) -> NextFrame<'_, T> {
        NextFrame { frame: row_major_mut(&mut self.frame, d, d, d).unwrap(), row_sum: &mut self.row_sum }
    }

    /// What an all-reduce gives.
    pub fn sum(parts: &[Self]) -> Self {
        let mut sum = parts[0].clone();
        for part in &parts[1..] {
            sum.frame.iter_mut().zip(&part.frame).for_each(|(s, &x)| *s += x);
            sum.row_sum.iter_mut().zip(&part.row_sum).for_each(|(s, &x)| *s += x);
        }
        sum
    }
}
