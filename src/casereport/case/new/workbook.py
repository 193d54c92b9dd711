"""The workbook that a new case begins with: lists to choose from, headers that stay in view, an example beside.

All cells are text, so that a spreadsheet program turns neither `1-2` into a date nor `2.80` into 2.8.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import Any, get_args

from casereport.case.authors import CREDIT
from casereport.case.description import TimeUnit
from casereport.case.narrative import SECTIONS
from casereport.case.new.examples import EXAMPLES, TITLE, WHAT, column_help
from casereport.case.schema import EVENT_INTERPRETATIONS, EVENT_KINDS, EVIDENCE, INTERPRETATIONS, TABLES
from casereport.case.workbook import AUTHOR
from casereport.files.whole import write_whole
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.vocabulary_tables import project_vocabulary

# rows that a list reaches; more can be added by copying a row
_ROWS = 1000
_CASE = (
    ("id", "", "the name of this file, without .xlsx"),
    ("title", TITLE, 'with the words "case report"'),
    ("keywords", "KEYWORD ONE; KEYWORD TWO", "two to five, separated by semicolons"),
    ("status", "draft", "draft, or final once no required item of the CARE checklist is missing"),
    ("citation.authors", "", "if published; else leave all of the citation empty"),
    ("citation.title", "", ""),
    ("citation.journal", "", ""),
    ("citation.year", "", ""),
    ("citation.doi", "", ""),
    ("citation.licence", "", ""),
    ("subject.age_years", "", "a whole number; over 89 is refused, because it can identify"),
    ("subject.age_months", "", "under two years, instead; or subject.age_weeks, or subject.age_days"),
    ("subject.sex", "", "female or male"),
    ("subject.weight_kg", "", ""),
    ("subject.description", "", "the patient in a few words, without name or place"),
    ("time_zero", "the first day of the index treatment", "day 0, in words and never as a date"),
    ("last_day", "", "the last study day that the source covers"),
    ("time_unit", "days", "unit of the tables: days, hours or sessions"),
    ("other_clock.words", "", "if the source counts days otherwise: hospital day {}, or day {} after onset"),
    ("other_clock.day_0", "", "the number of day 0 on that clock"),
    ("consent", "", "what is known about the patient's consent"),
    ("not_reported", "", "items that the source does not report, separated by semicolons"),
    ("overview", "", "up to four analytes for the first figure, separated by semicolons; empty: chosen by rule"),
    ("anonymous", "no", "yes: authors are not named, because their names could identify the patient"),
    ("differential_diagnosis", "", "diagnoses considered, and the evidence against each: one per line"),
    ("learning_points", "", "three to five, one per line"),
    ("ethics", "", "who approved or waived it"),
    ("funding", "", "state also if there was none"),
    ("competing_interests", "", "state also if there are none"),
    ("acknowledgements", "", ""),
    ("data_availability", "", ""),
)
_AUTHOR = {
    "name": "as to be printed",
    "orcid": "0000-0002-1825-0097, without the address before it",
    "affiliations": "separated by semicolons",
    "corresponding": "yes for the corresponding author",
    "email": "of the corresponding author alone",
    "roles": f"of CRediT, separated by semicolons: {'; '.join(CREDIT)}",
}
_READ_ME = (
    "This workbook is a complete case: casereport validate and casereport report accept its path.",
    "An empty cell means not reported. Keep the sheets and their first rows as they are.",
    "Days count from day 0: -3, 0, 2..3, <0. Values: 12.5, <0.10, >=90, 36.6..36.9, or nothing.",
    "Paste BibTeX from a reference manager into the sheet references, one line per row; cite by key: [@key].",
    "No date, name or place belongs in any sheet. The sheets read me, example and vocabulary are for you.",
)


def write_book(name: str, path: Path) -> Path:
    """Writes the workbook of a new case called `name`, the same bytes each time, and returns its path."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    vocabulary = project_vocabulary()
    _fill(book, "read me", [("",)], [(line,) for line in _READ_ME], widths=(110,))
    case = [(key, name if key == "id" else value, text) for key, value, text in _CASE]
    _fill(book, "case", [("key", "value", "what it is")], case, widths=(20, 60, 60))
    phases = [("baseline", "Before the index treatment", "", "", "")]
    header = [("id", "label", "opened_by", "closed_by", "opened_on")]
    _fill(book, "phases", header, phases, widths=(20, 40, 30, 30, 12))
    for table, rules in TABLES.items():
        sheet = _fill(book, table.removesuffix(".csv"), [tuple(c for c in rules if c != "phase")], [])
        _explain(sheet, table)
    prose = [(section, "Not reported.") for section in SECTIONS]
    _fill(book, "narrative", [("section", "text")], prose, widths=(28, 110))
    _fill(book, "allow", [("text", "reason")], [], widths=(40, 60))
    sheet = _fill(book, "authors", [AUTHOR], [], widths=(28, 22, 50, 14, 28, 50))
    for cell in sheet[1]:
        cell.comment = Comment(_AUTHOR[cell.value], "casereport", width=380, height=120)
    _fill(book, "references", [("bibtex",)], [], widths=(110,))
    examples = [row for table in TABLES for row in [(f"{table.removesuffix('.csv')}: {WHAT[table]}",),
                tuple(c for c in TABLES[table] if c != "phase"), *EXAMPLES[table], ("",)]]  # fmt: skip
    _fill(book, "example", [("Examples of completed rows; this sheet is not read.",)], examples)
    _lists(book, vocabulary)
    book.active = 1
    book.properties.creator = "casereport"
    write_whole(path, _pinned(book))
    return path


