"""What a case says twice, in words or in sums has to agree; what does not is remarked on, and nothing else is."""

import csv

import pytest

from casereport.audit import other_day
from casereport.audit.consistency import check_consistency
from casereport.audit.findings import same_number
from casereport.case.reading import read_case
from made_up import made_up, seen


def remarks(tmp_path, *rows) -> list[tuple[str, str]]:
    """(check, analyte) of each remark on the rows."""
    found = check_consistency(made_up(tmp_path, rows))
    return list(zip(found["check"], found["analyte"], strict=True))


def sentence(tmp_path, *rows) -> str:
    found = check_consistency(made_up(tmp_path, rows))
    assert len(found) == 1, list(found["finding"])
    return found["finding"].iloc[0]


# The published cases


def found_in(case: str) -> set[tuple[str, str, str]]:
    table = check_consistency(read_case(case))
    return set(zip(table["check"], table["analyte"], table["day"], strict=True))


def test_the_remarks_on_leng2020_are_the_ones_that_its_text_and_tables_give_cause_for(shared):
    facts = (shared / "published" / "leng2020.md").read_text(encoding="utf-8")
    for line in (
        "| Jan 21-22 | 37.5 |",  # the emergency visit of Jan 22 has 37.8 Cel
        "| Feb 1 | 36.8 | 22 | | 98 |",  # the text of Feb 1 has respiratory rate 33 and SpO2 93 % on oxygen
        "| Feb 13 | 36.6 | 21 | 97 |",  # claim (b) of the text: 98 % on Feb 13
        "| Feb 4 | 36.8 | 21 |",  # claim (g): normal by day 4; 20 is the usual upper limit
    ):
        assert line in facts
    assert "37.8 Cel, 138/85 mm[Hg], pulse 85, respiratory rate 19 /min, WBC 4.9, lymphocytes 0.94" in facts
    with (shared / "published" / "leng2020_table4.csv").open(encoding="utf-8") as file:
        table = {(r["date"], r["analyte_as_printed"]): r["value"] for r in csv.DictReader(file)}
    assert table["2020-01-24", "White-cell count"] == "4.91"  # two days after the visit that the text gives it for
    assert table["2020-01-24", "Absolute lymphocyte count"] == "0.94"
    assert table["2020-02-02", "Creatine kinase"] == "316.00"  # above 310, on the second of days 2 to 4
    assert table["2020-01-30", "Creatine kinase isoenzymes"] == table["2020-01-30", "Procalcitonin"] == "0.12"
    assert found_in("leng2020") == {
        ("stated twice", "temperature", "-10..-9"),
        ("stated twice", "respiratory_rate", "1"),
        ("stated twice", "spo2_oxygen", "1"),
        ("stated twice", "spo2_air", "13"),
        ("other day", "white_cells", "-9"),
        ("interpretation", "ck", "2..4"),
        ("interpretation", "respiratory_rate", "4"),
        ("question", "ck_mb", "-1"),
    }


def test_liang2020_agrees_with_itself_but_for_one_value_that_no_assay_reports():
    # bilirubin adds up on all ten days, six values of day 10 after onset stand in text and table alike;
    # 4.012 pg/mL is below the lower measuring limit of 5 pg/mL
    assert found_in("liang2020") == {("question", "nt_probnp", "-10")}


@pytest.mark.parametrize("case", ["peng2020", "simulated-cp-msc"])
def test_a_case_with_one_source_a_quantity_gives_no_cause_for_a_remark(case):
    assert found_in(case) == set()


def test_a_remark_names_the_rows_that_it_is_about_by_line_and_source(tmp_path):
    rows = seen(0, "crp", "50", "mg/L"), seen(1, "spo2_air", "97", "%"), seen(1, "spo2_air", "98", "%", "text")
    row = check_consistency(made_up(tmp_path, rows)).iloc[0]
    assert (row["day"], row["lines"], row["source"]) == ("1", "3 4", "Table 1; text")  # the header is line 1


