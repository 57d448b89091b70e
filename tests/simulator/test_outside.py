"""Evasions of the book and the channels outside the protocol."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from pausenet.errors import MalformedFile, Misuse
from pausenet.files.resolved import write_scenario
from pausenet.files.scenario import parse_scenario
from pausenet.scenario.evasions import ChannelKind, ChannelPlan, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import CheatKind, LabPlan, Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.adversary.evasions.e20_breakout import breakout_days
from pausenet.simulator.channels import CHANNELS, alpha_of
from pausenet.simulator.outcome.evading import courses_of
from pausenet.simulator.outside import CATALOGUE, outside_of, with_cheats
from pausenet.simulator.run import simulate
from pausenet.simulator.traces import UNITS, Footprint, Trace, together
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.watching import chances

TEXT = """
question: Is it noticed?
name: outside
periods: 26
period: 7 days
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 40000}}
channels: [satellite, {kind: insiders, false_alarms: 1 %, with: {ever_found: 100 %}}]
"""

LARGE = LabPlan(
    name=ParticipantId("aurora"),
    accelerators=4_000_000,
    sites=1,
    utilisation_ppm=600_000,
    training_ppm=500_000,
)


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)


@pytest.mark.parametrize("kind", EVASIONS)
def test_an_evasion_leaves_nothing_outside_its_window(kind: EvasionKind) -> None:
    told = scenario()
    plan = EvasionPlan(
        by=ParticipantId("birch"), kind=kind, start=PeriodIndex(5), until=PeriodIndex(9)
    )
    left = EVASIONS[kind].footprint(told, plan)
    for by_period in (*left.traces.values(), left.gained_flop):
        assert not any(by_period[:5])
        assert not any(by_period[9:])
    assert any(any(by_period) for by_period in left.traces.values()) or left.cheats
    assert left.costs.amounts != (0.0,) * 5, "no evasion is free"


@pytest.mark.parametrize("kind", EVASIONS)
def test_an_evasion_has_something_to_choose_and_gains_but_for_silence_which_serves_others(
    kind: EvasionKind,
) -> None:
    model = EVASIONS[kind]
    assert any(figure.low < figure.high for figure in model.parameters.values())
    plan = EvasionPlan(by=ParticipantId("birch"), kind=kind, start=PeriodIndex(5))
    gained = model.footprint(scenario(), plan).gained_flop
    assert any(gained) is (kind is not EvasionKind.E18)


@pytest.mark.parametrize("kind", EVASIONS)
def test_an_evasion_is_seen_by_a_channel_or_by_the_protocol(kind: EvasionKind) -> None:
    model = EVASIONS[kind]
    assert model.seen_by or model.faults
    plan = EvasionPlan(by=ParticipantId("birch"), kind=kind, start=PeriodIndex(5))
    traces = model.footprint(scenario(), plan).traces
    for channel in model.seen_by:
        if channel in CHANNELS:
            assert CHANNELS[channel].senses in traces, f"{channel} senses nothing of {kind}"


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_channel_that_sees_nothing_keeps_its_false_alarm_rate(kind: ChannelKind) -> None:
    told = replace(scenario(), evasions=(), channels=(ChannelPlan(kind=kind),), periods=52)
    row = outside_of(told).rows[0]
    quiet = math.prod(1.0 - chance for chance in row.chances)
    assert 1.0 - quiet == pytest.approx(1.0 - 0.95 ** (52 * 7 / 365), abs=1e-9)


@pytest.mark.parametrize("kind", CHANNELS)
def test_chances_are_chances_whatever_the_trace(kind: ChannelKind) -> None:
    for size in (1e-6, 0.5, 1.0, 1e3, 1e9):
        found = chances(kind, (0.0,) * 4 + (size,) * 22)
        assert len(found) == 26
        assert all(0.0 <= chance <= 1.0 for chance in found)


def test_a_larger_trace_of_two_evasions_stands_or_both_add_up() -> None:
    for model in CHANNELS.values():
        left = Footprint(traces={model.senses: (0.5,) * 26}, gained_flop=(0.0,) * 26)
        assert together([left, left], 26).of(model.senses)[0] in (0.5, 1.0)


def test_leads_of_a_seed_are_the_same_and_other_channels_do_not_move_them() -> None:
    told = scenario()
    both = outside_of(told).leads(7)
    assert both == outside_of(told).leads(7)
    one = replace(told, channels=told.channels[:1])
    assert outside_of(one).leads(7) == tuple(
        lead for lead in both if lead.channel is ChannelKind.SATELLITE
    )


def test_a_scenario_with_evasions_is_written_back_whole() -> None:
    told = scenario()
    assert parse_scenario(write_scenario(told), name="again", stem="again") == told


def test_the_cheats_of_an_evasion_come_in_once() -> None:
    once = with_cheats(scenario())
    assert [cheat.by for cheat in once.cheats] == ["birch"]
    assert with_cheats(once) == once
    also = replace(once.evasions[0], kind=EvasionKind.E07, settings=())
    both = with_cheats(replace(scenario(), evasions=(once.evasions[0], also)))
    assert both.cheats == once.cheats, "one hall that nobody declares, whatever fills it"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("accelerators: 40000}}", "acelerators: 40000}}", 'did you mean "accelerators"'),
        ("accelerators: 40000}}", "accelerators: 3 MW}}", "a number of accelerators"),
        ("kind: E06", "kind: E60", "expected one of E01"),
        ("by: birch, kind: E06", "by: beech, kind: E06", 'no lab named "beech"'),
        ("from: 5", "from: 26", "expected a period before 26"),
        ("from: 5", "from: 5, until: 5", "until: not after from"),
        ("[satellite, {kind: insiders", "[insiders, {kind: insiders", "stated twice"),
        ("false_alarms: 1 %", "false_alarms: 101 %", "0..100 %"),
        ("ever_found: 100 %", "ever_found: -1", "expected a number"),
    ],
)
def test_a_wrong_setting_is_refused_where_it_stands(old: str, new: str, where: str) -> None:
    assert old in TEXT
    with pytest.raises(MalformedFile, match=r"here:\d+:\d+ ") as caught:
        scenario(TEXT.replace(old, new))
    assert where in str(caught.value)


def test_settings_are_checked_without_a_file_too() -> None:
    plan = EvasionPlan(
        by=ParticipantId("birch"),
        kind=EvasionKind.E06,
        start=PeriodIndex(5),
        settings=(Setting(name="rooms", micro=1),),
    )
    with pytest.raises(Misuse, match="rooms"):
        outside_of(replace(scenario(), evasions=(plan,)))


def test_every_trace_has_a_unit_and_traces_of_two_evasions_are_joined() -> None:
    assert {*UNITS} == {*Trace}
    one = Footprint(traces={Trace.WORKERS: (1.0, 2.0)}, gained_flop=(1.0, 0.0))
    two = Footprint(traces={Trace.SILENCED: (0.5, 0.5)}, gained_flop=(0.0, 3.0))
    both = together([one, two, two], 2)
    assert both.of(Trace.WORKERS) == (1.0, 2.0)
    assert both.of(Trace.SILENCED) == (0.5, 0.5)
    assert both.gained_flop == (1.0, 6.0)


def test_the_yearly_false_alarm_rate_does_not_hang_on_the_period() -> None:
    daily = alpha_of(50_000, period_days=1.0)
    assert 1.0 - (1.0 - daily) ** 7 == pytest.approx(alpha_of(50_000, period_days=7.0))


def test_a_meter_that_lies_with_its_lab_leaves_the_protocol_nothing_to_find() -> None:
    text = TEXT.replace("kind: E06, from: 5, with: {accelerators: 40000}", "kind: E09, from: 5")
    told = replace(scenario(text), channels=(), periods=14, seed=4)
    assert [(cheat.by, cheat.kind) for cheat in with_cheats(told).cheats] == [
        ("birch", CheatKind.UNDER_DECLARATION),
        ("birch-meter", CheatKind.LOW_METER),
    ]
    run = simulate(told)
    assert run.fired["cheat.low-meter"] > 0
    assert run.findings == ()
    assert {*courses_of(run.scenario)} == {"birch"}


def test_a_sprint_ends_when_it_has_the_threshold() -> None:
    text = TEXT.replace("kind: E06, from: 5, with: {accelerators: 40000}", "kind: E20, from: 2")
    left = outside_of(replace(scenario(text), channels=())).footprints[ParticipantId("birch")]
    assert not any(left.gained_flop[:18])
    assert left.gained_flop[18] == pytest.approx(1e26 * 7 / breakout_days(6_000, 1e26))
    assert left.of(Trace.STAGED)[17] == 6_000
    assert left.of(Trace.STAGED)[18] == 0
    fast = replace(scenario(text), channels=(), labs=(LARGE, *scenario(text).labs[1:]))
    assert fast.labs[0].accelerators == 4_000_000
    plan = EvasionPlan(by=LARGE.name, kind=EvasionKind.E20, start=PeriodIndex(2))
    gained = EVASIONS[EvasionKind.E20].footprint(fast, plan).gained_flop
    assert sum(gained) == pytest.approx(1e26)
    assert gained[-1] == 0.0


def test_silence_takes_people_away_from_those_who_may_speak_and_nothing_else() -> None:
    silent = TEXT.replace(
        "channels:", "  - {by: birch, kind: E18, from: 5, with: {silenced: 90 %}}\nchannels:"
    )
    one, other = outside_of(scenario()), outside_of(scenario(silent))
    for before, after in zip(one.rows, other.rows, strict=True):
        if before.lab != "birch" or before.channel is not ChannelKind.INSIDERS:
            assert after == before
        else:
            assert sum(after.chances) < sum(before.chances)
