"""Statements of every kind verify with another library's DSSE as they are (securesystemslib)."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import rfc8785
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.errors import MalformedEnvelope
from pausenet.statements import codec
from pausenet.values import PublicKey

PAGE = Path(__file__).parents[2] / "docs" / "spec" / "examples.md"
EXAMPLE = re.compile(
    r"^## (\S+)\n\n\* statement_id `([0-9a-f]{64})`.*?```json\n(.*?)```", re.M | re.S
)
EXAMPLES = {kind: (digest, text) for kind, digest, text in EXAMPLE.findall(PAGE.read_text())}
SIGNER, OTHER = (SigningKey.from_seed(bytes([n]) * 32) for n in (0x31, 0x32))


def theirs(key: PublicKey) -> SSlibKey:
    return SSlibKey(key.key_id, "ed25519", "ed25519", {"public": key.hex()})


def test_there_is_an_example_of_every_kind() -> None:
    assert set(EXAMPLES) == {str(kind) for kind in codec.Kind}


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_another_library_verifies_our_envelope(kind: str) -> None:
    digest, text = EXAMPLES[kind]
    payload = rfc8785.dumps(json.loads(text))
    found = OtherEnvelope.from_dict(json.loads(envelope.seal(payload, (SIGNER,))))
    assert found.payload_type == "application/vnd.in-toto+json"
    assert hashlib.sha256(found.pae()).hexdigest() == digest
    assert set(found.verify([theirs(SIGNER.public_key)], 1)) == {SIGNER.public_key.key_id}
    with pytest.raises(VerificationError):
        found.verify([theirs(OTHER.public_key)], 1)
    found.payload = payload[:-1] + b" "
    with pytest.raises(VerificationError):
        found.verify([theirs(SIGNER.public_key)], 1)


def test_two_signatures_are_two_to_another_library() -> None:
    payload = rfc8785.dumps(json.loads(EXAMPLES["register-entry"][1]))
    found = OtherEnvelope.from_dict(json.loads(envelope.seal(payload, (SIGNER, OTHER))))
    keys = [theirs(SIGNER.public_key), theirs(OTHER.public_key)]
    assert len(found.verify(keys, 2)) == 2


def test_what_another_library_has_written_is_read_in_our_one_spelling_only() -> None:
    payload = rfc8785.dumps(json.loads(EXAMPLES["register-genesis"][1]))
    ours = envelope.seal(payload, (SIGNER,))
    again = OtherEnvelope.from_dict(json.loads(ours)).to_dict()
    assert rfc8785.dumps(again) == ours
    with pytest.raises(MalformedEnvelope):
        envelope.decode(json.dumps(again).encode())
