"""Cases of changes of keys: in a log, and in what shows a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pausenet.crypto import SigningKey
from pausenet.protocol.evidence import (
    KeyChange,
    Leaf,
    Material,
    Noted,
    Signed,
    material_to_json,
)
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind, texts
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.owners import (
    NOTHING,
    Owner,
    owner,
    ring_of,
    swapped,
    without,
)
from pausenet.simulator.vectors.voices import true_appraisal, under_the_cut
from pausenet.statements.cut import Endorsement
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, Status
from pausenet.statements.register import Purpose
from pausenet.values import Digest, ParticipantId, PeriodIndex

AT: Final = 2
"""Where keys change."""
OTHER: Final = Ratification(agreement=Digest.of(b"an agreement"), until=PeriodIndex(9))
"""Another statement that has nothing to do with keys."""


def begun(who: ParticipantId = BIRCH) -> Owner:
    """A log of two entries; the third place is where keys change."""
    return owner(who).says(NOTHING, OTHER)


# ------------------------------------------------------------------------------------- in a log


def succession_cases() -> list[Case]:
    """Logs whose owner changes keys, each judged from its first entry on."""
    origin = run_of("honest").register.origin_of(BIRCH)
    area = Area("succession", CaseKind.CHAIN, run="honest", origin=origin)
    area.accept("rotated", "bundles 8.2", entries=texts(begun().rotates().says().entries))
    area.accept("recovered", "bundles 8.2", entries=texts(begun().recovers().says().entries))
    both = begun().rotates().says().recovers().says()
    area.accept("rotated-then-recovered", "bundles 8.2", entries=texts(both.entries))
    area.accept("rotated-at-once", "bundles 8.2", entries=texts(owner(BIRCH).rotates().entries))
    twice = begun().rotates("second").rotates("third").says()
    area.accept("rotated-twice", "bundles 8.2", entries=texts(twice.entries))
    for name, rule, log in (*_rotations(), *_recoveries(), *_signers()):
        area.refuse(name, rule, entries=texts(log.entries))
    return area.cases


def _rotations() -> Iterator[tuple[str, str, Owner]]:
    new, other = ring_of(BIRCH, "second"), ring_of(BIRCH, "third")
    first = begun().keys
    bends = {
        "without-the-log-key": without(Purpose.LOG),
        "without-the-statement-key": without(Purpose.STATEMENT),
        "with-the-old-log-key": swapped(first, [Purpose.LOG]),
        "with-a-key-not-possessed": swapped(other, [Purpose.LOG]),
    }
    for name, bend in bends.items():
        log = begun()
        signer = first.statement if "old-statement" in name else new.statement
        signers = (log.keys.recovery if signer is first.statement else log.keys.statement, signer)
        yield (
            f"rotation-{name}",
            "bundles 8.2",
            log.turns(log.rotation(new, bend=bend), new, *signers),
        )
    cosigner = replace(new, storing=other.statement)
    log = begun()
    extra = log.rotation(new, bend=lambda keys: (*keys[:2], replace(keys[0], purpose=_LAST)))
    yield "rotation-with-a-storing-key", "bundles 8.2", log.turns(extra, cosigner)
    log = begun()
    doubled = log.rotation(
        new, bend=lambda keys: (keys[0], replace(keys[0], purpose=keys[1].purpose))
    )
    yield "rotation-with-one-key-twice", "bundles 8.2", log.turns(doubled, new)
    returned = begun().rotates()
    back = ring_of(BIRCH, "second")
    yield (
        "rotation-to-keys-of-before",
        "bundles 8.2",
        returned.turns(returned.rotation(back), back, returned.keys.recovery, back.statement),
    )
    log = begun()
    yield (
        "handover-of-another-place",
        "bundles 8.3",
        log.turns(log.rotation(new, place=AT + 1), new),
    )
    log = begun()
    yield (
        "handover-by-the-new-log-key",
        "bundles 8.3",
        log.turns(log.rotation(new, hands_over=new.log), new),
    )
    log = begun()
    said = log.rotation(other).handover
    yield (
        "handover-of-other-keys",
        "bundles 8.3",
        log.turns(replace(log.rotation(new), handover=said), new),
    )


_LAST: Final = Purpose.STORING


def _recoveries() -> Iterator[tuple[str, str, Owner]]:
    new = ring_of(BIRCH, "rescued")
    log = begun()
    yield (
        "recovery-of-another-place",
        "bundles 8.4",
        log.turns(log.recovery(new, resumes=AT - 1), new),
    )
    log = begun()
    yield (
        "recovery-without-the-log-key",
        "bundles 8.2",
        log.turns(log.recovery(new, bend=without(Purpose.LOG)), new),
    )
    log = begun()
    yield "recovery-to-the-keys-in-use", "bundles 8.2", log.turns(log.recovery(log.keys), log.keys)


def _signers() -> Iterator[tuple[str, str, Owner]]:
    """Changes signed by others than must, and entries by keys that are not in use."""
    new, now = ring_of(BIRCH, "second"), begun().keys
    stranger = ring_of(AURORA, "second").statement

    def rotation(*signers: SigningKey) -> Owner:
        log = begun()
        return log.turns(log.rotation(new), new, *signers)

    def recovery(*signers: SigningKey) -> Owner:
        log = begun()
        return log.turns(log.recovery(new), new, *signers)

    yield "rotation-by-the-old-key-alone", "statements 2.4", rotation(now.statement)
    yield "rotation-by-the-new-key-alone", "statements 2.4", rotation(new.statement)
    yield "rotation-by-the-recovery-key", "bundles 8.2", rotation(now.recovery, new.statement)
    yield "rotation-by-old-and-recovery-key", "bundles 8.2", rotation(now.recovery, now.statement)
    yield "rotation-by-a-stranger", "bundles 8.2", rotation(stranger, new.statement)
    yield "recovery-by-the-old-key", "bundles 8.2", recovery(now.statement, new.statement)
    yield "recovery-by-the-recovery-key-alone", "statements 2.4", recovery(now.recovery)
    yield "recovery-by-a-stranger", "bundles 8.2", recovery(stranger, new.statement)
    for name, log in (("rotation", begun().rotates()), ("recovery", begun().recovers())):
        yield f"old-key-after-a-{name}", "bundles 4.6", _appended(log, now.statement)
        yield f"recovery-key-after-a-{name}", "bundles 4.1", _appended(log, now.recovery)
        yield (
            f"two-keys-after-a-{name}",
            "statements 2.4",
            _appended(log, now.statement, log.keys.statement),
        )
    yield "new-key-without-a-change", "bundles 4.1", _appended(begun(), new.statement)
    yield (
        "two-signatures-without-a-change",
        "statements 2.4",
        _appended(begun(), now.statement, new.statement),
    )


def _appended(log: Owner, *signers: SigningKey) -> Owner:
    """The log with one more entry, signed by these."""
    found = log.fork(len(log.entries))
    found.append(found.by(NOTHING, *signers))
    return found


# -------------------------------------------------------------------------------------- in faults

Shown = tuple[str, str, Fault, Sequence[KeyChange], Sequence[Material]]
"""A name, the rule, the fault, the changes of keys and the other materials."""


def revocation_cases() -> list[Case]:
    """Faults of whoever has changed keys, with the changes that show whose keys they are."""
    area = Area("changed-keys", CaseKind.FAULT, run="honest")

    def add(accept: bool, name: str, rule: str, fault: Fault, items: Sequence[object]) -> None:
        put = area.accept if accept else area.refuse
        put(name, rule, fault=str(fault), materials=list(items))

    foreign = KeyChange(entry=begun(AURORA).rotates().entries[AT])
    for name, rule, fault, changes, materials in (*_shown(), *_shown_by_verifiers()):
        before, after = ([material_to_json(each) for each in part] for part in (changes, materials))
        add(True, name, rule, fault, [*before, *after])
        unneeded = [material_to_json(foreign), *before]
        add(False, f"{name}-with-anothers-change", "bundles 8.5", fault, [*unneeded, *after])
        for mutation, of, bent in guilt.mutations(tuple(materials)):
            add(False, f"{name}-{mutation}", of, fault, [*before, *map(material_to_json, bent)])
        if changes:
            late = [*after, *before]
            add(False, f"{name}-changes-last", "bundles 1.3", fault, late)
            twice = [*before, before[-1], *after]
            add(False, f"{name}-change-twice", "bundles 8.1", fault, twice)
    for name, rule, fault, changes, materials in _not_shown():
        items = [material_to_json(each) for each in (*changes, *materials)]
        add(False, name, rule, fault, items)
    return area.cases


def _pair(one: bytes, other: bytes) -> tuple[Signed, Signed]:
    low, high = sorted((one, other))
    return Signed(entry=low), Signed(entry=high)


def _change(log: Owner, place: int = AT) -> KeyChange:
    return KeyChange(entry=log.entries[place])


def _twins(log: Owner) -> tuple[Signed, Signed]:
    """Two statements for the log's next place."""
    return _pair(log.by(NOTHING, log.keys.statement), log.by(OTHER, log.keys.statement))


