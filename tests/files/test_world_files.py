"""The section `world` of a scenario file: read, drawn, written back, refused where it is wrong."""

from __future__ import annotations

import pytest

from pausenet.cli.measured_words import drawn_sentences
from pausenet.errors import MalformedFile
from pausenet.files import parse_scenario, scenario_digest, write_scenario
from pausenet.files.resolved import resolved
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import Scenario
from pausenet.scenario.world import MONTH_S, STEADY_WORLD, Bottleneck, Future
from pausenet.simulator.drawing import drawn, spreads_of
from pausenet.simulator.outcome.course import assumed

HEAD = """\
question: What is hidden compute worth?
name: outside
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
hosts: [foundry]
evaluators: [lantern]
"""
WORLD = """\
world:
  algorithms: {halving: 5 to 20 months, source: a page}
  frontier: {largest_run: 3e26 to 8e26, growth: 3 to 6}
  loop: {future: compounding, doubling: 6 months to 18 months}
  limits:
    - {of: compute, multiple: 4, doubling: 10 months}
    - {of: review, multiple: 2 to 5, source: "assumption: a guess"}
  fleets: {doubling: 8 to 12 months, every: 4, vendor: foundry}
  indicators:
    - {indicator: merged-code-share, about: aurora, by: [lantern, aurora], begins: 70 % to 80 %}
    - {indicator: task-horizon, about: birch, by: [lantern], begins: 12 hours, error: 5 %}
    - {indicator: training-code-speed-up, about: birch, by: [lantern], begins: 52.5, every: 3}
"""


def scenario(text: str = HEAD + WORLD) -> Scenario:
    return parse_scenario(text, name="s.yaml", stem="s")


def test_a_world_is_read_and_written_back() -> None:
    found = scenario()
    assert found.world.algorithms.halving_s == Spread(5 * MONTH_S, 20 * MONTH_S)
    assert found.world.frontier.largest_run_pflop == Spread(3 * 10**11, 8 * 10**11)
    assert found.world.loop.future is Future.COMPOUNDING
    values = [path.begins for path in found.world.indicators]
    assert values == [Spread(700_000, 800_000), 43_200, 52_500]
    assert [limit.of for limit in found.world.limits] == [Bottleneck.COMPUTE, Bottleneck.REVIEW]
    assert scenario(write_scenario(found)) == found


def test_a_scenario_without_a_world_is_what_it_was() -> None:
    plain = scenario(HEAD)
    assert plain.world == STEADY_WORLD
    assert "world" not in resolved(plain)
    said = scenario(HEAD + "world: {loop: {future: steady, source: assumption}, limits: []}\n")
    assert scenario_digest(said) == scenario_digest(plain)


def test_an_interval_around_the_usual_number_is_another_world() -> None:
    unsure = scenario(HEAD + "world: {algorithms: {halving: 4 to 16 months}}\n")
    assert unsure.world.algorithms.halving_s == STEADY_WORLD.algorithms.halving_s
    assert scenario_digest(unsure) != scenario_digest(scenario(HEAD))
    assert scenario(write_scenario(unsure)) == unsure


def test_the_seed_draws_every_interval_of_the_world() -> None:
    found = scenario()
    assert [path for path, _ in spreads_of(found)] == [
        ("world", "algorithms", "halving_s"),
        ("world", "frontier", "largest_run_pflop"),
        ("world", "frontier", "growth_micro"),
        ("world", "loop", "doubling_s"),
        ("world", "limits", "review", "multiple_micro"),
        ("world", "fleets", "doubling_s"),
        ("world", "indicators", "aurora-merged-code-share", "begins"),
    ]
    worlds = {drawn(found, seed).world for seed in range(8)}
    assert len(worlds) == 8
    assert all(spreads_of(drawn(found, seed)) == () for seed in range(3))
    (told,) = drawn_sentences(found)
    assert "world.frontier.growth 3 to 6" in told
    assert "world.frontier.largest_run 3e+26 FLOP to 8e+26 FLOP" in told


def test_every_number_of_the_world_is_told_with_what_it_rests_on() -> None:
    told = {name: str(figure) for name, figure in assumed(scenario().world).items()}
    assert told["time in which the compute for one result halves"] == (
        "10 (5 to 20) months [source: a page]"
    )
    assert "[assumption: a guess]" in told["what review bears"]
    assert "what compute bears doubles in" in told
    assert "time in which every declared fleet doubles" in told
    assert told["growth of the largest run without a pause"].startswith("4.24264 (3 to 6) a year")
    usual = assumed(STEADY_WORLD)
    assert str(usual["largest run when the pause began"]).endswith("greaterwrong.com]")
    assert len(usual) == 7


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("halving:", "halfing:", '9:16 unknown key "halfing" - did you mean "halving"?'),
        ("5 to 20 months", "20 to 5 months", "9:25 expected an interval that begins above 0"),
        ("5 to 20 months", "5 months to 20", "9:25 expected the unit at both ends"),
        ("5 to 20 months", "5 to 20", "expected a span such as"),
        ("5 to 20 months", "1 to 20 days", "9:25 halving: expected a week to 3000 years"),
        ("growth: 3", "growth: 1", "growth: expected more than 1"),
        ("growth: 3 to 6", "growth: 3 MW", "expected a number, found"),
        ("3e26 to 8e26", "0", "10:27 largest_run: expected FLOP above 0"),
        ("compounding, d", "closing, d", "expected one of steady, plateau, compounding, closed"),
        ("compounding, d", "plateau, d", "11:9 people: a plateau takes a share"),
        ("compounding, d", "steady, d", "doubling: a steady future has none"),
        (", doubling: 6 months to 18 months", "", "doubling: mandatory, a compounding future"),
        ("of: review", "of: patience", "expected one of compute, energy, review"),
        ("of: review", "of: energy", "13:5 limits: a compounding future needs one of review"),
        ("of: review", "of: compute", "13:5 limits: one stated twice"),
        ("multiple: 4", "multiple: 0.5", "13:31 multiple: expected 1 to 1000000 times"),
        ("multiple: 4, ", "", '13:7 missing key "multiple"'),
        ("every: 4", "every: 0", "15:45 every: expected 1..400 periods"),
        ("vendor: foundry", "vendor: quarry", "15:56 world.fleets.vendor: no host of this name"),
        ("by: [lantern, a", "by: [nobody, a", "neither an evaluator nor the lab itself"),
        ("by: [lantern, a", "by: [foundry, a", "neither an evaluator nor the lab itself"),
        ("by: [lantern, a", "by: [birch, a", "neither an evaluator nor the lab itself"),
        ("about: aurora", "about: dahlia", "world.indicators: no lab of this name"),
        ("begins: 70 % to 80 %", "begins: 70 %, from: -1", "expected a whole number"),
        ("70 % to 80 %", "100 %", "17:84 begins: expected above 0 and below 1000000 ppm"),
        ("begins: 12 hours", "begins: 12", "18:70 expected a span such as"),
        ("begins: 52.5", "begins: fast", "19:80 expected a value such as"),
        ("indicator: task-horizon", "indicator: horizon", "expected one of merged-code-share"),
        ("{doubling: 8 to 12 months, every", "{every", '15:11 missing key "doubling"'),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    text = HEAD + WORLD
    assert old in text
    with pytest.raises(MalformedFile) as refused:
        scenario(text.replace(old, new))
    assert problem in str(refused.value)
