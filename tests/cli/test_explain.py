"""`pausenet evidence explain`: a bundle in plain words, and nothing that it does not show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from pausenet.cli.explain import account, explained, weighing
from pausenet.cli.explain.meanings import BY_INSPECTION, MEANINGS
from pausenet.cli.explain.metered import beyond, counting
from pausenet.cli.explain.weighing import weighed
from pausenet.cli.explain.worth import BASE_RATE, Rates, beside, read_base_rate, stated_rates, worth
from pausenet.errors import MalformedBundle, Misuse
from pausenet.inference.fusion.odds import Alarm, posterior
from pausenet.protocol.evidence import decode_bundle
from pausenet.statements import canonical
from pausenet.statements.finding import Fault, FaultClass
from tests.cli.conftest import Called
from tests.protocol.bundles import all_bundles

Call = Callable[..., Called]
PARTS = (
    *("What it claims", "How sure it is", "What it rests on", "What such evidence can see"),
    *("What it cannot see", "What it is worth", "What independent channels would add"),
)
SERIES = (
    "alpha 50000 ppm for all 3 tests over 52 periods; power against 979282466 Wh: 99 % in two "
    "periods that hide it each, 34 % spread over 52; series from 4"
)


def said(data: bytes, base: Fraction | None = None) -> str:
    network = decode_bundle(data).network
    return "\n".join(explained(data, network, base).lines())


@pytest.mark.parametrize("name", sorted(all_bundles()))
def test_every_kind_of_bundle_is_explained_in_all_its_parts(name: str) -> None:
    data = all_bundles()[name]
    claim = decode_bundle(data).accusation
    text = said(data)
    assert [line for line in text.splitlines() if not line.startswith(" ")] == list(PARTS)
    assert f"this is {claim.fault}" in text
    words = " ".join(text.split())
    assert ("It is a proof, because" in words) == (claim.fault.fault_class is FaultClass.PROOF)
    assert ("It is no proof" in words) == (claim.fault.fault_class is FaultClass.WARRANT)
    assert max(map(len, text.splitlines())) <= 98


def test_every_fault_has_a_meaning_in_sentences() -> None:
    assert set(MEANINGS) == set(Fault)
    for meaning in (*MEANINGS.values(), BY_INSPECTION):
        for sentence in (meaning.rests_on, meaning.why, meaning.sees, meaning.blind, meaning.adds):
            assert re.fullmatch(r"[A-Z].+\.", sentence), sentence


def test_every_bundle_of_a_meter_states_rates_that_can_be_read() -> None:
    """Words that drift apart from the finding's show here."""
    metered = [
        data
        for data in all_bundles().values()
        if (claim := decode_bundle(data).accusation).fault is Fault.F7
        and "an inspection found" not in claim.text
    ]
    assert metered
    for data in metered:
        assert stated_rates(decode_bundle(data).accusation.text)
        assert "positive predictive value" in said(data)


def test_a_proof_has_no_base_rate_and_an_account_says_what_it_cannot_see() -> None:
    for data in all_bundles().values():
        claim, text = decode_bundle(data).accusation, said(data)
        if claim.fault.fault_class is FaultClass.PROOF:
            assert "positive predictive value" not in text
        metered = claim.fault is Fault.F7 and "an inspection found" not in claim.text
        assert ("  The meter is " in text) == metered
        assert ("- E02:" in text) == ("- E22:" in text) == (claim.fault is Fault.F6 or metered)


def test_the_share_of_true_alarms_is_that_of_the_base_rate_trap() -> None:
    assert len(stated_rates(SERIES)) == 2
    for rates in stated_rates(SERIES):
        alarm = Alarm(
            candidates=500,
            real=Fraction(1),
            detection=rates.detection,
            false_alarm=rates.false_alarm,
        )
        found = " ".join(worth(rates, BASE_RATE, assumed=True))
        percent = float(100 * alarm.positive_predictive_value)
        share = f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
        assert f"at least {share} of such alarms are true" in found
        assert "an assumption of this program" in found


def test_the_rates_are_those_of_the_sentence() -> None:
    sudden, spread = stated_rates(SERIES)
    assert sudden.false_alarm == spread.false_alarm == Fraction(5, 100)
    assert (sudden.detection, spread.detection) == (Fraction(99, 100), Fraction(34, 100))
    for other in ("an inspection found 1 of 2", SERIES.replace("ppm for", "for"), ""):
        assert stated_rates(other) == ()


