"""A REDCap export (CSV, raw or with labels), and the data dictionary that lies beside it, into results of one record.

The dictionary says which fields are numbers, by what label, and in what unit where its label or field note names one.
The columns of both, the field types and validations are as docs/redcap.md has them, with where they were read. A field
that is marked as an identifier is never read.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.readers.columns import Mapped
from casereport.readers.csv_rows import check_length, csv_rows
from casereport.readers.records import Feed, Record
from casereport.readers.specimens import of_panel
from casereport.readers.synonyms import key
from casereport.readers.wanted import Wanted, several

_LARGEST = 200 * 2**20
_LOOKED_AT = 200  # files of a folder that may be the dictionary
EVENT, FORM, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_KEYS = {"Event Name": EVENT, "Repeat Instrument": FORM, "Repeat Instance": INSTANCE}
_FIRST = "Variable / Field Name"
UNDATED = "its day is asked for: no date in the form"
_NUMBER = re.compile(r"(?:number(?:_\ddp)?(?:_comma_decimal)?|integer)")
_DATE = re.compile(r"date(?:time)?(?:_seconds)?_(?:dmy|mdy|ymd)")
# a date of birth is in many a form, and never the day of a sample
_BIRTH = re.compile(r"birth|born|(?:^|[\W_])dob(?:$|[\W_])|geburt|naissance|nacimiento", re.I)
# a field note that is a unit and nothing else: `mg/L`, `Unit: mg/L`, `(10^9/L)`, `kg`
_UNIT = re.compile(
    r"(?:units?\s*[:=]?\s*|in\s+)?[(\[]?([^\s()\[\]]*[/%^\d][^\s()\[\]]*|[A-Za-zµμ°]{1,4})[)\]]?\.?", re.I
)


class Field(NamedTuple):
    """A field of the dictionary: its label, its form, and what it holds (`number`, `date`, `text`, `unknown`, or a type
    of which nothing is taken); `unit` where the field note is one; `comma` for a decimal comma; `fluid` where the
    heading of its section says that it is not of blood."""

    name: str
    label: str
    form: str
    holds: str
    unit: str = ""
    comma: bool = False
    fluid: str = ""


def is_redcap(path: Path, first: list[str]) -> bool:
    """True for an export with these names of columns: it has those of REDCap, or a dictionary beside it."""
    keys = {name.strip('" ') for name in first} & {EVENT, FORM, INSTANCE, "Repeat Instrument"}
    return bool(keys) or _dictionary_of(path, [name.strip('" ') for name in first]) is not None


def is_dictionary(first: list[str]) -> bool:
    """True for the names of the columns of a data dictionary."""
    return bool(first) and first[0].strip('" ') == _FIRST


def read_redcap(path: Path, wanted: Wanted) -> Feed:
    """The numbers of one record; raises BadInput where there are several and none is chosen."""
    header, rows = _table(path)
    found = _dictionary_of(path, header)
    fields = _fields(found) if found else {}
    columns = [_field_of(name, fields, wanted) for name in header]
    at = {_KEYS.get(name, name): i for i, name in enumerate(header)}
    records = list(dict.fromkeys(row[0] for row in rows if row[0]))
    if wanted.patient and wanted.patient not in records:
        raise BadInput([Problem(path.name, 0, "--patient", wanted.patient, f"a record of this file, by {header[0]}")])
    if not wanted.patient and len(records) > 1:
        raise several(path.name, records, " records")
    own = [row for row in rows if not wanted.patient or row[0] == wanted.patient]
    words = [row[i] for row in own for i, field in enumerate(columns) if i == 0 or field.holds == "identifier"]
    people = frozenset(w.casefold() for text in words for w in re.findall(r"\w{3,}", text))
    return Feed("REDCap", "REDCap", _records(own, columns, at, wanted), people, tuple(_told(columns, wanted)))


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    check_file(path, path.name, _LARGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        first = file.readline()
        file.seek(0)
        mark = max(",;\t", key=first.count)
        found = csv_rows(file, mark, path.name)
        _, names = next(found, (1, []))
        header = [name.strip() for name in names]
        rows = []
        for line, row in found:
            check_length(row, len(header), mark, path.name, line)
            if any(row):
                rows.append([*(cell.strip() for cell in row), *[""] * (len(header) - len(row))])
    return header, rows


def _dictionary_of(path: Path, header: list[str]) -> Path | None:
    """The data dictionary in the folder of an export that has its first column as a field; raises BadInput for two."""
    found = []
    for other in sorted(path.parent.glob("*.csv"))[:_LOOKED_AT]:
        if other == path or not other.is_file() or other.is_symlink():
            continue
        with other.open("rb") as file:
            start = file.read(2**12).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
        if start.lstrip('"').startswith(_FIRST) and header:
            fields = _fields(other)
            if header[0] in {name for field in fields.values() for name in (field.name, field.label)}:
                found.append(other)
    if len(found) > 1:
        expected = f"one data dictionary beside it; here are {' and '.join(p.name for p in found)}"
        raise BadInput([Problem(path.name, 0, "", "", expected)])
    return found[0] if found else None


def _fields(dictionary: Path) -> dict[str, Field]:
    """The fields of a data dictionary by their names."""
    header, rows = _table(dictionary)
    at = {name: i for i, name in enumerate(header)}
    found = {}
    last, section = "", ""
    for row in rows:
        name, form, kind, label, note, validation, identifier, heading = (
            row[at[column]] if column in at else ""
            for column in (_FIRST, "Form Name", "Field Type", "Field Label", "Field Note",
                           "Text Validation Type OR Show Slider Number", "Identifier?", "Section Header")
        )  # fmt: skip
        # a section goes on to the next one of its form
        section, last = (_plain(heading) if heading or form != last else section), form
        unit = match[1] if (match := _UNIT.fullmatch(_plain(note))) else ""
        holds = _holds(kind.lower(), validation.lower(), f"{name} {label}", identifier.lower() == "y")
        comma, label = "comma" in validation, _plain(label) or name
        found[name] = Field(name, label, form, holds, unit, comma, of_panel(section))
    return found


def _holds(kind: str, validation: str, called: str, identifier: bool) -> str:
    if kind == "text" and _DATE.fullmatch(validation):
        return "birth" if _BIRTH.search(called) else "date"
    if identifier:
        return "identifier"
    if kind in ("calc", "slider") or (kind == "text" and _NUMBER.fullmatch(validation)):
        return "number"
    return "text" if kind == "text" and not validation else kind or "nothing"


def _plain(text: str) -> str:
    """A label without the marks of a rich text."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", text)).split())


