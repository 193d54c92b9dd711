"""What a placeholder of the narrative stands for, on values of which the right answer is known."""

from casereport.analysis.placeholder_values import named_values
from made_up import made_up, seen

CRP = ((-3, "50.00"), (-2, "70.50"), (-1, "<60"), (1, "90"), (4, "20.0"), (5, "30"))


def test_first_last_lowest_and_highest_are_those_of_their_phase(tmp_path):
    named = named_values(made_up(tmp_path, [seen(day, "crp", value, "mg/L") for day, value in CRP]))
    said = {name: value.text for name, value in named.items() if name.startswith("crp.")}
    assert said == {
        "crp.first.before": "50 mg/L", "crp.last.before": "<60 mg/L",
        "crp.min.before": "<60 mg/L", "crp.max.before": "70.5 mg/L",
        "crp.first.after": "90 mg/L", "crp.last.after": "30 mg/L",
        "crp.min.after": "20 mg/L", "crp.max.after": "90 mg/L",
        "crp.change.after": "from <60 mg/L (day −1) to 30 mg/L (day 5)",
    }  # fmt: skip
    assert (named["crp@4"].text, named["crp@4"].source) == ("20 mg/L", "Table 1")


def test_a_blood_pressure_is_systolic_over_diastolic_of_one_day_and_unit(tmp_path):
    rows = [
        seen(day, f"{side}_pressure", value, unit)
        for day, side, value, unit in (
            (1, "systolic", "160.0", "mm[Hg]"), (1, "diastolic", "91", "mm[Hg]"),
            (2, "systolic", "140", "mm[Hg]"), (3, "diastolic", "80", "mm[Hg]"),
            (4, "systolic", ">180", "mm[Hg]"), (4, "diastolic", "95", "mm[Hg]"),
        )
    ]  # fmt: skip
    named = named_values(made_up(tmp_path, rows))
    assert {name: value.text for name, value in named.items() if name.startswith("blood")} == {
        "blood_pressure@1": "160/91 mmHg"
    }
