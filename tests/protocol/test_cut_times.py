"""An honest verifier endorses no cut that hides what it knows: that a statement was on time."""

from __future__ import annotations

import pytest

from pausenet.protocol.messages import Heads
from pausenet.statements.cut import Endorsement
from pausenet.values import PeriodIndex, Seq
from tests.protocol.builders import Paper
from tests.protocol.hostility import (
    CLOSE,
    REGISTER,
    cut_of,
    held,
    machine,
    proposer,
    publish,
    settle,
    verifier,
)
from tests.protocol.paper import index, name

F = REGISTER.quorum.f
ON_TIME = REGISTER.agreement.schedule.period(index(0)).end + 60


@pytest.mark.parametrize(("pieces", "endorsed"), [(0, False), (F, False), (F + 1, True)])
def test_a_cut_must_show_with_as_much_evidence_as_it_takes_that_a_statement_was_on_time(
    pieces: int, endorsed: bool
) -> None:
    """A proposer that has lost the others' cosignatures in a crash has only its own to show."""
    desk, paper = verifier(), Paper(REGISTER)
    lab = paper.log("birch")
    paper.use("birch", 0)
    publish(desk, lab, ON_TIME)
    times = paper.times(lab, ON_TIME)
    for each in times:
        note = lab.note(cosigners={each.by: each.time})
        desk.hear("verifier-3", Heads(notes=(note,)), ON_TIME + 60)
    published = machine(desk).book.published(lab.origin, Seq(lab.size - 1), PeriodIndex(0))
    assert published is not None
    assert published <= CLOSE
    bad = paper.log(proposer(0, 1))
    cut = cut_of(held(lab, times[:pieces]), period=0, view=1)
    bad.say(cut, period=paper.schedule.period(index(0)))
    late = CLOSE + 10
    publish(desk, bad, late)
    settle(desk, now=late)
    own = machine(desk).book.mirrors[REGISTER.origin_of(name("verifier-1"))].statements
    digests = {each.body.cut for each in own if isinstance(each.body, Endorsement)}
    assert (cut.digest in digests) == endorsed
