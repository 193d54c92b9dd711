"""The forms of identifiers, a rule each: a kind, a regular expression, and a check of what it matched.

Each rule weighs a missed identifier against a false alarm: a gate that cries wolf is switched off. Where a form has a
common clinical meaning (1/2, 138/80, Oct 4, 5-10-20 mg, the Berlin definition), the rule says how it is told apart.
"""

import re
from collections.abc import Callable

Check = Callable[[re.Match[str]], bool]
Rule = tuple[str, re.Pattern[str], Check | None]

_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?P<month>{_FULL}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)(?![A-Za-z])\.?)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d|'\d\d)(?!\d)"
# Every run of parts has an end, here and below: a rule that may begin at each of n places and run on to the end of the
# text from each takes n squared steps, which is hours in a hostile one.
_WORD = r"[A-ZÀ-ÖØ-Þ](?:'[A-Z])?[^\W\d_]+(?:['-][^\W\d_]+){0,3}"
_TITLED = r"[A-ZÀ-ÖØ-Þ](?:'[A-Z])?[a-zß-ÿ][^\W\d_]*(?:['-][^\W\d_]+){0,3}"
_TOKEN = r"(?=[A-Z/-]*\d[A-Z/-]*\d[A-Z/-]*\d)[A-Z0-9][A-Z0-9/-]{2,}"
_NO_AMOUNT = (
    r"(?! ?(?:[%°]|(?:mg|g|kg|ug|mcg|mmol|mL|ml|L|IU|U|mm|cm|cells|copies|units|min|minutes|hours?|h|days?|d|weeks?"
    r"|months?|years?|times|beds?|patients)\b))"
)

# What has the form of a date or a record number and is none; it is blanked out before the search.
HARMLESS = [
    re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi[: ]*)?\b10\.\d{4,9}/[^\s,;\"')\]]+", re.I),
    # registers of trials, papers, sequences and terms
    re.compile(
        r"\b(?:NCT|ISRCTN|ACTRN|CTRI|UMIN|DRKS|IRCT|ChiCTR|EudraCT|PMID|PMCID|PMC|arXiv|ChinaXiv|GSE|GSM|SCTID|RRID|ISBN"
        r"|SNOMED(?: CT)?|ISSN|GenBank|CAS)[ :.#/-]*(?:[Nn]o\.?|[Nn]umber)?[ :]*[A-Z]{0,3}\d[\w./-]*"
    ),
    # a journal reference: 2020;11:216, or 2013 Sep 10;7:223
    re.compile(rf"\b(?:19|20)\d\d(?: (?:{_FULL}|[A-Z][a-z]{{2,3}})\.?(?: \d\d?)?)?; ?\d+"),
    # a standard: WS/T 405-2012
    re.compile(r"\b(?:ISO|IEC|DIN|GB|WS|YY|ASTM|CLSI)(?:/[A-Z])?[ -]?[A-Z]?\d[\d.:-]*"),
    re.compile(r"\bseed[ :=]*\d+", re.I),
    # Apgar 9/10/10; a place in the genome
    re.compile(r"\bapgar[ a-z:]{0,40}\d\d?(?:/\d\d?)+|\bchr[\dXYM]+:\d+(?:-\d+)?|\b[NX][CGMPR]_\d+", re.I),
]

