"""Node finds the same runs unreported, reported late and barred as Python, byte for byte."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from pausenet.protocol.appraisal import appraise
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.stage import Easable
from pausenet.values import Origin
from tests.protocol.banded import APPROVE, BIG, REPORT, SMALL, growing, objects, planned, story
from tests.protocol.eased import STAGES, begins, incident, lifts, network, reviewed, saying
from tests.protocol.eased import story as eased_story
from tests.protocol.paper import TOTAL_CAP, usage
from tests.reference.test_node_runs import agrees, reproduces
from tests.simulator.cuts import Held, random_cuts

SMALL_RUN = growing("small", 8, REPORT, SMALL)
BIG_RUN = growing("big", 8, APPROVE, BIG)
LIFTS, STAGED = lifts(ClauseKind.TOTAL_CAP), lifts(ClauseKind.TOTAL_CAP, stages=STAGES)
CLAUSE, OVER = Easable.TOTAL_CAP, usage(total_pflop=2 * TOTAL_CAP + 1)
STORIES = {
    "unreported": partial(story, SMALL_RUN, {}),
    "late": partial(story, SMALL_RUN, {7: [planned("small", SMALL)]}),
    "named-otherwise": partial(story, SMALL_RUN, {}, reported={"small": 1}),
    "barred": partial(story, BIG_RUN, {1: [planned()], 2: objects()}),
    "lifted": partial(eased_story, network(LIFTS), {8: OVER, 9: OVER}, {3: reviewed()}),
    "not-yet-lifted": partial(eased_story, network(LIFTS), {6: OVER}, {3: reviewed()}),
    "raised": partial(
        eased_story, network(STAGED), {8: OVER, 9: saying(OVER, CLAUSE, 1)}, {3: reviewed()}
    ),
    "said-to-be-lifted": partial(
        eased_story,
        network(LIFTS),
        {5: saying(OVER, CLAUSE), 8: saying(OVER, CLAUSE)},
        {3: reviewed()},
    ),
    "waiting": partial(
        eased_story, network(begins(ClauseKind.TOTAL_CAP)), {5: OVER, 8: OVER}, {3: incident()}
    ),
    "barred-unseen": partial(story, BIG_RUN, {1: [planned()], 2: objects()}, blind=range(2, 12)),
}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_node_appraises_runs_in_the_bands_alike(node: str, name: str, tmp_path: Path) -> None:
    paper = STORIES[name]()
    logs = {Origin(log.origin): tuple(log.entries) for log in paper.logs.values() if log.size}
    found = appraise(paper.register, paper.cuts[-1], logs)
    bundles = [data for item in found for data in item.bundles.values()]
    assert bool(bundles) is (name not in ("barred-unseen", "lifted", "said-to-be-lifted"))
    held = Held(register=paper.register, logs=logs, bundles=tuple(bundles))
    cuts = [*paper.cuts, *random_cuts(held, random.Random(name), 6)]
    reproduces(node, held, cuts, tmp_path)
    agrees(node, [(data, paper.register.network_id) for data in bundles], tmp_path)
