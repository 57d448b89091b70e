"""One conformance case: bytes, the rule they are about, and what every verifier must say.

A case file is JSON: `case`, `area`, `rule`, `kind`, `inputs`, `expect`. Bytes stand in base64,
hashes and keys in lowercase hex. `rule` is a number of docs/spec, `statements 2.4` for item 4 of
section 2 of the page on statements. `inputs.run` names a file of `shared/` with the register and
logs of one network, which many cases share.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias, cast

from pausenet.statements.canonical import Json

Facts: TypeAlias = dict[str, Json]
"""What an expectation says: `verdict`, and what follows from the bytes where they are accepted."""


class CaseKind(StrEnum):
    """What a verifier is asked."""

    ENVELOPE = "decode-envelope"
    STATEMENT = "statement"
    CHAIN = "chain"
    REGISTER = "register"
    INCLUSION = "inclusion"
    CONSISTENCY = "consistency"
    CHECKPOINT = "checkpoint"
    COSIGNATURE = "cosignature"
    LIFECYCLE = "agreement-lifecycle"
    STAGES = "party-stages"
    FAULT = "fault"
    BUNDLE = "bundle"
    APPRAISAL = "appraisal"


class Verdict(StrEnum):
    """Whether what a case shows stands."""

    ACCEPT = "accept"
    REFUSE = "refuse"


REFUSED: Final[Facts] = {"verdict": str(Verdict.REFUSE)}
"""The whole expectation of most refusals: why a verifier refuses is its own affair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, named by its mutation; `verdict` is what its maker means to show."""

    area: str
    name: str
    rule: str
    kind: CaseKind
    inputs: Mapping[str, Json]
    verdict: Verdict

    @property
    def path(self) -> str:
        """The file's place under the directory of all cases."""
        return f"{self.area}/{self.name}.json"

    def file(self, expect: Facts) -> Facts:
        """What stands in the file."""
        return {
            "case": self.name,
            "area": self.area,
            "rule": self.rule,
            "kind": str(self.kind),
            "inputs": dict(self.inputs),
            "expect": expect,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """All cases with what is expected of each, and the files that they share, by name."""

    cases: tuple[tuple[Case, Facts], ...]
    shared: Mapping[str, Facts]


class Area:
    """Collects the cases of one area and kind; `common` are inputs that all of them share."""

    def __init__(self, area: str, kind: CaseKind, **common: object) -> None:
        self.area, self.kind, self.common = area, kind, common
        self.cases: list[Case] = []

    def accept(self, name: str, rule: str, **inputs: object) -> None:
        """A case whose bytes stand."""
        self._add(name, rule, inputs, Verdict.ACCEPT)

    def refuse(self, name: str, rule: str, **inputs: object) -> None:
        """A case whose bytes do not stand."""
        self._add(name, rule, inputs, Verdict.REFUSE)

    def _add(self, name: str, rule: str, inputs: Mapping[str, object], verdict: Verdict) -> None:
        self.cases.append(
            Case(
                area=self.area,
                name=name,
                rule=rule,
                kind=self.kind,
                inputs=cast("Facts", {**self.common, **inputs}),
                verdict=verdict,
            )
        )


def b64(data: bytes) -> str:
    """Bytes as a case file carries them."""
    return base64.b64encode(data).decode("ascii")


def texts(blobs: Sequence[bytes]) -> list[Json]:
    """Several of them."""
    return [b64(blob) for blob in blobs]
