"""Small cohort tables for tests, and what the notebooks' own functions say of each of their patients."""

from pathlib import Path

import numpy as np
import pandas as pd

import casereport as cr
from casereport.cohort.case_folders import case_files, write_case
from casereport.cohort.dataset import Tables
from casereport.cohort.patients import Part, case_name, checked
from casereport.cohort.results_of_cases import Found, of_cases, together

MEASURED = ["patient", "day", "analyte", "value", "unit"]


def rows(*cells: tuple) -> pd.DataFrame:
    """A table of measurements, each cell as a text would have it, with its lines."""
    table = pd.DataFrame(cells, columns=MEASURED)
    return table.assign(line=range(2, len(table) + 2))


def treated(*cells: tuple) -> pd.DataFrame:
    table = pd.DataFrame(cells, columns=["patient", "intervention", "start_day"])
    return table.assign(line=range(2, len(table) + 2))


def tangled(patients: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measurements with ties, bounds, ranges, other units and days with two values; one to three phases a patient."""
    rng = np.random.default_rng(seed)
    units = {"crp": ["mg/L", "mg/dL"], "lymphocytes": ["10*9/L"], "bilirubin_total": ["umol/L", "mg/dL"],
             "bilirubin_direct": ["umol/L"], "potassium": ["mmol/L"]}  # fmt: skip
    cells = []
    for patient in range(patients):
        kind = rng.integers(0, 3)  # exact, some intervals, many intervals
        for analyte in units:
            for day in np.sort(rng.choice(np.arange(-8, 16), rng.integers(1, 14), replace=rng.random() < 0.3)):
                value = [f"{rng.integers(1, 9)}", f"{rng.integers(1, 90) / 10:.1f}", f"{rng.random() * 9:.2f}"]
                text = value[rng.integers(0, 3)]
                if rng.random() < (0, 0.15, 0.6)[kind]:
                    high = f"{float(text) + rng.integers(0, 4):.2f}"
                    text = (f"<{text}", f">{text}", f"<={text}", f">={text}", f"{text}..{high}")[rng.integers(0, 5)]
                unit = units[analyte][int(rng.random() < 0.1) % len(units[analyte])]
                cells.append((f"p{patient}", float(day), analyte, "<0.01" if text.startswith("<0.00") else text, unit))
    drugs = [("convalescent_plasma", 0.0), ("mesenchymal_stem_cells", 6.0), ("oxygen", 0.0)]
    given = [(f"p{p}", *d) for p in range(patients) for d in drugs[: rng.integers(0, 4)]]
    return rows(*cells).assign(sex=[("", "female", "male")[int(c[0][1:]) % 3] for c in cells]), treated(*given)


def one_by_one(part: Part, data: Path) -> Tables:
    """The tables of each patient by the functions that the notebooks call, from a case folder, all together."""
    found: list[Found] = []
    for patient in sorted(part.rows["patient"].unique()):
        name = case_name(patient)
        folder = write_case(case_files(part, patient, "a cohort table", "Day 0 of the cohort table"), name, data)
        found.append(of_cases({patient: cr.read_case(folder)}))
    return together(found)


def part_of(patients: int, seed: int) -> Part:
    part = checked(*tangled(patients, seed), "table.csv")
    assert part.refused == {}
    return part
