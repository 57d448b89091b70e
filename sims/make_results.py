"""Write the tables and pictures of the studies: `sims/results/`, and one picture for the docs.

    python sims/make_results.py            write them
    python sims/make_results.py --check    exit 1 where one is missing, stale or nobody's

Nothing here is written by hand, and nothing depends on time: a change of any of these files is a
change of a computed number, to be read by a person. What whole runs of the protocol have measured
(`MEASURED`) takes a quarter of an hour to make again and is written by its own command; the check
reckons its kernels' columns anew, row by row, and the soak its runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pausenet.study import ASSERTIONS, Question  # noqa: E402  # the path must be known first
from pausenet.study.evasions import kernel_differences  # noqa: E402  # the same
from pausenet.study.precision_chart import chart  # noqa: E402  # the same
from pausenet.study.table import answered, comma_separated, page  # noqa: E402  # the same

RESULTS: Final = "sims/results"
MEASURED: Final = (f"{RESULTS}/evasions.csv", f"{RESULTS}/evasions.md")
TITLE: Final = "What the design document says of accountancy, computed again"
QUESTION: Final = (
    "Do the numbers on material accountancy and evidence that the design document derives "
    "(2.1 and 2.2) come out of the functions that judge readings here?"
)
FLEET: Final = Question(h100e=500_000, days=30, cap_flop=1e24)
REPEAT: Final = "pausenet study precision --fleet 500000 --days 30 --cap 1e24"


def made() -> dict[str, str]:
    """Every file by its path in the repository."""
    rows = answered(ASSERTIONS)
    return {
        f"{RESULTS}/accountancy.csv": comma_separated(rows),
        f"{RESULTS}/accountancy.md": page(rows, TITLE, QUESTION, "python sims/make_results.py"),
        "docs/images/precision.svg": chart(FLEET, repeat=REPEAT),
    }


def differences(files: dict[str, str]) -> list[str]:
    """Every file that is missing, stale or made by nobody."""
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / RESULTS).iterdir()}
    found = [f"{name}: nobody makes it" for name in sorted(there - {*files, *MEASURED})]
    found += kernel_differences((ROOT / MEASURED[0]).read_text(encoding="utf-8"))
    for name, wanted in files.items():
        path = ROOT / name
        if not path.is_file():
            found.append(f"{name}: missing")
        elif path.read_text(encoding="utf-8") != wanted:
            found.append(f"{name}: it is another one now")
    return found


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    files = made()
    if arguments:
        found = differences(files)
        print("\n".join(found) or "every result is what its study gives")
        return 1 if found else 0
    (ROOT / RESULTS).mkdir(exist_ok=True)
    for name, written in files.items():
        (ROOT / name).write_text(written, encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
