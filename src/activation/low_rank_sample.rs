//! Samples of features whose correlation has low rank, without a random number for each feature.
//!
//! Feature i fires where z_i = f_i eps + s_i eta_i exceeds its limit t_i, with eps ~ N(0, I_r) common to all features,
//! eta_i ~ N(0, 1) its own and s_i^2 = delta_i. **Given eps, features fire independently**, feature i with probability
//! Phi(a_i), a_i = (f_i eps - t_i)/s_i. So with hazards h_i = -ln(1 - Phi(a_i)) they fire as follows: features have
//! stretches of a line, or of one of several, one after the other, feature i's at least h_i long; points with
//! independent exponential gaps of mean 1 lie on every line; feature i fires where at least one of them lies less than
//! h_i from the beginning of its stretch. Points on stretches that do not overlap are independent, and none lies on a
//! length h_i with probability e^-h_i = 1 - Phi(a_i): **the law is that of the normal vector z exactly**, whatever the
//! stretches are.
//!
//! A row computes r products and a polynomial a feature, which vectors do by the dozen: stretches are as long as a
//! bound of the hazard says, every lane of a vector has a line, and all that is done for a panel of 8 or 16 features is
//! to move the next points nearer by their stretches. Only where a point then lies within the panel is its feature
//! looked at. Features with a_i >= 1 have no stretch but a random word instead, compared with Phi(a_i).
//!
//! Thinning: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning" (1979).

use super::csr::CsrMut;
use super::fired_set::{WORD, ones};
use super::firing::{PerFeature, check_magnitudes, magnitude};
use super::hazard::{UNBOUNDED, UNITS, bounds, is_below_hazard, normal_probability};
use super::independent::check_last_row;
use super::low_rank::{LowRankPlan, PAIR, panel_width};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajorMut, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream, standard_exponential, standard_normal, unit_uniform};
use crate::scalar::Scalar;
use crate::simd::tile::{TILE, sums_of_tile, sums_of_tile_and_pair};
use crate::simd::{Loop, fuses_multiply_add, has_many_registers, prefetch, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros};
use faer::dyn_stack::{MemStack, StackReq};
use rand_pcg::Pcg64;

/// Rows for which a panel is read once.
const BLOCK: usize = 8 * TILE;

/// Firings that are handed on at a time.
const CHUNK: usize = 64;

/// The law of each feature's activation: relu(mean + `std_dev` N(0, 1)) where it fires, correlated as planned, else 0.
#[derive(Clone, Copy, Debug)]
pub struct LowRankFiring<'a, T> {
    plan: LowRankPlan<'a, T>,
    means: &'a [T],
    std_devs: &'a [T],
}

impl<'a, T: Scalar> LowRankFiring<'a, T> {
    /// Joins a plan with means and standard deviations of the magnitudes before the relu.
    ///
    /// Each slice has one value a feature, or a single value for all of them; all finite, `std_devs` >= 0.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Means` and `StdDevs`;
    /// [`Reason::OutOfRange`] on `StdDevs`.
    pub fn new(plan: LowRankPlan<'a, T>, means: &'a [T], std_devs: &'a [T]) -> Result<Self, Error> {
        check_magnitudes(means, std_devs, plan.features())?;
        Ok(Self { plan, means, std_devs })
    }
}

/// The workspace of [`sample_low_rank_csr`] and [`sample_low_rank`]: 48 bits a feature and 48 numbers a dimension.
pub fn sample_low_rank_scratch<T: Scalar>(features: usize, rank: usize) -> StackReq {
    matrix_scratch::<T>(BLOCK, rank).and(matrix_scratch::<u64>(BLOCK, features.div_ceil(WORD)))
}

