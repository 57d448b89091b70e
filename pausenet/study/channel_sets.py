"""One evasion, in several amounts, under every set of channels that is worth comparing.

For each set: all channels of the scenario, each one alone, each one left out, and none, which
leaves the power meters. For each amount: how often it is noticed within the goal, with n and an
exact interval, how late, and what it has gained by the response. Beside a set stand what it costs
and how often it alarms about labs that keep the rules. Kernels reckon it, on the same seeds
everywhere.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import MICRO, ChannelPlan, EvasionPlan, Setting
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.outcome.cost import ALL, VERIFICATION, bill
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured, measure_by_kernel
from pausenet.simulator.outcome.unreckoned import by_logs_alone
from pausenet.simulator.traces import Costs
from pausenet.study.yearly import yearly_text

TIMES: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The amounts, as multiples of what the scenario plans, as far as the book lets them go."""
NONE: Final = "power meters alone"
COLUMNS: Final = (
    "channels",
    "setting",
    "amount",
    "goal_days",
    "runs",
    "in_time",
    "in_time_share",
    "in_time_low",
    "in_time_high",
    "by_end",
    "median_delay_days",
    "gained_by_response_flop",
    "false_alarms_lab_year",
    "false_low",
    "false_high",
    "people",
    "inspector_days_yearly",
    "accelerator_hours_yearly",
    "visits_yearly",
    "evader_people",
    "evader_hours_yearly",
)
"""The table's columns: a row is one set of channels against one amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One amount under one set: what kernels measured, and what both sides pay in a year."""

    channels: str
    amount: float
    measured: KernelMeasured
    evader: KernelEvasion
    verification: Costs
    evading: Costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """The whole answer: which setting was varied, in which unit, and every meeting."""

    scenario: Scenario
    plan: EvasionPlan
    setting: str
    unit: str
    goal_days: float
    met: tuple[Met, ...]

    def comma_separated(self) -> str:
        """Every meeting as a row of CSV."""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(self, each) for each in self.met)
        return out.getvalue()


def cross(scenario: Scenario, *, setting: str, runs: int, goal_days: float) -> Crossed:
    """Measure the scenario's first evasion; `setting` is the amount, empty for its first one.

    Raises `Misuse` where nobody evades, where only logs show it, and for a setting it has not.
    """
    if not scenario.evasions:
        raise Misuse(f"{scenario.name}: expected a scenario with an evasion of the book")
    plan = scenario.evasions[0]
    if by_logs_alone(scenario, plan.by):
        raise Misuse(f"{scenario.name}: logs alone show {plan.kind}, and kernels know no logs")
    figures = {name: f for name, f in evasion(plan.kind).parameters.items() if f.low < f.high}
    chosen = setting or next(iter(figures))
    if chosen not in figures:
        raise Misuse(f"{plan.kind} has no setting {chosen!r:.80}; it has {', '.join(figures)}")
    met = [
        _met(scenario, plan, chosen, amount, name, channels, runs, goal_days)
        for name, channels in channel_sets(scenario.channels)
        for amount in amounts(figures[chosen], plan, chosen)
    ]
    return Crossed(
        scenario=scenario,
        plan=plan,
        setting=chosen,
        unit=figures[chosen].unit,
        goal_days=goal_days,
        met=tuple(met),
    )


def channel_sets(
    channels: Sequence[ChannelPlan],
) -> tuple[tuple[str, tuple[ChannelPlan, ...]], ...]:
    """Every set by its name: all, each left out, each alone, none; no set twice."""
    found = {tuple(channels): " + ".join(str(each.kind) for each in channels) or NONE}
    if len(channels) > 2:
        for left in channels:
            rest = tuple(each for each in channels if each is not left)
            found.setdefault(rest, f"all but {left.kind}")
    for each in channels:
        found.setdefault((each,), f"{each.kind} alone")
    found.setdefault((), NONE)
    if len(channels) > 1:
        found[tuple(channels)] = "all channels"
    return tuple((name, kept) for kept, name in found.items())


def amounts(figure: Figure, plan: EvasionPlan, name: str) -> tuple[float, ...]:
    """Multiples of what is planned, within the book's range; each once, the smallest first."""
    told = next((each.micro / MICRO for each in plan.settings if each.name == name), figure.value)
    found = (min(figure.high, max(figure.low, told * times)) for times in TIMES)
    return tuple(dict.fromkeys(found))


