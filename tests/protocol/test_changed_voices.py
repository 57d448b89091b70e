"""F9 and F11 where keys change: one key, by its owner, and the keys that the logs say."""

from __future__ import annotations

from functools import cache

from pausenet.protocol import faults
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import EndorsedCut, WholeLog
from pausenet.simulator.adversary.false_appraiser import opposite
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Appraisal, Grade
from pausenet.values import Digest
from tests.protocol.builders import Log, Paper, of_lab, register
from tests.protocol.paper import index, keyring_of
from tests.protocol.succeeding import knowing, recover, rotate
from tests.protocol.test_keys import outcome

HELD = register()
NETWORK = HELD.network_id


def endorsed(text: bytes) -> Endorsement:
    return Endorsement(period=index(0), view=0, cut=Digest.of(text))


def test_by_a_later_key_two_voices_are_a_proof_that_brings_the_change() -> None:
    log = Paper(HELD).log("verifier-2")
    known = knowing(HELD, rotate(log))
    one, other = log.say(endorsed(b"1")), log.say(endorsed(b"2"))
    assert faults.double_voice(HELD, one, other) is None
    assert outcome(faults.double_voice(known, one, other)) is Outcome.PROVEN


def test_two_voices_by_two_keys_are_no_proof() -> None:
    """Who recovered may not know what it had endorsed."""
    for change in (rotate, recover):
        log = Paper(HELD).log("verifier-2")
        before = log.say(endorsed(b"1"))
        known = knowing(HELD, change(log))
        after = log.say(endorsed(b"2"))
        assert faults.double_voice(known, before, after) is None


def test_two_voices_of_a_revoked_key_accuse_the_key() -> None:
    log = Paper(HELD).log("verifier-2")
    one, other = log.say(endorsed(b"1")), log.say(endorsed(b"2"))
    before = faults.double_voice(HELD, one, other)
    assert outcome(before) is Outcome.PROVEN
    known = knowing(HELD, recover(log))
    assert outcome(before, known) is Outcome.NOT_SUPPORTED
    after = faults.double_voice(known, one, other)
    assert outcome(after, known) is Outcome.REPRODUCED
    assert after is not None
    claim = verify_bundle(after, NETWORK).claim
    assert claim is not None
    assert (claim.grade, claim.against_a_revoked_key) == (Grade.PLAUSIBLE, True)


# ---------------------------------------------------------------------- F9, over whole logs


@cache
def network() -> tuple[Paper, Appraisal, EndorsedCut, tuple[WholeLog, ...]]:
    """Three periods, in the second of which a meter is silent, and what follows from the last."""
    paper = Paper(HELD)
    paper.period(0)
    paper.period(1, silent={"birch-meter"})
    true = of_lab(paper.period(2), "birch").appraisal
    assert true.findings
    entries = paper.entries()
    found = network_cuts(HELD, entries)[2]
    logs = tuple(
        WholeLog(origin=item.origin, entries=tuple(entries[item.origin][: item.size]))
        for item in found.cut.origins
    )
    return paper, true, found.material(HELD), logs


def said(log: Log, appraisal: Appraisal) -> bytes:
    return log.fork(log.size).say(appraisal)


def test_a_false_appraisal_by_a_later_key_is_a_proof_and_by_a_revoked_one_accuses_the_key() -> None:
    paper, true, cut, logs = network()
    log = paper.log("verifier-4").fork(paper.log("verifier-4").size)
    rotated = rotate(log)
    lie = said(log, opposite(true))
    assert faults.false_appraisal(HELD, lie, cut, logs) is None
    known = knowing(HELD, rotated)
    data = faults.false_appraisal(known, lie, cut, logs)
    assert data is not None
    assert verify_bundle(data, NETWORK, known).outcome is Outcome.PROVEN
    later = knowing(known, recover(log))
    assert verify_bundle(data, NETWORK, later).outcome is Outcome.NOT_SUPPORTED
    data = faults.false_appraisal(later, lie, cut, logs)
    assert data is not None
    assert verify_bundle(data, NETWORK, later).outcome is Outcome.REPRODUCED


def test_a_change_of_keys_that_stands_in_no_log_makes_no_true_appraisal_false() -> None:
    """A verifier that shows a change to nobody else could so make its own words nobody's."""
    paper, true, cut, logs = network()
    hidden = Log(register=HELD, keys=keyring_of(HELD, "verifier-1"))
    known = knowing(HELD, rotate(hidden))
    digest = network_cuts(HELD, paper.entries())[2].digest
    by_it = hidden.say(Endorsement(period=index(2), view=0, cut=digest))
    shown = EndorsedCut(cut=cut.cut, endorsements=(by_it, *cut.endorsements[1:]))
    log = paper.log("verifier-4")
    lie = faults.false_appraisal(known, said(log, opposite(true)), shown, logs)
    assert lie is not None
    assert verify_bundle(lie, NETWORK).outcome is Outcome.PROVEN
    assert faults.false_appraisal(known, said(log, true), shown, logs) is None


def test_the_keys_that_an_appraisal_rests_on_are_those_of_the_logs_of_its_cut() -> None:
    paper = Paper(HELD)
    change = rotate(paper.log("verifier-1"))
    paper.period(0, silent={"birch-meter"})
    appraised = paper.appraise(paper.cut(0))
    known = Paper(knowing(HELD, change))
    known.logs = paper.logs
    assert known.appraise(paper.cut(0)) == appraised
    assert of_lab(appraised, "birch").appraisal.findings
