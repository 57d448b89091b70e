"""Cosignatures: a cosigner's word that a checkpoint is consistent, with its time.

The format is c2sp.org/tlog-cosignature (protocol.md 4.2): Ed25519 over `cosignature/v1\\n`,
`time T\\n` and the note's body; the signature line's blob is u64be T || 64 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pausenet.crypto.strict import verify
from pausenet.errors import InvalidSignature, MalformedCheckpoint, Misuse
from pausenet.log.checkpoint import Checkpoint, SignatureLine
from pausenet.log.vkey import KeyType, Name, Signer, VerifierKey
from pausenet.values import NetworkTime, PublicKey, Signature

_TIME_BYTES: Final = 8
_BLOB_BYTES: Final = _TIME_BYTES + Signature.LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """What one cosigner signed about one checkpoint, and when by its clock of network time."""

    cosigner: Name
    checkpoint: Checkpoint
    time: NetworkTime
    signature: Signature

    def line(self, key: VerifierKey) -> SignatureLine:
        """Write it as a line of a note, under the cosigner's key."""
        if key.type is not KeyType.COSIGNATURE or key.name != self.cosigner:
            raise Misuse(f"expected the cosigner key of {self.cosigner}, found {key.encode()}")
        blob = self.time.to_bytes(_TIME_BYTES, "big") + self.signature
        return SignatureLine(name=self.cosigner, key_hash=key.key_hash, blob=blob)


def cosignature_message(checkpoint: Checkpoint, time: NetworkTime) -> bytes:
    """The bytes that a cosigner signs: what its guard stores before it lets a signature out."""
    return f"cosignature/v1\ntime {time}\n".encode() + checkpoint.body()


@lru_cache(maxsize=1_024)
def cosigner_key(name: Name, public_key: PublicKey) -> VerifierKey:
    """The verifier key of a cosigner; remembered, since each signature that is made asks for it."""
    return VerifierKey(name=name, type=KeyType.COSIGNATURE, public_key=public_key)


def cosign(
    checkpoint: Checkpoint, cosigner: Name, signer: Signer, time: NetworkTime
) -> SignatureLine:
    """Cosign a checkpoint; the caller has checked its consistency and asked its guard."""
    signature = signer.sign(cosignature_message(checkpoint, time))
    signed = Cosignature(cosigner=cosigner, checkpoint=checkpoint, time=time, signature=signature)
    return signed.line(cosigner_key(cosigner, signer.public_key))


def parse_cosignature(checkpoint: Checkpoint, line: SignatureLine) -> Cosignature:
    """Read a line as a cosignature, unjudged; raise `MalformedCheckpoint` for another shape."""
    if len(line.blob) != _BLOB_BYTES:
        raise MalformedCheckpoint(
            f"cosignature: expected {_BLOB_BYTES} bytes, found {len(line.blob)}"
        )
    try:
        return Cosignature(
            cosigner=line.name,
            checkpoint=checkpoint,
            time=NetworkTime(int.from_bytes(line.blob[:_TIME_BYTES], "big")),
            signature=Signature(line.blob[_TIME_BYTES:]),
        )
    except ValueError as error:
        raise MalformedCheckpoint(f"cosignature: {error}") from error


def verify_cosignature(
    checkpoint: Checkpoint, line: SignatureLine, key: VerifierKey
) -> Cosignature:
    """Judge a line by a cosigner's key and give back what it says.

    Raises `MalformedCheckpoint` for a line of another shape, `InvalidSignature` for one that
    names another key or does not verify.
    """
    if key.type is not KeyType.COSIGNATURE:
        raise Misuse(f"expected a cosigner key, found {key.encode()}")
    if not line.is_by(key):
        raise InvalidSignature(f"cosignature: expected one by {key.name}, found {line.name}")
    cosignature = parse_cosignature(checkpoint, line)
    message = cosignature_message(checkpoint, cosignature.time)
    if not verify(key.public_key, cosignature.signature, message):
        raise InvalidSignature(f"cosignature of {key.name} on {checkpoint.origin}")
    return cosignature
