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
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.outcome import Engine, Evasion, Quantile, Share, measure, watched_days
from pausenet.simulator.outcome.kernel import KernelEvasion, measure_by_kernel

GOAL_DAYS: Final = 90.0
LEVEL: Final = 0.95
COLUMNS: Final = (
    *("evasion", "title", "regime", "scenario", "goal_days", "runs", "noticed", "low", "high"),
    "noticed_by_the_end",
    *("median_delay_days", "gained_by_response_flop", "first", "kernel_runs", "kernel_noticed"),
    *(
        "kernel_by_the_end",
        "kernel_median_delay_days",
        "kernel_gained_by_response_flop",
        "false_leads",
        "lab_years",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One evasion in one regime; cells of the kernel are empty where it knows no such scenario."""

    kind: str
    title: str
    regime: str
    scenario: str
    goal_days: float
    noticed: Share
    by_end: int
    delay: Quantile
    gained: tuple[Quantile, ...]
    first: str
    kernel: tuple[KernelEvasion, ...]
    false_leads: int
    lab_years: float

    def cells(self) -> dict[str, str]:
        """The row as text, by column."""
        return {
            "evasion": self.kind,
            "title": self.title,
            "regime": self.regime,
            "scenario": self.scenario,
            "goal_days": f"{self.goal_days:g}",
            "runs": str(self.noticed.of),
            "noticed": f"{self.noticed.value:.3f}",
            "low": f"{self.noticed.interval.low:.3f}",
            "high": f"{self.noticed.interval.high:.3f}",
            "noticed_by_the_end": f"{self.by_end / self.noticed.of:.3f}",
            "median_delay_days": _quantile(self.delay),
            "gained_by_response_flop": _flop(self.gained),
            "first": self.first,
            **_kernel_cells(self.kernel),
            "false_leads": str(self.false_leads),
            "lab_years": f"{self.lab_years:.1f}",
        }


def rows(
    *, replications: int, runs: int, jobs: int, told: Callable[[str], None] = lambda _: None
) -> list[Row]:
    """Measure every scenario of an evasion; `told` hears the name of each as it begins."""
    found = []
    for name in evasion_names():
        told(name)
        found.append(row(name, replications=replications, runs=runs, jobs=jobs))
    return found


def row(name: str, *, replications: int, runs: int, jobs: int) -> Row:
    """Measure one: its first evader, over so many replications and kernel runs."""
    scenario = read_scenario(find_scenario(name))
    if not scenario.evasions:
        raise Misuse(f"{name}: expected a scenario with an evasion of the book")
    goal_days = min(GOAL_DAYS, watched_days(scenario))
    with Engine(scenario, jobs=jobs) as engine:
        made = sorted(engine.run(range(replications)), key=lambda run: run.number)
    measured = measure(scenario, made, goal_days=goal_days, level=LEVEL)
    evader = scenario.evasions[0]
    seen = next(each for each in measured.evasions if each.party == evader.by)
    kinds = " + ".join(dict.fromkeys(str(plan.kind) for plan in scenario.evasions))
    return Row(
        kind=kinds,
        title=EVASIONS[evader.kind].title,
        regime=name.rpartition("-")[2],
        scenario=name,
        goal_days=goal_days,
        noticed=seen.noticed,
        by_end=sum(step.events for step in seen.noticed_delay.steps),
        delay=seen.noticed_delay.quantile(0.5),
        gained=seen.gained_by_response,
        first=_first(seen),
        kernel=_kernel(scenario, runs, goal_days),
        false_leads=measured.followers.leads.count + measured.followers.suspected.count,
        lab_years=measured.followers.suspected.exposure,
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
        f"Made by `{repeat}` with pausenet {__version__}; nobody writes here by hand. In time is "
        f"within {GOAL_DAYS:g} days of its beginning. Shares have exact 95 % intervals. Kernels "
        "know channels and power meters and no proofs; they give nothing for scenarios with acts "
        "or breakdowns. Detection is against the evasions modelled here; the channels' parameters "
        "are assumptions unless they name a source (`pausenet channels show`).",
        "",
        "| evasion | regime | noticed in time | by the end | median delay | "
        "gained by the response | first | by kernels: in time, by the end |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        cells = each.cells()
        share = f"{each.noticed.count} of {each.noticed.of} ({cells['low']} to {cells['high']})"
        delay = cells["median_delay_days"]
        delay += " days" if each.delay.reached else ""
        kernel = "not reckoned"
        if each.kernel:
            kernel = f"{100 * each.kernel[0].within.value:.1f} %"
            kernel += f", {100 * each.kernel[0].by_end.value:.1f} %"
        lines.append(
            f"| {each.kind} {each.title} | [{each.regime}](../evasions/{each.scenario}.yaml) | "
            f"{share} | {each.by_end} | {delay} | {cells['gained_by_response_flop']} | "
            f"{each.first or 'nothing'} | {kernel} |"
        )
    return "\n".join((*lines, "", *more))


def _kernel(scenario: Scenario, runs: int, goal_days: float) -> tuple[KernelEvasion, ...]:
    try:
        measured = measure_by_kernel(scenario, runs, goal_days=goal_days)
    except Misuse:
        return ()
    evader = scenario.evasions[0].by
    return tuple(each for each in measured.evasions if each.party == evader)


def _kernel_cells(found: tuple[KernelEvasion, ...]) -> dict[str, str]:
    """The kernels' cells of a row; empty ones where they know no such scenario."""
    kernel = found[0] if found else None
    return {
        "kernel_runs": str(kernel.within.of) if kernel else "",
        "kernel_noticed": f"{kernel.within.value:.4f}" if kernel else "",
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
