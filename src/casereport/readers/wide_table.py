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
from casereport.readers.cells import ABSENT, IN_WORDS, NO_VALUE, NotTaken, read_limits, read_range, read_value
from casereport.readers.columns import Choices, mapped_to, quoted, read_columns
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
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)


def read_wide(cells: Cells, name: str, vocabulary: Vocabulary, choices: Choices) -> Account:
    """The account of a table called `name`; raises BadInput where it has no row of days, or dates need telling."""
    account = Account()
    known = directory(vocabulary)
    columns = read_columns(cells, name, known, choices)
    account.columns, account.undated = columns.told, columns.undated
    account.left_out += columns.left_out
    top, label, days = columns.top, columns.label, columns.days
    names = Counter(key(row[label]) for row in cells[top + 1 :] if row[label])
    section = ""
    for row in range(top + 1, len(cells)):
        # a name that stands in several rows is told by its cell
        called = place(row, label) if names[key(cells[row][label])] > 1 else quoted(cells[row][label])
        if any(cells[row]) and not any(cells[row][i] for i in days):
            section = cells[row][label]
            account.left_out.append((place(row, label), section, "a row without values"))
        elif (
            any(cells[row])
            and _ELSEWHERE.search(section)
            and not mapped_to(choices.mapping, cells[row][label], place(row, label))
        ):
            why = f"under the heading {section!r}: not of blood; the mapping file can say what it is"
            account.left_out.append((place(row, label), cells[row][label], why))
            account.offers.append(f"{called},,")
        elif any(cells[row]):
            _read_row(cells[row], row, label, called, days, columns.special, vocabulary, known, choices, account)
    return account


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
    ends = cell.get("low", ""), cell.get("high", "")
    printed_ranges = (read_range(f, choices.decimal) for f in pieces(fragments))
    limits = next(filter(None, printed_ranges), None) or read_limits(*ends, choices.decimal)
    unread = [] if limits else [" to ".join(filter(None, ends))]
    limits = limits or ("", "")
    rest = [f for f in fragments if f not in words]
    odd = [f for f in pieces(rest) if not unit_of(f, analyte) and not read_range(f, choices.decimal)]
    odd += unread
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
            if not value.text:
                account.taken.append(
                    _in_words(
                        value.interpretation, Taken(spot, days[i], analyte.id, "", unit, "", *limits, text), analyte
                    )
                )
                continue
            fitting = _unit_of_cell(value.behind, unit, analyte)
            analyte.value(value.text)
        except ValueError as error:  # NotTaken, or what the analyte cannot be
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


def _in_words(said: str, taken: Taken, analyte: Analyte) -> Taken:
    """A result in words: `WNL`, or `not present` of what is bad only when there is more of it. Raises NotTaken."""
    if said == ABSENT and analyte.improvement != "decrease":
        raise NotTaken(IN_WORDS)
    limits = {} if taken.unit else {"ref_low": "", "ref_high": ""}  # of a unit that is not known
    return taken._replace(interpretation="N" if said == ABSENT else said, **limits)


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
