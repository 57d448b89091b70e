"""Cases of inspections: openings that contradict a ledger, refusals, and inspectors' reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pausenet.crypto import envelope
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.evidence import Material, Opened, Signed, material_to_json
from pausenet.protocol.ledger import UsageLedger, build_ledger
from pausenet.protocol.messages import UsageSample
from pausenet.simulator.fleet import samples
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.edits import Value, payload_of, written
from pausenet.simulator.vectors.ground import Pen, run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, RUNS, VERIFIERS
from pausenet.statements.challenge import (
    Answer,
    Challenge,
    ChallengeAnswer,
    ChallengeNotice,
    ChallengeVote,
    InspectionReport,
)
from pausenet.statements.codec import Body, Kind
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Claim, Fault
from pausenet.statements.inspection import (
    Closure,
    Drawn,
    Ended,
    InspectionRequest,
    OpenedLeaf,
    Opening,
    Result,
)
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    Digest,
    ParticipantId,
    PeriodIndex,
    Salt,
    Seq,
    StatementId,
    TreeSize,
    WattHours,
)

PERIOD: Final = 4
DRAWN: Final = 5
Materials = tuple[Material, ...]
Told = tuple[bool, str, Fault, str, Materials]
Change = Callable[[Value], object]

NOTICE: Final = ChallengeNotice(
    salt=Salt(bytes(range(32))),
    lab=BIRCH,
    place="the hall by the river",
    grounds="Its roof is warm in winter.",
    claim=Claim.FLEET,
)
REPORT: Final = InspectionReport(
    inspection=NOTICE.commitment,
    lab=BIRCH,
    place=NOTICE.place,
    found=900,
    undeclared=200,
    uids=Digest.of(b"a list of UIDs"),
    energy_wh=WattHours(7),
    links=3,
)
ADMITS: Final = ChallengeAnswer(
    challenge=NOTICE.commitment, answer=Answer.ADMIT, managed=("screens are covered",)
)


def by(who: ParticipantId, body: Body, seq: int = 0, period: int | None = None) -> bytes:
    """Something said by somebody at a place; of a period it names the agreement."""
    pen = Pen(setting=run_of("honest").setting, who=who)
    agreement = pen.register.agreement
    of = None if period is None else agreement.schedule.period(PeriodIndex(period))
    agreed = None if period is None else agreement.digest
    statement = pen.statement(body, period=of, agreed=agreed)
    if isinstance(body, ComputeUsage):
        statement = replace(statement, subject=replace(statement.subject, digest=_ledger().root))
    return pen.sealed(replace(statement, seq=Seq(seq)))


def challenge_specimens() -> dict[Kind, bytes]:
    """A payload of each kind that challenges are made of."""
    said: dict[Kind, tuple[ParticipantId, Body]] = {
        Kind.CHALLENGE: (AURORA, Challenge(commitment=NOTICE.commitment)),
        Kind.CHALLENGE_NOTICE: (AURORA, NOTICE),
        Kind.CHALLENGE_VOTE: (AURORA, ChallengeVote(challenge=NOTICE.commitment)),
        Kind.CHALLENGE_ANSWER: (BIRCH, ADMITS),
        Kind.INSPECTION_REPORT: (VERIFIERS[0], REPORT),
    }
    return {kind: payload_of(by(who, body)) for kind, (who, body) in said.items()}


# ------------------------------------------------------------------------------------- a ledger


@lru_cache(maxsize=1)
def _sample() -> UsageSample:
    sample = samples(RUNS["honest"], RUNS["honest"].seed).of(AURORA)[PERIOD]
    assert isinstance(sample, UsageSample), "labs' samples are of usage"
    return sample


@lru_cache(maxsize=1)
def _ledger() -> UsageLedger:
    """Aurora's true ledger of one period."""
    return build_ledger(run_of("honest").register.network_id, AURORA, _sample())


def _usage(leaves: int = 0) -> bytes:
    """Its usage statement, of another number of leaves where one is given."""
    body = _ledger().usage(_sample())
    return by(AURORA, replace(body, leaves=leaves or body.leaves), 7, PERIOD)


def _identity(entry: bytes) -> StatementId:
    return envelope.decode(entry).statement_id


def _opening(leaves: Sequence[OpenedLeaf], usage: bytes, who: ParticipantId = AURORA) -> bytes:
    body = Opening(
        request=StatementId(Digest.of(b"a request")), usage=_identity(usage), leaves=tuple(leaves)
    )
    return by(who, body, 9)


