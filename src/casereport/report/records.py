"""The record of one notebook: what it was told and has read, and each thing that it kept, with the words of it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from casereport.files.hashes import Parts, digest

CASE, META = WHOLE = ("case", "meta")  # results that are no tables: the case, and what is said of it as a whole


@dataclass(frozen=True)
class Entry:
    """One thing that a notebook kept. `kind` is `table` or `figure`; the report shows it where it has a `section`."""

    name: str
    kind: str
    notebook: str
    section: str = ""
    caption: str = ""
    title: str = ""
    alt: str = ""
    description: str = ""
    styled: bool = False
    phone: bool = False
    page: bool = False
    phone_caption: str = ""  # where it is read otherwise than the wide one
    second: dict[str, str] = field(default_factory=dict)  # name, caption and alt of the second scale of a heat map

    @property
    def files(self) -> list[str]:
        """The files that it lies in, by their path below the folder of the results."""
        if self.kind == "figure":
            drawn = {"-phone.svg": self.phone, "-page.svg": self.page}
            endings = (".csv", ".svg", *(ending for ending, there in drawn.items() if there))
            return [f"figures/{self.name}{ending}" for ending in endings]
        return [f"results/{self.name}.{ending}" for ending in ("csv", *(["html"] if self.styled else []))]


@dataclass
class Record:
    """What one notebook was told, read (table to hash), kept, and for the first of them what it was made from."""

    parameters: dict[str, object] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    made_from: Parts = field(default_factory=dict)
    case: str = ""
    simulated: bool = False


def read_record(path: Path) -> Record:
    """The record that lies in a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    content["entries"] = [Entry(**entry) for entry in content["entries"]]
    return Record(**content)


def result_file(folder: Path, name: str) -> Path:
    """Where a result lies."""
    return folder / "results" / f"{name}.{'json' if name in WHOLE else 'csv'}"


def changed_since(folder: Path, record: Record) -> str:
    """The first result that is no longer what the notebook of this record read; empty where all are."""
    return next((name for name, was in record.read.items() if digest(result_file(folder, name)) != was), "")
