"""The mapping file says what names mean; it does not overrule the unit that is printed."""

import pytest

from imported import imported, written

PRINTED = "Test,Unit,Day 1\n{name},{unit},{value}\n"
LISTED = "test,result,unit,day\n{name},{value},{unit},1\n"


def of(tmp_path, form, line, **cell):
    written(tmp_path, "labs.mapping.csv", f"printed,analyte,unit\n{line}\n")
    return imported(written(tmp_path, "labs.csv", form.format(**cell)))


@pytest.mark.parametrize("form", [PRINTED, LISTED])
@pytest.mark.parametrize(
    ("analyte", "printed", "told"),
    [
        ("creatinine", "mg/dL", "umol/L"),  # 88 mg/dL of what is 1 mg/dL
        ("troponin_t", "ng/L", "ng/mL"),
        ("d_dimer", "ug/mL", "ug/L{FEU}"),
        ("white_cells", "/uL", "10*9/L"),
        ("crp", "mmol/L", "mg/L"),  # a unit of something else
    ],
)
def test_a_unit_told_against_the_printed_one_is_refused_with_both_named(tmp_path, form, analyte, printed, told):
    found = of(tmp_path, form, f"House name,{analyte},{told}", name="House name", unit=printed, value="88")
    assert found.code == 2 and found.rows == []
    (left,) = found.left_out
    assert left["reason"].startswith(f"the mapping file says {told}, and ") and printed in left["reason"]


@pytest.mark.parametrize("form", [PRINTED, LISTED])
@pytest.mark.parametrize(
    ("analyte", "printed", "told"),
    [
        ("creatinine", "mcmol/l", "umol/L"), ("creatinine", "furlong", "umol/L"), ("creatinine", "", "umol/L"),
        ("sodium", "meq/L", "mmol/L"), ("d_dimer", "ug/mL", "mg/L{FEU}"), ("ast", "IU/L", "U/L"),
    ],
)  # fmt: skip
def test_a_unit_that_is_the_printed_one_or_explains_it_is_taken(tmp_path, form, analyte, printed, told):
    found = of(tmp_path, form, f"House name,{analyte},{told}", name="House name", unit=printed, value="88")
    assert [(row["analyte"], row["value"], row["unit"]) for row in found.rows] == [(analyte, "88", told)]
