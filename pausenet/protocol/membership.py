"""Changes of who the verifiers are: proposing, handing over, approving, entering (5.1, 5.2).

A newcomer is admitted by one change and joins by another. Between them it reads every log: up
to checkpoints that k verifiers have cosigned, never up to one that it has from the log's owner
alone, since an owner can show a newcomer a log that nobody else has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pausenet.crypto import envelope
from pausenet.errors import InvalidEvidence, InvalidSignature
from pausenet.log.bundle import Receipt, verify_receipt
from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import Cosignature
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.opened import open_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.cutdesk import Answer
from pausenet.protocol.enrolment import entry_for, note_over, require_cuts_fit
from pausenet.protocol.epochs import Epoch
from pausenet.protocol.keyring import Applicant, Keyring
from pausenet.protocol.reader import member_of
from pausenet.protocol.register import Register
from pausenet.protocol.registry import Member
from pausenet.statements import codec
from pausenet.statements.codec import Head, Statement, Subject
from pausenet.statements.cut import Cut
from pausenet.statements.membership import (
    Admission,
    Approval,
    Approved,
    Change,
    Handover,
    MembershipChange,
    approval_message,
    digest_of,
)
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
)


def admission(register: Register, applicant: Applicant) -> Admission:
    """The change that admits a verifier-to-be; `Misuse` where cuts would outgrow a statement."""
    roles = tuple(each.role for each in register.members.values())
    require_cuts_fit((*(role for role in roles if role is not Role.REGISTRAR), Role.VERIFIER))
    return Admission(entry=entry_for(register.network_id, applicant))


def earliest_first(register: Register, now: NetworkTime) -> PeriodIndex:
    """The earliest `first` of a change that a verifier approves at a time.

    It lies ahead, and by then all periods before the last epoch have closed: what is receipted
    by a period's close is receipted in its own epoch or in the next one, which shares an honest
    verifier with those who endorse the period's cut (decision 0023).
    """
    schedule, last = register.agreement.schedule, register.epochs[-1].first
    least = schedule.last_ended(now) + 2
    if last > 0:
        close = schedule.close(PeriodIndex(last - 1))
        least = max(least, -(-(close - schedule.start) // schedule.period_s))
    return PeriodIndex(max(least, last + 1))


def approval(register: Register, keys: Keyring, change: Change) -> Approval:
    """A verifier's approval of a change that is to stand next in the register."""
    after, digest = _last(register), digest_of(change)
    said = approval_message(register.network_id, after, digest)
    return Approval(after=after, change=digest, signature=keys.recovery.sign(said))


def entered(
    register: Register,
    registrar: Keyring,
    change: Change,
    approvals: Mapping[ParticipantId, Approval],
    newcomer: Keyring | None = None,
) -> Register:
    """The register with a change at its end; raise `InvalidRegister` where it may not stand there.

    Of the approvals of this change at this place the first k by register order are entered.
    `newcomer` signs its admission beside the registrar.
    """
    after, digest = _last(register), digest_of(change)
    fitting = [
        Approved(by=name, signature=each.signature)
        for name, each in sorted(approvals.items())
        if (each.after, each.change) == (after, digest)
    ]
    latest = register.epochs[-1]
    body = MembershipChange(change=change, approvals=tuple(fitting[: latest.quorum.k]))
    statement = Statement(
        subject=Subject(name="membership", digest=digest),
        network=register.network_id,
        author=registrar.id,
        origin=REGISTER_ORIGIN,
        seq=Seq(register.size),
        prev=after,
        agreement=None,
        period=None,
        seen=(),
        body=body,
    )
    also = () if newcomer is None else (newcomer.statement,)
    entry = envelope.seal(codec.encode(statement), (registrar.statement, *also))
    entries = (*register.entries, entry)
    return Register.load(entries, note_over(entries, registrar), register.network_id)


