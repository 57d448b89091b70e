"""P8: whoever has one key of one participant proves nothing against another.

For every role and every purpose a thief forges all it can: statements, checkpoints, leaves, notes
with cosignatures, changes of keys, and what a verifier says of cuts. It is tried against every
other participant, and against the key's owner, where it must do exactly what THREAT_MODEL.md says.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.errors import PausenetError
from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import cosign
from pausenet.log.vkey import KeyName
from pausenet.protocol import faults
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import EndorsedCut, WholeLog
from pausenet.protocol.recovery import recovered, rotation
from pausenet.simulator.adversary.false_appraiser import opposite
from pausenet.statements import codec
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Appraisal, Fault
from pausenet.statements.inspection import OpenedLeaf, Opening
from pausenet.statements.register import Purpose
from pausenet.values import Digest, NetworkTime, PeriodIndex, Role, StatementId, TreeSize
from tests.protocol.builders import Log, Paper, keyring_of, of_lab, register, usage
from tests.protocol.bundles import bad_entry_of, fork_of, leaf
from tests.protocol.succeeding import fresh, sealed

SPEAKERS = tuple(role for role in Role if role.speaks_only)
HELD = register(speakers=SPEAKERS)
ROLES = {
    Role.LAB: "birch",
    Role.METER: "birch-meter",
    Role.VERIFIER: "verifier-2",
    **{role: f"the-{role}" for role in SPEAKERS},
}
THEFTS = [
    (role, purpose)
    for role, who in ROLES.items()
    for purpose, _ in keyring_of(HELD, who).by_purpose()
]
NAMES = sorted(member.id for member in HELD.members.values() if member.role is not Role.REGISTRAR)


@cache
def spoken(victim: str) -> Log:
    """What everybody sees of a participant: two statements, signed by itself."""
    log = Paper(HELD).log(victim)
    while log.size < 3:
        log.say(usage(10))
    return log


def with_key(victim: str, stolen: SigningKey, purpose: Purpose) -> Log:
    """The victim's log as the thief continues it, with the stolen key for its purpose alone.

    For every other signature the thief has keys of its own, which are nobody's.
    """
    own = fresh(keyring_of(HELD, victim), "the thief")
    own = replace(own, recovery=SigningKey.from_seed(Digest.of(b"the thief's own")))
    keys = replace(own, statement=stolen) if purpose is Purpose.STATEMENT else own
    keys = replace(keys, log=stolen) if purpose is Purpose.LOG else keys
    keys = replace(keys, recovery=stolen) if purpose is Purpose.RECOVERY else keys
    keys = replace(keys, storing=stolen) if purpose is Purpose.STORING else keys
    forged = spoken(victim).fork(2)
    forged.keys = keys
    forged.say(usage(20))
    return forged


def attempts(victim: str, stolen: SigningKey, purpose: Purpose) -> dict[Fault, list[bytes | None]]:
    true, forged = spoken(victim), with_key(victim, stolen, purpose)
    again = with_key(victim, stolen, purpose).fork(2)
    again.keys = forged.keys
    again.say(usage(30))
    odd = again.fork(3)
    odd.keys = forged.keys
    odd.append(b"no envelope")
    found = {
        Fault.F1: [
            faults.equivocation(HELD, true.entries[2], forged.entries[2]),
            faults.equivocation(HELD, again.entries[2], forged.entries[2]),
        ],
        Fault.F2: [
            faults.split_checkpoint(HELD, true.note(), forged.note()),
            faults.split_checkpoint(HELD, again.note(), forged.note()),
        ],
        Fault.F3: [fork_of(HELD, true, forged, 2), fork_of(HELD, again, forged, 2)],
        Fault.F4: [bad_entry_of(odd, 3), bad_entry_of(forged, 2)],
    }
    found |= cosigned(victim, stolen, true, forged)
    found[Fault.F6] = changed(victim, forged)
    return found | voiced(forged) | opened(forged)


def cosigned(
    victim: str, stolen: SigningKey, true: Log, forged: Log
) -> dict[Fault, list[bytes | None]]:
    """The stolen key in place of the victim's storing key, on true and on forged checkpoints."""
    member = HELD.members[Paper(HELD).log(victim).keys.id]
    if member.role is not Role.VERIFIER:
        return {Fault.F8A: [], Fault.F8B: []}

    def line(note: bytes, time: int) -> bytes:
        body = Note.decode(note).body
        by = cosign(body, KeyName(member.origin.storing), stolen, NetworkTime(time))
        return Note(body=body, signatures=(*Note.decode(note).signatures, by)).encode()

    other = spoken("aurora")
    split = faults.split_materials(line(true.note(), 5), line(forged.note(), 6))
    leaves = faults.fork_materials(
        line(true.note(), 5), leaf(true, 2), line(forged.note(), 6), leaf(forged, 2)
    )
    doubled = [faults.double_cosigner(HELD, member.id, each) for each in (split, leaves)]
    sunk = faults.shrinking_cosigner(HELD, line(other.note(3), 5), line(other.note(2), 6))
    return {Fault.F8A: doubled, Fault.F8B: [each.data for each in sunk]}


