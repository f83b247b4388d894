//! The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), for one purpose: firing probabilities and forests that
//! agree with the reference's bit for bit. Everything else in this library draws from PCG64.

const N: usize = 624;
const M: usize = 397;

/// MT19937.
pub(crate) struct Mersenne {
    state: [u32; N],
    next: usize,
}

impl Mersenne {
    /// Seeded by the authors' `init_genrand`, as PyTorch does.
    pub(crate) fn new(seed: u32) -> Self {
        let mut state = [0; N];
        state[0] = seed;
        for i in 1..N {
            let previous = state[i - 1];
            state[i] = 1_812_433_253_u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
        }
        Self { state, next: N }
    }

    /// Seeded by the authors' `init_by_array` with the digits of a number, as Python's `random.Random(seed)` does.
    pub(crate) fn by_array(seed: u64) -> Self {
        let digits = [seed as u32, (seed >> 32) as u32];
        let digits = &digits[..if digits[1] == 0 { 1 } else { 2 }];
        let mut this = Self::new(19_650_218);
        let mut at = 1;
        for k in (0..digits.len()).cycle().take(N) {
            at = this.scramble(at, 1_664_525, digits[k].wrapping_add(k as u32));
        }
        for _ in 1..N {
            at = this.scramble(at, 1_566_083_941, (at as u32).wrapping_neg());
        }
        this.state[0] = 0x8000_0000;
        this
    }

    /// Mixes a word of the state with the one before it and gives the place of the next one: after the last the second,
    /// before which the last one is then copied.
    fn scramble(&mut self, at: usize, factor: u32, addend: u32) -> usize {
        let previous = self.state[at - 1];
        let mixed = self.state[at] ^ (previous ^ (previous >> 30)).wrapping_mul(factor);
        self.state[at] = mixed.wrapping_add(addend);
        if at + 1 < N {
            return at + 1;
        }
        self.state[0] = self.state[N - 1];
        1
    }

    /// A uniform index in `0..count`, as Python's `random` draws it; `count` must not be zero.
    pub(crate) fn index(&mut self, count: u32) -> u32 {
        let unused_bits = count.leading_zeros();
        loop {
            let index = self.next_u32() >> unused_bits;
            if index < count {
                return index;
            }
        }
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
            let twist = if y & 1 == 0 { 0 } else { 0x9908_b0df };
            self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ twist;
        }
        self.next = 0;
    }

    pub(crate) fn next_u32(&mut self) -> u32 {
        if self.next == N {
            self.refill();
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

#[cfg(test)]
mod tests {
    use super::Mersenne;

    #[test]
    fn agrees_with_the_standard() {
        // ISO C++ 26.5.5: the 10000th output of a default-constructed std::mt19937 (seed 5489) is 4123659995.
        let mut rng = Mersenne::new(5489);
        assert_eq!((0..10_000).map(|_| rng.next_u32()).last(), Some(4_123_659_995));
    }

    #[test]
    fn agrees_with_python() {
        // random.Random(seed).getrandbits(32), three times.
        let first = |seed| {
            let mut rng = Mersenne::by_array(seed);
            [rng.next_u32(), rng.next_u32(), rng.next_u32()]
        };
        assert_eq!(first(0), [3_626_764_237, 1_654_615_998, 3_255_389_356]);
        assert_eq!(first(42), [2_746_317_213, 478_163_327, 107_420_369]);
        assert_eq!(first(0xfedc_ba98_7654_3210), [1_226_261_848, 1_556_533_103, 315_248_613]);
    }
}
