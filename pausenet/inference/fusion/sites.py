"""The covert nuclear sites that were found: how many people knew, and for how many years.

A public collection (github.com/Joshuaclymer/dark_compute, the two files named
nuclear_case_studies.csv) names twelve; the design document rests its leak times on it. Here stand
the counts and years of eleven, as facts, each with its range. Most counts are the collection's own
estimates from the size of a plant: that is an assumption, and stands so. Where another public
source gives another year, the range holds both.

The twelfth is marked there as unconfirmed, with nothing known of how it was found: it is left out.
Sites that nobody ever found are in no collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSite:
    """A covert site that was found: how many knew of it, and after how many years.

    `fewest` to `most` and `soonest` to `latest` are what sources leave open; `counted` says
    whether somebody published the number of people or the collection estimated it.
    """

    name: str
    workers: float
    years: float
    fewest: float
    most: float
    soonest: float
    latest: float
    counted: Standing
    source: str

    def __post_init__(self) -> None:
        if not 2.0 <= self.fewest <= self.workers <= self.most:
            raise Misuse(f"FoundSite {self.name}: expected two workers, within their range")
        if not (0.0 < self.soonest <= self.years <= self.latest and self.source):
            raise Misuse(f"FoundSite {self.name}: expected years above 0 and a source")


def _site(
    name: str,
    workers: tuple[float, float, float],
    years: tuple[float, float, float],
    counted: Standing,
    source: str,
) -> FoundSite:
    """A site by (fewest, said, most) people and (soonest, said, latest) years."""
    return FoundSite(
        name=name,
        workers=workers[1],
        years=years[1],
        fewest=workers[0],
        most=workers[2],
        soonest=years[0],
        latest=years[2],
        counted=counted,
        source=source,
    )


_COLLECTION: Final = "the collection"

SITES: Final = (
    _site(
        *("Fordow", (100, 150, 200), (1, 1, 3), Standing.SOURCE),
        "staff: thenationalnews.com, 9 June 2025; begun 2006, suspected the same year; made public "
        "in 2009: nationalinterest.org, 13 Nov 2013",
    ),
    _site(
        *("Natanz", (200, 350, 500), (1, 2, 2), Standing.ASSUMPTION),
        f"begun about 2000, told by insiders in August 2002: {_COLLECTION}; the design document "
        "says below 2",
    ),
    _site(
        *("PC-3", (3_000, 3_500, 4_000), (4, 4, 4), Standing.SOURCE),
        f"half of 7,000 in all: nti.org, Iraq nuclear; 1987 to 1991: {_COLLECTION}",
    ),
    _site(
        *("Al-Kibar", (80, 115, 150), (4, 6, 6), Standing.ASSUMPTION),
        f"begun 2001, suspected 2005, identified 2007: {_COLLECTION}",
    ),
    _site(
        *("Yongbyon enrichment", (40, 70, 100), (4, 7, 8), Standing.ASSUMPTION),
        f"begun 2002 or 2003, suspected 2007, shown by its owner 2010: {_COLLECTION}",
    ),
    _site(
        *("Yongbyon plutonium", (400, 500, 600), (3, 5, 5), Standing.ASSUMPTION),
        f"begun 1979, suspected 1982, identified 1984: {_COLLECTION}",
    ),
    _site(
        *("Libya, centrifuges", (20, 40, 60), (6, 6, 6), Standing.ASSUMPTION),
        f"begun 1997, declared 2003 after a seized shipment: {_COLLECTION}",
    ),
    _site(
        *("Kahuta", (2_000, 2_000, 7_000), (2, 3, 3), Standing.SOURCE),
        "2,000 researchers of 7,000 staff: globalsecurity.org, Kahuta; begun 1976, suspected 1978, "
        f"identified 1979: {_COLLECTION}",
    ),
    _site(
        *("South Africa, weapons", (100, 200, 300), (6, 6, 6), Standing.SOURCE),
        f"100 growing to 300: isis-online.org, Affordable Bomb; 1973 to 1979: {_COLLECTION}",
    ),
    _site(
        *("Lavizan-Shian", (30, 65, 100), (8, 9, 13), Standing.ASSUMPTION),
        f"begun in the early or middle 1990s, identified 2003: {_COLLECTION}",
    ),
    _site(
        *("Dimona", (800, 1_000, 1_500), (1, 1, 3), Standing.ASSUMPTION),
        f"begun 1958, seen 1959: {_COLLECTION}; understood in December 1960, almost three years "
        "later: glosm.org, Dimona revealed",
    ),
)
"""Eleven of the collection's twelve."""
