"""`pausenet net init`: a network of one volume each, as the containers have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pausenet.node.config import ACTS_FILE, CA_FILE, NETWORK_FILE, REGISTER_FILE, read_network
from tests.cli.conftest import Called

Call = Callable[..., Called]

STORY = """\
question: Does each participant get its own files, and nobody else's?
labs:
  - {name: elm, accelerators: 900}
  - {name: fir, accelerators: 500}
"""
WORLD = """\
evaluators: [lantern]
hosts: [foundry]
world:
  fleets: {doubling: 8 weeks, every: 4, vendor: foundry}
  indicators: [{indicator: merged-code-share, about: elm, by: [lantern], begins: 70 %}]
"""
EVERYBODY = {
    *("registrar", "elm", "elm-meter", "fir", "fir-meter"),
    *(f"verifier-{number}" for number in range(1, 5)),
}


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    """The command as compose.yaml has it, without `--keep`."""
    story = tmp_path / "story.yaml"
    story.write_text(STORY, encoding="utf-8")
    place = ("--net", str(tmp_path / "net"), "--apart", "--host-names", "--port-base", "7000")
    return ("net", "init", str(story), *place, "--start-in", "45")


def _content(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def test_every_participant_gets_its_own_keys_and_the_public_files(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    net = tmp_path / "net"
    assert {path.name for path in net.iterdir() if path.is_dir()} == EVERYBODY
    secret: list[bytes] = []
    for name in EVERYBODY:
        content = _content(net / name)
        assert {NETWORK_FILE, REGISTER_FILE, CA_FILE} <= set(content)
        secret += [data for path, data in content.items() if path.endswith((".key.pem", "log.pem"))]
    assert len(secret) == len(set(secret))


def test_the_keys_of_one_are_not_shown_or_replaced_as_anothers(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    keys = tmp_path / "net" / "elm" / "keys"
    before = _content(keys)
    assert call("keys", "show", str(keys), "--id", "elm").code == 0
    for verb in ("show", "rotate", "recover", "revoke"):
        called = call("keys", verb, str(keys), "--id", "fir")
        assert (called.code, called.out) == (2, "")
        assert "these are the keys of elm, not of fir" in called.err
    assert _content(keys) == before


def test_nodes_are_handed_what_the_scenarios_world_makes_people_say(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    (tmp_path / "story.yaml").write_text(f"{STORY}{WORLD}", encoding="utf-8")
    assert call(*words).code == 0
    said = (tmp_path / "net" / "lantern" / ACTS_FILE).read_text("utf-8").splitlines()
    assert len(said) == 14
    assert all("merged-code-share" in line for line in said)
    shipped = (tmp_path / "net" / "foundry" / ACTS_FILE).read_text("utf-8")
    assert shipped.count('"shipped"') == 2 * 3


def test_verifiers_are_reached_by_their_own_names(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    network = read_network(tmp_path / "net" / "elm")
    found = {name: entry.address for name, entry in network.participants.items() if entry.address}
    assert found == {f"verifier-{n}": f"verifier-{n}:7000" for n in range(1, 5)}
    assert network.start > 0


def test_everybody_serves_http_under_its_own_name(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    network = read_network(tmp_path / "net" / "elm")
    found = {name: entry.http for name, entry in network.participants.items() if entry.http}
    assert found == {name: f"{name}:7080" for name in EVERYBODY - {"registrar"}}


def test_a_network_that_is_there_is_kept_byte_for_byte(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    first = call(*words, "--keep")
    before = _content(tmp_path / "net")
    again = call(*words, "--keep")
    assert (first.code, again.code) == (0, 0)
    assert again.out == first.out
    assert _content(tmp_path / "net") == before


def test_a_network_that_is_there_is_refused_without_being_told_to_keep_it(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    before = _content(tmp_path / "net")
    assert call(*words).code == 4
    assert _content(tmp_path / "net") == before


def test_a_part_of_a_network_is_neither_kept_nor_added_to(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    assert call(*words).code == 0
    (tmp_path / "net" / "fir" / NETWORK_FILE).unlink()
    before = _content(tmp_path / "net")
    called = call(*words, "--keep")
    assert called.code == 4
    assert "a part of a network" in called.err
    assert _content(tmp_path / "net") == before


def test_the_status_warns_of_a_bloc_that_can_block_the_quorum(
    words: tuple[str, ...], tmp_path: Path, call: Call
) -> None:
    allied = "verifiers:\n" + "".join(
        f"  - {{name: verifier-{number}, bloc: {bloc}}}\n"
        for number, bloc in enumerate(("east", "east", "west", "north"), start=1)
    )
    (tmp_path / "story.yaml").write_text(STORY + allied, encoding="utf-8")
    assert call(*words).code == 0
    called = call("net", "status", "--net", str(tmp_path / "net"))
    assert called.code == 3, "nothing runs"
    assert "warning: the bloc 'east' alone can block" in called.out


def test_a_story_in_which_verifiers_come_and_go_is_for_the_simulator(
    tmp_path: Path, call: Call
) -> None:
    story = tmp_path / "story.yaml"
    change = "changes:\n  - {kind: joins, verifier: verifier-5, admitted: 3, first: 6}\n"
    story.write_text(STORY + change, encoding="utf-8")
    done = call("net", "init", str(story), "--net", str(tmp_path / "net"))
    assert done.code == 2
    assert "only the simulator" in done.err
    assert not (tmp_path / "net" / NETWORK_FILE).exists()
