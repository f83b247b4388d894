//! Loops over one row of costs, written so that the compiler can vectorise them.
//!
//! The least of a row is kept in lanes, element j in lane j mod [`LANES`], which needs no shuffles and has the same
//! result in registers of any width. Indices are found afterwards by comparing with the value: rows are in the cache
//! by then, and the lanes are spared an index each.

use crate::scalar::Scalar;
use crate::simd::{Loop, prefetch};

/// Lanes of a reduction: four AVX2 registers of doubles, so that the latency of one minimum hides behind others.
const LANES: usize = 16;

/// The lesser, in the form that compiles to one instruction; not for NaN.
#[inline(always)]
pub(super) fn least<T: PartialOrd>(a: T, b: T) -> T {
    if a < b { a } else { b }
}

/// The greater, likewise.
#[inline(always)]
pub(super) fn greatest<T: PartialOrd>(a: T, b: T) -> T {
    if a > b { a } else { b }
}

/// Whether every cost of a row is either +infinity, a forbidden pair, or of magnitude `limit` at most.
pub(super) struct Allowed<'a, T> {
    pub(super) row: &'a [T],
    pub(super) limit: T,
}

impl<T: Scalar> Loop for Allowed<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let mut sums = [T::ZERO; LANES];
        let chunks = self.row.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for lane in 0..LANES {
                sums[lane] += magnitude(chunk[lane]);
            }
        }
        are_allowed(self.row, self.limit, sums, rest)
    }
}

/// The magnitude of a cost, 0 for +infinity.
#[inline(always)]
fn magnitude<T: Scalar>(cost: T) -> T {
    if cost >= T::INFINITY { T::ZERO } else { Scalar::abs(cost) }
}

/// Whether all costs are allowed, given sums of their magnitudes but for a rest.
///
/// Usually the sum is within the limit, and then so is each cost; a sum is cheaper in the loop than comparisons are.
#[inline(always)]
fn are_allowed<T: Scalar>(row: &[T], limit: T, sums: [T; LANES], rest: &[T]) -> bool {
    let rest = rest.iter().map(|&cost| magnitude(cost));
    let sum = sums.into_iter().chain(rest).fold(T::ZERO, |sum, value| sum + value);
    // A NaN fails every comparison.
    sum <= limit || row.iter().all(|&c| c >= -limit && (c <= limit || c >= T::INFINITY))
}

/// The two least values of a row and where the first of them is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TwoLeast {
    pub(crate) least: f64,
    /// The first column with the least value; meaningless where that is infinite.
    pub(crate) column: usize,
    /// The least value of all other columns, the same as `least` for a tie.
    pub(crate) second: f64,
}

/// Finds the two least of the costs; none where one is not [`Allowed`].
pub(crate) struct LeastTwo<'a, T> {
    pub(crate) row: &'a [T],
    pub(crate) limit: T,
}

impl<T: Scalar> Loop for LeastTwo<'_, T> {
    type Output = Option<TwoLeast>;

    #[inline(always)]
    fn run(self) -> Option<TwoLeast> {
        let mut lanes = LeastTwoLanes::new();
        let (chunks, rest) = self.row.as_chunks::<LANES>();
        chunks.iter().for_each(|chunk| lanes.take(chunk));
        lanes.end(self.row, rest, self.limit)
    }
}

/// [`LeastTwo`] of several rows of the same length.
///
/// The rows are read side by side. A processor fetches ahead along each of some sequences of addresses, but along each
/// only so far, so that rows one after the other come at half the speed.
pub(super) struct LeastTwoOfEach<'a, T> {
    pub(super) rows: [&'a [T]; TOGETHER],
    pub(super) limit: T,
}

/// Rows that are read side by side.
pub(super) const TOGETHER: usize = 4;

impl<T: Scalar> Loop for LeastTwoOfEach<'_, T> {
    type Output = [Option<TwoLeast>; TOGETHER];

    #[inline(always)]
    fn run(self) -> [Option<TwoLeast>; TOGETHER] {
        /// Values that are read of a row before the next: some cache lines.
        const STRIP: usize = 4 * LANES;
        /// How far ahead of what is read values are asked for.
        const AHEAD: usize = 4 * STRIP;
        let [a, b, c, d] = self.rows;
        let (mut in_a, mut in_b) = (LeastTwoLanes::new(), LeastTwoLanes::new());
        let (mut in_c, mut in_d) = (LeastTwoLanes::new(), LeastTwoLanes::new());
        let strips = a.as_chunks::<STRIP>().0.iter().zip(b.as_chunks::<STRIP>().0);
        let strips = strips.zip(c.as_chunks::<STRIP>().0.iter().zip(d.as_chunks::<STRIP>().0));
        for (at, ((a, b), (c, d))) in strips.enumerate() {
            self.rows.iter().for_each(|row| prefetch::<_, STRIP>(row, at * STRIP + AHEAD));
            a.as_chunks::<LANES>().0.iter().for_each(|chunk| in_a.take(chunk));
            b.as_chunks::<LANES>().0.iter().for_each(|chunk| in_b.take(chunk));
            c.as_chunks::<LANES>().0.iter().for_each(|chunk| in_c.take(chunk));
            d.as_chunks::<LANES>().0.iter().for_each(|chunk| in_d.take(chunk));
        }
        let rest = a.len() / STRIP * STRIP;
        [
            in_a.end(a, &a[rest..], self.limit),
            in_b.end(b, &b[rest..], self.limit),
            in_c.end(c, &c[rest..], self.limit),
            in_d.end(d, &d[rest..], self.limit),
        ]
    }
}

