"""Cases of bundles whose register has grown: who counts is who counted in that epoch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pausenet.protocol.appraisal import appraise
from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import (
    EndorsedCut,
    Material,
    Signed,
    WholeLog,
    decode_bundle,
    material_to_json,
)
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import seal
from pausenet.simulator.vectors.asked import REPORT
from pausenet.simulator.vectors.bundles import resealed
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64, texts
from pausenet.simulator.vectors.edits import Value
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.newcomer import (
    GONE,
    NEWCOMER,
    changed,
    first,
    grown,
    joins,
    leaves,
    pen_of,
    setting_with,
)
from pausenet.simulator.vectors.paper import Paper
from pausenet.simulator.vectors.unanswered import Asked
from pausenet.simulator.vectors.unanswered import materials as unanswered
from pausenet.statements.cut import Cut, Endorsement, Silence
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.statements.finding import Appraisal, Fault, Status
from pausenet.values import Digest, ParticipantId, PeriodIndex, TreeSize

Materials = tuple[Material, ...]
ONE, THREE = VERIFIERS[0], VERIFIERS[2]
_NOTHING: Final = Declaration(sites=(), meters=())


class Story:
    """One true bundle, and changes of it under one name."""

    def __init__(self, area: Area, name: str, rule: str, data: bytes) -> None:
        self.area, self.name = area, name
        self.value: Value = json.loads(data)
        area.accept(name, rule, data=b64(data))

    def refuse(
        self,
        name: str,
        rule: str,
        materials: Materials | None = None,
        register: Register | None = None,
    ) -> None:
        """The bundle with other materials, or more or less of the register."""
        value = dict(self.value)
        if materials is not None:
            value["materials"] = [material_to_json(each) for each in materials]
        if register is not None:
            value["register"] = texts(register.entries)
        self.area.refuse(f"{self.name}-{name}", rule, data=b64(resealed(value)))


def epoch_cases() -> list[Case]:
    """Whole bundles of a network whose verifiers have changed."""
    network = first().network_id.hex()
    area = Area("epochs", CaseKind.BUNDLE, network_id=network)
    _newcomers_two_words(area)
    _silence(area)
    _reports(area)
    _request(area)
    _appraisal(area)
    return area.cases


def sealed(fault: Fault, materials: Materials) -> bytes:
    """The bundle that materials show, by the last register."""
    held = grown()[-1]
    return seal(held, JUDGES[fault](held, materials)).data


# -------------------------------------------------------------------------------- F1 of a newcomer


def _two_words(who: ParticipantId) -> Materials:
    """Two statements of one author at one place."""
    bodies = (_NOTHING, Ratification(agreement=Digest.of(b""), until=PeriodIndex(9)))
    return tuple(Signed(entry=entry) for entry in sorted(pen_of(who).say(each) for each in bodies))


def _newcomers_two_words(area: Area) -> None:
    """Who is admitted answers for its log, though it counts nowhere."""
    admitted, joined, left = grown()
    said = sealed(Fault.F1, _two_words(NEWCOMER))
    story = Story(area, "newcomers-two-words", "bundles 10.2", said)
    story.refuse("before-its-admission", "bundles 10.2", register=first())
    story.refuse("with-its-joining", "bundles 10.2", register=joined)
    story.refuse("with-all-that-came", "bundles 10.2", register=left)
    forged = (*admitted.entries[:-1], admitted.entries[-2])
    story.refuse("with-another-entry", "bundles 2.1", register=replace(admitted, entries=forged))
    plain = sealed(Fault.F1, _two_words(BIRCH))
    other = Story(area, "two-words-of-who-was-there", "bundles 10.2", plain)
    other.refuse("with-an-admission", "bundles 10.2", register=admitted)


# ------------------------------------------------------------------------------ F5 over two epochs


def _silences(*said: tuple[int, Sequence[ParticipantId]], by: Register | None = None) -> Materials:
    """Who says of which period that nothing was held of aurora.

    They name the register of that time, or another one, `by` which they count.
    """
    admitted, joined, left = grown()
    known = {2: admitted, 4: joined, 5: left}
    return tuple(
        Signed(entry=pen_of(who).say(_silent(due, by or known[due])))
        for due, names in said
        for who in names
    )


def _silent(due: int, held: Register) -> Silence:
    return Silence(
        log=first().origin_of(AURORA),
        size=TreeSize(1),
        due=PeriodIndex(due),
        register_size=held.size,
        register_root=held.root,
    )


def _silence(area: Area) -> None:
    """In period 4 both count, in period 5 only who came."""
    admitted, joined, left = grown()
    both = _silences((4, (GONE, NEWCOMER)), (5, (ONE, NEWCOMER)))
    story = Story(area, "silence-of-two-epochs", "bundles 3.1", sealed(Fault.F5, both))
    story.refuse("without-two-changes", "register 3.7", register=admitted)
    story.refuse("before-any-change", "bundles 3.1", register=first())
    gone = _silences((4, (GONE, NEWCOMER)), (5, (ONE, GONE)))
    story.refuse("by-who-has-left", "register 3.7", gone)
    early = _silences((2, (ONE, NEWCOMER)), (5, (ONE, NEWCOMER)))
    story.refuse("by-who-did-not-count-yet", "register 3.7", early)
    lone = _silences((4, (NEWCOMER,)), (5, (ONE, NEWCOMER)))
    story.refuse("by-f-of-one-epoch", "register 3.7", lone)
    one = _silences((4, (ONE, NEWCOMER)))
    single = Story(area, "silence-of-one-epoch", "bundles 10.2", sealed(Fault.F5, one))
    single.refuse("with-a-later-change", "bundles 10.2", register=left)
    single.refuse("without-its-change", "register 3.7", register=admitted)
    single.refuse(
        "by-a-register-of-before", "register 3.17", _silences((4, (ONE, GONE)), by=admitted)
    )
    _cut_short(area)
    before = _silences((2, (ONE, GONE)), by=first())
    old = Story(area, "silence-before-any-change", "bundles 10.2", sealed(Fault.F5, before))
    old.refuse("with-an-admission", "bundles 10.2", register=admitted)
    old.refuse("with-a-joining", "bundles 10.2", register=joined)


def _cut_short(area: Area) -> None:
    """By the last register, of a period of the epoch before: all of it is needed."""
    admitted, joined, left = grown()
    known = _silences((4, (ONE, GONE)), by=left)
    story = Story(area, "silence-by-a-later-register", "bundles 10.2", sealed(Fault.F5, known))
    story.refuse("without-its-last-change", "register 3.17", register=joined)
    story.refuse("without-two-changes", "register 3.17", register=admitted)
    two = _silences((5, (ONE, GONE)), by=left)
    story.refuse("of-a-period-after-one-has-left", "register 3.7", two)
    story.refuse("that-and-without-the-change", "register 3.17", two, joined)


# ------------------------------------------------------------------ F7 and F10 of inspections


def _reports(area: Area) -> None:
    """Reports by two of whom one came and the other left: both are of one epoch only."""
    admitted, joined, left = grown()

    def shown(*names: ParticipantId) -> Materials:
        said = (pen_of(BIRCH).say(_NOTHING), *(pen_of(name).say(REPORT) for name in names))
        return tuple(Signed(entry=entry) for entry in said)

    data = sealed(Fault.F7, shown(GONE, NEWCOMER))
    story = Story(area, "reports-of-one-epoch", "bundles 3.3", data)
    story.refuse("without-its-change", "register 3.7", register=admitted)
    story.refuse("with-a-later-change", "bundles 10.2", register=left)
    story.refuse("by-one-only", "register 3.7", shown(NEWCOMER))
    story.refuse("by-three", "register 3.7", shown(GONE, THREE, NEWCOMER))
    story.refuse("by-one-twice", "register 3.7", shown(NEWCOMER, NEWCOMER))
    story.refuse("out-of-order", "register 3.7", shown(NEWCOMER, GONE))
    before = Story(
        area, "reports-before-any-change", "bundles 3.3", sealed(Fault.F7, shown(ONE, GONE))
    )
    before.refuse("with-a-joining", "bundles 10.2", register=joined)


def _request(area: Area) -> None:
    """A newcomer's request of the first period in which it counts: one of five draws."""
    admitted, joined, left = grown()
    true = unanswered(Asked(named_register=joined, known=joined), setting_with(left), NEWCOMER)
    story = Story(area, "newcomers-request", "bundles 3.6", sealed(Fault.F10, true))
    story.refuse("without-its-joining", "register 3.7", register=admitted)
    story.refuse("with-a-later-change", "bundles 10.2", register=left)
    later = changed(admitted, joins(admitted, begins=PeriodIndex(4)))
    story.refuse("of-a-period-before-it-counts", "register 3.7", register=later)
    answered = unanswered(
        Asked(answered=True, named_register=joined, known=joined), setting_with(left), NEWCOMER
    )
    story.refuse("answered", "inspection 2.2", answered)
    came = changed(admitted, joins(admitted, begins=PeriodIndex(1)))
    gone = changed(came, leaves(came, begins=PeriodIndex(3)))
    late = unanswered(Asked(), setting_with(came), GONE)
    story.refuse("by-who-has-left", "register 3.7", late, gone)
    # Who had left asks by the register of before; the lab knew that it had.
    knows = unanswered(Asked(named_register=came, known=gone), setting_with(gone), GONE)
    for name, held in (("", gone), ("-without-the-change", came)):
        story.refuse(f"by-who-the-lab-knew-had-left{name}", "register 3.18", knows, held)
    earlier = unanswered(Asked(known=admitted), setting_with(joined), NEWCOMER)
    story.refuse("before-the-lab-knew-of-it", "register 3.18", earlier, joined)
    # The lab knew who counts in the period, and too little of the register to count the request.
    for name, way in (
        ("", Asked(named_register=left, known=joined)),
        ("-and-learned-later", Asked(named_register=left, known=left, knew=joined)),
        ("-when-it-saw-it", Asked(named_register=joined, known=joined, knew=admitted)),
    ):
        behind = unanswered(way, setting_with(left), NEWCOMER)
        story.refuse(f"by-more-register-than-the-lab-knew{name}", "register 3.18", behind, left)
    knew = unanswered(
        Asked(named_register=left, known=left, knew=left), setting_with(left), NEWCOMER
    )
    Story(area, "request-by-as-much-register", "bundles 3.6", sealed(Fault.F10, knew))


