"""Compute usage: what a lab says it used in one period (protocol.md 2.7).

The subject of the statement is the *usage ledger*, by its Merkle root: one salted leaf a job,
with running sums, so that a leaf and its neighbours tie the totals to records without showing
the other records.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.stage import Eased, read_eased
from pausenet.values import (
    INTEGER_MAX,
    AcceleratorSeconds,
    KeyId,
    ParticipantId,
    Pflop,
    WattHours,
)

COUNT_MAX: Final = 100_000_000
SITES_MAX: Final = 64
RUNS_MAX: Final = 64
UNREPORTED: Final = -1
"""In the place of a run's report: there is none."""


class WorkloadClass(StrEnum):
    """What accelerators were occupied with."""

    PRE_TRAINING = "pre-training"
    POST_TRAINING = "post-training"
    RESEARCH = "research"
    INFERENCE = "inference"
    IDLE = "idle"
    MAINTENANCE = "maintenance"


class Doer(StrEnum):
    """Who did a stage of the loop."""

    HUMAN = "human"
    JOINT = "joint"
    AI = "ai"


class Stage(StrEnum):
    """The three stages of the loop in which a system could build its successor."""

    CODE = "wrote-training-code"
    DESIGN = "chose-architecture-data-reward"
    RELEASE = "evaluated-and-decided-to-deploy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerators:
    """A number of accelerators of one kind."""

    kind: ParticipantId
    count: int

    def to_json(self) -> Json:
        """The canonical form."""
        return {"kind": self.kind, "count": self.count}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            kind=fields.word("kind", ParticipantId), count=fields.integer("count", 0, COUNT_MAX)
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteUsage:
    """One site's accelerators and the energy its accelerators used, in watt-hours."""

    site: ParticipantId
    accelerators: tuple[Accelerators, ...]
    energy_wh: WattHours

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "site": self.site,
            "accelerators": [item.to_json() for item in self.accelerators],
            "energy_wh": self.energy_wh,
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            site=fields.word("site", ParticipantId),
            accelerators=fields.items("accelerators", Accelerators.read, high=64),
            energy_wh=fields.value("energy_wh", WattHours),
        )
        fields.done()
        strictly_sorted(tuple(str(item.kind) for item in found.accelerators), path)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassUsage:
    """Occupied accelerator-seconds and operations of one workload class."""

    occupied_s: AcceleratorSeconds
    used_pflop: Pflop

    def to_json(self) -> Json:
        """The canonical form."""
        return {"occupied_s": self.occupied_s, "used_pflop": self.used_pflop}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            occupied_s=fields.value("occupied_s", AcceleratorSeconds),
            used_pflop=fields.value("used_pflop", Pflop),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """A training run above the reporting threshold.

    `total_pflop` is cumulative over the run's life; `parents` is its lineage. A sign-off proves
    a key, not attention. `reported` is the place in the lab's own log of the notification that
    announced the run (C11), or `UNREPORTED`.
    """

    run: ParticipantId
    parents: tuple[ParticipantId, ...]
    total_pflop: Pflop
    stages: tuple[tuple[Stage, Doer], ...]
    sign_offs: tuple[KeyId, ...]
    reported: int = UNREPORTED

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "run": self.run,
            "parents": list(self.parents),
            "total_pflop": self.total_pflop,
            "stages": {str(stage): str(doer) for stage, doer in self.stages},
            "sign_offs": list(self.sign_offs),
            "reported": self.reported,
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        stages = fields.inner("stages")
        found = cls(
            run=fields.word("run", ParticipantId),
            parents=fields.words("parents", ParticipantId, high=RUNS_MAX),
            total_pflop=fields.value("total_pflop", Pflop),
            stages=tuple((stage, stages.word(stage, Doer)) for stage in Stage),
            sign_offs=fields.words("sign_offs", KeyId, high=64),
            reported=fields.integer("reported", UNREPORTED, INTEGER_MAX),
        )
        stages.done()
        fields.done()
        strictly_sorted(tuple(str(parent) for parent in found.parents), f"{path}.parents")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeUsage:
    """The body of a usage statement: a lab attests every period, also when it used nothing.

    `eased` is what the lab takes clauses not to ask of it in the period, of those that a rule of
    their own starts or lifts (C17, C18).
    """

    leaves: int
    sites: tuple[SiteUsage, ...]
    classes: tuple[tuple[WorkloadClass, ClassUsage], ...]
    runs: tuple[TrainingRun, ...]
    eased: tuple[Eased, ...] = ()

    @property
    def used_pflop(self) -> Pflop:
        """The period's operations over all workload classes."""
        return Pflop(sum(usage.used_pflop for _, usage in self.classes))

    @property
    def energy_wh(self) -> WattHours:
        """The period's energy over all sites."""
        return WattHours(sum(site.energy_wh for site in self.sites))

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "leaves": self.leaves,
            "sites": [site.to_json() for site in self.sites],
            "classes": {str(name): usage.to_json() for name, usage in self.classes},
            "runs": [run.to_json() for run in self.runs],
            "eased": [each.to_json() for each in self.eased],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        classes = fields.inner("classes")
        found = cls(
            leaves=fields.integer("leaves", 0, COUNT_MAX),
            sites=fields.items("sites", SiteUsage.read, high=SITES_MAX),
            classes=tuple(
                (name, ClassUsage.read(classes.take(name), f"classes.{name}"))
                for name in WorkloadClass
            ),
            runs=fields.items("runs", TrainingRun.read, high=RUNS_MAX),
            eased=read_eased(fields, "eased"),
        )
        classes.done()
        strictly_sorted(tuple(str(site.site) for site in found.sites), "sites")
        strictly_sorted(tuple(str(run.run) for run in found.runs), "runs")
        total = sum(usage.used_pflop for _, usage in found.classes)
        energy = sum(site.energy_wh for site in found.sites)
        require(max(total, energy) < 2**53, "totals: larger than 2^53-1")
        return found
