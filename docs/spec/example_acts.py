"""Examples of what people decide to say, for `make_examples.py`."""

from __future__ import annotations

from pausenet.statements.accession import Acceptance
from pausenet.statements.codec import Body
from pausenet.statements.correction import Correction
from pausenet.statements.determination import (
    Appeal,
    Determination,
    Excuse,
    Objection,
    Outcome,
    Recusal,
)
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.indicator import Incident, Indicator, IndicatorKind
from pausenet.statements.movement import (
    Aggregate,
    Capacity,
    Direction,
    Installed,
    NoticeKind,
    Notification,
    Transfer,
)
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, ParticipantId, PeriodIndex, Pflop, Seq


def correction(of: Digest, usage: ComputeUsage) -> Correction:
    """What a lab's usage statement at place 7 should have said."""
    reason = "mistyped: 10 times what the instruments say"
    return Correction(of=of, seq=Seq(7), usage=usage, reason=reason)


def acts(
    lab: ParticipantId, tribunal: ParticipantId, digest: Digest, bundle: Digest
) -> tuple[tuple[ParticipantId, int, Body], ...]:
    """What people decide to say: who, at which place in its log, and the body."""
    measured = Indicator(about=lab, indicator=IndicatorKind.MERGED_CODE, value=810_000)
    return (
        (lab, 8, measured),
        (lab, 9, Incident(about=lab, text="A run went on after it was stopped.")),
        (lab, 10, Withdrawal(agreement=digest, reason="The grounds of the pause have ended.")),
        (
            lab,
            11,
            Derogation(
                agreement=digest,
                start=PeriodIndex(9),
                periods=2,
                grounds="A model for the treatment of an outbreak is trained.",
            ),
        ),
        (lab, 12, Assent(agreement=digest, lift=True)),
        (
            lab,
            13,
            Excuse(agreement=digest, due=PeriodIndex(5), reason="The site had no power."),
        ),
        (
            lab,
            14,
            Appeal(agreement=digest, about=bundle, grounds="The meter was recalibrated."),
        ),
        (lab, 18, Acceptance(agreement=digest, lab=ParticipantId("delta"), accepts=True)),
        (lab, 17, Retraction(agreement=digest, reason="The grounds have come back.")),
        (
            lab,
            18,
            Proposal(
                agreement=digest,
                clause=Amendable.TOTAL_CAP,
                limit_pflop=Pflop(50_000_000_000),
                start=PeriodIndex(20),
            ),
        ),
        (
            tribunal,
            0,
            Determination(
                agreement=digest,
                outcome=Outcome.NON_COMPLIANT,
                party=lab,
                about=bundle,
                reasons="The discrepancy was not explained in the time allowed.",
            ),
        ),
        (
            tribunal,
            1,
            Recusal(agreement=digest, party=lab, reasons="A member has worked there."),
        ),
        (
            tribunal,
            2,
            Objection(
                agreement=digest,
                party=lab,
                run=ParticipantId("aurora-run-2"),
                reasons="It is ten times as large as any before it.",
            ),
        ),
    )


def movements(
    lab: ParticipantId, host: ParticipantId, authority: ParticipantId
) -> tuple[tuple[ParticipantId, int, Body], ...]:
    """Movements of accelerators: who says them, at which place in its log, and the body."""
    h100 = ParticipantId("h100")
    return (
        (
            lab,
            15,
            Notification(
                what=NoticeKind.RETIREMENT,
                site=ParticipantId("aurora-site-1"),
                of=h100,
                amount=64,
                period=PeriodIndex(6),
            ),
        ),
        (
            lab,
            16,
            Transfer(
                counterparty=host,
                direction=Direction.SHIPPED,
                kind=h100,
                count=2_000,
                batch=Digest.of(b"a list of serial numbers"),
                period=6,
            ),
        ),
        (
            host,
            0,
            Capacity(
                lab=lab,
                period=PeriodIndex(6),
                site=ParticipantId("harbour-hall-1"),
                accelerators=(Installed(kind=h100, count=512),),
            ),
        ),
        (
            authority,
            0,
            Aggregate(period=PeriodIndex(6), labs=3, used_pflop=Pflop(1_077_210_000)),
        ),
    )
