"""The page of a cohort: a table of all cases to search and sort, its figures, and the way to each report.

The table is there without a script, with its first rows. One small script, the only one that the page's policy lets
run, draws the rows that are in sight, so that ten thousand stay quick.
"""

import base64
import hashlib
import json
import math
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from casereport.analysis.result_files import csv_text
from casereport.cohort.dataset import COUNTS, OF_PATIENTS, read
from casereport.cohort.patients import case_name
from casereport.cohort.series import kept_figures
from casereport.figures.svg import inline_svg
from casereport.files.whole import write_whole
from casereport.quantities.wording import counted
from casereport.report.sections import ENVIRONMENT
from casereport.run.notebooks import FOOTER

FIRST = 200  # rows of the plain table
MOST = 20_000  # rows of the page; a larger cohort has them all in cases.csv
DONE, FAILED, UNMEASURED = "done", "failed", "no measurement"
# of the table of patients, as the page calls it; what no row has anything in is left out
HEADS = {
    "patient": "Patient", "sex": "Sex", "outcome": "Outcome", "measurements": "Measurements", "analytes": "Analytes",
    "first_day": "First day", "last_day": "Last day", "phases": "Phases", "better": "Better", "worse": "Worse",
    "remarks": "Remarks", "contradicted": "Contradicted", "state": "State",
}  # fmt: skip
_TEMPLATES = Path(__file__).resolve().parents[1] / "report" / "templates"
_CSS = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
_SCRIPT = (_TEMPLATES / "cohort.js").read_text(encoding="utf-8").strip()


def write_page(out: Path, failures: dict[str, str], unmeasured: list[str], reports: bool) -> None:
    """Writes `out`/index.html and cases.csv; `reports` tells whether each case has a report to lead to.

    What failed stands first, with its reason; patients of whom there is no measurement, `unmeasured`, stand last.
    """
    cases = read(out, OF_PATIENTS)
    cases = cases[~cases["patient"].isin(list(failures))].sort_values("patient", kind="stable", key=_natural)
    simulated = bool(len(cases) and cases["simulated"].all())
    # where all are simulated the page itself says so
    shown = cases if simulated else cases.assign(state=cases["simulated"].map({True: "simulated: no patient"}))
    heads, rows = _rows(shown, failures, unmeasured)
    names = dict(zip(cases["patient"].astype(str), cases["case"].astype(str), strict=True)) if reports else {}
    links = [names.get(row[0], "") for row in rows]
    total = len(cases) + len(failures) + len(unmeasured)
    _write_cases(out, cases, failures, unmeasured)
    # the text of a JSON island ends at </script>, which no cell may hold
    data = json.dumps({"links": links, "rows": rows}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    limited = f"The first {min(FIRST, len(rows))} of {counted(total, 'case')}; all are in the CSV file."
    text = ENVIRONMENT.get_template("cohort.html.j2").render(
        title="Case series", css=Markup(_CSS), script=Markup(_SCRIPT), data=Markup(data),
        script_hash=f"sha256-{digest}", footer=FOOTER, simulated=simulated,
        heads=heads, rows=[*zip(links, rows, strict=True)][:FIRST], figures=_figures(out),
        summary=_summary(cases, failures, unmeasured, total, len(rows)), failures=bool(failures), first_rows=limited,
        series=(out / "report.html").is_file(),
    )  # fmt: skip
    write_whole(out / "index.html", text)


def _rows(
    cases: pd.DataFrame, failures: dict[str, str], unmeasured: list[str]
) -> tuple[list[str], list[list[str | int | None]]]:
    """The heads and the rows of the page's table: failures first, with their reasons, and the unmeasured last."""
    failed = [{"patient": p, "state": f"{FAILED}: {error}"} for p, error in sorted(failures.items())]
    known = cases[[c for c in HEADS if c in cases]].head(MOST).to_dict("records")
    none = [{"patient": p, "measurements": 0, "analytes": 0, "state": UNMEASURED} for p in unmeasured]
    every = [*failed, *known, *none[: max(0, MOST - len(failed) - len(known))]]
    rows = [[_plain(entry.get(column)) for column in HEADS] for entry in every]
    used = [i for i in range(len(HEADS)) if i == 0 or any(row[i] is not None for row in rows)]
    return [[*HEADS.values()][i] for i in used], [[row[i] for i in used] for row in rows]


def _figures(out: Path) -> list[dict[str, object]]:
    """The figures that the notebook of the series has kept, each with its drawing, and that for a phone."""

    def drawing(name: str) -> Markup:
        return Markup(inline_svg((out / "figures" / f"{name}.svg").read_text(encoding="utf-8")))

    return [
        entry
        | {"svg": drawing(entry["name"])}
        | ({"small": drawing(f"{entry['name']}-phone")} if entry["phone"] else {})
        for entry in kept_figures(out)
    ]


def _natural(column: pd.Series) -> pd.Series:
    """Ids that are numbers in the order of numbers."""
    return column.astype(str).str.replace(r"\d+", lambda m: m[0].zfill(12), regex=True)


def _plain(x: str | float | None) -> str | int | None:
    """A text; a count, or the day in which a time lies: an hour of the first day is of day 0, not day 0.1335."""
    if x is None or isinstance(x, str):
        return x or None
    return math.floor(x) if math.isfinite(x) else None


def _summary(cases: pd.DataFrame, failures: dict[str, str], unmeasured: list[str], total: int, shown: int) -> str:
    parts = [f"{counted(len(cases), 'case')} with {counted(int(cases['measurements'].sum()), 'measurement')}"]
    if failures:
        parts.append(f"{len(failures)} failed")
    if unmeasured:
        parts.append(f"{counted(len(unmeasured), 'patient')} without a measurement")
    claims = int(cases[COUNTS].to_numpy().sum())
    if claims:
        parts.append(f"{counted(claims, 'claim')} audited")
    text = "; ".join(parts) + "."
    return text + (f" The table shows {shown} of {total}; all are in the CSV file." if shown < total else "")


def _write_cases(out: Path, cases: pd.DataFrame, failures: dict[str, str], unmeasured: list[str]) -> None:
    head = ["patient", "case", "state", "error"]
    lost = pd.DataFrame([(p, case_name(p), FAILED, e) for p, e in sorted(failures.items())], columns=head)
    none = pd.DataFrame([(p, case_name(p), UNMEASURED, "") for p in unmeasured], columns=head)
    table = pd.concat([lost, cases.assign(state=DONE), none.assign(measurements=0, analytes=0)], ignore_index=True)
    columns = [*head[:3], *[c for c in cases if c not in head], "error"]
    for column in set(columns) - set(head):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    write_whole(out / "cases.csv", csv_text(table.reindex(columns=columns)))
