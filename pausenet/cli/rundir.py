"""A run's directory: made once, never written over, described by `run.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pausenet.cli.ending import CHARTS
from pausenet.cli.outcome import Outcome, StoredBundle
from pausenet.cli.pictures import draw_run
from pausenet.cli.reports import write_costs, write_report
from pausenet.errors import Misuse, NodeError
from pausenet.files.resolved import write_scenario
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, Table, Type, parameters, write_parquet
from pausenet.results.columns import RESULTS_CSV, RESULTS_PARQUET
from pausenet.results.described import JOURNAL, Kind, Maker, describe_run
from pausenet.scenario.plan import Scenario
from pausenet.statements.canonical import Json
from pausenet.statements.finding import Claim, Fault
from pausenet.values import Digest, ParticipantId

RUNS: Final = Path("pausenet-runs")
RESULT_COLUMNS: Final[Mapping[str, str]] = {
    "scenario": "the scenario's name",
    "seed": "the run's seed",
    "periods": "how many periods were run",
    "lab": "who the row is about",
    "accelerators": "its accelerators in H100-equivalents",
    "sites": "its sites",
    "utilisation_ppm": "its planned utilisation, in parts per million",
    "training_ppm": "the share of it that trains, in parts per million",
    "cheats": "its evasions; empty for one that keeps the rules",
    "status": "the network's status of it at the end",
    **{str(claim): f"the support for its claim of {claim}" for claim in Claim},
    "findings": "the faults found of it, withdrawn ones too",
}
"""The columns of a run's `results.csv`, and what each says."""
WHOLE_COLUMNS: Final = frozenset(
    {"seed", "periods", "accelerators", "sites", "utilisation_ppm", "training_ppm"}
)
_TRIES: Final = 10_000


def make_run_dir(scenario: Scenario, out: Path | None, *, suffix: str = "") -> Path:
    """Make the directory: `out`, or the first free `./pausenet-runs/<scenario>-<seed>[-N]`.

    `suffix` stands after the seed, for directories that hold more than one run.

    Raises `Misuse` where `out` holds anything already, `NodeError` where it cannot be made.
    """
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            if any(out.iterdir()):
                hint = "; --resume goes on with what was interrupted" if _begun(out) else ""
                raise Misuse(f"{out}: not empty; runs are never written over{hint}")
            return out.resolve()
        stem = f"{scenario.name}-{scenario.seed}{suffix}"
        for number in range(1, _TRIES):
            path = RUNS / (stem if number == 1 else f"{stem}-{number}")
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                continue
            return path.resolve()
    except OSError as error:
        raise NodeError(f"run directory: {error.strerror}: {error.filename}") from error
    raise NodeError(f"{RUNS}: no free name for {stem}")


def _begun(directory: Path) -> bool:
    return (directory / JOURNAL).exists()


def drop_if_empty(run: Path) -> None:
    """Take away a run's directory into which nothing was written."""
    if run.is_dir() and not any(run.iterdir()):
        run.rmdir()


def store_bundles(
    run: Path, bundles: Mapping[Digest, bytes], named: Mapping[Digest, tuple[Fault, ParticipantId]]
) -> tuple[StoredBundle, ...]:
    """Write evidence bundles as `evidence/<accused>-<fault>-<digest>.json`, and say where."""
    directory = run / "evidence"
    directory.mkdir(exist_ok=True)
    stored = []
    for digest, (fault, accused) in sorted(named.items(), key=lambda item: item[1]):
        path = directory / f"{accused}-{fault}-{digest.hex()[:16]}.json"
        path.write_bytes(bundles[digest])
        stored.append(StoredBundle(digest=digest, path=path, fault=fault, accused=accused))
    return tuple(stored)


def write_run(run: Path, scenario: Scenario, outcome: Outcome, transcript: str) -> None:
    """Write all that a run keeps beside its evidence; `run.json` last, with all digests."""
    (run / "scenario.yaml").write_text(write_scenario(scenario), encoding="utf-8")
    table = results_table(scenario, outcome)
    (run / RESULTS_CSV).write_text(table.csv(), encoding="utf-8", newline="")
    write_parquet(
        run / RESULTS_PARQUET, table, parameters(scenario), source_of(scenario), RESULT_COLUMNS
    )
    write_costs(run, scenario)
    (run / "transcript.txt").write_text(transcript, encoding="utf-8")
    pictures = draw_run(scenario, outcome)
    for picture in pictures:
        picture.write(run / CHARTS)
    write_report(run, scenario, outcome, table, pictures)
    made_by = Maker.PROCESSES if outcome.live else Maker.SIMULATOR
    more: dict[str, Json] = {
        "network_id": outcome.network.hex(),
        "outcome": kept_outcome(run, outcome),
    }
    describe_run(run, scenario, kind=Kind.RUN, made_by=made_by, more=more)


def kept_outcome(run: Path, outcome: Outcome) -> dict[str, Json]:
    """What `run.json` keeps of an outcome: as `--format json`, with paths within the run."""
    bundles = tuple(
        replace(bundle, path=bundle.path.relative_to(run)) for bundle in outcome.bundles
    )
    return replace(outcome, bundles=bundles).to_json(Path())


def results_table(scenario: Scenario, outcome: Outcome) -> Table:
    """One row a lab: its parameters, its status, its claims, its findings."""
    rows: list[dict[str, Cell]] = []
    for lab in outcome.labs:
        plan, claims = scenario.lab(lab.lab), dict(lab.claims)
        cheats = " ".join(str(cheat.kind) for cheat in scenario.cheats if cheat.by == lab.lab)
        findings = " ".join(sorted({str(finding.fault) for finding in lab.findings}))
        rows.append(
            {
                "scenario": scenario.name,
                "seed": outcome.seed,
                "periods": scenario.periods,
                "lab": str(lab.lab),
                "accelerators": plan.accelerators,
                "sites": plan.sites,
                "utilisation_ppm": plan.utilisation_ppm,
                "training_ppm": plan.training_ppm,
                "cheats": cheats,
                "status": str(lab.status),
                **{str(claim): str(claims[claim]) for claim in Claim},
                "findings": findings,
            }
        )
    types = {name: Type.WHOLE if name in WHOLE_COLUMNS else Type.TEXT for name in RESULT_COLUMNS}
    return Table(columns=types, rows=rows)
