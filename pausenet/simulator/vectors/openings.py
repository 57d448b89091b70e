"""Cases of openings: records of a usage ledger, tied to the totals of their statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.evidence import Leaf, material_to_json
from pausenet.protocol.ledger import UsageLedger, build_ledger
from pausenet.protocol.messages import UsageSample
from pausenet.simulator.fleet import samples
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Value, payload_of, written
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import AURORA, RUNS
from pausenet.statements import codec
from pausenet.statements.codec import Statement
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, Seq, TreeSize

Leaves = list[bytes]
_PERIOD = 4


def opening_cases() -> list[Case]:
    """True openings of one period's ledger, and ledgers with one thing wrong."""
    run = run_of("honest")
    ledger = _ledger()
    statement = _statement(ledger)
    area = Area("opening", CaseKind.OPENING, payload=b64(codec.encode(statement)))
    last = len(ledger.leaves) - 1

    def asked(place: int) -> list[int]:
        return sorted({place, last, max(0, place - 1), min(last, place + 1)})

    for name, place in (("first", 0), ("in-the-middle", 5), ("last", last)):
        area.accept(name, "openings 2.1", place=place, leaves=_opened(ledger.leaves, asked(place)))

    def refuse(name: str, rule: str, places: Sequence[int], place: int = 5) -> None:
        area.refuse(name, rule, place=place, leaves=_opened(ledger.leaves, places))

    refuse("leaf-before-missing", "openings 2.1", [5, 6, last])
    refuse("leaf-after-missing", "openings 2.1", [4, 5, last])
    refuse("last-missing", "openings 2.1", [4, 5, 6])
    refuse("leaf-too-many", "openings 2.1", [3, 4, 5, 6, last])
    refuse("leaves-out-of-order", "openings 2.1", [5, 4, 6, last])
    refuse("place-past-the-end", "openings 2.1", [last], place=last + 1)
    swapped = _opened(ledger.leaves, asked(5))
    swapped[1]["data"], swapped[2]["data"] = swapped[2]["data"], swapped[1]["data"]
    area.refuse("leaves-swapped", "openings 2.2", place=5, leaves=swapped)
    bent = _opened(ledger.leaves, asked(5))
    bent[0]["proof"] = bent[1]["proof"]
    area.refuse("proof-of-the-neighbour", "openings 2.2", place=5, leaves=bent)
    reading = codec.decode(payload_of(run.logs[run.register.origin_of(AURORA)][0]))
    area.refuse(
        "of-no-usage-statement",
        "openings 2.1",
        payload=b64(codec.encode(reading)),
        place=5,
        leaves=_opened(ledger.leaves, asked(5)),
    )
    for name, rule, change in _WRONG:
        leaves = list(ledger.leaves)
        change(leaves)
        false = _statement(UsageLedger(leaves=tuple(leaves), root=_root(leaves)))
        end = len(leaves) - 1
        places = sorted({4, 5, 6, end})
        area.refuse(
            name,
            rule,
            payload=b64(codec.encode(false)),
            place=5,
            leaves=_opened(leaves, places),
        )
    return area.cases


def _ledger() -> UsageLedger:
    sample = samples(RUNS["honest"], RUNS["honest"].seed).of(AURORA)[_PERIOD]
    assert isinstance(sample, UsageSample), "a lab's"
    return build_ledger(run_of("honest").register.network_id, AURORA, sample)


def _statement(ledger: UsageLedger) -> Statement:
    """The lab's usage statement of the period, over this ledger."""
    for entry in run_of("honest").entries(AURORA):
        statement = codec.decode(payload_of(entry))
        body, period = statement.body, statement.period
        if isinstance(body, ComputeUsage) and period is not None and period.index == _PERIOD:
            return replace(
                statement,
                subject=replace(statement.subject, digest=ledger.root),
                body=replace(body, leaves=len(ledger.leaves)),
            )
    raise AssertionError("a lab attests every period")


def _root(leaves: Leaves) -> Digest:
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    return tree.root(tree.size)


def _opened(leaves: Sequence[bytes], places: Sequence[int]) -> list[Value]:
    tree, opened = Tree(leaf_hash(leaf) for leaf in leaves), []
    for place in places:
        proof = tree.inclusion(Seq(place), TreeSize(len(leaves)))
        item = material_to_json(Leaf(index=Seq(place), entry=leaves[place], proof=proof))
        assert isinstance(item, dict), "a leaf is an object"
        opened.append(item)
    return opened


def _edit(place: int, change: Callable[[Value], object]) -> Callable[[Leaves], None]:
    def edit(leaves: Leaves) -> None:
        value: Value = json.loads(leaves[place])
        change(value)
        leaves[place] = written(value)

    return edit


def _spaced(leaves: Leaves) -> None:
    leaves[5] = leaves[5].replace(b",", b", ", 1)


def _dropped(leaves: Leaves) -> None:
    del leaves[4]


def _doubled(leaves: Leaves) -> None:
    leaves.insert(5, leaves[5])


def _moved(leaves: Leaves) -> None:
    leaves[4], leaves[5] = leaves[5], leaves[4]


def _more(value: Value) -> None:
    value["used_pflop"] += 1


def _sum_more(value: Value) -> None:
    value["sums"]["pre-training"]["used_pflop"] += 1


_WRONG: tuple[tuple[str, str, Callable[[Leaves], None]], ...] = (
    ("member-added", "openings 1.1", _edit(5, lambda value: value.update(more=1))),
    ("salt-short", "openings 1.1", _edit(5, lambda value: value.update(salt="ab"))),
    ("class-unknown", "openings 1.1", _edit(5, lambda value: value.update({"class": "another"}))),
    ("ends-at-its-start", "openings 1.1", _edit(5, lambda value: value.update(end=value["start"]))),
    ("space-added", "openings 1.1", _spaced),
    ("of-another-network", "openings 2.3", _edit(5, lambda value: value.update(network="ab" * 32))),
    ("of-another-lab", "openings 2.3", _edit(5, lambda value: value.update(lab="birch"))),
    ("of-another-period", "openings 2.3", _edit(5, lambda value: value.update(period=_PERIOD + 1))),
    ("of-another-index", "openings 2.3", _edit(5, lambda value: value.update(index=6))),
    ("job-lowered", "openings 2.4", _edit(5, _more)),
    ("sum-raised", "openings 2.4", _edit(5, _sum_more)),
    ("last-sum-raised", "openings 2.5", _edit(-1, _sum_more)),
    ("site-out-of-order", "openings 2.4", _edit(5, lambda value: value.update(site="a"))),
    ("job-left-out", "openings 2.3", _dropped),
    ("job-twice", "openings 2.3", _doubled),
    ("job-moved", "openings 2.3", _moved),
)
