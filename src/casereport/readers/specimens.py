"""What a table was measured in, where it is not the blood that the vocabulary means by a bare name."""

import re

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


def fluid_of_column(heading: str) -> str:
    """The fluid that a heading names and nothing else beside a time, such as `Ascites` or `CSF, day 3`; else empty."""
    rest = " ".join(re.sub(r"(?i)\b(?:days?|d|hours?|h|weeks?|on|at|of)\b|[\W\d_]+", " ", heading).split())
    return rest.lower() if _FLUID.fullmatch(rest) else ""
