"""Authors and declarations of a case: what is checked, and what a case that stays anonymous refuses."""

import shutil
from pathlib import Path

import pytest

from casereport.audit.validation import validate
from casereport.case.authors import CREDIT, is_orcid
from casereport.files.paths import DATA

AUTHORS = """\
authors:
  - name: Ada Example
    orcid: 0000-0002-1825-0097
    affiliations: [Department of Medicine, "Example Hospital, Sampletown"]
    corresponding: true
    email: ada@example.org
    roles: [Conceptualization, Writing – original draft]
  - {name: Ben Sample, affiliations: ["Example Hospital, Sampletown"], roles: [Formal analysis]}
learning_points: [One thing; and what follows from it.]
differential_diagnosis: ["Influenza: the swab was negative."]
ethics: The committee of Example Hospital waived approval.
funding: None.
competing_interests: None declared.
acknowledgements: The nurses of the ward.
data_availability: Every value is at https://example.org/data.
"""


@pytest.fixture
def described(tmp_path: Path):
    """A copy of leng2020 with lines added to its description, and what is said of it."""

    def build(text: str) -> list[str]:
        folder = tmp_path / "cases" / "leng2020"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(DATA / "cases" / "leng2020", folder)
        with (folder / "case.yaml").open("a", encoding="utf-8") as file:
            file.write(text)
        return [str(problem) for problem in validate(folder).problems]

    return build


# The first is ORCID's own example (support.orcid.org, "Structure of the ORCID Identifier"), as are those with an X.
@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_an_orcid_has_the_check_digit_of_iso_7064(orcid):
    assert is_orcid(orcid)
    wrong = "0" if orcid[-1] != "0" else "1"
    assert not is_orcid(orcid[:-1] + wrong)
    assert not is_orcid(orcid[:10] + orcid[11] + orcid[10] + orcid[12:]) or orcid[10] == orcid[11]  # transposed


def test_there_are_fourteen_roles_of_credit():
    assert len(set(CREDIT)) == 14


def test_names_hospitals_and_addresses_of_the_authors_are_no_identifiers_of_the_patient(described):
    assert described(AUTHORS) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1825-0097", "1825-0098", "authors.0.orcid: '0000-0002-1825-0098': an ORCID iD with the right check digit"),
        ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "without the address before it"),
        ("Formal analysis", "Formal analyses", "a role of CRediT; did you mean 'Formal analysis'?"),
        ("Ben Sample,", "Ben Sample, email: ben@example.org,", "for the corresponding author alone"),
        ("ada@example.org", "ada at example", "an e-mail address, as in name@example.org"),
        ("Ben Sample,", "Ben Sample, corresponding: true,", "one corresponding author; Ada Example is it already"),
        ("    corresponding: true", "    corespondng: true", "unknown key; did you mean 'corresponding'?"),
        ("funding:", "fundin:", "unknown key; did you mean 'funding'?"),
    ],
)
def test_what_is_wrong_with_an_author_is_said_with_its_line(described, old, new, says):
    assert old in AUTHORS
    before = (DATA / "cases" / "leng2020" / "case.yaml").read_text("utf-8").count("\n")
    line = before + AUTHORS[: AUTHORS.index(old)].count("\n") + 1
    said = [p for p in described(AUTHORS.replace(old, new, 1)) if says in p]
    assert len(said) == 1 and f"case.yaml, line {line}," in said[0]


def test_every_name_in_a_case_that_stays_anonymous_is_refused(described):
    said = described(AUTHORS + "anonymous: true\n")
    for name in ("Ada Example", "Ben Sample"):
        assert sum(repr(name) in p and "the case is to stay anonymous" in p for p in said) == 1


def test_a_case_that_stays_anonymous_may_not_name_the_hospital_in_its_declarations(described):
    said = described("anonymous: true\nethics: The committee of Example Hospital waived approval.\n")
    assert len(said) == 1 and "ethics: 'Example Hospital'" in said[0]
    assert described("ethics: The committee of Example Hospital waived approval.\n") == []


def test_a_patient_thanked_by_name_is_still_found(described):
    said = described("acknowledgements: We thank Mrs Quillfeather.\nfunding: Given by Mr Quillfeather.\n")
    assert ["Quillfeather" in p and "a person's name" in p for p in said] == [True, True]
