"""Combinations of evasions that were written without a look at the regime they meet.

A regime that is tuned to the evasions in its makers' minds looks better on these than on any
others. So five combinations, written by somebody who had not seen the regime, are measured in it,
and beside them every evasion of the book alone, at its own settings: the in-sample figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pausenet.files.scenario import parse_scenario
from pausenet.files.stories import held_out_dir
from pausenet.scenario.evasions import EvasionPlan
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.outcome import Engine, Share, measure, share
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outcome.unreckoned import by_logs_alone
from pausenet.simulator.outside import CATALOGUE, with_cheats
from pausenet.values import ParticipantId, PeriodIndex, Role

GOAL_DAYS: Final = 90.0
START: Final = PeriodIndex(6)
EVADER: Final = ParticipantId("birch")
_TITLE: Final = "title: "


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """One combination, or one evasion alone: how often it is noticed within the goal.

    `kernel` is over the kernels' runs; `protocol`, one or none, over replications.
    """

    name: str
    evasions: str
    kernel: Share
    protocol: tuple[Share, ...] = ()


def combinations() -> tuple[tuple[str, Scenario], ...]:
    """The held-out combinations in the regime: the title of each, and its scenario."""
    folder = held_out_dir()
    regime = (folder / "regime.yaml").read_text("utf-8")
    return tuple(
        _combination(path, regime)
        for path in sorted(folder.glob("*.yaml"))
        if path.stem != "regime"
    )


def held_out(*, replications: int, runs: int, jobs: int) -> list[HeldOut]:
    """Measure the held-out combinations, by kernels and by the protocol."""
    found = []
    for title, scenario in combinations():
        found.append(
            HeldOut(
                name=title,
                evasions=_kinds(scenario),
                kernel=_by_kernel(scenario, runs),
                protocol=_by_protocol(scenario, replications, jobs) if replications else (),
            )
        )
    return found


def in_sample(*, runs: int) -> list[HeldOut]:
    """Measure every evasion of the book alone in the same regime, by kernels.

    Those in which verifiers cheat, and those that logs alone show, are left out: kernels do not
    know them.
    """
    _, first = combinations()[0]
    found = []
    for kind in sorted(EVASIONS):
        alone = (EvasionPlan(by=EVADER, kind=kind, start=START),)
        scenario = replace(first, evasions=alone)
        if any(cheat.kind.role is Role.VERIFIER for cheat in with_cheats(scenario).cheats):
            continue
        if by_logs_alone(scenario, EVADER):
            continue
        found.append(
            HeldOut(name=EVASIONS[kind].title, evasions=kind, kernel=_by_kernel(scenario, runs))
        )
    return found


def overall(found: Sequence[HeldOut]) -> Share:
    """All kernel runs of these together: of each the same number, so that each counts alike."""
    return share(sum(each.kernel.count for each in found), sum(each.kernel.of for each in found))


def lines(out: Sequence[HeldOut], inside: Sequence[HeldOut]) -> list[str]:
    """Both in Markdown, the held-out ones first."""
    told = [
        "## Held out",
        "",
        "Five combinations were written by somebody who had not seen the regime "
        "(`sims/held-out/`); they meet every channel of the book, each with a false-alarm rate of "
        f"1 % a year. Noticed within {GOAL_DAYS:g} days:",
        "",
        "| combination | evasions | by the protocol | by kernels |",
        "|---|---|---|---|",
    ]
    for each in out:
        protocol = ", ".join(f"{one.count} of {one.of}" for one in each.protocol) or "not run"
        told.append(f"| {each.name} | {each.evasions} | {protocol} | {_percent(each.kernel)} |")
    told += [
        "",
        f"Held out, all together: {_percent(overall(out))} by kernels. In sample, each evasion "
        f"of the book alone at its own settings: {_percent(overall(inside))} "
        f"({', '.join(f'{each.evasions} {_percent(each.kernel)}' for each in inside)}). Kernels "
        "see no proofs: evasions that only logs show (E11, and E19 by verifiers) are left out.",
        "",
    ]
    return told


def _combination(path: Path, regime: str) -> tuple[str, Scenario]:
    text = path.read_text("utf-8")
    title, _, rest = text.partition("\n")
    scenario = parse_scenario(
        f"{regime}{rest}", name=str(path), stem=f"held-out-{path.stem}", catalogue=CATALOGUE
    )
    return title.removeprefix(_TITLE).strip("\"'. "), scenario


def _by_protocol(scenario: Scenario, replications: int, jobs: int) -> tuple[Share, ...]:
    with Engine(scenario, jobs=jobs) as engine:
        made = sorted(engine.run(range(replications)), key=lambda run: run.number)
    measured = measure(scenario, made, goal_days=GOAL_DAYS, level=0.95)
    return (next(each.noticed for each in measured.evasions if each.party == EVADER),)


def _kinds(scenario: Scenario) -> str:
    return " + ".join(dict.fromkeys(str(plan.kind) for plan in scenario.evasions))


def _by_kernel(scenario: Scenario, runs: int) -> Share:
    measured = measure_by_kernel(scenario, runs, goal_days=GOAL_DAYS)
    return next(each.within for each in measured.evasions if each.party == EVADER)


def _percent(found: Share) -> str:
    return f"{100 * found.value:.0f} %"
