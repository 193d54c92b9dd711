"""The tables of a case folder: their columns, and what may stand in each cell.

A rule tests one cell; what needs several cells, the vocabulary or the phases is checked where a case is put together.
"""

import re
from collections.abc import Collection
from pathlib import PurePath

from casereport.errors import name_fix
from casereport.files.tables import Rule
from casereport.quantities import intervals
from casereport.quantities.intervals import in_grammar, parse
from casereport.quantities.wording import POSITIONS

EVIDENCE = {
    "measured": "a number that the source gives",
    "reported": "stated in words",
    "inferred": "read from what is stated",
    "secondary": "from another publication about the case",
    "simulated": "made by a program; no patient",
}
DECIDING = ("measured", "reported", "simulated")  # not what was inferred, or taken from another publication
INTERPRETATIONS = POSITIONS | {
    "U": "rose since the previous",
    "D": "fell since the previous",
    "B": "better than the previous",
    "W": "worse than the previous",
}
EVENT_KINDS = ("symptom", "sign", "diagnosis", "test", "imaging", "transfer", "adverse_event", "outcome", "history")
EVENT_INTERPRETATIONS = {
    "POS": "positive",
    "NEG": "negative; of a symptom, sign, diagnosis or adverse event: it was not there",
    "N": "normal",
    "A": "abnormal",
    "B": "better",
    "W": "worse",
}


def _refusal(text: str) -> str:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


def _needs(choices: Collection[str]) -> Rule:
    return Rule(lambda s: s in choices, "one of " + ", ".join(choices), lambda s: _choice(s, choices))


def _may_be(choices: Collection[str]) -> Rule:
    expected = "nothing or one of " + ", ".join(choices)
    return Rule(lambda s: not s or s in choices, expected, lambda s: _choice(s, choices))


def _choice(text: str, choices: Collection[str]) -> str:
    """The choice that is meant: written in another case, or with a letter wrong."""
    same = [c for c in choices if c.lower() == text.lower()]
    return same[0] if same else name_fix(text, choices)


_ANY = Rule(lambda s: True, "")
_TEXT = Rule(bool, "a text")
_GRAMMAR = Rule(in_grammar, f"expected {intervals.EXPECTED}", intervals.likely, _refusal)
_DAY = Rule(lambda s: bool(s) and in_grammar(s), "a study day such as -3, 0, <0 or 2..3", intervals.likely)
_DAY_OR_NOT = Rule(
    in_grammar, "a study day such as -3, 0, <0 or 2..3, or nothing where it is not reported", intervals.likely
)
_ONE_DAY = Rule(
    lambda s: not s or (in_grammar(s) and parse(s).is_exact),  # type: ignore[union-attr]
    "one study day such as -3 or 0, or nothing",
)
_SOURCE = Rule(bool, "where in the source this stands, such as `Table 1, day 3`")

_OBSERVATIONS: dict[str, Rule] = {
    "day": _DAY,
    "analyte": _TEXT,
    "value": _GRAMMAR,
    "unit": _ANY,
    "interpretation": _may_be(INTERPRETATIONS),
    "ref_low": _GRAMMAR,
    "ref_high": _GRAMMAR,
    "evidence": _needs(EVIDENCE),
    "source": _SOURCE,
    "note": _ANY,
    "phase": _ANY,
}
_INTERVENTIONS: dict[str, Rule] = {
    "start_day": _DAY_OR_NOT,
    "end_day": _DAY_OR_NOT,
    "intervention": _TEXT,
    "dose": _GRAMMAR,
    "dose_unit": _ANY,
    "route": _ANY,
    "evidence": _needs(EVIDENCE),
    "source": _SOURCE,
    "note": _ANY,
}
_EVENTS: dict[str, Rule] = {
    "day": _DAY_OR_NOT,
    "kind": _needs(EVENT_KINDS),
    "finding": _TEXT,
    "interpretation": _may_be(EVENT_INTERPRETATIONS),
    "evidence": _needs(EVIDENCE),
    "source": _SOURCE,
    "note": _ANY,
    "phase": _ANY,
}
_CLAIMS: dict[str, Rule] = {
    "claim": Rule(lambda s: bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", s)), "an id of letters, digits, - and _"),
    "statement": _TEXT,
    "kind": _TEXT,
    "analyte": _ANY,
    "anchor": _ANY,
    "from_day": _ONE_DAY,
    "to_day": _ONE_DAY,
    "expected": _TEXT,
    "source": _SOURCE,
}
PICTURE_KINDS = {
    "ct": "CT",
    "mri": "MRI",
    "radiograph": "Radiograph",
    "ultrasound": "Ultrasound",
    "nuclear": "Nuclear imaging",
    "angiography": "Angiography",
    "endoscopy": "Endoscopy",
    "microscopy": "Microscopy",
    "tracing": "Tracing",
    "photograph": "Photograph",
    "other": "Picture",
}
_CLEARED = (
    "yes, once somebody has looked at every part of the picture, and no name, date, number or face in it tells who the "
    "patient is: no program sees that"
)
PICTURE_COLUMNS: dict[str, Rule] = {
    "day": _DAY,
    "file": Rule(lambda s: bool(s) and s == PurePath(s).name, "the name of a file in pictures/, without a folder"),
    "kind": _needs(PICTURE_KINDS),
    "caption": _TEXT,
    "alt": Rule(bool, "a text that describes the picture for a reader who cannot see it"),
    "evidence": _needs(EVIDENCE),
    "source": _SOURCE,
    "consent": Rule(bool, "what allows this picture to be shown, such as `written consent of the patient, on file`"),
    "cleared": Rule(lambda s: s == "yes", _CLEARED),
}
TABLES = {
    "observations.csv": _OBSERVATIONS,
    "interventions.csv": _INTERVENTIONS,
    "events.csv": _EVENTS,
    "claims.csv": _CLAIMS,
}
OPTIONAL_COLUMNS = frozenset({"phase"})
OPTIONAL_TABLES = frozenset({"claims.csv"})
