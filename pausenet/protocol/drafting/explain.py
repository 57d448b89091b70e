"""An agreement told to a careful reader who is no engineer, on two pages.

Nothing is left out: every member of the agreement changes some word of the text. Each sentence
belongs to the clauses that stand at the head of its paragraph; how clauses are proven, checked,
kept secret and answered is told once in general, and then where it is otherwise.
"""

from __future__ import annotations

import re
import textwrap
from typing import Final

from pausenet.protocol.drafting import sentences
from pausenet.protocol.drafting.sentences_of_course import CIRCLES, fault
from pausenet.protocol.drafting.words import (
    about_energy,
    flop,
    instant,
    listing,
    periods,
    plural,
    rule,
    share,
    span,
)
from pausenet.statements.agreement import ActivationKind, Agreement
from pausenet.statements.clauses import ClauseKind
from pausenet.statements.tiers import Tier
from pausenet.values import Pflop

WIDTH: Final = 80
_HANGING: Final = re.compile(r"C[0-9]{2} [A-Z]")
"""How a paragraph begins whose first words stand out, so that a clause is soon found."""
_WAYS: Final = {
    "prover": "Proven by",
    "verifier": "Checked by",
    "undeclared": "Not declared",
    "access": "Access",
    "confidentiality": "Secrets",
    "response": "Then",
}
"""The texts that clauses of one sort have in common, and what each of them says."""
_ABSENT: Final = {
    ClauseKind.RUN_CAP: "the compute of one training run",
    ClauseKind.TOTAL_CAP: "a lab's compute in a period",
    ClauseKind.POST_TRAINING_CAP: "training after pre-training",
    ClauseKind.STOCK_CAP: "how many accelerators a lab installs",
    ClauseKind.INFERENCE_CAP: "serving models",
    ClauseKind.RELEASE_HOLD: "releasing models or weights",
    ClauseKind.RESEARCH_RESTRICTION: "what research is done",
    ClauseKind.NON_CIRCUMVENTION: "ways around its limits",
    ClauseKind.NON_PARTY: "what those outside it do",
    ClauseKind.STAKE: "money that a breach would cost",
    ClauseKind.DEROGATION: "emergencies",
    ClauseKind.AMENDMENT: "how its terms may change",
}


def explain(agreement: Agreement, *, verifiers: int = 0, hidden: Pflop | None = None) -> str:
    """The whole text, at most 80 columns wide, ending with a line's end.

    An agreement names neither its verifiers nor a strategic quantity in operations: `verifiers` is
    how many are expected (0: not known), `hidden` about how much compute that quantity's energy is.
    """
    lines = [*textwrap.wrap(agreement.title, WIDTH), ""]
    sections = _sections(agreement, hidden)
    uses_h100 = any("H100" in each for _, paragraphs in sections for each in paragraphs)
    lines += _paragraph(_words(agreement, verifiers, uses_h100=uses_h100))
    for at, (heading, paragraphs) in enumerate(sections, start=1):
        first, *rest = paragraphs
        begins_with_clause = _HANGING.match(first) is not None
        lines.append("")
        if begins_with_clause:
            lines += [f"{at}. {heading.upper()}", *_paragraph(first)]
        else:
            lines += _paragraph(f"{at}. {heading.upper()}. {first}")
        for paragraph in rest:
            lines += _paragraph(paragraph)
    return "\n".join(lines) + "\n"


def _paragraph(text: str) -> list[str]:
    hanging = " " * 4 if _HANGING.match(text) else ""
    return textwrap.wrap(text, WIDTH, subsequent_indent=hanging, break_on_hyphens=False)


def _sections(agreement: Agreement, hidden: Pflop | None) -> list[tuple[str, list[str]]]:
    return [
        ("Who takes part, and what begins it", _beginning(agreement)),
        ("What it asks and forbids, and what would show a breach", _clauses(agreement)),
        ("How it is proven, and what follows", _ways(agreement)),
        ("What is measured and drawn, and who sees it", _channels(agreement, hidden)),
        ("What ends it, and how one leaves", _end(agreement)),
        ("Who adjudicates, and by which law", [f"{_adjudicator(agreement)} {_law(agreement)}"]),
        ("What it does not cover", _uncovered(agreement)),
    ]


