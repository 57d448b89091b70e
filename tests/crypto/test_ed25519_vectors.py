"""The strict profile against the public edge cases (protocol.md 5.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pausenet.crypto import check_registrable, strict, verify
from pausenet.errors import InvalidKey
from pausenet.values import PublicKey, Signature
from tests.reference import ed25519 as reference
from tests.vectors_dir import vectors_dir


def cctv() -> list[tuple[bytes, bytes, bytes, set[str]]]:
    cases: list[dict[str, Any]] = json.loads(
        (vectors_dir() / "ed25519/cctv/ed25519vectors.json").read_bytes()
    )
    assert len(cases) == 914
    return [
        (
            bytes.fromhex(case["key"]),
            bytes.fromhex(case["sig"]),
            case["msg"].encode(),
            set(case["flags"] or ()),
        )
        for case in cases
    ]


def accepted(key: bytes, signature: bytes, message: bytes) -> bool:
    """The whole of the check, where a signature of another length is refused at birth."""
    try:
        return verify(PublicKey(key), Signature(signature), message)
    except ValueError:
        return False


def registrable(key: bytes) -> bool:
    try:
        check_registrable(PublicKey(key))
    except InvalidKey:
        return False
    return True


def test_cctv_exactly_the_43_cases_inside_the_profile_verify() -> None:
    outside = {
        "low_order_A",
        "low_order_R",
        "low_order_residue",
        "non_canonical_A",
        "non_canonical_R",
        "reencoded_k",
    }
    cases = cctv()
    for key, signature, message, flags in cases:
        assert accepted(key, signature, message) == (not flags & outside), flags
    assert sum(accepted(*case[:3]) for case in cases) == 43


def test_cctv_exactly_one_verifying_case_has_a_key_that_may_register() -> None:
    verifying = [case for case in cctv() if accepted(*case[:3])]
    survivors = [case for case in verifying if registrable(case[0])]
    assert len(survivors) == 1
    assert survivors[0][3] == set()


def test_cctv_no_key_flagged_with_a_torsion_component_may_register() -> None:
    flagged = {key for key, _, _, flags in cctv() if "low_order_component_A" in flags}
    assert flagged
    assert not any(registrable(key) for key in flagged)


def test_the_table_holds_exactly_the_low_order_encodings_of_cctv() -> None:
    cases = cctv()
    keys = {key for key, _, _, flags in cases if "low_order_A" in flags}
    commitments = {signature[:32] for _, signature, _, flags in cases if "low_order_R" in flags}
    assert keys == commitments == strict.LOW_ORDER
    assert len(strict.LOW_ORDER) == 14


def test_cctv_a_slow_second_implementation_gives_the_same_answers() -> None:
    for key, signature, message, flags in cctv()[::9]:
        expected = reference.verify_strictly(key, signature, message)
        assert accepted(key, signature, message) == expected, flags


def test_speccheck_only_the_fourth_case_verifies() -> None:
    cases = json.loads((vectors_dir() / "ed25519/speccheck/cases.json").read_bytes())
    pattern = "".join(
        "V"
        if accepted(
            bytes.fromhex(case["pub_key"]),
            bytes.fromhex(case["signature"]),
            bytes.fromhex(case["message"]),
        )
        else "X"
        for case in cases
    )
    assert pattern == "XXXVXXXXXXXX"


def test_wycheproof_all_151_results_agree() -> None:
    document = json.loads((vectors_dir() / "ed25519/wycheproof/ed25519_test.json").read_bytes())
    results = [
        (case["tcId"], case["result"] == "valid", accepted(key, signature, message))
        for group in document["testGroups"]
        for key in [bytes.fromhex(group["publicKey"]["pk"])]
        for case in group["tests"]
        for signature, message in [(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))]
    ]
    assert len(results) == 151
    assert sum(valid for _, valid, _ in results) == 88
    assert [number for number, valid, found in results if valid != found] == []


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_cannot_be_born(length: int) -> None:
    with pytest.raises(ValueError, match="expected 64 bytes"):
        Signature(bytes(length))
