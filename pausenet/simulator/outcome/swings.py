"""What would change a conclusion: each assumption alone at the ends of its range, by kernels.

Every parameter of a channel or an evasion has a range, with a source or as an assumption; a rate
of false alarms and a meter's errors are halved and doubled. All are measured over the same seeds
(common random numbers), so that what two ends differ by is the parameter's doing far more than
chance. One at a time misses what two do together: it ranks assumptions and bounds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import MICRO, Setting
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.channels import channel
from pausenet.simulator.drawing import drawn
from pausenet.simulator.outcome.kernel import KernelMeasured, measure_by_kernel
from pausenet.simulator.outcome.rows import Cell
from pausenet.statements.clauses import PPM
from pausenet.values import ParticipantId

SWING_COLUMNS: Final[Mapping[str, str]] = {
    "party": "who evades",
    "parameter": "what is varied alone: `satellite.coverage`, `E06.accelerators`, `meters.random`",
    "unit": "its unit",
    "value": "its value in this scenario",
    "low": "the lower end of its range",
    "high": "the upper end of its range",
    "share": "runs with a detection within the goal, as it stands",
    "share_at_low": "the same at the lower end; empty where the model refuses it, or a budget",
    "share_at_high": "the same at the upper end; empty where the model refuses it, or a budget",
    "false_at_low": "false alarms a lab-year at the lower end, or empty",
    "false_at_high": "false alarms a lab-year at the upper end, or empty",
    "swing": "what the shares differ by at most: the rows stand in its order",
}
"""The columns of `swings.csv`, and what each says."""
RUNS_MAX: Final = 2_000
_DIGITS: Final = 6
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One parameter of a scenario: its value, its range, and how to set it."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    turned: Callable[[float], Scenario]


def swing_rows(scenario: Scenario, *, runs: int, goal_days: float) -> list[dict[str, Cell]]:
    """One row for each evader and parameter, what matters most first.

    Where the scenario gives intervals it is varied around the numbers of the run of its own seed.
    """
    scenario = drawn(scenario, scenario.seed)
    size = min(runs, RUNS_MAX)
    base = measure_by_kernel(scenario, size, goal_days=goal_days)
    if not base.evasions:
        return []
    rows = []
    for knob in knobs(scenario):
        ends = [_measured(knob, value, size, goal_days, base) for value in (knob.low, knob.high)]
        rows += [_row(each.party, knob, base, ends) for each in base.evasions]
    return sorted(
        rows, key=lambda row: (str(row["party"]), -float(row["swing"]), str(row["parameter"]))
    )


def knobs(scenario: Scenario) -> Iterator[Knob]:
    """Every parameter that a kernel reckons with and that has a range."""
    for at, plan in enumerate(scenario.channels):

        def rated(value: float, at: int = at) -> Scenario:
            changed = replace(scenario.channels[at], false_alarms_ppm=round(value * PPM))
            return replace(scenario, channels=_with(scenario.channels, at, changed))

        rate = plan.false_alarms_ppm / PPM
        yield Knob(
            name=f"{plan.kind}.false_alarms",
            unit="in a year",
            value=rate,
            low=rate / 2.0,
            high=min(1.0, rate * 2.0),
            turned=rated,
        )
        for name, figure in channel(plan.kind).parameters.items():

            def tuned(value: float, at: int = at, name: str = name) -> Scenario:
                plan = scenario.channels[at]
                changed = replace(plan, settings=_set(plan.settings, name, value))
                return replace(scenario, channels=_with(scenario.channels, at, changed))

            yield from _knob(f"{plan.kind}.{name}", figure, plan.settings, name, tuned)
    kinds = Counter(plan.kind for plan in scenario.evasions)
    for at, plan_of in enumerate(scenario.evasions):
        label = str(plan_of.kind) if kinds[plan_of.kind] == 1 else f"{plan_of.by}.{plan_of.kind}"
        for name, figure in evasion(plan_of.kind).parameters.items():

            def chosen(value: float, at: int = at, name: str = name) -> Scenario:
                plan = scenario.evasions[at]
                changed = replace(plan, settings=_set(plan.settings, name, value))
                return replace(scenario, evasions=_with(scenario.evasions, at, changed))

            yield from _knob(f"{label}.{name}", figure, plan_of.settings, name, chosen)
    yield from _meters(scenario)


def _meters(scenario: Scenario) -> Iterator[Knob]:
    for name in ("random_ppm", "systematic_ppm"):
        ppm = getattr(scenario.meters, name)

        def erring(value: float, name: str = name) -> Scenario:
            return replace(scenario, meters=replace(scenario.meters, **{name: round(value * PPM)}))

        if ppm:
            yield Knob(
                name=f"meters.{name.removesuffix('_ppm')}",
                unit="relative",
                value=ppm / PPM,
                low=ppm / PPM / 2.0,
                high=min(1.0, 2.0 * ppm / PPM),
                turned=erring,
            )


def _knob(
    label: str,
    figure: Figure,
    settings: Iterable[Setting],
    name: str,
    turned: Callable[[float], Scenario],
) -> Iterator[Knob]:
    """The knob of a figure; none where it has no range. A chosen value widens the range."""
    chosen = [each.micro / MICRO for each in settings if each.name == name]
    value = chosen[0] if chosen else figure.value
    low, high = min(figure.low, value), max(figure.high, value)
    if low < high:
        yield Knob(name=label, unit=figure.unit, value=value, low=low, high=high, turned=turned)


def _measured(
    knob: Knob, value: float, runs: int, goal_days: float, base: KernelMeasured
) -> tuple[KernelMeasured, ...]:
    """The measurement at one end; none where the model refuses it, or who evades cannot pay."""
    if value == knob.value:
        return (base,)
    try:
        return (measure_by_kernel(knob.turned(value), runs, goal_days=goal_days),)
    except Misuse:
        return ()


def _row(
    party: ParticipantId,
    knob: Knob,
    base: KernelMeasured,
    ends: list[tuple[KernelMeasured, ...]],
) -> dict[str, Cell]:
    at_low, at_high = (tuple(_share(party, one) for one in end) for end in ends)
    shares = [_share(party, base), *at_low, *at_high]
    false = [tuple(_false(one) for one in end) for end in ends]
    row: dict[str, Cell] = {
        "party": party,
        "parameter": knob.name,
        "unit": knob.unit,
        "value": round(knob.value, _DIGITS),
        "low": round(knob.low, _DIGITS),
        "high": round(knob.high, _DIGITS),
        "share": shares[0],
        "share_at_low": at_low[0] if at_low else "",
        "share_at_high": at_high[0] if at_high else "",
        "false_at_low": false[0][0] if false[0] else "",
        "false_at_high": false[1][0] if false[1] else "",
        "swing": round(max(shares) - min(shares), _DIGITS),
    }
    assert row.keys() == SWING_COLUMNS.keys(), "every column is documented"
    return row


def _share(party: ParticipantId, found: KernelMeasured) -> float:
    (within,) = (each.within for each in found.evasions if each.party == party)
    return round(within.value, _DIGITS)


def _false(found: KernelMeasured) -> Cell:
    rate = found.false
    return round(rate.count / rate.exposure, _DIGITS) if rate.exposure else ""


def _set(settings: tuple[Setting, ...], name: str, value: float) -> tuple[Setting, ...]:
    kept = [each for each in settings if each.name != name]
    return (*kept, Setting(name=name, micro=round(value * MICRO)))


def _with(items: tuple[_T, ...], at: int, item: _T) -> tuple[_T, ...]:
    return (*items[:at], item, *items[at + 1 :])
