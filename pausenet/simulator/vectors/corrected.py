"""Usage on paper that is corrected, and runs of one lineage: F6 under its second cut.

A `Ledger` is birch's log as these cases need it: usage statements, corrections, other entries,
and network cuts between them. It gives the materials of F6 for any choice of places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pausenet.crypto import envelope
from pausenet.protocol.evidence import EndorsedCut, Material
from pausenet.simulator.vectors.networks import AURORA, BIRCH
from pausenet.simulator.vectors.paper import Paper
from pausenet.simulator.vectors.voices import endorsed
from pausenet.simulator.vectors.written import say, usage
from pausenet.statements.correction import Correction
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Declaration, DeclaredSite
from pausenet.statements.usage import Accelerators, ComputeUsage, WorkloadClass
from pausenet.values import Digest, ParticipantId, Pflop, Seq, TreeSize

Materials = tuple[Material, ...]
Runs = dict[str, tuple[int, str]]
"""Runs by name: the total in hundredths of the cap on a run, and parents, apart by spaces."""
Used = dict[WorkloadClass, int]
"""The operations of classes in hundredths of the cap on a period's total, which is the same."""
Told = tuple[bool, str, str, "Ledger", Sequence[int]]
"""Whether it shows F6, a name, the rule, the log, and the places under the second cut."""

PERIOD = 3