def _noted(log: Owner, size: int | None = None) -> Noted:
    return Noted(note=log.note(size))


def _faces(log: Owner) -> tuple[Owner, Owner]:
    """The log continued in two ways."""
    one, other = log.fork(len(log.entries)), log.fork(len(log.entries))
    return one.says(NOTHING), other.says(OTHER)


def _split(log: Owner) -> tuple[Material, ...]:
    one, other = _faces(log)
    return guilt.ordered([_noted(one)], [_noted(other)])


def _shown() -> Iterator[Shown]:
    rotated, recovered = begun().rotates(), begun().recovers()
    change, revoking = _change(rotated), _change(recovered)
    yield "f1-after-a-rotation", "bundles 8.5", Fault.F1, (change,), _twins(rotated)
    yield "f1-before-a-rotation", "bundles 8.5", Fault.F1, (), _twins(rotated.fork(1))
    two = [ring_of(BIRCH, which) for which in ("second", "third")]
    pens = [begun(), begun()]
    turned = [pen.turns(pen.rotation(ring), ring) for pen, ring in zip(pens, two, strict=True)]
    both = _pair(*(pen.entries[AT] for pen in turned))
    yield "f1-of-two-rotations", "bundles 3.F1", Fault.F1, (), both
    yield "f1-by-a-revoked-key", "bundles 8.6", Fault.F1, (revoking,), _twins(begun().fork(1))
    yield "f1-after-a-recovery", "bundles 8.6", Fault.F1, (revoking,), _twins(recovered)
    later = begun().rotates().says().recovers()
    changes = (_change(later), _change(later, AT + 2))
    yield (
        "f1-by-a-rotated-and-revoked-key",
        "bundles 8.6",
        Fault.F1,
        changes,
        _twins(later.fork(AT + 1)),
    )
    yield "f2-after-a-rotation", "bundles 8.5", Fault.F2, (change,), _split(rotated)
    yield "f2-by-a-revoked-key", "bundles 8.6", Fault.F2, (revoking,), _split(begun().fork(1))
    junk = rotated.fork(AT + 1)
    junk.append(junk.by(NOTHING, ring_of(AURORA, "second").statement))
    yield (
        "f4-by-a-stranger-after-a-rotation",
        "bundles 4.1",
        Fault.F4,
        (change,),
        (
            _noted(junk),
            junk.leaf(AT + 1),
        ),
    )
    new = ring_of(BIRCH, "second")
    bad = begun()
    bad.append(bad.by(bad.rotation(new, hands_over=new.log), bad.keys.statement, new.statement))
    yield "f4-of-a-bad-rotation", "bundles 4.7", Fault.F4, (), (_noted(bad), bad.leaf(AT))
    revoked = begun()
    revoked.append(b"nothing that decodes")
    saved = begun().says().recovers()
    yield (
        "f4-by-a-revoked-key",
        "bundles 8.6",
        Fault.F4,
        (_change(saved, AT + 1),),
        (
            _noted(revoked),
            revoked.leaf(AT),
        ),
    )


