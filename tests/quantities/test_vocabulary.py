"""The vocabulary: codes with a right check digit, limits in order, and everything that the cases use."""

import csv
import math
import re
from pathlib import Path

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from casereport.errors import BadInput
from casereport.files.paths import DATA, ROOT
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import loinc_is_valid
from casereport.quantities.vocabulary_tables import load_vocabulary, project_vocabulary, vocabulary_files
from casereport.readers.synonyms import directory

ROWS = {row["analyte"]: row for row in csv.DictReader((DATA / "analytes.csv").open(encoding="utf-8", newline=""))}
VOCABULARY = project_vocabulary()


@pytest.mark.parametrize("code", ["718-7", "1988-5", "26474-7", "48065-7", "59408-5", "8310-5"])
def test_a_published_loinc_code_has_a_right_check_digit(code):
    assert loinc_is_valid(code)


@pytest.mark.parametrize("code", ["718-8", "26474-1", "1988", "x-5", "", "1988-55"])
def test_a_mistyped_loinc_code_is_seen(code):
    assert not loinc_is_valid(code)


@pytest.mark.parametrize("analyte", VOCABULARY.analytes.values(), ids=lambda a: a.id)
def test_limits_are_in_order_and_plausible(analyte):
    low, high = analyte.plausible_low, analyte.plausible_high
    assert low is None or high is None or low < high
    for reference in filter(None, analyte.reference.values()):
        assert reference.low < reference.high
        for limit in filter(math.isfinite, (reference.low, reference.high)):
            assert (low is None or low <= limit) and (high is None or limit <= high)


@pytest.mark.parametrize("analyte", VOCABULARY.analytes.values(), ids=lambda a: a.id)
def test_a_missing_code_has_its_reason_and_a_range_its_source(analyte):
    assert analyte.loinc or "LOINC" in analyte.note or "code" in analyte.note
    if any(analyte.reference.values()):
        assert analyte.reference_source
    assert len(analyte.short) <= 14  # the room on an axis


def test_a_hundred_and_fifty_analytes_have_code_range_or_threshold_and_limits():
    ranged = [a for a in VOCABULARY.analytes.values() if any(a.reference.values()) or a.threshold]
    complete = [a for a in ranged if a.loinc]
    assert len(complete) >= 150
    assert all(None not in (a.plausible_low, a.plausible_high) for a in complete)


def test_the_documentation_counts_the_vocabulary():
    analytes = VOCABULARY.analytes.values()
    ranged = sum(any(a.reference.values()) for a in analytes)
    stated = f"The {len(analytes)} analytes (units, and where a source could be cited LOINC and a reference range: "
    stated += f"{sum(bool(a.loinc) for a in analytes)} and {ranged} of them) and the {len(VOCABULARY.interventions)} "
    assert stated in (ROOT / "docs/case.md").read_text(encoding="utf-8")


def test_an_intervention_without_atc_code_says_why():
    for intervention in VOCABULARY.interventions.values():
        assert intervention.atc or intervention.note, intervention.id


def test_a_range_that_differs_by_sex_is_not_used_for_an_unknown_sex():
    haemoglobin = VOCABULARY.analytes["haemoglobin"]
    assert haemoglobin.reference_for("male") == Interval(130.0, 175.0)
    assert haemoglobin.reference_for("female") == Interval(115.0, 150.0)
    assert haemoglobin.reference_for(None) is None
    assert VOCABULARY.analytes["lymphocytes"].reference_for(None) == Interval(1.1, 3.2)


def test_a_value_gets_worse_beyond_the_limit_that_its_improvement_leads_away_from():
    lymphocytes, crp = VOCABULARY.analytes["lymphocytes"], VOCABULARY.analytes["crp"]
    assert lymphocytes.bad_limit(Interval(1.1, 3.2)) == 1.1  # a rise is better
    assert crp.bad_limit(Interval(0, 3)) == 3  # a fall is
    assert crp.bad_limit(Interval(3, math.inf)) is None and crp.bad_limit(None) is None


