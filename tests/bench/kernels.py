"""`make bench`: the statistical kernels beside numpy and plain Python, on one task in one run.

The task is the power accounts of eight labs over 520 weekly periods, one of which hides 1 % from
period 100 on, and eight channels over one of them. Every round takes each implementation in turn; a
figure is processor time, all threads counted, in nanoseconds a period of a lab and a run, and the
median of the rounds. What is compared is the same whole numbers: they are checked to be equal.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from pausenet.inference.balance import MeterError
from pausenet.protocol import rules
from pausenet.simulator.kernels import compiled, plain, vectorised

LABS: Final = 8
PERIODS: Final = 520
RUNS: Final = 50_000
PLAIN_RUNS: Final = 20
ROUNDS: Final = 3


def main() -> None:
    """Print what each implementation takes, and the ratios."""
    keys = np.array([plain.key_of(seed) for seed in range(RUNS)], dtype=np.uint64)
    salts = [plain.salt_of(f"lab-{number}", "power") for number in range(LABS)]
    plans = [_plan(0.01 if number == 0 else 0.0) for number in range(LABS)]
    rows = np.array([plain.thresholds([1e-3] * PERIODS)] * LABS, dtype=np.uint64)
    words = np.array(salts, dtype=np.uint64)
    few = keys[:PLAIN_RUNS]

    def accounts(kernels: Any, count: int) -> Callable[[], list[list[int]]]:
        if kernels is plain:
            return lambda: [
                [plain.first_imbalance(int(key), salt, plan) for key in few]
                for salt, plan in zip(salts, plans, strict=True)
            ]
        found = kernels.first_imbalances
        return lambda: [
            found(keys[:count], salt, plan).tolist()
            for salt, plan in zip(salts, plans, strict=True)
        ]

    def channels(kernels: Any, count: int) -> Callable[[], list[list[int]]]:
        if kernels is plain:
            limits = [tuple(map(int, row)) for row in rows]
            return lambda: [[*plain.first_alarms(int(key), limits, salts)] for key in few]
        found = kernels.first_alarms
        return lambda: found(keys[:count], rows, words).tolist()

    for what, task in (("power accounts", accounts), ("channels", channels)):
        taken = _taken(task)
        compiled_ns = taken["compiled"]
        for name, ns in taken.items():
            print(f"{what}: {name:<10} {ns:9.2f} ns a period, {ns / compiled_ns:7.1f} x compiled")


def _plan(hidden: float) -> plain.BalancePlan:
    excess = [hidden / (1.0 - hidden) if at >= 100 else 0.0 for at in range(PERIODS)]
    return plain.BalancePlan(
        excess=tuple(excess),
        first=4,
        error=MeterError(random_ppm=10_000, systematic_ppm=3_000),
        every=13,
        limits=rules.SERIES,
    )


def _taken(task: Callable[[Any, int], Callable[[], object]]) -> dict[str, float]:
    """Nanoseconds a period of a lab and a run, by implementation; the answers are compared."""
    named = {
        "plain": (plain, PLAIN_RUNS),
        "numpy": (vectorised, RUNS),
        "compiled": (compiled, RUNS),
    }
    answers = {name: task(kernels, PLAIN_RUNS)() for name, (kernels, _) in named.items()}
    assert answers["plain"] == answers["numpy"] == answers["compiled"], "one arithmetic"
    rounds: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(ROUNDS):
        for name, (kernels, runs) in named.items():
            work = task(kernels, runs)
            begun = time.process_time()
            work()
            spent = time.process_time() - begun
            rounds[name].append(spent / (runs * LABS * PERIODS) * 1e9)
    return {name: statistics.median(found) for name, found in rounds.items()}


if __name__ == "__main__":
    main()
