"""The page of a cohort: one script and no other, a plain table without it, and quick at ten thousand rows."""

import base64
import hashlib
import json
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casereport.cohort import index_page as module
from casereport.cohort.dataset import OF_PATIENTS, PATIENTS, as_dataset, write
from casereport.cohort.index_page import FIRST, write_page

NASTY = "</script><script>document.title='owned'</script>"


def with_patients(out, count):
    numbers = {c: 1 for c, what in PATIENTS.items() if what.kind in ("whole", "number")}
    ids = [f"p{i}" for i in range(count)]
    table = pd.DataFrame({"patient": ids, "case": ids, "simulated": False, "sex": "female", "outcome": "", **numbers})
    table["measurements"] = range(count)
    write(as_dataset({OF_PATIENTS: table}), out, "part-00000")
    write_page(out, {NASTY: f"line 3: {NASTY}", "=1+1": "x"}, [], reports=True)
    return out / "index.html"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return with_patients(tmp_path_factory.mktemp("cohort"), 10_000)


@pytest.fixture
def soup(index):
    return BeautifulSoup(index.read_text(encoding="utf-8"), "html.parser")


def test_the_policy_allows_the_one_script_by_its_hash_and_nothing_from_elsewhere(soup):
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    script, = [s for s in soup.select("script") if s.get("type") != "application/json"]  # fmt: skip
    digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy.partition("script-src")[2]
    assert not re.search(r"https?://", str(script))


def test_markup_in_an_id_or_an_error_stays_text(soup, index):
    assert NASTY not in index.read_text(encoding="utf-8")
    data = json.loads(soup.select_one("#data").string)
    assert data["rows"][0][0] == NASTY and data["rows"][0][-1] == f"failed: line 3: {NASTY}"
    assert soup.select_one("tbody tr:nth-of-type(1) th").text == NASTY
    assert "'=1+1" in (index.parent / "cases.csv").read_text(encoding="utf-8")  # no formula for a spreadsheet


def test_without_the_script_there_is_a_table_with_links_and_the_way_to_the_rest(soup):
    assert [th.text for th in soup.select("thead th")] == [
        "Patient", "Sex", "Measurements", "Analytes", "First day", "Last day", "Phases", "Better", "Worse", "Remarks",
        "Contradicted", "State",
    ]  # fmt: skip
    # of no patient is an outcome known, and the column is left out; ids are in the order of their numbers
    assert [row.th.text for row in soup.select("tbody tr")[2:14]] == [f"p{i}" for i in range(12)]
    assert len(soup.select("tbody tr")) == FIRST
    assert soup.select_one('tbody a[href="reports/p0/report.html"]').text == "p0"
    assert not soup.select("tbody tr:nth-of-type(-n + 2) a")  # what failed has no report
    assert f"The first {FIRST} of 10002 cases" in soup.select_one(".first-rows").text
    assert soup.select_one('a[href="cases.csv"]') and soup.select_one('a[href="failures.csv"]')


def test_a_cohort_of_which_every_case_failed_has_a_page_that_says_so(tmp_path):
    write_page(tmp_path, {"a": "line 3: x"}, [], reports=True)
    soup = BeautifulSoup((tmp_path / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.select_one("#summary p").text == "no cases with no measurements; 1 failed."
    assert not soup.select("figure") and not soup.select_one('a[href="report.html"]')


def test_a_patient_without_a_measurement_is_no_failure_and_stands_last(tmp_path):
    numbers = {c: 30 + i for i, (c, what) in enumerate(PATIENTS.items()) if what.kind == "whole"}
    numbers |= {"first_day": 0.1335, "last_day": 11.9}
    table = pd.DataFrame(
        {"patient": ["p1"], "case": ["p1"], "simulated": [False], "sex": ["male"], "outcome": ["Discharged alive"]}
        | {c: [n] for c, n in numbers.items()}
    )
    write(as_dataset({OF_PATIENTS: table}), tmp_path, "part-00000")
    write_page(tmp_path, {}, ["p2"], reports=True)
    soup = BeautifulSoup((tmp_path / "index.html").read_text(encoding="utf-8"), "html.parser")
    rows = [[cell.text for cell in row.select("th, td")] for row in soup.select("#cases tbody tr")]
    assert [row[:3] for row in rows] == [["p1", "male", "Discharged alive"], ["p2", "", ""]]
    assert [row[-1] for row in rows] == ["", "no measurement"]
    cells = dict(zip((head.text for head in soup.select("#cases thead th")), rows[0], strict=True))
    assert (cells["First day"], cells["Last day"]) == ("0", "11")  # in which the first and the last time lie
    whole = ["measurements", "analytes", "phases", "better", "worse", "remarks", "contradicted"]
    assert [cells[name.capitalize()] for name in whole] == [str(numbers[name]) for name in whole]
    assert "1 patient without a measurement" in soup.select_one("#summary").text
    assert not soup.select_one('a[href="failures.csv"]') and not soup.select("tbody tr:last-child a")
    kept = pd.read_csv(tmp_path / "cases.csv")
    assert kept["state"].to_list() == ["done", "no measurement"] and kept["first_day"].iloc[0] == 0.1335


def test_a_cohort_larger_than_a_page_says_how_many_it_shows(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    soup = BeautifulSoup(with_patients(tmp_path, 5).read_text(encoding="utf-8"), "html.parser")
    assert "The table shows 5 of 7" in soup.select_one("#summary").text  # the failures and three
    assert len((tmp_path / "cases.csv").read_text(encoding="utf-8").splitlines()) == 8


def test_ten_thousand_rows_are_searched_and_sorted_with_few_in_the_page(opened, index):
    page = opened(index, 1440)
    assert page.said == [] and page.title() == "Case series"
    rows = page.locator("#cases tbody tr:not([aria-hidden])")
    assert 10 < rows.count() < 100
    assert page.locator("#found").inner_text() == "10002 of 10002 cases"
    assert [rows.nth(i).locator("a").count() for i in range(3)] == [0, 0, 1]  # what failed has no report
    page.keyboard.press("Tab")  # the skip link
    page.locator("#search").fill("p9999")
    assert page.locator("#found").inner_text() == "1 of 10002 cases"
    assert rows.first.locator("a").get_attribute("href") == "reports/p9999/report.html"
    page.locator("#search").fill("")
    button = page.get_by_role("button", name="Measurements")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Measurements")
    assert rows.first.locator("th").inner_text() == "p9999"
    page.locator("#window").evaluate("box => { box.scrollTop = box.scrollHeight }")
    page.locator("#cases tbody th").get_by_text("p0", exact=True).wait_for()  # a polled script is against the policy
    assert rows.count() < 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
