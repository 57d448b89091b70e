"""The few physical figures that tie occupied accelerators to operations and to energy.

One accelerator is an H100 SXM: 989.5 dense BF16 TFLOP/s, 700 W (domain.md 6.4). The power chain
from chip to IT load is server 1.53 x chip and IT 1.14 x server (domain.md 6.5). A utilisation
of the peak of 35 % while occupied and an idle draw of 12 % are modelling assumptions, the
latter from domain.md 6.5's range. What is counted is in integers, rounded up; what is reckoned of
shares is not counted.
"""

from __future__ import annotations

from typing import Final

from pausenet.values import INTEGER_MAX, AcceleratorSeconds, ParticipantId, Pflop, WattHours

ACCELERATOR: Final = ParticipantId("h100-sxm")
MICRO_PFLOP_S: Final = 989_500 * 35 // 100
"""Operations of one occupied accelerator in one second, in millionths of a petaFLOP."""
OCCUPIED_MW: Final = 700 * 1_53 * 1_14 // 10
"""IT power of one occupied accelerator, in milliwatts (1,220,940)."""
IDLE_MW: Final = OCCUPIED_MW * 12 // 100
"""IT power of one idle accelerator, in milliwatts."""
_MW_S_PER_WH: Final = 3_600_000


def pflop_of(occupied: AcceleratorSeconds) -> Pflop:
    """The operations of this much occupied time.

    >>> pflop_of(AcceleratorSeconds(1_000))
    347
    """
    return Pflop(_up(occupied * MICRO_PFLOP_S, 1_000_000))


def occupied_of(pflop: Pflop) -> AcceleratorSeconds:
    """The occupied time that this many operations take."""
    return AcceleratorSeconds(_up(pflop * 1_000_000, MICRO_PFLOP_S))


def energy_wh(occupied: AcceleratorSeconds, idle: AcceleratorSeconds) -> WattHours:
    """The IT energy of occupied and idle accelerators.

    >>> energy_wh(AcceleratorSeconds(3_600), AcceleratorSeconds(0))
    1221
    """
    return WattHours(_up(occupied * OCCUPIED_MW + idle * IDLE_MW, _MW_S_PER_WH))


def energy_wh_of(pflop: Pflop) -> WattHours:
    """The IT energy that this many operations take."""
    return energy_wh(occupied_of(pflop), AcceleratorSeconds(0))


def drawn_less(hidden: float, utilisation: float) -> float:
    """By what share the power falls if a share of the occupied time were idle instead.

    >>> round(drawn_less(0.2, 0.7), 3)
    0.167
    """
    occupied, idle = utilisation * OCCUPIED_MW, (1.0 - utilisation) * IDLE_MW
    return hidden * utilisation * (OCCUPIED_MW - IDLE_MW) / (occupied + idle)


def drawn_more(excess: float, utilisation: float) -> float:
    """By what share of the declared energy the power exceeds it, where use does by `excess`.

    Less than the use does: what is hidden is declared idle, and idle accelerators draw power.

    >>> round(drawn_more(0.25, 0.7), 3)
    0.201
    """
    less = drawn_less(excess / (1.0 + excess), utilisation)
    return less / (1.0 - less)


def pflop_about(energy: WattHours) -> Pflop:
    """The operations that take about this IT energy, to three significant figures.

    >>> pflop_about(energy_wh_of(Pflop(10**10)))
    10000000000
    """
    found = energy * _MW_S_PER_WH * MICRO_PFLOP_S // (OCCUPIED_MW * 1_000_000)
    unit = 10 ** max(0, len(str(found)) - 3)
    return Pflop(min((found + unit // 2) // unit * unit, INTEGER_MAX))


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
