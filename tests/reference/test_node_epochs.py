"""The Node verifier follows changes of who the verifiers are, from docs/spec alone."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from pausenet.protocol.appraisal import appraise
from pausenet.statements.cut import Cut
from pausenet.values import PeriodIndex
from tests.protocol.test_epochs import ADMITTED, FIRST, JOINED, LEFT, story
from tests.reference.test_node_runs import agrees, reproduces
from tests.simulator.cuts import Held, random_cuts

RANDOM_CUTS = 24


def held() -> Held:
    """Seven periods in which one verifier comes and another one goes."""
    logs = {origin: tuple(entries) for origin, entries in story().entries().items()}
    return Held(register=LEFT, logs=logs, bundles=())


def under_other_registers() -> list[Cut]:
    """Every cut, as if it named the register of another time, or were of another epoch."""
    return [
        replace(cut, register_size=known.size, register_root=known.root, period=PeriodIndex(period))
        for cut in story().cuts
        for known in (FIRST, ADMITTED, JOINED, LEFT)
        for period in (2, 4, int(cut.period))
    ]


def test_node_appraises_under_the_register_that_a_cut_names(node: str, tmp_path: Path) -> None:
    cuts = [*story().cuts, *under_other_registers()]
    reproduces(node, held(), cuts, tmp_path)


def test_node_appraises_random_cuts_over_several_epochs(node: str, tmp_path: Path) -> None:
    cuts = random_cuts(held(), random.Random("epochs"), RANDOM_CUTS)
    reproduces(node, held(), cuts, tmp_path)


def test_node_judges_the_bundles_of_every_epoch(node: str, tmp_path: Path) -> None:
    bundles = {
        data
        for cut in story().cuts
        for item in appraise(LEFT, cut, story().entries())
        for data in item.bundles.values()
    }
    assert len(bundles) >= 2
    asked = [(data, pin) for data in sorted(bundles) for pin in (LEFT.network_id, None)]
    assert agrees(node, asked, tmp_path) == {"reproduced", "unknown-parties"}