# One quantity in two places


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("crp", "105.50", "mg/L"), ("crp", "105.5", "mg/L")),
        (("white_cells", "4.91", "10*9/L"), ("white_cells", "4.9", "10*9/L")),
        (("crp", "105.5", "mg/L"), ("crp", "10.55", "mg/dL")),  # 1 mg/dL is 10 mg/L
        (("bilirubin_total", "20.5", "umol/L"), ("bilirubin_total", "1.2", "mg/dL")),  # 1.2 x 17.104 is 20.52
        (("procalcitonin", "<0.10", "ng/mL"), ("procalcitonin", "0.05", "ng/mL")),
        (("temperature", "37.0..38.5", "Cel"), ("temperature", "38.2", "Cel")),
        (("temperature", "37.0..38.5", "Cel"), ("temperature", "39", "Cel")),  # 38.5 prints as 39 without decimals
    ],
)
def test_two_places_that_may_mean_the_same_number_are_not_remarked_on(tmp_path, first, second):
    assert remarks(tmp_path, seen(1, *first, "Table 1"), seen(1, *second, "text")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("spo2_air", "97", "%"), ("spo2_air", "98", "%")),
        (("crp", "105.5", "mg/L"), ("crp", "10.65", "mg/dL")),
        (("procalcitonin", "<0.10", "ng/mL"), ("procalcitonin", "0.21", "ng/mL")),
        (("temperature", "37.0..38.5", "Cel"), ("temperature", "38.9", "Cel")),
        (("respiratory_rate", "35..44", "/min"), ("respiratory_rate", "35..40", "/min")),
    ],
)
def test_two_places_that_exclude_each_other_are_remarked_on_once(tmp_path, first, second):
    rows = seen(1, *first, "Table 1"), seen(1, *second, "text")
    assert remarks(tmp_path, *rows) == [("stated twice", first[0])]


def test_the_same_digits_with_another_unit_raise_the_question_of_the_unit(tmp_path):
    text = sentence(tmp_path, seen(1, "crp", "10.5", "mg/L"), seen(1, "crp", "10.5", "mg/dL", "text"))
    assert "one of the units misprinted?" in text


def test_a_lost_decimal_point_is_named_as_such(tmp_path):
    text = sentence(tmp_path, seen(1, "crp", "13.6", "mg/L"), seen(1, "crp", "136", "mg/L", "text"))
    assert "decimal point" in text


def test_a_value_that_the_other_document_has_a_day_earlier_is_named_with_that_day(tmp_path):
    rows = [seen(d, "respiratory_rate", v, "/min") for d, v in ((0, "33"), (1, "22"))]
    text = sentence(tmp_path, *rows, seen(1, "respiratory_rate", "33", "/min", "text"))
    assert text.endswith("Table 1 has 33/min on day 0.")


@pytest.mark.parametrize(
    ("day", "value", "source", "found"),
    [
        (-9, "37.8", "text", 1),  # one value printed for the two days, another for one of them
        (-9, "37.5", "text", 0),
        (-9, "37.8", "Table 1, another column", 0),  # a table may hold periods beside days
        (-8, "37.8", "text", 0),  # outside the period
    ],
)
def test_a_value_of_a_day_is_held_against_the_value_of_a_period_around_it(tmp_path, day, value, source, found):
    rows = seen("-10..-9", "temperature", "37.5", "Cel"), seen(day, "temperature", value, "Cel", source)
    assert remarks(tmp_path, *rows) == [("stated twice", "temperature")] * found


def test_a_day_within_the_range_of_a_period_agrees_with_it(tmp_path):
    rows = seen("-7..-2", "temperature", "37.0..38.5", "Cel"), seen(-3, "temperature", "38.5", "Cel", "text")
    assert remarks(tmp_path, *rows) == []


# The same numbers under another day

WHITE_CELLS = {
    -7: ("4.91", "0.94"),
    -1: ("6.35", "0.60"),
    0: ("7.90", "0.35"),
    1: ("7.08", "0.23"),
    4: ("12.57", "0.58"),
}


def counts() -> list[tuple]:
    names = ("white_cells", "lymphocytes")
    return [seen(d, n, v, "10*9/L") for d, vs in WHITE_CELLS.items() for n, v in zip(names, vs, strict=True)]


