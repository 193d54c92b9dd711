"""One case folder, read and validated: `load_case()` gives a `Case` or every problem of the folder at once.

A case is somebody else's file, so nothing is assumed: unknown columns and keys are forbidden, each value must be in
the interval grammar, each unit must fit its analyte, and each problem names file, line, column, value and expectation.
"""

import hashlib
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from casereport import intervals
from casereport.claim_terms import finish_claims
from casereport.intervals import Interval, parse
from casereport.meta import CaseMeta, load_meta
from casereport.narrative import load_narrative
from casereport.problems import BadInput, Problem, nearest
from casereport.schema import EVIDENCE as EVIDENCE  # the report words the classes of evidence
from casereport.schema import OPTIONAL_COLUMNS, OPTIONAL_TABLES, TABLES
from casereport.tables import read_table
from casereport.units import Conversion
from casereport.vocabulary import Analyte, Vocabulary, load_vocabulary


@dataclass(frozen=True)
class Case:
    """One validated case.

    `observations` has the columns of its file as text, and besides: `when` (Interval of study days), `low`-to-`high`
    as `known` (Interval in the canonical unit, or None where only an order is known), `numeric` (True where the
    source gives a number), `ref_from` and `ref_to` (canonical, NaN for none) and `ref_origin` (`source`, `default`
    or empty). `interventions` has `start` and `end`, `events` has `when` (Interval or None). `claims` has `begins` and
    `ends` (Interval or None) and `terms` (Terms, what is expected); a folder without claims.csv has no claims. The
    index is the line in the file.
    """

    meta: CaseMeta
    observations: pd.DataFrame
    interventions: pd.DataFrame
    events: pd.DataFrame
    claims: pd.DataFrame
    narrative: dict[str, str]
    vocabulary: Vocabulary
    hashes: dict[str, str]

    @property
    def simulated(self) -> bool:
        """True when any row is simulated: then the case is simulated as a whole."""
        return any((t["evidence"] == "simulated").any() for t in (self.observations, self.interventions, self.events))


def case_names(data_dir: Path) -> list[str]:
    """The names of the case folders under `data_dir`, sorted."""
    return sorted(p.parent.name for p in data_dir.glob("cases/*/case.yaml"))


