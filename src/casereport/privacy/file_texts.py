"""The texts of files that no step of a run reads and a case folder may hold all the same: HTML, JSON, RTF, PDF.

Their text is not what stands in the file: tags, escapes and compression part a name. What shows is put together here,
with the name of what holds it, so that the privacy gate searches what a reader would read. A file of which that
cannot be done as a whole raises ValueError: it cannot be searched.
"""

import html
import json
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xml", ".json", ".ipynb", ".rtf", ".pdf"})
_LARGEST = 2**26  # bytes of a PDF unpacked: a bomb of zeros packs a gigabyte into one


class Text(NamedTuple):
    """A text, the line that it begins on (0 where lines mean nothing), what holds it, and whether that is a person."""

    line: int
    holder: str
    text: str
    personal: bool = False


def texts(suffix: str, raw: bytes) -> Iterator[Text]:
    """Every text of a file with one of `SUFFIXES`; raises ValueError where it cannot be searched."""
    if suffix == ".pdf":
        return _of_pdf(raw)
    if suffix == ".rtf":
        return _of_rtf(raw.decode("latin-1"))
    text = raw.decode("utf-8-sig")  # UnicodeDecodeError is a ValueError
    return _of_json(text) if suffix in (".json", ".ipynb") else _of_html(text)


# ---- HTML and XML

_INLINE = frozenset(
    word
    for line in (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o q s samp small",
        "span strike strong sub sup tt u var wbr",
    )
    for word in line.split()
)
_SHOWN = frozenset({"alt", "title", "content", "placeholder", "value", "label", "summary", "href", "src", "cite"})


_BRACKETS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<", ">"))
# The standard library's parser takes minutes for a file of open tags; this reads each character once.
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")


def _of_html(text: str) -> Iterator[Text]:
    at, line, begin, holder = 0, 1, 1, ""
    pieces: list[str] = []
    while at < len(text):
        is_tag = text[at] == "<"
        if is_tag and not re.match(r"[A-Za-z/!?]", text[at + 1 : at + 2]):  # `CRP < 5` is text
            pieces.append("<")
            at += 1
            continue
        opening, closing = next((b for b in _BRACKETS if text.startswith(b[0], at)), ("", "<"))
        found = text.find(closing, at + len(opening))
        end = len(text) if found < 0 else found + (len(closing) if is_tag else 0)
        inside = text[at + len(opening) : found if found >= 0 else end]
        tag = re.match(r"/?([\w:.-]*)", inside)[1].rpartition(":")[2].lower() if opening == "<" else ""  # type: ignore[index]
        if opening == "<!--":
            yield Text(line, "comment", inside)
        elif opening == "<" and tag:
            if tag not in _INLINE:
                yield from _block(begin, holder, pieces)
                pieces, holder = [], "" if inside.startswith("/") else tag
            yield from _attributes(line, inside)
        elif opening != "<?":
            begin = begin if pieces else line
            pieces.append(inside)
        line += text.count("\n", at, end)
        at = end
    yield from _block(begin, holder, pieces)


def _block(line: int, holder: str, pieces: list[str]) -> Iterator[Text]:
    """What stands between two tags that part it, entities as they show."""
    text = "".join(pieces)
    if text.strip():
        line += text[: len(text) - len(text.lstrip())].count("\n")
        yield Text(line, holder, html.unescape(text).strip(), holder in ("author", "creator"))


def _attributes(line: int, inside: str) -> Iterator[Text]:
    named = [(name.lower(), html.unescape(value.strip("\"'"))) for name, value in _ATTRIBUTE.findall(inside)]
    whose = next((value for name, value in named if name in ("name", "property")), "").lower().rpartition(":")[2]
    for name, value in named:
        if value and (name in _SHOWN or name.startswith(("data-", "aria-"))):
            yield Text(line, whose or name, value, name == "content" and whose in ("author", "creator"))


# ---- JSON


