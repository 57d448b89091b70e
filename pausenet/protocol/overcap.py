"""Proof F6: a lab's own signed usage is over a cap that binds it (protocol.md 8).

The materials, in this order, each leaf under the network cut before it:

1. the cut that activated the agreement, and the ratification of every named party (of the
   accused alone where activation is unconditional, or it has acceded);
2. the first network cut that holds the usage statement, and the statement;
3. the second, of a later period, also than the statement's own; under it, in the order of the
   log, the statement again with the window after it (`corrections`), and, where its runs are
   over the cap only together with their ancestors, the statements that say so, each with its
   window; where a run grew in the band without a timely report (`bands`), the usage of the period
   before with its window, what the run names as its report, and what stands before that;
4. where none of this shows anything, what shows that the accused had learned in time of the limit
   of a staged cap, of one that the parties have lowered, or of a bar (`learned`). Where runs are
   limited so, 3 also holds the usage of the period before: a run that stands over a limit and no
   longer grows breaks none.

The second network cut is the end of the time in which a statement may be corrected; the windows
show what was corrected by then. The usage statement names the agreement: a lab does so only once
it has seen that it is bound, so that its own signature, and no verifier's alone, says that the
cap applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pausenet.errors import InvalidEvidence
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.bands import over_bar, unreported
from pausenet.protocol.caps import (
    Excess,
    Told,
    over_amended,
    over_fixed,
    over_stage,
    period_at,
)
from pausenet.protocol.corrections import Entry, Figures, figures
from pausenet.protocol.cut import open_network_cut, origin_in
from pausenet.protocol.easing import Ease, claimed
from pausenet.protocol.evidence import (
    Accusation,
    EndorsedCut,
    Judgement,
    Leaf,
    Material,
    Signed,
)
from pausenet.protocol.joining import least_notice, signatories, signed_with
from pausenet.protocol.learned import judge_learned
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Register
from pausenet.statements.agreement import Agreement
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.usage import ComputeUsage
from pausenet.values import ParticipantId, Period, Seq


def excess(
    agreement: Agreement,
    stated: Sequence[Figures],
    log: Mapping[int, Entry],
    ease: Ease | None = None,
) -> Excess | None:
    """What of the last of these statements breaks a limit, as the lab's own log alone shows it.

    None where nothing does. The earlier statements are asked only for the ancestors of runs that
    are below the cap themselves, and for what runs had come to in the period before; of the log,
    at hand as far as it is shown, the reports of runs are asked for. Clauses ask what the
    statement itself says they do, unless `ease` says otherwise.
    """
    ease = claimed(agreement, stated[-1].usage) if ease is None else ease
    return over_fixed(agreement, stated, ease) or unreported(agreement, stated, log, ease)


def beyond(
    agreement: Agreement, stated: Sequence[Figures], told: Told, ease: Ease | None = None
) -> Excess | None:
    """What of the last of these statements breaks a limit that the lab must have been told of.

    It is asked only of what `excess` finds nothing in.
    """
    ease = claimed(agreement, stated[-1].usage) if ease is None else ease
    return (
        over_stage(agreement, stated, told)
        or over_amended(agreement, stated, told, ease)
        or over_bar(agreement, stated, told, ease)
    )


def judge_over_cap(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F6 of three network cuts with their leaves, and of what was learned of a stage."""
    caps, learned = _split(materials)
    groups = _groups(caps)
    if len(groups) != 3:
        raise InvalidEvidence("expected three network cuts, each with its leaves")
    cuts = [open_network_cut(register, endorsed) for endorsed, _ in groups]
    opened = [
        tuple(_included(register, cut, leaf) for leaf in leaves)
        for cut, (_, leaves) in zip(cuts, groups, strict=True)
    ]
    if len(opened[1]) != 1:
        raise InvalidEvidence("expected one usage statement under the second cut")
    (usage,) = opened[1]
    period = _bound(register, usage)
    told = judge_learned(register, usage.member, period.index, learned) if learned else None
    text, corrected = _uncorrected(
        register, cuts[2], usage, groups[1][1][0], opened[2], groups[2][1], told
    )
    _require_activated(register, usage.member.id, cuts[0], opened[0])
    # F6.3 The period was in force, and the second network cut has come: of a later period than
    # the statement's own, since the first may be an earlier period's that came late.
    least = least_notice(register, usage.member.id)
    if period.index < cuts[0].period + least:
        raise InvalidEvidence("the agreement was not yet in force in the period")
    if not max(cuts[1].period, period.index) < cuts[2].period:
        raise InvalidEvidence("the last cut is not later than the one before and the statement")
    return Judgement(
        accusation=Accusation(
            fault=Fault.F6,
            grade=Grade.CONFIRMED,
            accused=usage.member.id,
            role=usage.member.role,
            key=usage.key.key_id,
            periods=(period.index,),
            text=text,
        ),
        materials=materials,
        facts=(
            f"the agreement was activated by the cut of period {cuts[0].period}, "
            f"{least} periods before it bound",
            f"the cuts of periods {cuts[1].period} and {cuts[2].period} hold the usage statement"
            f"{corrected}",
            f"the usage of period {period.index} names the agreement; {text}"[:300],
        ),
    )