/// Writes `rows` samples of correlated features to `out`, non-zeros only, and gives their number.
///
/// x_rj = relu(mean_j + std_j N(0, 1)) where feature j fires, else 0: as `sample_correlated` for the matrix C = F F^T +
/// diag(delta) in law, with other random numbers. Row r is sample `first_row + r` of `stream`, a function of `(seed,
/// stream, first_row + r)` and `firing` alone. Columns come in increasing order in every row; activations that the relu
/// makes zero are dropped.
///
/// # Errors
/// [`Reason::Empty`] on `Rows`; [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64
/// bits; [`Reason::WorkspaceTooSmall`]; [`Reason::Shape`] on `RowOffsets` unless there are `rows + 1` of them, and on
/// `Values` unless there are as many as columns: `out` is then untouched. [`Reason::Capacity`] on `Capacity` where the
/// non-zeros do not fit: `row_offsets` is then complete, so that its last element is the capacity needed, and the
/// elements that fit have been written.
///
/// # Cost
/// 2 n r flops and a polynomial a feature and row, vectorised; 1 to 1.09 exponential numbers a firing, and a normal
/// number where std > 0. The plan is read once for 48 rows. Workspace [`sample_low_rank_scratch`].
///
/// # Determinism
/// Rows do not depend on the batch or block that they are drawn in. The same bits on all CPUs with a fused
/// multiplication and addition. Probabilities are met to the precision of `T`: a_i has a few roundings of it.
pub fn sample_low_rank_csr<T: Scalar>(
    firing: &LowRankFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    rows: usize,
    out: CsrMut<'_, T>,
    stack: &mut MemStack,
) -> Result<usize, Error> {
    ensure(rows > 0, Reason::Empty, Argument::Rows)?;
    check_last_row(first_row, rows)?;
    ensure_workspace(stack, sample_low_rank_scratch::<T>(firing.plan.features, firing.plan.rank))?;
    let mut out = out.begin(rows)?;
    let mut row = 0;
    sample_rows(firing, stream, first_row, rows, stack, |r, columns, values| {
        (row..r).for_each(|_| out.end_row());
        row = r;
        out.extend(columns, values);
    });
    (row..rows).for_each(|_| out.end_row());
    out.finish()
}

/// Fills `out[b, n]` with samples of correlated features: those of [`sample_low_rank_csr`], to the bit.
///
/// # Errors
/// [`Reason::Empty`] on `Activations` for no elements and [`Reason::Shape`] where it has not a column a feature;
/// [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64 bits;
/// [`Reason::WorkspaceTooSmall`]. `out` is then untouched.
///
/// # Cost
/// As for [`sample_low_rank_csr`], and b n zeros written.
pub fn sample_low_rank<T: Scalar>(
    firing: &LowRankFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    mut out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    ensure_not_empty(out.as_ref(), Argument::Activations)?;
    ensure(out.ncols() == firing.plan.features, Reason::Shape, Argument::Activations)?;
    check_last_row(first_row, out.nrows())?;
    ensure_workspace(stack, sample_low_rank_scratch::<T>(firing.plan.features, firing.plan.rank))?;
    let rows = out.nrows();
    (0..rows).for_each(|r| row_mut(&mut out, r).fill(T::ZERO));
    sample_rows(firing, stream, first_row, rows, stack, |r, columns, values| {
        let sample = row_mut(&mut out, r);
        columns.iter().zip(values).for_each(|(&j, &x)| sample[j as usize] = x);
    });
    Ok(())
}

/// Draws samples and hands on what is not zero: the row's place in the batch, columns and values in order, in pieces of
/// at most [`CHUNK`].
fn sample_rows<T: Scalar>(
    firing: &LowRankFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    rows: usize,
    stack: &mut MemStack,
    mut take_row: impl FnMut(usize, &[u32], &[T]),
) {
    let LowRankPlan { features, rank, .. } = firing.plan;
    let words = features.div_ceil(WORD);
    let (mut tiles, stack) = take_zeros::<T>(stack, BLOCK * rank);
    let (mut fired, _) = take(stack, BLOCK * words, 0_u64);
    for first in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - first);
        let idle = Walk { random: None, gaps: [0; LINES], rests: [0.0; LINES] };
        let mut walks: [Walk; BLOCK] = core::array::from_fn(|_| idle.clone());
        tiles.fill(T::ZERO);
        for (k, walk) in walks.iter_mut().enumerate().take(count) {
            let mut random = stream.row(Purpose::LowRankActivations, first_row + (first + k) as u64);
            let tile = &mut tiles[k / TILE * TILE * rank..][..TILE * rank];
            for values in tile.chunks_exact_mut(TILE) {
                values[k % TILE] = T::from_f64(standard_normal(&mut random));
            }
            *walk = Walk::begin(random, panel_width::<T>());
        }
        let tiles = &tiles[..count.div_ceil(TILE) * TILE * rank];
        run(Panels { plan: firing.plan, tiles, walks: &mut walks, fired: &mut fired, words });
        for (k, fired) in fired.chunks_exact_mut(words).enumerate().take(count) {
            let r = first + k;
            let random = stream.row(Purpose::LowRankMagnitudes, first_row + r as u64);
            hand_on(firing, random, fired, |columns, values| take_row(r, columns, values));
        }
    }
}