# Words with a capital that follow `patient`, or stand before `City` and `Hospital`, and name nobody and no place.
_COMMON = frozenset(
    word
    for line in (
        "A After An And Another Any At Before Both During Each Every For From He Her His If In It Local No Of On One",
        "Our Same She Some That The Their These They This Those To Two We When With Academic Capital Children",
        "Children's Community Day Designated District Field General Home Inner Isolation Large Main Major Medical",
        "National Outpatient Primary Private Public Referral Regional Rural Secondary Small Teaching Tertiary",
        "University Urban Eastern Northern Southern Western East North South West New Assessment Asthma Blood Cancer",
        "Clinical Diabetes Emergency Eye Failure Fever Heart Hospital Memory Mental Pain Skin Acquired Activity",
        "Admission Care Case Cell Cells Characteristics Chart Classification Consent Convalescent Data Discharge",
        "Early Education Experience Follow Global Group Health Human Identification Information Informed Intensive",
        "Leukocyte Management Mesenchymal Number Outcome Outcomes Perspective Plasma Post Pre Protection Registry",
        "Report Reported Research Rights Safety Satisfaction Score Self Stem Study Summary Travel Treatment Unit",
        "Warning Emeritus Led Practitioner Reviewed Silk Specialist Visit Visits",
    )
    for word in line.split()
)
_HOSPITAL_KINDS = _COMMON | {
    "Hospitals",
    "Center",
    "Centre",
    "Nursing",
    "Hospice",
    "Sanatorium",
    "Infirmary",
    "of",
    "for",
}
# A place or a person in the name of a scale or disease: the Berlin definition, Rome IV, the Wuhan strain.
_NO_EPONYM = (
    r"(?! (?:syndrome|disease|score|scale|sign|test|index|criteria|classification|stage|staging|questionnaire|system"
    r"|consensus|guidelines?|definition|strain|variant|virus|style|Heart|Coma|Clinic|Cognitive|chromosome|[IVX]+)\b)"
)
# Cities that a report of a case is likely to name; few, because no list of places can be complete.
_CITY = (
    "(?:Wuhan|Huanggang|Shenzhen|Guangzhou|Hangzhou|Nanjing|Chengdu|Zhengzhou|Changsha|Wenzhou|Beijing|Shanghai|Seoul"
    "|Daegu|Tokyo|Osaka|Taipei|Bangkok|Manila|Jakarta|Mumbai|Delhi|Kolkata|Chennai|Karachi|Lahore|Dhaka|Tehran|Baghdad"
    "|Istanbul|Ankara|Cairo|Lagos|Nairobi|Johannesburg|Moscow|Warsaw|Prague|Budapest|Vienna|Zurich|Geneva|Berlin|Munich"
    "|Hamburg|Milan|Bergamo|Rome|Turin|Madrid|Barcelona|Lisbon|Paris|Lyon|Marseille|Brussels|Amsterdam|Copenhagen"
    "|Stockholm|Oslo|London|Manchester|Birmingham|Dublin|Toronto|Montreal|Vancouver|Boston|Chicago|Houston|Philadelphia"
    "|Seattle|San Francisco|Los Angeles|New York City|Atlanta|Miami|Lima|Bogota|Buenos Aires|Sydney|Melbourne|Auckland)"
)
_PEOPLE = (
    "(?:patient|Patient|man|woman|boy|girl|mother|father|son|daughter|wife|husband|brother|sister|donor|infant|child"
    "|physician|surgeon|doctor|nurse)"
)
_UK_AREA = (
    "(?:AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU"
    "|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO"
    "|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
    "|[BEGLMNSW])"
)
_US_STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY])"
)

RULES: list[Rule] = []


def _rule(kind: str, pattern: str, check: Check | None = None, *, any_case: bool = False) -> None:
    RULES.append((kind, re.compile(pattern, re.I if any_case else 0), check))


# ---- dates


def _is_month(match: re.Match[str]) -> bool:
    """False for what only looks like a month: the words may and march, and the stem-cell marker Oct 4."""
    groups = match.groupdict()
    word = groups["month"].rstrip(".")
    if groups.get("year"):
        return True
    if word.lower() == "oct" and groups.get("day") in ("3", "4"):
        return False
    return word not in ("may", "march", "mar", "sep", "dec", "jan")


def _is_day_month(match: re.Match[str]) -> bool:
    low, high = sorted((int(match["a"]), int(match["b"])))
    return 1 <= low <= 12 and high <= 31


