import subprocess
import sys

from pausenet.simulator.randomness import happens, seed_bytes, stream


def test_a_stream_begins_anew_each_time_it_is_asked_for():
    assert [stream(7, "network").random() for _ in range(2)] == [stream(7, "network").random()] * 2


def test_streams_of_different_names_or_seeds_do_not_agree():
    draws = {
        stream(seed, *names).random() for seed in (7, 8) for names in (("a",), ("b",), ("a", "b"))
    }
    assert len(draws) == 6


def test_draws_from_one_stream_leave_another_as_it_was():
    alone = stream(7, "disk").random()
    other = stream(7, "network")
    disk = stream(7, "disk")
    [other.random() for _ in range(100)]
    assert disk.random() == alone


def test_a_chance_of_zero_draws_nothing():
    chance = stream(7, "network")
    assert not happens(chance, 0)
    assert chance.random() == stream(7, "network").random()


def test_a_certain_chance_always_happens():
    assert all(happens(stream(seed, "x"), 1_000_000) for seed in range(50))


def test_draws_do_not_depend_on_the_hash_seed():
    code = (
        "from pausenet.simulator.randomness import seed_bytes, stream\n"
        "print(seed_bytes(7, 'k').hex(), stream(7, 'n').random())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert found == {f"{seed_bytes(7, 'k').hex()} {stream(7, 'n').random()}\n"}
