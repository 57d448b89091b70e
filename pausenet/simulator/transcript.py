"""A run as a story of at most 60 lines that a person reads: what happened in each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from textwrap import wrap
from typing import Final

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.drafting.words import flop
from pausenet.protocol.messages import Report, Told
from pausenet.protocol.proceedings import NOTHING, in_words, proceedings
from pausenet.protocol.stock import reconcile
from pausenet.protocol.verifier import VerifierView
from pausenet.simulator.diary import Diary, named
from pausenet.simulator.endings import excused, halvings, may_be_unmet, told_of_finding, unmet
from pausenet.simulator.node import Node
from pausenet.simulator.observer import Observer
from pausenet.simulator.record import Sighting
from pausenet.simulator.unfolding import told_world
from pausenet.simulator.world import World
from pausenet.statements.finding import Fault, Finding, Status
from pausenet.statements.stage import Amendable
from pausenet.values import NetworkTime, Origin, ParticipantId, PeriodIndex, Role

LINES_MAX: Final = 60
WIDTH_MAX: Final = 100
_HOUR_S: Final = 3600

_LIMITS: Final = {
    "": "their limit",
    Amendable.TOTAL_CAP: "the limit on a period",
    Amendable.RUN_CAP: "the limit on a run",
}
"""What has fallen, by the clause that the parties have lowered; a stage's without one."""

_LEARNED: Final = (Told.IN_FORCE, Told.RELEASED, Told.CAPPED, Told.BARRED)
"""What a lab learns of what binds it: told also of a lab that then goes on as before."""


