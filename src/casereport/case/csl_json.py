"""CSL-JSON, the list of references that Zotero, Mendeley and pandoc exchange."""

import json
import re
from collections.abc import Iterator
from typing import Any

from casereport.case.references import Reference, person, plain_doi
from casereport.errors import BadInput, Problem

_KINDS = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "book": "book",
    "chapter": "chapter", "paper-conference": "chapter", "entry-encyclopedia": "chapter",
}  # fmt: skip
_TEXTS = (
    "title", "container-title", "container-title-short", "volume", "issue", "page", "edition", "publisher",
    "publisher-place", "DOI", "URL",
)  # fmt: skip
_REFERRED = (*_TEXTS, "author", "editor", "issued", "accessed", "ISSN", "ISBN", "PMID", "PMCID")


def entries(text: str, called: str) -> tuple[list[Reference], list[Problem]]:
    """The references of a CSL-JSON file called `called`, and what is wrong in it, each with its line.

    Raises BadInput for a text that is no list of references.
    """
    found: list[Reference] = []
    problems: list[Problem] = []
    for i, item in enumerate(_items(text, called)):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str | int) or not str(item["id"]):
            problems.append(Problem(called, 0, f"item {i + 1}", str(item)[:200], "a reference with an `id`, its key"))
            continue
        key = str(item["id"])
        line = _line(text, key, sum(one.key == key for one in found))
        for name in _TEXTS:
            if name in item and not isinstance(item[name], str | int):
                problems.append(Problem(called, line, name, str(item[name])[:200], "a text"))
                item[name] = ""
        people = {}
        for role in ("author", "editor"):
            try:
                people[role] = tuple(_people(item.get(role, [])))
            except (TypeError, AttributeError, ValueError):
                people[role] = ()
                expected = 'names, as in [{"family": "Smith", "given": "Jane A."}]'
                problems.append(Problem(called, line, role, str(item[role])[:200], expected))
        found.append(_reference(item, key, line, people))
    return found, problems


def _reference(item: dict[str, Any], key: str, line: int, people: dict[str, tuple[str, ...]]) -> Reference:
    has = {name: " ".join(re.sub(r"</?(?:i|b|sub|sup|sc)>", "", str(item.get(name, ""))).split()) for name in _TEXTS}
    year = re.search(r"\d{4}", json.dumps(item.get("issued", "")))
    return Reference(
        key, line, _KINDS.get(str(item.get("type")), "other"), people["author"], has["title"], people["editor"],
        container=has["container-title-short"] or has["container-title"], year=year[0] if year else "",
        volume=has["volume"], issue=has["issue"], pages=has["page"].replace("–", "-"), edition=has["edition"],
        publisher=has["publisher"], place=has["publisher-place"], doi=plain_doi(has["DOI"]), url=has["URL"],
    )  # fmt: skip


def _people(names: list[dict[str, str]]) -> Iterator[str]:
    for name in names:
        if literal := name.get("literal"):
            yield " ".join(literal.split())
            continue
        particle = name.get("non-dropping-particle") or name.get("dropping-particle") or ""
        family = " ".join(f"{particle} {name.get('family', '')} {name.get('suffix', '')}".split())
        if not family:
            raise ValueError(name)
        yield person(family, name.get("given", ""))


def _items(text: str, called: str) -> list[Any]:
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput([Problem(called, error.lineno, "", "", f"not JSON: {error.msg.lower()}")]) from None
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem(called, 0, "", "", f"not JSON: {error}")]) from None
    if not isinstance(items, list):
        raise BadInput([Problem(called, 1, "", str(items)[:200], "a list of references (CSL-JSON): [{...}, {...}]")])
    return items


def _line(text: str, key: str, before: int) -> int:
    """The line on which the reference of this key says so, after `before` others of the same."""
    places = list(re.finditer(rf'"id"\s*:\s*"?{re.escape(json.dumps(key)[1:-1])}"?\s*[,}}]', text))
    return text.count("\n", 0, places[before].start()) + 1 if before < len(places) else 0


def raw_texts(text: str) -> list[str]:
    """What the keys say that a reference is made of."""
    return [said for item in _items(text, "") if isinstance(item, dict) for name in _REFERRED if name in item
            for said in _texts(item[name])]  # fmt: skip


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    else:
        yield str(value)
