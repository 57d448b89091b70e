"""The repository's files agree with each other, and name no machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import pausenet
from pausenet.cli.attacker import parse_attack
from pausenet.files import find_scenario, read_scenario, story_names
from pausenet.files.blanks import leaves_open
from pausenet.files.stories import agreement_names
from pausenet.values import ParticipantId
from tests.house.source import ROOT, name, repository_files

SCENARIOS = ROOT / "sims" / "scenarios"
RUNNABLE = sorted(
    path
    for folder in ("scenarios", "evasions", "presets")
    for path in (ROOT / "sims" / folder).glob("*.yaml")
    if not leaves_open(path)
)
FORMS = [path for path in (ROOT / "sims" / "presets").glob("*.yaml") if leaves_open(path)]
TRANSCRIPTS = ROOT / "sims" / "transcripts"
TRANSCRIPT_LINES_MAX = 60
FILE_BYTES_MAX = 1024 * 1024
TOP_LEVEL = {
    *("pyproject.toml", "proto", "pausenet", "sims", "tests", "docs", "README.md", "LICENSE"),
    *("Makefile", "Dockerfile", "compose.yaml", "CHANGELOG.md", "CITATION.cff", "SECURITY.md"),
    *("CONTRIBUTING.md", "LIMITATIONS.md", "THREAT_MODEL.md", "uv.lock", "mkdocs.yml"),
    *("buf.yaml", "llms.txt", "docker", ".ci"),
    *(".gitignore", ".dockerignore", ".importlinter"),
}
# Written in two parts, so that this file does not hold what it looks for.
MACHINE_PATHS = (
    *(f"/{root}/" for root in ("root", "home", "Users")),
    "/work" + "/main",
    "/tmp" + "/venv",
)
LOCK_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def textual(path: Path) -> str:
    """A file's text; empty for one that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_top_level_holds_what_the_architecture_lists() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in repository_files()}
    assert found == TOP_LEVEL


def test_no_file_names_a_machine() -> None:
    own = [f"{ROOT}/", f"{Path.home()}/"] if len(ROOT.parts) > 2 else []
    found = [
        f"{name(path)}: {pattern}"
        for path in repository_files()
        for pattern in (*MACHINE_PATHS, *own)
        if pattern in textual(path)
    ]
    assert found == []


def test_no_file_is_larger_than_a_mebibyte() -> None:
    assert [name(p) for p in repository_files() if p.stat().st_size > FILE_BYTES_MAX] == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    assert [name(path) for path in repository_files() if marks.search(textual(path))] == []


def test_the_lock_names_the_public_registry_only() -> None:
    lock = (ROOT / "uv.lock").read_text()
    assert set(re.findall(r"https?://([^/\"]+)", lock)) <= LOCK_HOSTS
    assert "file:" not in lock
    sources = [package["source"] for package in tomllib.loads(lock)["package"]]
    allowed = ({"registry": "https://pypi.org/simple"}, {"editable": "."})
    assert [source for source in sources if source not in allowed] == []


def test_the_version_is_the_same_everywhere() -> None:
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == pausenet.__version__
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first is not None
    assert first[1] == pausenet.__version__


def test_every_scenario_is_listed_with_its_own_question_and_an_answer() -> None:
    listed = {
        row[1]: (row[2], row[3])
        for row in re.finditer(
            r"^\| \[([a-z0-9-]+)\]\(scenarios/\1\.yaml\) \| (.+?) \| (.+) \|$",
            (ROOT / "sims" / "README.md").read_text(),
            re.M,
        )
    }
    assert tuple(listed) == story_names()
    for story, (question, answer) in listed.items():
        assert question == read_scenario(find_scenario(story)).question
        assert f"([story](transcripts/{story}.txt))" in answer


def test_the_first_page_says_how_many_scenarios_and_agreements_there_are() -> None:
    page = (ROOT / "docs" / "index.md").read_text()
    counted = f"{len(story_names())} scenarios, one question each with its answer, and"
    assert f"{counted} {len(agreement_names())} agreements" in page


def test_every_scenario_has_a_transcript_that_a_person_can_read() -> None:
    scenarios = {path.stem for path in (*RUNNABLE, *FORMS)}
    assert len(scenarios) == len(RUNNABLE) + len(FORMS), "a name stands in one folder only"
    transcripts = {path.stem: path for path in TRANSCRIPTS.glob("*.txt")}
    assert scenarios
    assert set(transcripts) == scenarios
    lengths = {stem: len(path.read_text().splitlines()) for stem, path in transcripts.items()}
    assert {stem: n for stem, n in lengths.items() if not 0 < n <= TRANSCRIPT_LINES_MAX} == {}


@pytest.mark.parametrize("scenario", RUNNABLE, ids=lambda path: path.stem)
def test_a_scenario_asks_its_question_and_says_what_it_expects(scenario: Path) -> None:
    story = YAML(typ="safe").load(scenario.read_text())
    assert story["question"].endswith("?")
    assert story["expect"]["labs"]
    assert "findings" in story["expect"]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text())
    return loaded


def nodes() -> dict[str, Any]:
    return {id_: service for id_, service in compose()["services"].items() if id_ != "init"}


def test_the_containers_are_the_participants_of_their_scenario() -> None:
    story = YAML(typ="safe").load((ROOT / "docker" / "network.yaml").read_text())
    labs = [lab["name"] for lab in story["labs"]]
    verifiers = [f"verifier-{number}" for number in range(1, story["verifiers"] + 1)]
    expected = {*labs, *(f"{lab}-meter" for lab in labs), *verifiers}
    assert set(nodes()) == expected
    participants = compose()["services"]["init"]["build"]["args"]["PARTICIPANTS"].split()
    assert set(participants) == {*expected, "registrar"}


def test_the_containers_cheat_as_their_scenario_says() -> None:
    scenario = read_scenario(ROOT / "docker" / "network.yaml")
    joined = []
    for id_, service in nodes().items():
        words = service["command"]
        attacks = [words[at + 1] for at, word in enumerate(words) if word == "--attack"]
        joined += [parse_attack(attack, ParticipantId(id_)) for attack in attacks]
    assert joined == list(scenario.cheats)
    assert joined


def test_every_container_has_one_volume_that_no_other_node_mounts() -> None:
    mounts = {id_: service["volumes"] for id_, service in nodes().items()}
    assert mounts == {id_: [f"{id_}:/net"] for id_ in mounts}


@pytest.mark.parametrize("service", compose()["services"])
def test_every_container_is_confined(service: str) -> None:
    found = compose()["services"][service]
    assert found["user"] == "10001:10001"
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "cap_add" not in found
    assert "privileged" not in found
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in found
    assert found["pids_limit"] > 0


def test_the_nodes_live_on_an_internal_network_with_a_health_check() -> None:
    assert compose()["networks"] == {"nodes": {"internal": True}}
    for service in nodes().values():
        assert service["networks"] == ["nodes"]
        assert service["healthcheck"]["test"][1:3] == ["/venv/bin/pausenet", "healthcheck"]


def test_containers_use_nothing_that_older_tools_refuse() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert not re.search(r"^(version|name|include):", text, re.MULTILINE)
    assert not re.search(r"\$\{\w+:\+", text)
    lines = (ROOT / "Dockerfile").read_text()
    for banned in ("# syntax=", "--mount", "--chmod", "<<"):
        assert banned not in lines
