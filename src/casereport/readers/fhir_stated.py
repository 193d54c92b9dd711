"""What a FHIR document of casereport says of a row besides its value: evidence, source, note, phase, limits, words.

Written by `exchange`, read back here, so that each is worded in one place.
"""

import re
from typing import Any

from casereport.case.schema import EVIDENCE
from casereport.readers.records import Stated

EVIDENCE_TAG = "urn:casereport:evidence"
PHASE_TAG = "urn:casereport:phase"
SOURCE_NOTE = "Source: "
_NO_NUMBER = "no number in the source"
_UNIT = "; its unit would be "
_SESSION = re.compile(r"session (\S+)")


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


def stated(resource: dict[str, Any]) -> Stated | None:
    """What a resource of ours states, None for any other."""
    tags = {tag.get("system"): tag.get("code") for tag in _dicts(_dict(resource.get("meta")).get("tag"))}
    evidence = tags.get(EVIDENCE_TAG)
    notes = [note["text"] for note in _dicts(resource.get("note")) if isinstance(note.get("text"), str)]
    if evidence not in EVIDENCE or not notes or not notes[0].startswith(SOURCE_NOTE):
        return None
    source = notes[0].removeprefix(SOURCE_NOTE)
    return Stated(str(evidence), source, notes[1] if notes[1:] else "", str(tags.get(PHASE_TAG) or ""))


def unit_of_words(resource: dict[str, Any]) -> str:
    """The unit of a result that is told in words alone."""
    text = _dict(resource.get("dataAbsentReason")).get("text")
    return text.partition(_UNIT)[2] if isinstance(text, str) else ""


def session_of(resource: dict[str, Any]) -> str:
    """The session of a result, of a case that counts in sessions."""
    text = _dict(_dict(resource.get("effectiveTiming")).get("code")).get("text")
    match = _SESSION.fullmatch(text) if isinstance(text, str) else None
    return match[1] if match else ""


def _dict(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _dicts(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
