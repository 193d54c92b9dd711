"""Long lists with the headings, ranges and times of other countries, and with a unit behind the range."""

import pytest

from casereport.readers.ranges import read_range
from imported import imported, written

OPTIONS = ("--index", "2026-09-01", "--date-order", "dmy", "--decimal", "comma")


@pytest.mark.parametrize(
    "heading",
    [
        "Analyt;Ergebnis;Einheit;Referenzbereich;Abnahmedatum;Abnahmezeit",
        "Analyse;Résultat;Unité;Valeurs de référence;Date de prélèvement;Heure",
        "Parámetro;Resultado;Unidades;Valores de referencia;Fecha de extracción;Hora",
        "Esame;Risultato;Unità;Valori di riferimento;Data prelievo;Ora",
        "Exame;Resultado;Unidade;Valor de referência;Data da coleta;Hora",
        "Bepaling;Uitslag;Eenheid;Referentiewaarden;Afnamedatum;Tijd",
        "项目;结果;单位;参考范围;采样日期;时间",
    ],
)
def test_a_list_is_known_by_its_headings_in_each_of_these_languages(tmp_path, heading):
    text = f"{heading}\nCRP;12,3;mg/L;0,1 - 5,0;02/09/2026;06:12\n"
    (row,) = imported(written(tmp_path, "labs.csv", text), *OPTIONS).rows
    assert [row[c] for c in ("day", "analyte", "value", "ref_low", "ref_high")] == ["1", "crp", "12.3", "0.1", "5.0"]
    assert row["source"].endswith("at 06:12")


@pytest.mark.parametrize(
    ("printed", "limits"),
    [
        ("135 à 145", ("135", "145")), ("4 a 11", ("4", "11")), ("3.5 bis 5", ("3.5", "5")), ("bis 5", ("", "5")),
        ("Inf. à 5", ("", "<5")), ("menor de 5", ("", "<5")), ("über 60", (">60", "")), ("0.30以下", ("", "0.30")),
    ],
)  # fmt: skip
def test_a_range_is_read_in_the_words_of_other_languages(printed, limits):
    assert read_range(printed) == limits


@pytest.mark.parametrize(
    ("printed", "unit", "taken"),
    [
        ("136 - 145 mmol/L", "", ("mmol/L", "136", "145")), ("136 - 145 (mmol/L)", "", ("mmol/L", "136", "145")),
        ("<=145 mmol/L", "", ("mmol/L", "", "145")), ("136-145 mmol/L", "mmol/L", ("mmol/L", "136", "145")),
        ("136-145 mg/dL", "mmol/L", ("mmol/L", "", "")), ("136-145", "mmol/L", ("mmol/L", "136", "145")),
    ],
)  # fmt: skip
def test_the_unit_behind_a_range_is_that_of_a_result_without_one(tmp_path, printed, unit, taken):
    text = f"Component,Value,Unit,Ref Range & Units,Collected\nSODIUM,139,{unit},{printed},2026-09-02 06:12 AM\n"
    (row,) = imported(written(tmp_path, "labs.csv", text), "--index", "2026-09-01").rows
    assert (row["unit"], row["ref_low"], row["ref_high"]) == taken


def test_the_unit_in_a_range_of_hl7_is_no_part_of_it(tmp_path):
    text = (
        "MSH|^~\\&|LAB|A|EMR|B|20260901||ORU^R01|1|P|2.5\rPID|1||7^^^H\rOBR|1|A|F|1^CHEM|||20260902\r"
        "OBX|1|NM|2951-2^Sodium^LN||139|mmol/L|136 - 145 mmol/L||||F\r"
    )
    (row,) = imported(written(tmp_path, "a.hl7", text), "--index", "2026-09-01").rows
    assert (row["ref_low"], row["ref_high"]) == ("136", "145")


def test_days_of_another_count_in_a_column_of_days_are_asked_about(tmp_path, capsys):
    text = "Test,Day,Value,Unit\nCRP,POD 2,12,mg/L\nCRP,POD 3,13,mg/L\n"
    path = written(tmp_path, "labs.csv", text)
    found = imported(path)
    assert found.code == 2 and "B2: 'POD 2'" in (said := capsys.readouterr().err) and "--day-zero" in said
    assert [row[0] for row in imported(path, "--day-zero", "2", folder=found.case).values()] == ["0", "1"]


def test_of_days_of_several_counts_only_those_from_day_0_are_taken(tmp_path):
    text = "Test,Day,Value,Unit\nCRP,POD 2,12,mg/L\nCRP,HD 5,13,mg/L\nCRP,D+3,14,mg/L\nCRP,0,15,mg/L\n"
    found = imported(written(tmp_path, "labs.csv", text))
    assert found.values() == [("3", "crp", "14", "mg/L"), ("0", "crp", "15", "mg/L")]
    assert "another count (pod)" in found.reasons() and "another count (hd)" in found.reasons()


@pytest.mark.parametrize("order", [["Result (SI)", "Result"], ["Result", "Result (SI)"]])
def test_a_heading_without_brackets_goes_before_the_same_with_them(tmp_path, order):
    row = {"Result": "100", "Result (SI)": "5.55"}
    head = f"Test,{','.join(order)},Units,Units (SI),Day"
    text = f"{head}\nGlucose,{','.join(row[name] for name in order)},mg/dL,mmol/L,1\n"
    assert imported(written(tmp_path, "labs.csv", text)).values() == [("1", "glucose", "100", "mg/dL")]


@pytest.mark.parametrize(
    ("date", "time", "hour"),
    [
        ("02-SEP-26", "6:12 PM", "18:12"), ("20260902", "0612", "06:12"), ("02.09.2026 06:12 Uhr", "", "06:12"),
        ("02/09/2026", "06h12", "06:12"),
    ],
)  # fmt: skip
def test_dates_and_times_are_read_as_systems_write_them(tmp_path, date, time, hour):
    text = f"Test,Value,Unit,Date,Time\nSodium,139,mmol/L,{date},{time}\n"
    (row,) = imported(written(tmp_path, "labs.csv", text), *OPTIONS).rows
    assert row["day"] == "1" and row["source"].endswith(f"at {hour}")
