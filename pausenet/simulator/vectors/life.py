"""A life of an agreement on paper: what people decide between the network's cuts."""

from __future__ import annotations

from typing import Final

from pausenet.protocol.appraisal import RULES_DIGEST
from pausenet.simulator.vectors.networks import (
    AURORA,
    BIRCH,
    LANTERN,
    PLUMBLINE,
    SCALE,
    THREE,
    TRIBUNAL,
    VERIFIERS,
)
from pausenet.simulator.vectors.paper import Paper
from pausenet.statements.accession import Acceptance
from pausenet.statements.declaration import Declaration, DeclaredSite
from pausenet.statements.determination import Appeal, Determination, Excuse, Outcome, Recusal
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.indicator import Incident, Indicator, IndicatorKind
from pausenet.statements.stage import PartyStage
from pausenet.statements.usage import Accelerators
from pausenet.values import Digest, ParticipantId, PeriodIndex

PROOF: Final = Digest.of(b"a proof")
ANOTHER: Final = Digest.of(b"the same shown otherwise")
ANSWER: Final = 3
"""How many periods of two days the usual five days to answer take, begun ones counted whole."""


class Life(Paper):
    """Paper on which people decide things; each method says one thing, and gives itself back."""

    def __init__(self, run: str) -> None:
        super().__init__(run)
        self.run = run
        self.digest = self.register.agreement_digest

    def ratified(self, *who: ParticipantId, until: int = 100) -> Life:
        """These ratify."""
        for each in who:
            self.ratify(each, until)
        return self

    def agreed(self, *periods: int) -> Life:
        """The network's cuts of these periods, with nothing said between them."""
        for period in periods:
            self.agree(period)
        return self

    def accepts(self, lab: ParticipantId, *who: ParticipantId, word: bool = True) -> Life:
        """These accept, or accept no longer, that a lab accedes."""
        for each in who:
            self.pens[each].say(Acceptance(agreement=self.digest, lab=lab, accepts=word))
        return self

    def leaves(self, who: ParticipantId) -> Life:
        """A withdrawal."""
        self.pens[who].say(Withdrawal(agreement=self.digest, reason="Its grounds have ended."))
        return self

    def returns(self, who: ParticipantId) -> Life:
        """The withdrawal taken back."""
        self.pens[who].say(Retraction(agreement=self.digest, reason="They have come back."))
        return self

    def aside(self, who: ParticipantId, start: int, periods: int) -> Life:
        """A derogation."""
        grounds = "A treatment is being sought."
        body = Derogation(
            agreement=self.digest, start=PeriodIndex(start), periods=periods, grounds=grounds
        )
        self.pens[who].say(body)
        return self

    def assent(self, *who: ParticipantId, lift: bool = True) -> Life:
        """Assents to the lift, or their withdrawal."""
        for each in who:
            self.pens[each].say(Assent(agreement=self.digest, lift=lift))
        return self

    def decides(
        self,
        outcome: Outcome,
        about: ParticipantId | None,
        *who: ParticipantId,
        of: Digest | None = PROOF,
    ) -> Life:
        """Determinations by these, or the whole panel; of one finding, or of none by name."""
        for each in who or (SCALE, TRIBUNAL):
            body = Determination(
                agreement=self.digest,
                outcome=outcome,
                party=about,
                about=None if about is None else of,
                reasons="It was heard.",
            )
            self.pens[each].say(body)
        return self

    def charged(self, party: ParticipantId, period: int, *, of: Digest | None = PROOF) -> Life:
        """One adjudicator charges a party; the cut of this period holds it."""
        return self.decides(Outcome.NON_COMPLIANT, party, SCALE, of=of).agreed(period)

    def breached(self, party: ParticipantId, period: int, *, of: Digest | None = PROOF) -> Life:
        """Charged by the cut of this period, determined once the time to answer has run."""
        charged = self.charged(party, period, of=of)
        return charged.agreed(period + ANSWER).decides(Outcome.NON_COMPLIANT, party, of=of)

    def explains(self, who: ParticipantId, due: int) -> Life:
        """An excuse of one period."""
        body = Excuse(agreement=self.digest, due=PeriodIndex(due), reason="A meter broke.")
        self.pens[who].say(body)
        return self

    def appeals(self, who: ParticipantId, of: Digest | None = PROOF) -> Life:
        """An appeal."""
        self.pens[who].say(Appeal(agreement=self.digest, about=of, grounds="It was not heard."))
        return self

    def recused(self, who: ParticipantId, party: ParticipantId) -> Life:
        """An adjudicator stands aside."""
        self.pens[who].say(Recusal(agreement=self.digest, party=party, reasons="A member."))
        return self

    def appraised(
        self,
        lab: ParticipantId,
        status: Status,
        period: int,
        *,
        by: int = 3,
        fault: Fault | None = None,
        of: tuple[int, ...] = (),
        bundle: Digest = PROOF,
    ) -> Life:
        """So many verifiers say the same of a lab; what they find may be of some periods."""
        found = () if fault is None else (_finding(lab, fault, of, bundle),)
        body = Appraisal(
            period=PeriodIndex(period),
            view=0,
            cut=Digest.of(b"a cut"),
            rules=RULES_DIGEST,
            agreement=self.digest,
            lab=lab,
            stage=PartyStage.IN_FORCE,
            bound=(),
            corrections=0,
            lowered=(),
            status=status,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=found,
        )
        for name in VERIFIERS[:by]:
            self.pens[name].say(body)
        return self

    def measured(self, value: int, *who: ParticipantId, about: ParticipantId = AURORA) -> Life:
        """An indicator of one lab, in parts per million."""
        for each in who or (LANTERN, PLUMBLINE):
            body = Indicator(about=about, indicator=IndicatorKind.MERGED_CODE, value=value)
            self.pens[each].say(body)
        return self

    def reported(self, who: ParticipantId, about: ParticipantId = AURORA) -> Life:
        """An incident."""
        self.pens[who].say(Incident(about=about, text="A run went on after it was stopped."))
        return self

    def declared(self, who: ParticipantId, count: int) -> Life:
        """A fleet of so many accelerators."""
        fleet = (Accelerators(kind=ParticipantId("h100"), count=count),)
        site = DeclaredSite(site=ParticipantId("site"), accelerators=fleet)
        self.pens[who].say(Declaration(sites=(site,), meters=()))
        return self


def _finding(lab: ParticipantId, fault: Fault, periods: tuple[int, ...], bundle: Digest) -> Finding:
    proof = fault.fault_class == "proof"
    return Finding(
        fault=fault,
        grade=Grade.CONFIRMED if proof else Grade.PLAUSIBLE,
        claim="it was found",
        accused=lab,
        periods=tuple(PeriodIndex(each) for each in periods),
        bundle=bundle,
    )


def in_force(run: str = "all-named") -> Life:
    """All have ratified by the cut of period 1: bound from 3."""
    return Life(run).ratified(*THREE).agreed(1)


def lifted(run: str = "all-named") -> Life:
    """Two of three have assented to the lift by the cut of period 4."""
    return in_force(run).assent(AURORA, BIRCH).agreed(4)


Story = tuple[str, str, Life, int]
"""A name, the rule, the paper, and the period of the cut that is taken."""
