"""What a story says at its end beside the statuses: findings, cleared cases, and what failed.

A proposal or an accession that has not the share it needs leaves no trace in any appraisal; a
story that said nothing of it would let a reader think that it held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.amending import decayed, written
from pausenet.protocol.cases import Case, CaseStage, Charge
from pausenet.protocol.drafting.words import flop, listing, share
from pausenet.protocol.joining import candidates, clause_of
from pausenet.protocol.register import Register
from pausenet.statements.accession import Acceptance
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import PPM
from pausenet.statements.codec import Statement
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, Finding
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable, PartyStage
from pausenet.values import ParticipantId, PeriodIndex

Said = Mapping[ParticipantId, Sequence[Statement]]
B = TypeVar("B")
_AMOUNTS: Final = re.compile(r"(\d+) PFLOP|cap on (?:it|a run) is (\d+)")
"""The amounts in the claim of an F6, which are all in PFLOP."""
_PERIOD: Final = {Amendable.TOTAL_CAP: "a period", Amendable.RUN_CAP: "a run"}


def told_of_finding(finding: Finding) -> str:
    """A finding in a line; the amounts of its claim once more as agreements write them."""
    claim = finding.claim
    if finding.fault is Fault.F6:
        amounts = [flop(int(one or other)) for one, other in _AMOUNTS.findall(claim)]
        in_flop = listing(each.removesuffix(" FLOP") for each in amounts)
        claim += f" (in FLOP: {in_flop})" if amounts else ""
    kind = f"{finding.fault} {finding.fault.fault_class}, {finding.grade}"
    return f"{kind}, against {finding.accused}: {claim}"


def excused(life: Lifecycle, findings: Sequence[Finding]) -> frozenset[ParticipantId]:
    """The parties whose every finding the panel has heard and taken an explanation for."""
    latest: dict[tuple[ParticipantId, Charge], Case] = {}
    for _, case in life.moves:
        latest[case.party, case.charge] = case
    cleared = {place for place, case in latest.items() if case.stage is CaseStage.CLOSED}

    def is_cleared(finding: Finding) -> bool:
        charges: list[Charge] = [(finding.fault, period) for period in finding.periods]
        each = all((finding.accused, charge) in cleared for charge in charges)
        return (finding.accused, finding.bundle) in cleared or (bool(charges) and each)

    accused = {finding.accused for finding in findings}
    still = {finding.accused for finding in findings if not is_cleared(finding)}
    return frozenset(accused - still)


def halvings(agreement: Agreement, periods: int) -> Iterator[tuple[int, str]]:
    """Every period in which limits fall with time (C27), and what the written ones come down to."""
    for period in range(1, periods):
        fallen = [
            f"{flop(now)} {_PERIOD[clause]}"
            for clause in Amendable
            if (limit := written(agreement, clause)) is not None
            and (now := decayed(agreement, limit, period)) < decayed(agreement, limit, period - 1)
        ]
        if fallen:
            yield period, f"limits halve: {listing(fallen)}"


def may_be_unmet(register: Register, said: Said) -> bool:
    """Whether anybody has proposed a limit, or might accede: only then is there more to tell."""
    bodies = (each.body for log in said.values() for each in log)
    return bool(candidates(register)) or any(isinstance(body, Proposal) for body in bodies)


def unmet(register: Register, said: Said, life: Lifecycle) -> tuple[str, ...]:
    """What parties want at the end of these logs, and too few of them for it to hold."""
    held = [
        party
        for party, each in life.parties.items()
        if each.activated_by is not None and each.stage not in (PartyStage.ENDED, PartyStage.VOID)
    ]
    if not held:
        return ()
    return (*_proposals(register, said, life, held), *_accessions(register, said, life, held))


def _proposals(
    register: Register, said: Said, life: Lifecycle, held: Sequence[ParticipantId]
) -> Iterator[str]:
    agreement = register.agreement
    lowered = {
        (each.clause, ceiling.limit_pflop)
        for party in life.parties.values()
        for each in party.amended
        for ceiling in each.limits
    }
    for clause in Amendable:
        wanted: list[tuple[PeriodIndex, int]] = []
        for party in held:
            last = [each for each in _bodies(said, party, Proposal) if each.clause is clause][-1:]
            wanted += ((each.start, int(each.limit_pflop)) for each in last)
        terms, limit = agreement.amendment, written(agreement, clause)
        if terms is None or limit is None:
            continue
        for start, amount in sorted(set(wanted)):
            count = wanted.count((start, amount))
            has_share = count * PPM >= terms.need_ppm * len(held)
            if not has_share and amount < limit and (clause, amount) not in lowered:
                yield (
                    f"end: {_of_those_held(count, held, 'want')} the limit of {clause} to be "
                    f"{flop(amount)} from period {start} on, {share(terms.need_ppm)} needed: "
                    "it stays"
                )


def _accessions(
    register: Register, said: Said, life: Lifecycle, held: Sequence[ParticipantId]
) -> Iterator[str]:
    clause = clause_of(register.agreement)
    if clause is None:
        return
    for lab in candidates(register):
        each = life.parties.get(lab)
        if each is not None and each.activated_by is not None:
            continue
        words = [
            [body for body in _bodies(said, party, Acceptance) if body.lab == lab][-1:]
            for party in held
        ]
        count = sum(body.accepts for last in words for body in last)
        signed = bool(_bodies(said, lab, Ratification))
        has_share = count * PPM >= clause.need_ppm * len(held)
        accept = f"{_of_those_held(count, held, 'accept')} that {lab} accedes"
        if signed and not has_share:
            yield f"end: {accept}, {share(clause.need_ppm)} needed: it stays outside"
        elif count and not signed:
            yield f"end: {accept}, and it has not signed: it stays outside"


def _bodies(said: Said, by: ParticipantId, kind: type[B]) -> list[B]:
    return [each.body for each in said.get(by, ()) if isinstance(each.body, kind)]


def _of_those_held(count: int, held: Sequence[ParticipantId], verb: str) -> str:
    return f"{count} of {len(held)} of those held {verb}{'s' * (count == 1)}"
