"""The report: a table of times, a table of what is required of this library's solver, and notes, in Markdown."""

import datetime
import platform
import re
import shlex
import tomllib
from pathlib import Path

from requirements import checks, fastest_other, scipy_time
from solvers import HERE, OURS


def duration(outcome):
    """Seconds in three digits; "> 120 s" for a solver that was ended, "-" for one that gave nothing."""
    if outcome is None or outcome.seconds is None:
        return "-"
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if outcome.seconds >= unit or name == "us":
            number = outcome.seconds / unit
            # Three digits without an exponent: 1.23, 12.3, 123, 1234.
            text = f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f} {name}"
            return text if outcome.exact else f"> {text}"


def factor(outcome, by):
    """How many times as long `outcome` took as `by`, and whether that is more than a lower bound; or None."""
    if outcome is None or outcome.seconds is None or by is None or by.seconds is None or not by.exact:
        return None
    return outcome.seconds / by.seconds, outcome.exact


def times(value):
    if value is None:
        return "-"
    return f"{'' if value[1] else '> '}{value[0]:.2f}"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def time_table(rows, names):
    body = []
    for row in rows:
        ours = row.outcomes.get(OURS)
        cells = []
        for name in names:
            outcome = row.outcomes.get(name)
            # A solver without an entry for the instance gets an empty cell, one that failed at it a dash.
            cells.append(duration(outcome) if outcome else "")
        ratios = [times(factor(other(row, rows), ours)) for other in (scipy_time, fastest_other)]
        body.append([row.instance.case.name, row.size, row.kind, *cells, *ratios])
    return table(["case", "size", "costs", *names, f"scipy / {OURS}", f"fastest other / {OURS}"], body)


def requirement_table(rows):
    body = []
    counts = {"yes": 0, "no": 0, "unknown": 0}
    for check in checks(rows):
        measured = factor(check.longer, check.shorter)
        if measured is None:
            # Without a result of ours nothing holds; without one of theirs there is nothing to hold it against.
            holds = "unknown" if check.row.outcomes[OURS].seconds else "no"
        elif check.at_most:
            holds = "yes" if measured[0] <= check.required else "no"
        else:
            holds = "yes" if measured[0] >= check.required else "no" if measured[1] else "unknown"
        counts[holds] += 1
        required = f"{check.what} {'<=' if check.at_most else '>='} {check.required:g}"
        body.append([check.row.instance.case.name, check.row.size, check.row.kind, required, times(measured), holds])
    summary = f"{counts['yes']} hold, {counts['no']} do not, {counts['unknown']} could not be decided."
    return table(["case", "size", "costs", "required", "measured", "holds"], body) + "\n\n" + summary


def notes(rows):
    lines = []
    for row in rows:
        for name, outcome in row.outcomes.items():
            if outcome.note and outcome.exact:
                lines.append(f"- {row.instance.case.name} {row.size} {row.kind}, {name}: {outcome.note}")
    return "\n".join(lines) or "None."


def cpu_model():
    found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def versions():
    """Of this library, Python and all that is compared, from the files that fix them."""
    cargo = tomllib.loads((HERE.parents[2] / "Cargo.toml").read_text())
    found = [f"{OURS} {cargo['workspace']['package']['version']}", f"Python {platform.python_version()}"]
    for file in ("requirements.txt", "requirements-lap.txt"):
        found += re.findall(r"^(\S+)==(\S+)$", (HERE / file).read_text(), re.MULTILINE)
    locked = tomllib.loads((HERE / "peers" / "Cargo.lock").read_text())["package"]
    found += [(f"crate {p['name']}", p["version"]) for p in locked if p["name"] in ("lapjv", "lsap", "pathfinding")]
    return ", ".join(item if isinstance(item, str) else " ".join(item) for item in found)


def markdown(rows, names, arguments):
    command = shlex.join(["benches/compare/assignment/run", *arguments])
    return f"""# Exact assignment: {OURS} and others

- Date: {datetime.date.today()}
- Processor: {cpu_model()}, one core
- Versions: {versions()}
- Command: `{command}`

## Times

Median time of one solution, without reading or converting the costs. From the Python packages' times that of a call
with nearly nothing to solve is subtracted. Empty: the solver does not take such an instance. `-`: no valid or no
optimal result, see the notes. `>`: ended at its time limit, or not run because it took this long at a smaller size.
scipy and the fastest other are, for f32 costs, those of f32 or f64, whichever is faster.

{time_table(rows, names)}

## Requirements

Other times divided by ours, on the same instance; for `/ uniform`, our time divided by that for uniform costs of the
same size. Sizes that `--quick` alone has are left out.

{requirement_table(rows)}

## Notes

{notes(rows)}
"""
