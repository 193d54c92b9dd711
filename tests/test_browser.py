"""The report in a real browser: no error on the console, no request, no scrolling sideways, at three widths."""

import shutil
from pathlib import Path

import pytest

from casereport.pages import report_page

CHROMIUM = shutil.which("chromium")
WIDTHS = {"phone": 390, "tablet": 820, "desk": 1440}

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (Debian's package of that name)"),
]
# without these, a headless Chromium asks its maker's servers for updates and variations
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def opened(browser, path: Path, width: int, **options):
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The page of a case with many values, put together without kernels."""
    import nbformat

    from casereport.analysis import complete, open_analysis
    from casereport.report import SECTIONS, head, open_report, section

    out = tmp_path_factory.mktemp("measured")
    analysis = open_analysis("leng2020", "data", out)
    complete(analysis)
    report = open_report(analysis)
    book = nbformat.v4.new_notebook()
    for html in [head(report), *(section(report, s) for s in SECTIONS)]:
        output = nbformat.v4.new_output("execute_result", {"text/html": str(html)})
        book.cells.append(nbformat.v4.new_code_cell(outputs=[output]))
    (out / "report.html").write_text(report_page(book, "leng2020", "", False), encoding="utf-8")
    return out / "report.html"


@pytest.fixture(scope="module", params=["default", "measured"])
def report(request, built, measured):
    return built / "report.html" if request.param == "default" else measured


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_error_no_request_and_no_scrolling_sideways(browser, report, width, scheme):
    page = opened(browser, report, width, color_scheme=scheme)
    assert page.said == []
    assert page.asked == [report.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_text_can_be_told_from_its_ground_in_both_schemes(browser, report):
    shown = {}
    for scheme in ("light", "dark"):
        page = opened(browser, report, WIDTHS["desk"], color_scheme=scheme)
        style = "getComputedStyle(document.body)"
        shown[scheme] = page.evaluate(f"[{style}.color, {style}.backgroundColor]")
        ink = page.evaluate("getComputedStyle(document.querySelector('.picture svg text')).fill")
        assert ink == shown[scheme][0]  # figures follow the page
        page.close()
    assert shown["light"] != shown["dark"]


def test_on_paper_folded_tables_are_unfolded_and_navigation_is_gone(browser, report):
    page = opened(browser, report, 794)
    page.emulate_media(media="print")
    assert not page.locator("nav.contents").is_visible()
    table = page.locator("#table-changes")
    assert table.bounding_box()["height"] > 20
    assert len(page.pdf(prefer_css_page_size=True)) > 20_000
    page.close()


def test_a_link_of_the_contents_leads_to_its_section(browser, report):
    page = opened(browser, report, WIDTHS["phone"], reduced_motion="reduce")
    page.locator('nav.contents a[href="#discussion"]').click()
    assert abs(page.locator("#discussion").bounding_box()["y"]) < 200
    page.close()


def test_the_keyboard_alone_reaches_the_report_first(browser, report):
    page = opened(browser, report, WIDTHS["desk"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.close()


def test_the_notebook_pages_open_without_error_or_request(browser, built):
    for path in sorted((built / "notebooks").glob("*.html")):
        page = opened(browser, path, WIDTHS["phone"])
        assert page.said == []
        assert page.asked == [path.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"], path.name
        page.close()