def test_two_numbers_of_the_text_that_the_table_has_two_days_later_are_remarked_on(tmp_path):
    rows = [seen(-9, "white_cells", "4.9", "10*9/L", "text"), seen(-9, "lymphocytes", "0.94", "10*9/L", "text")]
    text = sentence(tmp_path, *counts(), *rows)
    assert "on day −9" in text and "on day −7" in text


def test_where_only_one_of_two_numbers_recurs_it_is_taken_for_chance(tmp_path):
    rows = [seen(-9, "white_cells", "4.9", "10*9/L", "text"), seen(-9, "lymphocytes", "0.80", "10*9/L", "text")]
    assert remarks(tmp_path, *counts(), *rows) == []


def test_numbers_with_few_possible_values_recur_by_chance(tmp_path):
    table = [(1, "38.2", "24"), (2, "37.6", "22"), (3, "37.0", "20"), (5, "36.8", "18")]
    rows = [r for d, t, f in table for r in (seen(d, "temperature", t, "Cel"), seen(d, "respiratory_rate", f, "/min"))]
    text = seen(4, "temperature", "37.0", "Cel", "text"), seen(4, "respiratory_rate", "20", "/min", "text")
    assert remarks(tmp_path, *rows, *text) == []


def test_a_number_that_agrees_on_its_own_day_has_no_other_day(tmp_path):
    rows = [seen(-7, "white_cells", "4.9", "10*9/L", "text"), seen(-7, "lymphocytes", "0.94", "10*9/L", "text")]
    assert remarks(tmp_path, *counts(), *rows) == []


