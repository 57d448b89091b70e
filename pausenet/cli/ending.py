"""How every run ends: Finding, Why, Not shown, Detected, then where everything lies.

The words are fixed (experience.md 2): "no breach found in what was declared", "proven by its own
signatures", "not checked"; never that a lab complies.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from pausenet.cli.cost_words import cost_sentences
from pausenet.cli.outcome import LabOutcome, Outcome
from pausenet.cli.output import Screen
from pausenet.cli.program import command
from pausenet.protocol.blocs import bloc_powers
from pausenet.report.page import REPORT
from pausenet.report.theme import State
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import CheatKind, CheatPlan, Scenario
from pausenet.simulator.record import Sighting
from pausenet.statements.canonical import Json
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Claim, FaultClass, Finding, Grade, Status, Support
from pausenet.values import Quorum, Role

NOT_COUNTED: Final = (
    "Detection is against the evasions modelled here, with parameters searched by our evader; "
    "evasions nobody has thought of are not counted."
)
PHRASES: Final = {
    Status.NO_BREACH_FOUND: "no breach found in what was declared",
    Status.DISCREPANCY: "discrepancy, to be explained; no breach is proven by it",
    Status.BREACH_PROVEN: "breach, proven by its own signatures",
    Status.NOT_DEMONSTRATED: "not demonstrated",
    Status.NOT_IN_FORCE: "agreement not in force",
}
_CLAUSES: Final = {
    Status.NO_BREACH_FOUND: "for {labs} there is no breach found in what was declared",
    Status.DISCREPANCY: "a discrepancy is for {labs} to explain, and proves no breach",
    Status.BREACH_PROVEN: "a breach by {labs} is proven by its own signatures",
    Status.NOT_DEMONSTRATED: "what {labs} did is not demonstrated",
    Status.NOT_IN_FORCE: "the agreement is not in force for {labs}",
}
STATES: Final = {
    Status.NO_BREACH_FOUND: State.KEEPING,
    Status.DISCREPANCY: State.UNRESOLVED,
    Status.BREACH_PROVEN: State.PROVEN,
    Status.NOT_DEMONSTRATED: State.NOT_CHECKED,
    Status.NOT_IN_FORCE: State.NOT_CHECKED,
}
"""How each status is shown: its mark, shape and colour."""
_CALLED: Final = "called in breach by verifiers, who show no proof of it"
_CALLED_CLAUSE: Final = "verifiers call {labs} in breach, and show no proof of it"
CHARTS: Final = "charts"
"""The directory of a run's pictures."""
_FILES: Final = (
    *("scenario.yaml", "run.json", "results.csv", "results.parquet", "costs.csv", "transcript.txt"),
    "evidence/",
)
_ORDER: Final = (
    Status.BREACH_PROVEN,
    Status.DISCREPANCY,
    Status.NOT_DEMONSTRATED,
    Status.NOT_IN_FORCE,
    Status.NO_BREACH_FOUND,
)
"""The order in which the finding names them: what matters most comes first."""


def print_ending(
    screen: Screen, scenario: Scenario, outcome: Outcome, *, run: Path, repeat: str
) -> None:
    """Print the ending of a run."""
    for lab in outcome.labs:
        screen.line(f"  {state_of(lab).look.mark} {lab.lab:<26} {phrase_of(lab)}")
    for name, text in run_sentences(scenario, outcome):
        screen.heading(name, text)
    screen.heading("Network id", outcome.network.hex())
    print_places(screen, run, _FILES)
    for bundle in outcome.evidence:
        withdrawn = ", withdrawn" * (bundle.digest in outcome.answered)
        kind = f"{bundle.fault} {bundle.fault.fault_class}{withdrawn}"
        screen.heading("Evidence", f"{kind} {bundle.path}")
    screen.heading("Repeat", repeat)
    screen.heading("Next", next_command(outcome, run))