@pytest.mark.parametrize("percent", [0, 4, 5])
def test_a_test_that_alarms_no_more_often_than_by_chance_is_said_to_see_nothing(
    percent: int,
) -> None:
    rates, _ = stated_rates(SERIES.replace("99 %", f"{percent} %"))
    found = " ".join(worth(rates, BASE_RATE, assumed=True))
    assert "it does not see that" in found
    assert "of such alarms are true" not in found


def test_a_second_channel_that_is_silent_takes_back_what_one_that_alarms_adds() -> None:
    (rates, _) = stated_rates(SERIES)
    (found,) = beside(rates, BASE_RATE)
    alarms, silent = (
        float(each) for each in re.findall(r"([0-9.]+) %(?:;| is left\. A)", found)[-2:]
    )
    assert silent < 3.8 < alarms


def test_power_against_more_than_a_lab_ever_used_is_said_to_be_so() -> None:
    data = all_bundles()["F7 plausible"]
    bundle = decode_bundle(data)
    large, spread = stated_rates(SERIES)
    (found,) = beyond(large, bundle)
    assert "more than this lab used in a period" in found
    assert "979 MWh cannot have been hidden" in found
    assert tuple(beyond(spread, bundle)) == ()
    assert tuple(beyond(replace(large, at_once_wh=1), bundle)) == ()


def test_what_cannot_have_been_hidden_here_is_not_gone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    data = all_bundles()["F7 plausible"]
    before = " ".join(said(data).split())
    assert "the figure for the same spread out" not in before
    monkeypatch.setattr(account, "stated_rates", lambda _: stated_rates(SERIES))
    words = " ".join(said(data).split())
    assert "so what follows goes by the figure for the same spread out" in words
    (found,) = beside(stated_rates(SERIES)[1], BASE_RATE)
    assert found in words


def test_an_alarm_names_its_own_test_and_not_the_periods_of_hiding() -> None:
    rates = stated_rates(SERIES)
    head = "metered energy is above declared energy "
    row = f"{head}in periods 3 and 4: z = 9 and 9"
    page = f"{head}over periods 4 to 6: Page's test for a {{}} shift, k = 1"
    assert counting(row, rates)[0] is counting(page.format("large"), rates)[0] is rates[0]
    found, words = counting(page.format("small"), rates)
    assert found is rates[1]
    assert "the second of these figures" in words
    data = said(all_bundles()["F7 plausible"])
    words = " ".join(data.split())
    assert "The alarm came with period 4, by a pair of periods that began in period 3" in words
    assert "It is about" not in words


def test_a_base_rate_is_printed_as_a_whole_number() -> None:
    (rates, _) = stated_rates(SERIES)
    assert " in 10,000 does so" in " ".join(worth(rates, Fraction(1, 10_000), assumed=False))


def test_rates_that_are_none_are_refused() -> None:
    with pytest.raises(Misuse):
        Rates(candidate="a", hidden="b", detection=Fraction(1), false_alarm=Fraction(0))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/500", Fraction(1, 500)),
        ("0.2 %", Fraction(1, 500)),
        ("0.002", Fraction(1, 500)),
        ("5%", Fraction(1, 20)),
    ],
)
def test_base_rates_are_read_as_people_write_them(text: str, share: Fraction) -> None:
    assert read_base_rate(text) == share


@pytest.mark.parametrize(
    "text", ["0", "1", "2/1", "1/0", "-1/5", "1e-3", "", "1 / 5", "\u0661/\u0665"]
)
def test_base_rates_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Misuse):
        read_base_rate(text)


def test_a_bundle_that_does_not_show_its_claim_is_not_explained() -> None:
    value = json.loads(all_bundles()["F1"])
    value["claim"]["text"] = "it cheats"
    del value["digest"]
    value["digest"] = sha256(canonical.encode(value)).hexdigest()
    found = explained(canonical.encode(value), None)
    assert not found.holds
    assert "it cheats" not in "\n".join(found.lines())
    with pytest.raises(MalformedBundle):
        explained(b"{}", None)


