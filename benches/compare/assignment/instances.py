"""The assignment problems that the solvers are compared on.

Each family is a function of a random generator and a size that makes one cost matrix in double precision. All costs
are at least 0, which `compare.py` relies on when it compares costs.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

DIMENSION = 256  # of the vectors in a dictionary


def unit_rows(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def random_dictionary(rng, n):
    return unit_rows(rng.standard_normal((n, DIMENSION)))


def cosine_distance(a, b):
    """1 - |cos| of every pair: what matching two dictionaries up to sign minimises."""
    costs = a @ b.T
    np.abs(costs, out=costs)
    np.subtract(1, costs, out=costs)
    # Rounding can make a cosine greater than 1.
    return np.maximum(costs, 0, out=costs)


def uniform(rng, rows, cols):
    return rng.random((rows, cols))


def integers(rng, rows, cols):
    return rng.integers(1, 101, (rows, cols)).astype(np.float64)


def products(rng, rows, cols):
    """i * j: the textbook case of long augmenting paths."""
    return np.outer(np.arange(1.0, rows + 1), np.arange(1.0, cols + 1))


def unrelated(rng, rows, cols):
    """Two dictionaries that have nothing to do with each other: all costs are nearly the same."""
    return cosine_distance(random_dictionary(rng, rows), random_dictionary(rng, cols))


def noisy_copies(cosine):
    """A dictionary and its copy in another order, each vector turned by noise to the given cosine."""

    def make(rng, rows, cols):
        a, b = random_dictionary(rng, rows), random_dictionary(rng, cols)
        copied = rng.permutation(cols)[: min(rows, cols)]
        # Random directions are nearly orthogonal at this dimension, so this gives nearly the cosine.
        b[copied] = unit_rows(cosine * a[: len(copied)] + np.sqrt(1 - cosine**2) * b[copied])
        return cosine_distance(a, b)

    return make


def clustered(rng, rows, cols):
    """Two dictionaries whose vectors lie around the same 16 centres: many near ties among neighbours."""
    centres = random_dictionary(rng, 16)

    def around(n):
        return unit_rows(centres[rng.integers(0, len(centres), n)] + 0.3 * random_dictionary(rng, n))

    return cosine_distance(around(rows), around(cols))


def squared_planar(rng, rows, cols):
    """Squared distances of random points in a square."""
    p, q = rng.random((rows, 2)), rng.random((cols, 2))
    return np.square(p[:, None, 0] - q[:, 0]) + np.square(p[:, None, 1] - q[:, 1])


def planar(rng, rows, cols):
    """Distances of random points in a square."""
    return np.sqrt(squared_planar(rng, rows, cols))


def constant(rng, rows, cols):
    return np.ones((rows, cols))


def duplicates(rng, rows, cols):
    """Noisy copies in which half of the columns are there twice."""
    costs = noisy_copies(0.3)(rng, rows, cols)
    half = cols // 2
    costs[:, half : 2 * half] = costs[:, :half]
    return costs


def rank_one(rng, rows, cols):
    """|a_i - b_j|: distances on a line, where very many assignments are optimal."""
    return np.abs(rng.random(rows)[:, None] - rng.random(cols))


def rank_two(rng, rows, cols):
    """a_i b_j + c_i d_j: long augmenting paths, and no order of rows and columns that would solve it."""
    return rng.random((rows, 2)) @ rng.random((2, cols))


def forbidden(rng, rows, cols):
    """Uniform, with 30 % of the pairs forbidden."""
    costs = rng.random((rows, cols))
    costs[rng.random((rows, cols)) < 0.3] = np.inf
    return costs


@dataclass(frozen=True)
class Case:
    """A family at some sizes, smallest first. `--quick` takes the quick sizes."""

    name: str
    make: Callable
    sizes: tuple
    quick: tuple
    integer: bool = False  # all costs are integers
    infinite: bool = False  # some costs are +infinity
    count: int = 1  # matrices that are solved one after the other


@dataclass(frozen=True)
class Instance:
    """A case at one size; `costs` makes its matrices, count by rows by cols, the same at each call."""

    case: Case
    rows: int
    cols: int

    def costs(self):
        rngs = [np.random.default_rng([seed, self.rows, self.cols]) for seed in range(self.case.count)]
        matrices = [self.case.make(rng, self.rows, self.cols) for rng in rngs]
        # Big matrices come alone, and that saves their copy.
        return matrices[0][None] if len(matrices) == 1 else np.stack(matrices)


def square(*sizes):
    return tuple((n, n) for n in sizes)


GROWING = dict(sizes=square(1000, 2000, 4000, 8000), quick=square(500, 1000))
AT_4000 = dict(sizes=square(4000), quick=square(1000))
RECTANGULAR = dict(
    sizes=((2000, 8000), (8000, 2000), (4096, 16384)),
    quick=((250, 1000), (1000, 250)),
)
# Many different small matrices: with one alone, the processor would learn its branches by heart.
SMALL = dict(sizes=square(64, 128, 256), quick=square(64, 128, 256), count=20)

CASES = [
    Case("small-uniform", uniform, **SMALL),
    Case("small-unrelated", unrelated, **SMALL),
    Case("small-integers", integers, integer=True, **SMALL),
    Case("uniform", uniform, **GROWING),
    Case("unrelated", unrelated, **GROWING),
    Case("copies-0.9", noisy_copies(0.9), **GROWING),
    Case("copies-0.3", noisy_copies(0.3), **GROWING),
    Case("integers", integers, integer=True, **GROWING),
    Case("products", products, sizes=square(500, 1000, 2000), quick=square(500), integer=True),
    Case("rank-two", rank_two, sizes=square(500, 1000, 2000), quick=square(500)),
    Case("clustered", clustered, **AT_4000),
    Case("planar", planar, **AT_4000),
    Case("squared-planar", squared_planar, **AT_4000),
    Case("rectangular-uniform", uniform, **RECTANGULAR),
    Case("rectangular-unrelated", unrelated, **RECTANGULAR),
    Case("constant", constant, integer=True, **AT_4000),
    Case("duplicates", duplicates, **AT_4000),
    Case("rank-one", rank_one, **AT_4000),
    Case("forbidden", forbidden, infinite=True, **AT_4000),
]
