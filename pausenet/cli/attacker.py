"""Joins an adversary of `simulator.adversary` to a real node; nothing else in the program does."""

from __future__ import annotations

from pausenet.errors import Misuse
from pausenet.files.amounts import integer, share_ppm
from pausenet.protocol.attester import LabMachine, MeterMachine, SpeakerMachine
from pausenet.protocol.messages import Machine
from pausenet.protocol.register import Keyring, Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.adversary import adversary_of
from pausenet.values import FIRST_PERIOD, ParticipantId, PeriodIndex, Role


def parse_attack(text: str, by: ParticipantId) -> CheatPlan:
    """Read `KIND:from=6,until=9,amount=20 %`; raise `Misuse` for any other text."""
    kind, _, rest = text.partition(":")
    given = dict(part.partition("=")[::2] for part in rest.split(",") if part)
    try:
        unknown = set(given) - {"from", "until", "amount"}
        if unknown:
            raise ValueError(f"unknown parameter {min(unknown)!r}")
        until = given.get("until")
        return CheatPlan(
            by=by,
            kind=CheatKind(kind),
            start=PeriodIndex(integer(given.get("from", "0"))),
            until=None if until is None else PeriodIndex(integer(until)),
            amount_ppm=share_ppm(given.get("amount", "20 %")),
        )
    except ValueError as error:
        raise Misuse(f"--attack {text!r:.120}: {error}") from error


def parse_ratify_from(text: str) -> PeriodIndex | None:
    """Read a period or `never`; raise `Misuse` for any other text."""
    try:
        return None if text == "never" else PeriodIndex(integer(text))
    except ValueError as error:
        raise Misuse(f"--ratify-from: {error}, or never") from error


def make_machine(
    register: Register,
    keys: Keyring,
    attacks: tuple[CheatPlan, ...],
    ratifies_from: PeriodIndex | None = FIRST_PERIOD,
) -> Machine:
    """A participant's machine, wrapped in its attacks; raise `Misuse` for one of another role."""
    machine = honest_machine(register, keys, ratifies_from)
    for attack in attacks:
        if attack.kind.role is not keys.role:
            raise Misuse(f"{attack.kind} is for a {attack.kind.role}, not for a {keys.role}")
        machine = adversary_of(attack, register=register, keys=keys)(machine)
    return machine


def honest_machine(
    register: Register, keys: Keyring, ratifies_from: PeriodIndex | None = FIRST_PERIOD
) -> Machine:
    """A participant's machine as the protocol has it; `ratifies_from` is for labs."""
    match keys.role:
        case Role.LAB:
            return LabMachine(register=register, keys=keys, ratifies_from=ratifies_from)
        case Role.METER:
            return MeterMachine(register=register, keys=keys)
        case Role.VERIFIER:
            return VerifierMachine(register=register, keys=keys)
        case Role.ADJUDICATOR | Role.EVALUATOR | Role.HOST | Role.AUTHORITY:
            return SpeakerMachine(register=register, keys=keys)
        case Role.REGISTRAR:
            raise Misuse("the registrar runs no node")
