"""Drugs and procedures are known by code or by their whole name; what is merely near is nobody."""

import csv
import re

import pytest

from casereport.cli import main
from casereport.files.paths import DATA
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.readers.intervention_names import InterventionNames, names_of

VOCABULARY = project_vocabulary()
NAMES = InterventionNames(VOCABULARY)
ROWS = list(csv.DictReader((DATA / "interventions.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        # as RxNorm, hospitals and trials write them
        ("24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet [Glucophage]", "metformin"),
        ("1 ML Enoxaparin sodium 100 MG/ML Prefilled Syringe", "enoxaparin"),
        ("Acetaminophen 325 MG Oral Tablet", "paracetamol"), ("Noradrenaline", "norepinephrine"),
        ("norepinephrine bitartrate", "norepinephrine"), ("FUROSEMIDE 40MG IV", "furosemide"),
        ("Vancomycin 1 g intravenous infusion", "vancomycin"), ("Leucovorin", "calcium_folinate"),
        ("amoxicillin 875 MG / clavulanate 125 MG Oral Tablet", "amoxicillin_clavulanic_acid"),
        ("Piperacillin/Tazobactam", "piperacillin_tazobactam"), ("5-Fluorouracil", "fluorouracil"),
        ("{28 (norethindrone 0.35 MG Oral Tablet) } Pack [Camila 28 Day]", "norethisterone"),
        ("Sodium Chloride 0.9 % Injectable Solution", "sodium_chloride"), ("potassium chloride", "potassium_chloride"),
        ("Plasmapheresis", "plasma_exchange"), ("Caesarean section", "caesarean_section"),
    ],
)  # fmt: skip
def test_a_name_is_known_without_strength_form_brand_and_salt(printed, meant):
    assert NAMES.recognise([printed], []) == meant


@pytest.mark.parametrize(
    "printed",
    [
        "hydroxyzin e x", "prednisolon and codeine", "chlorpropamid", "vinblastin/vincristin", "Study drug", "",
        "acetaminophen 325 MG / oxycodone 5 MG / caffeine 30 MG Oral Tablet", "insulin pump", "potassium", "sodium",
        "chloride", "liposomal doxorubicin", "Assessment of anxiety",
    ],
)  # fmt: skip
def test_what_is_near_or_of_several_substances_is_nobody(printed):
    assert NAMES.recognise([printed], []) == ""


def test_an_atc_code_decides_unless_two_have_it():
    assert NAMES.recognise(["Merrem"], ["J01DH02"]) == "meropenem"
    assert NAMES.recognise([], ["B05AX03"]) == ""  # fresh frozen and convalescent plasma
    assert NAMES.recognise(["Antibiotic"], ["J01"]) == ""  # a group is no drug


def test_no_two_interventions_have_a_name_in_common():
    seen: dict[str, str] = {}
    for one in VOCABULARY.interventions.values():
        for name in names_of(one):
            assert seen.setdefault(re.sub(r"[^a-z0-9+]", "", name.lower()), one.id) == one.id, name


def test_there_are_six_hundred_interventions_with_a_code_that_says_where_it_was_read():
    coded = [row for row in ROWS if row["atc"]]
    assert len(coded) >= 600 and all(row["code_source"] for row in coded)
    assert not any(row["code_source"] for row in ROWS if not row["atc"])
    of_a_substance = [row["atc"] for row in coded if len(row["atc"]) == 7]
    assert {code for code in of_a_substance if of_a_substance.count(code) > 1} == {"B05AX03"}


@pytest.mark.parametrize(
    ("drug", "code"),  # each read in another text than the table: names and codes of published prescription data
    [("meropenem", "J01DH02"), ("linezolid", "J01XX08"), ("ertapenem", "J01DH03"), ("ceftazidime", "J01DD02"),
     ("sulfadiazine", "J01EC02"), ("micafungin", "J02AX05"), ("gentamicin", "J01GB03"),
     ("mercaptopurine", "L01BB02"), ("trimethoprim", "J01EA01")],
)  # fmt: skip
def test_codes_are_those_that_others_print(drug, code):
    assert VOCABULARY.interventions[drug].atc == code


def test_the_command_finds_them_by_word_code_and_class(capsys):
    assert main(["interventions", "J01DH"]) == 0
    found = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in found][:2] == ["meropenem", "imipenem_cilastatin"]
    main(["interventions", "noradr", "vasopressor"])
    assert capsys.readouterr().out.startswith("norepinephrine           C01CA03  ")
    main(["interventions", "unobtainium"])
    assert "interventions.csv beside the case folder" in capsys.readouterr().out
