"""C-CDA, the XML documents of portals and hospitals: results, vital signs and medications of the one patient of a file.

Only these sections are read, for an observation in another may be of a relative or a goal. Of an entry its codes,
value, range, flag, status and times are read; no narrative, no comment, nobody's name, address or number.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from casereport.errors import BadInput, Problem
from casereport.readers.courses import AN_ORDER, GIVEN, ORDERED, TAKEN, Course
from casereport.readers.record_values import flag_among
from casereport.readers.records import Feed, Record
from casereport.readers.specimens import of_blood, of_panel, specimen_of
from casereport.readers.study_days import Dated, iso_of_hl7
from casereport.readers.versions import Version, withdrawn
from casereport.readers.wanted import Wanted
from casereport.readers.xml_text import local_name, parsed

_LARGEST = 20 * 2**20
_LOINC, _ATC = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.73"
_RESULTS = ("30954-2", "8716-3")  # results, vital signs
_ADMINISTERED = "29549-3"
_MEDICATIONS = ("10160-0", "10183-2", _ADMINISTERED)  # history of use, at discharge, given in the encounter
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NOT_TAKEN = {
    "cancelled": "cancelled, as its status says", "nullified": "entered in error, as its status says",
    "aborted": "not finished, as its status says", "held": "not yet a result, as its status says",
}  # fmt: skip
_ONESELF = ("ONESELF", "SELF")
_NOT_GIVEN = ("cancelled", "nullified")
_IN_WORDS = "not a number; a result in words is a row of events.csv, of the kind test"
_PERSONS = ("recordTarget", "assignedPerson", "associatedPerson", "relatedPerson", "informationRecipient")
_PERIODS = {"h": "hours", "d": "days", "wk": "weeks", "min": "minutes"}


def is_ccda(head: bytes) -> bool:
    """True for the beginning of a clinical document of HL7."""
    return head.startswith(b"<") and bool(re.search(rb"<(?:\w+:)?ClinicalDocument[\s>]", head))


def read_ccda(path: Path, wanted: Wanted) -> Feed:
    """The records of the patient of a document; raises BadInput for a broken one, or one of several patients."""
    root = parsed(path, _LARGEST)
    targets = _children(root, "recordTarget")
    if len(targets) > 1:
        raise BadInput([Problem(path.name, 0, "recordTarget", "", f"one patient; this document is of {len(targets)}")])
    numbers = {_attribute(one, "extension") for target in targets for one in _all(target, "id")}
    if wanted.patient and wanted.patient not in numbers:
        expected = "nothing, or the number that this document has of its patient"
        raise BadInput([Problem(path.name, 0, "--patient", wanted.patient, expected)])
    return Feed("C-CDA", "C-CDA", _records(root), _people(root))


def _people(root: Element) -> frozenset[str]:
    """The words of the people of a document: names, addresses, telephone numbers and numbers."""
    words: set[str] = set()
    for person in root.iter():
        if local_name(person) not in _PERSONS:
            continue
        texts = [text for part in ("name", "addr") for one in _all(person, part) for text in one.itertext()]
        texts += [_attribute(one, "value") for one in _all(person, "telecom")]
        texts += [_attribute(one, "extension") for one in _all(person, "id")]
        words |= {word.casefold() for text in texts for word in re.findall(r"\w{3,}", text)}
    # the organisations of a patient are called by these, and so are tests
    return frozenset(words - {"and", "the", "tel", "mailto", "health", "hospital", "community", "medical", "center"})


def _records(root: Element) -> Iterator[Record | Course]:
    for section in root.iter():
        if local_name(section) != "section":
            continue
        code = _attribute(_child(section, "code"), "code")
        for entry in _children(section, "entry"):
            if code in _RESULTS:
                yield from _results(entry, _of_another(section))
            elif code in _MEDICATIONS and (given := _child(entry, "substanceAdministration")) is not None:
                course = _course(given, code)
                yield course._replace(refused=course.refused or _of_another(section) or _of_another(given))


class _Within(NamedTuple):
    """What an organizer says of its observations."""

    when: str = ""
    until: str = ""
    specimen: str = ""
    refused: str = ""


def _results(entry: Element, refused: str) -> Iterator[Record]:
    """The observations of an entry, in their order, each with the time and the specimen of its organizer where it has
    none of its own; `refused` is why none of its section is the patient's."""
    stack = [(entry, _Within(refused=refused))]
    while stack:
        element, within = stack.pop()
        name = local_name(element)
        if name in ("organizer", "observation"):
            status = _attribute(_child(element, "statusCode"), "code")
            when, until = _times(_child(element, "effectiveTime"))
            within = _Within(
                when or within.when, until if when else within.until, _specimen(element, within.specimen),
                within.refused or _of_another(element) or _NOT_TAKEN.get(status, "") or _not_meant(element),
            )  # fmt: skip
            if name == "observation":
                yield _result(element, within, 0 if status == "active" else 1)
        stack += [(child, within) for child in reversed(element)]


