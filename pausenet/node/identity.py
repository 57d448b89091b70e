"""Who is at the other end: a certificate authority per network, and its certificates.

A certificate names its holder in one URI, `pausenet://<first 32 hex>/<role>/<id>` (protocol.md
3.4), and in the one DNS name under which its holder is reached, `<id>.<first 32 hex>.pausenet`.
The register binds the digest of the TLS key, so a certificate of this authority over another
key is worth nothing. TLS keys are ECDSA P-256: gRPC takes no Ed25519 certificates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pausenet.errors import NodeError
from pausenet.node.keystore import read_private
from pausenet.node.peer_identity import TlsFiles, identity_uri, target_name
from pausenet.node.store.disk import over_disk, write_new
from pausenet.values import Digest, NetworkId, ParticipantId, Role

VALID_FOR: Final = timedelta(days=397)
CLOCK_SLACK: Final = timedelta(hours=1)
PUBLIC_MODE: Final = 0o644

__all__ = [
    "Authority",
    "TlsFiles",
    "certificate_pem",
    "issue",
    "key_digest",
    "load_authority",
    "load_tls_key",
    "make_authority",
    "make_tls_key",
    "tls_files",
    "write_authority",
]

TlsKey: TypeAlias = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Authority:
    """A network's certificate authority, with its key."""

    key: TlsKey
    certificate: x509.Certificate


def tls_files(home: Path, public: Path) -> TlsFiles:
    """Where `init` puts a participant's TLS files, and the network's authority."""
    keys = home / "keys"
    return TlsFiles(
        key=keys / "tls.key.pem", certificate=keys / "tls.cert.pem", ca=public / "ca.pem"
    )


def make_tls_key(path: Path) -> Digest:
    """Draw a TLS key, write it as a new file of mode 0600, and give its SPKI digest.

    It is not encrypted, since gRPC reads it anew for every handshake: the file's mode guards it,
    and it signs nothing but handshakes.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    write_new(path, _key_pem(key))
    return key_digest(key.public_key())


def load_tls_key(path: Path) -> TlsKey:
    """Read a TLS key; raise `NodeError` for any other file."""
    try:
        key = serialization.load_pem_private_key(read_private(path), None)
    except (ValueError, TypeError) as error:
        raise NodeError(f"{path}: not a plain PEM key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NodeError(f"{path}: expected an ECDSA key")
    return key


def key_digest(key: ec.EllipticCurvePublicKey) -> Digest:
    """SHA-256 of a key's SubjectPublicKeyInfo, as the register binds it."""
    return Digest.of(
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def make_authority(network: NetworkId) -> Authority:
    """Draw a network's authority: it can sign certificates, and no further authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"pausenet {network.short} authority")
    certificate = (
        _certificate(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def write_authority(authority: Authority, key: Path) -> None:
    """Keep the authority's key, as a new file of mode 0600."""
    write_new(key, _key_pem(authority.key))


def load_authority(key: Path, certificate: Path) -> Authority:
    """Read a network's authority; raise `NodeError` where the key is not the certificate's."""
    held = load_tls_key(key)
    try:
        with over_disk(certificate):
            found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError as error:
        raise NodeError(f"{certificate}: not a certificate") from error
    public = found.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise NodeError(f"{certificate}: expected an ECDSA key")
    if key_digest(public) != key_digest(held.public_key()):
        raise NodeError(f"{key}: not the key of {certificate}")
    return Authority(held, found)


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def issue(
    authority: Authority,
    network: NetworkId,
    role: Role,
    participant: ParticipantId,
    key: ec.EllipticCurvePublicKey,
) -> x509.Certificate:
    """Certify a participant's TLS key, for both ends of a connection."""
    names: list[x509.GeneralName] = [
        x509.UniformResourceIdentifier(identity_uri(network, role, participant)),
        x509.DNSName(target_name(network, participant)),
    ]
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    issuer_key = authority.key.public_key()
    return (
        _certificate(_name(str(participant)), authority.certificate.subject, key)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + VALID_FOR)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: TlsKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
