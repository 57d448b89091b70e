"""`pausenet cases` on the run of a lab whose proven breach speaks for itself and has its price."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.cli.live_run import decided_by_logs
from pausenet.cli.main import invoke
from tests.cli.conftest import Called
from tests.cli.test_stock import simulated

Call = Callable[..., Called]
STORY = """\
question: What does a proven breach cost, and whom?
name: hidden-before-day-one
seed: 5
periods: 12
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
adjudicators: [scale]
agreement:
  self_executing: [F6]
  clauses:
    - clause: stake
      deposit_usd: 500
      losses: [{grade: confirmed, amount_usd: 400}, {grade: plausible, amount_usd: 100}]
cheats:
  - {by: birch, kind: over-cap, from: 4, amount: 30 %}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(tmp_path_factory.mktemp("cases"), STORY)


def test_a_breach_is_told_with_its_case_its_rung_and_its_price(run: Path, call: Call) -> None:
    called = call("cases", str(run))
    assert called.code == 0
    assert "the case of birch, F6 of period 4: final" in called.out
    assert "birch: breach-found; rung: notice; lost of its stake: US$ 400" in called.out
    final = re.search(r"cut of period (\d+): the case of birch, F6 of period 4: final", called.out)
    assert final is not None
    assert f"birch owes US$ 400, final by the cut of period {final[1]}, for a" in called.out
    assert "aurora: in-force; rung: none\n" in called.out


def test_the_runs_own_story_ends_with_the_same_decision(run: Path) -> None:
    words = " ".join((run / "transcript.txt").read_text(encoding="utf-8").split())
    assert "end: a breach by birch over F6 of" in words
    assert "; of its stake birch owes US$ 400" in words
    assert "aurora owes" not in words


def test_a_live_run_reads_the_decision_from_its_logs_or_says_that_it_cannot(
    run: Path, tmp_path: Path
) -> None:
    assert "of its stake birch owes US$ 400" in decided_by_logs(run)[1]
    life, (told,) = decided_by_logs(tmp_path)
    assert not life.moves
    assert told.startswith("what the panel decided cannot be read from the logs")


def test_as_json_it_says_the_same(run: Path, call: Call) -> None:
    found = json.loads(call("cases", str(run), "--format", "json").out)
    moves = {(each["party"], each["charge"], each["stage"]) for each in found["moves"]}
    assert ("birch", "F6 of period 4", "final") in moves
    assert {each["party"]: each["rung"] for each in found["parties"]} == {
        "aurora": "none",
        "birch": "notice",
    }


def test_the_runs_own_json_has_the_cases_and_the_decisions_of_its_text(
    run: Path, call: Call
) -> None:
    outcome = json.loads((run / "run.json").read_text(encoding="utf-8"))["outcome"]
    found = json.loads(call("cases", str(run), "--format", "json").out)
    assert outcome["cases"] == {key: found[key] for key in ("moves", "parties")}
    assert outcome["cases"]["moves"]
    words = " ".join((run / "transcript.txt").read_text(encoding="utf-8").split())
    assert f"end: {'; '.join(outcome['decided'])}" in words
    assert "of its stake birch owes US$ 400" in outcome["decided"]


def test_a_log_with_one_changed_entry_gives_no_answer(run: Path, call: Call) -> None:
    bundle = next((run / "logs" / "birch" / "tile" / "entries").rglob("*.p/*"))
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    try:
        assert call("cases", str(run)).code == 2
    finally:
        bundle.write_bytes(data)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    assert invoke(["cases", str(tmp_path)], debug=False) == 2
