"""Small cases for tests: a folder written as text and read by `read_case`, with the project's own vocabulary."""

import csv
import io
from pathlib import Path

from casereport.case.case import Case
from casereport.case.reading import read_case

OBSERVATIONS = "day,analyte,value,unit,interpretation,ref_low,ref_high,evidence,source,note"
INTERVENTIONS = "start_day,end_day,intervention,dose,dose_unit,route,evidence,source,note"
EVENTS = "day,kind,finding,interpretation,evidence,source,note"
CLAIMS = "claim,statement,kind,analyte,anchor,from_day,to_day,expected,source"

_CASE = """id: made-up
title: "A made-up case report"
keywords: [made up, test]
status: draft
citation: null
subject: {age_years: 50, sex: male}
time_zero: the infusion
last_day: null
phases:
  - {id: before, label: Before, opened_by: null}
  - {id: after, label: After, opened_by: mesenchymal_stem_cells}
consent: null
not_reported: []
"""


def table(header: str, rows: list[tuple]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    return out.getvalue()


def seen(day, analyte, value, unit, source="Table 1", low="", high="", code="") -> tuple:
    """A row of observations.csv; a value of None is put in words by its code."""
    evidence = "reported" if value is None else "measured"
    return day, analyte, "" if value is None else value, unit, code, low, high, evidence, source, ""


def claim(kind, expected, analyte="", anchor="", begin="", end="", source="text", name="x") -> tuple:
    """A row of claims.csv."""
    return name, "a claim", kind, analyte, anchor, begin, end, expected, source


def happened(day, kind, finding, code="", source="text") -> tuple:
    """A row of events.csv."""
    return day, kind, finding, code, "reported", source, ""


def write_case(parent: Path, observations=(), events=(), claims=None, interventions=()) -> Path:
    """The folder of the case that the rows make, in `parent`/cases; its cells are infused on day 0."""
    folder = parent / "cases" / "made-up"
    folder.mkdir(parents=True)
    cells = ("0", "0", "mesenchymal_stem_cells", "", "", "", "reported", "text", "")
    files = {
        "case.yaml": _CASE,
        "observations.csv": table(OBSERVATIONS, list(observations)),
        "interventions.csv": table(INTERVENTIONS, [cells, *interventions]),
        "events.csv": table(EVENTS, list(events)),
        "narrative.md": "# Abstract\nMade up.\n",
    }
    if claims is not None:
        files["claims.csv"] = table(CLAIMS, list(claims))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def made_up(parent: Path, observations=(), events=(), claims=None, interventions=()) -> Case:
    """The case that the rows make, read."""
    return read_case(write_case(parent, observations, events, claims, interventions))


def edit(case: Path, file: str, old: str, new: str) -> int:
    """Replaces the first `old` in a file of the case; returns the line it stands on."""
    path = case / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
