"""Evasions and the channels outside the protocol that may see them, as a scenario plans them.

What an evasion does and what a channel sees is the simulator's business
(`simulator.adversary.evasions`, `simulator.channels`). Here stand only their names, who uses them
when, and the settings that a scenario chooses; a `Catalogue` says which settings there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pausenet.scenario.intervals import check_ends
from pausenet.scenario.mishaps import check
from pausenet.scenario.shares import share
from pausenet.values import ParticipantId, PeriodIndex

if TYPE_CHECKING:
    from pausenet.scenario.plan import Scenario

MICRO: Final = 1_000_000
"""Settings are whole millionths of their unit, so that a scenario holds no float."""
FALSE_ALARMS_PPM_DEFAULT: Final = 50_000
SETTING_MAX: Final = 10**9


class EvasionKind(StrEnum):
    """The evasions of the design document's table (domain.md 3), by their numbers there."""

    E01 = "E01"
    E02 = "E02"
    E03 = "E03"
    E04 = "E04"
    E05 = "E05"
    E06 = "E06"
    E07 = "E07"
    E08 = "E08"
    E09 = "E09"
    E10 = "E10"
    E11 = "E11"
    E12 = "E12"
    E13 = "E13"
    E14 = "E14"
    E15 = "E15"
    E16 = "E16"
    E17 = "E17"
    E18 = "E18"
    E19 = "E19"
    E20 = "E20"
    E21 = "E21"
    E22 = "E22"
    E23 = "E23"


class ChannelKind(StrEnum):
    """What watches labs from outside the protocol; `simulator.channels` describes each."""

    CLASSIFIER = "classifier"
    RECOMPUTE = "recompute"
    RATIOS = "ratios"
    FORMATS = "formats"
    EGRESS = "egress"
    LINEAGE = "lineage"
    BUNCHING = "bunching"
    BASELINE = "baseline"
    LONG_BALANCE = "long-balance"
    SATELLITE = "satellite"
    GRID = "grid"
    PURCHASES = "purchases"
    SYNC_TRAFFIC = "sync-traffic"
    SHIPMENTS = "shipments"
    ITEM_CHALLENGES = "item-challenges"
    SECOND_METER = "second-meter"
    NOTICE_WATCH = "notice-watch"
    CLOUD_RECORDS = "cloud-records"
    CAPABILITY = "capability"
    WEIGHT_REGISTRY = "weight-registry"
    INSIDERS = "insiders"
    GAPS = "gaps"
    ANCHORS = "anchors"
    SEALS = "seals"
    PAIRED_INDICATORS = "paired-indicators"
    APPRAISER_AUDIT = "appraiser-audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One chosen value, in millionths of the unit that its parameter has."""

    name: str
    micro: int

    def __post_init__(self) -> None:
        check_ends(self)
        fits = 0 <= self.micro <= SETTING_MAX * MICRO
        check(fits, f"{self.name}: expected 0 to {SETTING_MAX}", self.micro)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvasionPlan:
    """A lab evades in this way from one period until (not including) another, or to the end."""

    by: ParticipantId
    kind: EvasionKind
    start: PeriodIndex
    until: PeriodIndex | None = None
    settings: tuple[Setting, ...] = ()

    def __post_init__(self) -> None:
        check(self.until is None or self.start < self.until, "until: not after from", self.until)
        _check_once(self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """A channel watches every lab.

    `false_alarms_ppm` is the chance that it alarms at least once in a year about a lab that gives
    it nothing to see.
    """

    kind: ChannelKind
    false_alarms_ppm: int = FALSE_ALARMS_PPM_DEFAULT
    settings: tuple[Setting, ...] = ()

    def __post_init__(self) -> None:
        share(self.false_alarms_ppm, "false_alarms")
        _check_once(self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The settings that each evasion and each channel has, with the unit of each.

    `overspent` names the labs of a scenario, by number, that evade for more than their budget, each
    with a sentence that says so.
    """

    evasions: Mapping[EvasionKind, Mapping[str, str]]
    channels: Mapping[ChannelKind, Mapping[str, str]]
    overspent: Callable[[Scenario], Iterable[tuple[int, str]]]


def _check_once(settings: tuple[Setting, ...]) -> None:
    names = [setting.name for setting in settings]
    doubled = sorted({name for name in names if names.count(name) > 1})
    check(not doubled, "with: stated twice", doubled)
