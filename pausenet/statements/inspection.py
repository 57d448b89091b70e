"""Routine inspection in words: the chain's head, its pre-images, requests, openings, closures.

What each may say is docs/spec/inspection.md (protocol.md 7.4). Job records never stand in a log:
an opening names the leaves it shows by their hashes, and the records go to the inspector alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, strictly_sorted
from pausenet.statements.usage import COUNT_MAX, SITES_MAX
from pausenet.values import Digest, ParticipantId, PeriodIndex, StatementId, TreeSize

CHAIN_MAX: Final = 4_096
"""The most pre-images of one chain."""
LEAVES_DRAWN_MAX: Final = 8
"""The most leaves that one verifier draws from one ledger: their opening must fit an entry."""
LABS_MAX: Final = 64
OPENED_MAX: Final = 3 * LEAVES_DRAWN_MAX + 1
"""A drawn leaf is opened with its neighbours, and the last leaf always."""
PROOF_MAX: Final = 27
"""The longest proof in a ledger of so many leaves as a usage statement may count."""
RESULTS_MAX: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCommitment:
    """The head of a verifier's hash chain, before the first period; its log's first statement."""

    head: Digest
    length: int

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"head": self.head.hex(), "length": self.length}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(head=fields.digest("head"), length=fields.integer("length", 1, CHAIN_MAX))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReveal:
    """A period's pre-image, given away once k verifiers have endorsed the period's cut."""

    period: PeriodIndex
    cut: Digest
    image: Digest

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"period": self.period, "cut": self.cut.hex(), "image": self.image.hex()}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            period=fields.value("period", PeriodIndex),
            cut=fields.digest("cut"),
            image=fields.digest("image"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn of one lab: leaves of the ledger of one usage statement, and sites."""

    lab: ParticipantId
    usage: StatementId
    leaves: tuple[int, ...]
    sites: tuple[ParticipantId, ...]

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "lab": self.lab,
            "usage": self.usage.hex(),
            "leaves": list(self.leaves),
            "sites": list(self.sites),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            lab=fields.word("lab", ParticipantId),
            usage=fields.word("usage", StatementId.from_hex),
            leaves=fields.items("leaves", _leaf_index, high=LEAVES_DRAWN_MAX),
            sites=fields.words("sites", ParticipantId, high=SITES_MAX),
        )
        fields.done()
        strictly_sorted(found.leaves, f"{path}.leaves")
        strictly_sorted(tuple(str(site) for site in found.sites), f"{path}.sites")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRequest:
    """What a verifier asks for in a period: its own share of the quota, as its pre-image draws.

    It names the register by which it draws: how many draw, and whether its author does.
    """

    period: PeriodIndex
    register_size: TreeSize
    register_root: Digest
    draws: tuple[Drawn, ...]

    def of(self, lab: ParticipantId) -> Drawn | None:
        """What is drawn of this lab."""
        return next((drawn for drawn in self.draws if drawn.lab == lab), None)

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "period": self.period,
            "register_size": self.register_size,
            "register_root": self.register_root.hex(),
            "draws": [drawn.to_json() for drawn in self.draws],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            period=fields.value("period", PeriodIndex),
            register_size=fields.value("register_size", TreeSize),
            register_root=fields.digest("register_root"),
            draws=fields.items("draws", Drawn.read, high=LABS_MAX),
        )
        strictly_sorted(tuple(str(drawn.lab) for drawn in found.draws), "draws")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLeaf:
    """One opened leaf of a usage ledger, by its hash, with its inclusion proof."""

    index: int
    leaf: Digest
    proof: tuple[Digest, ...]

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "index": self.index,
            "leaf": self.leaf.hex(),
            "proof": [node.hex() for node in self.proof],
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            index=fields.integer("index", 0, COUNT_MAX),
            leaf=fields.digest("leaf"),
            proof=fields.words("proof", Digest.from_hex, high=PROOF_MAX),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A lab's answer to a request: which leaves it opens; their records travel off the log."""

    request: StatementId
    usage: StatementId
    leaves: tuple[OpenedLeaf, ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "request": self.request.hex(),
            "usage": self.usage.hex(),
            "leaves": [leaf.to_json() for leaf in self.leaves],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            request=fields.word("request", StatementId.from_hex),
            usage=fields.word("usage", StatementId.from_hex),
            leaves=fields.items("leaves", OpenedLeaf.read, low=1, high=OPENED_MAX),
        )
        strictly_sorted(tuple(leaf.index for leaf in found.leaves), "leaves")
        return found


class Result(StrEnum):
    """How an inspection ended, for the verifier that says so."""

    IN_ORDER = "in-order"
    CONTRADICTED = "contradicted"
    UNANSWERED = "unanswered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one inspection of one lab ended; `inspection` is the request's or challenge's digest."""

    inspection: Digest
    lab: ParticipantId
    result: Result

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "inspection": self.inspection.hex(),
            "lab": self.lab,
            "result": str(self.result),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            inspection=fields.digest("inspection"),
            lab=fields.word("lab", ParticipantId),
            result=fields.word("result", Result),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What has come of inspections whose clock has ended."""

    results: tuple[Ended, ...]

    def says(self, ended: Ended) -> bool:
        """Whether this closes an inspection so."""
        return ended in self.results

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"results": [ended.to_json() for ended in self.results]}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(results=fields.items("results", Ended.read, low=1, high=RESULTS_MAX))
        keys = tuple(f"{ended.inspection.hex()} {ended.lab}" for ended in found.results)
        strictly_sorted(keys, "results")
        return found


def _leaf_index(value: Json, path: str) -> int:
    return Fields({"index": value}, path).integer("index", 0, COUNT_MAX)
