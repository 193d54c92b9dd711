"""What a file is, told by what is in it and not by the ending of its name."""

import json
import re
from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.readers.ccda import is_ccda, read_ccda
from casereport.readers.fhir import LONGEST_LINE, read_fhir
from casereport.readers.grids import read_cells
from casereport.readers.hl7v2 import read_hl7
from casereport.readers.jats import is_jats, read_jats
from casereport.readers.long_list import find_long_list, read_long_list
from casereport.readers.omop import CONCEPTS, is_measurements, read_omop
from casereport.readers.records import Feed
from casereport.readers.redcap import is_dictionary, is_redcap, read_redcap
from casereport.readers.sdtm import is_sdtm, read_sdtm
from casereport.readers.wanted import Wanted

_LOOKED_AT = 2**16
_MARKS = b"\xef\xbb\xbf"


def recognised(path: Path, sheet: str, wanted: Wanted) -> Feed | None:
    """The results of a file that holds them one by one, and None for any other, such as a table as it is printed.

    Raises BadInput for a file of a kind that is known and cannot be read.
    """
    if path.is_dir():
        return read_omop(path, wanted)
    if not path.exists():
        raise BadInput([Problem(path.name, 0, "", "", "the file is missing")])
    if not path.is_file():  # to open a pipe is to wait for who writes it
        raise BadInput([Problem(path.name, 0, "", "", "a file; this is a pipe or a device")])
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT).removeprefix(_MARKS).lstrip()
    except OSError:
        return None  # the reader of tables says what is wrong
    if _is_utf16(head):
        expected = "a text in UTF-8; this one is in UTF-16: save it again as UTF-8"
        raise BadInput([Problem(path.name, 0, "", "", expected)])
    if head.startswith(b"HEADER RECORD*******"):
        return read_sdtm(path, wanted)
    if head.lstrip(b"\x0b").startswith((b"MSH", b"FHS", b"BHS")):
        return read_hl7(path, wanted)
    if head.startswith((b"{", b"[")):
        return _of_json(path, head, wanted)
    if is_ccda(head):
        return read_ccda(path, wanted)
    if is_jats(head):
        printed, _ = read_jats(path, wanted.table)
        found = find_long_list(printed.rows)
        return read_long_list(printed, found, path.name, wanted) if found else None
    if wanted.table:
        raise BadInput([Problem(path.name, 0, "--table", wanted.table, "nothing: this file is no article in JATS")])
    if head.startswith(b"<") and not path.name.lower().endswith((".csv", ".tsv", ".txt")):
        fhir = b"hl7.org/fhir" in head
        expected = "FHIR as JSON or NDJSON; its XML is not read" if fhir else "no XML but JATS and C-CDA"
        raise BadInput([Problem(path.name, 0, "", "", expected)])
    if not head.startswith(b"PK"):
        names = [name.strip(' "') for name in re.split("[,;\t]", _first_line(head))]
        if is_dictionary(names):
            expected = "the export of REDCap that this data dictionary lies beside"
            raise BadInput([Problem(path.name, 0, "", "", expected)])
        if path.name.lower().endswith(".csv") and is_redcap(path, names):
            return read_redcap(path, wanted)
        first = [name.upper() for name in names]
        if is_sdtm(first):
            return read_sdtm(path, wanted)
        if is_measurements(first):
            return read_omop(path, wanted)
        if CONCEPTS in first:
            expected = "the folder of this table, or its measurement.csv: a table of concepts has no results"
            raise BadInput([Problem(path.name, 0, "", "", expected)])
    if not path.name.lower().endswith((".csv", ".tsv", ".txt", ".xlsx")):
        return None
    printed = read_cells(path, sheet)
    found = find_long_list(printed.rows)
    return read_long_list(printed, found, path.name, wanted) if found else None


def _is_utf16(head: bytes) -> bool:
    """True for JSON, XML or HL7 in UTF-16; the reader of tables says that of a table."""
    if head[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in head[:2]:
        return False
    text = head[:64].replace(b"\0", b"").lstrip(b"\xff\xfe\x0b \r\n\t")
    return text.startswith((b"{", b"[", b"<", b"MSH", b"FHS", b"BHS"))


def _of_json(path: Path, head: bytes, wanted: Wanted) -> Feed:
    text = head.decode("utf-8", errors="replace")
    if re.search(r'"datasetJSONVersion"|"itemGroupOID"|"clinicalData"', text):
        return read_sdtm(path, wanted)
    if '"resourceType"' not in text:
        raise BadInput([Problem(path.name, 0, "", "", "JSON of FHIR R4 (resourceType) or a Dataset-JSON of SDTM")])
    return read_fhir(path, wanted, _a_resource_a_line(path))


def _a_resource_a_line(path: Path) -> bool:
    """True where the first line is a JSON of its own and something follows."""
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE + 1).removeprefix(_MARKS)
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return False
        return bool(file.read(_LOOKED_AT).strip())


def is_article(path: Path) -> bool:
    """True for an article in JATS."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return is_jats(file.read(_LOOKED_AT).removeprefix(_MARKS).lstrip())


def _first_line(head: bytes) -> str:
    return head.partition(b"\n")[0].decode("utf-8", errors="replace").rstrip("\r")
