"""P8: without a party's keys nobody can put words in its mouth.

After each run a forger, who knows everything that was said and holds no key of this network,
makes evidence against an honest lab in two ways and offers it to the pure verifier. The answer
must never be a proof.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pausenet.crypto import envelope
from pausenet.crypto.envelope import Envelope, EnvelopeSignature
from pausenet.crypto.keys import SigningKey
from pausenet.protocol import faults
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.evidence import (
    Accusation,
    Judgement,
    Signed,
)
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import seal
from pausenet.scenario.plan import Scenario
from pausenet.simulator.checker import Checker
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.setting import setting_of
from pausenet.simulator.signatures import Signatures, in_use
from pausenet.simulator.world import World
from pausenet.statements import codec
from pausenet.statements.codec import Statement, Subject
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.register import Purpose
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role, Seq


class NothingForged(Checker):
    """Offers a forged signature, and a bundle with a register of the forger's own."""

    def finished(self, world: World) -> None:
        """Try both against an honest lab."""
        register = world.setting.register
        honest = {node.id for node in world.honest()}
        party = next((lab.name for lab in world.scenario.labs if lab.name in honest), None)
        if party is None:
            return
        offers = {
            "a forged signature": forged_signature(register, party),
            "a register of its own": own_register(
                replace(world.scenario, cheats=(), faults=()), party
            ),
        }
        for how, data in offers.items():
            if verify_bundle(data, register.network_id).outcome is Outcome.PROVEN:
                self.broken("P8", world, f"a bundle with {how} convicts {party}")


def forged_signature(register: Register, party: ParticipantId) -> bytes:
    """Two statements at one place, under a lab's key id and a stranger's signatures."""
    stranger = SigningKey.from_seed(seed_bytes(0, "forger"))
    member = register.members[party]
    key_id = member.keys[Purpose.STATEMENT].key_id
    entries = []
    for number in range(2):
        sealed = envelope.decode(_utterance(register, party, number, stranger))
        false = EnvelopeSignature(key_id=key_id, signature=sealed.signatures[0].signature)
        entries.append(Envelope(payload=sealed.payload, signatures=(false,)).encode())
    accusation = Accusation(
        fault=Fault.F1,
        grade=Grade.CONFIRMED,
        accused=party,
        role=Role.LAB,
        key=key_id,
        periods=(),
        text=Fault.F1.meaning,
    )
    materials = tuple(Signed(entry=entry) for entry in sorted(entries))
    return seal(register, Judgement(accusation=accusation, materials=materials, facts=())).data


def own_register(scenario: Scenario, party: ParticipantId) -> bytes:
    """A bundle that holds, of a network with the same names and other keys."""
    return _own_register(scenario, party, in_use())


@lru_cache(maxsize=32)
def _own_register(scenario: Scenario, party: ParticipantId, _: Signatures) -> bytes:
    setting = setting_of(replace(scenario, seed=scenario.seed + 1))
    entries = [
        _utterance(setting.register, party, number, setting.keys[party].statement)
        for number in range(2)
    ]
    data = faults.equivocation(setting.register, entries[0], entries[1])
    assert data is not None, "the forger's own network convicts whom it likes"
    return data


def _utterance(register: Register, party: ParticipantId, number: int, key: SigningKey) -> bytes:
    """One of any number of different first statements of a log."""
    origin = register.origin_of(party)
    body = Declaration(sites=(), meters=())
    statement = Statement(
        subject=Subject(name="forged", digest=Digest.of(b"%d" % number)),
        network=register.network_id,
        author=party,
        origin=origin,
        seq=Seq(0),
        prev=Digest.of(b"forged"),
        agreement=None,
        period=register.agreement.schedule.period(PeriodIndex(0)),
        seen=(),
        body=body,
    )
    return envelope.seal(codec.encode(statement), (key,))
