"""Inspections on paper: chains, draws, ledgers with and without faults, openings, closures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pausenet.crypto import envelope
from pausenet.protocol.asking import draw_of, leaves_for
from pausenet.protocol.evidence import Leaf, Material, Opened, Signed
from pausenet.protocol.inspection import commitment_of, image_of
from pausenet.protocol.ledger import UsageLedger, build_ledger
from pausenet.protocol.messages import Job, UsageSample
from pausenet.statements.challenge import Answer, Challenge, ChallengeAnswer, ChallengeNotice
from pausenet.statements.codec import Head, Subject
from pausenet.statements.finding import Claim
from pausenet.statements.inspection import (
    Closure,
    Drawn,
    Ended,
    InspectionRequest,
    Opening,
    Result,
    SampleReveal,
)
from pausenet.statements.job import JobRecord, decode_record
from pausenet.statements.usage import ClassUsage, ComputeUsage, SiteUsage, WorkloadClass
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    Pflop,
    Salt,
    Seq,
    StatementId,
    TreeSize,
    WattHours,
)
from tests.protocol.builders import Paper
from tests.protocol.paper import index, name

SITES = ("north", "south")
PERIOD = 4
CHAIN_LENGTH = 64


def chain(verifier: str) -> Salt:
    return Salt(Digest.of(f"chain of {verifier}".encode()))


def sample(paper: Paper, number: int = PERIOD, jobs: int = 12) -> UsageSample:
    """A period of two sites and so many jobs."""
    start = int(paper.schedule.period(index(number)).start)
    classes = tuple(WorkloadClass)
    made = tuple(
        Job(
            site=name(SITES[at * 2 // jobs]),
            workload=classes[at % len(classes)],
            start=NetworkTime(start + 60 * at),
            end=NetworkTime(start + 60 * at + 50),
            occupied_s=AcceleratorSeconds(1_000 + at),
            used_pflop=Pflop(10 + at),
            run="",
        )
        for at in range(jobs)
    )
    return UsageSample(
        period=index(number),
        sites=tuple(
            SiteUsage(site=name(site), accelerators=(), energy_wh=WattHours(500_000))
            for site in SITES
        ),
        classes=tuple(
            (
                each,
                ClassUsage(
                    occupied_s=AcceleratorSeconds(
                        sum(job.occupied_s for job in made if job.workload is each)
                    ),
                    used_pflop=Pflop(sum(job.used_pflop for job in made if job.workload is each)),
                ),
            )
            for each in classes
        ),
        runs=(),
        jobs=made,
        salts=tuple(Salt(Digest.of(b"salt %d %d" % (number, at))) for at in range(jobs)),
    )


@dataclass
class Case:
    """One lab's period under inspection: its ledger and the envelopes said about it."""

    paper: Paper
    ledger: UsageLedger
    usage: bytes
    body: ComputeUsage

    @property
    def id(self) -> StatementId:
        return envelope.decode(self.usage).statement_id

    def opening(self, indices: Sequence[int], *, lab: str = "birch") -> bytes:
        body = Opening(
            request=StatementId(Digest.of(b"request")),
            usage=self.id,
            leaves=self.ledger.open(indices),
        )
        return self.paper.log(lab).say(body)

    def shown(self, *indices: int) -> tuple[Opened, ...]:
        return tuple(Opened(record=self.ledger.leaves[at]) for at in indices)


def case(
    change: Callable[[list[JobRecord]], list[JobRecord]] | None = None,
    *,
    paper: Paper | None = None,
    jobs: int = 12,
    number: int = PERIOD,
) -> Case:
    """A usage statement by birch of a ledger, changed by hand after its totals were stated."""
    paper = paper or Paper()
    drawn = sample(paper, number, jobs)
    ledger = build_ledger(paper.register.network_id, name("birch"), drawn)
    if change is not None:
        records = change([decode_record(leaf) for leaf in ledger.leaves])
        ledger = UsageLedger.of([record.encode() for record in records])
    body = ComputeUsage(
        leaves=len(ledger.leaves), sites=drawn.sites, classes=drawn.classes, runs=()
    )
    log = paper.log("birch")
    period, agreed = paper.schedule.period(index(number)), paper.agreement.digest
    statement = log.statement(body, period=period, agreed=agreed)
    subject = Subject(name="usage-ledger", digest=ledger.root)
    usage = log.append(log.sealed(replace(statement, subject=subject)))
    return Case(paper=paper, ledger=ledger, usage=usage, body=body)


@dataclass
class Asked:
    """What one verifier said of a draw: commitment, reveal, request."""

    verifier: str
    entries: tuple[bytes, bytes, bytes]
    drawn: Drawn
    paper: Paper

    def leaves(self, size: int | None = None) -> tuple[Leaf, ...]:
        """Commitment, reveal and request as leaves of the verifier's log at a size."""
        log = self.paper.log(self.verifier)
        at = TreeSize(log.size if size is None else size)
        places = (Seq(log.entries.index(entry)) for entry in self.entries)
        return tuple(
            Leaf(index=place, entry=log.entries[place], proof=log.tree.inclusion(place, at))
            for place in places
        )

    @property
    def id(self) -> StatementId:
        return envelope.decode(self.entries[2]).statement_id


