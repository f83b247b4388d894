//! The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), for one purpose: firing probabilities that agree
//! with the reference's bit for bit. Everything else in this library draws from PCG64.

const N: usize = 624;
const M: usize = 397;

/// MT19937 seeded by the authors' `init_genrand`.
pub(super) struct Mersenne {
    state: [u32; N],
    next: usize,
}

impl Mersenne {
    pub(super) fn new(seed: u32) -> Self {
        let mut state = [0; N];
        state[0] = seed;
        for i in 1..N {
            let previous = state[i - 1];
            state[i] = 1_812_433_253_u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
        }
        Self { state, next: N }
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
            let twist = if y & 1 == 0 { 0 } else { 0x9908_b0df };
            self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ twist;
        }
        self.next = 0;
    }

    pub(super) fn next_u32(&mut self) -> u32 {
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
}
