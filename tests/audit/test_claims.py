"""Each claim of a source ends in the verdict that its own tables give it, and its own words bear nothing out."""

import csv
from functools import cache

import pytest

from casereport.audit.claims import audit_claims, by_document, verdict_counts
from casereport.audit.verdicts import VERDICTS
from casereport.case.reading import read_case
from casereport.files.paths import DATA
from made_up import claim, made_up, seen

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, NOT_TESTABLE = VERDICTS
BUNDLED = ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")


@cache
def of(case: str):
    """The audit of a bundled case, by the id of the claim."""
    return audit_claims(read_case(case)).set_index("claim")


# The published cases. The reasons are in the tables beside the project, which each test reads for itself.


def printed(shared, file: str, day: str) -> dict[tuple[str, str], str]:
    with (shared / "published" / file).open(encoding="utf-8") as rows:
        return {(r[day], r["analyte_as_printed"]): r["value"] for r in csv.DictReader(rows)}


LENG = [
    ("a1", SUPPORTED, {"2020-02-01 C-reactive protein": 191.0}, "the highest of the eight"),
    ("a2", SUPPORTED, {"2020-01-30 C-reactive protein": 105.5, "2020-02-13 C-reactive protein": 10.1}, ""),
    (
        "c1",
        PARTLY,
        {"2020-01-31 Absolute lymphocyte count": 0.35, "2020-02-13 Absolute lymphocyte count": 0.93},
        "by the last values; the median from the day of the infusion on is lower than that before",
    ),
    ("d1", SUPPORTED, {"2020-01-31 Aspartate amino transferase": 48, "2020-02-01 Aspartate amino transferase": 57}, ""),
    ("d2", SUPPORTED, {"2020-01-30 Creatine kinase": 231, "2020-02-01 Creatine kinase": 513}, ""),
    ("d3", SUPPORTED, {"2020-01-30 Myoglobin": 80, "2020-02-01 Myoglobin": 138}, ""),
    ("e1", SUPPORTED, {"2020-02-02 Aspartate amino transferase": 39, "2020-02-04 Aspartate amino transferase": 34}, ""),
    (
        "e2",
        REPORTED,
        {"2020-02-02 Creatine kinase": 316, "2020-02-06 Creatine kinase": 47},
        "the only value of days 2 to 4 is above 310, the next one below 50: nobody measured it in the range by day 4",
    ),
    ("e3", SUPPORTED, {"2020-02-02 Myoglobin": 77}, "16 to 96"),
    ("f1", SUPPORTED, {"2020-02-13 Aspartate amino transferase": 19}, "15 to 40"),
    ("f2", PARTLY, {"2020-02-13 Creatine kinase": 40}, "the number is right, and it is below 50"),
    ("f3", SUPPORTED, {"2020-02-13 Myoglobin": 43}, "16 to 96"),
]


@pytest.mark.parametrize(("claim_id", "verdict", "values", "reason"), LENG)
def test_laboratory_claims_of_leng2020_against_its_table_4(shared, claim_id, verdict, values, reason):
    table = printed(shared, "leng2020_table4.csv", "date")
    for key, value in values.items():
        date, _, analyte = key.partition(" ")
        assert float(table[date, analyte]) == value
    assert of("leng2020").loc[claim_id, "verdict"] == verdict, reason


def test_the_crp_peak_of_leng2020_is_the_highest_value_of_its_table(shared):
    crp = [
        float(v) for (_, a), v in printed(shared, "leng2020_table4.csv", "date").items() if a == "C-reactive protein"
    ]
    assert max(crp) == 191.0


@pytest.mark.parametrize(
    ("claim_id", "verdict", "line"),
    [
        ("b", PARTLY, "| Feb 13 | 36.6 | 21 | 97 | |"),  # rose, and from 89 %, but to 97 % and not 98 %
        ("g", CONTRADICTED, "| Feb 4 | 36.8 | 21 | | 96 |"),  # 21 /min; the usual range ends below it
        ("h1", PARTLY, "| Feb 1 | 36.8 | 22 | | 98 |"),  # normal from Feb 1 on; a dated passage has Feb 5
        ("h2", PARTLY, "| Feb 5 | fever and shortness of breath gone; left ICU |"),  # day 5, not day 4
        ("i", REPORTED, "| Feb 9 | CT: clearing |"),  # CT and PCR stand in the text alone
        ("j1", REPORTED, "| Feb 6 | RT-PCR still positive |"),
        ("j2", REPORTED, "| Feb 13 | RT-PCR negative;"),
        ("c2", NOT_TESTABLE, "(c) the lymphopenia improved significantly after the infusion"),
        ("k", REPORTED, "no adverse event with the infusion |"),
    ],
)
def test_bedside_claims_of_leng2020_against_its_vital_signs_and_its_dated_facts(shared, claim_id, verdict, line):
    assert line in (shared / "published" / "leng2020.md").read_text(encoding="utf-8")
    assert of("leng2020").loc[claim_id, "verdict"] == verdict


def test_the_evidence_names_what_the_text_says_what_the_table_says_the_difference_and_the_row():
    row = of("leng2020").loc["b"]
    assert all(
        part in row["evidence"] for part in ("The text", "98 %", "vital-sign table", "97 %", "1 percentage point")
    )
    assert row["locators"] == "vital-sign table, day 0; vital-sign table, day 13"
    lines = (DATA / "cases/leng2020/observations.csv").read_text(encoding="utf-8").splitlines()
    assert [lines[int(place.removeprefix("observations.csv:")) - 1][:14] for place in row["lines"].split()] == [
        "0,spo2_air,89,",
        "13,spo2_air,97",
    ]