def changed(victim: str, forged: Log) -> list[bytes | None]:
    """Two statements by keys that the thief tries to bring in: empty where it cannot."""
    keys, new = forged.keys, fresh(forged.keys, "brought in")
    at = forged.fork(2)
    at.keys = keys
    bodies = (
        (rotation(HELD, keys.id, keys, new, TreeSize(2)), keys.statement),
        (recovered(HELD, keys.id, new, TreeSize(2)), keys.recovery),
    )
    made: list[bytes | None] = []
    for body, signer in bodies:
        entry = sealed(at, body, signer, new.statement)
        try:
            after = HELD.members[keys.id].succession.after(entry)
        except PausenetError:
            continue
        known = HELD.succeeded(after)
        later = at.fork(2)
        later.append(entry)
        pair = [
            envelope.seal(codec.encode(later.statement(usage(n))), (new.statement,)) for n in (1, 2)
        ]
        made.append(faults.equivocation(known, *pair))
    return made


@cache
def ground() -> tuple[Appraisal, EndorsedCut, tuple[WholeLog, ...]]:
    """A true appraisal, with all that it follows from."""
    paper = Paper(HELD)
    true = of_lab(paper.period(0), "birch").appraisal
    (found,) = network_cuts(HELD, paper.entries())
    logs = (
        WholeLog(origin=item.origin, entries=tuple(paper.entries()[item.origin][: item.size]))
        for item in found.cut.origins
    )
    return true, found.material(HELD), tuple(logs)


def voiced(forged: Log) -> dict[Fault, list[bytes | None]]:
    """What a verifier may not say of cuts, said in the victim's name."""
    true, cut, logs = ground()
    log = forged.fork(2)
    log.keys = forged.keys
    voices = (
        log.say(Endorsement(period=true.period, view=0, cut=Digest.of(text)))
        for text in (b"one", b"another")
    )
    return {
        Fault.F9: [faults.false_appraisal(HELD, log.say(opposite(true)), cut, logs)],
        Fault.F11: [faults.double_voice(HELD, *voices)],
    }


def opened(forged: Log) -> dict[Fault, list[bytes | None]]:
    """An opening, in the victim's name, of a leaf that its ledger has not."""
    log = forged.fork(2)
    log.keys = forged.keys
    said = log.say(usage(10), period=Paper(HELD).schedule.period(PeriodIndex(0)))
    stray = OpenedLeaf(index=0, leaf=Digest.of(b"leaf"), proof=())
    usage_id = envelope.decode(said).statement_id
    body = Opening(request=StatementId(Digest.of(b"request")), usage=usage_id, leaves=(stray,))
    return {Fault.F10: [faults.false_opening(HELD, said, log.say(body), ())]}


def shown(victim: str, stolen: SigningKey, purpose: Purpose) -> set[Fault]:
    """The faults of which the thief's evidence convinces a stranger, against this victim."""
    found = set()
    for fault, made in attempts(victim, stolen, purpose).items():
        for data in made:
            if data is None:
                continue
            verified = verify_bundle(data, HELD.network_id)
            assert verified.exit_code == 1
            assert verified.claim is not None
            assert verified.claim.accused == victim
            found.add(fault)
    return found


def test_every_role_that_has_a_log_of_its_own_is_robbed() -> None:
    assert set(ROLES) == set(Role) - {Role.REGISTRAR}


@pytest.mark.parametrize(("role", "purpose"), THEFTS, ids=str)
def test_a_thief_of_one_key_makes_no_proof_against_another(role: Role, purpose: Purpose) -> None:
    stolen = dict(keyring_of(HELD, ROLES[role]).by_purpose())[purpose]
    for victim in NAMES:
        if victim != ROLES[role]:
            for used_as in Purpose:
                assert shown(victim, stolen, used_as) == set()


AGAINST_ITS_OWNER = {
    Purpose.STATEMENT: {Fault.F1},
    Purpose.LOG: {Fault.F2, Fault.F3, Fault.F4},
    Purpose.STORING: {Fault.F8B},
    Purpose.WITNESS: set(),
    Purpose.RECOVERY: {Fault.F6},
}
"""F6 stands for what new keys sign that the thief has brought in: it has taken the log over."""
OF_A_VERIFIER = {Purpose.STATEMENT: {Fault.F9, Fault.F11}}
"""What a verifier's key does besides."""
OF_A_LAB = {Purpose.STATEMENT: {Fault.F10}}


@pytest.mark.parametrize(("role", "purpose"), THEFTS, ids=str)
def test_against_its_owner_a_key_does_what_the_threat_model_says(
    role: Role, purpose: Purpose
) -> None:
    who = ROLES[role]
    stolen = dict(keyring_of(HELD, who).by_purpose())[purpose]
    besides = {Role.VERIFIER: OF_A_VERIFIER, Role.LAB: OF_A_LAB}.get(role, {})
    assert shown(who, stolen, purpose) == AGAINST_ITS_OWNER[purpose] | besides.get(purpose, set())
    for used_as in Purpose:
        if used_as is not purpose and purpose is not Purpose.STORING:
            assert shown(who, stolen, used_as) == set()
