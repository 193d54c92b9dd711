"""The rows of a CSV, with the line that each begins on; one that is none, or is longer than its header, is refused.

A quote that stays open takes in the rows that follow, and a decimal comma without quotes shifts every cell behind it:
either makes other values of those that are there.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

from casereport.errors import BadInput, Problem


def csv_rows(lines: Iterable[str], mark: str, name: str, quoted: bool = True) -> Iterator[tuple[int, list[str]]]:
    """The rows of the file called `name`, each with the line that it begins on; a quote is none where not `quoted`.

    Raises BadInput, with that line, for a quote that is opened and not closed, and for what is no CSV else.
    """
    reader = csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput([Problem(name, line, "", "", _expected(str(error)))]) from None
        yield line, row
        line = reader.line_num + 1


def _expected(error: str) -> str:
    if error == "unexpected end of data":
        return 'a closing quote (") for each opening one: one of this row takes in all that follows'
    if "expected after" in error:
        return 'a quote (") around a whole cell, and doubled ("") within one; here one opens or closes elsewhere'
    return f"a row of a CSV table: {error}"


def check_length(row: Sequence[str], most: int, mark: str, name: str, line: int) -> None:
    """Raises BadInput for a row that has a text behind the cells of its header, of which there are `most`."""
    if len(row) > most and any(cell.strip() for cell in row[most:]):
        what = {",": "a comma", ";": "a semicolon", "\t": "a tab"}.get(mark, "the mark that parts cells")
        hint = f"a text with {what} in it needs quotes" + (", a number a decimal point or quotes" * (mark == ","))
        found = max(i for i, cell in enumerate(row, start=1) if cell.strip())
        raise BadInput([Problem(name, line, "", "", f"{most} cells, as in the header; found {found} ({hint})")])
