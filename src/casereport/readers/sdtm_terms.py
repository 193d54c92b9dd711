"""The test codes of CDISC's controlled terminology (LBTESTCD, VSTESTCD) that are analytes of the vocabulary.

A code says what is measured and not in what, so the specimen of the row decides beside it, and the unit where a code
is both a count and a share.
"""

_LB: dict[str, str] = {
    "ALB": "albumin", "ALP": "alp", "ALT": "alt", "AST": "ast", "AMYLASE": "amylase", "LIPASE": "lipase",
    "BILI": "bilirubin_total", "BILDIR": "bilirubin_direct", "BILIND": "bilirubin_indirect", "GGT": "ggt",
    "LDH": "ldh", "PROT": "protein_total", "GLOBUL": "globulin", "CRP": "crp", "CK": "ck", "CREAT": "creatinine",
    "UREAN": "urea_nitrogen", "BUN": "urea_nitrogen", "UREA": "urea", "URATE": "urate", "SODIUM": "sodium",
    "K": "potassium", "CL": "chloride", "BICARB": "bicarbonate", "CO2": "total_co2", "CA": "calcium",
    "CACR": "calcium_corrected", "CAION": "calcium_ionised", "MG": "magnesium", "PHOS": "phosphate",
    "GLUC": "glucose", "HBA1C": "hba1c", "CHOL": "cholesterol", "HDL": "hdl", "LDL": "ldl", "TRIG": "triglycerides",
    "IRON": "iron", "FERRITIN": "ferritin", "TRANSFRN": "transferrin", "TIBC": "tibc", "VITB12": "vitamin_b12",
    "FOLATE": "folate", "TSH": "tsh", "T4FR": "free_t4", "T3FR": "free_t3", "T4": "total_t4", "T3": "total_t3",
    "CORTISOL": "cortisol", "PTH": "pth", "LACTICAC": "lactate", "TROPONT": "troponin_t", "TROPONI": "troponin_i",
    "BNP": "bnp", "BNPPRONT": "nt_probnp", "MYOGLBN": "myoglobin", "PCT": "procalcitonin", "ESR": "esr",
    "HGB": "haemoglobin", "HCT": "haematocrit", "RBC": "red_cells", "MCV": "mcv", "MCH": "mch", "MCHC": "mchc",
    "RDW": "rdw", "PLAT": "platelets", "WBC": "white_cells", "LYM": "lymphocytes", "MONO": "monocytes",
    "EOS": "eosinophils", "BASO": "basophils", "NEUT": "neutrophils", "LYMLE": "lymphocyte_share",
    "MONOLE": "monocyte_share", "EOSLE": "eosinophil_share", "BASOLE": "basophil_share", "NEUTLE": "neutrophil_share",
    "RETI": "reticulocytes", "RETIRBC": "reticulocyte_share", "INR": "inr", "PT": "prothrombin_time", "APTT": "aptt",
    "FIBRINO": "fibrinogen", "HAPTOG": "haptoglobin", "IGG": "igg", "IGA": "iga", "IGM": "igm",
    "SPGRAV": "urine_specific_gravity", "MPV": "mpv",
    "CYSTATC": "cystatin_c", "AMMONIA": "ammonia", "OSMLTY": "osmolality", "PREALB": "prealbumin",
}  # fmt: skip
# tests that the codes name for a count and that some laboratories report as a share
_SHARES = {
    "LYM": "lymphocyte_share", "MONO": "monocyte_share", "EOS": "eosinophil_share", "BASO": "basophil_share",
    "NEUT": "neutrophil_share", "RETI": "reticulocyte_share",
}  # fmt: skip
_VS: dict[str, str] = {
    "SYSBP": "systolic_pressure", "DIABP": "diastolic_pressure", "MAP": "mean_pressure", "PULSE": "heart_rate",
    "HR": "heart_rate", "RESP": "respiratory_rate", "TEMP": "temperature", "OXYSAT": "spo2", "WEIGHT": "weight",
    "HEIGHT": "height", "BMI": "bmi",
}  # fmt: skip

TESTS: dict[tuple[str, str], tuple[str, ...]] = {
    **{("LB", code): (name, *([_SHARES[code]] if code in _SHARES else [])) for code, name in _LB.items()},
    **{("VS", code): (name,) for code, name in _VS.items()},
}
