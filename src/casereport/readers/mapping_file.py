"""The mapping file beside a file of somebody else: what its names mean, `labs.mapping.csv` beside `labs.xlsx`."""

from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files.tables import Rule, read_table
from casereport.quantities.intervals import in_grammar
from casereport.quantities.vocabulary import Vocabulary
from casereport.readers.columns import Mapped
from casereport.readers.synonyms import key

_ANY = Rule(lambda s: True, "")
_COLUMNS = {
    "printed": Rule(bool, "the name as it is printed"), "analyte": _ANY, "unit": _ANY,
    "day": Rule(in_grammar, "the study day of a column, such as -2 or 3..4"), "intervention": _ANY,
}  # fmt: skip


def mapping_path(file: Path) -> Path:
    """Where the names of a file are explained."""
    return file.with_name(file.stem + ".mapping.csv")


def first_line(path: Path) -> str:
    """The first line of a mapping file; empty where there is none."""
    return path.read_text(encoding="utf-8-sig").partition("\n")[0].strip() if path.exists() else ""


def read_mapping(path: Path, vocabulary: Vocabulary) -> dict[str, Mapped]:
    """The mapping file by the key of each printed name; empty where there is none. Raises BadInput for a wrong line."""
    if not path.exists():
        return {}
    problems, found = [], {}
    for line, row in read_table(path, path.name, _COLUMNS, frozenset(_COLUMNS) - {"printed"}).items():
        analyte = vocabulary.analytes.get(row["analyte"])
        if row["analyte"] and analyte is None:
            expected = vocabulary.unknown_analyte(row["analyte"])
            problems.append(Problem(path.name, line, "analyte", row["analyte"], expected))
        elif analyte and row["unit"] and row["unit"] not in (analyte.unit, *analyte.conversions):
            expected = f"a unit of {analyte.id}: {', '.join((analyte.unit, *analyte.conversions))}"
            problems.append(Problem(path.name, line, "unit", row["unit"], expected))
        if row["intervention"] and row["intervention"] not in vocabulary.interventions:
            expected = vocabulary.unknown_intervention(row["intervention"])
            problems.append(Problem(path.name, line, "intervention", row["intervention"], expected))
        if row["intervention"] and (row["analyte"] or row["unit"] or row["day"]):
            expected = "an intervention for a treatment, or an analyte for a result; not both"
            problems.append(Problem(path.name, line, "intervention", row["intervention"], expected))
        if row["day"] and (row["analyte"] or row["unit"]):
            expected = "a day for a column, or an analyte for a row; not both"
            problems.append(Problem(path.name, line, "day", row["day"], expected))
        if key(row["printed"]) in found:
            expected = "each name once; keep the line that is meant"
            problems.append(Problem(path.name, line, "printed", row["printed"], expected))
        found[key(row["printed"])] = Mapped(row["analyte"], row["unit"], row["day"], row["intervention"])
    if problems:
        raise BadInput(problems)
    return found
