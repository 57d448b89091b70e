"""`pausenet stock` on the run of a lab that hid accelerators, and on its honest twin's."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from pausenet.cli.live_run import open_by_logs
from pausenet.cli.main import invoke
from pausenet.files import find_scenario
from tests.cli.conftest import Called

Call = Callable[..., Called]
STORY = find_scenario("hidden-before-day-one").read_text(encoding="utf-8")
ACTS = STORY[STORY.index("acts:\n") : STORY.index("expect:")]
SAID = ACTS.removeprefix("acts:\n")
OTHER_SIDE = (
    SAID.replace("by: harbour", "by: cedar")
    .replace("counterparty: cedar", "counterparty: harbour")
    .replace("direction: received", "direction: shipped")
)


def simulated(directory: Path, text: str) -> Path:
    story = directory / "story.yaml"
    story.write_text(text.replace("name: hidden-before-day-one", "name: story"), encoding="utf-8")
    out = directory / "run"
    command = ["run", str(story), "--out", str(out), "--display", "none"]
    with redirect_stdout(io.StringIO()):  # so that a test reads its own command's answer alone
        assert invoke(command, debug=False) == 0
    return out


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(tmp_path_factory.mktemp("hidden"), STORY)


def found(call: Call, run: Path) -> dict[str, list[dict[str, object]]]:
    called = call("stock", str(run), "--format", "json")
    assert called.code == 0
    answer: dict[str, list[dict[str, object]]] = json.loads(called.out)
    return answer


def test_what_left_before_day_one_stands_open_by_the_hosts_word_alone(
    hidden: Path, call: Call
) -> None:
    answer = found(call, hidden)
    assert all(line["unexplained"] == 0 for line in answer["lines"])
    (item,) = answer["items"]
    assert (item["item"], item["party"]) == ("one-sided-transfer", "harbour")
    assert (item["period"], item["baseline_verified"], item["defect"]) == (-1, False, False)
    assert answer["left_out"] == []
    text = call("stock", str(hidden)).out
    assert "cedar does not say so (baseline not verified)" in text
    assert "not seen by this account" in text


def told(run: Path) -> str:
    return " ".join((run / "transcript.txt").read_text(encoding="utf-8").split())


def test_the_runs_own_story_tells_the_figures_and_what_stands_open(hidden: Path) -> None:
    story = told(hidden)
    assert "harbour says: transfer (6000 h100-sxm from cedar, before period 0)" in story
    item = "before period 0, harbour: received 6000 h100-sxm from cedar; cedar does not say so"
    assert f"end: open in the chip account: {item}" in story


def test_a_live_run_reads_what_is_open_from_its_logs_or_says_that_it_cannot(
    hidden: Path, tmp_path: Path
) -> None:
    (item,) = open_by_logs(hidden)
    assert item.startswith("before period 0, harbour: received 6000 h100-sxm")
    (other,) = open_by_logs(tmp_path)
    assert other.startswith("the logs cannot be read")


def test_in_its_honest_twin_nothing_is_open(tmp_path: Path, call: Call) -> None:
    run = simulated(tmp_path, STORY.replace(ACTS, f"{ACTS}{OTHER_SIDE}"))
    assert "open in the chip account" not in told(run)
    assert "cedar says: transfer (6000 h100-sxm to harbour, before period 0)" in told(run)
    answer = found(call, run)
    assert answer["items"] == []
    assert "nothing is open" in call("stock", str(run)).out


def test_where_both_keep_silent_the_account_says_what_it_cannot_see(
    tmp_path: Path, call: Call
) -> None:
    run = simulated(tmp_path, STORY.replace(ACTS, ""))
    answer = found(call, run)
    assert answer["items"] == []
    assert "left before the initial declaration" in str(answer["not_seen"][0])


def test_a_log_with_one_changed_entry_is_no_account(hidden: Path, call: Call) -> None:
    bundle = next((hidden / "logs" / "harbour" / "tile" / "entries").rglob("*.p/*"))
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    try:
        assert call("stock", str(hidden)).code == 2
    finally:
        bundle.write_bytes(data)


def test_what_is_no_run_is_refused(tmp_path: Path, call: Call) -> None:
    assert call("stock", str(tmp_path)).code == 2


def test_an_affiliates_site_of_a_scenario_stands_in_the_account_of_its_party(
    tmp_path: Path, call: Call
) -> None:
    clause = "clause: accession, need_ppm: 0, wait_periods: 3, tenants_from_pflop: 0"
    text = STORY.replace("sites: 3}", "sites: 3, affiliates: [willow, aurora]}")
    text = text.replace("periods: 14", "periods: 12").replace(ACTS, "")
    terms = f"agreement:\n  clauses:\n    - {{{clause}, affiliates: true}}\n"
    run = simulated(tmp_path, text + terms)
    assert found(call, run)["affiliates"] == {"cedar": {"cedar-s02": "willow"}}
    account = call("stock", str(run)).out
    assert "cedar answers for willow, its affiliate: cedar-s02 is its own" in account
    assert "aurora, its affiliate" not in account


@pytest.mark.parametrize("gone", ["cedar", "harbour", "verifier-1"])
def test_an_account_without_one_log_says_that_it_is_incomplete(
    hidden: Path, tmp_path: Path, call: Call, gone: str
) -> None:
    shutil.copytree(hidden, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "logs" / gone)
    for account in ("stock", "cases", "ledger"):
        called = call(account, str(tmp_path / "run"))
        assert called.code == 3
        assert called.out.count("is missing here; this account is incomplete") == 1
        assert f"the log of {gone} is missing here" in called.out
        assert "no network cut yet" not in called.out
    for account in ("stock", "cases"):
        answer = json.loads(call(account, str(tmp_path / "run"), "--format", "json").out)
        assert answer["missing"] == [gone]


def test_an_account_with_every_log_lacks_none(hidden: Path, call: Call) -> None:
    for account in ("stock", "cases", "ledger"):
        called = call(account, str(hidden))
        assert called.code == 0
        assert "incomplete" not in called.out
