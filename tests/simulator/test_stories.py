"""A story says who learned of what, and says what people do in the period in which they do it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from pausenet.files import find_scenario, read_scenario
from pausenet.scenario.acts import ActPlan
from pausenet.simulator.run import RunResult, simulate
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Kind
from pausenet.values import ParticipantId, PeriodIndex

AURORA = ParticipantId("aurora")
PLAIN = read_scenario(find_scenario("amended-limit"))
FAST = 5
"""A seed by which aurora's people act, by its own clock, before a period's true start."""


def proposal(at: int, start: int, by: ParticipantId = AURORA) -> ActPlan:
    terms: dict[str, Json] = {"clause": "lab-total-cap", "limit_pflop": 200_000_000, "start": start}
    return ActPlan.of(by, PeriodIndex(at), Kind.PROPOSAL, terms)


def words(run: RunResult) -> str:
    return " ".join(" ".join(run.transcript).split())


@cache
def amended() -> RunResult:
    return simulate(replace(PLAIN, periods=12))


def test_a_lab_that_then_breaks_a_limit_is_told_to_have_learned_of_it() -> None:
    assert "aurora, birch and cedar learn that the limit on a period falls" in words(amended())


def test_a_limit_that_people_want_is_told_as_agreements_have_it() -> None:
    assert "wants the limit of lab-total-cap to be 2e23 FLOP from period 12 on" in words(amended())
    assert "200000000 PFLOP" not in words(amended())


def test_people_with_a_fast_clock_are_told_of_in_the_period_by_which_they_act() -> None:
    acts = tuple(proposal(at, 20 + at) for at in range(1, 9))
    told = simulate(replace(PLAIN, periods=12, cheats=(), acts=acts), seed=FAST).transcript
    running, found = -1, dict[int, int]()
    for line in told:
        if begins := re.match(r"period (\d+)", line):
            running = int(begins[1])
        if wants := re.search(r"from period (\d+) on$", line):
            found[int(wants[1]) - 20] = running
    assert {at: found.get(at) for at in range(1, 9)} == {at: at for at in range(1, 9)}
