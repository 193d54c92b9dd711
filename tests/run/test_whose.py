"""Whose a folder is: two patients never mix, and nothing is removed but what a run has made."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from casereport.case.reading import read_case
from casereport.cli import main
from casereport.errors import BadInput
from casereport.files import hashes, whose
from casereport.files.paths import DATA
from casereport.report import kept
from casereport.report.kept import begin, open_results
from casereport.run import all_cases as shelf
from casereport.run import output, stale
from casereport.run.exporting import export_case
from casereport.run.pipeline import run
from marked import report_of
from toys import toys


@pytest.fixture
def wards(tmp_path):
    """Two patients' cases of one name."""
    for ward in ("wardA", "wardB"):
        shutil.copytree(DATA / "cases" / "leng2020", tmp_path / ward / "case1")
        path = tmp_path / ward / "case1" / "case.yaml"
        path.write_text(path.read_text("utf-8").replace("id: leng2020", "id: case1"), "utf-8")
    return tmp_path / "wardA" / "case1", tmp_path / "wardB" / "case1"


def refusal(function, *arguments):
    with pytest.raises(BadInput) as bad:
        function(*arguments)
    return str(bad.value)


# Whose


def test_the_report_of_another_case_of_the_name_is_refused_with_both_named_and_the_way_out(wards, tmp_path):
    one, other = wards
    out = report_of(str(one), tmp_path / "reports" / "case1", given={"lag_days": "3"})
    before = hashes.hashes(out)
    for function, *arguments in (
        (run, str(other), out, {}),
        (shelf.build_all, other.parent, out.parent),
        (export_case, str(other), out, "docx", tmp_path / "b.docx"),
    ):
        said = refusal(function, *arguments)
        assert str(one) in said and str(other) in said and "--out DIR" in said
    assert hashes.hashes(out) == before
    assert not (tmp_path / "b.docx").exists()


@pytest.mark.parametrize("command", ["report", "report --explain", "report --force", "verify"])
def test_each_command_refuses_it_before_anything_runs(wards, tmp_path, capsys, command):
    one, other = wards
    parts = stale.report_made_from(str(other), {})  # equal bytes: what is told is that it is another's
    out = report_of(str(one), tmp_path / "out", made_from=parts)
    name, *words = command.split()
    assert main([name, str(other), "--out", str(out), *words]) == 2
    assert str(one) in capsys.readouterr().err


def test_a_case_stays_its_report_while_it_is_edited_and_when_both_are_moved(wards, tmp_path):
    case, _ = wards
    out = report_of(str(case), tmp_path / "wardA" / "reports" / "case1")
    (case / "narrative.md").write_text("# Abstract\nAnother text.\n", "utf-8")
    assert whose.check(out, str(case))
    (tmp_path / "wardA").rename(tmp_path / "moved")
    assert whose.check(tmp_path / "moved" / "reports" / "case1", str(tmp_path / "moved" / "case1"))
    shutil.move(tmp_path / "moved" / "reports", tmp_path / "archive")
    (tmp_path / "moved").rename(tmp_path / "moved again")
    refusal(whose.check, tmp_path / "archive" / "case1", str(tmp_path / "moved again" / "case1"))


def test_a_report_says_nowhere_where_the_case_lies(wards, tmp_path):
    case, _ = wards
    text = (report_of(str(case), tmp_path / "out") / "manifest.json").read_text("utf-8")
    assert "wardA" not in text and str(tmp_path) not in text


def test_what_tells_whose_a_report_is_stands_among_the_clocks_and_differs_each_time(wards, tmp_path):
    manifests = [json.loads((report_of(str(wards[0]), tmp_path / n) / "manifest.json").read_text()) for n in "ab"]
    assert manifests[0]["clocks"].pop("case") != manifests[1]["clocks"].pop("case")
    assert manifests[0] == manifests[1]


def test_notebooks_that_are_run_alone_leave_the_results_of_another_case_alone(wards, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "REPORTS", tmp_path / "reports")
    one, other = wards
    with (other / "narrative.md").open("a", encoding="utf-8") as file:
        file.write("\nAnother patient.\n")
    begin(read_case(one), str(one))
    before = hashes.hashes(tmp_path / "reports")
    assert "output_dir" in refusal(begin, read_case(other), str(other))
    with pytest.raises(kept.NotThere, match="narrative"):
        open_results("02-phase-msc", str(other))
    assert hashes.hashes(tmp_path / "reports") == before
    begin(read_case(one), str(one))
    assert open_results("02-phase-msc", str(one)).folder == tmp_path / "reports" / "notebooks" / "case1"


