"""What a table was measured in, where it is not the blood that the vocabulary means by a bare name."""

import re
from collections.abc import Iterable

# the words of laboratories in several languages; Harnstoff and 尿素 are urea, and G-CSF is a growth factor
_WORDS = {
    "urine": r"\burin|(?:spontan|sammel|morgen|strahl|katheter|becher)urin|"
    r"harn(?:\b|status|sediment|probe|befund|analyse|chemie|streifen|diagnost|unters)|"
    r"\borina\b|uroan[aá]l[iy]s|\becbu\b|尿(?!素|酸|毒)",
    "csf": r"(?<!g-)(?<!m-)(?<![gm])c\.?s\.?f\b|cerebro-?spinal|c[ée]phalo-?rachid|cefalo-?rr?a[qc][uh]|\bl[ií]quor|"
    r"\bl\.?c\.?[rs]\b|[脑腦]脊|髄液",
    "pleural": r"pleur|胸水|胸腔积液",
    "ascites": r"asc[iíì]t|aszit|peritoneal|腹水|腹腔积液",
    "synovial fluid": r"synovial|sinovial|gelenkpunkt|関節液|关节液",
    "stool": r"stool|\bfa?ec(?:es|al)|stuhl|\bselles\b|\bheces\b|\bfe(?:ci|zes)\b|ontlasting|粪|大便|便潜血",
    "sputum": r"sputum|esputo|expector|escarro|auswurf|trachealsekret|痰",
    "lavage": r"lavage|lavado|\bbalf?\b|\blba\b|肺泡灌洗",
    "dialysate": r"dial[iy]sat|effluent|ultrafiltrat|透析液",
    "drain": r"drain|dr[äe]na[gj]|引流",
    "marrow": r"marrow|knochenmark|\bmoelle\b|m[ée]dula [óo]ss?ea|midollo|beenmerg|骨[髓髄]",
    "saliva": r"saliva|speichel|唾液",
    "semen": r"\bsemen\b|\bseminal\b",
    "sweat": r"\bsweat\b",
    # what is measured in venous gas or another's blood is not what the vocabulary calls by that name
    "venous gas": r"venous (?:blood )?gas|gas(?:es)?[ ,(]+venous|\bvbg\b|(?:bga|blutgas\w*)[ ,(]+ven[öo]s|"
    r"ven[öo]se (?:bga|blutgas)|gaz (?:du sang )?veineux|gasometr[ií]a venosa|emogas\w* venos[oa]",
    "cord blood": r"cord blood|nabelschnur|sangre de cord|sang de cordon",
    "donor": r"donor|spender",
    "fluid": r"fluid|\bliquides?\b|l[ií]quido|punktat|erguss|[ée]panchement|\bversamento|\bderrame|vocht\b|"
    r"lumb(?:ar punc|alpunk)|ponction lombaire|punci[óo]n lumbar",
}
_NAMES = dict(enumerate(_WORDS))
_ELSEWHERE = re.compile("|".join(f"(?P<w{i}>{_WORDS[name]})" for i, name in _NAMES.items()), re.I)
# a title speaks of drains and fluids that were given, too
_OF_TITLE = re.compile(
    r"(?:body|drain|pleural|peritoneal|pericardial|synovial|joint|ascitic|amniotic) fluid|ascites|aszites|"
    r"pleura(?:punktat|erguss)|liquide (?:pleural|d.ascite)|l[ií]quido (?:pleural|asc[ií]tico)|胸水|腹水|"
    + "|".join(
        _WORDS[name] for name in ("urine", "csf", "stool", "sputum", "lavage", "dialysate", "marrow", "venous gas",
                                  "cord blood", "donor")
    ),
    re.I,
)  # fmt: skip
_BLOOD = re.compile(
    r"\b(?:blood|serum|plasma|ha?ematolog\w*|h[äé]mato\w*|sang|sangre|sangue|sangui\w*|sérum|suero|siero|soro)\b|"
    r"blut|血[清浆漿液常]",
    re.I,
)
_VEINS = re.compile(
    r"\b(?:veins?|venous|ven[öo]s\w*|veineu(?:x|ses?)|[vc]bg|capillar\w*|kapill[aä]r\w*|capillaires?|capilar\w*|ven|kap)\b|"
    r"静[脉脈]|毛[细細]血管",
    re.I,
)
# what is measured in other fluids as well as in blood
OF_FLUIDS = frozenset(
    {
        "white_cells", "red_cells", "neutrophils", "neutrophil_share", "lymphocytes", "lymphocyte_share", "monocytes",
        "monocyte_share", "eosinophils", "eosinophil_share", "glucose", "protein_total", "albumin", "ldh", "lactate",
        "chloride", "sodium", "potassium", "calcium", "creatinine", "urea", "urea_nitrogen", "urate", "osmolality",
        "amylase", "bilirubin_total", "triglycerides", "igg", "phosphate",
    }
)  # fmt: skip
# the headings of a panel or a section, and what stands in a column of specimens, as abbreviations that are no words
_SHORT = {"U": "urine", "UR": "urine", "BF": "body fluid"}
_URINALYSIS = re.compile(r"u/?a\b(?!.*uric)", re.I)  # `UA micro`


def elsewhere(text: str) -> str:
    """The fluid that a text names in any language, in one English word; empty for none, and for blood."""
    found = _ELSEWHERE.search(text)
    return _NAMES[int(found.lastgroup[1:])] if found and found.lastgroup else ""


