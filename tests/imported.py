"""An import of a made-up file into a case of its own, and what came of it."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import NamedTuple

from casereport.case.new.folder import new_case
from casereport.cli import main
from casereport.files.paths import ROOT
from casereport.readers.importing import plan_import
from casereport.readers.wide_table import Account

SHARED = ROOT.parent / "shared" / "interop"


class Outcome(NamedTuple):
    """The exit code, the rows of observations.csv, those of left_out.csv, and the folder of the case."""

    code: int
    rows: list[dict[str, str]]
    left_out: list[dict[str, str]]
    case: Path

    def values(self) -> list[tuple[str, str, str, str]]:
        """Day, analyte, value and unit of each row."""
        return [(r["day"], r["analyte"], r["value"], r["unit"]) for r in self.rows]

    def reasons(self) -> str:
        """All that was left out, with its reason."""
        return "\n".join(f"{row['printed']}: {row['reason']}" for row in self.left_out)

    def written(self) -> str:
        """Every text of the case."""
        return "\n".join(p.read_text(encoding="utf-8") for p in sorted(self.case.iterdir()))


def import_labs(
    table: Path, into: str, zero: dt.date | None = None, order: str = "", source: str = ""
) -> tuple[Account, int]:  # fmt: skip
    """The account of a table once it is imported, and how many rows are new."""
    plan = plan_import(table, into, index=str(zero or ""), date_order=order, source=source)
    assert isinstance(plan.account, Account)
    return plan.account, plan.apply()


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, none where there is no file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def imported(path: Path, *options: str, folder: Path | None = None) -> Outcome:
    """Imports the file (or folder) into a new case, or once more into that in `folder`."""
    case = folder or new_case("x", path.parent / "cases")
    code = main(["import", str(path), "--into", str(case), *options])
    return Outcome(code, table(case / "observations.csv"), table(case / "left_out.csv"), case)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of this content in the folder."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def observation(code: str = "718-7", value: object = 135, unit: str = "g/L", **more: object) -> dict[str, object]:
    """A FHIR Observation with a LOINC code and a quantity in a UCUM unit, on 1 September 2026; `more` are its other
    elements."""
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    made = {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-09-01T08:00:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": quantity,
    }  # fmt: skip
    return {key: part for key, part in (made | more).items() if part is not None}


def bundle(*resources: dict[str, object]) -> str:
    """A FHIR Bundle of these resources."""
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    )  # fmt: skip
