"""One instrument that measures period after period, and whose calibration errs the same each time.

Reading t is m_t + s + r_t with m_t the trace, s normal and drawn once, r_t normal and drawn anew;
an alarm is raised above z sigmas of both together, z at one period's false-alarm rate. Given s the
readings are independent, so that

    P(no alarm by t) = E_s prod_(i <= t) Phi((z sigma - m_i - s) / r)

is an integral over one number. What is left of the chance falls from period to period: an
instrument that has overlooked something so far probably errs in its favour.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.inference.normal import below, density, upper_quantile
from pausenet.simulator.channels.base import Magnitudes, Watched

_REACH: Final = 8.0
_STEPS: Final = 160


def calibrated(
    watched: Watched, magnitudes: Magnitudes, *, random: float, systematic: float
) -> tuple[float, ...]:
    """The chance of the first alarm in each period, given none before, with a random error above 0.

    Where there is no trace it is the stated rate, which is a little more than such an instrument
    alarms: its false alarms come together.
    """
    limit = upper_quantile(watched.alpha) * math.hypot(random, systematic)
    width = 2.0 * _REACH / _STEPS
    points = [-_REACH + width * step for step in range(_STEPS + 1)]
    masses = [width * density(point) for point in points]
    before, chances = math.fsum(masses), []
    for trace in magnitudes:
        masses = [
            mass * below((limit - trace - systematic * point) / random)
            for mass, point in zip(masses, points, strict=True)
        ]
        quiet = math.fsum(masses)
        hazard = 1.0 - quiet / before if before > 0.0 else 1.0
        chances.append(min(1.0, max(watched.alpha, hazard)) if trace else watched.alpha)
        before = quiet
    return tuple(chances)
