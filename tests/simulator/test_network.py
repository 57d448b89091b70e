import pytest

from pausenet.simulator.clock import draw_clock
from pausenet.simulator.network import Network, NetworkFaults, Reach, both_ways
from pausenet.simulator.randomness import stream
from pausenet.values import NetworkTime, ParticipantId

A, B, C = (ParticipantId(name) for name in "abc")
REACH = Reach(delay_s_min=10, delay_s_max=100)


def network(**faults):
    return Network(seed=7, reach=REACH, faults=NetworkFaults(**faults))


def test_a_good_network_delivers_once_and_in_bounds():
    good = network()
    for _ in range(100):
        (arrival,) = good.arrivals(1_000, A, B)
        assert 1_010 <= arrival <= 1_100


def test_messages_overtake_each_other():
    good = network()
    arrivals = [good.arrivals(moment, A, B)[0] for moment in range(100)]
    assert arrivals != sorted(arrivals)


def test_a_network_that_loses_everything_delivers_nothing():
    assert all(network(loss_ppm=1_000_000).arrivals(0, A, B) == () for _ in range(20))


def test_a_doubling_network_delivers_twice_and_counts_it():
    doubling = network(duplicate_ppm=1_000_000)
    assert len(doubling.arrivals(0, A, B)) == 2
    assert doubling.fired["network.doubled"] == 1


def test_stragglers_come_after_the_ordinary_bound():
    straggling = network(straggle_ppm=1_000_000)
    assert max(straggling.arrivals(0, A, B)[0] for _ in range(50)) > 100


def test_a_one_way_cut_leaves_the_other_way_open():
    cut = network()
    cut.cut([(A, B)])
    assert cut.arrivals(0, A, B) == ()
    assert cut.arrivals(0, B, A) != ()


def test_a_link_cut_twice_opens_at_the_second_heal():
    cut = network()
    links = both_ways(A, (B, C))
    cut.cut(links)
    cut.cut([(A, B)])
    cut.heal(links)
    assert cut.is_cut(A, B)
    cut.heal([(A, B)])
    assert not cut.is_cut(A, B)


def test_the_liveness_phase_has_neither_cuts_nor_losses():
    bad = network(loss_ppm=1_000_000)
    bad.cut(both_ways(A, (B,)))
    bad.heal_all()
    assert len(bad.arrivals(0, A, B)) == 1


def test_one_links_traffic_does_not_change_anothers_delays():
    quiet, busy = network(), network()
    for _ in range(50):
        busy.arrivals(0, A, C)
    assert [quiet.arrivals(0, A, B) for _ in range(9)] == [busy.arrivals(0, A, B) for _ in range(9)]


def test_delays_that_run_backwards_are_refused():
    with pytest.raises(ValueError, match="min <= max"):
        Reach(delay_s_min=5, delay_s_max=4)


@pytest.mark.parametrize("seed", range(20))
def test_honest_clocks_stay_within_half_of_epsilon_and_never_run_back(seed):
    start, epsilon = NetworkTime(1_000_000), 8_640
    clock = draw_clock(stream(seed, "c"), start=start, span_s=10**6, epsilon_s=epsilon)
    shown = [clock.shows(true) for true in range(start, start + 2 * 10**6, 997)]
    assert shown == sorted(shown)
    assert all(
        2 * abs(shows - true) <= epsilon
        for shows, true in zip(shown, range(start, start + 2 * 10**6, 997), strict=True)
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_timer_fires_at_the_first_moment_its_clock_shows_it(seed):
    start = NetworkTime(1_000_000)
    clock = draw_clock(stream(seed, "c"), start=start, span_s=10**6, epsilon_s=8_640)
    for wanted in range(start, start + 10**6, 99_991):
        moment = clock.moment(wanted)
        assert clock.shows(moment) >= wanted > clock.shows(moment - 1)