def _shown_by_verifiers() -> Iterator[Shown]:
    who = VERIFIERS[1]
    rotated, recovered = begun(who).rotates(), begun(who).recovers()
    change, revoking = _change(rotated), _change(recovered)
    votes = [_vote(b"a cut"), _vote(b"another cut")]
    one, other = (rotated.by(vote, rotated.keys.statement) for vote in votes)
    yield "f11-after-a-rotation", "bundles 5.3", Fault.F11, (change,), _pair(one, other)
    first = begun(who).fork(1)
    pair = _pair(*(first.by(vote, first.keys.statement) for vote in votes))
    yield "f11-by-a-revoked-key", "bundles 8.6", Fault.F11, (revoking,), pair
    lie = replace(true_appraisal(), status=Status.NO_BREACH_FOUND)
    said = Signed(entry=rotated.by(lie, rotated.keys.statement))
    yield "f9-after-a-rotation", "bundles 8.5", Fault.F9, (change,), under_the_cut(said)
    before = Signed(entry=first.by(lie, first.keys.statement))
    yield "f9-by-a-revoked-key", "bundles 8.6", Fault.F9, (revoking,), under_the_cut(before)


def _vote(of: bytes) -> Endorsement:
    return Endorsement(period=PeriodIndex(1), view=0, cut=Digest.of(of))