def run_sentences(scenario: Scenario, outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """What every run says, on the screen and in its report, in this order."""
    return (
        ("Finding", finding_sentence(outcome)),
        ("Why", why_sentence(outcome)),
        ("Not shown", not_shown_sentence(scenario, outcome)),
        ("Detected", detected_sentence(scenario, outcome)),
        *(("Cost", text) for text in cost_sentences(scenario, {})),
    )


def print_places(screen: Screen, run: Path, files: tuple[str, ...]) -> None:
    """Print where the report, the pictures and the data of a run lie."""
    screen.heading("Report", str(run / REPORT))
    pictures = sorted((run / CHARTS).glob("*.svg"))
    screen.heading("Charts", ", ".join(str(each) for each in pictures) + " (and as .png)")
    screen.heading("Data", f"{run} ({', '.join(files)})")


def places(run: Path) -> dict[str, Json]:
    """The same for `--format json`."""
    pictures = sorted((run / CHARTS).iterdir())
    return {"report": str(run / REPORT), "charts": [str(each) for each in pictures]}


def finding_sentence(outcome: Outcome) -> str:
    """The findings in one plain sentence, and in another what the cases have come to.

    >>> from pausenet.values import NetworkId
    >>> none = Outcome(network=NetworkId(bytes(32)), labs=(), bundles=(), verifiers=(), seed=1,
    ...     sightings=())
    >>> finding_sentence(none)
    'Nothing was checked.'
    """
    told = status_sentence(outcome)
    return f"{told} {_sentence([*outcome.decided])}" if outcome.decided else told


def status_sentence(outcome: Outcome) -> str:
    """Every lab's status in one sentence, what matters most first."""

    def kind(lab: LabOutcome) -> tuple[int, bool]:
        return _ORDER.index(lab.status), called_only(lab)

    labs = sorted(outcome.labs, key=lambda lab: (kind(lab), lab.lab))
    parts = []
    for (place, only_called), group in groupby(labs, key=kind):
        names = [str(lab.lab) for lab in group]
        text = _CALLED_CLAUSE if only_called else _CLAUSES[_ORDER[place]]
        clause = text.format(labs=_listed(names))
        parts.append(clause if len(names) == 1 else clause.replace(" its own ", " their own "))
    return _sentence(parts or ["nothing was checked"])


def state_of(lab: LabOutcome) -> State:
    """How a lab's status is shown."""
    return State.UNRESOLVED if called_only(lab) else STATES[lab.status]


def phrase_of(lab: LabOutcome) -> str:
    """A lab's status in the words that are fixed for it."""
    return _CALLED if called_only(lab) else PHRASES[lab.status]


def called_only(lab: LabOutcome) -> bool:
    """Whether verifiers say that it is in breach and hold no proof: more than f of them lie."""
    proven = any(finding.grade is Grade.CONFIRMED for finding in lab.standing)
    return lab.status is Status.BREACH_PROVEN and not proven


def why_sentence(outcome: Outcome) -> str:
    """What each finding rests on; of a lab without a network appraisal, that it has none."""
    parts = [_ground(finding) for finding in outcome.findings]
    bare = [str(lab.lab) for lab in outcome.labs if _unexplained(lab)]
    if bare:
        parts.append(f"{_listed(bare)}: not checked, no quorum of verifiers appraised it alike")
    gone = [f"{accused} {fault}" for accused, fault in outcome.withdrawn()]
    if gone:
        parts.append(f"found once, answered and withdrawn: {', '.join(gone)}")
    if not parts:
        parts = [
            "every statement due was there on time, in one log for all verifiers, within the caps "
            "and in balance with the power meters"
        ]
    if outcome.open_items:
        first, *more = outcome.open_items
        others = f" (and {len(more)} more)" if more else ""
        parts.append(f"open in the chip account, a question and no fault: {first}{others}")
    return "; ".join(parts) + "."


def not_shown_sentence(scenario: Scenario, outcome: Outcome) -> str:
    """What signatures and statistics do not establish."""
    open_labs = [str(lab.lab) for lab in outcome.labs if _fleet_open(lab)]
    parts = ["Signatures show who said what and when, not that it is true."]
    if open_labs:
        parts.append(
            f"Fleet completeness of {', '.join(open_labs)}: no conclusion; accelerators nobody "
            "declared and no meter reads are not checked."
        )
    if any(finding.fault.fault_class is FaultClass.WARRANT for finding in outcome.findings):
        parts.append("A warrant asks for an answer and proves no breach.")
    blocs = [plan.bloc for plan in scenario.verifiers]
    for power in bloc_powers(Quorum(n=len(blocs)), blocs):
        parts.append(f"Verifiers: {power.text}.")
    if outcome.live and scenario.speed != 1:
        parts.append(f"Network time ran at {scenario.speed} times real time.")
    parts.append(NOT_COUNTED)
    return " ".join(parts)


def detected_sentence(scenario: Scenario, outcome: Outcome) -> str:
    """Each cheat with its delay, and the false alarms against labs that follow the rules."""
    cheats = [cheat for cheat in scenario.cheats if cheat.kind.role is Role.LAB and cheat.real]
    parts = [_detection(cheat, outcome) for cheat in cheats]
    if not parts:
        where = "in what it attests in this scenario" if outcome.open_items else "in this scenario"
        parts = [f"no lab cheats {where}"]
    cheaters = {cheat.by for cheat in cheats}
    others = [lab for lab in outcome.labs if lab.lab not in cheaters]
    accused = [lab for lab in others if any(not f.against_a_revoked_key for f in lab.standing)]
    parts.append(
        f"findings against labs that follow the rules in this simulation: "
        f"{len(accused)} of {len(others)} labs"
    )
    if outcome.leads:
        leads = ", ".join(f"{about} by {channel}" for about, channel in outcome.leads)
        parts.append(f"leads from outside the protocol, which prove nothing: {leads}")
    cleared = [name for name, _ in outcome.withdrawn() if name not in cheaters]
    if cleared:
        parts.append(f"withdrawn once answered: {', '.join(sorted(set(cleared)))}")
    return "; ".join(parts) + "."


def next_command(outcome: Outcome, run: Path) -> str:
    """The command that a stranger would run now: never on a warrant that has been answered.

    With nothing but such warrants, or nothing at all, it is an account of this run: of its cases,
    where it has any, and else of who learned what.
    """
    for bundle in outcome.evidence:
        if bundle.digest not in outcome.answered:
            return command("verify", bundle.path, "--network-id", outcome.network.hex())
    if outcome.open_items:
        return command("stock", run)
    return command("cases" if outcome.life.moves else "ledger", run)


def _ground(finding: Finding) -> str:
    periods = [str(index) for index in finding.periods]
    noun = "period" if len(periods) == 1 else "periods"
    where = f" ({noun} {_listed(periods)})" if periods else ""
    kind = f"{finding.fault}, {finding.fault.fault_class}, {finding.grade}"
    what = finding.claim if finding.against_a_revoked_key else finding.fault.meaning
    return f"{finding.accused}: {what}{where} [{kind}]"


def _unexplained(lab: LabOutcome) -> bool:
    return lab.status is Status.NOT_DEMONSTRATED and lab.period is None


def _fleet_open(lab: LabOutcome) -> bool:
    return (Claim.FLEET, Support.NO_CONCLUSION) in lab.claims


def cheat_text(cheat: CheatPlan) -> str:
    """A cheat in a few words: who, how, how much and from when."""
    return f"{cheat.by} ({kind_text(cheat)} from period {cheat.start})"


def kind_text(cheat: CheatPlan) -> str:
    """What kind of cheat it is, and how much of it."""
    has_amount = not replace(cheat, amount_ppm=0).real
    share = f" of {ppm_text(cheat.amount_ppm)}" if has_amount else ""
    return f"{cheat.kind}{share}"


def ppm_text(ppm: int) -> str:
    """A share in per cent; of an interval both ends, and no word.

    >>> from pausenet.scenario.intervals import Spread
    >>> ppm_text(25_000), ppm_text(Spread(50_000, 200_000))
    ('2.5 %', '5 % to 20 %')
    """
    ends = (ppm.low, ppm.high) if isinstance(ppm, Spread) else (ppm,)
    return " to ".join(f"{each * 100 / PPM:g} %" for each in ends)


def _detection(cheat: CheatPlan, outcome: Outcome) -> str:
    what = cheat_text(cheat)
    seen = [item for item in outcome.sightings if item.accused == cheat.by]
    if seen and _is_over_before(cheat, outcome):
        return f"{what}: no finding is of these periods"
    if seen:
        first: Sighting = min(seen, key=lambda item: item.period)
        late = _late(first.period - cheat.start)
        return f"{what}: {first.fault} in the cut of period {first.period}, {late}"
    found = any(finding.accused == cheat.by for finding in outcome.findings)
    if not found and cheat.kind is CheatKind.OLD_PACE and _is_within(cheat, outcome):
        return f"{what}: no limit in force was broken"
    return f"{what}: {'found' if found else 'not found'}"


def _is_within(cheat: CheatPlan, outcome: Outcome) -> bool:
    """Whether what its author signed, which is true of this kind, is within every limit."""
    return (cheat.by, Status.NO_BREACH_FOUND) in ((lab.lab, lab.status) for lab in outcome.labs)


def _is_over_before(cheat: CheatPlan, outcome: Outcome) -> bool:
    """Whether every finding against its author is of periods after the last of this cheat."""
    found = [finding for finding in outcome.findings if finding.accused == cheat.by]
    until = cheat.until
    return until is not None and all(
        finding.periods and min(finding.periods) >= until for finding in found
    )


def _late(periods: int) -> str:
    """The delay in words; a cut is taken well after its period, so it may be an earlier one's."""
    if periods < 0:
        return "taken when the cheat had begun"
    if periods == 0:
        return "the same period"
    return f"{periods} period{'' if periods == 1 else 's'} after"


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
