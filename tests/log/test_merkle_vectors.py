"""The public Merkle vectors of transparency-dev, with the one disagreement that is ours."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from pausenet.errors import InvalidProof, MalformedProof
from pausenet.log.merkle import (
    verify_consistency,
    verify_inclusion,
    verify_witness_consistency,
)
from tests.vectors_dir import vectors_dir

DUMMY_ROOTS = "additional/sizes-are-equal-one-and-proof-is-empty.json"
OLD_SIZE_ZERO = "additional/size1-is-zero-and-size2-is-not-zero.json"


def cases(kind: str) -> dict[str, dict]:
    folder: Path = vectors_dir("merkle", kind)
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text())
        for path in sorted(folder.rglob("*.json"))
    }


def bytes_of(case: dict, *names: str) -> list[bytes]:
    return [base64.b64decode(case[name]) for name in names]


def proof_of(case: dict) -> list[bytes]:
    return [base64.b64decode(value) for value in case["proof"] or ()]


def refused(check, *arguments) -> bool:
    try:
        check(*arguments)
    except (InvalidProof, MalformedProof):
        return True
    return False


def test_every_inclusion_vector_is_judged_as_its_makers_judge_it():
    found = {}
    for name, case in cases("inclusion").items():
        leaf, root = bytes_of(case, "leafHash", "root")
        arguments = leaf, case["leafIdx"], case["treeSize"], proof_of(case), root
        found[name] = refused(verify_inclusion, *arguments)
    assert found == {name: case["wantErr"] for name, case in cases("inclusion").items()}
    assert len(found) >= 98
    assert found["single-entry/empty-root-and-leaf.json"]


def test_every_consistency_vector_but_one_is_judged_as_its_makers_judge_it():
    expected = {name: case["wantErr"] for name, case in cases("consistency").items()}
    found = {}
    for name, case in cases("consistency").items():
        roots = bytes_of(case, "root1", "root2")
        arguments = case["size1"], case["size2"], proof_of(case), *roots
        found[name] = refused(verify_consistency, *arguments)
    # Its roots are dummies of 12 bytes, and we insist on 32: refusing is right.
    assert not expected.pop(DUMMY_ROOTS)
    assert found.pop(DUMMY_ROOTS)
    assert found == expected
    assert len(found) >= 97


def test_the_vector_with_equal_sizes_is_refused_for_its_short_roots_only():
    case = cases("consistency")[DUMMY_ROOTS]
    roots = bytes_of(case, "root1", "root2")
    with pytest.raises(MalformedProof, match="32 bytes"):
        verify_consistency(case["size1"], case["size2"], [], *roots)
    verify_consistency(case["size1"], case["size2"], [], *(root.ljust(32) for root in roots))


def test_a_witness_takes_an_old_size_of_zero_that_the_library_refuses():
    case = cases("consistency")[OLD_SIZE_ZERO]
    old, new = bytes_of(case, "root1", "root2")
    assert case["wantErr"]
    # The new root is a dummy of 12 bytes; padded, only the rule about size 0 is left.
    new = new.ljust(32)
    with pytest.raises(MalformedProof, match="old size"):
        verify_consistency(0, 1, [], old, new)
    verify_witness_consistency(0, 1, [], old, new)