def _fill(book: Any, title: str, header: list[tuple], rows: list[tuple], widths: tuple[int, ...] = ()) -> Any:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for row in [*header, *rows]:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for i in range(max(len(header[0]), len(widths))):
        letter = get_column_letter(i + 1)
        sheet.column_dimensions[letter].width = widths[i] if i < len(widths) else 18
        sheet.column_dimensions[letter].number_format = "@"
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    return sheet


def _explain(sheet: Any, table: str) -> None:
    """A note on each header cell says what may stand below it."""
    from openpyxl.comments import Comment

    for cell in sheet[1]:
        cell.comment = Comment(column_help(table, cell.value), "casereport", width=380, height=120)


def _lists(book: Any, vocabulary: Vocabulary) -> None:
    """The sheet vocabulary, a column for each list, and the drop-downs that refer to it."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    units = dict.fromkeys(u for a in vocabulary.analytes.values() for u in (a.unit, *a.conversions))
    lists: dict[str, list[str]] = {
        "analyte": list(vocabulary.analytes),
        "label": [a.label for a in vocabulary.analytes.values()],
        "its units": [", ".join((a.unit, *a.conversions)) for a in vocabulary.analytes.values()],
        "unit": list(units),
        "intervention": list(vocabulary.interventions),
        "evidence": list(EVIDENCE),
        "interpretation": list(INTERPRETATIONS),
        "kind": list(EVENT_KINDS),
        "event interpretation": list(EVENT_INTERPRETATIONS),
        "status": ["draft", "final"],
        "time unit": list(get_args(TimeUnit)),
        "sex": ["female", "male"],
    }
    depth = max(map(len, lists.values()))
    rows = [tuple(column[i] if i < len(column) else None for column in lists.values()) for i in range(depth)]
    _fill(book, "vocabulary", [tuple(lists)], rows)
    chosen = {
        "observations": {"analyte": "analyte", "unit": "unit", "interpretation": "interpretation",
                         "evidence": "evidence"},
        "interventions": {"intervention": "intervention", "evidence": "evidence"},
        "events": {"kind": "kind", "interpretation": "event interpretation", "evidence": "evidence"},
        "claims": {"analyte": "analyte"},
        "phases": {"opened_by": "intervention", "closed_by": "intervention"},
    }  # fmt: skip
    places = [
        (book[title], get_column_letter([c.value for c in book[title][1]].index(column) + 1) + f"2:X{_ROWS + 1}", name)
        for title, columns in chosen.items()
        for column, name in columns.items()
    ]
    places = [(sheet, where.replace("X", where[0]), name) for sheet, where, name in places]
    keys = {row[0]: i + 2 for i, row in enumerate(_CASE)}
    listed = {"status": "status", "subject.sex": "sex", "time_unit": "time unit"}
    places += [(book["case"], f"B{keys[key]}", name) for key, name in listed.items()]
    for sheet, where, name in places:
        letter = get_column_letter(list(lists).index(name) + 1)
        rule = DataValidation("list", formula1=f"vocabulary!${letter}$2:${letter}${len(lists[name]) + 1}")
        rule.allow_blank = True
        # a new analyte of one's own is not in the list: the check of the case says what is wrong, not the spreadsheet
        rule.showErrorMessage = False
        sheet.add_data_validation(rule)
        rule.add(where)


def _pinned(book: Any) -> bytes:
    """The workbook's bytes without the time at which it was made."""
    raw, pinned = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(pinned, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda p: p.filename != "[Content_Types].xml"):
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-01-01T00:00:00Z", data)
            info = zipfile.ZipInfo(part.filename, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return pinned.getvalue()
