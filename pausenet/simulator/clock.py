"""A node's clock: an offset and a drift that together stay within half of epsilon.

Any two nodes then differ by epsilon at most, as the register says of honest clocks.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from pausenet.values import NetworkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Shows `true + offset + drift`, where the drift grows from 0 to `drift_s` over `span_s`.

    It never shows less than `floor`: a node's clock does not go back over a restart.
    """

    start: NetworkTime
    offset_s: int = 0
    drift_s: int = 0
    span_s: int = 1
    floor: NetworkTime = NetworkTime(0)  # noqa: RUF009  # an immutable number

    def shows(self, true: int) -> NetworkTime:
        """What this clock shows at a moment of true time."""
        return NetworkTime(max(self.floor, self._shows(true)))

    def stepped(self, now: int, offset_s: int) -> Clock:
        """The same clock with another offset from this moment of true time on."""
        return replace(self, offset_s=offset_s, floor=self.shows(now))

    def moment(self, shown: int) -> int:
        """The first true second at which the clock shows this or later, or one long past."""
        guess = shown - self.offset_s
        true = guess - (self._shows(guess) - shown)
        while self._shows(true) < shown:
            true += 1
        while self._shows(true - 1) >= shown:
            true -= 1
        return true

    def _shows(self, true: int) -> int:
        if not self.drift_s:
            return true + self.offset_s
        elapsed = min(max(true - self.start, 0), self.span_s)
        return true + self.offset_s + self.drift_s * elapsed // self.span_s


def draw_clock(chance: random.Random, *, start: NetworkTime, span_s: int, epsilon_s: int) -> Clock:
    """Draw an honest node's clock."""
    quarter = epsilon_s // 4
    return Clock(
        start=start,
        offset_s=chance.randint(-quarter, quarter),
        drift_s=chance.randint(-quarter, quarter),
        span_s=span_s,
    )
