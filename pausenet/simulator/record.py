"""What the honest verifiers' own logs say at the end: cuts, and the network's appraisals."""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.protocol.cut import court_of
from pausenet.protocol.drawaudit import NOTHING_DRAWN, DrawAudit, audit_draws
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import record_of
from pausenet.protocol.verifier import VerifierMachine
from pausenet.simulator.checker import honest_verifiers
from pausenet.simulator.world import World
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The first network appraisal that held a finding of this fault: the period of its cut."""

    accused: ParticipantId
    fault: Fault
    period: PeriodIndex


def network_cuts(world: World) -> tuple[Cut, ...]:
    """The cuts that k verifiers endorse in the logs that one honest verifier or other holds."""
    cuts: dict[Digest, Cut] = {}
    endorsers: dict[Digest, set[ParticipantId]] = {}
    register = world.register
    for node in world.honest():
        if not isinstance(node.machine, VerifierMachine):
            continue
        for member in register.with_role(Role.VERIFIER):
            mirror = node.machine.view.log(member.origin)
            for statement in () if mirror is None else mirror.statements:
                match statement.body:
                    case Cut() as cut:
                        cuts[cut.digest] = cut
                    case Endorsement(cut=digest):
                        endorsers.setdefault(digest, set()).add(statement.author)
    agreed = []
    for digest, cut in cuts.items():
        court = court_of(register, cut)
        if len(endorsers.get(digest, set()).intersection(court.verifiers)) >= court.quorum.k:
            agreed.append(cut)
    return tuple(sorted(agreed, key=lambda cut: (cut.period, cut.view, cut.digest)))


def draws_of(world: World, reader: StatementReader) -> DrawAudit:
    """What the last network cut shows of all that was drawn; `reader` may have read the logs."""
    register = world.register
    for cut in reversed(network_cuts(world)):
        for _, machine in honest_verifiers(world):
            mirrors = {item.origin: machine.view.log(item.origin) for item in cut.origins}
            logs = {
                origin: tuple(mirror.entries)
                for origin, mirror in mirrors.items()
                if mirror is not None
            }
            if all(len(logs.get(item.origin, ())) >= item.size for item in cut.origins):
                return audit_draws(record_of(register, cut, logs, reader))
    return NOTHING_DRAWN


def latest_appraisals(world: World) -> dict[ParticipantId, Appraisal]:
    """The network's latest appraisal of each lab that any honest verifier knows of."""
    latest: dict[ParticipantId, Appraisal] = {}
    for node in world.honest():
        if isinstance(node.machine, VerifierMachine):
            for appraisal in node.machine.view.appraisals():
                known = latest.get(appraisal.lab)
                if known is None or (known.period, known.view) < (appraisal.period, appraisal.view):
                    latest[appraisal.lab] = appraisal
    return {lab: latest[lab] for lab in sorted(latest)}
