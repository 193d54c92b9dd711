"""The rows of a case as FHIR R4 resources: Observation, MedicationAdministration, Procedure, Condition.

Each thing stands in the element that R4 has for it, and what R4 has none for in a note, in words: the class of evidence
in `meta.tag`, a bound as comparator, a range as valueRange, a limit that lies outside of its range (`<3.0`) as text,
words without a number as dataAbsentReason with an interpretation, where it stands in the source as the first note.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from casereport.case.case import Case
from casereport.case.rows import Event, Observation, Treatment
from casereport.case.schema import EVENT_INTERPRETATIONS, EVIDENCE, INTERPRETATIONS
from casereport.quantities.offsets import CODES, as_offset, quantity
from casereport.quantities.vocabulary import Intervention
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.readers.fhir import LOINC
from casereport.readers.fhir_stated import (
    EVIDENCE_TAG,
    INTERPRETATION_TAG,
    PHASE_TAG,
    absent_text,
    dose_text,
    limits_text,
    notes,
    route_text,
    sessions_text,
)

ATC = "http://www.whocc.no/atc"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_LABORATORY = frozenset(
    {
        "Haematology", "Inflammation", "Coagulation", "Liver", "Kidney and electrolytes", "Heart and muscle",
        "Immunology", "Metabolism and hormones", "Urine",
    }
)  # fmt: skip
# what has no ATC code and is given all the same; what else has none is done
_SUBSTANCES = frozenset({"Cell therapy", "Traditional Chinese medicine"})
_IN_WORDS = {**INTERPRETATIONS, **EVENT_INTERPRETATIONS}
# units of doses that are UCUM beyond doubt; another is given in words alone
_DOSES = re.compile(
    r"(?:[mukn]?g|[mud]?L|[mu]?mol|meq|\[i?IU?\]|\[iU\]|10\*\d+(?:\{cells\})?|\{[a-z]+\})(?:/(?:kg|m2|h|min|d|[md]?L))*"
)
Resource = dict[str, Any]


class Place(NamedTuple):
    """What all resources of a document name: the patient, and the element that day 0 is in."""

    patient: str
    target: str
    path: str
    unit: str  # in which the case counts: days, hours or sessions

    def time(self, day: str) -> Resource:
        """The content of a `_dateTime` element for a study day; said to be unknown where there is none."""
        if not day or self.unit not in CODES:
            return {"extension": [unknown()]}
        return {"extension": [as_offset(day, CODES[self.unit], self.target, self.path)]}


def unknown(reason: str = "unknown") -> Resource:
    """The extension that says why an element has no value."""
    return {"url": _ABSENT_EXTENSION, "valueCode": reason}


def observation(row: Observation, case: Case, place: Place) -> Resource:
    """A measurement, or what is said of one in words."""
    analyte = case.vocabulary.analytes[row.analyte]
    code: Resource = {"coding": [{"system": LOINC, "code": analyte.loinc}]} if analyte.loinc else {}
    laboratory = [{"coding": [{"system": _CATEGORY, "code": "laboratory"}]}] if analyte.group in _LABORATORY else []
    found: Resource = {
        "resourceType": "Observation",
        "meta": _tags(row.evidence, row.phase),
        "status": "final",
        **({"category": laboratory} if laboratory else {}),
        # LOINC's own names are LOINC's; the label is ours, and so no display of the code
        "code": code | {"text": analyte.label},
        "subject": {"reference": place.patient},
        **_effective(row.day, place),
    }
    if row.value:
        found |= _value(row.value, row.unit)
    else:
        found["dataAbsentReason"] = {"coding": [{"system": _ABSENT, "code": "unknown"}], "text": absent_text(row.unit)}
    found |= _interpreted(row.interpretation)
    found["note"] = notes(row.source, row.note, [])
    if row.ref_low or row.ref_high:
        found["referenceRange"] = [_range(row.ref_low, row.ref_high, row.unit)]
    return found


def _value(value: str, unit: str) -> Resource:
    low, dots, high = value.partition("..")
    if dots:
        return {"valueRange": {"low": quantity("", low, unit), "high": quantity("", high.strip(), unit)}}
    sign, number = re.fullmatch(r"(<=|>=|<|>|)\s*(.+)", value.strip()).groups()  # type: ignore[union-attr]
    return {"valueQuantity": quantity(sign, number, unit)}


def _range(low: str, high: str, unit: str) -> Resource:
    """A reference range. The limits of R4 belong to their range, so one that does not is told in words alone."""
    ends = {name: quantity("", end, unit) for name, end in (("low", low), ("high", high)) if end and end[0] not in "<>"}
    return ends if len(ends) == bool(low) + bool(high) else ends | {"text": limits_text(low, high)}


def event(row: Event, place: Place) -> Resource:
    """A diagnosis or an earlier illness as a Condition, all else as an Observation of its kind."""
    if row.kind in ("diagnosis", "history"):
        return _condition(row, place)
    imaging = {"coding": [{"system": _CATEGORY, "code": "imaging"}]} if row.kind == "imaging" else {}
    return {
        "resourceType": "Observation",
        "meta": _tags(row.evidence, row.phase),
        "status": "final",
        "category": [imaging | {"text": row.kind.replace("_", " ")}],
        "code": {"text": row.finding},
        "subject": {"reference": place.patient},
        **_effective(row.day, place),
        **_interpreted(row.interpretation),
        "note": notes(row.source, row.note, []),
    }


def _condition(row: Event, place: Place) -> Resource:
    worded = row.interpretation if row.interpretation not in ("", "POS", "NEG") else ""
    more = [f"{_IN_WORDS[worded].capitalize()}."] if worded else []
    more += [sessions_text(row.day, row.day)] if row.day and place.unit not in CODES else []
    return {
        "resourceType": "Condition",
        # R4 has no interpretation of a Condition
        "meta": _tags(row.evidence, row.phase, row.interpretation),
        "verificationStatus": {
            "coding": [{"system": _VERIFIED, "code": "refuted" if row.interpretation == "NEG" else "confirmed"}]
        },
        "category": [{"text": row.kind}],
        "code": {"text": row.finding},
        "subject": {"reference": place.patient},
        # the day that the row is of, which is not said to be that of the onset
        "_recordedDate": place.time(row.day),
        "note": notes(row.source, row.note, more),
    }


def treatment(row: Treatment, case: Case, place: Place) -> Resource:
    """A drug or product given as a MedicationAdministration, what is done as a Procedure."""
    what = case.vocabulary.interventions[row.intervention]
    given = is_given(what)
    # whether a course has ended is known only where its last day is
    status = "completed" if row.end is not None and abs(row.end.high) != float("inf") else "unknown"
    name = {"coding": [{"system": ATC, "code": what.atc}]} if what.atc else {}
    common = {"resourceType": "MedicationAdministration" if given else "Procedure", "meta": _tags(row.evidence, "")}
    subject = {"reference": place.patient}
    span = _span(row, place)
    counted = place.unit in CODES or not (row.start_day or row.end_day)
    sessions = [] if counted else [sessions_text(row.start_day, row.end_day)]
    if not given:
        said = [*dose_text(row.dose, row.dose_unit), *route_text(row.route)]
        performed = {"performedString": sessions[0]} if sessions else {"performedPeriod": span}
        return common | {
            "status": status, "code": {"text": what.label}, "subject": subject, **performed,
            "note": notes(row.source, row.note, said),
        }  # fmt: skip
    dosage, said = _dosage(row)
    found = common | {
        "status": status, "medicationCodeableConcept": name | {"text": what.label}, "subject": subject,
        "effectivePeriod": span, "note": notes(row.source, row.note, [*said, *sessions]),
    }  # fmt: skip
    return found | ({"dosage": dosage} if dosage else {})


def is_given(what: Intervention) -> bool:
    """True for a drug or product that is given, False for what is done: of a case's own too, by its class."""
    return bool(what.atc) or what.cls in _classes_of_drugs()


