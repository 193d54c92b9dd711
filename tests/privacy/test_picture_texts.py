"""The metadata of a picture are searched: a text there is refused, and day, place and maker are asked about."""

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from casereport.audit.validation import validate
from casereport.case.description import load_meta
from casereport.privacy import picture_texts
from casereport.privacy.gate import Searched, search
from casereport.privacy.listing import findings
from casereport.privacy.picture_texts import of_picture
from made_up import edit
from with_pictures import case_with, listed, planted, slope

WHO = "Mrs. Quillfeather, born 1971-03-04, MRN 4471923"
ITS_PARTS = {"Mrs. Quillfeather", "born 1971-03-04", "MRN 4471923"}
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Core 6">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmp:ModifyDate="2024-03-05T10:11:12+01:00" {}'
    'xmpMM:InstanceID="xmp.iid:20240304123456"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li>'
    "</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def exif_of(tag: int, value: object, ifd: int = 0) -> Image.Exif:
    exif = Image.Exif()
    (exif.get_ifd(ifd) if ifd else exif)[tag] = value
    return exif


def info_of(key: str, text: str, **how: bool) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, text, **how)
    return info


def iptc(number: int, text: str) -> bytes:
    """The segment in which a JPEG has an entry of IPTC."""
    said = bytes([0x1C, 2, number]) + len(text).to_bytes(2, "big") + text.encode()
    block = b"8BIM\x04\x04\0\0" + len(said).to_bytes(4, "big") + said + b"\0" * (len(said) % 2)
    content = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content


def with_picture(parent: Path, name: str, content: bytes) -> Path:
    folder = case_with(parent, [listed(-1, name)])
    (folder / "pictures" / name).write_bytes(content)
    return folder


def searched(folder: Path) -> Searched:
    return search(folder, load_meta(folder / "case.yaml", "case.yaml", "made-up"), {})


def saved(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    slope("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def raw_profile(packet: bytes) -> str:
    return f"\nxmp\n{len(packet):8}\n{packet.hex()}\n"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("a.jpg", {"exif": exif_of(0x010E, WHO)}, id="EXIF of a JPEG"),
        pytest.param("a.tif", {"exif": exif_of(0x010E, WHO)}, id="EXIF of a TIFF"),
        pytest.param("a.webp", {"exif": exif_of(0x010E, WHO)}, id="EXIF of a WebP"),
        pytest.param("a.png", {"exif": exif_of(0x010E, WHO)}, id="EXIF of a PNG"),
        pytest.param("a.jpg", {"exif": exif_of(0x9C9C, WHO.encode("utf-16-le"))}, id="entry of Windows"),
        pytest.param("a.jpg", {"exif": exif_of(0x9286, b"ASCII\0\0\0" + WHO.encode(), 0x8769)}, id="user's comment"),
        pytest.param(
            "a.jpg",
            {"exif": exif_of(0x9286, b"UNICODE\0" + WHO.encode("utf-16-be"), 0x8769)},
            id="user's comment in UTF-16",
        ),
        pytest.param("a.jpg", {"comment": WHO}, id="comment of a JPEG"),
        pytest.param("a.jpg", {"xmp": XMP.format("", WHO).encode()}, id="XMP of a JPEG"),
        pytest.param("a.jpg", {"xmp": b"<x>" + WHO.encode()}, id="XMP that is broken"),
        pytest.param("a.webp", {"xmp": XMP.format("", WHO).encode()}, id="XMP of a WebP"),
        pytest.param("a.png", {"pnginfo": info_of("Title", WHO)}, id="text of a PNG"),
        pytest.param("a.png", {"pnginfo": info_of("Comment", WHO, zip=True)}, id="packed text of a PNG"),
        pytest.param("a.png", {"pnginfo": info_of("XML:com.adobe.xmp", XMP.format("", WHO))}, id="XMP of a PNG"),
        pytest.param(
            "a.png",
            {"pnginfo": info_of("Raw profile type xmp", raw_profile(XMP.format("", WHO).encode()))},
            id="XMP by ImageMagick",
        ),
    ],
)
def test_a_text_in_the_metadata_of_a_picture_is_refused(tmp_path, name, options):
    form = {"jpg": "JPEG", "tif": "TIFF"}.get(name[2:], name[2:].upper())
    found = searched(with_picture(tmp_path, name, saved(form, **options)))
    assert {p.value for p in found.refused} >= ITS_PARTS
    assert {p.file for p in found.refused} == {f"cases/made-up/pictures/{name}"}
    assert "in the file's metadata; save the file again without them" in found.refused[0].expected