def _is_numeric_date(match: re.Match[str]) -> bool:
    """With two digits of a year 12/03/20 is a date; a dose of 5-10-20 mg and version 1.2.24 are none."""
    if not _is_day_month(match):
        return False
    if len(match["y"]) == 4 or match["sep"] == "/":
        return True
    a, b = match["a"], match["b"]
    return len(a) == len(b) == 2 and (match["sep"] == "." or "0" in (a[0], b[0]))


def _is_year_month(match: re.Match[str]) -> bool:
    """2020-03 is a month; 2010-12 may as well be a range of years."""
    return int(match["m"]) <= int(match["y"]) % 100


_rule("date", rf"(?<![\w.]){_DAY}(?: of)?[ ./-]*{_MONTH}(?!-?[A-Za-z])(?:[ ,./-]*{_YEAR})?", _is_month, any_case=True)
_rule("date", rf"(?<!\w){_MONTH}(?: |-(?=\d\d)){_DAY}(?![\w%]|\.\d)(?:,? {_YEAR})?", _is_month, any_case=True)
_rule("date", rf"(?<!\w){_MONTH}(?: of)?[ ,/-]*{_YEAR}", _is_month, any_case=True)
_rule(
    "date",
    r"(?<!\w)(?:in|since|until|till|during|from|early|mid|late|last|next|end of)[ -](?:early |late |mid-?)?"
    rf"(?P<month>{_FULL})(?!\w)",
    _is_month,
    any_case=True,
)
# 2020-03-12, 2020/3/12, and 2020:03:12 as cameras write it; 20200312 as file names have it
_rule("date", r"(?<![A-Za-z0-9.])(?:19|20)\d\d([-/.:])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d|\.\d)")
_rule("date", r"(?<![\d.,])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d,]|\.\d)")
_rule("date", r"(?<![\w.-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?![\w-]|\.\d)", _is_year_month)
_rule("date", r"(?<![\w./])(?:0[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/]|\.\d)")
_rule(
    "date",
    r"(?<![\w./])(?<!\d-)(?P<a>\d\d?)(?P<sep>[/.-])(?P<b>\d\d?)(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/-]|\.\d)"
    rf"{_NO_AMOUNT}",
    _is_numeric_date,
)
# day and month alone are as often a ratio or a score (138/80, 1/2, pain 3/10): only after a word that asks for a date
_rule(
    "date",
    r"\b(?:admitted|discharged|dated|born|died|transferred)(?: on)? (?P<a>\d\d?)/(?P<b>\d\d?)(?![\d/])",
    _is_day_month,
    any_case=True,
)
_rule("date", r"(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}[日号])?")

# ---- ages


def _is_over_89(match: re.Match[str]) -> bool:
    """True from 90 on, except for the one group that the rule allows: 90 or older."""
    age = int(match["age"])
    group = re.match(r"(?: ?(?:years?|yrs?))?(?:\+| (?:or|and) (?:older|over|above|more))", match.string[match.end() :])
    return 89 < age < 126 and not (age == 90 and group)


_rule("age", r"(?<![\w.])(?P<age>\d{2,3})[ -]*(?:years?|yrs?|y)[ .-]*(?:old|of age)\b", _is_over_89, any_case=True)
_rule("age", r"(?<![\w.])(?P<age>\d{2,3}) ?(?:y/o|yo|y\.o\.)(?!\w)", _is_over_89, any_case=True)
_rule(
    "age",
    r"\b(?:aged?|ages)(?: (?:of|was|is))?[ :=]+(?P<age>\d{2,3})"
    r"(?![\w%]|\.\d| ?(?:days?|d|weeks?|months?|hours?|h)\b)",
    _is_over_89,
    any_case=True,
)
_rule(
    "age",
    r"\bninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?[ -]years?[ -](?:old|of age)\b"
    r"|\b(?:nonagenarian|centenarian)s?\b|\bin (?:his|her|their) (?:early |mid-?|late )?(?:nineties|90s)\b",
    any_case=True,
)

# ---- names


