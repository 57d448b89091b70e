"""A small network on paper: register, logs, cosignatures and cuts from seeded keys.

No machine runs here: the tests say who states what, and when, and appraise the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pausenet.crypto import envelope
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.cosignature import cosign, verify_cosignature
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.protocol.appraisal import Appraised, appraise
from pausenet.protocol.register import Keyring, Register
from pausenet.statements import codec
from pausenet.statements.codec import Body, Head, Statement, Subject
from pausenet.statements.cut import Cut, CutOrigin, Endorsement, TimeEvidence
from pausenet.statements.declaration import Ratification
from pausenet.statements.reading import Reading
from pausenet.statements.register import Purpose
from pausenet.statements.usage import (
    ComputeUsage,
)
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    Period,
    Role,
    Seq,
    Signature,
    TreeSize,
    WattHours,
)
from tests.protocol.paper import ENERGY, index, keyring, keyring_of, name, register, silence, usage

__all__ = ["Log", "Paper", "keyring", "of_lab", "register", "usage", "without_times"]


@dataclass
class Log:
    """One participant's log; `entries` may be extended by hand with what should not be there."""

    register: Register
    keys: Keyring
    entries: list[bytes] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    prev: Digest | None = None

    @property
    def origin(self) -> Origin:
        return self.register.origin_of(self.keys.id)

    @property
    def size(self) -> TreeSize:
        return TreeSize(len(self.entries))

    def statement(
        self,
        body: Body,
        *,
        period: Period | None = None,
        agreed: Digest | None = None,
        seen: tuple[Head, ...] = (),
        seq: int | None = None,
    ) -> Statement:
        member = self.register.members[self.keys.id]
        prev = self.prev or codec.genesis_prev(
            self.register.network_id,
            self.origin,
            member.keys[Purpose.STATEMENT],
            member.keys[Purpose.LOG],
        )
        return Statement(
            subject=Subject(name="test", digest=Digest.of(b"")),
            network=self.register.network_id,
            author=self.keys.id,
            origin=self.origin,
            seq=Seq(self.size if seq is None else seq),
            prev=prev,
            agreement=agreed,
            period=period,
            seen=seen,
            body=body,
        )

    def sealed(self, statement: Statement) -> bytes:
        return envelope.seal(codec.encode(statement), (self.keys.statement,))

    def append(self, entry: bytes) -> bytes:
        self.entries.append(entry)
        self.tree.append(leaf_hash(entry))
        try:
            self.prev = Digest(envelope.decode(entry, signatures_max=2).statement_id)
        except Exception:
            self.prev = Digest.of(entry)
        return entry

    def say(self, body: Body, **more: object) -> bytes:
        return self.append(self.sealed(self.statement(body, **more)))

    def fork(self, size: int) -> Log:
        """The same log as it stood at a size, to be continued otherwise."""
        other = Log(register=self.register, keys=self.keys)
        for entry in self.entries[:size]:
            other.append(entry)
        return other

    def note(self, size: int | None = None, *, cosigners: Mapping[str, int] | None = None) -> bytes:
        """A signed note over the first `size` entries, cosigned by verifiers at times."""
        at = TreeSize(self.size if size is None else size)
        head = Checkpoint(origin=KeyName(self.origin), size=at, root=self.tree.root(at))
        lines = [sign_checkpoint(head, self.keys.log)]
        for verifier, time in (cosigners or {}).items():
            member = self.register.members[name(verifier)]
            signer = keyring_of(self.register, verifier).storing
            assert signer is not None
            cosigner = KeyName(member.origin.storing)
            lines.append(cosign(head, cosigner, signer, NetworkTime(time)))
        return Note(body=head, signatures=tuple(lines)).encode()


