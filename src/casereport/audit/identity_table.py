"""What must hold between the values of one sample, as data: identities, parts of a whole, orders, joint movement.

Each identity names its inputs, its formula, what it tolerates beyond the rounding of the printed digits, and why. All
is in canonical units of the vocabulary. A formula is monotone in each input, so that its extremes within rounding lie
at the ends of the inputs; it takes numbers and columns of numbers alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

Ends = tuple[Any, Any]  # the lowest and the highest that a number, or each number of a column, may be


@dataclass(frozen=True)
class Identity:
    """`whole` is the formula of `parts`, then of the keys of `given`; one of `formulas` has to hold.

    `given` are inputs that a day need not have: a range stands for them where it has none, None is no way without.
    `age` (years) and `female` (1 or 0) are the subject's. `words` is the formula for reading; `absolute` and
    `relative` are tolerated besides rounding, for the `reason`. `usual` has the values that a formula takes for the
    last of `given` where it takes fixed ones. `one_way`: nobody tells it otherwise, and what is tolerated is rounding.
    """

    whole: str
    parts: tuple[str, ...]
    words: str
    formulas: tuple[Callable[..., Any], ...]
    reason: str
    absolute: float = 0.0
    relative: float = 0.0
    given: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)
    usual: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    one_way: bool = False


# An input that another sample of the same day's blood may have given: what agrees with either, agrees.
SUBSTITUTES = {
    "sodium": ("sodium_blood",),
    "potassium": ("potassium_blood",),
    "chloride": ("chloride_blood",),
    "bicarbonate": ("bicarbonate_blood", "total_co2"),
    "spo2": ("spo2_oxygen", "spo2_air", "so2_blood"),
}

# An inspired share of oxygen is set, not measured: 0.4 on a ventilator is 0.40, whatever digits are printed. In %.
LARGEST_ROUNDING = {"fio2": 0.5}

PRINTED = "of one blood count or one calculation, so to the printed digits"


def _bicarbonate(ph: Any, pressure: Any) -> Any:
    """Henderson-Hasselbalch for blood at 37 Cel: pK' 6.1, solubility 0.0307 mmol/L per mm[Hg] (Siggaard-Andersen)."""
    return 0.0307 * pressure * 10 ** (ph - 6.1)


def _base_excess(ph: Any, pressure: Any) -> Any:
    """Base excess of extracellular fluid by the Van Slyke equation, as NCCLS C12-A rounds it."""
    return 0.93 * (_bicarbonate(ph, pressure) - 24.4 + 14.8 * (ph - 7.4))


def _alveolar(oxygen: Any, carbon_dioxide: Any, share: Any, barometer: Any, quotient: Any) -> Any:
    """The alveolar gas equation in its short form: 47 mm[Hg] is water vapour at 37 Cel."""
    return share / 100 * (barometer - 47) - carbon_dioxide / quotient - oxygen


def _ckd_epi(female: tuple[float, ...], male: tuple[float, ...], ageing: float) -> Callable[..., Any]:
    """CKD-EPI from (scale, kappa, alpha, beta) of each sex; for adults, as it was made for."""

    def rate(creatinine: Any, age: Any, is_female: Any) -> Any:
        scale, kappa, alpha, beta = (np.where(is_female > 0.5, f, m) for f, m in zip(female, male, strict=True))
        relative = creatinine / 88.42 / kappa  # mg/dL
        found = scale * np.minimum(relative, 1) ** alpha * np.maximum(relative, 1) ** beta * ageing**age
        return np.where(age < 18, np.nan, found)

    return rate


def _power(scale: float, exponent: float, ageing: float, female: float) -> Callable[..., Any]:
    """An equation scale x creatinine (mg/dL)^exponent x age^ageing x a factor for women; for adults."""

    def rate(creatinine: Any, age: Any, is_female: Any) -> Any:
        factor = np.where(is_female > 0.5, female, 1.0)
        found = scale * (creatinine / 88.42) ** exponent * np.maximum(age, 1.0) ** ageing * factor
        return np.where(age < 18, np.nan, found)

    return rate


# Inker 2021 (doi 10.1056/NEJMoa2102953), without race. Levey 2009 (doi 10.7326/0003-4819-150-9-200905050-00006), which
# reports up to then used, and its factor for Black patients. Levey 2006 (doi 10.7326/0003-4819-145-4-200608150-00004).
# Matsuo 2009 (doi 10.1053/j.ajkd.2008.12.034), the equation of Japan.
CKD_EPI_2021 = _ckd_epi((142 * 1.012, 0.7, -0.241, -1.2), (142, 0.9, -0.302, -1.2), 0.9938)
CKD_EPI_2009 = _ckd_epi((141 * 1.018, 0.7, -0.329, -1.209), (141, 0.9, -0.411, -1.209), 0.993)
MDRD = _power(175, -1.154, -0.203, 0.742)
JAPANESE = _power(194, -1.094, -0.287, 0.739)