def page(crossed: Crossed, repeat: str) -> str:
    """The answer in Markdown: sets down, amounts across."""
    across = tuple(dict.fromkeys(each.amount for each in crossed.met))
    unit = "" if crossed.unit == "1" else f" {crossed.unit}"
    runs = crossed.met[0].measured.runs
    lines = [
        f"# {crossed.plan.kind} in {crossed.scenario.name}, by amount and channels",
        "",
        f"How often {crossed.plan.by} is noticed within {crossed.goal_days:g} days, by the "
        f"evasion's `{crossed.setting}`; of {runs:,} runs each, with exact 95 % intervals. Made by "
        f"`{repeat}`. Costs are of a year, over all labs: hours are those of accelerators; power "
        "meters come on top.",
        "",
        "| channels | "
        + " | ".join(f"{each:g}{unit}" for each in across)
        + " | false alarms a lab-year | verification in a year |",
        "|---" * (len(across) + 3) + "|",
    ]
    for name in dict.fromkeys(each.channels for each in crossed.met):
        row = [each for each in crossed.met if each.channels == name]
        false = row[0].measured.false
        rate = f"{false.count / false.exposure:.2g}" if false.exposure else "no lab to see it on"
        shares = " | ".join(_share(each.evader) for each in row)
        lines.append(f"| {name} | {shares} | {rate} | {yearly_text(row[0].verification)} |")
    gained = (f"{each:g}{unit}: {_gained(crossed, each)}" for each in across)
    return "\n".join(
        (
            *lines,
            "",
            f"Gained by the response under the first set (median FLOP), by amount: "
            f"{'; '.join(gained)}.",
            "Not shown: kernels reckon with channels and power meters alone, and not with what "
            "logs and signatures prove. Detection is against this evasion as it is modelled here; "
            "evasions nobody has thought of are not counted.",
            "",
        )
    )


def _met(
    scenario: Scenario,
    plan: EvasionPlan,
    setting: str,
    amount: float,
    name: str,
    channels: tuple[ChannelPlan, ...],
    runs: int,
    goal_days: float,
) -> Met:
    kept = [each for each in plan.settings if each.name != setting]
    told = Setting(name=setting, micro=round(amount * MICRO))
    done = replace(plan, settings=tuple(sorted((*kept, told), key=lambda each: each.name)))
    others = (each for each in scenario.evasions if each is not plan)
    trial = replace(scenario, channels=channels, evasions=(done, *others))
    measured = measure_by_kernel(trial, runs, goal_days=goal_days)
    lines = [each for each in bill(trial) if each.item != ALL or each.bearer == VERIFICATION]
    own = (each.yearly for each in lines if each.bearer == str(plan.by))
    (whole,) = (each for each in lines if each.bearer == VERIFICATION and each.item == ALL)
    return Met(
        channels=name,
        amount=amount,
        measured=measured,
        evader=next(each for each in measured.evasions if each.party == plan.by),
        verification=whole.yearly,
        evading=sum(own, Costs()),
    )


def _row(crossed: Crossed, met: Met) -> dict[str, str | int | float]:
    seen, false = met.evader, met.measured.false
    gained = [each.value for each in seen.gained_by_response if math.isfinite(each.value)]
    return {
        "channels": met.channels,
        "setting": crossed.setting,
        "amount": round(met.amount, 6),
        "goal_days": crossed.goal_days,
        "runs": seen.within.of,
        "in_time": seen.within.count,
        "in_time_share": round(seen.within.value, 6),
        "in_time_low": round(seen.within.interval.low, 6),
        "in_time_high": round(seen.within.interval.high, 6),
        "by_end": seen.by_end.count,
        "median_delay_days": round(seen.delay_days.value, 2) if seen.delay_days.reached else "",
        "gained_by_response_flop": float(f"{gained[0]:.6g}") if gained else "",
        "false_alarms_lab_year": round(false.count / false.exposure, 6) if false.exposure else "",
        "false_low": round(false.interval.low, 6),
        "false_high": round(false.interval.high, 6) if false.exposure else "",
        "people": round(met.verification.people, 6),
        "inspector_days_yearly": round(met.verification.inspector_days, 6),
        "accelerator_hours_yearly": round(met.verification.accelerator_hours, 6),
        "visits_yearly": round(met.verification.intrusions, 6),
        "evader_people": round(met.evading.people, 6),
        "evader_hours_yearly": round(met.evading.accelerator_hours, 6),
    }


def _share(seen: KernelEvasion) -> str:
    low, high = seen.within.interval.low, seen.within.interval.high
    return f"{100 * seen.within.value:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _gained(crossed: Crossed, amount: float) -> str:
    first = next(each for each in crossed.met if each.amount == amount)
    gained = [each.value for each in first.evader.gained_by_response]
    if not gained:
        return "not counted"
    return f"{gained[0]:.2g}" if math.isfinite(gained[0]) else "not reached"
