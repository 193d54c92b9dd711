"""Each identity: numbers of a textbook or of a laboratory's own report agree with it, and a slip in one does not.

The worked numbers are of the sources named beside them, or follow by hand from the formula; where a source is named
its number is the expectation.
"""

import pytest

from casereport.audit.consistency import check_consistency
from casereport.audit.identity_table import CKD_EPI_2009, CKD_EPI_2021, IDENTITIES
from casereport.case.reading import read_case
from casereport.cohort.patients import vocabulary
from made_up import edit, made_up, seen, write_case

UNITS = {name: analyte.unit for name, analyte in vocabulary().analytes.items()} | {
    "mchc": "g/L", "calcium": "mmol/L", "cholesterol": "mg/dL",
}  # fmt: skip


def sample(day=1, source="Table 1", **values: str) -> list[tuple]:
    """The rows of one sample; units are those of the vocabulary, but for UNITS."""
    return [seen(day, name, value, UNITS[name], source) for name, value in values.items()]


def checks(tmp_path, *rows) -> list[str]:
    return check_consistency(made_up(tmp_path, rows))["check"].to_list()


# (numbers that agree, one number that does not)
AGREE = [
    # Yan et al. 2020, first blood count of patient 1, as its laboratory prints it
    ({"red_cells": "4.27", "haematocrit": "39.2", "mcv": "91.8"}, {"mcv": "98.1"}),
    ({"red_cells": "4.27", "haemoglobin": "136", "mch": "31.9"}, {"mch": "39.1"}),
    ({"haemoglobin": "136", "haematocrit": "39.2", "mchc": "347"}, {"mchc": "374"}),
    # 140 - 104 - 24, and with potassium of 4.0
    ({"sodium": "140", "chloride": "104", "bicarbonate": "24", "anion_gap": "12"}, {"anion_gap": "21"}),
    ({"sodium": "140", "chloride": "104", "bicarbonate": "24", "potassium": "4.0", "anion_gap": "16"},
     {"anion_gap": "22"}),
    # the normal values of every textbook: pH 7.40 and 40 mm[Hg] make 24 mmol/L, and a base excess of nought
    ({"ph_arterial": "7.40", "paco2": "40", "bicarbonate_blood": "24.4"}, {"bicarbonate_blood": "22.4"}),
    ({"ph_arterial": "7.40", "paco2": "40", "bicarbonate": "25"}, {"bicarbonate": "52"}),
    ({"ph_arterial": "7.40", "paco2": "40", "base_excess": "0"}, {"base_excess": "-8"}),
    ({"ph_arterial": "7.20", "paco2": "40", "bicarbonate_blood": "15.5", "total_co2": "16.7"}, {"total_co2": "11.7"}),
    # Berlin definition: 100 mm[Hg] or less at 60 % of oxygen and 60 mm[Hg]
    ({"pao2": "60", "fio2": "60", "pao2_fio2": "100"}, {"pao2_fio2": "110"}),
    # on air at sea level: 0.21 x 713 - 40/0.8 - 90 is 10 mm[Hg]
    ({"pao2": "90", "paco2": "40", "fio2": "21", "aa_gradient": "10"}, {"aa_gradient": "40"}),
    # Roca 2016: the threshold 4.88 is near 95 % on 65 % of oxygen at a rate of 30
    ({"spo2": "95", "fio2": "65", "respiratory_rate": "30", "rox_index": "4.87"}, {"rox_index": "7.84"}),
    ({"albumin": "40", "globulin": "30", "protein_total": "70"}, {"protein_total": "74"}),
    # 28 mg/dL of urea nitrogen are 10 mmol/L of urea, and 60 mg/dL
    ({"urea_nitrogen": "28", "urea": "10.0"}, {"urea": "28"}),
    # Payne 1973: 0.02 mmol/L for each g/L below 40
    ({"calcium": "2.00", "albumin": "30", "calcium_corrected": "2.20"}, {"calcium_corrected": "2.02"}),
    ({"sodium": "140", "glucose": "5", "urea": "5", "osmolality": "290"}, {"osmolality": "390"}),
    # Friedewald 1972: 200 - 50 - 150/5
    ({"cholesterol": "200", "hdl": "50", "triglycerides": "150", "ldl": "120"}, {"ldl": "160"}),
    ({"cholesterol": "200", "hdl": "50", "non_hdl": "150"}, {"non_hdl": "105"}),
    # 120/80 has a mean of 93
    ({"systolic_pressure": "120", "diastolic_pressure": "80", "mean_pressure": "93"}, {"mean_pressure": "73"}),
    ({"pa_systolic": "25", "pa_diastolic": "10", "pa_mean": "15"}, {"pa_mean": "51"}),
    ({"white_cells": "8.0", "neutrophils": "6.0", "neutrophil_share": "75.0"}, {"neutrophil_share": "57.0"}),
    ({"reticulocyte_share": "1.0", "red_cells": "5.00", "reticulocytes": "50"}, {"reticulocytes": "500"}),
    ({"cd4_cells": "800", "cd8_cells": "400", "cd4_cd8_ratio": "2.0"}, {"cd4_cd8_ratio": "0.5"}),
    ({"cd4_share": "40", "cd8_share": "20", "cd4_cd8_ratio": "2.0"}, {"cd4_cd8_ratio": "0.5"}),
    ({"cd4_share": "40", "lymphocytes": "2.00", "cd4_cells": "800"}, {"cd4_cells": "80"}),
    ({"plateau_pressure": "25", "peep": "10", "driving_pressure": "15"}, {"driving_pressure": "35"}),
    ({"plateau_pressure": "25", "peep": "10", "tidal_volume": "450", "compliance": "30"}, {"compliance": "18"}),
    ({"ck_mb": "10", "ck": "500", "ck_mb_index": "2.0"}, {"ck_mb_index": "0.2"}),
    # 70 kg at 175 cm are 22.9 kg/m2
    ({"weight": "70", "height": "175", "bmi": "22.9"}, {"bmi": "29.2"}),
]  # fmt: skip


