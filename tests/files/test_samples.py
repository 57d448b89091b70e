"""Samples are read back as they were written, and every bad line is named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import (
    find_scenario,
    read_readings,
    read_scenario,
    read_usage,
    write_reading,
    write_usage,
)
from pausenet.simulator.fleet import samples
from pausenet.values import ParticipantId, Salt

FLEET = samples(read_scenario(find_scenario("honest")), 1)
USAGE = next(iter(FLEET.labs.values()))
READINGS = next(iter(FLEET.meters.values()))
SALT = Salt(bytes(32))


def _usage(*lines: str) -> list[object]:
    return list(read_usage(lines, name="u.jsonl", salt=lambda: SALT))


def test_usage_is_read_back_with_fresh_salts() -> None:
    expected = [replace(item, salts=(SALT,) * len(item.jobs)) for item in USAGE]
    assert _usage(*map(write_usage, USAGE)) == expected


def test_who_runs_a_site_is_read_back_and_stands_nowhere_else() -> None:
    site = USAGE[0].sites[-1].site
    run = replace(USAGE[0], operators=((site, ParticipantId("willow")),))
    found = _usage(write_usage(run))
    assert found == [replace(run, salts=(SALT,) * len(run.jobs))]
    assert "operator" not in write_usage(USAGE[0])
    for bad in ("", "Willow", 1):
        line = json.loads(write_usage(run))
        line["sites"][-1]["operator"] = bad
        with pytest.raises(MalformedFile):
            _usage(json.dumps(line))


def test_readings_are_read_back() -> None:
    assert list(read_readings(map(write_reading, READINGS), name="r")) == list(READINGS)


def test_no_salt_stands_in_a_line() -> None:
    assert "salt" not in write_usage(USAGE[0])


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("period", -1),
        ("period", 1.0),
        ("period", True),
        ("period", "1"),
        ("extra", 1),
        ("sites", "one"),
        ("classes", {}),
        ("runs", [{"run": "A"}]),
        ("jobs", [{}]),
    ],
)
def test_a_bad_member_is_refused_with_its_line(member: str, value: object) -> None:
    line = json.loads(write_usage(USAGE[1]))
    line[member] = value
    with pytest.raises(MalformedFile) as refused:
        _usage(write_usage(USAGE[0]), json.dumps(line))
    assert refused.value.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"period":0,"period":0,"party":"a","energy_wh":1}',
        '{"period":0,"party":"a","energy_wh":1e3}',
        '{"period":0,"party":"a","energy_wh":NaN}',
        '{"period":0,"party":"A","energy_wh":1}',
        '{"period":0,"party":"a"}',
        '{"period":0,"party":"a","energy_wh":9007199254740992}',
        "[" * 100_000,
        " " * 2_000_000 + "{}",
    ],
)
def test_a_line_that_is_no_reading_is_refused(text: str) -> None:
    with pytest.raises(MalformedFile) as refused:
        list(read_readings([text], name="r.jsonl"))
    assert str(refused.value).startswith("r.jsonl:1:")


def test_a_period_comes_once_and_in_order() -> None:
    with pytest.raises(MalformedFile, match="expected a period after 1"):
        list(read_readings([write_reading(READINGS[1]), write_reading(READINGS[1])], name="r"))


def test_unsorted_sites_are_refused() -> None:
    line = json.loads(write_usage(USAGE[0]))
    line["sites"] = [*line["sites"], line["sites"][0]]
    with pytest.raises(MalformedFile, match="sites: expected sorted"):
        _usage(json.dumps(line))