def _of_another(element: Element) -> str:
    """Why what an element tells is of a relative, a donor or a fetus, who are the subject of it; empty where it is of
    the patient."""
    subject = _child(element, "subject")
    if subject is None or _attribute(_child(_child(subject, "relatedSubject"), "code"), "code") in _ONESELF:
        return ""
    return "about somebody other than the patient"


def _not_meant(element: Element) -> str:
    if _attribute(element, "moodCode") not in ("", "EVN"):
        return "a goal or a plan, and no result"
    return "not done, as its entry says" if _attribute(element, "negationInd") == "true" else ""


def _result(observation: Element, within: _Within, rank: int) -> Record:
    codes, names = _coded(_child(observation, "code"), _LOINC)
    flags = [_attribute(one, "code") for one in _children(observation, "interpretationCode")]
    name = next(iter(names), "")
    record = _ranged(
        observation,
        Record(name, codes=codes, specimen=within.specimen, flag=flag_among(flags), when=within.when,
               until=within.until, rank=rank, ucum=True, refused=within.refused),
    )  # fmt: skip
    ids = ["^".join(_attribute(one, part) for part in ("root", "extension")) for one in _children(observation, "id")]
    if any(ids):  # systems give many results one id, so that only the whole tells whose version it is
        nullified = within.refused == _NOT_TAKEN["nullified"]
        called = "/".join((*ids, name, *codes, within.when))
        voids = withdrawn(within.refused) if nullified else ""
        record = record._replace(version=Version(called, (0, 0, int(nullified), 0), voids))
    values = _children(observation, "value")
    if record.refused or not values or _attribute(values[0], "nullFlavor"):
        return record
    if len(values) > 1:
        return record._replace(refused="several values in one result")
    value, unit, refused = _value(values[0])
    # systems give many results one id, so that only the whole tells a result from its copy
    whole = "/".join((*(_attribute(one, "extension") for one in _children(observation, "id")), name, *codes))
    return record._replace(
        value=value, unit=unit, refused=refused, id=f"{whole}/{within.when}/{value}/{unit}" if value else ""
    )


def _value(value: Element) -> tuple[str, str, str]:
    """The value and unit of a result, or the reason for which it is none."""
    kind = _attribute(value, _TYPE).rpartition(":")[2]
    if kind.startswith("IVL_"):
        return _interval(value)
    if kind == "ST":
        text = (value.text or "").strip()
        is_number = re.fullmatch(r"(?:[<>]=?)?\s*[+-]?\d+(?:\.\d+)?", text)
        return (text, "", "") if is_number else ("", "", _IN_WORDS)
    if kind not in ("PQ", "INT", "REAL", ""):
        return "", "", _IN_WORDS
    return _attribute(value, "value"), _attribute(value, "unit"), ""


def _interval(value: Element) -> tuple[str, str, str]:
    """A value between two limits, or beyond one."""
    if any(_child(value, part) is not None for part in ("center", "width")):
        return "", "", "a range that is told by its middle or its width"
    low, high = _limit(value, "low", ">"), _limit(value, "high", "<")
    units = {unit for limit, unit in (low, high) if limit}
    if len(units) > 1:
        return "", "", "a range of values without both ends in one unit"
    if not (low[0] and high[0]):
        # a limit that is itself within: 5 or more
        limit, sign = (low[0], ">=") if low[0] else (high[0], "<=")
        return limit and (limit if limit[0] in "<>" else sign + limit), "".join(units), ""
    if low[0][0] == ">" or high[0][0] == "<":
        return "", "", "a range of values one end of which lies outside of it"
    return f"{low[0]}..{high[0]}", units.pop(), ""


def _limit(span: Element, end: str, outside: str) -> tuple[str, str]:
    """One limit of a range, with the sign `outside` where it does not belong to it, and its unit."""
    limit = _child(span, end)
    number = "" if _attribute(limit, "nullFlavor") else _attribute(limit, "value")
    sign = outside if number and _attribute(limit, "inclusive") == "false" else ""
    return sign + number, _attribute(limit, "unit")


