"""Inputs that a tool for patients' data meets sooner or later: broken, mistaken, and hostile.

Each spoils a valid copy of leng2020 (or makes a workbook beside it) and says what the message has to contain. The
large ones are built here, and nothing of them is kept.
"""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl

from new_book import book_bytes


class Bad(NamedTuple):
    """One input: what spoils the folder (and returns the path to check), and what is said of it."""

    name: str
    spoil: Callable[[Path], Path]
    says: str
    heavy: bool = False


ROW = "-7,crp,2.20,mg/L,,,<3.00,measured,"


def edit(file: str, old: str, new: str) -> Callable[[Path], Path]:
    """A spoiler that replaces the first `old` of a file."""

    def spoil(folder: Path) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return spoil


def cell(old: str, new: str) -> Callable[[Path], Path]:
    """A spoiler of the first row of observations.csv."""
    return edit("observations.csv", ROW, ROW.replace(old, new, 1))


def content(file: str, make: Callable[[bytes], bytes] | bytes) -> Callable[[Path], Path]:
    """A spoiler that makes a file's bytes anew."""

    def spoil(folder: Path) -> Path:
        path = folder / file
        path.write_bytes(make if isinstance(make, bytes) else make(path.read_bytes()))
        return folder

    return spoil


def instead(file: str, make: Callable[[Path], object]) -> Callable[[Path], Path]:
    """A spoiler that puts something else where a file was."""

    def spoil(folder: Path) -> Path:
        (folder / file).unlink(missing_ok=True)
        make(folder / file)
        return folder

    return spoil


def recoded(encoding: str) -> Callable[[Path], Path]:
    """A spoiler that saves events.csv, with a row in two languages, in another encoding."""
    row = "3,sign,發熱 Fi\u00e8vre,,reported,text,\n"
    return content("events.csv", lambda raw: (raw.decode() + row).encode(encoding, "replace"))


def many(row: str, n: int) -> Callable[[bytes], bytes]:
    return lambda raw: raw + "".join(row.format(n=i) for i in range(n)).encode()


def yaml(old: str, new: str) -> Callable[[Path], Path]:
    return edit("case.yaml", old, new)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
