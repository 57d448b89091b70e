"""The order in which tests are run loses none of them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conftest import arranged


class Item:
    """As much of a test as its place depends on."""

    def __init__(self, *markers: str) -> None:
        self.markers = set(markers)

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.markers else None


@pytest.mark.parametrize("workers", [1, 2, 3, 40])
def test_every_test_keeps_a_place_and_what_is_live_comes_first(workers: int) -> None:
    kinds = [(), ("slow",), ("processes",), ("slow", "processes"), ()]
    items = [Item(*kinds[number % 5]) for number in range(60)]
    found = arranged(items, workers)
    assert Counter(map(id, found)) == Counter(map(id, items))
    assert [len(each.markers) for each in found[:12]] == [2] * 12
    hard = [place for place, each in enumerate(found) if each.markers == {"slow"}]
    assert hard[0] == {1: 12, 2: 30, 3: 20, 40: 12}[workers]
    assert hard == list(range(hard[0], hard[0] + 12))
