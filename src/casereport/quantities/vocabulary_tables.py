"""The tables of the vocabulary, which anyone can edit: `analytes.csv` and `interventions.csv`.

analytes.csv has for each analyte its LOINC code, canonical UCUM unit and conversions, its default adult reference
range by sex, direction of improvement, biological and analytical variation and plausible limits; interventions.csv for
each intervention its ATC code, class and further names. A case may bring a file of either name beside its folder.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files.paths import DATA
from casereport.files.tables import Row, Rule, read_table, state
from casereport.quantities.intervals import between
from casereport.quantities.units import parse_other_units
from casereport.quantities.vocabulary import (
    ANALYTES,
    GROUPS,
    INTERVENTIONS,
    SCALES,
    Analyte,
    Intervention,
    Vocabulary,
    loinc_is_valid,
)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_conversions(text: str) -> bool:
    try:
        parse_other_units(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def _other_codes(text: str) -> dict[str, str]:
    """The codes in an `other_loinc` cell, each with what it says besides: `2339-0: in whole blood; 2345-7`."""
    pairs = (entry.partition(":") for entry in text.split(";") if entry.strip())
    return {code.strip(): differs.strip() for code, _, differs in pairs}


_ID = re.compile(r"[a-z][a-z0-9_]*")
_ATC = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")
_LARGEST_VARIATION = 200  # per cent; the widest published ones lie below 100

_TEXT = Rule(bool, "a text")
_ANY = Rule(lambda s: True, "")
_NUMBER = Rule(lambda s: not s or _is_number(s), "a number or nothing")
_VARIATION = Rule(
    lambda s: not s or (_is_number(s) and 0 < float(s) <= _LARGEST_VARIATION),
    f"per cent above 0, up to {_LARGEST_VARIATION}, or nothing",
)
_ID_RULE = Rule(lambda s: bool(_ID.fullmatch(s)), "an id of small letters, digits and _")
_ANALYTES: dict[str, Rule] = {
    "analyte": _ID_RULE,
    "label": _TEXT,
    "short": _ANY,
    "loinc": Rule(lambda s: not s or loinc_is_valid(s), "a LOINC code with its check digit, or nothing"),
    "other_loinc": Rule(
        lambda s: all(map(loinc_is_valid, _other_codes(s))),
        "LOINC codes with their check digits, separated by semicolons",
    ),
    "unit": _TEXT,
    "other_units": Rule(_is_conversions, "unit:factor entries, separated by semicolons"),
    "ref_low_male": _NUMBER,
    "ref_high_male": _NUMBER,
    "ref_low_female": _NUMBER,
    "ref_high_female": _NUMBER,
    "reference_source": _ANY,
    "improvement": Rule(
        lambda s: s in ("", "increase", "decrease", "increase into range", "decrease into range"),
        "increase, decrease, either with `into range` where beyond it is bad too, or nothing where neither is better",
    ),
    "scale": Rule(lambda s: s in ("", *SCALES), "one of " + ", ".join(SCALES) + ", or nothing (ratio)"),
    "scale_low": _NUMBER,
    "scale_high": _NUMBER,
    "target_low": _NUMBER,
    "target_high": _NUMBER,
    "threshold_low": _NUMBER,
    "threshold_high": _NUMBER,
    "threshold_name": _ANY,
    "cv_i": _VARIATION,
    "cv_a": _VARIATION,
    "variation_source": _ANY,
    "plausible_low": _NUMBER,
    "plausible_high": _NUMBER,
    "group": Rule(lambda s: s in GROUPS, "one of " + ", ".join(GROUPS)),
    "note": _ANY,
    "synonyms": _ANY,
    "code_source": _ANY,
    "conversion_source": _ANY,
    "limits_source": _ANY,
}
_LIMITS = (
    ("ref_low_male", "ref_high_male"), ("ref_low_female", "ref_high_female"), ("target_low", "target_high"),
    ("threshold_low", "threshold_high"), ("plausible_low", "plausible_high"),
)  # fmt: skip
_INTERVENTIONS: dict[str, Rule] = {
    "intervention": _ID_RULE,
    "label": _TEXT,
    "atc": Rule(lambda s: not s or bool(_ATC.fullmatch(s)), "an ATC code or group, or nothing"),
    "class": _TEXT,
    "synonyms": _ANY,
    "code_source": _ANY,
    "synonym_source": _ANY,
    "note": _ANY,
}


def vocabulary_files(case: Path) -> dict[str, Path]:
    """The tables that make the vocabulary of the case at the path `case`, by the name that a report gives them.

    They are the project's two, then what a case brings of its own: a file of the same name beside the case, in the
    folder that holds it.
    """
    files = {name: DATA / name for name in (ANALYTES, INTERVENTIONS)}
    for name, own in list(files.items()):
        beside = case.parent / name
        if beside.is_file() and not beside.samefile(own):
            files[f"cases/{name}"] = beside
    return files


_RULES = {ANALYTES: _ANALYTES, INTERVENTIONS: _INTERVENTIONS}
# what a row that adds an id has to say; one that changes a known analyte says only what it changes
_NEEDED = {ANALYTES: ("label", "unit", "group"), INTERVENTIONS: ("label", "class")}
_OF_A_CASE = frozenset(("target_low", "target_high", "scale_low", "scale_high"))
_CHANGEABLE = frozenset(
    (*_OF_A_CASE, "ref_low_male", "ref_high_male", "ref_low_female", "ref_high_female", "reference_source")
) | {"improvement", "cv_i", "cv_a", "variation_source", "note"}


def load_vocabulary(*files: Path) -> Vocabulary:
    """The vocabulary of CSV files, each called analytes.csv or interventions.csv, the later adding to the earlier.

    What is added needs no more than analyte, label, unit and group (or intervention, label and class). A row of a later
    analytes.csv with an id that is known changes that analyte: its range, its direction, its variations, or the target
    that the case aims at. Raises BadInput with every problem of all.
    """
    return _as_they_stand(tuple((path, state(path)) for path in files))


def project_vocabulary(*added: Path) -> Vocabulary:
    """The vocabulary of the project itself, and what these files add to it; raises BadInput as `load_vocabulary`."""
    return load_vocabulary(DATA / ANALYTES, DATA / INTERVENTIONS, *added)


@lru_cache(maxsize=8)
def _as_they_stand(files: tuple[tuple[Path, tuple[int, ...]], ...]) -> Vocabulary:
    """The vocabulary of files in this state: 1,700 rows, read once for all cases and notebooks of a process."""
    problems: list[Problem] = []
    rows: dict[str, dict[str, Row]] = {ANALYTES: {}, INTERVENTIONS: {}}
    for path, _ in files:
        rules, found = _RULES[path.name], rows[path.name]
        own = bool(found)
        key = next(iter(rules))
        called = f"cases/{path.name}" if own else path.name
        try:
            table = read_table(path, called, *_of_a_case(rules, key) if own else (rules, _OF_A_CASE))
        except BadInput as bad:
            problems += bad.problems
            continue
        known = frozenset(found) if own and path.name == ANALYTES else frozenset[str]()
        for line, row in table.items():
            said, usual = row, ""
            if row[key] in known:
                usual = found[row[key]].get("improvement", "")
                wrong = [(c, v, _unchangeable(c)) for c, v in row.items() if v and c != key and c not in _CHANGEABLE]
                row = found[row[key]] | {c: v for c, v in row.items() if v}
                known -= {row[key]}
            else:
                wrong = [(c, "", "a text") for c in _NEEDED[path.name] if not row[c]]
                if row[key] in found:
                    expected = "an id of its own; the vocabulary has it already" if own else "the id stands once"
                    wrong.append((key, row[key], expected))
                row["short"] = row.get("short") or row["label"]
            if path.name == ANALYTES:
                wrong += _contradictions(row, said.get("improvement", ""), usual)
            problems += [Problem(called, line, *one) for one in wrong]
            found[row[key]] = row
    if problems:
        raise BadInput(problems)
    return Vocabulary(
        {name: _analyte(row) for name, row in rows[ANALYTES].items()},
        {
            name: Intervention(name, row["label"], row["atc"], row["class"], row["note"], _listed(row["synonyms"]))
            for name, row in rows[INTERVENTIONS].items()
        },
    )


def _of_a_case(rules: dict[str, Rule], key: str) -> tuple[dict[str, Rule], frozenset[str]]:
    """The rules of a table that a case brings: every column but the id may be missing, and every cell empty."""
    mild = {c: r if c == key else r._replace(test=_or_nothing(r.test)) for c, r in rules.items()}
    return mild, frozenset(rules) - {key}


def _or_nothing(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: not text or test(text)


def _unchangeable(column: str) -> str:
    return f"nothing: {column} of an analyte of the vocabulary stays as it is (an analyte of your own needs its own id)"


def _contradictions(row: Row, direction: str, usual: str) -> list[tuple[str, str, str]]:
    """The cells of an analyte that contradict others of it, each with what was expected.

    `direction` is what this very row says to be better, `usual` what the vocabulary says of the analyte.
    """
    found = []
    for low, high in _LIMITS:
        if row[low] and row[high] and float(row[low]) > float(row[high]):
            found.append((low, row[low], f"not above {high} ({row[high]})"))
    if row["target_low"] and row["target_high"] and direction in ("increase", "decrease"):
        expected = "nothing: a target range with two ends has two directions, towards it from either side"
        found.append(("improvement", direction, expected))
    elif usual.endswith("into range") and direction in ("increase", "decrease"):
        expected = f"“{direction} into range”, or a target range: too much of it is bad, and too little"
        found.append(("improvement", direction, expected))
    if bool(row["scale_low"]) != bool(row["scale_high"]):
        missing, other = ("scale_low", "scale_high") if row["scale_high"] else ("scale_high", "scale_low")
        found.append((missing, "", f"the other end of the scale too ({other} is {row[other]}), or neither"))
    elif row["scale_low"] and float(row["scale_low"]) >= float(row["scale_high"]):
        found.append(("scale_high", row["scale_high"], f"an end above scale_low ({row['scale_low']})"))
    if row["cv_a"] and not row["cv_i"]:
        found.append(("cv_i", "", "the within-subject variation too: the analytical one alone is no limit of a change"))
    return found


def _listed(text: str) -> tuple[str, ...]:
    """The names in a cell that holds several, separated by semicolons."""
    return tuple(name.strip() for name in text.split(";") if name.strip())


def _analyte(row: dict[str, str]) -> Analyte:
    def limit(column: str) -> float | None:
        return float(row[column]) if row[column] else None

    improvement, _, into_range = row["improvement"].partition(" ")
    aimed = {"increase": "target_high", "decrease": "target_low"}.get(improvement)  # an INR of 2 to 3: 1.2 is no good

    return Analyte(
        id=row["analyte"],
        label=row["label"],
        short=row["short"],
        loinc=row["loinc"],
        unit=row["unit"],
        conversions=parse_other_units(row["other_units"]),
        reference={sex: between(limit(f"ref_low_{sex}"), limit(f"ref_high_{sex}")) for sex in ("male", "female")},
        reference_source=row["reference_source"],
        improvement=improvement,
        two_sided=bool(into_range or (aimed and row[aimed])),
        plausible_low=limit("plausible_low"),
        plausible_high=limit("plausible_high"),
        group=row["group"],
        note=row["note"],
        synonyms=_listed(row["synonyms"]),
        scale=row["scale"] or SCALES[0],
        scale_low=limit("scale_low"),
        scale_high=limit("scale_high"),
        other_loinc=_other_codes(row["other_loinc"]),
        target=between(limit("target_low"), limit("target_high")),
        threshold=between(limit("threshold_low"), limit("threshold_high")),
        threshold_name=row["threshold_name"],
        cv_i=limit("cv_i"),
        cv_a=limit("cv_a"),
    )
