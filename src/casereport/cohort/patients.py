"""Patients of a cohort table: the columns of such a table, and what each cell may hold, checked for many patients.

A table has a row a measurement, all patients below one another. A patient with a wrong cell is left out with every
problem named; the others are not held up by it.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from casereport.analysis.once_each import distinct_rows
from casereport.case.schema import EVIDENCE
from casereport.errors import NO_CONTROL, Problem, control
from casereport.privacy.identifiers import REASONS, find, find_in_name, masked
from casereport.quantities.intervals import EXPECTED, Interval, number, parse
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.vocabulary_tables import project_vocabulary

MEASURED = ("patient", "day", "analyte", "value", "unit")
MEASURED_TOO = ("age_years", "sex", "evidence")
GIVEN = ("patient", "intervention", "start_day")
GIVEN_TOO = ("end_day", "dose", "dose_unit", "route")
# The columns whose cells are any text: the others hold numbers and words of the vocabulary, or are refused.
_FREE = ("dose_unit", "route")
# Trends are fitted on all pairs of a baseline; beyond this the pairs of one series alone fill a worker's memory.
MOST_VALUES = 5000
# Further from day 0 than a life is long: a date that a spreadsheet turned into a number, as the privacy gate has it.
LONGEST_LIFE = 90 * 366

# marks the rows of a table that are bad: the table, which of its rows, the column, and what was expected
_Wrong = Callable[[pd.DataFrame, pd.Series, str, str], None]


@dataclass(frozen=True)
class Part:
    """The patients of one partition that can be analysed, and what is wrong with the others.

    `rows`: `patient`, `day`, `analyte`, `text` (the value as printed), `unit`, `low`, `high`, `low_open`, `high_open`
    (canonical unit), `sex`, `age_years`, `evidence`, `nth` (the row of the patient, from 1); sorted by patient, each
    patient's rows in their own order. `given`: the interventions, with the columns of GIVEN and GIVEN_TOO as text and
    `start` as a number. `refused`: patient to a message.
    """

    rows: pd.DataFrame
    given: pd.DataFrame
    refused: dict[str, str]


def case_name(patient: str) -> str:
    """The name of a patient's case: the id where that can name a folder, else a name made from it by a hash."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", patient):
        return patient
    return "patient-" + hashlib.sha256(patient.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@lru_cache
def vocabulary() -> Vocabulary:
    """The project's own vocabulary, read once for each process."""
    return project_vocabulary()


def checked(measured: pd.DataFrame, given: pd.DataFrame | None, file: str, treatments: str = "interventions") -> Part:
    """The patients of two tables as read (`file` and `treatments` name them in messages; their column `line` has the
    line or row). Each distinct text that is no number and no word of the vocabulary passes the privacy gate.
    """
    found: dict[str, list[Problem]] = {}

    def wrong(table: pd.DataFrame, bad: pd.Series, column: str, expected: str) -> None:
        name = treatments if "start_day" in table else file
        for patient, line, value in table.loc[bad, ["patient", "line", column]].itertuples(index=False):
            found.setdefault(patient, []).append(Problem(name, int(line), column, str(value), expected))

    rows = _texts(measured, (*MEASURED, *MEASURED_TOO))
    rows["nth"] = rows.groupby("patient", sort=False).cumcount() + 1
    wrong(rows, rows["patient"].eq(""), "patient", "an id of the patient")
    lines = rows.groupby("patient", sort=False)["line"].first()
    for patient, line in lines.items():
        expected = [f"{REASONS[hit.kind]}; give patients ids of your own" for hit in find_in_name(patient)]
        for why in [NO_CONTROL] if control(patient) else expected:
            found.setdefault(patient, []).append(Problem(file, int(line), "patient", patient, why))
    day = pd.to_numeric(rows["day"], errors="coerce")
    wrong(rows, ~(day.abs() <= LONGEST_LIFE), "day", "a study day as a number, such as -3, 0 or 2.5")
    known = rows["analyte"].isin(vocabulary().analytes)
    for name in rows.loc[~known, "analyte"].unique():
        wrong(rows, rows["analyte"].eq(name), "analyte", vocabulary().unknown_analyte(name))
    wrong(rows, ~rows["sex"].isin(["", "female", "male"]), "sex", "female, male or nothing")
    rows["evidence"] = rows["evidence"].replace("", "measured")
    wrong(rows, ~rows["evidence"].isin(list(EVIDENCE)), "evidence", "one of " + ", ".join(EVIDENCE))
    age = pd.to_numeric(rows["age_years"].replace("", "0"), errors="coerce")
    wrong(rows, ~age.between(0, 150), "age_years", "an age in years, or nothing")
    for column in ("sex", "age_years"):
        first = rows.groupby("patient", sort=False)[column].transform("first")
        wrong(rows, rows[column] != first, column, "the same in every row of the patient")
    bounds = _bounds(rows, known, wrong)
    rows = rows.assign(day=day, age_years=age.where(rows["age_years"].ne("")), text=rows["value"], **bounds)
    long = rows.groupby(["patient", "analyte"], sort=False).size()
    for (patient, analyte), n in long[long > MOST_VALUES].items():
        fewer = f"at most {MOST_VALUES} values of one analyte: {n} are more than its trend can be fitted on"
        found.setdefault(patient, []).append(Problem(file, 0, "analyte", analyte, fewer))
    treated = _given(given, wrong)
    treated = treated[treated["patient"].isin(rows["patient"].unique())]
    usable = ~rows["patient"].isin(list(found))
    kept = rows[usable].drop(columns=["value", "line"])
    kept = kept.sort_values("patient", kind="stable").reset_index(drop=True)
    return Part(kept, treated[~treated["patient"].isin(list(found))], {p: told(x) for p, x in found.items()})


def told(problems: list[Problem]) -> str:
    """The problems of one case as one text, a line each; of very many the first.

    What a run says of its failures is published with it, so that it names places and rules, and no text of the case.
    """
    few = list(dict.fromkeys(problem.published for problem in sorted(set(problems))))
    rest = f"\n... and {len(few) - 20} more" if len(few) > 20 else ""
    return "\n".join(map(masked, few[:20])) + rest


def _texts(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The columns as stripped texts, those that are absent empty; numbers as the shortest text that reads back."""
    out = {}
    for column in columns:
        cells = table.get(column)
        if cells is None:
            out[column] = pd.Series("", index=table.index, dtype=object)
        elif pd.api.types.is_numeric_dtype(cells):
            out[column] = cells.map(lambda x: "" if x != x else number(x)).astype(object)
        else:
            out[column] = cells.astype(object).where(cells.notna(), "").astype(str).str.strip().astype(object)
    return pd.DataFrame(out, index=table.index).assign(line=table["line"])


def _bounds(rows: pd.DataFrame, known: pd.Series, wrong: _Wrong) -> dict[str, np.ndarray]:
    """Each value as its interval in the canonical unit. Each distinct text is parsed once, whoever it belongs to."""
    codes, distinct = distinct_rows(*(rows.loc[known, name] for name in ("analyte", "unit", "value")))
    parsed: list[Interval | str] = [_interval(*key) for key in distinct]
    table = np.array(
        [
            (i.low, i.high, i.low_open, i.high_open) if isinstance(i, Interval) else (np.nan, np.nan, 0, 0)
            for i in parsed
        ]
    ).reshape(-1, 4)
    cells = np.full((len(rows), 4), np.nan)
    cells[known.to_numpy()] = table[codes]
    for text in {x for x in parsed if isinstance(x, str)}:
        column, _, expected = text.partition("|")
        bad = np.zeros(len(rows), dtype=bool)
        bad[known.to_numpy()] = np.array([x == text for x in parsed])[codes]
        wrong(rows, pd.Series(bad, index=rows.index), column, expected)
    return {"low": cells[:, 0], "high": cells[:, 1], "low_open": cells[:, 2] > 0, "high_open": cells[:, 3] > 0}


def _interval(name: str, unit: str, text: str) -> Interval | str:
    """The interval in the canonical unit, or `column|what was expected`."""
    analyte = vocabulary().analytes[name]
    if unit != analyte.unit and unit not in analyte.conversions:
        return f"unit|a unit of {name}: " + ", ".join([analyte.unit, *analyte.conversions])
    try:
        value = parse(text, analyte.floor)
    except ValueError as error:
        return f"value|{error}"
    if value is None:
        return f"value|{EXPECTED.removesuffix(' or nothing')}"
    if value.low < analyte.floor:
        return f"value|not below {analyte.floor:g}: {name} cannot be negative"
    return value if unit == analyte.unit else value.rescaled(*analyte.conversions[unit])


def _given(given: pd.DataFrame | None, wrong: _Wrong) -> pd.DataFrame:
    columns = [*GIVEN, *GIVEN_TOO]
    if given is None or not len(given):
        return pd.DataFrame({c: pd.Series(dtype=object) for c in columns}).assign(start=pd.Series(dtype=float))
    rows = _texts(given, (*GIVEN, *GIVEN_TOO))
    start = pd.to_numeric(rows["start_day"], errors="coerce")
    wrong(rows, ~(start.abs() <= LONGEST_LIFE), "start_day", "a study day as a number, such as 0 or 2.5")
    end = pd.to_numeric(rows["end_day"].replace("", "0"), errors="coerce")
    wrong(rows, ~(end.abs() <= LONGEST_LIFE), "end_day", "a study day as a number, or nothing")
    wrong(rows, rows["end_day"].ne("") & (end < start), "end_day", "not before start_day")
    for name in rows.loc[~rows["intervention"].isin(vocabulary().interventions), "intervention"].unique():
        wrong(rows, rows["intervention"].eq(name), "intervention", vocabulary().unknown_intervention(name))
    wrong(rows, rows["dose"].ne("") & rows["dose_unit"].eq(""), "dose_unit", "the unit of the dose")
    for dose in (d for d in rows["dose"].unique() if d):
        try:
            parse(dose)
        except ValueError as error:
            wrong(rows, rows["dose"].eq(dose), "dose", str(error))
    for column in _FREE:
        for text in rows[column].unique():
            reasons = [NO_CONTROL] if control(text) else {REASONS[hit.kind] for hit in find(text)}
            for why in reasons:
                wrong(rows, rows[column].eq(text), column, why)
    repeated = rows.duplicated(["patient", "intervention", "start_day", "end_day", "dose"])
    wrong(rows, repeated, "intervention", "one row for the same patient, days, intervention and dose")
    return rows.assign(start=start).drop(columns="line").reset_index(drop=True)
