"""The simulated case is what its truth says, is the same each time, and says of itself that it is simulated."""

import csv
import io
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from casereport.quantities.intervals import parse, printed_half_unit
from casereport.reference.simulated_case import (
    CASE,
    LAST_DAY,
    SEED,
    TRUTH,
    expected,
    simulate,
    true_effects,
    without_noise,
    write,
)

FOLDER = Path(__file__).parents[2] / "data" / "cases" / CASE
FILES = {"observations.csv", "interventions.csv", "events.csv", "truth.csv", "case.yaml", "narrative.md"}
TABLES = sorted(name for name in FILES if name.endswith(".csv"))
VITAL_SIGNS = {"temperature", "respiratory_rate", "heart_rate", "systolic_pressure", "spo2_oxygen"}
PHASES = {"conventional": (-math.inf, 0), "cp": (0, TRUTH.cells_day), "msc": (TRUTH.cells_day, math.inf)}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return simulate()


@pytest.fixture(scope="module")
def noiseless() -> dict[str, dict[int, str]]:
    """The printed value of each analyte and day when there is no noise."""
    found: dict[str, dict[int, str]] = {}
    for row in rows(simulate(without_noise(TRUTH))["observations.csv"]):
        found.setdefault(row["analyte"], {})[int(row["day"])] = row["value"]
    return found


def numbers(printed: dict[int, str]) -> dict[int, float]:
    return {day: float(text) for day, text in printed.items() if text[0] not in "<>"}


# The same each time


def test_same_seed_same_bytes(files):
    assert set(files) == FILES
    assert simulate(TRUTH, seed=SEED, last_day=LAST_DAY) == files


def test_another_seed_gives_other_values_of_the_same_episode(files):
    other = simulate(seed=SEED + 1)
    values = [[r["value"] for r in rows(f["observations.csv"])] for f in (files, other)]
    assert values[0] != values[1]
    assert other["case.yaml"] == files["case.yaml"]


def test_the_folder_in_data_is_what_simulate_writes(files):
    # claims.csv, if there is one, is written by hand: what is asserted is not simulated
    assert {p.name for p in FOLDER.iterdir()} - {"claims.csv"} == FILES
    for name, text in files.items():
        assert (FOLDER / name).read_bytes() == text.encode(), f"{name}: write it anew, see simulated_case.write"


def test_write_names_the_case_after_its_folder(tmp_path):
    write(tmp_path / "case-8", seed=8)
    written = {p.name: p.read_bytes().decode() for p in (tmp_path / "case-8").iterdir()}
    assert written == simulate(seed=8, case="case-8")
    assert yaml.safe_load(written["case.yaml"])["id"] == "case-8"


def test_one_course_does_not_disturb_another(files):
    fewer = replace(TRUTH, courses=tuple(c for c in TRUTH.courses if c.analyte != "crp"))
    without = rows(simulate(fewer)["observations.csv"])
    assert without == [r for r in rows(files["observations.csv"]) if r["analyte"] != "crp"]


# Simulated, and says so


def test_every_row_is_simulated_and_names_its_seed(files):
    for name in TABLES:
        table = rows(files[name])
        assert table
        assert {r["evidence"] for r in table} == {"simulated"}
        assert {r["source"] for r in table} == {f"simulate.py, seed {SEED}"}


def test_the_words_say_that_it_is_simulated(files):
    meta = yaml.safe_load(files["case.yaml"])
    assert meta["title"].startswith("Simulated case report: ")
    assert meta["citation"] is None
    assert meta["consent"] == "Not applicable: no patient; the values are simulated"
    assert "simulated" in meta["subject"]["description"].lower()
    assert (meta["id"], meta["status"], meta["last_day"]) == (CASE, "draft", LAST_DAY)
    sections = re.split(r"^# .*\n", files["narrative.md"], flags=re.MULTILINE)[1:]
    assert len(sections) == 10
    for section in sections:
        assert "simulated" in section.lower()


# The grammar and the shape of the episode


def test_every_value_and_day_is_in_the_grammar(files):
    columns = {
        "observations.csv": ("day", "value", "ref_low", "ref_high"),
        "interventions.csv": ("start_day", "end_day", "dose"),
        "events.csv": ("day",),
    }
    for name, named in columns.items():
        for row in rows(files[name]):
            for column in named:
                parse(row[column])
    for row in rows(files["observations.csv"]):
        assert parse(row["value"], floor=0.0) is not None
        assert TRUTH.first_day <= int(row["day"]) <= LAST_DAY


def test_fifteen_laboratory_analytes_and_five_vital_signs(files):
    table = rows(files["observations.csv"])
    found = {r["analyte"] for r in table}
    assert VITAL_SIGNS.issubset(found)
    assert len(found - VITAL_SIGNS) == 15
    assert len({(r["day"], r["analyte"], r["source"]) for r in table}) == len(table)


