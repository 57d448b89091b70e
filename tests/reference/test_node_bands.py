"""Node finds the same runs unreported, reported late and barred as Python, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pausenet.protocol.appraisal import appraise
from pausenet.values import Origin
from tests.protocol.banded import APPROVE, BIG, REPORT, SMALL, growing, objects, planned, story
from tests.reference.test_node_runs import agrees, reproduces
from tests.simulator.cuts import Held, random_cuts

SMALL_RUN = growing("small", 8, REPORT, SMALL)
BIG_RUN = growing("big", 8, APPROVE, BIG)
STORIES = {
    "unreported": story(SMALL_RUN, {}),
    "late": story(SMALL_RUN, {7: [planned("small", SMALL)]}),
    "named-otherwise": story(SMALL_RUN, {}, reported={"small": 1}),
    "barred": story(BIG_RUN, {1: [planned()], 2: objects()}),
    "barred-unseen": story(BIG_RUN, {1: [planned()], 2: objects()}, blind=range(2, 12)),
}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_node_appraises_runs_in_the_bands_alike(node: str, name: str, tmp_path: Path) -> None:
    paper = STORIES[name]
    logs = {Origin(log.origin): tuple(log.entries) for log in paper.logs.values() if log.size}
    found = appraise(paper.register, paper.cuts[-1], logs)
    bundles = [data for item in found for data in item.bundles.values()]
    assert bool(bundles) is (name != "barred-unseen")
    held = Held(register=paper.register, logs=logs, bundles=tuple(bundles))
    cuts = [*paper.cuts, *random_cuts(held, random.Random(name), 6)]
    reproduces(node, held, cuts, tmp_path)
    agrees(node, [(data, paper.register.network_id) for data in bundles], tmp_path)
