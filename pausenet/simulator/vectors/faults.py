"""Cases of faults: what shows them, and what does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pausenet.crypto import envelope
from pausenet.crypto.envelope import pae
from pausenet.log.checkpoint import Note
from pausenet.protocol.evidence import EndorsedCut, Leaf, Noted, Signed, material_to_json
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.vectors import curve, guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.corrected import f6_stories
from pausenet.simulator.vectors.edits import Value, payload_of, with_signature, written
from pausenet.simulator.vectors.ground import Pen, copied, run_of
from pausenet.simulator.vectors.guilt import Materials, envelopes, noted, ordered
from pausenet.simulator.vectors.networks import AURORA, BIRCH, RUNS, VERIFIERS
from pausenet.simulator.vectors.voices import VOICES
from pausenet.simulator.vectors.written import Otherwise, above, over_cap, series
from pausenet.statements.codec import Statement
from pausenet.statements.cut import Silence
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    Origin,
    ParticipantId,
    PeriodIndex,
    Seq,
    TreeSize,
)

RULES: Final = {
    Fault.F1: "bundles 3.F1",
    Fault.F2: "bundles 3.F2",
    Fault.F3: "bundles 3.F3",
    Fault.F4: "bundles 4.1",
    Fault.F5: "bundles 3.1",
    Fault.F6: "bundles 3.2",
    Fault.F7: "bundles 3.3",
    Fault.F8A: "bundles 3.F8a",
    Fault.F8B: "bundles 3.F8b",
    Fault.F9: "bundles 6.3",
    Fault.F10: "bundles 3.6",
    Fault.F10R: "bundles 3.7",
    Fault.F11: "bundles 5.1",
}
_LARGE: Final = 100_000
"""Materials of so many bytes are not changed in every general way."""


def fault_cases() -> list[Case]:
    """Each fault's true materials, changed in every general way, and in its own ways."""
    area = Area("fault", CaseKind.FAULT)

    def add(
        accept: bool, name: str, run: str, fault: Fault, rule: str, materials: Materials
    ) -> None:
        put = area.accept if accept else area.refuse
        items = [material_to_json(each) for each in materials]
        put(name, rule, run=run, fault=str(fault), materials=items)

    named = guilt.true_materials()
    for name, (run, fault, materials) in named.items():
        add(True, name, run, fault, RULES[fault], materials)
        for mutation, rule, changed in guilt.mutations(materials):
            add(False, f"{name}-{mutation}", run, fault, rule, changed)
        other = Fault.F2 if fault is not Fault.F2 else Fault.F1
        add(False, f"{name}-as-{other.lower()}", run, other, RULES[other], materials)
    for name, fault, changed in (*_own_proofs(), *_own_entries(), *_own_warrants()):
        run = "cheats" if fault in (Fault.F6, Fault.F7) else "honest"
        add(False, name, run, fault, RULES[fault], changed)
    for accept, name, fault, rule, changed in (*_on_paper(), *_told()):
        add(accept, name, "honest", fault, rule, changed)
        if accept and len(written([material_to_json(each) for each in changed])) < _LARGE:
            for mutation, of, bent in guilt.mutations(changed):
                add(False, f"{name}-{mutation}", "honest", fault, of, bent)
    return area.cases


def _told() -> Iterator[tuple[bool, str, Fault, str, Materials]]:
    """Corrections and lineages; then what verifiers say of cuts."""
    for accept, name, rule, materials in f6_stories():
        yield accept, name, Fault.F6, rule, materials
    for fault, (shown, not_shown) in VOICES.items():
        known = guilt.true_materials()
        for name, rule, materials in shown():
            if name not in known:
                yield True, name, fault, rule, materials
        for name, rule, materials in not_shown():
            yield False, name, fault, rule, materials