def test_the_range_of_an_adult_is_not_used_for_a_child():
    assert VOCABULARY.analytes["haemoglobin"].reference_for("child") is None


def test_every_problem_of_both_tables_comes_at_once(tmp_path: Path):
    for name in ("analytes.csv", "interventions.csv"):
        rows = list(csv.reader((DATA / name).open(encoding="utf-8")))
        rows[1][0], rows[2][0] = "Not An Id", rows[3][0]
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    with pytest.raises(BadInput) as bad:
        load_vocabulary(tmp_path / "analytes.csv", tmp_path / "interventions.csv")
    assert {p.file for p in bad.value.problems} == {"analytes.csv", "interventions.csv"}


@pytest.mark.parametrize("analyte", VOCABULARY.analytes.values(), ids=lambda a: a.id)
def test_each_entry_says_where_it_is_from(analyte):
    row = ROWS[analyte.id]
    assert bool(row["code_source"]) == bool(row["loinc"])
    assert bool(row["conversion_source"]) == bool(row["other_units"])
    assert row["limits_source"]
    assert row["reference_source"] or not any(row[c] for c in row if c.startswith("ref_"))


def test_there_are_150_analytes_and_two_share_a_code_only_where_the_note_says_so():
    assert len(VOCABULARY.analytes) >= 150
    codes: dict[str, list[str]] = {}
    for analyte in VOCABULARY.analytes.values():
        if analyte.loinc:
            codes.setdefault(analyte.loinc, []).append(analyte.id)
    assert [ids for ids in codes.values() if len(ids) > 1] == [["spo2", "spo2_oxygen"]]


def test_a_name_that_two_analytes_have_is_one_that_laboratories_leave_open():
    """Each of these has to be asked for: the unit or the heading of the table tells, or the author."""
    shared = {name for name, ids in directory(VOCABULARY).items() if len(ids) > 1}
    of_units_or_mass = {"il2r", "sil2r", "solubleil2r", "solubleil2receptor", "sil2ralpha", "scd25", "solublecd25"}
    assert shared == {"ckmb", "ddimer", "ddimers", "dd", "hco3", "ph", "ca2+", "ca++", "594085"} | of_units_or_mass


def test_the_columns_that_the_documentation_names_are_enough_for_an_analyte_and_a_treatment_of_ones_own(tmp_path):
    """What a user is told to write is what is read."""
    said = re.search(r"columns ([a-z, ]+); ([a-z, ]+)\)", (ROOT / "docs/case.md").read_text(encoding="utf-8"))
    rows = {"analytes.csv": "zonulin,Zonulin,ng/mL,Inflammation", "interventions.csv": "moxa,Moxibustion,Physical"}
    for (name, row), columns in zip(rows.items(), said.groups(), strict=True):
        (tmp_path / name).write_text(f"{columns.replace(' ', '')}\n{row}\n", encoding="utf-8")
    vocabulary = load_vocabulary(*vocabulary_files(new_case("x", tmp_path)).values())
    assert vocabulary.analytes["zonulin"].unit == "ng/mL"
    assert vocabulary.interventions["moxa"].cls == "Physical"


def test_analytes_of_ones_own_inside_the_case_are_not_left_unread_in_silence(tmp_path):
    case = new_case("x", tmp_path)
    (case / "analytes.csv").write_text(
        "analyte,label,unit,group\nzonulin,Zonulin,ng/mL,Inflammation\n", encoding="utf-8"
    )
    (problem,) = validate(str(case)).problems
    assert str(problem) == f"cases/x/analytes.csv: analytes of your own belong in {tmp_path}"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("thrombocytes", "platelets"), ("PLT", "platelets"), ("platelet count", "platelets"), ("lactat", "lactate")],
)
def test_another_name_of_an_analyte_leads_to_its_id_and_not_to_one_that_looks_alike(name, meant):
    assert f"did you mean {meant!r}?" in VOCABULARY.unknown_analyte(name)
    assert VOCABULARY.likely_analyte(name) == meant
