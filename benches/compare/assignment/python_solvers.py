"""Times the assignment solvers among the Python packages.

`python_solvers.py SOLVER FLOAT COUNT ROWS COLS INPUT OUTPUT`. INPUT holds COUNT matrices of ROWS by COLS costs, row
after row, of type FLOAT (f32 or f64). Prints the seconds that solving one matrix takes and writes the column of each
row as int64, -1 for none, to OUTPUT. `ours.c` and `peers/src/main.rs` do the same for other solvers.
"""

import statistics
import sys
import time

import numpy as np

# Each solver below takes a matrix and does what is not to be timed. It returns two functions: one that solves, which
# is timed, and one that makes the matched (rows, columns) of its result, which is not.


def scipy(matrix):
    from scipy.optimize import linear_sum_assignment

    return lambda: linear_sum_assignment(matrix), tuple


def lap(matrix):
    """lapjv of lap and of lapx: which one it is depends on the search path."""
    from lap import lapjv

    extend = matrix.shape[0] != matrix.shape[1]

    def pairs(result):
        columns, _ = result
        rows = np.flatnonzero(columns >= 0)
        return rows, columns[rows]

    return lambda: lapjv(matrix, extend_cost=extend, return_cost=False), pairs


def lapx_lapjvc(matrix):
    from lap import lapjvc

    return lambda: lapjvc(matrix, return_cost=False), tuple


def lapx_lapjvs(matrix):
    from lap import lapjvs

    # Unless told otherwise it computes in single precision whatever it is given.
    single = matrix.dtype == np.float32
    return lambda: lapjvs(matrix, return_cost=False, prefer_float32=single), tuple


def lapx_lapjvr(matrix):
    from lap import lapjvr

    return lambda: lapjvr(matrix, extend_cost=True, return_cost=False), tuple


def lapx_lapjvh(matrix):
    from lap import lapjvh

    return lambda: lapjvh(matrix, extend_cost=True, return_cost=False), tuple


def lapjv(matrix):
    from lapjv import lapjv

    # Unless told otherwise it computes in single precision whatever it is given.
    double = matrix.dtype == np.float64
    return lambda: lapjv(matrix, force_doubles=double), lambda result: (np.arange(len(matrix)), result[0])


def ortools(matrix):
    """Takes a list of arcs with integer costs; making that list isn't timed, and neither is asking for the pairs."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    n = len(matrix)
    nodes = np.arange(n, dtype=np.int32)
    problem = SimpleLinearSumAssignment()
    problem.add_arcs_with_cost(np.repeat(nodes, n), np.tile(nodes, n), matrix.ravel().astype(np.int64))

    def pairs(status):
        assert status == problem.OPTIMAL, status
        return nodes, [problem.right_mate(i) for i in range(n)]

    return problem.solve, pairs


SOLVERS = {f.__name__: f for f in (scipy, lap, lapx_lapjvc, lapx_lapjvs, lapx_lapjvr, lapx_lapjvh, lapjv, ortools)}


def measure(solves):
    """Calls all, again and again; the median time of one call, and the last results."""
    seconds = []
    # The rule of all programs here: at least three passes and a second in all, but one alone if it took long.
    while not seconds or (seconds[0] <= 10 and (len(seconds) < 3 or sum(seconds) < 1)):
        start = time.perf_counter()
        results = [solve() for solve in solves]
        seconds.append(time.perf_counter() - start)
    return statistics.median_high(seconds) / len(solves), results


def call_overhead(solver, dtype):
    """What a call costs that has nearly nothing to solve: the price of Python, not of the solver."""
    solve, _ = solver(np.array([[1, 2], [2, 1]], dtype))
    for _ in range(10):  # The first calls import and allocate.
        solve()
    return measure([solve] * 1000)[0]


def main():
    name, kind, *sizes, input_file, output_file = sys.argv[1:]
    solver, dtype = SOLVERS[name], {"f32": np.float32, "f64": np.float64}[kind]
    count, rows, cols = map(int, sizes)

    overhead = call_overhead(solver, dtype)
    matrices = np.fromfile(input_file, dtype).reshape(count, rows, cols)
    problems = [solver(matrix) for matrix in matrices]
    seconds, results = measure([solve for solve, _ in problems])
    print(f"{max(seconds - overhead, 1e-9):e}")

    row_to_col = np.full((count, rows), -1, np.int64)
    for columns, (_, pairs), result in zip(row_to_col, problems, results):
        i, j = pairs(result)
        columns[i] = j
    row_to_col.tofile(output_file)


main()
