"""A new case, as a folder of files or as one workbook: the least that validates and builds, with what belongs in it.

Every case begins as a draft in which nothing is known, because a template that looks like a patient would end up in
a report. What each column may hold is written beside the tables, from the rules that check them.
"""

import re
from pathlib import Path

from casereport.case.authors import CREDIT
from casereport.case.narrative import ABSTRACT, SECTIONS
from casereport.case.new.examples import EXAMPLES, TITLE, WHAT, column_help
from casereport.case.schema import OPTIONAL_TABLES, TABLES
from casereport.errors import BadInput, Problem
from casereport.files.paths import WORKBOOK
from casereport.files.whole import whole_folder

_CASE = """\
# The description of the case. null means not reported. Lines that begin with # are notes for you.
id: {case}                   # the name of this folder
title: "{title}"    # with the words "case report"
keywords: [KEYWORD ONE, KEYWORD TWO]    # two to five
status: draft                # final, once no required item of the CARE checklist is missing
citation: null               # if published: authors, title, journal, year, doi, licence
subject:
  age_years: null            # a whole number; an age over 89 is refused, because it can identify
                             # under two years: age_months, age_weeks or age_days instead
  sex: null                  # female or male
  weight_kg: null
  description: null          # the patient in a few words, without name or place
time_zero: the first day of the index treatment     # day 0, in words and never as a date
last_day: null               # the last study day that the source covers, a whole number
time_unit: days              # unit of the tables: days, hours (a fast course) or sessions
other_clock: null            # if the source counts days otherwise: {{words: "hospital day {{}}", day_0: 12}}
phases:                      # in order; each but the first opens with the first dose of a treatment
  - id: baseline
    label: Before the index treatment
    opened_by: null
#  - id: plasma
#    label: Convalescent plasma
#    opened_by: convalescent_plasma     # an intervention; interventions.csv says on which day it was given
# A1 B1 A2 B2: closed_by ends a phase with a course, and a next phase without opened_by begins then;
# the report names days that belong to no phase.
#  - {{id: b1, label: Oxygen, opened_by: oxygen, closed_by: oxygen}}        # until the last day of that course
#  - {{id: a2, label: Without oxygen, opened_by: null}}
#  - {{id: b2, label: Oxygen again, opened_by: oxygen, closed_by: oxygen}}  # its next course
# If a second dose follows without a gap: opened_on, the day of the dose that opens the phase.
consent: null                # what is known about the patient's consent
not_reported: []             # items that the source does not report, one per line
overview: []                 # up to four analytes for the first figure; empty: chosen by rule
allow: []                    # false alarms of the privacy check: {{text: ..., reason: ...}}
# Information for a journal; remove the # of the lines that you fill in.
#authors:                    # one corresponding author, and of that one alone the e-mail address
#  - name: NAME
#    orcid: 0000-0002-1825-0097
#    affiliations: [DEPARTMENT, INSTITUTION]
#    corresponding: true
#    email: ADDRESS
#    roles: [{roles}]
anonymous: false             # true: authors are not named, because their names could identify the patient
differential_diagnosis: []   # diagnoses considered, and the evidence against each: one per line
learning_points: []          # three to five, one per line
ethics: null                 # who approved or waived it
funding: null                # state also if there was none
competing_interests: null    # state also if there are none
acknowledgements: null
data_availability: null
"""


def new_case(name: str, folder: Path, workbook: bool = False) -> Path:
    """Writes a new case into `folder` and returns its path; raises BadInput if the name is none or is taken."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        expected = "a name of up to 64 letters, digits, - and _ (--dir sets the folder)"
        raise BadInput([Problem("case", 0, "", name, expected)])
    for taken in (folder / name, folder / f"{name}{WORKBOOK}"):
        if taken.exists() or taken.is_symlink():
            raise BadInput([Problem("case", 0, "", name, f"a new name; {taken} exists already")])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not workbook:
            return _write_folder(name, folder)
        from casereport.case.new.workbook import write_book

        return write_book(name, folder / f"{name}{WORKBOOK}")
    except OSError as error:
        expected = f"a folder that can be written to: {error.strerror}"
        raise BadInput([Problem("case", 0, "--dir", str(folder), expected)]) from None


def _write_folder(name: str, folder: Path) -> Path:
    files = {"case.yaml": _CASE.format(case=name, title=TITLE, roles=", ".join(CREDIT[:2])), "README.md": _readme()}
    for table, rules in TABLES.items():
        if table not in OPTIONAL_TABLES:
            files[table] = ",".join(c for c in rules if c != "phase") + "\n"
    files["narrative.md"] = "\n".join(f"# {section}\n\nNot reported.\n" for section in SECTIONS)
    with whole_folder(folder / name) as building:
        for file, text in files.items():
            (building / file).write_text(text, encoding="utf-8")
    return folder / name


def _readme() -> str:
    lines = [
        "The content of each file. This file is for you; it is not part of the case.",
        "",
        "A study day counts from day 0: `-3`, `0`, `2..3`, `<0`. A value is `12.5`, `<0.10`, `>=90` or `36.6..36.9`,",
        "and may be empty if an interpretation is given. No date, name or place belongs in any file.",
        "",
        "`case.yaml` contains its own notes; `narrative.md` is the text, with a `# heading` for each CARE section.",
        f"An abstract may be structured: {', '.join(f'`## {heading}`' for heading in ABSTRACT)}.",
        "",
        "`references.bib` (BibTeX) or `references.json` (CSL-JSON) holds the references. They are cited by key,",
        "`[@smith2020]`; the publication that case.yaml cites is `[@source]`.",
    ]
    for table, rules in TABLES.items():
        example = EXAMPLES[table][0]
        lines += ["", f"`{table}`: a row is {WHAT[table]}", ""]
        lines += [f"- {column}: {column_help(table, column)}" for column in rules]
        lines += ["", "An example:", "", "    " + ",".join(c for c in rules if c != "phase")]
        lines += ["    " + ",".join(f'"{cell}"' if "," in cell else cell for cell in example)]
    return "\n".join(lines) + "\n"
