"""Scenario files: YAML that a person writes, read into `scenario.plan` and written back.

Every mistake is a `MalformedFile` that says where it stands:

    scenario.yaml:14:5 unknown key "inspecton_rate" - did you mean "inspection_rate"?
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from pausenet.errors import MalformedFile
from pausenet.files import located, model
from pausenet.files.blanks import refuse_open_fields
from pausenet.files.costs import budget_of, costs_of
from pausenet.files.expected import expectation_of
from pausenet.files.located import Located, suggestion
from pausenet.files.refusals import known_terms, refuse_kin, refuse_shape
from pausenet.files.settings import channels_of, evasions_of
from pausenet.files.spreads import refuse_lone_words
from pausenet.files.world import world_of
from pausenet.scenario.acts import ActPlan, SpeakerPlan
from pausenet.scenario.changes import ChangePlan, JoinPlan, LeavePlan
from pausenet.scenario.evasions import Catalogue
from pausenet.scenario.mishaps import (
    FaultPlan,
    PartitionPlan,
    RestorePlan,
    RotationPlan,
    TypoPlan,
)
from pausenet.scenario.plan import (
    LAB_NAME_MAX,
    REGISTRAR,
    AgreementPlan,
    CheatPlan,
    LabPlan,
    MeterErrors,
    Scenario,
    VerifierPlan,
)
from pausenet.scenario.runs import RunPlan
from pausenet.scenario.wording import clause_of, condition_of
from pausenet.statements.voices import may_say
from pausenet.values import ParticipantId, PeriodIndex, Role

T = TypeVar("T")

VERIFIERS_MAX: Final = 64
SPEAKERS: Final = {
    "adjudicators": Role.ADJUDICATOR,
    "evaluators": Role.EVALUATOR,
    "hosts": Role.HOST,
    "authorities": Role.AUTHORITY,
}
"""The lists of those who only speak, and what they are."""
_KEYS: Final = {"lab": "name", "speed": "clock.speed"}
"""Where a dataclass's refusal belongs, if it does not begin with the key itself."""


def read_scenario(path: Path, catalogue: Catalogue | None = None) -> Scenario:
    """Read a scenario file; raise `MalformedFile` for one that cannot be run.

    With a `catalogue`, settings of evasions and channels that it does not have are refused.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MalformedFile(str(path), 0, 0, f"cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedFile(str(path), 0, 0, "not UTF-8") from error
    return parse_scenario(text, name=str(path), stem=path.stem, catalogue=catalogue)


def parse_scenario(
    text: str, *, name: str, stem: str, catalogue: Catalogue | None = None
) -> Scenario:
    """Read a scenario's text; `name` stands in the errors, `stem` is the default name."""
    source = located.load(text, name=name)
    refuse_kin(source)
    refuse_open_fields(source)
    try:
        shape = model.ScenarioModel.model_validate(source.tree)
    except ValidationError as error:
        # A mistyped key is also a missing one: what stands there is said first.
        errors = error.errors(include_url=False, include_input=False)
        errors.sort(key=lambda item: item["type"] != "extra_forbidden")
        refuse_shape(source, errors[0])
    return _Builder(source, shape, catalogue).scenario(stem)


def _run(shape: model.RunModel) -> RunPlan:
    return RunPlan(
        run=shape.run,
        start=PeriodIndex(shape.start),
        until=None if shape.until is None else PeriodIndex(shape.until),
        share_ppm=shape.share,
        parents=tuple(shape.parents),
    )


