"""Two regimes side by side: one sentence, a small table, and how their scenarios differ."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Final

from pausenet.cli.ending import NOT_COUNTED
from pausenet.cli.measured_words import chance_text, interval_text
from pausenet.results.compared import Compared, Difference, EvaderCompared
from pausenet.simulator.outcome import Quantile
from pausenet.simulator.outcome.cost import Cost
from pausenet.simulator.paid import about_money
from pausenet.statements.canonical import Json

SCHEMA: Final = "pausenet/comparison/v1"
_CHARS: Final = 60
_DIFFERENCES_MAX: Final = 12
_UNITS: Final = (
    "H100-hours a year",
    "people",
    "inspector-days a year",
    "instruments",
    "visits and queries a year",
)
"""What the amounts of `Costs` are, in their order."""


def compared_sentence(found: Compared) -> str:
    """How the second regime differs from the first, in one plain sentence."""
    names = f"{found.second.scenario.name} than under {found.first.scenario.name}"
    parts = [_evader(each, found, names) for each in found.evaders]
    parts += [_false(each) for each in found.false_alarms]
    parts.append(_cost(found))
    text = f"{'; '.join(parts)}."
    if not found.same_evasion:
        text += " The evasion itself is another too: this is not a difference of regimes alone."
    return text


def compared_lines(found: Compared) -> Iterator[str]:
    """The numbers of both, what they differ by, and how their scenarios differ."""
    first, second = found.first, found.second
    yield ""
    yield f"  {'':<44} {'A: ' + first.scenario.name:<26} {'B: ' + second.scenario.name}"
    yield f"  {'runs':<44} {first.runs:<26} {second.runs}"
    for each in found.evaders:
        within = each.within
        name = f"{each.party}: detected within {first.goal_days:g} days"
        yield f"  {name:<44} {chance_text(within.first):<26} {chance_text(within.second)}"
        yield f"  {'  B less A, percentage points':<44} {_points(within)}"
        one, other = (_days(each) for each in each.delays)
        yield f"  {'  median delay, days':<44} {one:<26} {other}"
        before, after = (_number(days) for days in each.response_days)
        yield f"  {'  from there to the response, days':<44} {before:<26} {after}"
        if any(each.paid):
            spends, other_spends = (_spent(lines) for lines in each.paid)
            yield f"  {'  spends on evading':<44} {spends:<26} {other_spends}"
            budget, other_budget = (_budget(lines) for lines in each.paid)
            yield f"  {'  of a budget of':<44} {budget:<26} {other_budget}"
    for rates in found.false_alarms:
        name = "false alarms a lab-year"
        yield f"  {name:<44} {rates.first:<26.3g} {rates.second:.3g}"
        yield f"  {'  B less A':<44} {rates.value:+.2g} ({_ends(rates, 1.0, '+.2g')})"
    for unit, one_cost, other_cost in zip(
        _UNITS, *(each.yearly.amounts for each in found.costs), strict=True
    ):
        yield f"  {'verification, ' + unit:<44} {one_cost:<26,.4g} {other_cost:,.4g}"
    if any(each.has_money for each in found.costs):
        money, other_money = (_money(each) for each in found.costs)
        yield f"  {'verification, in money, in the whole run':<44} {money:<26} {other_money}"
    yield ""
    yield "What differs between the scenarios:"
    for name, one_value, other_value in found.differing[:_DIFFERENCES_MAX]:
        yield from _changed(name, one_value, other_value)
    more = len(found.differing) - _DIFFERENCES_MAX
    if more > 0:
        yield f"  and {more} more"
    if not found.differing:
        yield "  nothing but the seed: what differs is chance"
    yield ""
    yield _LEVEL.format(level=_level(found))
    yield NOT_COUNTED


_LEVEL: Final = (
    "Each difference lies between its limits with {level} at least, whether or not both share "
    "their chance. Whatever differs between the scenarios may be the reason."
)


def compared_json(found: Compared) -> dict[str, Json]:
    """The form of `--format json`; numbers are text, and what is not reached is said so."""
    return {
        "schema": SCHEMA,
        "sentence": compared_sentence(found),
        "fidelity": str(found.first.fidelity),
        "goal_days": _number(found.first.goal_days),
        "scenarios": [each.scenario.name for each in (found.first, found.second)],
        "runs": [found.first.runs, found.second.runs],
        "evaders": [
            {
                "party": str(each.party),
                "within": _difference_json(each.within),
                "median_delay_days": [_number(delay.value) for delay in each.delays],
                "response_days": [_number(days) for days in each.response_days],
                "spends": [_spent(lines) for lines in each.paid],
                "budget": [_budget(lines) for lines in each.paid],
            }
            for each in found.evaders
        ],
        "false_alarms_a_lab_year": [_difference_json(each) for each in found.false_alarms],
        "verification": [
            {
                unit: _number(amount)
                for unit, amount in zip(_UNITS, each.yearly.amounts, strict=True)
            }
            for each in found.costs
        ],
        "verification_in_money": [_money(each) for each in found.costs],
        "differing": [[*each] for each in found.differing],
    }


def _difference_json(each: Difference) -> Json:
    return {
        "first": _number(each.first),
        "second": _number(each.second),
        "second_less_first": _number(each.value),
        "low": _number(each.interval.low),
        "high": _number(each.interval.high),
        "level": _number(each.interval.level),
        "shown": each.shown,
    }


def _evader(each: EvaderCompared, found: Compared, names: str) -> str:
    within, goal = each.within, f"within {found.first.goal_days:g} days"
    shares = f"{chance_text(within.second)} of runs against {chance_text(within.first)}"
    if not within.shown:
        return (
            f"no difference is shown in how often {each.party} is detected {goal} under {names}: "
            f"{shares} ({_ends(within, 100.0, '+.1f')} percentage points)"
        ).replace(" than under ", " and under ")
    more = "more" if within.value > 0.0 else "less"
    return (
        f"{each.party} is detected {goal} {more} often under {names}: {shares} "
        f"({_ends(within, 100.0, '+.1f')} percentage points)"
    )


def _false(each: Difference) -> str:
    rates = f"{each.second:.2g} against {each.first:.2g} false alarms a lab-year"
    return rates if each.shown else f"{rates}, no difference shown"


def _cost(found: Compared) -> str:
    first, second = found.costs
    parts = [
        f"{abs(after - before):,.3g} {'more' if after > before else 'fewer'} {unit}"
        for unit, before, after in zip(
            _UNITS, first.yearly.amounts, second.yearly.amounts, strict=True
        )
        if not math.isclose(before, after, abs_tol=1e-9)
    ]
    text = f"verification takes {', '.join(parts) or 'the same'}"
    if not found.same_money or first.money == second.money:
        return text
    return f"{text}, and costs {_money(second)} against {_money(first)}"


def _money(line: Cost) -> str:
    """What a line comes to in money, as far as all of it has a price."""
    return about_money(line.unit, line.money.milli) if line.has_money else "not priced"


def _spent(lines: tuple[Cost, ...]) -> str:
    """What a lab spends on evading."""
    return _money(lines[0]) if lines else "not priced"


def _budget(lines: tuple[Cost, ...]) -> str:
    """What a lab may spend on evading."""
    limits = [
        about_money(each.unit, each.budget_milli) for each in lines if each.budget_milli is not None
    ]
    return limits[0] if limits else "no limit"


def _points(each: Difference) -> str:
    return f"{100 * each.value:+.1f} ({_ends(each, 100.0, '+.1f')})"


def _ends(each: Difference, times: float, form: str) -> str:
    return f"{each.interval.low * times:{form}} to {each.interval.high * times:{form}}"


def _days(found: Quantile) -> str:
    if not found.reached:
        return "not reached"
    return f"{found.value:.1f} ({interval_text(found.interval, '.1f')})"


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "not reached"


def _changed(name: str, one: str, other: str) -> Iterator[str]:
    """A line for each setting that is another, also of those within a list."""
    first, second = (_settings(name, _parsed(text)) for text in (one, other))
    for place in dict.fromkeys((*first, *second)):
        before, after = first.get(place, ""), second.get(place, "")
        if before != after:
            yield f"  {place}: {_short(before)} -> {_short(after)}"


def _parsed(text: str) -> object:
    """What a list's text holds; any other text is itself."""
    return json.loads(text) if text.startswith("[") else text


def _settings(place: str, value: object) -> dict[str, str]:
    """Every single setting below a place, as text."""
    match value:
        case dict():
            inner = [(f"{place}.{key}", below) for key, below in value.items()]
        case list():
            inner = [(f"{place}[{number}]", below) for number, below in enumerate(value, 1)]
        case _:
            return {place: value if isinstance(value, str) else json.dumps(value)}
    return {deep: text for name, below in inner for deep, text in _settings(name, below).items()}


def _short(text: str) -> str:
    told = text or "nothing"
    return told if len(told) <= _CHARS else f"{told[:_CHARS]}..."


def _level(found: Compared) -> str:
    levels = [each.within.interval.level for each in found.evaders]
    levels += [each.interval.level for each in found.false_alarms]
    return chance_text(min(levels, default=found.first.level))