def _words(agreement: Agreement, verifiers: int, *, uses_h100: bool) -> str:
    holders = plural(verifiers, "verifier") if verifiers else "verifiers"
    verbs = ("holds", "appraises") if verifiers == 1 else ("hold", "appraise")
    chip = " H100: an AI chip of 2022." if uses_h100 else ""
    return (
        "FLOP counts arithmetic operations; 1e26 is a one with 26 zeros. A period is "
        f"{span(agreement.schedule.period_s)}. Everybody writes signed statements into a log of "
        f"its own, which nobody can change later; {holders} {verbs[0]} all the logs and {verbs[1]} "
        f"each lab. A finding is confirmed where the accused's own signatures prove it.{chip}"
    )


def _parties(agreement: Agreement) -> str:
    count = len(agreement.parties)
    word = "The one party is" if count == 1 else f"The {count} parties are"
    return f"{word} {listing(agreement.parties)}."


def _beginning(agreement: Agreement) -> list[str]:
    schedule, activation = agreement.schedule, agreement.activation
    match activation.kind:
        case ActivationKind.UNCONDITIONAL:
            force = "It comes into force for each party when that party has ratified it."
        case ActivationKind.ALL_NAMED:
            force = (
                "It comes into force for all together once every named party has ratified it, "
                "and until then binds none."
            )
        case ActivationKind.K_OF_N:
            force = (
                f"It comes into force once {activation.need} of the {len(agreement.parties)} "
                "parties have ratified it, for those who have."
            )
        case ActivationKind.COVERAGE:
            force = (
                f"It comes into force once parties with {share(activation.need)} of the declared "
                "capacity have ratified it, for those who have."
            )
    return [
        f"{_parties(agreement)} {force} Once in force and triggered, it binds "
        f"{periods(schedule.notice_periods, schedule)} later. Period 0 begins on "
        f"{instant(schedule.start)}. Statements of a period are due {span(schedule.deadline_s)} "
        f"after its end; {span(schedule.grace_s)} later the period closes, and what is not there "
        "is missing.",
        f"What triggers it: {rule(agreement.trigger, schedule)}",
    ]


def _clauses(agreement: Agreement) -> list[str]:
    """What each clause asks, what it has declared and what shows it broken; a text is said once."""
    first: dict[tuple[str, str], str] = {}
    told = []
    for clause in agreement.clauses:
        said = [
            f"{clause.ID} {sentences.TITLES[ClauseKind(clause.KIND)]}.",
            sentences.sentence(clause, agreement.schedule),
        ]
        texts = (("Declared", clause.anatomy.declared), ("Breach", clause.anatomy.falsified_by))
        for lead, text in texts:
            before = first.setdefault((lead, text), clause.ID)
            said.append(f"{lead}: {text if before == clause.ID else f'as for {before}.'}")
        told.append(" ".join(said))
    return told or ["It has no clauses: it only watches. Nothing shows a breach."]


def _ways(agreement: Agreement) -> list[str]:
    """What holds in general, and of which clauses it is otherwise.

    Each text is said once: in general that of the most clauses, and any other at the head of all
    clauses that have it.
    """
    general: list[str] = []
    otherwise: dict[str, list[str]] = {}
    for name, lead in _WAYS.items():
        texts: dict[str, list[str]] = {}
        for clause in agreement.clauses:
            texts.setdefault(getattr(clause.anatomy, name), []).append(clause.ID)
        most = max(texts, key=lambda text: len(texts[text]), default="")
        for text, ids in texts.items():
            told = general if text == most else otherwise.setdefault(listing(ids), [])
            told.append(f"{lead}: {text}")
    head = "In general" if otherwise else "Every clause"
    found = [f"{head}. {' '.join(general)}"] if general else []
    found += [f"Only {ids}. {' '.join(told)}" for ids, told in otherwise.items()]
    return found or ["There is nothing to prove."]


def _channels(agreement: Agreement, hidden: Pflop | None) -> list[str]:
    return [f"{_measured(agreement, hidden)} {_sight(agreement)}"]


