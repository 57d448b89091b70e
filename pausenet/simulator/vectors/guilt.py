"""Materials of every fault: true ones, and ones that show nothing.

Proofs of forks are written with pens; what rests on cuts and periods comes from a run in which
labs cheat. `true_materials` names one set for each fault and each of its forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import (
    Leaf,
    Material,
    Noted,
    Signed,
    decode_bundle,
)
from pausenet.protocol.proofs import double, shrinking
from pausenet.protocol.sealing import seal
from pausenet.simulator.vectors.edits import payload_of
from pausenet.simulator.vectors.ground import Pen, Run, copied, run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.simulator.vectors.voices import VOICES
from pausenet.statements import codec
from pausenet.statements.cut import Silence
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, ParticipantId, PeriodIndex, Seq, TreeSize

Materials = tuple[Material, ...]
Named = dict[str, tuple[str, Fault, Materials]]
"""Materials by name: the run whose register they rest on, the fault, and themselves."""


NOTHING: Final = Declaration(sites=(), meters=())
"""A statement that has nothing to do with any fault."""


@lru_cache(maxsize=1)
def true_materials() -> Named:
    """One set of materials for each fault, and for each form that a fault can take."""
    found: Named = {**_forks(), **_entries()}
    cheats = run_of("cheats")
    for data in cheats.bundles:
        bundle = decode_bundle(data)
        fault = bundle.accusation.fault
        if fault in (Fault.F6, Fault.F7):
            found[str(fault).lower()] = ("cheats", fault, bundle.materials)
    for fault, (shown, _) in VOICES.items():
        name, _, materials = next(shown())
        found[name] = ("honest", fault, materials)
    silent = _silence(run_of("honest"), answered=False)
    found["f5-unanswered"] = ("honest", Fault.F5, silent)
    found["f5-answered"] = ("honest", Fault.F5, _silence(run_of("honest"), answered=True))
    return {name: found[name] for name in sorted(found)}


def bundle_of(name: str) -> bytes:
    """The sealed bundle of a named set of true materials."""
    run, fault, materials = true_materials()[name]
    register = run_of(run).register
    return seal(register, JUDGES[fault](register, materials)).data


def faces(run: Run) -> tuple[Pen, Pen]:
    """One log of birch continued in two ways from its third place on."""
    one = copied(run, BIRCH, 3)
    other = one.fork(2)
    other.say(Declaration(sites=(), meters=()))
    for pen in (one, other):
        pen.say(Declaration(sites=(), meters=()))
    return one, other


def ordered(*sides: Sequence[Material]) -> Materials:
    """Sides of a fork in the order of their notes' bytes."""

    def note(side: Sequence[Material]) -> bytes:
        first = side[0]
        assert isinstance(first, Noted), "a side begins with its note"
        return first.note

    return tuple(item for side in sorted(sides, key=note) for item in side)


def envelopes(*entries: bytes) -> Materials:
    """Envelopes as they are."""
    return tuple(Signed(entry=entry) for entry in entries)


def _forks() -> Named:
    run = run_of("honest")
    register = run.register
    one, other = faces(run)
    by = (VERIFIERS[1], 100)
    notes = ordered([Noted(note=one.note())], [Noted(note=other.note())])
    both = ordered([Noted(note=one.note(None, by))], [Noted(note=other.note(None, by))])
    sides = ordered(
        [Noted(note=one.note()), one.leaf(2)], [Noted(note=other.note(3)), other.leaf(2, 3)]
    )
    cosigned = ordered(
        [Noted(note=one.note(None, by)), one.leaf(2)],
        [Noted(note=other.note(3, by)), other.leaf(2, 3)],
    )
    first, second = sorted((one.entries[2], other.entries[2]))
    shrunk = shrinking(
        register, VERIFIERS[0], (one.note(3, (VERIFIERS[0], 5)), one.note(2, (VERIFIERS[0], 6)))
    )
    return {
        "f1": ("honest", Fault.F1, envelopes(first, second)),
        "f2": ("honest", Fault.F2, notes),
        "f3": ("honest", Fault.F3, sides),
        "f8a-of-f2": ("honest", Fault.F8A, double(register, VERIFIERS[1], both).materials),
        "f8a-of-f3": ("honest", Fault.F8A, double(register, VERIFIERS[1], cosigned).materials),
        "f8b": ("honest", Fault.F8B, shrunk.materials),
    }