def using(runs: Runs, used: Used | None = None) -> ComputeUsage:
    """A usage statement of these runs; `used` are the classes' operations, where they matter."""
    body = usage(excess=False)
    cap = Paper("honest").register.agreement.run_cap
    assert cap is not None, "the agreement has one"
    (like, *_) = body.runs
    classes = body.classes
    if used is not None:
        classes = tuple(
            (name, replace(each, used_pflop=Pflop(cap.limit_pflop * used.get(name, 0) // 100)))
            for name, each in body.classes
        )
    return replace(
        body,
        classes=classes,
        runs=tuple(
            replace(
                like,
                run=ParticipantId(name),
                total_pflop=Pflop(cap.limit_pflop * total // 100),
                parents=tuple(ParticipantId(parent) for parent in parents.split()),
            )
            for name, (total, parents) in sorted(runs.items())
        ),
    )


OVER: Runs = {"m": (120, "")}
WITHIN: Runs = {"m": (90, "")}


@dataclass
class Ledger:
    """Birch's log after its ratification, with the cuts that hold it; `of` is the accused place."""

    paper: Paper = field(default_factory=lambda: Paper("honest"))
    cuts: list[tuple[Cut, EndorsedCut]] = field(default_factory=list)
    of: int = 1

    def __post_init__(self) -> None:
        for who in (AURORA, BIRCH):
            self.paper.ratify(who)
        self.cut(1)

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return len(self.paper.pens[BIRCH].entries)

    def use(
        self, runs: Runs, period: int = PERIOD, *, named: bool = True, used: Used | None = None
    ) -> Ledger:
        """State usage; the last one stated is accused."""
        self.of = self.size
        say(self.paper, BIRCH, using(runs, used), period, named=named)
        return self

    def correct(
        self,
        runs: Runs,
        *,
        period: int = PERIOD,
        of: bytes = b"",
        seq: int | None = None,
        used: Used | None = None,
    ) -> Ledger:
        """Correct what was stated last; or name the id of other bytes, or another place."""
        identity = envelope.decode(self.paper.pens[BIRCH].entries[self.of]).statement_id
        body = Correction(
            of=Digest.of(of) if of else Digest(identity),
            seq=Seq(self.of if seq is None else seq),
            usage=using(runs, used),
            reason="mistyped",
        )
        say(self.paper, BIRCH, body, period)
        return self

    def other(self, times: int = 1, sites: int = 0) -> Ledger:
        """Say something else, of any length."""
        kinds = tuple(
            Accelerators(kind=ParticipantId(f"k-{number:02}"), count=1) for number in range(64)
        )
        listed = tuple(
            DeclaredSite(site=ParticipantId(f"s-{number:02}"), accelerators=kinds)
            for number in range(sites)
        )
        for _ in range(times):
            self.paper.pens[BIRCH].say(Declaration(sites=listed, meters=()))
        return self

    def junk(self) -> Ledger:
        """An entry that is no statement."""
        self.paper.pens[BIRCH].append(b"nothing that decodes")
        return self

    def cut(self, period: int) -> Ledger:
        """A network cut of everything so far."""
        found = self.paper.cut(period)
        self.cuts.append((found, endorsed(self.paper, found)))
        return self

    def materials(self, places: Sequence[int]) -> Materials:
        """F6 of the accused statement, with these places under the second cut that holds it."""
        pens = self.paper.pens
        (_, first), (one, second), (other, third) = self.cuts[0], *self.cuts[-2:]
        birch = pens[BIRCH]

        def size(cut: Cut) -> TreeSize:
            return cut.size_of(birch.origin)

        return (
            first,
            *(pens[who].leaf(0, 1) for who in (AURORA, BIRCH)),
            second,
            birch.leaf(self.of, size(one)),
            third,
            *(birch.leaf(place, size(other)) for place in places),
        )


def stories() -> Iterator[Told]:
    """Corrections, windows, then what is over a cap, and lineages."""
    yield from _corrections()
    yield from _windows()
    yield from _caps()
    yield from _lineages()
    yield from _ties()


def _over() -> Ledger:
    return Ledger().use(OVER)


def _corrections() -> Iterator[Told]:
    rule = "bundles 7.2"
    within = _over().correct(WITHIN).cut(4).cut(5)
    yield False, "corrected-at-once", rule, within, (1, 2)
    between = _over().cut(4).correct(WITHIN).cut(5)
    yield False, "corrected-before-the-second-cut", rule, between, (1, 2)
    yield False, "correction-left-out", "bundles 7.3", between, (1,)
    late = _over().cut(4).cut(5).correct(WITHIN)
    yield True, "corrected-after-the-second-cut", rule, late, (1,)
    still = _over().correct({"m": (110, "")}).cut(4).cut(5)
    yield True, "corrected-and-still-over", rule, still, (1, 2)
    raised = Ledger().use(WITHIN).correct(OVER).cut(4).cut(5)
    yield True, "corrected-to-over", rule, raised, (1, 2)
    last = _over().correct(WITHIN).correct(OVER).cut(4).cut(5)
    yield True, "of-two-corrections-the-last-is-over", rule, last, (1, 2, 3)
    first = _over().correct(OVER).correct(WITHIN).cut(4).cut(5)
    yield False, "of-two-corrections-the-last-is-within", rule, first, (1, 2, 3)
    others = {
        "of-another-statement": _over().correct(WITHIN, of=b"another"),
        "of-another-place": _over().correct(WITHIN, seq=2),
        "of-another-period": _over().correct(WITHIN, period=PERIOD + 1),
    }
    for name, ledger in others.items():
        yield True, f"correction-{name}", rule, ledger.cut(4).cut(5), (1, 2)


def _windows() -> Iterator[Told]:
    rule = "bundles 7.1"
    ledger = _over().other(2).cut(4).other().cut(5)
    yield True, "window-up-to-the-second-cut", rule, ledger, (1, 2, 3, 4)
    yield False, "window-without-its-end", "bundles 7.3", ledger, (1, 2, 3)
    yield False, "window-with-a-gap", "bundles 7.3", ledger, (1, 2, 4)
    yield False, "window-without-the-statement", "bundles 7.3", ledger, (2, 3, 4)
    yield False, "window-out-of-order", "bundles 7.3", ledger, (1, 3, 2, 4)
    yield False, "window-with-an-entry-twice", "bundles 7.3", ledger, (1, 2, 2, 3, 4)
    yield False, "window-with-an-entry-before", "bundles 7.3", ledger, (0, 1, 2, 3, 4)
    of_64 = _over().other(64).correct(WITHIN).cut(4).cut(5)
    yield True, "correction-after-64-entries", rule, of_64, range(1, 66)
    yield False, "window-of-65-entries", rule, of_64, range(1, 67)
    as_64th = _over().other(63).correct(WITHIN).cut(4).cut(5)
    yield False, "correction-as-the-64th-entry", rule, as_64th, range(1, 66)
    long = _over().other(5, sites=_SITES).correct(WITHIN).cut(4).cut(5)
    yield True, "correction-after-200000-bytes", rule, long, range(1, 7)
    short = _over().other(4, sites=_SITES).correct(WITHIN).cut(4).cut(5)
    yield False, "correction-within-200000-bytes", rule, short, range(1, 7)


_SITES = 20
"""A declaration of so many takes about 45,000 bytes: five of them are a window, four are not."""


def _caps() -> Iterator[Told]:
    """What one statement says, at the caps and a hundredth above."""
    rule = "bundles 3.2"
    training, research = WorkloadClass.PRE_TRAINING, WorkloadClass.RESEARCH

    def stated(runs: Runs, used: Used | None = None) -> Ledger:
        return Ledger().use(runs, used=used).cut(4).cut(5)

    early = Ledger().use(OVER, 5)
    yield False, "second-cut-of-its-own-period", rule, early.cut(4).cut(5), (1,)
    later = Ledger().use(OVER, 5)
    yield True, "second-cut-of-the-period-after", rule, later.cut(4).cut(6), (1,)
    yield False, "run-at-the-cap", rule, stated({"m": (100, "")}), (1,)
    larger = stated({"a": (120, ""), "m": (130, ""), "z": (110, "")})
    yield True, "largest-of-three-runs", rule, larger, (1,)
    equal = stated({"a": (120, ""), "m": (120, ""), "z": (110, "")})
    yield True, "of-equal-runs-the-last-by-name", rule, equal, (1,)
    yield False, "total-at-the-cap", rule, stated(WITHIN, {training: 60, research: 40}), (1,)
    yield True, "total-over-the-cap", rule, stated(WITHIN, {training: 60, research: 41}), (1,)
    idle = stated(WITHIN, {training: 60, WorkloadClass.INFERENCE: 60})
    yield False, "total-of-classes-that-do-not-count", rule, idle, (1,)
    yield True, "run-and-total-over-the-cap", rule, stated(OVER, {training: 120}), (1,)


def family(*statements: Runs) -> Ledger:
    """One statement a period, all before the first cut."""
    ledger = Ledger()
    for number, runs in enumerate(statements):
        ledger.use(runs, PERIOD + number)
    last = PERIOD + len(statements)
    return ledger.cut(last).cut(last + 1)


def _ties() -> Iterator[Told]:
    """Lineages at the cap, and which of several comes first."""
    rule = "bundles 7.4"
    yield (
        False,
        "run-with-its-parent-at-the-cap",
        rule,
        family({"m": (40, ""), "n": (60, "m")}),
        (1,),
    )
    again = family({"m": (60, "")}, {"m": (60, "")}, {"n": (60, "m")})
    yield True, "parent-stated-twice-alike", rule, again, (1, 2, 3)
    yield True, "parent-by-its-later-statement-alone", rule, again, (2, 3)
    parents = family({"b": (60, ""), "n": (1, "z"), "z": (60, "")}, {"n": (60, "b")})
    yield True, "parents-by-name-not-by-place", rule, parents, (1, 2)
    runs: Runs = {"m": (60, ""), "n": (60, "m"), "o": (70, "m")}
    yield True, "first-run-by-name-of-two-over", rule, family(runs), (1,)
    both: Runs = {"m": (60, ""), "n": (60, "m"), "o": (120, "")}
    yield True, "run-alone-before-a-lineage", rule, family(both), (1,)


def _lineages() -> Iterator[Told]:
    rule = "bundles 7.4"
    child: Runs = {"n": (60, "m")}
    two = family({"m": (60, "")}, child)
    yield True, "run-with-its-parent", rule, two, (1, 2)
    yield False, "run-without-its-parent", "bundles 7.3", two, (2,)
    yield False, "run-whose-parent-is-small", rule, family({"m": (40, "")}, child), (1, 2)
    alone = family({"m": (60, "")}, {"n": (60, "")})
    yield False, "run-that-names-no-parent", rule, alone, (1, 2)
    unknown = family({"k": (60, "")}, child)
    yield False, "run-whose-parent-nobody-stated", rule, unknown, (1, 2)
    one = family({"m": (60, ""), "n": (60, "m")})
    yield True, "run-and-parent-in-one-statement", rule, one, (1,)
    grand = family({"k": (40, "")}, {"m": (40, "k")}, {"n": (40, "m")})
    yield True, "run-with-its-grandparent", rule, grand, (1, 2, 3)
    fifty = family({"k": (50, "")}, {"m": (60, "k")}, {"n": (50, "m")})
    yield True, "run-whose-parent-is-enough", rule, fifty, (2, 3)
    diamond: Runs = {"k": (40, ""), "l": (10, "k"), "m": (10, "k"), "n": (20, "l m")}
    yield False, "ancestor-by-two-ways-counted-once", rule, family(diamond), (1,)
    more: Runs = {**diamond, "k": (70, "")}
    yield True, "ancestor-by-two-ways-over-the-cap", rule, family(more), (1,)
    loop: Runs = {"m": (45, "n"), "n": (45, "m")}
    yield False, "run-that-descends-from-itself", rule, family(loop), (1,)
    left = family({"m": (60, ""), "n": (5, "m")}, {"n": (60, "")})
    yield True, "parent-left-out-later", rule, left, (1, 2)
    larger = family({"m": (60, "")}, {"m": (5, "")}, child)
    yield True, "parent-of-whom-less-is-said-later", rule, larger, (1, 2, 3)
    before = Ledger().use({"m": (60, "")}, 2, named=False).use(child).cut(4).cut(5)
    yield False, "parent-stated-before-it-was-bound", rule, before, (1, 2)
    lowered = Ledger().use({"m": (60, "")}).correct({"m": (30, "")})
    yield False, "parent-corrected", rule, lowered.use(child, 4).cut(5).cut(6), (1, 2, 3)
    raised = Ledger().use({"m": (30, "")}).correct({"m": (60, "")})
    yield True, "parent-corrected-upwards", rule, raised.use(child, 4).cut(5).cut(6), (1, 2, 3)


def f6_stories() -> Iterator[tuple[bool, str, str, Materials]]:
    """Every story as materials of F6."""
    for shows, name, rule, ledger, places in stories():
        yield shows, f"f6-{name}", rule, ledger.materials(places)
    ledger = Ledger().use(OVER).other().cut(4).cut(5)
    *group, last = ledger.materials((1, 2))
    foreign = ledger.paper.pens[AURORA].leaf(0, 1)
    yield False, "f6-window-with-an-entry-of-another", "bundles 7.3", (*group, last, foreign)


def appraised_stories() -> Iterator[tuple[str, str, Ledger]]:
    """Logs with corrections, to be appraised under a cut of period 6: a name, the rule."""
    rule = "appraisal 3.9"
    yield "corrected-at-once", rule, _over().correct(WITHIN).cut(4).cut(5)
    yield "corrected-without-taking-back", rule, Ledger().use(WITHIN).correct(OVER).cut(4).cut(5)
    yield "corrected-twice", rule, _over().correct(OVER).correct(WITHIN).cut(4).cut(5)
    yield "corrected-in-its-run-alone", rule, _over().correct({"n": (120, "")}).cut(4).cut(5)
    yield "corrected-to-the-same", rule, _over().correct(OVER).cut(4).cut(5)
    training, research = WorkloadClass.PRE_TRAINING, WorkloadClass.RESEARCH
    shared = Ledger().use(WITHIN, used={training: 20, research: 10})
    shared.correct(WITHIN, used={training: 10, research: 20})
    yield "corrected-from-class-to-class", rule, shared.cut(4).cut(5)
    left = Ledger().use({"m": (90, ""), "n": (0, "")}).correct(WITHIN)
    yield "corrected-without-a-run-of-nothing", rule, left.cut(4).cut(5)
    junk = _over().junk().correct(WITHIN).cut(4).cut(5)
    yield "corrected-after-an-entry-that-is-none", "appraisal 3.8", junk
    early = Ledger().use(OVER, 2, named=False).correct(WITHIN, period=2)
    yield "corrected-before-it-was-bound", rule, early.cut(4).cut(5)
    between = _over().cut(4).correct(WITHIN).cut(5)
    yield "corrected-before-the-second-cut", "appraisal 3.8", between
    late = _over().cut(4).cut(5).correct(WITHIN)
    yield "corrected-after-the-second-cut", "appraisal 3.8", late
    only = _over().cut(4).correct(WITHIN)
    yield "corrected-before-there-is-a-second-cut", "appraisal 3.8", only
    again = _over().cut(4).other().cut(3).correct(WITHIN).cut(5)
    yield "corrected-after-a-cut-that-came-late", "appraisal 3.7", again
    stale = _over().other().cut(5).cut(4).correct(WITHIN)
    yield "corrected-after-cuts-out-of-order", "appraisal 3.7", stale
    slices = Ledger().use({"m": (60, "")}).use({"n": (60, "m")}, 4).cut(5).cut(6)
    yield "over-with-its-parent", "appraisal 4.2", slices
