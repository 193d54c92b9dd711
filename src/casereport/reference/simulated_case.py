"""Simulated cases with a known truth, for demonstration, tests and load: no value in them comes from a patient.

The episode has the shape of a published one: worsening on conventional therapy, convalescent plasma on day 0, stem
cells from day 7, observed to day 30. The median of an analyte on day t, with s the first day, is

    level * exp( slope * (min(t, turn) - s)  +  recovery * rise(t - turn, recovery_onset)
               + plasma * rise(t, plasma_onset)  +  cells * rise(t - cells_day, cells_onset) )

where rise(d, T) = 1 - exp(-d / T) after d = 0 and 0 before; samples are drawn before an infusion of the same day.
What `TRUTH` holds: plasma multiplies the lymphocytes by exp(0.75) = 2.12, IL-6 by exp(-0.50) = 0.61 and CRP by
exp(-0.30) = 0.74; the cells multiply IL-6 by exp(-1.80) = 0.17, CRP by exp(-1.50) = 0.22 and PaO2/FiO2 by
exp(0.50) = 1.65, and leave the lymphocytes alone. There is NO interaction: each treatment multiplies by the same
factor with the other as without it. The illness turns by itself on day 3, so ferritin, procalcitonin, neutrophils and
ALT fall after the cells with no effect of either treatment; creatinine and systolic pressure do not change at all.
Every parameter is assumed; none is an estimate from data.
"""

import csv
import io
import math
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

import numpy as np

from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.quantities.wording import uncapital
from casereport.reference.simulated_texts import CASE_YAML, NARRATIVE

CASE = "simulated-cp-msc"
SEED = 7
LAST_DAY = 30
INFUSIONS = (0, 3, 6)  # of cells, in days after the first

Row = tuple[int | str, ...]  # one row of a table, as CSV writes it


@dataclass(frozen=True)
class Panel:
    """Analytes that are sampled together. `steps` are (up to this day, every so many days), in order.

    A scheduled day is missed with probability `gap`; nothing is sampled after day `until`. `readings` is the number a
    day in intensive care, where the chart gives their range; elsewhere one reading is taken.
    """

    steps: tuple[tuple[float, int], ...]
    gap: float
    readings: int = 1
    until: float = math.inf


@dataclass(frozen=True)
class Course:
    """The truth about one analyte; `level`, limits and references are in `unit`.

    `level` is the median on the first day, `slope` the change of its logarithm per day of illness; `plasma`, `cells`
    and `recovery` are changes of the logarithm, reached in the end. Noise is log-normal: a biological part, AR(1)
    from day to day with `autocorrelation`, and an independent part for each reading (analytical, or within the day).
    Values print with `digits` decimals, and as `<limit_low` or `>limit_high` beyond those. With `parts` the analyte is
    a total, the course being what is left: it adds the courses named, earlier ones, so that they always fit into it.
    """

    analyte: str
    unit: str
    panel: str
    level: float
    slope: float
    plasma: float
    cells: float
    recovery: float
    cv_biological: float
    cv_analytical: float
    autocorrelation: float
    digits: int
    ref_low: str = ""
    ref_high: str = ""
    limit_low: float = 0.0
    limit_high: float = math.inf
    ceiling: float = math.inf
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Truth:
    """All that is true of a simulated episode; days are study days, onsets are time constants in days."""

    courses: tuple[Course, ...]
    panels: dict[str, Panel]
    first_day: int = -9
    turn: float = 3.0
    cells_day: int = 7
    plasma_onset: float = 1.5
    cells_onset: float = 3.0
    recovery_onset: float = 6.0
    intensive_care: tuple[int, int] = (-3, 10)


