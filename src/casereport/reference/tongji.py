"""The Tongji cohort: its workbook, read and cleaned, as a cohort table for the base rates.

375 patients with COVID-19 of one hospital, with laboratory values in time, age, sex and outcome; treatments are not
recorded (Yan L, Zhang HT, Goncalves J, et al. An interpretable mortality prediction model for COVID-19 patients. Nature
Machine Intelligence 2020;2:283-288). The workbook is the user's own download and is not part of the project.
"""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from casereport.errors import BadInput, Problem
from casereport.files.paths import ROOT

SOURCE = "Yan et al. 2020, doi:10.1038/s42256-020-0180-7"

# The file names no units; these columns agree with the usual Chinese ones, and Table 2 of the publication prints those
# of LDH, hs-CRP, albumin and the lymphocyte share. Left out although cases have them: eosinophils (445 of 957 counts
# are 0.00, a true result that the rule "not positive" would drop), troponin (I here, not stated in the cases), eGFR
# (per 1.73 m2 here), and whatever has no direction of improvement. Where an assay ended (D-dimer 21, LDH 1867,
# it seems, by how often they stand there) the number is taken as it is: two in a row count as not better.
COLUMNS = {
    "lymphocyte count": "lymphocytes",
    "White blood cell count": "white_cells",
    "neutrophils count": "neutrophils",
    "Red blood cell count": "red_cells",
    "hemoglobin": "haemoglobin",
    "Platelet count": "platelets",
    "neutrophils(%)": "neutrophil_share",
    "(%)lymphocyte": "lymphocyte_share",
    "High sensitivity C-reactive protein": "crp",
    "procalcitonin": "procalcitonin",
    "ESR": "esr",
    "Interleukin 6": "il_6",
    "ferritin": "ferritin",
    "Lactate dehydrogenase": "ldh",
    "D-D dimer": "d_dimer",
    "Total bilirubin": "bilirubin_total",
    "Direct bilirubin": "bilirubin_direct",
    "indirect bilirubin": "bilirubin_indirect",
    "albumin": "albumin",
    "glutamic-pyruvic transaminase": "alt",
    "aspartate aminotransferase": "ast",
    "creatinine": "creatinine",
    "glucose": "glucose",
    "Amino-terminal brain natriuretic peptide precursor(NT-proBNP)": "nt_probnp",
}
# These columns also hold urine sediment (white and red cells per microlitre, beside a urine pH) and blood gas results
# (haemoglobin in g/dL). A blood count is a row that has the differential as well.
BLOOD_COUNT = ("white_cells", "red_cells", "haemoglobin")
_PERSON = ["PATIENT_ID", "age", "gender", "Admission time", "Discharge time", "outcome"]


@dataclass(frozen=True)
class Cohort:
    """`table`: one row a sample, with `patient`, `time` and `admitted` (datetime), `sex` (male, female), `age_years`,
    `died` (bool) and a column for each analyte (canonical unit, NaN for none). `dropped`: what was dropped in
    cleaning, in words, and how many. `patients`: all ids of the workbook, those without a row left too.
    """

    table: pd.DataFrame
    dropped: dict[str, int]
    patients: tuple[int, ...] = ()


def cohort_path(given: str | None = None) -> Path:
    """Where the Tongji file is: as given, else by NATURAL_HISTORY, else beside the project; raises BadInput."""
    named = given or os.environ.get("NATURAL_HISTORY")
    path = Path(named) if named else ROOT.parent / "shared" / "natural-history" / "tongji_375_time_series.xlsx"
    if path.is_file():
        return path
    expected = "no such file" if named else "not there"
    expected += "; name your own download of tongji_375_time_series.xlsx, as argument or by NATURAL_HISTORY=PATH"
    raise BadInput([Problem("cohort file", 0, "", str(path), expected)])


def read_tongji(path: Path) -> Cohort:
    """The cohort of the Tongji workbook, cleaned: no rows without a date, none after discharge, positive values only.

    Raises BadInput where the file is not that workbook.
    """
    sheet = _sheet(path)
    undated = sheet["RE_DATE"].isna()
    late = sheet["RE_DATE"] > sheet["Discharge time"]
    values = sheet.drop(columns=["RE_DATE", *_PERSON])
    positive = values.where(values > 0)
    analytes = positive[list(COLUMNS)].rename(columns=COLUMNS)
    blood_count = positive["neutrophils(%)"].notna()
    elsewhere = analytes.loc[~blood_count, list(BLOOD_COUNT)].notna()
    analytes.loc[~blood_count, list(BLOOD_COUNT)] = np.nan
    dropped = {
        "rows without a date": int(undated.sum()),
        "rows dated after discharge": int(late.sum()),
        "values that are not positive": int((values <= 0).sum().sum()),
        "white cells, red cells or haemoglobin that are not of a blood count": int(elsewhere.sum().sum()),
    }
    person = pd.DataFrame(
        {
            "patient": sheet["PATIENT_ID"].astype(int),
            "time": sheet["RE_DATE"],
            "sex": sheet["gender"].map({1: "male", 2: "female"}),
            "age_years": sheet["age"].astype(int),
            "admitted": sheet["Admission time"],
            "died": sheet["outcome"] == 1,
        }
    )
    table = pd.concat([person, analytes], axis=1)[~undated & ~late].reset_index(drop=True)
    return Cohort(table, dropped, tuple(person["patient"].unique().tolist()))


def _sheet(path: Path) -> pd.DataFrame:
    """The first sheet, checked, with what only a patient's first row carries filled forward; raises BadInput."""
    try:
        sheet = pd.read_excel(path, engine="openpyxl")
    except (ValueError, KeyError, OSError, zipfile.BadZipFile):
        raise BadInput([Problem(path.name, 0, "", "", "an .xlsx workbook, as it was downloaded")]) from None
    sheet.columns = sheet.columns.astype(str).str.strip()
    missing = [c for c in ["RE_DATE", *_PERSON, *COLUMNS] if c not in sheet]
    if missing:
        raise BadInput(Problem(path.name, 1, c, "", "the column is missing") for c in missing)
    dates = ("RE_DATE", "Admission time", "Discharge time")
    problems = [
        Problem(path.name, 0, str(c), "", "dates" if c in dates else "numbers")
        for c, kind in sheet.dtypes.items()
        if not (pd.api.types.is_datetime64_any_dtype(kind) if c in dates else pd.api.types.is_numeric_dtype(kind))
    ]
    for column, codes in {"gender": {1, 2}, "outcome": {0, 1}}.items():
        other = sorted(set(sheet[column].dropna()) - codes, key=str)
        problems += [Problem(path.name, 0, column, str(v), f"one of {sorted(codes)}") for v in other]
    sheet["PATIENT_ID"] = sheet["PATIENT_ID"].ffill()
    sheet[_PERSON] = sheet[_PERSON].fillna(sheet[_PERSON].groupby(sheet["PATIENT_ID"]).ffill())
    for column in _PERSON:
        expected = "the first row of a patient carries it"
        problems += [Problem(path.name, i + 2, column, "", expected) for i in sheet.index[sheet[column].isna()][:1]]
    if problems:
        raise BadInput(problems)
    return sheet
