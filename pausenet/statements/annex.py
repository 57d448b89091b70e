"""The verification annex: what an agreement is watched with (protocol.md 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pausenet.statements.forms import (
    PERIODS_MAX,
    PPM,
    Many,
    Maybe,
    Part,
    Record,
    Whole,
    Word,
    holds,
)
from pausenet.values import ParticipantId, WattHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Record):
    """A meter that reads one party."""

    meter: Annotated[ParticipantId, Word(ParticipantId)]
    party: Annotated[ParticipantId, Word(ParticipantId)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerChannel(Record):
    """A power meter of its own independence group reads every party's energy each period.

    `random_ppm` is the relative standard deviation of one reading, `systematic_ppm` that of the
    calibration, which lasts `calibration_periods`, counted from period 0; with 0 it lasts for
    ever. `strategic_wh` is the energy of one strategic quantity, for which the power of
    the test is stated.
    """

    random_ppm: Annotated[int, Whole(0, PPM)]
    systematic_ppm: Annotated[int, Whole(0, PPM)]
    strategic_wh: Annotated[WattHours, Whole(of=WattHours)]
    calibration_periods: Annotated[int, Whole(0, PERIODS_MAX)] = 0

    def hold(self) -> None:
        """A meter without error is no meter."""
        holds(self.random_ppm + self.systematic_ppm > 0, "power channel: no error stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex(Record):
    """Channels, the required power channel if there is one, and how much is inspected.

    The baseline inspection ends `baseline_periods` after the agreement begins to bind;
    `sample_quota` job records are drawn in each period over all verifiers, and each site is
    inspected at short notice with the probability `sample_ppm` a period.
    """

    channels: Annotated[
        tuple[Channel, ...], Many(Part(Channel), 0, 256, lambda channel: channel.meter)
    ]
    power: Annotated[PowerChannel | None, Maybe(PowerChannel)]
    baseline_periods: Annotated[int, Whole(0, PERIODS_MAX)] = 0
    sample_quota: Annotated[int, Whole(0, 10_000_000)] = 0
    sample_ppm: Annotated[int, Whole(0, PPM)] = 0
