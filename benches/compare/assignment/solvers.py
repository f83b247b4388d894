"""The solvers that are compared, and how one of them is run on one instance, in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[2] / "target" / "compare"

# A solver that took longer than this at a smaller size of the same case is not run: it would take many times as long.
TOO_SLOW = 60.0


@dataclass(frozen=True)
class Solver:
    name: str
    command: tuple  # what FLOAT COUNT ROWS COLS INPUT OUTPUT are appended to
    floats: tuple = ("f64",)  # the types of costs that it takes
    square: bool = False  # whether it takes nothing but square matrices
    infinite: bool = True  # whether +infinity forbids a pair
    integer: bool | None = None  # True if it takes nothing but integer costs, False if it is not for them
    path: str = ""  # searched first for Python modules

    def takes(self, instance, kind):
        case = instance.case
        return (
            kind in self.floats
            and (instance.rows == instance.cols or not self.square)
            and (self.infinite or not case.infinite)
            and self.integer in (None, case.integer)
        )


def python(solver):
    return (sys.executable, str(HERE / "python_solvers.py"), solver)


def rust(solver):
    return (str(OUT / "peers" / "release" / "assignment-peers"), solver)


BOTH = ("f32", "f64")
OURS = "sae-kernels"
# A name with two entries is one solver that is called in two ways. "lapjv" is a Python package and a Rust crate.
SOLVERS = [
    Solver(OURS, (str(OUT / "ours"),), BOTH),
    Solver("scipy", python("scipy")),
    Solver("lapx lapjv", python("lap"), BOTH),
    Solver("lapx lapjvc", python("lapx_lapjvc"), BOTH),
    Solver("lapx lapjvs", python("lapx_lapjvs"), BOTH),
    Solver("lapx lapjvr", python("lapx_lapjvr"), BOTH),
    Solver("lapx lapjvh", python("lapx_lapjvh"), BOTH),
    Solver("lap", python("lap"), BOTH, path=str(OUT / "lap")),
    Solver("lapjv (Python)", python("lapjv"), BOTH, square=True),
    # It takes part where costs are integers alone: rounding real ones would change the problem.
    Solver("ortools", python("ortools"), square=True, infinite=False, integer=True),
    Solver("lapjv (Rust)", rust("lapjv"), BOTH, square=True),
    Solver("lsap", rust("lsap"), infinite=False),
    # With infinities it may never end, says its documentation. Integers are its natural type where costs are integers.
    Solver("pathfinding", rust("pathfinding"), infinite=False, integer=False),
    Solver("pathfinding", rust("pathfinding-i64"), infinite=False, integer=True),
]
NAMES = list(dict.fromkeys(solver.name for solver in SOLVERS))


@dataclass
class Outcome:
    """What came of running a solver: seconds or, where `exact` is false, less than it would have taken."""

    seconds: float | None
    exact: bool = True
    note: str = ""
    cost: np.ndarray | None = None  # of each matrix


def total_costs(matrices, row_to_col):
    """The cost of each assignment, or None if one of them is none: a column twice, or too few pairs."""
    costs = []
    for matrix, columns in zip(matrices, row_to_col):
        rows = np.flatnonzero(columns >= 0)
        columns = columns[rows]
        if len(rows) != min(matrix.shape) or len(np.unique(columns)) != len(columns):
            return None
        costs.append(matrix[rows, columns].sum())
    return np.array(costs)


def run(solver, kind, matrices, input_file, limit):
    """Runs a solver on the costs in a file, which `matrices` are in double precision, for `limit` seconds at most."""
    output = OUT / "row_to_col"
    output.unlink(missing_ok=True)
    sizes = [str(size) for size in matrices.shape]
    environment = dict(os.environ, PYTHONPATH=solver.path) if solver.path else None
    command = [*solver.command, kind, *sizes, str(input_file), str(output)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return Outcome(limit, exact=False, note="ended")
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return Outcome(None, note=f"failed: {reason}")
    costs = total_costs(matrices, np.fromfile(output, np.int64).reshape(matrices.shape[:2]))
    if costs is None or not np.isfinite(costs).all():
        return Outcome(None, note="gave no valid assignment")
    return Outcome(float(done.stdout), cost=costs)