def test_days_of_two_documents_are_looked_up_and_not_each_held_against_each(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(other_day, "same_number", lambda *pair: calls.append(pair) or same_number(*pair))
    names = ("crp", "mg/L"), ("ferritin", "ng/mL"), ("platelets", "10*9/L")
    course = [
        seen(day, name, str(100 + (37 * day * n + 11 * n) % 397), unit, source)
        for source, days in (("Table 1", range(0, 1000, 2)), ("Table 2", range(1, 1000, 2)))
        for day in days
        for n, (name, unit) in enumerate(names, start=1)
    ]
    case = made_up(tmp_path, course)
    found = list(other_day.other_day(case))
    assert found and len(calls) < 30 * 1000  # of 500 by 500 days twice


def test_documents_of_one_row_each_have_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.setattr(other_day, "same_number", lambda *pair: pytest.fail("compared"))
    case = made_up(tmp_path, [seen(day, "crp", str(60 + day % 40), "mg/L", f"sheet {day}") for day in range(300)])
    assert list(other_day.other_day(case)) == []


# Words against numbers


@pytest.mark.parametrize(
    ("days", "numbers", "found"),
    [
        ("2..4", {2: "316"}, 1),
        ("2..4", {2: "309"}, 0),
        ("2..4", {1: "513", 6: "47"}, 0),  # measured outside the period only
        ("2..4", {2: "316", 4: "200"}, 1),  # a period is over all its days
        (4, {4: "316"}, 1),
        (4, {4: "300..320"}, 0),  # the range may or may not be above 310
        (">=2", {2: "400", 5: "316"}, 1),  # from day 2 on, and no value bears it out
        (">=2", {2: "400", 5: "200"}, 0),  # from some day on, it is
        (">=2", {2: "400"}, 0),
    ],
)
def test_normal_in_words_is_held_against_the_numbers_of_those_days(tmp_path, days, numbers, found):
    words = seen(days, "ck", None, "U/L", "text", "50", "310", "N")
    rows = [seen(d, "ck", v, "U/L", "Table 1", "50", "310") for d, v in numbers.items()]
    assert remarks(tmp_path, words, *rows) == [("interpretation", "ck")] * found


def test_a_range_that_the_source_does_not_print_is_called_the_usual_one(tmp_path):
    words = seen(4, "respiratory_rate", None, "", "text", code="N")
    assert "the source prints none" in sentence(tmp_path, words, seen(4, "respiratory_rate", "21", "/min"))


@pytest.mark.parametrize(("code", "found"), [("U", 1), ("D", 0), ("W", 0), ("B", 1)])
def test_rose_or_better_in_words_is_held_against_the_number_before(tmp_path, code, found):
    # lymphocytes went from 0.60 to 0.23: down, and for lymphocytes that is worse
    rows = [seen(d, "lymphocytes", v, "10*9/L") for d, v in ((0, "0.60"), (1, "0.23"))]
    words = seen(1, "lymphocytes", None, "", "text", code=code)
    assert remarks(tmp_path, *rows, words) == [("interpretation", "lymphocytes")] * found


def test_a_value_called_high_that_is_inside_its_printed_range_is_remarked_on(tmp_path):
    row = seen(1, "ck", "200", "U/L", "Table 1", "50", "310", "H")
    assert remarks(tmp_path, row) == [("interpretation", "ck")]


@pytest.mark.parametrize(("value", "found"), [("40", 0), ("309", 1)])
def test_a_text_that_prints_no_range_is_held_against_the_one_of_the_table(tmp_path, value, found):
    # the usual range, 50 to 310 U/L, would say the opposite of both
    rows = seen(1, "ck", "168", "U/L", "Table 1", "39", "308"), seen(13, "ck", value, "U/L", "text", code="N")
    assert remarks(tmp_path, *rows) == [("interpretation", "ck")] * found


# Sums


@pytest.mark.parametrize(
    ("parts", "total", "found"),
    [
        ({"direct": "2.8", "indirect": "4.41"}, "7.22", 0),  # liang2020, day 3 after onset: 7.21 within rounding
        ({"direct": "2.8", "indirect": "4.41"}, "7.52", 1),
        ({"direct": "12.6"}, "7.22", 1),  # a part above its total
        ({"direct": "2.8"}, "7.22", 0),
    ],
)
def test_direct_and_indirect_bilirubin_make_the_total(tmp_path, parts, total, found):
    rows = [seen(1, f"bilirubin_{name}", value, "umol/L") for name, value in parts.items()]
    rows.append(seen(1, "bilirubin_total", total, "umol/L"))
    assert remarks(tmp_path, *rows) == [("sum", "bilirubin_total")] * found


@pytest.mark.parametrize(("share", "found"), [("80.0", 0), ("80", 0), ("79.4", 0), ("75.0", 1)])
def test_a_share_of_the_white_cells_fits_the_two_counts(tmp_path, share, found):
    # 4.0 of 5.0 is 80 %; 3.95 of 5.05 would round to the same counts and is 78.2 %
    counts = [seen(1, "white_cells", "5.0", "10*9/L"), seen(1, "neutrophils", "4.0", "10*9/L")]
    rows = [*counts, seen(1, "neutrophil_share", share, "%")]
    assert remarks(tmp_path, *rows) == [("identity", "neutrophil_share")] * found


# Questions


def course(analyte, values, unit, source="Table 1") -> list[tuple]:
    return [seen(day, analyte, value, unit, source) for day, value in enumerate(values)]


STEADY = ["60", "61", "59", "60", "62"]


def test_a_value_beyond_what_is_plausible_is_a_question(tmp_path):
    assert remarks(tmp_path, seen(1, "potassium", "35.3", "mmol/L")) == [("question", "potassium")]


@pytest.mark.parametrize(
    ("analyte", "unit", "low", "high", "found"),
    [
        ("crp", "ng/mL", "", "3.00", 1),  # 0.003 mg/L: usual limits are 3 to 10 mg/L
        ("crp", "g/L", "", "3.00", 1),
        ("crp", "mg/L", "", "10", 0),
        ("crp", "mg/dL", "", "0.5", 0),  # 5 mg/L
        ("haemoglobin", "g/L", "13.0", "17.5", 1),  # g/dL printed as g/L moves both limits tenfold
        ("haemoglobin", "g/dL", "13.0", "17.5", 0),
        ("procalcitonin", "ng/mL", "", "0.5", 0),  # laboratories print 0.05, 0.1 or 0.5
        ("troponin", "ng/mL", "", "0.014", 0),  # a newer assay
        ("troponin", "ng/mL", "", "0.5", 0),  # an older one: ten times, but one limit alone does not show a wrong unit
    ],
)
def test_a_reference_range_off_by_powers_of_ten_is_a_question_about_the_unit(tmp_path, analyte, unit, low, high, found):
    value = {("crp", "g/L"): "0.5", ("haemoglobin", "g/L"): "145"}.get((analyte, unit), high)
    row = seen(1, analyte, value, unit, "Table 1", low, high)
    assert remarks(tmp_path, row) == [("question", analyte)] * found


@pytest.mark.parametrize("order", [1, -1])
def test_a_number_of_another_row_that_is_out_of_line_with_its_own_is_a_question(tmp_path, order):
    values = {"ck_mb": ["0.90", "0.12", "5.67"], "procalcitonin": ["0.11", "0.12", "0.10"]}
    rows = [row for name in list(values)[::order] for row in course(name, values[name], "ng/mL")]
    found = check_consistency(made_up(tmp_path, rows))
    assert list(zip(found["check"], found["analyte"], strict=True)) == [("question", "ck_mb")]
    assert "procalcitonin" in found["finding"].iloc[0]  # where the number fits is where it belongs


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["0.02", "0.02", "0.02"], ["0.02", "0.02", "0.03"]),  # one digit says little
        (["0.12", "0.02", "0.11"], ["0.01", "0.02", "0.01"]),  # out of line, but one digit
        (["0.14", "0.15", "0.14"], ["0.12", "0.15", "0.13"]),  # equal, and in line with both
    ],
)
def test_equal_numbers_that_fit_both_rows_are_a_coincidence(tmp_path, first, second):
    rows = course("eosinophils", first, "10*9/L") + course("basophils", second, "10*9/L")
    assert [r for r in remarks(tmp_path, *rows) if r[0] == "question"] == []


