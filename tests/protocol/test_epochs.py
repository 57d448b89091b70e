"""Each cut, each warrant, each receipt is judged under one epoch, by what it names itself."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from pausenet.errors import InvalidEvidence
from pausenet.protocol import faults
from pausenet.protocol.appraisal import appraise
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.cut import NetworkCut, network_cuts, open_network_cut, published_time
from pausenet.protocol.evidence import EndorsedCut, Signed, material_to_json
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import seal
from pausenet.protocol.warrants import judge_silence
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.finding import Fault
from pausenet.values import Seq
from tests.protocol.builders import Log, Paper
from tests.protocol.changing import grown
from tests.protocol.mutants import resealed
from tests.protocol.paper import index, name, silence, usage
from tests.reference import second

FIRST, ADMITTED, JOINED, LEFT = grown()
NETWORK = FIRST.network_id


def register_at(period: int) -> Register:
    """What everybody knows of the register during a period."""
    held = FIRST if period < 1 else ADMITTED if period < 2 else JOINED if period < 5 else LEFT
    return held.under(period)


@cache
def story() -> Paper:
    """Seven periods, in which verifier-5 comes (from 3) and verifier-2 goes (from 5)."""
    paper = Paper(LEFT)
    for number in range(7):
        paper.register = register_at(number)
        silent = {"birch"} if number in (4, 5) else set()
        paper.period(number, silent=silent)
    paper.register = LEFT
    return paper


def endorsed(paper: Paper, cut: Cut, *by: str, proposer: str = "verifier-1") -> EndorsedCut:
    """A cut with the endorsements of these verifiers, in forks of their logs."""
    body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    said = tuple(branch(paper, who).say(body) for who in by)
    return EndorsedCut(cut=branch(paper, proposer).say(cut), endorsements=said)


def branch(paper: Paper, who: str) -> Log:
    log = paper.log(who)
    return log.fork(log.size)


def found(paper: Paper, held: Register) -> tuple[NetworkCut, ...]:
    return network_cuts(held, paper.entries())


def test_the_cuts_of_all_epochs_are_found_each_by_its_own_verifiers() -> None:
    cuts = found(story(), LEFT)
    assert [item.cut for item in cuts] == story().cuts
    for item in cuts:
        by = [str(who) for who, _ in item.endorsements]
        assert by == [str(who) for who in LEFT.under(item.cut.period).verifiers]
        k = {0: 3, 1: 3, 2: 3, 3: 4, 4: 4, 5: 3, 6: 3}[int(item.cut.period)]
        assert len(item.material(LEFT).endorsements) == k
        assert open_network_cut(LEFT, item.material(LEFT)) == item.cut


def test_what_a_cut_shows_does_not_change_when_the_register_grows() -> None:
    for number, cut in enumerate(story().cuts):
        known = register_at(number)
        then = appraise(known, cut, story().entries())
        assert appraise(LEFT, cut, story().entries()) == then
        if cut.register_size < LEFT.size:
            (item,) = [item for item in found(story(), LEFT) if item.cut == cut]
            assert item.material(known) == item.material(LEFT)


@pytest.mark.parametrize(
    ("period", "by"),
    [
        (2, ("verifier-1", "verifier-2", "verifier-5")),
        (3, ("verifier-1", "verifier-2", "verifier-3")),
        (4, ("verifier-1", "verifier-3", "verifier-5")),
        (5, ("verifier-1", "verifier-2", "verifier-3")),
        (6, ("verifier-2", "verifier-4", "verifier-5")),
    ],
)
def test_endorsements_from_outside_the_epoch_make_no_network_cut(
    period: int, by: tuple[str, ...]
) -> None:
    cut = story().cuts[period]
    with pytest.raises(InvalidEvidence, match="k endorsements"):
        open_network_cut(LEFT, endorsed(story(), cut, *by))
    body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    logs = {log.origin: [] for log in story().logs.values()}
    for who in by:
        log = Log(register=LEFT, keys=story().log(who).keys)
        log.say(cut)
        log.say(body)
        logs[log.origin] = log.entries
    assert network_cuts(LEFT, logs) == ()


def test_a_cut_by_a_verifier_that_has_left_is_none() -> None:
    good = ("verifier-1", "verifier-3", "verifier-4")
    cut = story().cuts[5]
    assert open_network_cut(LEFT, endorsed(story(), cut, *good)) == cut
    with pytest.raises(InvalidEvidence, match="of its epoch"):
        open_network_cut(LEFT, endorsed(story(), cut, *good, proposer="verifier-2"))


def test_a_cut_is_judged_by_the_register_that_it_names() -> None:
    """One of period 5 that rests on the register before verifier-2 left takes four of five."""
    stale = replace(story().cuts[5], register_size=JOINED.size, register_root=JOINED.root)
    three = endorsed(story(), stale, "verifier-1", "verifier-3", "verifier-4")
    with pytest.raises(InvalidEvidence, match="k endorsements"):
        open_network_cut(LEFT, three)
    four = endorsed(story(), stale, "verifier-1", "verifier-2", "verifier-3", "verifier-4")
    assert open_network_cut(LEFT, four) == stale
    for size, root in ((JOINED.size, LEFT.root), (LEFT.size, JOINED.root), (5, FIRST.root)):
        other = replace(stale, register_size=size, register_root=root)
        with pytest.raises(InvalidEvidence, match="another register"):
            open_network_cut(LEFT, endorsed(story(), other, "verifier-1"))


def test_times_count_from_verifiers_of_the_cuts_epoch_only() -> None:
    """f is 1: of two pieces of evidence the second tells, and with one there is none."""
    paper, reader = story(), StatementReader()
    log = paper.log("aurora")
    view = reader.view(LEFT, LEFT.members[name("aurora")], log.entries, log.size)
    end = paper.schedule.period(index(6)).end
    for by, period, expected in (
        (("verifier-1", "verifier-3"), 6, end + 61),
        (("verifier-1", "verifier-2"), 6, None),
        (("verifier-1", "verifier-2"), 4, end + 61),
        (("verifier-1", "verifier-5"), 2, None),
        (("verifier-1", "verifier-5"), 4, end + 61),
    ):
        four = tuple(map(name, (*by, "verifier-4", "verifier-4")))
        paper.register = replace(LEFT, epoch=replace(LEFT.epoch, verifiers=four))
        times = paper.times(log, end + 60)
        paper.register = LEFT
        cut = story().cuts[period]
        origins = tuple(
            replace(item, size=log.size, root=log.tree.root(log.size), times=times)
            if item.origin == log.origin
            else item
            for item in cut.origins
        )
        shown = published_time(LEFT, replace(cut, origins=origins), view, Seq(1), reader)
        assert shown == expected, (by, period)


def bundles_of(period: int, held: Register) -> dict[Fault, bytes]:
    items = appraise(held, story().cuts[period], story().entries())
    (birch,) = [item for item in items if item.appraisal.lab == "birch"]
    named = {finding.bundle: finding.fault for finding in birch.appraisal.findings}
    return {named[each]: data for each, data in birch.bundles.items()}


def test_a_silence_over_two_epochs_is_reproduced_from_the_network_id_alone() -> None:
    (data,) = [each for fault, each in bundles_of(5, LEFT).items() if fault is Fault.F5]
    result = verify_bundle(data, NETWORK)
    assert result.outcome is Outcome.REPRODUCED
    assert result.claim is not None
    assert [int(each) for each in result.claim.periods] == [4, 5]
    assert second.examine(data, NETWORK.hex()) == "reproduced"
    assert len(json.loads(data)["register"]) == LEFT.size


def test_a_bundle_brings_as_much_of_the_register_as_it_needs() -> None:
    data = bundles_of(4, LEFT)[Fault.F5]
    assert len(json.loads(data)["register"]) == JOINED.size
    assert bundles_of(4, register_at(4))[Fault.F5] == data
    assert verify_bundle(data, NETWORK, LEFT).outcome is Outcome.REPRODUCED


def _with_register(data: bytes, held: Register) -> bytes:
    register = json.loads(bundles_of(5, LEFT)[Fault.F5])["register"][: held.size]
    return resealed({**json.loads(data), "register": register})


@pytest.mark.parametrize("held", [ADMITTED, LEFT], ids=["admitted", "left"])
def test_a_bundle_with_more_of_the_register_than_it_needs_is_refused(held: Register) -> None:
    changed = _with_register(bundles_of(4, LEFT)[Fault.F5], held)
    for known in (None, LEFT):
        assert verify_bundle(changed, NETWORK, known).outcome is Outcome.NOT_SUPPORTED
    assert second.examine(changed, NETWORK.hex()) == "not-supported"


def _sealed_silence(held: Register, said: list[bytes]) -> bytes | None:
    try:
        materials = tuple(Signed(entry=entry) for entry in said)
        return seal(held, judge_silence(held, materials)).data
    except InvalidEvidence:
        return None


def _said_of_period_6(known: Register) -> list[bytes]:
    """Two who counted until period 3 say it, by a register."""
    paper = Paper(ADMITTED)
    body = silence(known, paper.log("birch").origin, 6)
    return [branch(paper, who).say(body) for who in ("verifier-1", "verifier-2")]


@pytest.mark.parametrize("known", [ADMITTED, JOINED, LEFT], ids=["admitted", "joined", "left"])
def test_a_bundle_that_leaves_out_a_change_that_its_silences_name_convinces_no_stranger(
    known: Register,
) -> None:
    """The same words by the register as they have it, cut back to what would count them."""
    said = _said_of_period_6(known)
    true = _sealed_silence(FIRST, _said_of_period_6(FIRST))
    assert true is not None
    assert _sealed_silence(FIRST, said) is None
    materials = [material_to_json(Signed(entry=entry)) for entry in said]
    for held in (FIRST, ADMITTED, JOINED, LEFT):
        cut = _with_register(resealed({**json.loads(true), "materials": materials}), held)
        holds = known is held and held is not LEFT  # where verifier-2 no longer counts
        assert (verify_bundle(cut, NETWORK).outcome is Outcome.REPRODUCED) == holds
        assert (second.examine(cut, NETWORK.hex()) == "reproduced") == holds


def test_a_silence_by_a_register_of_other_verifiers_counts_in_no_appraisal() -> None:
    """Of period 5: of two who say it, one still counts by the register before the other left."""
    for named, counts in ((LEFT, True), (JOINED, False)):
        paper = Paper(LEFT)
        for number in range(5):
            paper.register = register_at(number)
            paper.period(number)
        paper.register = LEFT
        paper.use("aurora", 5)
        for who in ("verifier-1", "verifier-3"):
            log = paper.log("birch")
            said_by = named if who == "verifier-3" else LEFT
            paper.log(who).say(silence(said_by, log.origin, 5, log.size))
        items = paper.close(5, silent={"birch"})
        (birch,) = [item for item in items if item.appraisal.lab == "birch"]
        found = [finding.fault for finding in birch.appraisal.findings]
        assert (Fault.F5 in found) == counts


def test_who_knows_of_a_change_refuses_a_bundle_by_the_epoch_before_it() -> None:
    """Two who counted until period 3 accuse somebody of silence in period 6, when one did not."""
    said = _said_of_period_6(FIRST)
    old = _sealed_silence(FIRST, said)
    assert old is not None
    assert verify_bundle(old, NETWORK).outcome is Outcome.REPRODUCED
    assert verify_bundle(old, NETWORK, FIRST).outcome is Outcome.REPRODUCED
    assert verify_bundle(old, NETWORK, LEFT).outcome is Outcome.NOT_SUPPORTED
    assert _sealed_silence(LEFT, said) is None


def test_a_newcomers_two_words_convict_it_by_its_admission() -> None:
    paper = Paper(ADMITTED)
    log = paper.log("verifier-5")
    other = log.fork(0)
    one, two = log.say(usage()), other.say(usage(7))
    data = faults.equivocation(LEFT, one, two)
    assert data is not None
    assert len(json.loads(data)["register"]) == ADMITTED.size
    assert verify_bundle(data, NETWORK).outcome is Outcome.PROVEN
    assert verify_bundle(data, NETWORK, LEFT).outcome is Outcome.PROVEN
    assert second.examine(data, NETWORK.hex()) == "proven"
    assert faults.equivocation(FIRST, one, two) is None
    assert verify_bundle(_with_register(data, FIRST), NETWORK).outcome is Outcome.NOT_SUPPORTED