@pytest.mark.parametrize(("numbers", "slip"), AGREE)
def test_numbers_that_agree_are_silent_and_a_slip_is_asked_about(tmp_path, numbers, slip):
    assert checks(tmp_path / "a", *sample(**numbers)) == []
    found = check_consistency(made_up(tmp_path / "b", sample(**(numbers | slip))))
    assert set(found["check"]) & {"identity", "sum"}
    assert all(len(lines.split()) >= 2 for lines in found["lines"])


def test_every_identity_is_of_the_vocabulary_and_says_why_it_tolerates_what_it_does():
    for identity in IDENTITIES:
        assert {identity.whole, *identity.parts} <= set(vocabulary().analytes)
        assert identity.words
        assert identity.reason
        tolerant = identity.absolute or identity.relative
        assert not tolerant or any(letter.isdigit() for letter in identity.reason)


@pytest.mark.parametrize(
    ("creatinine", "age", "female", "by_2009", "by_2021"),
    [
        # at kappa and 50 years the powers are 1: 141 x 0.993^50 and 142 x 0.9938^50, for women x 1.018 and x 1.012
        (0.9, 50, 0, 141 * 0.993**50, 142 * 0.9938**50),
        (0.7, 50, 1, 141 * 0.993**50 * 1.018, 142 * 0.9938**50 * 1.012),
        # twice kappa: 2^-1.209 and 2^-1.2; half of it: 2^0.411 and 2^0.302 in men
        (1.8, 50, 0, 141 * 0.993**50 * 2**-1.209, 142 * 0.9938**50 * 2**-1.2),
        (0.45, 50, 0, 141 * 0.993**50 * 2**0.411, 142 * 0.9938**50 * 2**0.302),
    ],
)
def test_ckd_epi_is_as_published(creatinine, age, female, by_2009, by_2021):
    assert float(CKD_EPI_2009(creatinine * 88.42, age, female)) == pytest.approx(by_2009, rel=1e-12)
    assert float(CKD_EPI_2021(creatinine * 88.42, age, female)) == pytest.approx(by_2021, rel=1e-12)


@pytest.mark.parametrize(
    ("egfr", "found"),
    [
        ("104", 0),  # 142 x 0.9938^50 at 0.9 mg/dL
        ("99", 0),  # 141 x 0.993^50, as the source may have told it in 2015
        ("115", 0),  # and with the factor for Black patients of that equation, 1.159
        ("40", 1),  # by no equation
    ],
)
def test_egfr_may_be_of_any_equation_in_use(tmp_path, egfr, found):
    rows = seen(1, "creatinine", "0.90", "mg/dL"), seen(1, "egfr", egfr, UNITS["egfr"])
    assert checks(tmp_path, *rows) == ["identity"] * found


@pytest.mark.parametrize("subject", ["null, sex: male", "50, sex: null", "9, sex: male"])
def test_without_age_and_sex_of_an_adult_egfr_is_not_told(tmp_path, subject):
    rows = seen(1, "creatinine", "0.90", "mg/dL"), seen(1, "egfr", "40", UNITS["egfr"])
    folder = write_case(tmp_path, rows)
    edit(folder, "case.yaml", "50, sex: male", subject)
    assert check_consistency(read_case(folder))["check"].to_list() == []