def _places() -> list[int]:
    last = len(_ledger().leaves) - 1
    return sorted({DRAWN - 1, DRAWN, DRAWN + 1, last})


@lru_cache(maxsize=64)
def _changed(place: int, old: bytes, new: bytes) -> tuple[bytes, tuple[OpenedLeaf, ...], bytes]:
    """The usage statement, the opened leaves and the record where one record is otherwise.

    The ledger is the lab's own, false from the first: its root holds what is opened.
    """
    leaves = list(_ledger().leaves)
    changed = written(json.loads(leaves[place].replace(old, new, 1)))
    assert changed != leaves[place], "the mutation changes something"
    leaves[place] = changed
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    pen = Pen(setting=run_of("honest").setting, who=AURORA)
    agreement = pen.register.agreement
    statement = pen.statement(
        _ledger().usage(_sample()),
        period=agreement.schedule.period(PeriodIndex(PERIOD)),
        agreed=agreement.digest,
    )
    subject = replace(statement.subject, digest=tree.root(tree.size))
    usage = pen.sealed(replace(statement, subject=subject, seq=Seq(7)))
    asked = sorted({*_places(), place, max(0, place - 1)})
    opened = tuple(
        OpenedLeaf(
            index=at,
            leaf=leaf_hash(leaves[at]),
            proof=tree.inclusion(Seq(at), TreeSize(tree.size)),
        )
        for at in asked
    )
    return usage, opened, changed


# ---------------------------------------------------------------------------------- the openings


def inspection_cases() -> list[Case]:
    """What shows F10, F10r and F7 of inspections, and what does not."""
    area = Area("opening", CaseKind.FAULT, run="honest")
    for accept, name, fault, rule, materials in (*_openings(), *_refusals(), *_reports()):
        items = [material_to_json(each) for each in materials]
        put = area.accept if accept else area.refuse
        put(name, rule, fault=str(fault), materials=items)
        if accept:
            for mutation, of, bent in guilt.mutations(materials):
                changed = [material_to_json(each) for each in bent]
                area.refuse(f"{name}-{mutation}", of, fault=str(fault), materials=changed)
    return area.cases


def _openings() -> Iterator[Told]:
    fault, ledger = Fault.F10, _ledger()
    usage = _usage()
    opened = ledger.open(_places())
    good = _opening(opened, usage)
    true, last = ledger.leaves[DRAWN], len(ledger.leaves) - 1

    def shown(opening: bytes, *records: bytes, of: bytes = usage) -> Materials:
        return (
            Signed(entry=of),
            Signed(entry=opening),
            *(Opened(record=record) for record in records),
        )

    bent = (replace(opened[0], proof=opened[1].proof), *opened[1:])
    yield True, "o1-proof-of-the-neighbour", fault, "inspection 3.1", shown(_opening(bent, usage))
    moved = (replace(opened[0], leaf=opened[1].leaf), *opened[1:])
    yield True, "o1-leaf-of-the-neighbour", fault, "inspection 3.1", shown(_opening(moved, usage))
    yield False, "o1-of-a-true-opening", fault, "inspection 3.1", shown(good)
    yield False, "o1-with-a-record", fault, "bundles 3.6", shown(_opening(bent, usage), true)
    yield False, "record-of-a-true-ledger", fault, "inspection 3.2", shown(good, true)
    pair = ledger.leaves[DRAWN : DRAWN + 2]
    yield False, "neighbours-of-a-true-ledger", fault, "inspection 3.6", shown(good, *pair)
    yield False, "record-not-shown", fault, "bundles 3.6", shown(good, true + b" ")
    yield False, "opening-by-another-lab", fault, "bundles 3.6", shown(_opening(bent, usage, BIRCH))
    other = _usage(leaves=last + 2)
    yield (
        False,
        "opening-of-another-usage",
        fault,
        "bundles 3.6",
        shown(_opening(bent, usage), of=other),
    )
    said = by(VERIFIERS[0], _ledger().usage(_sample()), 7, PERIOD)
    strange = _opening(bent, said, VERIFIERS[0])
    yield False, "opening-by-a-verifier", fault, "bundles 3.6", shown(strange, of=said)
    yield False, "usage-alone", fault, "bundles 3.6", (Signed(entry=usage),)
    apart = (ledger.leaves[DRAWN - 1], ledger.leaves[DRAWN + 1])
    yield False, "records-that-are-no-neighbours", fault, "inspection 3.6", shown(good, *apart)
    yield from _false_ledgers(last)


