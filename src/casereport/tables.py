"""CSV files as their authors see them: every cell a text, every row with its line number.

Reading is strict (UTF-8, a header, as many cells as the header has) and checking is a pandera schema, run lazily so
that all problems of a file come at once.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from casereport.problems import BadInput, Problem, nearest

# Control characters have no meaning in a table, and are not allowed in the SVG and XML that a text may end up in.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

Rule = tuple[Callable[[str], bool], str]
"""A test of one cell's text, and what was expected where it fails."""


def read_text(path: Path, name: str) -> str:
    """The text of a UTF-8 file without a byte order mark; raises BadInput if it is missing, empty or not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadInput([Problem(name, 0, "", "", "the file is missing")]) from None
    except OSError as error:
        raise BadInput([Problem(name, 0, "", "", f"cannot be read: {error.strerror}")]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"byte 0x{raw[error.start]:02x}"
        raise BadInput([Problem(name, line, "", byte, "the file is not UTF-8; save it again as UTF-8")]) from None
    if not text.strip():
        raise BadInput([Problem(name, 0, "", "", "the file is empty")])
    if match := _CONTROL.search(text):
        line = text[: match.start()].count("\n") + 1
        raise BadInput([Problem(name, line, "", match[0], "a control character; remove it")])
    return text


def read_table(
    path: Path, name: str, rules: Mapping[str, Rule], optional: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """The table in `path`: one text column for each key of `rules`, indexed by line number, cells stripped.

    Columns outside `rules` are forbidden; those in `optional` may be absent and are then empty. Raises BadInput with
    every problem of the file, named `name`.
    """
    text = read_text(path, name)
    # strict: a quote left open would swallow the rest of the file without a word
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, problems, line = [], [], [], 1
    try:
        header = [cell.strip() for cell in next(reader)]
        for cells in reader:
            line, start = reader.line_num, line + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                expected = (
                    f"{len(header)} cells, as in the header; found {len(cells)} (a text with a comma needs quotes)"
                )
                problems.append(Problem(name, start, "", ",".join(cells), expected))
                continue
            rows.append([cell.strip() for cell in cells])
            lines.append(start)
    except csv.Error as error:
        raise BadInput([Problem(name, reader.line_num, "", "", f"not a CSV table: {error}")]) from None
    problems += _header_problems(name, header, set(rules), optional)
    if problems:
        raise BadInput(problems)
    table = pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="line"), dtype=object)
    for column in rules:
        if column not in table:
            table[column] = pd.Series("", index=table.index, dtype=object)
    table = table[list(rules)]
    _check(table, name, rules)
    return table


def _header_problems(name: str, header: list[str], known: set[str], optional: frozenset[str]) -> list[Problem]:
    problems = []
    for i, column in enumerate(header):
        if column not in known:
            problems.append(Problem(name, 1, "", column, f"unknown column; {nearest(column, known)}"))
        elif column in header[:i]:
            problems.append(Problem(name, 1, "", column, "the column stands twice"))
    for column in sorted(known - optional - set(header)):
        problems.append(Problem(name, 1, "", column, "the column is missing"))
    return problems


def _check(table: pd.DataFrame, name: str, rules: Mapping[str, Rule]) -> None:
    columns = {
        column: pa.Column(object, pa.Check(test, element_wise=True, error=expected))
        for column, (test, expected) in rules.items()
    }
    try:
        pa.DataFrameSchema(columns, strict=True).validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        found = errors.failure_cases
        raise BadInput(
            Problem(name, int(row["index"]), row["column"], str(row["failure_case"]), str(row["check"]))
            for row in found.to_dict("records")
        ) from None
