"""One core, two shells: what a real node did is what the simulator's machine does.

`make test` runs two scenarios, CI (PAUSENET_STORIES=all) three; with PAUSENET_LIVE=all
(`make soak`) all, with five seeds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pausenet.cli.live_run import load_scenario
from pausenet.files.stories import story_names
from pausenet.protocol import rules
from pausenet.protocol.messages import Effect, Event, Machine, SetTimer
from pausenet.scenario.plan import Scenario
from pausenet.values import NetworkTime, ParticipantId
from tests.integration.live import differences, job_records, kept_elsewhere, quick, run_live
from tests.salted import leaks, unopened
from tests.stories import ALL_STORIES

pytestmark = [pytest.mark.processes, pytest.mark.slow]

ALL = os.environ.get("PAUSENET_LIVE", "") == "all"
SIMULATED_ONLY = ("verifier-replaced",)
"""A live network does not give a newcomer its address (LIMITATIONS.md)."""
LIVE = tuple(name for name in story_names() if name not in SIMULATED_ONLY)
SOME = ("restored-backup", "two-faces") if ALL_STORIES else ("restored-backup",)
"""Beside under-declaration, which the test of a changed timer runs."""
NAMES = LIVE if ALL else SOME
SEEDS = range(1, 6) if ALL else (0,)
"""Added to the scenario's own seed."""
VERIFIER = ParticipantId("verifier-2")


class SlowTimer:
    """A machine that asks to be woken a second late."""

    def __init__(self, inner: Machine) -> None:
        self._inner = inner

    @property
    def id(self) -> ParticipantId:
        return self._inner.id

    def step(self, event: Event) -> tuple[Effect, ...]:
        return tuple(map(_late, self._inner.step(event)))


def _late(effect: Effect) -> Effect:
    return SetTimer(at=NetworkTime(effect.at + 1)) if isinstance(effect, SetTimer) else effect


def story(name: str, seed: int = 0) -> Scenario:
    scenario = quick(load_scenario(name, None))
    return replace(scenario, seed=scenario.seed + seed)


def test_only_stories_in_which_somebody_joins_are_not_run_live() -> None:
    joins = [name for name in story_names() if load_scenario(name, None).changes]
    assert tuple(joins) == SIMULATED_ONLY


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_same_core(name: str, seed: int, tmp_path: Path) -> None:
    ran = run_live(tmp_path, story(name, seed))
    assert differences(ran, ran.makers()) == []
    for lab in ran.scenario.labs:
        kept = kept_elsewhere(ran.directory, lab.name)
        leaves = unopened(job_records(ran.directory, lab.name), kept)
        assert leaves, "it kept its records"
        # Every twentieth: the simulator's test looks for them all.
        assert [leaf for leaf in leaves[::20] if leaks(leaf, kept)] == []


def test_a_changed_timer_and_a_swapped_rule_are_told_from_the_same_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run_live(tmp_path, story("under-declaration"))
    makers = ran.makers()
    assert differences(ran, makers) == []

    honest = makers[VERIFIER]

    def late(start: int) -> Machine:
        return SlowTimer(honest(start))

    found = differences(ran, {VERIFIER: late})
    assert found[0] == f"{VERIFIER}: start 1, step 0: other effects"

    monkeypatch.setattr(rules, "SERIES", replace(rules.SERIES, row_milli=-5_000))
    found = differences(ran, {VERIFIER: honest})
    assert any("other effects" in line for line in found)
    assert f"{VERIFIER}: other evidence" in found


def test_a_codec_that_drops_a_field_is_told_from_the_same_core(tmp_path: Path) -> None:
    ran = run_live(
        tmp_path, story("honest"), plants={VERIFIER: "drop-a-field"}, enough=_some_seconds(5)
    )
    found = differences(ran, ran.makers())
    assert found
    assert {line.partition(": ")[2] for line in found} == {f"a message that {VERIFIER} never sent"}


def _some_seconds(count: float) -> Callable[[], None]:
    return lambda: time.sleep(count)
