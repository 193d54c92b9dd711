"""A case as OMOP tables: the columns of the model, every row there or among the losses, and back by our importer."""

import csv
import io

import pytest
from bundled_exports import NAMES, case_of, emptied, files_of, rows_of

from casereport.cli import main
from casereport.quantities.intervals import parse
from imported import SHARED, table

DATED = [name for name in NAMES if name != "byiers2014"]  # it counts in sessions
each_case = pytest.mark.parametrize("name", DATED)
KEYS = {
    "observations.csv": ["measurement"],
    "interventions.csv": ["drug_exposure", "procedure_occurrence"],
    "events.csv": ["condition_occurrence", "observation"],
}
# of the model's own list of fields, 5.4: what may not be empty besides the id and the person
REQUIRED = {
    "person": ["gender_concept_id", "year_of_birth", "race_concept_id", "ethnicity_concept_id"],
    "measurement": ["measurement_concept_id", "measurement_date", "measurement_type_concept_id"],
    "drug_exposure": [
        "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date", "drug_type_concept_id",
    ],
    "procedure_occurrence": ["procedure_concept_id", "procedure_date", "procedure_type_concept_id"],
    "condition_occurrence": ["condition_concept_id", "condition_start_date", "condition_type_concept_id"],
    "observation": ["observation_concept_id", "observation_date", "observation_type_concept_id"],
    "observation_period": ["observation_period_start_date", "observation_period_end_date", "period_type_concept_id"],
    "concept": [
        "concept_name", "domain_id", "vocabulary_id", "concept_class_id", "concept_code", "valid_start_date",
        "valid_end_date",
    ],
}  # fmt: skip


def rows(name: str, which: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_of(name, "omop").get(f"{which}.csv", ""))))


def exact(day: str) -> bool:
    known = parse(day)
    return known is not None and known.is_exact


@each_case
def test_the_columns_are_those_of_the_model_and_what_it_wants_is_there(name, shared):
    for path in sorted((SHARED / "omop-one-person").glob("*.csv")):
        if found := rows(name, path.stem):
            with path.open(encoding="utf-8") as file:
                assert list(found[0]) == next(csv.reader(file)), path.stem
    for which, columns in REQUIRED.items():
        for row in rows(name, which):
            empty = {column for column in columns if not row[column]}
            assert empty == ({"year_of_birth"} if which == "person" and not case_of(name).meta.subject.age else set())
            assert all(len(cell) <= 50 for column, cell in row.items() if column.endswith("_source_value"))


@each_case
def test_every_row_of_the_case_is_in_a_table_or_among_the_losses(name):
    lost = {(row["table"], int(row["line"])) for row in rows(name, "lost")}
    for file, tables in KEYS.items():
        there = [int(row[f"{which}_id"]) for which in tables for row in rows(name, which)]
        assert len(there) == len(set(there))
        lines = dict(enumerate(rows_of(name, file.removesuffix(".csv")), start=2))
        assert set(there) | {line for table, line in lost if table == file} == set(lines)
        day = "start_day" if file == "interventions.csv" else "day"
        assert set(there) == {line for line, row in lines.items() if exact(row[day])}


@each_case
def test_what_is_lost_in_part_is_told(name):
    """Counted here from the case: ranges, words other than low, normal and high, open limits, ends not known."""
    told = [(row["table"], int(row["line"]), row["reason"]) for row in rows(name, "lost")]
    for line, row in enumerate(rows_of(name), start=2):
        if exact(row["day"]):
            reasons = [reason for table, at, reason in told if (table, at) == ("observations.csv", line)]
            assert any("a range has no number" in r for r in reasons) == (".." in row["value"])
            assert any("in words" in r for r in reasons) == (row["interpretation"] not in ("", "L", "N", "H"))
            limits = sum(row[c][:1] in ("<", ">") for c in ("ref_low", "ref_high") if row[c])
            assert any("a limit that lies outside" in r for r in reasons) == bool(limits)
    for line, row in enumerate(rows_of(name, "interventions"), start=2):
        if exact(row["start_day"]):
            ends = [r for table, at, r in told if (table, at) == ("interventions.csv", line) and "its end is" in r]
            assert bool(ends) == (not exact(row["end_day"]))


@each_case
def test_what_the_model_holds_comes_back_by_the_import(name, tmp_path):
    case = emptied(name, tmp_path)
    folder = tmp_path / "omop"
    folder.mkdir()
    for file, text in files_of(name, "omop").items():
        (folder / file).write_text(text, encoding="utf-8", newline="")
    code = main(["import", str(folder), "--into", str(case), "--index", "1970-01-01"])
    known = case_of(name).vocabulary.analytes
    held = [
        (r["day"], r["analyte"], r["value"], r["unit"], *(r[c] if r[c][:1] not in "<>" else "" for c in RANGE))
        for r in rows_of(name)
        if exact(r["day"]) and r["value"] and ".." not in r["value"] and known[r["analyte"]].loinc
    ]
    found = [tuple(r[c] for c in ("day", "analyte", "value", "unit", *RANGE)) for r in table(case / "observations.csv")]
    assert sorted(found) == sorted(held)
    assert code == 0  # of peng2020, which has no number, a treatment comes back
    assert len(held) > 100 or name == "peng2020"  # which has no number


RANGE = ("ref_low", "ref_high")


@each_case
def test_a_day_is_its_distance_from_1970_and_no_concept_of_ohdsi_is_made_up(name):
    for row in rows(name, "measurement"):
        day = next(r["day"] for at, r in enumerate(rows_of(name), start=2) if at == int(row["measurement_id"]))
        date = row["measurement_date"]
        assert (int(date[8:]) - 1 if date.startswith("1970-01") else int(date[8:]) - 32) == int(day)
    local = {row["concept_id"]: row for row in rows(name, "concept")}
    assert all(int(number) > 2_000_000_000 for number in local)
    used = {cell for which in REQUIRED for row in rows(name, which) for c, cell in row.items() if "_concept_id" in c}
    # by the model: male, female, the five signs, low, normal, high, version 5.4
    model = {"8507", "8532", "4171756", "4171754", "4172704", "4171755", "4172703", "4267416", "4069590", "4328749"}
    assert {cell for cell in used if cell not in local} <= model | {"0", ""}
    assert {row["vocabulary_id"] for row in local.values()} <= {"LOINC", "UCUM", "ATC"}


def test_a_case_that_counts_in_sessions_has_no_dates_and_is_refused(tmp_path, capsys):
    assert main(["export", "byiers2014", "--format", "omop", "--out", str(tmp_path / "x")]) == 2
    assert "time_unit: 'sessions': a case that counts in days or hours" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
