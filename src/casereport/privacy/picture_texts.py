"""What the file of a picture says beside what is seen of it: the texts of a drawing, and the metadata of a photograph.

A report has the pixels of a photograph alone, but its file goes where the folder of the case goes. What a person, a
scanner or a program has written there is searched like any text. Entries that tell by themselves the day, the place or
who took the picture are given with the kind of identifier that they are, whatever they say.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from casereport.case.pictures import FORMATS, MOST_PIXELS
from casereport.privacy import svg_texts

if TYPE_CHECKING:
    from PIL import Image, ImageFile


class Entry(NamedTuple):
    """A text, what holds it, and the kind of identifier that it is whatever it says; an empty one is to be searched."""

    holder: str
    text: str
    kind: str = ""


# What a drawing says about itself, personal whatever it is.
_PERSONAL = {"name": "artist author creator rights copyright", "place": "city location"}
# Of a photograph besides: who took it, where, and on which day. When the file was saved is no day of the patient.
_TAKEN = {
    "name": "xpauthor cameraownername ownername byline writereditor credit profilecopyright",
    "place": "gpsinfo gpslatitude gpslongitude gpsareainformation sublocation",
    "date": "datetimeoriginal datetimedigitized createdate datecreated digitalcreationdate creationtime gpsdatestamp",
}
_OF_DRAWING = {entry: kind for kind, entries in _PERSONAL.items() for entry in entries.split()}
_OF_PICTURE = _OF_DRAWING | {entry: kind for kind, entries in _TAKEN.items() for entry in entries.split()}
# What such an entry may say: the program that drew it, or a licence.
_IMPERSONAL = re.compile(
    r"Matplotlib |Inkscape |Adobe (?:Illustrator|Photoshop) |GIMP |ImageMagick "
    r"|CC[ -]BY|Creative Commons|Public domain",
    re.I,
)
_VOCABULARY = ("http://www.w3.org/", "http://purl.org/", "http://ns.adobe.com/", "http://creativecommons.org/")
# Of the camera, the program and the file, numbers mostly: none is about who is seen.
_TECHNICAL = re.compile(
    r"make|model|software|hostcomputer|processingsoftware|creatortool|softwareagent|toolkit|xmptk|makernote|maker"
    r"|datetime|modifydate|metadatadate|date(?:create|modify|timestamp)|when|.*id|.*version|.*serialnumber|lens.*"
    r"|offsettime.*|subsec.*|gps(?!info|latitude|longitude|areainformation|datestamp).*|.*profile(?:name)?|format|about"
    r"|componentsconfiguration|cfapattern|filesource|scenetype|printimagematching|preview.*|time.*|exif|xmlcomadobexmp"
)
_DAY = re.compile(r"[12]\d{3}\D?\d\d\D?\d\d")
_IPTC = {80: "byline", 110: "credit", 122: "writer-editor", 90: "city", 92: "sublocation", 55: "date created",
         62: "digital creation date", 116: "copyright"}  # fmt: skip
_OF_IPTC_PROGRAM = frozenset({0, 3, 8, 10, 60, 63, 65, 70, 75})
_HEX = re.compile(r"[0-9a-fA-F\s]+")


def of_drawing(raw: bytes) -> Iterator[Entry]:
    """The texts of an SVG, and what is beside them; raises ValueError where it cannot be searched."""
    for holder, text in svg_texts.texts(raw):
        if not (_IMPERSONAL.match(text) or text.startswith(_VOCABULARY)):
            yield Entry(holder, text.strip(), _OF_DRAWING.get(holder.lower(), ""))


def of_picture(raw: bytes) -> Iterator[Entry]:
    """The texts in the metadata of a picture (EXIF, XMP, IPTC, comments), each once; raises ValueError where its file
    cannot be read.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                found = dict.fromkeys([*_exif(image), *_iptc(image), *_beside(image)])
    except Exception as error:  # a damaged picture makes its reader fail anywhere
        expected = f"a picture that can be read with its metadata ({type(error).__name__}); save it again without them"
        raise ValueError(expected) from None
    for holder, said in found:
        text, entry = " ".join(said.replace("\0", " ").split()), re.sub(r"[\W_]", "", holder).lower()
        if not text or _TECHNICAL.fullmatch(entry) or _IMPERSONAL.match(text) or text.startswith(_VOCABULARY):
            continue
        kind = _OF_PICTURE.get(entry, "")
        if kind == "date":
            if not (day := _DAY.match(text)):
                continue  # 0000:00:00, of a camera whose clock was never set
            text = day[0]
        yield Entry(holder, text, kind)


