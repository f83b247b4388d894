//! Orthogonalising in parts and in several calls refuses bad input, names it, and writes nothing.

mod support;

use sae_kernels::dictionary::{
    ApplyParams, OrthogonaliseParams, OrthogonaliseState, ResumeParams, frame_operator_partial,
    orthogonalise_apply, orthogonalise_resume,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::silent;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, StackReq};
use support::descent::{Descent, Frame, params, random};
use support::workspace;

/// The arguments of a good call, to be spoilt.
struct Call {
    descent: Descent<f64>,
    frame: Frame<f64>,
    next: Frame<f64>,
    total: u64,
    params: ResumeParams,
    bytes: StackReq,
}

impl Call {
    fn good() -> Self {
        Self {
            descent: Descent::new(random::<f64>(3, 2), 2),
            frame: Frame::zeros(2),
            next: Frame::zeros(2),
            total: 3,
            params: params(0.0, 2, 0.0),
            bytes: StackReq::new_aligned::<u8>(1 << 16, 64),
        }
    }

    fn apply(&mut self) -> Result<(), Error> {
        let mut memory = workspace(self.bytes);
        let OrthogonaliseParams { target_cosine, learning_rate, .. } = self.params.descent;
        orthogonalise_apply(
            row_major_mut(&mut self.descent.rows, 3, 2, 2).unwrap(),
            &mut self.descent.moments,
            self.descent.state.step,
            self.frame.view(self.frame.frame.len().isqrt(), self.total),
            Some(self.next.view_mut(self.next.frame.len().isqrt())),
            &ApplyParams { target_cosine, learning_rate },
            Par::Seq,
            MemStack::new(&mut memory),
        )
        .map(|_| ())
    }

    fn resume(&mut self) -> Result<(), Error> {
        let mut memory = workspace(self.bytes);
        let Descent { rows, moments, state, .. } = &mut self.descent;
        let view = row_major_mut(rows, 3, 2, 2).unwrap();
        let stack = MemStack::new(&mut memory);
        orthogonalise_resume(view, moments, state, &self.params, Par::Seq, &mut silent, stack)
    }

    /// All that a call could write.
    fn bits(&self) -> (Vec<u64>, u64, u64) {
        let Descent { rows, moments, state, .. } = &self.descent;
        let numbers = rows.iter().chain(moments).chain(&self.next.frame).chain(&self.next.row_sum);
        (numbers.map(|x| x.to_bits()).collect(), state.step, state.loss.to_bits())
    }
}

type Kernel = fn(&mut Call) -> Result<(), Error>;

/// Calls with one thing spoilt: refused for the reason, and nothing written.
fn refused(kernel: Kernel, spoil: impl Fn(&mut Call), reason: Reason, argument: Argument) {
    let mut call = Call::good();
    spoil(&mut call);
    let before = call.bits();
    assert_eq!(kernel(&mut call), Err(Error::new(reason, argument)));
    assert_eq!(call.bits(), before, "{reason:?} {argument:?}");
}

#[test]
fn bad_input_is_named_and_nothing_written() {
    use {Argument as A, Reason as R};
    let (apply, resume): (Kernel, Kernel) = (Call::apply, Call::resume);
    for kernel in [apply, resume] {
        assert_eq!(kernel(&mut Call::good()), Ok(()));
        refused(kernel, |c| c.descent.rows[5] = f64::NAN, R::NotANumber, A::Dictionary);
        refused(kernel, |c| c.descent.rows[5] = f64::INFINITY, R::Infinite, A::Dictionary);
        refused(kernel, |c| c.descent.moments[0] = f64::NAN, R::NotANumber, A::Moments);
        refused(kernel, |c| c.descent.moments[11] = -1.0, R::OutOfRange, A::Moments);
        refused(kernel, |c| c.descent.moments.truncate(11), R::Shape, A::Moments);
        refused(kernel, |c| c.descent.state.step = u64::MAX, R::OutOfRange, A::Step);
        refused(kernel, |c| c.params.descent.target_cosine = 1.1, R::OutOfRange, A::TargetCosine);
        refused(kernel, |c| c.params.descent.learning_rate = -1.0, R::OutOfRange, A::LearningRate);
        refused(kernel, |c| c.bytes = StackReq::new::<u8>(8), R::WorkspaceTooSmall, A::Workspace);
    }
    refused(apply, |c| c.frame = Frame::zeros(1), R::Shape, A::Frame);
    refused(apply, |c| c.frame.frame[3] = f64::NAN, R::NotANumber, A::Frame);
    refused(apply, |c| c.frame.row_sum.push(0.0), R::Shape, A::RowSum);
    refused(apply, |c| c.frame.row_sum[1] = f64::INFINITY, R::Infinite, A::RowSum);
    refused(apply, |c| c.next = Frame::zeros(1), R::Shape, A::NextFrame);
    refused(apply, |c| c.next.row_sum.push(0.0), R::Shape, A::NextRowSum);
    refused(apply, |c| c.total = 2, R::OutOfRange, A::Total);
    let late = |loss| OrthogonaliseState { step: 1, loss, converged: false };
    refused(resume, |c| c.descent.state = late(f64::NAN), R::NotANumber, A::Loss);
    refused(resume, |c| c.params.relative_tolerance = -1.0, R::OutOfRange, A::RelativeTolerance);
    refused(resume, |c| c.params.relative_tolerance = f64::NAN, R::NotANumber, A::RelativeTolerance);
}

#[test]
fn a_frame_operator_refused_is_not_written() {
    let (mut frame, mut sum) = ([0.0; 4], [0.0; 2]);
    let partial = |e: &[f64], frame: &mut [f64], side: usize, sum: &mut [f64], bytes| {
        let mut memory = workspace(StackReq::new_aligned::<u8>(bytes, 64));
        let frame = row_major_mut(frame, side, side, side).unwrap();
        let done = frame_operator_partial(
            row_major(e, 2, 2, 2).unwrap(),
            frame,
            sum,
            Par::Seq,
            MemStack::new(&mut memory),
        );
        done.map_err(|error| (error.reason, error.argument))
    };
    let (good, bad) = ([1.0; 4], [1.0, 2.0, 3.0, f64::NAN]);
    let refused = |reason, argument| Err((reason, argument));
    let too_small = refused(Reason::WorkspaceTooSmall, Argument::Workspace);
    assert_eq!(
        partial(&bad, &mut frame, 2, &mut sum, 4096),
        refused(Reason::NotANumber, Argument::Dictionary)
    );
    assert_eq!(partial(&good, &mut frame, 1, &mut sum, 4096), refused(Reason::Shape, Argument::Frame));
    assert_eq!(partial(&good, &mut frame, 2, &mut sum[..1], 4096), refused(Reason::Shape, Argument::RowSum));
    assert_eq!(partial(&good, &mut frame, 2, &mut sum, 8), too_small);
    assert_eq!((frame, sum), ([0.0; 4], [0.0; 2]));
    assert_eq!(partial(&good, &mut frame, 2, &mut sum, 4096), Ok(()));
    assert_eq!((frame, sum), ([2.0; 4], [2.0; 2]));
}
