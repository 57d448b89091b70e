"""Examples of inspections, drawn and challenged, for `make_examples.py`."""

from __future__ import annotations

from collections.abc import Callable

from pausenet.protocol.inspection import commitment_of, image_of
from pausenet.statements.challenge import (
    Answer,
    Challenge,
    ChallengeAnswer,
    ChallengeNotice,
    ChallengeVote,
    InspectionReport,
)
from pausenet.statements.codec import Body
from pausenet.statements.finding import Claim
from pausenet.statements.inspection import (
    Closure,
    Drawn,
    Ended,
    InspectionRequest,
    OpenedLeaf,
    Opening,
    Result,
    SampleReveal,
)
from pausenet.values import (
    Digest,
    ParticipantId,
    PeriodIndex,
    Salt,
    StatementId,
    TreeSize,
    WattHours,
)

Placed = tuple[ParticipantId, int, Body]


def inspections(
    lab: ParticipantId,
    verifier: ParticipantId,
    site: ParticipantId,
    cut: Digest,
    stand_in: Callable[[str], Digest],
) -> tuple[Placed, ...]:
    """Who says each kind of inspection, at which place in its log, and the body."""
    return (*_drawn(lab, verifier, site, cut, stand_in), *_challenged(lab, verifier, stand_in))


def _drawn(
    lab: ParticipantId,
    verifier: ParticipantId,
    site: ParticipantId,
    cut: Digest,
    stand_in: Callable[[str], Digest],
) -> tuple[Placed, ...]:
    chain, five = Salt(stand_in("chain")), PeriodIndex(5)
    used, asked = StatementId(stand_in("usage")), StatementId(stand_in("request"))
    leaves = tuple(
        OpenedLeaf(
            index=index,
            leaf=stand_in(f"leaf {index}"),
            proof=tuple(stand_in(f"node {index} {level}") for level in range(2)),
        )
        for index in (1, 2, 3)
    )
    drawn = Drawn(lab=lab, usage=used, leaves=(2,), sites=(site,))
    ended = Ended(inspection=asked, lab=lab, result=Result.IN_ORDER)
    request = InspectionRequest(
        period=five,
        register_size=TreeSize(9),
        register_root=stand_in("register root"),
        draws=(drawn,),
    )
    return (
        (verifier, 0, commitment_of(chain, 400)),
        (verifier, 25, SampleReveal(period=five, cut=cut, image=image_of(chain, five, 400))),
        (verifier, 26, request),
        (lab, 8, Opening(request=asked, usage=used, leaves=leaves)),
        (verifier, 40, Closure(results=(ended,))),
    )


def _challenged(
    lab: ParticipantId, verifier: ParticipantId, stand_in: Callable[[str], Digest]
) -> tuple[Placed, ...]:
    notice = ChallengeNotice(
        salt=Salt(stand_in("salt")),
        lab=lab,
        place="a hall north of the river, 2 km from the declared site",
        grounds="heat and a new power line that no declaration accounts for",
        claim=Claim.FLEET,
    )
    challenge = notice.commitment
    report = InspectionReport(
        inspection=challenge,
        lab=lab,
        place=notice.place,
        found=4_096,
        undeclared=4_096,
        uids=stand_in("uids"),
        energy_wh=WattHours(5_000_000),
        links=512,
    )
    answer = ChallengeAnswer(
        challenge=challenge, answer=Answer.ADMIT, managed=("model names on screens",)
    )
    return (
        (lab, 15, Challenge(commitment=challenge)),
        (lab, 16, notice),
        (lab, 17, ChallengeVote(challenge=challenge)),
        (lab, 18, answer),
        (verifier, 41, report),
    )
