"""Numbers that lead to a person, a record, an account, a vehicle or a device; e-mail and telephone by their form."""

import re
from collections.abc import Callable

from casereport.privacy.rules import check_digits
from casereport.privacy.rules.parts import NO_AMOUNT, TOKEN, Check, Rules

RULES = Rules()


def _is_telephone(match: re.Match[str]) -> bool:
    return 7 <= sum(c.isdigit() for c in match[0]) <= 15


def _is_not_round(match: re.Match[str]) -> bool:
    """A count such as 5000000 is round; the number of a record hardly ever is."""
    return not match[0].endswith("000")


# it begins where such a run begins: tried from each of its characters, a long run without an @ would take hours
RULES.add("e-mail", r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
RULES.add("telephone", r"(?<![\w+])\+\d{1,3}[ (.-]\(?\d[\d ().-]{6,}\d", _is_telephone)
RULES.add(
    "telephone",
    r"\b(?:tel|phone|telephone|mobile|fax)\b\.?(?: ?(?:number|no\.?))? ?:? ?[+(]?\d[\d ().-]{5,}\d",
    _is_telephone,
    any_case=True,
)
RULES.add("telephone", r"(?<![\w.(-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])")
RULES.add("telephone", r"(?<![\w.,-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?![\w-])")
RULES.add("record", r"(?i:\bMRN)[ :#.-]{0,5}(?i:number|no\.?)?[ :#]{0,5}\d{3,}")
RULES.add(
    "record",
    r"(?i:\b(?:SSN|NHS|medical record|social security|insurance|passport|identity card|ID card)\b"
    rf"(?: (?:number|no\.?|nr\.?|ID))?)[ :#.=]*{TOKEN}",
)
RULES.add(
    "record",
    r"(?i:\b(?:hospital|patient|case|record|admission|inpatient|outpatient|accession|chart|file|registration|specimen"
    r"|sample|slide|account|policy|licen[cs]e|encounter|subject) ?(?:\b(?:number|no\.?|nr\.?|ID|identifier)|#))"
    rf"[ :#.=]*{TOKEN}",
)
RULES.add("record", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
RULES.add("record", rf"(?<![\w.,/+-])\d{{7,}}[Xx]?(?!\w|[.,/-]\d){NO_AMOUNT}", _is_not_round)

# ---- numbers by the word before them

_VALUE = r"(?=[A-Z0-9/.#-]{0,30}\d)[A-Z0-9#][A-Z0-9/.-]{0,30}(?: [A-Z0-9-]{2,12}){0,6}"
_LABELS = (
    r"MRN|UHID|URN|hosp|acc|health plan|medical council|ref|thumb ?print|Visa|bank account|Nummernschild"
    r"|hospital|patient|case|record|chart|admission|inpatient|outpatient|accession|file|registration"
    r"|specimen|sample|biopsy|path(?:ology)?|slide|block|lab(?:oratory)?|barcode|visit|encounter|episode|order|request"
    r"|study|trial|subject|participant|trial participant|randomi[sz]ation|screening|enrolment|biobank|donor|recipient"
    r"|sequence run|employee|staff|badge|student|pupil|prisoner|inmate|military|service|locker|key|member|membership"
    r"|beneficiary|subscriber|group|policy|claim|insurance|health insurance|health card|Medicare|Medicaid|EHIC|account"
    r"|invoice|bill|receipt|order|transaction|card|sort code|licen[cs]e|driver's licen[cs]e|medical licen[cs]e"
    r"|driving licen[cs]e|passport|visa|certificate|birth certificate|permit|GMC|NPI|DEA|IMEI|UDI|device|serial"
    r"|implant|pacemaker|unit|bag|blood bag|frequent flyer|(?:finger|voice|palm|iris|retinal?|face|facial) ?(?:print"
    r"|scan|code|recognition|template)|fingerprint template|case ?notes?|template|CT study|tax|SSN"
    r"|NHS|NINO|NI|BSN|DNI|NIE|NIR|CPF|PESEL|CURP|RRN"
    r"|IHI|SIN|AHV"
    r"|CPR|Aadhaar|TC kimlik|personnummer|henkilötunnus|codice fiscale|Rijksregister(?:nummer)?|Steuer-ID|carte vitale"
    r"|historia clínica|expediente|numéro de dossier|dossier|matrícula|Personalausweis|Führerschein|\w{3,24}nummer"
)
_NUMBERED = r"(?: ?(?:\b(?:number|no|nr|num|ID|identifier|code)\b\.?|#|№)){1,2}"
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d$")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _has(least: int) -> Check:
    """True where the first word of what follows the label has that many digits; a year alone is no number."""

    def check(match: re.Match[str]) -> bool:
        value = match["value"]
        return len(_digits(value)) >= least and not _YEAR_ALONE.match(value)

    return check


_SMALL = r"(?P<value>(?=[A-Z0-9/-]{0,30}\d)[A-Z0-9][A-Z0-9/-]{2,30}(?: [A-Z0-9-]{3,12}){0,5})(?![a-z]|[.,]\d)"
RULES.add("record", rf"(?<!\w)(?i:(?:{_LABELS})\.?{_NUMBERED})[ :=.]{{0,3}}{_SMALL}", _has(3))
# without `number` between: at least four digits, and no amount behind them (`sample 3`, `CPR 12 min`, `account 2019`)
RULES.add("record", rf"(?<!\w)(?i:{_LABELS})(?: is|:)? ?#?{_SMALL}{NO_AMOUNT}", lambda m: _has(4)(m) and _marked(m))
RULES.add(
    "record",
    r"(?i:\b(?:sécurité sociale|seguridad social|sicurezza sociale|segurança social|Sozialversicherung"
    r"|Krankenversicherung|assurance maladie|tessera sanitaria))[a-z]{0,8}[ :.]{1,4}"
    r"(?:n[°ºr]\.? )?[A-Z]?\d[\dA-Z .-]{5,24}\d(?!\w|[.,]\d)",
)
RULES.add(  # letters of their own before the digits
    "record",
    r"(?i:\b(?:licen[cs]e|passport|policy|permit|insurance|membership|certificate|registration)"
    r"(?: ?(?:number|no)\b\.?)?)(?::| is)? (?!EUR|USD|GBP|CNY|CHF|JPY|ISO|WHO)[A-Z]{1,6}[ -]"
    r"(?P<value>\d{4,12})(?: ?[A-Z0-9]{1,6}){0,3}(?![a-z]|[.,]\d)",
    _has(4),
)
RULES.add(
    "record",
    r"(?i:\b(?:serial|S/N|SN|device|implant|pump|pacemaker|ICD serial))(?: ?(?:no"
    r"|number)\.?)?[ :#]{1,3}(?P<value>[A-Z0-9-]{5,24})(?![a-z])",
    _has(4),
)
RULES.add("record", r"(?i:\b(?:SSN|card|account|phone|number|ID) (?:ending|ends)(?: in| with)?) \d{3,8}\b")
RULES.add("record", r"(?:住院|病历|病案|门诊|就诊卡|身份证|医保卡?|床|标本|检验|护照)号?码?[：:]? ?[A-Z]{0,3}\d{3,20}")
RULES.add("record", r"(?i:\b(?:record|chart|badge|encounter|case|pump|patient|locker)) #[A-Z]{0,3}-?\d{4,12}\b")


def _marked(match: re.Match[str]) -> bool:
    """True where a number right behind its label is no count: five digits, a letter, a hyphen or a leading zero."""
    value, *more = match["value"].split(" ")
    return bool(more and more[0][0].isdigit()) or not value.isdigit() or len(value) > 4 or value.startswith("0")


# ---- numbers by their own form and check digit


def _valid(rule: Callable[[str], bool]) -> Check:
    return lambda match: rule(re.sub(r"[ .-]", "", match[0]))


def _has_month(match: re.Match[str]) -> bool:
    """True where six digits in it are a date of birth, in either order."""
    six = match["six"]
    return 1 <= int(six[2:4]) <= 12 and (1 <= int(six[4:]) <= 31 or 1 <= int(six[:2]) <= 31)


_END = r"(?![\w-]|[.,]\d)"
_BEGIN = r"(?<![\w.,+-])"
RULES.add(
    "record",
    rf"{_BEGIN}[A-Z]{{2}}\d\d(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?{_END}",
    lambda m: check_digits.iban(m[0].replace(" ", "")),
)
RULES.add("record", rf"{_BEGIN}\d{{4}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}{_END}", _valid(check_digits.luhn))
RULES.add("record", rf"{_BEGIN}\d{{4}} \d{{4}} \d{{4}}{_END}", _valid(check_digits.verhoeff))
RULES.add("record", rf"{_BEGIN}\d{{3}}[ -]\d{{3}}[ -]\d{{3}}{_END}", _valid(check_digits.luhn))
RULES.add("record", rf"{_BEGIN}\d{{3}}[ -]\d{{3}}[ -]\d{{4}}{_END}", _valid(check_digits.nhs))
RULES.add("record", rf"{_BEGIN}(?:\d{{8}}|[XYZ]\d{{7}})[ -]?[A-Z]{_END}", _valid(check_digits.spanish))
RULES.add("record", rf"{_BEGIN}\d{{6}}[+A-]\d{{3}}[0-9A-Y]{_END}", lambda m: check_digits.finnish(m[0]))
RULES.add("record", rf"{_BEGIN}(?P<six>\d{{6}})[-+]\d{{4}}{_END}", _has_month)  # Denmark, Sweden
RULES.add("record", rf"{_BEGIN}(?P<six>\d{{6}})-[1-8]\d{{6}}{_END}", _has_month)  # Korea
RULES.add("record", rf"{_BEGIN}\d{{3}}\.\d{{3}}\.\d{{3}}-\d\d{_END}", _valid(check_digits.brazilian))
RULES.add(
    "record", rf"{_BEGIN}[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{{3}} ?\d{{3}} ?\d\d{_END}", _valid(check_digits.french)
)
RULES.add("record", rf"{_BEGIN}\d\d\.\d\d\.\d\d-\d{{3}}\.\d\d{_END}", _valid(check_digits.belgian))
RULES.add("record", rf"{_BEGIN}756\.?\d{{4}}\.?\d{{4}}\.?\d\d{_END}", _valid(check_digits.ean13))
RULES.add("record", rf"{_BEGIN}\d\d ?\d{{3}} ?\d{{3}} ?\d{{3}}{_END}", _valid(check_digits.german_tax))
RULES.add("record", rf"{_BEGIN}[A-Z]{{6}}\d\d[A-EHLMPRST]\d\d[A-Z]\d{{3}}[A-Z]{_END}")  # Italy's codice fiscale
RULES.add("record", rf"{_BEGIN}[A-Z]{{4}}\d{{6}}[HM][A-Z]{{5}}[A-Z0-9]\d{_END}")  # Mexico's CURP
RULES.add("record", rf"{_BEGIN}[A-CEGHJ-PR-TW-Z]{{2}} \d\d \d\d \d\d [A-D]{_END}")  # UK national insurance
RULES.add("record", r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])")  # UUID
# a vehicle's number: seventeen, with letters and digits, without I, O and Q
RULES.add("record", r"(?<![\w-])(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z0-9]{11}[A-HJ-NPR-Z0-9]{2}\d{4}(?![\w-])")
RULES.add(
    "record",
    r"(?i:\b(?:licen[cs]e plate|number plate|plate number|plate|registration|Kennzeichen|Nummernschild"
    r"|matrícula|plaque|car|van"
    r"|vehicle|lorry"
    r"|taxi))[ :(]{1,2}(?=[A-ZÄÖÜ0-9 -]{0,10}\d)"
    r"(?=[0-9 -]{0,8}[A-ZÄÖÜ])[A-ZÄÖÜ0-9]{1,4}[ -]?[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4})?(?![\w-])",
)
RULES.add("record", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[A-Z0-9]{5,6}(?!\w)")
RULES.add("record", r"\(01\)\d{14}(?:\(\d\d\)[\w-]{1,20}){0,4}")  # a device by GS1
RULES.add(
    "record",
    r"(?i:\b(?:portrait|selfie|mugshot)(?:[ -]?[\w-]{1,30}){0,3}\.(?:jpe?g|png|heic|tiff?|bmp|webp))(?!\w)",
)
RULES.add("record", r"(?<![\w-])(?:IMG|DSCN?|VID|PXL|MVI)[ -]?\d{4,8}(?:-WA\d{1,6}|\d{0,12})(?:\.\w{3,4})?(?!\w)")