def _not_shown() -> Iterator[Shown]:
    rotated, recovered = begun().rotates(), begun().recovers()
    change, revoking = _change(rotated), _change(recovered)
    former = begun().keys.statement
    yield "f1-without-the-rotation", "bundles 8.5", Fault.F1, (), _twins(rotated)
    yield (
        "f1-with-a-rotation-not-needed",
        "bundles 8.5",
        Fault.F1,
        (change,),
        _twins(rotated.fork(1)),
    )
    old = _pair(*(rotated.by(body, former) for body in (NOTHING, OTHER)))
    yield "f1-by-a-former-key", "bundles 4.6", Fault.F1, (change,), old
    beside = _pair(recovered.entries[AT], begun().by(NOTHING, former))
    yield "f1-of-a-recovery", "bundles 3.F1", Fault.F1, (), beside
    yield "f1-of-a-recovery-with-it", "bundles 3.F1", Fault.F1, (revoking,), beside
    yield "f2-without-the-rotation", "bundles 8.5", Fault.F2, (), _split(rotated)
    pen = begun()
    for changes in ((), (change,)):
        one = pen.fork(AT).says(NOTHING, OTHER)
        crossed = guilt.ordered(
            [_noted(one, AT), one.leaf(1, AT)], [_noted(_other_start()), _other_start().leaf(1)]
        )
        name = "with-the-change" if changes else "without-it"
        yield f"f3-by-two-keys-{name}", "bundles 8.7", Fault.F3, changes, crossed
    late = rotated.fork(AT + 1)
    late.append(late.by(NOTHING, former))
    leaf, before = late.leaf(AT + 1), late.leaf(AT)
    yield "f4-by-a-former-key", "bundles 4.6", Fault.F4, (change,), (_noted(late), leaf)
    yield (
        "f4-by-a-former-key-with-the-leaf-before",
        "bundles 4.6",
        Fault.F4,
        (change,),
        (
            _noted(late),
            leaf,
            before,
        ),
    )
    wrong = rotated.fork(AT + 1)
    wrong.append(_astray(rotated, former))
    leaves = (wrong.leaf(AT + 1), wrong.leaf(AT))
    name = "f4-by-a-former-key-of-another-prev"
    yield name, "bundles 4.6", Fault.F4, (change,), (_noted(wrong), *leaves)
    yield from _good_changes()
    who = VERIFIERS[1]
    turned = begun(who).rotates()
    first = begun(who).fork(1).by(_vote(b"a cut"), begun(who).keys.statement)
    second = turned.by(_vote(b"another cut"), turned.keys.statement)
    yield "f11-by-two-keys", "bundles 5.3", Fault.F11, (_change(turned),), _pair(first, second)


def _good_changes() -> Iterator[Shown]:
    """Changes of keys that stand where they stand are no bad entries."""
    for name, log in (("rotation", begun().rotates()), ("recovery", begun().recovers())):
        note = _noted(log.fork(AT + 1))
        leaf: Leaf = log.leaf(AT, AT + 1)
        yield f"f4-of-a-good-{name}", "bundles 4.7", Fault.F4, (), (note, leaf)
        yield f"f4-of-a-good-{name}-with-it", "bundles 4.7", Fault.F4, (_change(log),), (note, leaf)


def _other_start() -> Owner:
    """Another beginning of the log, which then has new keys."""
    return owner(BIRCH).says(NOTHING, NOTHING).rotates().says()


def _astray(log: Owner, key: SigningKey) -> bytes:
    """An entry by a former key that names another statement before it."""
    other = log.fork(AT)
    other.append(b"something else")
    return other.by(NOTHING, key)
