"""The table of effect sizes as the report words it, from the table that was kept."""

from functools import cache

import pandas as pd
import pytest

import casereport as cr
from casereport.analysis.effect_tables import effect_table, regression_table
from casereport.analysis.measurements import measurements
from casereport.analysis.result_files import csv_text, load_table
from casereport.analysis.tidy import observation_table
from casereport.case.reading import read_case
from casereport.report.evidence_tables import effect_rows, regression_rows, truth_rows, visual_rows, without_index


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
    assert {"Lymphocyte count ↑", "C-reactive protein ↓", "Potassium ↑"} <= set(rows)
    # one below its range and one above it: the one below is no illness
    assert "Aspartate aminotransferase ↓" in rows
    assert not any(label.startswith("Creatinine") for label in shown("liang2020", tmp_path))  # never above its range


def test_an_index_stands_with_its_false_alarms_and_one_that_has_too_many_does_not_stand(tmp_path):
    rows = shown("leng2020", tmp_path)
    crp, counts = rows["C-reactive protein ↓"], rows["White-cell count ↓"]
    assert (crp["values"][0], crp["alarms"][0]) == ("not shown", "")
    assert "NAP not shown: 2 before and 6 after give false alarms in 7 to 28 %" in crp["note"]
    assert (counts["values"][0], counts["alarms"][0]) == ("0.04", "≤ 10 %")
    assert counts["values"][3] == "none"  # Tau-BC: 4 before


def test_a_p_value_that_could_not_reach_5_per_cent_names_the_least_that_it_could_be():
    # simulated procalcitonin: 4 and 2 values have 15 orders, so nothing is below 2/15
    rows = effect_rows(effects("simulated-cp-msc"), {"cp": "Plasma", "msc": "Stem cells"})
    row = next(row for row in rows if row["label"] == "Procalcitonin ↓")
    assert (row["p"], row["p_holm"]) == ("none: at least 0.13", "")


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0004, "below 0.001"), (0.001, "0.001"), (0.0049, "0.005"), (0.04, "0.040"), (0.31, "0.31")]
)
def test_a_p_value_has_the_digits_that_a_journal_prints(p, shown):
    table = effects("simulated-cp-msc")
    rows = effect_rows(table.assign(p=table["p"].where(table["index"] != "NAP", p)), {"cp": "Plasma", "msc": "Cells"})
    assert {row["p"] for row in rows} == {shown}


def test_what_has_no_index_is_named_with_the_reason():
    told = without_index(effects("leng2020"), {"msc": "Stem cells"})
    kept = "stayed within their range or on its harmless side in both phases"
    assert told[0].startswith(f"Stem cells: no index is given for analytes that {kept}: e")
    assert ": eosinophil count, red-cell count, haemoglobin" in told[0] and "platelet count" in told[0]
    assert "more than 20 %: CRP, PCT, oxygen saturation on oxygen" in told[1]


def test_an_autocorrelation_between_none_and_full_is_not_estimable():
    case = read_case("leng2020")
    table = regression_table(observation_table(measurements(case)), [phase.id for phase in case.meta.phases])
    rows = regression_rows(table, {"msc": "Stem cells"})
    fitted = table[table["model"] != ""]
    for row, words in zip(fitted.to_dict("records"), rows, strict=False):
        # from none at all to the strongest there is, or the strongest alone
        open_ended = row["autocorrelation_high"] == 1 and not 0 < row["autocorrelation_low"] < 1
        assert (words["autocorrelation"] == "not estimable") == open_ended
    assert any(words["autocorrelation"] == "not estimable" for words in rows)
    blood_pressure = rows[-1]  # what has no regression stands below, the analytes of one reason together
    assert blood_pressure["label"] == "Heart rate, systolic blood pressure and diastolic blood pressure"
    assert "no line to compare with" in blood_pressure["note"] and blood_pressure["level"] == "none"


def test_the_table_of_indices_has_no_negative_zero(tmp_path):
    # AST of leng2020 rises by less than half a per cent on the scale of logarithms, where a fall is better
    assert shown("leng2020", tmp_path)["Aspartate aminotransferase ↓"]["values"][5] == "0.00"
    assert all(
        "−0.00" not in row["values"] for name in ("liang2020", "leng2020") for row in shown(name, tmp_path).values()
    )


def test_consistency_counts_the_values_of_a_phase_within_those_of_the_earlier_phase_that_is_named():
    case = cr.read_case("byiers2014")
    phases = cr.phases(case)
    labels = phases.set_index("phase")["label"].to_dict()
    rows = visual_rows(cr.visual_table(cr.observations(case, phases), phases), labels)
    # 44.4, 0.02, 38.5, 11.5; 44.4, 20.6, 54.5, 58.4, 66.6; 46.8, 46.8, 20.7, 18.9; 47, 58.6, 54.8, 58.8, 67.1
    second, third = "2 of 4 as in “Baseline”", "4 of 5 as in “Communication training”"
    assert [row["consistency"] for row in rows] == ["", second, third]


def test_the_factors_of_a_simulated_effect_are_those_that_were_put_in():
    found = {"treatment": "Cells", "label": "CRP", "reported": "better", "every_time": "yes", "answer": "found"}
    (row,) = truth_rows(pd.DataFrame([found | {"put_in": 0.4, "illness": 1.0}]))
    assert (row["put_in"], row["illness"]) == ("× 0.4", "none")
