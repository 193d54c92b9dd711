"""Published effect sizes of withdrawal designs: each A-B pair, and the mean over the pairs."""

import csv
import math
from pathlib import Path

import pytest

import casereport as cr
from casereport.analysis.ab_pairs import ab_pairs_of, combined, with_error
from casereport.analysis.statistics.counts import log_rate_ratio
from casereport.analysis.statistics.effects import nap
from casereport.case.phases import Window
from casereport.case.reading import read_case
from casereport.quantities.intervals import parse
from designs import A1, ABAB, B1, B2, design

# Byiers, Dimian and Symons 2014 (Am J Intellect Dev Disabil 119:340), communication training by a switch in Rett
# syndrome: percentage of responses that were activations of the switch, phases A1 B1 A2 B2. Numbers as in the data set
# Byiers2014 of the R package SingleCaseES.
BYIERS = {
    "Jen": ([44.4, 0.02, 38.5, 11.5], [44.4, 20.6, 54.5, 58.4, 66.6], [46.8, 46.8, 20.7, 18.9],
            [47, 58.6, 54.8, 58.8, 67.1]),
    "Tammy": ([16.8, 41.3, 1], [51.2, 67.4, 99.3, 64, 99.1, 99.8], [99.3, 45.3, 84.5, 65.5, 26.1, 24.4],
              [92, 100, 74]),
    "Rose": ([4.4, 4.9, 0], [49.5, 44.1, 54.9, 72.3, 100, 62.1, 71.4], [10.9, 0, 0],
             [60.1, 56.1, 75, 62, 82.2]),
}  # fmt: skip
# Ferron et al. 2023 (A Methods Guide, Institute of Education Sciences), table case-es-est: mean over both pairs
PRINTED = {
    ("Jen", "NAP"): (".94", ".06", "0.82", "1.06"),
    ("Jen", "SMD"): (".99", ".37", "0.27", "1.71"),
    ("Jen", "LRR"): (".58", ".27", "0.05", "1.10"),
    ("Tammy", "NAP"): (".92", ".07", "0.78", "1.05"),
    ("Tammy", "SMD"): ("1.27", ".39", "0.50", "2.05"),
    ("Tammy", "LRR"): (".82", ".32", "0.19", "1.46"),
    ("Rose", "NAP"): ("1", ".04", "0.92", "1.08"),
    ("Rose", "SMD"): ("9.43", "2.2", "5.11", "13.74"),
}


def experiment(parent: Path, name: str):
    """The A1 B1 A2 B2 of a participant as a case, a session a day, and its tables."""
    values = [value for phase in BYIERS[name] for value in phase]
    stated = [p for p, phase in zip(("a1", "b1", "a2", "b2"), BYIERS[name], strict=True) for _ in phase]
    begins = [str(stated.index(p) + 1) for p in ("b1", "b2")]
    ends = [str(len(stated) - stated[::-1].index(p)) for p in ("b1", "b2")]
    courses = [(start, end, "oxygen") for start, end in zip(begins, ends, strict=True)]
    case = read_case(design(parent, *ABAB, courses=courses, values=values, analyte="spo2", unit="%", stated=stated))
    phases = cr.phases(case, infusion_day="after")
    return phases, cr.observations(case, phases)


@pytest.mark.parametrize(("name", "index"), list(PRINTED))
def test_the_effect_over_both_pairs_of_an_abab_is_that_of_the_methods_guide(tmp_path, name, index):
    phases, observations = experiment(tmp_path, name)
    (row,) = cr.ab_pairs(observations, phases).query("index == @index").to_dict("records")
    found = [row[column] for column in ("value", "se", "ci_low", "ci_high")]
    assert found == [pytest.approx(float(printed), abs=0.00501) for printed in PRINTED[name, index]]
    assert (row["pairs"], row["phases"]) == (2, "a1 b1; a2 b2")


def test_jen_is_better_in_both_pairs_and_loses_it_between_them(tmp_path):
    phases, observations = experiment(tmp_path, "Jen")
    nap = cr.ab_pairs(observations, phases).set_index("index").loc["NAP"]
    assert (nap["agreeing"], nap["values"]) == (2, "0.875; 1")  # 17.5 of 20 pairs, and all 20
    withdrawal = cr.effect_table(observations, list(phases["phase"])).query("index == 'Tau' and phase == 'a2'")
    assert withdrawal["value"].item() < 0


