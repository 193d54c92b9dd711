"""The tidy tables: plain columns of the stated types, the same after a journey through CSV, and records again."""

import dataclasses
import math
from functools import cache

import matplotlib
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from casereport.analysis import tables
from casereport.analysis.ab_pairs import ab_pairs
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.analysis.effect_tables import chance_table, effect_table, regression_table
from casereport.analysis.estimability import estimability
from casereport.analysis.half_life import half_life_table
from casereport.analysis.judgement.material import ChangeLimits
from casereport.analysis.measurements import Measurement, measurements
from casereport.analysis.other_cases import cases_beside, courses_beside, given_beside
from casereport.analysis.result_files import as_written, csv_text, load_table, no_formula
from casereport.analysis.sensitivity import repetitions, robustness
from casereport.analysis.table_columns import TABLES, columns_of
from casereport.analysis.tidy import frame, gathered, measured, observation_table, phase_windows, spread
from casereport.analysis.under_way import under_way
from casereport.analysis.visual_analysis import visual_table
from casereport.case.phases import windows
from casereport.case.reading import read_case
from casereport.files.paths import BUNDLED
from casereport.quantities.intervals import Interval, between, parse

DTYPES = {"text": "str", "number": "float64", "whole": "int64", "yes/no": "bool"}
OF_THE_AUDIT = {"consistency", "audit", "care", "found"}


@cache
def made(name: str) -> dict[str, pd.DataFrame]:
    """Every table of a bundled case that the analysis makes, by the name under which a notebook keeps it."""
    case = read_case(name)
    phases = tables.phases(case)
    ids, labels = list(phases["phase"]), dict(zip(phases["phase"], phases["label"], strict=True))
    observations = tables.observations(case, phases)
    interventions, events = tables.interventions(case, phases), tables.events(case, phases)
    changes, effects = tables.changes(observations, phases), effect_table(observations, ids)
    repeated, beside = repetitions(observations, phases), cases_beside(case)
    before, after = (observations[observations["phase"] == phase] for phase in (ids[-2], ids[-1]))
    return {
        "statements": tables.statements(case),
        "phases": phases,
        "observations": observations,
        "interventions": interventions,
        f"given-{ids[-1]}": interventions[interventions["phase"] == ids[-1]].reset_index(drop=True),
        "events": events,
        "pictures": tables.pictures(case),
        "claims": tables.claims(case),
        "sources": tables.sources(case),
        "values": tables.narrative_values(case, phases),
        "changes": changes,
        f"change-{ids[-1]}": tables.change(before, after),
        "under_way": under_way(observations, phases),
        "changes-median": tables.changes(observations, phases, "median"),
        "effects": effects,
        "ab_pairs": ab_pairs(observations, phases),
        "chance": chance_table(effects),
        "regression": regression_table(observations, ids),
        "visual": visual_table(observations, phases),
        "half_lives": half_life_table(observations, ids),
        "repetitions": repeated,
        "sensitivity": robustness(repeated, labels),
        "estimability": estimability(interventions, phases, observations, events),
        "base_rates": base_rates_beside(case),
        "courses-beside": courses_beside(beside),
        "comparators": given_beside(beside),
    }


def columns(name: str) -> dict[str, str]:
    """The columns that a table should have, each with its type."""
    return {column: DTYPES[what.kind] for column, what in columns_of(name).items()}


def through_csv(table: pd.DataFrame, name: str, folder) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    path.write_text(csv_text(table), encoding="utf-8")
    return load_table(path, name)


@pytest.mark.parametrize("case", BUNDLED)
def test_every_table_has_the_columns_that_are_stated_with_their_types_and_no_others(case):
    assert set(TABLES) - OF_THE_AUDIT <= set(made(case))
    for name, table in made(case).items():
        assert columns(name), name
        assert {column: str(dtype) for column, dtype in table.dtypes.items()} == columns(name), name
        assert list(table.columns) == list(columns(name)), name
        texts = table.select_dtypes("str")
        assert texts.notna().all(axis=None) and not texts.isin(["nan", "None", "NaN", "<NA>"]).any(axis=None), name


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_has_the_same_columns_and_types(name, tmp_path):
    empty = frame(name, [])
    assert {column: str(dtype) for column, dtype in empty.dtypes.items()} == columns(name)
    assert_frame_equal(through_csv(empty, name, tmp_path), empty)


@pytest.mark.parametrize("case", BUNDLED)
def test_a_table_comes_back_from_its_file_as_it_was(case, tmp_path):
    for name, table in made(case).items():
        assert_frame_equal(through_csv(table, name, tmp_path), table, check_exact=True)


