"""What a text of any size may cost: it is linear, or a limit says its number."""

import os
import time

import pytest

from casereport.audit.validation import validate
from casereport.cohort.cohort_tables import open_source
from casereport.errors import BadInput
from casereport.privacy.identifiers import asked, find
from made_up import write_case


@pytest.mark.slow
@pytest.mark.parametrize(
    "token",
    [
        "apgar ", "1月", "Paris, ", "Dr Smith ", "Ab of ", "1.", "a-", "John Smith ", "Ab Cd, ", "in Xy ", "00:",
        "A1B2 ", "DE89 3704 ", "a at b dot ", "患者王", "12 rue de la ", "record A1 ", "tel 12 34 ", "1 ",
        "mother Xy ", "A-1/", "photo of the ", "n.º de x ", "ethics ", "the only ", "to priya abc ",
    ],
)  # fmt: skip
def test_a_text_ten_times_as_long_takes_no_fifty_times_as_long(token):
    def seconds(times):
        began = time.process_time()
        find(token * times), asked(token * times)
        return time.process_time() - began

    assert seconds(20_000) < 50 * (seconds(2_000) + 0.05)


def test_thousands_of_wrong_placeholders_are_told_by_the_first_200(leng):
    path = leng / "narrative.md"
    wrong = (f"{{{{wrong{i}}}}} {{{{crp:{i}}}}} {{{{crp.most.{i}}}}}" for i in range(1000))
    text = path.read_text() + "\n" + " ".join(wrong)
    path.write_text(text)
    problems = validate(str(leng)).problems
    assert len(problems) == 201 and any("at most 200 wrong placeholders" in p.expected for p in problems)


def test_a_file_with_thousands_of_names_is_refused_with_that_number(leng):
    path = leng / "notes.txt"
    path.write_text("".join(f"Dr Smith{'abcdefghij'[i % 10]} said\n" for i in range(3000)))
    assert any("at most 2000 texts that look like identifiers" in p.expected for p in validate(str(leng)).problems)


@pytest.mark.parametrize("kind", ["pipe", "sparse"])
@pytest.mark.parametrize("name", ["observations.csv", "part.parquet"])
def test_a_pipe_or_a_file_of_a_terabyte_in_a_cohort_s_folder_is_refused_at_once(tmp_path, kind, name):
    path = tmp_path / "source" / name
    path.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(2**40)
    with pytest.raises(BadInput, match="a pipe, a device" if kind == "pipe" else "at most 4 GB"):
        open_source(str(path.parent), tmp_path / "out")


@pytest.mark.parametrize(
    ("file", "row", "most"),
    [
        ("events.csv", "1,symptom,Finding {i},POS,reported,text,", 2000),
        ("interventions.csv", "{i},{i},oxygen,,,,reported,text,", 1000),
        ("observations.csv", "{i},crp,{i},mg/L,,,,measured,Table 1,", 6000),
    ],
)
def test_more_rows_than_a_report_can_be_made_of_are_refused_with_their_number(leng, file, row, most):
    path = leng / file
    header = path.read_text().partition("\n")[0]
    rows = [row.format(i=i) for i in range(1, most + 2)]
    path.write_text("\n".join([header, *rows]) + "\n")
    told = [p.expected for p in validate(str(leng)).problems]
    assert any(f"at most {most} " in expected and f"found {most + 1}" in expected for expected in told)
    path.write_text("\n".join([header, *rows[1:]]) + "\n")
    assert not any("at most" in p.expected for p in validate(str(leng)).problems)


def test_more_than_40_phases_are_refused_with_that_number(tmp_path):
    courses = [(2 * i, 2 * i, "oxygen", "", "", "", "reported", "text", "") for i in range(1, 41)]
    leng = write_case(tmp_path, interventions=courses)
    path = leng / "case.yaml"
    more = "".join(f"  - {{id: p{i}, label: Phase {i}, opened_by: oxygen, closed_by: oxygen}}\n" for i in range(1, 41))
    path.write_text(path.read_text().partition("  - {id: after")[0] + more + "consent: null\nnot_reported: []\n")
    assert any("at most 40 phases" in p.expected for p in validate(str(leng)).problems)


def test_hundreds_of_unknown_treatments_are_all_told_and_the_near_names_of_the_first(leng):
    path = leng / "interventions.csv"
    header = path.read_text(encoding="utf-8").partition("\n")[0]
    columns = header.split(",")
    row = dict.fromkeys(columns, "") | {"start_day": "0", "evidence": "reported", "source": "text"}
    lines = [",".join((row | {"intervention": f"meropenem{i}"}).values()) for i in range(900)]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    told = [p for p in validate(str(leng)).problems if p.column == "intervention"]
    assert len(told) == 900 and sum(p.fix == "meropenem" for p in told) == 200