def _bound(register: Register, usage: OpenedEntry) -> Period:
    """F6.1 The statement is a party's usage of one period, and names the agreement."""
    agreement, statement = register.agreement, usage.statement
    body, period = statement.body, statement.period
    if not isinstance(body, ComputeUsage) or usage.member.id not in signatories(register):
        raise InvalidEvidence("expected a party's usage statement")
    if period is None or period != period_at(agreement.schedule, period.index):
        raise InvalidEvidence("the statement's period is not one of the agreement's")
    if statement.agreement != register.agreement_digest:
        raise InvalidEvidence("the statement does not name the agreement")
    return period


def _uncorrected(
    register: Register,
    cut: Cut,
    usage: OpenedEntry,
    leaf: Leaf,
    opened: Sequence[OpenedEntry],
    leaves: Sequence[Leaf],
    told: Told | None,
) -> tuple[str, str]:
    """F6.4 By the second cut the statement, as corrected, is over a cap; what says so is there.

    Gives what is over, and whether a correction was heard, both in words.
    """
    item = origin_in(cut, usage.member.origin)
    places = [each.index for each in leaves]
    if item is None or places != sorted(set(places)) or leaf.index not in places:
        raise InvalidEvidence("expected entries of the accused's log, in order, under the last cut")
    if any(each.member != usage.member for each in opened):
        raise InvalidEvidence("expected entries of the accused's log only")
    log: dict[int, Entry] = {
        each.index: (each.entry, said.statement) for each, said in zip(leaves, opened, strict=True)
    }
    if log[leaf.index][0] != leaf.entry:
        raise InvalidEvidence("expected the same usage statement under both later cuts")
    found = stated_by(log, leaf.index, item.size)
    if not found or found[-1].seq != leaf.index:
        raise InvalidEvidence("the window after the usage statement is not whole")
    over_cap = excess(register.agreement, found, log)
    # F6.5 What the lab was told stands exactly where its own log shows nothing by itself.
    if over_cap is None and told is not None:
        over_cap = beyond(register.agreement, found, told)
    if over_cap is None:
        raise InvalidEvidence("the usage is within the caps")
    if over_cap.was_told != (told is not None):
        raise InvalidEvidence("the usage breaks a limit, whatever the lab was told")
    if set(places) != needed(found, over_cap):
        raise InvalidEvidence("expected the statements that say so with their windows, and no more")
    corrected = found[-1].correction is not None
    return over_cap.text, "; it was corrected" if corrected else "; nothing corrects it"


def stated_by(log: Mapping[int, Entry], seq: Seq, until: int) -> tuple[Figures, ...]:
    """The figures of a usage statement, the last, and of all before it whose windows are whole.

    Only what names the same agreement counts: of other compute the lab did not say that it was
    bound, before the agreement was in force or under a derogation.
    """
    accused = log[seq][1]
    places = (
        place
        for place, (_, said) in sorted(log.items())
        if place <= seq and said is not None and accused is not None
        if said.agreement == accused.agreement
    )
    found = (figures(log, Seq(place), until) for place in places)
    return tuple(each for each in found if each is not None)


def needed(stated: Sequence[Figures], over_cap: Excess) -> frozenset[Seq]:
    """The places of the entries that show an excess: statements with their windows, and others."""
    which = [each for each in stated if each.seq in over_cap.stated or each is stated[-1]]
    return over_cap.alone | {Seq(place) for each in which for place in range(each.seq, each.end)}


def _require_activated(
    register: Register, accused: ParticipantId, cut: Cut, ratifications: Sequence[OpenedEntry]
) -> None:
    """F6.2 The cut holds the ratifications that bring the agreement into force."""
    named = signed_with(register, accused)
    if tuple(opened.member.id for opened in ratifications) != named:
        raise InvalidEvidence("expected the ratification of each party, in their order")
    for opened in ratifications:
        body = opened.statement.body
        if not isinstance(body, Ratification) or body.agreement != register.agreement_digest:
            raise InvalidEvidence(f"{opened.member.id} did not ratify the agreement")
        if body.until < cut.period:
            raise InvalidEvidence(f"the ratification of {opened.member.id} had ended")


def _included(register: Register, cut: Cut, leaf: Leaf) -> OpenedEntry:
    """A statement that stands at its place in its log as the cut holds it."""
    opened = open_entry(register, leaf.entry)
    item = origin_in(cut, opened.member.origin)
    if item is None or opened.statement.seq != leaf.index:
        raise InvalidEvidence(f"the cut does not hold the statement of {opened.member.id}")
    verify_inclusion(leaf_hash(leaf.entry), leaf.index, item.size, leaf.proof, item.root)
    return opened


def _split(materials: Sequence[Material]) -> tuple[Sequence[Material], Sequence[Material]]:
    """The cuts with their leaves, and what follows them from the first envelope on."""
    places = (place for place, each in enumerate(materials) if isinstance(each, Signed))
    first = next(places, len(materials))
    return materials[:first], materials[first:]


def _groups(materials: Sequence[Material]) -> list[tuple[EndorsedCut, tuple[Leaf, ...]]]:
    """Each network cut with the leaves after it, at least one."""
    groups: list[tuple[EndorsedCut, list[Leaf]]] = []
    for material in materials:
        match material:
            case EndorsedCut():
                groups.append((material, []))
            case Leaf() if groups:
                groups[-1][1].append(material)
            case _:
                raise InvalidEvidence("expected network cuts, each with its leaves")
    if not all(leaves for _, leaves in groups):
        raise InvalidEvidence("a network cut without a leaf")
    return [(cut, tuple(leaves)) for cut, leaves in groups]
