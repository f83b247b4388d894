"""What is required of this library's solver, as ratios of times."""

from dataclasses import dataclass

from records import Row
from solvers import OURS, Outcome

# Factors over scipy and over the fastest of all others.
GROWING = ("uniform", "unrelated", "copies-0.9", "copies-0.3", "integers")
GROWING_SCIPY, GROWING_OTHERS = 8, 1.5
LARGE, LARGE_SIZE, LARGE_SCIPY = ("uniform", "unrelated"), 4000, 40
STRUCTURED, STRUCTURED_OTHERS = ("clustered", "planar", "squared-planar"), 8
RECTANGULAR, RECTANGULAR_SCIPY = ("rectangular-uniform", "rectangular-unrelated"), 10
SMALL, SMALL_OTHERS = ("small-uniform", "small-unrelated", "small-integers"), 1
PRODUCTS, PRODUCTS_ORTOOLS = ("products",), 1
# No cliffs: a hard instance may take this many times as long as a uniform one of the same size.
HARD, HARD_UNIFORM = ("constant", "duplicates", "rank-one", "forbidden"), 5


@dataclass
class Check:
    """One requirement on one row: `longer` takes `required` times as long as `shorter`, at least or at most."""

    row: Row
    what: str
    longer: Outcome | None
    shorter: Outcome | None
    required: float
    at_most: bool = False


def same_instance(row, rows):
    """The rows of the instance, in all types of costs that are no shorter: f64 too for f32, but not f32 for f64."""
    return [r for r in rows if r.instance == row.instance and r.kind in (row.kind, "f64")]


def time_of(names, row, rows):
    """The outcome of the fastest of the named solvers. Who has floats can turn them into doubles, so that counts."""
    found = [r.outcomes[name] for r in same_instance(row, rows) for name in names if name in r.outcomes]
    return min((o for o in found if o.seconds is not None), key=lambda o: o.seconds, default=None)


def scipy_time(row, rows):
    return time_of(["scipy"], row, rows)


def ortools_time(row, rows):
    return time_of(["ortools"], row, rows)


def fastest_other(row, rows):
    names = {name for r in same_instance(row, rows) for name in r.outcomes if name != OURS}
    return time_of(sorted(names), row, rows)


def uniform_time(row, rows):
    """Our time for uniform costs of the same size and type."""
    for r in rows:
        same = (r.instance.rows, r.instance.cols, r.kind) == (row.instance.rows, row.instance.cols, row.kind)
        if r.instance.case.name == "uniform" and same:
            return r.outcomes.get(OURS)
    return None


def checks(rows):
    """All that is required of the rows that were measured; nothing is of the sizes that only a quick run has."""
    for row in rows:
        case, ours = row.instance.case.name, row.outcomes.get(OURS)
        if (row.instance.rows, row.instance.cols) not in row.instance.case.sizes:
            continue

        def against(what, other, required):
            return Check(row, f"{what} / {OURS}", other(row, rows), ours, required)

        if case in GROWING:
            large = case in LARGE and row.instance.rows == LARGE_SIZE
            yield against("scipy", scipy_time, LARGE_SCIPY if large else GROWING_SCIPY)
            yield against("fastest other", fastest_other, GROWING_OTHERS)
        if case in STRUCTURED:
            yield against("fastest other", fastest_other, STRUCTURED_OTHERS)
        if case in RECTANGULAR:
            yield against("scipy", scipy_time, RECTANGULAR_SCIPY)
        if case in SMALL:
            yield against("fastest other", fastest_other, SMALL_OTHERS)
        if case in PRODUCTS:
            yield against("ortools", ortools_time, PRODUCTS_ORTOOLS)
        if case in HARD:
            yield Check(row, f"{OURS} / uniform", ours, uniform_time(row, rows), HARD_UNIFORM, at_most=True)
