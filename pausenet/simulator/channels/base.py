"""What every channel outside the protocol has in common.

A channel senses one kind of trace of one lab. In each period it makes one test, whose false-alarm
rate is set beforehand so that over a year it alarms about a lab without a trace with the chance
that the scenario states. `chances` is the chance of its first alarm in each period if it has not
alarmed before: all that the simulator draws from, at either fidelity. Where a test has a memory,
the chances say so; none looks at more than its own lab's traces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure, Standing
from pausenet.scenario.evasions import MICRO, ChannelKind, Setting
from pausenet.scenario.physics import MICRO_PFLOP_S
from pausenet.scenario.plan import DAY_S, LabPlan, MeterErrors
from pausenet.simulator.traces import Costs, Trace
from pausenet.statements.clauses import PPM

YEAR_DAYS: Final = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One lab under one channel: its settings, the fleet, the course of time.

    `fleet` is how many accelerators it declares in each period, where that changes. `alpha` is
    the false-alarm rate of one period's test. `meters` is how the scenario's power meters err.
    """

    values: Mapping[str, float]
    alpha: float
    lab: LabPlan
    periods: int
    period_days: float
    meters: MeterErrors = field(default_factory=MeterErrors)
    fleet: tuple[int, ...] = ()

    def declared(self, period: int) -> int:
        """How many accelerators the lab declares in a period."""
        return self.fleet[period] if self.fleet else self.lab.accelerators


Magnitudes: TypeAlias = Sequence[float]
Chances: TypeAlias = Callable[[Watched, Magnitudes], tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelModel:
    """A kind of channel.

    `controls` names who controls sensor, key or declaration: channels that share one are one
    independence group. `chances` takes the magnitudes of its trace, by period. `factor` is a
    trace that weakens this channel: a share by which its magnitudes are reduced. `delay_days` is
    how long after the period's end its word comes.
    """

    kind: ChannelKind
    title: str
    senses: Trace
    controls: frozenset[str]
    parameters: Mapping[str, Figure]
    chances: Chances
    costs: Callable[[Watched], Costs]
    cannot_see: str
    weakened_by: Trace | None = None
    delay_days: float = 0.0

    @property
    def units(self) -> Mapping[str, str]:
        """The settings that a scenario may choose, with their units."""
        return {name: figure.unit for name, figure in self.parameters.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How time runs in a scenario, for evasions and channels."""

    periods: int
    period_s: int

    @property
    def period_days(self) -> float:
        """A period's length in days."""
        return self.period_s / DAY_S

    def during(self, value: float, start: int, until: int | None) -> tuple[float, ...]:
        """A magnitude that stands from one period until another, and is 0 elsewhere."""
        end = self.periods if until is None else until
        return tuple(value if start <= at < end else 0.0 for at in range(self.periods))

    def once(self, value: float, at: int) -> tuple[float, ...]:
        """A magnitude of one period alone."""
        return self.during(value, at, at + 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values of all parameters of a kind: the figures' own, or those that were chosen."""

    values: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, known: Mapping[str, Figure], settings: Sequence[Setting]) -> Chosen:
        """Raises `Misuse` for a setting that the kind does not have."""
        values = {name: figure.value for name, figure in known.items()}
        for setting in settings:
            if setting.name not in values:
                has = ", ".join(known) or "none"
                raise Misuse(f"{kind}: unknown setting {setting.name!r:.80}; it has {has}")
            values[setting.name] = setting.micro / MICRO
        return cls(values)


def alpha_of(false_alarms_ppm: int, *, period_days: float) -> float:
    """The rate of one period's test that makes this chance of a false alarm in a year.

    >>> round(1 - (1 - alpha_of(50_000, period_days=365 / 52)) ** 52, 6)
    0.05
    """
    kept: float = (1.0 - false_alarms_ppm / PPM) ** (period_days / YEAR_DAYS)
    return 1.0 - kept


def assumed(value: float, unit: str, why: str, *, low: float = -1.0, high: float = -1.0) -> Figure:
    """A modelling assumption, with the range that it might have."""
    return _figure(value, unit, Standing.ASSUMPTION, why, low, high)


def sourced(
    value: float, unit: str, where: str, *, low: float = -1.0, high: float = -1.0
) -> Figure:
    """A number that stands in the source named."""
    return _figure(value, unit, Standing.SOURCE, where, low, high)


def derived(value: float, unit: str, how: str, *, low: float = -1.0, high: float = -1.0) -> Figure:
    """A number reckoned from others."""
    return _figure(value, unit, Standing.DERIVED, how, low, high)


def _figure(
    value: float, unit: str, standing: Standing, basis: str, low: float, high: float
) -> Figure:
    return Figure(
        value=value,
        low=value if low < 0.0 else low,
        high=value if high < 0.0 else high,
        unit=unit,
        standing=standing,
        basis=basis,
    )


def each_period(
    power: Callable[[float], float], watched: Watched, magnitudes: Magnitudes
) -> tuple[float, ...]:
    """Independent tests: `power` of each period's magnitude, and alpha where there is none."""
    known: dict[float, float] = {0.0: watched.alpha}
    for value in magnitudes:
        if value not in known:
            known[value] = min(1.0, max(watched.alpha, power(value)))
    return tuple(known[value] for value in magnitudes)


def each_fleet(
    power: Callable[[float, int], float], watched: Watched, magnitudes: Magnitudes
) -> tuple[float, ...]:
    """As `each_period`, for tests whose power depends on how many accelerators are declared too."""
    found, known = [], dict[tuple[float, int], float]()
    for at, value in enumerate(magnitudes):
        place = (value, watched.declared(at))
        if value != 0.0 and place not in known:
            known[place] = min(1.0, max(watched.alpha, power(*place)))
        found.append(known.get(place, watched.alpha))
    return tuple(found)


def daily_flop(accelerators: float) -> float:
    """What so many occupied H100-equivalents compute in a day, in FLOP (`scenario.physics`)."""
    return accelerators * MICRO_PFLOP_S * 1e9 * DAY_S