def test_the_order_of_treatments_is_that_of_the_published_case(files):
    first: dict[str, int] = {}
    for row in rows(files["interventions.csv"]):
        first[row["intervention"]] = min(first.get(row["intervention"], 99), int(row["start_day"]))
    before = {"lopinavir_ritonavir", "interferon_alpha", "ribavirin", "meropenem", "methylprednisolone"}
    assert all(first[drug] < 0 for drug in before | {"immunoglobulin"})
    assert (first["convalescent_plasma"], first["mesenchymal_stem_cells"]) == (0, 7)


def test_vital_signs_in_intensive_care_are_ranges(files):
    table = [r for r in rows(files["observations.csv"]) if ".." in r["value"]]
    low, high = TRUTH.intensive_care
    assert {r["analyte"] for r in table} == VITAL_SIGNS
    assert all(low <= int(r["day"]) <= high for r in table)


def test_samples_are_missing(files):
    taken = {(r["day"], r["analyte"]) for r in rows(files["observations.csv"])}
    planned = {(r["day"], r["analyte"]) for r in rows(simulate(without_noise(TRUTH))["observations.csv"])}
    assert taken < planned
    assert 0.01 < 1 - len(taken) / len(planned) < 0.15


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_seed_the_narrative_finds_its_values_and_the_counts_add_up(seed):
    made = simulate(seed=seed, last_day=13 if seed % 2 else LAST_DAY)
    table = rows(made["observations.csv"])
    for analyte, phase in re.findall(r"\{\{ (\w+)\.(?:first|last|min|max)\.(\w+) \}\}", made["narrative.md"]):
        after, until = PHASES[phase]  # a sample of an infusion day is drawn before the infusion
        assert any(r["analyte"] == analyte and after < int(r["day"]) <= until for r in table), (analyte, phase)
    counts = {(r["day"], r["analyte"]): float(r["value"]) for r in table if r["unit"] == "10*9/L"}
    for (day, analyte), value in counts.items():
        if analyte == "white_cells":
            assert value > counts[day, "neutrophils"] + counts[day, "lymphocytes"]


def test_an_episode_that_ends_before_its_last_infusion_is_refused():
    with pytest.raises(ValueError, match="last_day 12 is before the last infusion of cells, 13"):
        simulate(last_day=12)


# Limits of detection


def test_censored_values_lie_at_the_limits(files):
    limits = {"procalcitonin": {"<0.05"}, "il_6": {"<1.5"}, "ferritin": {">1500"}}
    found: dict[str, set[str]] = {}
    for row in rows(files["observations.csv"]):
        if row["value"][0] in "<>":
            found.setdefault(row["analyte"], set()).add(row["value"])
    assert found == limits


def test_no_value_is_printed_beyond_its_limit(files):
    courses = {c.analyte: c for c in TRUTH.courses}
    for row in rows(files["observations.csv"]):
        value, course = parse(row["value"], floor=0.0), courses[row["analyte"]]
        if row["value"][0] not in "<>":
            assert course.limit_low <= value.low <= value.high <= course.limit_high


def test_a_value_is_censored_just_when_it_lies_beyond_its_limit(noiseless):
    for course in TRUTH.courses:
        for day, text in noiseless[course.analyte].items():
            median = expected(TRUTH, course.analyte, day)
            sign = "<" if median < course.limit_low else ">" if median > course.limit_high else ""
            assert text.startswith(sign)
            assert (text[0] in "<>") == bool(sign)


def test_a_saturation_never_exceeds_100_percent():
    spo2 = next(c for c in TRUTH.courses if c.analyte == "spo2_oxygen")
    restless = replace(TRUTH, courses=(replace(spo2, cv_analytical=0.1),))
    values = [parse(r["value"]).high for r in rows(simulate(restless)["observations.csv"])]
    assert max(values) == 100


# The truth


def test_without_noise_every_value_is_the_median(noiseless):
    seen = 0
    for analyte, printed in noiseless.items():
        for day, value in numbers(printed).items():
            assert abs(value - expected(TRUTH, analyte, day)) <= printed_half_unit(printed[day]) * (1 + 1e-9)
            seen += 1
    assert seen > 450


def test_the_median_is_the_formula_of_the_docstring():
    crp = next(c for c in TRUTH.courses if c.analyte == "crp")
    day, rise = 10, lambda days, onset: 1 - math.exp(-days / onset)
    change = crp.slope * (3 + 9) + crp.recovery * rise(7, 6.0) + crp.plasma * rise(10, 1.5) + crp.cells * rise(3, 3.0)
    assert expected(TRUTH, "crp", day) == pytest.approx(38 * math.exp(change), rel=1e-12)
    assert expected(TRUTH, "crp", -9) == 38
    assert expected(TRUTH, "crp", 0) == pytest.approx(38 * math.exp(9 * 0.10), rel=1e-12)