class Paper:
    """A whole network on paper, moved on one period at a time."""

    def __init__(self, held: Register | None = None, *, ratify: bool = True) -> None:
        self.register = held or register()
        self.agreement = self.register.agreement
        self.schedule = self.agreement.schedule
        self.logs = {
            member.id: Log(register=self.register, keys=keyring_of(self.register, member.id))
            for member in self.register.members.values()
            if member.role is not Role.REGISTRAR
        }
        self.cuts: list[Cut] = []
        self.faults: tuple[Digest, ...] = ()
        self.in_force: dict[str, int] = {}
        for lab in self.agreement.parties if ratify else ():
            self.ratify(lab)

    def log(self, who: str) -> Log:
        return self.logs[name(who)]

    def ratify(self, lab: str, until: int = 1_000) -> None:
        body = Ratification(agreement=self.agreement.digest, until=index(until))
        self.log(lab).say(body)

    def use(self, lab: str, number: int, body: ComputeUsage | None = None) -> bytes:
        """A lab's usage statement of a period; it names the agreement once it is bound."""
        bound = number >= self.in_force.get(lab, 1_000_000)
        return self.log(lab).say(
            body or usage(),
            period=self.schedule.period(index(number)),
            agreed=self.agreement.digest if bound else None,
        )

    def read(self, lab: str, number: int, energy_wh: int = ENERGY) -> bytes:
        body = Reading(party=name(lab), energy_wh=WattHours(energy_wh))
        period = self.schedule.period(index(number))
        return self.log(f"{lab}-meter").say(body, period=period)

    def period(
        self,
        number: int,
        *,
        used: Mapping[str, ComputeUsage] | None = None,
        metered: Mapping[str, int] | None = None,
        silent: Iterable[str] = (),
        late: Iterable[str] = (),
        mute: Iterable[str] = (),
    ) -> tuple[Appraised, ...]:
        """One period from its first statement to its endorsed cut, and that cut's appraisal.

        `late` statements come before the cut, but with times after the close; `mute` verifiers
        neither report silence nor endorse.
        """
        silent, mute = set(silent), set(mute)
        for lab in self.agreement.parties:
            if lab not in silent:
                self.use(lab, number, (used or {}).get(lab))
            if f"{lab}-meter" not in silent:
                self.read(lab, number, (metered or {}).get(lab, ENERGY))
        for verifier in (v for v in self.register.verifiers if v not in mute):
            for who in sorted(silent | set(late)):
                log = self.log(who)
                self.log(verifier).say(silence(self.register, log.origin, number, log.size))
        return self.close(number, late=late, mute=mute, silent=silent)

    def close(
        self,
        number: int,
        *,
        late: Iterable[str] = (),
        mute: Iterable[str] = (),
        silent: Iterable[str] = (),
    ) -> tuple[Appraised, ...]:
        cut = self.cut(number, late=late, silent=silent)
        found = self.appraise(cut)
        proposer = self.register.verifiers[number % len(self.register.verifiers)]
        self.log(proposer).say(cut, period=self.schedule.period(index(number)))
        body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
        for verifier in (v for v in self.register.verifiers if v not in mute):
            self.log(verifier).say(body)
        for item in found:
            if item.appraisal.in_force_from >= 0:
                self.in_force[item.appraisal.lab] = item.appraisal.in_force_from
        self.cuts.append(cut)
        return found

    def cut(self, number: int, *, late: Iterable[str] = (), silent: Iterable[str] = ()) -> Cut:
        """The cut over everything said so far, with the times of this period's statements."""
        close, end = self.schedule.close(index(number)), self.schedule.period(index(number)).end
        origins = []
        for who in sorted(self.logs, key=lambda each: self.logs[each].origin):
            log = self.logs[who]
            if not log.size:
                continue
            due = log.keys.role in (Role.LAB, Role.METER) and who not in set(silent)
            time = close + 60 if who in set(late) else end + 60
            origins.append(
                CutOrigin(
                    origin=log.origin,
                    size=log.size,
                    root=log.tree.root(log.size),
                    signature=Signature(Note.decode(log.note()).signatures[0].blob),
                    times=self.times(log, time) if due else (),
                )
            )
        return Cut(
            period=index(number),
            view=0,
            register_size=self.register.size,
            register_root=self.register.root,
            origins=tuple(origins),
            faults=tuple(sorted(self.faults)),
        )

    def times(self, log: Log, time: int) -> tuple[TimeEvidence, ...]:
        """Storing cosignatures of the first f+1 verifiers on the log's head, a second apart."""
        first = self.register.verifiers[: self.register.quorum.f + 1]
        note = Note.decode(
            log.note(cosigners={who: time + place for place, who in enumerate(first)})
        )
        found = []
        for place, who in enumerate(first):
            key = self.register.members[who].storing_key
            assert key is not None
            signed = verify_cosignature(note.body, note.signatures[1 + place], key)
            found.append(
                TimeEvidence(
                    by=who,
                    size=note.body.size,
                    root=note.body.root,
                    time=signed.time,
                    signature=signed.signature,
                )
            )
        return tuple(found)

    def entries(self) -> dict[Origin, list[bytes]]:
        return {log.origin: list(log.entries) for log in self.logs.values()}

    def appraise(self, cut: Cut) -> tuple[Appraised, ...]:
        return appraise(self.register, cut, self.entries())


def of_lab(found: tuple[Appraised, ...], lab: str) -> Appraised:
    return next(item for item in found if item.appraisal.lab == lab)


def without_times(cut: Cut, origin: Origin) -> Cut:
    """The cut without its evidence of when this log grew."""
    origins = tuple(
        replace(item, times=()) if item.origin == origin else item for item in cut.origins
    )
    return replace(cut, origins=origins)
