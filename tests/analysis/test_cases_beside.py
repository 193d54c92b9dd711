"""The bundled cases beside one of them: each on its own study days, and what each patient was given."""

from casereport.analysis.other_cases import cases_beside, courses_beside, given_beside
from casereport.case.reading import read_case

PENG, LENG = read_case("peng2020"), read_case("leng2020")


def test_the_cases_stand_beside_each_other_on_their_own_study_days():
    table = courses_beside(cases_beside(LENG))
    assert list(dict.fromkeys(table["case"])) == ["peng2020", "liang2020", "leng2020"]
    seed = table[(table["case"] == "peng2020") & (table["analyte"] == "lymphocytes")]
    assert len(seed) and seed["value"].isna().all()  # bounds among the others' numbers
    assert set(table["analyte"]) == {"lymphocytes", "crp"}


def test_no_simulated_case_stands_among_patients_nor_any_patient_beside_one():
    assert not any(case.simulated for case in cases_beside(LENG))
    assert cases_beside(read_case("simulated-cp-msc")) == []


def test_no_case_stands_beside_one_that_is_told_in_words_alone():
    assert cases_beside(PENG) == []


def test_what_each_patient_was_given_is_told():
    given = given_beside(cases_beside(LENG)).set_index("case")
    assert "methylprednisolone" in given.loc["peng2020", "also_given"]
    assert given.loc["peng2020", "opened_by"] == "convalescent plasma and mesenchymal stem cells"
