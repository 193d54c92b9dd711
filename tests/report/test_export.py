"""A report as PDF and as DOCX: whole, tagged, the same bytes each time, and a hostile case is text in both."""

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import docx
import PIL.Image
import pytest
from pypdf import PdfReader

from assembly import assemble
from casereport import cli
from casereport.errors import BadInput
from casereport.files.paths import DATA
from casereport.report.exports import FORMATS, needed
from casereport.report.exports.page import open_page
from casereport.report.kept import Results
from casereport.report.titles import SECTIONS
from casereport.run import exporting
from marked import report_of

TITLE = "A case report, <b>hostile</b> \u202etitle\u202c & $x^2$ \\(y\\)"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://example.org")'
LONG = "w" * 300
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

printing = pytest.mark.skipif(
    shutil.which("chromium") is None, reason="no chromium on this machine (Debian's package of that name)"
)


@pytest.fixture(scope="session")
def hostile(once) -> Path:
    """The folder of a report of two analytes whose case folder is full of what could be run."""
    return once("exported", exported) / "report"


def exported(place: Path) -> None:
    """The report, and its exports beside it."""
    folder = shutil.copytree(DATA / "cases" / "leng2020", place / "cases" / "leng2020")
    for file, old, new in (
        ("events.csv", "Symptoms began", SCRIPT),
        ("interventions.csv", "Every 6 h.", LONG),
        ("case.yaml", "label: Conventional therapy", "label: '<i>Conventional</i>'"),
        (
            "case.yaml",
            "pneumonia, hypertension]",
            f"'{FORMULA}']\nallow: [{{text: 'http://example.org', reason: test}}]",
        ),
        ("narrative.md", "# Abstract\n", f"# Abstract\n\n{SCRIPT} {FORMULA} <w:p/>\n\n"),
    ):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    path = folder / "case.yaml"
    path.write_text(
        re.sub(r"(?m)^title:.*$", lambda _: f"title: {json.dumps(TITLE)}", path.read_text("utf-8")), "utf-8"
    )
    out = place / "report"
    assemble(str(folder), out, marks="DRAFT", analytes="lymphocytes,crp")
    for form in FORMATS if shutil.which("chromium") else ["docx"]:
        (place / f"report.{form}").write_bytes(FORMATS[form](open_page(out), out))


@pytest.fixture(scope="session")
def paper(hostile) -> bytes:
    return hostile.with_suffix(".pdf").read_bytes()


@pytest.fixture(scope="session")
def sheets(paper) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]


@pytest.fixture(scope="session")
def manuscript(hostile) -> bytes:
    return hostile.with_suffix(".docx").read_bytes()


def alts(folder: Path) -> dict[str, str]:
    """The alt text of each figure that the notebooks kept, in the order in which the page shows them."""
    said = {e.name: e.alt for e in Results(folder, "").entries if e.kind == "figure" and e.section}
    names = [f["id"].removeprefix("figure-") for f in open_page(folder).select("figure[id]")]
    assert set(names) == set(said)
    return {name: said[name] for name in names}


def published(folder: Path) -> set[str]:
    """Where the paper that is re-examined and the references can be read: by their DOIs in the case folder."""
    case = folder.parent / "cases" / "leng2020"
    text = (case / "case.yaml").read_text("utf-8") + (case / "references.bib").read_text("utf-8")
    found = {f"https://doi.org/{doi}" for doi in re.findall(r"\b10\.\d{4,}/[^\s},]+", text)}
    assert len(found) == 6
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def headings(folder: Path) -> list[str]:
    seen = open_page(folder).select("main h1, main h2:not(.sr-only), main h3")
    return [h.get_text(" ", strip=True) for h in seen]


@printing
def test_the_contents_name_the_page_on_which_each_section_begins(sheets):
    first, second, *_ = sheets
    assert "Contents" not in first and "Figure 1" in first  # page 1 is what a reader sees first
    contents = second[second.index("Contents") :]
    for name, title in SECTIONS.items():
        number = int(re.search(rf"{re.escape(title)}\s+(\d+)", contents)[1])
        # the first screen has its heading for those who do not see it
        assert number == 1 if name == "at-a-glance" else re.search(rf"(?m)^{re.escape(title)}$", sheets[number - 1])


@printing
def test_the_letters_of_a_figure_over_the_full_width_are_seven_points_on_paper(paper):
    sizes = set()

    def note(text, matrix, text_matrix, font, size):
        if text.strip() in {"Organ support", "Treatments", "Inflammation"}:
            sizes.add(round(size * abs(text_matrix[3] * matrix[3]), 1))

    for page in PdfReader(io.BytesIO(paper)).pages[:6]:
        page.extract_text(visitor_text=note)
    assert sizes and min(sizes) >= 7, sizes