TRUTH = Truth(
    # level, slope, plasma, cells, recovery; biological CV, analytical CV, AR(1); digits, reference range, limits
    courses=(
        Course("neutrophils", "10*9/L", "blood_count", 5.5, 0.040, 0, 0, -0.85, 0.12, 0.03, 0.5, 2, "1.8", "6.3"),
        Course("lymphocytes", "10*9/L", "blood_count", 1.0, -0.050, 0.75, 0, 0.40, 0.08, 0.04, 0.4, 2, "1.1", "3.2"),
        Course("white_cells", "10*9/L", "blood_count", 0.4, 0.0, 0, 0, 0.20, 0.10, 0.05, 0.4, 2, "3.5", "9.5",
               parts=("neutrophils", "lymphocytes")),
        Course("haemoglobin", "g/L", "blood_count", 128, -0.008, 0, 0, 0.06, 0.015, 0.01, 0.7, 0, "115", "150"),
        Course("platelets", "10*9/L", "blood_count", 190, -0.020, 0, 0, 0.45, 0.05, 0.03, 0.6, 0, "125", "350"),
        Course("crp", "mg/L", "crp", 38, 0.100, -0.30, -1.50, -1.40, 0.20, 0.04, 0.5, 1, "", "10.0", 0.5),
        Course("procalcitonin", "ng/mL", "procalcitonin", 0.12, 0.08, 0, 0, -2.4, 0.15, 0.06, 0.4, 2, "", "0.10", 0.05),
        Course("il_6", "pg/mL", "cytokines", 45, 0.120, -0.50, -1.80, -2.90, 0.30, 0.08, 0.3, 1, "", "7.0", 1.5),
        Course("ferritin", "ng/mL", "cytokines", 700, 0.090, 0, 0, -2.30, 0.12, 0.05, 0.5, 0, "15", "150", 0, 1500),
        Course("ldh", "U/L", "chemistry", 290, 0.050, -0.10, -0.35, -0.55, 0.07, 0.03, 0.4, 0, "120", "250"),
        Course("d_dimer", "ug/mL{FEU}", "coagulation", 0.9, 0.090, 0, -0.60, -1.20, 0.20, 0.05, 0.4, 2, "", "0.50"),
        Course("alt", "U/L", "chemistry", 28, 0.060, 0, 0, -0.70, 0.10, 0.04, 0.6, 0, "7", "40"),
        Course("creatinine", "umol/L", "chemistry", 58, 0.0, 0, 0, 0, 0.05, 0.03, 0.3, 0, "41", "73"),
        Course("albumin", "g/L", "chemistry", 37, -0.015, 0, 0.10, 0.15, 0.025, 0.02, 0.6, 1, "40.0", "55.0"),
        Course("pao2_fio2", "mm[Hg]", "blood_gas", 290, -0.055, 0.12, 0.50, 0.45, 0.06, 0.03, 0.4, 0),
        Course("temperature", "Cel", "vital_signs", 38.2, 0.001, -0.012, -0.015, -0.027, 0.004, 0.003, 0.4, 1),
        Course("respiratory_rate", "/min", "vital_signs", 22, 0.030, -0.05, -0.20, -0.30, 0.05, 0.06, 0.4, 0),
        Course("heart_rate", "/min", "vital_signs", 92, 0.015, 0, -0.10, -0.25, 0.04, 0.05, 0.4, 0),
        Course("systolic_pressure", "mm[Hg]", "vital_signs", 122, 0.0, 0, 0, 0, 0.04, 0.04, 0.3, 0),
        Course("spo2_oxygen", "%", "oximetry", 95, -0.005, 0.010, 0.040, 0.045, 0.006, 0.008, 0.4, 0, ceiling=100),
    ),
    panels={
        "blood_count": Panel(((9, 1), (19, 2), (math.inf, 3)), 0.06),
        "crp": Panel(((7, 1), (15, 2), (math.inf, 3)), 0.06),
        "chemistry": Panel(((10, 2), (math.inf, 3)), 0.08),
        "coagulation": Panel(((11, 2), (math.inf, 4)), 0.08),
        "procalcitonin": Panel(((math.inf, 3),), 0.10),
        "cytokines": Panel(((math.inf, 4),), 0.10),  # sent to another laboratory
        "blood_gas": Panel(((10, 1), (math.inf, 2)), 0.08, until=20),  # no arterial sample once breathing room air
        "vital_signs": Panel(((math.inf, 1),), 0.04, readings=4),
        "oximetry": Panel(((math.inf, 1),), 0.04, readings=4, until=20),  # the day the oxygen is stopped
    },
)  # fmt: skip