def test_a_folder_and_a_workbook_of_one_name_are_no_shelf(wards, tmp_path):
    (tmp_path / "wardA" / "Case1.xlsx").touch()
    said = refusal(shelf.build_all, tmp_path / "wardA", tmp_path / "reports")
    assert "case1" in said and "Case1.xlsx" in said


# What is ours


EXTENSION = {"manifest_version": 3, "name": "a browser extension", "version": "1.0"}


@pytest.mark.parametrize(
    "content",
    [
        EXTENSION, [], {"format": "casereport report 1"}, {"outputs": {}, "made_from": {}, "steps": {"05-report": []}},
    ],
)  # fmt: skip
def test_a_folder_with_a_manifest_that_is_not_ours_is_refused_by_name(tmp_path, content):
    out = tmp_path / "extension"
    out.mkdir()
    (out / "manifest.json").write_text(json.dumps(content))
    (out / "background.js").write_text("mine")
    before = hashes.hashes(out)
    said = refusal(run, "leng2020", out, {})
    assert "would be replaced" in said and "'background.js'" in said
    assert hashes.hashes(out) == before


def test_a_report_is_known_by_its_mark(tmp_path):
    assert whose.manifest(report_of("leng2020", tmp_path)) is not None
    assert whose.manifest(report_of("leng2020", tmp_path, format="of another program")) is None


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../secret", "a\\..\\b", "", ".", "a//b", "a\0b"])
@pytest.mark.parametrize("key", ["outputs", "steps"])
def test_a_manifest_that_leads_out_of_its_folder_is_none(tmp_path, key, name):
    content = {"outputs": {name: "x"}} if key == "outputs" else {"steps": {"01-ingest": [name], "05-report": []}}
    assert whose.manifest(report_of("leng2020", tmp_path / "out", **content)) is None


def test_a_file_behind_a_link_is_not_of_the_report(tmp_path):
    out = tmp_path / "out"
    (out / "results").mkdir(parents=True)
    (out / "results" / "a.csv").write_text("a")
    now = {"x": "y"}
    report_of("leng2020", out, made_from=now)
    assert stale.reasons(out, now)[stale.REPORT] == []
    (out / "results").rename(tmp_path / "elsewhere")
    (out / "results").symlink_to(tmp_path / "elsewhere")
    assert stale.reasons(out, now)[stale.REPORT] == ["results/a.csv was changed after it was made"]


# What is somebody's


@pytest.fixture
def earlier(tmp_path):
    """A report with things of somebody's in it."""
    out = tmp_path / "out"
    (out / "results").mkdir(parents=True)
    for name in ("report.html", "results/a.csv", "results/gone.csv"):
        (out / name).write_text("earlier")
    report_of("leng2020", out)
    (out / "report.html").write_text("edited")
    (out / "notes.txt").write_text("mine")
    (out / "results" / "new.csv").write_text("mine")
    (out / "scans" / "ct").mkdir(parents=True)
    (out / "scans" / "ct" / "1.png").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_text("not even here")
    (out / "link").symlink_to(tmp_path / "elsewhere")
    return out


@pytest.mark.parametrize("without", ["", "exchange", "link"])
def test_what_somebody_laid_into_a_report_lies_in_the_next(earlier, tmp_path, monkeypatch, without):
    if without == "exchange":
        monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    if without == "link":
        monkeypatch.setattr(os, "link", lambda *_, **__: (_ for _ in ()).throw(OSError()))
    for _ in range(2):
        with output.alone(earlier), output.building(earlier) as folder:
            (folder / "results").mkdir()
            for name in ("report.html", "results/a.csv", "results/new.csv"):
                (folder / name).write_text("new")
            report_of("leng2020", folder)
            output.put(folder, earlier)
    texts = {p.relative_to(earlier).as_posix(): p.read_text() for p in earlier.rglob("*") if p.is_file()}
    texts.pop("manifest.json")
    assert texts == {
        "report.html": "new", "results/a.csv": "new", "results/new.csv": "new", "results/new.csv.kept": "mine",
        "notes.txt": "mine", "scans/ct/1.png": "mine",
    }  # fmt: skip
    assert (earlier / "link").readlink() == tmp_path / "elsewhere"
    assert (tmp_path / "elsewhere" / "x").read_text() == "not even here"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere", "out"]