SVG = '<!DOCTYPE s [<!ENTITY a "lol">{}]><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'.format(
    "".join(f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
)
DATES = ("2020-01-31", "31.01.2020", "01/31/2020", "31 Jan 2020", "2020年1月31日")

TEXT_FILES = [
    Bad("truncated row", content("events.csv", lambda raw: raw.rstrip()[:-15]), "cells, as in the header"),
    Bad("truncated in quotes", content("observations.csv", lambda raw: raw[: raw.index(b'"Table') + 9]), "CSV table"),
    Bad("empty table", content("observations.csv", b""), "the file is empty"),
    Bad("blank table", content("events.csv", b" \n\n \t\n"), "the file is empty"),
    Bad("missing table", instead("interventions.csv", lambda path: None), "the file is missing"),
    Bad("utf-16", recoded("utf-16"), "not UTF-8"),
    Bad("utf-16 without a mark", recoded("utf-16-le"), "not UTF-8"),
    Bad("utf-32", recoded("utf-32"), "not UTF-8"),
    Bad("gb18030", recoded("gb18030"), "not UTF-8"),
    Bad("big5", recoded("big5"), "not UTF-8"),
    Bad("latin-1", recoded("latin-1"), "not UTF-8"),
    Bad("two byte order marks", content("events.csv", lambda raw: b"\xef\xbb\xbf" * 2 + raw), "unknown column"),
    Bad("a lone surrogate", content("events.csv", lambda raw: raw + b"3,sign,\xed\xa0\x80,,reported,text,\n"), "UTF-8"),
    Bad("nul bytes", content("events.csv", lambda raw: raw.replace(b"Cough", b"Co\0ugh")), "control character"),
    Bad("an escape sequence", content("events.csv", lambda raw: raw.replace(b"Cough", b"\x1b[2J")), "control"),
    Bad("a cell of 10 MB", cell("measured,", "measured," + "x" * 10_000_000), "at most 4 MB", heavy=True),
    Bad("a cell of 1 MB", cell("measured,", "measured," + "x" * 1_000_000), "field larger than", heavy=True),
    Bad("a file of 20 MB", content("observations.csv", lambda raw: raw + b"\n" * 20_000_000), "at most 4 MB"),
    Bad("a hundred thousand events", content("events.csv", many("{n},sign,x{n},,reported,text,\n", 100_005)),
        "at most 20000 rows", heavy=True),
    Bad("a quarter of a million wrong rows", content("events.csv", many("{n},sign\n", 250_000)), "cells, as in",
        heavy=True),
    Bad("nineteen thousand wrong names",
        content("observations.csv", many("1,wrong{n},3,mg/L,,,,measured,t,\n", 19_000)), "unknown analyte", heavy=True),
    Bad("fifty thousand columns", content("events.csv", b"a," * 50_000 + b"b\n"), "at most 100 columns"),
    Bad("semicolons", content("events.csv", lambda raw: raw.replace(b",", b";")), "not semicolons"),
    Bad("tabs", content("events.csv", lambda raw: raw.replace(b",", b"\t")), "not tabs"),
    Bad("an open quote", cell("measured,", 'measured,"'), "CSV table"),
    Bad("swapped columns", edit("observations.csv", "day,analyte,", "analyte,day,"), "a study day"),
    Bad("a column twice", edit("observations.csv", "value,unit", "value,value"), "occurs twice"),
    Bad("an unknown column", edit("observations.csv", "value,unit", "valeu,unit"), "did you mean 'value'"),
    Bad("a page of html", content("events.csv", b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"), "column"),
    Bad("a picture called csv", content("events.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "not UTF-8"),
    *(Bad(f"day {date}", cell("-7", date), "a study day") for date in DATES),
    Bad("a day of digits", cell("-7", "20200131"), "last phase ends"),
    Bad("a spreadsheet's date", cell("-7", "43861"), "last phase ends"),
    Bad("a row twice", content("observations.csv", lambda raw: raw + raw.splitlines(True)[1]), "has it already"),
]  # fmt: skip
VALUES = [
    Bad(f"value {value[:20]}", cell("2.20", value), says)
    for value, says in {
        "1e308": "too large or too small",
        "1e-308": "too large or too small",
        "1e999999999999": "too large or too small",
        "9" * 5000: "too large or too small",
        "-0": "zero with a sign",
        "-2.20": "cannot be negative",
        "<0": "leaves nothing",
        "nan": "is not a value",
        "inf": "is not a value",
        "0x10": "is not a value",
        "1_000": "is not a value",
        "５": "is not a value",
        "٥": "is not a value",
        "5..3": "runs backwards",
        '"2,20"': "likely: 2.20",
        "2.20 mg/L": "is not a value",
        "=1+1": "is not a value",
        "n.d.": "is not a value",
    }.items()
] + [
    Bad("a unit in Chinese", cell("mg/L", "毫克/升"), "a unit of crp: mg/L"),
    Bad("a unit in small letters", cell("mg/L", "mg/l"), "likely: mg/L"),
    Bad("a limit that is a range", cell(",<3.00,", ",0..3,"), "a plain number"),
    Bad("a class of evidence in German", cell("measured", "gemessen"), "one of measured"),
    Bad("an analyte in capitals", cell("crp", "CRP"), "did you mean 'crp'"),
]
CASES = [
    Bad("a bomb of anchors", content("case.yaml", BOMB.encode()), "not an alias"),
    Bad("an alias to itself", content("case.yaml", b"id: &a [*a]\n"), "not an alias"),
    Bad("a python tag", yaml("id: leng2020", "id: !!python/object/apply:os.system [id]"), "not valid YAML"),
    Bad("a tag of a set", yaml("keywords:", "keywords: !!set {a, b}\nother:"), "list"),
    Bad("a repeated key", yaml("status: draft", "status: draft\nstatus: final"), "each key once"),
    Bad("ten thousand brackets", content("case.yaml", b"id: " + b"[" * 10_000), "not valid YAML"),
    Bad("a case of 200 kB", content("case.yaml", lambda raw: raw + b"#" * 200_000), "at most 0.125 MB"),
    Bad("two documents", content("case.yaml", lambda raw: raw + b"\n---\n" + raw), "not valid YAML"),
    Bad("a list", content("case.yaml", b"- id\n- title\n"), "keys and values"),
    Bad("a tab", yaml("\nstatus", "\n\tstatus"), "not valid YAML"),
    Bad("a date as time zero", yaml("time_zero: ", "time_zero: 2020-01-31 #"), "valid string"),
    Bad("a date out of the calendar", yaml("last_day: 15", "last_day: 2020-13-45"), "not valid YAML"),
    Bad("a number as title", yaml("title:", "title: 5 #"), "put it in quotes"),
    Bad("an age in words", yaml("age_years: 65", "age_years: sixty"), "integer"),
    Bad("half a year of age", yaml("age_years: 65", "age_years: 0.5"), "age_months"),
    Bad("two ages", yaml("age_years: 65", "age_years: 1\n  age_months: 14"), "age_years tells the age"),
    Bad("a unit of time that is none", yaml("last_day: 15", "last_day: 15\ntime_unit: weeks"), "'hours'"),
    Bad(
        "two phases of one intervention",
        yaml("consent:", "  - {id: again, label: Again, opened_by: mesenchymal_stem_cells}\nconsent:"),
        "opens msc too",
    ),
    Bad(
        "a phase closed by what was never given",
        yaml(
            "    opened_by: mesenchymal_stem_cells", "    opened_by: mesenchymal_stem_cells\n    closed_by: ribavirin"
        ),
        "gives this intervention",
    ),
    Bad(
        "a phase closed by what never ends",
        yaml(
            "    opened_by: mesenchymal_stem_cells",
            "    opened_by: mesenchymal_stem_cells\n    closed_by: potassium_chloride",
        ),
        "end_day",
    ),
    Bad("an integer of 5000 digits", yaml("age_years: 65", "age_years: " + "9" * 5000), "case.yaml"),
    Bad("an unknown key", yaml("status:", "statsu:"), "did you mean 'status'"),
    Bad("a key that is a list", yaml("status: draft", "? [a, b]\n: c"), "not valid YAML"),
    Bad("no phases", yaml("phases:", "phases: []\nothers:"), "at least 1"),
    Bad("a merge of nothing", yaml("status: draft", "<<: 5"), "not valid YAML"),
]
PROSE = [
    Bad("an unknown section", edit("narrative.md", "# Discussion", "# Conclusion"), "a CARE section"),
    Bad("text before the first section", edit("narrative.md", "# Abstract", "Hello\n# Abstract"), "a `# heading`"),
    Bad("an unknown placeholder", edit("narrative.md", "# Discussion\n", "# Discussion\n\n{{ crp.lst.msc }}\n"),
        "did you mean 'crp.last.msc'"),
    Bad("a heading of half a million blanks", content("narrative.md", b"# " + b" " * 500_000 + b"x\n"),
        "a CARE section", heavy=True),
    Bad("three hundred thousand braces", content("narrative.md", lambda raw: raw + b"{{ " * 150_000 + b"\n{{ }}\n"),
        "unknown placeholder", heavy=True),
    Bad("a hundred thousand headings", content("narrative.md", b"# x\n" * 125_000), "a CARE section", heavy=True),
    # what an address or the name of a hospital may begin with, again and again, and never ends
    Bad("a number of 400 kB", content("narrative.md", b"# x\n\n" + b"9" * 400_000), "a CARE section", heavy=True),
    Bad("capitals without end", content("narrative.md", b"# x\n\n" + b"Aa " * 130_000), "a CARE section", heavy=True),
    Bad("apostrophes without end", content("narrative.md", b"# x\n\n" + b"Aa'" * 99_000), "a CARE section", heavy=True),
]  # fmt: skip
FILES = [
    Bad("a link out of the folder", instead("events.csv", lambda path: path.symlink_to("/etc/passwd")), "leads out"),
    Bad("a link to a device", instead("events.csv", lambda path: path.symlink_to("/dev/zero")), "leads out"),
    Bad("a link to nothing", instead("events.csv", lambda path: path.symlink_to("nothing.csv")), "is missing"),
    Bad("a link to itself", instead("events.csv", lambda path: path.symlink_to("events.csv")), "events.csv"),
    Bad("an optional table that links out", instead("claims.csv", lambda path: path.symlink_to("/etc/passwd")), "out"),
    Bad("another file that links out", instead("letter.txt", lambda path: path.symlink_to("/etc/passwd")), "leads out"),
    Bad("a folder that is a table", instead("events.csv", lambda path: path.mkdir()), "a folder or a device"),
    Bad("a pipe", instead("events.csv", os.mkfifo), "a folder or a device"),
    Bad("a pipe beside", instead("notes.txt", os.mkfifo), "a folder or a device"),
    Bad("a binary file beside", instead("letter.doc", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0")), "searched"),
    Bad("a bomb of entities beside", instead("scan.svg", lambda path: path.write_text(SVG)), "scan.svg"),
    Bad("half a picture beside", instead("scan.png", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n")), "scan.png"),
    Bad("a bomb beside", instead("labs.xlsx", lambda path: bomb(path)), "unpacked", heavy=True),
]


def bomb(path: Path) -> Path:
    """A workbook of which a few kilobytes unpack to a gigabyte."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(250):
                part.write(b"0" * 1_000_000)
    return path


def book(change: Callable[[openpyxl.Workbook], object]) -> Callable[[Path], Path]:
    """A spoiler that makes a new workbook beside the folder, and changes it."""

    def spoil(folder: Path) -> Path:
        path = folder.parent / "book.xlsx"
        made = openpyxl.load_workbook(io.BytesIO(book_bytes("book")))
        change(made)
        made.save(path)
        return path

    return spoil


def parts(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], Path]:
    """A spoiler that makes a new workbook beside the folder, and changes what its archive holds."""

    def spoil(folder: Path) -> Path:
        path = folder.parent / "book.xlsx"
        with zipfile.ZipFile(io.BytesIO(book_bytes("book"))) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        change(held)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in held.items():
                archive.writestr(name, raw)
        return path

    return spoil


def raw(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        path = folder.parent / "book.xlsx"
        path.write_bytes(change(book_bytes("book")))
        return path

    return spoil


def put(sheet: str, place: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(made: openpyxl.Workbook) -> None:
        made[sheet][place] = value

    return change


def _date(made: openpyxl.Workbook) -> None:
    import datetime as dt

    made["observations"]["A2"] = dt.datetime(2020, 1, 31)
    made["observations"]["A2"].number_format = "yyyy-mm-dd"


def _author(made: openpyxl.Workbook) -> None:
    made.properties.creator = "Jane Wang"


def _comment(made: openpyxl.Workbook) -> None:
    from openpyxl.comments import Comment

    made["phases"]["A2"].comment = Comment("Seen by Dr Wang on 23 January 2020", "x")


def _entity(held: dict[str, bytes]) -> None:
    name = "xl/workbook.xml"
    held[name] = b'<!DOCTYPE x [<!ENTITY a "lol">]>' + held[name]


WORKBOOKS = [
    Bad("a bomb", lambda folder: bomb(folder.parent / "bomb.xlsx"), "unpacked", heavy=True),
    Bad("no archive", raw(lambda _: b"id,title\n"), "an Excel workbook"),
    Bad("half an archive", raw(lambda whole: whole[: len(whole) // 2]), "an Excel workbook"),
    Bad("a damaged archive", raw(lambda whole: whole[:3000] + b"\0" * 2000 + whole[5000:]), "an Excel workbook"),
    Bad("an old workbook", raw(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "an Excel workbook"),
    Bad("an empty file", raw(lambda _: b""), "an Excel workbook"),
    Bad("an archive of something else", parts(lambda held: held.pop("xl/workbook.xml")), "an Excel workbook"),
    Bad("a thousand parts", parts(lambda held: held.update({f"x{i}.xml": b"<x/>" for i in range(1000)})), "parts"),
    Bad("an entity", parts(_entity), "document types"),
    Bad("a part in utf-16", parts(lambda h: h.update({"xl/x.xml": "<x/>".encode("utf-16")})), "in UTF-8"),
    Bad("a broken part", parts(lambda h: h.update({"xl/workbook.xml": b"<workbook"})), "Excel workbook"),
    Bad("a picture inside", parts(lambda h: h.update({"xl/media/scan.png": b"x"})), "that shows pictures"),
    Bad("a sheet missing", book(lambda made: made.remove(made["events"])), "the sheet is missing"),
    Bad("a sheet of another name", book(lambda made: made.create_sheet("observation")), "did you mean 'observations'"),
    Bad("a sheet of pictures", book(lambda made: made.create_sheet("pictures")), "shows pictures is a folder"),
    Bad("a formula", book(put("observations", "C2", "=1+1")), "not a formula"),
    Bad("an error", book(put("observations", "C2", "#DIV/0!")), "shows an error"),
    Bad("a cell that is a date", book(_date), "this cell is a date"),
    Bad("a far column", book(put("observations", "XFD2", "x")), "100 columns"),
    Bad("a far row", book(put("observations", "A1048576", "x")), "line 1048576", heavy=True),
    Bad("a key twice", book(lambda made: made["case"].append(("title", "A case report"))), "each key once"),
    Bad("a phase opened by nothing given", book(lambda made: made["phases"].append(("a", "A", "oxygen"))), "phases"),
    Bad("an author", book(_author), "docProps/core.xml"),
    Bad("a comment with a name", book(_comment), "comment"),
]
INPUTS = [*TEXT_FILES, *VALUES, *CASES, *PROSE, *FILES, *WORKBOOKS]


def everything(folder: Path) -> dict[str, tuple]:
    """What lies in a folder: kind, size and time of change of each thing."""
    return {str(p): (p.is_dir(), p.lstat().st_size, p.lstat().st_mtime_ns) for p in sorted(folder.rglob("*"))}
