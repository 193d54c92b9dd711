"""Writes docs/tables.md and docs/api.md from the package itself: `make docs`. A test holds both to what this writes."""

import inspect
import sys
from collections.abc import Mapping
from pathlib import Path

import casereport
from casereport.analysis.column_kinds import Column
from casereport.analysis.table_columns import TABLES
from casereport.cohort.dataset import OF_CASES, OF_PATIENTS, PATIENTS
from casereport.quantities.wording import listed

DOCS = Path(__file__).parent
_TABLES = """# The tables

Every table that a notebook writes, as plain CSV under `results/`, and every column of it. `results["observations"]` in
a notebook, or `load_table` of `casereport.analysis.result_files` elsewhere, reads one back with its types: text is text
(empty where there is none), a number is a float (NaN where it is not known), whole numbers are integers.

What is known of a day or a value may be less than a number. Then `value` (or `day`) is NaN, and `low` and `high` bound
it: equal to the number where it is exact, `-inf` or `inf` where there is no bound; `closed` says which of the two
belong to it, in pandas' own words.

`change-<phase>` has the columns of `changes` and `given-<phase>` those of `interventions`; `changes-median` those of
`changes`.
"""
_COHORT = """
# The tables of a cohort

`casereport cohort` writes one Parquet dataset, `results/<table>/part-*.parquet`, which `cr.open_cohort` opens: the
tables {tables} of all cases, with `patient` before their columns and without those that count the rows of one case or
say where one value stands; and one row a patient:
"""
_API = """# The public API

What a notebook needs, under one name: `import casereport as cr`. What is listed here may be relied on; what is not may
change.
"""


def tables() -> str:
    """docs/tables.md: every table, every column, type, unit and meaning."""
    parts = [_TABLES]
    parts += [_columns(name, columns) for name, columns in TABLES.items()]
    parts.append(_COHORT.format(tables=listed([f"`{name}`" for name in OF_CASES])))
    return "".join([*parts, _columns(OF_PATIENTS, PATIENTS)])


def _columns(name: str, columns: Mapping[str, Column]) -> str:
    head = f"\n## {name}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n"
    return head + "".join(f"| `{c}` | {what.kind} | {what.unit} | {what.meaning} |\n" for c, what in columns.items())


def api() -> str:
    """docs/api.md: every public name with its signature and docstring."""
    parts = [_API]
    for name in casereport.__all__:
        thing = getattr(casereport, name)
        if inspect.ismodule(thing):
            parts += [_entry(f"{name}.{n}", getattr(thing, n)) for n in thing.__all__ if callable(getattr(thing, n))]
        elif callable(thing):
            parts.append(_entry(name, thing))
    return "".join(parts)


def _entry(name: str, thing: object) -> str:
    signature = str(inspect.signature(thing)).replace("casereport.", "") if inspect.isfunction(thing) else ""
    return f"\n## `cr.{name}{signature}`\n\n```text\n{inspect.getdoc(thing)}\n```\n"


if __name__ == "__main__":
    for file, text in (("tables.md", tables()), ("api.md", api())):
        (DOCS / file).write_text(text, encoding="utf-8")
        print(f"docs/{file}", file=sys.stderr)
