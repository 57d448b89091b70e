"""How a lab answers what is drawn of it: an opening in its log, the records to the inspector.

An answer stands in front of everything that is still to be signed: no later statement can have
seen a request before its answer. Records leave the lab only for leaves that it has opened, and
only towards the verifier that drew them, or towards all once that one says in its log that they
did not come.
"""

from __future__ import annotations

from pausenet.protocol.asking import Asked, Requests, leaves_for
from pausenet.protocol.ledger import UsageLedger
from pausenet.protocol.messages import Area, Disclosed, Effect, Inspect, Record, Send
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement, Subject
from pausenet.statements.inspection import Closure, Opening, Result
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, ParticipantId, PeriodIndex, StatementId


class Answering:
    """One lab's ledgers, the requests that bind it, and what it has opened."""

    def __init__(self, register: Register, me: ParticipantId, publisher: Publisher) -> None:
        self._me, self._publisher = me, publisher
        self._requests = Requests(register)
        self._ledgers: dict[PeriodIndex, list[UsageLedger]] = {}
        self._usages: dict[StatementId, Statement] = {}
        self._opened: set[tuple[StatementId, tuple[int, ...]]] = set()
        self._read = 0
        self._drawn: dict[Digest, tuple[ParticipantId, UsageLedger, tuple[int, ...]]] = {}
        self._to_all: set[Digest] = set()

    def load(self, records: tuple[Record, ...]) -> None:
        """Take the ledgers that the disk holds; what a crash left past a ledger's end is not of it.

        Which leaves are a ledger's is known from the statement's number of leaves.
        """
        leaves: dict[str, dict[int, bytes]] = {}
        for record in records:
            if record.area is Area.LEDGER:
                leaves.setdefault(record.log, {})[record.index] = record.data
        for name, found in leaves.items():
            period = PeriodIndex(int(name.split("-")[1]))
            self.keep(period, UsageLedger.of([found[index] for index in sorted(found)]))

    def keep(self, period: PeriodIndex, ledger: UsageLedger) -> None:
        """Remember a ledger of a period that is being attested, or corrected."""
        kept = self._ledgers.setdefault(period, [])
        if all(ledger.root != each.root for each in kept):
            kept.append(ledger)

    def hear(self, statement: Statement, identity: StatementId) -> None:
        """Take one statement of a verifier's log; draft the answer to a request that binds."""
        asked = self._requests.hear(statement, identity)
        if asked is not None:
            self._answer(asked)
        if isinstance(statement.body, Closure):
            for ended in statement.body.results:
                drawn = self._drawn.get(ended.inspection)
                lacking = (ended.lab, ended.result) == (self._me, Result.UNDELIVERED)
                if drawn is not None and lacking and statement.author == drawn[0]:
                    self._to_all.add(ended.inspection)

    def disclose(self, sender: ParticipantId, message: Inspect) -> list[Effect]:
        """Hand over the records of an opening to whom they are for; nothing to anybody else."""
        drawn = self._drawn.get(message.request)
        if drawn is None or (sender != drawn[0] and message.request not in self._to_all):
            return []
        records = tuple(drawn[1].leaves[index] for index in drawn[2])
        return [Send(to=sender, message=Disclosed(request=message.request, records=records))]

    def _answer(self, asked: Asked) -> None:
        self._read_own_log()
        drawn = asked.body.of(self._me)
        statement = None if drawn is None else self._usages.get(drawn.usage)
        if drawn is None or statement is None or not drawn.leaves:
            return
        body, period = statement.body, asked.body.period
        ledger = self._ledger_of(statement, period)
        if ledger is None or self._requests.drawn(asked, statement, drawn.usage) is None:
            return
        assert isinstance(body, ComputeUsage), "only usage statements are kept"
        indices = leaves_for(drawn.leaves, body.leaves)
        self._drawn[asked.id] = (asked.verifier, ledger, indices)
        if (drawn.usage, indices) in self._opened:
            return
        self._opened.add((drawn.usage, indices))
        opening = Opening(request=asked.id, usage=drawn.usage, leaves=ledger.open(indices))
        draft = Draft(
            body=opening,
            subject=Subject(name="usage-ledger", digest=ledger.root),
            agreement=statement.agreement,
            period=statement.period,
        )
        if not self._publisher.halted:
            self._publisher.drafts.insert(0, draft)

    def _ledger_of(self, statement: Statement, period: PeriodIndex) -> UsageLedger | None:
        """The ledger that a usage statement is about; None where the disk has lost it."""
        body, root = statement.body, statement.subject.digest
        assert isinstance(body, ComputeUsage), "only usage statements are kept"
        kept = self._ledgers.get(period, [])
        for place, found in enumerate(kept):
            whole = len(found.leaves) <= body.leaves
            ledger = found if whole else UsageLedger.of(found.leaves[: body.leaves])
            if ledger.root == root:
                kept[place] = ledger
                return ledger
        return None

    def _read_own_log(self) -> None:
        """Take note of the own usage statements and openings since the last look."""
        mirror = self._publisher.mirror
        for seq in range(self._read, mirror.size):
            statement = mirror.statements[seq]
            match statement.body:
                case ComputeUsage():
                    self._usages[mirror.ids[seq]] = statement
                case Opening() as body:
                    indices = tuple(leaf.index for leaf in body.leaves)
                    self._opened.add((body.usage, indices))
        self._read = mirror.size