def _not_common(*groups: str) -> Check:
    return lambda match: not any(match[group] in _COMMON for group in groups)


def _is_person(match: re.Match[str]) -> bool:
    return _not_common("a", "b")(match) and not (match["a"].isupper() or match["b"].isupper())


# Dr and Ms, but not DR (retinopathy), MR (imaging) or MS (sclerosis); Mr X is no name
_rule(
    "name",
    r"(?<![\w-])(?:Drs?|Prof|Professor|Mrs|Mr|Ms|Mx|Miss|Doctor|Nurse|Frau|Herr|Mme|Signora?|Señora?)\.? "
    rf"(?:[A-Z]\.? ?)*(?P<a>{_WORD})(?: {_TITLED})?",
    _not_common("a"),
)
_rule("name", rf"\b{_PEOPLE},? (?:(?:named|called|is|was) )?(?P<a>{_WORD}) (?P<b>{_WORD}){_NO_EPONYM}", _is_person)
_rule("name", rf"\b{_PEOPLE},? (?:named|called|whose name (?:is|was)) (?P<a>{_WORD})", _not_common("a"))
_rule("name", rf"(?i:\b(?:patient(?:'s)?|full|first|last|family|given|maiden|sur) ?name) ?[:=] ?{_WORD}")
_rule("name", r"(?i:\binitials) ?(?::|=|are|were)? ?[A-Z]\.? ?[A-Z]\b|\b[Pp]atient [A-Z]\. ?[A-Z]\.")

# ---- e-mail, telephone, records


def _is_telephone(match: re.Match[str]) -> bool:
    return 7 <= sum(c.isdigit() for c in match[0]) <= 15


def _is_not_round(match: re.Match[str]) -> bool:
    """A count such as 5000000 is round; the number of a record hardly ever is."""
    return not match[0].endswith("000")


