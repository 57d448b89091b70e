"""What kernels measured as a table: one row a lab, whether it evades or keeps the rules.

Counts and intervals are exact; an amount that half of the runs do not reach is empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome.concluded import counted_responses
from pausenet.simulator.outcome.intervals import Share
from pausenet.simulator.outcome.kernel import (
    KernelEvasion,
    KernelFollower,
    KernelMeasured,
    end_s,
)
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outcome.survival import Quantile

KERNEL_COLUMNS: Final[Mapping[str, str]] = {
    "scenario": "the scenario's name",
    "seed": "the scenario's seed",
    "party": "which lab the row is about",
    "evades": "its evasions; empty for one that keeps the rules, whose detections are false alarms",
    "runs": "how many runs were reckoned",
    "level": "the level of every interval of the row",
    "goal_days": "the timeliness goal",
    "watched_days": "how long it is watched, from the evasion's beginning where it evades",
    "in_time": "runs with a detection within the goal; empty for a lab that keeps the rules",
    "in_time_share": "the same as a share of all runs",
    "in_time_low": "its lower limit",
    "in_time_high": "its upper limit",
    "by_end": "runs with a detection by the end",
    "by_end_share": "the same as a share of all runs",
    "by_end_low": "its lower limit",
    "by_end_high": "its upper limit",
    "delay_days_median": "median delay in days; empty where half of the runs do not come to one",
    "delay_days_low": "its lower limit",
    "delay_days_high": "its upper limit, or empty",
    "first": "what detected first, and in how many runs: `satellite=12 F7=3`",
    "response_days": "from a detection to the response on average; empty without any",
    "gained_by_detection_flop": "median compute gained by the detection; or empty",
    "gained_by_response_flop": "median compute gained by the response; or empty",
    "lead_months_by_detection": "median months of lead that it is worth at the detection; or empty",
    "lead_months_by_response": "median months of lead that it is worth at the response; or empty",
}
"""The columns of the kernels' `results.csv`, and what each says."""
_DIGITS: Final = 6


def kernel_table_rows(scenario: Scenario, measured: KernelMeasured) -> list[dict[str, Cell]]:
    """One row a lab, those that evade first."""
    whole: dict[str, Cell] = {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "runs": measured.runs,
        "level": measured.level,
        "goal_days": round(measured.goal_days, _DIGITS),
    }
    rows = [_evader(scenario, each) for each in measured.evasions]
    rows += [_follower(scenario, each) for each in measured.followers]
    return [dict.fromkeys(KERNEL_COLUMNS, "") | whole | row for row in rows]


def first_text(first: Iterable[tuple[str, int]]) -> str:
    """What detected first as one cell.

    >>> first_text([("satellite", 12), ("F7", 3)])
    'satellite=12 F7=3'
    """
    return " ".join(f"{name}={count}" for name, count in first)


def read_first(text: str) -> tuple[tuple[str, int], ...]:
    """Such a cell read back; raises `Misuse` for what is none.

    >>> read_first("satellite=12 F7=3")
    (('satellite', 12), ('F7', 3))
    """
    pairs = [each.partition("=") for each in text.split()]
    if not all(name and count.isascii() and count.isdecimal() for name, _, count in pairs):
        raise Misuse(f"expected what detected first, found {text!r:.80}")
    return tuple((name, int(count)) for name, _, count in pairs)


def _evader(scenario: Scenario, each: KernelEvasion) -> dict[str, Cell]:
    chains = counted_responses(scenario, each.first)
    runs = sum(one.runs for one in chains)
    days = math.fsum(one.after.days * one.runs for one in chains) / runs if runs else math.inf
    return {
        "party": each.party,
        "evades": " ".join(str(kind) for kind in each.kinds),
        "watched_days": round(each.curve.last, _DIGITS),
        **share_cells("in_time", each.within),
        **share_cells("by_end", each.by_end),
        "delay_days_median": _reached(each.delay_days.value),
        "delay_days_low": _reached(each.delay_days.interval.low),
        "delay_days_high": _reached(each.delay_days.interval.high),
        "first": first_text(each.first),
        "response_days": _reached(days),
        "gained_by_detection_flop": _median(each.gained_by_detection),
        "gained_by_response_flop": _median(each.gained_by_response),
        "lead_months_by_detection": _median(each.lead_by_detection),
        "lead_months_by_response": _median(each.lead_months),
    }


def _follower(scenario: Scenario, each: KernelFollower) -> dict[str, Cell]:
    return {
        "party": each.party,
        "watched_days": round(end_s(scenario) / DAY_S, _DIGITS),
        **share_cells("by_end", each.noticed),
        "first": first_text(each.first),
    }


def share_cells(name: str, found: Share) -> dict[str, Cell]:
    """A count, its share of all runs and the interval as cells."""
    return {
        name: found.count,
        f"{name}_share": round(found.value, _DIGITS),
        f"{name}_low": round(found.interval.low, _DIGITS),
        f"{name}_high": round(found.interval.high, _DIGITS),
    }


def _median(found: tuple[Quantile, ...]) -> Cell:
    return _reached(found[0].value) if found else ""


def _reached(value: float) -> Cell:
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else ""