def hand_over(
    register: Register, logs: Mapping[Origin, Sequence[bytes]], notes: Iterable[bytes]
) -> Handover:
    """What a newcomer can say that it holds: every log up to the checkpoint of one of the notes.

    The entries are hashed anew. Raises `InvalidEvidence` for a checkpoint with fewer than k
    storing cosignatures of the epoch, and for entries that are not those it is over;
    `MalformedCheckpoint` or `InvalidSignature` for a note that is none.
    """
    heads: dict[Origin, Head] = {}
    for data in notes:
        note = Note.decode(data)
        member, size = member_of(register, note.body.origin), note.body.size
        origin = member.origin
        if origin in heads:
            raise InvalidEvidence(f"{origin}: two checkpoints of one log")
        keys = _cosigners_of(register, note)
        opened = open_note(note, member.succession.at(size).log, keys)
        by = {each.cosigner for each in opened.cosignatures}
        if len(by) < register.quorum.k:
            raise InvalidEvidence(f"{origin}: {len(by)} of {register.quorum.k} verifiers cosigned")
        tree = Tree(leaf_hash(entry) for entry in logs.get(origin, ())[:size])
        if tree.size != size or tree.root(size) != note.body.root:
            raise InvalidEvidence(f"{origin}: the entries are not those that were cosigned")
        heads[origin] = Head(origin=origin, size=size, root=note.body.root)
    listed = tuple(heads[origin] for origin in sorted(heads))
    return Handover(epoch=register.epoch.number, heads=listed)


def judge_handover(
    register: Register, said: Handover, logs: Mapping[Origin, Sequence[bytes]], last: Cut
) -> Answer:
    """What a verifier of the epoch makes of a newcomer's handover before it approves.

    `logs` are those that it holds, `last` the last network cut that it knows. The newcomer must
    hold as much as that cut, and nothing else than the verifier holds itself.
    """
    if said.epoch != register.epoch.number:
        return Answer.REFUSE
    listed = {head.origin: head for head in said.heads}
    for item in last.origins:
        if item.origin not in listed or listed[item.origin].size < item.size:
            return Answer.REFUSE
    answer = Answer.ENDORSE
    for origin, head in listed.items():
        held = logs.get(origin, ())
        if len(held) < head.size:
            answer = Answer.WAIT
            continue
        tree = Tree(leaf_hash(entry) for entry in held[: head.size])
        if tree.root(head.size) != head.root:
            return Answer.REFUSE
    return answer


def receipt_epoch(register: Register, member: Member, receipt: Receipt, entry: bytes) -> Epoch:
    """The one epoch under which a receipt holds: k of its verifiers cosigned while it lasted.

    Raises what `verify_receipt` raises, `InvalidSignature` where there is no such epoch.
    """
    verifiers = register.with_role(Role.VERIFIER)
    keys = {each.storing_key: each.id for each in verifiers if each.storing_key is not None}
    names = {key.name: name for key, name in keys.items()}
    opened = verify_receipt(receipt, entry, member.log_key, tuple(keys), 0)
    for epoch in register.epochs:
        by = {
            names[each.cosigner]
            for each in opened.cosignatures
            if _lasts(register, epoch, each) and names[each.cosigner] in epoch.verifiers
        }
        if len(by) >= epoch.quorum.k:
            return epoch
    raise InvalidSignature("expected k storing cosignatures of one epoch")


def _lasts(register: Register, epoch: Epoch, signed: Cosignature) -> bool:
    """Whether an epoch was the one in force at the time of a cosignature."""
    start = register.agreement.schedule.period
    later = [each.first for each in register.epochs if each.number == epoch.number + 1]
    begun = epoch.number == 0 or signed.time >= start(epoch.first).start
    return begun and all(signed.time < start(first).start for first in later)


def _cosigners_of(register: Register, note: Note) -> list[VerifierKey]:
    """Of each verifier of the epoch the storing key whose line a note bears."""
    found: dict[str, VerifierKey] = {}
    for name in register.verifiers:
        for key in register.members[name].succession.storing_keys():
            if any(line.is_by(key) for line in note.signatures):
                found.setdefault(key.name, key)
    return list(found.values())


def _last(register: Register) -> Digest:
    sealed = envelope.decode(register.entries[-1], signatures_max=envelope.SIGNATURES_MAX)
    return Digest(sealed.statement_id)
