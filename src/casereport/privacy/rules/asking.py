"""What may be a person, a place, a date or a high age and may as well be none: to be asked, not refused.

A word with a capital inside a sentence that is no word of the vocabulary, no country or province and no part of the
name of a disease or scale is a name more often than not, where it stands as a name does.
"""

import re

from casereport.privacy.rules.parts import NO_EPONYM, TITLED, Rules
from casereport.privacy.rules.terms import is_term

RULES = Rules()

# Not after what the word is a part of: a hyphen, an apostrophe, a dot, a key (`[@smith2020]`), a placeholder, a code.
_ALONE = r"(?<![\w'.@{/&-])"
_END = r"(?![\w'/=@(]|-\w|\.\w)"


def _word(match: re.Match[str]) -> bool:
    """True where no word of it is a term."""
    return not any(is_term(part) for part in re.split("[ '-]", match["it"]) if part)


RULES.add("name", rf"{_ALONE}(?P<it>{TITLED} {TITLED}(?: {TITLED})?){_END}{NO_EPONYM}", _word)
RULES.add(
    "name",
    r"\b(?:by|with|and|thank|thanks|told|asked|met|saw|saying|wife|husband|mother|father|brother|sister|son|daughter"
    rf"|friend|colleague|called|named|patient|man|woman|boy|girl|signed|Señor|nurse"
    rf"|donor),? (?P<it>{TITLED}){_END}{NO_EPONYM}",
    _word,
)
RULES.add(
    "name", rf"\b(?:[Nn]ame|[Pp]atient|[Cc]ontact|[Ss]igned|[Aa]uthor|[Pp]hysician) ?: ?(?P<it>{TITLED}){_END}", _word
)
RULES.add(
    "name",
    rf"(?:^|[.;!?] )(?P<it>{TITLED}),? (?:was (?:admitted|well|born)|said|told|lives|agreed|smiled|went|came)\b",
    _word,
)
RULES.add(
    "place",
    r"\b(?:in|from|at|near|to|via|around|outside|toward|towards|through|leaving|left|visited|reached|into"
    r"|across|between)"
    rf" (?:the )?(?P<it>{TITLED}){_END}{NO_EPONYM}",
    _word,
)
RULES.add(
    "place",
    rf"\b(?:Lake|Mount|River|Port|Cape|Fort|Saint|San|Santa|Isle of|Bay of"
    rf"|University of) (?P<it>{TITLED}){_END}{NO_EPONYM}",
    _word,
)
RULES.add(
    "place",
    rf"{_ALONE}(?P<it>{TITLED}) (?:University|Institute|Hills|Beach|Valley|Island|Harbour|Market|Bridge|Farm)\b",
    _word,
)
RULES.add("date", r"\bon the (?:[12]?\d|3[01])(?:st|nd|rd|th)(?= ?[,.;)]|$| (?:he|she|they|we|it|the patient)\b)")
RULES.add(
    "date",
    r"\b(?:at|on|before|after|since|until|over|during) (?:Christmas|Easter|Ramadan|Eid|Diwali|Thanksgiving"
    r"|Halloween|Pentecost)(?! (?:disease|egg|factor))\b",
)
RULES.add("age", r"(?<![\w.,/])(?:9\d|1[01]\d) ?(?:M|F|m/|f/|yo)(?= (?:with|who|presented|presenting|admitted)|[,;]|$)")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# from 10 on: a garbled reference range (3.50.5.30) has the form of an address too
RULES.add("web", rf"(?<![\w.])(?=\d\d){_BYTE}(?:\.{_BYTE}){{3}}(?!\w|\.\d)")