def _measured(agreement: Agreement, hidden: Pflop | None) -> str:
    annex, schedule = agreement.annex, agreement.schedule
    if annex.power is None:
        power = "No power meter is required: a lab's figures are its own word."
    else:
        every = annex.power.calibration_periods
        renewed = f", made anew every {periods(every, schedule)}," if every else ""
        as_compute = (
            "" if hidden is None else f"about {flop(hidden)} (H100s at 35 % of peak), that is "
        )
        power = (
            "A power meter outside the lab's control must read each party's energy. Its "
            f"readings scatter by {share(annex.power.random_ppm)} and its calibration{renewed} "
            f"may be {share(annex.power.systematic_ppm)} off (standard deviations); what must not "
            f"stay hidden is {as_compute}{about_energy(annex.power.strategic_wh)}, in a "
            "period."
        )
    meters = _meters(agreement)
    drawn = (
        "No job records are drawn for inspection"
        if annex.sample_quota == 0
        else f"The verifiers draw {plural(annex.sample_quota, 'job record')} in each period"
    )
    visits = (
        "no site is visited at short notice by lot"
        if annex.sample_ppm == 0
        else f"each site is visited at short notice with a chance of {share(annex.sample_ppm)} a "
        "period"
    )
    baseline = (
        "No first inspection of what is installed is foreseen."
        if annex.baseline_periods == 0
        else "What is installed at the beginning is inspected within "
        f"{periods(annex.baseline_periods, schedule)}."
    )
    return f"{power} {meters} {drawn}, and {visits}. {baseline}"


def _meters(agreement: Agreement) -> str:
    channels = agreement.annex.channels
    named = sorted(f"{party}-meter" for party in agreement.parties)
    if named == [each.meter for each in channels] and all(
        each.meter == f"{each.party}-meter" for each in channels
    ):
        return f"Each party is read by a meter named after it, such as {named[0]}."
    reads = listing(f"{each.meter} reads {each.party}" for each in channels)
    return f"Of the meters, {reads}." if channels else "No meter reads any party."


def _sight(agreement: Agreement) -> str:
    tiers = agreement.tiers
    shown = (
        ("totals of a period", tiers.period_totals),
        ("figures of a site", tiers.site_figures),
        ("single job records", tiers.job_records),
        ("verdicts on each lab", tiers.verdicts),
    )
    told = "; ".join(
        f"{listing(what for what, tier in shown if tier is circle)} to {CIRCLES[circle]}"
        for circle in Tier
        if any(tier is circle for _, tier in shown)
    )
    return f"Shown are {told}; a narrower circle sees what a wider one does."


def _alone(agreement: Agreement) -> str:
    found = agreement.adjudicator.self_executing
    return (
        "No finding makes a breach by itself."
        if not found
        else f"A confirmed finding of {listing(map(fault, found), 'or')} makes a breach by itself."
    )


def _end(agreement: Agreement) -> list[str]:
    kinds = {clause.KIND for clause in agreement.clauses}
    leave = (
        "A party leaves as C21 says."
        if ClauseKind.WITHDRAWAL in kinds
        else "It has no clause on leaving, so the notice of its beginning is enough to leave."
    )
    return [f"What lifts it: {rule(agreement.lift, agreement.schedule)} {leave}"]


def _adjudicator(agreement: Agreement) -> str:
    found = agreement.adjudicator
    panel = (
        "No panel is named, so determinations are not in any log."
        if not found.panel
        else f"The panel is {listing(found.panel)}; {found.quorum} of them decide."
    )
    appeal = (
        "There is no appeal."
        if found.appeal_periods == 0
        else f"Its appeal within {periods(found.appeal_periods, agreement.schedule)} suspends a "
        "breach."
    )
    return (
        f'"{found.words}" {panel} The accused first has {span(found.clarification_s)} to answer. '
        f"{appeal} {_alone(agreement)}"
    )


def _law(agreement: Agreement) -> str:
    basis = agreement.legal_basis
    said = f'Its law: "{basis.words}"' if basis.words else "No law is named."
    kind = (
        "It is voluntary, so competition law asks what the parties tell each other."
        if basis.voluntary
        else "It is not called voluntary."
    )
    exchange = (
        f'Of exchange of information it says: "{basis.exchange_of_information}"'
        if basis.exchange_of_information
        else "Of exchange of information between the parties it says nothing."
    )
    return f"{said} {kind} {exchange}"


def _uncovered(agreement: Agreement) -> list[str]:
    kinds = {clause.KIND for clause in agreement.clauses}
    absent = [words for kind, words in _ABSENT.items() if kind not in kinds]
    said = [f"It is silent on {listing(absent)}."] if absent else []
    watched = agreement.annex.power is not None or ClauseKind.VERIFICATION_ACCESS in kinds
    fleet = (
        "Meters and inspections look for undeclared accelerators, but can never show that there "
        "are none."
        if watched
        else "Nothing in it looks for undeclared accelerators."
    )
    last = f"{fleet} A signature shows who said it, not that it is true."
    return [" ".join([*said, last])]