def without_noise(truth: Truth) -> Truth:
    """The same truth with no noise and no missed sample: every value is then the median, rounded to print."""
    courses = tuple(replace(c, cv_biological=0.0, cv_analytical=0.0) for c in truth.courses)
    return replace(truth, courses=courses, panels={k: replace(p, gap=0.0) for k, p in truth.panels.items()})


def expected(truth: Truth, analyte: str, day: float, *, plasma: bool = True, cells: bool = True) -> float:
    """The median of the analyte on that day, in its unit, had the treatments been given or not. KeyError if unknown."""
    courses = {c.analyte: c for c in truth.courses}
    total = sum(_median(truth, courses[a], day, plasma, cells) for a in (analyte, *courses[analyte].parts))
    return min(total, courses[analyte].ceiling)


def _median(truth: Truth, course: Course, day: float, plasma: bool = True, cells: bool = True) -> float:
    def rise(since: float, onset: float) -> float:
        return 1.0 - math.exp(-max(day - since, 0.0) / onset)

    change = course.slope * (min(day, truth.turn) - truth.first_day)
    change += course.recovery * rise(truth.turn, truth.recovery_onset)
    change += plasma * course.plasma * rise(0, truth.plasma_onset)
    change += cells * course.cells * rise(truth.cells_day, truth.cells_onset)
    return course.level * math.exp(change)


def true_effects(truth: Truth = TRUTH, day: float = LAST_DAY) -> dict[str, dict[str, float]]:
    """What each analyte owes to what on that day, as changes of the logarithm of its median.

    `plasma` and `cells` against the same day without that treatment, `interaction` of the two, and `natural`: the
    day against the first one, had neither been given. A total's effect is that of the sum.
    """
    found = {}
    for name in (course.analyte for course in truth.courses):
        both, no_plasma, no_cells, neither = (
            math.log(expected(truth, name, day, plasma=plasma, cells=cells))
            for plasma, cells in ((True, True), (False, True), (True, False), (False, False))
        )
        found[name] = {"plasma": both - no_plasma, "cells": both - no_cells}
        found[name]["interaction"] = both - no_plasma - no_cells + neither
        found[name]["natural"] = neither - math.log(expected(truth, name, truth.first_day))
    return found


def simulate(truth: Truth = TRUTH, *, seed: int = SEED, last_day: int = LAST_DAY, case: str = CASE) -> dict[str, str]:
    """The files of one case folder, name to text; the same arguments give the same text.

    `last_day` must not come before the last infusion of cells, else ValueError: each panel then reaches each phase.
    """
    if last_day < truth.cells_day + INFUSIONS[-1]:
        raise ValueError(f"last_day {last_day} is before the last infusion of cells, {truth.cells_day + INFUSIONS[-1]}")
    source = ("simulated", f"simulate.py, seed {seed}")
    observations = _observations(truth, seed, last_day, source)
    interventions, events = _interventions(truth, last_day, source), _events(truth, last_day, source)
    return {
        "observations.csv": _table("day analyte value unit interpretation ref_low ref_high", observations),
        "interventions.csv": _table("start_day end_day intervention dose dose_unit route", interventions),
        "events.csv": _table("day kind finding interpretation", events),
        "truth.csv": _table("treatment analyte factor", _truth(truth, last_day, source)),
        "case.yaml": Template(CASE_YAML).substitute(case=case, last_day=last_day),
        "narrative.md": Template(NARRATIVE).substitute(seed=seed, effects=_effects_in_words(truth)),
    }


def write(folder: Path, seed: int = SEED) -> None:
    """Writes `TRUTH` with that seed as a case into `folder`, named by it: `python -m` this module with FOLDER."""
    files = simulate(seed=seed, case=folder.resolve().name)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _table(columns: str, rows: Iterable[Row]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[*columns.split(), "evidence", "source", "note"], *rows])
    return out.getvalue()