_Said = Iterator[tuple[str, str]]


def _exif(image: "Image.Image") -> _Said:
    from PIL import ExifTags

    exif = image.getexif()
    parts = [exif, exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.IFD1)]
    for tag, value in [item for part in parts for item in part.items()]:
        name = ExifTags.TAGS.get(tag, f"EXIF {tag}")
        yield name, _text(value, "utf-16-le" if name.startswith("XP") else "utf-8")
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    for tag in (ExifTags.GPS.GPSAreaInformation, ExifTags.GPS.GPSDateStamp):
        yield ExifTags.GPSTAGS[tag], _text(position.get(tag, ""), "utf-8")
    ends = [(position.get(ref, ""), position.get(tag)) for ref, tag in ((1, 2), (3, 4))]
    if all(angle and "nan" not in _degrees(angle) for _, angle in ends):  # 0/0, where nothing was received
        yield "GPSInfo", ", ".join(f"{_degrees(angle)} {_text(ref, 'utf-8')}".strip() for ref, angle in ends)


def _degrees(angle: Any) -> str:
    parts = list(angle) if isinstance(angle, tuple) else [angle]
    return f"{sum(float(part) / 60**i for i, part in enumerate(parts)):.4f}"


def _text(value: object, encoding: str) -> str:
    """A text as it was written: EXIF says it in bytes of several encodings; empty for a number and for what is none."""
    if isinstance(value, str):
        with suppress(UnicodeError):
            return value.encode("latin-1").decode("utf-8")
        return value
    if not isinstance(value, bytes):
        return ""
    if value.startswith(b"UNICODE\0"):
        value = value[8:]
        encoding = "utf-16-le" if value[1:2] == b"\0" else "utf-16-be"
    try:
        text = value.removeprefix(b"ASCII\0\0\0").decode(encoding)
    except UnicodeError:
        return ""
    return text if text.strip("\0").replace("\n", "").replace("\r", "").isprintable() else ""


def _iptc(image: "ImageFile.ImageFile") -> _Said:
    from PIL import IptcImagePlugin

    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}
    except (OSError, SyntaxError):  # of which no entry can be told from the next: its text as it stands
        if not (raw := image.info.get("photoshop", {}).get(0x0404)):
            raise
        yield "IPTC", _decoded(raw)
        return
    for (record, number), value in found.items():
        if record == 2 and number not in _OF_IPTC_PROGRAM:
            for raw in value if isinstance(value, list) else [value]:
                yield _IPTC.get(number, f"IPTC {number}"), _decoded(raw)


def _beside(image: "Image.Image") -> _Said:
    """Comments, the texts of a PNG, and XMP."""
    for name, raw in getattr(image, "applist", []):
        if name == "COM":
            yield "comment", _decoded(raw)
    if (comment := image.info.get("comment")) is not None:
        yield "comment", _decoded(comment)
    for name, text in getattr(image, "text", {}).items():
        if not name.startswith("Raw profile type"):
            yield name, str(text)
        elif (profile := _profile(str(text))) is not None:
            yield from _xmp(profile)
    if packet := image.info.get("xmp"):
        yield from _xmp(packet if isinstance(packet, bytes) else str(packet).encode())


def _profile(text: str) -> bytes | None:
    """The XMP that ImageMagick has put into a PNG as digits behind its name and length."""
    digits = text.split(None, 2)[-1]
    raw = bytes.fromhex("".join(digits.split())) if _HEX.fullmatch(digits) else b""
    begin = raw.find(b"<x:xmpmeta")
    return raw[begin:] if begin >= 0 else None


def _xmp(packet: bytes) -> _Said:
    try:
        yield from svg_texts.texts(packet.strip(b"\0 \r\n\t"))
    except ValueError:  # no XML that can be read: its text as it stands
        yield "XMP", _decoded(packet)


def _decoded(raw: bytes | str) -> str:
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("latin-1")
