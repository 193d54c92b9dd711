"""What a FHIR document of casereport says of a row besides its value: evidence, source, note, phase, limits, words.

Written by `exchange`, read back here, so that each is worded in one place. A note that has an author is of the program,
which says there what R4 has no element for; the others are those of the row.
"""

import re
from typing import Any

from casereport.case.schema import EVENT_INTERPRETATIONS, EVENT_KINDS, EVIDENCE
from casereport.quantities.offsets import CODES, URL, day_told
from casereport.readers.courses import Finding, Stated
from casereport.readers.fhir_json import Resource, list_of, part_of, text_of
from casereport.readers.study_days import Dated

EVIDENCE_TAG = "urn:casereport:evidence"
PHASE_TAG = "urn:casereport:phase"
INTERPRETATION_TAG = "urn:casereport:interpretation"
_SOURCE = "Source: "
_DOSE = "Dose: "
_ROUTE = "Route: "
_MAKER = "casereport"
_NO_NUMBER = "no number in the source"
_UNIT = "; its unit would be "
_UNKNOWN = "not known"
_UNREADABLE = "?"  # no day of a case, and so never taken for one that is not known
_SESSION = re.compile(r"session (\S+)")
_SESSIONS = re.compile(r"sessions (\S+|not known) to (\S+|not known)")
# a number, a bound or a range of the case's grammar, and its unit
_AMOUNT = re.compile(r"((?:<=|>=|<|>)?\s*\S+(?:\s*\.\.\s*\S+)?) (.+)")


def notes(source: str, note: str, said: list[str]) -> list[Resource]:
    """The notes of a row, and what the program says of it besides."""
    own = [{"text": text} for text in (f"{_SOURCE}{source}", note) if text]
    return [*own, *({"authorString": _MAKER, "text": text} for text in said)]


def dose_text(dose: str, unit: str) -> list[str]:
    """A dose that no element can hold, in words; none for none."""
    return [f"{_DOSE}{dose} {unit}"] if dose else []


def route_text(route: str) -> list[str]:
    """A route that no element can hold, in words; none for none."""
    return [f"{_ROUTE}{route}"] if route else []


def sessions_text(start: str, end: str) -> str:
    """The days of a row of a case that counts in sessions."""
    return f"session {start}" if start == end else f"sessions {start or _UNKNOWN} to {end or _UNKNOWN}"


def absent_text(unit: str) -> str:
    """Why a result has no number, and the unit that the row states all the same."""
    return f"{_NO_NUMBER}{_UNIT}{unit}" if unit else _NO_NUMBER


def limits_text(low: str, high: str) -> str:
    """A reference range in words: `<3.00`, `1.0 to <3.00`."""
    return " to ".join(filter(None, (low, high)))


def limits_of(text: str) -> tuple[str, str]:
    """The limits that `limits_text` was made of."""
    low, between, high = text.partition(" to ")
    if between:
        return low, high
    return ("", text) if text.startswith("<") else (text, "")


def stated(resource: Resource) -> Stated | None:
    """What a resource of ours states, None for any other."""
    evidence = _tag(resource, EVIDENCE_TAG)
    own = [note["text"] for note in _texts(resource) if "authorString" not in note]
    if evidence not in EVIDENCE or not own or not own[0].startswith(_SOURCE):
        return None
    source = own[0].removeprefix(_SOURCE)
    return Stated(evidence, source, own[1] if own[1:] else "", _tag(resource, PHASE_TAG))


def unit_of_words(resource: Resource) -> str:
    """The unit of a result that is told in words alone."""
    text = part_of(resource, "dataAbsentReason").get("text")
    return text.partition(_UNIT)[2] if isinstance(text, str) else ""


def session_of(resource: Resource) -> str:
    """The session of a result, of a case that counts in sessions."""
    match = _SESSION.fullmatch(text_of(part_of(part_of(resource, "effectiveTiming"), "code"), "text"))
    return match[1] if match else ""


def finding_of(resource: Resource, own: Stated) -> Finding:
    """The row of events.csv that an Observation or a Condition of ours is."""
    category = next(iter(list_of(resource, "category")), {})
    kind = text_of(category, "text").replace(" ", "_")
    name = part_of(resource, "code").get("text")
    condition = resource.get("resourceType") == "Condition"
    coding = list_of(next(iter(list_of(resource, "interpretation")), {}), "coding")
    word = _tag(resource, INTERPRETATION_TAG) if condition else text_of(next(iter(coding), {}), "code")
    session = next((m[1] for text in _said(resource) if (m := _SESSION.fullmatch(text))), "") or session_of(resource)
    dated = _dated(resource.get("_recordedDate" if condition else "_effectiveDateTime"), None)
    if session:
        dated = Dated(day=session, part=True, unit="sessions")
    known = kind in EVENT_KINDS and word in ("", *EVENT_INTERPRETATIONS) and isinstance(name, str) and name
    return Finding(
        "an event", kind, str(name or ""), dated=dated, interpretation=word, stated=own,
        refused="" if known else "an event without a kind, a finding or an interpretation that a case has",
    )  # fmt: skip


def days_of(resource: Resource) -> Dated:
    """The days of a treatment of ours."""
    for text in (text_of(resource, "performedString"), *_said(resource)):
        one, both = _SESSION.fullmatch(text), _SESSIONS.fullmatch(text)
        ends = one[1] and (one[1], one[1]) if one else both.groups() if both else ()
        if ends:
            start, end = ("" if day == _UNKNOWN else day for day in ends)
            return Dated(day=start, until_day=end, part=True, unit="sessions")
    span = part_of(resource, "effectivePeriod") or part_of(resource, "performedPeriod")
    return _dated(span.get("_start"), span.get("_end"))


def dose_of(resource: Resource) -> tuple[str, str, str]:
    """The dose, its unit and the route of a treatment of ours."""
    dosage = part_of(resource, "dosage")
    amount = part_of(dosage, "dose") or part_of(dosage, "rateQuantity")
    dose, unit, route = text_of(amount, "value"), text_of(amount, "unit"), text_of(part_of(dosage, "route"), "text")
    for text in _said(resource):
        if text.startswith(_DOSE) and (match := _AMOUNT.fullmatch(text.removeprefix(_DOSE))):
            dose, unit = match.groups()
        elif text.startswith(_ROUTE):
            route = text.removeprefix(_ROUTE)
    return dose, unit, route


def _dated(start: object, end: object) -> Dated:
    begun, ended = day_told(start), day_told(end)
    codes = {told.unit for told in (begun, ended) if told}
    units = [name for name, code in CODES.items() if codes == {code}]
    unit = units[0] if units else " and ".join(sorted(codes))
    days = [told.day if told else _UNREADABLE if _distance(of) else "" for told, of in ((begun, start), (ended, end))]
    return Dated(day=days[0], until_day=days[1], part=True, unit=unit)


def _distance(element: object) -> bool:
    """True where an element tells a distance, though it be none that can be read."""
    return isinstance(element, dict) and any(one.get("url") == URL for one in list_of(element, "extension"))


def _said(resource: Resource) -> list[str]:
    return [note["text"] for note in _texts(resource) if note.get("authorString") == _MAKER]


def _texts(resource: Resource) -> list[dict[str, Any]]:
    return [note for note in list_of(resource, "note") if isinstance(note.get("text"), str)]


def _tag(resource: Resource, system: str) -> str:
    tags = list_of(part_of(resource, "meta"), "tag")
    return next((text_of(tag, "code") for tag in tags if tag.get("system") == system), "")