@printing
def test_every_page_says_draft_and_its_number(sheets):
    for number, text in enumerate(sheets, start=1):
        assert "DRAFT" in text and f"{number} / {len(sheets)}" in text, number
        assert len(text) > 300, number  # no page is empty


@printing
def test_a_pdf_is_tagged_and_has_title_language_outline_and_no_time_of_day(paper, hostile):
    reader = PdfReader(io.BytesIO(paper))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == TITLE
    assert not {"/CreationDate", "/ModDate"} & set(reader.metadata)

    def flat(items):
        for item in items:
            yield from flat(item) if isinstance(item, list) else [item.title]

    assert list(flat(reader.outline)) == headings(hostile)


@printing
def test_each_figure_of_a_pdf_has_its_alt_text(paper, hostile):
    def described(element):
        children = element.get("/K", [])
        children = children.get_object() if hasattr(children, "get_object") else children
        for child in children if isinstance(children, list) else [children]:
            if isinstance(found := child.get_object(), dict):
                yield from [found.get("/Alt")] if found.get("/S") == "/Figure" else described(found)

    tags = list(described(PdfReader(io.BytesIO(paper)).trailer["/Root"]["/StructTreeRoot"]))
    texts = list(alts(hostile).values())
    assert None not in tags
    assert [tag for tag in tags if tag in texts] == texts


@printing
def test_links_of_a_pdf_lead_into_it_or_to_what_is_cited_and_to_no_file(paper, hostile):
    targets = []
    reader = PdfReader(io.BytesIO(paper))
    for page in reader.pages:
        links = [note.get_object() for note in page.get("/Annots", [])]
        targets += [link["/A"]["/URI"] if "/A" in link else link["/Dest"] for link in links]
    inside = {t for t in targets if t.startswith("/")}
    assert {f"/{s}" for s in SECTIONS} <= inside <= set(reader.named_destinations)
    assert {t for t in targets if not t.startswith("/")} == published(hostile)


@printing
def test_a_long_word_does_not_shrink_the_print(paper):
    """Chromium scales a page down until its widest element fits; 9.2 pt of body text must stay 9.2 pt."""
    sizes = []

    def note(text, matrix, text_matrix, font, size):
        if text.strip() == "Abstract":
            sizes.append(size * abs(text_matrix[3] * matrix[3]))

    for page in PdfReader(io.BytesIO(paper)).pages[:2]:
        page.extract_text(visitor_text=note)
    assert sizes == pytest.approx([0.86 * 9.2, 1.25 * 9.2], abs=0.02)  # in the contents, and as a heading


@printing
def test_no_heading_fact_sentence_or_row_of_the_report_is_missing_in_print(sheets, hostile):
    text = squeezed("".join(sheets)).replace("-", "")  # a word may be broken at its hyphen
    page = open_page(hostile)
    for element in page.select(
        "main :is(h2:not(.sr-only), h3, dd, figcaption .label, #table-audit th, #table-events td)"
    ):
        for line in element.stripped_strings:
            assert squeezed(line).replace("-", "").casefold() in text.casefold(), line


@printing
def test_markup_of_a_case_is_text_in_a_pdf(paper, sheets):
    text = squeezed("".join(sheets))
    for payload in (SCRIPT, FORMULA, LONG, "<i>Conventional</i>", "<w:p/>"):
        assert squeezed(payload) in text, payload
    assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(PdfReader(io.BytesIO(paper)).trailer["/Root"])


@printing
@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(paper, manuscript, hostile):
    assert FORMATS["pdf"](open_page(hostile), hostile) == paper
    assert FORMATS["docx"](open_page(hostile), hostile) == manuscript


def test_a_manuscript_begins_with_title_keywords_and_abstract_and_keeps_the_order_of_the_report(manuscript):
    document = docx.Document(io.BytesIO(manuscript))
    texts = [(p.style.name, p.text) for p in document.paragraphs]
    assert texts[0] == ("Title", TITLE)
    top = [text for style, text in texts if style == "Heading 1"]
    rest = [title for name, title in SECTIONS.items() if name != "abstract"]
    rest[rest.index("References") + 1 : 1 + rest.index("References")] = ["Figure legends", "Supplement"]
    assert top == ["Abstract", *rest]
    before = [text for _, text in texts[: texts.index(("Heading 1", "Abstract"))]]
    assert any(text.startswith("Keywords") for text in before)
    assert document.core_properties.title == TITLE
    assert FORMULA in document.core_properties.keywords