def of_section(text: str) -> str:
    """The same of the heading of a section, the name of a panel or a specimen, which may be short: `UA`."""
    short = text.strip(" :.")
    return _SHORT.get(short.upper(), "") or ("urine" if _URINALYSIS.match(short) else elsewhere(text))


def of_panel(text: str) -> str:
    """What a heading over results says that they are of, a fluid, or blood of arteries or veins; empty for neither."""
    return of_section(text) or (text if of_veins(text) or of_arteries(text) else "")


def of_title(text: str) -> str:
    """The same of a title, which may name blood beside another fluid: then its rows have to say which."""
    found = _OF_TITLE.search(text)
    rest = re.sub(r"cord blood|venous blood gas|gaz du sang veineux|donor\w* blood", " ", text, flags=re.I)
    return elsewhere(found[0]) if found and not _BLOOD.search(rest) else ""


def of_blood(text: str) -> bool:
    """True for a heading that says that what follows is of blood."""
    return bool(_BLOOD.search(text)) and not elsewhere(text)


def of_veins(text: str) -> bool:
    """True for a heading over values of blood that is not arterial."""
    return bool(_VEINS.search(text)) and not re.search("art[eé]ri", text, re.I)


def is_arterial(label: str) -> bool:
    """True for the label of an analyte that is measured in arterial blood, and of another value in venous blood."""
    return bool(re.search(r"arterial|PaO2|^Oxygen saturation", label))


def of_arteries(text: str) -> bool:
    """True for a heading over values of arterial blood."""
    return bool(re.search(r"\bart[eé]ri(?:al|el)|\babg\b|\bart\b|动脉血|動脈血", text, re.I)) and not _VEINS.search(
        text
    )


def in_arterial(ids: list[str]) -> list[str]:
    """What the ids that a name has are under such a heading: of pH that of blood, of saturation that of blood, too."""
    return ["so2_blood"] if ids == ["spo2"] else [i for i in ids if i in ("ph_arterial", "bicarbonate_blood")] or ids


_FLUID = re.compile(
    r"(?:csf|(?:cerebro)?spinal fluid|ascites|bile|bal|lavage|stool|sputum|dialysate|"
    r"(?:ascitic|peritoneal|pleural|pericardial|synovial|joint|drain) (?:fluid|effusion)|"
    r"(?:spot |spontan|sammel)?(?:urine?s?|harn)|orina|liquor|l[ií]quor|lcr|aszites|"
    r"pleura(?:punktat|erguss)|dialysat|stuhl|"
    r"liquide (?:pleural|d.ascite)|l[ií]quido (?:pleural|asc[ií]tico)|尿|脑脊液|髄液|腹水|胸水)",
    re.I,
)
_TIMES = re.compile(
    r"(?i)\b(?:days?|d|hours?|h|weeks?|on|at|of|tage?|stunden?|jours?|d[ií]as?|giorn[oi]|dag)\b|[\W\d_]+"
)


# codes of HL7 (tables 0070 and 0487, SpecimenType) and SNOMED CT that stand without their name in many a file
_CODES = {
    **dict.fromkeys(("UR", "URC", "URT", "URNS", "URINB", "URINC", "URINM", "URINN", "URINP", "122575003"), "urine"),
    **dict.fromkeys(("CSF", "258450006"), "csf"), **dict.fromkeys(("SPT", "SPTC", "SPTT", "119334006"), "sputum"),
    **dict.fromkeys(("STL", "119339001"), "stool"), **dict.fromkeys(("SAL", "119342007"), "saliva"),
    **dict.fromkeys(("BLDCO", "CBLD", "UMB"), "cord blood"), "SWT": "sweat", "SNV": "synovial fluid",
    "PRT": "peritoneal fluid", "PLR": "pleural fluid", "AMN": "amniotic fluid", "DIAF": "dialysate", "DRN": "drain",
    "BIFL": "bile fluid", "DUFL": "duodenal fluid", "GAST": "gastric fluid", "PAFL": "pancreatic fluid",
    "VITF": "vitreous fluid", "FLU": "body fluid", "SEM": "semen", "MAR": "marrow",
    **dict.fromkeys(("BLD", "WB"), "blood"), "SER": "serum",
    "BLDV": "venous blood", "BLDC": "capillary blood", "BLDA": "arterial blood",
    **dict.fromkeys(("PLAS", "PPP", "PRP"), "plasma"),
}  # fmt: skip


def specimen_of(codes: Iterable[str], names: Iterable[str]) -> str:
    """What a specimen is in words, by its codes and its names; empty where nothing tells."""
    known = (_CODES.get(code.strip().upper(), "") for code in codes)
    return " ".join(dict.fromkeys(filter(None, (*known, *names))))


def specimen_named(text: str) -> str:
    """What a column of specimens says in words, where it may be a code or a letter: `urine UR`, `serum SER`."""
    return specimen_of((text,), (of_section(text), text)) if text else ""


def fluid_of_column(heading: str) -> str:
    """The fluid that a heading names and nothing else beside a time, such as `Ascites` or `CSF, day 3`; else empty."""
    rest = " ".join(_TIMES.sub(" ", heading).split())
    return (elsewhere(rest) or rest.lower()) if _FLUID.fullmatch(rest) else ""
