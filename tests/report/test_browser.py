"""The report in a real browser: no error on the console, no request, no scrolling sideways, at three widths."""

import shutil
from importlib.resources import files

import pandas as pd
import pytest

from casereport.files.paths import DATA
from casereport.run.all_cases import write_index

WIDTHS = {"phone": 390, "tablet": 820, "desk": 1440}
# resolves when the page has not moved for ten frames
STILL = """() => new Promise((resolve) => {
  let at = scrollY, still = 0;
  const look = () => {
    still = scrollY === at ? still + 1 : 0;
    at = scrollY;
    still > 10 ? resolve() : requestAnimationFrame(look);
  };
  look();
})"""


@pytest.fixture(params=["leng2020", "peng2020"])
def report(request, bundled):
    return bundled(request.param)


def test_no_error_no_request_and_no_scrolling_sideways(opened, report):
    page = opened(report, WIDTHS["phone"])
    for scheme, widths in (("light", WIDTHS), ("dark", ["phone"])):
        for width in widths:
            page.set_viewport_size({"width": WIDTHS[width], "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width], (width, scheme)
    assert page.said == []
    assert page.asked == [report.as_uri()]


def test_on_a_phone_the_caption_and_the_names_of_the_rows_stay_when_a_wide_table_is_scrolled(opened, bundled):
    page = opened(bundled("leng2020"), 390)
    left = page.locator("#table-observations").evaluate("""table => {
        for (let box = table; box; box = box.parentElement) if (box.tagName == "DETAILS") box.open = true
        const edge = element => Math.round(element.getBoundingClientRect().left)
        const name = table.querySelector("tbody th[scope=row]"), value = name.nextElementSibling
        const seen = () => [edge(table.caption), edge(name), edge(table.tHead.rows[0].cells[0]), edge(value)]
        const before = seen()
        table.closest(".scroll").scrollLeft = 150
        return [before, seen(), table.caption.offsetWidth]
    }""")
    before, after, width = left
    assert after[:3] == before[:3]
    assert after[3] == before[3] - 150
    assert width <= 390


def test_on_a_phone_no_table_but_the_grid_of_values_is_scrolled_sideways(opened, bundled):
    page = opened(bundled("leng2020"), 390)
    wide, labels = page.evaluate("""() => {
        document.querySelectorAll("details").forEach(folded => folded.open = true)
        const frames = [...document.querySelectorAll("main .scroll:has(> table[id])")]
        const cell = document.querySelector("#table-interventions td")
        return [frames.filter(f => f.scrollWidth > f.clientWidth).map(f => f.querySelector("table").id),
                getComputedStyle(cell, "::before").content]
    }""")
    assert wide == ["table-observations"] and labels == '"From: "'  # of a card each cell says what it is


def test_text_can_be_told_from_its_ground_in_both_schemes(opened, bundled):
    shown, page = {}, opened(bundled("leng2020"), WIDTHS["desk"])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        style = "getComputedStyle(document.body)"
        shown[scheme] = page.evaluate(f"[{style}.color, {style}.backgroundColor]")
        ink = page.evaluate("getComputedStyle(document.querySelector('.picture svg text')).fill")
        assert ink == shown[scheme][0]  # figures follow the page
    assert shown["light"] != shown["dark"]


def test_on_paper_folded_tables_are_unfolded_and_navigation_is_gone(opened, bundled):
    page = opened(bundled("leng2020"), 794)
    page.emulate_media(media="print")
    assert not page.locator("nav.contents").is_visible()
    heights = [table.bounding_box()["height"] for table in page.locator("details.data table").all()]
    assert heights and min(heights) > 20


@pytest.mark.parametrize("width", [390, 1440])
def test_the_room_left_for_what_is_laid_out_later_is_about_what_it_takes(opened, report, width):
    page = opened(report, width)
    left = page.evaluate("document.documentElement.scrollHeight")
    page.add_style_tag(content="section {content-visibility: visible !important}")
    assert left == pytest.approx(page.evaluate("document.documentElement.scrollHeight"), rel=0.3)


def test_a_link_of_the_contents_leads_to_its_section(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["phone"])
    page.locator("nav.contents summary").first.click()
    page.locator('nav.contents a[href="#discussion"]').click()
    assert not page.locator('nav.contents a[href="#audit"]').is_visible()  # the list is out of the way again
    assert abs(page.locator("#discussion").bounding_box()["y"]) < 200


def test_the_keyboard_alone_reaches_the_report_first(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_the_notebook_pages_open_without_error_or_request(opened, built):
    for path in sorted((built / "notebooks").glob("*.html")):
        page = opened(path, WIDTHS["phone"])
        assert page.said == []
        assert page.asked == [path.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"], path.name


AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(opened, path, scheme, width, rules=None):
    # axe is a script of the test's and not of the page's, whose policy would refuse it
    page = opened(path, width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(AXE)
    # without the passes told one by one, which takes most of its time
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", rules or WCAG)
    assert len(found["passes"]) > (0 if rules else 10)
    return [(v["id"], n["target"]) for v in found["violations"] for n in v["nodes"]]


def test_axe_finds_no_violation_of_wcag_2_2_aa_in_a_report_with_what_somebody_adds(opened, extended):
    assert violations(opened, extended, "light", WIDTHS["desk"]) == []
    # in the dark only the colours differ
    assert violations(opened, extended, "dark", WIDTHS["desk"], ["color-contrast"]) == []


def test_what_somebody_adds_has_room_on_a_phone_and_does_nothing(opened, extended):
    page = opened(extended, WIDTHS["phone"])
    assert page.said == [] and page.asked == [extended.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"]
    assert page.evaluate("window.ran") is None


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("case", ["leng2020", "liang2020", "simulated-cp-msc"])
def test_axe_finds_no_violation_in_a_whole_report(opened, bundled, case, scheme):
    assert violations(opened, bundled(case, whole=True), scheme, WIDTHS["desk"]) == []


@pytest.mark.slow
def test_axe_finds_no_violation_in_a_long_report_on_a_phone_or_in_any_notebook_page(opened, bundled, built):
    for path in (bundled("leng2020", whole=True), *sorted((built / "notebooks").glob("*.html"))):
        assert violations(opened, path, "light", WIDTHS["phone"]) == [], path.name


def test_axe_finds_no_violation_on_the_page_of_all_cases(opened, bundled, tmp_path):
    cases = tmp_path / "cases"
    for case in ("peng2020", "leng2020"):
        shutil.copytree(DATA / "cases" / case, cases / case)
        (tmp_path / case).symlink_to(bundled(case).parent)
    write_index(cases, tmp_path)
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        assert violations(opened, tmp_path / "index.html", scheme, WIDTHS["phone"], rules) == []


def value_mark(page, analyte, day):
    """Where the figure of an organ system shows the value of an analyte on a day."""
    table = pd.read_csv(page.parent / "results" / "observations.csv")
    (row,) = table[(table["analyte"] == analyte) & (table["day"] == day)]["row"]
    return f"#courses-inflammation-value-{row}"


def test_who_points_at_a_value_reads_its_day_value_unit_reference_and_source(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"])
    mark = page.locator(value_mark(bundled("leng2020"), "crp", 1))
    mark.scroll_into_view_if_needed()
    page.evaluate(STILL)  # sections on the way take their room as they come near, and what scrolls hides the words
    mark.hover()
    tip = page.locator(".tip")
    said = "C-reactive protein, day 1: 191.00 mg/L; reference below 3 mg/L; measured, Table 4"
    assert tip.text_content().startswith(said)
    page.mouse.move(1, 1)
    assert not tip.is_visible()


def test_the_keyboard_steps_through_the_values_of_a_figure(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"])
    page.locator("#figure-courses-inflammation .links a").first.focus()
    page.keyboard.press("Shift+Tab")  # the figure's own number, which links to it
    page.keyboard.press("Shift+Tab")
    tip = page.locator(".tip")
    said = [tip.text_content()]
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "End", "Home", "ArrowLeft"):
        page.keyboard.press(key)
        said.append(tip.text_content())
    assert [text.partition(";")[0] for text in said[:4]] == [
        "Mesenchymal stem cells, day 0",
        "C-reactive protein, day −7: 2.20 mg/L",
        "C-reactive protein, day −1: 105.50 mg/L",
        "C-reactive protein, day 1: 191.00 mg/L",
    ]
    assert said[5] == said[6] == said[0] != said[4]
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_without_script_the_page_is_whole_and_a_mark_keeps_its_title(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"], java_script_enabled=False)
    title = page.locator(f"{value_mark(bundled('leng2020'), 'crp', 1)} > title")
    assert title.text_content().startswith("C-reactive protein, day 1: 191.00 mg/L")
    assert page.locator("nav.contents ol.sections").first.is_visible()
    page.locator("#figure-courses-inflammation summary").click()
    assert page.locator("#figure-courses-inflammation table").is_visible()


def test_the_colours_of_the_heat_map_show_another_scale_at_the_readers_choice_without_script(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"], java_script_enabled=False)
    figure = page.locator("#figure-laboratory")

    def seen() -> list:
        """The colours of the cells, the texts of the drawing and the caption."""
        return figure.evaluate("""figure => {
            const all = of => [...figure.querySelectorAll(of)]
            const shown = of => all(of).filter(e => e.getClientRects().length).map(e => e.textContent)
            const cells = all(".desk .cells path").map(e => getComputedStyle(e).fill)
            return [cells, shown(".desk svg text"), shown("figcaption > span:not(.links)").join()]
        }""")

    by_range = seen()
    first, other = figure.get_by_role("group", name="Colours show").get_by_role("radio").all()
    first.focus()
    page.keyboard.press("ArrowRight")
    assert other.is_checked()
    by_change = seen()
    assert by_range[0] != by_change[0]
    assert "↓ below the reference range" in by_range[1] and "=" not in by_range[1]
    assert "↓ lower" in by_change[1] and "=" in by_change[1] and "↓ below the reference range" not in by_change[1]
    assert "outside its reference range" in by_range[2] and "from the last one before the first dose" in by_change[2]
    page.emulate_media(media="print")  # on paper the first scale stands, whatever was chosen
    assert seen() == by_range and not other.is_visible()


def test_the_contents_follow_the_reader(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"])
    for section in ("discussion", "timeline"):
        page.locator(f'nav.contents a[href="#{section}"]').click()
        page.locator(f'nav.contents a[href="#{section}"][aria-current]').wait_for()
        assert page.locator("nav.contents [aria-current]").count() == 1
        assert page.locator("nav.contents").bounding_box()["y"] >= 0  # it stays in sight


def test_one_screen_on_top_tells_the_case(opened, report):
    page = opened(report, WIDTHS["desk"])
    box = page.locator("#at-a-glance .facts").bounding_box()  # below the finding and its picture
    assert box["y"] + box["height"] <= 900


def test_a_heading_of_the_abstract_stands_in_the_column_in_which_its_text_begins(opened, bundled):
    page = opened(bundled("leng2020"), WIDTHS["desk"])
    parted = page.evaluate("""() => {
        const texts = [...document.querySelectorAll("#abstract .prose p")], found = []
        for (let words = 5; words < 60; words++) {
            texts.forEach((text, i) => text.textContent = "word ".repeat(i === 1 ? words : 9))
            for (const heading of document.querySelectorAll("#abstract h3")) {
                const here = heading.getClientRects()[0], text = heading.nextElementSibling.getClientRects()[0]
                if (Math.abs(here.top - text.top) > 8) found.push([words, heading.textContent])
            }
        }
        return found
    }""")
    assert parted == []
