"""Cases of what was said before its author left, and after: by the cuts that hold it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from pausenet.protocol.appraisal import appraise
from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import Material, Signed, WholeLog
from pausenet.protocol.sealing import seal
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.epochs import ONE, THREE, Story, cut_by, sealed
from pausenet.simulator.vectors.networks import AURORA
from pausenet.simulator.vectors.newcomer import GONE, NEWCOMER, first, grown, pen_of, setting_with
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements.codec import Body
from pausenet.statements.cut import Cut, Endorsement, Silence
from pausenet.statements.finding import Appraisal, Fault, FaultNotice, Finding
from pausenet.values import Digest, PeriodIndex, TreeSize

BUNDLE = Digest.of(b"a proof against aurora")


class Word(Enum):
    """What two say of aurora, one of whom leaves."""

    SILENCE = "silence"
    NOTICE = "notice"

    @property
    def body(self) -> Body:
        """What they say while five count."""
        joined = grown()[1]
        if self is Word.NOTICE:
            return FaultNotice(fault=Fault.F1, accused=AURORA, bundle=BUNDLE)
        return Silence(
            log=first().origin_of(AURORA),
            size=TreeSize(0),
            due=PeriodIndex(4),
            register_size=joined.size,
            register_root=joined.root,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """The cut of period 6, when the one has left, its logs, and what follows for aurora."""

    cut: Cut
    logs: tuple[WholeLog, ...]
    said: tuple[bytes, ...]
    true: Appraisal

    def shown(self, appraisal: Appraisal) -> tuple[Material, ...]:
        """The materials of F9 for an appraisal by the first verifier."""
        held = cut_by(self.cut, (ONE, THREE, NEWCOMER))
        return (Signed(entry=pen_of(ONE).say(appraisal)), held, *self.logs)


@lru_cache(maxsize=4)
def _world(word: Word, *, late: bool) -> _World:
    """Who leaves says it before the cut of period 4, or after it."""
    _, joined, left = grown()
    paper = Paper("honest", setting_with(left))
    said = [paper.pens[ONE].say(word.body)]
    if not late:
        said.append(paper.pens[GONE].say(word.body))
    before = replace(paper.cut(4), register_size=joined.size, register_root=joined.root)
    paper.pens[ONE].say(before)
    body = Endorsement(period=before.period, view=before.view, cut=before.digest)
    for who in (ONE, GONE, THREE, NEWCOMER):
        paper.pens[who].say(body)
    if late:
        said.append(paper.pens[GONE].say(word.body))
    cut = paper.cut(6)
    if word is Word.NOTICE:
        cut = replace(cut, faults=(BUNDLE,))
    pens = sorted((pen for pen in paper.pens.values() if pen.entries), key=lambda pen: pen.origin)
    logs = tuple(WholeLog(origin=pen.origin, entries=tuple(pen.entries)) for pen in pens)
    true = appraise(left, cut, {log.origin: log.entries for log in logs})[0].appraisal
    return _World(cut=cut, logs=logs, said=tuple(said), true=true)


def _finding(word: Word, world: _World) -> Finding:
    """What would be found if both counted."""
    if word is Word.NOTICE:
        return _world(word, late=False).true.findings[0]
    held = grown()[-1]
    judged = JUDGES[Fault.F5](held, tuple(Signed(entry=entry) for entry in world.said))
    return judged.accusation.finding(seal(held, judged).id)


def _refuse_elsewhere(story: Story, world: _World, appraisal: Appraisal) -> None:
    """The same by a cut without one of its logs, and by a register without its last change."""
    shorter = replace(world.cut, origins=world.cut.origins[1:])
    broken = replace(world, cut=shorter, logs=world.logs[1:])
    story.refuse("under-another-cut", "bundles 6.1", broken.shown(appraisal))
    story.refuse("without-the-last-change", "bundles 3.4", register=grown()[1])


def standing_cases() -> list[Case]:
    """False is an appraisal that counts what was said too late, or leaves out what was not."""
    area = Area("standing", CaseKind.BUNDLE, network_id=first().network_id.hex())
    for word in Word:
        early, late = _world(word, late=False), _world(word, late=True)
        assert early.true.findings == (_finding(word, early),), "both had said it in time"
        assert not late.true.findings, "one said it too late"
        without = replace(early.true, findings=())
        data = sealed(Fault.F9, early.shown(without))
        story = Story(area, f"{word.value}-in-time-left-out", "register 3.21", data)
        story.refuse("that-counts-it", "register 3.21", early.shown(early.true))
        _refuse_elsewhere(story, early, without)
        counted = replace(late.true, findings=(_finding(word, late),))
        data = sealed(Fault.F9, late.shown(counted))
        story = Story(area, f"{word.value}-said-after-leaving-counted", "register 3.21", data)
        story.refuse("that-leaves-it-out", "register 3.21", late.shown(late.true))
        _refuse_elsewhere(story, late, counted)
    return area.cases
