"""Settings of evasions and channels may be intervals, in their own units."""

from __future__ import annotations

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import parse_scenario, write_scenario
from pausenet.scenario.evasions import Setting
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import Scenario
from pausenet.simulator.drawing import drawn, number_at, spreads_of
from pausenet.simulator.outside import CATALOGUE, outside_of

TEXT = """\
question: Is it noticed?
name: outside
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 2000 to 9000}}
channels: [{kind: insiders, with: {ever_found: 50 % to 80 %}}]
"""


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="s.yaml", stem="s", catalogue=CATALOGUE)


def test_a_setting_is_read_drawn_and_written_back() -> None:
    found = scenario()
    assert found.evasions[0].settings[0].micro == Spread(2_000_000_000, 9_000_000_000)
    assert parse_scenario(write_scenario(found), name="r", stem="r", catalogue=CATALOGUE) == found
    places = [path for path, _ in spreads_of(found)]
    assert places == [
        ("evasions", "0", "settings", "accelerators", "micro"),
        ("channels", "0", "settings", "ever_found", "micro"),
    ]
    numbers = {drawn(found, seed).evasions[0].settings[0].micro for seed in range(9)}
    assert len(numbers) == 9
    one = drawn(found, 3)
    assert number_at(one, places[0]) == one.evasions[0].settings[0].micro
    assert outside_of(one).footprints != outside_of(drawn(found, 4)).footprints


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2000 to 9000", "9000 to 2000", "7:58 expected an interval that begins above 0 and rises"),
        ("2000 to 9000", "2000 to 8e9", "7:58 accelerators: expected 0 to 1000000000"),
        ("2000 to 9000", "2000 to 90 %", "7:58 expected the unit at both ends"),
        ("2000 to 9000", "2000 MW to 9000 MW", "7:58 expected a number"),
        ("50 % to 80 %", "50 % to 80", "8:48 expected the unit at both ends"),
        ("with: {ever", "false_alarms: 1 % to 2 %, with: {ever", "expected a share, found the int"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(MalformedFile) as refused:
        scenario(TEXT.replace(old, new))
    assert problem in str(refused.value)


def test_a_setting_refuses_an_interval_of_which_it_refuses_an_end() -> None:
    assert Setting(name="power", micro=10**15)
    with pytest.raises(ValueError, match="power: expected 0 to 1000000000"):
        Setting(name="power", micro=Spread(1, 10**15 + 1))