TEXTS = [
    "", "=1+1", "+1", "+1+1", "-", "-1", "-1-1", "--", "@sum", "'", "''", "'=1", "'til", "'-3", "\ttab", "\t=1",
    "\n=1", "two\nlines", " =1", " blank ", "＝1", "a, b", 'say "no"', "None", "NaN", "nan", "inf", "-inf", "True", "0",
]  # fmt: skip
NUMBERS = [math.inf, -math.inf, math.nan, 0.1 + 0.2, 1 / 3, -1e-300, 1e22, 5.0, 0.0]


def test_no_text_or_number_is_another_after_it(tmp_path):
    rows = [
        {"index": text, "note": text, "value": NUMBERS[i % len(NUMBERS)], "low": NUMBERS[-1 - i % len(NUMBERS)]}
        for i, text in enumerate(TEXTS)
    ]
    table = frame("effects", [{"n_before": 1, "n_after": 2} | row for row in rows])
    back = through_csv(table, "effects", tmp_path)
    assert back["note"].to_list() == TEXTS
    assert_frame_equal(back, table, check_exact=True)


@given(st.text(alphabet="=+-@'\t\n\r ,;\"1.=＝＋x", max_size=6))
def test_the_quote_that_keeps_a_text_from_running_is_taken_off_again(text):
    assert as_written(no_formula(text)) == text


def test_a_table_of_ones_own_is_read_as_pandas_reads_it(tmp_path):
    (tmp_path / "mine.csv").write_text("a,b\n1,\n2,x\n", encoding="utf-8")
    table = load_table(tmp_path / "mine.csv", "mine")
    assert table["a"].to_list() == [1, 2] and table["b"].isna().to_list() == [True, False]


def test_a_column_of_ones_own_in_a_table_of_the_project_comes_back_beside_the_others(tmp_path):
    table = made("leng2020")["observations"].assign(twice=lambda found: 2 * found["value"])
    assert_frame_equal(through_csv(table, "observations", tmp_path), table)


def test_another_table_under_a_name_of_the_project_is_read_as_pandas_reads_it(tmp_path):
    (tmp_path / "mine.csv").write_text("analyte,value\ncrp,5\n", encoding="utf-8")
    assert load_table(tmp_path / "mine.csv", "change-mine")["value"].to_list() == [5]


# Records


@pytest.mark.parametrize("case", BUNDLED)
@pytest.mark.parametrize(("lag_days", "infusion_day"), [(0, "before"), (2, "after")])
def test_the_records_are_the_same_after_they_were_a_table(case, lag_days, infusion_day, tmp_path):
    records = measurements(read_case(case), lag_days, infusion_day)
    table = observation_table(records)
    assert records and measured(table) == records
    assert measured(through_csv(table, "observations", tmp_path)) == records
    assert measured(table.iloc[::2]) == records[::2]


def test_every_field_of_a_record_comes_back(tmp_path):
    record = Measurement(
        row=4, analyte="neutrophils", label="Neutrophil count", short="Neutrophils", group="Haematology",
        unit="10*9/L", improvement="decrease", two_sided=True, when=parse("2..3"), phase="msc", stated_phase="cp",
        known=parse(">=9.5"), numeric=True, interpretation="H", reference=parse("1.8..6.3"), ref_origin="source",
        printed=">=9.5 10*9/L and 12 10*9/L", evidence="reported", source="=Table 1", note="-", lines=(7, 12),
        enters="bounds", scale="count", limits=ChangeLimits(-0.2, 0.3), ends=parse("0..40"),
        threshold=between(None, 10.0), threshold_name="of a score",
    )  # fmt: skip
    plain = Measurement(*([0] + [""] * 6), False, None, "", "", None, False, "", None, *([""] * 5), ())
    fields = [field.name for field in dataclasses.fields(Measurement)]
    assert [name for name in fields if getattr(record, name) == getattr(plain, name)] == []
    assert measured(through_csv(observation_table([record, plain]), "observations", tmp_path)) == [record, plain]


@pytest.mark.parametrize("case", BUNDLED)
@pytest.mark.parametrize("lag_days", [0, 3])
def test_the_phases_are_the_same_after_they_were_a_table(case, lag_days, tmp_path):
    table = through_csv(tables.phases(read_case(case), lag_days), "phases", tmp_path)
    assert phase_windows(table) == windows(read_case(case), lag_days)
    assert phase_windows(table, 1) == windows(read_case(case), 1)


