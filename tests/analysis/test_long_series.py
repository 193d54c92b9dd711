"""Hourly values of a long stay: what is computed of a series costs no more than its length, and is the same."""

import time

import numpy as np
import pandas as pd
import pytest

from casereport.analysis.changes import Sides, compared
from casereport.analysis.sensitivity import SUMMARIES, repetitions
from casereport.analysis.statistics.regression import MOST_FOR_AUTOCORRELATION, piecewise
from casereport.analysis.tidy import gathered, measured


def table_of(sides: dict[str, list[tuple[float, float, bool]]]) -> pd.DataFrame:
    """A value a day in each phase, its lower and upper end and whether it is a number; the range is 10 to 20."""
    rows = [(phase, *value) for phase, values in sides.items() for value in values]
    found = pd.DataFrame(rows, columns=["phase", "low", "high", "numeric"])
    days = found.index - float(len(sides["before"]))
    ends = {"day_low": days, "day_high": days, "day_closed": "both", "closed": "both"}
    return found.assign(
        analyte="crp", day=days, ref_low=10.0, ref_high=20.0, ref_closed="both", enters="bounds", **ends
    )


PHASES = pd.DataFrame(
    {
        "phase": ["before", "after"], "label": ["Before", "After"], "opened_by": ["", "plasma"], "lag_days": 0,
        "infusion_day": "before", "window_days": 3, "opens": [np.nan, -0.5], "opens_low": [np.nan, -0.5],
        "opens_high": [np.nan, -0.5], "opens_closed": ["", "both"],
    }
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_each_value_left_out_is_the_comparison_of_the_others(seed):
    rng = np.random.default_rng(seed)

    def side(n):
        low = rng.integers(5, 25, n).astype(float)
        wide = rng.choice([0.0, 0.0, 4.0], n)
        return list(zip(low, low + wide, rng.random(n) < 0.8, strict=True))

    table = table_of({"before": side(int(rng.integers(1, 8))), "after": side(int(rng.integers(1, 8)))})
    found = repetitions(table, PHASES).query("kind == 'left out'")
    before, after = ([m for m in measured(table) if m.phase == phase] for phase in ("before", "after"))
    expected = [([m for m in before if m is not out], [m for m in after if m is not out]) for out in before + after]
    assert len(found) == 2 * len(expected)
    for i, row in enumerate(found.to_dict("records")):
        (earlier, later), how = expected[i // 2], SUMMARIES[i % 2]
        if not earlier or not later:
            assert row["verdict"] == "no data"
            continue
        (change,) = compared([Sides(earlier, later, how, gathered(PHASES.loc[1], "opens_"))])
        assert (row["verdict"], row["heading"]) == (change.verdict, change.heading)
        assert (gathered(row, "before_"), gathered(row, "after_")) == (change.before, change.after)


def seconds(work, n):
    began = time.process_time()
    work(n)
    return time.process_time() - began


def repeated(n):
    values = [(15.0 + i % 7, 15.0 + i % 7, True) for i in range(n // 2)]
    repetitions(table_of({"before": values, "after": values}), PHASES)


def regressed(n):
    days = np.arange(n) / 24
    piecewise(list(days), list(np.sin(days) + days % 0.3), [days[n // 2]])


@pytest.mark.slow
@pytest.mark.parametrize("work", [repeated, regressed])
def test_four_times_the_values_take_no_twelve_times_as_long(work):
    work(100)
    assert seconds(work, 4000) < 12 * (seconds(work, 1000) + 0.05)


def test_beyond_300_values_the_autocorrelation_has_no_interval_and_says_so():
    rng = np.random.default_rng(1)

    def told(n):
        return piecewise(list(range(n)), list(rng.normal(size=n)), [n / 2])

    short, long = told(MOST_FOR_AUTOCORRELATION), told(MOST_FOR_AUTOCORRELATION + 1)
    assert short.autocorrelation.ci_low is not None
    assert long.autocorrelation.ci_low is None and "up to 300" in long.autocorrelation.note
    assert long.autocorrelation.value is not None and long.ar1 is not None