/// Empties the set of features that fire, draws their magnitudes and hands on what is not zero.
fn hand_on<T: Scalar>(
    firing: &LowRankFiring<'_, T>,
    mut random: Pcg64,
    fired: &mut [u64],
    mut take: impl FnMut(&[u32], &[T]),
) {
    let (means, std_devs) = (PerFeature::new(firing.means), PerFeature::new(firing.std_devs));
    let (mut columns, mut values) = ([0; CHUNK], [T::ZERO; CHUNK]);
    let mut count = 0;
    // A plan that was overwritten may fire what is no feature.
    for j in ones(fired).take_while(|&j| j < firing.plan.features) {
        if count == CHUNK {
            take(&columns, &values);
            count = 0;
        }
        let x = magnitude(means.of(j), std_devs.of(j), &mut random);
        (columns[count], values[count]) = (j as u32, x);
        count += usize::from(x > T::ZERO);
    }
    take(&columns[..count], &values[..count]);
    fired.fill(0);
}

/// How far a row has come on its lines.
#[derive(Clone)]
struct Walk {
    /// Its random numbers; none for rows that only fill up a tile.
    random: Option<Pcg64>,
    /// On the line of each lane, from the beginning of the panel to the next point: whole units,
    gaps: [i32; LINES],
    /// and what is left over, less than one.
    rests: [f64; LINES],
}

/// As many lines as the widest panel has features.
const LINES: usize = panel_width::<f32>();

/// All panels for a block of rows.
struct Panels<'a, 'p, T> {
    plan: LowRankPlan<'p, T>,
    /// The rows' eps, as tiles of a product have them.
    tiles: &'a [T],
    walks: &'a mut [Walk; BLOCK],
    /// For each row the set of features that fire, `words` words.
    fired: &'a mut [u64],
    words: usize,
}

/// The same for panels of a width, with multiplication and addition fused or not, one or two panels at a time.
struct Of<'a, 'p, T, const WIDTH: usize, const FUSED: bool, const BY_TWOS: bool>(Panels<'a, 'p, T>);

fn run<T: Scalar>(panels: Panels<'_, '_, T>) {
    match (panel_width::<T>(), fuses_multiply_add(), has_many_registers()) {
        (16, true, true) => vectorised(Of::<T, 16, true, true>(panels)),
        (16, true, false) => vectorised(Of::<T, 16, true, false>(panels)),
        (16, false, _) => vectorised(Of::<T, 16, false, false>(panels)),
        (_, true, true) => vectorised(Of::<T, 8, true, true>(panels)),
        (_, true, false) => vectorised(Of::<T, 8, true, false>(panels)),
        (_, false, _) => vectorised(Of::<T, 8, false, false>(panels)),
    }
}

impl<T: Scalar, const WIDTH: usize, const FUSED: bool, const BY_TWOS: bool> Loop
    for Of<'_, '_, T, WIDTH, FUSED, BY_TWOS>
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Panels { plan, tiles, walks, fired, words } = self.0;
        let panel_len = WIDTH * (plan.rank + 1);
        // The next panels are fetched while the tiles pass by, an equal share for each.
        let share = (PAIR * panel_len).div_ceil(tiles.len() / (TILE * plan.rank)).next_multiple_of(WIDTH);
        for (p, pair) in plan.panels.chunks_exact(PAIR * panel_len).enumerate() {
            let (first, second) = pair.split_at(panel_len);
            let (first, second) = (first.as_chunks::<WIDTH>().0, second.as_chunks::<WIDTH>().0);
            let (Some((limits, vectors)), Some((other_limits, other_vectors))) =
                (first.split_first(), second.split_first())
            else {
                return;
            };
            let bit = p * PAIR * WIDTH;
            for (t, tile) in tiles.chunks_exact(TILE * plan.rank).enumerate() {
                let (tile, _) = tile.as_chunks::<TILE>();
                let from = (p + 1) * PAIR * panel_len + t * share;
                (from..from + share).step_by(WIDTH).for_each(|from| prefetch::<T, 1>(plan.panels, from));
                let [sums, other_sums] = if BY_TWOS {
                    sums_of_tile_and_pair::<T, WIDTH, FUSED>(tile.iter().copied(), [vectors, other_vectors])
                } else {
                    [
                        sums_of_tile::<T, WIDTH, FUSED>(tile.iter().copied(), vectors),
                        sums_of_tile::<T, WIDTH, FUSED>(tile.iter().copied(), other_vectors),
                    ]
                };
                for q in 0..TILE {
                    let r = t * TILE + q;
                    let walk = &mut walks[r];
                    let bits = walk.pass::<T, WIDTH, FUSED>(&sums[q], limits);
                    let other_bits = walk.pass::<T, WIDTH, FUSED>(&other_sums[q], other_limits);
                    if bits | other_bits != 0 {
                        let bits = u64::from(bits) | u64::from(other_bits) << WIDTH;
                        fired[r * words + bit / WORD] |= bits << (bit % WORD);
                    }
                }
            }
        }
    }
}

