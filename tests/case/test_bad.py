"""Bad input of every kind ends in a clear message and exit code 2, in little memory, and writes nothing."""

import resource
import subprocess
import sys

import pytest

from bad.inputs import INPUTS, Bad, everything
from casereport.cli import main

# a stop for what would not end; how fast it is, the benchmarks say
SECONDS, MEGABYTES = 100, 500


def test_the_corpus_is_large_and_each_input_has_a_name():
    assert len({bad.name for bad in INPUTS}) == len(INPUTS) >= 60


@pytest.mark.parametrize("bad", [b for b in INPUTS if not b.heavy], ids=lambda b: b.name)
def test_a_bad_input_is_said_so_and_nothing_is_written(bad: Bad, leng, tmp_path, capsys):
    path = bad.spoil(leng)
    before = everything(tmp_path)
    assert main(["validate", str(path)]) == 2
    out = capsys.readouterr()
    said = out.out + out.err
    assert bad.says in said
    assert "Traceback" not in said
    assert len(said) < 10_000  # a message, not a copy of the input
    assert everything(tmp_path) == before


HEAVY = [
    pytest.param(
        b,
        id=b.name,
        marks=[] if b.name in ("a cell of 10 MB", "a bomb", "a far row") else pytest.mark.slow,
    )
    for b in INPUTS
    if b.heavy
]


@pytest.mark.parametrize("bad", HEAVY)
def test_a_large_input_is_refused_in_500_megabytes(bad: Bad, leng, tmp_path):
    path = bad.spoil(leng)
    before = everything(tmp_path)

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20, MEGABYTES * 2**20))

    command = [sys.executable, "-m", "casereport.cli", "validate", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limits, timeout=120)
    assert done.returncode == 2, done.stderr[-2000:]
    assert bad.says in done.stdout + done.stderr
    assert len(done.stdout + done.stderr) < 10_000
    assert everything(tmp_path) == before


HARMLESS = [
    ("a byte order mark", lambda raw: b"\xef\xbb\xbf" + raw),
    ("windows lines", lambda raw: raw.replace(b"\n", b"\r\n")),
    ("old mac lines", lambda raw: raw.replace(b"\n", b"\r")),
    ("blank rows at the end", lambda raw: raw + b"\n,,,,,,\n\n"),
]


@pytest.mark.parametrize(("name", "change"), HARMLESS, ids=[name for name, _ in HARMLESS])
def test_what_programs_do_to_a_file_without_changing_it_does_no_harm(name, change, leng):
    path = leng / "events.csv"
    path.write_bytes(change(path.read_bytes()))
    assert main(["validate", str(path.parent)]) == 0


@pytest.mark.parametrize(
    "case", ["", ".", "..", "/", "no-such-case", "a b", "~/nothing", "nothing.xlsx", "/etc/passwd"]
)
def test_what_is_no_case_is_said_so(case, capsys):
    assert main(["validate", case]) == 2
    assert "case:" in capsys.readouterr().err


def test_a_report_of_a_bad_case_leaves_no_folder(leng, tmp_path):
    path = next(b for b in INPUTS if b.name == "a repeated key").spoil(leng)
    assert main(["report", str(path), "--out", str(tmp_path / "out" / "x")]) == 2
    assert not (tmp_path / "out" / "x").exists()