def _field_of(heading: str, fields: dict[str, Field], wanted: Wanted) -> Field:
    """The field of a column, by its name or its label; a checkbox is a column for each choice, and no measurement."""
    if heading in fields:
        return fields[heading]
    labelled = [field for field in fields.values() if field.label == _plain(heading)]
    if len(labelled) == 1:
        return labelled[0]
    name = heading.partition("___")[0]
    if "___" in heading or "(choice=" in heading or name in fields or len(labelled) > 1:
        return Field(heading, heading, "", "checkbox" if len(labelled) < 2 else "of several fields")
    if heading in (*_KEYS, *_KEYS.values()) or heading.endswith(("_complete", "Complete?")) or fields:
        return Field(heading, heading, "", "nothing")
    return Field(heading, heading, "", "unknown")


def _told(columns: list[Field], wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    """What each field that is read was read as, and how many are not."""
    others = 0
    for field in columns[1:]:
        if field.holds == "date":
            alone = _dates(field.form, columns) == 1
            yield (
                "",
                field.label,
                f"the day of form {field.form}" if alone else f"one of the dates of form {field.form}",
            )
        elif field.holds == "number" or _mapped(field, wanted.mapping):
            unit = f" in {field.unit}" if field.unit else ""
            yield "", field.label, f"a number{unit}{f', of form {field.form}' if field.form else ''} ({field.name})"
        elif field.holds not in ("text", "unknown", "of several fields", "nothing"):
            others += 1
    if others:
        yield (
            "",
            f"{others} more",
            "choices, notes, files, identifiers or dates of birth, and no measurements: not read",
        )


def _dates(form: str, columns: list[Field]) -> int:
    return sum(field.holds == "date" and field.form == form for field in columns)


def _records(
    rows: list[list[str]], columns: list[Field], at: dict[str, int], wanted: Wanted
) -> Iterator[Record]:  # fmt: skip
    for row in rows:
        event = row[at[EVENT]] if EVENT in at else ""
        repeated = row[at[FORM]] if FORM in at else ""
        for field, cell in zip(columns[1:], row[1:], strict=False):
            if not cell or field.holds not in ("number", "text", "unknown", "of several fields"):
                continue
            mapped = _mapped(field, wanted.mapping)
            if field.holds in ("text", "unknown") and mapped is None and not re.search(r"\d", cell):
                continue  # a text without a number is none, whatever it is
            record = Record(
                mapped or _with_unit(field), cell.replace(",", ".") if field.comma else cell,
                field.unit if mapped else "", specimen=field.fluid, printed=field.holds != "number",
            )  # fmt: skip
            if field.holds == "unknown" and mapped is None:
                yield record._replace(refused="not in the vocabulary: no data dictionary lies beside the file")
            elif field.holds == "of several fields":
                yield record._replace(refused="a heading that several fields have: export the raw data")
            else:
                yield _dated(record, field, (event, repeated), row, columns, wanted)


def _mapped(field: Field, mapping: dict[str, Mapped]) -> str | None:
    """The name of a field that the mapping file has: the variable, or its label."""
    return next((name for name in (field.name, field.label) if key(name) in mapping), None)


def _with_unit(field: Field) -> str:
    return f"{field.label} ({field.unit})" if field.unit and f"({field.unit})" not in field.label else field.label


def _dated(
    record: Record, field: Field, place: tuple[str, str], row: list[str], columns: list[Field], wanted: Wanted
) -> Record:
    """The record with its day: that which the mapping file has for the event, else the one date of the form."""
    event, repeated = place
    called = event or repeated or field.form
    if (mapped := wanted.mapping.get(key(called))) and mapped.day:
        return record._replace(day=mapped.day, day_unit=wanted.time_unit)
    dates = [
        cell for other, cell in zip(columns, row, strict=False)
        if other.holds == "date" and cell and other.form == field.form
        and not (key(other.name) in wanted.mapping or key(other.label) in wanted.mapping)
    ]  # fmt: skip
    if len(dates) == 1:
        return record._replace(when=dates[0])
    if len(dates) > 1:
        return record._replace(refused=f"several dates in form {field.form}: leave all but one out by the mapping file")
    return record._replace(name=called, refused=UNDATED) if called else record._replace(refused="no date of the sample")
