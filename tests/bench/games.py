"""`make bench`: the kernels of the watched pause beside numpy and plain Python, on one task.

Eight labs, 520 weekly periods. In the reference task one lab cheats until it is found, with chance
1/4 a week; all race for half a year after an accusation, two weeks late. Beside it stand a race
without end, and the least favourable task, in which all labs keep the pause: the compiled kernel
draws nothing while all race, and there they seldom do. Figures are processor time, of one thread
each, in nanoseconds a period of a lab and a run, medians of interleaved rounds. What is compared is
the same whole numbers: they are checked to be equal.
"""

from __future__ import annotations

import statistics
import time
from typing import Any, Final

import numba

from pausenet.game.repeated.kernels import Lab, PausePlan, compiled, keys_of, plain, vectorised
from tests.bench.bounds import drawn

LABS: Final = 8
PERIODS: Final = 520
RUNS: Final = 100_000
PLAIN_RUNS: Final = 60
ROUNDS: Final = 3
FASTER_THAN_NUMPY: Final = 12.0
FASTER_THAN_PLAIN: Final = 80.0


def main() -> None:
    """Print what each implementation takes, the ratios, their bounds, and whether goals are met."""
    for what, plan in (
        ("one lab cheats, races of half a year", _plan(cheats=True, length=26)),
        ("one lab cheats, races without end", _plan(cheats=True, length=PERIODS)),
        ("all keep the pause, races of half a year", _plan(cheats=False, length=26)),
    ):
        ns = _taken(plan)
        for name in ("plain", "numpy", "compiled"):
            ratio = ns[name] / ns["compiled"]
            print(f"watched pause, {what}: {name:<10} {ns[name]:9.3f} ns a period, {ratio:7.1f} x")
        for name, wanted in (("numpy", FASTER_THAN_NUMPY), ("plain", FASTER_THAN_PLAIN)):
            ratio = ns[name] / ns["compiled"]
            said = "met" if ratio >= wanted else "missed"
            print(f"watched pause, {what}: {ratio:.1f} x {name}; goal {wanted:g} x {said}")
        print(
            f"watched pause, {what}: a draw takes {ns['draws']:.3f} ns; with every draw that numpy "
            f"makes it could be {ns['numpy'] / ns['draws']:.1f} x numpy at most"
        )


def _plan(*, cheats: bool, length: int) -> PausePlan:
    def lab(until: int) -> Lab:
        return Lab(
            temptation=5.0,
            cooperation=3.0,
            punishment=1.0,
            betrayed=0.0,
            discount=0.997,
            detection=0.25,
            false_alarm=0.002,
            until=until,
        )

    labs = (lab(PERIODS if cheats else 0), *(lab(0) for _ in range(LABS - 1)))
    return PausePlan(labs=labs, periods=PERIODS, delay=2, length=length)


def _taken(plan: PausePlan) -> dict[str, float]:
    """Nanoseconds a period of a lab and a run, by implementation; the answers are compared."""
    keys = keys_of(1, RUNS)
    few = [int(key) for key in keys[:PLAIN_RUNS]]
    named: dict[str, tuple[Any, Any, int]] = {
        "plain": (plain, few, PLAIN_RUNS),
        "numpy": (vectorised, keys, RUNS),
        "compiled": (compiled, keys, RUNS),
    }
    one = [run.payoffs for run in plain.play(plan, few)]
    for kernel in (vectorised, compiled):
        found = kernel.play(plan, keys[:PLAIN_RUNS]).payoffs.tolist()
        assert [tuple(row) for row in found] == one, "one arithmetic"
    rounds: dict[str, list[float]] = {name: [] for name in named}
    numba.set_num_threads(1)
    drawn(keys[:1], 1)
    draws = list[float]()
    for _ in range(ROUNDS):
        for name, (kernel, given, runs) in named.items():
            begun = time.process_time()
            kernel.play(plan, given)
            spent = time.process_time() - begun
            rounds[name].append(spent / (runs * LABS * PERIODS) * 1e9)
        begun = time.process_time()
        drawn(keys, LABS * PERIODS)
        draws.append((time.process_time() - begun) / (RUNS * LABS * PERIODS) * 1e9)
    rounds["draws"] = draws
    return {name: statistics.median(found) for name, found in rounds.items()}


if __name__ == "__main__":
    main()
