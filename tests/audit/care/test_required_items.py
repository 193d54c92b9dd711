"""What a journal refuses, and what only looks like an answer: consent, references, authors, what is counted."""

import pytest
from complete_case import YAML, row

from casereport.audit.care.checklist import checklist, require_complete
from casereport.case.reading import read_case
from casereport.errors import BadInput


@pytest.mark.parametrize(
    "said",
    [
        "Consent was not obtained.",
        "The patient did not give consent.",
        "No written consent was given by the patient.",
        "The relatives refused consent.",
        "The patient declined.",
        "The report was written without consent.",
    ],
)
def test_a_consent_that_was_not_given_is_a_gap_whatever_words_it_has(small, said):
    case = small(("case.yaml", "The patient gave written consent.", said), without=("Informed consent",))
    assert row(case, "13")["met"] == "gap"
    with pytest.raises(BadInput, match=r"required item missing: 13 \(informed consent\)"):
        require_complete(case)


@pytest.mark.parametrize(
    "said",
    [
        "The patient gave consent and did not wish to be quoted.",
        "Consent was not obtained because the patient had died; the ethics committee waived it.",
        "Written informed consent was obtained from the patient's wife.",
    ],
)
def test_a_consent_or_its_waiver_is_for_a_reader_to_judge(small, said):
    case = small(("case.yaml", "The patient gave written consent.", said), without=("Informed consent",))
    assert row(case, "13")["met"] == "to be confirmed"


def test_a_year_in_brackets_is_no_reference(small):
    cited = ("narrative.md", "daily values of CRP [@first2019]", "daily values of CRP (2019)")
    agree = ("narrative.md", "Reviews agree [@second2020]", "Reviews et al agree")
    assert [row(small(), item)["met"] for item in ("4", "11b")] == ["to be confirmed"] * 2
    assert [row(small(cited, agree), item)["met"] for item in ("4", "11b")] == ["partly"] * 2


def test_the_paper_that_is_re_examined_is_no_literature():
    found = checklist(read_case("leng2020")).set_index("item")
    assert "cites 4 references" in found.loc["4", "finding"]  # CARE twice, CENT and SCRIBE; not the paper itself
    assert "cites 1 reference;" in found.loc["11b", "finding"]


def test_what_is_listed_in_the_description_is_counted(small):
    plain = ("narrative.md", "tuberculosis was considered and excluded", "it was late")
    short = ("narrative.md", "The lesson is to stop a drug early, because that is the test.", "One should stop early.")
    listed = ("case.yaml", "funding:", "differential_diagnosis: [Tuberculosis]\nlearning_points: [One, Two]\nfunding:")
    assert [row(small(plain, short), item)["met"] for item in ("8c", "11d")] == ["gap", "partly"]
    assert [row(small(plain, short, listed), item)["met"] for item in ("8c", "11d")] == ["yes", "yes"]


def test_an_outcome_that_is_no_laboratory_value_needs_no_range():
    assert "laboratory" not in checklist(read_case("byiers2014"))["item"].to_list()


def test_an_anonymous_case_needs_no_author(small):
    changes = ("case.yaml", YAML[YAML.index("authors:") : YAML.index("funding")], "anonymous: true\n")
    assert row(small(changes), "authors")["met"] == "yes"
