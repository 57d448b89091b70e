"""What a scenario gives as an interval is drawn for each run, and said."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pausenet.cli.live_run import load_drawn, load_scenario
from pausenet.cli.measured_words import drawn_sentences, finding_sentences
from pausenet.files.resolved import write_scenario
from pausenet.files.scenario import read_scenario
from pausenet.scenario.evasions import (
    ChannelKind,
    ChannelPlan,
    EvasionKind,
    EvasionPlan,
    Setting,
)
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.drawing import drawn, spreads_of
from pausenet.simulator.outcome import measure, replicate
from pausenet.values import PeriodIndex
from tests.cli.conftest import Called
from tests.simulator.small import SMALL, cheating

Call = Callable[..., Called]
STORY = replace(
    cheating(CheatKind.UNDER_DECLARATION, amount_ppm=30_000), verifiers=SMALL.verifiers[:1]
)


def test_numbers_given_as_intervals_are_drawn_for_each_run_and_said(
    call: Call, tmp_path: Path
) -> None:
    story = tmp_path / "unsure.yaml"
    text = write_scenario(replace(STORY, name="unsure"))
    assert "amount: 30000 ppm" in text
    story.write_text(text.replace("amount: 30000 ppm", "amount: 2 % to 10 %", 1))
    out, again = tmp_path / "many", tmp_path / "one"
    many = call(
        *("run", str(story), "--replications", "2", "--jobs", "1", "--out", str(out)),
        *("--display", "plain"),
    )
    assert many.code == 0
    assert "birch (under-declaration of 2 % to 10 % from period 6)" in many.out
    assert "Drawn: anew for each run, log-normal" in many.out
    assert "cheats.0.amount 2 % to 10 %" in many.out
    assert "amount: 20000 ppm to 100000 ppm" in (out / "scenario.yaml").read_text()
    assert read_scenario(out / "scenario.yaml") == read_scenario(story)
    with (out / "results.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["party"] == "birch"]
    assert len({row["amount_ppm"] for row in rows}) == 2
    one = call(
        *("run", str(story), "--seed", rows[1]["seed"], "--out", str(again)), *("--display", "none")
    )
    assert one.code == 0
    assert f"amount: {rows[1]['amount_ppm']} ppm\n" in (again / "scenario.yaml").read_text()
    with (out / "replications.csv").open() as table:
        made = list(csv.DictReader(table))[1]
    assert made["drawn"] == f"cheats.0.amount_ppm={rows[1]['amount_ppm']}"
    assert json.loads((again / "run.json").read_text())["network_id"] == made["network_id"]


def test_a_network_of_real_processes_begins_with_numbers(tmp_path: Path) -> None:
    story = tmp_path / "unsure.yaml"
    lab = replace(STORY.labs[0], accelerators=Spread(10_000, 40_000))
    unsure = replace(STORY, labs=(lab, *STORY.labs[1:]), name="unsure")
    story.write_text(write_scenario(unsure))
    assert load_scenario(str(story), 9) == replace(unsure, seed=9)
    assert load_drawn(str(story), 9) == drawn(replace(unsure, seed=9), 9)
    assert spreads_of(load_drawn(str(story), None)) == ()


def test_an_evasion_of_the_book_is_named_with_what_is_drawn_of_it() -> None:
    size = Setting(name="accelerators", micro=Spread(2_000_000_000, 8_500_000_000))
    hides = EvasionPlan(
        by=STORY.labs[1].name, kind=EvasionKind.E06, start=PeriodIndex(6), settings=(size,)
    )
    told = replace(
        STORY, cheats=(), evasions=(hides,), channels=(ChannelPlan(kind=ChannelKind.INSIDERS),)
    )
    found = measure(told, [replicate(told, 0)], goal_days=10.0, level=0.95)
    first = finding_sentences(told, found)[0]
    assert first.startswith("birch (E06 from period 6) was suspected within 10 days in ")
    assert drawn_sentences(told) == (
        "anew for each run, log-normal with these 90 % intervals: "
        "evasions.0.settings.accelerators 2000 to 8500.",
    )
    assert drawn_sentences(replace(told, evasions=())) == ()