def test_the_lines_of_a_manuscript_are_numbered_and_those_of_its_head_are_not(manuscript):
    section = docx.Document(io.BytesIO(manuscript)).sections[0]
    (numbers,) = section._sectPr.iter(f"{W}lnNumType")
    assert (numbers.get(f"{W}countBy"), numbers.get(f"{W}restart")) == ("1", "continuous")
    for part in (section.header, section.footer):
        assert list(part._element.iter(f"{W}suppressLineNumbers"))


def test_no_column_of_a_manuscript_is_narrower_than_its_longest_word(manuscript):
    """In letters, of which the width of the text, 160 mm, has room for 105 of 8 points and for 120 of 7."""
    for table in docx.Document(io.BytesIO(manuscript)).tables:
        widths = [int(c.get(f"{W}w")) for c in table._tbl.iter(f"{W}gridCol")]
        for i in range(len(widths)):
            cells = [
                row._tr.tc_lst[i] for row in table.rows if len(row._tr.tc_lst) == len(widths)
            ]  # not a heading over all
            texts = ["".join(node.text or " " for node in cell.iter(f"{W}t", f"{W}br")) for cell in cells]
            words = [len(word) for text in texts for word in text.split() if len(word) < 18]
            assert (105 if len(widths) < 8 else 120) * widths[i] / sum(widths) >= max(words, default=0), (
                table.rows[0].cells[0].text,
                i,
            )


def test_a_figure_of_a_manuscript_fills_the_width_or_the_page_or_keeps_the_size_of_its_letters(manuscript):
    document = docx.Document(io.BytesIO(manuscript))
    for drawn in document.element.body.iter("{*}inline"):
        size = next(drawn.iter("{*}extent"))
        width, height = (int(size.get(side)) / 360000 for side in ("cx", "cy"))  # cm
        (blip,) = (blip.get(f"{R}embed") for blip in drawn.iter("{*}blip"))
        drawn_at = PIL.Image.open(io.BytesIO(document.part.related_parts[blip].blob)).width / 300 * 2.54
        assert width < 16.05 and height < 20.55 and width / drawn_at >= 0.875  # letters of 8 points are 7 at least
        assert max(width / 16, height / 20.5) == pytest.approx(1, abs=0.005) or width / drawn_at > 1.1


def test_the_legends_stand_once_more_in_a_list(manuscript):
    document = docx.Document(io.BytesIO(manuscript))
    texts = [(p.style.name, p.text) for p in document.paragraphs]
    captions = [" ".join(text.split()) for style, text in texts if style == "Image Caption"]
    start = texts.index(("Heading 1", "Figure legends")) + 1
    listed = [" ".join(text.split()) for _, text in texts[start : start + len(captions)]]
    assert [squeezed(text) for text in listed] == [squeezed(text) for text in captions] != []


def test_every_page_of_a_manuscript_says_draft(manuscript):
    header = docx.Document(io.BytesIO(manuscript)).sections[0].header
    assert header.paragraphs[0].text == f"DRAFT · {TITLE}"


def test_figures_of_a_manuscript_are_those_of_the_report_in_print_with_their_alt_text(manuscript, hostile):
    texts = alts(hostile)
    document = docx.Document(io.BytesIO(manuscript))
    drawn = list(document.element.body.iter("{*}docPr"))
    assert [d.get("descr") for d in drawn] == list(texts.values())
    blips = [blip.get(f"{R}embed") for blip in document.element.body.iter("{*}blip")]
    for name, blip in zip(texts, blips, strict=True):
        picture = PIL.Image.open(io.BytesIO(document.part.related_parts[blip].blob))
        drawings = [hostile / "figures" / f"{name}{kind}.svg" for kind in ("", "-page", "-phone")]
        sizes = [
            [float(re.search(rf'{side}="([\d.]+)pt"', path.read_text("utf-8"))[1]) for side in ("width", "height")]
            for path in drawings
            if path.is_file()
        ]
        # 300 dots an inch, and a point is a 72nd of it
        assert picture.format == "PNG" and len(picture.getcolors(picture.width * picture.height)) > 2
        assert any(
            picture.size == pytest.approx((width * 300 / 72, height * 300 / 72), abs=1.5) for width, height in sizes
        ), name
    captions = [p.text for p in document.paragraphs if p.style.name == "Image Caption"]
    assert [c.split(".")[0] for c in captions] == [f"Figure {n}" for n in range(1, len(texts) + 1)]


