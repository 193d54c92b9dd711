"""A row with more cells than its header, and a quote that stays open, are refused with their line in every CSV."""

import pytest

from imported import imported, written

INDEX = ("--index", "2026-09-01")
CONCEPTS = "concept_id,concept_name,vocabulary_id,concept_code\n3020460,CRP,LOINC,1988-5\n8751,mg/L,UCUM,mg/L\n"
# two rows of each kind of table, the first with the cells of its header
TABLES = {
    "list.csv": "Test,Unit,Date,Note,Result\nCRP,mg/L,2026-09-02,a,2.5\nCRP,mg/L,2026-09-03,b,3.5\n",
    "wide.csv": "Day,Potassium (mmol/L),Note,Sodium (mmol/L)\n1,4.1,a,140\n2,3.5,b,141\n",
    "lb.csv": "USUBJID,LBSEQ,LBTESTCD,LBTEST,LBORRESU,LBDTC,LBCOM,LBORRES\n"
    "S1,1,CRP,C Reactive Protein,mg/L,2026-09-02,a,2.5\nS1,2,CRP,C Reactive Protein,mg/L,2026-09-03,b,3.5\n",
    "redcap.csv": "record_id,redcap_repeat_instance,taken,note,crp\n1,1,2026-09-02,a,2.5\n1,2,2026-09-03,b,3.5\n",
    "measurement.csv": "measurement_id,person_id,measurement_concept_id,measurement_date,unit_concept_id,note,"
    "value_as_number\n1,8,3020460,2026-09-02,8751,a,2.5\n2,8,3020460,2026-09-03,8751,b,3.5\n",
}
DICTIONARY = (
    "Variable / Field Name,Form Name,Field Type,Field Label,Field Note,Text Validation Type OR Show Slider Number\n"
    "record_id,labs,text,Record,,\ntaken,labs,text,Date,,date_ymd\ncrp,labs,text,CRP,mg/L,number\n"
)


def table(tmp_path, name, text):
    written(tmp_path, "concept.csv", CONCEPTS)
    if name == "redcap.csv":
        written(tmp_path, "dictionary.csv", DICTIONARY)
    return imported(written(tmp_path, name, text), *([] if name == "wide.csv" else INDEX))


@pytest.mark.parametrize("name", TABLES)
def test_a_decimal_comma_without_quotes_is_refused_with_its_line(tmp_path, capsys, name):
    found = table(tmp_path, name, TABLES[name].replace("3.5", "3,5"))
    assert found.code == 2 and found.rows == []
    said = capsys.readouterr().err
    assert f"{name}\n  line 3: " in said and "cells, as in the header; found" in said and "a decimal point" in said


@pytest.mark.parametrize("name", TABLES)
def test_a_quote_that_stays_open_is_refused_with_the_line_it_begins_on(tmp_path, capsys, name):
    found = table(tmp_path, name, TABLES[name].replace(",a,", ',"a,'))
    assert found.code == 2 and found.rows == []
    assert f"{name}\n  line 2: a closing quote" in capsys.readouterr().err


@pytest.mark.parametrize("name", TABLES)
def test_empty_cells_behind_those_of_the_header_are_harmless(tmp_path, name):
    head, *rows = TABLES[name].splitlines()
    found = table(tmp_path, name, "\n".join([head, *(f"{row},," for row in rows)]) + "\n")
    assert len(found.rows) == (4 if name == "wide.csv" else 2)


@pytest.mark.parametrize(
    "text",
    [
        '"Table 1. Potassium, sodium, of one patient"\nDay,Potassium (mmol/L),Sodium (mmol/L)\n1,4.1,140\n',
        "Day,Potassium (mmol/L),Sodium (mmol/L)\n1,4.1,140\nNote: drawn fasting, at rest, early, and at once\n",
        "Test,Unit,Day 1,Day 2\nCRP,mg/L,5,6\nRanges of the laboratory, 2019, revised, 2020, and so on\n",
        "Test,Day 1,Day 2,\nPotassium (mmol/L),4.1,,haemolysed\nSodium (mmol/L),,140,\n",
        "Test,Day 1\nPotassium (mmol/L),4.1\n\nTest,Day 2,Day 3\nSodium (mmol/L),140,\n",
    ],
)
def test_titles_footnotes_and_blocks_of_other_widths_are_read(tmp_path, text):
    assert len(imported(written(tmp_path, "labs.csv", text)).rows) == 2
