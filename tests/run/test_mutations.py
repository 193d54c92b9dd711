"""Four thousand spoiled cases: each is valid or named as bad, and none ends in a traceback or leaves a trace."""

import random
import shutil

import pytest

from bad.inputs import everything
from casereport.analysis.measurements import measurements
from casereport.analysis.placeholder_values import named_values
from casereport.audit.consistency import check_consistency
from casereport.audit.validation import as_json, as_text, read_case, validate
from casereport.case import stored
from casereport.errors import BadInput
from casereport.files.paths import DATA

TEXTS = [
    "", "-0", "1e308", "9" * 400, "NaN", "<", "..", ">=", '"', "\n", "\r", ",", ";", "\t", "\0", "\ufeff", "é", "毫克",
    "{{", "}}", "{{ crp@-1 }}", "# ", "#", ": ", "- ", "&a ", "*a ", "!!str ", "null", "[]", "{}", "~", "2020-01-31",
    "=1+1", "<script>", "\u2028", "phases:", "crp", "%", "\x1b[2J", "|", ">", "''", "0x1F", "1_000",
]  # fmt: skip


def mutate(raw: bytes, rng: random.Random) -> bytes:
    """The bytes of a file with one to five changes: of a byte, a piece, a line, a cell or a word."""
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(raw) + 1)
        lines = raw.split(b"\n")
        kind = rng.randrange(9)
        if kind == 0 and raw:
            at = min(at, len(raw) - 1)
            raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
        elif kind == 1:
            raw = raw[:at] + raw[at + rng.randint(1, 40) :]
        elif kind == 2:
            raw = raw[:at]
        elif kind == 3:
            rng.shuffle(lines)
            raw = b"\n".join(lines)
        elif kind == 4:
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            raw = b"\n".join(lines)
        elif kind == 5:
            i = rng.randrange(len(lines))
            cells = lines[i].split(b",")
            cells[rng.randrange(len(cells))] = rng.choice(TEXTS).encode()
            lines[i] = b",".join(cells)
            raw = b"\n".join(lines)
        elif kind == 6:
            i = rng.randrange(len(lines))
            cells = lines[i].split(b",")
            rng.shuffle(cells)
            lines[i] = b",".join(cells)
            raw = b"\n".join(lines)
        elif kind == 7:
            raw = raw[:at] + rng.choice(TEXTS).encode() * rng.choice([1, 1, 1, 500]) + raw[at:]
        else:
            words = raw.split(b" ")
            words[rng.randrange(len(words))] = rng.choice(TEXTS).encode()
            raw = b" ".join(words)
    return raw


def check(seed: int, folder) -> bool:
    """Spoils a copy of a case by the seed and checks it; True where it is still valid."""
    rng = random.Random(seed)
    source = DATA / "cases" / rng.choice(["leng2020", "liang2020", "peng2020", "simulated-cp-msc"])
    case = folder / source.name
    shutil.copytree(source, case)
    for path in rng.sample(sorted(case.iterdir()), rng.randint(1, 2)):
        path.write_bytes(mutate(path.read_bytes(), rng))
    before = everything(folder)
    verdict = validate(str(case))
    assert len(as_text(verdict)) < 100_000
    assert as_json(verdict)
    if not verdict.problems and seed % 5 == 0:  # what is valid can be computed with
        try:
            read = read_case(case)
        except BadInput as bad:
            raise AssertionError(f"valid, but not for a notebook: {bad}") from None
        measurements(read)
        named_values(read)
        check_consistency(read)
        kept = stored.as_json(read)  # as the first notebook hands it on
        assert stored.as_json(stored.from_json(kept)) == kept
    assert everything(folder) == before
    shutil.rmtree(case)
    return not verdict.problems


def test_twenty_spoiled_cases_are_valid_or_named_as_bad(tmp_path):
    found = [check(seed, tmp_path) for seed in range(20)]
    assert any(found) and not all(found)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 4000, 100))
def test_four_thousand_spoiled_cases_are_valid_or_named_as_bad(start, tmp_path):
    for seed in range(start, start + 100):
        try:
            check(seed, tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
