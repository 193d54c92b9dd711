"""Each cell of a printed table says what the table has under its heading: the page against the tables it is made of."""

import math
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from casereport.analysis.result_files import load_table

Printed = list[dict[str, str]]


@pytest.fixture(scope="module")
def report(bundled) -> Path:
    return bundled("leng2020").parent


@pytest.fixture(scope="module")
def page(report) -> BeautifulSoup:
    return BeautifulSoup((report / "report.html").read_text("utf-8"), "html.parser")


def plain(cell) -> str:
    return " ".join(cell.get_text(" ", strip=True).replace("−", "-").replace("\xa0", " ").split())


def printed(page: BeautifulSoup, name: str) -> Printed:
    """The rows of a table of the page, each cell by its heading; the name of a row without what stands below it."""
    table = page.select_one(f"#table-{name}")
    heads = [plain(head) for head in table.select("thead th")]
    found = []
    for row in table.select("tbody tr"):
        cells = dict(zip(heads, map(plain, row.find_all(["th", "td"])), strict=True))
        found.append(cells | ({heads[0]: str(row.th.contents[0]).strip()} if row.th else {}))
    return found


def both(report: Path, page: BeautifulSoup, name: str) -> list[tuple[dict[str, str], dict]]:
    """Each row that is printed with that of the table, told by its analyte; the case has one phase to compare.

    Analytes without a regression share a row.
    """
    known = {row["label"]: row for row in load_table(report / "results" / f"{name}.csv", name).to_dict("records")}
    return [(row, known[row["Analyte"]]) for row in printed(page, name) if row.get("Level change") != "none"]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def known(row: dict, *columns: str) -> list[float]:
    return pytest.approx([row[c] for c in columns if not math.isnan(row[c])], rel=0.006)  # three digits


def shares(row: dict, *columns: str) -> list[float]:
    return pytest.approx([row[c] for c in columns if not math.isnan(row[c])], abs=0.006)  # two decimals


PLACES = {"in": "in range", "below": "below", "above": "above", "not certain": "not certain", "": "not known"}


def test_a_change_is_printed_with_its_values_days_places_counts_and_repetitions(report, page):
    robust = load_table(report / "results" / "sensitivity.csv", "sensitivity").set_index("label")
    for row, has in both(report, page, "changes"):
        for head, side in (("Before (day)", "before"), ("After (day)", "after")):
            value, when = has[f"{side}_printed"].replace(" %", "%"), has[f"{side}_day"]
            assert row[head].startswith(f"{value} (" if math.isnan(when) else f"{value} ({when:g})")
        places = dict.fromkeys(PLACES[has[f"position_{side}"]] for side in ("before", "after"))
        assert row["Reference range"] == " → ".join(places)
        assert row["Values before and in the phase"] == f"{has['n_before']} and {has['n_after']}"
        same = robust.loc[has["label"]]
        count = "all" if same["survives"] else same["agreeing"]
        said = f"the same in {count} of {same['repetitions']} repetitions"
        assert row["Repetitions"] == ("–" if same["heading"] == "not decidable" else said)


def test_level_trend_and_scatter_are_printed_from_the_phase_before_to_the_phase(report, page):
    for row, has in both(report, page, "visual"):
        for head, what in (("Level", "level"), ("Trend per day", "trend"), ("Variability", "variability")):
            assert numbers(row[head]) == known(has, f"{what}_before", f"{what}_after")
        assert numbers(row["n"]) == [has["n_before"], has["n_after"]]
        assert numbers(row["Overlap"]) == [round(has["overlap"] * has["n_after"]), has["n_after"]]
        assert numbers(row["Immediacy"]) == known(has, "immediacy")


def test_a_regression_is_printed_with_its_terms_and_their_intervals(report, page):
    for row, has in both(report, page, "regression"):
        terms = (("Trend per day", "trend"), ("Level change", "level"), ("Slope change per day", "slope"))
        for head, what in terms:
            assert numbers(row[head]) == known(has, what, f"{what}_low", f"{what}_high")
        rank = [] if math.isnan(has["start_rank"]) else [has["start_rank"], has["starts"]]
        assert numbers(row["Rank of the start"]) == rank


def test_an_effect_size_is_printed_in_the_column_of_its_index(report, page):
    table = load_table(report / "results" / "effects.csv", "effects").set_index(["label", "index"])
    seen = set()
    for row in printed(page, "effects"):
        of = table.loc[row["Analyte"].rstrip(" ()↑↓")]
        nap = of.loc["NAP"]
        assert numbers(row["n"]) == [nap["n_before"], nap["n_after"]]
        (interval,) = (row[head] for head in row if head.startswith("95% CI"))
        assert numbers(interval) == shares(nap, "ci_low", "ci_high")
        assert numbers(row["p"]) in (shares(nap, "p", "p_holm"), shares(nap, "p_least"))
        for index in ("NAP", "Tau", "SMD", "LRR"):
            if numbers(row[index]) and not math.isnan(of.loc[index, "value"]):
                assert numbers(row[index])[:1] == shares(of.loc[index], "value")
                seen.add(index)
    assert seen == {"NAP", "Tau", "SMD", "LRR"}


def test_a_treatment_and_an_event_are_printed_with_their_days_evidence_and_source(report, page):
    courses = load_table(report / "results" / "interventions.csv", "interventions")
    for row, has in zip(printed(page, "interventions"), courses.to_dict("records"), strict=True):
        for head, end in (("From", "start"), ("To", "end")):
            assert math.isnan(has[end]) or row[head] == f"{has[end]:g}"
        assert row["Source"] == f"{has['source']} {has['evidence']}"
    events = load_table(report / "results" / "events.csv", "events")
    events = events[events["kind"] != "history"]
    for row, has in zip(printed(page, "events"), events.to_dict("records"), strict=True):
        assert math.isnan(has["day"]) or row["Day"] == f"{has['day']:g}"
        assert has["told"] in row["Event"] and (row["No."], row["Evidence"]) == (str(has["number"]), has["evidence"])
        assert row["Source"] == has["source"].replace(" %", "%")
