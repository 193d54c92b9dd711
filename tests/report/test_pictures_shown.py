"""The pictures of a case in its report: numbered, at their day, in words, in DOCX too, and with nothing but pixels."""

import base64
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

import casereport as cr
from assembly import assemble
from casereport.case.reading import read_case
from casereport.report.exports import FORMATS
from casereport.report.exports.page import open_page
from made_up import edit
from with_pictures import PLANTED, case_with, listed, planted, slope

CAPTION = "Both lungs, <b>before</b> & after"


def shown(place: Path) -> None:
    """The report of a case with a CT before and a photograph after the infusion, each with much beside its pixels."""
    rows = [
        listed(2, "late.jpg", "photograph", alt="The arm."),
        listed(-1, "early.png", "ct", caption=CAPTION, alt='A "slope"', source="Figure 2"),
    ]
    folder = case_with(place, rows)
    planted(folder / "pictures" / "early.png", slope("L"))
    planted(folder / "pictures" / "late.jpg", slope("RGB", (30, 60)))
    edit(folder, "narrative.md", "Made up.", "Made up, as {{ figure.picture-1 }} shows.")
    assemble(str(folder), place / "report")


@pytest.fixture(scope="module")
def report(once) -> Path:
    return once("with-pictures", shown) / "report"


@pytest.fixture(scope="module")
def page(report) -> BeautifulSoup:
    return BeautifulSoup((report / "report.html").read_text("utf-8"), "html.parser")


def inside(svg: str) -> Image.Image:
    (data,) = re.findall(r"data:image/png;base64,\s*([A-Za-z0-9+/=]+)", svg)
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_picture_stands_in_the_section_of_its_day_with_its_words(page):
    early = page.select_one("section#diagnostic-assessment figure#figure-picture-1")
    late = page.select_one("section#follow-up-and-outcomes figure#figure-picture-2")
    told = " ".join(early.select_one("figcaption").get_text(" ", strip=True).split())
    assert re.match(r"Figure \d+\. CT, day −1\. ", told)
    assert f"{CAPTION}. Source: Figure 2 (reported)." in told
    assert "<b>" not in early.select_one("figcaption").decode_contents()
    assert early.select_one(".picture")["aria-label"] == 'A "slope"'
    assert early.select_one("#description-picture-1").text.endswith("Consent: of the patient, in writing")
    assert "of the patient, in writing" in early.select_one("details").get_text()
    assert "Photograph, day 2. The finding of late.jpg." in late.select_one("figcaption").get_text()


def test_figures_with_pictures_are_numbered_as_the_page_shows_them(page):
    numbers = [re.match(r"Figure (\d+)", caption.get_text())[1] for caption in page.select("figure[id] figcaption")]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    link = page.select_one('section#abstract a[href="#figure-picture-1"]')
    assert link.get_text() == page.select_one("#figure-picture-1 a.label").get_text().rstrip(".")


def test_the_picture_in_the_page_has_the_pixels_of_the_file_the_right_way_up(report, page):
    drawn, saved = np.asarray(slope("RGB"))[::-1, ::-1], (report / "figures" / "picture-1.svg").read_text("utf-8")
    for svg in (str(page.select_one("#figure-picture-1 svg")), saved):
        assert np.array_equal(np.asarray(inside(svg).convert("RGB")), drawn)


def test_nothing_of_a_file_but_its_pixels_reaches_any_file_of_the_report(report):
    found = []
    for path in (p for p in report.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        packed = [base64.b64decode(text + b"=" * (-len(text) % 4)) for text in re.findall(rb"[A-Za-z0-9+/]{40,}", raw)]
        found += [(path.name, sign) for sign in PLANTED for part in (raw, *packed) if sign in part]
    assert found == []
    for path in (report / "figures").glob("picture-*.svg"):
        assert not inside(path.read_text("utf-8")).info


def test_the_same_picture_gives_the_same_bytes(report):
    folder = report.parent / "cases" / "made-up"
    case = read_case(folder)
    figures = cr.figures.pictures(cr.pictures(case), folder, cr.phases(case))
    assert [f.svg for f in figures] == [(report / "figures" / f"{f.id}.svg").read_text("utf-8") for f in figures]


def test_a_manuscript_has_the_pictures(report):
    made = FORMATS["docx"](open_page(report), report)
    media = zipfile.ZipFile(io.BytesIO(made))
    document = media.read("word/document.xml").decode()
    assert 'descr="A &quot;slope&quot;"' in document
    assert 'descr="The arm."' in document
    assert document.index("A &quot;slope&quot;") < document.index("The arm.")
    pictures = [np.asarray(Image.open(media.open(n)).convert("L"), int) for n in media.namelist() if n.endswith(".png")]
    sides = [(p[:, p.shape[1] // 4], p[:, -p.shape[1] // 4]) for p in pictures]
    # bright on the left and dark on the right from top to bottom, as no drawing of a report is
    assert any((left > 150).all() and (right < 100).all() for left, right in sides)
    assert not [sign for sign in PLANTED for name in media.namelist() if sign in media.read(name)]
