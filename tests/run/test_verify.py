"""A report can be made again, and archives can read what it is made of: verification and the research object."""

import hashlib
import json
import re

import pytest

from casereport.files import hashes
from casereport.run import verify
from casereport.run.verify import first_difference
from marked import report_of


@pytest.fixture
def two(tmp_path):
    """Two folders with the same files."""
    for name in ("one", "two"):
        (tmp_path / name / "figures").mkdir(parents=True)
        (tmp_path / name / "report.html").write_text("a\nb\nc\n")
        (tmp_path / name / "figures" / "x.png").write_bytes(b"\x89PNG\xff\x00")
        report_of("leng2020", tmp_path / name)
    return tmp_path / "one", tmp_path / "two"


def test_only_the_clocks_of_the_manifest_may_differ(two):
    assert first_difference(*two) == ""
    report_of("leng2020", two[1], given={"lag_days": "1"})
    assert first_difference(*two).startswith("manifest.json differs")


def test_the_first_line_that_differs_is_named_with_what_it_was_and_is(two):
    (two[1] / "report.html").write_text("a\nB\nc\n")
    assert first_difference(*two) == "report.html differs, first in line 2:\n  was 'b'\n  now 'B'"
    (two[1] / "report.html").write_text("a\nb\n")
    assert first_difference(*two) == "report.html differs, first in line 3:\n  was 'c'\n  now nothing"


def test_of_a_long_line_the_place_that_differs_is_shown(two):
    for folder, end in zip(two, "xy", strict=True):
        (folder / "report.html").write_text("-" * 500 + end)
    assert first_difference(*two).endswith(f"was '{'-' * 50}x'\n  now '{'-' * 50}y'")


def test_of_a_binary_file_the_byte_is_named(two):
    (two[1] / "figures" / "x.png").write_bytes(b"\x89PNG\xff\x01")
    assert first_difference(*two) == "figures/x.png differs, first at byte 5"


def test_a_difference_in_line_ends_is_one(two):
    (two[1] / "report.html").write_bytes(b"a\r\nb\r\nc\r\n")
    assert first_difference(*two) == "report.html differs, only in its line ends"


def test_a_file_that_one_build_lacks_is_named(two):
    (two[1] / "new.csv").touch()
    assert first_difference(*two) == ""  # it is somebody's, not of the build
    report_of("leng2020", two[1])
    assert first_difference(*two) == "new.csv is only in the new build"
    assert first_difference(two[1], two[0]) == "new.csv is only in the earlier build"


def test_a_verified_report_that_differs_says_where_and_what_changed_since(two, monkeypatch, capsys):
    """The second build is a stand-in here; that a real one is equal is a fact of test_pipeline.py."""
    one, _ = two
    parts = {"input: cases/leng2020/events.csv": "an earlier hash"}
    report_of("leng2020", one, made_from=parts)

    def build(case, out, given, own):
        out.mkdir(parents=True)
        (out / "figures").mkdir()
        for name in ("report.html", "figures/x.png", "manifest.json"):
            (out / name).write_bytes((one / name).read_bytes())
        (out / "report.html").write_text("a\nx\nc\n")

    monkeypatch.setattr(verify, "run", build)
    assert verify.report("leng2020", one) == 1
    told = capsys.readouterr().out
    assert "report.html differs, first in line 2" in told
    assert "since it was made: code: " in told


def test_the_research_object_describes_every_file_with_its_hash(built):
    graph = {e["@id"]: e for e in json.loads((built / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]}
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()} - {"ro-crate-metadata.json"}
    assert {part["@id"] for part in graph["./"]["hasPart"]} == files
    for name in files - {"manifest.json"}:
        assert graph[name]["@type"] == "File"
        assert graph[name]["sha256"] == hashlib.sha256((built / name).read_bytes()).hexdigest()


def test_the_research_object_follows_the_process_run_crate_profile(built):
    """The musts of RO-Crate 1.1 and of Process Run Crate 0.5, read by hand; test_crate_validated.py has them read."""
    crate = json.loads((built / "ro-crate-metadata.json").read_text("utf-8"))
    graph = {e["@id"]: e for e in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["./"]["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    actions = [e for e in crate["@graph"] if e["@type"] == "CreateAction"]
    assert {a["@id"] for a in actions} == {m["@id"] for m in graph["./"]["mentions"]}
    assert len(actions) == len(list((built / "notebooks").glob("*.ipynb")))
    for action in actions:
        assert "SoftwareApplication" in graph[action["instrument"]["@id"]]["@type"]
        assert all(e["@id"] in graph for e in [*action["object"], *action["result"]])
    inputs = [e for e in crate["@graph"] if e["@id"].startswith("#input/")]
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    assert {e["name"]: e["sha256"] for e in inputs} == manifest["inputs"]


def test_the_research_object_has_no_clock_and_says_so(built):
    text = (built / "ro-crate-metadata.json").read_text("utf-8")
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)
    assert "endTime of the runs is left out: equal input gives an equal file" in text
    root = next(e for e in json.loads(text)["@graph"] if e["@id"] == "./")
    day = hashes.commit_day()  # of an earlier commit too, as it is an input that is in the file already
    assert ("datePublished" in root) == (day is not None)
    assert f"datePublished{'' if day else ', which RO-Crate 1.1 requires,'} is" in root["description"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", root.get("datePublished", "2026-01-01"))


def test_the_research_object_can_be_read_by_the_library_of_the_standard(built):
    from rocrate.rocrate import ROCrate

    crate = ROCrate(str(built))
    assert crate.mainEntity.id == "report.html"
    assert crate.root_dataset["creativeWorkStatus"] == "draft"
