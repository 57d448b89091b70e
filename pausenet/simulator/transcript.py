"""A run as a story of at most 60 lines that a person reads: what happened in each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from textwrap import wrap
from typing import Final

from pausenet.protocol.drafting.words import flop
from pausenet.protocol.messages import Message, Report, Told, Write
from pausenet.protocol.proceedings import decided, in_words, proceedings
from pausenet.protocol.stock import reconcile
from pausenet.protocol.verifier import VerifierView
from pausenet.simulator.node import Node
from pausenet.simulator.record import Sighting
from pausenet.simulator.world import World
from pausenet.statements.finding import Fault, Status
from pausenet.statements.stage import Amendable
from pausenet.values import Origin, ParticipantId, PeriodIndex, Role

LINES_MAX: Final = 60
WIDTH_MAX: Final = 100
_HOUR_S: Final = 3600

_LIMITS: Final = {
    "": "their limit",
    Amendable.TOTAL_CAP: "the limit on a period",
    Amendable.RUN_CAP: "the limit on a run",
}
"""What has fallen, by the clause that the parties have lowered; a stage's without one."""


class Story:
    """Watches a run and tells it. Reports of honest participants count, nobody else's."""

    def __init__(self) -> None:
        self.sightings: dict[tuple[ParticipantId, Fault], Sighting] = {}
        self._notes: dict[int, dict[str, None]] = defaultdict(dict)
        self._bound: dict[int, dict[str, set[ParticipantId]]] = defaultdict(dict)
        self._let_go: dict[int, dict[str, set[ParticipantId]]] = defaultdict(dict)
        self._capped: dict[int, dict[str, set[ParticipantId]]] = defaultdict(dict)
        self._cuts: dict[int, set[ParticipantId]] = defaultdict(set)
        self._status: dict[int, dict[str, str]] = defaultdict(dict)
        self._stage: dict[int, dict[str, str]] = defaultdict(dict)
        self._silent: dict[int, dict[str, set[ParticipantId]]] = defaultdict(dict)
        self._proofs: set[tuple[str, str]] = set()
        self._said: dict[tuple[ParticipantId, Report], bool] = {}
        self._cases: dict[PeriodIndex, tuple[str, ...]] = {}
        self.decided: tuple[str, ...] = ()
        self.open_items: tuple[str, ...] = ()
        self._head: list[str] = []

    def wrote(self, world: World, node: Node, record: Write) -> None:
        """Nothing to tell."""

    def sent(self, world: World, node: Node, to: ParticipantId, message: Message) -> None:
        """Nothing to tell."""

    def note(self, world: World, text: str) -> None:
        """Tell something of the period that runs now."""
        self._notes[_running(world)][text] = None

    def reported(self, world: World, node: Node, report: Report) -> None:
        """Take a report into the story of its period."""
        if report.told is Told.HALTED:
            self.note(world, f"{node.id} stops signing: {dict(report.facts)['reason']}")
        if not node.honest:
            return
        facts = dict(report.facts)
        match report.told:
            case Told.CUT:
                self._cuts[int(facts["period"])].add(node.id)
            case Told.APPRAISED:
                period = int(facts["period"])
                self._status[period][report.about] = str(facts["status"])
                self._stage[period][report.about] = str(facts["stage"])
                self._sight(node)
            case Told.SILENCE:
                who = Origin(report.about).participant
                self._silent[int(facts["period"])].setdefault(who, set()).add(node.id)
            case Told.IN_FORCE if self._is_news(node, report):
                told = self._bound[_running(world)]
                told.setdefault(str(facts["period"]), set()).add(node.id)
            case Told.RELEASED if self._is_news(node, report):
                told = self._let_go[_running(world)]
                told.setdefault(str(facts["period"]), set()).add(node.id)
            case Told.CAPPED if Role.LAB is node.role and self._is_news(node, report):
                told = self._capped[_running(world)]
                what = _LIMITS[str(facts.get("clause", ""))]
                when = f"{flop(int(facts['limit_pflop']))} from period {facts['period']} on"
                told.setdefault(f"{what} falls to {when}", set()).add(node.id)
            case Told.BARRED if Role.LAB is node.role:
                barred = f"{facts['run']} is barred from period {facts['period']} on"
                self.note(world, f"{node.id} learns that its run {barred}")
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

    def _is_news(self, node: Node, report: Report) -> bool:
        """Whether a node has not said so before it began anew by a register that had grown."""
        key = (node.id, report)
        said, self._said[key] = self._said.get(key, False), True
        return not (said and node.starts_by_growth)

    def finished(self, world: World) -> None:
        """Write the opening."""
        register = world.setting.register
        labs = ", ".join(plan.name for plan in world.scenario.labs)
        later = world.schedule.close(PeriodIndex(0)) - world.schedule.period(PeriodIndex(0)).end
        self._head = [
            f"{world.scenario.name}: {world.scenario.question}",
            f"seed {world.seed}, network {register.network_id.short}",
            f"{len(register.verifiers)} verifiers (k = {register.quorum.k}, "
            f"f = {register.quorum.f}); labs {labs}, one power meter each; "
            f"{world.scenario.periods} periods of {world.schedule.period_s // _HOUR_S} hours",
            f"(a period's cut is taken {later // _HOUR_S} hours after its end: "
            "it may speak of what is told further down)",
        ]
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
        if register.agreement.adjudicator.panel:
            life = proceedings(
                register,
                {register.members[name].origin: log.prefix(log.size) for name, log in logs.items()},
            )
            self._cases, self.decided = in_words(life.moves), decided(life)

    def lines(self, world: World, ending: tuple[str, ...]) -> tuple[str, ...]:
        """The story; quiet periods are told together, and what is too long is cut in the middle."""
        known: dict[str, str] = {}
        told: list[tuple[int, tuple[str, ...]]] = []
        for period in range(world.scenario.periods):
            told.append((period, tuple(self._period(period, known))))
        body: list[str] = []
        for lines, group in groupby(told, key=lambda item: item[1]):
            numbers = [period for period, _ in group]
            first, last = numbers[0], numbers[-1]
            name = f"period {first}" if first == last else f"periods {first} to {last}"
            body.append(f"{name}: {lines[0]}")
            body += [f"  {line}" for line in lines[1:]]
        for at in sorted({*self._notes, *self._bound, *self._let_go, *self._capped}):
            if at >= world.scenario.periods:
                body += [f"afterwards: {line}" for line in self._happened(at)]
        head, body, end = (_wrapped(part) for part in (self._head, body, ending))
        room = LINES_MAX - len(head) - len(end)
        if len(body) > room:
            half = (room - 1) // 2
            left = len(body) - 2 * half
            body = [*body[:half], f"... {left} lines more ...", *body[-half:]]
        return (*head, *body, *end)

    def _period(self, period: int, known: dict[str, str]) -> list[str]:
        silent = self._silent.get(period, {})
        if not silent:
            first = "what was due came on time"
        else:
            first = "; ".join(_silence(by, who) for by, who in _by_number(silent))
        counting = self._honest.intersection(self._register.under(period).verifiers)
        endorsers = len(self._cuts.get(period, set()) & counting)
        by = f"cut endorsed by {endorsers} of {len(counting)}"
        cut = by if endorsers else "no cut of its own"
        lines = [f"{first}; {cut}", *self._happened(period)]
        for told, what in ((self._status, "in its cut"), (self._stage, "the agreement for")):
            news: dict[str, list[str]] = {}
            for lab, word in sorted(told.get(period, {}).items()):
                if known.get(f"{what} {lab}") != word:
                    known[f"{what} {lab}"] = word
                    news.setdefault(word, []).append(lab)
            lines += [f"{what} {', '.join(labs)}: {word}" for word, labs in news.items()]
        return [*lines, *self._cases.get(PeriodIndex(period), ())]

    def _happened(self, period: int) -> list[str]:
        """What was noted while this period ran, and who learned that it is bound."""
        bound = [
            f"learn that they are bound from period {start}: {', '.join(sorted(names))}"
            for start, names in sorted(self._bound.get(period, {}).items())
        ]
        free = [
            f"learn that they are bound up to period {until}: {', '.join(sorted(names))}"
            for until, names in sorted(self._let_go.get(period, {}).items())
        ]
        capped = [
            f"learn that {limit}: {', '.join(sorted(names))}"
            for limit, names in sorted(self._capped.get(period, {}).items())
        ]
        return [*bound, *free, *capped, *self._notes.get(period, {})]

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
    statuses: tuple[tuple[ParticipantId, Status], ...], findings: tuple[str, ...]
) -> tuple[str, ...]:
    """How the story ends: each lab's status, and each finding."""
    shown = findings[:12]
    more = len(findings) - len(shown)
    return (
        *(f"end: {lab} {status}" for lab, status in statuses),
        *(f"end: {line}" for line in shown),
        *((f"end: {more} findings more",) if more else ()),
    )


def _by_number(silent: dict[str, set[ParticipantId]]) -> list[tuple[int, list[str]]]:
    """Who was silent, together with all whom as many verifiers found so."""
    found: dict[int, list[str]] = {}
    for who, by in sorted(silent.items()):
        found.setdefault(len(by), []).append(who)
    return list(found.items())


def _silence(by: int, who: list[str]) -> str:
    return f"{by} verifier{'s' * (by > 1)} found {', '.join(who)} silent"


def _running(world: World) -> int:
    """The period that runs now."""
    return max(0, world.schedule.last_ended(world.now_shown) + 1)


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
