//! Numbers in even steps, as schedules of probabilities and of magnitudes need them.

use crate::scalar::Scalar;

/// Fills `out[n]` from `first` to `last`; a single one is `first`.
///
/// From both ends towards the middle, as `torch.linspace` does: both ends come out exactly.
pub(super) fn evenly_spaced<T: Scalar>(out: &mut [T], first: T, last: T) {
    let n = out.len();
    if n == 1 {
        out[0] = first;
        return;
    }
    let step = (last - first) / T::from_f64((n - 1) as f64);
    for (i, x) in out.iter_mut().enumerate() {
        *x = if i < n / 2 {
            first + step * T::from_f64(i as f64)
        } else {
            last - step * T::from_f64((n - 1 - i) as f64)
        };
    }
}
