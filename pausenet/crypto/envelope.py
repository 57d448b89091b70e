"""The DSSE v1 envelope in its one spelling (protocol.md 2.1 to 2.3).

An envelope's bytes are the log entry, the Merkle leaf and the material of evidence, so each
envelope has exactly one spelling. Here it is with its two variable texts shortened:

    {"payload":"eyJ...","payloadType":"application/vnd.in-toto+json",
     "signatures":[{"keyid":"139e...","sig":"k7Qy...=="}]}

without the line break, members in RFC 8785 order, base64 in the standard alphabet with padding
and zero trailing bits. One signature; two, ascending by keyid, only for rotation and register
entries. What is signed is the pre-authentication encoding:

>>> pae(b"{}")
b'DSSEv1 28 application/vnd.in-toto+json 2 {}'

No text of an envelope ever needs an escape, so the decoder reads the fixed shape directly, by
its quotation marks, builds the bytes anew and compares. A JSON parser would add nothing but its
leniency: duplicate names, other orders, spaces, escapes.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pausenet.crypto import strict
from pausenet.crypto.keys import SigningKey
from pausenet.errors import InvalidSignature, MalformedEnvelope, Misuse
from pausenet.values import KeyId, PublicKey, Signature, StatementId

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
ENTRY_BYTES_MAX: Final = 65_535
PAYLOAD_BYTES_MAX: Final = 48_000
SIGNATURES_MAX: Final = 2
_REMEMBERED_BYTES_MAX: Final = 16_384

_HEAD: Final = b'{"payload":"'
_MIDDLE: Final = b'","payloadType":"' + PAYLOAD_TYPE.encode() + b'","signatures":['
_SIGNATURE_HEAD: Final = b'{"keyid":"'
_SIGNATURE_MIDDLE: Final = b'","sig":"'
_SIGNATURE_TAIL: Final = b'"}'
_TAIL: Final = b"]}"

_KEY_ID_LENGTH: Final = 64
_SIG_LENGTH: Final = 88
_SIGNATURE_LENGTH: Final = (
    len(_SIGNATURE_HEAD + _SIGNATURE_MIDDLE + _SIGNATURE_TAIL) + _KEY_ID_LENGTH + _SIG_LENGTH
)
_SIG_OFFSET: Final = len(_SIGNATURE_HEAD + _SIGNATURE_MIDDLE) + _KEY_ID_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeSignature:
    """One signature and the id of the key that is said to have made it."""

    key_id: KeyId
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A payload with its one or two signatures, well formed but not yet verified.

    Raises `ValueError` at birth for a payload above 48,000 bytes, for no signature or more than
    two, and for signatures that do not ascend strictly by key id.
    """

    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]

    def __post_init__(self) -> None:
        if len(self.payload) > PAYLOAD_BYTES_MAX:
            raise ValueError(
                f"payload: expected at most {PAYLOAD_BYTES_MAX} bytes, found {len(self.payload)}"
            )
        if not 1 <= len(self.signatures) <= SIGNATURES_MAX:
            raise ValueError(
                f"signatures: expected 1 to {SIGNATURES_MAX}, found {len(self.signatures)}"
            )
        ids = [each.key_id for each in self.signatures]
        if len(ids) == SIGNATURES_MAX and not ids[0] < ids[1]:
            raise ValueError("signatures: expected two key ids in ascending order")

    @property
    def statement_id(self) -> StatementId:
        """The identity of what is said; it does not depend on the signatures."""
        return statement_id(self.payload)

    def encode(self) -> bytes:
        """The envelope's one spelling, at most 65,535 bytes."""
        signatures = b",".join(
            _SIGNATURE_HEAD
            + each.key_id.encode("ascii")
            + _SIGNATURE_MIDDLE
            + b2a_base64(each.signature, newline=False)
            + _SIGNATURE_TAIL
            for each in self.signatures
        )
        data = _HEAD + b2a_base64(self.payload, newline=False) + _MIDDLE + signatures + _TAIL
        assert len(data) <= ENTRY_BYTES_MAX, "the payload's bound keeps the entry's"
        return data

    def verify(self, keys: Mapping[KeyId, PublicKey]) -> None:
        """Require that every signature is by a key among `keys`, in the strict profile.

        Raises `InvalidSignature` for an unknown key id or a signature that does not verify, and
        `Misuse` where a key stands under an id that is not its own. *Which* keys must have
        signed is the caller's question: it passes exactly those.
        """
        message = pae(self.payload)
        for each in self.signatures:
            key = keys.get(each.key_id)
            if key is None:
                raise InvalidSignature(f"unknown key {each.key_id}")
            if key.key_id != each.key_id:
                raise Misuse(f"keys: expected a key with id {each.key_id}, found {key.key_id}")
            if not strict.verify(key, each.signature, message):
                raise InvalidSignature(f"the signature of key {each.key_id} does not verify")


