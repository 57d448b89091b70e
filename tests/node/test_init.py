"""Making a network: files, modes, certificates, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from pausenet.errors import InvalidRegister, MalformedFile, Misuse, NodeError
from pausenet.node.config import NodeConfig, read_network, read_register
from pausenet.node.init import set_addresses, start_network
from pausenet.node.keystore import load_keys
from pausenet.node.peer_identity import identify
from pausenet.values import NetworkId, NetworkTime, ParticipantId, Role
from tests.node.networks import AURORA, METER, VERIFIERS, make, plan


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "net"
    make(root)
    return root


def test_the_register_on_the_disk_is_the_one_that_was_made(tmp_path: Path) -> None:
    register = make(tmp_path / "net")
    again = read_register(tmp_path / "net", register.network_id)
    assert again.entries == register.entries
    assert set(again.members) == {AURORA, METER, *VERIFIERS, "registrar"}
    assert read_network(tmp_path / "net").network_id == register.network_id.hex()


def test_everybodys_keys_are_those_the_register_binds(made: Path) -> None:
    register = read_register(made, None)
    for member in register.members.values():
        keys = load_keys(made / member.id / "keys", member.id, member.role, None)
        assert {p: k.public_key for p, k in keys.by_purpose()} == dict(member.keys)


def test_every_certificate_speaks_for_its_member_and_is_of_the_authority(made: Path) -> None:
    register = read_register(made, None)
    authority = x509.load_pem_x509_certificate((made / "ca.pem").read_bytes())
    for member in register.members.values():
        path = NodeConfig(id=member.id, home=made / member.id, public=made).tls.certificate
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        certificate.verify_directly_issued_by(authority)
        assert identify(certificate, register) == member
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        network = register.network_id.short
        assert list(names) == [
            x509.UniformResourceIdentifier(f"pausenet://{network}/{member.role}/{member.id}"),
            x509.DNSName(f"{member.id}.{network}.pausenet"),
        ]
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert isinstance(key.curve, ec.SECP256R1)


def test_a_members_certificate_cannot_make_certificates(made: Path) -> None:
    path = made / AURORA / "keys" / "tls.cert.pem"
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert basic.critical
    assert not basic.value.ca
    assert not usage.value.key_cert_sign


def test_whatever_is_secret_is_its_owners_alone(made: Path) -> None:
    for path in made.rglob("*.pem"):
        if path.name != "ca.pem":
            assert path.stat().st_mode & 0o077 == 0, path
            assert path.parent.stat().st_mode & 0o077 == 0, path


def test_a_second_network_never_overwrites_the_first(made: Path) -> None:
    before = (made / "register.json").read_bytes()
    with pytest.raises(NodeError, match="there is a network here already"):
        make(made)
    assert (made / "register.json").read_bytes() == before


def test_each_participant_may_have_a_volume_of_its_own(tmp_path: Path) -> None:
    homes = {name: tmp_path / f"volume-{name}" for name in (AURORA, *VERIFIERS)}
    register = make(tmp_path / "net", homes=homes)
    for name, home in homes.items():
        config = NodeConfig(id=name, home=home, public=home)
        assert read_register(config.public, register.network_id).entries == register.entries
        assert config.tls.ca.exists()
        assert load_keys(config.keys, name, register.members[name].role, None).id == name
    assert not (tmp_path / "net" / AURORA).exists()
    assert not any(homes[AURORA].rglob("storing.pem"))


def test_samples_lie_where_a_node_looks_for_them(tmp_path: Path) -> None:
    from pausenet.node.init import make_network

    make_network(tmp_path / "net", plan(samples={AURORA: "line\n"}))
    assert (tmp_path / "net" / AURORA / "samples.jsonl").read_text() == "line\n"


def test_start_and_addresses_are_written_into_every_copy(tmp_path: Path) -> None:
    home = tmp_path / "volume"
    make(tmp_path / "net", homes={AURORA: home})
    start_network((tmp_path / "net", home), 1_700_000_000)
    set_addresses((tmp_path / "net", home), {VERIFIERS[0]: "[::1]:4711"})
    for place in (tmp_path / "net", home):
        network = read_network(place)
        assert network.start == 1_700_000_000
        assert network.participants["verifier-1"].address == "[::1]:4711"
        assert network.participants["verifier-2"].address == ""


def test_a_start_before_time_is_a_slip_of_the_caller(made: Path) -> None:
    with pytest.raises(Misuse):
        start_network((made,), 0)


def test_a_register_under_another_network_id_is_refused(made: Path) -> None:
    with pytest.raises(InvalidRegister, match="expected network 0000"):
        read_register(made, NetworkId(bytes(32)))


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("speed", 0, "speed"),
        ("speed", "fast", "speed"),
        ("network_id", "AB" * 32, "network_id"),
        ("start", -1, "start"),
        ("more", 1, "more"),
        ("participants", {"a": {"role": "king", "address": ""}}, "role"),
        ("participants", {"a": {"role": "lab", "address": "host"}}, "expected host:port"),
        ("participants", {"a": {"role": "lab", "address": "h:99999"}}, "expected host:port"),
        ("participants", {"a": {"role": "lab", "address": "unix:/tmp/x:1"}}, "host:port"),
    ],
)
def test_a_network_file_of_another_shape_is_refused_with_its_place(
    tmp_path: Path, made: Path, name: str, value: object, problem: str
) -> None:
    content = json.loads((made / "network.json").read_text())
    content[name] = value
    (tmp_path / "network.json").write_text(json.dumps(content))
    with pytest.raises(MalformedFile, match=problem):
        read_network(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"entries":["*"],"note":""}', b"\xff"])
def test_a_register_file_of_another_shape_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "register.json").write_bytes(content)
    with pytest.raises(MalformedFile, match=r"register\.json"):
        read_register(tmp_path, NetworkId(bytes(32)))


def test_a_speed_that_is_not_the_registers_is_refused(tmp_path: Path, made: Path) -> None:
    (tmp_path / "register.json").write_bytes((made / "register.json").read_bytes())
    network = read_network(made).model_copy(update={"speed": 1})
    (tmp_path / "network.json").write_bytes(network.encode())
    with pytest.raises(InvalidRegister, match="speed is not the register's"):
        read_register(tmp_path, None)


@pytest.mark.parametrize("periods", [1, 12, 400])
def test_time_stands_still_when_the_last_period_with_samples_has_closed_and_no_other(
    made: Path, periods: int
) -> None:
    schedule = read_register(made, None).agreement.schedule
    network = read_network(made)
    assert network.stands_at(schedule) is None
    end = network.model_copy(update={"periods": periods}).stands_at(schedule)
    assert end is not None
    assert schedule.last_closed(end) == periods - 1
    assert schedule.last_closed(NetworkTime(end + 1)) == periods


def test_a_directory_without_a_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"network\.json: no such file"):
        read_network(tmp_path)


def test_a_plan_with_one_id_twice_or_its_own_registrar_is_refused() -> None:
    good = plan()
    first = good.participants[0]
    registrar = type(first)(id=ParticipantId("registrar"), role=Role.REGISTRAR, bloc="", group="")
    for extra in (first, registrar):
        with pytest.raises(ValueError, match="an id twice"):
            type(good)(**{**_members(good), "participants": (*good.participants, extra)})
    with pytest.raises(ValueError, match="samples or acts of nobody"):
        plan(samples={ParticipantId("nobody"): ""})


def _members(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}
