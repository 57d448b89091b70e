"""COSE receipts: an entry's inclusion, restated for those who read CBOR (RFC 9942).

A COSE receipt is a COSE_Sign1 (tag 18) whose payload, the Merkle root, is detached: who checks it
computes the root from the entry and the inclusion proof. Its issuer is not the log and not one of
its cosigners: it is whoever restates a receipt (a tlog-proof) that it has verified, with a key
of its own that signs nothing else (decision 0011).

    18([ << {1: -8, 4: kid, 15: {1: issuer, 2: origin, "size": n, "index": i}, 395: 1} >>,
         {396: {-1: [ << [n, i, [hash, ...]] >> ]}},
         null,
         signature ])

The RFC's own headers say nothing signed of size and index; the claims in the protected header do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from pausenet.crypto.strict import verify
from pausenet.errors import InvalidSignature, MalformedProof, Misuse
from pausenet.log.bundle import RECEIPT_HASHES_MAX, Receipt
from pausenet.log.cbor import Cbor, Tagged, decode, encode
from pausenet.log.merkle import included_root
from pausenet.log.vkey import KeyName, Signer
from pausenet.values import Digest, KeyId, PublicKey, Seq, Signature, TreeSize

COSE_BYTES_MAX: Final = 16_384
COSE_TYPE: Final = "application/cose"

SIGN1_TAG: Final = 18
ALG, KID, CLAIMS, VDS, VDP = 1, 4, 15, 395, 396
EDDSA: Final = -8
RFC9162_SHA256: Final = 1
INCLUSION: Final = -1
ISSUER, SUBJECT = 1, 2
SIZE: Final = "size"
INDEX: Final = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoseReceipt:
    """What a COSE receipt says, its signature not judged."""

    issuer: KeyName
    key_id: KeyId
    origin: KeyName
    size: TreeSize
    index: Seq
    proof: tuple[Digest, ...]
    signature: Signature

    def __post_init__(self) -> None:
        if self.index >= self.size:
            raise ValueError(f"CoseReceipt: index {self.index} in a tree of {self.size}")
        if not 1 <= len(self.proof) <= RECEIPT_HASHES_MAX:
            # The RFC's grammar has no empty path: the only entry of a log has no COSE receipt.
            raise ValueError(f"CoseReceipt: expected 1..{RECEIPT_HASHES_MAX} hashes")

    @property
    def protected(self) -> bytes:
        """The protected header, as it is signed."""
        claims: dict[int | str, Cbor] = {
            ISSUER: str(self.issuer),
            SUBJECT: str(self.origin),
            SIZE: int(self.size),
            INDEX: int(self.index),
        }
        return encode(
            {
                ALG: EDDSA,
                KID: bytes.fromhex(self.key_id),
                CLAIMS: claims,
                VDS: RFC9162_SHA256,
            }
        )

    def encode(self) -> bytes:
        """Write the receipt."""
        path = tuple(bytes(value) for value in self.proof)
        proof = encode((int(self.size), int(self.index), path))
        unprotected: dict[int | str, Cbor] = {VDP: {INCLUSION: (proof,)}}
        return encode(Tagged(SIGN1_TAG, (self.protected, unprotected, None, bytes(self.signature))))

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a receipt as this module writes it; raise `MalformedProof` for any other bytes."""
        if len(data) > COSE_BYTES_MAX:
            raise MalformedProof(f"expected at most {COSE_BYTES_MAX} bytes of COSE receipt")
        try:
            receipt = cls._decode(data)
        except ValueError as error:
            raise MalformedProof(f"COSE receipt: {error}") from error
        if receipt.encode() != data:
            raise MalformedProof("COSE receipt: not as one is written here")
        return receipt

    @classmethod
    def _decode(cls, data: bytes) -> Self:
        match decode(data):
            case Tagged(tag=18, value=(bytes(protected), header, None, bytes(signature))):
                pass  # its parts have their names now
            case _:
                raise ValueError("expected a COSE_Sign1 with a detached payload")
        match decode(protected):
            case {4: bytes(kid), 15: {1: str(issuer), 2: str(origin)}}:
                pass  # the same
            case _:
                raise ValueError("expected a key id and the claims of issuer and subject")
        match header:
            case {396: {-1: (bytes(proof),)}}:
                pass  # the same
            case _:
                raise ValueError("expected one inclusion proof")
        match decode(proof):
            case (int(size), int(index), tuple(path)):
                pass  # the same
            case _:
                raise ValueError("expected size, index and path")
        hashes = [Digest(value) for value in path if isinstance(value, bytes)]
        return cls(
            issuer=KeyName(issuer),
            key_id=KeyId(kid.hex()),
            origin=KeyName(origin),
            size=TreeSize(size),
            index=Seq(index),
            proof=tuple(hashes),
            signature=Signature(signature),
        )


def restate(receipt: Receipt, issuer: KeyName, signer: Signer) -> CoseReceipt:
    """Sign a COSE receipt of the same entry; the caller has verified the receipt.

    Raises `Misuse` for the only entry of a log, of which RFC 9942 has no receipt.
    """
    head = receipt.note.body
    if not receipt.proof:
        raise Misuse("RFC 9942 has no receipt for the only entry of a log")
    unsigned = CoseReceipt(
        issuer=issuer,
        key_id=signer.public_key.key_id,
        origin=KeyName(head.origin),
        size=head.size,
        index=receipt.index,
        proof=receipt.proof,
        signature=Signature(bytes(Signature.LENGTH)),
    )
    return CoseReceipt(
        issuer=unsigned.issuer,
        key_id=unsigned.key_id,
        origin=unsigned.origin,
        size=unsigned.size,
        index=unsigned.index,
        proof=unsigned.proof,
        signature=signer.sign(_to_be_signed(unsigned.protected, head.root)),
    )


def verify_cose(receipt: CoseReceipt, leaf: Digest, issuer_key: PublicKey) -> Digest:
    """Check that the issuer signed a root under which this leaf stands; the root.

    It says that the issuer said so, and no more. Raises `MalformedProof` for a path of another
    shape, `InvalidSignature` for another issuer, entry or path.
    """
    if receipt.key_id != issuer_key.key_id:
        raise InvalidSignature(f"COSE receipt: expected the key {issuer_key.key_id}")
    root = included_root(leaf, receipt.index, receipt.size, receipt.proof)
    if not verify(issuer_key, receipt.signature, _to_be_signed(receipt.protected, root)):
        raise InvalidSignature("COSE receipt: not signed over the root that the proof leads to")
    return root


def _to_be_signed(protected: bytes, root: Digest) -> bytes:
    """The Sig_structure of RFC 9052, 4.4, without external data."""
    return encode(("Signature1", protected, b"", bytes(root)))