def _of_json(text: str) -> Iterator[Text]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # lines of JSON, or a broken file: its text as it stands
        yield Text(1, "", text)
        return
    waiting: list[tuple[str, object]] = [("", content)]
    while waiting:
        trail, node = waiting.pop()
        if isinstance(node, dict):
            waiting += [(f"{trail}.{key}".lstrip("."), child) for key, child in node.items()]
        elif isinstance(node, list):
            if all(isinstance(child, str) for child in node):  # lines, as a notebook has them
                yield Text(0, trail, "".join(node) if "".join(node[:-1]).endswith("\n") else "\n".join(node))
            else:
                waiting += [(f"{trail}.{i}", child) for i, child in enumerate(node)]
        elif node is not None and not isinstance(node, bool):
            key = re.sub(r"[_\W]+", " ", trail.rpartition(".")[2])
            yield Text(0, trail, f"{key}: {node}" if key and not key.isdecimal() else str(node))


# ---- RTF

_RTF = re.compile(
    r"\\'(?P<hex>[0-9a-fA-F]{2})|\\u(?P<code>-?\d{1,6}) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}])?"
    r"|\\(?P<word>[a-z]{1,32})-?\d{0,10} ?|\\(?P<sign>[^a-z])|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n]+)|[\r\n]",
    re.I | re.S,
)
_RTF_WORDS = {"par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "cell": "\n", "tab": " ",
              "emdash": "-", "endash": "-", "lquote": "'", "rquote": "'", "bullet": " "}  # fmt: skip
_RTF_PERSONS = frozenset({"author", "operator", "manager", "company"})
_RTF_ASIDE = frozenset({"fonttbl", "colortbl", "stylesheet", "pict", "creatim", "revtim", "printim", "generator",
                        "objdata", "themedata", "colorschememapping", "datastore", "rsidtbl"})  # fmt: skip


def _of_rtf(text: str) -> Iterator[Text]:
    if not text.startswith("{\\rtf"):
        raise ValueError("no RTF")
    groups = [""]
    body: list[str] = []
    persons: list[tuple[str, list[str]]] = []
    for token in _RTF.finditer(text):
        said = token["plain"] or ""
        if token["brace"] == "{":
            groups.append(groups[-1])
        elif token["brace"]:
            groups.pop()
            groups = groups or [""]
        elif word := (token["word"] or "").lower():
            if word in ("objdata", "pict", "bin"):
                raise ValueError("an RTF with a picture or a file inside it")
            said = _RTF_WORDS.get(word, "")
            if word in _RTF_PERSONS:
                groups[-1] = word
                persons.append((word, []))
            elif word in _RTF_ASIDE:
                groups[-1] = "aside"
        elif token["hex"]:
            said = bytes.fromhex(token["hex"]).decode("cp1252", "replace")
        elif token["code"]:
            said = chr(int(token["code"]) % 65536)
        elif token["sign"]:
            said = {"~": " ", "_": "-", "-": "", "*": ""}.get(token["sign"], token["sign"].strip("\r\n"))
        if groups[-1] in _RTF_PERSONS:
            persons[-1][1].append(said)
        elif groups[-1] != "aside":
            body.append(said)
    yield Text(0, "", "".join(body))
    for word, pieces in persons:
        if name := "".join(pieces).strip():
            yield Text(0, word, name, personal=True)


# ---- PDF

