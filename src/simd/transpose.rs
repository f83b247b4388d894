//! Squares of eight by eight numbers, transposed.
//!
//! A compiler that sees a transposition moves one number at a time. With AVX three rounds of exchanges do it: neighbours
//! of two rows, pairs of neighbours, halves of a register.

/// Numbers of which a square can be transposed.
pub trait Transpose: Copy {
    /// The square whose row j has element j of every one of these rows.
    #[inline(always)]
    fn transposed(rows: [&[Self; 8]; 8]) -> [[Self; 8]; 8] {
        let mut square = [*rows[0]; 8];
        for (j, column) in square.iter_mut().enumerate() {
            *column = rows.map(|row| row[j]);
        }
        square
    }
}

impl Transpose for f64 {}

impl Transpose for f32 {
    #[cfg(all(target_arch = "x86_64", target_feature = "avx"))]
    #[inline(always)]
    fn transposed(rows: [&[Self; 8]; 8]) -> [[Self; 8]; 8] {
        use core::arch::x86_64::{
            _mm256_loadu_ps, _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_storeu_ps, _mm256_unpackhi_ps,
            _mm256_unpacklo_ps,
        };
        let mut square = [[0.0; 8]; 8];
        // SAFETY: the build requires a CPU with AVX; each load reads the eight numbers of a row, each store writes the
        // eight of a row of `square`, and neither needs alignment.
        #[allow(unsafe_code)]
        unsafe {
            let [a, b, c, d, e, f, g, h] = rows.map(|row| _mm256_loadu_ps(row.as_ptr()));
            // Of each half: a0 b0 a1 b1 and a2 b2 a3 b3.
            let (ab, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (cd, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
            let (ef, ef_high) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
            let (gh, gh_high) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
            // Of each half: a0 b0 c0 d0, a1 b1 c1 d1 and so on.
            let upper = [
                _mm256_shuffle_ps::<0x44>(ab, cd),
                _mm256_shuffle_ps::<0xee>(ab, cd),
                _mm256_shuffle_ps::<0x44>(ab_high, cd_high),
                _mm256_shuffle_ps::<0xee>(ab_high, cd_high),
            ];
            let lower = [
                _mm256_shuffle_ps::<0x44>(ef, gh),
                _mm256_shuffle_ps::<0xee>(ef, gh),
                _mm256_shuffle_ps::<0x44>(ef_high, gh_high),
                _mm256_shuffle_ps::<0xee>(ef_high, gh_high),
            ];
            for j in 0..4 {
                let low = _mm256_permute2f128_ps::<0x20>(upper[j], lower[j]);
                let high = _mm256_permute2f128_ps::<0x31>(upper[j], lower[j]);
                _mm256_storeu_ps(square[j].as_mut_ptr(), low);
                _mm256_storeu_ps(square[j + 4].as_mut_ptr(), high);
            }
        }
        square
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are all different, as both types have them.
    fn check<T: Transpose + PartialEq + core::fmt::Debug + From<u8>>() {
        let rows: [[T; 8]; 8] =
            core::array::from_fn(|i| core::array::from_fn(|j| T::from((8 * i + j) as u8)));
        let square = T::transposed(rows.each_ref());
        for (j, column) in square.iter().enumerate() {
            for (i, x) in column.iter().enumerate() {
                assert_eq!(*x, rows[i][j]);
            }
        }
    }

    #[test]
    fn rows_become_columns() {
        check::<f32>();
        check::<f64>();
    }
}
