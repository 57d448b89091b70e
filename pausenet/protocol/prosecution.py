"""From what cannot be reconciled to a proof: forks, bad entries, and verifiers of two voices.

A proof is a bundle; it is kept, told to the other verifiers, and noticed in the own log, so that
cuts can name it. An absent or failed consistency proof is never material (protocol.md 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pausenet.errors import MalformedBundle, MalformedInput
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol import faults
from pausenet.protocol.bundle import Outcome, verify_bundle, with_known_changes
from pausenet.protocol.cut import KnownFault
from pausenet.protocol.epochs import Epoch
from pausenet.protocol.evidence import REVOCABLE, decode_bundle
from pausenet.protocol.history import History
from pausenet.protocol.logbook import Judged, LogBook, Relation
from pausenet.protocol.messages import (
    Area,
    Effect,
    Entries,
    Evidence,
    Fsync,
    Send,
    Told,
    Write,
    report,
)
from pausenet.protocol.mirror import BadEntry, Differs, Mirror
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.protocol.verdicts import Place, place_of
from pausenet.statements.codec import Statement, Subject
from pausenet.statements.cut import FAULTS_MAX, Cut
from pausenet.statements.finding import Fault, FaultNotice, Grade
from pausenet.values import Digest, NetworkTime, Origin, ParticipantId, Seq

PROOFS_MAX: Final = 8
"""The most proofs of one fault against one participant that are kept for their own sake.

