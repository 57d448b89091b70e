"""The checks of a run's directory: its files, its scenario, its logs, its evidence, its tables.

The digests of `run.json` show that nothing was changed since it was written. Whoever writes a new
`run.json` passes those; the other checks compute from what participants signed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pausenet import __version__
from pausenet.cli.cost_words import cost_table
from pausenet.cli.exits import ExitCode
from pausenet.cli.kernel_files import SUMMARY
from pausenet.cli.measured_again import (
    asked_of,
    kernel_responses,
    kernel_row_holds,
    measured_again,
)
from pausenet.cli.outcome import LabOutcome, Outcome, StoredBundle, agreed_among
from pausenet.cli.rundir import kept_outcome, results_table
from pausenet.cli.spoken import Spoken, read_run
from pausenet.errors import MalformedBundle, MalformedFile, PausenetError
from pausenet.files.resolved import scenario_digest
from pausenet.files.scenario import read_scenario
from pausenet.protocol.bundle import Outcome as Judged
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.evidence import decode_bundle
from pausenet.protocol.messages import BUNDLE_BYTES_MAX
from pausenet.report.tables import Table, metadata_of, same_as_csv
from pausenet.results.columns import (
    COSTS_CSV,
    DELAYS_CSV,
    KERNEL,
    REPLICATIONS,
    RESPONSES_CSV,
    RESULTS_CSV,
    RESULTS_PARQUET,
)
from pausenet.results.described import (
    JOURNAL,
    RUN_FILE,
    Described,
    Kind,
    Maker,
    has_digest,
    kept_files,
    read_description,
)
from pausenet.results.outcomes import replications
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Replication
from pausenet.simulator.outcome.replication import replication_seed
from pausenet.simulator.outside import CATALOGUE
from pausenet.statements.finding import Appraisal
from pausenet.values import PeriodIndex, Role

_NAMED_MAX = 3


class State(StrEnum):
    """How one check came out."""

    HOLDS = "ok"
    FAILED = "FAILED"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check: what was checked, in words, and how it came out."""

    text: str
    state: State


def check_run(run: Path) -> tuple[Checked, ...]:
    """Every check of a run's directory, in order.

    Raises `MalformedFile` for what is no finished run; an interrupted one is not checked.
    """
    if (run / JOURNAL).is_file() and not (run / RUN_FILE).exists():
        return (_left(f"{JOURNAL}: these runs were interrupted; --resume goes on with them"),)
    described = read_description(run)
    return (*_files(run, described), *_contents(run, described))


def exit_code(found: Iterable[Checked]) -> ExitCode:
    """1 where a check failed, 3 where one could not be made, else 0."""
    states = {each.state for each in found}
    if State.FAILED in states:
        return ExitCode.PROVEN
    return ExitCode.UNDECIDED if State.NOT_CHECKED in states else ExitCode.HOLDS


def _files(run: Path, described: Described) -> Iterator[Checked]:
    there, named = set(kept_files(run)), described.files
    gone = sorted(set(named) - there)
    changed = [
        name for name in sorted(there & set(named)) if not has_digest(run / name, named[name])
    ]
    if gone or changed:
        yield from (_failed(f"{name}: it is missing") for name in gone)
        yield from (_failed(f"{name}: changed since the run was made") for name in changed)
    else:
        yield _holds(f"{len(named)} files have the digests that {RUN_FILE} names")
    more = sorted(there - set(named))
    if more:
        yield _failed(f"files that {RUN_FILE} does not name: {_few(more)}")
    else:
        yield _holds("no other file stands in the directory")