def _random(seed: int, name: str) -> np.random.Generator:
    # a stream for each analyte and panel: a course that is added or changed leaves all others as they were
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))


def _sampled(truth: Truth, name: str, seed: int, last_day: int) -> set[int]:
    """The days on which the panel is really taken."""
    panel = truth.panels[name]
    scheduled, day = [], truth.first_day
    while day <= min(last_day, panel.until):
        scheduled.append(day)
        day += next(step for up_to, step in panel.steps if day <= up_to)
    missed = _random(seed, "panel " + name).random(len(scheduled)) < panel.gap
    # blood is always drawn before a new treatment and at the end, so that no phase is without a value
    kept = {max((d for d in scheduled if d <= end), default=None) for end in (0, truth.cells_day, last_day)}
    return {d for d, gone in zip(scheduled, missed, strict=True) if not gone or d in kept}


def _values(truth: Truth, seed: int, days: range) -> dict[str, np.ndarray]:
    """Each analyte's values with noise, not yet rounded: one row a day, one column a reading."""
    values: dict[str, np.ndarray] = {}
    for course in truth.courses:
        readings, phi = truth.panels[course.panel].readings, course.autocorrelation
        drawn = _random(seed, course.analyte).standard_normal((len(days), 1 + readings))
        residual = [drawn[0, 0]]  # its variance is 1 from the first day on
        for shock in drawn[1:, 0]:
            residual.append(phi * residual[-1] + math.sqrt(1 - phi**2) * shock)
        biological, analytical = (math.sqrt(math.log1p(cv**2)) for cv in (course.cv_biological, course.cv_analytical))
        noise = biological * np.array(residual)[:, None] + analytical * drawn[:, 1:]
        median = np.array([[_median(truth, course, day)] for day in days])
        total = sum((values[part] for part in course.parts), median * np.exp(noise))
        values[course.analyte] = np.minimum(total, course.ceiling)
    return values


def _observations(truth: Truth, seed: int, last_day: int, source: tuple[str, str]) -> Iterator[Row]:
    days = range(truth.first_day, last_day + 1)
    values = _values(truth, seed, days)
    sampled = {name: _sampled(truth, name, seed, last_day) for name in truth.panels}
    for row, day in enumerate(days):
        intensive = truth.intensive_care[0] <= day <= truth.intensive_care[1]
        for c in (c for c in truth.courses if day in sampled[c.panel]):
            text = _printed(c, values[c.analyte][row, : None if intensive else 1])
            note = "lowest and highest reading of the day" if ".." in text else ""
            yield day, c.analyte, text, c.unit, "", c.ref_low, c.ref_high, *source, note