def _series() -> list[tuple[bool, str, Fault, str, Materials]]:
    """F7 by Page's tests: excesses of which no two in a row would tell."""
    small, large = [10 + 3 * number // 4 for number in range(12)], [18, 21, 23, 25]
    cases: tuple[tuple[bool, str, Materials], ...] = (
        (True, "f7-of-a-small-shift", series(small)),
        (True, "f7-of-a-large-shift", series(large)),
        (True, "f7-of-a-whole-series", series([0] * 41 + [11] * 11)),
        (False, "f7-of-a-small-shift-one-period-short", series(small[:-1])),
        (False, "f7-of-a-small-shift-and-a-period-more", series([*small, 19])),
        (False, "f7-of-a-small-shift-over-a-gap", series(small, leap=1)),
        (False, "f7-of-a-small-shift-its-middle-cut-out", series([*small[:4], *small[8:]])),
        (False, "f7-of-a-large-shift-one-period-short", series(large[:-1])),
        (False, "f7-of-a-large-shift-and-a-period-more", series([*large, 25])),
        (False, "f7-of-one-large-excess", series([900, 0, 0, 0])),
        (False, "f7-of-a-series-too-long", series([0] * 42 + [11] * 11)),
        (False, "f7-of-a-lab-that-declares-more", series([-80] * 8)),
    )
    return [(accept, name, Fault.F7, "bundles 15.4", shown) for accept, name, shown in cases]


def _on_paper() -> list[tuple[bool, str, Fault, str, Materials]]:
    """F5, F6 and F7 with one thing of the statements themselves otherwise."""
    caps: dict[str, Otherwise] = {
        "of-a-ratification-that-had-ended": Otherwise(until=0),
        "before-it-was-in-force": Otherwise(period=2),
        "without-naming-the-agreement": Otherwise(named=False),
        "within-the-caps": Otherwise(excess=False),
        "of-two-usage-statements": Otherwise(second=True),
        "of-another-registers-size": Otherwise(register_size=TreeSize(4)),
        "of-another-registers-root": Otherwise(register_root=Digest.of(b"another")),
    }
    rules = {"of-another-registers-size": "bundles 3.4", "of-another-registers-root": "bundles 3.4"}
    found = [
        (False, f"f6-{name}", Fault.F6, rules.get(name, "bundles 3.2"), over_cap(way))
        for name, way in caps.items()
    ]
    aurora, register = ParticipantId("aurora"), run_of("honest").register
    verifier, nobody = register.origin_of(VERIFIERS[3]), REGISTER_ORIGIN
    return [
        (True, "f6-written", Fault.F6, "bundles 3.2", over_cap(Otherwise())),
        *found,
        (True, "f7-written", Fault.F7, "bundles 3.3", above()),
        (True, "f7-corrected-and-still-above", Fault.F7, "bundles 3.3", above(corrected=12)),
        (False, "f7-corrected-to-what-was-read", Fault.F7, "bundles 3.3", above(corrected=20)),
        (
            False,
            "f7-with-another-statements-correction",
            Fault.F7,
            "bundles 7.2",
            above(corrected=12, of=b"another"),
        ),
        (False, "f7-correction-after-reading", Fault.F7, "bundles 3.3", _last_swapped()),
        *_series(),
        (False, "f7-without-naming", Fault.F7, "bundles 3.3", above(named=False)),
        (False, "f7-of-another-meter", Fault.F7, "bundles 3.3", above(meter="aurora-meter")),
        (False, "f7-of-another-party", Fault.F7, "bundles 3.3", above(party=aurora)),
        (False, "f5-of-a-verifier", Fault.F5, "bundles 3.1", _silences(verifier, VERIFIERS)),
        (
            False,
            "f5-of-the-register",
            Fault.F5,
            "bundles 3.1",
            _silences(nobody, VERIFIERS),
        ),
        (
            False,
            "f5-said-by-labs",
            Fault.F5,
            "bundles 3.1",
            _silences(register.origin_of(aurora), (AURORA, BIRCH)),
        ),
    ]


def _last_swapped() -> Materials:
    *group, correction, reading = above(corrected=12)
    return (*group, reading, correction)


def _silences(log: Origin, by: Sequence[ParticipantId]) -> Materials:
    """Silences about a log by the first two of these."""
    setting = run_of("honest").setting
    held = setting.register
    body = Silence(
        log=log,
        size=TreeSize(1),
        due=PeriodIndex(2),
        register_size=held.size,
        register_root=held.root,
    )
    return envelopes(*(Pen(setting=setting, who=name).say(body) for name in by[:2]))


def _own_proofs() -> list[tuple[str, Fault, Materials]]:
    run = run_of("honest")
    one, other = guilt.faces(run)
    aurora = copied(run, AURORA, 4)
    by = (VERIFIERS[1], 100)
    late, early = (VERIFIERS[0], 6), (VERIFIERS[0], 5)
    twice = envelopes(*sorted((one.entries[2], one.entries[2])))
    places = envelopes(*sorted((one.entries[1], other.entries[2])))
    authors = envelopes(*sorted((one.entries[2], aurora.entries[2])))
    sizes = ordered([Noted(note=one.note(3))], [Noted(note=other.note(4))])
    roots = ordered([Noted(note=one.note(3))], [Noted(note=one.fork(3).note())])
    cosigned = ordered([Noted(note=one.note(None, by))], [Noted(note=other.note(None, by))])
    logs = ordered([Noted(note=one.note(3))], [Noted(note=aurora.note(3))])
    same = ordered(
        [Noted(note=one.note()), one.leaf(1)], [Noted(note=other.note(3)), other.leaf(1, 3)]
    )
    astray = ordered(
        [Noted(note=one.note()), one.leaf(2)], [Noted(note=other.note(3)), other.leaf(1, 3)]
    )
    crossed = ordered(
        [Noted(note=one.note()), other.leaf(2)], [Noted(note=other.note(3)), one.leaf(2, 3)]
    )
    halves = ordered([Noted(note=one.note(None, by))], [Noted(note=other.note())])
    strangers = ordered(
        [Noted(note=one.note(None, by))], [Noted(note=other.note(None, (VERIFIERS[2], 9)))]
    )
    growing = ordered(
        [Noted(note=_alone(one.note(3, late)))], [Noted(note=_alone(one.note(2, early)))]
    )
    return [
        ("f1-one-statement-twice", Fault.F1, twice),
        ("f1-one-statement-signed-twice", Fault.F1, _signed_twice(one)),
        ("f1-of-two-places", Fault.F1, places),
        ("f1-of-two-authors", Fault.F1, authors),
        ("f1-signed-by-another", Fault.F1, _stolen(one.entries[2], other)),
        ("f2-of-two-sizes", Fault.F2, sizes),
        ("f2-of-one-root", Fault.F2, roots),
        ("f2-of-two-logs", Fault.F2, logs),
        ("f2-with-a-line-too-many", Fault.F2, cosigned),
        ("f3-of-one-statement", Fault.F3, same),
        ("f3-of-two-places", Fault.F3, astray),
        ("f3-leaves-crossed", Fault.F3, crossed),
        ("f8a-on-one-side-only", Fault.F8A, halves),
        ("f8a-of-two-cosigners", Fault.F8A, strangers),
        ("f8b-of-a-growing-log", Fault.F8B, growing),
    ]


def _signed_twice(pen: Pen) -> Materials:
    """One statement under two valid signatures: a warning at most, never a fault."""
    entry = pen.entries[2]
    payload, key = payload_of(entry), pen.keys.statement
    seed = seed_bytes(RUNS["honest"].seed, "key", pen.who, "statement")
    signature = curve.signed_anew(seed, key.public_key, pae(payload))
    return envelopes(*sorted((entry, with_signature(payload, key, signature))))


def _stolen(entry: bytes, pen: Pen) -> Materials:
    """A statement of one's own beside one that another key has signed."""
    stranger = pen.setting.keys[AURORA].statement
    other = pen.statement(Declaration(sites=(), meters=()))
    forged = envelope.seal(written(_moved(pen, other)), (stranger,))
    return envelopes(*sorted((entry, forged)))


def _moved(pen: Pen, statement: Statement) -> Value:
    value: Value = json.loads(payload_of(pen.sealed(statement)))
    value["predicate"]["seq"] = 2
    return value


def _alone(note: bytes) -> bytes:
    """The note without its log's line."""
    decoded = Note.decode(note)
    return Note(body=decoded.body, signatures=decoded.signatures[1:]).encode()


def _own_entries() -> list[tuple[str, Fault, Materials]]:
    pen = copied(run_of("honest"), BIRCH, 4)
    _, _, wrong = guilt.true_materials()["f4-wrong-place"]
    before = copied(run_of("honest"), BIRCH, 3)
    both = copied(run_of("honest"), BIRCH, 3)
    statement = both.statement(Declaration(sites=(), meters=()))
    twice_wrong = replace(statement, seq=Seq(9), prev=Digest.of(b"another"))
    both.append(both.sealed(twice_wrong))
    return [
        ("f4-nothing-is-wrong", Fault.F4, noted(pen, pen.leaf(3), pen.leaf(2))),
        ("f4-nothing-is-wrong-alone", Fault.F4, noted(pen, pen.leaf(0))),
        ("f4-not-neighbours", Fault.F4, noted(pen, pen.leaf(3), pen.leaf(1))),
        ("f4-leaf-before-shows-nothing", Fault.F4, (*wrong, _under(wrong, before))),
        ("f4-leaf-before-not-needed", Fault.F4, noted(both, both.leaf(3), both.leaf(2))),
    ]


def _under(materials: Materials, pen: Pen) -> Leaf:
    """The leaf before that of true materials, under the same note."""
    wrong = materials[1]
    assert isinstance(wrong, Leaf), "a note and its leaf"
    whole = pen.fork(3)
    whole.append(wrong.entry)
    return whole.leaf(2)


def _own_warrants() -> list[tuple[str, Fault, Materials]]:
    """Materials of F5, F6 and F7 with one thing wrong."""
    named = guilt.true_materials()
    silent, answered = named["f5-unanswered"][2], named["f5-answered"][2]
    over, above = named["f6"][2], named["f7"][2]
    cuts = [place for place, item in enumerate(over) if isinstance(item, EndorsedCut)]
    early = (*over[: cuts[1]], *over[cuts[1] : cuts[2]], *over[cuts[1] : cuts[2]])
    usage, reading, later, last = above[-4:]
    return [
        ("f5-of-one-verifier", Fault.F5, silent[:1]),
        ("f5-by-one-verifier-twice", Fault.F5, (silent[0], silent[0], *silent[2:])),
        ("f5-verifiers-out-of-order", Fault.F5, (silent[1], silent[0], *silent[2:])),
        ("f5-periods-out-of-order", Fault.F5, (*silent[2:], *silent[:2])),
        ("f5-answer-missing", Fault.F5, answered[:-1]),
        ("f5-answers-out-of-order", Fault.F5, (*silent, answered[-1], answered[-2])),
        ("f5-answer-first", Fault.F5, (answered[-1], *answered[:-1])),
        ("f6-two-cuts-only", Fault.F6, over[: cuts[2]]),
        ("f6-second-cut-twice", Fault.F6, early),
        ("f6-endorsement-missing", Fault.F6, _endorsed(over, lambda found: found[1:])),
        ("f6-endorsement-twice", Fault.F6, _endorsed(over, lambda found: (found[0], *found[:-1]))),
        ("f6-endorsements-reversed", Fault.F6, _endorsed(over, lambda found: found[::-1])),
        ("f6-ratification-missing", Fault.F6, (over[0], *over[2:])),
        ("f6-of-a-period-before", Fault.F6, (*over[: cuts[1]], *over[: cuts[1]], *over[cuts[2] :])),
        ("f7-of-one-period", Fault.F7, above[-2:]),
        ("f7-of-one-period-twice", Fault.F7, (usage, reading, usage, reading)),
        ("f7-readings-swapped", Fault.F7, (usage, last, later, reading)),
        ("f7-reading-first", Fault.F7, (reading, usage, last, later)),
        ("f7-of-an-honest-lab", Fault.F7, _balanced()),
    ]


def _endorsed(
    materials: Materials, change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]
) -> Materials:
    first = materials[0]
    assert isinstance(first, EndorsedCut), "F6 begins with a cut"
    return (replace(first, endorsements=change(first.endorsements)), *materials[1:])


def _balanced() -> Materials:
    """Usage and readings of a lab of the same network that hides nothing."""
    run = run_of("cheats")
    used = guilt.usages(run, BIRCH, 3, 4)
    read = [
        entry
        for entry in run.logs[run.register.origin_of(run.register.agreement.meters_of(BIRCH)[0])]
        if json.loads(payload_of(entry))["predicate"]["period"].get("index") in (3, 4)
    ]
    return tuple(Signed(entry=entry) for pair in zip(used, read, strict=True) for entry in pair)
