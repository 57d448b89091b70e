"""Appraisal: what the rules make of each party under one cut (protocol.md 7.2).

`appraise` is a pure function of the register (which holds the agreement), the cut and the
entries that the cut names; the rules' digest stands in its result. It uses integers only. Every
verifier that appraises the same cut by the same rules makes the same bytes. The numbers are
those of the rules' text in `pausenet.protocol.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pausenet.protocol import openings, overcap, refusals, rules, warrants
from pausenet.protocol.contested import Challenges, challenged, contested
from pausenet.protocol.discrepancies import SeriesSoFar
from pausenet.protocol.evidence import UNPROVEN, Judgement, Material, Signed
from pausenet.protocol.excesses import over_caps
from pausenet.protocol.given import Due
from pausenet.protocol.joining import signatories
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import Record, record_of
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import SealedBundle, seal
from pausenet.statements import canonical
from pausenet.statements.cut import Cut
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, Origin, ParticipantId, PeriodIndex, StatementId

RULES_DIGEST: Final = rules.RULES_DIGEST
MATERIAL_BYTES_MAX: Final = 1_000_000
"""How many bytes of envelopes a warrant may rest on; further periods are left out of it."""
LISTED_BYTES_MAX: Final = 32_000
"""How many bytes an appraisal takes with its findings: the statement must fit its envelope."""
FINDINGS_MAX: Final = 128
LOWERED_MAX: Final = 1_000
"""How many periods an appraisal lists in which compute was lowered."""
_FORKS: Final = (Fault.F1, Fault.F2, Fault.F3)
_ONE_ACCOUNT: Final = (*_FORKS, Fault.F4, Fault.F10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraised:
    """An appraisal, and the bundles that its own findings rest on, by id.

    Proofs that the cut lists by id came as bundles already and are not among them.
    """

    appraisal: Appraisal
    bundles: Mapping[Digest, bytes]


def appraise(
    register: Register,
    cut: Cut,
    logs: Mapping[Origin, Sequence[bytes]],
    reader: StatementReader | None = None,
) -> tuple[Appraised, ...]:
    """Appraise every party under a cut, in the agreement's order, then who may accede to it.

    `logs` holds at least as many entries of every log as the cut names (`Misuse` otherwise);
    what it holds beyond them changes nothing, nor does the reader, which only remembers.
    """
    return appraise_record(record_of(register, cut, logs, reader or StatementReader()))


def appraise_record(record: Record) -> tuple[Appraised, ...]:
    """The same of a record that has been read already."""
    cuts = [*(item.cut for item in record.cuts), record.cut]
    challenges = challenged(record.register, record.views, cuts, record.joined)
    parties = signatories(record.register)
    return tuple(_appraise_party(_Case(record, party, challenges)) for party in parties)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutAppraised:
    """What a verifier makes of a cut: each party's appraisal, and whose usage is fixed by it."""

    appraised: tuple[Appraised, ...]
    fixed: Mapping[ParticipantId, tuple[StatementId, ComputeUsage]]


Appraise: TypeAlias = Callable[
    [Register, Cut, Mapping[Origin, Sequence[bytes]], StatementReader], CutAppraised
]
"""What appraises a cut for a verifier: `appraise_cut`, or what remembers its answers.

They follow from the register and the cut alone, where the logs have the roots that it names.
"""


def appraise_cut(
    register: Register, cut: Cut, logs: Mapping[Origin, Sequence[bytes]], reader: StatementReader
) -> CutAppraised:
    """Appraise every party under a cut as `appraise` does, and say whose usage it fixes."""
    record = record_of(register, cut, logs, reader)
    return CutAppraised(appraised=appraise_record(record), fixed=record.fixed())


class _Case:
    """One party under one cut: what it gave, what its meter gave, what is found."""

    def __init__(self, record: Record, party: ParticipantId, challenges: Challenges) -> None:
        self.record, self.party, self.challenges = record, party, challenges
        self.register = record.register
        self.life = record.life_of(party)
        self.usages = record.usages(party)
        self.owed = record.owed(party)
        self.meters: tuple[ParticipantId, ...] = ()
        if self.register.agreement.power_channel is not None:
            self.meters = self.register.agreement.meters_of(party)
        self.readings = {meter: record.readings(meter, party) for meter in self.meters}
        self.accused = {known.accused for known in record.faults if known.grade is Grade.CONFIRMED}
        self.findings: list[Finding] = []
        self.bundles: dict[Digest, bytes] = {}
        self.over_told = False

    def add(self, judgement: Judgement, sealed: SealedBundle) -> None:
        """List what was judged, with its bundle."""
        self.findings.append(judgement.accusation.finding(sealed.id))
        self.bundles[sealed.id] = sealed.data


