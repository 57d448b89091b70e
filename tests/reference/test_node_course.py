"""Whatever is said in whatever cuts, Node takes an agreement through the same stages."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from pausenet.protocol.cases import CaseStage
from pausenet.protocol.course import Course
from pausenet.protocol.hearing import Heard
from pausenet.protocol.joining import candidates, signatories
from pausenet.protocol.register import Register
from pausenet.statements.accession import Acceptance
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.codec import BODIES
from pausenet.statements.declaration import Ratification
from pausenet.statements.determination import (
    Appeal,
    Determination,
    Excuse,
    Objection,
    Outcome,
    Recusal,
)
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.statements.proposal import Proposal
from pausenet.statements.rule import AfterPeriods, FromPeriod, Rule
from pausenet.statements.stage import Amendable, PartyStage
from pausenet.values import INTEGER_MAX, Digest, ParticipantId, Pflop
from tests.protocol.banded import BIG, SMALL, band
from tests.protocol.courses import LABS, PANEL, VERIFIERS, network
from tests.protocol.eased import STAGES, begins, incident, lifts, reviewed
from tests.protocol.halving import amendment
from tests.protocol.paper import DAY, RUN_CAP, index, name
from tests.protocol.test_cooling_off import cooled
from tests.protocol.test_joining import OTHERS, opened
from tests.reference.nodejs import put, ran

COURSES, CUTS = 100, 40
KINDS = {body: kind for kind, body in BODIES.items()}


def changing(held: Register) -> Register:
    """The same network, in which a fifth verifier comes and later the second one goes."""
    five, four = (*VERIFIERS, "verifier-5"), (VERIFIERS[0], *VERIFIERS[2:], "verifier-5")
    first = held.epochs[0]
    second = replace(first, number=1, first=index(8), verifiers=tuple(map(name, five)))
    third = replace(first, number=2, first=index(20), verifiers=tuple(map(name, four)))
    return replace(held, epochs=(first, second, third), epoch=third)


RUNS = ("one", "two", "three")
NETWORKS = (
    network(),
    cooled(),
    cooled(9, notice=9),
    network(answer_s=2 * DAY, appeal=2, speaks=(Fault.F6,)),
    network(speaks=(Fault.F6,), veto=True),
    network(answer_s=3 * DAY, appeal=1, standard=Grade.PLAUSIBLE, peers=True),
    changing(network()),
    network(peers=True, speaks=(Fault.F1, Fault.F6), notice=9),
    opened(need_ppm=500_000, wait=3, peers=True),
    opened(need_ppm=0, wait=0),
    network(trigger=Rule(words="then", conditions=(FromPeriod(period=index(3)),), need=1)),
    network(
        trigger=Rule(
            words="then, and once more",
            conditions=(FromPeriod(period=index(3)), AfterPeriods(periods=2)),
            need=1,
        ),
        peers=True,
    ),
)
Said = tuple[ParticipantId, Heard]


def finding(chance: random.Random, lab: str, period: int) -> Finding:
    fault = chance.choice((Fault.F1, Fault.F5, Fault.F6, Fault.F7))
    grade = Grade.CONFIRMED if fault in (Fault.F1, Fault.F6) else Grade.PLAUSIBLE
    return Finding(
        fault=fault,
        grade=Grade.UNSUPPORTED if chance.random() < 0.1 else grade,
        claim="",
        accused=name(chance.choice((lab, lab, f"{lab}-meter"))),
        periods=() if fault is Fault.F1 else (index(period), index(period + 1)),
        bundle=Digest.of(bytes([chance.randrange(12)])),
    )


def appraisal(chance: random.Random, held: Register, period: int) -> list[Said]:
    lab = chance.choice(LABS)
    about = max(0, period - chance.randrange(3))
    body = Appraisal(
        period=index(about),
        view=chance.randrange(2),
        cut=Digest.of(b"cut"),
        rules=Digest.of(b"rules"),
        agreement=held.agreement_digest,
        lab=name(lab),
        stage=PartyStage.IN_FORCE,
        bound=(),
        corrections=0,
        lowered=(),
        status=chance.choice(list(Status)),
        claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
        findings=tuple(finding(chance, lab, about) for _ in range(chance.randrange(3))),
    )
    return [(name(who), body) for who in VERIFIERS[: chance.choice((2, 3, 3, 4))]]


def ruling(chance: random.Random, held: Register) -> list[Said]:
    outcome = chance.choice([each for each in Outcome if each is not Outcome.TRIGGER_MET])
    body = Determination(
        agreement=held.agreement_digest,
        outcome=outcome,
        party=name(chance.choice(LABS)) if outcome.is_of_a_party else None,
        about=chance.choice((None, Digest.of(bytes([chance.randrange(12)])))),
        reasons="heard",
    )
    return [(name(who), body) for who in chance.sample(PANEL, chance.choice((1, 2, 2, 3)))]


def words(chance: random.Random, held: Register, period: int) -> list[Said]:
    digest, who = held.agreement_digest, name(chance.choice(LABS))
    if candidates(held) and chance.random() < 0.3:
        return coming(chance, held, period)
    match chance.randrange(25):
        case 0 | 1 | 2 | 3:
            return appraisal(chance, held, period)
        case 4 | 5 | 6:
            return ruling(chance, held)
        case 7 | 8:
            return [(who, Assent(agreement=digest, lift=chance.random() < 0.9))]
        case 9 | 10:
            start = chance.choice((period + 5, period + 7, INTEGER_MAX - 1))
            derogation = Derogation(
                agreement=digest, start=index(start), periods=chance.choice((1, 2, 3)), grounds="x"
            )
            return [(who, derogation)]
        case 11:
            return [(who, Excuse(agreement=digest, due=index(max(0, period - 2)), reason="x"))]
        case 12 | 13 | 19:
            matters = (None, *(Digest.of(bytes([number])) for number in range(12)))
            return [
                (name(lab), Appeal(agreement=digest, about=each, grounds="x"))
                for lab in LABS
                for each in matters
            ]
        case 20 | 21 | 22 | 23:
            word = wanted(chance, held, period)
            return [
                (name(each), word) for each in chance.sample(LABS, chance.choice((1, len(LABS))))
            ]
        case 14 | 15:
            return [(who, planned(chance))]
        case 16 | 17:
            return chance.choice((incident(), reviewed(chance.choice((100_000, 300_000)))))
        case 18:
            objection = Objection(
                agreement=digest, party=who, run=name(chance.choice(RUNS)), reasons="too large"
            )
            return [(name(each), objection) for each in chance.sample(PANEL, chance.choice((1, 2)))]
        case _:
            if chance.random() < 0.4:
                return [(who, Withdrawal(agreement=digest, reason=""))]
            if chance.random() < 0.6:
                back = Retraction(agreement=digest, reason="x")
                return [(name(each), back) for each in LABS]
            judge = name(chance.choice(PANEL))
            return [(judge, Recusal(agreement=digest, party=who, reasons="kin"))]


def coming(chance: random.Random, held: Register, period: int) -> list[Said]:
    """What is said of labs that may accede, and by them."""
    digest, lab = held.agreement_digest, name(chance.choice(OTHERS))
    match chance.randrange(5):
        case 0:
            return [
                (lab, Ratification(agreement=digest, until=index(period + chance.randrange(9))))
            ]
        case 1:
            away = Withdrawal(agreement=digest, reason="")
            body = Ratification(agreement=digest, until=index(99))
            return [(lab, body), *([(lab, away)] if chance.random() < 0.3 else [])]
        case 2:
            ruled = Determination(
                agreement=digest,
                outcome=chance.choice((Outcome.NON_COMPLIANT, Outcome.NO_BREACH)),
                party=lab,
                about=None,
                reasons="heard",
            )
            return [(name(who), ruled) for who in PANEL]
        case _:
            accepts = Acceptance(agreement=digest, lab=lab, accepts=chance.random() < 0.8)
            return [(name(who), accepts) for who in chance.sample((*LABS, *OTHERS), 2)]


def planned(chance: random.Random) -> Notification:
    return Notification(
        what=chance.choice((NoticeKind.NEW_RUN, NoticeKind.NEW_RUN, NoticeKind.MOVE)),
        site=name("north"),
        of=name(chance.choice(RUNS)),
        amount=chance.choice((SMALL, BIG)),
        period=index(9),
    )


def wanted(chance: random.Random, held: Register, period: int) -> Proposal:
    """One of a few words, so that labs often want the same."""
    return Proposal(
        agreement=held.agreement_digest,
        clause=chance.choice((Amendable.TOTAL_CAP, Amendable.RUN_CAP, Amendable.RUN_CAP)),
        limit_pflop=Pflop(chance.choice((9, RUN_CAP - period, RUN_CAP - period, RUN_CAP))),
        start=index(chance.choice((0, 0, period // 10 * 10 + 10, INTEGER_MAX))),
    )


def with_band(held: Register) -> Register:
    """The same network under an agreement with bands, and clauses that begin later or end early."""
    singles = (begins(ClauseKind.RUN_CAP), lifts(ClauseKind.TOTAL_CAP, ClauseKind.RUN_CAP))
    if held.agreement_digest[0] % 2:
        singles = (
            begins(ClauseKind.APPROVE_BAND, ClauseKind.TOTAL_CAP),
            lifts(ClauseKind.TOTAL_CAP, stages=STAGES),
        )
    changed = replace(
        held.agreement, clauses=(*held.agreement.clauses, band(), *singles, amendment())
    )
    return replace(held, agreement=changed)


def story(chance: random.Random, held: Register) -> list[tuple[int, list[Said]]]:
    """What each cut shows; now and then an earlier period's cut comes late."""
    body = Ratification(agreement=held.agreement_digest, until=index(200))
    cuts: list[tuple[int, list[Said]]] = [(0, [(name(who), body) for who in LABS])]
    for period in range(1, CUTS):
        said = [each for _ in range(chance.randrange(4)) for each in words(chance, held, period)]
        late = max(0, period - chance.choice((2, 5))) if chance.random() < 0.1 else period
        cuts.append((late, said))
    return cuts