class _Builder:
    """Makes the simulator's dataclasses, and says where in the file each refusal belongs."""

    def __init__(
        self, source: Located, shape: model.ScenarioModel, catalogue: Catalogue | None
    ) -> None:
        self._source, self._shape, self._catalogue = source, shape, catalogue

    def scenario(self, stem: str) -> Scenario:
        """The whole scenario; raises `MalformedFile`."""
        shape = self._shape
        self._check_names()
        labs = tuple(self._lab(index) for index in range(len(shape.labs)))
        verifiers = self._verifiers()
        self._check_people()
        found = self._make(
            (),
            lambda: Scenario(
                question=shape.question,
                name=shape.name or self._stem(stem),
                seed=shape.seed,
                periods=shape.periods,
                speed=shape.clock.speed,
                period_s=shape.period,
                deadline_s=shape.deadline,
                grace_s=shape.grace,
                notice_periods=shape.notice,
                verifiers=verifiers,
                labs=labs,
                agreement=self._agreement(),
                meters=self._meters(),
                speakers=self._speakers(),
                acts=tuple(self._act(index) for index in range(len(shape.acts))),
                cheats=tuple(self._cheat(index) for index in range(len(shape.cheats))),
                faults=tuple(self._fault(index) for index in range(len(shape.faults))),
                changes=tuple(self._change(index) for index in range(len(shape.changes))),
                evasions=evasions_of(self._source, shape, self._catalogue),
                channels=channels_of(self._source, shape, self._catalogue),
                follow_up=shape.follow_up,
                world=world_of(self._source, shape.world),
                costs=costs_of(self._source, shape.costs, self._catalogue),
                expect=expectation_of(shape.expect),
            ),
        )
        for index, problem in self._catalogue.overspent(found) if self._catalogue else ():
            self._source.refuse(("labs", index, "budget"), problem)
        refuse_lone_words(self._source, found)
        return found

    def _make(self, path: located.Path, make: Callable[[], T]) -> T:
        """Call a constructor; place its `ValueError` at the key that begins its message."""
        try:
            return make()
        except ValueError as error:
            word = str(error).replace(":", " ").split(" ")[0]
            key = _KEYS.get(word, word)
            self._source.refuse((*path, *key.split(".")), str(error))

    def _stem(self, stem: str) -> ParticipantId:
        try:
            return ParticipantId(stem)
        except ValueError:
            self._source.refuse((), f'missing key "name": the file\'s own, {stem!r}, is not one')

    def _lab(self, index: int) -> LabPlan:
        shape = self._shape.labs[index]
        return self._make(
            ("labs", index),
            lambda: LabPlan(
                name=shape.name,
                accelerators=shape.accelerators,
                sites=shape.sites,
                affiliates=tuple(shape.affiliates),
                utilisation_ppm=shape.utilisation,
                training_ppm=shape.training,
                ratifies_from=shape.ratifies,
                is_party=shape.party,
                meter_group=shape.meter_group or "",
                runs=tuple(map(_run, shape.runs)),
                budget_milli=budget_of(self._source, index, self._shape),
            ),
        )

    def _verifiers(self) -> tuple[VerifierPlan, ...]:
        stated = self._shape.verifiers
        if isinstance(stated, int):
            if stated > VERIFIERS_MAX:
                self._source.refuse(("verifiers",), f"expected 1 or 4..{VERIFIERS_MAX}")
            return tuple(
                VerifierPlan(name=ParticipantId(f"verifier-{number}"), bloc=f"bloc-{number}")
                for number in range(1, stated + 1)
            )
        plans = []
        for number, item in enumerate(stated, start=1):
            named = item if isinstance(item, model.VerifierModel) else None
            plans.append(
                VerifierPlan(
                    name=named.name if named else ParticipantId(str(item)),
                    bloc=(named.bloc if named else None) or f"bloc-{number}",
                )
            )
        return tuple(plans)

    def _agreement(self) -> AgreementPlan:
        terms = self._shape.agreement
        given = {name: getattr(terms, name) for name in type(terms).model_fields}
        given["self_executing"] = tuple(sorted(terms.self_executing))
        for name, read in (
            ("trigger_when", condition_of),
            ("lift_when", condition_of),
            ("clauses", clause_of),
        ):
            items = enumerate(given[name])
            given[name] = tuple(
                self._make(("agreement", name, number), partial(read, item))
                for number, item in items
            )
        return self._make(("agreement",), lambda: AgreementPlan(**given))

    def _meters(self) -> MeterErrors:
        shape = self._shape.meters
        return self._make(
            ("meters",),
            lambda: MeterErrors(
                random_ppm=shape.random,
                systematic_ppm=shape.systematic,
                calibration_periods=shape.calibration,
            ),
        )

    def _speakers(self) -> tuple[SpeakerPlan, ...]:
        return tuple(
            SpeakerPlan(name=name, role=role)
            for key, role in SPEAKERS.items()
            for name in getattr(self._shape, key)
        )

    def _act(self, index: int) -> ActPlan:
        shape, path = self._shape.acts[index], ("acts", index)
        self._check_period((*path, "at"), shape.at)
        role, say = self._roles().get(shape.by, Role.VERIFIER), shape.say
        if not may_say(role, say):
            self._source.refuse((*path, "say"), f"{role.with_article} may not say {say}")
        known = known_terms(say)
        for key in shape.terms:
            if key not in known:
                problem = f'unknown key "{key:.80}"{suggestion(key, known)}'
                problem += f" - {say} has {', '.join(known)}"
                self._source.refuse((*path, "terms", key), problem, at_name=True)
        return self._make(
            path,
            lambda: ActPlan.of(shape.by, PeriodIndex(shape.at), shape.say, shape.terms),
        )

    def _roles(self) -> dict[ParticipantId, Role]:
        """What everybody is but for the verifiers."""
        found = {plan.name: plan.role for plan in self._speakers()}
        for lab in self._shape.labs:
            found |= {lab.name: Role.LAB, ParticipantId(f"{lab.name}-meter"): Role.METER}
        return found

    def _cheat(self, index: int) -> CheatPlan:
        shape, path = self._shape.cheats[index], ("cheats", index)
        self._check_period((*path, "from"), shape.start)
        return self._make(
            path,
            lambda: CheatPlan(
                by=shape.by,
                kind=shape.kind,
                start=PeriodIndex(shape.start),
                until=None if shape.until is None else PeriodIndex(shape.until),
                amount_ppm=shape.amount,
            ),
        )

    def _fault(self, index: int) -> FaultPlan:
        shape, path = self._shape.faults[index], ("faults", index)
        if isinstance(shape, model.RestoreModel):
            self._check_period((*path, "at"), shape.at)
            to, at = PeriodIndex(shape.to), PeriodIndex(shape.at)
            new = None if shape.recover is None else PeriodIndex(shape.recover)
            return self._make(path, lambda: RestorePlan(of=shape.of, to=to, at=at, recover=new))
        if isinstance(shape, model.RotationModel):
            self._check_period((*path, "at"), shape.at)
            return RotationPlan(of=shape.of, at=PeriodIndex(shape.at), revokes=shape.revokes)
        if isinstance(shape, model.TypoModel):
            return self._typo(path, shape)
        self._check_period((*path, "from"), shape.start)
        start, until = PeriodIndex(shape.start), PeriodIndex(shape.until)
        return self._make(path, lambda: PartitionPlan(of=shape.of, start=start, until=until))

    def _change(self, index: int) -> ChangePlan:
        shape, path = self._shape.changes[index], ("changes", index)
        self._check_period((*path, "first"), shape.first)
        first, who, bloc = PeriodIndex(shape.first), shape.verifier, shape.bloc or shape.verifier
        if shape.kind == "leaves":
            if shape.admitted is not None or shape.bloc is not None:
                self._source.refuse((*path, "verifier"), "who leaves is admitted to nothing")
            return self._make(path, lambda: LeavePlan(verifier=who, first=first))
        if shape.admitted is None:
            self._source.refuse((*path, "verifier"), "who joins needs a period `admitted`")
        at = PeriodIndex(shape.admitted)
        return self._make(path, lambda: JoinPlan(verifier=who, bloc=bloc, admitted=at, first=first))

    def _typo(self, path: located.Path, shape: model.TypoModel) -> TypoPlan:
        for key, index in (("at", shape.at), ("corrected", shape.corrected)):
            if index is not None:
                self._check_period((*path, key), index)
        return self._make(
            path,
            lambda: TypoPlan(
                of=shape.of,
                at=PeriodIndex(shape.at),
                factor=shape.factor,
                corrected=None if shape.corrected is None else PeriodIndex(shape.corrected),
            ),
        )

    def _check_period(self, path: located.Path, index: int) -> None:
        if index >= self._shape.periods:
            problem = f"expected a period before {self._shape.periods}, found {index}"
            self._source.refuse(path, problem)

    def _check_names(self) -> None:
        """Refuse a second participant of one name, where the second stands."""
        met: dict[str, str] = {REGISTRAR: "the registrar"}
        stated = self._shape.verifiers
        names: list[tuple[located.Path, ParticipantId, str]] = []
        for index, lab in enumerate(self._shape.labs):
            names.append((("labs", index, "name"), lab.name, "a lab"))
        for index, lab in enumerate(self._shape.labs):
            if len(lab.name) <= LAB_NAME_MAX:
                meter = ParticipantId(f"{lab.name}-meter")
                names.append((("labs", index, "name"), meter, f"the meter of {lab.name}"))
        for index, item in enumerate(stated if isinstance(stated, list) else ()):
            name = item.name if isinstance(item, model.VerifierModel) else item
            names.append((("verifiers", index, "name"), name, "a verifier"))
        for number in range(1, min(stated, VERIFIERS_MAX) + 1 if isinstance(stated, int) else 1):
            names.append((("labs",), ParticipantId(f"verifier-{number}"), "a verifier"))
        for key, role in SPEAKERS.items():
            for index, name in enumerate(getattr(self._shape, key)):
                names.append(((key, index), name, role.with_article))
        for path, name, what in names:
            if name in met:
                problem = f'two participants named "{name}": {met[name]} and {what}'
                self._source.refuse(path, problem)
            met[name] = what

    def _check_people(self) -> None:
        """Refuse a cheat, fault or expectation that names nobody, or one of the wrong role."""
        labs = {lab.name for lab in self._shape.labs}
        verifiers = {plan.name for plan in self._verifiers()}
        everybody = labs | verifiers | {ParticipantId(f"{name}-meter") for name in labs}
        everybody |= {plan.name for plan in self._speakers()}
        everybody |= {plan.verifier for plan in self._shape.changes}
        for index, act in enumerate(self._shape.acts):
            self._check_known(("acts", index, "by"), act.by, everybody, "no participant")
        for index, cheat in enumerate(self._shape.cheats):
            may = labs if cheat.kind.role is Role.LAB else verifiers
            self._check_known(("cheats", index, "by"), cheat.by, may, f"no {cheat.kind.role}")
        for index, evasion in enumerate(self._shape.evasions):
            self._check_period(("evasions", index, "from"), evasion.start)
            self._check_known(("evasions", index, "by"), evasion.by, labs, "no lab")
        for index, lead in enumerate(self._shape.expect.leads or ()):
            self._check_known(("expect", "leads", index, "about"), lead.about, labs, "no lab")
        for index, fault in enumerate(self._shape.faults):
            typo = isinstance(fault, model.TypoModel)
            may, none = (labs, "no lab") if typo else (everybody, "no participant")
            self._check_known(("faults", index, "of"), fault.of, may, none)
        for key in ("labs", "stages"):
            for lab in getattr(self._shape.expect, key):
                self._check_known(("expect", key, lab), lab, labs, "no lab", at_name=True)
        for index, finding in enumerate(self._shape.expect.findings or ()):
            path = ("expect", "findings", index, "accused")
            self._check_known(path, finding.accused, everybody, "no participant")

    def _check_known(
        self,
        path: located.Path,
        name: ParticipantId,
        known: set[ParticipantId],
        none: str,
        *,
        at_name: bool = False,
    ) -> None:
        if name not in known:
            problem = f'{none} named "{name}"{suggestion(name, sorted(known))}'
            self._source.refuse(path, problem, at_name=at_name)