def pae(payload: bytes) -> bytes:
    """The pre-authentication encoding, `DSSEv1 SP len SP type SP len SP payload`: what is signed.

    Both lengths count bytes and are written in decimal without leading zeros.
    """
    return b"DSSEv1 %d %b %d %b" % (
        len(PAYLOAD_TYPE),
        PAYLOAD_TYPE.encode("ascii"),
        len(payload),
        payload,
    )


def statement_id(payload: bytes) -> StatementId:
    """SHA-256 of the pre-authentication encoding: what others refer to (protocol.md 2.3)."""
    return StatementId.of(pae(payload))


def seal(payload: bytes, signers: Sequence[SigningKey]) -> bytes:
    """Sign a payload with one key, or with two where a rotation or the register asks for it.

    The signers' order does not matter. Raises `Misuse` for a payload that is too long and for
    any other number of different signers.
    """
    if len(payload) > PAYLOAD_BYTES_MAX or not 1 <= len(signers) <= SIGNATURES_MAX:
        raise Misuse(
            f"seal: expected at most {PAYLOAD_BYTES_MAX} bytes and 1 to {SIGNATURES_MAX} "
            f"signers, found {len(payload)} bytes and {len(signers)} signers"
        )
    by_id = {signer.key_id: signer for signer in signers}
    if len(by_id) != len(signers):
        raise Misuse("seal: expected different signers, found one key twice")
    message = pae(payload)
    signatures = tuple(
        EnvelopeSignature(key_id=key_id, signature=by_id[key_id].sign(message))
        for key_id in sorted(by_id)
    )
    return Envelope(payload=payload, signatures=signatures).encode()


def decode(data: bytes, *, signatures_max: int = 1) -> Envelope:
    """Read the bytes of one envelope; raise `MalformedEnvelope` for all other bytes.

    `signatures_max` is 1, or 2 where the kind of entry allows two. The signatures are not
    verified here: ask `Envelope.verify`. The last few thousand small ones are remembered: who
    holds a log reads each of its entries more than once.
    """
    if not 1 <= signatures_max <= SIGNATURES_MAX:
        raise Misuse(f"signatures_max: expected 1 to {SIGNATURES_MAX}, found {signatures_max}")
    if len(data) > _REMEMBERED_BYTES_MAX:
        return _decode(data, signatures_max)
    return _remembered(data, signatures_max)


def _decode(data: bytes, signatures_max: int) -> Envelope:
    if len(data) > ENTRY_BYTES_MAX:
        raise MalformedEnvelope(f"expected at most {ENTRY_BYTES_MAX} bytes, found {len(data)}")
    end = data.find(b'"', len(_HEAD))
    if not data.startswith(_HEAD) or not data.startswith(_MIDDLE, end):
        raise MalformedEnvelope(f"expected payload, payloadType {PAYLOAD_TYPE} and signatures")
    start = end + len(_MIDDLE)
    # Each further signature adds its fixed length and one comma.
    count, rest = divmod(len(data) - start - len(_TAIL) + 1, _SIGNATURE_LENGTH + 1)
    if rest or not 1 <= count <= signatures_max:
        raise MalformedEnvelope(f"expected 1 to {signatures_max} signatures of fixed length")
    try:
        envelope = Envelope(
            payload=a2b_base64(data[len(_HEAD) : end]),
            signatures=tuple(
                _signature_at(data, start + index * (_SIGNATURE_LENGTH + 1))
                for index in range(count)
            ),
        )
    except ValueError as error:
        raise MalformedEnvelope(str(error)) from error
    if envelope.encode() != data:
        raise MalformedEnvelope("not the canonical spelling")
    return envelope


_remembered = lru_cache(maxsize=2_048)(_decode)


def _signature_at(data: bytes, start: int) -> EnvelopeSignature:
    """Read the two variable texts of a signature; the final comparison judges all the rest."""
    key_id = start + len(_SIGNATURE_HEAD)
    sig = start + _SIG_OFFSET
    return EnvelopeSignature(
        key_id=KeyId(data[key_id : key_id + _KEY_ID_LENGTH].decode("ascii")),
        signature=Signature(a2b_base64(data[sig : sig + _SIG_LENGTH])),
    )
