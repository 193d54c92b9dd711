"""Whose the folder of a cohort is: nothing is replaced but what an earlier run of the same cohort has made."""

import errno
import json

import pandas as pd
import pytest

from casereport.cohort import run as cohort
from casereport.cohort.cohort_tables import open_source
from casereport.cohort.simulated import write_cohort
from casereport.errors import BadInput
from casereport.files import whose


def refusal(function, *arguments):
    with pytest.raises(BadInput) as bad:
        function(*arguments)
    return str(bad.value)


def test_a_folder_and_a_workbook_of_one_name_are_no_cohort(leng, tmp_path):
    (leng.parent / "Leng2020.xlsx").touch()
    said = refusal(open_source, str(leng.parent), tmp_path / "out")
    assert "leng2020" in said and "Leng2020.xlsx" in said


def test_a_simulated_cohort_replaces_no_real_one(tmp_path):
    folder = tmp_path / "observations"
    folder.mkdir()
    (folder / "part-00000.parquet").write_bytes(b"years of work")
    refusal(write_cohort, 1, tmp_path)
    assert (folder / "part-00000.parquet").read_bytes() == b"years of work"
    out = write_cohort(1, tmp_path / "simulated")
    write_cohort(1, out)
    (out / "observations" / "mine.parquet").write_bytes(b"mine")
    assert "mine.parquet" in refusal(write_cohort, 1, out)


@pytest.mark.parametrize("earlier", [False, True])
def test_a_simulated_cohort_that_finds_no_room_is_not_there_or_the_earlier_one(tmp_path, monkeypatch, earlier):
    def content():
        return {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def no_room(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "sim"
    if earlier:
        write_cohort(1, out)
    before = content()
    for method in ("to_csv", "to_parquet"):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(pd.DataFrame, method, no_room)
            write_cohort(2, out)
        assert (content(), out.exists()) == (before, earlier)
    (out / ".unfinished" / "observations").mkdir(parents=True)  # by a run that was killed
    write_cohort(2, out)
    assert sorted(p.name for p in out.iterdir()) == ["interventions", "observations", "truth.csv"]
    assert pd.read_parquet(out / "observations")["patient"].nunique() == 2


def test_the_folder_of_a_cohort_is_known_by_its_mark_and_its_source(tmp_path):
    out, one, other = (tmp_path / name for name in ("out", "one", "other"))
    out.mkdir()
    (out / "cohort.json").write_text('{"name": "mine"}')
    assert "other files" in refusal(cohort._check_folder, out, one)
    (out / "cohort.json").unlink()
    assert cohort._check_folder(out, one) is False
    (out / "cohort.json").write_text(json.dumps({"made by": "casereport cohort", "source": whose.owner(one, out)}))
    assert cohort._check_folder(out, one) is True
    assert "a different cohort" in refusal(cohort._check_folder, out, other)
    (out / "results").symlink_to(tmp_path)
    assert "link" in refusal(cohort._check_folder, out, one)


def test_a_cohort_forgets_its_own_parts_only(tmp_path):
    for name in ("effects/part-00001.parquet", "effects/part-mine.parquet", "mine/part-00001.parquet"):
        (tmp_path / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "results" / name).touch()
    cohort._forget(tmp_path, set())
    left = {p.relative_to(tmp_path / "results").as_posix() for p in tmp_path.rglob("*.parquet")}
    assert left == {"effects/part-mine.parquet", "mine/part-00001.parquet"}