def test_tables_of_a_manuscript_are_tables_with_a_header_row_and_a_caption(manuscript, hostile):
    page = open_page(hostile)
    document = docx.Document(io.BytesIO(manuscript))
    expected = [(len(t.select("tr")), len(t.select("thead th"))) for t in page.select("main table:has(caption)")]
    numbered = [t for t in page.select("main table") if not t.find_parent(class_="figure-data")]
    assert len(expected) >= len(document.tables) == len(numbered)
    for table, source in zip(document.tables, numbered, strict=True):
        heads = [th.get_text() for th in source.select("thead th")]
        columns = len(heads) - heads.count("Course")  # a column of drawings
        assert (len(table.rows), len(table.columns)) == (len(source.select("tr")), columns)
        assert list(table.rows[0]._tr.iter(f"{W}tblHeader"))
    captions = [p.text.split(".")[0] for p in document.paragraphs if p.style.name == "Table Caption"]
    assert captions == [t.caption.get_text(" ", strip=True).split(".")[0] for t in numbered]


def test_markup_of_a_case_is_text_in_a_manuscript_and_nothing_leads_out_of_it(manuscript, hostile):
    document = docx.Document(io.BytesIO(manuscript))
    text = squeezed("".join(node.text or "" for node in document.element.body.iter(f"{W}t")))
    for payload in (SCRIPT, FORMULA, LONG, "<i>Conventional</i>", "<w:p/>"):
        assert squeezed(payload) in text, payload
    assert not [e for e in document.element.body.iter() if e.tag in (f"{W}fldSimple", f"{W}instrText", f"{W}object")]
    with zipfile.ZipFile(io.BytesIO(manuscript)) as files:
        relations = "".join(files.read(n).decode() for n in files.namelist() if n.endswith(".rels"))
    outside = re.findall(r'Target="([^"]*)" TargetMode="External"', relations)
    assert set(outside) == published(hostile)


EARLIER = b"%PDF-1.4 /Creator (casereport) earlier"


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """A folder with a report that was made with a parameter, and the runs that an export starts."""
    folder, ran = tmp_path / "peng2020", []
    folder.mkdir()
    (folder / "report.html").write_text("<title>made</title>", encoding="utf-8")
    report_of("peng2020", folder, given={"lag_days": "1"})
    monkeypatch.setattr(exporting, "run", lambda *arguments, **named: ran.append((arguments, named)))
    monkeypatch.setitem(FORMATS, "pdf", lambda page, *_: page.title.text.encode())
    return folder, ran


def test_a_report_is_brought_up_to_date_with_the_parameters_it_had_and_then_exported(finished, tmp_path):
    folder, ran = finished
    out = exporting.export_case("peng2020", folder, "pdf", tmp_path / "a.pdf")
    # the run itself leaves what is not stale
    assert ran == [(("peng2020", folder, {"lag_days": "1"}), {"own": []})]
    assert out.read_bytes() == b"made"


def test_an_export_that_fails_leaves_the_earlier_file_and_nothing_beside_it(finished, tmp_path, monkeypatch):
    folder, _ = finished
    (tmp_path / "a.pdf").write_bytes(EARLIER)

    def fails(*_):
        raise needed.NotPrinted("no")

    monkeypatch.setitem(FORMATS, "pdf", fails)
    with pytest.raises(needed.NotPrinted):
        exporting.export_case("peng2020", folder, "pdf", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == EARLIER
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "peng2020"]


def test_a_place_that_cannot_be_written_is_said_before_anything_is_made(finished, tmp_path):
    for out in (tmp_path, tmp_path / "none" / "a.pdf"):
        with pytest.raises(BadInput, match="a folder that exists"):
            exporting.export_case("peng2020", finished[0], "pdf", out)


def test_a_missing_package_or_browser_is_named_with_what_installs_it(monkeypatch, capsys):
    def missing(*arguments):
        needed.package("pypandoc_that_is_not_there")

    monkeypatch.setattr(exporting, "export_case", missing)
    assert cli.main(["export", "peng2020", "--format", "docx"]) == 2
    assert "python -m pip install --require-hashes --requirement requirements-export.lock" in capsys.readouterr().err
    monkeypatch.setattr(needed.shutil, "which", lambda name: None)
    monkeypatch.setattr(exporting, "export_case", lambda *arguments: needed.chromium())
    assert cli.main(["export", "peng2020", "--format", "pdf"]) == 2
    assert "apt install chromium" in capsys.readouterr().err
