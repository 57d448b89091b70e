"""One true bundle of every fault, made from paper networks, for tests of their verification."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pausenet.crypto import envelope
from pausenet.protocol import faults
from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import (
    Leaf,
    decode_bundle,
)
from pausenet.protocol.register import Register
from pausenet.protocol.sealing import seal
from pausenet.statements.correction import Correction
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Fault, Status
from pausenet.values import Digest, Seq, TreeSize
from tests.protocol.builders import Log, Paper, of_lab
from tests.protocol.inspected import inspected_bundle_materials
from tests.protocol.paper import RUN_CAP, index, name, register, usage


def two_faces(paper: Paper, lab: str = "birch") -> tuple[Log, Log]:
    """One log continued in two ways from one place on."""
    one = paper.log(lab)
    other = one.fork(one.size)
    period = paper.schedule.period(index(0))
    for log, energy in ((one, 10), (other, 20)):
        log.say(usage(energy), period=period)
        log.say(usage(energy), period=period)
    return one, other


def leaf(log: Log, place: int, size: int | None = None) -> Leaf:
    at = TreeSize(log.size if size is None else size)
    return Leaf(
        index=Seq(place), entry=log.entries[place], proof=log.tree.inclusion(Seq(place), at)
    )


def fork_of(held: Register, one: Log, other: Log, place: int, cut: int = 0) -> bytes | None:
    """F3 between one log whole and the other up to `cut` entries fewer."""
    size = other.size - cut
    return faults.fork(
        held,
        one.note(),
        other.note(size),
        Seq(place),
        *_pair(leaf(one, place)),
        *_pair(leaf(other, place, size)),
    )


def bad_entry_of(log: Log, place: int, *, previous: bool = True) -> bytes | None:
    """F4 of the entry at a place, under the whole log's note."""
    found = leaf(log, place)
    before = _pair(leaf(log, place - 1)) if previous and place else None
    return faults.bad_entry(log.register, log.note(), Seq(place), found.entry, found.proof, before)


def _pair(item: Leaf) -> tuple[bytes, tuple[Digest, ...]]:
    return item.entry, item.proof


@cache
def all_bundles() -> dict[str, bytes]:
    """A bundle of each fault, and of each of its forms, by name."""
    held = register()
    one, other = two_faces(Paper(held))
    both = {"verifier-2": 100}
    split = faults.split_materials(
        one.note(cosigners=both), other.note(cosigners={"verifier-2": 200, "verifier-3": 9})
    )
    forked = faults.fork_materials(
        one.note(cosigners=both), leaf(one, 1), other.note(cosigners=both), leaf(other, 1)
    )
    wrong = Paper(held).log("birch")
    wrong.say(usage())
    wrong.append(wrong.sealed(wrong.statement(usage(), seq=9)))
    astray = Paper(held).log("birch")
    astray.say(usage())
    astray.prev = None
    astray.say(usage())
    shrunk = faults.shrinking_cosigner(
        held, one.note(3, cosigners={"verifier-1": 5}), one.note(2, cosigners={"verifier-1": 6})
    )
    found = {
        "F1": faults.equivocation(held, one.entries[1], other.entries[1]),
        "F2": faults.split_checkpoint(held, one.note(), other.note()),
        "F3": fork_of(held, one, other, 1, cut=1),
        "F4 alone": bad_entry_of(wrong, 2),
        "F4 after": bad_entry_of(astray, 2),
        "F8a split": faults.double_cosigner(held, name("verifier-2"), split),
        "F8a fork": faults.double_cosigner(held, name("verifier-2"), forked),
        "F8b": shrunk[0].data,
        **double_voices(held),
        **_appraised(),
        **_inspected(),
        **_over_cap(),
    }
    return {key: data for key, data in found.items() if data is not None}


def double_voices(held: Register) -> dict[str, bytes | None]:
    """A verifier that endorses two cuts of one place, and one that appraises a lab in two ways."""
    paper = Paper(held)
    found = of_lab(paper.period(0), "birch").appraisal
    log = paper.log("verifier-2")
    one, other = (
        log.say(Endorsement(period=index(0), view=0, cut=Digest.of(text))) for text in (b"1", b"2")
    )
    first, second = (
        log.say(replace(found, status=status))
        for status in (Status.NO_BREACH_FOUND, Status.BREACH_PROVEN)
    )
    return {
        "F11 endorsed": faults.double_voice(held, one, other),
        "F11 appraised": faults.double_voice(held, first, second),
    }


def _appraised() -> dict[str, bytes]:
    """The bundles that an appraisal makes."""
    paper = Paper()
    over = usage(run_pflop=60_000)
    found: dict[str, bytes] = {}
    for number in range(7):
        appraised = paper.period(
            number,
            used={"birch": over} if number >= 4 else {},
            metered={"aurora": 1_100_000} if number >= 3 else {},
            silent={"birch-meter"} if number == 2 else (),
        )
        if number == 3:
            paper.read("birch", 2)
        for item in appraised:
            for data in item.bundles.values():
                claim = decode_bundle(data).accusation
                found[f"{claim.fault} {claim.grade}"] = data
    assert of_lab(appraised, "birch").bundles
    return found


def _inspected() -> dict[str, bytes]:
    """The bundles of what was drawn, opened, and left unanswered."""
    found = {}
    for label, materials in inspected_bundle_materials().items():
        judgement = JUDGES[FAULT_OF[label]](register(), materials)
        found[label] = seal(register(), judgement).data
    return found


def _over_cap() -> dict[str, bytes]:
    """A run over the cap only with its ancestors, and one corrected to what is still over it."""
    split, mended = Paper(), Paper()
    for number in range(8):
        runs = {}
        if number >= 3:
            above = (f"s{number - 1}",) if number > 3 else ()
            (run,) = usage(run_pflop=RUN_CAP * 2 // 5).runs
            run = replace(run, run=name(f"s{number}"), parents=tuple(map(name, above)))
            runs["birch"] = replace(usage(), runs=(run,))
        by_lineage = of_lab(split.period(number, used=runs), "birch")
        if number == 5:
            log = mended.log("birch")
            of = Digest(envelope.decode(log.entries[5]).statement_id)
            still = usage(run_pflop=RUN_CAP + 1)
            period = mended.schedule.period(index(4))
            log.say(Correction(of=of, seq=Seq(5), usage=still, reason="a slip"), period=period)
        over = {"birch": usage(run_pflop=60_000)} if number == 4 else {}
        corrected = of_lab(mended.period(number, used=over), "birch")
    (one,), (other,) = by_lineage.bundles.values(), corrected.bundles.values()
    return {"F6 lineage": one, "F6 corrected": other}


FAULT_OF = {
    "F1": Fault.F1,
    "F2": Fault.F2,
    "F3": Fault.F3,
    "F4 alone": Fault.F4,
    "F4 after": Fault.F4,
    "F5 unresolved": Fault.F5,
    "F5 unsupported": Fault.F5,
    "F6 confirmed": Fault.F6,
    "F6 lineage": Fault.F6,
    "F6 corrected": Fault.F6,
    "F7 plausible": Fault.F7,
    "F8a split": Fault.F8A,
    "F8a fork": Fault.F8A,
    "F8b": Fault.F8B,
    "F10 outside": Fault.F10,
    "F10 alone": Fault.F10,
    "F10 neighbours": Fault.F10,
    "F10 unanswered": Fault.F10,
    "F10r unresolved": Fault.F10R,
    "F10r unsupported": Fault.F10R,
    "F10r refused": Fault.F10R,
    "F11 endorsed": Fault.F11,
    "F11 appraised": Fault.F11,
}
