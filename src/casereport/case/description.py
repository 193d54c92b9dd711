"""The description of a case (`case.yaml`): what the case is, who the subject was, and which phases the episode has.

Checked by a schema that forbids unknown keys; a problem names the line of the key it is about.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, Field, ValidationError

from casereport.case.authors import Author, author_problems
from casereport.case.strict import Strict, Text
from casereport.errors import NO_CONTROL, BadInput, Problem, control, name_fix, nearest
from casereport.files.tables import read_text
from casereport.quantities.intervals import Interval, in_grammar, number

# a case.yaml is a page of text; a parser of YAML needs seconds for a megabyte
LARGEST_YAML = 2**17
_DEEPEST = 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # that of libyaml needs a fortieth of the time

COMPARED = ("lymphocytes", "crp")  # what is shown beside the bundled cases, in this order
ADULT = 18  # years; the default reference ranges are of adults
AGES = ("age_years", "age_months", "age_weeks", "age_days")
TimeUnit = Literal["days", "hours", "sessions"]


class Citation(Strict):
    """The publication that the case was transcribed from."""

    authors: Text
    title: Text
    journal: Text
    year: Annotated[int, Field(ge=1500, le=2200)]
    doi: Text | None = None
    licence: Text | None = None
    note: Text | None = None

    @property
    def reference(self) -> str:
        """Authors, title, journal and year as a list of references has them, without a full stop at the end."""
        year = "" if str(self.year) in self.journal else f" {self.year}"
        parts = (self.authors, self.title, self.journal + year)
        return " ".join(p if p.endswith((".", "?", "!")) else f"{p}." for p in parts).removesuffix(".")


class Subject(Strict):
    """De-identified demographics; None is `not reported`."""

    age_years: Annotated[int, Field(ge=0, le=150)] | None = None
    # a newborn of 3 days, an infant and a toddler are all of no or one year; one of the four is given
    age_months: Annotated[int, Field(ge=0, le=23)] | None = None
    age_weeks: Annotated[int, Field(ge=0, le=103)] | None = None
    age_days: Annotated[int, Field(ge=0, le=729)] | None = None
    sex: Literal["female", "male"] | None
    weight_kg: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    description: Text | None = None

    @property
    def age(self) -> tuple[int, str] | None:
        """The age as the case gives it: the number, and `year`, `month`, `week` or `day`; None if not reported."""
        found = ((getattr(self, name), name.removeprefix("age_").removesuffix("s")) for name in AGES)
        return next(((number, unit) for number, unit in found if number is not None), None)

    @property
    def age_text(self) -> str:
        """The age with its unit, `65 years`, `1 month`; empty where it is not reported."""
        return "" if self.age is None else f"{self.age[0]} {self.age[1]}{'' if self.age[0] == 1 else 's'}"

    @property
    def is_child(self) -> bool:
        """True under the age of an adult."""
        return self.age is not None and (self.age[1] != "year" or self.age[0] < ADULT)

    @property
    def reference_group(self) -> str | None:
        """Whose usual reference range is theirs: `child`, `female`, `male`, or None where the sex is not known."""
        return "child" if self.is_child else self.sex


class Phase(Strict):
    """A stretch of the episode: from the dose that opens it, or the end of the phase before, to the next phase.

    `opened_on` is the day of that dose where it is not the first of its intervention. With `closed_by`, an
    intervention, it ends with the last day of the course of that, and what follows is the next phase or none.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]  # it heads a panel of a figure
    opened_by: Text | None
    opened_on: Text | int | float | None = None
    closed_by: Text | None = None
    line: int = Field(default=0, exclude=True)


class Allow(Strict):
    """A text that looks like an identifier and is none, as it stands in the case, and why it may stay."""

    text: Text
    reason: Text


class OtherClock(Strict):
    """What the source counts its days from besides: `words`, such as `hospital day {}`, and the number of day 0."""

    words: Annotated[str, Field(pattern=r"^[^{}]*\{\}[^{}]*$", max_length=40)]
    day_0: Annotated[int, Field(ge=-36500, le=36500)]

    def told(self, day: Interval | None) -> str:
        """A study day by this clock, `hospital day 12`; empty before its first day, and for a day that is not known."""
        if day is None or not (day.low + self.day_0 >= 1 and math.isfinite(day.high)):
            return ""
        low, high = (number(end + self.day_0) for end in (day.low, day.high))
        if day.is_exact:
            return self.words.format(low)
        return re.sub(r"\bday\b", "days", self.words).format(f"{low} to {high}")


class Chosen(Strict):
    """An analyte of the first picture, in the place of those that a rule chooses; in the file its id alone."""

    analyte: Text
    line: int = Field(default=0, exclude=True)


