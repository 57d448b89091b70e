"""F6 and F7 written by hand: one usage statement over a cap, and what must stand around it.

Each argument of `over_cap` is one thing that can be otherwise; with none of them the materials
show the fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pausenet.protocol.evidence import EndorsedCut, Leaf, Material, Signed
from pausenet.simulator.vectors.edits import payload_of
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements import codec
from pausenet.statements.correction import Correction
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.reading import Reading
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    Digest,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Seq,
    TreeSize,
    WattHours,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is otherwise than the fault asks for."""

    until: int = 100
    period: int = 3
    named: bool = True
    excess: bool = True
    second: bool = False
    register_size: TreeSize | None = None
    register_root: Digest | None = None


def over_cap(way: Otherwise) -> tuple[Material, ...]:
    """The materials of F6 against birch, on paper."""
    paper = Paper("honest")
    paper.ratify(AURORA)
    paper.ratify(BIRCH, until=way.until)
    first = _endorsed(paper, 1, way)
    pen = paper.pens[BIRCH]
    for body in (usage(excess=way.excess), usage(excess=True, leaves=7)):
        say(paper, BIRCH, body, way.period, named=way.named)
    size = len(pen.entries)
    second = _endorsed(paper, 4, way)
    third = _endorsed(paper, 5, way)
    window = 2 if way.second else 1
    return (
        first,
        paper.pens[AURORA].leaf(0, 1),
        pen.leaf(0, 1),
        second,
        _leaf(paper, 1, size),
        third,
        *(_leaf(paper, place, size) for place in range(window, size)),
    )


def _leaf(paper: Paper, place: int, size: int) -> Leaf:
    return paper.pens[BIRCH].leaf(place, size)


def _endorsed(paper: Paper, period: int, way: Otherwise) -> EndorsedCut:
    """A cut of everything so far, stated and endorsed by three."""
    cut = _registered(paper.cut(period), way)
    pen = paper.pens[VERIFIERS[0]]
    entry = pen.say(cut)
    body = Endorsement(period=cut.period, view=0, cut=cut.digest)
    return EndorsedCut(
        cut=entry, endorsements=tuple(paper.pens[name].say(body) for name in VERIFIERS[:3])
    )


def _registered(cut: Cut, way: Otherwise) -> Cut:
    return replace(
        cut,
        register_size=way.register_size or cut.register_size,
        register_root=way.register_root or cut.register_root,
    )


def usage(*, excess: bool, leaves: int = 12) -> ComputeUsage:
    """Birch's usage, with a run a petaFLOP above the cap where wanted."""
    body = next(
        body
        for entry in run_of("honest").entries(BIRCH)
        if isinstance(body := codec.decode(payload_of(entry)).body, ComputeUsage)
    )
    cap = run_of("honest").register.agreement.run_cap
    assert cap is not None, "the honest run's agreement has one"
    total = Pflop(cap.limit_pflop + 1) if excess else Pflop(1)
    runs = tuple(replace(run, total_pflop=total) for run in body.runs)
    return replace(body, leaves=leaves, runs=runs)


def say(
    paper: Paper,
    who: ParticipantId,
    body: ComputeUsage | Correction | Reading,
    period: int,
    *,
    named: bool = True,
) -> bytes:
    """State something of a period, naming the agreement or not."""
    pen = paper.pens[who]
    schedule, digest = paper.register.agreement.schedule, paper.register.agreement_digest
    statement = pen.statement(
        body, period=schedule.period(PeriodIndex(period)), agreed=digest if named else None
    )
    return pen.append(pen.sealed(replace(statement, seq=Seq(len(pen.entries)))))


def above(
    *,
    named: bool = True,
    meter: str = "birch-meter",
    party: ParticipantId = BIRCH,
    corrected: int = 0,
    of: bytes = b"",
) -> tuple[Material, ...]:
    """The materials of F7 against birch, on paper: twice what it declares.

    The second declaration is corrected to so many tenths where wanted, or another statement's is.
    """
    paper = Paper("honest")
    entries = []
    for period in (3, 4):
        body = usage(excess=False)
        entries.append(say(paper, BIRCH, body, period, named=named))
        if corrected and period == 4:
            entries.append(_corrected(paper, body, corrected, of))
        read = Reading(party=party, energy_wh=WattHours(2 * body.energy_wh))
        entries.append(say(paper, ParticipantId(meter), read, period))
    return tuple(Signed(entry=entry) for entry in entries)


def series(excess_permille: Sequence[int], *, leap: int = 0) -> tuple[Material, ...]:
    """Usage and readings of birch in consecutive periods, so much more metered than declared.

    With a `leap` that many periods are left out before the last.
    """
    paper = Paper("honest")
    entries = []
    for number, excess in enumerate(excess_permille):
        period = 3 + number + (leap if number == len(excess_permille) - 1 else 0)
        body = usage(excess=False)
        entries.append(say(paper, BIRCH, body, period))
        read = Reading(party=BIRCH, energy_wh=WattHours(body.energy_wh * (1000 + excess) // 1000))
        entries.append(say(paper, ParticipantId("birch-meter"), read, period))
    return tuple(Signed(entry=entry) for entry in entries)


def _corrected(paper: Paper, body: ComputeUsage, tenths: int, of: bytes) -> bytes:
    """The last usage statement with other energy; or another one, by its id."""
    pen = paper.pens[BIRCH]
    sites = tuple(
        replace(site, energy_wh=WattHours(site.energy_wh * tenths // 10)) for site in body.sites
    )
    correction = Correction(
        of=Digest.of(of) if of else pen.prev,
        seq=Seq(len(pen.entries) - 1),
        usage=replace(body, sites=sites),
        reason="mistyped",
    )
    return say(paper, BIRCH, correction, 4)
