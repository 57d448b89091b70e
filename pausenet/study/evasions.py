"""Every evasion of the book against a weak regime and against the channel that should see it.

For each of `sims/evasions/`: what replications of the real protocol show (with n and an exact
interval), and beside it the kernels' figure over very many runs, which knows channels and power
meters and no proofs. Noticed is a finding or a lead within the goal.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet import __version__
from pausenet.errors import Misuse
from pausenet.files.scenario import read_scenario
from pausenet.files.stories import evasion_names, find_scenario
from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.outcome import Engine, Evasion, Quantile, Share, measure, watched_days
from pausenet.simulator.outcome.cost import ALL, VERIFICATION, bill
from pausenet.simulator.outcome.kernel import KernelEvasion, measure_by_kernel
from pausenet.simulator.outcome.unreckoned import by_logs_alone, shown_by_logs
from pausenet.simulator.traces import Costs
from pausenet.study.yearly import yearly_text

GOAL_DAYS: Final = 90.0
LEVEL: Final = 0.95
COLUMNS: Final = (
    *("evasion", "title", "regime", "scenario", "goal_days", "runs", "noticed", "low", "high"),
    "noticed_by_the_end",
    *("median_delay_days", "gained_by_response_flop", "first", "kernel_runs", "kernel_noticed"),
    *(
        "kernel_low",
        "kernel_high",
        "kernel_by_the_end",
        "kernel_median_delay_days",
        "kernel_gained_by_response_flop",
        "false_leads",
        "lab_years",
    ),
    *("shown_by_logs", "verification_people", "verification_inspector_days_yearly"),
    *("verification_hours_yearly", "verification_visits_yearly"),
    *("evader_people", "evader_hours_yearly"),
)
"""The columns of the table. Hours are those of accelerators, in H100-equivalents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByProtocol:
    """What replications of the real protocol show of a scenario's first evader."""

    noticed: Share
    by_end: int
    delay: Quantile
    gained: tuple[Quantile, ...]
    first: str
    false_leads: int
    lab_years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One evasion in one regime.

    `protocol` is empty where no replication was made, `kernel` where it knows no such scenario or
    nothing but logs can show the evasion. `shown` are the cheats that logs show: where there are
    some, what kernels say is a lower bound. `verification` is borne by those who verify, all labs
    together, `evader` by whoever evades, both in a year.
    """

    kind: str
    title: str
    regime: str
    scenario: str
    goal_days: float
    protocol: tuple[ByProtocol, ...]
    kernel: tuple[KernelEvasion, ...]
    shown: tuple[CheatKind, ...]
    verification: Costs
    evader: Costs

    def cells(self) -> dict[str, str]:
        """The row as text, by column."""
        return {
            "evasion": self.kind,
            "title": self.title,
            "regime": self.regime,
            "scenario": self.scenario,
            "goal_days": f"{self.goal_days:g}",
            **_protocol_cells(self.protocol),
            **_kernel_cells(self.kernel),
            "shown_by_logs": " ".join(self.shown),
            "verification_people": f"{self.verification.people:g}",
            "verification_inspector_days_yearly": f"{self.verification.inspector_days:g}",
            "verification_hours_yearly": f"{self.verification.accelerator_hours:.6g}",
            "verification_visits_yearly": f"{self.verification.intrusions:g}",
            "evader_people": f"{self.evader.people:g}",
            "evader_hours_yearly": f"{self.evader.accelerator_hours:.6g}",
        }


def rows(
    *,
    replications: int,
    runs: int,
    jobs: int,
    told: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Row]:
    """Measure every scenario; `told` hears the name of each, how many are done, and of how many."""
    found, names = list[Row](), evasion_names()
    for number, name in enumerate(names):
        told(name, number, len(names))
        found.append(row(name, replications=replications, runs=runs, jobs=jobs))
    return found


def row(name: str, *, replications: int, runs: int, jobs: int) -> Row:
    """Measure one: its first evader, over so many replications and kernel runs."""
    scenario = read_scenario(find_scenario(name))
    if not scenario.evasions:
        raise Misuse(f"{name}: expected a scenario with an evasion of the book")
    goal_days = min(GOAL_DAYS, watched_days(scenario))
    evader = scenario.evasions[0]
    return Row(
        kind=" + ".join(dict.fromkeys(str(plan.kind) for plan in scenario.evasions)),
        title=EVASIONS[evader.kind].title,
        regime=name.rpartition("-")[2],
        scenario=name,
        goal_days=goal_days,
        protocol=_protocol(scenario, replications, jobs, goal_days) if replications else (),
        kernel=_kernel(scenario, runs, goal_days),
        shown=shown_by_logs(scenario, evader.by),
        verification=_yearly(scenario, VERIFICATION, ALL),
        evader=_yearly(scenario, str(evader.by), *(str(plan.kind) for plan in scenario.evasions)),
    )


def _yearly(scenario: Scenario, bearer: str, *items: str) -> Costs:
    """What somebody bears in a year for these items."""
    lines = (each for each in bill(scenario) if each.bearer == bearer and each.item in items)
    return sum((each.yearly for each in lines), Costs())


def _protocol(
    scenario: Scenario, replications: int, jobs: int, goal_days: float
) -> tuple[ByProtocol, ...]:
    with Engine(scenario, jobs=jobs) as engine:
        made = sorted(engine.run(range(replications)), key=lambda run: run.number)
    measured = measure(scenario, made, goal_days=goal_days, level=LEVEL)
    seen = next(each for each in measured.evasions if each.party == scenario.evasions[0].by)
    followers = measured.followers
    return (
        ByProtocol(
            noticed=seen.noticed,
            by_end=sum(step.events for step in seen.noticed_delay.steps),
            delay=seen.noticed_delay.quantile(0.5),
            gained=seen.gained_by_response,
            first=_first(seen),
            false_leads=followers.leads.count + followers.suspected.count,
            lab_years=followers.suspected.exposure,
        ),
    )


def comma_separated(found: Sequence[Row]) -> str:
    """The table as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(each.cells() for each in found)
    return out.getvalue()


