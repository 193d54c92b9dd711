"""The complete case of `complete_case.py`, as a folder that a test may spoil."""

import re
from pathlib import Path

import pytest
from complete_case import FILES

from casereport.case.case import Case
from casereport.case.reading import read_case


@pytest.fixture
def small(tmp_path: Path):
    """Builds a small complete case, in which a text of a file is replaced, or a section of the narrative left out."""

    def build(*changes: tuple[str, str, str], without: tuple[str, ...] = ()) -> Case:
        folder = tmp_path / "cases" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        files = dict(FILES)
        for section in without:
            files["narrative.md"] = re.sub(
                rf"# {section}\n.*?\n\n|# {section}\n.*\Z", "", files["narrative.md"], flags=re.S
            )
        for file, old, new in changes:
            assert old in files[file], old
            files[file] = files[file].replace(old, new)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        return read_case(tmp_path / "cases" / "small")

    return build