def test_a_remark_names_the_values_as_printed_the_day_and_the_lines_and_asks(tmp_path):
    row = check_consistency(made_up(tmp_path, sample(3, red_cells="4.20", haematocrit="37", mcv="95"))).iloc[0]
    assert row["finding"] == (
        "Mean corpuscular volume on day 3, 95 fL, and 10 × haematocrit / red cells, 88 fL, do not agree (haematocrit "
        "37 % and red-cell count 4.20 ×10¹²/L): is one of the three misprinted?"
    )
    assert (row["check"], row["day"], row["analyte"], row["lines"]) == ("identity", "3", "mcv", "4 3 2")


def test_a_number_that_several_identities_speak_against_is_the_one_asked_about(tmp_path):
    found = check_consistency(
        made_up(tmp_path, sample(red_cells="2.47", haematocrit="39.2", haemoglobin="136", mcv="91.8", mch="31.9"))
    )
    assert found["analyte"].to_list() == ["red_cells"]


@pytest.mark.parametrize(
    ("fio2", "unit", "ratio", "found"), [("0.4", "1", "150", 0), ("0.4", "1", "165", 1), ("40", "%", "150", 0)]
)
def test_an_inspired_share_is_set_so_that_0_4_is_0_40(tmp_path, fio2, unit, ratio, found):
    rows = [*sample(pao2="60", pao2_fio2=ratio), seen(1, "fio2", fio2, unit)]
    assert checks(tmp_path, *rows) == ["identity"] * found


def test_units_are_brought_together_and_the_result_is_told_in_the_unit_of_the_number(tmp_path):
    rows = [seen(1, "haemoglobin", "13.6", "g/dL"), *sample(haematocrit="39.2", mchc="374")]
    found = check_consistency(made_up(tmp_path, rows))
    assert "347 g/L" in found["finding"].iloc[0]
    assert checks(tmp_path / "b", seen(1, "haemoglobin", "13.6", "g/dL"), *sample(haematocrit="39.2", mchc="347")) == []


def test_triglycerides_beyond_friedewald_leave_ldl_alone(tmp_path):
    assert checks(tmp_path, *sample(cholesterol="300", hdl="30", triglycerides="800", ldl="90")) == []


def test_bounds_and_ranges_enter_no_identity(tmp_path):
    assert checks(tmp_path, *sample(pao2="60", fio2="40..60", pao2_fio2="200")) == []


@pytest.mark.parametrize(("second", "found"), [("39.2", 0), ("30.0", 1)])
def test_of_two_readings_of_a_day_one_that_agrees_is_enough(tmp_path, second, found):
    rows = [
        *sample(red_cells="4.27", haematocrit="28.0", mcv="91.8"),
        seen(1, "haematocrit", second, "%", "Table 1, evening"),
    ]
    assert checks(tmp_path, *rows).count("identity") == found


def test_another_document_of_the_day_lends_a_laboratory_value_but_no_reading_of_the_minute(tmp_path):
    blood = [*sample(red_cells="4.27", haematocrit="39.2"), *sample(source="text", mcv="81.9")]
    assert checks(tmp_path / "a", *blood) == ["identity"]
    air = [*sample(pao2="60", fio2="60"), *sample(source="text", pao2_fio2="250")]
    assert checks(tmp_path / "b", *air) == []


def corrected(last: str) -> list[tuple]:
    values = ["2.20", "2.24", "2.18", "2.26", "2.22", last]
    rows = []
    for day, (told, albumin) in enumerate(zip(values, ["30", "30", "31", "29", "30", "30"], strict=True)):
        calcium = {"2.20": "2.00", "2.24": "2.04", "2.18": "2.00", "2.26": "2.04", "2.22": "2.02"}.get(told, "2.05")
        rows += sample(day, calcium=calcium, albumin=albumin, calcium_corrected=told)
    return rows


def test_the_formula_of_five_other_days_is_the_sources_own(tmp_path):
    # 2.05 + 0.02 x 10 is 2.25; 2.33 would do for a usual albumin of 44 g/L, which the source does not take
    assert checks(tmp_path / "a", *corrected("2.25")) == []
    found = check_consistency(made_up(tmp_path / "b", corrected("2.33")))
    assert found["check"].to_list() == ["identity"]
    assert "5 other days" in found["finding"].iloc[0]


