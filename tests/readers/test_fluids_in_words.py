"""What is not of arterial blood, in the words of laboratories, wherever a file says it."""

import pytest
from test_ccda import RESULTS, document, quantity, section

from imported import bundle, imported, observation, written

INDEX = ("--index", "2026-09-01")


@pytest.mark.parametrize(
    "heading",
    ["Harn", "Sammelharn", "Spontanurin", "Orina", "ECBU", "Urines", "UA", "U/A", "UA micro", "尿", "Liquor", "LCR",
     "脑脊液", "Líquor", "Liquido pleurico", "Pleurapunktat", "Aszites", "Dialysat", "BGA venös",
     "Gaz du sang veineux"],
)  # fmt: skip
def test_a_section_of_another_fluid_is_told_in_any_language(imported, heading):
    table = f"Test,Day 1,Day 2\nGlucose (mmol/L),5,6\n{heading},,\nGlucose (mmol/L),1,2\nBlood,,\nUrea (mmol/L),7,\n"
    assert imported.of(table) == [
        ("glucose", "1", "5", "mmol/L"), ("glucose", "2", "6", "mmol/L"), ("urea", "1", "7", "mmol/L"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Harnstoff", "Harnsäure", "尿素", "尿酸", "G-CSF", "UA"])
def test_urea_urate_and_a_growth_factor_are_no_fluids(imported, name):
    told = f"printed,analyte,unit\n{name},urea,mmol/L\n"
    imported.table.with_name("labs.mapping.csv").write_text(told, encoding="utf-8")
    table = f"Test,Day 1,Day 2\n{name},5,6\nSodium (mmol/L),140,141\n"
    assert [row[0] for row in imported.of(table)] == ["urea", "urea", "sodium", "sodium"]


@pytest.mark.parametrize("heading", ["Capillary gas", "Mixed venous", "Kapillarblut", "BGA kap.", "静脉血"])
def test_the_gases_of_other_blood_are_not_arterial_and_the_rest_is_of_blood(imported, heading):
    table = f"Test,Day 1,Day 2\n{heading},,\npO2 (mmHg),40,41\nSaO2 (%),65,66\nLactate (mmol/L),2,3\n"
    assert [row[0] for row in imported.of(table)] == ["lactate", "lactate"]
    assert "not of arterial blood" in imported.left_out()


@pytest.mark.parametrize(
    ("specimen", "panel", "taken"),
    [
        ("Harn", "", ["urine_sodium"]), ("U", "", ["urine_sodium"]), ("UR", "", ["urine_sodium"]), ("Liquor", "", []),
        ("", "Urinalysis", ["urine_sodium"]), ("", "UA", ["urine_sodium"]), ("", "CSF cell count", []),
        ("", "Body fluid", []), ("", "Fluid balance", ["sodium", "pao2"]),
        ("Serum", "Urine and serum osmolality", ["sodium", "pao2"]), ("EDTA-Blut", "", ["sodium", "pao2"]),
        ("venöses Blut", "", ["sodium"]),
        ("BGA ven.", "", ["sodium"]), ("", "Blood gas (capillary)", ["sodium"]), ("", "", ["sodium", "pao2"]),
    ],
)  # fmt: skip
def test_a_long_list_says_it_by_the_specimen_or_else_by_the_panel(tmp_path, specimen, panel, taken):
    rows = [
        f"{name},20,{unit},2026-09-02,{specimen},{panel}\n" for name, unit in (("Sodium", "mmol/L"), ("pO2", "mmHg"))
    ]
    text = "Test,Result,Units,Date,Specimen,Panel\n" + "".join(rows)
    assert [row[1] for row in imported(written(tmp_path, "a.csv", text), *INDEX).values()] == taken


@pytest.mark.parametrize(
    ("category", "specimen", "taken"),
    [
        ("CSF ANALYSIS", "", ["pao2"]), ("URINALYSIS", "", ["urine_sodium", "pao2"]),
        ("CHEMISTRY", "CAPILLARY BLOOD", ["sodium"]), ("CHEMISTRY", "VENOUS BLOOD", ["sodium"]),
        ("CHEMISTRY", "SERUM", ["sodium", "pao2"]),
    ],
)  # fmt: skip
def test_a_category_or_a_vein_of_sdtm_is_not_arterial_blood(tmp_path, category, specimen, taken):
    head = "USUBJID,LBSEQ,LBTESTCD,LBTEST,LBCAT,LBSPEC,LBORRES,LBORRESU,LBDY\n"
    rows = f"S1,1,SODIUM,Sodium,{category},{specimen},20,mmol/L,2\n"
    rows += f"S1,2,PO2,PaO2,{'CHEMISTRY' if 'VEN' not in specimen else category},{specimen},40,mmHg,2\n"
    assert [row[1] for row in imported(written(tmp_path, "lb.csv", head + rows)).values()] == taken


def test_a_category_of_fhir_may_be_of_any_fluid(tmp_path):
    made = observation("", 20, "mmol/L") | {"code": {"text": "Sodium"}, "category": [{"text": "CSF studies"}]}
    assert not imported(written(tmp_path, "a.json", bundle(made)), *INDEX).rows


SNOMED = "<code code='122575003' codeSystem='2.16.840.1.113883.6.96'/>"


@pytest.mark.parametrize(
    ("panel", "specimen", "taken"),
    [
        ("Urinalysis", "", ["urine_sodium"]), ("CSF studies", "", []), ("Chemistry", SNOMED, ["urine_sodium"]),
        ("Chemistry", "<code nullFlavor='OTH'><originalText>Urine</originalText></code>", ["urine_sodium"]),
        ("Chemistry", "<name>CSF</name>", []), ("Urinalysis", "<name>Serum</name>", ["sodium"]),
        ("Chemistry", "", ["sodium"]),
    ],
)  # fmt: skip
def test_the_panel_and_the_specimen_of_a_document_are_of_its_results(tmp_path, panel, specimen, taken):
    inside = f"<specimenRole><specimenPlayingEntity>{specimen}</specimenPlayingEntity></specimenRole>"
    result = (
        "<observation classCode='OBS' moodCode='EVN'><code nullFlavor='UNK' displayName='Sodium'/>"
        f"<effectiveTime value='20260902'/>{quantity('20', 'mmol/L')}</observation>"
    )
    whole = (
        f"<organizer><code code='1' displayName='{panel}'/>{f'<specimen>{inside}</specimen>' if specimen else ''}"
        f"<component>{result}</component></organizer>"
    )
    found = imported(written(tmp_path, "a.xml", document(section(RESULTS, whole))), *INDEX)
    assert [row[1] for row in found.values()] == taken


def test_the_section_of_a_redcap_dictionary_is_of_the_fields_up_to_the_next(tmp_path):
    head = "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,Field Note"
    head += ",Text Validation Type OR Show Slider Number\n"
    fields = [
        "record_id,a,,text,Record,,", "drawn,a,,text,Drawn,,date_ymd", "na1,a,Urine dipstick,text,Sodium,mmol/L,number",
        "cl,a,,text,Chloride,mmol/L,number", "na2,a,Serum,text,Sodium,mmol/L,number", "day,b,,text,Day,,date_ymd",
        "k,b,,text,Potassium,mmol/L,number",
    ]  # fmt: skip
    written(tmp_path, "fields.csv", head + "\n".join(fields))
    text = "record_id,drawn,na1,cl,na2,day,k\n1,2026-09-02,20,30,140,2026-09-02,4\n"
    found = imported(written(tmp_path, "a.csv", text), *INDEX)
    assert [(row[1], row[2]) for row in found.values()] == [
        ("urine_sodium", "20"), ("urine_chloride", "30"), ("sodium", "140"), ("potassium", "4"),
    ]  # fmt: skip


def test_a_column_of_another_fluid_is_not_of_blood_whatever_day_it_is_told(imported, capsys):
    told = "printed,analyte,unit,day\nBlut Tag 1,,,1\nLiquor Tag 1,,,1\n"
    table = "Parameter,Blut Tag 1,Liquor Tag 1\nGlucose (mmol/L),6.1,3.1\nUrine sodium (mmol/L),20,\n"
    assert imported.run(table) == 2 and "Liquor Tag 1,,,DAY" not in capsys.readouterr().err
    imported.table.with_name("labs.mapping.csv").write_text(told, encoding="utf-8")
    assert imported.of(table)[0] == ("glucose", "1", "6.1", "mmol/L") and len(imported.rows) < 3


def test_under_arterial_blood_a_bare_name_is_that_of_arterial_blood(imported):
    table = "Test,Day 1\npH,7.3\nOxygen saturation (%),97\nArterial blood gas,\npH,7.31\nOxygen saturation (%),93\n"
    assert imported.of(table) == [
        ("spo2", "1", "97", "%"), ("ph_arterial", "1", "7.31", "[pH]"), ("so2_blood", "1", "93", "%"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("panel", "taken"), [("ABG", ["ph_arterial", "so2_blood"]), ("Mixed venous", []), ("", ["spo2"])]
)
def test_a_panel_of_arterial_or_venous_gases_says_which_a_bare_name_is(tmp_path, panel, taken):
    text = f"Panel,Test,Result,Unit,Day\n{panel},pH,7.3,,1\n{panel},Oxygen saturation,93,%,1\n"
    assert [row[1] for row in imported(written(tmp_path, "a.csv", text)).values()] == taken
