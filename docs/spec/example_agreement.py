"""The exercise agreement of the examples, for `make_examples.py`."""

from __future__ import annotations

from pausenet.statements.agreement import ALL_NAMED, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import Anatomy, RunCap, TotalCap
from pausenet.statements.rule import AdjudicatorDetermines, OnRatification, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.statements.usage import WorkloadClass
from pausenet.values import NetworkTime, ParticipantId, Pflop, WattHours

START = NetworkTime(1_767_225_600)
AURORA, METER = ParticipantId("aurora"), ParticipantId("aurora-meter")
SCHEDULE = Schedule(
    start=START, period_s=172_800, deadline_s=21_600, grace_s=367_200, notice_periods=4
)
TRIGGER = "All named parties have ratified this agreement."
LIFT = "The adjudicator declares that the grounds for the pause have ended."
POWER = PowerChannel(random_ppm=10_000, systematic_ppm=3_000, strategic_wh=WattHours(980_000_000))


def anatomy(falsified_by: str) -> Anatomy:
    """The eight texts that every clause needs."""
    return Anatomy(
        prover="each party, for its own sites",
        verifier="every verifier of the register, each for itself",
        declared="every site and every workload class, each period",
        undeclared="counts as a breach of this clause once shown",
        access="verifiers see totals; inspectors see opened records",
        confidentiality="records stay salted commitments until opened",
        response="the parties meet within one period",
        falsified_by=falsified_by,
    )


def agreement() -> Agreement:
    """The exercise agreement."""
    return Agreement(
        title="Exercise agreement on a verifiable pause",
        activation=ALL_NAMED,
        parties=(AURORA,),
        trigger=Rule(words=TRIGGER, conditions=(OnRatification(),), need=1),
        lift=Rule(words=LIFT, conditions=(AdjudicatorDetermines(),), need=1),
        adjudicator=Adjudicator(words="A panel of three."),
        legal_basis=LegalBasis(words="An exercise among invented parties; it binds nobody."),
        schedule=SCHEDULE,
        annex=Annex(
            channels=(Channel(meter=METER, party=AURORA),),
            power=POWER,
        ),
        tiers=Tiers(),
        clauses=(
            RunCap(limit_pflop=Pflop(10**11), anatomy=anatomy("a run's signed total over it")),
            TotalCap(
                limit_pflop=Pflop(10**11),
                classes=(WorkloadClass.POST_TRAINING, WorkloadClass.PRE_TRAINING),
                anatomy=anatomy("signed usage whose sum is over it"),
            ),
        ),
    )
