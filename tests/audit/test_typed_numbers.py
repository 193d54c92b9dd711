"""Numbers typed into the narrative are held against the rows of the analyte that the sentence names."""

from dataclasses import replace

import pytest

from casereport.analysis.placeholder_values import named_values
from casereport.audit.consistency import check_consistency
from casereport.audit.typed_numbers import typed_numbers
from casereport.audit.validation import read_case as validated
from casereport.case.narrative import PLACEHOLDER
from casereport.case.reading import read_case
from made_up import edit, seen, write_case

ROWS = [
    seen(-1, "crp", "105.50", "mg/L"),
    seen(1, "crp", "191.00", "mg/L"),
    seen(4, "crp", "13.60", "mg/L"),
    seen(1, "haemoglobin", "145", "g/L"),
    seen("2..3", "temperature", "36.6..36.9", "Cel"),
    seen(1, "white_cells", "12.16", "10*9/L"),
    seen(1, "spo2_air", "91", "%"),
    seen(1, "d_dimer", "2.63", "ug/mL{FEU}"),
    seen(1, "heart_rate", "95", "/min"),
    seen(1, "procalcitonin", "<0.10", "ng/mL"),
]


def said(tmp_path, sentence: str, heading: str = "Clinical findings") -> list[str]:
    folder = write_case(tmp_path, ROWS)
    edit(folder, "narrative.md", "Made up.\n", f"Made up.\n\n# {heading}\n\n{sentence}\n")
    table = check_consistency(read_case(folder))
    typed = table[table["check"] == "typed number"]
    assert set(typed["lines"]) <= {"narrative.md:6"}
    assert set(typed["analyte"]) <= {
        "crp",
        "haemoglobin",
        "temperature",
        "white_cells",
        "d_dimer",
        "spo2_air",
        "heart_rate",
        "",
    }  # those of the case
    return typed["finding"].to_list()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("CRP peaked at 250 mg/L.", "The narrative gives C-reactive protein as 250 mg/L, which no row has."),
        ("On day 1 CRP was 13.6 mg/L.", "C-reactive protein as 13.6 mg/L on day 1; it stands on day 4."),
        ("CRP was 191 mg/L on day -1.", "as 191 mg/L on day −1; it stands on day 1."),
        ("Creatinine was 3.4 mg/dL.", "creatinine as 3.4 mg/dL; the case has no value of it."),
        ("Haemoglobin was 145 g/dL.", "haemoglobin as 145 g/dL, which no row has."),
        ("The white-cell count rose to 21.6 × 10⁹/L.", "as 21.6 ×10⁹/L, which no row has."),
        ("CRP fell from 105.5 to 31.6 mg/L.", "as 31.6 mg/L, which no row has."),
        ("D-dimer was 7.2 µg/mL FEU.", "as 7.2 µg/mL FEU, which no row has."),
        ("Oxygen saturation on air was 71 %.", "oxygen saturation on room air as 71 %, which no row has."),
        ("Heart rate 130/min.", "heart rate as 130/min, which no row has."),
        ("Temperature was 38.9 °C on day 2.", "as 38.9 °C, which no row has. A placeholder, as {{ temperature@2 }}"),
    ],
)
def test_a_typed_number_that_no_row_has_is_a_remark(tmp_path, sentence, words):
    (finding,) = said(tmp_path, sentence)
    assert words in finding


@pytest.mark.parametrize(
    "sentence",
    [
        "CRP was 191 mg/L, then 13.6 mg/L.",
        "CRP was 191 mg/L on day 1.",
        "CRP was 10.55 mg/dL before the infusion and 19.1 mg/dL after it.",
        "CRP rose from 106 to 191 mg/L.",  # rounded
        "CRP stayed above 10 mg/L, and haemoglobin fell by 8 g/L.",
        "CRP (reference range up to 3 mg/L) was {{ crp@1 }}.",
        "Temperature was 36.6 to 36.9 °C.",
        "He received potassium 500 mg and oxygen at 5 L/min.",
        "Procalcitonin was 0.10 ng/mL or less.",
        "CRP was 191 mg/L on day 17 of the illness.",
        "Blood pressure was 180/90 mmHg.",
        "Oxygen saturation on air was 91 %, D-dimer 2.63 µg/mL FEU, heart rate 95/min.",
        "D-dimer was 2.6 µg/mL.",  # which kind is not said
        "A cough of 3 days, 12 % of the lung and 42 beds.",
    ],
)
def test_what_a_row_has_or_is_no_value_of_the_patient_is_none(tmp_path, sentence):
    assert said(tmp_path, sentence) == []


def test_other_patients_numbers_in_the_discussion_are_none(tmp_path):
    assert said(tmp_path, "In that cohort CRP was 250 mg/L.", "Discussion") == []


@pytest.mark.parametrize("name", ["leng2020", "liang2020", "byiers2014", "simulated-cp-msc", "peng2020"])
def test_the_bundled_narratives_with_their_numbers_typed_out_have_no_remark(name):
    case = validated(name)
    values = named_values(case)
    typed = tuple((i, PLACEHOLDER.sub(lambda m: values[m[1]].text, line)) for i, line in case.prose)
    assert list(typed_numbers(replace(case, prose=typed))) == []
