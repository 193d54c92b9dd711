"""The rules of an R4 document that neither the schema nor the validators of the registry hold it to."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from casereport.quantities.vocabulary import loinc_is_valid
from casereport.quantities.vocabulary_tables import project_vocabulary

TIMES = {"d", "h", "a", "mo", "wk"}
DOSES = {"mg", "g", "mL", "L/min", "[iU]", "10*6{cells}", "10*6{cells}/kg"}  # of the bundled cases


def broken(bundle: dict[str, Any]) -> set[str]:
    """The names of the rules that a document breaks; empty where it keeps them all."""
    entries = bundle.get("entry") or [{}]
    resources = [entry.get("resource", {}) for entry in entries]
    urls = [entry.get("fullUrl") for entry in entries]
    found = set()
    if not bundle.get("identifier", {}).get("value") or not bundle["identifier"].get("system"):
        found.add("bdl-9: a document has an identifier")
    if not bundle.get("timestamp"):
        found.add("bdl-10: a document has a date")
    if resources[0].get("resourceType") != "Composition":
        found.add("bdl-11: a document begins with its Composition")
    if len(set(urls)) < len(urls):
        found.add("bdl-7: each fullUrl once")
    if any("dataAbsentReason" in r and any(key.startswith("value") for key in r) for r in resources):
        found.add("obs-6: no reason for a value that is there")
    parts = list(walk(bundle))
    if any(part["reference"] not in urls for part in parts if "reference" in part):
        found.add("a reference leads to an entry")
    if any(re.search(r"<\s*(script|img|iframe|object|form)|<[^>]*\s(on\w+\s*=|href=.javascript:)", part["div"], re.I)
           for part in parts if isinstance(part.get("div"), str)):  # fmt: skip
        found.add("a narrative runs nothing and asks for nothing")
    if any(part["code"] not in units() for part in parts if part.get("system") == "http://unitsofmeasure.org"):
        found.add("a unit is UCUM")
    if any(not loinc_is_valid(part["code"]) for part in parts if part.get("system") == "http://loinc.org"):
        found.add("a LOINC code has its check digit")
    return found


def walk(found: object) -> Iterator[dict[str, Any]]:
    """Every object within a part of a document."""
    if isinstance(found, dict):
        yield found
    if isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from walk(one)


@cache
def units() -> set[str]:
    analytes = project_vocabulary().analytes.values()
    return {unit for a in analytes for unit in (a.unit, *a.conversions)} | TIMES | DOSES
