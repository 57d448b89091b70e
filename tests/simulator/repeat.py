"""Run seeds of the swarm again: `python -m tests.simulator.repeat --seed 17`.

With one seed it prints the whole story; with several, a line for each: its trace's digest, and
what was broken. It exits 1 when a promise was broken. With `--shrink` it looks for the least that
still breaks the promise: fewer faults, attacks, labs and periods.
"""

import argparse
import sys

import pausenet
from tests.simulator.shrink import shrunk
from tests.simulator.swarms import case


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.repeat", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", required=True, metavar="N")
    parser.add_argument("--until-broken", action="store_true", help="stop at the first that breaks")
    parser.add_argument("--shrink", action="store_true", help="make what breaks as small as may be")
    wanted = parser.parse_args()
    print(f"pausenet from {pausenet.__file__}")
    broken = False
    for seed in wanted.seed:
        result = case(seed).run()
        if len(wanted.seed) == 1:
            print(*result.transcript, sep="\n")
            print(result.faults.describe())
        print(seed, result.trace.hex(), len(result.violations), flush=True)
        for violation in result.violations[:5]:
            print(f"  {violation.promise} at {violation.moment}: {violation.text}")
        broken = broken or bool(result.violations)
        if result.violations and wanted.shrink:
            print(*shrunk(seed).lines(), sep="\n", flush=True)
        if broken and wanted.until_broken:
            break
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