def _black(equation: Callable[..., Any], factor: float) -> Callable[..., Any]:
    return lambda creatinine, age, is_female: factor * equation(creatinine, age, is_female)


def _pressure(diastolic: Any, systolic: Any, form_factor: Any) -> Any:
    return diastolic + form_factor * np.maximum(systolic - diastolic, 0)


def _osmolality(sodium: Any, glucose: Any, urea: Any) -> Any:
    return 2 * sodium + glucose + urea


def _friedewald(cholesterol: Any, hdl: Any, triglycerides: Any) -> Any:
    """Friedewald 1972, mg/dL: not used from triglycerides of 400 mg/dL on."""
    return np.where(triglycerides < 400, cholesterol - hdl - triglycerides / 5, np.nan)


def _share_of(count: Any, whole: Any) -> Any:
    return 100 * count / whole


def _of_lymphocytes(share: Any, lymphocytes: Any) -> Any:
    return 10 * share * lymphocytes


_PERSON = {"age": None, "female": None}

IDENTITIES = (
    Identity("mcv", ("haematocrit", "red_cells"), "10 × haematocrit / red cells", (lambda h, r: 10 * h / r,), PRINTED),
    Identity("mch", ("haemoglobin", "red_cells"), "haemoglobin / red cells", (lambda h, r: h / r,), PRINTED),
    Identity(
        "mchc", ("haemoglobin", "haematocrit"), "haemoglobin / haematocrit", (lambda h, r: 10 * h / r,), PRINTED
    ),
    *(
        # without the 0.2 points 21 shares of Yan et al. 2020 would raise a remark, 11 of them for rounding
        Identity(share, (count, "white_cells"), "its count / white cells", (_share_of,),
                 "0.2 points: share and count are rounded one from the other", absolute=0.2, one_way=True)
        for share, count in (
            ("neutrophil_share", "neutrophils"), ("lymphocyte_share", "lymphocytes"), ("monocyte_share", "monocytes"),
            ("eosinophil_share", "eosinophils"), ("basophil_share", "basophils"),
        )
    ),
    Identity("reticulocytes", ("reticulocyte_share", "red_cells"), "their share × red cells",
             (lambda share, red: 10 * share * red,), "2 %: both are told from one count of cells", relative=0.02,
             one_way=True),
    *(
        Identity(f"{name}_cells", (f"{name}_share", "lymphocytes"), "their share × lymphocytes", (_of_lymphocytes,),
                 "25 %: the cytometer gives the share, a cell counter the lymphocytes", relative=0.25, one_way=True)
        for name in ("cd3", "cd4", "cd8")
    ),
    Identity("cd4_cd8_ratio", ("cd4_cells", "cd8_cells"), "CD4 / CD8 cells", (lambda a, b: a / b,),
             "2 %: the ratio is of the unrounded shares", relative=0.02, one_way=True),
    Identity("cd4_cd8_ratio", ("cd4_share", "cd8_share"), "CD4 / CD8 shares", (lambda a, b: a / b,),
             "2 %: the ratio is of the unrounded shares", relative=0.02, one_way=True),
    Identity(
        "anion_gap", ("sodium", "chloride", "bicarbonate"),
        "sodium − chloride − bicarbonate (with or without potassium)",
        (lambda na, cl, b, k: na - cl - b, lambda na, cl, b, k: na + k - cl - b), PRINTED, given={"potassium": (3, 6)},
    ),
    Identity(
        "bicarbonate_blood", ("ph_arterial", "paco2"), "Henderson-Hasselbalch of pH and PaCO2", (_bicarbonate,),
        "0.5 mmol/L and 3 %: analysers put pK' at 6.09 to 6.11 and the solubility at 0.0301 to 0.0307",
        absolute=0.5, relative=0.03,
    ),
    Identity(
        "bicarbonate", ("ph_arterial", "paco2"), "Henderson-Hasselbalch of pH and PaCO2", (_bicarbonate,),
        "3 mmol/L and 5 %: venous plasma, as total carbon dioxide, beside arterial blood", absolute=3.0, relative=0.05,
    ),
    Identity(
        "base_excess", ("ph_arterial", "paco2"), "0.93 × (bicarbonate − 24.4 + 14.8 × (pH − 7.4))", (_base_excess,),
        "2.5 mmol/L: of blood or of extracellular fluid, with haemoglobin or without", absolute=2.5,
    ),
    Identity("total_co2", ("bicarbonate_blood", "paco2"), "bicarbonate + 0.0307 × PaCO2",
             (lambda b, p: b + 0.0307 * p,), "0.5 mmol/L: bicarbonate may be rounded before it is added", absolute=0.5),
    Identity("pao2_fio2", ("pao2", "fio2"), "PaO2 / FiO2", (lambda o, f: 100 * o / f,), PRINTED),
    Identity(
        "aa_gradient", ("pao2", "paco2", "fio2"), "FiO2 × (760 − 47) − PaCO2 / 0.8 − PaO2", (_alveolar,),
        "near sea level is assumed (725 to 770 mm[Hg], up to 400 m), and a respiratory quotient of 0.8, or 1 in the "
        "full equation on oxygen; 5 mm[Hg]", absolute=5.0, given={"barometer": (725, 770), "quotient": (0.8, 1.0)},
        usual={"barometer": (760,), "quotient": (0.8,)},
    ),
    Identity("rox_index", ("spo2", "fio2", "respiratory_rate"), "SpO2 / FiO2 / respiratory rate",
             (lambda s, f, r: 100 * s / f / r,), "Roca 2016; 1 %: a quotient of a quotient, cut or rounded",
             relative=0.01, one_way=True),
    Identity("urea", ("urea_nitrogen",), "urea nitrogen as urea (0.357 mmol/L per mg/dL)", (lambda n: 0.357 * n,),
             "1 %: factors in use, 2.14 and 0.357, are rounded", relative=0.01, one_way=True),
    Identity(
        "egfr", ("creatinine",), "CKD-EPI 2021 of creatinine, age and sex",
        (CKD_EPI_2021, CKD_EPI_2009, _black(CKD_EPI_2009, 1.159), MDRD, JAPANESE),
        "the source may have used an equation before 2021, or that of MDRD or of Japan; 1 % and 0.5, and a year of age",
        absolute=0.5, relative=0.01, given=_PERSON,
    ),
    Identity(
        "egfr_mdrd", ("creatinine",), "MDRD of creatinine, age and sex",
        (MDRD, _black(MDRD, 186 / 175), _black(MDRD, 1.212)),
        "with 175, or 186 where creatinine is not traceable to the standard; 1 % and 0.5, and a year of age",
        absolute=0.5, relative=0.01, given=_PERSON,
    ),
    Identity(
        "calcium_corrected", ("calcium", "albumin"), "calcium + 0.02 × (40 − albumin) mmol/L",
        (lambda calcium, albumin, usual, slope: calcium * 10 / 40.078 + slope * (usual - albumin),),
        "Payne 1973; laboratories put the usual albumin at 40 to 47 g/L and the slope at 0.02 to 0.025; 0.02 mmol/L",
        absolute=0.02, given={"usual albumin": (40, 47), "slope": (0.02, 0.025)},
        usual={"usual albumin": (40,), "slope": (0.02, 0.025)},
    ),
    Identity("osmolality", ("sodium", "glucose", "urea"), "2 × sodium + glucose + urea", (_osmolality,),
             "25 mosm/kg: the usual gap is within 10, and alcohols and ketones add to it", absolute=25.0),
    Identity("osmolality", ("sodium", "glucose", "urea_nitrogen"), "2 × sodium + glucose + urea",
             (lambda sodium, glucose, nitrogen: _osmolality(sodium, glucose, 0.357 * nitrogen),),
             "25 mosm/kg: the usual gap is within 10, and alcohols and ketones add to it", absolute=25.0),
    Identity("ldl", ("cholesterol", "hdl", "triglycerides"), "cholesterol − HDL − triglycerides / 5 (Friedewald)",
             (_friedewald,), "15 mg/dL and 5 %: other equations and a direct assay differ by so much", absolute=15.0,
             relative=0.05),
    Identity("non_hdl", ("cholesterol", "hdl"), "cholesterol − HDL", (lambda total, hdl: total - hdl,), PRINTED),
    *(
        Identity(
            mean, (low, high), "diastolic + 1/3 of the pulse pressure", (_pressure,),
            "the share of the pulse differs with rate and artery (0.25 to 0.5), and both may be measured; 3 mm[Hg]",
            absolute=3.0, given={"form factor": (0.25, 0.5)}, usual={"form factor": (1 / 3,)},
        )
        for mean, low, high in (
            ("mean_pressure", "diastolic_pressure", "systolic_pressure"), ("pa_mean", "pa_diastolic", "pa_systolic"),
        )
    ),
    Identity("driving_pressure", ("plateau_pressure", "peep"), "plateau pressure − PEEP", (lambda p, e: p - e,),
             PRINTED),
    Identity("compliance", ("tidal_volume", "plateau_pressure", "peep"), "tidal volume / (plateau pressure − PEEP)",
             (lambda v, p, e: np.where(p > e, v / np.maximum(p - e, 1e-9), np.nan),),
             "1 mL/cm[H2O] and 5 %: set or exhaled volume", absolute=1.0, relative=0.05),
    Identity("ck_mb_index", ("ck_mb", "ck"), "100 × CK-MB / creatine kinase", (lambda mb, ck: 100 * mb / ck,),
             "2 %: told from unrounded values", relative=0.02, one_way=True),
    Identity("bmi", (), "weight / height²", (lambda weight, height: 1e4 * weight / height**2,),
             "1 %: height is measured once, weight on another day", relative=0.01, one_way=True,
             given={"weight": None, "height": None}),
)  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """The parts add up to `whole`; `may_be_missing` is the share of it that parts not named here may have."""

    whole: str
    parts: tuple[str, ...]
    may_be_missing: float = 0.0