def kernel_differences(text: str) -> list[str]:
    """Where the kernels' cells of a table in CSV are not what they give now, and missing rows."""
    kept = {each["scenario"]: each for each in csv.DictReader(io.StringIO(text))}
    names = evasion_names()
    found = [f"evasions.csv: {name} has no row" for name in names if name not in kept]
    found += [f"evasions.csv: {name} is no scenario" for name in sorted(kept.keys() - {*names})]
    for name in names:
        if name in kept:
            cells = kept[name]
            scenario = read_scenario(find_scenario(name))
            runs = int(cells["kernel_runs"] or 1)
            kernel = _kernel(scenario, runs, float(cells["goal_days"]))
            now = _kernel_cells(kernel)
            found += [
                f"evasions.csv: {name}: {column} is {value} now"
                for column, value in now.items()
                if cells[column] != value
            ]
    return found


def page(found: Sequence[Row], repeat: str, more: Sequence[str] = ()) -> str:
    """The table as a page in Markdown, and what stands below it."""
    lines = [
        "# Every evasion of the book, where it succeeds and where it is caught",
        "",
        "**Question.** How often is each evasion noticed within its goal, by a finding or a lead, "
        "how late, and what has it gained by the response?",
        "",
        f"Made by `{repeat}` with pausenet {__version__}; nobody writes here by hand.",
        "",
        *_guide(),
        "| evasion | regime | by the protocol: in time, by the end, median delay, first | "
        "by kernels: in time, by the end, median delay, gained by the response, first | "
        "cost of verification; of the evasion |",
        "|---|---|---|---|---|",
    ]
    for each in found:
        lines.append(
            f"| {each.kind} {each.title} | [{each.regime}](../evasions/{each.scenario}.yaml) | "
            f"{_by_protocol(each)} | {_by_kernels(each)} | {yearly_text(each.verification)}; "
            f"{yearly_text(each.evader)} |"
        )
    return "\n".join((*lines, "", *more))


def _guide() -> list[str]:
    """What each column says, before the table."""
    return [
        "How to read a row:",
        "",
        "* **Regime**: one scenario in which the evasion is to be *caught*, and one in which it is "
        "to *succeed*; the link shows every assumption of it.",
        f"* **In time** is within {GOAL_DAYS:g} days of its beginning, in so many per cent of all "
        "runs, with the exact 95 % interval; **by the end** is by the end of the scenario, "
        "whose length differs. A **median** is not reached where half of the runs do not come "
        "so far.",
        "* **First** says what noticed it first, and in how many runs: `F7 9997` is the finding F7 "
        "(independent evidence shows more than was declared), other names are those of channels "
        "([findings](../../docs/spec/faults.md), `pausenet channels list`). Where an evasion "
        "succeeds, false alarms that happen to meet it are among these.",
        "* **Kernels** know channels and power meters and no proofs: *not reckoned* stands where "
        "they give nothing (acts, breakdowns, what logs alone show), *at least* where logs show "
        "more than kernels know.",
        "* **By the protocol** most scenarios share a seed, and runs of one number their chance: "
        "one false alarm of a meter then stands as `F7 in 1` in many rows, and is no independent "
        "evidence in each.",
        "* **Costs** are of a year: hours are those of accelerators (H100-equivalents) lost or run "
        "again; power meters, one a lab, come on top.",
        "",
        "Detection is against the evasions modelled here; the channels' parameters are assumptions "
        "unless they name a source (`pausenet channels show`).",
        "",
    ]