def case_folder(name: str, data_dir: Path) -> Path:
    """The folder of a case; raises BadInput for a name that is a path, or that has no folder."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        expected = (
            "a case name of up to 64 letters, digits, - and _: the name of a folder in the data directory's cases/"
        )
        raise BadInput([Problem("case", 0, "", name, expected)])
    folder = data_dir / "cases" / name
    if not folder.is_dir():
        names = case_names(data_dir)
        hint = nearest(name, names) if names else "the data directory has no cases/ with a case in it"
        raise BadInput([Problem("case", 0, "", name, f"no such case; {hint}")])
    return folder


def load_case(name: str, data_dir: Path, default_vocabulary: Path | None = None) -> Case:
    """The case `name` of `data_dir`; a vocabulary table missing there is taken from `default_vocabulary`.

    Raises BadInput with every problem found in the folder and the vocabulary.
    """
    folder = case_folder(name, data_dir)
    paths = {}
    for table in ("analytes.csv", "interventions.csv"):
        own = data_dir / table
        paths[table] = own if own.exists() or default_vocabulary is None else default_vocabulary / table
    vocabulary = load_vocabulary(*paths.values())

    problems: list[Problem] = []

    def attempt(read: Callable, *args: object) -> object:
        try:
            return read(*args)
        except BadInput as bad:
            problems.extend(bad.problems)
            return None

    label = f"cases/{name}/"
    meta = attempt(load_meta, folder / "case.yaml", label + "case.yaml", name)
    narrative = attempt(load_narrative, folder / "narrative.md", label + "narrative.md")
    tables = {}
    for name_of_table, rules in TABLES.items():
        path = folder / name_of_table
        if name_of_table in OPTIONAL_TABLES and not path.exists():
            tables[name_of_table] = pd.DataFrame(columns=list(rules), index=pd.Index([], name="line"), dtype=object)
        else:
            tables[name_of_table] = attempt(read_table, path, label + name_of_table, rules, OPTIONAL_COLUMNS)
    if tables["observations.csv"] is not None:
        sex = meta.subject.sex if meta else None
        problems += _finish_observations(tables["observations.csv"], label + "observations.csv", vocabulary, sex)
    if tables["interventions.csv"] is not None:
        problems += _finish_interventions(tables["interventions.csv"], label + "interventions.csv", vocabulary)
    if tables["events.csv"] is not None:
        tables["events.csv"]["when"] = [parse(d) for d in tables["events.csv"]["day"]]
    if tables["claims.csv"] is not None:
        phases = [p.id for p in meta.phases] if meta else None
        problems += _duplicates(tables["claims.csv"], label + "claims.csv", ["claim"])
        problems += finish_claims(tables["claims.csv"], label + "claims.csv", vocabulary, phases)
    if meta is not None:
        problems += _check_days(tables, label, meta)
        problems += _check_phases(tables, label, meta)
    if problems:
        raise BadInput(problems)
    files = {label + f.name: f for f in sorted(folder.iterdir()) if f.is_file()} | paths
    hashes = {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in sorted(files.items())}
    return Case(meta, *tables.values(), narrative, vocabulary, hashes)  # type: ignore[arg-type]


def _finish_observations(table: pd.DataFrame, file: str, vocabulary: Vocabulary, sex: str | None) -> list[Problem]:
    """Adds the parsed columns to `table`; returns what is wrong in it."""
    problems = list(_duplicates(table, file, ["day", "analyte", "source"]))
    parsed: dict[str, list] = {c: [] for c in ("when", "known", "numeric", "ref_from", "ref_to", "ref_origin")}
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        analyte = vocabulary.analytes.get(row["analyte"])
        found: list[Problem] = []
        if analyte is None:
            expected = vocabulary.unknown_analyte(row["analyte"])
            found.append(Problem(file, line, "analyte", row["analyte"], expected))
        elif not row["value"] and not row["interpretation"]:
            expected = "a value, or an interpretation where the source gives none"
            found.append(Problem(file, line, "value", "", expected))
        else:
            try:
                cells = _observation(row, analyte, sex)
            except _CellError as error:
                found.append(Problem(file, line, error.column, row[error.column], error.expected))
        problems += found
        for column, cell in zip(parsed, (None,) * 6 if found else cells, strict=True):
            parsed[column].append(cell)
    for column, cells in parsed.items():
        table[column] = pd.Series(cells, index=table.index, dtype=float if column in ("ref_from", "ref_to") else object)
    return problems


class _CellError(Exception):
    def __init__(self, column: str, expected: str) -> None:
        self.column, self.expected = column, expected


def _observation(row: dict[str, str], analyte: Analyte, sex: str | None) -> tuple:
    convert = _conversion(row, analyte)
    # "<0" of a quantity that cannot be negative leaves nothing, which only shows once the analyte is known
    try:
        value = parse(row["value"], analyte.floor)
    except ValueError as error:
        raise _CellError("value", str(error)) from None
    known = value.rescaled(*convert) if value else None
    limits = []
    for column in ("ref_low", "ref_high"):
        limit = parse(row[column])
        if limit and not limit.is_exact:
            raise _CellError(column, "a plain number or nothing")
        limits.append(limit.rescaled(*convert).low if limit else None)
    origin = "source" if any(limit is not None for limit in limits) else ""
    if not origin:
        limits = list(analyte.reference_for(sex))
        origin = "default" if any(limit is not None for limit in limits) else ""
    low, high = limits
    if low is not None and high is not None and low > high:
        raise _CellError("ref_low", f"not above ref_high ({row['ref_high']})")
    if known is None:
        known = intervals.from_interpretation(row["interpretation"], low, high, analyte.floor)
    nan = math.nan
    return (
        parse(row["day"]),
        known,
        value is not None,
        nan if low is None else low,
        nan if high is None else high,
        origin,
    )


def _conversion(row: dict[str, str], analyte: Analyte) -> Conversion:
    unit = row["unit"]
    if unit == analyte.unit or (not unit and not row["value"] and not row["ref_low"] and not row["ref_high"]):
        return Conversion(Fraction(1))
    if unit in analyte.conversions:
        return analyte.conversions[unit]
    fitting = ", ".join([analyte.unit, *analyte.conversions])
    raise _CellError("unit", f"a unit of {analyte.id}: {fitting}")


def _finish_interventions(table: pd.DataFrame, file: str, vocabulary: Vocabulary) -> list[Problem]:
    problems = list(_duplicates(table, file, ["start_day", "end_day", "intervention", "dose", "source"]))
    table["start"] = [parse(d) for d in table["start_day"]]
    table["end"] = [parse(d) for d in table["end_day"]]
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        name = row["intervention"]
        if name not in vocabulary.interventions:
            problems.append(Problem(file, line, "intervention", name, vocabulary.unknown_intervention(name)))
        if row["dose"] and not row["dose_unit"]:
            problems.append(Problem(file, line, "dose_unit", "", "the unit of the dose"))
        if row["start"] and row["end"] and row["end"].certainly_below(row["start"]):
            problems.append(
                Problem(file, line, "end_day", row["end_day"], f"not before start_day ({row['start_day']})")
            )
    return problems


def _duplicates(table: pd.DataFrame, file: str, key: list[str]) -> Iterator[Problem]:
    first: dict[tuple, int] = {}
    for line, *cells in table[key].itertuples():
        earlier = first.setdefault(tuple(cells), line)
        if earlier != line:
            expected = f"one row for the same {', '.join(key)}; line {earlier} has it already"
            yield Problem(file, line, "", ", ".join(cells), expected)


def _check_days(tables: dict, label: str, meta: CaseMeta) -> Iterator[Problem]:
    if meta.last_day is None:
        return
    for name, columns in (
        ("observations.csv", {"day": "when"}),
        ("interventions.csv", {"start_day": "start", "end_day": "end"}),
        ("events.csv", {"day": "when"}),
        ("claims.csv", {"from_day": "begins", "to_day": "ends"}),
    ):
        table = tables[name]
        for column, parsed in columns.items() if table is not None else ():
            for line, text, day in table[[column, parsed]].itertuples():
                if isinstance(day, Interval) and day.certainly_above(Interval.exact(meta.last_day)):
                    expected = f"a day of a phase; the last phase ends on day {meta.last_day} (last_day in case.yaml)"
                    yield Problem(label + name, line, column, text, expected)


def _check_phases(tables: dict, label: str, meta: CaseMeta) -> Iterator[Problem]:
    ids = [p.id for p in meta.phases]
    for name in ("observations.csv", "events.csv"):
        if tables[name] is not None:
            for line, phase in tables[name]["phase"].items():
                if phase and phase not in ids:
                    yield Problem(label + name, line, "phase", phase, f"a phase of case.yaml; {nearest(phase, ids)}")
    table = tables["interventions.csv"]
    if table is None:
        return
    before: Interval | None = None
    for phase in meta.phases[1:]:
        days = [d for d in table.loc[table["intervention"] == phase.opened_by, "start"] if d is not None]
        if not days:
            expected = f"phase {phase.id}: no row of interventions.csv with a start day gives this intervention"
            yield Problem(label + "case.yaml", phase.line, "opened_by", phase.opened_by or "", expected)
            continue
        first = min(days, key=lambda d: (d.low, d.high))
        if before is not None and first.certainly_below(before):
            expected = f"phases in the order of their first doses; {phase.id} opens before the phase above it"
            yield Problem(label + "case.yaml", phase.line, "opened_by", phase.opened_by or "", expected)
        before = first
