"""No text of a figure is cut or lies on another, whatever the case, and every mark says what it stands for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from markupsafe import escape
from sight import one, unreadable
from small import CASES, episode, events, given, happened, interventions, observations, of_case, phases, seen
from syrupy.assertion import SnapshotAssertion

from casereport import figures
from casereport.analysis.overview import overview_analytes
from casereport.case.place import case_names
from casereport.figures import Figure

SIXTY = "Antithymocyte immunoglobulin of rabbits, a second course, IV"
EPISODES: dict[str, dict[str, Any]] = {
    "1 analyte": {"analytes": 1},
    "24 analytes": {"analytes": 24},
    "60 letters": {"label": SIXTY, "phase_labels": (SIXTY, SIXTY[::-1])},
    "3 days": {"days": (-1, 0, 1)},
    "400 days": {"days": (-200, -100, -50, -10, 10, 50, 100, 150, 200)},
    "hours": {"days": (-0.125, -0.0625, 0.0417, 0.0833, 0.125, 0.25)},
    "1 value": {"analytes": 1, "days": (1,)},
    "no exact border": {"opens": ">0", "days": tuple(range(-10, 11))},
}


def drawn(tables: dict[str, Any]) -> Iterator[Figure]:
    """Every figure that these tables allow."""
    t, rows = tables, tables["observations"]
    episode = t["interventions"], t["events"], rows, t["phases"]
    yield figures.timeline(*episode, t["last_day"])
    shown = overview_analytes(rows, t["changes"], t["claims"], t["audit"]) or list(rows["analyte"].unique())[:1]
    yield figures.overview(*episode, shown, t["last_day"])
    for group, mine in rows.groupby("group", sort=False):
        yield from figures.courses(mine, t["phases"], t["interventions"], str(group))
    yield from figures.other_cases(t["series"], t["case"])
    yield from figures.change(t["changes"], t["phases"])
    yield from figures.sensitivity(t["sensitivity"], t["repetitions"], t["phases"])
    yield from figures.forest(t["effects"], t["phases"], 0.95)


def blemishes(found: Iterable[Figure]) -> dict[str, list[str]]:
    """What cannot be read, by the figure that it is in."""
    problems = {}
    for figure in found:
        problems[figure.id] = unreadable(figure)
        problems |= {f"{figure.id}, on a {which}": unreadable(other) for which, other in figure.others.items()}
    return {figure: told for figure, told in problems.items() if told}


@cache
def figures_of(name: str) -> list[Figure]:
    return list(drawn(of_case(name)))


by_case = pytest.mark.parametrize("name", CASES)


@by_case
def test_every_text_of_a_bundled_case_can_be_read(name):
    assert blemishes(figures_of(name)) == {}


@by_case
def test_each_mark_of_a_bundled_case_says_what_it_stands_for(name):
    wide = figures_of(name)
    for figure in [*wide, *(other for drawn_wide in wide for other in drawn_wide.others.values())]:
        assert figure.points and figure.description.endswith(".")
        ids = Counter(re.findall(r'<g id="([^"]*)"><title>', figure.svg))
        assert ids == Counter(f"{figure.id}-{gid}" for gid in figure.points)
        assert all(f"<title>{escape(said)}</title>" in figure.svg for said in figure.points.values())


@pytest.mark.parametrize("name", case_names())
def test_the_figures_say_and_mark_what_was_read(name: str, snapshot: SnapshotAssertion) -> None:
    """Each mark says what it stands for; a test of the figures holds its place and colour to that.

    A change is to be read as those of test_words_as_read.py are.
    """
    found = {f.id: [f.title, f.caption, f.alt, f.description, *f.points.values()] for f in figures_of(name)}
    assert found == snapshot


@pytest.mark.parametrize("name", EPISODES)
def test_every_text_can_be_read_with(name):
    assert blemishes(drawn(episode(**EPISODES[name]))) == {}


@pytest.mark.parametrize("scale", [1e-7, 1e-5, 1e-3, 0.1, 1, 1e3, 1e5, 1e7])
def test_no_text_of_a_course_is_cut_however_many_digits_its_values_have(scale):
    rows = [seen(day, f"{value * scale:.10f}") for day, value in (("-2", 1.25), ("1", 4.75), ("3", 9.875))]
    figure = one(figures.courses(observations(*rows), phases(), interventions(given("0")), "Inflammation"))
    assert unreadable(figure) == []


def test_words_of_neighbouring_days_do_not_lie_on_one_another():
    rows = [seen(str(day), code="N", phase="after") for day in range(1, 6)]
    rows += [seen(str(day), "5") for day in (-3, -2, -1)]
    many = [row | {"analyte": f"a{i}"} for i in range(3) for row in rows]
    figure = one(figures.courses(observations(*many), phases(), interventions(given("0")), "Inflammation"))
    assert unreadable(figure) == []


def test_many_events_of_one_day_stand_below_one_another():
    told = events(*(happened("1", "W") for _ in range(30)), *(happened("0..2", "B") for _ in range(3)))
    figure = figures.timeline(interventions(given("0")), told, observations(seen("1", "5")), phases())
    assert unreadable(figure) == []