_STREAM = re.compile(rb"stream\r?\n")
_STRING = re.compile(rb"\((?P<text>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)|<(?P<hex>[0-9A-Fa-f\s]+)>", re.S)
_SHOW = re.compile(
    rb"\[(?P<array>(?:\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]*>|[^\[\]()<>])*)\]\s*TJ"
    rb"|(?P<one>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]+>)\s*(?:Tj|'|\")",
    re.S,
)
_KERN = re.compile(rb"(?<![\w.])-\d{3,}")
_ENTRY = re.compile(rb"/(?P<name>[A-Za-z]+)\s*(?=\(|<[0-9A-Fa-f])")
_PROGRAM = frozenset(
    {"Producer", "Creator", "CreationDate", "ModDate", "ID", "Registry", "Ordering", "M", "DA", "CharSet"}
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b"", b"\r": b"", b"\r\n": b""}
# What hides a text from a search: encryption, glyphs without letters, pictures, other compression, files, forms of XFA.
_HIDDEN = re.compile(
    rb"/Encrypt\b|/Identity-[HV]|/Subtype\s*/Image|/(?:LZW|ASCII85|ASCIIHex|RunLength|DCT|JPX|CCITTFax|JBIG2)Decode"
    rb"|/EmbeddedFiles?\b|/XFA\b|/Subtype\s*/Type3|/Differences\b"
)


def _of_pdf(raw: bytes) -> Iterator[Text]:
    if not raw.startswith(b"%PDF-"):
        raise ValueError("no PDF")
    parts, outside = _unpacked(raw)
    if hidden := next((match for part in (outside, *parts) if (match := _HIDDEN.search(part))), None):
        raise ValueError(f"a PDF with {hidden[0].decode('ascii')}")
    shown = [_shown(part) for part in parts]
    if not any(text.strip() for text in shown):
        raise ValueError("a PDF without a text that can be read")
    for part, text in zip(parts, shown, strict=True):
        yield Text(0, "", text)
        if b"<x:xmpmeta" in part:
            yield from (t for t in _of_html(part.decode("utf-8", "replace")) if not t.holder.endswith("date"))
    for part in (outside, *parts):
        for entry in _ENTRY.finditer(part):
            name, value = entry["name"].decode("ascii"), _STRING.match(part, entry.end())
            if value and name not in _PROGRAM and (text := _string(value).strip()):
                yield Text(0, name, text, personal=name == "Author")


def _unpacked(raw: bytes) -> tuple[list[bytes], bytes]:
    """The streams of a PDF, unpacked, and what stands outside of them."""
    parts, outside, at, room = [], [], 0, _LARGEST
    while match := _STREAM.search(raw, at):
        end = raw.find(b"endstream", match.end())
        if end < 0:
            raise ValueError("a PDF that is broken off")
        head = raw[at : match.start()]
        outside.append(head)
        body = raw[match.end() : end]
        if b"/FlateDecode" in head[head.rfind(b" obj") :]:
            unpacker = zlib.decompressobj()
            try:
                body = unpacker.decompress(body, room)
            except zlib.error as error:
                raise ValueError(f"a PDF with a stream that cannot be unpacked: {error}") from None
            if unpacker.unconsumed_tail:
                raise ValueError("a PDF that unpacks to too much")
        room -= len(body)
        if room <= 0:
            raise ValueError("a PDF that unpacks to too much")
        parts.append(body)
        at = end + len(b"endstream")
    return parts, b"".join([*outside, raw[at:]])


def _shown(part: bytes) -> str:
    """The text that a page's stream shows; letters that are set one by one are put together."""
    pieces = []
    for match in _SHOW.finditer(part):
        source = match["array"] if match["one"] is None else match["one"]
        strings = list(_STRING.finditer(source))
        text = _string(strings[0]) if strings else ""
        for before, after in pairwise(strings):
            text += (" " if _KERN.search(source, before.end(), after.start()) else "") + _string(after)
        pieces.append(text)
    one_by_one = sum(len(piece) == 1 for piece in pieces) > len(pieces) / 2
    return ("" if one_by_one else " ").join(pieces)


def _string(match: re.Match[bytes]) -> str:
    if match["hex"] is not None:
        digits = re.sub(rb"\s", b"", match["hex"])
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        raw = _ESCAPE.sub(lambda m: _unescaped(m[1]), match["text"])
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        return raw.decode("utf-16", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("cp1252", "replace")


def _unescaped(escape: bytes) -> bytes:
    if escape.isdigit():
        return bytes([int(escape, 8) & 255])
    return _ESCAPED.get(escape, escape)
