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
from pausenet.protocol.given import Place
from pausenet.protocol.joining import signed_with
from pausenet.protocol.learned import find_learned
from pausenet.protocol.reader import LogView
from pausenet.protocol.record import Record, second_cut
from pausenet.statements.codec import Kind
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
    heads, naming = record.heads(party), record.so_far.naming[party]
    for place in naming.waiting(view, record.register.agreement_digest, life, heads):
        index, seq = place
        second = second_cut(heads, seq, index) if life.binds(index) else None
        if second is None and life.binds(index):
            continue
        found = None
        if second is not None:
            cuts = (*[cut for cut, size in heads if seq < size][:1], second[0])
            found = _over_cap(record, party, place, cuts, second[1])
        if found is None:
            naming.settle(place)
        else:
            yield found


def _over_cap(
    record: Record,
    party: ParticipantId,
    usage: Place,
    cuts: Sequence[NetworkCut],
    until: TreeSize,
) -> Found | None:
    """One usage statement that is over a cap by the second of two cuts; None where it is not."""
    (index, seq), agreement = usage, record.register.agreement
    view, life = record.views[party], record.life_of(party)
    ease = eased_in(life.eased, index)
    places = _by_its_log(record, view, seq, until)
    if _breaks(record, view, seq, until, ease) if any(easable(agreement)) else places:
        shown = _materials(record, party, seq, cuts, places) if places else ()
        return Found(told=not places, materials=shown)
    told = told_of(agreement, life, index)
    if places or not told:
        return None
    stated = _near(view, record.so_far.naming[party].places, usage, until)
    if overcap.beyond(agreement, stated, told, ease) is None:
        return None
    excess = overcap.beyond(agreement, stated, told)
    learned = () if excess is None else _learned(record, view, index, excess)
    places = () if excess is None else tuple(sorted(overcap.needed(stated, excess)))
    shown = _materials(record, party, seq, cuts, places) if learned else ()
    return Found(told=True, materials=(*shown, *learned) if shown else ())


def stated_in(view: LogView, seq: Seq, until: TreeSize) -> tuple[Figures, ...]:
    """The same as `overcap.stated_by` of the whole log; what has been figured out stays so.

    A window that ends before `until` ends there whatever comes later.
    """
    accused, found = view.statements[seq], list[Figures]()
    for place, said in view.numbered(Kind.USAGE):
        if place > seq or accused is None or said.agreement != accused.agreement:
            continue
        held = view.figured.get(place)
        if held is None or held.end > until:
            held = figures(view.log, place, until)
            if held is not None and held.end < until:
                view.figured[place] = held
        if held is not None:
            found.append(held)
    return tuple(found)


def _breaks(record: Record, view: LogView, seq: Seq, until: TreeSize, ease: Ease) -> bool:
    """Whether usage breaks what clauses ask by the cuts, whatever the lab says they do.

    Where it says the same as they do, what its own log shows is the answer.
    """
    own = figures(view.windows([seq], WINDOW_ENTRIES), seq, until)
    if own is not None and claimed(record.register.agreement, own.usage) == ease:
        return bool(_by_its_log(record, view, seq, until))
    stated = stated_in(view, seq, until)
    return overcap.excess(record.register.agreement, stated, view.log, ease) is not None


def _learned(
    record: Record, view: LogView, period: PeriodIndex, broken: Excess
) -> tuple[Material, ...]:
    """What shows that the lab had learned of what it broke."""
    verifiers = [record.views[each.id] for each in record.register.with_role(Role.VERIFIER)]
    return find_learned(record.register, view, verifiers, period=period, broken=broken)


def _by_its_log(record: Record, view: LogView, seq: Seq, until: TreeSize) -> tuple[Seq, ...]:
    """The places of a log that show usage over a cap by themselves; empty where none do.

    What stands before `until` never changes, so that the answer is remembered with the log.
    """
    if (seq, until) not in view.answers:
        stated = stated_in(view, seq, until)
        excess = overcap.excess(record.register.agreement, stated, view.log)
        found = () if excess is None else tuple(sorted(overcap.needed(stated, excess)))
        view.answers[seq, until] = found
    return view.answers[seq, until]


def _near(
    view: LogView,
    named: Sequence[Place],
    usage: Place,
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