def _false_ledgers(last: int) -> Iterator[Told]:
    """A ledger with one record that cannot stand in it."""
    fault, leaves = Fault.F10, _ledger().leaves
    period = run_of("honest").register.agreement.schedule.period(PeriodIndex(PERIOD))
    value = json.loads(leaves[DRAWN])
    own = {name: f'"{name}":{json.dumps(value[name])}'.encode() for name in value if name != "sums"}
    changes = {
        "o2-of-another-lab": ("2", DRAWN, own["lab"], b'"lab":"birch"'),
        "o2-of-another-period": ("2", DRAWN, own["period"], b'"period":5'),
        "o2-of-another-place": ("2", DRAWN, own["index"], b'"index":6'),
        "o2-with-a-member-more": ("2", DRAWN, own["lab"], own["lab"] + b',"more":1'),
        "o3-before-its-period": ("3", DRAWN, own["start"], f'"start":{period.start - 1}'.encode()),
        "o3-after-its-period": ("3", DRAWN, own["end"], f'"end":{period.end + 1}'.encode()),
        "o3-at-no-site-of-it": ("3", DRAWN, own["site"], b'"site":"elsewhere"'),
    }
    for name, (item, place, old, new) in changes.items():
        usage, opened, record = _changed(place, old, new)
        materials = _with(usage, opened, record)
        yield True, name, fault, f"inspection 3.{item}", materials
    first, end = _sums(leaves[0]), _sums(leaves[last])
    ends = (("o4-first", 4, 0, first), ("o5-last", 5, last, end))
    for name, number, place, (old, new) in ends:
        usage, opened, record = _changed(place, old, new)
        title = f"{name}-leaf-with-other-sums"
        yield True, title, fault, f"inspection 3.{number}", _with(usage, opened, record)
    usage, opened, record = _changed(DRAWN, *_sums(leaves[DRAWN]))
    yield False, "sums-of-one-record-alone", fault, "inspection 3.6", _with(usage, opened, record)
    for name, pair in (
        ("o6-sums-that-do-not-follow", (leaves[DRAWN - 1], record)),
        ("o6-sums-that-are-not-followed", (record, leaves[DRAWN + 1])),
    ):
        yield True, name, fault, "inspection 3.6", _with(usage, opened, *pair)


def _sums(leaf: bytes) -> tuple[bytes, bytes]:
    """A record's sums of one class, and more of them."""
    text = json.dumps(json.loads(leaf)["sums"]["pre-training"], separators=(",", ":"))
    value = json.loads(text)
    value["used_pflop"] += 1
    old = written(json.loads(text))
    return b'"pre-training":' + old, b'"pre-training":' + written(value)


def _with(usage: bytes, leaves: Sequence[OpenedLeaf], *records: bytes) -> Materials:
    opening = _opening(leaves, usage)
    return (
        Signed(entry=usage),
        Signed(entry=opening),
        *(Opened(record=record) for record in records),
    )


# ------------------------------------------------------------------------- refusals and reports


def _envelopes(*entries: bytes) -> Materials:
    return tuple(Signed(entry=entry) for entry in entries)


