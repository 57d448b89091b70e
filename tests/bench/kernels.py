"""`make bench`: the statistical kernels beside numpy and plain Python, on the same tasks.

The tasks are the power accounts of eight labs over 520 weekly periods, with one that hides 1 % from
period 100 on and with none; eight channels over each of them; and, each kernel by itself, all that
an evasion of the book asks of it. Every round takes each implementation in turn; a figure is
processor time in nanoseconds a period of a row and a run, and the median of the rounds. Compiled
code has one thread, as numpy has: threads that wait for work do so at full speed, and would be
measured. What is compared is the same whole numbers: they are checked to be equal.

Beside each ratio stands what it could be at most: numpy against compiled code that makes all the
task's draws and does nothing else (for power accounts: and looks each up in the table).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

import numba
import numpy as np

from pausenet.files.scenario import read_scenario
from pausenet.inference.balance import MeterError
from pausenet.inference.counter import Words
from pausenet.protocol import rules
from pausenet.simulator.kernels import compiled, plain, vectorised
from pausenet.simulator.outcome import kernel
from pausenet.simulator.outcome.kernel import measure_by_kernel
from tests.bench.bounds import drawn, looked_up

LABS: Final = 8
PERIODS: Final = 520
RUNS: Final = 50_000
PLAIN_RUNS: Final = 20
ROUNDS: Final = 5
FASTER_THAN_NUMPY: Final = 12.0
FASTER_THAN_PLAIN: Final = 80.0
EVASIONS: Final = Path(__file__).parents[2] / "sims" / "evasions"
KEYS: Final = np.array([plain.key_of(seed) for seed in range(RUNS)], dtype=np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked of the kernels: accounts by salt and plan, channels by rows and salts."""

    name: str
    accounts: tuple[tuple[int, plain.BalancePlan], ...] = ()
    channels: tuple[tuple[Words, Words], ...] = ()

    @property
    def periods(self) -> int:
        """Periods of all rows, in one run."""
        of_accounts = sum(len(plan.excess) for _, plan in self.accounts)
        return of_accounts + sum(rows.size for rows, _ in self.channels)

    def answer(self, kernels: ModuleType, keys: Words) -> list[Any]:
        """All first alarms; by `plain` one run after the other."""
        if kernels is plain:
            return list(self._one_by_one([int(key) for key in keys]))
        accounts = [kernels.first_imbalances(keys, *each) for each in self.accounts]
        return accounts + [kernels.first_alarms(keys, *each) for each in self.channels]

    def _one_by_one(self, keys: list[int]) -> Iterator[Any]:
        for salt, plan in self.accounts:
            yield [plain.first_imbalance(key, salt, plan) for key in keys]
        for rows, salts in self.channels:
            limits, own = [tuple(row.tolist()) for row in rows], salts.tolist()
            yield [plain.first_alarms(key, limits, own) for key in keys]

    def draws(self, keys: Words) -> None:
        """As many draws as numpy makes, by compiled code, and nothing else."""
        for _, plan in self.accounts:
            looked_up(keys, len(plan.steps), vectorised.table())
        for rows, _ in self.channels:
            drawn(keys, rows.size)


def main() -> None:
    """Print what each implementation takes, the ratios, what bounds them, and the goals."""
    threads = numba.get_num_threads()
    for task in _tasks():
        for name, kernels in (("numpy", vectorised), ("compiled", compiled)):
            found = [each.tolist() for each in task.answer(kernels, KEYS[:PLAIN_RUNS])]
            alone = [
                [list(run) if isinstance(run, tuple) else run for run in each]
                for each in task.answer(plain, KEYS[:PLAIN_RUNS])
            ]
            assert found == alone, f"{name}: one arithmetic"
        numba.set_num_threads(1)
        ns = _taken(task)
        numba.set_num_threads(threads)
        for name in ("plain", "numpy", "compiled"):
            ratio = ns[name] / ns["compiled"]
            print(f"{task.name}: {name:<10} {ns[name]:9.3f} ns a period, {ratio:7.1f} x compiled")
        wanted = (("numpy", FASTER_THAN_NUMPY), ("plain", FASTER_THAN_PLAIN))
        met = " and ".join(
            f"{goal:g} x {name} {'met' if ns[name] >= goal * ns['compiled'] else 'NOT met'}"
            for name, goal in wanted
        )
        draws, most = ns["draws"], ns["numpy"] / ns["draws"]
        print(f"{task.name}: {met}; a draw takes {draws:.3f} ns, so at most {most:.1f} x numpy")


def _tasks() -> Iterator[Task]:
    salts = [plain.salt_of(f"lab-{number}", "power") for number in range(LABS)]
    for what, hidden in (("one hides 1 %", 0.01), ("all keep the rules", 0.0)):
        plans = [_plan(hidden if number == 0 else 0.0) for number in range(LABS)]
        yield Task(name=f"power accounts, {what}", accounts=tuple(zip(salts, plans, strict=True)))
    rows = np.array([plain.thresholds([1e-3] * PERIODS)] * LABS, dtype=np.uint64)
    yield Task(name="channels", channels=((rows, np.array(salts, dtype=np.uint64)),))
    asked = _asked("e05-caught")
    yield Task(name="e05-caught, power accounts", accounts=asked.accounts)
    yield Task(name="e05-caught, channels", channels=asked.channels)


def _plan(hidden: float) -> plain.BalancePlan:
    excess = [hidden / (1.0 - hidden) if at >= 100 else 0.0 for at in range(PERIODS)]
    return plain.BalancePlan(
        excess=tuple(excess),
        first=4,
        error=MeterError(random_ppm=10_000, systematic_ppm=3_000),
        every=13,
        limits=rules.SERIES,
    )


def _asked(name: str) -> Task:
    """All that the measurement of a scenario asks of the kernels."""
    accounts, channels = list[tuple[int, plain.BalancePlan]](), list[tuple[Words, Words]]()

    class Noted(ModuleType):
        @staticmethod
        def first_imbalances(keys: Words, salt: int, plan: plain.BalancePlan) -> Any:
            accounts.append((salt, plan))
            return vectorised.first_imbalances(keys, salt, plan)

        @staticmethod
        def first_alarms(keys: Words, rows: Words, salts: Words) -> Any:
            channels.append((rows, salts))
            return vectorised.first_alarms(keys, rows, salts)

    with patch.object(kernel, "best", lambda: Noted("noted")):
        measure_by_kernel(read_scenario(EVASIONS / f"{name}.yaml"), 10, goal_days=90.0)
    return Task(name=name, accounts=tuple(accounts), channels=tuple(channels))


def _taken(task: Task) -> dict[str, float]:
    """Nanoseconds a period of a row and a run, by implementation."""
    named: dict[str, tuple[Callable[[Words], object], int]] = {
        "plain": (lambda keys: task.answer(plain, keys), PLAIN_RUNS),
        "numpy": (lambda keys: task.answer(vectorised, keys), RUNS),
        "compiled": (lambda keys: task.answer(compiled, keys), RUNS),
        "draws": (task.draws, RUNS),
    }
    task.draws(KEYS[:1])
    rounds: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(ROUNDS):
        for name, (work, runs) in named.items():
            keys = KEYS[:runs]
            begun = time.process_time()
            work(keys)
            spent = time.process_time() - begun
            rounds[name].append(spent / (runs * task.periods) * 1e9)
    return {name: statistics.median(found) for name, found in rounds.items()}


if __name__ == "__main__":
    main()