def _contents(run: Path, described: Described) -> Iterator[Checked]:
    if described.version != __version__:
        yield _left(
            f"what the files hold: made by version {described.version}, this is {__version__}"
        )
        return
    try:
        scenario = read_scenario(run / "scenario.yaml", CATALOGUE)
    except (PausenetError, OSError) as error:
        yield _failed(f"scenario.yaml: {error}")
        return
    same = scenario_digest(scenario) == described.scenario_digest
    if not same or (scenario.seed, scenario.name) != (described.seed, described.scenario):
        yield _failed("scenario.yaml is not the scenario that run.json names by digest and seed")
        return
    yield _holds(f"scenario.yaml has the digest {described.scenario_digest.hex()[:16]}... and seed")
    yield _parquet(run, described)
    yield _follows(run / COSTS_CSV, cost_table(scenario), f"{COSTS_CSV} follows from the scenario")
    match described.kind:
        case Kind.RUN:
            yield from _of_one_run(run, described, scenario)
        case Kind.MEASUREMENT:
            yield from _of_many_runs(run, described, scenario)
            if (run / KERNEL).is_dir():
                yield from _of_kernels(run / KERNEL, scenario)
        case Kind.KERNEL:
            yield from _of_kernels(run, scenario)


def _parquet(run: Path, described: Described) -> Checked:
    """Whether the Parquet file holds the CSV's cells and names the same source."""
    try:
        same = same_as_csv(run / RESULTS_PARQUET, _text(run / RESULTS_CSV))
        made = metadata_of(run / RESULTS_PARQUET)
    except MalformedFile as error:
        return _failed(str(error))
    named = (described.scenario_digest.hex(), str(described.seed), described.version)
    same = same and (made.get("scenario_digest"), made.get("seed"), made.get("version")) == named
    text = f"{RESULTS_PARQUET} holds the cells of {RESULTS_CSV}, and the same source"
    return _holds(text) if same else _failed(f"not so: {text}")


# ------------------------------------------------------------------ one run


def _of_one_run(run: Path, described: Described, scenario: Scenario) -> Iterator[Checked]:
    try:
        spoken = read_run(run)
    except (PausenetError, OSError) as error:
        yield _failed(f"register and logs: {error}")
        return
    if spoken.register.network_id.hex() != described.whole.get("network_id"):
        yield _failed("the register is not that of the network id in run.json")
        return
    yield _holds(f"{len(spoken.logs)} logs are whole and under their own checkpoints' signatures")
    if spoken.missing:
        yield _left(f"logs that are not here: {_few([*spoken.missing])}")
    bundles, judged = _bundles(run, spoken)
    yield from judged
    labs = _labs(scenario, spoken)
    outcome = Outcome(
        network=spoken.register.network_id,
        labs=labs,
        bundles=bundles,
        verifiers=(),
        seed=scenario.seed,
        sightings=(),
    )
    told, kept = kept_outcome(run, outcome), described.whole.get("outcome")
    follow = isinstance(kept, dict) and kept.get("labs") == told["labs"]
    yield _followed(
        follow,
        "every lab's status and findings are what k verifiers' signed appraisals say",
        described,
    )
    written = _text(run / RESULTS_CSV)
    follow = written == results_table(scenario, outcome).csv()
    yield _followed(follow, "results.csv follows from the scenario and these appraisals", described)


def _bundles(run: Path, spoken: Spoken) -> tuple[tuple[StoredBundle, ...], tuple[Checked, ...]]:
    """The bundles of a run, and what judging each anew says."""
    stored, told = list[StoredBundle](), list[Checked]()
    for path in sorted((run / "evidence").glob("*")):
        name = path.relative_to(run).as_posix()
        with path.open("rb") as file:
            data = file.read(BUNDLE_BYTES_MAX + 1)
        try:
            bundle = decode_bundle(data)
        except MalformedBundle as error:
            told.append(_failed(f"{name}: {error}"))
            continue
        claim = bundle.accusation
        stored.append(
            StoredBundle(digest=bundle.digest, path=path, fault=claim.fault, accused=claim.accused)
        )
        judged = verify_bundle(data, spoken.register.network_id)
        if path.name != f"{claim.accused}-{claim.fault}-{bundle.digest.hex()[:16]}.json":
            told.append(_failed(f"{name}: holds a bundle of another name"))
        elif judged.outcome is Judged.NOT_RUN:
            told.append(_left(f"{name}: {judged.sentence}"))
        elif judged.outcome not in (Judged.PROVEN, Judged.REPRODUCED):
            told.append(_failed(f"{name}: {judged.sentence}"))
    if not told:
        told.append(_holds(f"{len(stored)} bundles of evidence show what they claim"))
    return tuple(stored), tuple(told)