/// The two least of each lane, and sums of magnitudes for [`are_allowed`].
struct LeastTwoLanes<T> {
    first: [T; LANES],
    second: [T; LANES],
    sums: [T; LANES],
}

impl<T: Scalar> LeastTwoLanes<T> {
    #[inline(always)]
    fn new() -> Self {
        Self { first: [T::INFINITY; LANES], second: [T::INFINITY; LANES], sums: [T::ZERO; LANES] }
    }

    #[inline(always)]
    fn take(&mut self, chunk: &[T; LANES]) {
        let Self { first, second, sums } = self;
        for lane in 0..LANES {
            sums[lane] += magnitude(chunk[lane]);
            second[lane] = least(second[lane], greatest(first[lane], chunk[lane]));
            first[lane] = least(first[lane], chunk[lane]);
        }
    }

    /// What the lanes and the `rest` of the row come to.
    #[inline(always)]
    fn end(self, row: &[T], rest: &[T], limit: T) -> Option<TwoLeast> {
        if !are_allowed(row, limit, self.sums, rest) {
            return None;
        }
        let (least, second) = two_least(self.first, self.second, rest.iter().copied());
        let column = position(row, |&c| c == least);
        Some(TwoLeast { least: least.to_f64(), column, second: second.to_f64() })
    }
}

/// Finds the two least of the reduced costs c_j - v_j.
pub(super) struct LeastTwoReduced<'a, T> {
    pub(super) row: &'a [T],
    pub(super) duals: &'a [f64],
}

impl<T: Scalar> Loop for LeastTwoReduced<'_, T> {
    type Output = TwoLeast;

    #[inline(always)]
    fn run(self) -> TwoLeast {
        let (mut first, mut second) = ([f64::INFINITY; LANES], [f64::INFINITY; LANES]);
        let (chunks, dual_chunks) = (self.row.chunks_exact(LANES), self.duals.chunks_exact(LANES));
        let rest = chunks.remainder().iter().zip(dual_chunks.remainder());
        for (chunk, duals) in chunks.zip(dual_chunks) {
            for lane in 0..LANES {
                let reduced = chunk[lane].to_f64() - duals[lane];
                second[lane] = least(second[lane], greatest(first[lane], reduced));
                first[lane] = least(first[lane], reduced);
            }
        }
        let both = two_least(first, second, rest.map(|(c, v)| c.to_f64() - v));
        let (least, second) = both;
        let column = reduced_position(self.row, self.duals, least);
        TwoLeast { least, column, second }
    }
}

/// The two least of all lanes, whose own two least are given, and of a rest.
///
/// Halves are joined until one lane is left: a chain through all lanes one after the other would take several times
/// as long as the sweep over a short row.
#[inline(always)]
pub(super) fn two_least<T: Scalar, const LANES: usize>(
    mut first: [T; LANES],
    mut second: [T; LANES],
    rest: impl Iterator<Item = T>,
) -> (T, T) {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            let (a, b) = (first[lane], first[lane + width]);
            second[lane] = least(least(second[lane], second[lane + width]), greatest(a, b));
            first[lane] = least(a, b);
        }
        width /= 2;
    }
    let mut both = (first[0], second[0]);
    for value in rest {
        both.1 = least(both.1, greatest(both.0, value));
        both.0 = least(both.0, value);
    }
    both
}

/// The first index whose value has the property, or 0; sixteen values are looked at together.
#[inline(always)]
fn position<T>(values: &[T], has: impl Fn(&T) -> bool) -> usize {
    let mut start = 0;
    for chunk in values.chunks_exact(LANES) {
        if chunk.iter().fold(false, |any, value| any | has(value)) {
            break;
        }
        start += LANES;
    }
    values[start..].iter().position(has).map_or(0, |offset| start + offset)
}

/// The first column whose reduced cost is `wanted`, or 0.
#[inline(always)]
fn reduced_position<T: Scalar>(row: &[T], duals: &[f64], wanted: f64) -> usize {
    let mut start = 0;
    for (chunk, duals) in row.chunks_exact(LANES).zip(duals.chunks_exact(LANES)) {
        let mut any = false;
        for lane in 0..LANES {
            any |= chunk[lane].to_f64() - duals[lane] == wanted;
        }
        if any {
            break;
        }
        start += LANES;
    }
    let rest = row[start..].iter().zip(&duals[start..]);
    rest.map(|(c, v)| c.to_f64() - v).position(|reduced| reduced == wanted).map_or(0, |offset| start + offset)
}
