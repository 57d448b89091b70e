"""The use account: compute is a flow that perishes, so nothing is carried over.

One period of one lab. Occupied time is in H100e-hours, operations in FLOP; a cap is in
operations, a meter sees occupied time at best, and between them stands the utilisation (MFU)
that the lab states. Three ways, each with its own instruments, estimate what was occupied:

    registry   sum over kinds of N_k a_k T, times H100e per chip           (capacity)
    power      (E_IT / (1.14 x 1.53) - E_idle) / (P u)                     (chip-hours)
    network    traffic / traffic of one busy chip-hour

    CUF = capacity - declared - idle - maintenance - failures     for the registry
    CUF = estimate - declared                                     for power and network

CUF is "compute unaccounted for" (domain.md 2.1, after MUF). The three are compared, never added:
they share the declaration. Over many periods use `account_covariance` and `sequential`.

| symbol | here | meaning | unit |
|---|---|---|---|
| N, a, T | `Fleet` | chips, share of time available, hours | chips, 1, h |
| E_IT | `energy` | energy of the hall's IT, PUE already divided out | Wh |
| E_idle | | idle chip-hours x idle power | Wh |
| P u | | design power x its share when busy | W |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.accounts.measured import (
    Measured,
    added,
    exact,
    product,
    quotient,
)
from pausenet.inference.accounts.unseen import Account, cannot_see
from pausenet.inference.arrays import Floats
from pausenet.inference.detection import detection_probability
from pausenet.inference.meters import (
    IT_OVER_SERVER,
    PEAK,
    POWER,
    SERVER_OVER_CHIP,
    ChipKind,
    h100_equivalents,
)
from pausenet.inference.normal import upper_quantile

_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Chips of one kind over one period: how many, for how long, what share of it available."""

    kind: ChipKind
    chips: Measured
    hours: float
    availability: Measured

    def __post_init__(self) -> None:
        if not (self.chips.value >= 0.0 and self.hours > 0.0 and self.availability.value >= 0.0):
            raise Misuse("Fleet: expected hours above 0, and chips and availability from 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a lab says of one period, in H100e-hours; its own figures, without error of ours."""

    used: float
    idle: float
    maintenance: float
    failures: float

    def __post_init__(self) -> None:
        if min(self.used, self.idle, self.maintenance, self.failures) < 0.0:
            raise Misuse("Declared: expected hours from 0")


def capacity(fleets: Sequence[Fleet]) -> Measured:
    """The registry's way: what all chips could have done, in H100e-hours."""
    return added(
        product(fleet.chips, fleet.availability).scaled(fleet.hours * h100_equivalents(fleet.kind))
        for fleet in fleets
    )


def by_power(
    energy: Measured, kind: ChipKind, idle_hours: Measured, idle_share: Measured, busy: Measured
) -> Measured:
    """The meter's way: busy H100e-hours of one kind of chip, from the energy of its hall.

    The chain from chip to hall is a published figure without a stated error and is taken as exact;
    an error of it would be one systematic error of all periods, and belongs into that of `energy`.

    1. Chip energy is E_IT over the chain from chip to hall. 2. Less what idle chips draw. 3. Over
    the power of a busy chip.
    """
    # 1.
    chips = energy.scaled(1.0 / (IT_OVER_SERVER.value * SERVER_OVER_CHIP.value))
    # 2.
    watts = POWER[kind].value
    idle = product(idle_hours, idle_share).scaled(-watts)
    # 3.
    hours = quotient(added((chips, idle)), busy.scaled(watts))
    return hours.scaled(h100_equivalents(kind))


def by_network(traffic: Measured, of_a_busy_hour: Measured) -> Measured:
    """The tap's way: H100e-hours from traffic, given what one busy H100e-hour sends."""
    return quotient(traffic, of_a_busy_hour)


def cuf_of_capacity(found: Measured, declared: Declared) -> Measured:
    """The registry's balance: capacity that is neither declared used nor explained."""
    explained = declared.used + declared.idle + declared.maintenance + declared.failures
    return added((found, exact(-explained)))


def cuf_of_use(found: Measured, declared: Declared) -> Measured:
    """The balance of power or network: occupied time that was not declared."""
    return added((found, exact(-declared.used)))


def operations(occupied: Measured, utilisation: Measured) -> Measured:
    """FLOP from occupied H100e-hours and the utilisation; its error enters as it is."""
    peak = PEAK[ChipKind.H100_SXM].value
    return product(occupied, utilisation).scaled(peak * _SECONDS)


def account_covariance(
    channels: Sequence[Sequence[Measured]], calibrations: Sequence[Sequence[int]]
) -> Floats:
    """The covariance of a sequence of CUF, shape (n, n), from each channel's measured terms.

    A channel is one instrument over all n periods; while one calibration lasts its systematic
    errors are one error, felt with the same sign in every period. Channels are independent.
    """
    if len(channels) != len(calibrations) or not channels:
        raise Misuse("account_covariance: expected the calibrations of every channel")
    count = len(channels[0])
    total = np.zeros((count, count))
    for channel, names in zip(channels, calibrations, strict=True):
        if len(channel) != count or len(names) != count:
            raise Misuse(f"account_covariance: expected {count} periods in every channel")
        shared = np.asarray(names)[:, np.newaxis] == np.asarray(names)
        systematic = np.array([amount.systematic for amount in channel])
        total += np.where(shared, np.outer(systematic, systematic), 0.0)
        total += np.diag([amount.random**2 for amount in channel])
    return total


def report(
    balances: Sequence[tuple[str, Measured]], *, quantity: float, alpha: float
) -> tuple[str, ...]:
    """The use account in lines: each way's balance, its test, and what none of them can see.

    `quantity` is the amount whose detection is asked for, in the balances' unit (say outside
    whether it is the legal threshold or the strategic quantity). `alpha` is the rate of each way's
    one-sided test by itself: that one of several alarms falsely is up to as many times as likely.
    """
    threshold = upper_quantile(alpha)
    lines = []
    for way, balance in balances:
        if balance.sigma == 0.0:
            raise Misuse(f"report: expected an error of {way}, found none")
        sigmas = balance.value / balance.sigma
        found = detection_probability(quantity / balance.sigma, alpha)
        lines.append(
            f"{way}: CUF {balance.value:.3g}, sigma {balance.sigma:.3g}, {sigmas:.2f} sigmas; "
            f"alarm above {threshold:.2f} at false-alarm rate {alpha:.2g}: "
            f"{'alarm' if sigmas > threshold else 'no alarm'}; "
            f"finds {quantity:.3g} with probability {found:.2f}"
        )
    return (*lines, *cannot_see(Account.USE))
