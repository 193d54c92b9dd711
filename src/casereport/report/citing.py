"""How a report is cited: by its authors and title, the version that made it and a hash of its content, so that a reader
can say which one was read. Authors are those whom case.yaml names, as they are written there; a date of publication is
not known here, and not made up.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casereport.case.references import people
from casereport.files.hashes import sha256

NAME = "citation.json"
_CONTENT = ("results", "figures")


def content_hash(folder: Path) -> str:
    """The SHA-256, in hexadecimal, of what the report in `folder` says: the case, every table and every figure.

    It is that of a list of the files in results/ and figures/, each as its path, a tab, its own SHA-256 and a newline,
    in the order of the paths; so it is known before the page is made that shows it, and anyone can compute it again.
    """
    files = sorted(p for part in _CONTENT for p in (folder / part).rglob("*") if p.is_file())
    listed = "".join(f"{path.relative_to(folder).as_posix()}\t{sha256(path)}\n" for path in files)
    return hashlib.sha256(listed.encode("utf-8")).hexdigest()


def reference(authors: Sequence[str], title: str, made: Mapping[str, Any], digest: str) -> str:
    """The report as a list of references has it: the names of its authors, title, version, commit where it is known,
    and the content hash.

    `made` is what `provenance.collect` gives.

    >>> reference(["Ada Example"], "A case report", {"casereport": "0.1.0", "commit": None}, "12ab")
    'Ada Example. A case report. Made by casereport 0.1.0; content SHA-256 12ab.'
    """
    by = f"casereport {made['casereport']}" + (f", commit {made['commit']}" if made["commit"] else "")
    named = f"{people(authors).rstrip('.')}. " if authors else ""
    return f"{named}{title.rstrip('.')}. Made by {by}; content SHA-256 {digest}."


def csl(
    authors: Sequence[str], title: str, made: Mapping[str, Any], citation: Mapping[str, Any] | None, digest: str
) -> list[dict[str, Any]]:  # fmt: skip
    """The report, and the publication that it re-examines where there is one, as items of CSL-JSON.

    `citation` has the fields of `case.description.Citation`. A name is not parted into family and given name, which
    case.yaml does not do. The report has no date: whoever publishes it adds that.
    """
    report: dict[str, Any] = {
        "id": f"report-{digest[:12]}", "type": "report", "title": title, "genre": "Case report",
        "version": made["casereport"], "note": reference(authors, title, made, digest),
    }  # fmt: skip
    if authors:
        report["author"] = [{"literal": name} for name in authors]
    if citation is None:
        return [report]
    source = {
        "id": "source", "type": "article-journal", "title": citation["title"],
        "author": [{"literal": citation["authors"]}], "container-title": citation["journal"],
        "issued": {"date-parts": [[citation["year"]]]}, **({"DOI": citation["doi"]} if citation["doi"] else {}),
    }  # fmt: skip
    return [report | {"references": citation["title"]}, source]


def citation_text(folder: Path, plan: Mapping[str, Any]) -> str:
    """The content of `citation.json` of the report in `folder`; `plan` is what `steps.check` returned."""
    names = [author["name"] for author in plan["authors"]]
    items = csl(names, plan["title"], plan["made"], plan["citation"], content_hash(folder))
    return json.dumps(items, indent=2, ensure_ascii=False) + "\n"
