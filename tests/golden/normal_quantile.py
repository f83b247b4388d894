"""Writes normal_quantile.txt: doubles p and the numbers that a standard normal variable exceeds with probability p.

By mpmath, with 60 digits: Newton's iteration on erfc(x / sqrt 2) / 2 = p. Run: python normal_quantile.py > normal_quantile.txt
"""

import math

from mpmath import erfc, exp, mp, mpf, pi, sqrt

mp.dps = 60


def upper_quantile(p: float) -> mpf:
    if p > 0.5:
        return -upper_quantile_of(1 - mpf(p))
    return upper_quantile_of(mpf(p))


def upper_quantile_of(p: mpf) -> mpf:
    """For p <= 1/2, by Newton's iteration on the logarithm, which is concave: it converges from any start."""
    x = mpf(0)
    for _ in range(200):
        tail = erfc(x / sqrt(2)) / 2
        step = mp.log(tail / p) * tail * sqrt(2 * pi) * exp(x * x / 2)
        x += step
        if abs(step) < mpf(10) ** -50:
            return x
    raise ArithmeticError(p)


points = {5e-324, 1e-323, 2.2250738585072014e-308, 1e-300, 1.3887943864964021e-11, 1 - 2**-53, 1 - 2**-52}
points |= {10.0**-k for k in range(1, 308, 4)}
points |= {math.exp(-(0.1 * k) ** 2) for k in range(9, 100)}
points |= {k / 97 for k in range(1, 97)}
points |= {1 - 2.0**-k for k in range(2, 54, 3)}
points |= {0.5 + s * 2.0**-k for k in range(2, 54, 5) for s in (-1, 1)}
points |= {c + s * 2.0**-40 for c in (0.075, 0.925) for s in (-1, 0, 1)}
for p in sorted(points):
    x = upper_quantile(p)
    assert p == 0.5 or abs(erfc(x / sqrt(2)) / 2 / mpf(p) - 1) < mpf(10) ** -45
    print(f"{p!r} {mp.nstr(x, 20)}")
