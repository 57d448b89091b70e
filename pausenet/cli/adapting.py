"""What an evader that knows the plan would do, in words or as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from pausenet.cli.live_run import load_scenario
from pausenet.cli.measured_words import share_text
from pausenet.cli.options import Format
from pausenet.cli.program import command
from pausenet.errors import Misuse
from pausenet.files.amounts import PPM, share_ppm, span_s, write_micro, write_money
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.adversary.adaptive import (
    Choice,
    Response,
    adapted,
    best_of_kinds,
    instead,
)
from pausenet.simulator.outcome import watched_days
from pausenet.simulator.outcome.kernel import KernelEvasion, measure_by_kernel
from pausenet.simulator.paid import about_money
from pausenet.statements.canonical import Json


def adapted_answer(
    *,
    named: str,
    kinds: Sequence[EvasionKind],
    bears: str,
    within: str,
    trials: int,
    runs: int,
    format: Format,
) -> str:
    """Search, measure the answer on other seeds, and tell it."""
    scenario = load_scenario(named, None)
    wanted = tuple(dict.fromkeys(kinds))
    try:
        risk, goal_days = share_ppm(bears) / PPM, span_s(within) / DAY_S
    except ValueError as error:
        raise Misuse(f"evasions adapt: {error}") from error
    if risk > 1.0:
        raise Misuse(
            f'--bears: expected a share such as "10 %", at most 100 %, found {bears!r:.80}'
        )
    goal_days = min(goal_days, watched_days(scenario))
    found = best_of_kinds(scenario, wanted, bears=risk, runs=trials, goal_days=goal_days)
    seen: tuple[KernelEvasion, ...] = ()
    if found.evades:
        kind = found.chosen[0].kind
        alone = scenario if len(wanted) == 1 else instead(scenario, kind)
        answer = adapted(alone, kind, found.chosen[0])
        measured = measure_by_kernel(answer, runs, goal_days=goal_days).evasions
        seen = tuple(each for each in measured if each.party == found.by)
    if format is Format.JSON:
        return orjson.dumps(_json(found, seen), option=orjson.OPT_SORT_KEYS).decode() + "\n"
    options = [part for kind in wanted for part in ("--kind", kind)]
    repeat = command(
        "evasions",
        "adapt",
        named,
        *options,
        "--bears",
        bears,
        "--within",
        within,
        "--trials",
        trials,
        "--runs",
        runs,
    )
    told = _told(scenario, found, seen, risk, goal_days)
    return "\n".join((*told, f"Repeat: {repeat}", ""))


def _told(
    scenario: Scenario,
    found: Response,
    seen: tuple[KernelEvasion, ...],
    risk: float,
    goal_days: float,
) -> list[str]:
    unpaid = _unpaid(scenario, found)
    if not found.evades:
        return [
            *unpaid,
            f"Of {found.tried} ways to do it none is noticed in at most {risk:.0%} of its trial "
            f"runs within {goal_days:g} days: this evader keeps the rules.",
            *_limits(found),
        ]
    choice = found.chosen[0]
    settings = ", ".join(f"{each.name} {write_micro(each.micro)}" for each in choice.settings)
    cost = (
        f", and costs {about_money(scenario.costs.unit, choice.cost.milli)}"
        if scenario.costs.unit
        else ""
    )
    return [
        *unpaid,
        f"Of {found.tried} ways it takes: {choice.kind}, {settings}.",
        f"On its own seeds that was noticed within {goal_days:g} days in {choice.noticed} of "
        f"{choice.of} runs; unnoticed it gains {choice.gained_flop:.2g} FLOP"
        f"{cost if choice.cost.whole else ''}.",
        *(f"On other seeds it was noticed in {share_text(each.within)}." for each in seen),
        *_limits(found),
    ]


def _unpaid(scenario: Scenario, found: Response) -> list[str]:
    """What its budget left out."""
    if not found.unpaid:
        return []
    budget = scenario.lab(found.by).budget_milli or 0
    return [
        f"Of {found.unpaid + found.tried} ways to do it {found.unpaid} cost more than its budget "
        f"of {about_money(scenario.costs.unit, budget)}, and were left out."
    ]


def _limits(found: Response) -> list[str]:
    """What the search does not show."""
    how = (
        "a grid of five values a parameter"
        if found.grid
        else "five values of one parameter after the other, as all combinations are too many"
    )
    told = [
        "The evader knows the channels, their settings and the meters' stated errors, and no draw; "
        f"it searched {how}.",
    ]
    if found.left_out:
        told.append(
            f"Left out: {found.left_out} ways that the logs themselves show; kernels know no logs."
        )
    told.append(
        "Not shown: Kernels reckon with channels and power meters alone; what people do after a "
        "lead, and what logs prove, is not in these numbers."
    )
    return told


def _json(found: Response, seen: tuple[KernelEvasion, ...]) -> Json:
    return {
        "tried": found.tried,
        "left_out_by_budget": found.unpaid,
        "left_out": found.left_out,
        "grid": found.grid,
        "evades": found.evades,
        "chosen": [_choice(each) for each in found.chosen],
        "noticed_on_other_seeds": [
            {"count": each.within.count, "of": each.within.of} for each in seen
        ],
    }


def _choice(each: Choice) -> Json:
    return {
        "kind": str(each.kind),
        "cost": write_money(each.cost.milli) if each.cost.whole else "not priced",
        "settings": {one.name: write_micro(one.micro) for one in each.settings},
        "noticed": each.noticed,
        "of": each.of,
        "gained_flop": f"{each.gained_flop:.6g}",
    }
