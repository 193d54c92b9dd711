"""Spoiled workbooks of a case: each is valid or named as bad, and none ends in a traceback or leaves a trace."""

import io
import random
import shutil
import zipfile
from functools import cache
from pathlib import Path

import pytest
from test_mutations import mutate

from bad.inputs import everything
from casereport.audit.validation import as_text, validate
from casereport.errors import BadInput
from new_book import book_bytes

XML = [
    b' hidden="1"', b' r="ZZZ99999999"', b' r="A0"', b"<strike/>", b"<is><t>5</t></is>", b"</is>", b"<v>1e999</v>",
    b' t="e"', b' t="inlineStr"', b' s="99999"', b'<mergeCell ref="A1:XFD99"/>', b'<mergeCell ref="B9:A1"/>', b"<row>",
    b"<!DOCTYPE a>", b"&#0;", b"&x;", b"<f>1+1</f>", b' min="-1" max="99999999"', b"\xff", b'"superscript"',
]  # fmt: skip


@cache
def parts() -> tuple[tuple[str, bytes], ...]:
    """The parts of the workbook that `casereport new --xlsx` makes."""
    with zipfile.ZipFile(io.BytesIO(book_bytes("spoiled"))) as book:
        return tuple((name, book.read(name)) for name in book.namelist())


def spoiled(seed: int) -> bytes:
    """That workbook with changes in a part or two of it, or in the bytes of the archive itself."""
    rng, changed = random.Random(seed), dict(parts())
    for name in rng.sample(sorted(changed), rng.randint(1, 2)):
        raw = changed[name]
        for _ in range(rng.randint(1, 6)):
            at = rng.choice([0, *(i for i, byte in enumerate(raw) if byte in b" ><")])
            raw = raw[:at] + rng.choice(XML) + raw[at:] if rng.random() < 0.7 else mutate(raw, rng) or raw
        changed[name] = raw
        if rng.random() < 0.05:
            del changed[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, raw in changed.items():
            book.writestr(zipfile.ZipInfo(name), raw)
    return mutate(out.getvalue(), rng) if rng.random() < 0.1 else out.getvalue()


def check(seed: int, folder: Path) -> bool:
    """Spoils the workbook by the seed and checks it; True where it is still valid."""
    path = folder / "spoiled.xlsx"
    path.write_bytes(spoiled(seed))
    before = everything(folder)
    try:
        verdict = validate(str(path))
        assert len(as_text(verdict)) < 500_000
        valid = not verdict.problems
    except BadInput as bad:
        assert bad.problems
        valid = False
    assert everything(folder) == before
    return valid


def test_ten_spoiled_workbooks_are_valid_or_named_as_bad(tmp_path):
    found = [check(seed, tmp_path) for seed in range(10)]
    assert any(found) and not all(found)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 2000, 100))
def test_a_thousand_spoiled_workbooks_are_valid_or_named_as_bad(start, tmp_path):
    for seed in range(start, start + 100):
        try:
            check(seed, tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
