"""A part of a claim is decided by intervals only when every completion agrees: held against all completions counted."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casereport.analysis.judgement.position import places
from casereport.audit.claim_view import View
from casereport.audit.verdicts import highest, lowest, matches, moved, placed
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.vocabulary_tables import project_vocabulary

GRID = [x / 4 for x in range(41)]
SCALES = ("ratio", "difference")


@st.composite
def intervals(draw) -> Interval:
    low, high = sorted((draw(st.integers(0, 10)), draw(st.integers(0, 10))))
    if low == high:
        return Interval.exact(low)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


def completions(known: Interval) -> list[float]:
    return [x for x in GRID if x in known]


def decided(answers) -> bool | None:
    """The answer that all completions give, or None where they differ."""
    given = set(answers)
    return given.pop() if len(given) == 1 else None


@given(intervals(), intervals())
def test_a_direction_is_decided_when_every_completion_agrees(before, after):
    pairs = list(product(completions(before), completions(after)))
    assert moved(before, after, "rose") == decided(b > a for a, b in pairs)
    assert moved(before, after, "fell") == decided(b < a for a, b in pairs)
    assert moved(before, after, "same") == decided(b == a for a, b in pairs)


@given(intervals(), st.sampled_from(["3..6", "<=6", "<6", ">=3", ">3"]))
def test_a_place_against_the_reference_range_is_decided_when_every_completion_agrees(known, limits):
    reference = parse(limits)
    where = ["in" if x in reference else "below" if x <= reference.low else "above" for x in completions(known)]
    for place in ("below", "in", "above"):
        assert placed(places(known, reference), place) == decided(w == place for w in where)


@given(intervals(), intervals())
def test_a_claimed_interval_is_borne_out_when_every_completion_lies_in_it(claimed, known):
    if not (claimed.is_exact and known.is_exact):
        assert matches(claimed, known) == decided(x in claimed for x in completions(known))


@given(st.lists(intervals(), min_size=1, max_size=3))
def test_the_highest_and_the_lowest_are_known_as_far_as_all_completions_go(values):
    rows = list(product(*map(completions, values)))
    assert set(completions(highest(values))) == {max(row) for row in rows}
    assert set(completions(lowest(values))) == {min(row) for row in rows}


def test_a_claim_on_a_score_has_no_limits_of_a_relative_change_as_the_changes_have_none():
    crp = project_vocabulary().analytes["crp"]
    of = {scale: View(None, replace(crp, scale=scale), [], None, [], [], frozenset()) for scale in SCALES}
    assert {scale: view.limits is not None for scale, view in of.items()} == {"ratio": True, "difference": False}
