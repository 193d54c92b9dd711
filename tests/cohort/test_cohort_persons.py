"""A warehouse (OMOP) and a trial (SDTM), made up here, as cohorts: each person is the case that an import makes."""

import csv
import io
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

import casereport as cr
from casereport.case.new.folder import new_case
from casereport.cli import main
from casereport.cohort import persons as source
from casereport.cohort.persons import Asked, Persons, cases_of, open_persons
from casereport.cohort.pieces import Tally, pieces_of
from casereport.cohort.results_of_cases import of_cases, together
from casereport.cohort.run import summary
from casereport.cohort.tasks import results_of_persons
from casereport.errors import BadInput
from imported import table, written

MEASURED = (
    "measurement_id,person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,"
    "unit_concept_id,range_low,range_high"
)
OMOP = {
    "measurement": MEASURED
    + """
1,8,3020460,2026-09-01,4171756,3.0,8751,0,5
2,8,3020460,2026-09-04,4172703,105,8751,0,5
3,8,3020460,2026-09-04,4172703,106,8751,0,5
4,9,3020460,2026-10-01,4172703,12,8751,,
5,9,3020460,2026-10-03,4172703,7,8751,,
6,9,42,2026-10-03,4172703,7,8751,,
7,10,3020460,2026-10-03,4172703,9,8751,,
8,1234567,3020460,2026-05-03,4172703,11,8751,,
""",
    "drug_exposure": """drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date
1,8,1709170,2026-09-02,
2,8,1127433,2026-09-01,
3,9,1709170,2026-10-01,2026-10-09
4,11,1709170,2026-10-01,
5,1234567,1709170,2026-05-01,
""",
    "person": """person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth
8,8532,1960,9,3
9,8507,1931,,
10,8507,1950,1,1
11,8507,1950,1,1
1234567,8507,1950,1,1
""",
    "concept": """concept_id,concept_name,vocabulary_id,concept_code
3020460,C reactive protein [Mass/volume] in Serum or Plasma,LOINC,1988-5
8751,milligram per liter,UCUM,mg/L
1127433,acetaminophen 325 MG Oral Tablet,RxNorm,313782
1709170,meropenem 1000 MG Injection,RxNorm,1722939
99,Nothing that is used,LOINC,1-8
""",
}
SDTM = {
    "lb": """USUBJID,LBSEQ,LBTESTCD,LBTEST,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,LBNRIND,LBDTC,LBDY
S.1,1,ALB,Albumin,4.2,g/dL,3.5,5.0,NORMAL,2012-12-06,-1
S.1,2,CRP,C Reactive Protein,12,mg/L,0,5,HIGH,2012-12-09,3
S.2,1,CRP,C Reactive Protein,8,mg/L,0,5,HIGH,2012-12-09,3
""",
    "vs": """USUBJID,VSSEQ,VSTESTCD,VSTEST,VSORRES,VSORRESU,VSDTC,VSDY
S.1,1,PULSE,Pulse Rate,80,beats/min,2012-12-06,-1
""",
    "ex": """USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXSTDY
S.1,1,MEROPENEM,1,g,2012-12-07,1
""",
    "dm": """USUBJID,SEX,AGE,AGEU,RFSTDTC,DTHDTC,DTHFL
S.1,M,73,YEARS,2012-12-07,,
S.2,F,8,MONTHS,2012-12-07,2012-12-17,Y
""",
}
MEROPENEM = Asked("meropenem")


def folder(tmp_path: Path, tables: dict[str, str]) -> Path:
    made = tmp_path / "source"
    made.mkdir()
    for name, text in tables.items():
        written(made, f"{name}.csv", text)
    return made


def opened(tmp_path: Path, tables: dict[str, str], asked: Asked = MEROPENEM) -> Persons:
    found = open_persons(str(folder(tmp_path, tables)), tmp_path / "out", asked)
    assert found is not None
    return found


def rows(text: str) -> list[dict[str, str]]:
    return sorted(csv.DictReader(io.StringIO(text)), key=str)


