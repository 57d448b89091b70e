"""Keys, the strict Ed25519 rule, digests and the signed envelope; it carries opaque bytes."""

from pausenet.crypto.envelope import (
    PAYLOAD_TYPE,
    Envelope,
    EnvelopeSignature,
    decode,
    pae,
    seal,
    statement_id,
)
from pausenet.crypto.hashing import salted_digest
from pausenet.crypto.keys import SigningKey
from pausenet.crypto.strict import check_registrable, verify

__all__ = [
    "PAYLOAD_TYPE",
    "Envelope",
    "EnvelopeSignature",
    "SigningKey",
    "check_registrable",
    "decode",
    "pae",
    "salted_digest",
    "seal",
    "statement_id",
    "verify",
]
