"""Treatments and clinical events as FHIR, OMOP and SDTM hold them, and the rows of a case that they make.

Each reader turns its format into `Course`s and `Finding`s; `Collected` alone decides what becomes a row of
interventions.csv or events.csv. A drug or a procedure is one of the vocabulary's, by code or whole name, or is asked
for; the name of a finding is that of its code, and stays out where it has anything of a person in it.
"""

import re
from typing import NamedTuple

from casereport.files.tables import Row
from casereport.quantities.intervals import in_grammar, parse
from casereport.readers.cells import NotTaken
from casereport.readers.intervention_names import intervention_names
from casereport.readers.record_names import Names
from casereport.readers.record_values import number_of
from casereport.readers.study_days import Dated, day_of
from casereport.readers.synonyms import key
from casereport.readers.versions import Version, Versions
from casereport.readers.wanted import Wanted

# of one drug, what was recorded as given stands before what was ordered
GIVEN, TAKEN, ORDERED = 2, 1, 0
AN_ORDER = "An order; whether it was given is not recorded."
_TAG = re.compile(r"\s*\((?:disorder|finding|procedure|situation|event|regime/therapy|morphologic abnormality)\)$")
_LONGEST = 200
UNKNOWN = "not among the interventions of the vocabulary"


class Stated(NamedTuple):
    """What a document of casereport says of a row besides: its class of evidence, source, note and phase."""

    evidence: str
    source: str
    note: str
    phase: str


class Course(NamedTuple):
    """One treatment as its source gives it: `names` of its codes and `atc` codes; the days as `Dated` has them; how
    well it is known (`GIVEN`, `TAKEN`, `ORDERED`). `kind` is what the source calls it. `refused` is the reason for
    which its reader leaves it out, `stated` what a document of casereport says besides.
    """

    kind: str
    names: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    code: str = ""
    dated: Dated = Dated()
    dose: str = ""
    dose_unit: str = ""
    route: str = ""
    note: str = ""
    rank: int = TAKEN
    id: str = ""
    refused: str = ""
    stated: Stated | None = None
    version: Version = Version()


class Finding(NamedTuple):
    """One clinical event as its source gives it; `event` is its kind in events.csv, `resolved` True where its end is
    that of the finding, `stated` what a document of casereport says besides."""

    kind: str
    event: str
    name: str = ""
    code: str = ""
    dated: Dated = Dated()
    interpretation: str = "POS"
    resolved: bool = False
    note: str = ""
    id: str = ""
    refused: str = ""
    stated: Stated | None = None
    version: Version = Version()


class _Treatment(NamedTuple):
    rank: int
    label: str
    row: Row
    version: Version


class _Event(NamedTuple):
    label: str
    row: Row
    version: Version