def test_a_report_that_cannot_be_put_in_its_place_leaves_the_earlier(earlier, monkeypatch):
    before = hashes.hashes(earlier)
    monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    rename = Path.rename

    def fails(path, target):
        if path.name == "report":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="Input/output"), output.building(earlier) as folder:
        output.put(folder, earlier)
    assert hashes.hashes(earlier) == before


@pytest.mark.parametrize("name", [".out.building", ".out.lock", "out.failed"])
def test_a_folder_of_somebodys_beside_a_report_stays(tmp_path, name):
    mine = tmp_path / name
    mine.mkdir()
    (mine / "01-ingest.ipynb").write_text("mine")
    (tmp_path / "01-ingest.ipynb").write_text("failed")
    try:
        with output.alone(tmp_path / "out"), output.building(tmp_path / "out") as folder:
            assert output.keep(tmp_path / "01-ingest.ipynb", output.failed(tmp_path / "out")) is None
            output.put(folder, tmp_path / "out")
            output.forget(output.failed(tmp_path / "out"))
            assert name == "out.failed"
    except BadInput as bad:
        assert name in str(bad)
    assert [p.read_text() for p in mine.iterdir()] == ["mine"]


def test_what_a_run_of_another_user_left_is_named_and_denies_no_report(tmp_path, monkeypatch):
    """In a folder that several users share none can remove what another has made."""
    around, failed = tmp_path / ".out.building", output.failed(tmp_path / "out")
    for folder in (around, failed):
        folder.mkdir()
        (folder / ".casereport").write_text("01-ingest.ipynb\n")
    (failed / "01-ingest.ipynb").touch()
    monkeypatch.setattr(output, "_clear", lambda around, out: None)
    with pytest.raises(BadInput, match=r"out\.building.*move the file"), output.building(tmp_path / "out"):
        pass

    def refused(*args, **more):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    output.forget(failed)


@pytest.mark.parametrize("link", [True, False])
def test_a_file_with_the_name_of_the_lock_stays(tmp_path, link):
    (tmp_path / "mine").write_text("mine")
    path = tmp_path / ".out.lock"
    path.symlink_to(tmp_path / "mine") if link else path.write_text("mine")
    with pytest.raises(BadInput, match="lock"), output.alone(tmp_path / "out"):
        pass
    assert path.read_text() == "mine"


def test_a_notebook_that_is_kept_goes_with_the_next_success_and_nothing_else_does(tmp_path):
    (tmp_path / "01-ingest.ipynb").write_text("failed")
    folder = output.failed(tmp_path / "out")
    for _ in range(2):
        assert output.keep(tmp_path / "01-ingest.ipynb", folder).read_text() == "failed"
    (folder / "why.txt").write_text("mine")
    output.forget(folder)
    assert sorted(p.name for p in folder.iterdir()) == [".casereport", "why.txt"]
    (folder / "why.txt").unlink()
    output.forget(folder)
    assert not folder.exists()


def test_a_link_to_a_report_stays_a_link(tmp_path):
    out = report_of("leng2020", tmp_path / "out")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "x").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "thesis")
    refusal(run, "leng2020", tmp_path / "link", {})
    assert (tmp_path / "thesis" / "x").read_text() == "mine"
    assert whose.check(out, "leng2020")


def test_an_export_replaces_exports_and_no_other_file(tmp_path):
    for form in ("pdf", "docx"):
        (tmp_path / f"thesis.{form}").write_bytes(b"years of work")
        out = tmp_path / f"thesis.{form}"
        assert "would be replaced" in refusal(export_case, "leng2020", tmp_path / "out", form, out)
        assert out.read_bytes() == b"years of work"


def test_a_list_of_reports_replaces_no_page_of_somebodys(tmp_path):
    (tmp_path / "index.html").write_text("<title>My patients</title>")
    assert "index.html" in refusal(shelf.build_all, DATA / "cases", tmp_path)
    assert (tmp_path / "index.html").read_text() == "<title>My patients</title>"


def test_a_run_keeps_what_is_somebodys_and_refuses_the_other_patient(run_here, wards, tmp_path):
    one, other = map(str, wards)
    out, notebooks = tmp_path / "out", toys(tmp_path / "notebooks")
    assert run_here(notebooks, out, case=one)[0] == 0
    (out / "notes.txt").write_text("mine")
    assert run_here(notebooks, out, "--force", case=one)[0] == 0
    assert (out / "notes.txt").read_text() == "mine"
    assert "notes.txt" not in whose.manifest(out)["outputs"]
    before = hashes.hashes(out)
    code, said = run_here(notebooks, out, case=other)
    assert code == 2 and one in said and other in said
    assert hashes.hashes(out) == before