# --------------------------------------------------------------------------- F9 under a later epoch


@lru_cache(maxsize=1)
def _network() -> tuple[Paper, Cut, tuple[WholeLog, ...]]:
    """Everybody declares and both labs ratify; one cut of period 4, when five count."""
    paper = Paper("honest", setting_with(grown()[1]))
    for who in paper.pens:
        paper.declare(who)
    for who in (AURORA, BIRCH):
        paper.ratify(who)
    logs = tuple(
        WholeLog(origin=pen.origin, entries=tuple(pen.entries))
        for pen in sorted(paper.pens.values(), key=lambda pen: pen.origin)
    )
    return paper, paper.cut(4), logs


def cut_by(cut: Cut, names: Sequence[ParticipantId], by: ParticipantId = ONE) -> EndorsedCut:
    """A cut that one states and these endorse."""
    body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    said = tuple(pen_of(name).say(body) for name in names)
    return EndorsedCut(cut=pen_of(by).say(cut), endorsements=said)


def _appraisal(area: Area) -> None:
    """A false appraisal under a cut that names the register of five verifiers."""
    admitted, joined, left = grown()
    paper, cut, logs = _network()
    true = appraise(paper.register, cut, {log.origin: log.entries for log in logs})[0].appraisal
    lie = replace(true, status=Status.NO_BREACH_FOUND)
    four = (ONE, GONE, THREE, NEWCOMER)

    def shown(held: EndorsedCut, said: Appraisal = lie) -> Materials:
        return (Signed(entry=pen_of(NEWCOMER).say(said)), held, *logs)

    data = sealed(Fault.F9, shown(cut_by(cut, four)))
    story = Story(area, "false-appraisal-under-a-later-epoch", "bundles 3.4", data)
    assert len(decode_bundle(data).register) == joined.size, "what the cut names"
    story.refuse("that-follows", "bundles 6.3", shown(cut_by(cut, four), true))
    story.refuse("cut-of-three-endorsers", "bundles 3.4", shown(cut_by(cut, four[1:])))
    everybody = (*VERIFIERS, NEWCOMER)
    story.refuse("cut-of-five-endorsers", "bundles 3.4", shown(cut_by(cut, everybody)))
    story.refuse("register-of-before", "bundles 3.4", register=admitted)
    story.refuse("register-of-after", "bundles 10.2", register=left)
    others = {
        "of-no-register": replace(cut, register_root=Digest.of(b"another")),
        "of-the-register-before": replace(
            cut, register_size=admitted.size, register_root=admitted.root
        ),
        "before-the-newcomer-counts": replace(cut, period=PeriodIndex(2)),
    }
    for name, other in others.items():
        materials = shown(cut_by(other, four), replace(lie, cut=other.digest))
        story.refuse(f"cut-{name}", "bundles 3.4", materials)
    _after_leaving(area, cut, logs)


def _after_leaving(area: Area, cut: Cut, logs: Sequence[WholeLog]) -> None:
    """Under the register in which the second verifier has left."""
    left = grown()[-1]
    late = replace(cut, period=PeriodIndex(6), register_size=left.size, register_root=left.root)
    true = appraise(left, late, {log.origin: log.entries for log in logs})[0].appraisal
    said = Signed(entry=pen_of(ONE).say(replace(true, status=Status.NO_BREACH_FOUND)))

    def shown(names: Sequence[ParticipantId], by: ParticipantId = ONE) -> Materials:
        return (said, cut_by(late, names, by), *logs)

    three = (ONE, THREE, NEWCOMER)
    data = sealed(Fault.F9, shown(three))
    after = Story(area, "false-appraisal-after-leaving", "bundles 3.4", data)
    after.refuse("endorsed-by-who-left", "bundles 3.4", shown((ONE, GONE, THREE)))
    after.refuse("cut-by-who-left", "bundles 3.4", shown(three, GONE))
    after.refuse("register-of-before", "bundles 3.4", register=grown()[1])
