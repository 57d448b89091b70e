"""A verifier in another language, written from docs/spec, says the same of the same bytes.

Without Node these tests are skipped, with that reason; where CI=true that is a failure. In CI
PAUSENET_CUTS=1000 asks for a thousand cuts.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from pausenet.files.scenario import read_scenario
from pausenet.protocol.appraisal import appraise
from pausenet.protocol.bundle import verify_bundle
from pausenet.simulator.vectors import CaseKind, Facts, Suite, answer, make_suite
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.payloads import specimens
from pausenet.statements import canonical
from pausenet.statements.cut import Cut
from tests.crypto.test_ed25519_vectors import accepted, cctv, registrable
from tests.protocol.mutants import payload_mutants
from tests.simulator.cuts import Held, held_in, held_of, random_cuts
from tests.vectors_dir import vectors_dir

HERE = Path(__file__).parent / "node"
CUTS = int(os.environ.get("PAUSENET_CUTS", "50"))
CUTS_A_SEED = 25
SCENARIOS = Path(__file__).parents[2] / "sims" / "scenarios"
STORIES = (
    *("trigger-and-lift", "snap-back", "derogation", "withdrawal-sprint"),
    *("adjudicator-deadlocked", "assurance-incomplete", "over-cap", "silent-lab"),
)
MUTANTS = 60
"""Changed payloads of each kind."""
NODE_MAJOR_MIN = 18


@pytest.fixture(scope="module")
def node() -> str:
    """Node of a version that will do."""
    found = shutil.which("node")
    version = "none"
    if found:
        version = subprocess.run(
            [found, "--version"], check=True, capture_output=True, text=True
        ).stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if found and major and int(major[1]) >= NODE_MAJOR_MIN:
        return found
    problem = f"the second verifier needs Node {NODE_MAJOR_MIN} or later; found {version}"
    if os.environ.get("CI") == "true":
        pytest.fail(problem)
    pytest.skip(problem)


@pytest.fixture(scope="module")
def suite() -> Suite:
    return make_suite()


@pytest.fixture(scope="module")
def written(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cases as files."""
    directory = tmp_path_factory.mktemp("vectors")
    for name, shared in suite.shared.items():
        put(directory / "shared" / f"{name}.json", shared)
    for case, expect in suite.cases:
        put(directory / case.path, case.file(expect))
    return directory


def put(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


def ran(node: str, script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [node, str(HERE / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def test_node_agrees_on_every_case(node: str, suite: Suite, written: Path) -> None:
    result = ran(node, "check.mjs", written)
    assert result.stdout == f"{len(suite.cases)} cases, 0 disagreements\n", result.stderr
    assert result.returncode == 0


def test_node_sees_a_case_that_expects_otherwise(node: str, suite: Suite, tmp_path: Path) -> None:
    case, expect = next(
        each for each in suite.cases if each[0].path == "tree/inclusion-3-of-8.json"
    )
    put(tmp_path / case.path, case.file({**expect, "verdict": "refuse"}))
    result = ran(node, "check.mjs", tmp_path)
    assert result.returncode == 1
    assert result.stdout.endswith("1 cases, 1 disagreements\n")


def test_node_says_when_there_is_no_case(node: str, tmp_path: Path) -> None:
    assert ran(node, "check.mjs", tmp_path).returncode == 2


def test_node_gives_the_exit_codes_of_the_command(node: str, tmp_path: Path) -> None:
    network, path = run_of("cheats").register.network_id, tmp_path / "bundle.json"
    codes = set()
    for data in run_of("cheats").bundles:
        path.write_bytes(data)
        expected = verify_bundle(data, network).exit_code
        codes.add(expected)
        assert ran(node, "verify.mjs", path, "--network-id", network.hex()).returncode == expected
        assert ran(node, "verify.mjs", path).returncode == 3
    assert codes == {1, 3}
    path.write_bytes(data[:-1])
    assert ran(node, "verify.mjs", path, "--network-id", network.hex()).returncode == 2


def test_node_keeps_the_strict_profile_on_the_public_edge_cases(node: str) -> None:
    path = vectors_dir() / "ed25519/cctv/ed25519vectors.json"
    result = ran(node, "signatures.mjs", path)
    assert result.returncode == 0, result.stderr
    ours = [
        {"valid": accepted(key, signature, message), "registrable": registrable(key)}
        for key, signature, message, _ in cctv()
    ]
    assert json.loads(result.stdout) == ours
    assert sum(each["valid"] for each in ours) == 43


def test_node_agrees_which_payloads_decode(node: str, tmp_path: Path) -> None:
    """An entry that does not decode is fault F4, so that a bound is part of the evidence."""
    verdicts: Counter[str] = Counter()
    for kind, payload in specimens().items():
        mutants = payload_mutants(payload, random.Random(kind), MUTANTS)
        for number, changed in enumerate(islice(mutants, MUTANTS)):
            inputs: Facts = {"payload": base64.b64encode(changed).decode()}
            expect = answer(CaseKind.STATEMENT, inputs, {})
            verdicts[str(expect["verdict"])] += 1
            case = {"kind": "statement", "inputs": inputs, "expect": expect}
            put(tmp_path / kind / f"{number}.json", case)
    result = ran(node, "check.mjs", tmp_path)
    assert result.stdout == f"{verdicts.total()} cases, 0 disagreements\n", result.stdout[:2_000]
    assert min(verdicts.values()) >= 100


@pytest.mark.timeout(3_600)
def test_node_reproduces_the_appraisals_of_random_cuts_byte_for_byte(
    node: str, tmp_path: Path
) -> None:
    statuses: set[str] = set()
    for number in range(-(-CUTS // CUTS_A_SEED)):
        seed = 1 + 7 * number
        held = held_in(seed) if number % 2 else told(STORIES[number // 2 % len(STORIES)])
        cuts = random_cuts(held, random.Random(seed), min(CUTS_A_SEED, CUTS))
        found = reproduced(node, held, cuts, tmp_path)
        for cut, theirs in zip(cuts, found, strict=True):
            ours = [
                canonical.encode(item.appraisal.to_json())
                for item in appraise(held.register, cut, held.logs)
            ]
            assert [base64.b64decode(each) for each in theirs] == ours, f"seed {seed}"
            statuses |= {json.loads(each)["status"] for each in ours}
    assert len(statuses) >= 4, statuses


def told(story: str) -> Held:
    """The logs of a story that moves an agreement through its life."""
    scenario = read_scenario(SCENARIOS / f"{story}.yaml")
    return held_of(scenario, scenario.seed)


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
    found: list[list[str]] = json.loads(result.stdout)
    return found
