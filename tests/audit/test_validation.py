"""The check of a case: quick because it computes nothing, and put so that a hundred equal mistakes are one."""

import json
import re
import subprocess
import sys

import pytest

from casereport.analysis.placeholder_values import named_values
from casereport.audit.validation import validate
from casereport.case.narrative import impossible_placeholders
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.errors import Problem, listing
from casereport.quantities import intervals
from casereport.quantities.units import unit_fix

CASES = ["peng2020", "liang2020", "leng2020", "simulated-cp-msc"]


LIBRARIES = "{'pandas', 'numpy', 'scipy', 'matplotlib', 'openpyxl', 'nbformat'}"


def loaded(code: str) -> str:
    """The libraries of LIBRARIES that a new interpreter has loaded after `code`."""
    code += f"\nimport sys; print({LIBRARIES} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[-1]


@pytest.mark.parametrize("status", ["draft", "final"])
def test_no_library_of_data_frames_is_imported_for_a_check(data_dir, status):
    """pandas and its like take longer to import than a thousand rows take to check."""
    path = data_dir / "cases" / "leng2020" / "case.yaml"
    path.write_text(re.sub("status: .*", f"status: {status}", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert loaded(f"from casereport.cli import main; main(['validate', {str(path.parent)!r}])") == "set()"


@pytest.mark.parametrize("case", CASES)
def test_a_name_that_a_case_has_is_never_called_impossible(case):
    read = read_case(case)
    lines = list(enumerate(f"{{{{ {name} }}}}" for name in named_values(read)))
    phases = [p.id for p in read.meta.phases]
    assert lines and impossible_placeholders(lines, "narrative.md", read.vocabulary, phases) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cpr@-1", "unknown analyte; did you mean 'crp'?"),
        ("crp@tomorrow", "a study day behind the @, as in crp@-1"),
        ("crp.last.mcs", "unknown phase; did you mean 'msc'?"),
        ("crp.lst.msc", "unknown placeholder; behind the analyte did you mean 'last'?"),
        ("dose.ribavirine", "unknown intervention; did you mean 'ribavirin'?"),
        ("table.event", "unknown table; did you mean 'events'?"),
        ("figure.timelin", "unknown figure; did you mean 'timeline'?"),
        ("subject.name", "unknown subject; "),
    ],
)
def test_a_placeholder_that_nothing_could_answer_is_told_together_with_what_is_wrong_in_a_table(data_dir, name, said):
    folder = data_dir / "cases" / "leng2020"
    observations = (folder / "observations.csv").read_text(encoding="utf-8").replace("-7,crp,2.20", "-7,crp,O.5")
    (folder / "observations.csv").write_text(observations, encoding="utf-8")
    with (folder / "narrative.md").open("a", encoding="utf-8") as file:
        file.write(f"\n{{{{ {name} }}}} {{{{ crp.last.msc }}}}\n")
    problems = validate(str(folder)).problems
    assert [p.file.rpartition("/")[2] for p in problems] == ["narrative.md", "observations.csv"]
    assert problems[0].value == f"{{{{ {name} }}}}" and problems[0].expected.startswith(said)


def test_alike_problems_are_told_once_with_the_lines_of_the_rest():
    wrong = [Problem("cases/x/observations.csv", n, "unit", "mg/1", "a unit of crp: mg/L") for n in range(2, 202)]
    other = Problem("cases/x/events.csv", 4, "kind", "x", "one of test")
    said = listing([*wrong, other]).splitlines()
    assert said[0] == "cases/x/events.csv"
    assert said[2] == "cases/x/observations.csv"
    assert said[-1] == "  and 197 more like it: lines 5-201"
    assert len(said) == 7


