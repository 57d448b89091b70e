"""Runs that descend from one another are one run to a cap: their compute is summed (rule 9).

A run names its parents. The graph of a lab's runs is drawn from its own statements; whoever
splits a run into many below the cap, each a child of the one before, has signed for their sum.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pausenet.protocol.corrections import Figures
from pausenet.statements.usage import TrainingRun
from pausenet.values import ParticipantId, Pflop, Seq


@dataclass(slots=True, kw_only=True)
class Known:
    """The largest total that a lab has stated of a run, and every parent it has named.

    `seq` is where the total stands, `parents` where each parent was named first. A parent once
    named stays one: a later statement cannot leave it out.
    """

    total_pflop: Pflop
    seq: Seq
    parents: dict[ParticipantId, Seq] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A run with as many of its ancestors as bring it over a limit, each once.

    `stated` are the places of the statements that say so, but for the run's own.
    """

    run: ParticipantId
    total_pflop: int
    ancestors: tuple[ParticipantId, ...]
    stated: frozenset[Seq]

    # The total is no `Pflop`: a sum of figures may be more than any one of them can be.


def known_runs(stated: Sequence[Figures]) -> dict[ParticipantId, Known]:
    """What a lab's statements, in the order of its log, say of each run."""
    known: dict[ParticipantId, Known] = {}
    for figures in stated:
        for run in figures.usage.runs:
            held = known.get(run.run)
            if held is None:
                held = known[run.run] = Known(total_pflop=run.total_pflop, seq=figures.seq)
            elif run.total_pflop > held.total_pflop:
                held.total_pflop, held.seq = run.total_pflop, figures.seq
            for parent in run.parents:
                held.parents.setdefault(parent, figures.seq)
    return known


def over(run: TrainingRun, known: Mapping[ParticipantId, Known], limit: int) -> Lineage | None:
    """The lineage of a run as soon as it is over a limit; None where it never is.

    Parents come before grandparents, in the order of their names; what descends from itself is
    counted once, and what nobody has stated counts for nothing.
    """
    total, ancestors, stated = int(run.total_pflop), list[ParticipantId](), set[Seq]()
    waiting, met = deque[tuple[ParticipantId, Seq]](), {run.run}
    _await(known, run.run, waiting, met)
    while waiting and total <= limit:
        name, named_at = waiting.popleft()
        ancestors.append(name)
        stated |= {named_at, known[name].seq}
        total += known[name].total_pflop
        _await(known, name, waiting, met)
    if total <= limit:
        return None
    return Lineage(
        run=run.run,
        total_pflop=total,
        ancestors=tuple(ancestors),
        stated=frozenset(stated),
    )


def _await(
    known: Mapping[ParticipantId, Known],
    run: ParticipantId,
    waiting: deque[tuple[ParticipantId, Seq]],
    met: set[ParticipantId],
) -> None:
    """Put the parents of a run that have not been met at the end of those that wait."""
    if run not in known:
        return
    new = [(name, at) for name, at in known[run].parents.items() if name in known]
    new = [(name, at) for name, at in new if name not in met]
    met.update(name for name, _ in new)
    waiting.extend(sorted(new))
