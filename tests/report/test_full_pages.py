"""A page of the PDF is filled before a tall figure, and all of the text around it is printed."""

import io
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

import casereport
from casereport.report.exports.pdf import pdf

STYLE = (Path(casereport.__file__).parent / "report" / "templates" / "page.css").read_text("utf-8")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on this machine")
def test_text_after_a_tall_figure_fills_the_page_before_it(tmp_path):
    """The figure is 142 mm high, the text before it 160 mm; A4 has 259 mm between its margins."""

    def prose(word: str, count: int) -> str:
        return f'<div class="prose"><p>{" ".join(f"{word}{n}" for n in range(count))}</p></div>'

    drawing = '<svg viewBox="0 0 100 80"><rect width="100" height="80"/><text x="9" y="9">drawn</text></svg>'
    figure = f'<figure class="full" id="figure-a"><div class="picture" aria-label="a">{drawing}</div></figure>'
    facts = '<dl class="facts"><div><dt>Outcome</dt><dd>told</dd></div></dl>'
    page = f"""<html lang="en"><head><title>T</title><style>{STYLE}</style></head><body><main>
    <header class="page"><p class="keywords">a</p></header><nav class="contents"><a href="#one">One</a></nav>
    <section id="one"><h2>One</h2>{prose("before", 250)}{figure}</section>
    <section id="two"><h2>Two</h2>{facts}{prose("after", 520)}</section></main></body></html>"""
    reader = PdfReader(io.BytesIO(pdf(BeautifulSoup(page, "html.parser"), tmp_path)))
    sheets = [sheet.extract_text() for sheet in reader.pages]
    assert "before249" in sheets[0] and "Two" in sheets[0] and "told" in sheets[0] and "after60" in sheets[0]
    assert "drawn" in sheets[1] and "drawn" not in sheets[0]
    printed = "".join("".join(sheets).split())
    assert all(f"after{n}" in printed for n in range(520))
