"""Usage over a cap, looked for under one cut (rule 9): what shows it, for the judge of F6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pausenet.protocol import overcap
from pausenet.protocol.caps import Excess, told_of
from pausenet.protocol.corrections import WINDOW_ENTRIES, Figures, figures
from pausenet.protocol.cut import NetworkCut, origin_in
from pausenet.protocol.easing import Ease, claimed, easable, eased_in
from pausenet.protocol.evidence import Leaf, Material
from pausenet.protocol.joining import signed_with
from pausenet.protocol.learned import find_learned
from pausenet.protocol.reader import LogView
from pausenet.protocol.record import Record, second_cut
from pausenet.statements.codec import Kind
from pausenet.statements.usage import ComputeUsage
from pausenet.values import ParticipantId, PeriodIndex, Role, Seq, TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A usage statement over a cap; `told`: only by what others told the lab, not by its own words.

    The materials are empty where the logs do not give them.
    """

    told: bool
    materials: tuple[Material, ...]


def over_caps(record: Record, party: ParticipantId) -> Iterator[Found]:
    """Every usage statement of a party over a cap, as corrected, by period and place.

    What the lab's own words show is held against what the cuts show to bind: a clause that has
    been lifted is not broken by whoever did not say so, and one that binds is by whoever says
    that it does not. The latter is no proof.
    """
    view, life = record.views[party], record.life_of(party)
    agreement = record.register.agreement
    rules = easable(agreement)
    named = _naming_usage(record, view)
    heads = record.heads(view)
    for index, seq in sorted(each for each in named if life.binds(each[0])):
        second = second_cut(heads, seq, index)
        if second is None:
            continue
        cuts = (*[cut for cut, size in heads if seq < size][:1], second[0])
        ease = eased_in(life.eased, index)
        places = _by_its_log(record, view, seq, second[1])
        if _breaks(record, view, seq, second[1], ease) if any(rules) else places:
            shown = _materials(record, party, seq, cuts, places) if places else ()
            yield Found(told=not places, materials=shown)
            continue
        told = told_of(agreement, life, index)
        if places or not told:
            continue
        stated = _near(view, named, (index, seq), second[1])
        if overcap.beyond(agreement, stated, told, ease) is None:
            continue
        excess = overcap.beyond(agreement, stated, told)
        learned = () if excess is None else _learned(record, view, index, excess)
        places = () if excess is None else tuple(sorted(overcap.needed(stated, excess)))
        shown = _materials(record, party, seq, cuts, places) if learned else ()
        yield Found(told=True, materials=(*shown, *learned) if shown else ())


def _breaks(record: Record, view: LogView, seq: Seq, until: TreeSize, ease: Ease) -> bool:
    """Whether usage breaks what clauses ask by the cuts, whatever the lab says they do.

    Where it says the same as they do, what its own log shows is the answer.
    """
    own = figures(view.windows([seq], WINDOW_ENTRIES), seq, until)
    if own is not None and claimed(record.register.agreement, own.usage) == ease:
        return bool(_by_its_log(record, view, seq, until))
    log = view.log
    stated = overcap.stated_by(log, seq, until)
    return overcap.excess(record.register.agreement, stated, log, ease) is not None


def _learned(
    record: Record, view: LogView, period: PeriodIndex, broken: Excess
) -> tuple[Material, ...]:
    """What shows that the lab had learned of what it broke."""
    verifiers = [record.views[each.id] for each in record.register.with_role(Role.VERIFIER)]
    return find_learned(record.register, view, verifiers, period=period, broken=broken)


def _naming_usage(record: Record, view: LogView) -> list[tuple[PeriodIndex, Seq]]:
    """The usage statements of a log that name the agreement, by place."""
    return [
        (said.period.index, seq)
        for seq, said in view.numbered(Kind.USAGE)
        if isinstance(said.body, ComputeUsage) and said.period is not None
        if said.agreement == record.register.agreement_digest
    ]


def _by_its_log(record: Record, view: LogView, seq: Seq, until: TreeSize) -> tuple[Seq, ...]:
    """The places of a log that show usage over a cap by themselves; empty where none do.

    What stands before `until` never changes, so that the answer is remembered with the log.
    """
    if (seq, until) not in view.answers:
        log = view.log
        stated = overcap.stated_by(log, seq, until)
        excess = overcap.excess(record.register.agreement, stated, log)
        found = () if excess is None else tuple(sorted(overcap.needed(stated, excess)))
        view.answers[seq, until] = found
    return view.answers[seq, until]


def _near(
    view: LogView,
    named: Sequence[tuple[PeriodIndex, Seq]],
    usage: tuple[PeriodIndex, Seq],
    until: TreeSize,
) -> list[Figures]:
    """The figures of a usage statement, the last, and of those before it of the period before."""
    period, seq = usage
    places = [at for index, at in named if at == seq or (at < seq and index == period - 1)]
    log = view.windows(places, WINDOW_ENTRIES)
    found = (figures(log, at, until) for at in places)
    return [each for each in found if each is not None]


def _materials(
    record: Record,
    party: ParticipantId,
    seq: Seq,
    cuts: Sequence[NetworkCut],
    places: Sequence[Seq],
) -> tuple[Material, ...]:
    """The materials of F6 for one usage statement, given two cuts and what the second shows."""
    register, life = record.register, record.life_of(party)
    named = signed_with(register, party)
    activating = [c for c in record.cuts if c.cut.period == life.activated_by]
    groups = [
        _leaves(record, activating, [(each, _ratified(record, each)) for each in named]),
        _leaves(record, cuts[:1], [(party, seq)]),
        _leaves(record, cuts[1:], [(party, place) for place in places]),
    ]
    return tuple(item for group in groups for item in group) if all(groups) else ()


def _ratified(record: Record, party: ParticipantId) -> Seq:
    """Where a party's ratification stands; past the end of its log where there is none."""
    found = record.ratified.get(party)
    return Seq(record.views[party].size) if found is None else found.seq


def _leaves(
    record: Record, cuts: Sequence[NetworkCut], places: Sequence[tuple[ParticipantId, Seq]]
) -> tuple[Material, ...]:
    """The first of these cuts that holds all these entries, with their leaves; else nothing."""
    for network_cut in cuts:
        leaves: list[Leaf] = []
        for participant, seq in places:
            view = record.views[participant]
            item = origin_in(network_cut.cut, view.member.origin)
            if item is not None and seq < item.size and view.has_root(item.size, item.root):
                leaves.append(view.leaf(seq, TreeSize(item.size)))
        if len(leaves) == len(places):
            return (network_cut.material(record.register), *leaves)
    return ()
