"""Samples: what instruments say of one period, as JSON Lines, one period a line.

`lab --usage FILE|-` reads usage, `meter --readings FILE|-` reads readings:

    {"period":6,"party":"aurora","energy_wh":410250}

Numbers are whole, units end a field's name. The lines carry no salts: a node draws them when it
reads, and the simulator from its seed. Every mistake is a `MalformedFile` with its line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Final, NoReturn, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pausenet.errors import MalformedFile
from pausenet.files.scalars import Word
from pausenet.protocol.messages import Job, ReadingSample, UsageSample
from pausenet.statements.canonical import Json
from pausenet.statements.correction import REASON_MAX
from pausenet.statements.usage import (
    COUNT_MAX,
    RUNS_MAX,
    SITES_MAX,
    Accelerators,
    ClassUsage,
    Doer,
    SiteUsage,
    Stage,
    TrainingRun,
    WorkloadClass,
)
from pausenet.values import (
    INTEGER_MAX,
    AcceleratorSeconds,
    KeyId,
    NetworkTime,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Salt,
    WattHours,
)

LINE_CHARACTERS_MAX: Final = 1_000_000
JOBS_MAX: Final = 4_096


Whole: TypeAlias = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
WorkloadWord: TypeAlias = Annotated[WorkloadClass, Word(WorkloadClass)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AcceleratorsModel(_Strict):
    """A number of accelerators of one kind."""

    kind: Id
    count: Annotated[int, Field(ge=0, le=COUNT_MAX)]


class SiteModel(_Strict):
    """One site's accelerators and the energy they used; the affiliate that runs it, if one does."""

    site: Id
    accelerators: Annotated[list[AcceleratorsModel], Field(max_length=64)]
    energy_wh: Whole
    operator: Id | None = None


class ClassModel(_Strict):
    """Occupied accelerator-seconds and operations of one workload class."""

    occupied_s: Whole
    used_pflop: Whole


class RunModel(_Strict):
    """A training run above the reporting threshold; the total is over its whole life."""

    run: Id
    parents: Annotated[list[Id], Field(max_length=RUNS_MAX)] = []
    total_pflop: Whole
    stages: dict[Annotated[Stage, Word(Stage)], Annotated[Doer, Word(Doer)]]
    sign_offs: Annotated[
        list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=64)
    ] = []


class JobModel(_Strict):
    """One job: it becomes one salted record of the usage ledger."""

    site: Id
    workload: WorkloadWord
    start: Whole
    end: Whole
    occupied_s: Whole
    used_pflop: Whole
    run: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]{0,31})?$")] = ""


class PeriodLine(_Strict):
    """One line speaks of one period."""

    period: Whole

    @property
    def restates(self) -> bool:
        """Whether it speaks of a period that a line before has spoken of."""
        return False


class UsageLine(PeriodLine):
    """One period of one lab."""

    sites: Annotated[list[SiteModel], Field(max_length=SITES_MAX)]
    classes: dict[WorkloadWord, ClassModel]
    runs: Annotated[list[RunModel], Field(max_length=RUNS_MAX)] = []
    jobs: Annotated[list[JobModel], Field(max_length=JOBS_MAX)] = []
    reason: Annotated[str, Field(max_length=REASON_MAX)] = ""

    @property
    def restates(self) -> bool:
        """A line with a reason is a correction."""
        return self.reason != ""


class ReadingLine(PeriodLine):
    """One period of one meter: the energy it read at one party."""

    party: Id
    energy_wh: Whole


M = TypeVar("M", bound=PeriodLine)


def read_usage(
    lines: Iterable[str], *, name: str, salt: Callable[[], Salt]
) -> Iterator[UsageSample]:
    """Read a lab's samples as they come; `salt` gives a fresh salt for every job.

    Raises `MalformedFile` at the first line that is not one sample of a later period than the
    line before, or one with a reason that corrects such a line. Empty lines are passed over.
    """
    for number, line in _lines(lines, name, UsageLine):
        try:
            yield _usage(line, salt)
        except ValueError as error:
            raise MalformedFile(name, number, 1, str(error)) from error


def read_readings(lines: Iterable[str], *, name: str) -> Iterator[ReadingSample]:
    """Read a meter's samples as they come; raises `MalformedFile` as `read_usage` does."""
    for _, line in _lines(lines, name, ReadingLine):
        yield ReadingSample(
            period=PeriodIndex(line.period),
            party=ParticipantId(line.party),
            energy_wh=WattHours(line.energy_wh),
        )


def write_usage(sample: UsageSample) -> str:
    """The line of a usage sample, its newline included; the salts stay behind."""
    value = {
        "period": sample.period,
        "sites": _sites(sample),
        "classes": {str(name): usage.to_json() for name, usage in sample.classes},
        "runs": [_without_report(run) for run in sample.runs],
        "jobs": [
            {
                "site": job.site,
                "workload": str(job.workload),
                "start": job.start,
                "end": job.end,
                "occupied_s": job.occupied_s,
                "used_pflop": job.used_pflop,
                "run": job.run,
            }
            for job in sample.jobs
        ],
        **({"reason": sample.reason} if sample.reason else {}),
    }
    return json.dumps(value, separators=(",", ":")) + "\n"


