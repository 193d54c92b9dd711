"""The versions of a FHIR resource that a file has several times: by meta, else by status, else in their order."""

import datetime as dt

from casereport.readers.fhir_json import Resource, codes_of, part_of, text_of
from casereport.readers.versions import REPLACED, Version, withdrawn

_WITHDRAWN = {
    "entered-in-error": "entered in error, as its status says", "cancelled": "cancelled, as its status says",
}  # fmt: skip
_STAGES = {
    "registered": -1, "preliminary": 0, "amended": 2, "corrected": 2, "appended": 2, **dict.fromkeys(_WITHDRAWN, 3),
}  # fmt: skip


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
    place = (float(number) if number.isdecimal() else 0.0, _moment(text_of(meta, "lastUpdated")))
    return Version(called, (*place, _STAGES.get(status, 1), n), "" if status == "registered" else why)


def _moment(text: str) -> float:
    """When that was, to compare; 0 where it is not told."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
