"""A simulated cohort with known effects, of any size: no value in it comes from a patient.

Each patient is sampled on most days from -6 to 20. Convalescent plasma is given on day 0 and mesenchymal stem cells on
day 7, after that day's sample; each multiplies the median of an analyte by the factor in `TRUTH` from then on and
does nothing else. Values scatter independently about their median, log-normally with the same spread for all phases.
So the probability that a value after an infusion exceeds one before it, which NAP estimates, is known: with an effect
e on the logarithm and a spread s it is the normal distribution function at e / (s sqrt 2).
"""

import math
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from casereport.errors import BadInput, Problem

SEED = 20
FIRST_DAY, LAST_DAY = -6, 20
PLASMA_DAY, CELLS_DAY = 0, 7
MISSED = 0.25  # the probability that a day has no sample
_PART = 2000  # patients in one file
_TABLES, _TRUTH = ("observations", "interventions"), "truth.csv"
_UNFINISHED = ".unfinished"  # left only by a run that was killed
_PART_NAME = re.compile(r"part-\d{5}\.parquet")


@dataclass(frozen=True)
class Course:
    """An analyte: its median before treatment, the change of its logarithm by plasma and by cells, the spread of the
    logarithm, between days (`spread`) and of the medians between patients (`between`), and how it prints.
    """

    analyte: str
    unit: str
    level: float
    plasma: float
    cells: float
    spread: float
    between: float
    digits: int
    limit: float = 0.0


TRUTH = (
    Course("lymphocytes", "10*9/L", 0.8, 0.30, 0.0, 0.20, 0.25, 2),
    Course("crp", "mg/L", 40.0, 0.0, -1.00, 0.40, 0.50, 1, 10.0),
    Course("il_6", "pg/mL", 60.0, -0.40, -0.80, 0.50, 0.60, 1, 7.0),
    Course("ldh", "U/L", 350.0, 0.0, 0.0, 0.15, 0.20, 0),
    Course("d_dimer", "ug/mL{FEU}", 1.5, 0.0, -0.30, 0.35, 0.50, 2),
    Course("albumin", "g/L", 34.0, 0.0, 0.05, 0.05, 0.06, 1),
)


def true_nap(course: Course, treatment: str) -> float:
    """The expected NAP of a rise after `plasma` or `cells`; values that print alike count as they print, so that what
    the limit of detection hides is left out of this number.
    """
    return NormalDist().cdf(getattr(course, treatment) / (course.spread * math.sqrt(2)))


