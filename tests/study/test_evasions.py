"""The table of all evasions, and the combinations that were held out."""

from __future__ import annotations

import csv
import io
import math

import pytest

from pausenet.files.scenario import read_scenario
from pausenet.files.stories import evasion_names, find_scenario
from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.outcome.unreckoned import shown_by_logs
from pausenet.simulator.outside import outside_of
from pausenet.study.evasions import COLUMNS, comma_separated, kernel_differences, page, row
from pausenet.study.held_out import EVADER, combinations, in_sample, overall
from pausenet.values import ParticipantId


def test_every_evasion_has_a_scenario_where_it_succeeds_and_one_where_it_is_caught() -> None:
    wanted = {f"{kind.lower()}-{how}" for kind in EvasionKind for how in ("caught", "succeeds")}
    assert {*evasion_names()} == wanted
    assert {*EVASIONS} == {*EvasionKind}


def story(kind: EvasionKind, how: str) -> Scenario:
    return read_scenario(find_scenario(f"{kind.lower()}-{how}"))


def noticed(scenario: Scenario, kind: EvasionKind) -> dict[ChannelKind, float]:
    """With what chance each channel has alarmed about the evader by the end."""
    evader = next(plan.by for plan in scenario.evasions if plan.kind is kind)
    return {
        row.channel: 1.0 - math.prod(1.0 - chance for chance in row.chances)
        for row in outside_of(scenario).rows
        if row.lab == evader
    }


@pytest.mark.parametrize("kind", EvasionKind)
def test_it_is_caught_by_what_the_design_document_names_for_it(kind: EvasionKind) -> None:
    scenario, model = story(kind, "caught"), EVASIONS[kind]
    seen = noticed(scenario, kind)
    named = [seen[channel] for channel in model.seen_by if channel in seen]
    expected = {fault for each in scenario.expect.findings for fault in each.faults}
    assert max(named, default=0.0) > 0.5 or expected & {*model.faults}


@pytest.mark.parametrize("kind", EvasionKind)
def test_where_it_succeeds_no_channel_sees_much_and_nothing_is_found(kind: EvasionKind) -> None:
    scenario = story(kind, "succeeds")
    assert max(noticed(scenario, kind).values(), default=0.0) < 0.2
    assert not scenario.expect.findings
    assert not scenario.expect.leads


def test_a_row_has_every_column_and_is_checked_by_what_the_kernels_give_now() -> None:
    found = row("e01-caught", replications=1, runs=500, jobs=1)
    assert {*found.cells()} == {*COLUMNS}
    text = comma_separated([found])
    (told,) = csv.DictReader(io.StringIO(text))
    assert told["runs"] == "1"
    assert told["kernel_runs"] == "500"
    assert float(told["kernel_noticed"]) > 0.8
    now = [each for each in kernel_differences(text) if "e01-caught" in each]
    assert now == []
    stale = kernel_differences(text.replace(told["kernel_noticed"], "0.5000"))
    assert any("e01-caught: kernel_noticed is" in each for each in stale)
    assert "e01-caught" in page([found], "a command")


def test_the_held_out_combinations_meet_every_channel_and_evade_together() -> None:
    found = combinations()
    assert len(found) == 5
    for title, scenario in found:
        assert title
        assert {plan.by for plan in scenario.evasions} == {EVADER}
        assert len({plan.kind for plan in scenario.evasions}) > 1
        assert len(scenario.channels) == 26
    inside = in_sample(runs=50)
    assert [each.evasions for each in inside] == sorted(
        {*EvasionKind} - {EvasionKind.E11, EvasionKind.E19}
    )
    assert overall(inside).of == 50 * len(inside)


def test_what_only_logs_show_is_not_reckoned_and_what_they_also_show_is_a_lower_bound() -> None:
    forked, silent, plain = (
        row(name, replications=0, runs=200, jobs=1)
        for name in ("e11-caught", "e12-caught", "e01-succeeds")
    )
    assert (forked.kernel, forked.cells()["kernel_noticed"]) == ((), "")
    told = page([forked, silent, plain], "a command")
    assert "not reckoned: logs alone show it" in told
    assert told.count("| at least") == 1, "in the row of the one that also falls silent"
    assert silent.cells()["shown_by_logs"] == "silent"
    assert plain.cells()["shown_by_logs"] == ""
    assert "not reached FLOP" not in told


def test_logs_show_who_speaks_late_but_for_a_league_of_clocks_and_no_severed_slice() -> None:
    kinds = {
        name: shown_by_logs(read_scenario(find_scenario(name)), ParticipantId("birch"))
        for name in ("e13-caught", "e13-succeeds", "e04-caught")
    }
    assert kinds == {"e13-caught": (CheatKind.BACKDATED,), "e13-succeeds": (), "e04-caught": ()}


def test_a_row_says_what_verification_and_the_evasion_cost() -> None:
    hall = row("e06-caught", replications=0, runs=50, jobs=1).cells()
    assert float(hall["verification_inspector_days_yearly"]) > 0.0
    assert float(hall["evader_people"]) > float(hall["verification_people"]) > 0.0
    low, high = float(hall["kernel_low"]), float(hall["kernel_high"])
    assert low < float(hall["kernel_noticed"]) < high
