"""Treatments and events of OMOP and SDTM in a case."""

import json

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from imported import SHARED, imported, table, written

CONCEPTS = """concept_id,concept_name,vocabulary_id,concept_code
1,lisinopril 10 MG Oral Tablet,RxNorm,314076
2,Merrem,ATC,J01DH02
3,Plasmapheresis,SNOMED,20720000
4,Acute bronchitis (disorder),SNOMED,10509002
5,Oral route,SNOMED,26643006
"""
DRUGS = """drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,route_concept_id,\
sig
1,8,1,2026-09-03,2026-09-30,5,for Mr Quillfeather
2,8,2,2026-09-04,,0,
3,8,0,2026-09-04,,0,
4,9,1,2026-09-04,,0,
"""


def omop(tmp_path, **tables):
    folder = tmp_path / "person8"
    folder.mkdir()
    for name, text in tables.items():
        written(folder, f"{name}.csv", text)
    return folder


def test_drugs_procedures_and_conditions_of_a_person_are_taken(tmp_path):
    procedures = "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date\n1,8,3,2026-09-02\n"
    conditions = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,8,4,2026-08-31\n"
    folder = omop(tmp_path, concept=CONCEPTS, drug_exposure=DRUGS, procedure_occurrence=procedures,
                  condition_occurrence=conditions)  # fmt: skip
    found = imported(folder, "--index", "2026-09-01", "--patient", "8")
    rows, events = table(found.case / "interventions.csv"), table(found.case / "events.csv")
    assert [(r["start_day"], r["end_day"], r["intervention"], r["route"], r["evidence"]) for r in rows] == [
        ("1", "1", "plasma_exchange", "", "reported"),
        ("2", "29", "lisinopril", "oral route", "reported"),
        ("3", "", "meropenem", "", "reported"),
    ]
    assert "perhaps of a supply" in rows[1]["note"] and rows[2]["note"] == ""
    assert [(e["day"], e["kind"], e["finding"]) for e in events] == [("-1", "diagnosis", "Acute bronchitis")]
    assert "no concept of OMOP's vocabularies" in found.reasons()
    assert validate(str(found.case)).problems == []
    assert "Quillfeather" not in found.written() and "2026" not in found.written()


def test_several_persons_in_any_of_the_tables_are_asked_for(tmp_path, capsys):
    assert imported(omop(tmp_path, concept=CONCEPTS, drug_exposure=DRUGS), "--index", "2026-09-01").code == 2
    assert "say which by --patient ID" in capsys.readouterr().err


CM = """USUBJID,CMSEQ,CMTRT,CMDECOD,CMDOSE,CMDOSU,CMROUTE,CMOCCUR,CMSTDTC,CMENDTC,CMSTDY,CMENDY
S1,1,MOTRIN,IBUPROFEN,400,mg,ORAL,,2026-09-01,2026-09-03,1,3
S1,2,PRINIVIL,LISINOPRIL,10,mg,ORAL,,2011-07,2026-09-01,,1
S1,3,ASPIRIN,,,,,N,2026-09-01,,1,
S1,4,CALAMINE,,,,,,2026-09-01,,1,
S1,5,FUROSEMIDE,,,,,,2026-08-31,,-1,
S1,6,FUROSEMIDE,,,,,,2026-08-31,,0,
"""


def test_concomitant_medication_has_the_days_of_the_case_and_no_day_0_of_sdtm(tmp_path):
    found = imported(written(tmp_path, "cm.csv", CM))
    rows = table(found.case / "interventions.csv")
    assert [(r["start_day"], r["end_day"], r["intervention"], r["dose"], r["dose_unit"], r["note"]) for r in rows] == [
        ("-1", "", "furosemide", "", "", ""),
        ("0", "2", "ibuprofen", "400", "mg", ""),
        ("", "0", "lisinopril", "10", "mg", "The day of its start is not recorded."),
    ]
    reasons = found.reasons()
    assert "CALAMINE: not among" in reasons and "ASPIRIN: not given" in reasons and "SDTM does not have" in reasons
    assert validate(str(found.case)).problems == []


AE = """USUBJID,AESEQ,AETERM,AEDECOD,AESEV,AESER,AEOUT,AESTDY,AEENDY
S1,1,felt dizzy,DIZZINESS,MILD,N,RECOVERED/RESOLVED,12,14
S1,2,rash,RASH,SEVERE,Y,NOT RECOVERED/NOT RESOLVED,13,20
"""
DS = """USUBJID,DSSEQ,DSTERM,DSDECOD,DSCAT,DSSCAT,DSSTDY
S1,1,CONSENT,INFORMED CONSENT OBTAINED,PROTOCOL MILESTONE,,-16
S1,2,LOST,LOST TO FOLLOW-UP,DISPOSITION EVENT,STUDY TREATMENT,30
"""
DM = "USUBJID,RFSTDTC,DTHDTC,DTHFL,SEX,AGE\nS1,2026-09-01,2026-09-11,Y,F,71\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AE, [("11", "adverse_event", "Dizziness", "POS", "Mild."), ("12", "adverse_event", "Rash", "POS",
              "Severe, serious."), ("13", "adverse_event", "Dizziness", "NEG", "")]),
        (DS, [("29", "outcome", "Lost to follow-up (study treatment)", "", "")]),
        (DM, [("10", "outcome", "Death", "", "")]),
    ],
)  # fmt: skip
def test_adverse_events_disposition_and_death_are_events(tmp_path, text, expected):
    found = imported(written(tmp_path, "a.csv", text))
    events = table(found.case / "events.csv")
    assert [(e["day"], e["kind"], e["finding"], e["interpretation"], e["note"]) for e in events] == expected
    assert validate(str(found.case)).problems == [] and "2026" not in found.written()


def test_a_death_is_counted_from_the_day_0_that_was_asked_for(tmp_path):
    found = imported(written(tmp_path, "dm.csv", DM), "--index", "2026-09-04")
    (death,) = table(found.case / "events.csv")
    assert (death["day"], death["finding"], death["source"]) == ("7", "Death", "SDTM DM, Death, day 7")


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not here ({SHARED})")
def test_every_drug_of_a_real_omop_person_is_known_and_dated(tmp_path):
    folder = SHARED / "omop-one-person"
    printed = [line for line in (folder / "drug_exposure.csv").read_text(encoding="utf-8").splitlines()[1:] if line]
    found = imported(folder, "--index", "2015-01-01", folder=new_case("x", tmp_path))
    rows = table(found.case / "interventions.csv")
    of_drugs = [row for row in rows if row["source"].startswith("OMOP drug_exposure")]
    assert len(of_drugs) == len(printed) and validate(str(found.case)).problems == []


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not here ({SHARED})")
def test_every_adverse_event_of_a_real_sdtm_subject_is_there_a_day_earlier(tmp_path):
    data = json.loads((SHARED / "sdtm-ae.dataset.json").read_text(encoding="utf-8"))
    names = [column["name"] for column in data["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in data["rows"]]
    found = imported(SHARED / "sdtm-ae.dataset.json", folder=new_case("x", tmp_path))
    begun = [e for e in table(found.case / "events.csv") if e["interpretation"] == "POS"]
    assert sorted((int(e["day"]), e["finding"].upper()) for e in begun) == sorted(
        (row["AESTDY"] - 1, row["AETERM"]) for row in rows
    )
