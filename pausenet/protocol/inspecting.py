"""A verifier as inspector: it draws, asks, looks at what is opened, and closes (7.4, 7.6).

Every duty is judged by what stands in the logs: after a crash the same draws follow from the same
chain, and records that were not closed are asked for again. Records are looked at and not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pausenet.log.merkle import leaf_hash
from pausenet.protocol import faults
from pausenet.protocol.asking import Asked, Requests, draw_of, leaves_for
from pausenet.protocol.inspection import answer_due, commitment_of, image_of
from pausenet.protocol.joining import signatories
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Disclosed, Effect, Inspect, Send
from pausenet.protocol.openings import find_contradiction
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.reader import OpenedEntry
from pausenet.protocol.register import Register
from pausenet.statements.challenge import InspectionReport
from pausenet.statements.codec import Statement
from pausenet.statements.inspection import (
    RESULTS_MAX,
    Closure,
    Ended,
    InspectionRequest,
    Opening,
    Result,
    SampleCommitment,
    SampleReveal,
)
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, NetworkTime, ParticipantId, PeriodIndex, Salt, StatementId

Case = tuple[Digest, ParticipantId]
"""One request, or challenge, and one lab."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A lab's statement with its bytes and its identity."""

    statement: Statement
    entry: bytes
    id: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What a network cut has fixed of its period: the usage statements that count, by lab."""

    period: PeriodIndex
    cut: Digest
    usages: Mapping[ParticipantId, tuple[StatementId, ComputeUsage]]


class Inspecting:
    """The inspections of one verifier."""

    def __init__(
        self,
        register: Register,
        me: ParticipantId,
        chain: Salt | None,
        *,
        book: LogBook,
        publisher: Publisher,
        prosecution: Prosecution,
    ) -> None:
        self._register, self._me, self._chain = register, me, chain
        self._book, self._publisher, self._prosecution = book, publisher, prosecution
        self._requests = Requests(register)
        self._usages: dict[StatementId, _Said] = {}
        self._openings: dict[tuple[StatementId, tuple[int, ...]], _Said] = {}
        self._revealed: set[PeriodIndex] = set()
        self._open: dict[Case, PeriodIndex] = {}
        self._answered: dict[Case, PeriodIndex] = {}
        """Others' requests that a log answers: open only where its author misses the records."""
        self._answers: dict[Case, _Said] = {}
        self._results: dict[Case, Result] = {}
        self._looked: dict[Case, Result] = {}
        self._wanted: dict[Case, NetworkTime] = {}
        self._awaited: dict[Case, None] = {}
        """What is wanted and has not been looked at, in the order in which it came to be wanted."""
        self._unanswered: set[Case] = set()
        """Cases that no log answers as far as it has been heard: nothing is asked for them."""

    # -------------------------------------------------------------- what is said

    def begin(self) -> None:
        """Bind this verifier to its chain, before it says anything else."""
        log = self._publisher.mirror
        if self._chain is not None and not log.size and not self._publisher.halted:
            self._publisher.drafts.insert(0, Draft(body=commitment_of(self._chain)))

    def draw(self, fixed: Fixed) -> None:
        """Give away a period's pre-image, and ask for what it draws."""
        first = self._publisher.mirror.statements[:1]
        bound = [s.body for s in first if isinstance(s.body, SampleCommitment)]
        if self._chain is None or not bound or fixed.period in self._revealed:
            return
        if self._me not in self._register.under(fixed.period).verifiers:
            return
        if fixed.period >= bound[0].length or self._requests.revealed(self._me, fixed.period):
            return
        self._revealed.add(fixed.period)
        image = image_of(self._chain, fixed.period, bound[0].length)
        draws = tuple(
            draw_of(self._register, image, fixed.period, lab, identity, body)
            for lab, (identity, body) in sorted(fixed.usages.items())
        )
        self._say(SampleReveal(period=fixed.period, cut=fixed.cut, image=image), fixed.period)
        asked = tuple(drawn for drawn in draws if drawn.leaves or drawn.sites)
        if asked:
            request = InspectionRequest(
                period=fixed.period,
                register_size=self._register.size,
                register_root=self._register.root,
                draws=asked,
            )
            self._say(request, fixed.period)

    def close(self, last: PeriodIndex) -> None:
        """Say how the inspections ended whose clock has run out by the close of this period."""
        found: list[Ended] = []
        for case, due in sorted(self._open.items()):
            if due > last or len(found) == RESULTS_MAX:
                continue
            result = self._outcome(case)
            if result is not None and self._results.get(case) is not result:
                self._results[case] = result
                found.append(Ended(inspection=case[0], lab=case[1], result=result))
            if self._results.get(case) not in (None, Result.UNDELIVERED):
                del self._open[case]
                self._want_no_more(case)
            elif result is None and case in self._answers:
                self._answered[case] = self._open.pop(case)
        if found:
            self._say(Closure(results=tuple(found)), last)

    def _say(self, body: SampleReveal | InspectionRequest | Closure, period: PeriodIndex) -> None:
        agreement = self._register.agreement
        self._publisher.drafts.append(
            Draft(
                body=body,
                agreement=self._register.agreement_digest,
                period=agreement.schedule.period(period),
            )
        )

    # -------------------------------------------------------------- what is heard

    def hear(self, statement: Statement, identity: StatementId) -> None:
        """Take one statement of a verifier's log, in order."""
        asked = self._requests.hear(statement, identity)
        if asked is not None:
            self._unanswered.clear()
            due = answer_due(self._register.agreement.schedule, asked.body.period)
            for drawn in asked.body.draws:
                case: Case = (identity, drawn.lab)
                if drawn.leaves and drawn.lab in signatories(self._register):
                    if self._results.get(case) in (None, Result.UNDELIVERED):
                        self._open[case] = due
                    if asked.verifier == self._me:
                        self._want(case)
        match statement.body:
            case Closure() as closure:
                self._hear_closure(closure, statement.author)
            case InspectionReport() as body if statement.author == self._me:
                seen = (body.inspection, body.lab)
                self._look(seen, Result.CONTRADICTED if body.undeclared else Result.IN_ORDER)
                if seen not in self._results and statement.period is not None:
                    self._open.setdefault(seen, statement.period.index)

    def _hear_closure(self, closure: Closure, author: ParticipantId) -> None:
        for ended in closure.results:
            case = (ended.inspection, ended.lab)
            if author == self._me:
                self._results[case] = ended.result
                if ended.result is not Result.UNDELIVERED:
                    self._open.pop(case, None)
                    self._answered.pop(case, None)
                    self._want_no_more(case)
            elif ended.result is Result.UNDELIVERED:
                asked = self._requests.asked.get(StatementId(ended.inspection))
                if case in self._answered:
                    self._open[case] = self._answered.pop(case)
                if asked is not None and asked.verifier == author and case in self._open:
                    self._want(case)

    def hear_lab(self, statement: Statement, entry: bytes, identity: StatementId) -> None:
        """Take one statement of a lab's log."""
        said = _Said(statement=statement, entry=entry, id=identity)
        match statement.body:
            case ComputeUsage():
                self._usages[identity] = said
                self._unanswered.clear()
            case Opening() as body:
                self._unanswered.clear()
                indices = tuple(leaf.index for leaf in body.leaves)
                self._openings.setdefault((body.usage, indices), said)

    # -------------------------------------------------------------- what is looked at

    def advance(self, now: NetworkTime) -> list[Effect]:
        """Ask for the records of what has been opened, until they come."""
        effects: list[Effect] = []
        pause = 2 * self._register.genesis.delta_s + self._register.genesis.heartbeat_s
        for case in self._awaited:
            if case in self._unanswered or now < self._wanted[case]:
                continue
            if self._answer(case) is None:
                self._unanswered.add(case)
                continue
            self._wanted[case] = NetworkTime(now + pause)
            effects.append(Send(to=case[1], message=Inspect(request=case[0])))
        return effects

    def receive(self, sender: ParticipantId, message: Disclosed) -> list[Effect]:
        """Look at the records of an opening; others than it names are none of it."""
        case = (message.request, sender)
        opened = self._answer(case) if case in self._wanted else None
        if opened is None or case in self._looked:
            return []
        opening = opened.statement.body
        assert isinstance(opening, Opening), "only openings answer"
        if [leaf_hash(each) for each in message.records] != [e.leaf for e in opening.leaves]:
            return []
        usage, network = self._usages[opening.usage], self._register.network_id
        whose = OpenedEntry(
            member=self._register.members[sender], statement=usage.statement, id=usage.id
        )
        wrong = find_contradiction(network, whose, opening, message.records)
        self._look(case, Result.IN_ORDER if wrong is None else Result.CONTRADICTED)
        if wrong is None or self._prosecution.accuses(sender):
            return []  # one proof of a lab is enough to make
        data = faults.false_opening(self._register, usage.entry, opened.entry, wrong)
        return [] if data is None else self._prosecution.admit(data)

    def _want(self, case: Case) -> None:
        """The records of this case are wanted, from now on if they were not before."""
        self._wanted.setdefault(case, NetworkTime(0))
        if case not in self._looked:
            self._awaited.setdefault(case)

    def _want_no_more(self, case: Case) -> None:
        self._wanted.pop(case, None)
        self._awaited.pop(case, None)

    def _look(self, case: Case, found: Result) -> None:
        """What was seen of a case; it need not be asked for again."""
        self._looked[case] = found
        self._awaited.pop(case, None)

    def _asked(self, case: Case) -> tuple[Asked, _Said] | None:
        """A request that rightly asks of a lab, with the usage statement that it names."""
        asked = self._requests.asked.get(StatementId(case[0]))
        drawn = None if asked is None else asked.body.of(case[1])
        usage = None if drawn is None else self._usages.get(drawn.usage)
        if asked is None or usage is None or usage.statement.author != case[1]:
            return None
        if self._requests.drawn(asked, usage.statement, usage.id) is None:
            return None
        return asked, usage

    def _answer(self, case: Case) -> _Said | None:
        """The opening that answers a request, where the lab holds it in its log, for good."""
        if case in self._answers:
            return self._answers[case]
        found = self._asked(case)
        if found is None:
            return None
        asked, usage = found
        drawn, body = asked.body.of(case[1]), usage.statement.body
        if drawn is None or not isinstance(body, ComputeUsage):
            return None
        said = self._openings.get((usage.id, leaves_for(drawn.leaves, body.leaves)))
        if said is None or said.statement.author != case[1]:
            return None
        self._answers[case] = said
        return said

    def _outcome(self, case: Case) -> Result | None:
        """What can be said of an inspection now; None where it binds nobody, or not yet."""
        if case in self._looked:
            return self._looked[case]
        if self._prosecution.proves_fork(case[1]):
            return None
        if self._answer(case) is not None:
            return Result.UNDELIVERED if case in self._wanted else None
        found = self._asked(case)
        if found is None:
            return None
        asked, _ = found
        log = self._book.mirrors[self._register.origin_of(case[1])].statements
        seen = {head.origin: head.size for head in log[-1].seen}
        bound = seen.get(self._register.origin_of(asked.verifier), 0) > asked.seq
        return Result.UNANSWERED if bound else None
