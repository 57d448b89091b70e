"""The bodies of what people decide to say: docs/spec/statements.md, section 5."""

from __future__ import annotations

from typing import Any

from tests.reference.second.shapes import (
    HEX64,
    HEX64_OR_NONE,
    ID,
    NAME,
    WHOLE,
    Shape,
    integer,
    one_of,
    record,
    several,
    text,
    truth,
    word,
)
from tests.reference.second.spelling import WHOLE_MAX, must

OF_ALL = ("trigger-met", "lift-met")
OF_A_PARTY = (
    *("non-compliant", "no-breach", "excuse-accepted"),
    *("derogation-upheld", "derogation-refused", "restored"),
)


def determination(body: Any) -> None:
    record(
        {
            "agreement": HEX64,
            "outcome": one_of(*OF_A_PARTY, *OF_ALL),
            "party": word(f"|{NAME}"),
            "about": HEX64_OR_NONE,
            "reasons": text(least=1),
        }
    )(body)
    must((body["party"] == "") == (body["outcome"] in OF_ALL), "5.11 the party")


ACTS: dict[str, Shape] = {
    "withdrawal": record({"agreement": HEX64, "reason": text()}),
    "acceptance": record({"agreement": HEX64, "lab": ID, "accepts": truth}),
    "retraction": record({"agreement": HEX64, "reason": text(least=1)}),
    "proposal": record(
        {
            "agreement": HEX64,
            "clause": one_of("lab-total-cap", "per-run-training-cap"),
            "limit_pflop": WHOLE,
            "start": WHOLE,
        }
    ),
    "derogation": record(
        {"agreement": HEX64, "start": WHOLE, "periods": integer(1, 400), "grounds": text(least=1)}
    ),
    "assent": record({"agreement": HEX64, "lift": truth}),
    "excuse": record({"agreement": HEX64, "due": WHOLE, "reason": text(least=1)}),
    "appeal": record({"agreement": HEX64, "about": HEX64_OR_NONE, "grounds": text(least=1)}),
    "determination": determination,
    "recusal": record({"agreement": HEX64, "party": ID, "reasons": text()}),
    "objection": record({"agreement": HEX64, "party": ID, "run": ID, "reasons": text(least=1)}),
    "notification": record(
        {
            "what": one_of("move", "new-run", "power-up", "new-weights", "retirement"),
            "site": ID,
            "of": ID,
            "amount": integer(1, WHOLE_MAX),
            "period": WHOLE,
        }
    ),
    "transfer": record(
        {
            "counterparty": ID,
            "direction": one_of("shipped", "received"),
            "kind": ID,
            "count": integer(1, 100_000_000),
            "batch": HEX64,
            "period": integer(-1, WHOLE_MAX),
        }
    ),
    "capacity": record(
        {
            "lab": ID,
            "period": WHOLE,
            "site": ID,
            "accelerators": several(
                1, 64, record({"kind": ID, "count": integer(1, 100_000_000)}), by="kind"
            ),
        }
    ),
    "aggregate": record({"period": WHOLE, "labs": integer(3, 256), "used_pflop": WHOLE}),
}
