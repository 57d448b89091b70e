"""One run with real processes, from the scenario's name to the last line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pausenet.cli import network
from pausenet.cli.collect import bundles_on_disk, collect_bundles, collect_logs
from pausenet.cli.conclusion import conclude
from pausenet.cli.exits import ExitCode
from pausenet.cli.live import LiveNetwork
from pausenet.cli.options import Format
from pausenet.cli.outcome import Outcome, agreed
from pausenet.cli.output import Screen
from pausenet.cli.processes import Children, terminated_as_interrupt
from pausenet.cli.program import command
from pausenet.cli.rundir import make_run_dir
from pausenet.cli.spoken import read_entries, read_run
from pausenet.errors import PausenetError
from pausenet.files.scenario import read_scenario
from pausenet.files.stories import find_scenario
from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.proceedings import NOTHING, decided, proceedings
from pausenet.protocol.stock import reconcile
from pausenet.scenario.plan import Scenario
from pausenet.simulator.drawing import drawn
from pausenet.simulator.follow_up import with_follow_up
from pausenet.simulator.outside import CATALOGUE, with_cheats


def load_scenario(named: str, seed: int | None) -> Scenario:
    """The scenario of a name or file, with another seed where one is given."""
    scenario = read_scenario(find_scenario(named), CATALOGUE)
    return scenario if seed is None else replace(scenario, seed=seed)


def load_drawn(named: str, seed: int | None) -> Scenario:
    """The same for one run: with a number for everything that it gives as an interval."""
    scenario = load_scenario(named, seed)
    return drawn(scenario, scenario.seed)


def run_live(
    *,
    named: str,
    seed: int | None,
    out: Path | None,
    format: Format,
    screen: Screen,
    port_base: int,
) -> ExitCode:
    """Bring the network up, watch it, collect, stop everything, print the ending."""
    scenario = with_cheats(load_drawn(named, seed))
    scenario = with_follow_up(scenario, scenario.seed)
    run = make_run_dir(scenario, out)
    screen.progress(f"{scenario.name}: {scenario.question}")
    screen.progress(f"run directory: {run}")
    directory = run / "network"
    addresses = network.loopback_addresses(scenario, port_base)
    register = network.make(
        directory,
        scenario,
        seed=scenario.seed,
        addresses=addresses,
        http=network.loopback_edges(scenario, port_base, addresses),
    )
    screen.progress(f"network {register.network_id}: keys, register and certificates are made")
    try:
        with terminated_as_interrupt(), Children(logs=run / "processes") as children:
            live = LiveNetwork(scenario, register, directory, children, screen)
            live.up()
            watched = live.watch()
    except KeyboardInterrupt:
        screen.progress("every process that was started has been ended")
        raise
    verifiers = tuple(plan.name for plan in scenario.verifiers)
    labs = agreed(scenario, watched.appraisals)
    outcome = Outcome(
        network=register.network_id,
        labs=labs,
        bundles=collect_bundles(run, bundles_on_disk(directory, verifiers), labs),
        verifiers=verifiers,
        seed=scenario.seed,
        sightings=watched.sightings,
        live=True,
    )
    collect_logs(run, directory)
    life, told = decided_by_logs(run)
    outcome = replace(outcome, life=life, decided=told, open_items=open_by_logs(run))
    return conclude(
        scenario,
        outcome,
        run=run,
        transcript="".join(f"{line}\n" for line in watched.transcript),
        repeat=command("demo", "--scenario", named, "--seed", scenario.seed),
        format=format,
        screen=screen,
    )


def decided_by_logs(run: Path) -> tuple[Lifecycle, tuple[str, ...]]:
    """What the cases have come to by the logs collected, and in words, where a panel hears them."""
    try:
        register, logs = read_entries(run)
        if not register.agreement.adjudicator.panel:
            return NOTHING, ()
        life = proceedings(register, logs)
        return life, decided(life)
    except PausenetError as error:
        return NOTHING, (f"what the panel decided cannot be read from the logs: {error}",)


def open_by_logs(run: Path) -> tuple[str, ...]:
    """What the chip account leaves open by the logs collected."""
    try:
        spoken = read_run(run)
    except PausenetError as error:
        return (f"the logs cannot be read: {error}",)
    return tuple(item.line for item in reconcile(spoken.register, spoken.logs).items)