class CaseMeta(Strict):
    """The whole of `case.yaml`. `last_day` is the last study day that the source covers, None if not reported.

    `time_unit` is what a day of the tables is in this case: hours in a fast course, sessions in an experiment.
    From `authors` on it is what a journal asks, all of it optional; `anonymous` forbids that authors are named.
    """

    id: Text
    title: Text
    keywords: Annotated[list[Text], Field(min_length=2, max_length=5)]
    status: Literal["draft", "final"]
    citation: Citation | None
    subject: Subject
    time_zero: Text
    last_day: Annotated[int, Field(ge=-36500, le=36500)] | None
    time_unit: TimeUnit = "days"
    other_clock: OtherClock | None = None
    phases: Annotated[list[Phase], Field(min_length=1)]
    consent: Text | None
    not_reported: list[Text]
    allow: list[Allow] = Field(default_factory=list)
    authors: list[Author] = Field(default_factory=list)
    anonymous: bool = False
    differential_diagnosis: list[Text] = Field(default_factory=list)
    learning_points: list[Text] = Field(default_factory=list)
    ethics: Text | None = None
    funding: Text | None = None
    competing_interests: Text | None = None
    acknowledgements: Text | None = None
    data_availability: Text | None = None
    overview: Annotated[list[Chosen], Field(max_length=4)] = Field(default_factory=list)

    def compares(self, analytes: Iterable[str]) -> bool:
        """True where the bundled cases can stand beside this one: of COVID-19, with an analyte of COMPARED."""
        return self.is_covid and any(analyte in COMPARED for analyte in analytes)

    def too_late(self, day: Interval | None) -> str:
        """What is expected in place of a day that is certainly after the last one; empty for any other."""
        if day is None or self.last_day is None or not day.certainly_above(Interval.exact(self.last_day)):
            return ""
        return f"a day of a phase; the last phase ends on day {self.last_day} (last_day in case.yaml)"

    @property
    def is_covid(self) -> bool:
        """True where title or keywords name COVID-19, the disease of the cases and the cohort to compare with."""
        said = " ".join([self.title, *self.keywords]).casefold()
        return "covid" in said or "sars-cov-2" in said


class Tree(NamedTuple):
    """The keys and values of a case, the line of any of them by its location, and what is wrong already."""

    data: dict[str, Any]
    line: Callable[[tuple], int]
    problems: list[Problem]


def load_meta(path: Path, name: str, case: str) -> CaseMeta:
    """The checked `case.yaml` at `path` of a case called `case`; raises BadInput with every problem and its line."""
    return check_meta(yaml_tree(read_text(path, name, LARGEST_YAML), name), name, case)


def yaml_tree(text: str, name: str) -> Tree:
    """The tree of a `case.yaml`; raises BadInput for a text that is no mapping in YAML."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:  # a parser that is asked to go deeper needs half a minute for a page of brackets
                line = _begins(event)
                raise BadInput([Problem(name, line, "", "", f"not valid YAML: nested {_DEEPEST} deep and more")])
            if isinstance(event, yaml.AliasEvent):  # an alias may refer to itself, or unfold into gigabytes
                line = _begins(event)
                raise BadInput([Problem(name, line, "", f"*{event.anchor}", "the text itself, not an alias")])
        node = yaml.compose(text, Loader=LOADER)
        data = yaml.SafeLoader("").construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadInput([Problem(name, line, "", "", f"not valid YAML: {error.problem}")]) from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput([Problem(name, 0, "", "", f"not valid YAML: {error}")]) from None
    if node is None or not isinstance(data, dict):
        raise BadInput([Problem(name, 1, "", str(data)[:200], "keys and values: `id: ...`, `title: ...`")])
    problems = [*_repeated_keys(node, name), *_controls(node, name)]
    return Tree(data, lambda location: _line(node, location), problems)


def _begins(event: yaml.Event) -> int:
    """The line on which something begins, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 0


def check_meta(tree: Tree, name: str, case: str) -> CaseMeta:
    """The checked description of a case called `case`; raises BadInput with every problem, each with its line."""
    data, line, problems = tree
    for i, phase in enumerate(data["phases"] if isinstance(data.get("phases"), list) else []):
        if isinstance(phase, dict) and "line" not in phase:
            phase["line"] = line(("phases", i))
    chosen = data["overview"] if isinstance(data.get("overview"), list) else []
    for i, analyte in enumerate(chosen):
        if not isinstance(analyte, dict):
            chosen[i] = {"analyte": analyte, "line": line(("overview", i))}
    try:
        meta = CaseMeta.model_validate(data)
    except ValidationError as errors:
        raise BadInput([*problems, *(_problem(e, line, name) for e in errors.errors())]) from None
    if found := [*problems, *_cross_checks(meta, line, name, case)]:
        raise BadInput(found)
    return meta