def _printed(course: Course, readings: np.ndarray) -> str:
    low, high = float(readings.min()), float(readings.max())
    if high < course.limit_low:
        return f"<{course.limit_low:.{course.digits}f}"
    if low > course.limit_high:
        return f">{course.limit_high:.{course.digits}f}"
    ends = [f"{x:.{course.digits}f}" for x in (low, high)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


def _interventions(truth: Truth, last_day: int, source: tuple[str, str]) -> Iterator[Row]:
    infusions = [truth.cells_day + days for days in INFUSIONS]
    for start, end, *what, note in (
        (-9, 5, "lopinavir_ritonavir", "400", "mg", "oral", "dose of lopinavir, with ritonavir 100 mg; twice daily"),
        (-9, 7, "interferon_alpha", "5000000", "[iU]", "inhalation", "twice daily"),
        (-9, -4, "oxygen", "5", "L/min", "inhalation", "nasal cannula"),
        (-7, 2, "ribavirin", "500", "mg", "intravenous", "twice daily"),
        (-6, 7, "meropenem", "1", "g", "intravenous", "every 8 hours"),
        (-5, -2, "immunoglobulin", "20", "g", "intravenous", "once daily"),
        (-4, 2, "methylprednisolone", "40", "mg", "intravenous", "once daily"),
        (-3, 9, "noninvasive_ventilation", "", "", "", ""),
        (0, 0, "convalescent_plasma", "200", "mL", "intravenous", "one unit"),
        (10, 20, "oxygen", "3", "L/min", "inhalation", "nasal cannula"),
        *((d, d, "mesenchymal_stem_cells", "1", "10*6{cells}/kg", "intravenous", "") for d in infusions),
    ):
        if start <= last_day:
            yield start, min(end, last_day), *what, *source, note


def _events(truth: Truth, last_day: int, source: tuple[str, str]) -> list[Row]:
    rna, cells, (to_icu, from_icu) = "SARS-CoV-2 RNA, throat swab, RT-PCR", truth.cells_day, truth.intensive_care
    rows: tuple[Row, ...] = (
        ("-14..-9", "symptom", "Fever and dry cough", "POS"),
        (-9, "transfer", "Admission to an isolation ward", ""),
        *((day, "test", rna, "POS") for day in (-9, -1, 4)),
        (-9, "imaging", "Chest CT: ground-glass opacities in both lungs", ""),
        *((day, "symptom", "Shortness of breath at rest", found) for day, found in ((-5, "POS"), (12, "NEG"))),
        (to_icu, "diagnosis", "Severe COVID-19 pneumonia", "POS"),
        (to_icu, "transfer", "To intensive care", ""),
        (-2, "imaging", "Chest CT: infiltrates denser and more extensive in both lungs", "W"),
        (0, "adverse_event", "Reaction to the infusion of convalescent plasma", "NEG"),
        *((cells + days, "adverse_event", "Reaction to the infusion of stem cells", "NEG") for days in INFUSIONS),
        *((cells + days, "test", rna, "NEG") for days in (2, 4)),
        (from_icu, "transfer", "From intensive care to the ward", ""),
        (14, "imaging", "Chest CT: infiltrates partly absorbed in both lungs", "B"),
        (27, "imaging", "Chest CT: infiltrates largely absorbed in both lungs", "B"),
        (last_day, "adverse_event", "Delayed adverse event", "NEG"),
        (last_day, "outcome", "Discharged home", ""),
    )
    begins = {row: int(str(row[0]).partition("..")[0]) for row in rows}
    return [(*row, *source, "") for row in sorted(rows, key=begins.__getitem__) if begins[row] <= last_day]


def _truth(truth: Truth, last_day: int, source: tuple[str, str]) -> Iterator[Row]:
    """What multiplies each analyte by the last day: the illness alone, each treatment, and the two beyond that."""
    both = "convalescent_plasma", "mesenchymal_stem_cells"
    names = {"natural": "", "plasma": both[0], "cells": both[1], "interaction": " + ".join(both)}
    totals = {course.analyte for course in truth.courses if course.parts}
    for analyte, effects in true_effects(truth, last_day).items():
        note = "through the parts of this total" if analyte in totals else ""
        for effect, treatment in names.items():
            yield treatment, analyte, f"{math.exp(effects[effect]):.3g}", *source, note


def _effects_in_words(truth: Truth) -> str:
    """A Markdown list: what each treatment multiplies, by how much, in the end."""
    analytes = project_vocabulary().analytes
    called = {c.analyte: uncapital(analytes[c.analyte].label) for c in truth.courses}
    lines = []
    for effect, label in (("plasma", "plasma"), ("cells", "stem cells")):
        factors = [
            f"{called[c.analyte]} × {math.exp(getattr(c, effect)):.2f}" for c in truth.courses if getattr(c, effect)
        ]
        lines.append(f"- {label}: {'; '.join(factors) or 'none'}")
    untouched = [called[c.analyte] for c in truth.courses if not (c.plasma or c.cells or c.parts)]
    return "\n".join([*lines, f"- no effect of either, despite any apparent change: {'; '.join(untouched) or 'none'}"])


if __name__ == "__main__":
    write(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
