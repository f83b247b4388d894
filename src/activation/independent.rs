//! Features that fire independently of each other.

use super::csr::CsrMut;
use super::firing::{Firing, PerFeature, magnitude};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajorMut, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream};
use crate::scalar::Scalar;
use rand_core::Rng;

/// Fills `out[b, n]` with samples of independently firing features.
///
/// x_rj = relu(mean_j + std_j N(0, 1)) with probability p_j, else 0. Row r is sample `first_row + r` of `stream`,
/// a function of `(seed, stream, first_row + r)` and `firing` alone.
///
/// # Errors
/// [`Reason::Empty`] for no elements; on `firing` [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`],
/// [`Reason::OutOfRange`]; [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64
/// bits. `out` is then untouched.
///
/// # Cost
/// One random word a feature, one normal number a firing with std > 0. No workspace.
///
/// # Determinism
/// The same bits on every platform, whatever the split into calls. Probabilities are rounded up to multiples of 2^-53. [`sample_independent_csr`] gives the same samples.
pub fn sample_independent<T: Scalar>(
    firing: &Firing<'_, T>,
    stream: Stream,
    first_row: u64,
    mut out: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(out.as_ref(), Argument::Activations)?;
    firing.check(out.ncols())?;
    check_last_row(first_row, out.nrows())?;
    for r in 0..out.nrows() {
        let features = out.ncols();
        let sample = row_mut(&mut out, r);
        sample.fill(T::ZERO);
        fire_row(firing, features, stream, first_row + r as u64, |j, x| sample[j] = x);
    }
    Ok(())
}

/// Writes `rows` samples of independently firing features to `out`, non-zeros only, and gives their number.
///
/// The samples are those of [`sample_independent`]; columns come in increasing order in every row. Activations that
/// the relu makes zero are dropped.
///
/// # Errors
/// As for [`sample_independent`], with [`Reason::Empty`] on `Rows` and `Features`, [`Reason::OutOfRange`] on `Features`
/// for 2^32 or more, [`Reason::Shape`] on `RowOffsets` unless there are `rows + 1` of them, and on `Values` unless
/// there are as many as columns; `out` is then untouched. [`Reason::Capacity`] on `Capacity` where the non-zeros do not
/// fit: `row_offsets` is then complete, so that its last element is the capacity needed, and the elements that fit
/// have been written.
///
/// # Cost
/// As for [`sample_independent`], but writes only the non-zeros.
pub fn sample_independent_csr<T: Scalar>(
    firing: &Firing<'_, T>,
    features: usize,
    stream: Stream,
    first_row: u64,
    rows: usize,
    out: CsrMut<'_, T>,
) -> Result<usize, Error> {
    ensure(rows > 0, Reason::Empty, Argument::Rows)?;
    ensure(features > 0, Reason::Empty, Argument::Features)?;
    // Columns are 32-bit numbers.
    ensure(u32::try_from(features).is_ok(), Reason::OutOfRange, Argument::Features)?;
    firing.check(features)?;
    check_last_row(first_row, rows)?;
    let mut out = out.begin(rows)?;
    for r in 0..rows {
        fire_row(firing, features, stream, first_row + r as u64, |j, x| {
            if x > T::ZERO {
                out.push(j as u32, x);
            }
        });
        out.end_row();
    }
    out.finish()
}

/// Refuses rows whose numbers do not fit in 64 bits.
pub(crate) fn check_last_row(first_row: u64, rows: usize) -> Result<(), Error> {
    let fits = first_row.checked_add(rows as u64).is_some();
    ensure(fits, Reason::SizeOverflow, Argument::FirstRow)
}

/// Draws sample `row` and hands every feature that fires, with its magnitude, to `fired`, in order.
///
/// Magnitudes come from a generator of their own, so that which features fire does not depend on them.
#[inline(always)]
fn fire_row<T: Scalar>(
    firing: &Firing<'_, T>,
    features: usize,
    stream: Stream,
    row: u64,
    mut fired: impl FnMut(usize, T),
) {
    const UNITS: f64 = (1u64 << 53) as f64;
    let probabilities = PerFeature::new(firing.probabilities);
    let (means, std_devs) = (PerFeature::new(firing.means), PerFeature::new(firing.std_devs));
    let mut fires = stream.row(Purpose::Activations, row);
    let mut magnitudes = stream.row(Purpose::Magnitudes, row);
    for j in 0..features {
        // Scaling by a power of two is exact, and so are 53-bit integers: p = 1 fires on all of them and p = 0 on none.
        if ((fires.next_u64() >> 11) as f64) < probabilities.of(j).to_f64() * UNITS {
            fired(j, magnitude(means.of(j), std_devs.of(j), &mut magnitudes));
        }
    }
}
