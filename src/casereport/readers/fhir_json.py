"""Parts of a FHIR resource as JSON has them, each of its kind or empty: nothing of a file is trusted to be in form."""

import re
from collections.abc import Iterator
from typing import Any

LOINC = "http://loinc.org"

Resource = dict[str, Any]


def coded(concept: object) -> tuple[tuple[str, ...], str]:
    """The LOINC codes of a concept, without blanks, and its name: that of the code, else the text beside it."""
    if not isinstance(concept, dict):
        return (), ""
    codings = list_of(concept, "coding")
    own = [c for c in codings if text_of(c, "system").rstrip("/") == LOINC and text_of(c, "code")]
    names = [text_of(c, "display") for c in (*own, *codings)]
    name = next(filter(None, names), "") or text_of(concept, "text")
    return tuple(dict.fromkeys(text_of(c, "code") for c in own)), name


def names_of(concept: object) -> list[str]:
    """What the codes of a concept are called, and the text beside them."""
    if not isinstance(concept, dict):
        return []
    found = (*(text_of(c, "display") for c in list_of(concept, "coding")), text_of(concept, "text"))
    return [name for name in found if name]


def codes_of(concept: object) -> list[str]:
    return [text_of(c, "code") for c in list_of(concept, "coding")] if isinstance(concept, dict) else []


def tail(reference: str) -> str:
    """The id at the end of `Patient/8`, `urn:uuid:8` or an address."""
    reference = reference.partition("/_history/")[0]
    return re.split(r"[/:#]", reference)[-1]


def text_of(holder: Resource, key: str) -> str:
    value = holder.get(key)
    return value.strip() if isinstance(value, str) else ""


def part_of(holder: Resource, key: str) -> Resource:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def list_of(holder: Resource, key: str) -> list[Resource]:
    found = holder.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts_of(found: object) -> Iterator[str]:
    """Every text within a part of a resource."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from texts_of(one)
