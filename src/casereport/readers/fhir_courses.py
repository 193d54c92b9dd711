"""FHIR R4: treatments (MedicationAdministration, MedicationStatement, MedicationRequest, Procedure) and Conditions.

Read are codes with their names, status, days, dose and route; no reason, nobody who did or asked for it, and no note
but those of a document of casereport.
"""

from collections.abc import Iterator

from casereport.readers import fhir_stated
from casereport.readers.courses import AN_ORDER, GIVEN, ORDERED, TAKEN, Course, Finding
from casereport.readers.fhir_json import Resource, codes_of, list_of, part_of, tail, text_of
from casereport.readers.study_days import Dated

_RANKS = {
    "MedicationAdministration": GIVEN, "MedicationStatement": TAKEN, "MedicationRequest": ORDERED, "Procedure": TAKEN,
}  # fmt: skip
COURSES = (*_RANKS, "Condition")
_ATC = "atc"
_NOT_TAKEN = {
    "entered-in-error": "entered in error, as its status says", "not-done": "not done, as its status says",
    "cancelled": "cancelled, as its status says", "draft": "a draft, as its status says",
    "not-taken": "not taken, as its status says", "intended": "not yet taken, as its status says",
    "preparation": "not yet done, as its status says",
}  # fmt: skip
_DOUBTFUL = ("unconfirmed", "provisional", "differential")

# of a Medication that others refer to: its names, ATC codes and first code
_Drug = tuple[tuple[str, ...], tuple[str, ...], str]
Medications = dict[str, _Drug]


def medication_of(resource: Resource) -> tuple[str, _Drug] | None:
    """The id of a Medication and what it is; None for another resource."""
    if resource.get("resourceType") != "Medication":
        return None
    own = text_of(resource, "id") or tail(text_of(resource, "fullUrl"))
    return own, _drug(resource.get("code"))


def _drug(concept: object) -> _Drug:
    """The names, the ATC codes and the first code of a drug or procedure."""
    if not isinstance(concept, dict):
        return (), (), ""
    codings = list_of(concept, "coding")
    names = [text_of(c, "display") for c in codings] + [text_of(concept, "text")]
    atc = [text_of(c, "code") for c in codings if _ATC in text_of(c, "system").lower()]
    return tuple(filter(None, names)), tuple(filter(None, atc)), next((c for c in codes_of(concept) if c), "")


def of_resource(resource: Resource, drugs: Medications, refused: str) -> Iterator[Course | Finding]:
    """The course or finding that a resource of `COURSES` is; `refused` says why it is not the patient's, if so."""
    kind = text_of(resource, "resourceType")
    called = f"{kind}/{known}" if (known := text_of(resource, "id")) else ""
    refused = refused or _NOT_TAKEN.get(text_of(resource, "status"), "")
    own = fhir_stated.stated(resource)
    if kind == "Condition":
        found = fhir_stated.finding_of(resource, own) if own else _condition(resource, called)
        yield found._replace(refused=refused or found.refused)
        return
    names, atc, code = _drug(resource.get("code")) if kind == "Procedure" else _medication(resource, drugs)
    course = Course(
        f"FHIR {kind}", names, atc, code, _dated(resource, kind), rank=_RANKS[kind],
        id=called, note=AN_ORDER if kind == "MedicationRequest" else "",
        refused=refused or _not_meant(resource),
    )  # fmt: skip
    if own:
        dose, unit, route = fhir_stated.dose_of(resource)
        days = fhir_stated.days_of(resource)
        yield course._replace(dated=days, dose=dose, dose_unit=unit, route=route, stated=own)
    else:
        yield course if kind == "Procedure" else _dosed(resource, course)


def _not_meant(resource: Resource) -> str:
    if resource.get("doNotPerform") is True:
        return "an order not to give it"
    if text_of(resource, "intent") in ("proposal", "plan", "option"):
        return "a proposal or a plan, not an order"
    return ""