# Bands, atypical lymphocytes and precursors are in the white count but in none of the five named kinds; they seldom
# make up more than this share of it.
OTHER_CELLS = 0.05

WHOLES = (
    Whole("bilirubin_total", ("bilirubin_direct", "bilirubin_indirect")),
    Whole("protein_total", ("albumin", "globulin")),
    Whole("white_cells", ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils"), OTHER_CELLS),
)

# The shares of the five kinds, and of what a smear names besides, which some analysers count among the neutrophils.
SHARES = ("neutrophil_share", "lymphocyte_share", "monocyte_share", "eosinophil_share", "basophil_share")
OTHER_SHARES = (
    "band_share", "immature_granulocyte_share", "blast_share", "metamyelocyte_share", "myelocyte_share",
    "promyelocyte_share", "variant_lymphocyte_share",
)  # fmt: skip
SHARE_ROUNDING = 0.2  # points for each share

# What cannot be above what, at one time.
ORDERED = (
    ("diastolic_pressure", "systolic_pressure"),
    ("diastolic_pressure", "mean_pressure"),
    ("mean_pressure", "systolic_pressure"),
    ("pa_diastolic", "pa_systolic"),
    ("pa_diastolic", "pa_mean"),
    ("pa_mean", "pa_systolic"),
    ("peep", "plateau_pressure"),
    ("plateau_pressure", "peak_pressure"),
    ("hdl", "cholesterol"),
    ("ldl", "cholesterol"),
    ("cd4_cells", "cd3_cells"),
    ("cd8_cells", "cd3_cells"),
)

# What moves with (1) or against (-1) another in one patient and laboratory, whatever the reagent or the equation.
TOGETHER = (
    ("inr", "prothrombin_time", 1),
    ("prothrombin_activity", "prothrombin_time", -1),
    ("prothrombin_activity", "inr", -1),
    ("egfr", "creatinine", -1),
    ("urea", "urea_nitrogen", 1),
)


# A formula that holds to the printed digits on so many other days is the source's own; then a number is asked about
# that is off by more than this share, which no rounding of an intermediate result makes. Four days are too few: in one
# patient of Yan et al. 2020 a formula of corrected calcium that is not the laboratory's fits on four by chance.
OTHER_DAYS = 5
OFF = 0.02


def variants(identity: Identity) -> list[Identity]:
    """The identity with one formula, its usual values and no tolerance each; none where there is one way only."""
    if identity.one_way or not (identity.absolute or identity.relative or identity.given):
        return []
    left = {name: None for name in identity.given if name not in identity.usual}
    return [
        replace(identity, formulas=(_with(formula, usual),), absolute=0.0, relative=0.0, given=left, usual={})
        for formula in identity.formulas
        for usual in product(*identity.usual.values())
    ]


def _with(formula: Callable[..., Any], usual: tuple[float, ...]) -> Callable[..., Any]:
    return lambda *inputs: formula(*inputs, *usual)


def beyond(identity: Identity, whole: Ends, inputs: Sequence[Ends]) -> Any:
    """How far `whole` lies from what every completion of the inputs gives: above 0 where the two do not agree.

    `inputs` has the ends of the parts, then of what is given; columns are looked at row by row, and where a number is
    not known (NaN) nothing is said.
    """
    gaps = []
    for formula in identity.formulas:
        corners = [formula(*corner) for corner in product(*inputs)]
        low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
        slack = identity.absolute + identity.relative * np.abs(high) + 1e-9 * (1 + np.abs(high))
        gaps.append(np.maximum(low - slack - whole[1], whole[0] - high - slack))
    return np.minimum.reduce(gaps)


def ends(value: Any, half: Any, analyte: str) -> Ends:
    """What a number may be within its rounding; no quantity that is printed as positive is nothing or less."""
    half = np.minimum(half, LARGEST_ROUNDING.get(analyte, np.inf))
    return np.where(value >= 0, np.maximum(value - half, 1e-9), value - half), value + half
