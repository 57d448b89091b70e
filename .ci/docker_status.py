"""Read verifiers' own logs, copied out of their containers, and say what they agree on.

    docker_status.py period K DIR...   the last period for which K of them appraised all labs alike
    docker_status.py found K DIR...    exit 0 when the two cheats are found, and nobody else

Each DIR is a copy of one verifier's data, named by the verifier.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from pausenet import crypto
from pausenet.cli.logfiles import find_log
from pausenet.statements import codec
from pausenet.statements.finding import Appraisal

EXPECTED = {
    "aurora": "no-breach-found-in-what-was-declared",
    "birch": "discrepancy",
    "cedar": "breach-proven",
    "dogwood": "no-breach-found-in-what-was-declared",
}


def appraisals(directory: Path) -> set[Appraisal]:
    """Every appraisal in a verifier's own log."""
    log = find_log(directory, directory.name)
    bodies = (codec.decode(crypto.decode(entry).payload).body for entry in log.entries())
    return {body for body in bodies if isinstance(body, Appraisal)}


def agreed(directories: list[Path], k: int) -> dict[str, Appraisal]:
    """The latest appraisal of each lab that k verifiers made alike."""
    counts = Counter(item for directory in directories for item in appraisals(directory))
    found: dict[str, Appraisal] = {}
    for item in sorted(counts, key=lambda each: (each.period, each.view)):
        if counts[item] >= k:
            found[item.lab] = item
    return found


def main() -> int:
    """Answer the question that the first argument asks."""
    question, k, *names = sys.argv[1:]
    found = agreed([Path(name) for name in names], int(k))
    for name in names:
        latest = max((item.period for item in appraisals(Path(name))), default=-1)
        print(f"{name} has appraised up to period {latest}", file=sys.stderr)
    if question == "period":
        print(min((item.period for item in found.values()), default=-1))
        return 0
    statuses = {lab: str(item.status) for lab, item in sorted(found.items())}
    print(statuses, file=sys.stderr)
    return int(statuses != EXPECTED)


if __name__ == "__main__":
    sys.exit(main())
