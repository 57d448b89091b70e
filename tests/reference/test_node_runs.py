"""The Node verifier makes the same appraisals and verdicts of what whole runs have held.

`PAUSENET_CUTS` says how many random cuts are appraised, 48 unless told; from 1000 on all shipped
scenarios are run, with as many seeds of the swarm (`make soak`).
"""

from __future__ import annotations

import base64
import json
import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pausenet.files.stories import story_names
from pausenet.protocol.appraisal import appraise
from pausenet.simulator.vectors import CaseKind, Facts, answer
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.cut import Cut
from pausenet.values import NetworkId
from tests.protocol.bundles import all_bundles
from tests.protocol.mutants import bundle_mutants
from tests.protocol.paper import register
from tests.reference.nodejs import put, ran
from tests.simulator.cuts import Held, Ran, held_in, random_cuts

CUTS = int(os.environ.get("PAUSENET_CUTS", "48"))
WHOLE = CUTS >= 1_000
SHIPPED = story_names()
STORIES = SHIPPED if WHOLE else ["typo-corrected", "false-appraisal"]
SEEDS = [1 + 7 * number for number in range(len(SHIPPED) if WHOLE else 1)]
EACH = -(-CUTS // (len(STORIES) + len(SEEDS)))
MUTANTS = 10
"""Changed bundles of each fault."""


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("story", STORIES)
def test_node_says_the_same_of_a_shipped_scenario(
    node: str, story: str, tmp_path: Path, shipped: Callable[[str], Ran]
) -> None:
    held = shipped(story).held
    reproduces(node, held, random_cuts(held, random.Random(story), EACH), tmp_path)
    network = held.register.network_id
    agrees(node, [(data, pinned) for data in held.bundles for pinned in (network, None)], tmp_path)


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", SEEDS)
def test_node_says_the_same_of_a_seed_of_the_swarm(node: str, seed: int, tmp_path: Path) -> None:
    held = held_in(seed)
    reproduces(node, held, random_cuts(held, random.Random(seed), EACH), tmp_path)
    agrees(node, [(data, held.register.network_id) for data in held.bundles], tmp_path)


def test_node_gives_the_same_answer_to_changed_bundles_of_every_fault(
    node: str, tmp_path: Path
) -> None:
    known, network = all_bundles(), register().network_id
    asked: list[tuple[bytes, NetworkId | None]] = []
    for name, data in known.items():
        mutants = [changed for _, changed in bundle_mutants(name, known)]
        chosen = random.Random(name).sample(mutants, MUTANTS)
        asked += [(each, network) for each in (data, *chosen)]
    outcomes = agrees(node, asked, tmp_path)
    assert {"malformed", "not-supported", "proven", "reproduced"} <= outcomes


def agrees(node: str, asked: Iterable[tuple[bytes, NetworkId | None]], directory: Path) -> set[str]:
    """Node gives Python's answer to these bundles, all in one process; the outcomes."""
    outcomes: list[str] = []
    for number, (data, pinned) in enumerate(asked):
        inputs: Facts = {
            "data": base64.b64encode(data).decode(),
            "network_id": "" if pinned is None else pinned.hex(),
        }
        expect = answer(CaseKind.BUNDLE, inputs, {})
        outcomes.append(str(expect["outcome"]))
        case = {"kind": "bundle", "inputs": inputs, "expect": expect}
        put(directory / "bundles" / f"{number}.json", case)
    if outcomes:
        result = ran(node, "check.mjs", directory)
        assert result.stdout == f"{len(outcomes)} cases, 0 disagreements\n", result.stdout[:2_000]
    return set(outcomes)


def reproduces(node: str, held: Held, cuts: list[Cut], directory: Path) -> None:
    """Node's appraisals under these cuts are Python's, byte for byte."""
    found = reproduced(node, held, cuts, directory)
    ours = [
        [
            canonical.encode(each.appraisal.to_json())
            for each in appraise(held.register, cut, held.logs)
        ]
        for cut in cuts
    ]
    assert [[base64.b64decode(each) for each in theirs] for theirs in found] == ours
    told = {canonical.encode(_told(json.loads(each))) for of_cut in ours for each in of_cut}
    assert len(told) >= 3, "cuts that are all alike show little"


def reproduced(node: str, held: Held, cuts: list[Cut], directory: Path) -> list[list[str]]:
    """What Node makes of these cuts, in a process that has seen nothing else."""

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    path = directory / "cuts.json"
    put(
        path,
        {
            "network": held.register.network_id.hex(),
            "register": [text(entry) for entry in held.register.entries],
            "logs": [
                {"origin": origin, "entries": [text(entry) for entry in log]}
                for origin, log in held.logs.items()
            ],
            "cuts": [text(canonical.encode(cut.to_json())) for cut in cuts],
        },
    )
    result = ran(node, "reproduce.mjs", path)
    assert result.returncode == 0, result.stderr
    path.unlink()
    found: list[list[str]] = json.loads(result.stdout)
    return found


def _told(appraisal: dict[str, Json]) -> Json:
    """What an appraisal says, whichever lab, cut and period it is of."""
    names = ("cut", "lab", "period", "view")
    return {name: value for name, value in appraisal.items() if name not in names}
