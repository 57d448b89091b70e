"""Many seeds of the swarm on all cores: `python -m tests.simulator.soak --seeds 10000`.

It prints how often each fault and each attack has happened, how many seeds a processor second
bears, and which seeds break a promise, each with the command that repeats it. It exits 1 where a
promise is broken, something has happened too seldom, the same seed tells another story in another
process with other hashes (P6), or a stranger with a bundle alone comes to another conclusion (P3).
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pausenet.protocol.bundle import verify_bundle
from pausenet.simulator.run import RunResult
from tests.simulator.swarms import FAULTS, KINDS, case

CHUNK = 20
STRANGER_EVERY = 100
BUNDLES_TRIED = 2
FIRED_PER_SEED = 100 / 10_000
REPEATED = 200
JUDGED_FROM = 2_000
"""With fewer seeds chance alone leaves out what is seldom: that is told, and nothing is wrong."""


@dataclass(kw_only=True)
class Told:
    """What some seeds have told; sums of it are made of the chunks."""

    fired: Counter = field(default_factory=Counter)
    spent: Counter = field(default_factory=Counter)
    seeds: Counter = field(default_factory=Counter)
    events: int = 0
    traces: dict = field(default_factory=dict)
    broken: list = field(default_factory=list)

    def add(self, other: "Told") -> None:
        for name in ("fired", "spent", "seeds"):
            getattr(self, name).update(getattr(other, name))
        self.events += other.events
        self.traces |= other.traces
        self.broken += other.broken


def collect_seldom() -> None:
    """A run leaves few cycles behind: it is enough to look for them after each chunk."""
    gc.collect()
    gc.freeze()
    gc.disable()


def run_chunk(seeds: Iterable[int]) -> Told:
    gc.collect()
    told = Told()
    for seed in seeds:
        wanted, begin = case(seed), time.process_time()
        try:
            result = wanted.run()
        except Exception as error:  # whatever it is, its seed is wanted
            told.broken.append((seed, f"{type(error).__name__}: {error}"))
            continue
        told.spent[str(wanted.signatures)] += time.process_time() - begin
        told.seeds[str(wanted.signatures)] += 1
        told.events += result.events
        told.fired.update(result.fired)
        told.traces[seed] = result.trace.hex()
        told.broken += [(seed, f"{v.promise}: {v.text}") for v in result.violations]
        if seed % STRANGER_EVERY == 0:
            told.broken += [(seed, text) for text in disagreements_of_a_stranger(result)]
    return told


def disagreements_of_a_stranger(result: RunResult) -> list[str]:
    """P3: verify bundles as somebody who has nothing but them, in a process of its own."""
    found = []
    for data in list(result.bundles.values())[:BUNDLES_TRIED]:
        expected = verify_bundle(data, result.network_id).exit_code
        code = exit_code_of_a_stranger(data, result.network_id)
        if code != expected:
            found.append(f"P3: a stranger's exit code is {code}, not {expected}")
    return found


def exit_code_of_a_stranger(data, network_id) -> int:
    with tempfile.TemporaryDirectory() as room:
        file = Path(room, "bundle.json")
        file.write_bytes(data)
        words = ["-I", "-m", "pausenet", "verify", str(file), "--network-id", network_id.hex()]
        done = subprocess.run(
            [sys.executable, *words], cwd=room, capture_output=True, text=True, check=False
        )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def told_by_another_process(seeds: Iterable[int]) -> dict[int, str]:
    """P6: the digests of the same seeds, in a process that hashes otherwise."""
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator.repeat", "--seed", *map(str, seeds)],
        env={**os.environ, "PYTHONHASHSEED": other},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (line.split() for line in done.stdout.splitlines() if line[:1].isdigit())
    return {int(seed): digest for seed, digest, _ in lines}


def report(told: Told, seeds: int, wall_s: float) -> list[str]:
    """Print what has happened; give what is wrong."""
    wrong = []
    for name in (*FAULTS, *(f"cheat.{kind}" for kind in KINDS)):
        count = told.fired[name]
        print(f"{count:>10}  {name}", flush=True)
        if count < seeds * FIRED_PER_SEED and seeds < JUDGED_FROM:
            print(f"            too few seeds to judge it by: {JUDGED_FROM} do")
        elif count < seeds * FIRED_PER_SEED:
            wrong.append(f"{name} happened {count} times in {seeds} seeds")
    for name, count in sorted(told.seeds.items()):
        spent = told.spent[name]
        print(f"{count} seeds with {name}: {count / spent:.2f} a processor second")
    spent = sum(told.spent.values())
    print(f"{seeds} seeds, {told.events} events: {seeds / spent:.2f} seeds a processor second;")
    print(f"{seeds / wall_s:.2f} seeds a second of the clock, {wall_s:.0f} s in all")
    for seed, text in told.broken:
        wrong.append(
            f"{text}\n  repeat it: python -m tests.simulator.repeat --shrink --seed {seed}"
        )
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.soak", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="N")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N")
    wanted = parser.parse_args()
    end = wanted.first + wanted.seeds
    chunks = [range(at, min(at + CHUNK, end)) for at in range(wanted.first, end, CHUNK)]
    told, begin = Told(), time.monotonic()
    with ProcessPoolExecutor(wanted.workers, initializer=collect_seldom) as pool:
        for chunk in pool.map(run_chunk, chunks):
            told.add(chunk)
    wrong = report(told, wanted.seeds, time.monotonic() - begin)
    again = sorted(told.traces)[:: max(1, len(told.traces) // REPEATED)][:REPEATED]
    if told_by_another_process(again) != {seed: told.traces[seed] for seed in again}:
        wrong.append("P6: another process with other hashes tells another story")
    print(f"{len(again)} seeds were told again by another process with other hashes")
    print(*(f"WRONG: {text}" for text in wrong), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
