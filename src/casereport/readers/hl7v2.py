"""HL7 v2 result messages (ORU^R01): the OBX segments of one patient, in one message or several of a file.

Segments are split at the separators that MSH names. PID is read to tell patients apart, and its words are hidden from
every account; NTE, the observers and the names of hospitals are not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import read_bytes
from casereport.readers.hl7_patients import chosen_of, patients_of, person_of
from casereport.readers.hl7_segments import Marks, field, plain
from casereport.readers.record_values import flag_among
from casereport.readers.records import Feed, Record
from casereport.readers.specimens import elsewhere, of_blood, of_panel, specimen_of
from casereport.readers.study_days import iso_of_hl7
from casereport.readers.versions import Version, withdrawn
from casereport.readers.wanted import Wanted

_LARGEST = 50 * 2**20
_NOT_A_RESULT = {
    "D": "deleted, as its status says", "W": "wrong, as its status says", "X": "no result, as its status says",
    "I": "not yet a result, as its status says", "O": "an order without a result, as its status says",
    "N": "not asked for, as its status says",
}  # fmt: skip
_WITHDRAWN = ("D", "W", "X")
_RANKS = {"P": 0, "R": 0, "S": 0, "C": 2}
_TEXTS = ("ST", "TX", "FT")  # of any of which a number may be the whole
_IN_WORDS = "not a number; a result in words is a row of events.csv, of the kind test"


class _Message(NamedTuple):
    """A message, or of one about several patients what stands under one PID; `control` is the number of the message,
    `sent` its time as a number, 0 where it has none."""

    marks: Marks
    control: str
    sent: float
    segments: list[list[str]]


def read_hl7(path: Path, wanted: Wanted) -> Feed:
    """The results of one patient; raises BadInput for a broken file, or several patients where none is chosen."""
    raw = read_bytes(path, path.name, _LARGEST)
    text = raw.decode("utf-8-sig", errors="strict") if _is_utf8(raw) else raw.decode("latin-1")
    messages = [part for message in _messages(text, path.name) for part in _by_patient(message)]
    people: set[str] = set()
    for message in messages:
        for segment in message.segments:
            if segment[0] in ("PID", "NK1"):
                people |= {w.casefold() for cell in segment[1:] for w in re.findall(r"[^\W\d_]{3,}|\d{4,}", cell)}
    persons = [person_of(message.segments, message.marks) for message in messages]
    whose = patients_of(persons)
    chosen = chosen_of(persons, whose, path.name, wanted.patient)
    return Feed("HL7 v2", "HL7 v2 OBX", _results(messages, whose, chosen), frozenset(people - {"and", "the"}))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _messages(text: str, name: str) -> Iterator[_Message]:
    """The messages of a file, each from its MSH on; headers and trailers of a batch are not among them."""
    marks, segments = Marks(), list[list[str]]()
    for number, line in enumerate(re.split(r"[\r\n\x0b\x1c]+", text), start=1):
        line = line.strip("\ufeff \t")
        if line.startswith("MSH"):
            if segments:
                yield _message(marks, segments)
            if len(line) < 8:
                raise BadInput([Problem(name, number, "MSH", "", "a header with its separators, such as MSH|^~\\&|")])
            marks = Marks(*line[3:8]) if line[7] != line[3] else Marks(*line[3:7])
            segments = [line.split(marks.field)]
        elif segments and line:
            segments.append(line.split(marks.field))
    if segments:
        yield _message(marks, segments)


def _message(marks: Marks, segments: list[list[str]]) -> _Message:
    sent = re.match(r"\d{1,14}", field(segments[0], 6))  # MSH-7, for MSH-1 is the separator itself
    return _Message(marks, field(segments[0], 9), float(sent[0].ljust(14, "0")) if sent else 0, segments)


def _by_patient(message: _Message) -> Iterator[_Message]:
    """The parts of a message, one for each PID: a message may report the results of several patients."""
    starts = [i for i, segment in enumerate(message.segments) if segment[0] == "PID"][1:]
    for start, end in zip([0, *starts], [*starts, len(message.segments)], strict=True):
        yield message._replace(segments=message.segments[start:end])


class _Order(NamedTuple):
    """An OBR with the OBX of its results and the SPM of its specimens."""

    request: list[str]
    results: list[list[str]]
    specimens: list[list[str]]


def _orders(segments: list[list[str]]) -> Iterator[_Order]:
    """The orders of a message. An SPM stands behind the results of its order, and in some messages before the order."""
    order, ahead = _Order([], [], []), list[list[str]]()
    for segment in segments:
        if segment[0] == "OBR":
            yield order
            order = _Order(segment, [], list(ahead))
        elif segment[0] == "OBX":
            order.results.append(segment)
        elif segment[0] == "SPM" and (ahead or not order.request):
            ahead = [segment]
        elif segment[0] == "SPM":
            order.specimens.append(segment)
    yield order


def _specimen(order: _Order, marks: Marks) -> tuple[str, str]:
    """In what the results of an order were measured: SPM-4, else OBR-15; where neither tells of blood, what was ordered
    may tell (OBR-4). And why a bare name cannot be read, where the specimens are of several kinds."""
    parts = [field(one, 4).split(marks.component) for one in order.specimens]
    if not any(filter(None, (part for one in parts for part in one))):
        parts = [field(order.request, 15).split(marks.component)[0].split(marks.part)]
    told = [specimen_of((plain(p, marks) for p in one[0:4:3]), (plain(p, marks) for p in one[1:5:3])) for one in parts]
    told = [text or plain(one[0], marks) for text, one in zip(told, parts, strict=True)]
    if len({elsewhere(text) for text in told}) > 1:
        return "", "measured in one of several specimens of its order, and no code says in which"
    if of_blood(" ".join(told)):
        return told[0], ""
    ordered = (plain(part, marks) for part in field(order.request, 4).split(marks.component)[1:5:3])
    return " ".join(filter(None, (*dict.fromkeys(told), *map(of_panel, ordered)))), ""


def _results(messages: list[_Message], whose: list[str], chosen: str) -> Iterator[Record]:
    n = 0
    for (marks, control, sent, segments), patient in zip(messages, whose, strict=True):
        if patient != chosen:
            name = "results of other patients" if patient else "a message without a patient"
            yield from (Record(name, refused="of another patient") for segment in segments if segment[0] == "OBX")
            continue
        for order in _orders(segments):
            specimen, refused = _specimen(order, marks)
            for segment in order.results:
                record = _result(segment, order.request, marks)
                number = field(order.request, 3) or field(order.request, 2)
                # the same result again has nothing that differs, in the same order or the same message
                own = (number or control, *(field(order.request, i) for i in (2, 3, 4, 7)), *segment)
                n, what = n + 1, "/".join(record.codes) or record.name
                version = Version("/".join((number, what, field(segment, 4), record.when)), (sent, 0, 0, n))
                if (status := field(segment, 11)) in _WITHDRAWN:
                    version = version._replace(voids=withdrawn(_NOT_A_RESULT[status]))
                yield record._replace(
                    id="\r".join(own) if number or control else "", specimen=specimen, version=version,
                    refused=record.refused or (refused if not record.codes else ""),
                )  # fmt: skip


def _result(segment: list[str], order: list[str], marks: Marks) -> Record:
    """The record of an OBX: type in 2, code in 3, value in 5, unit in 6, range in 7, flag in 8, status in 11, time in
    14, or else the time of the sample in OBR-7."""
    coded = [plain(part, marks) for part in field(segment, 3).split(marks.component)]
    # two triplets: a code, its text and its system, and the same of another system
    triplets = [[*coded[i : i + 3], "", "", ""][:3] for i in (0, 3)]
    codes = tuple(code for code, _, system in triplets if system.upper() in ("LN", "LOINC") and code)
    name = next((text for _, text, _ in triplets if text), "")
    unit = [plain(part, marks) for part in field(segment, 6).split(marks.component)]
    status = field(segment, 11)
    flags = [plain(one.split(marks.component)[0], marks) for one in field(segment, 8).split(marks.repeat)]
    value, refused = _value(segment, marks)
    return Record(
        name, value, unit[0], codes, flag=flag_among(flags), limits=_limits(plain(field(segment, 7), marks)),
        when=iso_of_hl7(field(segment, 14)) or iso_of_hl7(field(order, 7)), rank=_RANKS.get(status, 1),
        refused=_NOT_A_RESULT.get(status, "") or refused,
        ucum=len(unit) > 2 and unit[2].upper() == "UCUM",
    )  # fmt: skip


def _value(segment: list[str], marks: Marks) -> tuple[str, str]:
    """The value of an OBX, or the reason for which it is none. SN has a sign, a number, a mark and a second number."""
    text = field(segment, 5)
    if not text or text == '""':
        return "", ""
    if marks.repeat in text:
        return "", "several values in one field"
    kind = field(segment, 2)
    text = plain(text, marks) if kind in ("NM", *_TEXTS) else text
    # laboratories send `<0.5`, and many a plain number, as a text
    if kind == "NM" or (kind in _TEXTS and re.fullmatch(r"(?:[<>]=?)?\s*[+-]?\d+(?:\.\d+)?", text)):
        return text, ""
    if kind != "SN":
        return "", _IN_WORDS
    sign, low, mark, high = ([plain(part, marks).strip() for part in text.split(marks.component)] + [""] * 4)[:4]
    if mark == "-" and low and high:
        return f"{low}..{high}", ""
    if mark or high:
        return "", "a ratio or a titre, which is no single number"
    if sign not in ("", "=", "<", ">", "<=", ">="):
        return "", "a comparator other than <, <=, >= and >"
    return sign.lstrip("=") + low, ""


def _limits(text: str) -> str:
    """A range without the words that some systems write around it."""
    return re.sub(r"^(>=?|<=?)\s*(?:or\s*=?\s*)?", r"\1", text.strip())