def _cross_checks(meta: CaseMeta, line: Callable[[tuple], int], name: str, case: str) -> list[Problem]:
    found = []
    if meta.id != case:
        found.append(Problem(name, line(("id",)), "id", meta.id, f"the name of the folder or workbook, {case!r}"))
    if "case report" not in meta.title.lower():
        found.append(Problem(name, line(("title",)), "title", meta.title, 'the words "case report" (CARE item 1)'))
    found += _age_problems(meta.subject, line, name)
    found += author_problems(meta.authors, meta.anonymous, line, name)
    shown = [chosen.analyte for chosen in meta.overview]
    for i, chosen in enumerate(meta.overview):
        if chosen.analyte in shown[:i]:
            found.append(Problem(name, chosen.line, "overview", chosen.analyte, "each analyte once"))
    seen: set[str] = set()
    for i, phase in enumerate(meta.phases):
        if phase.id in seen:
            found.append(Problem(name, phase.line, "phases", phase.id, "each phase id once"))
        seen.add(phase.id)
        if i and phase.opened_by is None and meta.phases[i - 1].closed_by is None:
            expected = (
                "the intervention whose first dose opens it; only the first phase is open from the start, and one "
                "that follows a phase with closed_by"
            )
            found.append(Problem(name, line(("phases", i, "opened_by")), "opened_by", "", expected))
        if not i and phase.opened_by is not None:
            expected = "nothing (null): the first phase is open from the start"
            found.append(Problem(name, line(("phases", 0, "opened_by")), "opened_by", phase.opened_by, expected))
        if phase.opened_on is not None:
            day = str(phase.opened_on)
            expected = "" if in_grammar(day) else "a study day such as -3, 0 or 2..3"
            expected = expected if phase.opened_by else "nothing: no dose opens this phase (opened_by is null)"
            if expected:
                found.append(Problem(name, line(("phases", i, "opened_on")), "opened_on", day, expected))
    return found


def _age_problems(subject: Subject, line: Callable[[tuple], int], name: str) -> list[Problem]:
    """A missing age, or two of them."""
    given = [key for key in AGES if getattr(subject, key) is not None]
    if not subject.model_fields_set.intersection(AGES):
        expected = "the key is missing (null says that it is not reported, where that is allowed)"
        return [Problem(name, line(("subject",)), "subject.age_years", "", expected)]
    expected = f"nothing: {given[0]} tells the age" if given else ""
    return [
        Problem(name, line(("subject", key)), f"subject.{key}", str(getattr(subject, key)), expected)
        for key in given[1:]
    ]


def _repeated_keys(node: yaml.Node, name: str) -> list[Problem]:
    found = []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, child in node.value:
            if key.value in seen:
                found.append(Problem(name, key.start_mark.line + 1, "", str(key.value), "each key once"))
            seen.add(key.value if isinstance(key.value, str) else id(key))
            found += _repeated_keys(child, name)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            found += _repeated_keys(child, name)
    return found


def _controls(node: yaml.Node, name: str, trail: tuple[str, ...] = ()) -> list[Problem]:
    """Keys and values with a control character, which an escape such as \\e or \\0 writes without one in the file."""
    if isinstance(node, yaml.ScalarNode):
        line = node.start_mark.line + 1
        return [Problem(name, line, ".".join(trail), node.value, NO_CONTROL)] if control(node.value) else []
    if isinstance(node, yaml.MappingNode):
        inside = [(part, (*trail, str(key.value))) for key, child in node.value for part in (key, child)]
    else:
        inside = [(child, (*trail, str(i))) for i, child in enumerate(node.value)]
    return [problem for child, at in inside for problem in _controls(child, name, at)]


def _line(node: yaml.Node, location: tuple) -> int:
    """The line of the deepest part of `location` that the file has."""
    line = node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == step]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _problem(error: Mapping[str, Any], line: Callable[[tuple], int], name: str) -> Problem:
    location = error["loc"]
    fix = ""
    column = ".".join(map(str, location))
    if error["type"] == "extra_forbidden":
        known = _fields_at(location[:-1])
        value, expected = str(location[-1]), f"unknown key; {nearest(str(location[-1]), known)}"
        fix = name_fix(str(location[-1]), known)
    elif error["type"] == "missing":
        value, expected = "", "the key is missing (null says that it is not reported, where that is allowed)"
    else:
        value, expected = str(error["input"])[:1000], error["msg"].lower()
        if location[-1:] == ("age_years",) and error["type"].startswith("int"):
            expected += "; under two years also age_months, age_weeks or age_days in its place"
        if error["type"] == "string_type" and type(error["input"]) in (int, float):  # YAML reads 2020 as a number
            expected = f'a text; put it in quotes: "{value}"'
    return Problem(name, line(location), column, value, expected, fix)


def _fields_at(location: tuple) -> list[str]:
    models: dict[object, type[BaseModel]] = {
        "citation": Citation, "subject": Subject, "phases": Phase, "allow": Allow, "authors": Author,
        "overview": Chosen,
    }  # fmt: skip
    model = models.get(location[0], CaseMeta) if location else CaseMeta
    return [f for f in model.model_fields if f != "line"]
