"""Whose the resources of a FHIR file are: its Patients, what each is called by, and what others call their subject.

A subject is called by the address of a Patient, by an identifier, or described by a Patient that its own resource
contains; the three are never taken for one another. Nor is the same id on two servers, or the same number of two
systems: one without its server or system is that of the only one of the file.
"""

import json
import re
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.readers.fhir_json import Resource, list_of, part_of, tail, text_of, texts_of
from casereport.readers.wanted import several

# `the`, `home` and `MR` are in every address and no secret
_COMMON = {
    "official", "usual", "home", "work", "phone", "email", "number", "social", "security", "medical", "record",
    "http", "https", "org", "com", "www", "hl7", "fhir", "terminology", "the", "and", "for", "health", "mobile", "old",
    "temp", "use", "codesystem", "sid", "system",
}  # fmt: skip
_ON_SERVER = re.compile(r"(https?://.+)/([A-Z]\w+)/([^/]+)")


class Called(NamedTuple):
    """What somebody is called by, in one of three `ways`: the address of a Patient, an identifier or a description;
    `within` is the server of the address or the system of the identifier, empty where it is not told."""

    way: str
    text: str
    within: str = ""


class Patients:
    """The patients of a file, as its resources tell of them one after the other."""

    def __init__(self) -> None:
        self._patients: dict[tuple[Called, ...], None] = {}
        self._subjects: dict[Called, None] = {}
        self._within: dict[tuple[str, str], set[str]] = {}
        self._words: set[str] = set()

    def add_patient(self, patient: Resource) -> None:
        """Takes in a Patient, whose words are shown to nobody."""
        names = [_address(text) for key in ("id", "fullUrl") if (text := text_of(patient, key))]
        if len({name.text for name in names}) < len(names):
            names = names[1:]  # the address has the id, and says of which server
        names += _identifiers(patient)
        self._see(names)
        self._patients[tuple(names)] = None
        self._hide(patient)

    def add_subject(self, resource: Resource) -> None:
        """Takes in whose a result or a treatment is."""
        if subject := _subject_of(resource):
            self._see([subject])
            self._subjects[subject] = None
            self._hide(_inside(resource))

    def _see(self, names: list[Called]) -> None:
        for name in names:
            self._within.setdefault((name.way, name.text), set()).update({name.within} - {""})

    def _hide(self, patient: Resource) -> None:
        for part in ("name", "address", "telecom", "identifier", "contact"):
            for text in texts_of(patient.get(part)):
                self._words |= {word.casefold() for word in re.findall(r"\w+", text)}

    @property
    def words(self) -> frozenset[str]:
        """The words of the patients."""
        return frozenset(word for word in self._words - _COMMON if len(word) > 2)

    def chosen(self, name: str, asked: str) -> "Chosen":
        """The one patient, where there is one, or one is `asked` for by id, address or identifier.

        Raises BadInput, with the `name` of the file, for several, for nobody, and for a number of several.
        """
        known = self._known()
        own = [one for one, names in known.items() if not asked or self._is_asked(asked, one, names)]
        if len(own) > 1 and not asked:
            raise several(name, own)
        if asked and len(own) != 1:
            expected = "a patient of this file, by id or identifier" if known else "nothing: this file names no patient"
            if own:
                expected = f"one patient; it is an id or identifier of several ({', '.join(own)}): say Patient/ID"
            raise BadInput([Problem(name, 0, "--patient", asked, expected)])
        return Chosen(self, own[0] if own else None, known)

    def _known(self) -> dict[str, set[Called]]:
        """The patients of the file by what they are shown as, each with all that they are called by; where there is no
        Patient, the subjects."""
        found: dict[str, set[Called]] = {}
        for names in self._patients or sorted((subject,) for subject in self._subjects):
            whole = [self.whole(name) for name in names]
            first = next((name for name in whole if name.way == "address" or not self._patients), None)
            shown = _shown(first) if first else ""
            found.setdefault(shown or f"patient {len(found) + 1}", set()).update(whole)
        return found

    def whole(self, called: Called) -> Called:
        """The same with the server or system of the only one of the file that has this text, which is left off where
        no other has it."""
        within = self._within.get((called.way, called.text), set())
        return called._replace(within="") if within <= {called.within or next(iter(within), "")} else called

    def _is_asked(self, asked: str, shown: str, names: set[Called]) -> bool:
        by_address = self.whole(_address(asked, "")) in names
        return asked == shown or by_address or any(n.way == "identifier" and n.text == asked for n in names)


class Chosen:
    """The patient whose records are taken, by what each resource says of its subject."""

    def __init__(self, patients: Patients, own: str | None, known: dict[str, set[Called]]) -> None:
        self._patients, self._own = patients, own
        self._owners: dict[Called, list[str]] = {}
        for one, names in known.items():
            for name in names:
                self._owners.setdefault(name, []).append(one)

    def why_not(self, resource: Resource) -> str:
        """Why a resource is not of the patient; empty where it is, or where the file names nobody at all."""
        if self._own is None:
            return ""
        subject = _subject_of(resource)
        if subject is None:
            return "it names no subject"
        owners = self._owners.get(self._patients.whole(subject), [])
        if owners == [self._own]:
            return ""
        if len(owners) > 1:
            return "its subject may be one of several patients of this file"
        return OF_ANOTHER if owners else "its subject is no patient of this file"


OF_ANOTHER = "of another patient"


def _subject_of(resource: Resource) -> Called | None:
    """What the subject of a resource is called by; None where it names nobody."""
    subject = part_of(resource, "subject")
    reference = text_of(subject, "reference")
    if inside := _inside(resource):
        # a resource numbers what it contains by itself: `#p` is somebody else in the next
        own = {part: inside[part] for part in ("name", "birthDate", "gender") if part in inside}
        described = Called("description", json.dumps(own, sort_keys=True))
        return next(iter(_identifiers(inside)), described if own else _address(reference))
    if reference:
        server = match[1] if (match := _ON_SERVER.fullmatch(text_of(resource, "fullUrl"))) else ""
        return _address(reference, server)
    return next(iter(_identifiers({"identifier": [subject.get("identifier")]})), None)


def _inside(resource: Resource) -> Resource:
    """The Patient that a resource contains as its subject; empty for none."""
    reference = text_of(part_of(resource, "subject"), "reference")
    found = (one for one in list_of(resource, "contained") if f"#{text_of(one, 'id')}" == reference)
    return next(found, {})


def _identifiers(patient: Resource) -> list[Called]:
    numbers = list_of(patient, "identifier")
    return [Called("identifier", text, text_of(one, "system")) for one in numbers if (text := text_of(one, "value"))]


def _address(reference: str, server: str = "") -> Called:
    """The address of a Patient: its id, and the server where one is told. A Device or a Group, which may have the id of
    a patient, keeps its kind."""
    reference = reference.partition("/_history/")[0]
    if match := _ON_SERVER.fullmatch(reference):
        return Called("address", match[3], match[1]) if match[2] == "Patient" else Called("address", reference)
    if re.fullmatch(r"[A-Z]\w+/.+", reference):
        kind, _, own = reference.partition("/")
        return Called("address", own if kind == "Patient" else reference, server)
    return Called("address", tail(reference))


def _shown(called: Called) -> str:
    """What somebody is shown as and may be asked for by; empty for a description, which may tell who it is."""
    if called.way == "description":
        return ""
    if not called.within:
        return called.text
    return f"{called.within}/Patient/{called.text}" if called.way == "address" else f"{called.within}|{called.text}"
