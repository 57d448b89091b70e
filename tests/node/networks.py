"""Small networks on a disk, with real keys, certificates and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pausenet.node.init import NetworkPlan, ParticipantPlan, make_network
from pausenet.node.keystore import Passphrase
from pausenet.protocol.register import Register
from pausenet.statements.agreement import ALL_NAMED, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import Anatomy, RunCap
from pausenet.statements.rule import AdjudicatorDetermines, OnRatification, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.statements.usage import WorkloadClass
from pausenet.values import NetworkTime, ParticipantId, Pflop, Role, WattHours

DAY = 86_400
ANATOMY = Anatomy(
    prover="the lab",
    verifier="the verifiers",
    declared="usage",
    undeclared="counts as used",
    access="on challenge",
    confidentiality="totals to verifiers",
    response="the adjudicator decides",
    falsified_by="a statement over the cap",
)

AURORA = ParticipantId("aurora")
METER = ParticipantId("aurora-meter")
VERIFIERS = tuple(ParticipantId(f"verifier-{number}") for number in range(1, 5))


def agreement() -> Agreement:
    """Two days a period; closes 4.5 days after its end."""
    return Agreement(
        title="A pause",
        activation=ALL_NAMED,
        parties=(AURORA,),
        trigger=Rule(words="now", conditions=(OnRatification(),), need=1),
        lift=Rule(words="never", conditions=(AdjudicatorDetermines(),), need=1),
        adjudicator=Adjudicator(words="the board"),
        legal_basis=LegalBasis(words="none"),
        schedule=Schedule(
            start=NetworkTime(0),
            period_s=2 * DAY,
            deadline_s=DAY // 4,
            grace_s=4 * DAY + DAY // 4,
            notice_periods=2,
        ),
        annex=Annex(
            channels=(Channel(meter=METER, party=AURORA),),
            power=PowerChannel(
                random_ppm=10_000,
                systematic_ppm=3_000,
                strategic_wh=WattHours(60_000),
            ),
        ),
        tiers=Tiers(),
        clauses=(RunCap(limit_pflop=Pflop(50_000), anatomy=ANATOMY),),
    )


def plan(
    addresses: Mapping[ParticipantId, str] | None = None,
    samples: Mapping[ParticipantId, str] | None = None,
) -> NetworkPlan:
    """One lab, its meter and four verifiers, a day a second."""
    found = addresses or {}
    roles = {AURORA: Role.LAB, METER: Role.METER, **dict.fromkeys(VERIFIERS, Role.VERIFIER)}
    return NetworkPlan(
        name="small",
        participants=tuple(
            ParticipantPlan(id=who, role=role, bloc="", group=who, address=found.get(who, ""))
            for who, role in roles.items()
        ),
        agreement=agreement(),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
        time_zero=NetworkTime(0),
        samples=samples or {},
    )


def make(
    root: Path,
    *,
    homes: Mapping[ParticipantId, Path] | None = None,
    passphrase: Passphrase | None = None,
) -> Register:
    return make_network(root, plan(), homes=homes, passphrase=passphrase)


def usage_line(period: int) -> str:
    """One period in which nothing was used but a little energy."""
    nothing = {"occupied_s": 0, "used_pflop": 0}
    site = {"site": "hall", "accelerators": [], "energy_wh": 1_000_000}
    return (
        json.dumps(
            {
                "period": period,
                "sites": [site],
                "classes": {str(name): nothing for name in WorkloadClass},
                "runs": [],
                "jobs": [],
            }
        )
        + "\n"
    )


def reading_line(period: int) -> str:
    return json.dumps({"period": period, "party": "aurora", "energy_wh": 1_000_000}) + "\n"
