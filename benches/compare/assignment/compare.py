"""Runs the solvers on the instances, checks their costs and writes the report; `run` prepares what it needs."""

import argparse
import os
import sys

import numpy as np

import records
import report
from instances import CASES, Instance
from solvers import HERE, NAMES, OURS, OUT, SOLVERS, TOO_SLOW, Outcome, run

# How far a cost may be above the least that any solver found. Doubles: potentials are sums of up to n path lengths, so
# rounding shifts the total by some n eps max|c|, below 1e-11 of the totals here. Floats: rounding the costs, which are
# all >= 0, changes each by 2^-24 of itself at most, hence also each assignment's total. The best assignment of the
# rounded costs is thus within twice that of the best of the costs themselves, by which it is judged.
TOLERANCE = {"f64": 1e-9, "f32": 1e-9 + 2**-23}


def arguments():
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(prog="run", description=__doc__, epilog=f"Cases: {' '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--only", nargs="+", metavar="CASE", choices=names, help="these cases")
    parser.add_argument("--resume", action="store_true", help="keep what was measured before, and measure the rest")
    parser.add_argument("--limit", type=float, default=120, help="seconds for a solver on an instance (%(default)s)")
    parser.add_argument(
        "--scipy-limit", type=float, default=1800, help="the same for scipy, the yardstick (%(default)s)"
    )
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core to run on")
    return parser.parse_args()


def measure(instance, slow, args):
    """The outcomes of one instance, {float type: {solver: outcome}}; those in `slow` are not run again."""
    matrices = instance.costs()
    outcomes = {}
    for kind, dtype in (("f64", np.float64), ("f32", np.float32)):
        file = OUT / "instance"
        matrices.astype(dtype, copy=False).tofile(file)
        outcomes[kind] = {}
        for solver in SOLVERS:
            if not solver.takes(instance, kind):
                continue
            if seconds := slow.get((solver.name, kind)):
                outcome = Outcome(seconds, exact=False, note="not run")
            else:
                limit = args.scipy_limit if solver.name in ("scipy", OURS) else args.limit
                outcome = run(solver, kind, matrices, file, limit)
            outcomes[kind][solver.name] = outcome
            what = f"{instance.case.name} {instance.rows} x {instance.cols} {kind} {solver.name}"
            print(f"{what}: {report.duration(outcome)} {outcome.note}".rstrip(), file=sys.stderr)
        file.unlink()
    check_costs(outcomes)
    return outcomes


def check_costs(outcomes):
    """Takes the time from whoever found an assignment that costs more than the best."""
    costs = [o.cost for by_solver in outcomes.values() for o in by_solver.values() if o.cost is not None]
    if not costs:
        return
    least = np.min(costs, axis=0)
    for kind, by_solver in outcomes.items():
        for outcome in by_solver.values():
            if outcome.cost is None:
                continue
            excess = np.max((outcome.cost - least) / least)
            if excess > TOLERANCE[kind]:
                outcome.seconds, outcome.note = None, f"not optimal, {excess:.1e} above the least cost"


def slow_solvers(case, rows):
    """{(solver, float type): seconds} of those that took too long at the sizes of the case so far."""
    return {
        (name, row.kind): outcome.seconds
        for row in rows
        if row.instance.case == case
        for name, outcome in row.outcomes.items()
        if name not in ("scipy", OURS) and (outcome.seconds or 0) > TOO_SLOW
    }


def main():
    args = arguments()
    # The processes started from here stay on the core, too.
    os.sched_setaffinity(0, {args.core})
    # Parts of the comparison don't replace the whole one.
    partial = args.quick or args.only
    file = (OUT if partial else HERE) / "RESULTS.md"

    rows = records.load() if args.resume else []
    for case in CASES:
        if args.only and case.name not in args.only:
            continue
        for size in case.quick if args.quick else case.sizes:
            instance = Instance(case, *size)
            if any(row.instance == instance for row in rows):
                continue
            measured = measure(instance, slow_solvers(case, rows), args)
            rows += [records.Row(instance, kind, outcomes) for kind, outcomes in measured.items()]
            # After each instance, so that a run that is broken off leaves what it measured.
            records.save(rows)
            file.write_text(report.markdown(rows, NAMES, sys.argv[1:]))
    print(report.markdown(rows, NAMES, sys.argv[1:]))
    print(f"Written to {file}.", file=sys.stderr)


main()
