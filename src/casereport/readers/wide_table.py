"""Wide laboratory tables, analytes down and days across, as hospitals print and journals publish them.

Every cell is accounted for: taken, empty, or left out with the reason. A name, unit or date that has no single reading
is left out and offered as a line for the mapping file, which the next run reads.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.readers.analyte_names import bare_unit, ids_of, parts, pieces, qualifiers, unit_in
from casereport.readers.cells import ABSENT, IN_WORDS, NO_VALUE, NotTaken, Value, read_limits, read_range, read_value
from casereport.readers.columns import Choices, Columns, LeftOut, mapped_to, quoted, read_columns
from casereport.readers.grids import Cells, place
from casereport.readers.synonyms import directory, key, near, unit_of

# glucose under `Urinalysis` is not glucose of blood
_ELSEWHERE = re.compile(
    r"urin|c\.?s\.?f\b|cerebrospinal|pleura|ascit|fluid|stool|sputum|lavage|\bbal\b|dialysate|effluent|drain|marrow|"
    # what is measured in venous gas or another's blood is not what the vocabulary calls by that name
    r"venous (?:blood )?gas|gas(?:es)?[ ,(]+venous|\bvbg\b|cord blood|donor",
    re.I,
)
_SURE = 0.85  # a slip of the pen away from a name
# a ratio, an acidity and a score are printed without a unit
_UNITLESS = ("1", "[pH]", "{score}")


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
    words: str = ""  # what is printed in place of a number


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
    left_out: list[LeftOut] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)


class _Table(NamedTuple):
    """What the rows of a table share: its columns, and what their names are looked up in."""

    columns: Columns
    vocabulary: Vocabulary
    known: dict[str, list[str]]
    choices: Choices


@dataclass(frozen=True)
class _Row:
    """What is printed in one row: its name, and how the mapping file calls it; of the name the `base` and the `words`
    that make it another; the `fragments` that may be a unit or a range; the columns `beside` by kind; the values by
    column.
    """

    at: int
    where: str
    printed: str
    called: str
    base: str
    words: list[str]
    fragments: list[str]
    beside: dict[str, str]
    values: dict[int, str]


def read_wide(cells: Cells, name: str, vocabulary: Vocabulary, choices: Choices) -> Account:
    """The account of a table called `name`; raises BadInput where it has no row of days, or dates need telling."""
    account = Account()
    known = directory(vocabulary)
    columns = read_columns(cells, name, known, choices)
    account.columns, account.undated = columns.told, columns.undated
    account.left_out += columns.left_out
    table = _Table(columns, vocabulary, known, choices)
    below, label = columns.top + 1, columns.label
    names = Counter(key(row[label]) for row in cells[below:] if row[label])
    section = ""
    for at, row in enumerate(cells[below:], start=below):
        where, printed = place(at, label), row[label]
        # a name that stands in several rows is told by its cell
        called = where if names[key(printed)] > 1 else quoted(printed)
        if not any(row):
            continue
        if not any(row[i] for i in columns.days):
            section = printed
            account.left_out.append(LeftOut(where, section, "a row without values"))
        elif _ELSEWHERE.search(section) and not mapped_to(choices.mapping, printed, where):
            why = f"under the heading {section!r}: not of blood; the mapping file can say what it is"
            account.left_out.append(LeftOut(where, printed, why))
            account.offers.append(f"{called},,")
        else:
            _read_row(_as_printed(row, at, called, table), table, account)
    return account


def _as_printed(row: list[str], at: int, called: str, table: _Table) -> _Row:
    columns = table.columns
    printed = row[columns.label]
    base, fragments = parts(printed)
    words = qualifiers(fragments, base, table.vocabulary, table.known, table.choices.decimal)
    beside = {kind: row[i] for kind, i in columns.special.items()}
    fragments += [beside[kind] for kind in ("unit", "range") if beside.get(kind)]
    values = {i: row[i] for i in columns.days if row[i]}
    return _Row(at, place(at, columns.label), printed, called, base, words, fragments, beside, values)


def _read_row(row: _Row, table: _Table, account: Account) -> None:
    names = (row.where, row.printed) if row.words else (row.where, row.printed, row.base)
    mapped = next((m for n in names if (m := table.choices.mapping.get(key(n)))), None)
    if mapped and not mapped.analyte:
        account.left_out.append(LeftOut(row.where, row.printed, "left out by the mapping file"))
        return
    ids = [mapped.analyte] if mapped else _ids(row, table)
    if len(ids) != 1:
        _not_known(row, ids, table, account)
        return
    analyte = table.vocabulary.analytes[ids[0]]
    told = mapped.unit if mapped else ""
    unit = told or unit_in(row.fragments, analyte) or (analyte.unit if analyte.unit in _UNITLESS else "")
    limits = _limits(row, table.choices.decimal)
    odd = [] if told else _not_read(row, analyte, limits, table.choices.decimal)
    account.rows.append(_as_read(row, analyte, unit, limits, odd))
    taken = _read_values(row, analyte, unit, limits or ("", ""), table, account)
    if not unit and not taken:
        account.offers += _offered_units(row, analyte, table)


def _ids(row: _Row, table: _Table) -> list[str]:
    """The ids that a row may be of, by its code or else its name; the unit may tell which of several is meant."""
    code = key(row.beside.get("loinc", ""))
    by_code = table.known.get(code) if code else None
    ids = by_code or ids_of(row.printed, row.base, table.known, row.words)
    if len(ids) > 1:  # FEU or DDU
        return [i for i in ids if unit_in(row.fragments, table.vocabulary.analytes[i])] or ids
    return ids


def _limits(row: _Row, decimal: str) -> tuple[str, str] | None:
    """The reference range of a row, from one text or from two columns; None where what is there is no range."""
    printed = (read_range(piece, decimal) for piece in pieces(row.fragments))
    low, high = row.beside.get("low", ""), row.beside.get("high", "")
    return next(filter(None, printed), None) or read_limits(low, high, decimal)


def _not_read(row: _Row, analyte: Analyte, limits: tuple[str, str] | None, decimal: str) -> list[str]:
    """What is printed beside a name and is neither a unit of the analyte nor a range."""
    rest = pieces([f for f in row.fragments if f not in row.words])
    odd = [piece for piece in rest if not unit_of(piece, analyte) and not read_range(piece, decimal)]
    if limits is None:
        odd.append(" to ".join(filter(None, (row.beside.get("low"), row.beside.get("high")))))
    return odd


def _as_read(row: _Row, analyte: Analyte, unit: str, limits: tuple[str, str] | None, odd: list[str]) -> str:
    """A row for the reader of the account: which analyte, which unit, which range, and what of it was not read."""
    low, high = limits or ("", "")
    shown = f"{low or 'any'} to {high or 'any'}" if low or high else "none"
    lacking = f"not understood (it can be {_units(analyte)})" if odd else "not printed"
    note = f"; not read: {', '.join(odd)}" if odd else ""
    return f"{row.where} {row.printed!r}: {analyte.id}, unit {unit or lacking}, range {shown}{note}"


def _read_values(
    row: _Row, analyte: Analyte, unit: str, limits: tuple[str, str], table: _Table, account: Account
) -> list[Taken]:
    """Takes the values of a row into the account, or leaves them out with the reason; returns those taken."""
    taken = []
    for column, text in row.values.items():
        cell = Taken(place(row.at, column), table.columns.days[column], analyte.id, "", unit, "", *limits)
        try:
            value = read_value(text, table.choices.decimal)
            if value is None:
                account.empty += 1
                continue
            taken.append(_taken(value, text, cell, analyte))
        except ValueError as error:  # NotTaken, or what the analyte cannot be
            account.left_out.append(LeftOut(cell.where, text, str(error)))
            continue
        if value.mark:
            account.marks.setdefault(value.mark, []).append(cell.where)
    account.taken += taken
    return taken


def _taken(value: Value, printed: str, cell: Taken, analyte: Analyte) -> Taken:
    """The value of a `cell` of which row and column are known; raises ValueError with the reason where it is none."""
    if not value.text:
        return _in_words(value.interpretation, cell._replace(words=printed), analyte)
    unit = _unit_of_cell(value.behind, cell.unit, analyte)
    analyte.value(value.text)
    litres = value.interpretation == "L" and any(u.startswith("L") for u in (analyte.unit, *analyte.conversions))
    return cell._replace(value=value.text, unit=unit, interpretation="" if litres else value.interpretation)


def _offered_units(row: _Row, analyte: Analyte, table: _Table) -> list[str]:
    """Lines for the mapping file that lacks the unit of a row."""
    # of the same name may be what is measured in the printed unit: neutrophils in % are a share, not a count
    others = [table.vocabulary.analytes[i] for i in near(row.base, table.known) if i != analyte.id]
    fitting = [(other, unit) for other in others if (unit := unit_in(row.fragments, other))]
    return [f"{row.called},{one.id},{unit}" for one, unit in fitting or [(analyte, "")]]


def _in_words(said: str, taken: Taken, analyte: Analyte) -> Taken:
    """A result in words: `WNL`, or `not present` of what is bad only when there is more of it. Raises NotTaken."""
    if said == ABSENT and analyte.improvement != "decrease":
        raise NotTaken(IN_WORDS)
    limits = {} if taken.unit else {"ref_low": "", "ref_high": ""}  # of a unit that is not known
    return taken._replace(interpretation="N" if said == ABSENT else said, **limits)


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


def _not_known(row: _Row, ids: list[str], table: _Table, account: Account) -> None:
    """Leaves a row out that means no analyte of the vocabulary, or several, and offers lines for the mapping file."""
    candidates = _candidates(row, ids, table)
    why = "means more than one: " if ids else "not in the vocabulary; near: "
    names = ", ".join(f"{a.id} in {_units(a)}" for a, _ in candidates) or "nothing"
    values = sum(text.casefold() not in NO_VALUE for text in row.values.values())
    account.left_out.append(
        LeftOut(row.where, row.printed, f"{why}{names} ({values} value{'' if values == 1 else 's'})")
    )
    # what has several meanings may stand in several rows, so it is told by its cell
    name = row.where if ids else row.called
    sure = ids or near(" ".join([row.base, *row.words]), table.known, cutoff=_SURE)
    # a unit that was not read is left to the author: the usual one would make 7200 /uL 7200 times 10*9/L; and what is
    # merely near is named above, not offered: corrected sodium is near corrected calcium
    offered = [f"{name},{a.id},{unit}" for a, unit in candidates if a.id in sure]
    account.offers += (offered if ids else offered[:1]) or ([f"{name},,"] if row.printed else [])


def _candidates(row: _Row, ids: list[str], table: _Table) -> list[tuple[Analyte, str]]:
    """The analytes that a row may be of, those of `ids` or else those whose names are near, with their printed units.

    What is measured in the printed unit comes first: isoenzymes in ng/mL are CK-MB and not CK.
    """
    vocabulary, known, fragments = table.vocabulary, table.known, row.fragments
    named = ids or near(" ".join([row.base, *row.words]), known) or near(row.base, known)
    found = [vocabulary.analytes[i] for i in named]
    if fluid := _ELSEWHERE.search(row.printed):  # no value of blood is offered for another fluid
        found = [a for a in found if fluid[0].lower() in a.label.lower()]
    if not ids and any(unit_in(fragments, a) for a in vocabulary.analytes.values()):
        # a printed unit that is understood rules out what is not measured in it: no cell volume is a haematocrit
        found = [a for a in found if unit_in(fragments, a)]
    with_units = [(a, unit_in(fragments, a) or bare_unit(fragments, a)) for a in found]
    return sorted(with_units, key=lambda pair: not pair[1])


def _units(analyte: Analyte) -> str:
    return " or ".join((analyte.unit, *analyte.conversions))
