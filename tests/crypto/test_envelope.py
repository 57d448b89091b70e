"""The DSSE envelope: one spelling, and every other refused (protocol.md 2.1 to 2.3)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.crypto import (
    PAYLOAD_TYPE,
    Envelope,
    EnvelopeSignature,
    SigningKey,
    decode,
    pae,
    seal,
    statement_id,
)
from pausenet.errors import InvalidSignature, MalformedEnvelope, Misuse
from pausenet.statements import canonical
from pausenet.values import KeyId, PublicKey, Signature

ANNA, BERT, CARL = sorted(
    (SigningKey.from_seed(bytes([number]) * 32) for number in (1, 2, 3)),
    key=lambda key: key.key_id,
)
KEYS = {key.key_id: key.public_key for key in (ANNA, BERT)}
PAYLOAD = b'{"a":1,"b":"~~~???"}'
SEALED = seal(PAYLOAD, [ANNA])
SEALED_TWICE = seal(PAYLOAD, [ANNA, BERT])


def parts(data: bytes = SEALED) -> dict[str, Any]:
    document = json.loads(data)
    assert isinstance(document, dict)
    return document


def spelled(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def refused(data: bytes, *, signatures_max: int = 1) -> str:
    with pytest.raises(MalformedEnvelope) as caught:
        decode(data, signatures_max=signatures_max)
    assert caught.type is MalformedEnvelope
    return str(caught.value)


def test_the_pre_authentication_encoding_is_that_of_dsse_v1() -> None:
    assert pae(b"hello world") == b"DSSEv1 28 application/vnd.in-toto+json 11 hello world"
    assert pae("é".encode()) == b"DSSEv1 28 application/vnd.in-toto+json 2 \xc3\xa9"
    assert pae(b"") == b"DSSEv1 28 application/vnd.in-toto+json 0 "
    assert len(PAYLOAD_TYPE) == 28


def test_a_sealed_envelope_has_its_three_members_in_canonical_json() -> None:
    signature = ANNA.sign(b"DSSEv1 28 application/vnd.in-toto+json 20 " + PAYLOAD)
    document: dict[str, Any] = {
        "payload": base64.b64encode(PAYLOAD).decode(),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"keyid": ANNA.key_id, "sig": base64.b64encode(signature).decode()}],
    }
    assert rfc8785.dumps(document) == SEALED
    assert canonical.decode(SEALED, maximum_bytes=65_535) == document


def test_the_statement_id_ignores_who_signed() -> None:
    first, second = decode(SEALED), decode(seal(PAYLOAD, [BERT]))
    assert first != second
    assert first.statement_id == second.statement_id == statement_id(PAYLOAD)
    assert first.statement_id == hashlib.sha256(pae(PAYLOAD)).digest()
    assert statement_id(PAYLOAD + b" ") != first.statement_id


@given(payload=st.binary(max_size=400), two=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_was_sealed_decodes_verifies_and_is_canonical_json(payload: bytes, two: bool) -> None:
    data = seal(payload, [BERT, ANNA] if two else [ANNA])
    envelope = decode(data, signatures_max=2)
    assert envelope.payload == payload
    assert envelope.encode() == data
    envelope.verify(KEYS)
    assert rfc8785.dumps(json.loads(data)) == data


def test_two_signatures_stand_in_the_order_of_their_key_ids() -> None:
    assert seal(PAYLOAD, [BERT, ANNA]) == SEALED_TWICE
    ids = [each.key_id for each in decode(SEALED_TWICE, signatures_max=2).signatures]
    assert ids == [ANNA.key_id, BERT.key_id] == sorted(ids)


def test_two_signatures_are_refused_where_one_is_asked() -> None:
    assert "1 to 1 signatures" in refused(SEALED_TWICE)
    decode(SEALED_TWICE, signatures_max=2).verify(KEYS)


def swap_signatures(document: dict[str, Any]) -> None:
    document["signatures"].reverse()


def repeat_signature(document: dict[str, Any]) -> None:
    document["signatures"][1] = document["signatures"][0]


def third_signature(document: dict[str, Any]) -> None:
    document["signatures"].append(parts(seal(PAYLOAD, [CARL]))["signatures"][0])


def empty_signatures(document: dict[str, Any]) -> None:
    document["signatures"] = []


@pytest.mark.parametrize(
    "change", [swap_signatures, repeat_signature, third_signature, empty_signatures]
)
def test_no_other_list_of_signatures_is_accepted(change: Callable[[dict[str, Any]], None]) -> None:
    document = parts(SEALED_TWICE)
    assert spelled(document) == SEALED_TWICE
    change(document)
    refused(spelled(document), signatures_max=2)


PAYLOAD_TEXT = parts()["payload"]
SIG = parts()["signatures"][0]["sig"]
SIGNATURE = parts()["signatures"][0]
NEXT_LETTER = {"A": "B", "Q": "R", "g": "h", "w": "x"}
MUTATIONS: dict[str, bytes] = {
    "empty": b"",
    "null": b"null",
    "array": b"[" + SEALED + b"]",
    "not-json": SEALED[:-1] + b"]",
    "trailing-newline": SEALED + b"\n",
    "leading-space": b" " + SEALED,
    "byte-order-mark": b"\xef\xbb\xbf" + SEALED,
    "utf-16": SEALED.decode().encode("utf-16-le"),
    "space-after-comma": SEALED.replace(b',"sig"', b', "sig"'),
    "escaped-member-name": SEALED.replace(b'"payload"', b'"p\\u0061yload"'),
    "escaped-slash-in-type": SEALED.replace(b"application/", b"application\\/"),
    "duplicate-payload": SEALED.replace(b'{"payload"', b'{"payload":"e30=","payload"', 1),
    "duplicate-keyid": SEALED.replace(b'{"keyid"', b'{"keyid":"","keyid"'),
    "other-order": json.dumps(
        dict(reversed(list(parts().items()))), separators=(",", ":")
    ).encode(),
    "extra-member": spelled(parts() | {"more": "x"}),
    "extra-member-first": spelled(parts() | {"a": "x"}),
    "extra-member-of-signature": spelled(parts() | {"signatures": [SIGNATURE | {"cert": "x"}]}),
    "no-payload": spelled({k: v for k, v in parts().items() if k != "payload"}),
    "no-payload-type": spelled({k: v for k, v in parts().items() if k != "payloadType"}),
    "no-signatures": spelled({k: v for k, v in parts().items() if k != "signatures"}),
    "no-keyid": spelled(parts() | {"signatures": [{"sig": SIG}]}),
    "no-sig": spelled(parts() | {"signatures": [{"keyid": ANNA.key_id}]}),
    "empty-keyid": spelled(parts() | {"signatures": [SIGNATURE | {"keyid": ""}]}),
    "uppercase-keyid": spelled(
        parts() | {"signatures": [SIGNATURE | {"keyid": ANNA.key_id.upper()}]}
    ),
    "keyid-of-63-digits": spelled(
        parts() | {"signatures": [SIGNATURE | {"keyid": ANNA.key_id[:63]}]}
    ),
    "non-ascii-keyid": SEALED.replace(ANNA.key_id.encode(), b"\xc3\xa9" * 32),
    "payload-as-number": spelled(parts() | {"payload": 7}),
    "signatures-as-object": spelled(parts() | {"signatures": SIGNATURE}),
    "other-type": SEALED.replace(b"in-toto+json", b"other-x+json"),
    "type-in-capitals": SEALED.replace(b"application/vnd", b"Application/vnd"),
    "payload-without-padding": spelled(parts() | {"payload": PAYLOAD_TEXT.rstrip("=")}),
    "payload-with-too-much-padding": spelled(parts() | {"payload": PAYLOAD_TEXT + "="}),
    "payload-url-safe": spelled(
        parts() | {"payload": PAYLOAD_TEXT.replace("+", "-").replace("/", "_")}
    ),
    "payload-with-line-break": spelled(parts() | {"payload": PAYLOAD_TEXT + "\n"}),
    "payload-with-raw-line-break": SEALED.replace(
        PAYLOAD_TEXT.encode(), PAYLOAD_TEXT.encode() + b"\n"
    ),
    "payload-with-inner-padding": spelled(parts() | {"payload": "e30=" + PAYLOAD_TEXT}),
    "payload-with-foreign-letter": spelled(parts() | {"payload": "!" + PAYLOAD_TEXT}),
    "payload-of-one-letter": spelled(parts() | {"payload": "A"}),
    "sig-with-trailing-bits": spelled(
        parts() | {"signatures": [SIGNATURE | {"sig": SIG[:85] + NEXT_LETTER[SIG[85]] + "=="}]}
    ),
    "sig-without-padding": spelled(parts() | {"signatures": [SIGNATURE | {"sig": SIG[:86]}]}),
    "sig-of-63-bytes": spelled(parts() | {"signatures": [SIGNATURE | {"sig": SIG[:84]}]}),
    "sig-of-66-bytes": spelled(parts() | {"signatures": [SIGNATURE | {"sig": "A" * 88}]}),
    "sig-empty": spelled(parts() | {"signatures": [SIGNATURE | {"sig": ""}]}),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_another_spelling_is_refused(name: str) -> None:
    assert MUTATIONS[name] != SEALED, "the mutation changed nothing"
    refused(MUTATIONS[name])
    refused(MUTATIONS[name], signatures_max=2)


def test_trailing_bits_of_the_payload_are_refused() -> None:
    data = seal(b"{}x", [ANNA]).replace(b'"e314"', b'"e30="')
    decode(data)
    assert "canonical" in refused(data.replace(b'"e30="', b'"e31="'))


@given(data=st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_raise_only_malformed_envelope(data: bytes) -> None:
    refused(data)


@given(
    start=st.integers(0, len(SEALED_TWICE)),
    length=st.integers(0, 8),
    insert=st.binary(max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_an_edited_envelope_is_refused_or_is_canonical_and_does_not_verify(
    start: int, length: int, insert: bytes
) -> None:
    data = SEALED_TWICE[:start] + insert + SEALED_TWICE[start + length :]
    try:
        envelope = decode(data, signatures_max=2)
    except MalformedEnvelope:
        assert data != SEALED_TWICE
        return
    assert rfc8785.dumps(json.loads(data)) == data == envelope.encode()
    if data != SEALED_TWICE:
        with pytest.raises(InvalidSignature):
            envelope.verify(KEYS)


@pytest.mark.parametrize("data", [SEALED, SEALED_TWICE], ids=["one", "two"])
def test_every_cut_and_every_tail_is_refused(data: bytes) -> None:
    for end in range(len(data)):
        refused(data[:end], signatures_max=2)
    for tail in (b"\0", b" ", b"}", b"{", data, b"," + data):
        refused(data + tail, signatures_max=2)


def test_a_payload_of_48000_bytes_fits_an_entry_and_one_more_is_refused() -> None:
    largest = seal(bytes(48_000), [ANNA, BERT])
    assert len(largest) <= 65_535
    decode(largest, signatures_max=2).verify(KEYS)
    with pytest.raises(Misuse, match="48001 bytes"):
        seal(bytes(48_001), [ANNA])
    text = base64.b64encode(bytes(48_001)).decode()
    assert "at most 48000" in refused(spelled(parts() | {"payload": text}))


def test_an_entry_above_65535_bytes_is_refused_before_it_is_read() -> None:
    assert "at most 65535" in refused(b"x" * 65_536)
    assert "at most 65535" not in refused(b"x" * 65_535)


@pytest.mark.parametrize(
    "signers", [[], [ANNA, ANNA], [ANNA, BERT, CARL]], ids=["none", "twice", "three"]
)
def test_any_other_number_of_signers_is_misuse(signers: list[SigningKey]) -> None:
    with pytest.raises(Misuse):
        seal(PAYLOAD, signers)


@pytest.mark.parametrize("maximum", [0, 3, -1])
def test_any_other_maximum_of_signatures_is_misuse(maximum: int) -> None:
    with pytest.raises(Misuse):
        decode(SEALED, signatures_max=maximum)


def test_an_unordered_or_empty_envelope_cannot_be_born() -> None:
    ordered = decode(SEALED_TWICE, signatures_max=2).signatures
    for signatures in ((), ordered[::-1], (ordered[0], ordered[0]), (*ordered, ordered[1])):
        with pytest.raises(ValueError, match="signatures"):
            Envelope(payload=PAYLOAD, signatures=signatures)


def test_a_signature_by_an_unknown_key_is_invalid() -> None:
    with pytest.raises(InvalidSignature, match="unknown key"):
        decode(seal(PAYLOAD, [CARL])).verify(KEYS)


def test_every_signature_counts_not_only_the_first() -> None:
    first, second = decode(SEALED_TWICE, signatures_max=2).signatures
    wrong = EnvelopeSignature(key_id=second.key_id, signature=Signature(bytes(64)))
    for signatures in ((first, wrong), (wrong,)):
        with pytest.raises(InvalidSignature, match=BERT.key_id):
            Envelope(payload=PAYLOAD, signatures=signatures).verify(KEYS)
    with pytest.raises(InvalidSignature, match="unknown key"):
        decode(SEALED_TWICE, signatures_max=2).verify({ANNA.key_id: ANNA.public_key})


def test_a_signature_does_not_hold_for_another_payload_type_or_the_bare_payload() -> None:
    for message in (PAYLOAD, pae(PAYLOAD).replace(b"in-toto", b"other-x"), b"DSSEv1 " + PAYLOAD):
        signature = EnvelopeSignature(key_id=ANNA.key_id, signature=ANNA.sign(message))
        with pytest.raises(InvalidSignature):
            Envelope(payload=PAYLOAD, signatures=(signature,)).verify(KEYS)


def test_a_relabelled_signature_does_not_verify_under_the_other_key() -> None:
    signature = EnvelopeSignature(key_id=BERT.key_id, signature=ANNA.sign(pae(PAYLOAD)))
    with pytest.raises(InvalidSignature, match=BERT.key_id):
        Envelope(payload=PAYLOAD, signatures=(signature,)).verify(KEYS)


def test_a_key_under_an_id_that_is_not_its_own_is_misuse() -> None:
    keys: dict[KeyId, PublicKey] = {ANNA.key_id: BERT.public_key}
    with pytest.raises(Misuse, match=ANNA.key_id):
        decode(SEALED).verify(keys)
