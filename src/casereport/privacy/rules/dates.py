"""Calendar dates."""

import re

from casereport.privacy.rules.months import ENGLISH, MONTH, is_month
from casereport.privacy.rules.parts import NO_AMOUNT, Rules

RULES = Rules(needs="digit")

_MONTH = rf"(?P<month>{ENGLISH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)(?![^\W\d_])\.?)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d|'\d\d)(?!\d)"


def _is_month(match: re.Match[str]) -> bool:
    """False for what only looks like a month: the words may and march, and the stem-cell marker Oct 4."""
    groups = match.groupdict()
    word = groups["month"].rstrip(".")
    if groups.get("year"):
        return True
    if word.lower() == "oct" and groups.get("day") in ("3", "4"):
        return False
    if word == "May" and re.search(r"\. May$", match[0]) and re.match(" [a-z]", match.string[match.end() :]):
        return False  # the end of a sentence, and may
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


RULES.add(
    "date", rf"(?<![\w.]){_DAY}(?: of)?[ ./-]*{_MONTH}(?!-?[A-Za-z])(?:[ ,./-]*{_YEAR})?", _is_month, any_case=True
)
RULES.add("date", rf"(?<!\w){_MONTH}(?: |-(?=\d\d)){_DAY}(?![\w%]|\.\d)(?:,? {_YEAR})?", _is_month, any_case=True)
RULES.add("date", rf"(?<!\w){_MONTH}(?: of)?[ ,/-]*{_YEAR}", _is_month, any_case=True)
RULES.add(
    "date",
    r"(?<!\w)(?:in|since|until|till|during|from|early|mid|late|last|next|end of)[ -](?:early |late |mid-?)?"
    rf"(?P<month>{ENGLISH})(?!\w)",
    _is_month,
    any_case=True,
    needs="",
)
_ORDINAL = (
    "(?:(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth"
    "|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth"
    "|thirtieth)"
)
RULES.add(
    "date",
    rf"\b{_ORDINAL}(?: day)? of (?:{ENGLISH})\b|\b(?:{ENGLISH})(?: the)? {_ORDINAL}(?![\w-])",
    any_case=True,
    needs="",
)
# 2020-03-12, 2020/3/12, and 2020:03:12 as cameras write it; 20200312 as file names have it
RULES.add("date", r"(?<![A-Za-z0-9.])(?:19|20)\d\d([-/.:])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d|\.\d)")
RULES.add("date", r"(?<![\d.,])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d,]|\.\d)")
RULES.add("date", r"(?<![\w.-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?![\w-]|\.\d)", _is_year_month)
RULES.add("date", r"(?<![\w./])(?:0[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/]|\.\d)")
RULES.add(
    "date",
    r"(?<![\w./])(?<!\d-)(?P<a>\d\d?)(?P<sep>[/.-])(?P<b>\d\d?)(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/-]|\.\d)"
    rf"{NO_AMOUNT}",
    _is_numeric_date,
)
RULES.add(  # behind a word for it, with two digits of the year: vom 4.11.24
    "date",
    r"\b(?i:am|vom|v\.|bis|zum|seit|ab|den|einschließlich|geb\.|on|since|until|le|del|il|dal|al|op) "
    r"(?P<it>(?P<a>\d\d?)\.(?P<b>\d\d?)\.\d\d)(?![\w/-]|\.\d)" + NO_AMOUNT,
    _is_day_month,
)
# day and month alone are as often a ratio or a score (138/80, 1/2, pain 3/10): only after a word that asks for a date
RULES.add(
    "date",
    r"\b(?:admitted|discharged|dated|born|died|transferred)(?: on)? (?P<a>\d\d?)/(?P<b>\d\d?)(?![\d/])",
    _is_day_month,
    any_case=True,
)
RULES.add("date", r"(?:\d{2,4}年)?\d{1,2}月(?![余龄])(?:\d{1,2}[日号])?", needs="foreign")

# ---- other ways to write a date, and other languages

_NUMERIC = (
    r"(?:\d{1,2}[./ -]\d{1,2}(?:[./ -]\d{2,4})?|\d{4}[./ -]\d{1,2}[./ -]\d{1,2}|\d{8}|\d{6}|[01]\d[0-3]\d)"
    r"(?![\w/]|[.,]\d)"
)
_WEEKDAY = (
    "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    "|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
)
# What may follow a day and a month that are no ratio: the end of the clause, or whom it happened to.
_CLAUSE_ENDS = r"(?= ?(?:[,;:)]|\.(?!\d)|$)| (?:he|she|they|we|it|the|his|her|and|with|for|because|when|after)\b)"


def _is_short_date(match: re.Match[str]) -> bool:
    """False for a score out of 5 or 10 after since and until, which exercises are done for too."""
    return _is_day_month(match) and (match["on"].lower() == "on" or match["b"] not in ("5", "10"))


