"""The Tongji file: read and cleaned as defined, counted independently, and refused where it is another file.

It is not part of the project; what needs it runs where it lies beside the project (or NATURAL_HISTORY names it), and
is skipped elsewhere.
"""

import math
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from casereport.analysis.base_rates import BACK, NEXT_DAY, PATIENTS, TABLE
from casereport.analysis.result_files import csv_text
from casereport.errors import BadInput
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.reference import base_rates as natural_history
from casereport.reference.base_rates import Limit, base_rates, limits_in_use, main, reference_table
from casereport.reference.tongji import COLUMNS, Cohort, cohort_path, read_tongji

ANALYTES = project_vocabulary().analytes


@pytest.fixture(scope="module")
def tongji_file() -> Path:
    try:
        return cohort_path()
    except BadInput:
        pytest.skip("the Tongji file is not on this machine")


@pytest.fixture(scope="module")
def tongji(tongji_file: Path) -> Cohort:
    return read_tongji(tongji_file)


@pytest.fixture(scope="module")
def by_hand(tongji_file: Path) -> list[dict]:
    """The rows of the file that the definition keeps, read cell by cell."""
    import openpyxl

    rows = openpyxl.load_workbook(tongji_file, read_only=True).active.iter_rows(values_only=True)
    header = [str(name).strip() for name in next(rows)]
    kept, person = [], {}
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        if row["PATIENT_ID"] is not None:
            person = {c: row[c] for c in ("PATIENT_ID", "gender", "Discharge time", "outcome")}
        row |= person
        if row["RE_DATE"] is not None and row["RE_DATE"] <= row["Discharge time"]:
            kept.append(row)
    return kept


def test_the_published_cohort_is_375_patients_of_whom_174_died(by_hand, tongji):
    # Yan et al. 2020, Table 2: 201 survived, 174 died
    assert PATIENTS == {"all": 375, "survivors": 201, "deaths": 174}
    outcome = tongji.table.groupby("patient")["died"].first()
    # 14 patients have nothing but a row without a date, and 2 nothing before their discharge
    assert len(outcome) == len({row["PATIENT_ID"] for row in by_hand}) == 375 - 14 - 2
    assert outcome.sum() == len({row["PATIENT_ID"] for row in by_hand if row["outcome"] == 1})


def test_the_known_defects_of_the_file_are_dropped_and_counted(tongji, by_hand):
    assert tongji.dropped["rows without a date"] == 14
    assert tongji.dropped["rows dated after discharge"] == 71
    assert len(tongji.table) == len(by_hand) == 6120 - 14 - 71
    assert (tongji.table[list(COLUMNS.values())].min() > 0).all()


def test_urine_and_blood_gas_results_are_not_taken_for_a_blood_count(tongji):
    # no patient of the cohort was reported to have 1,700 white cells, nor a haemoglobin of 6.4 g/L, which nobody has
    assert tongji.table["white_cells"].max() < 100
    assert tongji.table["red_cells"].max() < 100
    assert tongji.table["haemoglobin"].min() > 20


@pytest.mark.parametrize(
    ("analyte", "low", "high"),
    [
        ("ldh", 199.00, 617.75),
        ("lymphocyte_share", 4.17, 27.53),
        ("crp", 2.0, 99.10),
    ],
)
def test_the_last_measurements_have_the_quartiles_that_the_publication_prints(tongji, analyte, low, high):
    # Yan et al. 2020, Table 2: LDH in U/L, lymphocytes in %, hs-CRP in mg/L; before our cleaning, so not to the digit
    last = tongji.table.dropna(subset=analyte).groupby("patient")[analyte].last()
    assert last.quantile(0.25) == pytest.approx(low, rel=0.1)
    assert last.quantile(0.75) == pytest.approx(high, rel=0.1)


def least_change(analyte: Analyte, sign: int) -> float:
    """The relative change for the better that noise does not explain, from the two variations (Fraser 2001)."""
    if analyte.cv_i is None:
        return 0.0
    total = math.sqrt(analyte.cv_i**2 + (analyte.cv_a or 0) ** 2) / 100
    if total <= 0.15:
        return math.sqrt(2) * 1.96 * total
    spread = 1.96 * math.sqrt(2) * math.sqrt(math.log(1 + total**2))  # Fokkema 2006
    return math.exp(spread) - 1 if sign > 0 else 1 - math.exp(-spread)


def counted_by_hand(
    rows: list[dict], column: str, limits: tuple[float, float], sign: int, least: float
) -> dict[tuple, tuple]:
    """(count, measurements, patients) by measure, horizon and outcome group; plain loops over the definition."""
    series: dict[int, list[tuple[datetime, float]]] = {}
    people = {}
    for row in rows:
        if row[column] is not None and row[column] > 0:
            series.setdefault(row["PATIENT_ID"], []).append((row["RE_DATE"], row[column]))
            people[row["PATIENT_ID"]] = row
    found: dict[tuple, list[tuple[int, bool]]] = {}
    for patient, values in series.items():
        groups = ("all", "deaths" if people[patient]["outcome"] == 1 else "survivors")
        limit = limits[people[patient]["gender"] - 1]
        for time, value in values:
            if not sign * value < sign * limit:
                continue
            later = sorted(((t - time).total_seconds() / 86400, v) for t, v in values if t > time)
            next_day = [v for after, v in later if 0.5 <= after <= 1.5]
            results = {(NEXT_DAY, 1): sign * (next_day[0] / value - 1) > least} if next_day else {}
            for k in range(1, 15):
                if any(k - 1 <= after <= k + 0.5 for after, _ in later):
                    results[BACK, k] = any(after <= k + 0.5 and sign * v >= sign * limit for after, v in later)
            for key, yes in results.items():
                for group in groups:
                    found.setdefault((*key, group), []).append((patient, yes))
    return {
        key: (sum(yes for _, yes in hits), len(hits), len({patient for patient, _ in hits}))
        for key, hits in found.items()
    }


