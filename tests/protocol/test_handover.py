"""Who joins has read what k verifiers signed; a receipt holds under one epoch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import InvalidEvidence, InvalidSignature, MalformedCheckpoint
from pausenet.log.bundle import Receipt, make_receipt
from pausenet.log.checkpoint import Note
from pausenet.protocol.cutdesk import Answer
from pausenet.protocol.membership import hand_over, judge_handover, receipt_epoch
from pausenet.statements.membership import Handover
from pausenet.values import Digest, Origin, Role, Seq, TreeSize
from tests.protocol.builders import Log, Paper
from tests.protocol.changing import grown
from tests.protocol.paper import name, usage
from tests.protocol.succeeding import knowing, rotate

FIRST, ADMITTED, JOINED, LEFT = grown()
OLD = ("verifier-1", "verifier-2", "verifier-3")
Logs = dict[Origin, list[bytes]]


def network() -> Paper:
    """Three periods, by the register in which verifier-5 is admitted."""
    paper = Paper(ADMITTED)
    for number in range(3):
        paper.period(number)
    return paper


def notes(paper: Paper, *cosigners: str) -> list[bytes]:
    """Every log's checkpoint, cosigned by these; the newcomer's own log is empty."""
    by = dict.fromkeys(cosigners, 1_000_000)
    return [log.note(cosigners=by) for log in paper.logs.values() if log.size]


def test_a_newcomer_hands_over_every_log_that_k_verifiers_have_cosigned() -> None:
    paper = network()
    said = hand_over(ADMITTED, paper.entries(), notes(paper, *OLD))
    assert said.epoch == 0
    assert {head.origin for head in said.heads} == {
        member.origin for member in FIRST.members.values() if member.role is not Role.REGISTRAR
    }
    assert judge_handover(ADMITTED, said, paper.entries(), paper.cuts[-1]) is Answer.ENDORSE
    paper.log("verifier-5").say(said)


@pytest.mark.parametrize(
    "cosigners", [(), OLD[:2], (*OLD[:2], "verifier-5")], ids=["owner", "k-1", "newcomer"]
)
def test_a_checkpoint_from_its_owner_or_too_few_is_not_taken(cosigners: tuple[str, ...]) -> None:
    paper = network()
    with pytest.raises(InvalidEvidence, match="of 3 verifiers"):
        hand_over(ADMITTED, paper.entries(), notes(paper, *cosigners))


def test_a_fork_that_a_lab_shows_a_newcomer_first_is_refused() -> None:
    """The lab signs another log for it; the verifiers have cosigned the one that they hold."""
    paper = network()
    birch = paper.log("birch")
    shown = birch.fork(birch.size - 1)
    shown.say(usage(7))
    forked: Logs = {**paper.entries(), birch.origin: shown.entries}
    true = [note for note in notes(paper, *OLD) if birch.origin.encode() not in note]
    with pytest.raises(InvalidEvidence, match="0 of 3"):
        hand_over(ADMITTED, forked, [*true, shown.note()])
    with pytest.raises(InvalidEvidence, match="not those that were cosigned"):
        hand_over(ADMITTED, forked, notes(paper, *OLD))
    both = [*true, birch.note(cosigners=dict.fromkeys(OLD, 1_000_000)), shown.note()]
    with pytest.raises(InvalidEvidence, match="two checkpoints"):
        hand_over(ADMITTED, forked | paper.entries(), both)


def test_a_cosignature_by_another_key_or_over_another_root_is_refused() -> None:
    paper = network()
    log = paper.log("birch")
    good = Note.decode(log.note(cosigners=dict.fromkeys(OLD, 1_000_000)))
    blob = good.signatures[1].blob
    bad = replace(good.signatures[1], blob=blob[:-1] + bytes([blob[-1] ^ 1]))
    lines = (good.signatures[0], bad, *good.signatures[2:])
    with pytest.raises(InvalidSignature):
        hand_over(ADMITTED, paper.entries(), [replace(good, signatures=lines).encode()])
    twice = (*good.signatures[:3], good.signatures[2])
    with pytest.raises(MalformedCheckpoint):
        hand_over(ADMITTED, paper.entries(), [replace(good, signatures=twice).encode()])


def test_cosigners_who_have_changed_keys_count_once() -> None:
    paper = network()
    change = rotate(paper.log("verifier-1"), "new")
    held = knowing(ADMITTED, change)
    log = paper.log("birch")
    note = log.note(cosigners=dict.fromkeys(OLD[:2], 1_000_000))
    with pytest.raises(InvalidEvidence, match="2 of 3"):
        hand_over(held, paper.entries(), [note])
    assert hand_over(held, paper.entries(), [log.note(cosigners=dict.fromkeys(OLD, 1))]).heads


def test_a_verifier_waits_for_what_it_lacks_and_refuses_what_it_holds_otherwise() -> None:
    paper = network()
    said = hand_over(ADMITTED, paper.entries(), notes(paper, *OLD))
    last, held = paper.cuts[-1], paper.entries()
    origin = paper.log("aurora").origin
    behind = {**held, origin: held[origin][:-1]}
    assert judge_handover(ADMITTED, said, behind, last) is Answer.WAIT
    wrong = _with_head(said, origin, root=Digest.of(b"other"))
    assert judge_handover(ADMITTED, wrong, held, last) is Answer.REFUSE
    assert judge_handover(ADMITTED, wrong, behind, last) is Answer.WAIT
    less = _with_head(said, origin, size=TreeSize(1))
    assert judge_handover(ADMITTED, less, held, last) is Answer.REFUSE
    without = replace(said, heads=said.heads[1:])
    assert judge_handover(ADMITTED, without, held, last) is Answer.REFUSE
    assert judge_handover(ADMITTED, replace(said, epoch=1), held, last) is Answer.REFUSE


def _with_head(said: Handover, origin: Origin, **change: object) -> Handover:
    heads = tuple(replace(head, **change) if head.origin == origin else head for head in said.heads)
    return replace(said, heads=heads)


def receipt(log: Log, cosigners: dict[str, int]) -> Receipt:
    return make_receipt(log.tree, Seq(0), Note.decode(log.note(cosigners=cosigners)))


def test_a_receipt_holds_under_the_one_epoch_in_which_k_have_cosigned() -> None:
    """Verifier-5 counts from period 3 (k = 4), verifier-2 until period 5 (then k = 3 again)."""
    paper = Paper(LEFT)
    log, period = paper.log("aurora"), paper.schedule.period
    member = LEFT.members[name("aurora")]
    before, between, after = (period(each).start for each in (0, 3, 5))
    one, two, three, four, five = (f"verifier-{number}" for number in range(1, 6))

    def epoch(at: dict[str, int]) -> int | None:
        try:
            return receipt_epoch(LEFT, member, receipt(log, at), log.entries[0]).number
        except InvalidSignature:
            return None

    assert epoch(dict.fromkeys((one, two, three), before)) == 0
    assert epoch(dict.fromkeys((one, two, three), between - 1)) == 0
    assert epoch(dict.fromkeys((one, two, three), between)) is None
    assert epoch(dict.fromkeys((one, two, three, five), between)) == 1
    assert epoch(dict.fromkeys((one, two, five), before)) is None
    assert epoch(dict.fromkeys((one, two, five), after)) is None
    assert epoch(dict.fromkeys((one, three, five), after)) == 2
    assert epoch({one: before, two: before, three: between, four: after}) is None
    assert epoch({one: before, two: before, three: before, four: after, five: after}) == 0
