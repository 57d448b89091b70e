"""`pausenet register`: operators change who the verifiers are, file by file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from pausenet.node.config import NETWORK_FILE, REGISTER_FILE, read_network, read_register
from pausenet.node.identity import key_digest, make_tls_key
from pausenet.node.init import set_addresses
from pausenet.values import ParticipantId, Role
from tests.cli.conftest import Called
from tests.node.networks import VERIFIERS, make

Call = Callable[..., Called]
HANDOVER = "1d" * 32


class Office:
    """A network's directory, and the files that operators hand each other."""

    def __init__(self, root: Path, call: Call) -> None:
        self.net, self.desk, self._call = root / "net", root / "desk", call
        self.desk.mkdir()
        make(self.net)

    def call(self, *words: object) -> Called:
        return self._call("register", *(str(word) for word in words))

    def admit(self) -> Path:
        out = self.desk / "admit.json"
        words = ("--id", "verifier-5", "--bloc", "five", "--out", out)
        assert self.call("admit", self.net, self.desk / "new-keys", *words).code == 0
        return out

    def approve(self, change: Path, by: str, keys: str = "") -> tuple[Called, Path]:
        out = self.desk / f"{change.stem}-{by}-{len(list(self.desk.iterdir()))}.json"
        where = self.net / (keys or by) / "keys"
        words = ("--keys", where, "--verifier", by, "--out", out)
        return self.call("approve", self.net, change, *words), out

    def append(self, change: Path, approvals: list[Path], *more: object) -> Called:
        keys = self.net / "registrar" / "keys"
        return self.call("append", self.net, change, *approvals, "--keys", keys, *more)

    def thief(self) -> Path:
        """Another authority's key."""
        path = self.desk / "thief.pem"
        make_tls_key(path)
        return path

    def approved(self, change: Path, count: int = 3) -> list[Path]:
        found = []
        for name in VERIFIERS[:count]:
            done, out = self.approve(change, name)
            assert done.code == 0, done.err
            found.append(out)
        return found

    @property
    def newcomer(self) -> tuple[str, Path]:
        return "--newcomer", self.desk / "new-keys"


@pytest.fixture
def office(tmp_path: Path, call: Call) -> Office:
    return Office(tmp_path, call)


def test_a_verifier_is_replaced_by_files_alone(office: Office) -> None:
    admit = office.admit()
    assert office.append(admit, office.approved(admit), *office.newcomer).code == 0
    join, leave = office.desk / "join.json", office.desk / "leave.json"
    words = ("--verifier", "verifier-5", "--first", 9, "--handover", HANDOVER, "--out", join)
    assert office.call("join", office.net, *words).code == 0
    assert office.append(join, office.approved(join)).code == 0
    words = ("--verifier", "verifier-2", "--first", 12, "--out", leave)
    assert office.call("leave", office.net, *words).code == 0
    three = office.append(leave, office.approved(leave))
    assert three.code == 2  # of five verifiers four must approve
    assert "by 4 verifiers" in three.err
    done = office.append(leave, office.approved(leave, 4))
    assert done.code == 0, done.err
    register = read_register(office.net, None)
    assert [int(each.first) for each in register.epochs] == [0, 9, 12]
    assert register.verifiers == ("verifier-1", "verifier-3", "verifier-4", "verifier-5")
    shown = office.call("show", office.net).out
    assert f"{register.size} entries, root {register.root.hex()}" in shown
    assert "from period 9: k = 4 of 5" in shown
    assert '"first": 12' in office.call("show", office.net, "--format", "json").out.replace(
        '"first":12', '"first": 12'
    )


def test_too_few_or_other_approvals_change_nothing(office: Office) -> None:
    before = (office.net / REGISTER_FILE).read_bytes()
    admit = office.admit()
    two = office.approved(admit, 2)
    assert office.append(admit, two, *office.newcomer).code == 2
    assert office.append(admit, [*two, two[0]], *office.newcomer).code == 2
    assert office.append(admit, office.approved(admit)).code == 2  # who is admitted must sign
    leave = office.desk / "leave.json"
    words = ("--verifier", "verifier-2", "--first", 4, "--out", leave)
    assert office.call("leave", office.net, *words).code == 0
    mixed = [*two, office.approved(leave, 3)[-1]]
    assert office.append(admit, mixed, *office.newcomer).code == 2
    assert office.append(leave, office.approved(leave)).code == 2  # three cannot be a network
    assert (office.net / REGISTER_FILE).read_bytes() == before


