"""What an evader that knows the plan would do, in words or as JSON."""

from __future__ import annotations

import orjson

from pausenet.cli.live_run import load_scenario
from pausenet.cli.measured_words import share_text
from pausenet.cli.options import Format
from pausenet.cli.program import command
from pausenet.errors import Misuse
from pausenet.files.amounts import PPM, share_ppm, span_s, write_micro
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import DAY_S
from pausenet.simulator.adversary.adaptive import Choice, Response, adapted, best_response
from pausenet.simulator.outcome import watched_days
from pausenet.simulator.outcome.kernel import KernelEvasion, measure_by_kernel
from pausenet.statements.canonical import Json


def adapted_answer(
    *, named: str, kind: str, bears: str, within: str, trials: int, runs: int, format: Format
) -> str:
    """Search, measure the answer on other seeds, and tell it."""
    scenario = load_scenario(named, None)
    try:
        what = EvasionKind(kind)
        risk, goal_days = share_ppm(bears) / PPM, span_s(within) / DAY_S
    except ValueError as error:
        raise Misuse(f"evasions adapt: {error}") from error
    goal_days = min(goal_days, watched_days(scenario))
    found = best_response(scenario, what, bears=risk, runs=trials, goal_days=goal_days)
    seen: tuple[KernelEvasion, ...] = ()
    if found.evades:
        answer = adapted(scenario, what, found.chosen[0])
        seen = measure_by_kernel(answer, runs, goal_days=goal_days).evasions[:1]
    if format is Format.JSON:
        return orjson.dumps(_json(found, seen), option=orjson.OPT_SORT_KEYS).decode() + "\n"
    repeat = command(
        "evasions",
        "adapt",
        named,
        "--kind",
        what,
        "--bears",
        bears,
        "--within",
        within,
        "--trials",
        trials,
        "--runs",
        runs,
    )
    return "\n".join((*_told(found, seen, risk, goal_days), f"Repeat: {repeat}", ""))


def _told(
    found: Response, seen: tuple[KernelEvasion, ...], risk: float, goal_days: float
) -> list[str]:
    if not found.evades:
        return [
            f"Of {found.tried} ways to do it none is noticed in at most {risk:.0%} of its trial "
            f"runs within {goal_days:g} days: this evader keeps the rules.",
            *_limits(found),
        ]
    choice = found.chosen[0]
    settings = ", ".join(f"{each.name} {write_micro(each.micro)}" for each in choice.settings)
    return [
        f"Of {found.tried} ways it takes: {settings}.",
        f"On its own seeds that was noticed within {goal_days:g} days in {choice.noticed} of "
        f"{choice.of} runs; unnoticed it gains {choice.gained_flop:.2g} FLOP.",
        *(f"On other seeds it was noticed in {share_text(each.within)}." for each in seen),
        *_limits(found),
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
        "settings": {one.name: write_micro(one.micro) for one in each.settings},
        "noticed": each.noticed,
        "of": each.of,
        "gained_flop": f"{each.gained_flop:.6g}",
    }