def _labs(scenario: Scenario, spoken: Spoken) -> tuple[LabOutcome, ...]:
    """Each lab's outcome by what verifiers have signed in their own logs."""
    said = {
        each.id: [
            statement.body
            for statement in spoken.logs.get(each.id, ())
            if isinstance(statement.body, Appraisal)
        ]
        for each in spoken.register.with_role(Role.VERIFIER)
    }
    return agreed_among(
        said,
        labs=tuple(lab.name for lab in scenario.labs),
        k=spoken.register.quorum.k,
        last=PeriodIndex(scenario.periods - 1),
    )


def _followed(holds: bool, text: str, described: Described) -> Checked:
    """Of real processes the logs go on for a moment after the outcome was taken."""
    if holds:
        return _holds(text)
    if described.made_by is Maker.PROCESSES:
        return _left(f"not so, and logs of processes end later than what was watched: {text}")
    return _failed(f"not so: {text}")


# ------------------------------------------------------------------ many runs


def _of_many_runs(run: Path, described: Described, scenario: Scenario) -> Iterator[Checked]:
    try:
        runs = replications(run)
        yield _seeds(scenario, described, runs)
        tables, summary = measured_again(scenario, asked_of(described, scenario), runs)
        kept = json.loads(_text(run / SUMMARY))
    except (PausenetError, OSError, ValueError) as error:
        yield _failed(f"{REPLICATIONS}: {error}")
        return
    for name, table in tables.items():
        yield _follows(run / name, table, f"{name} follows from {REPLICATIONS}")
    text = f"{SUMMARY} says what follows from {REPLICATIONS}"
    yield _holds(text) if kept == summary else _failed(f"not so: {text}")


def _seeds(scenario: Scenario, described: Described, runs: Sequence[Replication]) -> Checked:
    """Whether every run is there once, in order, with the seed that follows from the scenario's."""
    text = f"{len(runs)} runs have the seeds that follow from the scenario's"
    holds = len(runs) == described.whole.get("replications") and all(
        (each.number, each.seed) == (number, replication_seed(scenario.seed, number))
        for number, each in enumerate(runs)
    )
    return _holds(text) if holds else _failed(f"not so: {text}")


def _of_kernels(directory: Path, scenario: Scenario) -> Iterator[Checked]:
    """Whether the kernels' tables say one thing; `pausenet rerun` reckons them again."""
    text = f"the kernels' {RESULTS_CSV} and {DELAYS_CSV} count the same, with intervals that follow"
    try:
        rows = list(csv.DictReader(_text(directory / RESULTS_CSV).splitlines()))
        steps = list(csv.DictReader(_text(directory / DELAYS_CSV).splitlines()))
        holds = {row["party"] for row in rows} == {str(lab.name) for lab in scenario.labs}
        holds = holds and all(kernel_row_holds(row, steps) for row in rows)
        after = kernel_responses(scenario, rows)
    except (PausenetError, ValueError, KeyError, TypeError, csv.Error) as error:
        yield _failed(f"the tables are not those of kernels: {error}")
        return
    yield _holds(text) if holds else _failed(f"not so: {text}")
    follows = f"the kernels' {RESPONSES_CSV} follows from {RESULTS_CSV} and the agreement"
    yield _follows(directory / RESPONSES_CSV, after, follows)


def _follows(path: Path, table: Table, text: str) -> Checked:
    """Whether a file is the CSV of this table."""
    try:
        same = _text(path) == table.csv()
    except MalformedFile as error:
        return _failed(str(error))
    return _holds(text) if same else _failed(f"not so: {text}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MalformedFile(str(path), 0, 0, "no such file") from None


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(str(each) for each in names[:_NAMED_MAX]) + (
        f" and {more} more" if more > 0 else ""
    )


def _holds(text: str) -> Checked:
    return Checked(text=text, state=State.HOLDS)


def _failed(text: str) -> Checked:
    return Checked(text=text, state=State.FAILED)


def _left(text: str) -> Checked:
    return Checked(text=text, state=State.NOT_CHECKED)
