"""What was measured, and a file that keeps it, so that a run that was broken off can be taken up again."""

import json
from dataclasses import dataclass

from instances import CASES, Instance
from solvers import OUT, Outcome

FILE = OUT / "measured.json"


@dataclass
class Row:
    """What came of one instance in one type of costs."""

    instance: Instance
    kind: str
    outcomes: dict[str, Outcome]

    @property
    def size(self):
        return f"{self.instance.rows} x {self.instance.cols}"


def save(rows):
    records = [
        {
            "case": row.instance.case.name,
            "rows": row.instance.rows,
            "cols": row.instance.cols,
            "kind": row.kind,
            "outcomes": {name: [o.seconds, o.exact, o.note] for name, o in row.outcomes.items()},
        }
        for row in rows
    ]
    FILE.write_text(json.dumps(records, indent=1))


def load():
    """The rows of the last run; none if there was no run."""
    if not FILE.exists():
        return []
    cases = {case.name: case for case in CASES}
    return [
        Row(
            Instance(cases[record["case"]], record["rows"], record["cols"]),
            record["kind"],
            {name: Outcome(*outcome) for name, outcome in record["outcomes"].items()},
        )
        for record in json.loads(FILE.read_text())
    ]
