"""The notebook of a case series, of a few made-up patients for whom every answer is known."""

import matplotlib as mpl
import pytest

from casereport.cohort.dataset import write
from casereport.cohort.patients import checked
from casereport.cohort.results_of_cases import of_part
from casereport.cohort.series import Cohort, kept_figures
from casereport.cohort.series_report import NOTEBOOK
from cohorts import rows, treated
from shown_cells import Shown

DAYS = (*range(-6, 0), *range(1, 7))  # the cells are given on day 0
CRP = {"p1": (50, 5), "p2": (50, 5), "p3": (50, 5), "p4": (50, 50), "p5": (50, 50), "simulated": (1, 900)}
ALT = {"p1": (30, 30), "p2": (30, 30), "p3": (30, 30), "p4": (30, 90), "p5": (8, 8)}
OTHERS = {"q1": "convalescent_plasma", "q2": "convalescent_plasma", "q3": "tocilizumab", "q4": "tocilizumab",
          "q5": "remdesivir", "q6": "remdesivir", "q7": "dexamethasone"}  # fmt: skip


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """The folder of the cohort, what its notebook shows, and the figures that it kept, as matplotlib has them."""
    folder = tmp_path_factory.mktemp("series")
    cells = [
        (patient, day, analyte, str(values[day > 0]), unit)
        for analyte, unit, of in (("crp", "mg/L", CRP), ("alt", "U/L", ALT))
        for patient, values in of.items()
        for day in DAYS
    ]
    cells += [(patient, 0, "crp", "50", "mg/L") for patient in OTHERS]
    measured = rows(*cells)
    measured["evidence"] = measured["patient"].map({"simulated": "simulated"}).fillna("measured")
    measured["sex"] = measured["patient"].map({"p1": "female"}).fillna("male")
    given = treated(*((p, "mesenchymal_stem_cells", 0) for p in CRP), *((p, what, 0) for p, what in OTHERS.items()))
    write(of_part(checked(measured, given, "table"), {}), folder, "part-00000")
    figures: dict[str, object] = {}
    keep = Cohort.keep

    def noted(self: Cohort, drawn: object, name: str, **more: object) -> object:
        figures[name] = drawn
        return keep(self, drawn, name, **more)

    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        patch.setattr(Cohort, "keep", noted)
        return folder, Shown(NOTEBOOK, cohort_dir=str(folder)), figures


def test_the_simulated_are_no_patients_in_what_is_counted_and_do_not_stand_apart(series):
    _, shown, _ = series
    assert shown.said[:2] == [
        "Patients: 12; with two phases or more: 12.", "2 analytes, in the values of 12 of the 12 patients.",
    ]  # fmt: skip
    measured = {row["label"]: (row["patients"], row["values"]) for row in shown.rows("label", "values")}
    assert measured == {"C-reactive protein": ("12", "67"), "Alanine aminotransferase": ("5", "60")}
    assert "simulated" not in [row["patient"] for row in shown.rows("patient", "better", "worse")]


def test_the_courses_are_of_all_and_their_median_of_the_patients_alone(series):
    _, shown, figures = series
    assert "Lines of 13 cases, medians of 12 patients." in shown.said
    axes = figures["courses"].axes_dict
    (median,) = (line for line in axes["CRP, mg/L"].lines if line.get_linewidth() == 2)
    # of 50 in all and of 5, 5, 5, 50 and 50; on day 0 only the others were measured
    assert list(median.get_ydata()) == [50] * 7 + [5] * 6
    (band,) = axes["ALT, U/L"].patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (9, 40)  # men 9 to 50, women 7 to 40


def test_a_treatment_is_drawn_that_opens_a_phase_in_most_patients(series):
    folder, shown, _ = series
    opened = {row["opener"]: row["patients"] for row in shown.rows("opener", "earliest day")}
    assert opened["Mesenchymal stem cells"] == "5" and opened["Dexamethasone"] == "1"
    assert [figure["name"] for figure in kept_figures(folder)] == ["courses", "nap", "pooled", "balance"]


def test_nap_is_summarised_over_the_patients_with_the_share_of_those_above_chance(series):
    _, shown, figures = series
    (crp,) = (row for row in shown.rows("interval above 0.5", "median") if row["label"] == "C-reactive protein")
    assert crp == {
        "phase": "Mesenchymal stem cells", "label": "C-reactive protein", "patients": "5", "lower quartile": "0.5",
        "median": "1", "upper quartile": "1", "interval above 0.5": "0.6",
    }  # fmt: skip
    (ax,) = figures["nap"].axes
    crosses = [x for found in ax.collections if found.get_sizes()[0] > 10 for x, _ in found.get_offsets()]
    assert crosses == [0]  # of the simulated, who became worse in every pair


def test_pooled_are_the_patients_and_another_one_may_lie_further_away_than_their_mean(series):
    _, shown, figures = series
    (crp,) = (row for row in shown.rows("tau2", "mean") if row["label"] == "C-reactive protein")
    assert (crp["patients"], crp["left out"]) == ("5", "0")
    lines = {
        found.get_linewidths()[0]: found.get_segments()[0][:, 0] for found in figures["pooled"].axes[0].collections
    }
    assert lines[3.5][0] == pytest.approx(float(crp["ci low"]), abs=0.001) and lines[3.5][1] == 1
    assert lines[1][0] < lines[3.5][0] - 0.1


def test_the_balance_names_where_most_got_worse_and_where_most_got_better(series):
    folder, _, _ = series
    assert "The difference is least for ALT and greatest for CRP." in kept_figures(folder)[-1]["alt"]
    assert "Mesenchymal stem cells: 3 better, 1 worse." in kept_figures(folder)[-1]["alt"]


def test_who_worsened_most_stands_first_of_those_who_stand_apart_and_who_improved_most_last(series):
    _, shown, _ = series
    rows = shown.rows("patient", "better", "worse")
    assert (rows[0]["patient"], rows[0]["worse"]) == ("p4", "1")
    assert [row["patient"] for row in rows[-3:]] == ["p1", "p2", "p3"]