Beyond them only those are kept that verifiers' logs name: each verifier's first of the fault,
and what f+1 name alike. So all honest verifiers end with the same ones, whatever each was handed
first, and with f faulty verifiers at most 9 n are kept.
"""
RETOLD_MAX: Final = 4
"""The most proofs that one verifier is told again at one tick."""


class Prosecution:
    """The proofs one verifier holds, and how it comes by them."""

    def __init__(
        self, register: Register, me: ParticipantId, book: LogBook, publisher: Publisher
    ) -> None:
        self._register, self._me, self._book, self._publisher = register, me, book, publisher
        self._peers = tuple(name for name in register.all_verifiers if name != me)
        self.bundles: dict[Digest, bytes] = {}
        self._notices: dict[Digest, FaultNotice] = {}
        self._against: dict[tuple[ParticipantId, Fault], int] = {}
        self._of_revoked: dict[tuple[ParticipantId, Fault], int] = {}
        self._noticed: dict[Digest, None] = {}
        self._named: dict[FaultNotice, dict[ParticipantId, Seq]] = {}
        self._standing: dict[tuple[int, ParticipantId], int] = {}
        self._agreed: dict[FaultNotice, None] = {}
        self._drafted: set[Digest] = set()
        self._voices: dict[tuple[ParticipantId, Place], bytes] = {}
        self._first: dict[tuple[ParticipantId, ParticipantId, Fault], Digest] = {}
        self._called_for: set[Digest] = set()
        self._retold: dict[ParticipantId, int] = dict.fromkeys(self._peers, 0)
        self._cosigned: dict[tuple[Origin, ParticipantId], History] = {}

    def accuses(self, participant: ParticipantId) -> bool:
        """Whether a proof against this participant is held."""
        return any(accused == participant for accused, _ in self._against)

    def convicts(self, participant: ParticipantId, fault: Fault) -> bool:
        """Whether a proof of this fault is held against this participant."""
        return (participant, fault) in self._against

    def proves_fork(self, participant: ParticipantId) -> bool:
        """Whether a proof is held that this participant's log has two faces.

        Another proof does not do: cuts can go on without a log only once its fork is proven.
        """
        return any(who == participant and fault.is_fork for who, fault in self._against)

    def forked(self, faults: tuple[Digest, ...]) -> frozenset[Origin]:
        """The logs that have two faces: by proofs held, or by these, which k verifiers name.

        Any proof does. Whoever forks can hand every verifier another proof of it, and must not
        stall the cuts by that.
        """
        members = self._register.members
        named = (notice for notice in self._agreed if notice.bundle in faults)
        proofs = (notice for notice in named if notice.grade is Grade.CONFIRMED)
        accused = [(notice.accused, notice.fault) for notice in proofs]
        return frozenset(
            members[who].origin
            for who, fault in (*self._against, *accused)
            if fault.is_fork and who in members
        )

    def listable(self) -> tuple[Digest, ...]:
        """The ids of the proofs that k verifiers name in their logs, sorted: what cuts list.

        Logs only grow, so that what could be listed once always can. The first come are listed.
        """
        first = list(self._agreed)[:FAULTS_MAX]
        return tuple(sorted({notice.bundle for notice in first}))

    def vouches(self, faults: tuple[Digest, ...]) -> bool:
        """Whether each of these proofs is held and noticed, or named by k verifiers.

        Unless k are faulty, an honest one is among k, and has checked the proof.
        """
        known = {*self.noticed(), *(notice.bundle for notice in self._agreed)}
        return known.issuperset(faults)

    def proves(self, known: KnownFault) -> bool:
        """Whether the proof that verifiers name is held, and shows what they say it shows."""
        notice = FaultNotice(
            fault=known.fault, grade=known.grade, accused=known.accused, bundle=known.bundle
        )
        return self._notices.get(known.bundle) == notice

    def noticed(self) -> tuple[Digest, ...]:
        """The ids of the proofs held that the own log speaks of, sorted."""
        return tuple(sorted(identity for identity in self._noticed if identity in self.bundles))

    def hear(self, statement: Statement, entry: bytes) -> list[Effect]:
        """Take in a statement of a verifier's log: a notice, or what may be said once (F11)."""
        notice = statement.body
        if not isinstance(notice, FaultNotice):
            return self._compare_voices(statement, entry)
        if statement.author == self._me:
            self._noticed[notice.bundle] = None
        self._named.setdefault(notice, {}).setdefault(statement.author, statement.seq)
        first = (statement.author, notice.accused, notice.fault)
        if first not in self._first:
            self._first[first] = notice.bundle
            self._called_for.add(notice.bundle)
        self._weigh(notice)
        return []

    def settle(self, cut: Cut, epoch: Epoch) -> None:
        """Take note of a network cut: what stands in it was said while its epoch lasted."""
        for name in epoch.verifiers:
            place, size = (epoch.number, name), cut.size_of(self._register.origin_of(name))
            self._standing[place] = max(self._standing.get(place, 0), int(size))
        if epoch.number < self._book.court.epoch.number:
            for notice in self._named:
                self._weigh(notice)

    def _weigh(self, notice: FaultNotice) -> None:
        """See how many verifiers of one epoch have named a proof while the epoch lasted.

        For the one that runs now the cut is still to come that will hold what is said.
        """
        now, said = self._book.court.epoch.number, self._named[notice]
        for epoch in self._register.epochs[: now + 1]:
            counted = sum(
                epoch.number == now or said[name] < self._standing.get((epoch.number, name), 0)
                for name in epoch.verifiers
                if name in said
            )
            if counted > epoch.quorum.f:
                self._called_for.add(notice.bundle)
            if counted >= epoch.quorum.k:
                self._agreed[notice] = None

    def reload(self, bundles: tuple[bytes, ...]) -> None:
        """Take the proofs that the disk holds."""
        for data in bundles:
            self._keep(data, known=True)

    def tell(self, peer: ParticipantId) -> list[Effect]:
        """Tell a verifier all proofs."""
        if peer not in self._peers:
            return []
        return [Send(to=peer, message=Evidence(bundle=data)) for data in self.bundles.values()]

    def retell(self) -> list[Effect]:
        """At a tick: tell each verifier again what all should hold and its log does not name."""
        effects: list[Effect] = []
        worth = [self._notices[each] for each in self.bundles if each in self._called_for]
        for peer in self._peers:
            lacking = [each for each in worth if peer not in self._named.get(each, ())]
            start = self._retold[peer] if self._retold[peer] < len(lacking) else 0
            chosen = lacking[start : start + RETOLD_MAX]
            self._retold[peer] = start + len(chosen)
            effects += [
                Send(to=peer, message=Evidence(bundle=self.bundles[each.bundle])) for each in chosen
            ]
        return effects

    def receive(self, sender: ParticipantId, data: bytes) -> list[Effect]:
        """Take a proof that a verifier tells; nobody else has any to tell."""
        return self.admit(data) if sender in self._peers else []

    def admit(self, data: bytes) -> list[Effect]:
        """Take a proof that is held for the first time: keep it, tell it, speak of it."""
        number = len(self.bundles)
        data = with_known_changes(data, self._book.known)
        notice = self._keep(data)
        if notice is None:
            return []
        self._speak_of(notice)
        return [
            Write(area=Area.JOURNAL, log="bundles", index=number, data=data),
            Fsync(),
            report(
                Told.FAULT if notice.grade is Grade.CONFIRMED else Told.COMPROMISED,
                notice.accused,
                fault=notice.fault,
                bundle=notice.bundle.hex(),
            ),
            *(Send(to=peer, message=Evidence(bundle=data)) for peer in self._peers),
        ]

    def resume(self) -> None:
        """Speak of the proofs that a crash left on the disk and out of the own log."""
        for notice in self._notices.values():
            self._speak_of(notice)

    def _speak_of(self, notice: FaultNotice) -> None:
        if notice.bundle not in self._drafted and notice.bundle not in self._noticed:
            self._drafted.add(notice.bundle)
            subject = Subject(name="evidence", digest=notice.bundle)
            self._publisher.drafts.append(Draft(body=notice, subject=subject))

    # -------------------------------------------------------------- how proofs are made

    def fork(
        self, mirror: Mirror, note: Note, differs: Differs | None, branch: Entries | None
    ) -> list[Effect]:
        """What can be proven from a note that disagrees with a mirror, and a differing entry.

        One proof a log is enough to make; all that others make are kept.
        """
        if self.proves_fork(mirror.member.id):
            return []
        made: list[bytes | None] = []
        if differs is not None:
            made.append(faults.equivocation(self._book.known, differs.held, differs.offered))
        if differs is not None and made == [None] and branch is not None:
            made.append(self._fork_of_leaves(mirror, note, differs.seq, branch))
        held = mirror.note
        if held is not None and held.body.size == note.body.size:
            made.append(faults.split_checkpoint(self._book.known, held.encode(), note.encode()))
            made += self._double_cosigners(mirror.origin, note)
        return [effect for data in made if data is not None for effect in self.admit(data)]

    def bad_entry(self, mirror: Mirror, note: Note, error: BadEntry) -> list[Effect]:
        """F4: the log signed a checkpoint over an entry that cannot stand at its place."""
        if self.accuses(mirror.member.id):
            return []
        whole = [*mirror.entries, *error.entries]
        tree = Tree(leaf_hash(entry) for entry in whole)
        if tree.size != note.body.size or tree.root(tree.size) != note.body.root:
            return []
        seq = Seq(error.seq)
        before = None
        if seq > 0:
            place = Seq(seq - 1)
            before = (whole[place], tree.inclusion(place, tree.size))
        data = faults.bad_entry(
            self._book.known,
            note.encode(),
            seq,
            whole[seq],
            tree.inclusion(seq, tree.size),
            before,
        )
        return [] if data is None else self.admit(data)

    def judge_cosigners(self, judged: Iterable[Judged]) -> list[Effect]:
        """F8b: a cosigner that signs a smaller size later than a larger one.

        What is ahead counts too: nobody need ever repeat it once the log has come there.
        """
        effects: list[Effect] = []
        for each in judged:
            if each.relation in (Relation.AGREES, Relation.AHEAD):
                for name, time in each.cosigners:
                    effects += self._compare(each.member.origin, name, time, each.note)
        return effects

    def _compare_voices(self, statement: Statement, entry: bytes) -> list[Effect]:
        """F11: a verifier that says two things where it may say one; one proof is enough."""
        place = place_of(statement.body)
        if place is None or self.convicts(statement.author, Fault.F11):
            return []
        first = self._voices.setdefault((statement.author, place), entry)
        if first == entry:
            return []
        data = faults.double_voice(self._book.known, first, entry)
        return [] if data is None else self.admit(data)

    def _compare(
        self, origin: Origin, name: ParticipantId, time: NetworkTime, note: Note
    ) -> list[Effect]:
        """Compare a cosignature with all that this cosigner has made of the log, in any order."""
        history = self._cosigned.get((origin, name))
        if history is None:
            history = self._cosigned[origin, name] = History()
        pair = history.add(time, note)
        if pair is None or self.accuses(name):
            return []
        older, newer = pair
        sealed = faults.shrinking_cosigner(self._book.known, older.encode(), newer.encode())
        return [effect for bundle in sealed for effect in self.admit(bundle.data)]

    def _fork_of_leaves(
        self, mirror: Mirror, note: Note, seq: Seq, branch: Entries
    ) -> bytes | None:
        """F3, where the differing leaves are not two statements signed by their author."""
        held = mirror.note
        tree = Tree(leaf_hash(entry) for entry in branch.entries[: note.body.size])
        if held is None or branch.start != 0 or tree.size != note.body.size:
            return None
        if tree.root(tree.size) != note.body.root or seq >= min(held.body.size, tree.size):
            return None
        return faults.fork(
            self._book.known,
            held.encode(),
            note.encode(),
            seq,
            mirror.entries[seq],
            mirror.tree.inclusion(seq, held.body.size),
            branch.entries[seq],
            tree.inclusion(seq, tree.size),
        )

    def _double_cosigners(self, origin: Origin, note: Note) -> list[bytes | None]:
        """F8a: whoever cosigned both sides of a split of one size."""
        made: list[bytes | None] = []
        for name in self._register.all_verifiers:
            history = self._cosigned.get((origin, name))
            held = None if history is None else history.beside(note.body)
            if held is not None:
                evidence = faults.split_materials(held.encode(), note.encode())
                made.append(faults.double_cosigner(self._book.known, name, evidence))
        return made

    def _keep(self, data: bytes, *, known: bool = False) -> FaultNotice | None:
        """Verify and keep a proof; None where it is none, or is held already.

        `known` proofs come from the own disk: they were kept once, and the log speaks of them.
        They are judged by themselves alone: what was a proof when it was first seen stays one,
        whatever key is revoked since.
        """
        if data in self.bundles.values() or self._is_foreign(data):
            return None
        against = None if known else self._book.known
        found = verify_bundle(data, self._register.network_id, against)
        claim = found.claim
        if claim is None or found.outcome is Outcome.UNKNOWN_PARTIES:
            return None
        revoked = claim.fault in REVOCABLE and claim.grade is Grade.PLAUSIBLE
        if claim.bundle in self.bundles or not (revoked or claim.grade is Grade.CONFIRMED):
            return None
        counted = self._of_revoked if revoked else self._against
        number = counted.get((claim.accused, claim.fault), 0)
        if number >= PROOFS_MAX and not known and claim.bundle not in self._called_for:
            return None  # convicted often enough: more proofs would only fill cuts
        counted[claim.accused, claim.fault] = number + 1
        self.bundles[claim.bundle] = data
        notice = FaultNotice(
            fault=claim.fault, grade=claim.grade, accused=claim.accused, bundle=claim.bundle
        )
        self._notices[claim.bundle] = notice
        return notice

    def _is_foreign(self, data: bytes) -> bool:
        """Whether a bundle is of another network, or contradicts the logs held here.

        What strangers did to each other is not worth judging. Nor is a bundle that brings a
        change of keys where the log held here has another entry.
        """
        try:
            bundle = decode_bundle(data)
            changes = bundle.changes
            places = [open_envelope(change.entry)[1] for change in changes]
        except (MalformedBundle, MalformedInput):
            return True
        if bundle.network != self._register.network_id:
            return True
        for change, statement in zip(changes, places, strict=True):
            mirror = self._book.mirrors.get(statement.origin)
            held = [] if mirror is None else mirror.entries[statement.seq : statement.seq + 1]
            if any(entry != change.entry for entry in held):
                return True
        return False
