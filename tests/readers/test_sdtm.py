"""SDTM into a case: LB and VS as Dataset-JSON, XPT and CSV, with study days that skip no day 0."""

import json

import pandas as pd
import pytest

from imported import imported, written

COLUMNS = ["USUBJID", "LBSEQ", "LBTESTCD", "LBTEST", "LBCAT", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI",
           "LBSTRESN", "LBSTRESU", "LBNRIND", "LBDTC", "LBDY"]  # fmt: skip
ROWS = [
    ["S1", 1, "ALB", "Albumin", "CHEMISTRY", "4.2", "g/dL", "3.5", ".5e1", 42, "g/L", "NORMAL", "2012-11-21", -16],
    ["S1", 2, "WBC", "Leukocytes", "HEMATOLOGY", "12", "10^9/L", "4", "11", 12, "10^9/L", "HIGH", "2012-12-07", 1],
    ["S1", 3, "BASO", "Basophils", "HEMATOLOGY", "0", "10^9/L", "0", "", 0, "10^9/L", "NORMAL", "2012-12-08", 2],
    ["S1", 4, "GLUC", "Glucose", "URINALYSIS", "5", "mg/dL", "", "", 5, "mg/dL", "", "2012-12-08", 2],
    ["S1", 5, "COLOR", "Color", "URINALYSIS", "YELLOW", "", "", "", None, "", "", "2012-12-08", 2],
    ["S1", 6, "EOS", "Eosinophils", "HEMATOLOGY", "3", "%", "", "", 0.03, "FRACTION", "", "2012-12-08", 2],
    ["S1", 7, "K", "Potassium", "CHEMISTRY", "", "", "", "", 4.1, "mmol/L", "", "2012-12-08", 2],
]  # fmt: skip
VALUES = [
    ("-16", "albumin", "4.2", "g/dL"), ("0", "white_cells", "12", "10*9/L"), ("1", "basophils", "0", "10*9/L"),
    ("1", "eosinophil_share", "3", "%"), ("1", "potassium", "4.1", "mmol/L"),
]  # fmt: skip


def dataset(rows: list[list[object]]) -> str:
    return json.dumps(
        {"datasetJSONVersion": "1.1.0", "name": "LB", "columns": [{"name": c} for c in COLUMNS], "rows": rows}
    )


def frame(rows: list[list[object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_day_1_of_sdtm_is_day_0_and_the_day_before_it_minus_1(tmp_path):
    found = imported(written(tmp_path, "lb.json", dataset(ROWS)))
    assert found.values() == VALUES
    assert [(r["ref_low"], r["ref_high"], r["interpretation"]) for r in found.rows[:3]] == [
        ("3.5", "5", "N"), ("4", "11", "H"), ("0", "", "N"),
    ]  # fmt: skip
    assert "Glucose: not in the vocabulary, in another specimen" in found.reasons()
    assert "Color: not a number" in found.reasons() and "2012" not in found.written()


def test_csv_gives_what_dataset_json_gives(tmp_path):
    frame(ROWS).to_csv(tmp_path / "lb.csv", index=False)
    assert imported(tmp_path / "lb.csv").values() == VALUES


def test_a_value_in_standard_units_has_the_range_in_them(tmp_path):
    rows = frame([["S1", 1, "ALB", "Albumin", "CHEMISTRY", "4.2", "", "3.5", "5", 42, "g/L", "", "2012-12-07", 1]])
    rows.assign(LBSTNRLO=35, LBSTNRHI=50).to_csv(tmp_path / "lb.csv", index=False)
    (row,) = imported(tmp_path / "lb.csv").rows
    assert [row[name] for name in ("value", "unit", "ref_low", "ref_high")] == ["42", "g/L", "35", "50"]


def test_an_index_date_counts_the_days_from_it(tmp_path):
    found = imported(written(tmp_path, "lb.json", dataset(ROWS[:3])), "--index", "2012-11-21")
    assert [row[0] for row in found.values()] == ["0", "16", "17"]


def test_study_day_0_is_none_and_a_row_without_a_day_needs_a_date(tmp_path):
    rows = [[*ROWS[0][:-2], "", 0], [*ROWS[1][:-2], "2012-12", None], [*ROWS[2][:-2], "", None], ROWS[6]]
    found = imported(written(tmp_path, "lb.json", dataset(rows)))
    assert [row[1] for row in found.values()] == ["potassium"]
    for said in ("study day 0, which SDTM does not have", "a date without a day", "no sampling date"):
        assert said in found.reasons()


def test_two_subjects_are_refused_until_one_is_named(tmp_path, capsys):
    other = [["S2", *ROWS[0][1:]]]
    path = written(tmp_path, "lb.json", dataset(ROWS + other))
    found = imported(path)
    assert found.code == 2 and found.rows == [] and "here are several (S1, S2, ...)" in capsys.readouterr().err
    assert imported(path, "--patient", "S2", folder=found.case).values() == VALUES[:1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"datasetJSONVersion": "1.1.0", "columns": [', "a complete Dataset-JSON"),
        ('{"datasetJSONVersion": "1.1.0"}', "with columns and rows"),
        ('{"datasetJSONVersion": "1.1.0", "columns": [{"name": "AESEQ"}], "rows": []}', "this is AE"),
        ("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000", "complete SAS transport file of version 5"),
    ],
)
def test_another_or_a_broken_dataset_is_refused(tmp_path, capsys, text, said):
    found = imported(written(tmp_path, "x.bin", text))
    assert found.code == 2 and said in capsys.readouterr().err
