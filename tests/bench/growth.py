"""What a simulated network costs as it grows: twice the labs, periods and verifiers.

`python -m tests.bench.growth` runs the protocol in virtual time with real signatures and counts
processor time, in rounds one after the other and the median of each; a loop of plain Python beside
each run corrects for a processor that others use as well. A cost is linear where it grows as the
work does, within a tenth. Twice the labs or periods are twice the work; verifiers hold one
another's logs too, so that twice as many hold more than twice as many copies (decision 0051). Last
comes a year: 8 labs and 4 verifiers for 365 daily periods, unless `--without-year` is given.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from pausenet.scenario.plan import LabPlan, Scenario, VerifierPlan
from pausenet.simulator.run import simulate
from pausenet.values import ParticipantId

DAY = 86_400
LABS, PERIODS, VERIFIERS = 3, 24, 4
ROUNDS = 3
YEAR = (8, 365, 4)
YEAR_S_MAX = 60
LINEAR = 0.10


def network(labs: int, periods: int, verifiers: int) -> Scenario:
    """A network of daily periods in which everybody is honest and nothing breaks."""
    return Scenario(
        question="What does a network cost as it grows?",
        name="growth",
        seed=7,
        periods=periods,
        speed=DAY,
        period_s=DAY,
        deadline_s=DAY // 4,
        grace_s=4 * DAY + 1,
        notice_periods=4,
        verifiers=tuple(
            VerifierPlan(name=ParticipantId(f"verifier-{number}"), bloc=f"bloc-{number}")
            for number in range(verifiers)
        ),
        labs=tuple(
            LabPlan(
                name=ParticipantId(f"lab-{number}"),
                accelerators=20_000,
                sites=2,
                utilisation_ppm=600_000,
                training_ppm=500_000,
            )
            for number in range(labs)
        ),
    )


def spent(run: Callable[[], object]) -> float:
    """The processor time of a call in seconds."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def cost(labs: int, periods: int, verifiers: int) -> float:
    """The processor time of a run, as a multiple of that of a loop beside it."""
    before = spent(_loop)
    found = spent(lambda: simulate(network(labs, periods, verifiers)))
    return found / (before + spent(_loop))


def _loop() -> None:
    held: dict[int, tuple[int, str]] = {}
    for number in range(400_000):
        held[number & 1023] = (number, str(number & 7))


def growth() -> list[str]:
    """The three doublings, each beside the run that it doubles."""
    base = (LABS, PERIODS, VERIFIERS)
    doubled = {
        "labs": (2 * LABS, PERIODS, VERIFIERS),
        "periods": (LABS, 2 * PERIODS, VERIFIERS),
        "verifiers": (LABS, PERIODS, 2 * VERIFIERS),
    }
    costs: dict[str, list[float]] = {name: [] for name in ("base", *doubled)}
    for _ in range(ROUNDS):
        for name, sizes in (("base", base), *doubled.items()):
            costs[name].append(cost(*sizes))
    whole = statistics.median(costs["base"])
    lines = [f"{LABS} labs, {PERIODS} periods, {VERIFIERS} verifiers, each doubled in its turn:"]
    for name, sizes in doubled.items():
        ratio = statistics.median(costs[name]) / whole
        work = copies(*sizes) / copies(*base) if name == "verifiers" else 2.0
        linear = "linear" if ratio <= work * (1 + LINEAR) else "more than linear"
        lines.append(
            f"  twice the {name:<10} {ratio:5.2f} x the cost, {work:.2f} x the work: "
            f"{linear} within a tenth"
        )
    return lines


def copies(labs: int, _periods: int, verifiers: int) -> int:
    """How many copies of logs the verifiers hold: labs', meters' and one another's, each all."""
    return verifiers * (2 * labs + verifiers)


def year() -> str:
    """A year of daily periods with real signatures."""
    labs, periods, verifiers = YEAR
    found = spent(lambda: simulate(network(labs, periods, verifiers)))
    met = "within" if found <= YEAR_S_MAX else "above"
    return (
        f"{labs} labs, {verifiers} verifiers, {periods} daily periods: {found:.1f} s of processor "
        f"time, {met} {YEAR_S_MAX} s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--without-year", action="store_true", help="leave the year out")
    wanted = parser.parse_args()
    print(*growth(), sep="\n", flush=True)
    if not wanted.without_year:
        print(year())
    return 0


if __name__ == "__main__":
    sys.exit(main())