def test_one_value_tenfold_out_of_line_while_nothing_else_moves_is_a_question(tmp_path):
    rows = course("crp", ["102.1", "9.2", "99.3"], "mg/L") + course("creatinine", STEADY[:3], "umol/L")
    text = sentence(tmp_path, *rows)
    assert text.startswith("C-reactive protein on day 1") and "ten times higher would be in line" in text


def test_a_jump_that_another_analyte_shares_is_an_event_in_the_patient(tmp_path):
    # liang2020, day 10 after onset: direct bilirubin 6.8, 43.8, 14.5 and CRP 34.6, 82.7, 22.6 on the same days
    rows = course("crp", ["10", "60", "11"], "mg/L") + course("bilirubin_direct", ["6.8", "43.8", "8.5"], "umol/L")
    assert remarks(tmp_path, *rows) == []


@pytest.mark.parametrize(
    "values",
    [
        ["2.2", "105.5", "191.0", "83.4"],  # leng2020: CRP rises 48-fold and stays up
        ["105.5", "13.6", "22.7", "18.3"],
        ["20", "60", "25", "22"],  # threefold
        ["0.01", "0.05", "0.01", "0.01"],  # within rounding: 0.045 and 0.015
    ],
)
def test_a_rise_a_fall_and_a_lesser_swing_are_no_jump(tmp_path, values):
    rows = course("crp", values, "mg/L") + course("creatinine", STEADY[:4], "umol/L")
    assert remarks(tmp_path, *rows) == []


def test_less_is_a_jump_in_an_analyte_that_is_steady_otherwise(tmp_path):
    others = course("creatinine", STEADY, "umol/L")
    steady = course("haemoglobin", ["145", "147", "75", "146", "142"], "g/L")
    assert remarks(tmp_path / "a", *steady, *others) == []  # only two other steps: not enough to call it steady
    steady = course("haemoglobin", ["145", "147", "75", "146", "142", "144"], "g/L")
    assert remarks(tmp_path / "b", *steady, *others) == [("question", "haemoglobin")]


def test_where_nothing_else_is_measured_a_jump_cannot_be_told_from_an_event(tmp_path):
    assert remarks(tmp_path, *course("crp", ["102.1", "9.2", "99.3"], "mg/L")) == []


def test_no_remark_accuses():
    for case in ("peng2020", "liang2020", "leng2020", "simulated-cp-msc"):
        for finding in check_consistency(read_case(case))["finding"]:
            assert not any(w in finding.lower() for w in ("error", "wrong", "false", "mistake", "incorrect", "mislead"))