def _kernel(scenario: Scenario, runs: int, goal_days: float) -> tuple[KernelEvasion, ...]:
    if by_logs_alone(scenario, scenario.evasions[0].by):
        return ()
    try:
        measured = measure_by_kernel(scenario, runs, goal_days=goal_days)
    except Misuse:
        return ()
    evader = scenario.evasions[0].by
    return tuple(each for each in measured.evasions if each.party == evader)


def _by_protocol(found: Row) -> str:
    if not found.protocol:
        return "not run"
    seen = found.protocol[0]
    low, high = seen.noticed.interval.low, seen.noticed.interval.high
    delay = f"{_quantile(seen.delay)} days" if seen.delay.reached else "not reached"
    return (
        f"{seen.noticed.count} of {seen.noticed.of} ({low:.2f} to {high:.2f}), {seen.by_end}, "
        f"{delay}, {seen.first or 'nothing'}"
    )


def _by_kernels(found: Row) -> str:
    if not found.kernel:
        return "not reckoned: logs alone show it" if found.shown else "not reckoned"
    seen = found.kernel[0]
    delay = f"{_quantile(seen.delay_days)} days" if seen.delay_days.reached else "not reached"
    first = ", ".join(f"{name} {count}" for name, count in seen.first) or "nothing"
    gained = _flop(seen.gained_by_response)
    amount = f"{gained} FLOP" if gained[0].isdigit() else gained
    low, high = seen.within.interval.low, seen.within.interval.high
    return (
        f"{'at least ' if found.shown else ''}{100 * seen.within.value:.1f} % of "
        f"{seen.within.of:,} ({100 * low:.1f} to {100 * high:.1f}), "
        f"{100 * seen.by_end.value:.1f} %, {delay}, {amount}, {first}"
    )


def _protocol_cells(found: tuple[ByProtocol, ...]) -> dict[str, str]:
    """The protocol's cells of a row; empty ones where no replication was made."""
    names = ("runs", "noticed", "low", "high", "noticed_by_the_end", "median_delay_days")
    more = ("gained_by_response_flop", "first", "false_leads", "lab_years")
    if not found:
        return dict.fromkeys((*names, *more), "")
    seen = found[0]
    return {
        "runs": str(seen.noticed.of),
        "noticed": f"{seen.noticed.value:.3f}",
        "low": f"{seen.noticed.interval.low:.3f}",
        "high": f"{seen.noticed.interval.high:.3f}",
        "noticed_by_the_end": f"{seen.by_end / seen.noticed.of:.3f}",
        "median_delay_days": _quantile(seen.delay),
        "gained_by_response_flop": _flop(seen.gained),
        "first": seen.first,
        "false_leads": str(seen.false_leads),
        "lab_years": f"{seen.lab_years:.1f}",
    }


def _kernel_cells(found: tuple[KernelEvasion, ...]) -> dict[str, str]:
    """The kernels' cells of a row; empty ones where they know no such scenario."""
    kernel = found[0] if found else None
    return {
        "kernel_runs": str(kernel.within.of) if kernel else "",
        "kernel_noticed": f"{kernel.within.value:.4f}" if kernel else "",
        "kernel_low": f"{kernel.within.interval.low:.4f}" if kernel else "",
        "kernel_high": f"{kernel.within.interval.high:.4f}" if kernel else "",
        "kernel_by_the_end": f"{kernel.by_end.value:.4f}" if kernel else "",
        "kernel_median_delay_days": _quantile(kernel.delay_days) if kernel else "",
        "kernel_gained_by_response_flop": _flop(kernel.gained_by_response) if kernel else "",
    }


def _first(seen: Evasion) -> str:
    words = [f"{fault} in {count}" for fault, count in seen.faults]
    return ", ".join([*words, *(f"{channel} in {count}" for channel, count in seen.channels)])


def _quantile(found: Quantile) -> str:
    return f"{found.value:.1f}" if found.reached else "not reached"


def _flop(found: tuple[Quantile, ...]) -> str:
    if not found:
        return "not counted"
    return f"{found[0].value:.2e}" if math.isfinite(found[0].value) else "not reached"
