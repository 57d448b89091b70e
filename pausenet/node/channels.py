"""Credentials and options of gRPC channels, in one place for servers and clients.

TLS 1.3 is what two of these nodes agree on. gRPC's server also accepts TLS 1.2 and its Python
interface has no setting against that: stated, not hidden. Compression is off (secrets and an
attacker's text in one compressed stream would leak lengths), and so are proxies taken from the
environment and service configuration taken from DNS.
"""

from __future__ import annotations

from pathlib import Path

import grpc

from pausenet.errors import NodeError
from pausenet.node.limits import Limits
from pausenet.node.peer_identity import TlsFiles

Options = list[tuple[str, str | int]]


def server_credentials(tls: TlsFiles) -> grpc.ServerCredentials:
    """Credentials of a server that asks every client for a certificate of this network's CA."""
    key, certificate, ca = (_read(path) for path in (tls.key, tls.certificate, tls.ca))
    return grpc.ssl_server_credentials(
        [(key, certificate)], root_certificates=ca, require_client_auth=True
    )


def client_credentials(tls: TlsFiles, pinned_pem: bytes) -> grpc.ChannelCredentials:
    """Credentials of a client that trusts one server certificate and nothing else."""
    return grpc.ssl_channel_credentials(
        root_certificates=pinned_pem,
        private_key=_read(tls.key),
        certificate_chain=_read(tls.certificate),
    )


def server_options(limits: Limits) -> Options:
    """The options of a node's server."""
    return [
        *_both(limits),
        ("grpc.max_concurrent_streams", limits.streams_per_connection_max),
        ("grpc.server_handshake_timeout_ms", _ms(limits.handshake_s)),
        ("grpc.max_connection_idle_ms", _ms(limits.idle_s)),
        ("grpc.max_connection_age_ms", _ms(limits.age_s)),
        ("grpc.max_connection_age_grace_ms", _ms(limits.age_grace_s)),
        ("grpc.http2.min_ping_interval_without_data_ms", _ms(limits.ping_interval_min_s)),
        ("grpc.http2.max_ping_strikes", limits.ping_strikes_max),
        ("grpc.so_reuseport", 0),
    ]


def client_options(limits: Limits, target_name: str) -> Options:
    """The options of a channel to the server whose certificate bears this name."""
    return [
        *_both(limits),
        ("grpc.ssl_target_name_override", target_name),
        ("grpc.default_authority", target_name),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.enable_retries", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.initial_reconnect_backoff_ms", _ms(limits.reconnect_min_s)),
        ("grpc.max_reconnect_backoff_ms", _ms(limits.reconnect_max_s)),
    ]


def _both(limits: Limits) -> Options:
    return [
        ("grpc.max_receive_message_length", limits.message_bytes_max),
        ("grpc.max_send_message_length", limits.message_bytes_max),
        ("grpc.max_metadata_size", limits.metadata_bytes_soft_max),
        ("grpc.absolute_max_metadata_size", limits.metadata_bytes_max),
        ("grpc.keepalive_time_ms", _ms(limits.keepalive_s)),
        ("grpc.keepalive_timeout_ms", _ms(limits.keepalive_timeout_s)),
    ]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NodeError(f"{path}: cannot read") from error