def test_the_command_judges_and_tells(call: Call, tmp_path: Path) -> None:
    data = next(
        each
        for each in all_bundles().values()
        if "power against" in decode_bundle(each).accusation.text
    )
    path = tmp_path / "bundle.json"
    path.write_bytes(data)
    called = call("evidence", "explain", str(path))
    assert called.code == 0
    assert "pin it with --network-id" in called.out
    assert "--network-id HEX, the network id that you trust" in called.out
    pinned = decode_bundle(data).network.hex()
    named = call("evidence", "explain", str(path), "--network-id", pinned, "--base-rate", "1/10")
    assert "pin it" not in named.out
    assert f"pausenet verify {path} --network-id {pinned}" in named.out
    shown = call("evidence", "show", str(path)).out
    assert "--network-id HEX, the network id that you trust" in shown
    assert f"--network-id {pinned}" not in shown
    assert "as you gave it" in named.out
    assert call("evidence", "explain", str(path), "--base-rate", "2").code == 2
    path.write_bytes(data.replace(b"plausible", b"confirmed"))
    assert call("evidence", "explain", str(path)).code == 2


def test_evidence_is_weighed_channel_by_channel(call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "evidence"
    kept.mkdir()
    for number, data in enumerate(all_bundles().values()):
        (kept / f"{number}.json").write_bytes(data)
    run = ("evidence", "weigh", "--run", str(tmp_path))
    called = call(*run, "--cost", "aurora-meter=12")
    assert called.code == 0
    line = next(each for each in called.out.splitlines() if each.startswith("    aurora-meter"))
    assert "without it 0.2 %" in line
    assert "cost 12, of a point 3.3" in line
    assert "not counted: F1: a proof stands by itself" in called.out
    rows = [json.loads(row) for row in call(*run, "--format", "json").out.splitlines()]
    accused = {row["accused"]: row for row in rows}
    (way,) = accused["aurora"]["ways"]
    (channel,) = way["channels"]
    assert (channel["name"], channel["without_it"]) == ("aurora-meter", "0.002")
    assert accused["birch"]["ways"] == []
    for wrong in ("birch=1", "aurora-meter=-1", "aurora-meter"):
        assert call(*run, "--cost", wrong).code == 2
    assert call(*run, "--base-rate", "1").code == 2


def test_evidence_is_weighed_by_the_power_of_a_whole_series_against_each_way_of_hiding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = next(d for d in all_bundles().values() if "power against" in said(d))
    stated = stated_rates(SERIES)
    monkeypatch.setattr(weighing, "stated_rates", lambda _: stated)
    (found,) = weighed([data], BASE_RATE, {})
    assert "spread over 52 periods" in stated[1].hidden
    assert [*found.ways] == [each.hidden for each in stated]
    for rates, way in zip(stated, found.ways.values(), strict=True):
        assert way.weights[0].with_it == pytest.approx(float(posterior(BASE_RATE, rates.ratio)))
        assert "over a series of 52 periods of a lab" in way.power
        assert f"in at least {100 * float(rates.detection):.2g} %" in way.power


def test_what_is_computed_from_detection_that_is_sure_is_said_to_be_at_least_so() -> None:
    (rates, _) = stated_rates(SERIES)
    (found,) = beside(rates, BASE_RATE)
    assert "too would lift it to at least " in found
    assert "stays silent, at least " in found


def test_a_bundle_that_shows_nothing_has_no_weight() -> None:
    value = json.loads(next(d for d in all_bundles().values() if "power against" in said(d)))
    value["claim"]["text"] = value["claim"]["text"].replace(" ppm", "0 ppm")
    del value["digest"]
    value["digest"] = sha256(canonical.encode(value)).hexdigest()
    (found,) = weighed([canonical.encode(value)], BASE_RATE, {})
    assert found.ways == {}
    assert "its materials do not show it" in found.uncounted[0]


def test_an_alarm_whose_test_sees_no_more_than_chance_takes_nothing_from_its_lab(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Detection is stated from below: 2 % where 5 % alarm by chance is no word for the lab."""
    weak = Rates(
        candidate="series", hidden="b", detection=Fraction(2, 100), false_alarm=Fraction(5, 100)
    )
    data = next(d for d in all_bundles().values() if "power against" in said(d))
    (before,) = weighed([data], BASE_RATE, {})
    assert all(way.weights[0].points > 0 for way in before.ways.values())
    (_, spread) = stated_rates(SERIES)
    monkeypatch.setattr(weighing, "stated_rates", lambda _: (weak, spread))
    (found,) = weighed([data], BASE_RATE, {})
    assert set(found.ways) == {spread.hidden}
    assert "no more often than chance" in found.uncounted[0]