def test_an_entry_of_iptc_is_refused_and_may_stay_with_a_reason(tmp_path):
    jpeg = saved("JPEG")
    folder = with_picture(tmp_path, "a.jpg", jpeg[:2] + iptc(120, WHO) + jpeg[2:])
    assert {p.value for p in searched(folder).refused} == ITS_PARTS
    edit(folder, "case.yaml", "status: draft", f"status: draft\nallow:\n  - {{text: '{WHO}', reason: invented}}")
    assert searched(folder).refused == []
    assert "it stands nowhere" not in findings(folder)[0]


def test_an_entry_of_iptc_with_a_wrong_length_is_searched_as_it_stands(tmp_path):
    jpeg = saved("JPEG")
    broken = iptc(120, WHO).replace((0x1C0278).to_bytes(3, "big"), (0x1C027880).to_bytes(4, "big"))
    folder = with_picture(tmp_path, "a.jpg", jpeg[:2] + broken[:-1] + jpeg[2:])
    assert {p.value for p in searched(folder).refused} >= {"Mrs. Quillfeather", "born 1971-03-04"}


def test_day_place_and_maker_of_a_picture_are_asked_about_and_stop_only_what_is_final(tmp_path):
    folder = case_with(tmp_path, [listed(-1, "a.png"), listed(2, "b.jpg", "photograph")])
    for name in ("a.png", "b.jpg"):
        planted(folder / "pictures" / name, slope("RGB"))
    taken = exif_of(0x9003, "2024:03:04 10:11:12", 0x8769)
    slope("RGB").save(
        folder / "pictures" / "b.jpg", exif=taken, xmp=XMP.format('xmp:CreateDate="2024-03-04" ', "").encode()
    )
    found = searched(folder)
    assert found.refused == []
    asked = {(q.text, q.kind): q.places for q in found.questions if "pictures/" in q.places[0]}
    png, jpg = (f"cases/made-up/pictures/{name}" for name in ("a.png", "b.jpg"))
    assert asked == {
        ("Qwertzuiop", "name"): (f"{png}, Artist", f"{png}, Author"),
        ("38.5165 N, 114.9801 E", "place"): (f"{png}, GPSInfo",),
        ("2024:03:04", "date"): (f"{jpg}, DateTimeOriginal",),
        ("2024-03-04", "date"): (f"{jpg}, CreateDate",),
    }
    assert validate(folder).problems == []
    edit(folder, "case.yaml", "status: draft", "status: final")
    said = [p.file for p in validate(folder).problems if "no open question" in p.expected]
    assert f"{jpg}, DateTimeOriginal" in said


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"exif": exif_of(0x0110, "HDR+ 1.0.345618096")}, id="model"),
        pytest.param({"exif": exif_of(0x0132, "2024:03:04 10:11:12")}, id="day of saving"),
        pytest.param({"exif": exif_of(0xA431, "A17-4711-1234567", 0x8769)}, id="serial number"),
        pytest.param({"exif": exif_of(0x9003, "0000:00:00 00:00:00", 0x8769)}, id="clock that was never set"),
        pytest.param({"exif": exif_of(0x927C, b"Apple iOS\0\0\1MM 4471923 1971-03-04", 0x8769)}, id="maker's note"),
        pytest.param({"xmp": XMP.format("", "Axial slice").encode()}, id="XMP ids"),
        pytest.param({"comment": "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90"}, id="program"),
    ],
)
def test_what_a_camera_or_a_program_says_of_itself_is_let_stand(options):
    assert [entry for entry in of_picture(saved("JPEG", **options)) if entry.kind] == []
    assert not any("1971" in entry.text or "2024" in entry.text for entry in of_picture(saved("JPEG", **options)))


def test_a_picture_that_cannot_be_read_cannot_be_searched(tmp_path, monkeypatch):
    folder = with_picture(tmp_path, "a.png", saved("PNG")[:60])
    (problem,) = searched(folder).refused
    assert problem.file == "cases/made-up/pictures/a.png" and "cannot be searched for identifiers" in problem.expected
    monkeypatch.setattr(picture_texts, "MOST_PIXELS", 100)  # nor is one unpacked that is too large
    with pytest.raises(ValueError, match="DecompressionBomb"):
        list(of_picture(saved("PNG")))


def test_pictures_without_metadata_have_nothing_to_search():
    for form in ("PNG", "JPEG", "TIFF", "WEBP", "BMP"):
        assert list(of_picture(saved(form))) == []
