"""The table of effect sizes as the report words it, from the table that was kept."""

from functools import cache

import pandas as pd

from casereport.analysis.effect_tables import effect_table
from casereport.analysis.measurements import measurements
from casereport.analysis.result_files import csv_text, load_table
from casereport.analysis.tidy import observation_table
from casereport.case.reading import read_case
from casereport.report.evidence_tables import effect_rows


@cache
def effects(name: str) -> pd.DataFrame:
    case = read_case(name)
    return effect_table(observation_table(measurements(case)), [phase.id for phase in case.meta.phases])


def shown(name: str, out) -> dict[str, dict]:
    (out / "effects.csv").write_text(csv_text(effects(name)), encoding="utf-8")
    labels = {phase.id: phase.label for phase in read_case(name).meta.phases}
    return {row["label"]: row for row in effect_rows(load_table(out / "effects.csv", "effects"), labels)}


def test_the_table_of_indices_says_which_direction_is_better(tmp_path):
    rows = shown("leng2020", tmp_path)
    assert {"Lymphocyte count ↑", "C-reactive protein ↓", "Potassium (↑)"} <= set(rows)


def test_the_table_of_indices_warns_of_a_trend_that_rests_on_one_difference(tmp_path):
    # two troponins before: whatever line they give is carried through 40 days, and Tau-BC is -1 where NAP is 1
    row = shown("leng2020", tmp_path)["Troponin, I or T not stated ↓"]
    assert (row["values"][0], row["values"][3]) == ("1.00", "−1.00")
    assert "n = 2 before: the trend rests on a single difference" in row["note"]


def test_the_table_of_indices_has_no_negative_zero(tmp_path):
    # creatinine of liang2020 falls by less than half a per cent on the scale of logarithms
    assert shown("liang2020", tmp_path)["Creatinine ↓"]["values"][5] == "0.00"
    assert all(
        "−0.00" not in row["values"] for name in ("liang2020", "leng2020") for row in shown(name, tmp_path).values()
    )
