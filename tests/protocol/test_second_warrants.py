"""The two verifiers draw the same claim from warrants and F6 signed anew, true and nearly true.

A changed byte breaks a signature and stops both at once. Here the signatures hold, and what is
signed is right, just right, or wrong in one place.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pausenet.protocol.evidence import (
    EndorsedCut,
    Material,
    decode_bundle,
)
from pausenet.protocol.register import Register
from pausenet.statements.agreement import ALL_NAMED, UNCONDITIONAL, Activation
from pausenet.statements.finding import Fault
from pausenet.statements.reading import Reading
from pausenet.values import NetworkTime, WattHours
from tests.protocol.agreed import agreed, shown, signed
from tests.protocol.builders import Paper
from tests.protocol.bundles import FAULT_OF, all_bundles
from tests.protocol.paper import index, name, register, silence, usage

# ------------------------------------------------------------------------------------- warrants


@pytest.mark.parametrize("verifiers", [1, 4, 7])
def test_of_silences(verifiers: int) -> None:
    held = register(verifiers=verifiers)
    paper, f = Paper(held), held.quorum.f
    said = [
        [
            paper.log(who).say(silence(held, held.origin_of(name("birch")), due))
            for who in held.verifiers
        ]
        for due in (2, 3, 5)
    ]
    answers = [paper.use("birch", number) for number in (2, 3, 5)]
    groups = [each[: f + 1] for each in said]
    flat = [entry for group in groups for entry in group]
    good = [
        signed(*groups[0]),
        signed(*said[1][-f - 1 :]),
        signed(*flat),
        signed(*flat, *answers),
    ]
    wrong = [
        signed(*answers),
        signed(*flat, *answers[:2]),
        signed(*flat, *reversed(answers)),
        signed(*groups[1], *groups[0]),
        signed(*groups[0], *groups[0]),
        signed(*answers[:1], *groups[0]),
        signed(*groups[0], answers[1]),
        signed(*groups[0], paper.read("birch", 2)),
    ]
    if f:
        wrong += [signed(*said[0]), signed(*reversed(groups[0])), signed(*flat[:-1])]
    assert shown(held, Fault.F5, good) == [True] * len(good)
    assert shown(held, Fault.F5, wrong) == [False] * len(wrong)


def test_of_silences_about_nobody_who_owes() -> None:
    held = register()
    for origin in (held.origin_of(name("verifier-1")), held.origin_of(name("registrar"))):
        paper, entries = Paper(held), []
        for who in held.verifiers[:2]:
            entries.append(paper.log(who).say(silence(held, origin, 1)))
        assert agreed(held, Fault.F5, *signed(*entries)) is None


def _balances(energies: Sequence[int], *, bound: bool = True, party: str = "birch") -> list[bytes]:
    paper, found = Paper(register()), []
    paper.in_force = {"birch": 0} if bound else {}
    for number, metered in enumerate(energies):
        found.append(paper.use("birch", number))
        body = Reading(party=name(party), energy_wh=WattHours(metered))
        period = paper.schedule.period(index(number))
        found.append(paper.log("birch-meter").say(body, period=period))
    return found


def test_of_balances() -> None:
    chance = random.Random(7)
    near = [1_010_448 + step for step in range(-8, 9)]
    results = []
    for metered in (*near, 0, 1, 999_999, 1_000_000, 1_030_000, 10**7, 2**53 - 1):
        results.append(agreed(register(), Fault.F7, *signed(*_balances([metered, 1_100_000]))))
    assert any(each is None for each in results[:17])
    assert any(each is not None for each in results[:17])
    for _ in range(20):
        pair = [chance.randrange(1_020_000, 1_120_000) for _ in range(2)]
        agreed(register(), Fault.F7, *signed(*_balances(pair)))
    three = _balances([1_100_000] * 3)
    cases = [
        signed(*three[:4]),
        signed(*three[2:]),
        signed(*three[:2], *three[4:]),
        signed(*three[2:4], *three[:2]),
        signed(three[1], three[0], *three[2:4]),
        signed(three[0], three[3], *three[2:4]),
        signed(*three),
        signed(*_balances([1_100_000] * 2, bound=False)),
        signed(*_balances([1_100_000] * 2, party="aurora")),
    ]
    assert shown(register(), Fault.F7, cases) == [True, True, *[False] * 7]


# ------------------------------------------------------------------------------------------- F6


def _over_cap(
    activation: Activation, until: int = 1_000, **over: int
) -> tuple[Register, tuple[Material, ...]]:
    held = register(activation=activation)
    paper = Paper(held, ratify=False)
    for lab in held.agreement.parties:
        paper.ratify(lab, until)
    for number in range(7):
        for item in paper.period(number, used={"birch": usage(**over)} if number >= 4 else {}):
            for data in item.bundles.values():
                bundle = decode_bundle(data)
                if bundle.accusation.fault is Fault.F6:
                    return held, bundle.materials
    raise AssertionError("no bundle of F6")


@pytest.mark.parametrize("activation", [UNCONDITIONAL, ALL_NAMED])
@pytest.mark.parametrize(
    "over",
    [
        {"run_pflop": 50_001},
        {"total_pflop": 100_001},
        {"run_pflop": 10**9, "total_pflop": 10**9},
    ],
)
def test_of_usage_over_a_cap(activation: Activation, over: dict[str, int]) -> None:
    held, materials = _over_cap(activation, **over)
    assert agreed(held, Fault.F6, *materials) is not None
    cuts = [place for place, each in enumerate(materials) if isinstance(each, EndorsedCut)]
    last, second_cut = cuts[2], cuts[1]
    cases = [
        (*materials[:second_cut], *materials[last:], *materials[second_cut:last]),
        (*materials[:last], *materials[second_cut:last]),
        (*materials[last:], *materials[second_cut:]),
        (*materials, materials[-1]),
        materials[:-1],
        materials[1:],
        *_endorsed_otherwise(materials),
    ]
    if activation == ALL_NAMED:
        cases += [
            (materials[0], materials[2], materials[1], *materials[3:]),
            (*materials[:2], *materials[3:]),
        ]
    assert shown(held, Fault.F6, cases) == [False] * len(cases)


def test_of_a_ratification_until_the_very_period_of_activation() -> None:
    held, materials = _over_cap(ALL_NAMED, until=0, run_pflop=50_001)
    assert agreed(held, Fault.F6, *materials) is not None


def _endorsed_otherwise(materials: tuple[Material, ...]) -> list[tuple[Material, ...]]:
    found: list[tuple[Material, ...]] = []
    first = materials[0]
    last = [each for each in materials if isinstance(each, EndorsedCut)][-1]
    assert isinstance(first, EndorsedCut)
    by = first.endorsements
    for endorsements in (by[:-1], by[::-1], (by[0], *by[:2]), (), last.endorsements):
        found.append((EndorsedCut(cut=first.cut, endorsements=endorsements), *materials[1:]))
    return found


def test_every_fault_of_other_faults_materials() -> None:
    for label in sorted(FAULT_OF):
        materials = decode_bundle(all_bundles()[label]).materials
        for fault in Fault:
            found = agreed(register(), fault, *materials)
            assert (found is not None) == (fault is FAULT_OF[label]), (label, fault)


@pytest.mark.parametrize("shift_s", [0, 1])
def test_of_a_period_off_the_schedule(shift_s: int) -> None:
    held = register()
    paper = Paper(held)
    there = paper.schedule.period(index(2))
    start, end = NetworkTime(there.start + shift_s), NetworkTime(there.end + shift_s)
    body = silence(held, held.origin_of(name("birch")), 2)
    said = [paper.log(who).say(body) for who in held.verifiers[:2]]
    said.append(paper.log("birch").say(usage(), period=replace(there, start=start, end=end)))
    assert (agreed(held, Fault.F5, *signed(*said)) is not None) == (shift_s == 0)