def ours(held: Register, cuts: list[tuple[int, list[Said]]]) -> list[dict[str, Any]]:
    course, found = Course(held), []
    for period, said in cuts:
        course.take(index(period), said)
        found.append(
            {
                str(party): [
                    str(course.stages[party]),
                    [
                        [span.start, -1 if span.until is None else span.until]
                        for span in course.bound(party)
                    ],
                    [[bar.run, bar.start] for bar in course.barred(party)],
                    [each.to_json() for each in course.eased],
                    [each.to_json() for each in course.amending.amended()],
                    sorted(
                        f"{case.stage} since {case.since}, {case.grade}"
                        for case in course.cases(party)
                    ),
                ]
                for party in signatories(held)
            }
        )
    return found


def test_node_takes_random_courses_through_the_same_stages(node: str, tmp_path: Path) -> None:
    asked, expected = [], []
    for number in range(COURSES):
        chance, held = random.Random(number), NETWORKS[number % len(NETWORKS)]
        held = with_band(held) if number % 2 else held
        cuts = story(chance, held)
        expected.append(ours(held, cuts))
        asked.append(
            {
                "agreement": held.agreement.to_json(),
                "candidates": list(candidates(held)),
                "epochs": [
                    {"first": int(e.first), "verifiers": list(e.verifiers), "k": e.quorum.k}
                    for e in held.epochs
                ],
                "cuts": [
                    {
                        "period": period,
                        "said": [
                            {"by": by, "kind": str(KINDS[type(body)]), "body": body.to_json()}
                            for by, body in said
                        ],
                    }
                    for period, said in cuts
                ],
            }
        )
    put(tmp_path / "courses.json", asked)
    result = ran(node, "course.mjs", tmp_path / "courses.json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    for number, (theirs, mine) in enumerate(zip(found, expected, strict=True)):
        assert theirs == mine, f"course {number}"
    stages = {stage for course in expected for cut in course for stage, *_ in cut.values()}
    assert len(stages) >= 8, stages
    assert any(bars for course in expected for cut in course for _, _, bars, *_ in cut.values())
    ends = [all_of for course in expected for *_, all_of, _, _ in course[-1].values()]
    eased = {len(each["changes"]) for all_of in ends for each in all_of}
    assert len(eased) >= 3, eased
    lowered = [each for course in expected for *_, each, _ in course[-1].values()]
    assert {len(one["limits"]) for each in lowered for one in each} >= {1, 2, 3}
    cases = {
        case.split()[0]
        for course in expected
        for cut in course
        for *_, told in cut.values()
        for case in told
    }
    assert cases == set(map(str, CaseStage)), cases