def write_reading(sample: ReadingSample) -> str:
    """The line of a reading, its newline included."""
    value = {"period": sample.period, "party": sample.party, "energy_wh": sample.energy_wh}
    return json.dumps(value, separators=(",", ":")) + "\n"


def _lines(lines: Iterable[str], name: str, shape: type[M]) -> Iterator[tuple[int, M]]:
    last = -1
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        if len(text) > LINE_CHARACTERS_MAX:
            problem = f"expected at most {LINE_CHARACTERS_MAX} characters a line"
            raise MalformedFile(name, number, 1, problem)
        found = _line(text, name, number, shape)
        if found.restates and found.period > last:
            raise MalformedFile(name, number, 1, f"nothing to correct in period {found.period}")
        if found.period <= last and not found.restates:
            problem = f"expected a period after {last}, found {found.period}"
            raise MalformedFile(name, number, 1, problem)
        last = max(last, found.period)
        yield number, found


def _line(text: str, name: str, number: int, shape: type[M]) -> M:
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except json.JSONDecodeError as error:
        raise MalformedFile(name, number, error.colno, f"not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise MalformedFile(name, number, 1, str(error) or "not JSON") from error
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
        raise MalformedFile(name, number, 1, f"{where}: {problem}".lstrip(": ")) from error


def _sites(sample: UsageSample) -> list[Json]:
    """Each site with what it used, and with its operator where an affiliate runs it."""
    run_by, found = dict(sample.operators), list[Json]()
    for site in sample.sites:
        value = site.to_json()
        assert isinstance(value, dict), "a site is an object"
        operator = {"operator": str(run_by[site.site])} if site.site in run_by else {}
        found.append({**value, **operator})
    return found


def _without_report(run: TrainingRun) -> dict[str, Json]:
    """A run as people write it: where its report stands is found when the usage is signed."""
    value = run.to_json()
    assert isinstance(value, dict), "a run is an object"
    return {name: member for name, member in value.items() if name != "reported"}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"expected whole numbers, found {text:.40}")


def _usage(line: UsageLine, salt: Callable[[], Salt]) -> UsageSample:
    """The sample of a line; raises `ValueError` for one that says too little or too much."""
    if set(line.classes) != set(WorkloadClass):
        raise ValueError(f"classes: expected all of {', '.join(WorkloadClass)}")
    _sorted("sites", [site.site for site in line.sites])
    _sorted("runs", [run.run for run in line.runs])
    return UsageSample(
        period=PeriodIndex(line.period),
        sites=tuple(_site(site) for site in line.sites),
        classes=tuple((name, _class(line.classes[name])) for name in WorkloadClass),
        runs=tuple(_run(run) for run in line.runs),
        jobs=tuple(_job(job) for job in line.jobs),
        salts=tuple(salt() for _ in line.jobs),
        reason=line.reason,
        operators=tuple(
            (ParticipantId(site.site), ParticipantId(site.operator))
            for site in line.sites
            if site.operator is not None
        ),
    )


def _site(site: SiteModel) -> SiteUsage:
    _sorted("accelerators", [item.kind for item in site.accelerators])
    return SiteUsage(
        site=ParticipantId(site.site),
        accelerators=tuple(
            Accelerators(kind=ParticipantId(item.kind), count=item.count)
            for item in site.accelerators
        ),
        energy_wh=WattHours(site.energy_wh),
    )


def _class(usage: ClassModel) -> ClassUsage:
    return ClassUsage(
        occupied_s=AcceleratorSeconds(usage.occupied_s), used_pflop=Pflop(usage.used_pflop)
    )


def _run(run: RunModel) -> TrainingRun:
    if set(run.stages) != set(Stage):
        raise ValueError(f"runs.stages: expected all of {', '.join(Stage)}")
    _sorted("runs.parents", run.parents)
    return TrainingRun(
        run=ParticipantId(run.run),
        parents=tuple(ParticipantId(parent) for parent in run.parents),
        total_pflop=Pflop(run.total_pflop),
        stages=tuple((stage, run.stages[stage]) for stage in Stage),
        sign_offs=tuple(KeyId(key) for key in run.sign_offs),
    )


def _job(job: JobModel) -> Job:
    if not job.start < job.end:
        raise ValueError(f"jobs: expected start < end, found {job.start}")
    return Job(
        site=ParticipantId(job.site),
        workload=job.workload,
        start=NetworkTime(job.start),
        end=NetworkTime(job.end),
        occupied_s=AcceleratorSeconds(job.occupied_s),
        used_pflop=Pflop(job.used_pflop),
        run=job.run,
    )


def _sorted(what: str, names: list[str]) -> None:
    if any(before >= after for before, after in pairwise(names)):
        raise ValueError(f"{what}: expected sorted names, none twice")