class Collected:
    """The rows of interventions.csv and events.csv that courses and findings make."""

    def __init__(self, names: Names, wanted: Wanted, undated: list[str]) -> None:
        self._names, self._wanted, self._undated = names, wanted, undated
        self._known = intervention_names(names.vocabulary)
        self._treatments: list[_Treatment] = []
        self._events: list[_Event] = []
        self._stated: dict[str, list[Row]] = {"treatments": [], "events": []}

    def label(self, found: Course | Finding) -> str:
        """What a course or finding is called in an account."""
        name = found.name if isinstance(found, Finding) else next(iter(found.names), "")
        return self._names.label(_TAG.sub("", name), (), _LONGEST) if name else found.code or "a record without a name"

    def __len__(self) -> int:
        return len(self._treatments) + len(self._events) + sum(map(len, self._stated.values()))

    def add(self, found: Course | Finding) -> None:
        """Takes one in; raises NotTaken with the reason where it is left out."""
        if found.refused:
            raise NotTaken(found.refused)
        if found.stated:
            self._add_stated(found, found.stated)
        elif isinstance(found, Finding):
            self._add_finding(found)
        else:
            self._add_course(found)

    def _add_stated(self, found: Course | Finding, stated: Stated) -> None:
        """A row as a case has had it: nothing of it is understood anew but which treatment of the vocabulary it is."""
        told = found.name if isinstance(found, Finding) else f"{found.dose_unit} {found.route}"
        if not self._names.impersonal(stated.source, stated.note, told):
            raise NotTaken("what its document says may tell who the patient is")
        amounts = (found.dated.day, found.dated.until_day, found.dose if isinstance(found, Course) else "")
        if not all(map(in_grammar, amounts)):
            raise NotTaken("a day or a dose that is no number, bound or range")
        start, end, _ = day_of(found.dated, self._wanted, self._undated)
        if isinstance(found, Finding):
            row = {"day": start, "kind": found.event, "finding": found.name, "interpretation": found.interpretation}
            self._stated["events"].append(row | stated._asdict())
            return
        row = {
            "start_day": start, "end_day": end, "intervention": self._intervention(found), "dose": found.dose,
            "dose_unit": found.dose_unit, "route": found.route,
        }  # fmt: skip
        self._stated["treatments"].append(row | stated._asdict())

    def _add_course(self, course: Course) -> None:
        start, end, time = day_of(course.dated, self._wanted, self._undated)
        if not (start or end):
            raise NotTaken("no date of it")
        intervention = self._intervention(course)
        dose, dose_unit, doubt = self._dose(course)
        row = {
            "start_day": start, "end_day": end, "intervention": intervention, "dose": dose, "dose_unit": dose_unit,
            "route": self._names.shown(course.route), "evidence": "measured" if course.rank == GIVEN else "reported",
            "source": self._source(course.kind, intervention, start or end, time),
            "note": " ".join(filter(None, (course.note, doubt))),
        }  # fmt: skip
        self._treatments.append(_Treatment(course.rank, self.label(course), row, course.version))

    def _dose(self, course: Course) -> tuple[str, str, str]:
        """The dose and its unit, both empty where one is not known, and a note that says so."""
        try:
            dose = number_of(course.dose) if course.dose else ""
        except NotTaken:
            return "", "", "The dose is not a number and was not imported."
        unit = self._names.shown(course.dose_unit)
        if not dose or unit:
            return dose, unit if dose else "", ""
        return "", "", "The dose has no unit and was not imported."

    def _intervention(self, course: Course) -> str:
        for printed in (course.code, *course.atc, *course.names):
            if printed and (mapped := self._names.mapping.get(key(printed))) is not None:
                if not mapped.intervention:
                    raise NotTaken("left out by the mapping file")
                return mapped.intervention
        found = self._known.recognise([_TAG.sub("", name) for name in course.names], list(course.atc))
        if not found:
            raise NotTaken(UNKNOWN)
        return found

    def _add_finding(self, finding: Finding) -> None:
        name = self._names.shown(_TAG.sub("", finding.name), _LONGEST)
        if not name:
            raise NotTaken("a code without a name")
        if "withheld" in name:
            raise NotTaken("its name may identify a person")
        name = name.capitalize() if name.isupper() else name
        start, end, time = day_of(finding.dated, self._wanted, self._undated)
        if not start:
            raise NotTaken("no date of it")
        source = self._source(finding.kind, name, start, time)
        row = {
            "day": start, "kind": finding.event, "finding": name, "interpretation": finding.interpretation,
            "evidence": "reported", "source": source, "note": finding.note,
        }  # fmt: skip
        label = self.label(finding)
        self._events.append(_Event(label, row, finding.version))
        at = "on day" if self._wanted.time_unit == "days" else "at hour"
        if finding.resolved and end and end != start:
            ended = {"day": end, "interpretation": "NEG", "source": f"{source}, its end {at} {end}", "note": ""}
            self._events.append(_Event("", row | ended, finding.version))

    def _source(self, kind: str, name: str, day: str, time: str) -> str:
        """Where a row stands, by what it is: a code of the source may be a long number, which the gate takes for one of
        a person."""
        one = self._wanted.time_unit.removesuffix("s")
        return f"{self._wanted.source or kind}, {name}, {one} {day}" + (f" at {time}" if time else "")

    def drop_void(self, versions: Versions) -> list[tuple[str, str]]:
        """Drops the rows of which a later version was found; returns what each was called, and why it is void."""
        left: list[_Treatment | _Event] = [*self._treatments, *self._events]
        self._treatments = [one for one in self._treatments if not versions.why_void(one.version)]
        self._events = [one for one in self._events if not versions.why_void(one.version)]
        kept: list[_Treatment | _Event] = [*self._treatments, *self._events]
        rows = {tuple(one.row.values()) for one in kept}
        void = [(one, why) for one in left if (why := versions.why_void(one.version))]
        void = [(one, why) for one, why in void if one.label]  # the end of a finding is no record of its own
        return [(one.label, "the same record again" if tuple(one.row.values()) in rows else why) for one, why in void]

    def treatments(self) -> tuple[list[Row], list[str]]:
        """The rows of interventions.csv, and what each order is called of a drug that was recorded as given."""
        given = {t.row["intervention"] for t in self._treatments if t.rank == GIVEN}
        double = [t for t in self._treatments if t.rank == ORDERED and t.row["intervention"] in given]
        kept = [t.row for t in self._treatments if t not in double]
        return [*self._stated["treatments"], *_numbered(kept, "intervention", "dose")], [t.label for t in double]

    def events(self) -> list[Row]:
        """The rows of events.csv."""
        return [*self._stated["events"], *_numbered([event.row for event in self._events], "finding", "kind")]


def _numbered(rows: list[Row], *by: str) -> list[Row]:
    """The rows, those of one source numbered in an order that no export changes; the same row twice is one."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        same = by_source.setdefault(row["source"], [])
        if row not in same:
            same.append(row)
    found = []
    for source, same in by_source.items():
        for n, row in enumerate(sorted(same, key=lambda row: [row[c] for c in by]), start=1):
            found.append(row if n == 1 else row | {"source": f"{source} ({n})"})
    return sorted(found, key=lambda row: (_first_day(row), row["source"]))


def _first_day(row: Row) -> float:
    known = parse(row.get("day") or row.get("start_day") or row["end_day"])
    return known.low if known else 0.0
