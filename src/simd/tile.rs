//! The innermost part of a matrix product: a tile of six rows by one panel of columns, summed in registers.
//!
//! The panel is packed, one summand's values after the other's. Every sum is one accumulator that runs over the summands
//! in their order.

use super::multiply_add;
use crate::scalar::Scalar;

/// Rows of a tile.
pub(crate) const TILE: usize = 6;

/// The sums over all summands of left value times right value, fused or not; `left` gives the values of a summand.
#[inline(always)]
pub(crate) fn sums_of_tile<T: Scalar, const PANEL: usize, const FUSED: bool>(
    left: impl Iterator<Item = [T; TILE]>,
    panel: &[[T; PANEL]],
) -> [[T; PANEL]; TILE] {
    // Six variables, not an array of arrays, stay in registers.
    let none = [T::ZERO; PANEL];
    let (mut r0, mut r1, mut r2, mut r3, mut r4, mut r5) = (none, none, none, none, none, none);
    for (a, b) in left.zip(panel) {
        add_scaled::<T, PANEL, FUSED>(&mut r0, a[0], b);
        add_scaled::<T, PANEL, FUSED>(&mut r1, a[1], b);
        add_scaled::<T, PANEL, FUSED>(&mut r2, a[2], b);
        add_scaled::<T, PANEL, FUSED>(&mut r3, a[3], b);
        add_scaled::<T, PANEL, FUSED>(&mut r4, a[4], b);
        add_scaled::<T, PANEL, FUSED>(&mut r5, a[5], b);
    }
    [r0, r1, r2, r3, r4, r5]
}

/// The sums of one tile and two panels, for registers enough: each left value is fetched once for both.
#[inline(always)]
pub(crate) fn sums_of_tile_and_pair<T: Scalar, const PANEL: usize, const FUSED: bool>(
    left: impl Iterator<Item = [T; TILE]>,
    panels: [&[[T; PANEL]]; 2],
) -> [[[T; PANEL]; TILE]; 2] {
    let none = [T::ZERO; PANEL];
    let (mut r0, mut r1, mut r2, mut r3, mut r4, mut r5) = (none, none, none, none, none, none);
    let (mut s0, mut s1, mut s2, mut s3, mut s4, mut s5) = (none, none, none, none, none, none);
    for (a, (b, c)) in left.zip(panels[0].iter().zip(panels[1])) {
        add_scaled::<T, PANEL, FUSED>(&mut r0, a[0], b);
        add_scaled::<T, PANEL, FUSED>(&mut s0, a[0], c);
        add_scaled::<T, PANEL, FUSED>(&mut r1, a[1], b);
        add_scaled::<T, PANEL, FUSED>(&mut s1, a[1], c);
        add_scaled::<T, PANEL, FUSED>(&mut r2, a[2], b);
        add_scaled::<T, PANEL, FUSED>(&mut s2, a[2], c);
        add_scaled::<T, PANEL, FUSED>(&mut r3, a[3], b);
        add_scaled::<T, PANEL, FUSED>(&mut s3, a[3], c);
        add_scaled::<T, PANEL, FUSED>(&mut r4, a[4], b);
        add_scaled::<T, PANEL, FUSED>(&mut s4, a[4], c);
        add_scaled::<T, PANEL, FUSED>(&mut r5, a[5], b);
        add_scaled::<T, PANEL, FUSED>(&mut s5, a[5], c);
    }
    [[r0, r1, r2, r3, r4, r5], [s0, s1, s2, s3, s4, s5]]
}

/// sums += x values, rounded once or twice.
#[inline(always)]
fn add_scaled<T: Scalar, const WIDTH: usize, const FUSED: bool>(
    sums: &mut [T; WIDTH],
    x: T,
    values: &[T; WIDTH],
) {
    for lane in 0..WIDTH {
        sums[lane] = multiply_add::<T, FUSED>(x, values[lane], sums[lane]);
    }
}
