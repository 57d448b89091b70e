"""Cases of requests that a lab has seen and attested past: F10 of a draw, on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pausenet.crypto import envelope
from pausenet.protocol.asking import draw_of, leaves_for
from pausenet.protocol.evidence import Leaf, Material, Signed, material_to_json
from pausenet.protocol.inspection import commitment_of, image_of
from pausenet.protocol.register import Register
from pausenet.simulator.setting import Setting
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.ground import Pen, run_of
from pausenet.simulator.vectors.networks import BIRCH, VERIFIERS
from pausenet.simulator.vectors.newcomer import grown
from pausenet.simulator.vectors.written import usage
from pausenet.statements.codec import Body, Head
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault
from pausenet.statements.inspection import (
    Drawn,
    InspectionRequest,
    OpenedLeaf,
    Opening,
    SampleReveal,
)
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    ParticipantId,
    PeriodIndex,
    Salt,
    Seq,
    StatementId,
    TreeSize,
)

SEED: Final = Salt(bytes(range(32)))
LENGTH: Final = 16
PERIOD: Final = 3
PAST: Final = 8
"""The first period past the clock of a request of period 3: two run at the cut, two are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is otherwise than it should be; with nothing the materials show F10.

    `named_register` and `root` are what the request names, `known` what the lab says that it had
    seen of the register, and `knew` what it says so of when it first has seen the request; it
    says nothing of that where it does not `tell`.
    """

    seed: Salt = SEED
    image_of: int = PERIOD
    first: Body | None = None
    lab: ParticipantId = BIRCH
    drawn: Drawn | None = None
    leaf_more: bool = False
    named: bool = True
    past: int = PAST
    seen: int = 3
    between: Body | None = None
    answered: bool = False
    gap: bool = False
    named_register: Register | None = None
    root: Digest | None = None
    known: Register | None = None
    knew: Register | None = None
    tells: bool = True


def _period(
    pen: Pen, body: Body, period: int, *, named: bool = True, seen: tuple[Head, ...] = ()
) -> bytes:
    agreement = pen.register.agreement
    statement = pen.statement(
        body,
        period=agreement.schedule.period(PeriodIndex(period)),
        agreed=agreement.digest if named else None,
        seen=seen,
    )
    return pen.append(pen.sealed(statement))


def materials(
    way: Asked, setting: Setting | None = None, by: ParticipantId = VERIFIERS[0]
) -> tuple[Material, ...]:
    """Commitment, reveal and request as leaves; then the lab's log from its usage on."""
    setting = setting or run_of("honest").setting
    verifier, lab = (Pen(setting=setting, who=who) for who in (by, way.lab))
    body = usage(excess=False)
    used = _period(lab, body, PERIOD, named=way.named)
    identity = envelope.decode(used).statement_id
    image = image_of(way.seed, PeriodIndex(way.image_of), LENGTH)
    right = draw_of(lab.register, image, PeriodIndex(PERIOD), way.lab, identity, body)
    drawn = way.drawn or right
    if way.leaf_more:
        other = next(at for at in range(body.leaves) if at not in right.leaves)
        drawn = replace(right, leaves=tuple(sorted((*right.leaves[1:], other))))
    verifier.say(way.first or commitment_of(SEED, LENGTH))
    cut = Digest.of(b"a cut")
    verifier.say(SampleReveal(period=PeriodIndex(PERIOD), cut=cut, image=image))
    held = way.named_register or lab.register
    request = InspectionRequest(
        period=PeriodIndex(PERIOD),
        register_size=held.size,
        register_root=way.root or held.root,
        draws=(drawn,),
    )
    verifier.say(request)
    if way.between is not None:
        lab.say(way.between)
    if way.answered:
        lab.say(_opening(identity, leaves_for(right.leaves, body.leaves)))
    size = TreeSize(way.seen)
    head = Head(origin=verifier.origin, size=size, root=verifier.tree.root(size))
    if way.knew is not None:
        _period(lab, body, way.past - 1, seen=_seen(head, way.knew))
    _period(
        lab, body, way.past, seen=_seen(head, (way.known or lab.register) if way.tells else None)
    )
    log = [lab.entries[0], *lab.entries[2:]] if way.gap else lab.entries
    return (*_leaves(verifier, way.seen), *(Signed(entry=entry) for entry in log))


def _seen(head: Head, known: Register | None) -> tuple[Head, ...]:
    """A verifier's log, and so much of the register."""
    if known is None:
        return (head,)
    learned = Head(origin=REGISTER_ORIGIN, size=known.size, root=known.root)
    return tuple(sorted((learned, head), key=lambda each: each.origin))


def _leaves(verifier: Pen, seen: int) -> tuple[Leaf, ...]:
    """The three leaves, as far as the head seen can hold them."""
    return tuple(verifier.leaf(at, max(seen, at + 1)) for at in range(3))


def _opening(of: StatementId, places: tuple[int, ...]) -> Opening:
    leaves = tuple(OpenedLeaf(index=at, leaf=Digest.of(b"a record"), proof=()) for at in places)
    return Opening(request=StatementId(Digest.of(b"a request")), usage=of, leaves=leaves)


def unanswered_cases() -> list[Case]:
    """The fault, and one thing otherwise."""
    area = Area("unanswered", CaseKind.FAULT, run="honest", fault=str(Fault.F10))
    true = materials(Asked())
    area.accept("attested-past-a-request", "bundles 3.6", materials=_json(true))
    other = Declaration(sites=(), meters=())
    said = materials(Asked(between=other))
    area.accept("with-something-else-said", "bundles 3.6", materials=_json(said))
    some = _opening(StatementId(Digest.of(b"another")), (0, 1))
    elsewhere = materials(Asked(between=some))
    area.accept("with-another-usage-opened", "inspection 2.2", materials=_json(elsewhere))
    untold = materials(Asked(tells=False))
    area.accept("by-who-says-nothing-of-the-register", "bundles 3.6", materials=_json(untold))
    ways = {
        "naming-another-register": ("register 3.17", Asked(root=Digest.of(b"another"))),
        "naming-a-longer-register": ("register 3.17", Asked(named_register=grown()[0])),
        "by-who-has-seen-another-register": ("register 3.18", Asked(known=grown()[0])),
        "answered": ("inspection 2.2", Asked(answered=True)),
        "before-the-clock-has-ended": ("inspection 4.1", Asked(past=PAST - 1)),
        "by-who-has-not-seen-it": ("inspection 1.5", Asked(seen=2)),
        "of-leaves-not-drawn": ("inspection 1.3", Asked(leaf_more=True)),
        "of-a-pre-image-of-another-period": ("inspection 1.2", Asked(image_of=PERIOD + 1)),
        "of-another-chain": ("inspection 1.2", Asked(seed=Salt(bytes(32)))),
        "without-a-commitment-first": ("inspection 1.1", Asked(first=other)),
        "of-usage-without-the-agreement": ("inspection 1.5", Asked(named=False)),
        "with-an-entry-left-out": ("bundles 3.6", Asked(between=other, gap=True)),
    }
    for name, (rule, way) in ways.items():
        area.refuse(name, rule, materials=_json(materials(way)))
    for mutation, rule, bent in guilt.mutations(true):
        area.refuse(f"attested-{mutation}", rule, materials=_json(bent))
    moved = (replace(true[0], index=Seq(1)), *true[1:]) if isinstance(true[0], Leaf) else true
    area.refuse("commitment-at-another-index", "inspection 1.1", materials=_json(moved))
    return area.cases


def _json(items: tuple[Material, ...]) -> list[object]:
    return [material_to_json(each) for each in items]
