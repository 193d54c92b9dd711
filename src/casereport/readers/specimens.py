"""What a table was measured in, where it is not the blood that the vocabulary means by a bare name."""

import re
from collections.abc import Iterable

# glucose under `Urinalysis` is not glucose of blood
_ELSEWHERE = re.compile(
    r"\burin|c\.?s\.?f\b|cerebrospinal|pleura|ascit|fluid|stool|sputum|lavage|\bbal\b|dialysate|effluent|drain|marrow|"
    # what is measured in venous gas or another's blood is not what the vocabulary calls by that name
    r"venous (?:blood )?gas|gas(?:es)?[ ,(]+venous|\bvbg\b|cord blood|donor",
    re.I,
)
# a title speaks of drains and fluids that were given, too
_OF_TITLE = re.compile(
    r"\burin|\bc\.?s\.?f\b|cerebrospinal|(?:pleural|peritoneal|pericardial|synovial|joint|ascitic|amniotic) fluid|"
    r"ascites|stool|sputum|lavage|\bbal\b|dialysate|effluent|marrow|venous (?:blood )?gas|\bvbg\b|cord blood|donor",
    re.I,
)
_BLOOD = re.compile(r"\b(?:blood|serum|plasma|ha?ematolog\w*)\b", re.I)


def elsewhere(text: str) -> str:
    """The word of a text that says that something is not of blood; empty for none."""
    return found[0].lower() if (found := _ELSEWHERE.search(text)) else ""


def of_title(text: str) -> str:
    """The same of a title, which may name blood beside another fluid: then its rows have to say which."""
    found = _OF_TITLE.search(text)
    rest = re.sub(r"cord blood|venous blood gas|donor\w* blood", " ", text, flags=re.I)
    return found[0].lower() if found and not _BLOOD.search(rest) else ""


def of_blood(text: str) -> bool:
    """True for a heading that says that what follows is of blood."""
    return bool(_BLOOD.search(text)) and not elsewhere(text)


def of_veins(text: str) -> bool:
    """True for a heading over values of blood that is not arterial."""
    return bool(re.search(r"\b(?:veins?|venous|vbg|capillary)\b", text, re.I)) and "arterial" not in text.lower()


_FLUID = re.compile(
    r"(?:csf|(?:cerebro)?spinal fluid|(?:spot )?urine|ascites|bile|bal|lavage|stool|sputum|dialysate|"
    r"(?:ascitic|peritoneal|pleural|pericardial|synovial|joint|drain) (?:fluid|effusion))",
    re.I,
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
    **dict.fromkeys(("BLD", "BLDV", "BLDA", "BLDC", "WB"), "blood"), "SER": "serum",
    **dict.fromkeys(("PLAS", "PPP", "PRP"), "plasma"),
}  # fmt: skip


def specimen_of(codes: Iterable[str], names: Iterable[str]) -> str:
    """What a specimen is in words, by its codes and its names; empty where nothing tells."""
    known = (_CODES.get(code.strip().upper(), "") for code in codes)
    return " ".join(dict.fromkeys(filter(None, (*known, *names))))


def fluid_of_column(heading: str) -> str:
    """The fluid that a heading names and nothing else beside a time, such as `Ascites` or `CSF, day 3`; else empty."""
    rest = " ".join(re.sub(r"(?i)\b(?:days?|d|hours?|h|weeks?|on|at|of)\b|[\W\d_]+", " ", heading).split())
    return rest.lower() if _FLUID.fullmatch(rest) else ""
