"""A lead is followed up: another party asks for an inspection of the place that it points to.

Leads stand outside the protocol. Where a scenario says `follow_up: true`, one that points to a
place makes the first other party ask for a challenge inspection in the real protocol, at the start
of the next period: a commitment, the notice, the lab's answer (it admits), and the reports of k
verifiers, who count what is there by ground truth. An honest lab with a false lead is inspected
too, and nothing is found. Acts follow from scenario and seed alone.

That the place is known, that it admits inspectors even where others run it, and that they count
without error are assumptions. Meters, ledgers and samples point to no place: their leads are
not followed up so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pausenet.protocol.challenge import VOTE_S
from pausenet.scenario.acts import ActPlan
from pausenet.scenario.physics import energy_wh
from pausenet.scenario.plan import LabPlan, Scenario
from pausenet.simulator.channels import channel
from pausenet.simulator.outside import Lead, outside_of
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.traces import Trace
from pausenet.statements.challenge import (
    Answer,
    Challenge,
    ChallengeAnswer,
    ChallengeNotice,
    InspectionReport,
)
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Claim
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    ParticipantId,
    PeriodIndex,
    Salt,
    WattHours,
)

PLACES: Final[Mapping[Trace, str]] = {
    Trace.SITE_POWER: "the place that draws the power",
    Trace.SITE: "the place that was named",
    Trace.PURCHASES: "the addresses to which the orders went",
    Trace.SYNC: "the addresses between which the traffic beats",
    Trace.CLOUD: "the halls of the provider that was paid",
    Trace.WORKERS: "the place where those who spoke have worked",
    Trace.UNENTERED: "the place to which the lots went",
}
"""The traces that point to a place, and how a notice names it."""
_DAY_S: Final = 86_400
_PER_LINK: Final = 8


def with_follow_up(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with the inspections that its leads of this seed lead to, as acts.

    A lab is inspected again at another lead if the last time nothing was found. What could not be
    reported before the run's end is not begun.
    """
    if not scenario.follow_up:
        return scenario
    acts: list[ActPlan] = []
    free = {lab.name: PeriodIndex(scenario.notice_periods + 1) for lab in scenario.labs}
    for lead in outside_of(scenario).leads(seed):
        lab = scenario.lab(lead.about)
        asker = _asker(scenario, lab)
        if channel(lead.channel).senses not in PLACES or lead.about not in free or not asker:
            continue
        at = lead.moment_s // scenario.period_s + 1
        reported = PeriodIndex(at + 2 + _vote_periods(scenario))
        if at < free[lead.about] or reported >= scenario.periods:
            continue
        count = _count(scenario, lead.about, reported)
        acts += _inspection(scenario, lead, asker[0], PeriodIndex(at), count, seed)
        free[lead.about] = PeriodIndex(reported + 1)
        if count:
            del free[lead.about]
    return replace(scenario, acts=(*scenario.acts, *acts), follow_up=False)


def _asker(scenario: Scenario, lab: LabPlan) -> tuple[ParticipantId, ...]:
    """The first other party that is bound from the beginning; none where the lab is no party."""
    others = [
        each.name
        for each in scenario.labs
        if each.is_party and each.ratifies_from is not None and each.name != lab.name
    ]
    return tuple(others[:1]) if lab.is_party else ()


def _vote_periods(scenario: Scenario) -> int:
    """How many periods the vote against an inspection takes, one at least."""
    return max(1, -(-VOTE_S // scenario.period_s))


def _count(scenario: Scenario, lab: ParticipantId, period: PeriodIndex) -> int:
    """How many accelerators stand where nobody declared any, by ground truth."""
    return round(outside_of(scenario).footprints[lab].of(Trace.SITE)[period])


def _inspection(
    scenario: Scenario, lead: Lead, asker: ParticipantId, at: PeriodIndex, count: int, seed: int
) -> list[ActPlan]:
    """What everybody says, from the challenge to the reports."""
    named = (str(seed), lead.about, lead.channel)
    notice = ChallengeNotice(
        salt=Salt(seed_bytes(seed, "follow-up", *named)),
        lab=lead.about,
        place=PLACES[channel(lead.channel).senses],
        grounds=f"a lead from {channel(lead.channel).title}",
        claim=Claim.FLEET,
    )
    asked = notice.commitment
    answer = ChallengeAnswer(challenge=asked, answer=Answer.ADMIT, managed=())
    report = InspectionReport(
        inspection=asked,
        lab=lead.about,
        place=notice.place,
        found=count,
        undeclared=count,
        uids=Digest.of(seed_bytes(seed, "uids", *named)),
        energy_wh=WattHours(energy_wh(AcceleratorSeconds(count * _DAY_S), AcceleratorSeconds(0))),
        links=count // _PER_LINK,
    )
    entered = PeriodIndex(at + 2 + _vote_periods(scenario))
    return [
        _act(asker, at, Kind.CHALLENGE, Challenge(commitment=asked)),
        _act(asker, PeriodIndex(at + 1), Kind.CHALLENGE_NOTICE, notice),
        _act(lead.about, PeriodIndex(entered - 1), Kind.CHALLENGE_ANSWER, answer),
        *(_act(name, entered, Kind.INSPECTION_REPORT, report) for name in _inspectors(scenario)),
    ]


def _inspectors(scenario: Scenario) -> tuple[ParticipantId, ...]:
    """The first k verifiers that do not cheat."""
    names = [plan.name for plan in scenario.verifiers]
    cheats = {cheat.by for cheat in scenario.cheats}
    needed = len(names) - (len(names) - 1) // 3
    return tuple(name for name in names if name not in cheats)[:needed]


def _act(
    by: ParticipantId,
    at: PeriodIndex,
    kind: Kind,
    body: Challenge | ChallengeNotice | ChallengeAnswer | InspectionReport,
) -> ActPlan:
    return ActPlan.of(by, at, kind, body.to_json())