def write_cohort(patients: int, out: Path, seed: int = SEED, truth: tuple[Course, ...] = TRUTH) -> Path:
    """Writes observations/, interventions/ (Parquet, each patient in one file) and truth.csv into `out`; returns it.

    The same arguments give the same tables. Raises BadInput for no patients, and where `out` holds other things. Where
    writing fails `out` is as it was.
    """
    if not 1 <= patients <= 1_000_000:
        raise BadInput([Problem("parameter", 0, "--patients", str(patients), "from 1 to 1000000")])
    known = pd.DataFrame(truth)
    for treatment in ("plasma", "cells"):
        known[f"nap_{treatment}"] = [true_nap(c, treatment) for c in truth]
    _check_folder(out, ",".join(known))
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    made = out / _UNFINISHED  # in it, so that it is on the disk that was chosen
    shutil.rmtree(made, ignore_errors=True)
    try:
        for name in _TABLES:
            (made / name).mkdir(parents=True)
        known.to_csv(made / _TRUTH, index=False, lineterminator="\n")
        for number, (measured, given) in enumerate(tables(patients, seed, truth)):
            measured.to_parquet(made / "observations" / f"part-{number:05d}.parquet", index=False, compression="zstd")
            given.to_parquet(made / "interventions" / f"part-{number:05d}.parquet", index=False, compression="zstd")
        (made / _TRUTH).replace(out / _TRUTH)  # first: by it the folder is known
        for name in _TABLES:
            shutil.rmtree(out / name, ignore_errors=True)
            (made / name).rename(out / name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if is_new and not any(out.iterdir()):
            out.rmdir()
    return out


def _check_folder(out: Path, header: str) -> None:
    """Raises BadInput where `out` holds anything but a simulated cohort, which only truth.csv tells from a real one."""
    if not out.exists() or (out.is_dir() and all(path.name == _UNFINISHED for path in out.iterdir())):
        return
    own = [out / _TRUTH, *(out / name for name in (*_TABLES, _UNFINISHED))]
    ours = out.is_dir() and not any(p.is_symlink() for p in own) and own[0].is_file()
    if ours and own[0].read_text(encoding="utf-8", errors="replace").partition("\n")[0] == header:
        inside = [p for folder in own[1:-1] if folder.is_dir() for p in folder.iterdir()]
        others = [p for p in out.iterdir() if p not in own] + [p for p in inside if not _PART_NAME.fullmatch(p.name)]
    else:
        others = [out]
    expected = "a new folder, or an earlier simulated cohort and nothing else in it"
    if others:
        raise BadInput(Problem("parameter", 0, "--out", str(p), expected) for p in others[:20])


def tables(
    patients: int, seed: int = SEED, truth: tuple[Course, ...] = TRUTH
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Measurements and treatments, for some thousand patients at a time."""
    for number, first in enumerate(range(0, patients, _PART)):
        # a stream for each file: the first patients of a larger cohort are those of a smaller one
        rng = np.random.Generator(np.random.PCG64([seed, number]))
        count = min(_PART, patients - first)
        names = np.array([f"sim-{i:06d}" for i in range(first, first + count)], dtype=object)
        yield _measured(rng, names, truth), _given(names)


def _measured(rng: np.random.Generator, names: np.ndarray, truth: tuple[Course, ...]) -> pd.DataFrame:
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    shape = (_PART, len(truth), len(days))  # always drawn in full, so that a patient does not depend on how many follow
    drawn = rng.standard_normal((*shape, 1))[: len(names), ..., 0]
    own = rng.standard_normal(shape[:2])[: len(names)]
    seen = rng.random((_PART, len(days)))[: len(names)] >= MISSED
    female = rng.random(_PART)[: len(names)] < 0.5
    age = rng.integers(30, 86, _PART)[: len(names)]
    frames = []
    for i, course in enumerate(truth):
        effect = course.plasma * (days > PLASMA_DAY) + course.cells * (days > CELLS_DAY)
        log = math.log(course.level) + course.between * own[:, [i]] + effect + course.spread * drawn[:, i]
        who, when = np.nonzero(seen)
        frame = {"who": who, "day": days[when].astype(float), "value": _printed(np.exp(log)[who, when], course)}
        frames.append(pd.DataFrame(frame).assign(analyte=course.analyte, unit=course.unit, order=i))
    table = pd.concat(frames, ignore_index=True).sort_values(["who", "day", "order"], kind="stable", ignore_index=True)
    who = table["who"].to_numpy()
    sexes = np.where(female, "female", "male").astype(object)
    table = table.assign(patient=names[who], sex=sexes[who], age_years=age[who], evidence="simulated")
    return table[["patient", "day", "analyte", "value", "unit", "sex", "age_years", "evidence"]]


def _printed(values: np.ndarray, course: Course) -> np.ndarray:
    """The values as a laboratory prints them; each distinct one is written once."""
    codes, distinct = pd.factorize(np.where(values < course.limit, -1.0, np.round(values, course.digits)))
    hidden = f"<{course.limit:.{course.digits}f}"
    return np.array([hidden if x < 0 else f"{x:.{course.digits}f}" for x in distinct], dtype=object)[codes]


def _given(names: np.ndarray) -> pd.DataFrame:
    doses = (
        ("convalescent_plasma", PLASMA_DAY, "200", "mL"),
        ("mesenchymal_stem_cells", CELLS_DAY, "1", "10*6{cells}/kg"),
    )
    rows = [(name, what, float(day), dose, unit) for name in names for what, day, dose, unit in doses]
    table = pd.DataFrame(rows, columns=["patient", "intervention", "start_day", "dose", "dose_unit"])
    return table.assign(end_day=table["start_day"], route="intravenous")
