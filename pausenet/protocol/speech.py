"""How an act, what a participant's people decide to say, becomes a draft."""

from __future__ import annotations

from collections.abc import Sequence

from pausenet.errors import Misuse
from pausenet.protocol.messages import Act
from pausenet.protocol.publisher import Draft
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.statements.codec import Body, Statement, Subject
from pausenet.statements.membership import Approval
from pausenet.statements.voices import may_say
from pausenet.values import Role


def draft_of(
    register: Register, role: Role, act: Act, log: Sequence[Statement], drafts: Sequence[Draft]
) -> tuple[Draft, ...]:
    """The draft of an act; nothing where it stands in the log or among the drafts already.

    Raises `Misuse` for what this role may not say, and for what would convict it beside what it
    has said; `MalformedStatement` for a body that is none.
    """
    if not may_say(role, act.kind):
        raise Misuse(f"{role.with_article} may not say {act.kind}")
    body = codec.decode_body(act.kind, act.body)
    _require_one_approval(body, [*(s.body for s in log), *(d.body for d in drafts)])
    period = register.agreement.schedule.period(act.at)
    said = (*((s.body, s.period) for s in log), *((d.body, d.period) for d in drafts))
    if (body, period) in said:
        return ()
    digest = register.agreement_digest
    subject = Subject(name="agreement", digest=digest)
    return (Draft(body=body, subject=subject, agreement=digest, period=period),)


def _require_one_approval(body: Body, said: Sequence[Body]) -> None:
    """A second approval after one entry of the register, of another change, is F11."""
    if not isinstance(body, Approval):
        return
    for each in said:
        same_place = isinstance(each, Approval) and each.after == body.after
        if same_place and each != body:
            raise Misuse("another change has been approved after this entry of the register")
