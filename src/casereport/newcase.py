"""A new case folder: the tables with their headers, and the two texts with what belongs in them."""

from pathlib import Path

from casereport.case import TABLES, case_folder
from casereport.narrative import SECTIONS
from casereport.problems import BadInput, Problem

_CASE = """\
# What each key means is in the project's README. null says: not reported.
id: {case}
title: "TITLE: a case report"
keywords: [KEYWORD ONE, KEYWORD TWO]
status: draft
citation: null          # or: authors, title, journal, year, doi, licence
subject:
  age_years: null
  sex: null             # female or male
  weight_kg: null
  description: null
time_zero: the first day of the index treatment
last_day: null          # the last study day that the source covers
phases:
  - id: baseline
    label: Before the index treatment
    opened_by: null     # the first phase is open from the start
  # - id: treatment
  #   label: ...
  #   opened_by: convalescent_plasma   # an id of interventions.csv, with a row in this folder's interventions.csv
consent: null
not_reported: []
allow: []               # false alarms of the privacy check: {{text: ..., reason: ...}}
"""


def new_case(name: str, data_dir: Path) -> Path:
    """Writes the folder of a new case under `data_dir` and returns it; raises BadInput if it is there already."""
    try:
        folder = case_folder(name, data_dir)
    except BadInput as bad:
        if "no such case" not in str(bad):
            raise
        folder = data_dir / "cases" / name
    else:
        raise BadInput([Problem("case", 0, "", name, f"a new name: {folder} is there already")])
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text(_CASE.format(case=name), encoding="utf-8")
    for table, rules in TABLES.items():
        (folder / table).write_text(",".join(rules) + "\n", encoding="utf-8")
    narrative = "\n".join(f"# {section}\n\nNot reported.\n" for section in SECTIONS)
    (folder / "narrative.md").write_text(narrative, encoding="utf-8")
    return folder