@pytest.mark.parametrize(
    ("analyte", "column", "limits", "sign"),
    [
        (ANALYTES["lymphocytes"], "lymphocyte count", (1.1, 1.1), 1),
        (ANALYTES["crp"], "High sensitivity C-reactive protein", (3, 3), -1),
        (ANALYTES["ldh"], "Lactate dehydrogenase", (250, 250), -1),
        (ANALYTES["creatinine"], "creatinine", (97, 73), -1),
        (ANALYTES["alt"], "glutamic-pyruvic transaminase", (50, 40), -1),
        (ANALYTES["ast"], "aspartate aminotransferase", (40, 35), -1),
        (ANALYTES["d_dimer"], "D-D dimer", (0.5, 0.5), -1),
        (ANALYTES["lymphocyte_share"], "(%)lymphocyte", (20, 20), 1),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_an_independent_count_on_the_375_patients_agrees(tongji, by_hand, analyte, column, limits, sign):
    expected = counted_by_hand(by_hand, column, limits, sign, least_change(analyte, sign))
    compared = 0
    for row in base_rates(tongji.table, analyte, Limit(*limits)).itertuples(index=False):
        key = (row.measure, row.horizon, row.outcome_group)
        # row[9] is `count`, a name that tuples have for themselves
        assert (row[9], row.measurements, row.patients) == expected.pop(key, (0, 0, 0)), key
        compared += 1
    assert compared == 45 and not expected


def test_the_committed_table_is_what_the_file_gives(tongji):
    wanted = [(a, limit) for a, limit in limits_in_use() if a.id in ("lymphocytes", "creatinine")]
    made = csv_text(reference_table(tongji, wanted)).splitlines()
    committed = TABLE.read_text(encoding="utf-8").splitlines()
    assert made == [committed[0], *(line for line in committed if line.startswith(("lymphocytes,", "creatinine,")))]


# Bad input


def test_a_path_without_a_file_is_said_and_ends_with_2(monkeypatch, capsys, tmp_path):
    assert main([str(tmp_path / "none.xlsx")]) == 2
    assert "none.xlsx': no such file; name your own download" in capsys.readouterr().err
    monkeypatch.setenv("NATURAL_HISTORY", str(tmp_path / "other.xlsx"))
    assert main([]) == 2
    assert "other.xlsx': no such file" in capsys.readouterr().err


def test_a_file_that_is_no_workbook_leaves_the_table_as_it_is(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(natural_history, "TABLE", tmp_path / "reference" / "base_rates.csv")
    (tmp_path / "cohort.xlsx").write_text("patient,time\n", encoding="utf-8")
    assert main([str(tmp_path / "cohort.xlsx")]) == 2
    assert "cohort.xlsx: an .xlsx workbook" in capsys.readouterr().err
    assert not (tmp_path / "reference").exists()


def workbook(path: Path, **columns: list) -> Path:
    """A workbook of two rows of one patient in the form of the Tongji file, with columns changed."""
    day = datetime(2020, 2, 1, 8)
    sheet = {
        "PATIENT_ID": [1, None], "RE_DATE": [day, day + timedelta(days=1)], "age": [60, None], "gender": [1, None],
        "Admission time": [day, None], "Discharge time": [day + timedelta(days=5), None], "outcome": [0, None],
    } | {name: [1, -1] for name in COLUMNS}  # fmt: skip
    pd.DataFrame(sheet | columns).to_excel(path, index=False)
    return path


def test_what_only_the_first_row_of_a_patient_carries_is_filled_forward(tmp_path):
    found = read_tongji(workbook(tmp_path / "cohort.xlsx"))
    assert found.table[["patient", "sex", "died"]].to_dict("list") == {
        "patient": [1, 1], "sex": ["male", "male"], "died": [False, False],
    }  # fmt: skip
    assert found.table["lymphocytes"].notna().tolist() == [True, False]
    assert found.dropped["values that are not positive"] == len(COLUMNS)


@pytest.mark.parametrize(("seconds", "kept"), [(0, 2), (1, 1)])
def test_a_row_of_the_moment_of_discharge_stays_and_a_later_one_goes(tmp_path, seconds, kept):
    day, leaves = datetime(2020, 2, 1, 8), datetime(2020, 2, 6, 8)
    dates = [day, leaves + timedelta(seconds=seconds)]
    found = read_tongji(workbook(tmp_path / "cohort.xlsx", **{"RE_DATE": dates, "Discharge time": [leaves, None]}))
    assert len(found.table) == kept
    assert found.dropped["rows dated after discharge"] == 2 - kept


def test_a_value_of_nought_is_dropped_as_one_below_is(tmp_path):
    found = read_tongji(workbook(tmp_path / "cohort.xlsx", **{"lymphocyte count": [0, 0.01]}))
    assert found.table["lymphocytes"].notna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("gender", [3, 3], "gender: '3': one of [1, 2]"),
        ("outcome", [None, None], "line 2, outcome: the first row of a patient carries it"),
        ("lymphocyte count", ["low", "low"], "lymphocyte count: numbers"),
        ("RE_DATE", ["yesterday", "today"], "RE_DATE: dates"),
    ],
)
def test_a_workbook_of_another_kind_is_refused_by_column(tmp_path, column, cells, said):
    with pytest.raises(BadInput) as bad:
        read_tongji(workbook(tmp_path / "cohort.xlsx", **{column: cells}))
    assert said in str(bad.value)
