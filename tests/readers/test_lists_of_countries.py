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