# Sums, orders, and what moves together


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        (("60.0", "30.0", "7.0", "2.5", "0.5"), 0),
        (("60.1", "30.1", "7.1", "2.6", "0.6"), 0),  # 100.5: each rounded up by 0.1 point
        (("60.0", "30.0", "7.0", "2.5", "5.0"), 1),
        (("60.0", "30.0", "7.0", "0.5", "0.5"), 1),  # an analyser leaves no cell out
        (("60", "30", "5", "1", "0"), 0),  # a smear of 100 cells may, and does not say what
        (("70.0", "31.0"), 1),
        (("70.0", "25.0"), 0),
    ],
)
def test_shares_add_up_to_100_with_02_points_for_the_rounding_of_each(tmp_path, shares, found):
    names = ("neutrophil_share", "lymphocyte_share", "monocyte_share", "eosinophil_share", "basophil_share")
    rows = sample(**dict(zip(names, shares, strict=False)))
    assert checks(tmp_path, *rows) == ["sum"] * found


@pytest.mark.parametrize(("bands", "found"), [("10.0", 0), ("40.0", 1)])
def test_what_a_smear_names_besides_belongs_to_the_100(tmp_path, bands, found):
    rows = sample(neutrophil_share="50.0", lymphocyte_share="30.0", monocyte_share="7.0", eosinophil_share="2.5",
                  basophil_share="0.5", band_share=bands)  # fmt: skip
    assert checks(tmp_path, *rows) == ["sum"] * found


@pytest.mark.parametrize("share", ["72.5", "72.6", "72.3"])
def test_a_share_that_differs_from_its_count_by_a_tenth_of_a_point_is_rounding(tmp_path, share):
    # 5.80 of 8.00 is 72.5 %
    assert checks(tmp_path, *sample(white_cells="8.00", neutrophils="5.80", neutrophil_share=share)) == []


@pytest.mark.parametrize(
    ("low", "high"),
    [({"diastolic_pressure": "112"}, {"systolic_pressure": "108"}), ({"peep": "18"}, {"plateau_pressure": "15"}),
     ({"hdl": "210"}, {"cholesterol": "200"}), ({"mean_pressure": "130"}, {"systolic_pressure": "120"}),
     ({"cd4_cells": "900"}, {"cd3_cells": "800"})],
)  # fmt: skip
def test_a_part_or_a_trough_is_not_above_what_it_belongs_to(tmp_path, low, high):
    assert checks(tmp_path, *sample(**low, **high)) == ["order"]
    names = list(low), list(high)
    turned = dict(zip((*names[0], *names[1]), (*high.values(), *low.values()), strict=True))
    assert checks(tmp_path / "b", *sample(**turned)) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"inr": "1.2"}, {"inr": "1.8"}, 1),  # up, while the time of it went down
        ({"inr": "1.8"}, {"inr": "1.2"}, 0),
        ({"inr": "1.4"}, {"inr": "1.5"}, 0),  # 1.45 both: rounding
        ({"prothrombin_activity": "60"}, {"prothrombin_activity": "50"}, 1),
        ({"prothrombin_activity": "50"}, {"prothrombin_activity": "60"}, 0),
    ],
)
def test_prothrombin_time_moves_with_inr_and_against_activity(tmp_path, one, other, found):
    rows = [*sample(1, prothrombin_time="20.1", **one), *sample(2, prothrombin_time="16.4", **other)]
    assert checks(tmp_path, *rows) == ["order"] * found


def test_what_two_documents_make_disagree_in_the_same_words_is_said_once_of_all_their_rows(tmp_path):
    wrong = {"red_cells": "4.27", "haematocrit": "39.2", "mcv": "98.1"}
    table = check_consistency(
        made_up(tmp_path, [row for source in ("Table 1", "text (history)") for row in sample(source=source, **wrong)])
    )
    (found,) = table[table["check"] == "identity"].to_dict("records")
    assert {"Table 1", "text (history)"} <= set(found["source"].split("; "))
    assert sorted(found["lines"].split()) == ["2", "3", "4", "5", "6", "7"]


def test_urea_nitrogen_is_told_as_urea_with_the_factor_of_both_units(tmp_path):
    rows = [seen(1, "urea", "20", "mg/dL"), seen(1, "urea_nitrogen", "11.7", "mg/dL")]
    (said,) = check_consistency(made_up(tmp_path, rows))["finding"]  # 11.7 mg/dL x 60.06 / 28.01 is 25 mg/dL of urea
    assert "20 mg/dL, and urea nitrogen as urea (0.357 mmol/L per mg/dL), 25 mg/dL, do not agree" in said
