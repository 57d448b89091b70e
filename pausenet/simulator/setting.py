"""The network of a scenario: its keys, its register, and the machine of each participant.

Keys come from the scenario's seed, so that a swarm of runs over one scenario shares them; no
key made here is ever used outside the simulator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pausenet.crypto.keys import SigningKey
from pausenet.errors import Misuse
from pausenet.protocol.appraisal import Appraise, appraise_cut
from pausenet.protocol.attester import LabMachine, MeterMachine, SpeakerMachine
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.messages import Machine
from pausenet.protocol.register import Applicant, Keyring, Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.changes import JoinPlan
from pausenet.scenario.plan import REGISTRAR, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.signatures import Signatures, in_use
from pausenet.statements.register import Purpose
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role, Salt


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A network before anybody has started; `newcomers` are to be admitted to it later."""

    register: Register
    keys: Mapping[ParticipantId, Keyring]
    reachable: Mapping[ParticipantId, tuple[ParticipantId, ...]]
    newcomers: Mapping[ParticipantId, Applicant]
    ratifies: Mapping[ParticipantId, PeriodIndex | None]

    def role(self, participant: ParticipantId) -> Role:
        """What this participant is."""
        return self.register.members[participant].role

    def nodes(self) -> tuple[ParticipantId, ...]:
        """Everybody who runs a machine, in register order; the registrar does not."""
        return tuple(name for name in self.register.members if name != REGISTRAR)

    def peers(self, participant: ParticipantId) -> tuple[ParticipantId, ...]:
        """Whom a participant can talk to: verifiers to all, all others to verifiers."""
        return self.reachable[participant]

    def machine(
        self,
        participant: ParticipantId,
        keys: Keyring | None = None,
        register: Register | None = None,
        appraise: Appraise = appraise_cut,
    ) -> Machine:
        """A fresh machine of this participant, as honest as the protocol has it.

        `register` is the one that it follows, where it has grown; a verifier appraises with
        `appraise`.
        """
        keys, register = keys or self.keys[participant], register or self.register
        match keys.role:
            case Role.LAB:
                start = self.ratifies[participant]
                return LabMachine(register=register, keys=keys, ratifies_from=start)
            case Role.METER:
                return MeterMachine(register=register, keys=keys)
            case Role.VERIFIER:
                return VerifierMachine(register=register, keys=keys, appraise=appraise)
            case Role.ADJUDICATOR | Role.EVALUATOR | Role.HOST | Role.AUTHORITY:
                return SpeakerMachine(register=register, keys=keys)
            case Role.REGISTRAR:
                raise Misuse("the registrar runs no machine")


def with_new_keys(keys: Keyring, *, recovers: bool) -> Keyring:
    """The same keys with one set more, which replaces those in use."""
    number = len(keys.later) + 1

    def key(purpose: Purpose) -> SigningKey:
        public_key = keys.statement.public_key
        return SigningKey.from_seed(Digest.of(public_key, f"{purpose} {number}".encode()))

    cosigns = keys.role is Role.VERIFIER
    new = replace(
        keys,
        statement=key(Purpose.STATEMENT),
        log=key(Purpose.LOG),
        storing=key(Purpose.STORING) if cosigns else None,
        witness=key(Purpose.WITNESS) if cosigns else None,
        later=(),
        recovers=recovers,
    )
    return replace(keys, later=(*keys.later, new))


def setting_of(scenario: Scenario) -> Setting:
    """Make a scenario's keys and compose its register, signed with what signs now."""
    return _composed(scenario, in_use())


@lru_cache(maxsize=64)
def _composed(scenario: Scenario, _: Signatures) -> Setting:
    registrar = _applicant(scenario, REGISTRAR, Role.REGISTRAR, "registry", "registry")
    applicants = [
        _applicant(scenario, plan.name, Role.VERIFIER, plan.bloc, f"verifier-{plan.name}"[:64])
        for plan in scenario.verifiers
    ]
    for lab in scenario.labs:
        applicants.append(_applicant(scenario, lab.name, Role.LAB, "labs", lab.name))
        applicants.append(_applicant(scenario, lab.meter, Role.METER, "meters", lab.controls_meter))
    for speaker in scenario.speakers:
        applicants.append(
            _applicant(scenario, speaker.name, speaker.role, f"{speaker.role}s", speaker.name)
        )
    register = compose_register(
        name=scenario.name,
        applicants=tuple(applicants),
        registrar=registrar,
        agreement=agreement_of(scenario),
        epsilon_s=scenario.epsilon_s,
        delta_s=scenario.delta_s,
        heartbeat_s=scenario.heartbeat_s,
        speed=scenario.speed,
    )
    newcomers = tuple(
        _applicant(
            scenario, plan.verifier, Role.VERIFIER, plan.bloc, f"verifier-{plan.verifier}"[:64]
        )
        for plan in scenario.changes
        if isinstance(plan, JoinPlan)
    )
    later = tuple(each.keys.id for each in newcomers)
    nodes = (*(name for name in register.members if name != REGISTRAR), *later)
    verifiers = (*register.verifiers, *later)
    return Setting(
        register=register,
        reachable={
            name: tuple(
                peer for peer in (nodes if name in verifiers else verifiers) if peer != name
            )
            for name in nodes
        },
        ratifies={lab.name: lab.ratifies_from for lab in scenario.labs},
        keys={item.keys.id: item.keys for item in (*applicants, registrar, *newcomers)},
        newcomers={item.keys.id: item for item in newcomers},
    )


def _applicant(
    scenario: Scenario, name: ParticipantId, role: Role, bloc: str, group: str
) -> Applicant:
    def key(purpose: Purpose) -> SigningKey:
        return SigningKey.from_seed(seed_bytes(scenario.seed, "key", name, purpose))

    cosigns = role is Role.VERIFIER
    keys = Keyring(
        id=name,
        role=role,
        statement=key(Purpose.STATEMENT),
        log=key(Purpose.LOG),
        recovery=key(Purpose.RECOVERY),
        storing=key(Purpose.STORING) if cosigns else None,
        witness=key(Purpose.WITNESS) if cosigns else None,
        chain=Salt(seed_bytes(scenario.seed, "chain", name)) if cosigns else None,
    )
    return Applicant(keys=keys, bloc=bloc, group=group, tls_spki=Digest.of(b"tls", name.encode()))