@lru_cache
def _classes_of_drugs() -> frozenset[str]:
    """The classes of the project's vocabulary whose members have ATC codes, and the substances that have none."""
    classes: dict[str, list[bool]] = {}
    for known in project_vocabulary().interventions.values():
        classes.setdefault(known.cls, []).append(bool(known.atc))
    return _SUBSTANCES | {name for name, coded in classes.items() if all(coded)}


def _dosage(row: Treatment) -> tuple[Resource, list[str]]:
    """The dose as an amount or a rate with its route; in words where R4 cannot hold it."""
    route = {"route": {"text": row.route}} if row.route else {}
    if not row.dose or ".." in row.dose or row.dose[0] in "<>":
        return {}, [*dose_text(row.dose, row.dose_unit), *route_text(row.route)]  # R4: no dosage without a dose
    amount = quantity("", row.dose, row.dose_unit)
    if not _DOSES.fullmatch(row.dose_unit):
        amount = {key: part for key, part in amount.items() if key in ("value", "unit")}
    name = "rateQuantity" if re.search(r"/(?:min|h)$", row.dose_unit) else "dose"
    return route | {name: amount}, []


def _span(row: Treatment, place: Place) -> Resource:
    return {"_start": place.time(row.start_day), "_end": place.time(row.end_day)}


def _effective(day: str, place: Place) -> Resource:
    if place.unit not in CODES and day:
        return {"effectiveTiming": {"code": {"text": f"session {day}"}}}
    return {"_effectiveDateTime": place.time(day)}


def _tags(evidence: str, phase: str, interpretation: str = "") -> Resource:
    tags = [{"system": EVIDENCE_TAG, "code": evidence, "display": EVIDENCE[evidence]}]
    more = ((PHASE_TAG, phase), (INTERPRETATION_TAG, interpretation))
    return {"tag": [*tags, *({"system": system, "code": code} for system, code in more if code)]}


def _interpreted(code: str) -> Resource:
    if not code:
        return {}
    return {"interpretation": [{"coding": [{"system": _INTERPRETATION, "code": code}], "text": _IN_WORDS[code]}]}
