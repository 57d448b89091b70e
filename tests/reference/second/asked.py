"""The bodies of inspections: docs/spec/statements.md, section 5."""

from __future__ import annotations

from typing import Any

from tests.reference.second.shapes import (
    COUNT,
    HEX64,
    ID,
    WHOLE,
    Shape,
    integer,
    one_of,
    record,
    several,
    text,
)
from tests.reference.second.spelling import must

CLAIMS = ("declared-run-correctness", "declared-run-completeness", "fleet-completeness")
RESULTS = ("in-order", "contradicted", "unanswered", "undelivered")


def closure(body: Any) -> None:
    ended = {"inspection": HEX64, "lab": ID, "result": one_of(*RESULTS)}
    record({"results": several(1, 256, record(ended), ordered=False)})(body)
    keys = [(item["inspection"], item["lab"]) for item in body["results"]]
    must(keys == sorted(set(keys)), "5.8 the results' order")


def report(body: Any) -> None:
    counts = dict.fromkeys(("found", "undeclared", "links"), COUNT)
    record(
        {
            "inspection": HEX64,
            "lab": ID,
            "place": text(200),
            "uids": HEX64,
            "energy_wh": WHOLE,
            **counts,
        }
    )(body)
    must(body["undeclared"] <= body["found"], "5.9 more undeclared than found")


_DRAWN = {
    "lab": ID,
    "usage": HEX64,
    "leaves": several(0, 8, COUNT),
    "sites": several(0, 64, ID),
}
_OPENED = {"index": COUNT, "leaf": HEX64, "proof": several(0, 27, HEX64, ordered=False)}
INSPECTIONS: dict[str, Shape] = {
    "sample-commitment": record({"head": HEX64, "length": integer(1, 4_096)}),
    "sample-reveal": record({"period": WHOLE, "cut": HEX64, "image": HEX64}),
    "inspection-request": record(
        {
            "period": WHOLE,
            "register_size": WHOLE,
            "register_root": HEX64,
            "draws": several(0, 64, record(_DRAWN), by="lab"),
        }
    ),
    "opening": record(
        {
            "request": HEX64,
            "usage": HEX64,
            "leaves": several(1, 25, record(_OPENED), by="index"),
        }
    ),
    "closure": closure,
    "challenge": record({"commitment": HEX64}),
    "challenge-notice": record(
        {
            "salt": HEX64,
            "lab": ID,
            "place": text(200, 1),
            "grounds": text(2_000, 1),
            "claim": one_of(*CLAIMS),
        }
    ),
    "challenge-vote": record({"challenge": HEX64}),
    "challenge-answer": record(
        {
            "challenge": HEX64,
            "answer": one_of("admit", "bargain", "refuse"),
            "managed": several(0, 32, text(200), ordered=False),
        }
    ),
    "inspection-report": report,
}