# What is known of the quantity, and the plain columns for it: value, low, high, closed
PLAIN = [
    ("12.5", (12.5, 12.5, 12.5, "both")),
    ("<0.10", (math.nan, 0, 0.1, "left")),
    ("<=0.10", (math.nan, 0, 0.1, "both")),
    (">90", (math.nan, 90, math.inf, "neither")),
    (">=90", (math.nan, 90, math.inf, "left")),
    ("36.6..36.9", (math.nan, 36.6, 36.9, "both")),
    ("", (math.nan, math.nan, math.nan, "")),
]


@pytest.mark.parametrize(("text", "cells"), PLAIN)
def test_a_value_is_four_plain_columns_and_comes_back(text, cells):
    known = parse(text, 0)
    row = spread(known, number="value")
    assert list(row) == ["value", "low", "high", "closed"]
    assert tuple(row.values()) == pytest.approx(cells, nan_ok=True)
    assert gathered(row, number="value") == known


def test_a_day_before_another_has_no_lower_end():
    row = spread(parse("<0"), "day_", "day")
    assert (row["day_low"], row["day_high"], row["day_closed"]) == (-math.inf, 0, "neither")
    assert math.isnan(row["day"])
    assert gathered(row, "day_", "day") == parse("<0")


ends = st.floats(-1e9, 1e9) | st.sampled_from([-math.inf, math.inf])


@given(ends, ends, st.booleans(), st.booleans())
def test_every_interval_comes_back_and_closed_means_what_it_means_to_pandas(one, other, low_open, high_open):
    low, high = sorted((one, other))
    assume(low < high or math.isfinite(low))
    interval = Interval(low, high, low_open and low < high, high_open and low < high)
    row = spread(interval, "x_", "x")
    assert gathered(row, "x_", "x") == interval
    theirs = pd.Interval(row["x_low"], row["x_high"], closed=row["x_closed"])
    assert all((end in theirs) == (end in interval) for end in (low, high) if math.isfinite(end))


def test_a_table_of_ones_own_needs_an_analyte_and_a_value():
    mine = pd.DataFrame({"analyte": ["crp", "crp", "crp"], "day": [-1, 0, 3], "value": [105.5, math.nan, 10]})
    first, unknown, last = measured(mine)
    assert (first.known, first.when, first.enters) == (Interval.exact(105.5), Interval.exact(-1), "bounds")
    assert (unknown.known, unknown.enters) == (None, "")
    assert (last.row, last.known, last.reference, last.phase) == (3, Interval.exact(10), None, "")
    found = tables.change(mine[mine["day"] < 0], mine[mine["day"] > 0]).iloc[0]
    assert (found["before"], found["after"], found["direction"]) == (105.5, 10, "fell")


# One line of pandas or seaborn


@pytest.mark.parametrize("case", BUNDLED)
def test_a_course_is_drawn_by_one_line_of_seaborn(case):
    matplotlib.use("Agg")
    import seaborn as sns
    from matplotlib import pyplot

    observations = made(case)["observations"]
    pyplot.figure()
    axes = sns.lineplot(data=observations.query("analyte == 'crp'"), x="day", y="value")
    drawn = [(x, y) for line in axes.lines for x, y in line.get_xydata()]
    pyplot.close()
    crp = [m for m in measurements(read_case(case)) if m.analyte == "crp"]
    exact = [(m.when.low, m.known.low) for m in crp if m.when and m.when.is_exact and m.known and m.known.is_exact]
    assert drawn == sorted(exact)
    assert bool(drawn) == (case != "peng2020")  # which has no C-reactive protein at all


@pytest.mark.parametrize("case", BUNDLED)
def test_the_values_of_a_phase_are_summed_up_by_one_line_of_pandas(case):
    observations = made(case)["observations"]
    table = observations.groupby(["analyte", "phase"])["value"].describe()
    exact = [m for m in measurements(read_case(case)) if m.known and m.known.is_exact]
    assert table["count"].sum() == len(exact)
    for (analyte, phase), row in table.iterrows():
        values = [m.known.low for m in exact if m.known and (m.analyte, m.phase) == (analyte, phase)]
        assert row["count"] == len(values)
        if values:
            assert (row["min"], row["max"]) == (min(values), max(values))


def test_the_line_of_pandas_gives_what_table_4_of_leng2020_prints():
    table = made("leng2020")["observations"].groupby(["analyte", "phase"])["value"].describe()
    assert table.loc[("crp", "conventional"), ["count", "min", "max"]].to_list() == [2, 2.2, 105.5]
    assert table.loc[("crp", "msc"), ["count", "min", "max"]].to_list() == [6, 10.1, 191]
