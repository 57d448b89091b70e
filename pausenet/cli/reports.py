"""The report of one run: its words, pictures and tables, put on one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from pausenet.cli.cost_words import SHOWN, cost_table
from pausenet.cli.ending import phrase_of, run_sentences, state_of
from pausenet.cli.outcome import Outcome
from pausenet.cli.pictures import span_words
from pausenet.cli.program import NAME
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import REPORT, Page, Said, Standing, shown
from pausenet.report.source import Source, source_of
from pausenet.report.tables import Table
from pausenet.results.columns import COSTS_CSV, RESULTS_CSV
from pausenet.results.described import SEED_SCHEME, Maker, kept_files
from pausenet.scenario.plan import Scenario

_OF_THE_DATA = ("charts", "evidence")


def write_report(
    run: Path, scenario: Scenario, outcome: Outcome, table: Table, pictures: Sequence[Picture]
) -> None:
    """Write a run's `report.html`, when all files that it names are there."""
    source = source_of(scenario)
    maker = Maker.PROCESSES if outcome.live else Maker.SIMULATOR
    command = "demo --scenario" if outcome.live else "run"
    page = Page(
        scenario=scenario.name,
        question=scenario.question,
        kicker=f"pausenet: one run of {scenario.name}, seed {scenario.seed}",
        sentences=[
            Said(name=name, texts=[text]) for name, text in run_sentences(scenario, outcome)
        ],
        standings=[
            Standing(name=str(lab.lab), state=state_of(lab), words=phrase_of(lab))
            for lab in outcome.labs
        ],
        pictures=pictures,
        grids=[
            shown("Every lab of this run", table, RESULTS_CSV),
            shown("What verification and evading cost", cost_table(scenario), COSTS_CSV, SHOWN),
        ],
        facts=[
            *source_facts(source),
            ("made by", f"{maker}"),
            ("network id", outcome.network.hex()),
            ("length", f"{scenario.periods} periods of {span_words(scenario.period_s)}"),
            ("verifiers", ", ".join(str(name) for name in outcome.verifiers)),
        ],
        commands=commands(f"{NAME} {command} scenario.yaml", repeatable=not outcome.live),
        files=file_digests(run),
        scenario_text=write_scenario(scenario),
        source=source,
    )
    (run / REPORT).write_text(page.html(), encoding="utf-8")


def write_costs(run: Path, scenario: Scenario) -> None:
    """Write a scenario's bill as `costs.csv`."""
    (run / COSTS_CSV).write_text(cost_table(scenario).csv(), encoding="utf-8", newline="")


def source_facts(source: Source) -> list[tuple[str, str]]:
    """What made the result, line by line."""
    return [
        ("scenario", source.scenario),
        ("scenario digest", f"{source.scenario_digest.hex()} (SHA-256 of its canonical JSON)"),
        ("seed", f"{source.seed} (scheme {SEED_SCHEME})"),
        ("version", f"pausenet {source.version}"),
    ]


def commands(again: str, *, repeatable: bool) -> list[tuple[str, str]]:
    """The commands of a report, as they are typed beside it."""
    found = [("Check every digest", f"{NAME} check ."), ("Run it again", again)]
    if repeatable:
        found.insert(1, ("Make it again and compare", f"{NAME} rerun ."))
    return found


def file_digests(run: Path) -> list[tuple[str, str]]:
    """The files that a reader opens, each with its digest; the many files of logs are not."""
    return [
        (name, sha256((run / name).read_bytes()).hexdigest())
        for name in _read(kept_files(run))
        if name != REPORT
    ]


def _read(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        first, _, rest = name.partition("/")
        if not rest or first in _OF_THE_DATA:
            yield name
