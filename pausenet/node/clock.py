"""Network time: `time_zero + speed x elapsed`, the same for every node (protocol.md 4.4).

The wall clock is asked once, at start, for how long the network has been up; from then on a
monotonic clock counts, so that a stepped wall clock moves nothing. What was handed out is
remembered in a small file: no start goes back behind it. A network whose samples end has an end
too: from there on its time stands still, and nothing more falls due of anybody.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from pausenet.errors import NodeError
from pausenet.node.store.mark import Mark
from pausenet.values import INTEGER_MAX, NetworkTime

_NANOSECONDS: Final = 1_000_000_000


class NetworkClock:
    """Whole seconds of network time, never decreasing, not over restarts either.

    `started_at` is the Unix time of the network's real start and `time_zero` the network time
    of that moment; before it, time stands at `time_zero`, and from `stands_at` on at that.
    Raises `NodeError` where the network has not been started or its time would leave the range
    of a statement.
    """

    def __init__(
        self,
        *,
        started_at: int,
        time_zero: NetworkTime,
        speed: int,
        floor: Mark,
        stands_at: NetworkTime | None = None,
        wall_ns: Callable[[], int] = time.time_ns,
        steady_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        if started_at <= 0:
            raise NodeError("the network has no start yet: it has not been brought up")
        if speed < 1:
            raise NodeError(f"clock: expected a speed of at least 1, found {speed}")
        self._zero, self._speed, self._floor, self._steady_ns = time_zero, speed, floor, steady_ns
        self._stands_at = INTEGER_MAX if stands_at is None else int(stands_at)
        self._up_ns = wall_ns() - started_at * _NANOSECONDS
        self._anchor_ns = steady_ns()
        self._last = max(int(time_zero), floor.value)

    def now(self) -> NetworkTime:
        """The time now."""
        elapsed_ns = max(0, self._up_ns + self._steady_ns() - self._anchor_ns)
        found = self._zero + self._speed * elapsed_ns // _NANOSECONDS
        if found > INTEGER_MAX and self._stands_at == INTEGER_MAX:
            raise NodeError(f"clock: network time {found} is out of range")
        self._last = max(self._last, min(found, self._stands_at))
        return NetworkTime(self._last)

    def seconds_until(self, at: NetworkTime) -> float:
        """How many real seconds until network time reaches `at`; 0.0 where it has, inf if never."""
        if at > self._stands_at:
            return math.inf
        elapsed_ns = self._up_ns + self._steady_ns() - self._anchor_ns
        wanted_ns = -(-(at - self._zero) * _NANOSECONDS // self._speed)
        return max(0, wanted_ns - elapsed_ns) / _NANOSECONDS

    def remember(self) -> None:
        """Write down the last time handed out, before anything that carries it leaves."""
        self._floor.set(self._last)