def test_that_a_range_is_the_usual_one_and_not_printed_is_said():
    assert "the source prints none" in of("leng2020").loc["g", "evidence"]


@pytest.mark.parametrize(
    ("claim_id", "analyte", "values", "verdict"),
    [
        ("b1", "Tbil", [15.0, 16.4, 17.8], REPORTED),  # rose at each step, inside its range: drift, no case against it
        ("b2", "CRP", [27.9, 11.93], SUPPORTED),
        ("b3", "ALT", [45.4, 37.0, 25.7], SUPPORTED),
        ("b4", "AST", [31.7, 26.1, 19.9], SUPPORTED),
        ("d1", "Dbil", 43.8, SUPPORTED),
        ("d2", "Ibil", 29.5, SUPPORTED),
        ("d3", "CRP", 82.69, SUPPORTED),
        ("d4", "PCT", 0.102, SUPPORTED),
        ("d5", "D-dimer", 4.76, SUPPORTED),
        ("d6", "proBNP", 670.2, SUPPORTED),
        ("d7", "WBC", None, REPORTED),  # the table has no white cells
        ("d8", "Neutrophils", None, REPORTED),  # nor their kinds
    ],
)
def test_laboratory_claims_of_liang2020_against_its_table_1(shared, claim_id, analyte, values, verdict):
    table = printed(shared, "liang2020_table1.csv", "day_after_onset")
    if values is None:
        assert not any(name == analyte for _, name in table)
    elif isinstance(values, list):
        assert [float(table[d, analyte]) for d in ("16", "17", "19") if (d, analyte) in table] == values
    else:
        assert float(table["10", analyte]) == values
    assert of("liang2020").loc[claim_id, "verdict"] == verdict


@pytest.mark.parametrize("claim_id", ["a", "c1", "c2", "c3", "e1", "e2", "f1", "f2"])
def test_what_liang2020_says_in_words_alone_is_reported_only(claim_id):
    assert of("liang2020").loc[claim_id, "verdict"] == REPORTED


def test_of_peng2020_an_abstract_without_a_number_seven_claims_are_reported_and_two_are_not_testable():
    table = of("peng2020")
    assert list(table.index) == ["4", "5", "6", "7", "8", "9", "10a", "10b", "11"]  # facts 4 to 11
    assert (table.loc["4":"10a", "verdict"] == REPORTED).all()
    assert (table.loc[["10b", "11"], "verdict"] == NOT_TESTABLE).all()  # significance without a test; a synergy
    assert all(
        drug in table.loc["11", "evidence"]
        for drug in ("lopinavir/ritonavir", "interferon alpha", "ribavirin", "meropenem", "methylprednisolone")
    )
    assert "mesenchymal stem cells only after convalescent plasma" in table.loc["11", "evidence"]


def test_the_claims_listed_for_each_publication_are_all_there():
    assert {name[0] for name in of("liang2020").index} == set("abcdef")
    assert {name[0] for name in of("leng2020").index} == set("abcdefghijk")


def test_verdicts_are_counted_all_five_in_order():
    counts = verdict_counts(of("peng2020").reset_index())
    assert list(counts.items()) == [(SUPPORTED, 0), (PARTLY, 0), (CONTRADICTED, 0), (REPORTED, 7), (NOT_TESTABLE, 2)]


@pytest.mark.parametrize(("infusion_day", "verdict"), [("before", SUPPORTED), ("after", CONTRADICTED)])
def test_a_sample_of_the_day_of_the_dose_is_of_the_phase_that_is_asked_for(tmp_path, infusion_day, verdict):
    rows = [seen(day, "crp", value, "mg/L") for day, value in ((0, "191"), (1, "83.4"), (5, "60"))]
    case = made_up(tmp_path, rows, claims=[claim("extreme", "peak", "crp", "after", 1)])
    assert audit_claims(case, infusion_day)["verdict"].item() == verdict


@pytest.mark.parametrize("case", BUNDLED)
def test_a_verdict_is_about_documents_and_accuses_nobody(case):
    for sentence in of(case)["evidence"]:
        assert sentence.endswith(".") and "  " not in sentence
        words = ("author", "error", "wrong", "false", "mistake", "incorrect", "mislead", "fail", "claimed", " lie")
        assert not any(word in sentence.lower() for word in words), sentence


def test_claims_are_counted_for_the_document_that_makes_them():
    counted = {name: len(table) for name, table in by_document(audit_claims(read_case("byiers2014"))).items()}
    assert counted == {"the abstract": 2, "the methods guide": 4}
    assert [*by_document(audit_claims(read_case("leng2020")))] == ["the text"]


def test_the_simulated_case_shows_every_verdict():
    assert set(of("simulated-cp-msc")["verdict"]) == set(VERDICTS)


def test_a_case_without_the_file_has_no_claims_and_an_empty_audit(tmp_path):
    table = audit_claims(made_up(tmp_path))
    assert not len(table) and list(table)[:5] == ["claim", "statement", "kind", "sort", "verdict"]
    assert set(verdict_counts(table).values()) == {0}
