"""What a text of any size may cost: it is linear, or a limit says its number."""

import os
import time

import pytest

from casereport.audit.validation import validate
from casereport.cohort.cohort_tables import open_source
from casereport.errors import BadInput
from casereport.privacy.identifiers import find


@pytest.mark.parametrize("token", ["apgar ", "1月", "Paris, ", "Dr Smith ", "Ab of ", "1.", "a-"])
def test_a_text_ten_times_as_long_takes_no_fifty_times_as_long(token):
    def seconds(times):
        began = time.process_time()
        find(token * times)
        return time.process_time() - began

    assert seconds(20_000) < 50 * (seconds(2_000) + 0.05)


@pytest.mark.parametrize("placeholder", ["{{wrong%d}}", "{{crp:%d}}", "{{crp.most.%d}}"])
def test_40_000_wrong_placeholders_are_told_by_the_first_200(leng, placeholder):
    path = leng / "narrative.md"
    text = path.read_text() + "\n" + " ".join(placeholder % i for i in range(20_000))
    path.write_text(text)
    began = time.process_time()
    problems = validate(str(leng)).problems
    assert time.process_time() - began < 20
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
    with pytest.raises(BadInput, match="a pipe or a device" if kind == "pipe" else "at most 4 GB"):
        open_source(str(path.parent), tmp_path / "out")


def test_thousands_of_unknown_treatments_are_all_told_and_the_near_names_of_the_first(leng):
    path = leng / "interventions.csv"
    header = path.read_text(encoding="utf-8").partition("\n")[0]
    columns = header.split(",")
    row = dict.fromkeys(columns, "") | {"start_day": "0", "evidence": "reported", "source": "text"}
    lines = [",".join((row | {"intervention": f"meropenem{i}"}).values()) for i in range(3000)]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    began = time.process_time()
    told = [p for p in validate(str(leng)).problems if p.column == "intervention"]
    assert len(told) == 3000 and sum(p.fix == "meropenem" for p in told) == 200
    assert time.process_time() - began < 10  # a search for each of them takes more