def test_what_is_wrong_is_json_for_an_editor(data_dir, capsys):
    path = data_dir / "cases" / "leng2020" / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("-7,crp,2.20", '-7,crp,"2,20"'), encoding="utf-8")
    assert main(["validate", str(path.parent), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["valid"] is False
    (problem,) = found["problems"]
    assert (problem["line"], problem["column"], problem["value"], problem["fix"]) == (2, "value", "2,20", "2.20")
    assert problem["file"].endswith("observations.csv") and "decimal point" in problem["expected"]


def test_an_unreadable_table_hides_no_identifier_in_the_others(data_dir):
    folder = data_dir / "cases" / "leng2020"
    (folder / "observations.csv").write_text("", encoding="utf-8")
    (folder / "events.csv").write_text(
        (folder / "events.csv").read_text(encoding="utf-8") + "3,sign,Seen by Dr Wang,,reported,text,\n", "utf-8"
    )
    assert [p.file.rpartition("/")[2] for p in validate(str(folder)).problems] == ["events.csv", "observations.csv"]


def test_a_final_case_with_a_gap_in_its_checklist_is_not_valid(tmp_path):
    path = new_case("x", tmp_path) / "case.yaml"
    assert validate(str(path.parent)).problems == []
    path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: final"), encoding="utf-8")
    assert any("required item missing" in str(p) for p in validate(str(path.parent)).problems)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("2,20", "2.20"),
        ("0,123", "0.123"),
        ("1,234", ""),  # a thousand, or one and a bit
        ("1 234", "1234"),
        ("−3", "-3"),
        ("≤0.5", "<=0.5"),
        ("36.6–36.9", "36.6..36.9"),
        ("O.5", "0.5"),
        ("12.03.2020", ""),
        ("seven", ""),
        ("1,2,3", ""),
    ],
)
def test_a_fix_is_offered_only_where_there_is_one_reading(text, fix):
    assert intervals.likely(text) == fix


@pytest.mark.parametrize(
    ("unit", "fitting", "fix"),
    [
        ("mg/l", ["mg/L", "mg/dL"], "mg/L"),
        ("×10⁹/L", ["10*9/L", "/uL"], "10*9/L"),
        ("x10^9/l", ["10*9/L", "/uL"], "10*9/L"),
        ("10E9/L", ["10*9/L"], "10*9/L"),
        ("µg/ml", ["ug/mL"], "ug/mL"),
        ("mcg/L", ["ug/L"], "ug/L"),
        ("℃", ["Cel"], "Cel"),
        ("mmHg", ["mm[Hg]", "kPa"], "mm[Hg]"),
        ("IU/L", ["U/L", "[IU]/L"], "[IU]/L"),
        ("ug/mL", ["ug/mL{FEU}", "ug/mL{DDU}"], ""),  # which of the two is what has to be said
        ("毫克/升", ["mg/L"], ""),
        ("", ["mg/L"], ""),
    ],
)
def test_a_unit_in_another_spelling_is_recognised_but_never_a_missing_annotation(unit, fitting, fix):
    assert unit_fix(unit, fitting) == fix


def test_a_title_that_yaml_reads_as_a_number_needs_quotes_and_the_message_says_so(data_dir):
    path = data_dir / "cases" / "leng2020" / "case.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join("title: 2020\n" if x.startswith("title:") else x for x in lines), encoding="utf-8")
    (problem,) = [p for p in validate(str(path.parent)).problems if p.column == "title"]
    assert problem.expected == 'a text; put it in quotes: "2020"'


def test_a_decimal_comma_that_makes_a_cell_of_its_own_is_explained(data_dir):
    path = data_dir / "cases" / "leng2020" / "observations.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write("1,crp,105,5,mg/L,,,,measured,p1,\n")
    assert any("a number a decimal point" in p.expected for p in validate(str(path.parent)).problems)
    # and it hides no mistake in another row
    path.write_text(
        path.read_text(encoding="utf-8").replace("-1,crp,105.50,mg/L", "-1,crp,105.50,mmol/L"), encoding="utf-8"
    )
    assert {p.column for p in validate(str(path.parent)).problems} == {"", "unit"}


def test_a_folder_here_that_is_given_by_its_name_is_recognised(tmp_path, monkeypatch, capsys):
    new_case("t1", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "t1"]) == 2
    assert "./t1" in capsys.readouterr().err
    assert main(["validate", "./t1"]) == 0


def test_a_reader_that_has_enough_is_no_error():
    command = f"set -o pipefail; {sys.executable} -m casereport.cli analytes | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
