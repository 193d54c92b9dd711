"""An export that cannot be: a message with the way out, exit code 2, nothing half-written and nothing replaced."""

import json
import os
import shutil

import pytest

from casereport.cli import main
from casereport.exchange import exported
from casereport.files.hashes import hashes
from casereport.files.paths import DATA
from casereport.run.exporting import DATA_FORMATS

forms = pytest.mark.parametrize("form", DATA_FORMATS)


def export(case, form: str, out, *more: str) -> int:
    return main(["export", str(case), "--format", form, "--out", str(out), *more])


@forms
def test_an_identifier_never_leaves(form, leng, tmp_path, capsys):
    with (leng / "events.csv").open("a", encoding="utf-8") as file:
        file.write("3,outcome,Call Dr. John Smith on 555-123-4567,,reported,text,\n")
    assert export(leng, form, tmp_path / "out") == 2
    assert "events.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@forms
def test_open_questions_of_the_privacy_check_are_told_with_a_draft_and_keep_a_final_case_back(
    form, leng, tmp_path, capsys
):
    with (leng / "events.csv").open("a", encoding="utf-8") as file:
        file.write("3,outcome,Stayed with Miriam,,reported,text,\n")
    assert export(leng, form, tmp_path / "out") == 0
    told = "1 question of the privacy check open: answer them"
    assert told in capsys.readouterr().out
    about = (tmp_path / "out" / "about.json").read_text("utf-8")
    assert told in about and str(leng) not in about
    yaml = leng / "case.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("status: draft", "status: final"), "utf-8")
    assert export(leng, form, tmp_path / "final") == 2
    assert "'Miriam': no open question" in capsys.readouterr().err and not (tmp_path / "final").exists()


@forms
def test_a_case_that_does_not_validate_is_not_exported(form, leng, tmp_path, capsys):
    with (leng / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("3,crpp,1,mg/L,,,,measured,text,\n")
    assert export(leng, form, tmp_path / "out") == 2
    assert "did you mean 'crp'?" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["cases"]


@forms
def test_what_is_not_an_export_stays_as_it_is(form, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    assert export("peng2020", form, out) == 2
    assert "this one is something else and would be replaced" in capsys.readouterr().err
    assert [p.read_text() for p in out.iterdir()] == ["mine"]
    assert export("peng2020", form, out / "letter.txt") == 2
    assert export("peng2020", form, tmp_path / "none" / "out") == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


@forms
def test_an_earlier_export_gives_way_unless_something_was_laid_into_it(form, tmp_path):
    out = tmp_path / "out"
    assert export("peng2020", form, out) == 0
    before = hashes(out)
    assert export("peng2020", form, out) == 0
    assert hashes(out) == before  # the same bytes
    (out / "letter.txt").write_text("mine")
    assert export("liang2020", form, out) == 2
    assert hashes(out) == before | hashes(out)
    (out / "letter.txt").unlink()
    assert export("liang2020", form, out) == 0
    assert json.loads((out / "about.json").read_text("utf-8"))["case"] == "liang2020"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@forms
def test_a_disk_that_refuses_leaves_the_earlier_export(form, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    assert export("peng2020", form, out) == 0
    before = hashes(out)

    def full(made, place):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exported, "_put", full)
    assert export("liang2020", form, out) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert hashes(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    tmp_path.chmod(0o500)
    assert export("peng2020", "fhir", tmp_path / "out") == 2
    tmp_path.chmod(0o700)
    assert "a place that you can write" in capsys.readouterr().err


def test_data_are_not_made_of_a_report(tmp_path, capsys):
    assert export("peng2020", "fhir", tmp_path / "out", "--report", str(tmp_path)) == 2
    assert "is made of the case, and not of a report" in capsys.readouterr().err


@forms
def test_each_export_that_carries_codes_has_their_notices(form, tmp_path):
    assert export("leng2020", form, tmp_path / "a") == 0
    said = (tmp_path / "a" / "NOTICE.txt").read_text("utf-8")
    for whose in ("https://loinc.org/license", "https://ucum.org", "does not allow copying and distribution for comm"):
        assert whose in said
    if form == "omop":
        return  # a case that counts in sessions has no dates
    assert export("byiers2014", form, tmp_path / "b") == 0  # its only analyte and intervention have no code
    said = (tmp_path / "b" / "NOTICE.txt").read_text("utf-8")
    assert "https://ucum.org" in said and "LOINC" not in said and "ATC" not in said


@forms
def test_a_text_of_the_case_is_data_in_every_format(form, tmp_path):
    hostile = "<script>alert(1)</script> =1+1 & \"quoted\", 'comma'"
    case = shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "cases" / "leng2020")
    path = case / "events.csv"
    path.write_text(path.read_text("utf-8").replace("Symptoms began", '"' + hostile.replace('"', '""') + '"'), "utf-8")
    narrative = case / "narrative.md"
    narrative.write_text(
        narrative.read_text("utf-8").replace("# Abstract\n", f"# Abstract\n\n{hostile}\n\n", 1), "utf-8"
    )
    assert export(case, form, tmp_path / "out") == 0
    for file in (tmp_path / "out").iterdir():
        text = file.read_text("utf-8")
        if file.suffix == ".json":
            json.loads(text)
        assert "<div" not in text or "<script" not in text.partition("<div")[2].partition("</div>")[0]