def _appraise_party(case: _Case) -> Appraised:
    record, party = case.record, case.party
    if not record.is_outside(party):
        _find(case)
    cut, found = record.cut, {finding.fault for finding in case.findings}
    ours = [f for f in case.findings if f.accused == party and not f.against_a_revoked_key]
    corrected = {
        period: due
        for period, due in case.usages.items()
        if (due.correction or due.lowered) and case.life.binds(period)
    }
    proven = {each.fault for each in ours}
    bare = Appraisal(
        period=cut.period,
        view=cut.view,
        cut=cut.digest,
        rules=RULES_DIGEST,
        agreement=record.register.agreement_digest,
        lab=party,
        stage=case.life.stage,
        bound=case.life.bound,
        caps=case.life.caps,
        barred=case.life.barred,
        eased=case.life.eased,
        amended=case.life.amended,
        corrections=sum(1 for due in corrected.values() if due.correction),
        lowered=_lowered(corrected),
        status=_status(case, Fault.F7 in found),
        claims=_claims(proven),
        findings=(),
    )
    appraisal = replace(bare, findings=_fitting(bare, case.findings))
    return Appraised(appraisal=appraisal, bundles=case.bundles)


def _find(case: _Case) -> None:
    """Look for everything that the rules name, in their order."""
    _find_proofs(case)
    _find_over_cap(case)
    _find_discrepancies(case)
    for participant in (case.party, *case.meters):
        _find_silence(case, participant)
    _find_unanswered(case)
    _find_challenged(case)


def _lowered(given: Mapping[PeriodIndex, Due]) -> tuple[PeriodIndex, ...]:
    """Rule 13: the latest periods in which compute was taken back."""
    return tuple(period for period, due in sorted(given.items()) if due.lowered)[-LOWERED_MAX:]


