"""The clauses of a pause agreement: what each binds, and what would show that it is broken.

Every clause names prover, verifier, what is declared, the rule for what is not, access,
confidentiality, response and a falsifying observation (protocol.md 6.1); one without is
refused. The ids are those of the clause catalogue (domain.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import ClassVar, Final, Self, TypeAlias

from pausenet.errors import MalformedStatement
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Pflop, WattHours

PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """The eight things every clause says about itself, each in words."""

    prover: str
    verifier: str
    declared: str
    undeclared: str
    access: str
    confidentiality: str
    response: str
    falsified_by: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {field.name: getattr(self, field.name) for field in dataclass_fields(self)}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form; refuse an empty text."""
        found = cls(**{field.name: fields.text(field.name) for field in dataclass_fields(cls)})
        for field in dataclass_fields(cls):
            require(getattr(found, field.name) != "", f"clause.{field.name}: empty")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCap:
    """C05: the cumulative operations of one training run stay at or below `limit_pflop`."""

    KIND: ClassVar[str] = "per-run-training-cap"

    limit_pflop: Pflop
    anatomy: Anatomy

    def terms(self) -> dict[str, Json]:
        """The clause's own members."""
        return {"limit_pflop": self.limit_pflop}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            limit_pflop=fields.value("limit_pflop", Pflop),
            anatomy=Anatomy.read(fields.inner("anatomy")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCap:
    """C01: a lab's operations in one period, over the classes counted, stay within the limit."""

    KIND: ClassVar[str] = "lab-total-cap"

    limit_pflop: Pflop
    classes: tuple[WorkloadClass, ...]
    anatomy: Anatomy

    def terms(self) -> dict[str, Json]:
        """The clause's own members."""
        return {
            "limit_pflop": self.limit_pflop,
            "classes": [str(name) for name in self.classes],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            limit_pflop=fields.value("limit_pflop", Pflop),
            classes=fields.words("classes", WorkloadClass, low=1, high=len(WorkloadClass)),
            anatomy=Anatomy.read(fields.inner("anatomy")),
        )
        strictly_sorted(tuple(str(name) for name in found.classes), "classes")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerChannel:
    """C22: a power meter of its own independence group reads every party's energy each period.

    `random_ppm` is the relative standard deviation of one reading, `systematic_ppm` that of the
    calibration; `strategic_wh` is the energy of one strategic quantity, for which the power of
    the test is stated.
    """

    KIND: ClassVar[str] = "required-power-channel"

    random_ppm: int
    systematic_ppm: int
    strategic_wh: WattHours
    anatomy: Anatomy

    def terms(self) -> dict[str, Json]:
        """The clause's own members."""
        return {
            "random_ppm": self.random_ppm,
            "systematic_ppm": self.systematic_ppm,
            "strategic_wh": self.strategic_wh,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            random_ppm=fields.integer("random_ppm", 0, PPM),
            systematic_ppm=fields.integer("systematic_ppm", 0, PPM),
            strategic_wh=fields.value("strategic_wh", WattHours),
            anatomy=Anatomy.read(fields.inner("anatomy")),
        )
        require(found.random_ppm + found.systematic_ppm > 0, "power channel: no error stated")
        return found


Clause: TypeAlias = RunCap | TotalCap | PowerChannel

_KINDS: Final[dict[str, type[RunCap] | type[TotalCap] | type[PowerChannel]]] = {
    kind.KIND: kind for kind in (RunCap, TotalCap, PowerChannel)
}


def clause_to_json(clause: Clause) -> Json:
    """The canonical form of any clause."""
    return {"clause": clause.KIND, **clause.terms(), "anatomy": clause.anatomy.to_json()}


def read_clause(value: Json, path: str) -> Clause:
    """Read any clause of the closed union; raise `MalformedStatement` for another kind."""
    fields = Fields(value, path)
    kind = fields.text("clause", 64)
    if kind not in _KINDS:
        raise MalformedStatement(f"{path}.clause: unknown kind {kind!r}")
    found: Clause = _KINDS[kind].read(fields)
    fields.done()
    return found
