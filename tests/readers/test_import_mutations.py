"""Printed tables with cells, rows and columns changed at random: an import takes what is valid, or says why not.

Each seed makes one table; `make test-slow` tries 3,000, the ordinary run a few.
"""

import csv
import io
import random
from pathlib import Path

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from casereport.cli import main

TABLES = (
    "Test,Unit,Reference,Day 0,Day 3,Day 7\nC-reactive protein,mg/L,<3.00,105.5,13.6,2.2\n"
    "Platelets,×10⁹/L,125–350,13-21,90,210\nCK-MB,U/L,<25,75,,24\nD-dimer,ng/mL,,900,<250,-\n",
    "Analyte,LLN,ULN,Admission,Day 2b,Discharge\nHaemoglobin (g/dL),12,16,8.8*,5.2 L,WNL\n"
    '"Urea (mg/dL)",19,43,32,28 ↓,\nBase excess (mmol/L),−2,+2,–3.2,1,0\n'
    'Troponin I (ng/mL),,0.04,negative,"1,234",0.1\n',
    "Laboratory values,2020-01-31,01/02/2020,3 Feb\nWhite cells (3.5-9.5 x10^9/L),14 200*,5.8,4\n"
    "Urinalysis,,,\nProtein (mg/dL),Not present,10,50\nProtein in the urine (mg/dL),Not present,10,50\n",
)
ODD = (
    "", "-", "WNL", "positive", "<5", ">60", "5-8", "243-6.8", "1,234", "1e308", "-0", "−2", "Day 1", "D+1",
    "Day 99999", "2020-02-30", "Unit", "Range", "Lower limit", "ULN", "Min", "mg/L", "D-dimer",
    '"', "a,b", "\n", "=1+1", "NaN",
    "−2 +2", "≤", "(", "x" * 500, "12.5 H", "1..2", "5 ± 2", "Ref. <3.0",
)  # fmt: skip
OPTIONS = (
    [], ["--decimal", "comma"], ["--decimal", "point"], ["--day-zero", "1"], ["--time-zero", "2020-01-31"],
    ["--time-zero", "2020-01-31", "--date-order", "dmy"],
)  # fmt: skip


def changed(seed: int) -> tuple[str, list[str]]:
    """A table of `TABLES` with some changes, and the options of its import."""
    chance = random.Random(seed)
    table = list(csv.reader(io.StringIO(chance.choice(TABLES))))

    def cell() -> str:
        return chance.choice(ODD) if chance.random() < 0.6 else chance.choice(chance.choice(table) or [""])

    for _ in range(chance.randint(1, 12)):
        kind, at = chance.random(), chance.randint(0, 5)
        if kind < 0.55 and (row := chance.choice(table)):
            row[chance.randrange(len(row))] = cell()
        elif kind < 0.65:
            table.insert(chance.randrange(len(table) + 1), [cell() for _ in range(at)])
        elif kind < 0.75 and len(table) > 1:
            table.pop(chance.randrange(len(table)))
        elif kind < 0.85:
            for row in table:
                row.insert(min(at, len(row)), cell())
        else:
            for row in table:
                del row[at : at + 1]
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue(), chance.choice(OPTIONS)


def check(seed: int, folder: Path) -> int:
    """Imports the table of a seed; what it wrote is valid, and what it did not write it says. Returns the exit code."""
    text, options = changed(seed)
    case = new_case("x", folder)
    before = (case / "observations.csv").read_bytes()
    table = folder / "labs.csv"
    table.write_text(text, encoding="utf-8")
    code = main(["import", str(table), "--into", str(case), *options])
    assert code in (0, 2)
    if code:
        assert (case / "observations.csv").read_bytes() == before
    # outside of what is plausible is a slip of the source, which only its reader can judge
    assert [p for p in validate(str(case)).problems if "plausible" not in str(p)] == []
    return code


@pytest.mark.parametrize("seed", range(10))
def test_a_changed_table_is_taken_in_a_valid_form_or_refused_with_a_reason(seed, tmp_path, capsys):
    code = check(seed, tmp_path)
    said = capsys.readouterr()
    assert (said.out + said.err).strip() and (code == 0 or "problem" in said.err or "0 values understood" in said.out)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 4000, 500))
def test_three_thousand_changed_tables_leave_valid_cases(start, tmp_path, capsys):
    codes = []
    for seed in range(start, start + 500):
        folder = tmp_path / str(seed)
        folder.mkdir()
        codes.append(check(seed, folder))
        capsys.readouterr()
    assert {0, 2} == set(codes)  # some tables are taken and some refused, so both ways were tried