def ask(
    found: Case,
    verifier: str = "verifier-1",
    *,
    number: int = PERIOD,
    revealed: int | None = None,
    change: Callable[[Drawn], Drawn] = lambda drawn: drawn,
) -> Asked:
    """A verifier draws of a case; its commitment is its log's first statement."""
    log = found.paper.log(verifier)
    commitment = commitment_of(chain(verifier), CHAIN_LENGTH)
    first = log.entries[0] if log.size else log.say(commitment)
    image = image_of(chain(verifier), index(number if revealed is None else revealed), CHAIN_LENGTH)
    drawn = change(
        draw_of(found.paper.register, image, index(number), name("birch"), found.id, found.body)
    )
    reveal = log.say(SampleReveal(period=index(number), cut=Digest.of(b"cut"), image=image))
    held = found.paper.register
    body = InspectionRequest(
        period=index(number),
        register_size=held.size,
        register_root=held.root,
        draws=(drawn,),
    )
    request = log.say(body)
    return Asked(
        verifier=verifier, entries=(first, reveal, request), drawn=drawn, paper=found.paper
    )


def attest_past(found: Case, asked: Asked, number: int, *, size: int | None = None) -> bytes:
    """Birch attests a period, having seen so much of the asking verifier's log."""
    log, said = found.paper.log("birch"), found.paper.log(asked.verifier)
    at = TreeSize(said.size if size is None else size)
    head = Head(origin=said.origin, size=at, root=said.tree.root(at))
    return log.say(
        found.body,
        period=found.paper.schedule.period(index(number)),
        agreed=found.paper.agreement.digest,
        seen=(head,),
    )


def close(found: Case, asked: Asked, result: Result, *verifiers: str) -> list[bytes]:
    """Closures of a request by these verifiers."""
    ended = Ended(inspection=asked.id, lab=name("birch"), result=result)
    return [found.paper.log(each).say(Closure(results=(ended,))) for each in verifiers]


def answer(found: Case, asked: Asked) -> bytes:
    """The opening that the request asks for."""
    return found.opening(leaves_for(asked.drawn.leaves, found.body.leaves))


NOTICE = ChallengeNotice(
    salt=Salt(Digest.of(b"salt of the challenge")),
    lab=name("birch"),
    place="a hall by the river",
    grounds="a power line that no declaration accounts for",
    claim=Claim.FLEET,
)


def refused(paper: Paper, answer: Answer = Answer.REFUSE) -> list[bytes]:
    """Aurora challenges birch, and birch answers."""
    said = paper.log("aurora").say(Challenge(commitment=NOTICE.commitment))
    notice = paper.log("aurora").say(NOTICE)
    body = ChallengeAnswer(challenge=NOTICE.commitment, answer=answer, managed=())
    return [said, notice, paper.log("birch").say(body)]


def envelopes(*entries: bytes) -> tuple[Material, ...]:
    return tuple(Signed(entry=entry) for entry in entries)


def sums_wrong(records: list[JobRecord]) -> list[JobRecord]:
    """From leaf 5 on the sums lack one job's time."""
    changed = []
    for record in records:
        sums = tuple(
            (
                each,
                replace(used, occupied_s=AcceleratorSeconds(max(0, used.occupied_s - 1_000)))
                if each is WorkloadClass.PRE_TRAINING and record.index >= 5
                else used,
            )
            for each, used in record.sums
        )
        changed.append(replace(record, sums=sums))
    return changed


def inspected_bundle_materials() -> dict[str, tuple[Material, ...]]:
    """The materials of a true bundle of each form of F10 and F10r."""
    found = case(sums_wrong)
    elsewhere = case()
    foreign = replace(elsewhere, ledger=found.ledger).opening((0, 11))
    forms: dict[str, tuple[Material, ...]] = {
        "F10 outside": envelopes(elsewhere.usage, foreign),
        "F10 alone": (
            *envelopes(found.usage, found.opening((3, 4, 5, 11))),
            *found.shown(11),
        ),
        "F10 neighbours": (
            *envelopes(found.usage, found.opening((4, 5, 6))),
            *found.shown(4, 5),
        ),
    }
    open_ = case()
    asked = ask(open_)
    late = attest_past(open_, asked, 20)
    forms["F10 unanswered"] = (*asked.leaves(), *envelopes(open_.usage, late))
    lacked = close(open_, asked, Result.UNANSWERED, "verifier-1", "verifier-2")
    given = answer(open_, asked)
    forms["F10r unresolved"] = envelopes(asked.entries[2], open_.usage, *lacked)
    forms["F10r unsupported"] = envelopes(asked.entries[2], open_.usage, *lacked, given)
    forms["F10r refused"] = envelopes(*refused(Paper()))
    return forms
