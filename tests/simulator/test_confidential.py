"""What a lab's ledgers hold never leaves it unopened."""

from __future__ import annotations

from collections import defaultdict

from pausenet.crypto import envelope
from pausenet.log.merkle import leaf_hash
from pausenet.protocol.messages import Area, Disclosed, Effect, Event, Send, Write
from pausenet.simulator.run import simulate
from pausenet.simulator.trace import message_parts
from pausenet.statements import codec
from pausenet.statements.inspection import Opening
from pausenet.statements.job import decode_record
from pausenet.values import ParticipantId
from tests.simulator.small import SMALL


def test_no_byte_of_an_unopened_record_is_stored_or_sent_by_anybody_else() -> None:
    ledgers: dict[ParticipantId, set[bytes]] = defaultdict(set)
    opened: set[bytes] = set()
    elsewhere: list[bytes] = []
    told: dict[ParticipantId, set[bytes]] = defaultdict(set)
    labs = {lab.name for lab in SMALL.labs}

    def look(who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Write(area=Area.LEDGER, data=data):
                    ledgers[who].add(data)
                case Write(data=data):
                    elsewhere.append(data)
                    if effect.area is Area.ENTRY and who in labs:
                        body = codec.decode(envelope.decode(data).payload).body
                        if isinstance(body, Opening):
                            opened.update(leaf.leaf for leaf in body.leaves)
                case Send(to=to, message=Disclosed(records=records)):
                    assert who in labs
                    told[to].update(records)
                case Send(message=message):
                    elsewhere.extend(message_parts(message))
                case _:
                    pass

    simulate(SMALL, seed=7, recorder=look)
    records = {record for each in ledgers.values() for record in each}
    assert set(ledgers) == labs
    shown = {record for each in told.values() for record in each}
    assert shown
    assert shown < records
    # What went out was opened in a log before, and went to verifiers alone.
    assert {leaf_hash(record) for record in shown} <= opened
    assert all(str(who).startswith("verifier") or who not in labs for who in told)
    # Neither salt nor record, raw or in hex or base64 text, stands in anything else.
    heap = b"\n".join(set(elsewhere))
    payloads = b"\n".join(_payloads(set(elsewhere)))
    for record in records:
        salt = decode_record(record).salt
        for secret in (salt, salt.hex().encode(), record[:200]):
            assert secret not in heap
            assert secret not in payloads


def _payloads(parts: set[bytes]) -> list[bytes]:
    """What stands inside the envelopes among these bytes."""
    found = []
    for part in parts:
        try:
            found.append(envelope.decode(part, signatures_max=2).payload)
        except Exception:
            continue
    return found


def test_every_verifier_is_told_no_more_than_its_own_draws() -> None:
    told: dict[ParticipantId, int] = defaultdict(int)
    asked: dict[ParticipantId, int] = defaultdict(int)

    def look(who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Disclosed):
                told[effect.to] = max(told[effect.to], len(effect.message.records))
                asked[effect.to] += 1

    simulate(SMALL, seed=7, recorder=look)
    assert asked
    assert all(most <= 4 for most in told.values())
