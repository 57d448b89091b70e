"""Appraisal is a function: of the cut and its entries, of nothing else, and for any entries."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.protocol.appraisal import appraise
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.reader import StatementReader
from pausenet.statements import canonical
from pausenet.statements.fields import Fields
from pausenet.statements.finding import Appraisal, Status
from tests.protocol.builders import Paper
from tests.protocol.paper import ENERGY, index, usage
from tests.protocol.stories import told


def test_only_the_prefix_that_the_cut_names_is_read() -> None:
    paper = Paper()
    for number in range(4):
        paper.period(number)
    cut = paper.cuts[-1]
    before = appraise(paper.register, cut, paper.entries())
    prefix = {origin: entries[: cut.size_of(origin)] for origin, entries in paper.entries().items()}
    tail = {origin: [*entries, b"junk"] for origin, entries in paper.entries().items()}
    assert appraise(paper.register, cut, prefix) == before
    assert appraise(paper.register, cut, tail) == before


def test_the_same_inputs_give_the_same_bytes_whatever_was_read_before() -> None:
    paper = Paper()
    for number in range(6):
        over = {"birch": usage(run_pflop=60_000)} if number >= 3 else {}
        paper.period(number, used=over, metered={"aurora": 2 * ENERGY}, silent={"birch-meter"})
    entries, reader = paper.entries(), StatementReader()
    swapped = dict(reversed(list(entries.items())))
    for cut in paper.cuts:
        fresh = appraise(paper.register, cut, entries)
        again = appraise(paper.register, cut, swapped, copy.deepcopy(reader))
        assert [canonical.encode(item.appraisal.to_json()) for item in fresh] == [
            canonical.encode(item.appraisal.to_json()) for item in again
        ]
        assert [dict(item.bundles) for item in fresh] == [dict(item.bundles) for item in again]


def test_a_reader_that_has_read_another_branch_gives_the_same_result() -> None:
    paper, reader = Paper(), StatementReader()
    for number in range(4):
        paper.period(number)
    other = copy.deepcopy(paper.entries())
    origin = paper.log("birch").origin
    other[origin] = [*other[origin][:2], b"junk", *other[origin][3:]]
    cut = paper.cuts[-1]
    expected = appraise(paper.register, cut, paper.entries())
    assert appraise(paper.register, cut, other, reader) != expected
    assert appraise(paper.register, cut, paper.entries(), reader) == expected


def test_malformed_entries_of_cheats_are_passed_over() -> None:
    paper = Paper()
    for number in range(3):
        paper.period(number)
    paper.log("birch").append(b"nothing that decodes")
    paper.log("aurora").append(paper.log("birch").entries[0])
    found = paper.period(3)
    assert told(found, "aurora") == (Status.NO_BREACH_FOUND, [])
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_periods_beyond_all_time_are_passed_over() -> None:
    paper = Paper()
    far = replace(paper.schedule.period(index(1)), index=index(2**53 - 1))
    paper.log("birch").say(usage(run_pflop=9**9), period=far, agreed=paper.agreement.digest)
    for number in range(5):
        found = paper.period(number)
    assert told(found, "birch") == (Status.NO_BREACH_FOUND, [])


def test_fewer_entries_than_the_cut_names_are_the_callers_slip() -> None:
    paper = Paper()
    paper.period(0)
    logs = paper.entries()
    logs[paper.log("birch").origin].pop()
    with pytest.raises(Misuse):
        appraise(paper.register, paper.cuts[0], logs)


def test_every_appraisal_can_be_said_and_every_bundle_verified() -> None:
    paper = Paper()
    for number in range(8):
        found = paper.period(
            number,
            used={"birch": usage(run_pflop=60_000)} if number >= 4 else {},
            metered={"aurora": 2 * ENERGY} if number >= 3 else {},
            silent={"birch-meter"} if number in (2, 5) else (),
        )
        for item in found:
            fields = Fields(item.appraisal.to_json(), "appraisal")
            assert Appraisal.read(fields) == item.appraisal
            own = {finding.bundle for finding in item.appraisal.findings}
            assert set(item.bundles) == own
            for finding in item.appraisal.findings:
                verified = verify_bundle(item.bundles[finding.bundle], paper.register.network_id)
                assert verified.claim == finding