# it begins where such a run begins: tried from each of its characters, a long run without an @ would take hours
_rule("e-mail", r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_rule("telephone", r"(?<![\w+])\+\d{1,3}[ (.-]\(?\d[\d ().-]{6,}\d", _is_telephone)
_rule(
    "telephone",
    r"\b(?:tel|phone|telephone|mobile|fax)\b\.?(?: ?(?:number|no\.?))? ?:? ?[+(]?\d[\d ().-]{5,}\d",
    _is_telephone,
    any_case=True,
)
_rule("telephone", r"(?<![\w.(-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])")
_rule("telephone", r"(?<![\w.,-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?![\w-])")
_rule("record", r"(?i:\bMRN)[ :#.-]{0,5}(?i:number|no\.?)?[ :#]{0,5}\d{3,}")
_rule(
    "record",
    r"(?i:\b(?:SSN|NHS|medical record|social security|insurance|passport|identity card|ID card)\b"
    rf"(?: (?:number|no\.?|nr\.?|ID))?)[ :#.=]*{_TOKEN}",
)
_rule(
    "record",
    r"(?i:\b(?:hospital|patient|case|record|admission|inpatient|outpatient|accession|chart|file|registration|specimen"
    r"|sample|slide|account|policy|licen[cs]e|encounter|subject) ?(?:\b(?:number|no\.?|nr\.?|ID|identifier)|#))"
    rf"[ :#.=]*{_TOKEN}",
)
_rule("record", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_rule("record", rf"(?<![\w.,/+-])\d{{7,}}[Xx]?(?!\w|[.,/-]\d){_NO_AMOUNT}", _is_not_round)

# ---- postcodes and places

_rule("postcode", rf"(?<![\w-]){_UK_AREA}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{{2}}(?![\w-])")
_rule("postcode", rf"\b[A-Z][a-z]+, ?{_US_STATE} \d{{5}}(?:-\d{{4}})?(?![\w-])")
_rule(
    "postcode", r"\b(?:zip|zip code|postcode|post code|postal code)\b[ :=]*[A-Z]{0,2}\d[A-Z0-9 -]{2,8}", any_case=True
)
_rule("postcode", r"\b[A-Z][a-z]+,? \d{6}(?=,? (?:P\.? ?R\.? )?China)|邮编\D{0,2}\d{6}")
_rule(
    "place",
    rf"(?<![\w-])(?P<a>{_WORD})(?: {_WORD})? (?:[Cc]ity|[Cc]ounty|[Dd]istrict|[Pp]refecture|[Mm]unicipality"
    r"|Township|Borough|Parish|Village)\b(?! (?:General )?Hospital)",
    _not_common("a"),
)
_rule(
    "place", rf"\b(?:city|town|village|county|district|municipality|borough|suburb) of (?P<a>{_WORD})", _not_common("a")
)
_rule("place", rf"(?<![\w-])(?:\d+ )?(?P<a>{_WORD}) (?:Street|Road|Avenue|Boulevard|Lane)\b(?! \d)", _not_common("a"))
_rule("place", rf"(?<![\w.-])\d+ {_WORD}(?: {_WORD})? (?:Drive|Square|Court|Close|Way|Terrace|Crescent)\b")
_rule(
    "place",
    r"(?<!\w)(?:(?i:in|from|at|near|to|outside|via|around|visited|visiting|left|leaving)|(?:resident|native) of)"
    rf"(?: central| downtown| northern| southern)? {_CITY}(?![\w-]){_NO_EPONYM}",
)
_rule("place", rf"(?<![\w-]){_CITY}(?:(?=, [A-Z])| (?:resident|native|citizen|man|woman|outbreak)\b)|^\W*{_CITY}\W*$")
_rule("place", r"\d{1,3}\.\d{3,}°? ?[NS],? \d{1,3}\.\d{3,}°? ?[EW]\b")

# ---- hospitals


def _is_named_hospital(match: re.Match[str]) -> bool:
    """False for a kind of hospital, such as `University Hospital` or `The Hospital`: it names no place."""
    return not all(word in _HOSPITAL_KINDS for word in re.findall(r"[^\W\d_]+(?:'s)?", match[0]))


_rule(
    "hospital",
    rf"(?<![\w-])(?:St\.? )?{_WORD}(?:(?: of| for| and| the){{0,3}} (?:{_WORD}|No\.? ?\d+)){{0,9}}? "
    r"(?:Hospitals?|Infirmary|Sanatorium|Hospice|Medical Cent(?:er|re)|Health Cent(?:er|re)|Nursing Home|Care Home)\b"
    rf"(?! Anxiety)(?:(?: of| in|,)? (?:the )?{_WORD}(?: {_WORD})*)?",
    _is_named_hospital,
)
_rule("hospital", rf"(?<![\w-])(?P<a>{_WORD}) Clinic\b{_NO_EPONYM}(?! Liver)", _not_common("a"))
_rule("hospital", rf"\b[Ww]ard (?:[Nn]o\.? ?)?(?:\d{{1,3}}[A-Z]?|[A-Z]\d{{1,3}})(?![\w/]|\.\d){_NO_AMOUNT}")
_rule(
    "hospital",
    rf"\b(?:[Bb]ed|[Rr]oom|[Bb]ay) (?:(?:[Nn]o\.?|number|#) ?)?\d{{1,4}}[A-Z]?(?![\w/:-]|\.\d| ?to ){_NO_AMOUNT}",
)

# ---- addresses on a network


def _is_ip(match: re.Match[str]) -> bool:
    return all(int(part) < 256 and str(int(part)) == part for part in match["ip"].split("."))


_rule("web", r"\b(?:https?|ftp|file)://[^ \n\"'<>)]+|\bwww\.[^ \n\"'<>)]+", any_case=True)
# a garbled reference range (3.50.5.30) has the form of an address too: only a first part of three digits, or the word
_rule("web", r"(?<![\w.])(?:\bIP(?: address)?[ :]*|(?=\d{3}\.))(?P<ip>(?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)", _is_ip)