# Schmidt 2007 (thesis, University of Kansas), disruptions in 10 minutes: SingleCaseES 0.7.4, Using-SingleCaseES,
# "Using grouping variables": estimate, standard error and interval of each phase pair (LRRi, improvement a decrease)
SCHMIDT = {
    ("Albert", 1): (1.749, 0.210, 1.338, 2.160),
    ("Albert", 2): (0.947, 0.538, -0.108, 2.001),
    ("Faith", 1): (1.606, 0.324, 0.972, 2.241),
    ("Faith", 2): (1.651, 0.376, 0.914, 2.388),
    ("Lilly", 1): (1.168, 0.227, 0.724, 1.613),
    ("Lilly", 2): (1.427, 0.310, 0.819, 2.035),
}
# the same source, "Aggregating across replications": NAP over both pairs, with its standard error
SCHMIDT_NAP = {
    "Albert": (0.9305556, 0.0719780, 0.7894812, 1.0716299),
    "Faith": (0.9791667, 0.0379601, 0.9047662, 1.0535672),
    "Lilly": (0.8883929, 0.0799921, 0.7316112, 1.0451745),
}


def disruptions() -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    with Path(__file__).with_name("schmidt2007.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["child"], row["phase"]), []).append(float(row["disruptions"]))
    return found


@pytest.mark.parametrize(("child", "pair"), list(SCHMIDT))
def test_the_log_rate_ratio_of_counts_is_that_of_singlecasees(child, pair):
    counts = disruptions()
    found = log_rate_ratio(counts[child, f"A{pair}"], counts[child, f"B{pair}"], "decrease")
    got = (found.value, found.se, found.ci_low, found.ci_high)
    assert got == pytest.approx(SCHMIDT[child, pair], abs=0.00051)


@pytest.mark.parametrize("child", list(SCHMIDT_NAP))
def test_nap_over_both_pairs_is_that_of_singlecasees_where_a_pair_does_not_overlap_too(child):
    counts = disruptions()
    pairs = [(counts[child, f"A{pair}"], counts[child, f"B{pair}"]) for pair in (1, 2)]
    found = combined([with_error("NAP", nap(*pair, "decrease")) for pair in pairs])
    assert (found.value, found.se, found.ci_low, found.ci_high) == pytest.approx(SCHMIDT_NAP[child], abs=1e-6)


def test_a_phase_without_any_event_has_half_an_event_in_all():
    """SingleCaseES, effect size definitions: the mean is at least 1 / (2 n), the variance at least 1 / n^3."""
    found = log_rate_ratio([4, 4], [0, 0, 0, 0], "decrease")
    mean = 1 / 8
    expected = math.log(4 / mean) - (1 / 4**3) / (2 * 4 * mean**2) + (1 / 2**3) / (2 * 2 * 4**2)
    assert found.value == pytest.approx(expected)
    assert found.se == pytest.approx(math.sqrt((1 / 4**3) / (4 * mean**2) + (1 / 2**3) / (2 * 4**2)))
    assert "no event under treatment" in found.note


def test_counts_made_over_twice_the_time_are_halved():
    one, two = (log_rate_ratio([6, 8, 7], [6, 8, 7], exposure=exposure).value for exposure in ((1, 1), (1, 2)))
    assert one == pytest.approx(0)
    assert two == pytest.approx(-math.log(2))


@pytest.mark.parametrize("wrong", [{"exposure": (0, 1)}, {"improvement": "better"}, {"confidence": 1.0}])
def test_what_a_log_rate_ratio_cannot_be_told_is_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        log_rate_ratio([1, 2], [3, 4], **wrong)


def test_a_count_below_nought_is_none():
    with pytest.raises(ValueError, match="below 0"):
        log_rate_ratio([1, -2], [3, 4])


def windows(*opened_by: str | None) -> list[Window]:
    day = parse("1")
    return [Window(f"p{i}", "", name, day, day) for i, name in enumerate(opened_by)]


def test_pairs_are_of_a_phase_with_a_treatment_and_the_one_without_it_before():
    def named(*opened_by):
        return {k: [(a.id, b.id) for a, b in v] for k, v in ab_pairs_of(windows(*opened_by)).items()}

    assert named(None, "x", None, "x") == {"x": [("p0", "p1"), ("p2", "p3")]}
    assert named(None, "x", "y", "x") == {"x": [("p0", "p1"), ("p2", "p3")]}
    # a second dose of the same has nothing without it before
    assert named(None, "x", "x") == {}
    assert named(None, "x", "y") == {}


def test_a_treatment_that_was_begun_once_has_no_pairs_to_combine(tmp_path):
    case = read_case(design(tmp_path, A1, B1))
    phases = cr.phases(case)
    assert cr.ab_pairs(cr.observations(case, phases), phases).empty


def test_a_pair_without_a_value_is_not_made_up(tmp_path):
    """Without a phase for the withdrawal its days belong to none, and B2 is compared with nothing without oxygen."""
    case = read_case(design(tmp_path, A1, B1, B2))
    phases = cr.phases(case, infusion_day="after")
    assert cr.ab_pairs(cr.observations(case, phases), phases).empty