def compare(case: Path, files: dict[str, str], tmp_path: Path, name: str) -> None:
    """An imported case has the rows of the person, and the tables of its analysis those of the cohort."""
    for file in ("observations.csv", "interventions.csv", "events.csv"):
        mine = sorted(table(case / file), key=str)
        assert mine == rows(files[file]) and (mine or file == "events.csv")
    about = yaml.safe_load(files["case.yaml"]) | {"id": case.name}
    (case / "case.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    mine = together([of_cases({name: cr.read_case(case)})])
    for which in ("observations", "changes", "effects", "phases"):
        kept = pd.read_parquet(tmp_path / "out" / "results" / which)
        theirs = kept[kept["patient"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[which], theirs, check_exact=True)
        assert len(theirs) or which in ("changes", "effects")


def test_a_person_of_a_warehouse_is_the_case_that_an_import_makes(tmp_path):
    found = opened(tmp_path, OMOP)
    done = results_of_persons(found.only(0), 0, tmp_path / "out")
    assert (done.state, done.failures, done.unmeasured, done.outside) == ("built", (), ("11",), ("10",))
    assert done.left_out == (("a result without a name", "no concept of OMOP's vocabularies", 1),)
    case = new_case("x", tmp_path / "cases")
    words = ["--into", str(case), "--patient", "8", "--index", "meropenem"]
    assert main(["import", str(tmp_path / "source"), *words]) == 0
    files = cases_of(found.only(0)).files
    compare(case, files["8"], tmp_path, "8")
    assert "age_years: 65\n" in files["8"]["case.yaml"]  # a day before the birthday
    assert "aged 90 or older" in files["9"]["case.yaml"] and "years of birth" in files["9"]["case.yaml"]
    assert "2026" not in "".join(files["8"].values())
    again = results_of_persons(found.only(0), 0, tmp_path / "out")
    assert again.state == "kept" and again.left_out == done.left_out and again.outside == done.outside


def test_a_subject_of_a_trial_is_the_case_that_imports_of_its_datasets_make(tmp_path):
    found = opened(tmp_path, SDTM, Asked())
    assert results_of_persons(found.only(0), 0, tmp_path / "out").failures == ()
    case = new_case("x", tmp_path / "cases")
    for name in ("lb", "vs", "ex"):
        assert main(["import", str(tmp_path / "source" / f"{name}.csv"), "--into", str(case), "--patient", "S.1"]) == 0
    files = cases_of(found.only(0)).files
    compare(case, files["S.1"], tmp_path, "S.1")
    assert "opened_by: meropenem" in files["S.1"]["case.yaml"] and "age_years: 73" in files["S.1"]["case.yaml"]
    assert "age_months: 8" in files["S.2"]["case.yaml"] and "Death" in files["S.2"]["events.csv"]


def test_the_first_dose_of_a_trial_may_be_day_0(tmp_path):
    found = cases_of(opened(tmp_path, SDTM).only(0))
    assert list(found.files) == ["S.1"] and found.outside == ["S.2"]
    assert [row["day"] for row in rows(found.files["S.1"]["observations.csv"])] == ["-1", "-1", "2"]


def test_who_is_not_of_the_cohort_and_what_is_in_no_case_are_told(tmp_path):
    tally = Tally()
    tally.add(results_of_persons(opened(tmp_path, OMOP).only(0), 0, tmp_path / "out"))
    assert (tally.done, tally.failures) == (3, {})
    said = summary(tally, tmp_path / "out")
    assert "3 cases\n1 patient without a measurement: no report\n1 person without the treatment of day 0" in said
    assert "1 value left out" in said


def test_partitions_hold_each_person_once_and_give_what_the_whole_gives(tmp_path, monkeypatch):
    whole = cases_of(opened(tmp_path, OMOP).only(0)).files
    shutil.rmtree(tmp_path / "source")
    shutil.rmtree(tmp_path / "out")
    monkeypatch.setattr(source, "_BYTES", 200)
    found = opened(tmp_path, OMOP)
    assert len(found.parts) > 1 and sorted(p for ids in found.ids for p in ids) == ["10", "11", "1234567", "8", "9"]
    parts = [cases_of(found.only(n)).files for n in range(len(found.parts))]
    assert {name: files for part in parts for name, files in part.items()} == whole


def test_who_may_be_told_by_an_id_goes_by_a_place(tmp_path):
    found = opened(tmp_path, OMOP)
    pieces, _, cases = pieces_of(found, tmp_path / "out", True, Tally())
    assert pieces[0].patients == ["10", "11", "person-3", "8", "9"] and cases == 5
    assert "1234567" not in str(cases_of(found.only(0)).files)


def test_another_drug_that_has_the_word_in_its_name_is_not_day_0(tmp_path):
    tables = OMOP | {"concept": OMOP["concept"].replace("meropenem 1000 MG Injection", "meropenem / vaborbactam")}
    assert cases_of(opened(tmp_path, tables).only(0)).files == {}


@pytest.mark.parametrize(
    ("tables", "asked", "said"),
    [
        (OMOP, Asked(), "--index meropenem"),
        (OMOP, Asked("meropenemm"), "did you mean 'meropenem'"),
        (OMOP, Asked("meropenem", "x"), "a study day"),
        (SDTM | {"lb2": SDTM["lb"]}, Asked(), "each domain once"),
        ({"observations": "patient,day,analyte,value,unit\n"}, MEROPENEM, "for a cohort of OMOP or SDTM"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_runs(tmp_path, tables, asked, said):
    with pytest.raises(BadInput, match=said):
        opened(tmp_path, tables, asked)
    assert not (tmp_path / "out").exists()
