"""A verifier in another language, written from docs/spec, says the same of the same bytes.

Without Node these tests are skipped, with that reason; where CI=true that is a failure.
"""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from pausenet.protocol.bundle import verify_bundle
from pausenet.simulator.vectors import CaseKind, Facts, Suite, answer
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.payloads import specimens
from tests.crypto.test_ed25519_vectors import accepted, cctv, registrable
from tests.kit import files_of, suite_of
from tests.protocol.mutants import payload_mutants
from tests.reference.nodejs import put, ran
from tests.vectors_dir import vectors_dir

MUTANTS = 60
"""Changed payloads of each kind."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suite_of(tmp_path_factory)


def test_node_agrees_on_every_case(
    node: str, suite: Suite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    result = ran(node, "check.mjs", files_of(tmp_path_factory))
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