def test_who_is_admitted_is_settled_with_a_certificate_and_an_address(office: Office) -> None:
    admit = office.admit()
    words = ("settle", office.net, office.desk / "new-keys", "--id", "verifier-5", "--address")
    early = office.call(*words, "127.0.0.1:7005")
    assert (early.code, "admits nobody of this name" in early.err) == (2, True)
    assert office.append(admit, office.approved(admit), *office.newcomer).code == 0
    set_addresses((office.net,), {ParticipantId("verifier-1"): "127.0.0.1:7001"})
    before = (office.net / NETWORK_FILE).read_bytes()
    certificate = office.desk / "new-keys" / "tls.cert.pem"
    for address, match in (("7005", "host:port"), ("127.0.0.1:7001", "somebody else")):
        refused = office.call(*words, address)
        assert (refused.code, match in refused.err) == (2, True)
    other = office.call(*words, "127.0.0.1:7005", "--authority", office.thief())
    assert (other.code != 0, "not the key of" in other.err) == (True, True)
    assert (office.net / NETWORK_FILE).read_bytes() == before
    assert not certificate.exists()
    for _ in range(2):  # the second time there is nothing left to do
        assert office.call(*words, "127.0.0.1:7005").code == 0
    entry = read_network(office.net).participants["verifier-5"]
    assert (entry.role, entry.address, entry.http) == (Role.VERIFIER, "127.0.0.1:7005", "")
    authority = x509.load_pem_x509_certificate((office.net / "ca.pem").read_bytes())
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    found.verify_directly_issued_by(authority)
    register = read_register(office.net, None)
    key = found.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key_digest(key) == register.members[ParticipantId("verifier-5")].tls_spki
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    (uri,) = names.get_values_for_type(x509.UniformResourceIdentifier)
    assert uri.endswith("/verifier/verifier-5")
    moved = office.call(*words, "127.0.0.1:7006")
    assert (moved.code, "already" in moved.err) == (2, True)


def test_nobody_is_settled_under_another_name_or_with_other_keys(office: Office) -> None:
    admit = office.admit()
    assert office.append(admit, office.approved(admit), *office.newcomer).code == 0
    keys, address = office.desk / "new-keys", ("--address", "127.0.0.1:7005")
    known = office.call("settle", office.net, keys, "--id", "verifier-1", *address)
    assert (known.code, "admits nobody" in known.err) == (2, True)
    lent = office.net / "verifier-1" / "keys"
    (lent / "tls.cert.pem").unlink()
    other = office.call("settle", office.net, lent, "--id", "verifier-5", *address)
    assert (other.code != 0, "another TLS key" in other.err) == (True, True)
    assert "verifier-5" not in read_network(office.net).participants


def test_two_approvals_by_one_verifier_after_one_entry_are_refused_by_name(office: Office) -> None:
    admit, other = office.admit(), office.desk / "other.json"
    words = ("--id", "verifier-6", "--out", other)
    assert office.call("admit", office.net, office.desk / "other-keys", *words).code == 0
    given = office.approved(admit)
    before = (office.net / REGISTER_FILE).read_bytes()
    _, second = office.approve(other, VERIFIERS[1])
    refused = office.append(admit, [*given, second], *office.newcomer)
    assert (refused.code, "two changes after one entry" in refused.err) == (2, True)
    assert str(VERIFIERS[1]) in refused.err
    assert (office.net / REGISTER_FILE).read_bytes() == before
    assert office.append(admit, [*given, given[0]], *office.newcomer).code == 0


def test_who_does_not_count_and_who_has_another_key_cannot_approve(office: Office) -> None:
    admit = office.admit()
    done, out = office.approve(admit, "aurora", "verifier-1")
    assert (done.code, "no verifier of the last epoch" in done.err) == (2, True)
    done, out = office.approve(admit, "verifier-1", "verifier-2")
    assert (done.code, "recovery key is not that" in done.err) == (2, True)
    assert not out.exists()


def test_a_change_or_approval_in_another_spelling_is_refused(office: Office) -> None:
    admit = office.admit()
    spaced = office.desk / "spaced.json"
    spaced.write_bytes(admit.read_bytes().replace(b":", b": ", 1))
    more = office.desk / "more.json"
    more.write_bytes(admit.read_bytes()[:-1] + b',"x":1}')
    for bad in (spaced, more):
        assert office.approve(bad, "verifier-1")[0].code == 2
    two = office.approved(admit, 2)
    assert office.append(admit, [*two, admit], *office.newcomer).code == 2
    assert not read_register(office.net, None).epochs[1:]


def test_the_register_of_a_run_is_shown_as_that_of_its_network(call: Call, tmp_path: Path) -> None:
    make(tmp_path / "run" / "network")
    of_run = call("register", "show", str(tmp_path / "run"))
    of_network = call("register", "show", str(tmp_path / "run" / "network"))
    assert of_run.code == 0
    assert of_run.out == of_network.out
    assert call("register", "show", str(tmp_path)).code != 0
