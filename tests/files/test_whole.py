"""Files and folders that are written whole or not at all."""

import os

import pytest

from casereport.files.whole import whole_folder, write_all, write_whole


@pytest.fixture
def umask():
    """Files of this test are for the group too, and not for others."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_text_is_written_in_utf_8_with_the_line_ends_that_it_has(tmp_path):
    write_whole(tmp_path / "a.csv", "µ\n")
    assert (tmp_path / "a.csv").read_bytes() == b"\xc2\xb5\n"
    assert names(tmp_path) == ["a.csv"]


def test_a_new_file_and_folder_have_the_permissions_of_any_new_one(tmp_path, umask):
    write_whole(tmp_path / "file", b"")
    with whole_folder(tmp_path / "folder"):
        pass
    assert (mode(tmp_path / "file"), mode(tmp_path / "folder")) == (0o640, 0o750)


def test_a_file_that_is_written_over_keeps_its_permissions(tmp_path, umask):
    (tmp_path / "file").write_text("old", encoding="utf-8")
    (tmp_path / "file").chmod(0o604)
    write_whole(tmp_path / "file", "new")
    assert (mode(tmp_path / "file"), (tmp_path / "file").read_text(encoding="utf-8")) == (0o604, "new")


def test_who_has_the_earlier_file_open_reads_it_to_its_end(tmp_path):
    (tmp_path / "file").write_text("old", encoding="utf-8")
    with (tmp_path / "file").open(encoding="utf-8") as reader:
        write_whole(tmp_path / "file", "new and longer")
        assert reader.read() == "old"


@pytest.mark.parametrize("content", ["no surrogate \ud800", 3], ids=["an unwritable text", "no text at all"])
def test_where_writing_fails_the_earlier_file_stays_and_nothing_is_left(tmp_path, content):
    (tmp_path / "file").write_text("old", encoding="utf-8")
    with pytest.raises((UnicodeEncodeError, TypeError)):
        write_whole(tmp_path / "file", content)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["file"]


def test_where_the_place_is_taken_by_a_folder_nothing_is_left_beside_it(tmp_path):
    (tmp_path / "place" / "mine").mkdir(parents=True)
    with pytest.raises(OSError):
        write_whole(tmp_path / "place", "")
    with pytest.raises(OSError), whole_folder(tmp_path / "place"):
        pass
    assert names(tmp_path) == ["place"]
    assert names(tmp_path / "place") == ["mine"]


def test_a_folder_has_its_name_only_when_it_is_filled(tmp_path):
    with whole_folder(tmp_path / "case") as folder:
        (folder / "case.yaml").write_text("id: case\n", encoding="utf-8")
        assert not (tmp_path / "case").exists()
    assert names(tmp_path / "case") == ["case.yaml"]


def test_a_folder_that_cannot_be_filled_is_removed(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "case") as folder:
        (folder / "case.yaml").write_text("id: case\n", encoding="utf-8")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_of_several_files_all_are_written_or_none(tmp_path):
    (tmp_path / "a").write_text("before", encoding="utf-8")
    with pytest.raises(OSError):
        write_all({tmp_path / "a": b"after", tmp_path / "nowhere" / "b": b"x", tmp_path / "c": b"y"})
    assert names(tmp_path) == ["a"] and (tmp_path / "a").read_text(encoding="utf-8") == "before"
    write_all({tmp_path / "a": None, tmp_path / "c": b"y"})
    assert names(tmp_path) == ["c"]


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path):
    path = tmp_path / "missing" / "observations.csv"
    with pytest.raises(FileNotFoundError) as refused:
        write_whole(path, "new")
    assert refused.value.filename == str(path)
