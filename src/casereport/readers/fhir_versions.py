"""The versions of a FHIR resource that a file has several times: by meta, else by status, else in their order."""

import datetime as dt
import math
import re

from casereport.readers.fhir_json import Resource, codes_of, part_of, text_of
from casereport.readers.versions import REPLACED, Version, withdrawn

DELETED = "deleted, as the history of the file says"
_WITHDRAWN = {
    DELETED: DELETED,
    "entered-in-error": "entered in error, as its status says", "cancelled": "cancelled, as its status says",
}  # fmt: skip
_STAGES = {
    "registered": -1, "preliminary": 0, "amended": 2, "corrected": 2, "appended": 2, **dict.fromkeys(_WITHDRAWN, 3),
}  # fmt: skip


def deleted(entry: Resource) -> Resource | None:
    """The resource that an entry of a history says was deleted, of which nothing is left but its address; None for
    another entry."""
    request, response = part_of(entry, "request"), part_of(entry, "response")
    kind, _, own = text_of(request, "url").partition("/")
    if text_of(request, "method") != "DELETE" or not own or kind == "Patient":
        return None
    number = re.search(r"\d+", text_of(response, "etag"))
    meta = {"versionId": number[0] if number else "", "lastUpdated": text_of(response, "lastModified")}
    return {"resourceType": kind, "id": own, "status": DELETED, "meta": meta}


def version_of(resource: Resource, n: int) -> Version:
    """The version that the resource is, the `n`-th of its file; of none where it has no id."""
    kind, own, full = (text_of(resource, key) for key in ("resourceType", "id", "fullUrl"))
    called = full if full.startswith("http") or not own else f"{kind}/{own}"
    if not called:
        return Version()
    status = text_of(resource, "status")
    if "entered-in-error" in codes_of(resource.get("verificationStatus")):  # of a Condition, which has no status
        status = "entered-in-error"
    meta = part_of(resource, "meta")
    number = text_of(meta, "versionId")
    why = withdrawn(_WITHDRAWN[status]) if status in _WITHDRAWN else REPLACED
    unnumbered = math.inf if status == DELETED else 0.0
    place = (float(number) if number.isdecimal() else unnumbered, _moment(text_of(meta, "lastUpdated")))
    return Version(called, (*place, _STAGES.get(status, 1), n), "" if status == "registered" else why)


def _moment(text: str) -> float:
    """When that was, to compare; 0 where it is not told."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
