"""A run's directory: made once, never written over, described by `run.json`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pausenet.cli.described import Kind, Maker, describe_run
from pausenet.cli.outcome import Outcome, StoredBundle
from pausenet.errors import Misuse, NodeError
from pausenet.files.resolved import write_scenario
from pausenet.scenario.plan import Scenario
from pausenet.statements.canonical import Json
from pausenet.statements.finding import Claim, Fault
from pausenet.values import Digest, ParticipantId

RUNS: Final = Path("pausenet-runs")
COLUMNS: Final = (
    "scenario",
    "seed",
    "periods",
    "lab",
    "accelerators",
    "sites",
    "utilisation_ppm",
    "training_ppm",
    "cheats",
    "status",
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
                raise Misuse(f"{out}: not empty; runs are never written over")
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
        stored.append(StoredBundle(digest=digest, path=path, fault=fault))
    return tuple(stored)


def write_run(run: Path, scenario: Scenario, outcome: Outcome, transcript: str) -> None:
    """Write all that a run keeps beside its evidence; `run.json` last, with all digests."""
    (run / "scenario.yaml").write_text(write_scenario(scenario), encoding="utf-8")
    (run / "results.csv").write_text(results_csv(scenario, outcome), encoding="utf-8", newline="")
    (run / "transcript.txt").write_text(transcript, encoding="utf-8")
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


def results_csv(scenario: Scenario, outcome: Outcome) -> str:
    """One row a lab: its parameters, its status, its claims, its findings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *(str(claim) for claim in Claim), "findings"])
    for lab in outcome.labs:
        plan, claims = scenario.lab(lab.lab), dict(lab.claims)
        cheats = " ".join(str(cheat.kind) for cheat in scenario.cheats if cheat.by == lab.lab)
        findings = " ".join(sorted({str(finding.fault) for finding in lab.findings}))
        writer.writerow(
            [
                scenario.name,
                outcome.seed,
                scenario.periods,
                lab.lab,
                plan.accelerators,
                plan.sites,
                plan.utilisation_ppm,
                plan.training_ppm,
                cheats,
                lab.status,
                *(claims[claim] for claim in Claim),
                findings,
            ]
        )
    return out.getvalue()
