"""One run in the simulator, from the scenario's name to the last line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from pausenet.cli.collect import collect_bundles
from pausenet.cli.conclusion import conclude
from pausenet.cli.exits import ExitCode
from pausenet.cli.live_run import load_drawn
from pausenet.cli.logfiles import write_log, write_register
from pausenet.cli.options import Format
from pausenet.cli.outcome import Outcome, lab_outcome
from pausenet.cli.output import Screen
from pausenet.cli.program import command
from pausenet.cli.rundir import drop_if_empty, make_run_dir
from pausenet.cli.spoken import WITHHELD_FILE
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine
from pausenet.node.edge.published import COSIGNED
from pausenet.protocol.guard import Guard
from pausenet.protocol.messages import Area, Effect, Event, Report, Told, Write
from pausenet.scenario.changes import JoinPlan
from pausenet.scenario.plan import Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.outside import with_cheats
from pausenet.simulator.run import simulate
from pausenet.values import REGISTER_ORIGIN, Origin, ParticipantId, PeriodIndex

TELL_S: Final = 2.0


@dataclass(slots=True, kw_only=True)
class LogKeeper:
    """Keeps what one verifier writes of every log, as its disk would."""

    verifiers: tuple[ParticipantId, ...]
    entries: dict[tuple[ParticipantId, str], dict[int, bytes]] = field(default_factory=dict)
    notes: dict[tuple[ParticipantId, str], bytes] = field(default_factory=dict)
    lines: dict[Checkpoint, dict[str, SignatureLine]] = field(default_factory=dict)
    withheld: list[dict[str, str | int]] = field(default_factory=list)

    def __call__(self, who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        """Take one step of one machine."""
        if who not in self.verifiers:
            return
        for effect in effects:
            match effect:
                case Write(area=Area.ENTRY, log=log, index=index, data=data):
                    self.entries.setdefault((who, log), {})[index] = data
                case Write(area=Area.CHECKPOINT, log=log, data=data):
                    self.notes[who, log] = data
                case Write(area=Area.GUARD, data=data):
                    self._take_cosignature(data)
                case Report(told=Told.WITHHELD, about=about, facts=facts):
                    told = {f"fact_{name}": value for name, value in facts}
                    self.withheld.append(
                        {
                            "event": str(Told.WITHHELD),
                            "node": str(who),
                            "about": about,
                            "now": int(event.now),
                            **told,
                        }
                    )

    def _take_cosignature(self, record: bytes) -> None:
        """Remember the lines of a storing cosignature: the first by each on each checkpoint."""
        guard = Guard()
        guard.load((record,))
        for data in guard.recalled:
            note = Note.decode(data)
            held = self.lines.setdefault(note.body, {})
            for line in note.signatures:
                held.setdefault(line.name, line)

    def write_cosigned(self, directory: Path, cosigners_min: int) -> None:
        """Write each log's largest checkpoint that so many storing cosigners have signed."""
        largest: dict[str, Note] = {}
        for head, lines in self.lines.items():
            before = largest.get(head.origin)
            if len(lines) > cosigners_min and (before is None or head.size > before.body.size):
                largest[head.origin] = Note(body=head, signatures=tuple(lines.values()))
        directory.mkdir()
        for origin, note in largest.items():
            if origin != REGISTER_ORIGIN:
                (directory / f"{Origin(origin).participant}.note").write_bytes(note.encode())

    def write_withheld(self, path: Path) -> None:
        """Write what was withheld as live nodes log it, one JSON object a line."""
        lines = [orjson.dumps(line, option=orjson.OPT_SORT_KEYS) for line in self.withheld]
        path.write_bytes(b"".join(line + b"\n" for line in lines))

    def write(self, directory: Path) -> None:
        """Write the longest copy of every log as `<directory>/<participant>/`."""
        longest: dict[str, tuple[ParticipantId, Note]] = {}
        for (who, log), data in self.notes.items():
            note = Note.decode(data)
            if log not in longest or note.body.size > longest[log][1].body.size:
                longest[log] = (who, note)
        for log, (who, note) in longest.items():
            held = self.entries[who, log]
            entries = tuple(held[index] for index in range(note.body.size))
            if log != REGISTER_ORIGIN:
                write_log(directory / Origin(log).participant, entries, note)


