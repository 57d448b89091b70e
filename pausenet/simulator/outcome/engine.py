"""Many replications on several processors; what comes out does not depend on how many.

Each replication depends on the scenario and its number alone, so that the order in which they are
done changes nothing. Workers are spawned, never forked: they begin with nothing of this process.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from pausenet.errors import NodeError
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.replication import Replication, replicate

_scenario: list[Scenario] = []


class Engine:
    """Makes replications of one scenario with so many processes; one makes them right here.

    Leave it by its `with` block: an exception there, Ctrl-C too, ends the workers at once.
    """

    def __init__(self, scenario: Scenario, *, jobs: int) -> None:
        self._scenario, self._jobs = scenario, jobs
        self._pool: list[ProcessPoolExecutor] = []
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pool:
            if kind is not None:
                for child in set(multiprocessing.active_children()) - self._others:
                    child.terminate()
            pool.shutdown(wait=True, cancel_futures=True)
        self._pool.clear()

    def run(self, numbers: Iterable[int]) -> Iterator[Replication]:
        """The replications of these numbers, each as soon as it is done, in any order.

        Raises `NodeError` where a worker ends by itself.
        """
        wanted = list(numbers)
        if self._jobs == 1 or not wanted:
            for number in wanted:
                yield replicate(self._scenario, number)
            return
        if not self._pool:
            self._pool.append(
                ProcessPoolExecutor(
                    max_workers=self._jobs,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_begin,
                    initargs=(self._scenario,),
                )
            )
        try:
            futures = [self._pool[0].submit(_replicate, number) for number in wanted]
            for done in as_completed(futures):
                yield done.result()
        except BrokenProcessPool as error:
            raise NodeError(f"a worker process has ended by itself: {error}") from error


def _begin(scenario: Scenario) -> None:
    """Prepare a worker: its scenario, and Ctrl-C left to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _scenario[:] = [scenario]


def _replicate(number: int) -> Replication:
    return replicate(_scenario[0], number)
