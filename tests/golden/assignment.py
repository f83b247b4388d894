"""Writes assignment*_costs.npy, _row_to_col.npy and _objective.npy beside itself, with scipy.optimize.

The costs are random floats, so that the optimum is unique and its assignment can be compared, not only its value.
+inf forbids a pair.
"""

from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

HERE = Path(__file__).parent
SHAPES = [(40, 40, 0.0), (25, 45, 0.0), (45, 25, 0.0), (30, 30, 0.6), (20, 35, 0.6)]

for case, (rows, cols, forbidden) in enumerate(SHAPES):
    rng = np.random.default_rng(case)
    costs = rng.standard_normal((rows, cols))
    costs[rng.random((rows, cols)) < forbidden] = np.inf
    matched_rows, matched_cols = linear_sum_assignment(costs)
    row_to_col = np.full(rows, -1, dtype=np.int64)
    row_to_col[matched_rows] = matched_cols
    np.save(HERE / f"assignment{case}_costs.npy", costs)
    np.save(HERE / f"assignment{case}_row_to_col.npy", row_to_col)
    np.save(HERE / f"assignment{case}_objective.npy", np.array([costs[matched_rows, matched_cols].sum()]))