class Progress:
    """A line every few seconds: which period the simulation has reached, how long still."""

    def __init__(self, scenario: Scenario, screen: Screen) -> None:
        schedule = agreement_of(scenario).schedule
        self._screen, self._periods = screen, scenario.periods
        self._zero = schedule.period(PeriodIndex(0)).start
        self._end = schedule.close(PeriodIndex(scenario.periods - 1))
        self._period_s = scenario.period_s
        self._begun = self._told = time.monotonic()

    def __call__(self, now: int) -> None:
        """Take the time that the simulation has reached."""
        real = time.monotonic()
        if real - self._told < TELL_S:
            return
        self._told = real
        done = (now - self._zero) / (self._end - self._zero)
        if not 0 < done < 1:
            return
        left_s = (real - self._begun) * (1 - done) / done
        reached = min((now - self._zero) // self._period_s, self._periods - 1)
        self._screen.progress(f"  period {reached} of {self._periods}, about {left_s:.0f} s left")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What a simulation came to: its outcome, its story, and promises that did not hold."""

    outcome: Outcome
    transcript: str
    violations: tuple[str, ...]


def simulate_into(run: Path, scenario: Scenario, screen: Screen) -> Simulated:
    """Simulate, and keep the logs, the evidence and the register in a run's directory."""
    verifiers = tuple(plan.name for plan in scenario.verifiers)
    newcomers = tuple(p.verifier for p in scenario.changes if isinstance(p, JoinPlan))
    keeper = LogKeeper(verifiers=(*verifiers, *newcomers))
    progress = Progress(scenario, screen)

    def recorder(who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        keeper(who, event, effects)
        progress(event.now)

    result = simulate(scenario, recorder=recorder)
    last = PeriodIndex(scenario.periods - 1)
    labs = tuple(
        lab_outcome(lab.name, result.appraisals.get(lab.name), last=last) for lab in scenario.labs
    )
    outcome = Outcome(
        network=result.network_id,
        labs=labs,
        bundles=collect_bundles(run, result.bundles, labs),
        verifiers=verifiers,
        seed=scenario.seed,
        sightings=result.sightings,
        decided=result.decided,
        life=result.life,
        open_items=result.open_items,
        leads=tuple((lead.about, lead.channel) for lead in result.leads),
    )
    keeper.write(run / "logs")
    keeper.write_cosigned(run / COSIGNED, result.register.quorum.k)
    write_register(result.register, run)
    keeper.write_withheld(run / WITHHELD_FILE)
    return Simulated(
        outcome=outcome,
        transcript="".join(f"{line}\n" for line in result.transcript),
        violations=tuple(str(each) for each in result.violations),
    )


def run_simulated(
    *, named: str, seed: int | None, out: Path | None, format: Format, screen: Screen
) -> ExitCode:
    """Simulate, collect, print the ending."""
    scenario = with_cheats(load_drawn(named, seed))
    run = make_run_dir(scenario, out)
    screen.progress(f"{scenario.name}: {scenario.question}")
    screen.progress(f"simulating {scenario.periods} periods; run directory: {run}")
    try:
        made = simulate_into(run, scenario, screen)
    except KeyboardInterrupt:
        drop_if_empty(run)
        screen.progress("nothing is kept of a single run that is interrupted")
        raise
    for line in made.transcript.splitlines():
        screen.progress(line)
    for violation in made.violations:
        screen.progress(f"a promise of the protocol was broken: {violation}")
    code = conclude(
        scenario,
        made.outcome,
        run=run,
        transcript=made.transcript,
        repeat=command("run", named, "--seed", scenario.seed),
        format=format,
        screen=screen,
    )
    return ExitCode.UNDECIDED if made.violations else code