def noted(pen: Pen, *leaves: Leaf) -> Materials:
    """A log's note and leaves under it."""
    return (Noted(note=pen.note()), *leaves)


def _entries() -> Named:
    run = run_of("honest")
    wrong = copied(run, BIRCH, 3)
    statement = wrong.statement(Declaration(sites=(), meters=()))
    wrong.append(wrong.sealed(_at(statement, 9)))
    astray = copied(run, BIRCH, 3)
    astray.append(astray.sealed(_after(astray.statement(Declaration(sites=(), meters=())))))
    junk = copied(run, BIRCH, 2)
    junk.append(b"nothing that decodes")
    start = Pen(setting=run.setting, who=BIRCH)
    start.append(start.sealed(_after(start.statement(Declaration(sites=(), meters=())))))
    return {
        "f4-wrong-place": ("honest", Fault.F4, noted(wrong, wrong.leaf(3))),
        "f4-wrong-link": ("honest", Fault.F4, noted(astray, astray.leaf(3), astray.leaf(2))),
        "f4-no-statement": ("honest", Fault.F4, noted(junk, junk.leaf(2))),
        "f4-wrong-beginning": ("honest", Fault.F4, noted(start, start.leaf(0))),
    }


def _at(statement: codec.Statement, seq: int) -> codec.Statement:
    return replace(statement, seq=Seq(seq))


def _after(statement: codec.Statement) -> codec.Statement:
    """The statement with another `prev`."""
    return replace(statement, prev=Digest.of(b"another"))


def _silence(run: Run, *, answered: bool) -> Materials:
    """Silences of f+1 verifiers for two periods, and the usage statements that answer them."""
    origin = run.register.origin_of(AURORA)
    entries = []
    pens = [Pen(setting=run.setting, who=name) for name in VERIFIERS[:2]]
    for due in (2, 3):
        for pen in pens:
            body = Silence(
                log=origin,
                size=TreeSize(1),
                due=PeriodIndex(due),
                register_size=run.register.size,
                register_root=run.register.root,
            )
            entries.append(pen.say(body))
    answers = usages(run, AURORA, 2, 3) if answered else []
    return envelopes(*entries, *answers)


def usages(run: Run, who: ParticipantId, *periods: int) -> list[bytes]:
    """A lab's first usage statement of each of these periods."""
    found: dict[int, bytes] = {}
    for entry in run.logs[run.register.origin_of(who)]:
        statement = codec.decode(payload_of(entry))
        period = statement.period
        if isinstance(statement.body, ComputeUsage) and period and period.index in periods:
            found.setdefault(period.index, entry)
    return [found[period] for period in periods]


def mutations(materials: Materials) -> Iterator[tuple[str, str, Materials]]:
    """Changes of any materials that no fault survives: a name, the rule, the outcome."""
    yield "material-twice", "bundles 2.2", (*materials, materials[-1])
    yield "first-left-out", "bundles 2.2", materials[1:]
    if isinstance(materials[-1], Leaf):
        leaf = materials[-1]
        bent = Leaf(index=Seq(leaf.index + 1), entry=leaf.entry, proof=leaf.proof)
        yield "leaf-of-another-index", "bundles 2.2", (*materials[:-1], bent)
        longer = (*leaf.proof, run_of("honest").register.root)
        more = Leaf(index=leaf.index, entry=leaf.entry, proof=longer)
        yield "proof-too-long", "logs 1.3", (*materials[:-1], more)
    if len(materials) > 1:
        yield "reversed", "bundles 2.2", materials[::-1]
    yield "only-the-last", "bundles 2.2", materials[-1:]
