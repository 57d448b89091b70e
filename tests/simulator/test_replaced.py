"""A verifier is replaced while the network runs: every promise holds, whatever breaks meanwhile."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from pausenet.protocol.messages import Area, Effect, Event, Fsync, Restart, Told, Write
from pausenet.scenario.changes import ChangePlan, JoinPlan, LeavePlan
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.run import RunResult, simulate
from pausenet.simulator.swarm import SwarmOptions
from pausenet.statements.finding import Fault, Grade
from pausenet.values import REGISTER_ORIGIN, ParticipantId, PeriodIndex
from tests.simulator.small import BIRCH, SMALL
from tests.simulator.swarms import KINDS, brief

NEW, OLD = ParticipantId("verifier-5"), ParticipantId("verifier-2")
CHANGES: tuple[ChangePlan, ...] = (
    JoinPlan(verifier=NEW, bloc="five", admitted=PeriodIndex(1), first=PeriodIndex(3)),
    LeavePlan(verifier=OLD, first=PeriodIndex(5)),
)
STEPS = ("register.admits", "register.joins", "register.leaves")
CHUNK = 10
SEEDS = max(CHUNK, int(os.environ.get("PAUSENET_SEEDS", "10")) // 10)
"""A tenth of the swarm's."""


def replaced(**more: object) -> Scenario:
    """Two periods a change; the liveness phase of a swarm begins with the second."""
    return brief(periods=9, changes=CHANGES, **more)


@cache
def cheated() -> tuple[RunResult, dict[ParticipantId, list[tuple[Event, tuple[Effect, ...]]]]]:
    steps: dict[ParticipantId, list[tuple[Event, tuple[Effect, ...]]]] = {}

    def record(who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        steps.setdefault(who, []).append((event, effects))

    cheat = CheatPlan(by=BIRCH, kind=CheatKind.OVER_CAP, start=PeriodIndex(5))
    return simulate(replaced(cheats=(cheat,)), recorder=record), steps


def test_the_new_quorum_finds_a_lab_that_cheats_after_the_change() -> None:
    result, _ = cheated()
    assert result.violations == ()
    assert [result.fired[step] for step in STEPS] == [1, 1, 1]
    found = {(each.fault, each.accused, each.grade) for each in result.findings}
    assert (Fault.F6, BIRCH, Grade.CONFIRMED) in found
    assert {accused for _, accused, _ in found} == {BIRCH}


def test_everybody_follows_each_change_once_and_writes_it_down_before() -> None:
    _, steps = cheated()
    for who, taken in steps.items():
        restarts = [effects for _, effects in taken if Restart() in effects]
        assert len(restarts) == (2 if who == NEW else 3), who  # it was set up with the first
        for effects in restarts:
            heads = [
                at
                for at, each in enumerate(effects)
                if isinstance(each, Write)
                and (each.area, each.log) == (Area.CHECKPOINT, REGISTER_ORIGIN)
            ]
            assert len(heads) == 1
            assert Fsync() in effects[heads[0] :]
            assert effects[-1] == Restart()


def test_who_does_not_count_says_nothing_of_a_period() -> None:
    """The newcomer endorses no cut before its first period, who has left none from its last on."""
    result, steps = cheated()
    said: dict[ParticipantId, set[int]] = {NEW: set(), OLD: set()}
    for who, periods in said.items():
        for _, effects in steps[who]:
            for each in effects:
                facts = dict(getattr(each, "facts", ()))
                if getattr(each, "told", None) is Told.APPENDED and facts["kind"] == "endorsement":
                    periods.add(int(facts["period"]))
    assert said[NEW] == set(range(3, result.scenario.periods))
    assert said[OLD] == set(range(5))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_a_change_under_crashes_partitions_and_attacks_breaks_no_promise(first: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(first, first + CHUNK):
        options = SwarmOptions(attack_ppm=500_000, attacks=KINDS)
        result = simulate(replaced(), seed=seed, swarm=options)
        assert not result.violations, (
            f"seed {seed}: {result.violations[:3]}\nwith {result.faults.describe()}"
        )
        happened.update(name for name, count in result.fired.items() if count)
    assert all(happened[step] >= CHUNK - 3 for step in STEPS), happened
    assert happened["node.crash"]
    assert happened["network.partition"] or happened["network.cut"]


def test_changes_that_cannot_be_are_refused() -> None:
    for changes in (
        (LeavePlan(verifier=OLD, first=PeriodIndex(5)),),
        (CHANGES[0], LeavePlan(verifier=ParticipantId("larch"), first=PeriodIndex(5))),
        (CHANGES[0], LeavePlan(verifier=OLD, first=PeriodIndex(3))),
        (CHANGES[0], replace(CHANGES[1], first=PeriodIndex(40))),
        (CHANGES[0], CHANGES[0]),
    ):
        with pytest.raises(ValueError, match=r"changes|two participants"):
            replace(SMALL, changes=changes)
    with pytest.raises(ValueError, match="admitted"):
        replace(CHANGES[0], first=PeriodIndex(2))