def printed_error(printed: dict[int, str], *days: int) -> float:
    """What rounding to print may add to a sum of the logarithms of these days' values."""
    return sum(printed_half_unit(printed[d]) / (float(printed[d]) - printed_half_unit(printed[d])) for d in days)


@pytest.mark.parametrize("course", [c for c in TRUTH.courses if not c.parts], ids=lambda c: c.analyte)
def test_without_noise_the_slope_is_recovered(course, noiseless):
    printed = noiseless[course.analyte]
    days = [d for d in numbers(printed) if d <= 0]
    fitted = np.polyfit(days, [math.log(float(printed[d])) for d in days], 1)[0]
    # a least-squares slope moves most when every value left of the middle is rounded one way and the rest the other
    middle = np.mean(days)
    weight = sum((d - middle) ** 2 for d in days)
    rounding = sum(abs(d - middle) * printed_error(printed, d) for d in days) / weight
    assert fitted == pytest.approx(course.slope, abs=rounding + 1e-9)


@pytest.mark.parametrize("course", [c for c in TRUTH.courses if not c.parts], ids=lambda c: c.analyte)
def test_without_noise_the_effects_are_recovered_against_an_untreated_twin(course, noiseless):
    """The twin has the same illness without the treatment, which no real patient can show."""
    printed = noiseless[course.analyte]
    days = [d for d in numbers(printed) if d > TRUTH.cells_day]
    for treatment, since, onset in (
        ("plasma", 0, TRUTH.plasma_onset),
        ("cells", TRUTH.cells_day, TRUTH.cells_onset),
    ):
        untreated = replace(course, **{treatment: 0.0})
        twin_truth = without_noise(replace(TRUTH, courses=(untreated,)))
        twin = {int(r["day"]): r["value"] for r in rows(simulate(twin_truth)["observations.csv"])}
        day = max(d for d in days if d in numbers(twin))
        reached = 1 - math.exp(-(day - since) / onset)
        found = math.log(float(printed[day]) / float(twin[day])) / reached
        rounding = (printed_error(printed, day) + printed_error(twin, day)) / reached
        assert found == pytest.approx(getattr(course, treatment), abs=rounding + 1e-9)


def test_true_effects_are_those_of_the_docstring():
    late = true_effects(TRUTH, day=10_000)
    for analyte, plasma, cells in (
        ("lymphocytes", 2.12, 1.00),
        ("il_6", 0.61, 0.17),
        ("crp", 0.74, 0.22),
        ("pao2_fio2", 1.13, 1.65),
        ("ferritin", 1.00, 1.00),
        ("creatinine", 1.00, 1.00),
    ):
        assert round(math.exp(late[analyte]["plasma"]), 2) == plasma
        assert round(math.exp(late[analyte]["cells"]), 2) == cells
    assert set(late) == {c.analyte for c in TRUTH.courses}


@pytest.mark.parametrize("day", [0, 1, 7, 10, LAST_DAY])
def test_there_is_no_interaction(day):
    assert all(abs(e["interaction"]) < 1e-12 for e in true_effects(TRUTH, day).values())


def test_natural_recovery_alone_looks_like_an_effect_of_the_cells(noiseless):
    """The trap of the case: ferritin owes nothing to the cells, and falls by more than half after them."""
    assert true_effects()["ferritin"]["cells"] == 0
    ferritin = numbers(noiseless["ferritin"])
    assert ferritin[27] < ferritin[7] / 2


def test_the_shape_of_the_published_case():
    """Lymphocytes rose the day after plasma and were back in the range on the fourth; nothing had helped before."""
    lymphocytes = {day: expected(TRUTH, "lymphocytes", day) for day in (-9, 0, 1, 4)}
    assert lymphocytes[0] < lymphocytes[-9] < 1.1
    assert lymphocytes[1] > lymphocytes[0]
    assert lymphocytes[4] >= 1.1
    assert expected(TRUTH, "pao2_fio2", 0) < expected(TRUTH, "pao2_fio2", -9) < 300


def test_the_noise_has_the_stated_size_and_autocorrelation():
    """One analyte with nothing but noise, over 4000 days: its logarithm has the stated SD and lag-1 correlation."""
    creatinine = next(c for c in TRUTH.courses if c.analyte == "creatinine")
    course = replace(
        creatinine, cv_biological=0.20, cv_analytical=0.0, autocorrelation=0.5, digits=6, panel="vital_signs"
    )
    truth = without_noise(replace(TRUTH, courses=(creatinine,)))
    long = simulate(replace(truth, courses=(course,), intensive_care=(0, -1)), last_day=4000)
    log = np.log([float(r["value"]) for r in rows(long["observations.csv"])])
    residual = log - math.log(58)
    assert np.mean(residual) == pytest.approx(0, abs=0.02)
    assert np.std(residual) == pytest.approx(math.sqrt(math.log1p(0.2**2)), rel=0.05)
    assert np.corrcoef(residual[1:], residual[:-1])[0, 1] == pytest.approx(0.5, abs=0.05)