def _fitting(bare: Appraisal, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Rule 14: as many findings as fit beside all else, in the order in which they were found."""
    kept: list[Finding] = []
    total = len(canonical.encode(bare.to_json()))
    for finding in findings[:FINDINGS_MAX]:
        total += len(canonical.encode(finding.to_json()))
        if total > LISTED_BYTES_MAX:
            break
        kept.append(finding)
    return tuple(kept)


def _status(case: _Case, discrepancy: bool) -> Status:
    """Rule 5: the first that applies."""
    confirmed = (f for f in case.findings if f.grade is Grade.CONFIRMED)
    if any(finding.accused == case.party for finding in confirmed):
        return Status.BREACH_PROVEN
    if discrepancy:
        return Status.DISCREPANCY
    if not _demonstrated(case):
        return Status.NOT_DEMONSTRATED
    if not case.life.binds(case.record.cut.period):
        return Status.NOT_IN_FORCE
    return Status.NO_BREACH_FOUND


def _demonstrated(case: _Case) -> bool:
    """Whether all that was due is there, the cut's own period's on time, and the meter sound."""
    if not case.accused.isdisjoint(case.meters) or case.over_told:
        return False
    refused = (each for each in case.findings if each.fault is Fault.F10R)
    if any(each.grade is not Grade.UNSUPPORTED for each in refused):
        return False
    now = case.record.cut.period
    for participant, given in ((case.party, case.usages), *case.readings.items()):
        if not given.keys() >= {*case.owed}:
            return False
        if now in case.owed and not case.record.on_time(participant, now, given[now]):
            return False
    return True


def _claims(faults: set[Fault]) -> tuple[tuple[Claim, Support], ...]:
    """Rule 6: what the lab's own faults say of each claim; nothing here supports one."""
    account = Support.NO_CONCLUSION if faults.isdisjoint(_ONE_ACCOUNT) else Support.CONTRADICTED
    fleet = Support.CONTRADICTED if Fault.F7 in faults else Support.NO_CONCLUSION
    return (
        (Claim.CORRECTNESS, account),
        (Claim.COMPLETENESS, account),
        (Claim.FLEET, fleet),
    )


def _find_proofs(case: _Case) -> None:
    """Rule 7: proofs that the cut lists and f+1 verifiers name alike."""
    for known in case.record.faults:
        if known.accused in (case.party, *case.meters) and known.fault is not Fault.F6:
            case.findings.append(
                Finding(
                    fault=known.fault,
                    grade=known.grade,
                    claim=known.claim,
                    accused=known.accused,
                    periods=(),
                    bundle=known.bundle,
                )
            )


def _find_over_cap(case: _Case) -> None:
    """Rule 9: the earliest usage over a cap, as corrected by the second cut that holds it.

    Over a limit of which the lab cannot be shown to have known, nothing is proven; that it kept
    within its caps is then not demonstrated.
    """
    for found in over_caps(case.record, case.party):
        case.over_told = case.over_told or found.told
        judged = _judged(case, Fault.F6, found.materials)
        if judged is not None:
            case.add(*judged)
            return


def _find_discrepancies(case: _Case) -> None:
    """Rule 10: each series of balances that ends in an alarm, but for those of the same excess."""
    channel = case.register.agreement.power_channel
    if channel is None or not case.accused.isdisjoint(case.meters):
        return
    bound = sorted({*case.life.bound_through(case.record.cut.period)})
    held = case.record.so_far.series
    for meter, readings in case.readings.items():
        both = [
            (period, case.usages[period], readings[period])
            for period in map(PeriodIndex, bound)
            if period in case.usages and period in readings
        ]
        series = held.setdefault((meter, case.party), SeriesSoFar(channel))
        for entries in series.alarmed(both):
            if entries not in series.judged:
                series.judged[entries] = _judged_entries(case, Fault.F7, entries)
            judged = series.judged[entries]
            if judged is not None:
                case.add(*judged)


def _find_unanswered(case: _Case) -> None:
    """Rules 16 and 17: F10 and F10r of what was drawn; a log with two faces has been judged."""
    forked = {known.accused for known in case.record.faults if known.fault in _FORKS}
    if case.party in forked:
        return
    inspected, view = case.record.inspected, case.record.views[case.party]
    proof = _judged(case, Fault.F10, inspected.unanswered(view))
    if proof is not None:
        case.add(*proof)
    for materials in inspected.lacking(view):
        warrant = _judged(case, Fault.F10R, materials)
        if warrant is not None:
            case.add(*warrant)


def _find_challenged(case: _Case) -> None:
    """Rules 17 and 18: what came of challenges of this party's places."""
    record = case.record
    for fault, entries in contested(record.register, record.views, case.challenges, case.party):
        _add_warrant(case, fault, entries)


def _find_silence(case: _Case, participant: ParticipantId) -> None:
    """Rule 8: one warrant over the periods still open, one withdrawn over those answered."""
    given = case.usages if participant == case.party else case.readings[participant]
    still_open: list[tuple[list[bytes], list[bytes]]] = []
    answered: list[tuple[list[bytes], list[bytes]]] = []
    origin = case.register.origin_of(participant)
    silent = {period for log, period in case.record.silences if log == origin}
    for period in (each for each in case.owed if each in silent):
        court = case.register.under(period)
        by = case.record.silences.get((origin, period), {})
        said = [entry for name, entry in by.items() if name in court.verifiers]
        need = court.quorum.f + 1
        if len(said) < need:
            continue
        due = given.get(period)
        if due is None:
            still_open.append((said[:need], []))
        elif not case.record.on_time(participant, period, due):
            answered.append((said[:need], [due.entry]))
    for group in (still_open, answered):
        kept = _within_bounds(group)
        silences = [entry for said, _ in kept for entry in said]
        answers = [entry for _, answer in kept for entry in answer]
        if silences:
            _add_warrant(case, Fault.F5, [*silences, *answers])


def _within_bounds(
    group: Sequence[tuple[list[bytes], list[bytes]]],
) -> list[tuple[list[bytes], list[bytes]]]:
    """As many periods, from the earliest on, as a bundle can hold; at least one."""
    kept: list[tuple[list[bytes], list[bytes]]] = []
    total = 0
    for said, answer in group:
        total += sum(map(len, (*said, *answer)))
        if kept and total > MATERIAL_BYTES_MAX:
            break
        kept.append((said, answer))
    return kept


def _add_warrant(case: _Case, fault: Fault, entries: Sequence[bytes]) -> None:
    judged = _judged_entries(case, fault, entries)
    if judged is not None:
        case.add(*judged)


def _judged_entries(
    case: _Case, fault: Fault, entries: Sequence[bytes]
) -> tuple[Judgement, SealedBundle] | None:
    return _judged(case, fault, tuple(Signed(entry=entry) for entry in entries))


def _judged(
    case: _Case, fault: Fault, materials: tuple[Material, ...]
) -> tuple[Judgement, SealedBundle] | None:
    """Ask the judge who also verifies the bundle: what he would not accept is not found.

    Nor is what no bundle can hold, lest a finding rest on what nobody can read.
    """
    try:
        judgement = _JUDGES[fault](case.register, materials) if materials else None
    except UNPROVEN:
        return None
    sealed = None if judgement is None else seal(case.register, judgement)
    return (
        None if judgement is None or sealed is None or sealed.is_too_large else (judgement, sealed)
    )


_JUDGES: Final = {
    Fault.F5: warrants.judge_silence,
    Fault.F6: overcap.judge_over_cap,
    Fault.F7: warrants.judge_discrepancy,
    Fault.F10: openings.judge_opening,
    Fault.F10R: refusals.judge_refusal,
}
