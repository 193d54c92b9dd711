"""Wide laboratory tables, analytes down and days across, as hospitals print and journals publish them.

Every cell is accounted for: taken, empty, or left out with the reason. A name, unit or date that has no single reading
is left out and offered as a line for the mapping file, which the next run reads.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from casereport.problems import BadInput, Problem
from casereport.readers.grids import Cells, place
from casereport.readers.names import bare_unit, ids_of, parts, pieces, qualifiers, unit_in
from casereport.readers.printed import (
    NO_VALUE,
    NotTaken,
    counted_from,
    from_elsewhere,
    read_date,
    read_day,
    read_range,
    read_value,
    study_day,
)
from casereport.synonyms import directory, key, near, unit_of
from casereport.vocabulary import Analyte, Vocabulary

# a ratio, an acidity and a score are printed without a unit
# glucose under `Urinalysis` is not glucose of blood
_ELSEWHERE = re.compile(
    r"urin|c\.?s\.?f\b|cerebrospinal|pleura|ascit|fluid|stool|sputum|lavage|\bbal\b|dialysate|effluent|drain|marrow|"
    # what is measured in venous gas or another's blood is not what the vocabulary calls by that name
    r"venous (?:blood )?gas|gas(?:es)?[ ,(]+venous|\bvbg\b|cord blood|donor",
    re.I,
)
_SURE = 0.85  # a slip of the pen away from a name
_UNITLESS = ("1", "[pH]", "{score}")
_HEADS = {
    "unit": re.compile(r"units?", re.I),
    "range": re.compile(
        r"(?:.*\b)?(?:ref(?:erence)?s?|normals?|norm|limits?|cut-?off)\b.*|ranges?|NR|standard values?", re.I
    ),
    "loinc": re.compile(r"loinc.*", re.I),
}


class Mapped(NamedTuple):
    """What a line of the mapping file says of a printed name: the analyte and unit of a row, or the study day of a
    column. Without either the row or column is left out.
    """

    analyte: str
    unit: str
    day: str = ""


class Choices(NamedTuple):
    """What the reader was told: day 0 as a date or as a printed day, the order of day and month, the decimal mark, and
    the names."""

    zero: dt.date | None = None
    day_zero: int | None = None
    order: str = ""
    decimal: str = ""
    mapping: dict[str, Mapped] = {}  # noqa: RUF012  # never changed


class Taken(NamedTuple):
    """A value that was understood, and its cell."""

    where: str
    day: str
    analyte: str
    value: str
    unit: str
    interpretation: str
    ref_low: str
    ref_high: str


@dataclass
class Account:
    """What was understood of a table: the values, what each heading was read as, and what was left out and why.

    `offers` are lines for the mapping file, `undated` columns of values without a day, `marks` the cells of each mark
    of a footnote.
    """

    taken: list[Taken] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    empty: int = 0
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)


def read_wide(cells: Cells, name: str, vocabulary: Vocabulary, choices: Choices) -> Account:
    """The account of a table called `name`; raises BadInput where it has no row of days, or dates need telling."""
    account = Account()
    known = directory(vocabulary)
    top = _row_of_days(cells, known, choices.mapping)
    if top is None:
        expected = (
            "a row of days or dates over the values (Day 3, D+1, -7, Hospital day 4, 2020-01-31), and names below; "
            f"where headings are words, the study day of each in {_file(name)}"
        )
        if sum(read_day(row[0]) is not None or read_date(row[0]) is not None for row in cells if row) > 1:
            expected = "days across the top; here they run down the side: turn the table round and import it again"
        raise BadInput([Problem(name, 0, "", "", expected)])
    heads = cells[top]
    days = _days(cells, top, name, choices, account)
    special = {kind: i for i, head in enumerate(heads) for kind, form in _HEADS.items() if form.fullmatch(head)}
    for above in range(top):  # a heading over two rows: `Unit` may stand in the first
        for i, head in enumerate(cells[above]):
            for kind, form in _HEADS.items():
                if i not in days and form.fullmatch(head):
                    special.setdefault(kind, i)
        if any(cells[above]):
            account.left_out.append((place(above, 0), " ".join(dict.fromkeys(c for c in cells[above] if c)), "a title"))
    label = min(i for i in range(len(heads)) if i not in days and i not in special.values())
    for i, head in enumerate(heads):
        filled = [r[i] for r in cells[top + 1 :] if r[i]]
        if i not in days and i not in special.values() and i != label and (head or filled):
            told = _mapped(choices.mapping, head, place(top, i)) is not None
            why = "left out by the mapping file" if told else "a column that is no day, unit or range"
            account.left_out.append((place(top, i), head, why))
            if not told and any(c[0].isdigit() or c[0] in "<>≤≥" for c in filled):
                account.undated.append(_quoted(head) if head and heads.count(head) == 1 else place(top, i))
    names = Counter(key(row[label]) for row in cells[top + 1 :] if row[label])
    section = ""
    for row in range(top + 1, len(cells)):
        # a name that stands in several rows is told by its cell
        called = place(row, label) if names[key(cells[row][label])] > 1 else _quoted(cells[row][label])
        if any(cells[row]) and not any(cells[row][i] for i in days):
            section = cells[row][label]
            account.left_out.append((place(row, label), section, "a row without values"))
        elif (
            any(cells[row])
            and _ELSEWHERE.search(section)
            and not _mapped(choices.mapping, cells[row][label], place(row, label))
        ):
            why = f"under the heading {section!r}: not of blood; the mapping file can say what it is"
            account.left_out.append((place(row, label), cells[row][label], why))
            account.offers.append(f"{called},,")
        elif any(cells[row]):
            _read_row(cells[row], row, label, called, days, special, vocabulary, known, choices, account)
    return account


def _file(name: str) -> str:
    return f"{Path(name).stem}.mapping.csv (a first line printed,analyte,unit,day, then such as Admission,,,-2)"


def _mapped(mapping: dict[str, Mapped], printed: str, where: str) -> Mapped | None:
    return mapping.get(key(where)) or mapping.get(key(printed))


def _row_of_days(cells: Cells, known: dict[str, list[str]], mapping: dict[str, Mapped]) -> int | None:
    """The first row with the most days among the first ten, if it can be no row of values."""
    counts = [(len(_days_of(cells, i, known, mapping)), -i) for i in range(min(len(cells), 10))]
    best = max(counts, default=(0, 0))
    return -best[1] if best[0] else None


def _days_of(cells: Cells, at: int, known: dict[str, list[str]], mapping: dict[str, Mapped]) -> list[int]:
    """The columns in which a row has a day or date; none where it may be a row of values."""
    row = cells[at]
    told = [i for i, c in enumerate(row) if i and c and (m := _mapped(mapping, c, place(at, i))) and m.day]
    if told:
        return told
    found = [i for i, c in enumerate(row) if i and c and (read_day(c) is not None or read_date(c) is not None)]
    name = next((c for c in row if c), "")
    if not found or any(re.fullmatch(r"\d+\.\d+", c) for c in row[1:]) or ids_of(name, parts(name)[0], known):
        return []
    if all(row[i].isdecimal() for i in found):
        # platelets are whole numbers too: days ascend, and have no headings of their own above them
        days = [int(row[i]) for i in found]
        headed = any(len({above[i] for i in found} - {""}) > 1 for above in cells[:at])
        return [] if headed or days != sorted(days) else found
    return found


def _above(cells: Cells, top: int, column: int) -> str:
    """The heading over the one in row `top`: in the row above, in its column or, merged, in one to the left of it."""
    above = cells[top - 1][: column + 1] if top else []
    return next((text for text in reversed(above[1:]) if text), "")


def _days(cells: Cells, top: int, name: str, choices: Choices, account: Account) -> dict[int, str]:
    days: dict[int, str] = {}
    dates, clocks, heads = {}, {}, cells[top]
    for i, head in enumerate(heads):
        if i and head and (told := _mapped(choices.mapping, head, place(top, i))):
            if told.day:
                days[i] = told.day
        elif i and head and (day := read_day(head)) is not None:
            clocks[i] = from_elsewhere(head, _above(cells, top, i))
            days[i] = counted_from(day, choices.day_zero or 0)
        elif i and head and (written := read_date(head)) is not None:
            dates[i] = written
    _check_clocks(clocks, heads, top, name, choices)
    if dates and choices.zero is None:
        first = next(iter(dates))
        expected = "dates become study days: say which date is day 0 by --time-zero YYYY-MM-DD"
        raise BadInput([Problem(name, top + 1, place(top, first), heads[first], expected)])
    order = choices.order
    unclear = [w.parts for w in dates.values() if w.ambiguous]
    if unclear and not order:
        after = {"dmy": any(a > 12 for a, *_ in unclear), "mdy": any(b > 12 for _, b, *_ in unclear)}
        if sum(after.values()) != 1:
            i = next(i for i, w in dates.items() if w.ambiguous)
            expected = "is the day or the month first? say --date-order dmy or --date-order mdy"
            raise BadInput([Problem(name, top + 1, place(top, i), heads[i], expected)])
        order = next(k for k, v in after.items() if v)
        account.columns.append(f"dates read as {order}: another order gives a month over 12")
    for i, written in dates.items():
        try:
            days[i] = str(study_day(written, choices.zero, order))  # type: ignore[arg-type]
        except NotTaken as error:
            account.left_out.append((place(top, i), heads[i], str(error)))
            continue
        if written.parts[2] is None:
            account.columns.append(f"{place(top, i)} {heads[i]!r}: no year is printed; the one nearest to day 0 taken")
    account.columns += [f"{place(top, i)} {heads[i]!r}: day {day}" for i, day in sorted(days.items())]
    return days


def _check_clocks(clocks: dict[int, str], heads: list[str], top: int, name: str, choices: Choices) -> None:
    """Raises BadInput where days are not counted from day 0 and nobody said from which, or from more than one thing."""
    other = [i for i, clock in clocks.items() if clock]
    if not other:
        return
    if len(set(clocks.values())) > 1:
        expected = (
            f"days counted from one thing; here from several, so say the study day of each column in {_file(name)}"
        )
    elif choices.day_zero is None:
        expected = "a day that is not counted from day 0: say which printed day is day 0 by --day-zero NUMBER, or the "
        expected += f"study day of each column in {_file(name)}"
    else:
        return
    raise BadInput([Problem(name, top + 1, place(top, other[0]), heads[other[0]], expected)])


def _read_row(
    row: list[str], at: int, label: int, called: str, days: dict[int, str], special: dict[str, int],
    vocabulary: Vocabulary, known: dict[str, list[str]], choices: Choices, account: Account,
) -> None:  # fmt: skip
    printed = row[label]
    where = place(at, label)
    filled = {i: row[i] for i in days if row[i]}
    numbers = sum(text.casefold() not in NO_VALUE for text in filled.values())
    cell = {kind: row[i] for kind, i in special.items()}
    base, fragments = parts(printed)
    words = qualifiers(fragments, base, vocabulary, known, choices.decimal)
    fragments += [cell[kind] for kind in ("unit", "range") if cell.get(kind)]
    names = (where, printed) if words else (where, printed, base)
    mapped = next((m for n in names if (m := choices.mapping.get(key(n)))), None)
    if mapped and not mapped.analyte:
        account.left_out.append((where, printed, "left out by the mapping file"))
        return
    by_code = known.get(key(cell.get("loinc", "")) or " ")
    ids = [mapped.analyte] if mapped else by_code or ids_of(printed, base, known, words)
    units = {i: (mapped and mapped.unit) or unit_in(fragments, vocabulary.analytes[i]) for i in ids}
    if len(ids) > 1:  # FEU or DDU: the unit may tell which of the two is meant
        ids = [i for i in ids if units[i]] or ids
    if len(ids) != 1:
        several = bool(ids)
        candidates = [vocabulary.analytes[i] for i in ids or near(" ".join([base, *words]), known) or near(base, known)]
        if fluid := _ELSEWHERE.search(printed):  # no value of blood is offered for another fluid
            candidates = [a for a in candidates if fluid[0].lower() in a.label.lower()]
        if not several and any(unit_in(fragments, a) for a in vocabulary.analytes.values()):
            # a printed unit that is understood rules out what is not measured in it: no cell volume is a haematocrit
            candidates = [a for a in candidates if unit_in(fragments, a)]
        # what is measured in the printed unit comes first: isoenzymes in ng/mL are CK-MB and not CK
        fitting = sorted(((a, unit_in(fragments, a) or bare_unit(fragments, a)) for a in candidates), key=_no_unit)
        sure = ids or near(" ".join([base, *words]), known, cutoff=_SURE)
        _not_known(where, printed, called, fitting, sure, numbers, account, several)
        return
    analyte = vocabulary.analytes[ids[0]]
    unit = units[analyte.id] or (analyte.unit if analyte.unit in _UNITLESS else "")
    limits = next((r for r in (read_range(f, choices.decimal) for f in pieces(fragments)) if r), ("", ""))
    rest = [f for f in fragments if f not in words]
    odd = [f for f in pieces(rest) if not unit_of(f, analyte) and not read_range(f, choices.decimal)]
    note = f"; not read: {', '.join(odd)}" if odd and not (mapped and mapped.unit) else ""
    shown = f"{limits[0] or 'any'} to {limits[1] or 'any'}" if any(limits) else "none"
    lacking = f"not understood (it can be {_units(analyte)})" if odd else "not printed"
    account.rows.append(f"{where} {printed!r}: {analyte.id}, unit {unit or lacking}, range {shown}{note}")
    for i, text in filled.items():
        spot = place(at, i)
        try:
            value = read_value(text, choices.decimal)
            if value is None:
                account.empty += 1
                continue
            if value.interpretation == "L" and any(u.startswith("L") for u in (analyte.unit, *analyte.conversions)):
                value = value._replace(interpretation="")  # litres
            fitting = _unit_of_cell(value.behind, unit, analyte)
        except NotTaken as error:
            account.left_out.append((spot, text, str(error)))
            continue
        if value.mark:
            account.marks.setdefault(value.mark, []).append(spot)
        account.taken.append(Taken(spot, days[i], analyte.id, value.text, fitting, value.interpretation, *limits))
    if not unit and not any(t.where == place(at, i) for t in account.taken for i in filled):
        # of the same name may be what is measured in the printed unit: neutrophils in % are a share, not a count
        others = [vocabulary.analytes[i] for i in near(base, known) if i != analyte.id]
        fitting = [(a, own) for a in others if (own := unit_in(fragments, a))]
        account.offers += [f"{called},{a.id},{u}" for a, u in fitting or [(analyte, "")]]


def _no_unit(pair: tuple[Analyte, str]) -> bool:
    return not pair[1]


def _unit_of_cell(behind: str, unit: str, analyte: Analyte) -> str:
    """The unit of one value: that of the row, or what is printed behind the number if it agrees."""
    if not behind:
        if not unit:
            raise NotTaken(f"its unit is not known; say it in the mapping file: {_units(analyte)}")
        return unit
    printed = unit_of(behind, analyte) or unit_of(behind + "/L", analyte)
    if printed is None or (unit and printed != unit):
        raise NotTaken(f"{behind!r} behind the number is not the unit of the row ({unit or 'none printed'})")
    return printed


def _not_known(
    where: str, printed: str, called: str, candidates: list[tuple[Analyte, str]], sure: list[str], values: int,
    account: Account, several: bool,
) -> None:  # fmt: skip
    why = "means more than one: " if several else "not in the vocabulary; near: "
    names = ", ".join(f"{a.id} in {_units(a)}" for a, _ in candidates) or "nothing"
    account.left_out.append((where, printed, f"{why}{names} ({values} value{'' if values == 1 else 's'})"))
    # what has several meanings may stand in several rows, so it is told by its cell
    name = where if several else called
    # a unit that was not read is left to the author: the usual one would make 7200 /uL 7200 times 10*9/L; and what is
    # merely near is named above, not offered: corrected sodium is near corrected calcium
    offered = [f"{name},{a.id},{unit}" for a, unit in candidates if a.id in sure]
    account.offers += (offered if several else offered[:1]) or ([f"{name},,"] if printed else [])


def _units(analyte: Analyte) -> str:
    return " or ".join((analyte.unit, *analyte.conversions))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text