class Story(Observer):
    """Watches a run and tells it.

    Of honest participants every report counts; of others only what their machines learn of being
    bound, as that is what they then do not keep to.
    """

    def __init__(self) -> None:
        self.sightings: dict[tuple[ParticipantId, Fault], Sighting] = {}
        self._diary = Diary()
        self._cuts: dict[int, set[ParticipantId]] = defaultdict(set)
        self._status: dict[int, dict[str, str]] = defaultdict(dict)
        self._stage: dict[int, dict[str, str]] = defaultdict(dict)
        self._proofs: set[tuple[str, str]] = set()
        self._said: set[tuple[ParticipantId, Report]] = set()
        self._cases: dict[PeriodIndex, tuple[str, ...]] = {}
        self.life = NOTHING
        self.open_items: tuple[str, ...] = ()
        self.unmet: tuple[str, ...] = ()
        self._head: list[str] = []

    def note(self, world: World, text: str) -> None:
        """Tell something of the period that runs now."""
        self._diary.note(_running(world), text)

    def reported(self, world: World, node: Node, report: Report) -> None:
        """Take a report into the story of its period."""
        if report.told is Told.HALTED:
            self.note(world, f"{node.id} stops signing: {dict(report.facts)['reason']}")
        if not (node.honest or report.told in _LEARNED):
            return
        facts, running = dict(report.facts), _running(world)
        match report.told:
            case Told.CUT:
                self._cuts[int(facts["period"])].add(node.id)
            case Told.APPRAISED:
                period = int(facts["period"])
                self._diary.cut(running, period)
                self._status[period][report.about] = str(facts["status"])
                self._stage[period][report.about] = str(facts["stage"])
                self._sight(node)
            case Told.SILENCE:
                who = Origin(report.about).participant
                self._diary.silent(running, int(facts["period"]), who, node.id)
            case Told.IN_FORCE if self._is_news(node, report):
                self._learns(world, node, f"of being bound from period {facts['period']} on")
            case Told.RELEASED if self._is_news(node, report):
                self._learns(world, node, f"of being bound up to period {facts['period']}")
            case Told.CAPPED if Role.LAB is node.role and self._is_news(node, report):
                what = _LIMITS[str(facts.get("clause", ""))]
                limit = f"{what} falls to {flop(int(facts['limit_pflop']))}"
                self._learns(world, node, f"that {limit} from period {facts['period']} on")
            case Told.BARRED if Role.LAB is node.role and self._is_news(node, report):
                barred = f"{facts['run']} is barred from period {facts['period']} on"
                self._learns(world, node, f"that {barred}")
            case Told.FAULT if (report.about, str(facts["fault"])) not in self._proofs:
                self._proofs.add((report.about, str(facts["fault"])))
                meaning = Fault(str(facts["fault"])).meaning
                self.note(
                    world,
                    f"{node.id} proves {facts['fault']} against {report.about}: {meaning}",
                )
            case Told.COMPROMISED if (report.about, "") not in self._proofs:
                self._proofs.add((report.about, ""))
                self.note(world, f"{node.id} finds a revoked key of {report.about} compromised")

    def _learns(self, world: World, node: Node, what: str) -> None:
        self._diary.learned(_running(world), node.id, what)

    def _is_news(self, node: Node, report: Report) -> bool:
        """Whether a node has not said so before: who begins anew learns all of it again."""
        key = (node.id, report)
        is_news = key not in self._said
        self._said.add(key)
        return is_news

    def finished(self, world: World) -> None:
        """Write the opening, and say of every cut in which period people knew it."""
        register, schedule = world.setting.register, world.schedule
        labs = ", ".join(plan.name for plan in world.scenario.labs)
        count = len(register.verifiers)
        self._head = [
            f"{world.scenario.name}: {world.scenario.question}",
            f"seed {world.seed}, network {register.network_id.short}",
            f"{count} verifier{'' if count == 1 else 's'} (k = {register.quorum.k}, "
            f"f = {register.quorum.f}); labs {labs}, one power meter each; "
            f"{world.scenario.periods} periods of {schedule.period_s // _HOUR_S} hours",
            "(each line stands in the period in which it was known; quiet: what was due came on "
            "time, and all verifiers endorse the cuts)",
            "(status: what the evidence shows; stage: what the agreement has made of it)",
            *told_world(world.scenario),
        ]
        for period in range(world.scenario.periods):
            closes = schedule.last_ended(schedule.close(PeriodIndex(period))) + 1
            self._diary.cut(closes, period)
        for period, text in halvings(register.agreement, world.scenario.periods):
            self._diary.note(period, text)
        self._read(world)
        self._honest = {node.id for node in world.honest() if node.role is Role.VERIFIER}
        self._register = world.register

    def _read(self, world: World) -> None:
        """What the logs say in the end, as the first honest verifier holds them."""
        register = world.register
        views = (getattr(node.machine, "view", None) for node in world.honest())
        view = next((each for each in views if isinstance(each, VerifierView)), None)
        if view is None:
            return
        held = {each.id: view.log(each.origin) for each in register.members.values()}
        logs = {name: log for name, log in held.items() if log is not None}
        said = {name: tuple(log.statements) for name, log in logs.items()}
        self.open_items = tuple(item.line for item in reconcile(register, said).items)
        has_panel = bool(register.agreement.adjudicator.panel)
        if not (has_panel or may_be_unmet(register, said)):
            return
        entries = {
            register.members[name].origin: log.prefix(log.size) for name, log in logs.items()
        }
        life = proceedings(register, entries)
        self.unmet = unmet(register, said, life)
        if has_panel:
            self.life, self._cases = life, in_words(life.moves)

    def lines(self, world: World, ending: tuple[str, ...]) -> tuple[str, ...]:
        """The story; quiet periods are told together, and what is too long is cut in the middle."""
        periods, shown = world.scenario.periods, self._shown(world.scenario.periods)
        told = [
            (period, self._diary.page(period, shown) or ("quiet",)) for period in range(periods)
        ]
        body: list[str] = []
        for lines, group in groupby(told, key=lambda item: item[1]):
            numbers = [period for period, _ in group]
            first, last = numbers[0], numbers[-1]
            name = f"period {first}" if first == last else f"periods {first} to {last}"
            body.append(f"{name}: {lines[0]}")
            body += [f"  {line}" for line in lines[1:]]
        for at in self._diary.pages:
            if at >= periods:
                body += [f"afterwards: {line}" for line in self._diary.page(at, shown)]
        head, body, end = (_wrapped(part) for part in (self._head, body, ending))
        room = LINES_MAX - len(head) - len(end)
        if len(body) > room:
            half = (room - 1) // 2
            left = len(body) - 2 * half
            body = [*body[:half], f"... {left} lines more ...", *body[-half:]]
        return (*head, *body, *end)

    def _shown(self, periods: int) -> dict[int, str]:
        """What is new in each period's cut; a cut that brings no news is left out."""
        known: dict[tuple[str, str], str] = {}
        found: dict[int, str] = {}
        for period in range(periods):
            counting = self._honest.intersection(self._register.under(period).verifiers)
            endorsers = len(self._cuts.get(period, set()) & counting)
            if not endorsers:
                found[period] = f"period {period} has no cut of its own"
                continue
            news: dict[str, list[str]] = defaultdict(list)
            for kind, words in (("status", self._status), ("stage", self._stage)):
                for lab, word in sorted(words.get(period, {}).items()):
                    if known.get((kind, lab)) != word:
                        known[kind, lab] = word
                        news[lab].append(f"{kind} {word}")
            labs: dict[str, list[str]] = defaultdict(list)
            for lab, said in news.items():
                labs[" and ".join(said)].append(lab)
            parts = [
                *(
                    f"{named(who)} ha{'ve' if who[1:] else 's'} {said}"
                    for said, who in labs.items()
                ),
                *self._cases.get(PeriodIndex(period), ()),
            ]
            few = f" ({endorsers} of {len(counting)} verifiers)" * (endorsers < len(counting))
            if parts or few:
                news_of_it = "; ".join(parts) or "nothing is new"
                found[period] = f"by the cut of period {period}{few}, {news_of_it}"
        return found

    def _sight(self, node: Node) -> None:
        view = getattr(node.machine, "view", None)
        for appraisal in () if view is None else view.appraisals():
            for finding in appraisal.findings:
                key = (finding.accused, finding.fault)
                if key not in self.sightings:
                    self.sightings[key] = Sighting(
                        accused=finding.accused, fault=finding.fault, period=appraisal.period
                    )


def ending_lines(
    statuses: tuple[tuple[ParticipantId, Status], ...],
    findings: tuple[Finding, ...],
    life: Lifecycle,
) -> tuple[str, ...]:
    """How the story ends: each lab's status, and each finding."""
    cleared = excused(life, findings)
    shown = findings[:12]
    more = len(findings) - len(shown)
    return (
        *(
            f"end: {lab} {status}{' (excused by the panel)' * (lab in cleared)}"
            for lab, status in statuses
        ),
        *(f"end: {told_of_finding(each)}" for each in shown),
        *((f"end: {more} findings more",) if more else ()),
    )


def _running(world: World) -> int:
    """The period that runs now by the fastest of the clocks, which people act by as well."""
    by_the_fastest = NetworkTime(world.now + world.scenario.epsilon_s // 2)
    return max(0, world.schedule.last_ended(by_the_fastest) + 1)


def _wrapped(lines: Iterable[str]) -> list[str]:
    """The lines, each at most as wide as a page."""
    return [
        part
        for line in lines
        for part in wrap(
            line,
            WIDTH_MAX,
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
    ]
