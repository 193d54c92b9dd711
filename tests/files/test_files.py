"""Files by their paths and hashes, as messages and manifests have them."""

import hashlib

import pytest

from casereport.errors import BadInput
from casereport.files.hashes import digest, hashes, sha256
from casereport.files.paths import DATA, ROOT, as_given, from_root, is_path, relative
from casereport.files.tables import check_file


def test_a_path_of_the_project_is_shown_without_where_the_project_lies(tmp_path):
    assert relative(DATA / "cases" / "peng2020") == "data/cases/peng2020"
    assert relative(tmp_path / "x") == (tmp_path / "x").as_posix()


def test_a_relative_path_is_taken_from_the_root_and_a_whole_one_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_root("data") == ROOT / "data"
    assert from_root(tmp_path / "x") == tmp_path / "x"


@pytest.mark.parametrize(
    ("case", "path"),
    [("peng2020", False), ("a/b", True), ("a\\b", True), (".", True), ("..", True), ("x.XLSX", True), ("x.y", False)],
)
def test_a_case_is_a_path_if_it_has_a_slash_or_is_a_workbook(case, path):
    assert is_path(case) == path


def test_a_case_of_the_project_is_given_by_its_name_and_another_by_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert as_given("peng2020") == as_given(DATA / "cases" / "peng2020") == "peng2020"
    assert as_given("./mine") == str(tmp_path / "mine")
    assert as_given("mine.xlsx") == str(tmp_path / "mine.xlsx")


def test_a_file_is_known_by_the_sha_256_of_its_bytes(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_bytes(b"abc")
    # the example of FIPS 180-2
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256(tmp_path / "in" / "a.csv") == known == hashlib.sha256(b"abc").hexdigest()
    assert hashes(tmp_path) == {"in/a.csv": known}
    assert digest(tmp_path / "none") == ""


def test_a_file_that_is_too_large_is_told_by_both_sizes_in_megabytes(tmp_path):
    (tmp_path / "large.csv").write_bytes(b"x" * (3 * 2**20 // 2))
    with pytest.raises(BadInput, match=r"^large.csv: '1.5 MB': a file of at most 1 MB: one case is one patient$"):
        check_file(tmp_path / "large.csv", "large.csv", 2**20)
