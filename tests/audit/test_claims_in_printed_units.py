"""A claim in another unit than that of the tables: what is told of it is in the unit that is printed."""

from casereport.audit.claims import audit_claims
from made_up import claim, made_up, seen


def test_what_is_printed_in_another_unit_is_told_in_it(tmp_path):
    rows = [seen(day, "creatinine", value, "mg/dL", "Table 1", "0.7", "1.2") for day, value in ((0, "6.4"), (8, "1.2"))]
    claims = [
        claim("value", "1.2 mg/dL N", "creatinine", begin=8, name="range"),
        claim("change", "fell by 5.2 mg/dL", "creatinine", "before -> after", name="difference"),
        claim("value", "1.3 mg/dL", "creatinine", begin=8, name="another"),
    ]
    found = audit_claims(made_up(tmp_path, rows, (), claims)).set_index("claim")["evidence"]
    assert "in the printed reference range (0.7 to 1.2 mg/dL)" in found["range"]
    assert "it fell by 5.2 mg/dL" in found["difference"]
    assert "0.1 mg/dL lower" in found["another"]