def _medication(resource: Resource, drugs: Medications) -> _Drug:
    if isinstance(resource.get("medicationCodeableConcept"), dict):
        return _drug(resource["medicationCodeableConcept"])
    reference = part_of(resource, "medicationReference")
    own = tail(text_of(reference, "reference"))
    inside = {text_of(one, "id"): _drug(one.get("code")) for one in list_of(resource, "contained")}
    found = inside.get(own) or drugs.get(own)
    return found if found and own else ((text_of(reference, "display"),), (), "")


def _dated(resource: Resource, kind: str) -> Dated:
    """The days of a course: when it was given, taken or done; of an order, the period it is for, or its own day."""
    if kind == "MedicationRequest":
        dosages = list_of(resource, "dosageInstruction")
        bounds = part_of(part_of(part_of(dosages[0], "timing"), "repeat"), "boundsPeriod") if len(dosages) == 1 else {}
        start = text_of(bounds, "start") or text_of(resource, "authoredOn")
        return Dated(start, text_of(bounds, "end"))
    begin = "performed" if kind == "Procedure" else "effective"
    if text := text_of(resource, f"{begin}DateTime"):
        # a statement says that it is taken, and not that this was its only day
        return Dated(text, "" if kind == "MedicationStatement" else text)
    period = part_of(resource, f"{begin}Period")
    return Dated(text_of(period, "start"), text_of(period, "end"), part=True)


def _dosed(resource: Resource, course: Course) -> Course:
    """The course with its dose and route, where there is one dosage: of several none is chosen."""
    one = part_of(resource, "dosage")
    dosages = [one] if one else [*list_of(resource, "dosage"), *list_of(resource, "dosageInstruction")]
    if len(dosages) != 1:
        return course
    rates = list_of(dosages[0], "doseAndRate")
    amount = part_of(dosages[0], "dose") or (part_of(rates[0], "doseQuantity") if len(rates) == 1 else {})
    route = part_of(dosages[0], "route")
    called = next((text_of(c, "display") for c in list_of(route, "coding")), "") or text_of(route, "text")
    sign = text_of(amount, "comparator")
    return course._replace(
        dose=sign + text_of(amount, "value") if text_of(amount, "value") else "",
        dose_unit=text_of(amount, "unit") or text_of(amount, "code"), route=called.lower(),
        note=" ".join(filter(None, (_how_often(dosages[0]), course.note))),
    )  # fmt: skip


_PERIODS = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "min": "minute"}


def _how_often(dosage: Resource) -> str:
    repeat = part_of(part_of(dosage, "timing"), "repeat")
    times, period = text_of(repeat, "frequency"), text_of(repeat, "period")
    unit = _PERIODS.get(text_of(repeat, "periodUnit"))
    if not (times.isdecimal() and period.isdecimal() and unit):
        return ""
    each = f"a {unit}" if period == "1" else f"in {period} {unit}s"
    return f"{'Once' if times == '1' else f'{times} times'} {each}."


def _condition(resource: Resource, known: str) -> Finding:
    names, _, code = _drug(resource.get("code"))
    status = next(iter(codes_of(resource.get("verificationStatus"))), "")
    refused = ""
    if status == "entered-in-error":
        refused = "entered in error, as its status says"
    if status in _DOUBTFUL:
        refused = refused or f"not confirmed ({status})"
    onset = text_of(resource, "onsetDateTime") or text_of(part_of(resource, "onsetPeriod"), "start")
    # the end of the period of onset is no recovery; at that of abatement the diagnosis is over
    end = text_of(resource, "abatementDateTime") or text_of(part_of(resource, "abatementPeriod"), "end")
    recorded = text_of(resource, "recordedDate")
    return Finding(
        "FHIR Condition", "diagnosis", next(iter(names), ""), code, Dated(onset or recorded, end),
        "NEG" if status == "refuted" else "POS", resolved=status != "refuted",
        note="" if onset else "The day on which it was recorded.", id=known, refused=refused,
    )  # fmt: skip
