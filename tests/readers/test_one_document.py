"""What the audit remarks on the values of a list of results: they are of one document, as those of a table are."""

from casereport.audit.consistency import remarks
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from imported import imported, written


def test_a_list_is_one_document_whose_copied_day_is_remarked_as_that_of_a_table(tmp_path):
    names = ("Hemoglobin,g/dL", "Sodium,mmol/L", "Potassium,mmol/L", "CRP,mg/L", "LDH,U/L", "WBC,10^9/L")
    copied = ("13.5", "139", "4.15", "84.2", "512", "12.6")
    days = [copied, copied, ("11.2", "131", "3.84", "97.1", "604", "14.3")]
    wide = [",".join((name, *cells)) for name, *cells in zip(names, *days, strict=True)]
    long = [
        f"{name},{value},{day}" for day, row in enumerate(days) for name, value in zip(names, row, strict=True)
    ]  # fmt: skip
    tables = {"wide": ["Test,Unit,Day 0,Day 1,Day 2", *wide], "long": ["Test,Unit,Result,Day", *long]}
    found = []
    for form, lines in tables.items():
        path = written(tmp_path, f"{form}.csv", "\n".join(lines) + "\n")
        found.append(imported(path, folder=new_case(form, tmp_path)))
        (remark,) = remarks(read_case(str(found[-1].case)))
        assert (remark["check"], remark["day"]) == ("copied", "1")
    assert sorted(found[0].values()) == sorted(found[1].values())


def test_what_is_left_out_of_a_list_is_said_with_its_name_once(tmp_path):
    text = "Test,Result,Unit,Day\nSodium,139,mmol/L,1\nZonulin,3,ng/mL,1\nSmile,1,x,1\n"
    found = imported(written(tmp_path, "labs.csv", text))
    (table,) = {row["table"] for row in found.left_out}
    said = [r["finding"] for r in remarks(read_case(str(found.case))) if r["check"] == "left out"]
    assert said == [f"2 values were not imported ({table}); left_out.csv gives the reasons."]
