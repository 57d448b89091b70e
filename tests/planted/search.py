"""Find the seeds that kill planted mistakes: `python -m tests.planted.search [NAME ...]`.

For when the swarm's seeds have come to mean something else: it goes through them in their order,
in a copy with the mistake, and prints the first that breaks a promise there and not without it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.planted.test_planted import FIRST, SEEDS_MAX, applied, copy_of_the_package, run_seeds

AT_ONCE = 10


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.planted.search", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all, if none is given")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED")
    parser.add_argument("--until", type=int, default=SEEDS_MAX, metavar="SEED")
    wanted = parser.parse_args()
    alive = False
    for name in wanted.names or sorted(FIRST):
        seed = killing_seed(name, range(wanted.first, wanted.until))
        alive = alive or seed < 0
        print(f"{name}: {'survives' if seed < 0 else seed}", flush=True)
    return 1 if alive else 0


def killing_seed(name: str, seeds: range) -> int:
    """The first seed at which the swarm kills a mistake; -1 where it survives them all."""
    with tempfile.TemporaryDirectory() as with_it, tempfile.TemporaryDirectory() as without:
        for place in (with_it, without):
            copy_of_the_package(Path(place))
        done = applied(name, Path(with_it))
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr}")
        start = seeds.start
        while start < seeds.stop:
            some = tuple(range(start, min(start + AT_ONCE, seeds.stop)))
            killed = run_seeds(Path(with_it), some)
            if killed.returncode == 0:
                start = some[-1] + 1
                continue
            told = [line.split() for line in killed.stdout.splitlines() if line[:1].isdigit()]
            last = int(told[-1][0])
            if run_seeds(Path(without), (last,)).returncode == 0:
                return last
            start = last + 1
    return -1


if __name__ == "__main__":
    sys.exit(main())
