"""What a picture file says besides its picture: who made it, when, where and with which device.

Cameras and scanners write names, dates, places and serial numbers into EXIF, XMP, IPTC and PNG text, where nobody sees
them. Only what is written is read; a face or a name plate in the picture itself is not recognised.
"""

import base64
import binascii
import re
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".gif", ".webp", ".bmp", ".svg"})

Field = tuple[str, str]
"""The name of an entry of the metadata, and its text."""

_PNG = b"\x89PNG\r\n\x1a\n"
_IPTC = {(2, 55): "DateCreated", (2, 80): "By-line", (2, 90): "City", (2, 92): "Sub-location", (2, 116): "Copyright"}
# What a drawing is made of: numbers and names of the drawing program, no words about a patient.
_DRAWING = frozenset(
    name
    for line in (
        "class clip-path cx cy d dx dy fill font-size gradientTransform height id mask offset patternTransform",
        "points r rotate rx ry stroke stroke-dasharray style textLength transform version viewBox",
        "width x x1 x2 y y1 y2",
    )
    for name in line.split()
)
_UNREADABLE = (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error)


def metadata(path: Path) -> list[Field]:
    """The texts in the metadata of a picture, and for SVG all its texts; raises ValueError where it cannot be read."""
    from PIL import Image

    data = path.read_bytes()
    try:
        return list(dict.fromkeys(_xml(data))) if path.suffix.lower() == ".svg" else _raster(data)
    except Image.DecompressionBombError as error:
        raise ValueError(f"too large a picture: {error}") from None
    except expat.ExpatError as error:
        raise ValueError(f"XML that cannot be read: {error}") from None
    except _UNREADABLE as error:
        raise ValueError(f"no readable picture: {error}") from None


def _raster(data: bytes) -> list[Field]:
    from PIL import Image, IptcImagePlugin

    fields = list(_png_time(data)) if data.startswith(_PNG) else []
    with Image.open(BytesIO(data)) as image:
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            fields += _exif(image)  # this reads a PNG to its end, and so the text that follows the picture
        for name, value in image.info.items():
            if name in ("xmp", "XML:com.adobe.xmp") and isinstance(value, (bytes, str)):
                fields += _xml(value if isinstance(value, bytes) else value.encode())
            elif isinstance(value, (bytes, str)) and not str(name).startswith(("exif", "icc_profile", "Raw profile")):
                fields.append((str(name), _readable(value)))
        for key, value in (IptcImagePlugin.getiptcinfo(image) or {}).items():
            for one in value if isinstance(value, list) else [value]:
                fields.append((_IPTC.get(key, "IPTC"), _readable(one)))
        for marker, segment in getattr(image, "applist", []):
            if marker != "COM" and not segment.startswith(
                (b"ICC_PROFILE", b"Exif", b"http://ns.adobe.com", b"Photoshop", b"JFIF")
            ):
                fields.append((marker, _readable(segment)))
    return list(dict.fromkeys((name, text) for name, text in fields if text.strip()))


def _exif(image: "Image.Image") -> Iterator[Field]:
    from PIL.ExifTags import IFD, TAGS

    exif = image.getexif()
    yield from _tags(exif, TAGS)
    for ifd in (IFD.Exif, IFD.Interop):
        yield from _tags(exif.get_ifd(ifd), TAGS)
    if exif.get_ifd(IFD.GPSInfo):
        yield "GPSInfo", "a position on the earth"


def _tags(tags: Mapping[int, object], names: Mapping[int, str]) -> Iterator[Field]:
    for tag, value in tags.items():
        if tag == 700 and isinstance(value, bytes):  # XMP in TIFF
            yield from _xml(value)
        elif isinstance(value, (bytes, str)) and tag not in (34675, 34377, 33723):  # ICC profile, Photoshop, IPTC
            yield names.get(tag, f"tag {tag}"), _readable(value)


def _png_time(data: bytes) -> Iterator[Field]:
    """The time chunk of a PNG, which Pillow passes over; its text chunks are in the picture's `info`."""
    at = len(_PNG)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"tIME" and length == 7:
            year, month, day = struct.unpack(">HBB", data[at + 8 : at + 12])
            yield "tIME", f"{year}-{month:02}-{day:02}"
        at += 12 + length


def _readable(value: bytes | str) -> str:
    """The text of an entry; of binary content its readable stretches, as `strings` gives them."""
    if isinstance(value, str):
        return value.replace("\0", " ")
    if value[:8] in (b"ASCII\0\0\0", b"UNICODE\0"):  # how EXIF marks a user comment
        value = value[8:]
    try:
        text = value.decode("utf-8").rstrip("\0")
        if text.isprintable() or "\n" in text:
            return text
    except UnicodeDecodeError:
        pass
    wide = re.findall(rb"(?:[ -~]\0){4,}", value)  # UTF-16, as Windows writes titles and authors
    return "\n".join(run.replace(b"\0", b"").decode("ascii") for run in wide + re.findall(rb"[ -~]{5,}", value))


def _xml(data: bytes) -> list[Field]:
    """The texts, attributes and comments of an XML document, each with the name of what holds it.

    Raises ExpatError where it is not well formed, and ValueError where it declares entities, which no picture needs.
    """
    fields: list[Field] = []
    holders: list[str] = []
    pieces: list[str] = []

    def close() -> None:
        text = "".join(pieces).strip()
        pieces.clear()
        if text:
            fields.append((_holder(holders), text))

    def start(name: str, attributes: dict[str, str]) -> None:
        close()
        holders.append(name)
        for attribute, value in attributes.items():
            if attribute.startswith("xmlns") or attribute in _DRAWING or attribute == "rdf:resource":
                continue
            if value.startswith("data:image/"):
                fields.extend(_embedded(value))
            else:
                fields.append((_holder([*holders, attribute]), value))

    def end(name: str) -> None:
        close()
        holders.pop()

    def entity(*declaration: object) -> None:
        raise ValueError("it declares entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = pieces.append
    parser.CommentHandler = lambda text: fields.append(("comment", text))
    parser.EntityDeclHandler = entity
    # XMP stands between two processing instructions and is padded; the XML is what is between them
    parser.Parse(re.sub(rb"<\?xpacket.*?\?>", b"", data).strip(b"\0 \t\r\n\xef\xbb\xbf"), True)
    return [(name, text) for name, text in fields if text.strip()]


def _holder(names: list[str]) -> str:
    """The name that tells what a text is: the person's field around a list, else the nearest that is no RDF."""
    plain = [name.rpartition(":")[2] for name in names if not name.startswith("rdf:")]
    return next(
        (name for name in plain if name.lower() in ("creator", "rights", "author", "location")), (plain or [""])[-1]
    )


def _embedded(uri: str) -> list[Field]:
    """The metadata of a picture inside a picture."""
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        return []
    try:
        return _raster(base64.b64decode(body))
    except (binascii.Error, *_UNREADABLE):
        return [("href", "an embedded picture that cannot be read")]
