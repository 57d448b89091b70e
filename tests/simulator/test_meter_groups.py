"""Who controls a lab's meter is the scenario's to say; findings that rest on it tell it."""

from __future__ import annotations

from dataclasses import replace

from pausenet.cli.network import participants_of
from pausenet.files import parse_scenario, write_scenario
from pausenet.scenario.plan import CheatKind, Scenario
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import setting_of
from pausenet.statements.finding import Fault
from tests.simulator.small import BIRCH, SMALL, cheating


def controlled(scenario: Scenario, group: str) -> Scenario:
    labs = tuple(replace(lab, meter_group=group) for lab in scenario.labs)
    return replace(scenario, verifiers=scenario.verifiers[:1], labs=labs)


def groups(scenario: Scenario) -> dict[str, str]:
    members = setting_of(scenario).register.members
    return {lab.meter: members[lab.meter].group for lab in scenario.labs}


def test_a_meter_stands_alone_unless_the_scenario_says_otherwise() -> None:
    assert groups(SMALL) == {"aurora-meter": "aurora-meter", "birch-meter": "birch-meter"}
    assert groups(controlled(SMALL, "utility")) == dict.fromkeys(groups(SMALL), "utility")


def test_a_real_network_registers_the_same_groups() -> None:
    told = controlled(SMALL, "utility")
    addresses = {plan.name: "127.0.0.1:1" for plan in told.verifiers}
    found = {str(each.id): each.group for each in participants_of(told, addresses)}
    assert groups(told).items() <= found.items()


def test_a_discrepancy_says_that_both_sides_are_in_one_hand() -> None:
    told = controlled(cheating(CheatKind.UNDER_DECLARATION, amount_ppm=200_000), BIRCH)
    result = simulate(told)
    (finding,) = result.findings
    assert (finding.accused, finding.fault) == (BIRCH, Fault.F7)
    said = " ".join(" ".join(result.transcript).split())
    assert "read by birch-meter (group birch), declared by birch (group birch)" in said


def test_the_group_is_read_and_written_back() -> None:
    text = "question: Who holds the meter?\nname: held\nlabs:\n"
    text += (
        "  - {name: elm, accelerators: 900, meter_group: elm}\n  - {name: fir, accelerators: 5}\n"
    )
    found = parse_scenario(text, name="s.yaml", stem="s")
    assert [lab.controls_meter for lab in found.labs] == ["elm", "fir-meter"]
    assert parse_scenario(write_scenario(found), name="r", stem="r") == found