impl Walk {
    /// A row whose next points are drawn.
    fn begin(mut random: Pcg64, lines: usize) -> Self {
        let mut walk = Self { gaps: [0; LINES], rests: [0.0; LINES], random: None };
        for line in 0..lines {
            walk.put(line, standard_exponential(&mut random) * UNITS);
        }
        Self { random: Some(random), ..walk }
    }

    /// Puts the next point on a line so many units from the beginning of the panel, at most just before what is
    /// unbounded: one point in e^64 is moved.
    #[inline(always)]
    fn put(&mut self, line: usize, units: f64) {
        let units = if units < f64::from(UNBOUNDED - 1) { units } else { f64::from(UNBOUNDED - 1) };
        self.gaps[line] = units as i32;
        self.rests[line] = units - f64::from(self.gaps[line]);
    }

    /// Moves on to the end of a panel: which of its features fire, as bits.
    #[inline(always)]
    fn pass<T: Scalar, const WIDTH: usize, const FUSED: bool>(
        &mut self,
        sums: &[T; WIDTH],
        limits: &[T; WIDTH],
    ) -> u16 {
        let Some(gaps) = self.gaps.first_chunk_mut::<WIDTH>() else { return 0 };
        // Loops, as what is not inlined is not compiled for the machine.
        let (mut excess, mut single) = ([T::ZERO; WIDTH], [0.0; WIDTH]);
        for lane in 0..WIDTH {
            excess[lane] = sums[lane] - limits[lane];
        }
        for lane in 0..WIDTH {
            single[lane] = excess[lane].to_f64() as f32;
        }
        let stretches = bounds::<WIDTH, FUSED>(&single);
        let mut is_passed = false;
        for lane in 0..WIDTH {
            gaps[lane] -= stretches[lane];
            is_passed |= gaps[lane] < 0;
        }
        if is_passed { self.visit(&excess, &stretches) } else { 0 }
    }

    /// Which features of a panel fire, as bits, where their stretches are so long and the points beyond them have been
    /// moved nearer by that; those with gaps below zero lie on them.
    #[inline(never)]
    fn visit<T: Scalar, const WIDTH: usize>(&mut self, excess: &[T; WIDTH], stretches: &[i32; WIDTH]) -> u16 {
        let mut bits = 0;
        let Some(mut random) = self.random.take() else {
            self.gaps = [0; LINES];
            return bits;
        };
        let mut passed = 0_u32;
        for lane in 0..WIDTH {
            passed |= u32::from(self.gaps[lane] < 0) << lane;
        }
        while passed != 0 {
            let lane = passed.trailing_zeros() as usize;
            passed &= passed - 1;
            let (stretch, a) = (stretches[lane], excess[lane].to_f64());
            self.gaps[lane] += stretch;
            if stretch == UNBOUNDED {
                bits |= u16::from(unit_uniform(&mut random) < normal_probability(a)) << lane;
                continue;
            }
            let stretch = f64::from(stretch);
            let mut point = f64::from(self.gaps[lane]) + self.rests[lane];
            while point < stretch {
                bits |= u16::from(is_below_hazard(point / UNITS, a, stretch)) << lane;
                point += standard_exponential(&mut random) * UNITS;
            }
            self.put(lane, point - stretch);
        }
        self.random = Some(random);
        bits
    }
}