def _ranged(observation: Element, record: Record) -> Record:
    """The record with its reference range, where there is one: of several, by sex or age, none is chosen."""
    ranges = [r for one in _children(observation, "referenceRange") for r in _children(one, "observationRange")]
    ranges = [r for r in ranges if _attribute(_child(r, "interpretationCode"), "code") in ("", "N")]
    if len(ranges) != 1 or _child(ranges[0], "precondition") is not None:
        return record
    span = _child(ranges[0], "value")
    if span is not None:
        low, high = _limit(span, "low", ">"), _limit(span, "high", "<")
        units = {unit for limit, unit in (low, high) if limit and unit}
        return record._replace(low=low[0], high=high[0], limits_unit=" and ".join(sorted(units)))
    words = _child(ranges[0], "text")
    text = "".join(words.itertext()).strip() if words is not None else ""
    if not re.search(r"\d", text):
        return record
    match = re.fullmatch(r"([<>]?=?\s*[\d.]+(?:\s*(?:-|to)\s*[\d.]+)?)\s*(.*)", text, re.DOTALL)
    return record._replace(limits=match[1] if match else text, limits_unit=match[2].strip() if match else "")


def _specimen(element: Element, within: str) -> str:
    """In what the results of an element were measured: its specimen, else that of the element around it; where neither
    is of blood, what it is called may tell: `Urinalysis`."""
    specimen = _child(element, "specimen")
    own = list(_all(specimen, "code")) if specimen is not None else []
    names = [name for one in own for name in _coded(one, "")[1]]
    names += [(one.text or "").strip() for one in _all(specimen, "name")] if specimen is not None else []
    told = specimen_of((_attribute(one, "code") for one in own), filter(None, names)) or within
    if local_name(element) != "organizer" or of_blood(told):
        return told
    panel = _coded(_child(element, "code"), "")[1]
    return " ".join(filter(None, (told, *map(of_panel, panel))))


def _course(given: Element, section: str) -> Course:
    """A medication: taken, given in the encounter, or only ordered, which its mood tells."""
    material = next(_all(given, "manufacturedMaterial"), None)
    concept = _child(material, "code")
    atc, names = _coded(concept, _ATC)
    called = _child(material, "name")
    names += tuple(filter(None, [(called.text or "").strip() if called is not None else ""]))
    mood, status = _attribute(given, "moodCode"), _attribute(_child(given, "statusCode"), "code")
    rank = ORDERED if mood != "EVN" else GIVEN if section == _ADMINISTERED else TAKEN
    refused = _NOT_TAKEN[status] if status in _NOT_GIVEN else ""
    if _attribute(given, "negationInd") == "true":
        refused = "not given, as its entry says"
    times = _children(given, "effectiveTime")
    spans = [_times(one) for one in times if not _attribute(one, _TYPE).endswith(("PIVL_TS", "EIVL_TS"))]
    start, end = spans[0] if spans else ("", "")
    point = bool(spans) and bool(_attribute(times[0], "value"))
    dose, notes = _child(given, "doseQuantity"), [_how_often(times), AN_ORDER if rank == ORDERED else ""]
    return Course(
        "C-CDA medication", names, atc, _attribute(concept, "code"),
        Dated(start, start if point and rank == GIVEN else end, part=bool(end)),
        dose=_attribute(dose, "value"), dose_unit=_attribute(dose, "unit"),
        route=_attribute(_child(given, "routeCode"), "displayName").lower(), note=" ".join(filter(None, notes)),
        rank=rank, refused=refused,
    )  # fmt: skip


def _how_often(times: list[Element]) -> str:
    period = next((p for one in times if (p := _child(one, "period")) is not None), None)
    number, unit = _attribute(period, "value"), _PERIODS.get(_attribute(period, "unit"))
    if not (number.isdecimal() and unit):
        return ""
    return f"Every {number} {unit}." if number != "1" else f"Every {unit[:-1]}."


def _times(element: Element | None) -> tuple[str, str]:
    """The start and the end of a time in ISO; of a moment only the start."""
    start = iso_of_hl7(_attribute(element, "value") or _limit_of_time(element, "low"))
    return start, iso_of_hl7(_limit_of_time(element, "high"))


def _limit_of_time(element: Element | None, end: str) -> str:
    limit = _child(element, end)
    return "" if _attribute(limit, "nullFlavor") else _attribute(limit, "value")


def _coded(concept: Element | None, system: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of a concept that are of `system`, and its names, those of these codes first."""
    codings = [concept, *_children(concept, "translation")] if concept is not None else []
    own = [one for one in codings if _attribute(one, "codeSystem") == system and _attribute(one, "code")]
    original = _child(concept, "originalText")
    names = [_attribute(one, "displayName") for one in (*own, *codings)]
    names += [(original.text or "").strip() if original is not None else ""]
    return tuple(dict.fromkeys(_attribute(one, "code") for one in own)), tuple(dict.fromkeys(filter(None, names)))


def _child(element: Element | None, name: str) -> Element | None:
    return next(iter(_children(element, name)), None)


def _children(element: Element | None, name: str) -> list[Element]:
    return [one for one in element if local_name(one) == name] if element is not None else []


def _all(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if local_name(one) == name)


def _attribute(element: Element | None, name: str) -> str:
    return (element.get(name) or "").strip() if element is not None else ""
