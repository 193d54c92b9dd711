"""Whatever place, limit or stream a command meets: no traceback, a line with the way out, no false word of what is."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from casereport.cli import main
from casereport.files.paths import ROOT
from casereport.run import output, workers
from casereport.run.failures import told
from toy_command import START
from toys import toys

HERE = Path(__file__).parents[1]
LONG = "x" * 300


def said(*words, notebooks="none", cwd=None, before=None, stdout=subprocess.PIPE, shell="", env=None):
    """What a command came to: its exit code, and all that it said."""
    command = [sys.executable, "-P", "-c", START, str(notebooks), *map(str, words)]
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "-", *command]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{HERE}"} | (env or {})
    done = subprocess.run(
        command, cwd=cwd, env=environment, preexec_fn=before, stdout=stdout, stderr=subprocess.PIPE, timeout=500
    )
    text = (done.stdout or b"").decode(errors="replace") + done.stderr.decode(errors="replace")
    assert "Traceback" not in text and "Exception ignored" not in text, text
    return done.returncode, text


def answer(capfd, *words):
    """The same of a command that is told before it starts a process, here in this one."""
    code = main([str(word) for word in words])
    return code, "".join(capfd.readouterr())


@pytest.fixture
def notebooks(tmp_path):
    return toys(tmp_path / "notebooks")


@pytest.mark.parametrize(
    "words",
    [
        ["report", "leng2020", "--out", LONG], ["report", LONG], ["report", f"./{LONG}"], ["validate", f"./{LONG}"],
        ["export", "leng2020", "--format", "docx", "--out", f"/tmp/{LONG}"], ["new", LONG], ["audit", LONG],
        ["verify", "leng2020", "--out", LONG], ["reports", LONG], ["report", "leng2020", "--notebook", f"{LONG}.ipynb"],
    ],
    ids=lambda words: " ".join(words)[:40],
)  # fmt: skip
def test_a_name_that_is_too_long_is_bad_input(words, capfd):
    code, text = answer(capfd, *words)
    assert code == 2 and len(text) < 900


@pytest.mark.parametrize(
    "words",
    [
        ["report", "leng2020", "--out"], ["report"], ["validate"], ["new", "a", "--dir"], ["reports"],
        ["verify", "leng2020", "--out"], ["simulate", "--patients", "2", "--out"],
    ],
    ids=lambda words: " ".join(words),
)  # fmt: skip
def test_a_path_through_a_file_is_bad_input(tmp_path, words, capfd):
    (tmp_path / "file").touch()
    code, _ = answer(capfd, *words, tmp_path / "file" / "x")
    assert code == 2


def test_a_notebook_of_ones_own_that_is_a_pipe_is_bad_input(tmp_path):
    os.mkfifo(tmp_path / "own.ipynb")
    code, text = said("report", "leng2020", "--out", tmp_path / "out", "--notebook", tmp_path / "own.ipynb")
    assert code == 2 and "an existing notebook" in text


def test_a_name_that_is_no_utf_8_is_refused_before_the_run(tmp_path, capfd):
    code, text = answer(capfd, "report", "leng2020", "--out", os.fsdecode(bytes(tmp_path / "a") + b"\xff"))
    assert code == 2 and "a name in UTF-8" in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "casereport report 1"}', "\0"])
def test_a_broken_manifest_is_no_report_and_stays(tmp_path, content, capfd):
    (tmp_path / "manifest.json").write_text(content)
    code, text = answer(capfd, "report", "leng2020", "--out", tmp_path, "--explain")
    assert code == 2 and "this one holds other files" in text
    assert (tmp_path / "manifest.json").read_text() == content


def test_a_lock_that_is_a_folder_is_named(tmp_path, notebooks):
    (tmp_path / ".out.lock").mkdir()
    code, text = said("report", "leng2020", "--out", tmp_path / "out", notebooks=notebooks)
    assert code == 2 and ".out.lock" in text and "move the file" in text


def test_a_current_folder_that_is_gone_is_said_and_only_where_it_is_needed(tmp_path, notebooks):
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = f'& wait $!; cd {gone}; rmdir {gone}; "$@"'
    code, text = said("report", "./x", shell=shell.replace("& wait $!;", "> /dev/null 2>&1;"))
    assert code == 1 and "the current folder no longer exists" in text
    gone.mkdir()
    words = ["report", "leng2020", "--out", str(tmp_path / "out")]
    code, text = said(*words, notebooks=notebooks, shell=f'--explain > /dev/null; cd {gone}; rmdir {gone}; "$@"')
    assert code == 0 and (tmp_path / "out" / "report.html").is_file(), text


@pytest.mark.parametrize(
    ("kind", "limit", "way"),
    [
        (resource.RLIMIT_NOFILE, 20, "ulimit -n 1024"), (resource.RLIMIT_FSIZE, 4096, "ulimit -f unlimited"),
        (resource.RLIMIT_AS, 2**30, "ulimit -v unlimited"), (resource.RLIMIT_DATA, 2**28, "ulimit -d unlimited"),
    ],
)  # fmt: skip
def test_a_limit_that_is_too_low_is_told_before_the_run_with_the_way_out(tmp_path, notebooks, kind, limit, way):
    def low():
        resource.setrlimit(kind, (limit, limit))

    code, text = said("report", "leng2020", "--out", tmp_path / "out", notebooks=notebooks, before=low)
    assert code == 2 and way in text
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["cohort", "x"], ["export", "leng2020", "--format", "docx"]], ids=lambda w: w[0])
def test_a_cohort_and_an_export_tell_such_a_limit_too(tmp_path, words, monkeypatch, capfd):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (2**20, 2**20))
    code, text = answer(capfd, *words, "--out", tmp_path / "out")
    assert code == 2 and "ulimit -d unlimited" in text


@pytest.mark.parametrize("streams", ["<&- >&- 2>&-", pytest.param("2>/dev/full", marks=pytest.mark.slow)])
def test_a_report_is_made_with_streams_that_are_closed_or_broken(tmp_path, notebooks, streams):
    code, _ = said("report", "leng2020", "--out", tmp_path / "out", notebooks=notebooks, shell=streams)
    assert code == 0 and (tmp_path / "out" / "report.html").is_file()


@pytest.mark.parametrize("buffered", [{}, pytest.param({"PYTHONUNBUFFERED": "1"}, marks=pytest.mark.slow)])
def test_a_full_standard_output_does_not_deny_the_report(tmp_path, notebooks, buffered):
    words = ["report", "leng2020", "--out", str(tmp_path / "out")]
    code, text = said(*words, notebooks=notebooks, shell=">/dev/full", env=buffered)
    assert code == 1 and "standard output cannot be written" in text and "earlier report" not in text
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_disk_that_is_full_in_the_middle_of_a_notebook_is_told_in_a_line(tmp_path):
    full = "import errno, os; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), 'nap.csv')"
    notebooks = toys(tmp_path / "notebooks", evidence=full)
    code, text = said("report", "leng2020", "--out", tmp_path / "out", notebooks=notebooks)
    assert code == 1 and "the disk is full" in text and "raise OSError" not in text
    assert not (tmp_path / "out").exists()


def test_a_terminal_that_is_not_utf_8_gets_every_text():
    code, text = said("report", "leng2020é病", env={"PYTHONIOENCODING": "ascii"})
    assert code == 2 and "\\u75c5" in text


def test_a_mount_point_is_refused_before_the_run_with_a_folder_below_it(monkeypatch, tmp_path):
    monkeypatch.setattr(output, "is_mount_point", lambda folder: True)
    with pytest.raises(output.BadInput, match=f"--out {tmp_path / 'out'}/NAME"):
        output.check_place(tmp_path / "out")


def test_a_mount_point_is_known_also_where_it_is_of_the_same_disk():
    assert output.is_mount_point(Path("/proc")) and not output.is_mount_point(ROOT / "src")


def test_a_place_that_cannot_be_written_is_refused_before_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(output.BadInput, match="a place that you can write"):
        output.check_place(tmp_path / "out" / "deeper")


def test_no_room_for_what_libraries_write_is_told_before_the_run(monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*casereport-.*/room'") as found:
        workers._own_folder()
    assert "the disk is full: no room to write" in told(found.value)
    assert not Path(found.value.filename).parent.exists()


def test_a_mistake_of_ours_is_told_in_a_line_with_its_place():
    try:
        {}["a mistake"]
    except KeyError as error:
        text = told(error)
    assert "KeyError: 'a mistake' (test_places.py, line" in text
