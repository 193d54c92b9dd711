"""What a reader sees of a notebook: the lines that its cells print, and the rows of the tables that they show."""

import io
from contextlib import redirect_stdout
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from assembly import execute

Row = dict[str, str]


class Shown:
    """The cells of a notebook, run with these parameters."""

    def __init__(self, notebook: Path, **parameters: object) -> None:
        with redirect_stdout(io.StringIO()) as said:
            _, values = execute(notebook, **parameters)
        self.said = said.getvalue().splitlines()
        pages = [BeautifulSoup(v._repr_html_(), "html.parser") for v in values if hasattr(v, "_repr_html_")]
        self._tables = [_rows(table) for page in pages for table in page.select("table")]

    def tables(self, *headings: str) -> list[list[Row]]:
        """The tables with these headings, in their order."""
        return [rows for rows in self._tables if rows and set(headings) <= set(rows[0])]

    def rows(self, *headings: str) -> list[Row]:
        """The rows of the one table with these headings."""
        (found,) = self.tables(*headings)
        return found


def _rows(table: Tag) -> list[Row]:
    heads = [cell.text.strip() for cell in table.select("thead th")]
    bodies = table.select("tbody tr")
    return [dict(zip(heads, (cell.text.strip() for cell in row.select("th, td")), strict=True)) for row in bodies]
