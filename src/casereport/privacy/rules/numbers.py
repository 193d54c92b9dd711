"""Numbers that lead to a person, a record, an account, a vehicle or a device; e-mail and telephone by their form."""

import re
from collections.abc import Callable

from casereport.privacy.rules import check_digits
from casereport.privacy.rules.number_words import LABELS
from casereport.privacy.rules.parts import NO_AMOUNT, Check, Rules

RULES = Rules(needs="digit")


def _is_telephone(match: re.Match[str]) -> bool:
    return 7 <= sum(c.isdigit() for c in match[0]) <= 15


def _is_not_round(match: re.Match[str]) -> bool:
    """A count such as 5000000 is round; the number of a record hardly ever is."""
    return not match[0].endswith("000")


# it begins where such a run begins: tried from each of its characters, a long run without an @ would take hours
RULES.add("e-mail", r"(?<![\w.+-])[\w.+-]+ ?@ ?(?:[\w-]+\.)+[A-Za-z]{2,}", needs="@")
RULES.add("telephone", r"(?<![\w+])\+\d{1,3}[ (.-]\(?\d[\d ().-]{6,}\d", _is_telephone)
RULES.add("telephone", r"(?<![\w.(-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])" + NO_AMOUNT, needs="7 digits")
RULES.add("record", r"(?i:\bMRN)[ :#.-]{0,5}(?i:number|no\.?)?[ :#]{0,5}\d{3,}")
RULES.add("record", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", needs="7 digits")
RULES.add("record", rf"(?<![\w.,/+-])\d{{7,}}[Xx]?(?!\w|[.,/-]\d){NO_AMOUNT}", _is_not_round, needs="7 digits")

# ---- numbers by the word before them

_VALUE = r"(?=[A-Z0-9/.#-]{0,30}\d)[A-Z0-9#][A-Z0-9/.-]{0,30}(?: [A-Z0-9-]{2,12}){0,6}"
_NUMBERED = r"(?: ?(?:\b(?:numbers?|nos?|nr|num|ID|PIN|identifier|code|ref|folio|reg|n[°º])\b\.?|#|№|[°º])){1,3}"
# What may stand between the word and its number: "DEA number, BM48", "plate reads KX12", "card ending in 4471"
_BETWEEN = (
    r"(?:[ :=.,(\"']{0,3}(?:is |was |are |of |reads? |reading |quoted as |given as |ending (?:in |with )?|under |as )?)"
)
_DATE = re.compile(r"(?:19|20)\d\d(?:[-/]\d\d?){0,2}$|(?:19|20)\d\d[-/](?:19|20)\d\d$|\d\d?[-/]\d\d?[-/](?:19|20)\d\d$")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _has(least: int) -> Check:
    """True where the first word of what follows the label has that many digits; a year or a date is no number."""

    def check(match: re.Match[str]) -> bool:
        value = match["value"]
        return len(_digits(value)) >= least and not _DATE.match(value)

    return check


# with `number` between, the letters of an office may stand apart: ZKV 883 204
_SMALL = (
    r"(?P<value>(?:[a-z]{1,2}(?=\d{4}))?(?=[A-Z0-9/-]{0,30}\d)(?:[A-Z0-9][A-Z0-9/-]{2,30}|\d\d(?=(?: \d{2,4}){3}))"
    r"(?: [A-Z0-9-]{3,12}){0,5})(?![a-z]|[.,]\d)"
)
# without `number` between: at least four digits and no count (`sample 3`, `CPR 12 min`, `account 2019`)
RULES.add(
    "record",
    rf"(?<!\w){LABELS}\.?(?P<numbered>(?i:{_NUMBERED}))?{_BETWEEN}#?(?:[A-Z]{{2,5}}[ .](?=\d)){{0,2}}{_SMALL}"
    + NO_AMOUNT,
    lambda m: _has(3 if m["numbered"] else 4)(m) and (bool(m["numbered"]) or _marked(m)),
    needs="3 digits",
)
# any other word with `no`, `nr` or `ID`, in what language ever: n.º de colegiado 28/4471, Proben-ID BB-00417
_NR = r"(?i:(?:\w{3,24}[ .-])?(?:nr|no|ID)\b\.?|\w{3,24}nr\.?|#)"
_NUMERO = (
    r"(?i:n\.? ?(?:[º°]|o\b)|número|numéro|numero)\.?(?: (?:de|du|di|do|da|del|della) [^\W\d_]{3,14}){0,2}"
    r"(?: [A-Z]{2,5})?"
)
RULES.add(
    "record",
    rf"(?<![\w.]){_NR}(?:[ :#]{{1,3}}|(?<=[Rr]\.))(?P<letters>[A-Z]{{2,5}} (?=\d))?{_SMALL}{NO_AMOUNT}",
    lambda m: _has(5)(m) or bool(m["letters"] and len(_digits(m[0])) > 5),
    needs="3 digits",
)
RULES.add(
    "record",
    rf"(?<!\w){_NUMERO}[ :]{{1,3}}{_SMALL}{NO_AMOUNT}",
    lambda m: _has(4)(m) and _marked(m),
    needs="3 digits",
)
# in groups, behind any of these
RULES.add(
    "record",
    rf"(?<![\w.])(?:{LABELS}\.?(?i:{_NUMBERED})?|{_NR}|{_NUMERO})[ :#]{{1,3}}(?:[A-Z]{{1,4}} )?"
    rf"(?P<groups>\d{{1,4}}(?:[ .]\d{{2,4}}){{1,4}}(?:[ .-]\d)?)(?!\w|[.,]\d){NO_AMOUNT}",
    lambda m: len(_digits(m["groups"])) > 6 and _is_not_round(m),
    needs="3 digits",
)
# letters and digits behind `ID`; a patient's number behind a word for it without a space
RULES.add(
    "record",
    r"\bID[ :#]{1,3}(?=[A-Z]{0,8}\d)(?=\d{0,8}[A-Z])[A-Z0-9]{5,16}(?![\w-])"
    r"|(?<![\w.])(?i:p(?:at)?id|pat|pt|patient|subj?|mrn|case|rec|acc|id|nhc|fall)\d{6,12}(?!\w)",
)
RULES.add(
    "record",
    r"(?i:\b(?:serial|S/N|SN|device|implant|pump|pacemaker|ICD serial))(?: ?(?:no"
    r"|number)\.?)?[ :#]{1,3}(?P<value>[A-Z0-9-]{5,24})(?![a-z])",
    lambda m: _has(3)(m) and _marked(m),
    needs="3 digits",
)
RULES.add(
    "record", r"(?i:\b(?:SSN|card|account|phone|number|ID) (?:ending|ends)(?: in| with)?) \d{3,8}\b", needs="3 digits"
)
RULES.add(
    "record",
    r"(?:住院|病历|病案|门诊|就诊卡?|身份证|医保卡?|社保|床|标本|检验|护照|病理|影像|编|档案|登记|流水|条码|样本|银行卡|账|帐|保单|驾驶证|车牌|工|学|序列|设备"
    r"|受试者|番|カルテ|マイナンバー|記)号?码?[：:为是 ]{0,2}[A-Z]{0,4}-?\d[A-Z0-9-]{2,24}",
    needs="foreign",
)


def _marked(match: re.Match[str]) -> bool:
    """True where a number right behind its label is no count and no series of values: five digits, or a letter, or a
    part of four digits or with a zero before it."""
    value, *more = match["value"].split(" ")
    if more and more[0][0].isdigit():
        return True
    if value.isdigit():
        return (len(value) > 4 and not value.endswith("000")) or value.startswith("0")
    parts = re.split("[/-]", value)
    return not all(map(str.isdigit, parts)) or any(len(part) > 3 or part[0] == "0" for part in parts)


# ---- numbers by their own form and check digit


def _valid(rule: Callable[[str], bool]) -> Check:
    return lambda match: rule(re.sub(r"[ .-]", "", match[0]))


def _has_month(match: re.Match[str]) -> bool:
    """True where six digits in it are a date of birth, in either order."""
    six = match["six"]
    return 1 <= int(six[2:4]) <= 12 and (1 <= int(six[4:]) <= 31 or 1 <= int(six[:2]) <= 31)


_END = r"(?![\w-]|[.,]\d)"
_BEGIN = r"(?<![\w.,+-])"
for form, is_one in (
    (r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", _valid(check_digits.luhn)),
    (r"\d{4} \d{4} \d{4}", _valid(check_digits.verhoeff)),
    (r"\d{3}[ -]\d{3}[ -]\d{3}", _valid(check_digits.luhn)),
    (r"\d{3}[ -]\d{3}[ -]\d{4}", _valid(check_digits.nhs)),
    (r"(?:\d{8}|[XYZ]\d{7})[ -]?[A-Z]", _valid(check_digits.spanish)),
    (r"\d{6}[+A-]\d{3}[0-9A-Y]", lambda m: check_digits.finnish(m[0])),
    (r"(?P<six>\d{6})[-+]\d{4}", _has_month),  # Denmark, Sweden
    (r"(?P<six>\d{6})-[1-8]\d{6}", _has_month),  # Korea
    (r"\d{3}\.\d{3}\.\d{3}-\d\d", _valid(check_digits.brazilian)),
    (r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d", _valid(check_digits.french)),
    (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", _valid(check_digits.belgian)),
    (r"756\.?\d{4}\.?\d{4}\.?\d\d", _valid(check_digits.ean13)),
    (r"\d\d ?\d{3} ?\d{3} ?\d{3}", _valid(check_digits.german_tax)),
    (r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", None),  # Italy's codice fiscale
):
    RULES.add("record", _BEGIN + form + _END, is_one, needs="7 digits")
for form, is_one in (
    (r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?", lambda m: check_digits.iban(m[0].replace(" ", ""))),
    (r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", None),  # Mexico's CURP
    (r"[A-Z]{2} \d\d \d\d \d\d [A-D]", None),  # UK national insurance
    (r"=?[A-Z]\d{4} \d\d \d{3} ?\d{3}(?: \d\d)?", None),  # a blood donation by ISBT 128
):
    RULES.add("record", _BEGIN + form + _END, is_one)
RULES.add("record", r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])", needs="")  # UUID
# a vehicle's number: seventeen, with letters and digits, without I, O and Q
RULES.add("record", r"(?<![\w-])(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z0-9]{11}[A-HJ-NPR-Z0-9]{2}\d{4}(?![\w-])")
RULES.add(
    "record",
    r"(?i:\b(?:licen[cs]e plate|number plate|plate number|plate|registration|Kennzeichen|Nummernschild"
    r"|matrícula|plaque|car|van|vehicle"
    r"|lorry|reg|registered|tag(?! \d)|plates|rego|index|number|truck|motorcycle|motorbike|scooter|moped|bike|bus"
    r"|ambulance|tractor|auto|pickup|minibus|okada"
    r"|driver of|owner of|passenger (?:of|in)|rider of|rejestracyjn\w{1,3}|immatricul(?:ation|ée?)|targa|placa|kenteken"
    r"|taxi)(?: (?:no|plate|number|reg)\.?)?)[ :('\"]{1,2}(?=[A-ZÄÖÜ0-9 -]{0,10}\d)"
    r"(?=[0-9 -]{0,8}[A-ZÄÖÜ])[A-ZÄÖÜ0-9]{1,4}[ -]?[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4})?(?![\w-])",
)
RULES.add(
    "record",
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•・. ]?[A-Z0-9]{5,6}(?![A-Za-z0-9])",
    needs="foreign",
)
# a picture or a study by DICOM, but for what the standard itself has numbered
RULES.add("record", r"(?<![\w.])(?!1\.2\.840\.10008\.)[0-2]\.\d{1,3}(?:\.\d{1,39}){4,20}(?![\w.])")
RULES.add("record", r"\(01\)\d{14}(?:\(\d\d\)[\w-]{1,20}){0,4}", needs="7 digits")  # a device by GS1
RULES.add(
    "record",
    r"(?i:\b(?:portrait|selfie|mugshot)(?:[ -]?[\w-]{1,30}){0,3}\.(?:jpe?g|png|heic|tiff?|bmp|webp))(?!\w)",
    needs="",
)
RULES.add("record", r"(?<![\w-])(?:IMG|DSCN?|VID|PXL|MVI)[ -]?\d{4,8}(?:-WA\d{1,6}|\d{0,12})(?:\.\w{3,4})?(?!\w)")