def _refusals() -> Iterator[Told]:
    fault, rule = Fault.F10R, "bundles 3.7"
    usage = _usage()
    drawn = Drawn(lab=AURORA, usage=_identity(usage), leaves=(DRAWN,), sites=())
    held = run_of("honest").register
    asks = InspectionRequest(
        period=PeriodIndex(PERIOD),
        register_size=held.size,
        register_root=held.root,
        draws=(drawn,),
    )
    request = by(VERIFIERS[2], asks, 3)
    elsewhere = by(VERIFIERS[2], replace(asks, register_root=Digest.of(b"another")), 3)

    def closures(result: Result, *who: int, of: bytes = request, seq: int = 5) -> list[bytes]:
        ended = Ended(inspection=Digest(_identity(of)), lab=AURORA, result=result)
        return [by(VERIFIERS[at], Closure(results=(ended,)), seq) for at in who]

    late = closures(Result.UNANSWERED, 0, 1)
    kept = closures(Result.UNDELIVERED, 0, 1)
    yield True, "f10r-unanswered", fault, rule, _envelopes(request, usage, *late)
    yield True, "f10r-undelivered", fault, rule, _envelopes(request, usage, *kept)
    answer = _opening(_ledger().open(_places()), usage)
    yield True, "f10r-answered-since", fault, rule, _envelopes(request, usage, *late, answer)
    given = closures(Result.IN_ORDER, 0, 1, seq=8)
    yield True, "f10r-delivered-since", fault, rule, _envelopes(request, usage, *kept, *given)
    short = _opening(_ledger().open(_places()[1:]), usage)
    bad = {
        "by-one-verifier": (request, usage, late[0]),
        "by-one-verifier-twice": (request, usage, late[0], late[0]),
        "verifiers-out-of-order": (request, usage, *late[::-1]),
        "of-two-results": (request, usage, late[0], kept[1]),
        "closed-in-order": (request, usage, *given),
        "of-another-request": (request, usage, *closures(Result.UNANSWERED, 0, 1, of=usage)),
        "of-one-that-says-nothing-of-it": (
            *(request, usage, late[0]),
            closures(Result.UNANSWERED, 1, of=usage)[0],
        ),
        "of-another-usage": (request, _usage(leaves=3), *late),
        "answered-by-other-leaves": (request, usage, *late, short),
        "delivered-before": (request, usage, *kept, *closures(Result.IN_ORDER, 0, 1, seq=4)),
        "delivered-say-others": (request, usage, *kept, *closures(Result.IN_ORDER, 1, 2, seq=8)),
        "undelivered-and-opened": (request, usage, *kept, answer),
        "request-by-a-lab": (by(BIRCH, asks, 3), usage, *late),
        "by-another-register": (
            *(elsewhere, usage),
            *closures(Result.UNANSWERED, 0, 1, of=elsewhere),
        ),
    }
    for name, entries in bad.items():
        yield False, f"f10r-{name}", fault, rule, _envelopes(*entries)
    yield from _challenges()


def _challenges() -> Iterator[Told]:
    fault, rule = Fault.F10R, "bundles 3.7"
    refuses = replace(ADMITS, answer=Answer.REFUSE)
    asked, notice = by(AURORA, Challenge(commitment=NOTICE.commitment), 3), by(AURORA, NOTICE, 4)
    refused = by(BIRCH, refuses, 6)
    yield True, "f10r-challenge-refused", fault, rule, _envelopes(asked, notice, refused)
    salted = replace(NOTICE, salt=Salt(bytes(32)))
    own = replace(NOTICE, lab=AURORA)
    bad = {
        "admitted": (asked, notice, by(BIRCH, ADMITS, 6)),
        "opened-before-it-was-asked": (asked, by(AURORA, NOTICE, 2), refused),
        "opened-otherwise": (asked, by(AURORA, salted, 4), refused),
        "opened-by-another": (asked, by(BIRCH, NOTICE, 4), refused),
        "refused-by-another": (asked, notice, by(AURORA, refuses, 6)),
        "of-another-refused": (
            *(asked, notice),
            by(BIRCH, replace(refuses, challenge=Digest.of(b"another")), 6),
        ),
        "of-ones-own-place": (
            by(AURORA, Challenge(commitment=own.commitment), 3),
            by(AURORA, own, 4),
            by(AURORA, replace(refuses, challenge=own.commitment), 6),
        ),
        "asked-by-a-verifier": (
            *(by(VERIFIERS[0], Challenge(commitment=NOTICE.commitment), 3),),
            *(by(VERIFIERS[0], NOTICE, 4), refused),
        ),
    }
    for name, entries in bad.items():
        yield False, f"f10r-challenge-{name}", fault, rule, _envelopes(*entries)


def _reports() -> Iterator[Told]:
    fault, rule = Fault.F7, "bundles 3.3"
    declared = by(BIRCH, Declaration(sites=(), meters=()))
    said = [by(VERIFIERS[at], REPORT, 5) for at in range(3)]
    other = by(VERIFIERS[1], replace(REPORT, links=4), 5)
    none = [by(VERIFIERS[at], replace(REPORT, undeclared=0), 5) for at in range(2)]
    yield True, "f7-reported", fault, rule, _envelopes(declared, *said[:2])
    bad = {
        "by-one": (declared, said[0]),
        "by-three": (declared, *said),
        "out-of-order": (declared, *said[1::-1]),
        "not-alike": (declared, said[0], other),
        "nothing-undeclared": (declared, *none),
        "of-another-lab": (by(AURORA, Declaration(sites=(), meters=())), *said[:2]),
        "said-by-labs": (declared, by(AURORA, REPORT, 5), by(BIRCH, REPORT, 5)),
    }
    for name, entries in bad.items():
        yield False, f"f7-reported-{name}", fault, rule, _envelopes(*entries)