_ONE = r"(?:0?[1-9]|[12]\d|3[01])"
for form in (
    rf"(?<![\w.]){_ONE}(?:\.|er|º|°)?(?: d[ei](?= ))? ?{MONTH}(?:,?(?: del?)? (?:19|20)\d\d)?",
    rf"(?<!\w){MONTH}(?: del?)? (?:19|20)\d\d(?!\d)",
    rf"(?<![\w.])(?:19|20)\d\d\.? (?:{_ONE}\.? )?{MONTH}(?: {_ONE}(?!\w))?",
):
    RULES.add("date", form, is_month)
RULES.add(
    "date",
    r"\b(?:[Ii]m|[Ss]eit|[Aa]b|[Bb]is|Anfang|Mitte|Ende|[Ee]n|[Dd]ébut|[Ff]in|[Dd]esde|[Hh]asta|od|do|din|fra|från"
    rf"|sedan|с|до) {MONTH}",
    is_month,
    needs="",
)
RULES.add(
    "date",
    r"[〇零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月)?(?:[一二三四五六七八九十]{1,3}[日号])?",
    needs="foreign",
)
RULES.add(
    "date", r"(?<![个個])[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}|\d{1,2})[日号]", needs="foreign"
)
RULES.add("date", rf"\b{_WEEKDAY},? (?:the |den |le )?(?:[12]?\d|3[01])(?:st|nd|rd|th|\.(?!\d))", any_case=True)
RULES.add("date", r"(?<![\w-])(?:19|20)\d\d-?W[0-5]\d(?:-[1-7])?(?!\w)")
RULES.add(
    "date", r"\bweek \d{1,2}(?:,| of| in|/| ?-)? ?(?:19|20)\d\d(?!\d)|\b(?:KW|CW|calendar week) ?\d{1,2}(?:/\d{2,4})?\b"
)
RULES.add(
    "date",
    r"\b(?:DOB|D\.O\.B\.?|date of birth|birth ?date|birthday|born(?: on)?|geb\.|geboren(?: am)?|Geburtsdatum"
    r"|née?(?: le)?|date de naissance|nacid[oa](?: el)?|fecha de nacimiento|nat[oa] il|出生(?:日期)?)[ :=]{0,3}"
    rf"{_NUMERIC}",
    any_case=True,
)
RULES.add(
    "date",
    r"\b(?:(?:admission|discharge|operation|op\.?|surgery|visit|sampling|collection|report) date"
    rf"|date of [a-z]{{3,12}}|dated?)[ :=]{{1,3}}(?:was |is )?{_NUMERIC}{NO_AMOUNT}",
    any_case=True,
)
RULES.add(
    "date",
    rf"\b(?P<on>on|since|until|till) (?P<a>\d\d?)/(?P<b>\d\d?)(?![\d/]){_CLAUSE_ENDS}",
    _is_short_date,
    any_case=True,
)
RULES.add("date", r"(?<![\w.])\d{1,2}\. ?(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})\. ?(?:19|20)?\d\d(?!\w)")
RULES.add(
    "date", r"(?i:(?<!\w)\d{1,2}(?P<sep>-?)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?P=sep)\d\d)(?![\w-])"
)
RULES.add(
    "date",
    r"\b(?:Christmas (?:Day|Eve)|Easter (?:Sunday|Monday)|Good Friday|Boxing Day|New Year's (?:Day|Eve)"
    r"|Thanksgiving Day|Heiligabend|Silvester|Ostersonntag)\b|春节|除夕|中秋节|国庆节",
    needs="",
)
RULES.add(
    "date", r"\b(?:[Aa]m|[Vv]om|bis zum|[Ss]eit dem|[Aa]b dem) (?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d)"
)
_WEEKDAY_SHORT = "(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)"
RULES.add(
    "date",
    rf"\b(?:{_WEEKDAY}|{_WEEKDAY_SHORT})\.?,? (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)\b|(?P<a>\d\d?)[/.](?P<b>\d\d?)"
    rf"(?![\d/]|[.,]\d))",
    lambda m: m["a"] is None or _is_day_month(m),
)
RULES.add(
    "date",
    r"(?:令和|平成|昭和|大正|民國|民国)(?:\d{1,3}|元)年(?:\d{1,2}月)?(?:\d{1,2}日)?"
    r"|(?:\d{4}년 ?)?\d{1,2}월(?: ?\d{1,2}일)?",
    needs="foreign",
)
RULES.add(
    "date",
    r"\b(?:LMP|EDD|EDC|DOA|DOD|DOS|ADM|D/C|TCI|[Aa]ppt|[Aa]ppointment)[ :]{1,2}"
    r"(?P<a>\d\d?)[/.](?P<b>\d\d?)(?![\d/]|[.,]\d)",
    _is_day_month,
)
RULES.add("date", r"\b(?:[12]?\d|3[01])(?:st|nd|rd|th) (?:inst|ult|prox)\b")
RULES.add(
    "date",
    r"(?<![\w./])(?P<a>\d\d?)(?P<sep>[/.])(?P<b>\d\d?)\.? (?:admitted|discharged|transferred|died|operated)\b",
    _is_day_month,
)
