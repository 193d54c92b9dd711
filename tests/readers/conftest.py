"""A case to import into, and what an import put there."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.cli import main

Read = Callable[..., list[tuple[str, str, str, str]]]


class Imported:
    """A case beside a table: `of` imports the text of one and returns (analyte, day, value, unit) of every row."""

    def __init__(self, folder: Path) -> None:
        self.case = new_case("x", folder)
        self.table = folder / "labs.csv"

    def run(self, text: str, *options: str) -> int:
        """The exit code of the import of a table as CSV."""
        self.table.write_text(text, encoding="utf-8")
        return main(["import", str(self.table), "--into", str(self.case), *options])

    def of(self, text: str, *options: str) -> list[tuple[str, str, str, str]]:
        """What the case has after the import."""
        self.run(text, *options)
        return [(r.analyte, r.day, r.value, r.unit) for r in self.rows]

    @property
    def rows(self):
        """The observations of the case."""
        return read_case(self.case).observations

    def ranges(self) -> dict[str, tuple[str, str]]:
        """The reference range of each analyte."""
        return {r.analyte: (r.ref_low, r.ref_high) for r in self.rows}

    def sex(self, sex: str) -> None:
        """Says whose case it is."""
        path = self.case / "case.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        changed = [line.split("sex:")[0] + f"sex: {sex}" if line.strip().startswith("sex:") else line for line in lines]
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")

    def time_unit(self, unit: str) -> None:
        """Says in what the case counts its time."""
        path = self.case / "case.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("time_unit: days", f"time_unit: {unit}"), encoding="utf-8")

    def left_out(self) -> str:
        """The file of what was left out; empty where there is none."""
        path = self.case / "left_out.csv"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def book(self, rows: list[list[object]], formats: dict[str, str]) -> int:
        """The exit code of the import of a workbook, its cells in these formats."""
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for place, form in formats.items():
            book.active[place].number_format = form
        book.save(self.table.with_suffix(".xlsx"))
        return main(["import", str(self.table.with_suffix(".xlsx")), "--into", str(self.case)])


@pytest.fixture
def imported(tmp_path) -> Imported:
    return Imported(tmp_path)
