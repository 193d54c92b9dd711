"""Words enter no index: not the statement of an order, and not "normal" or "low", whose bounds are the range's own."""

import pytest

from casereport.analysis.comparable import bounded
from casereport.analysis.effect_tables import effect_table, informative, regression_table
from casereport.analysis.measurements import in_numbers, measurements
from casereport.analysis.tidy import observation_table
from casereport.case.case import Case
from casereport.case.reading import read_case
from made_up import made_up, seen


def tables_of(case: Case):
    return observation_table(measurements(case)), [phase.id for phase in case.meta.phases]


def test_what_is_only_said_to_have_risen_enters_nothing():
    """Peng 2020: inferred to be low before the infusion, then higher on day 1, then normal on day 4."""
    low, rose, normal = measurements(read_case("peng2020"))
    assert [m.enters for m in (low, rose, normal)] == ["", "", "bounds"]
    assert bounded([low, rose, normal]) == {2}


def test_a_return_to_normal_that_the_source_only_states_has_no_effect_size():
    case = read_case("peng2020")
    assert in_numbers(measurements(case)) == []
    assert effect_table(*tables_of(case)).empty and regression_table(*tables_of(case)).empty


@pytest.mark.parametrize("code", ["U", "D", "B", "W", "L", "N", "H"])
def test_a_word_beside_numbers_leaves_their_indices_as_they_are(tmp_path, code):
    counts = [seen(str(day), "lymphocytes", str(value), "10*9/L", low="1.1", high="3.2")
              for day, value in ((-3, 0.6), (-2, 0.5), (-1, 0.4), (1, 0.8), (2, 0.9), (3, 1.0))]  # fmt: skip
    word = seen("5", "lymphocytes", None, "10*9/L", low="1.1", high="3.2", code=code)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain, told = (made_up(tmp_path / name, rows) for name, rows in (("a", counts), ("b", [*counts, word])))
    found = effect_table(*tables_of(told)).set_index("index")
    assert found.equals(effect_table(*tables_of(plain)).set_index("index"))
    assert (found.loc["NAP", "value"], found.loc["NAP", "n_after"]) == (1.0, 3)


def test_a_limit_that_is_printed_as_a_number_enters(tmp_path):
    rows = [seen(day, "crp", value, "mg/L") for day, value in (("-3", 30), ("-2", 28), ("-1", 26), ("2", "<5"))]
    table = effect_table(*tables_of(made_up(tmp_path, rows))).set_index("index")
    assert (table.loc["NAP", "n_after"], table.loc["NAP", "improvement"]) == (1, "decrease")
    # 1 in 4 by rank alone that the last of four values is the lowest: too often for an index to be shown
    assert table.loc["NAP", "false_alarms_high"] > 1 / 4 and informative(table.reset_index()).empty
