"""One row of a wide table as it is printed: its name, what that says of unit and range, and what it is of."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.readers.analyte_names import (
    bare_unit,
    ids_of,
    of_cells,
    parts,
    pieces,
    qualifiers,
    ranges_in,
    unit_in,
    units_in,
)
from casereport.readers.asking import mapped_to, quoted
from casereport.readers.columns import Choices, Columns, Mapped
from casereport.readers.grids import Sheet
from casereport.readers.ranges import EACH_SEX, NO_REFERENCE, of_the_sex, read_limits, read_range, why_no_range
from casereport.readers.specimens import elsewhere
from casereport.readers.synonyms import ONE, key, near, unit_of

_SURE = 0.85  # a slip of the pen away from a name
# a ratio, an acidity and a score are printed without a unit
_UNITLESS = ("1", "[pH]", "{score}", "{titer}", "{grade}")
_PRESSURE = re.compile(
    r"(?:arterial |systemic |non-?invasive |systolic/diastolic )*(?:blood pressure|n?i?bp|abp)", re.I
)


class Table(NamedTuple):
    """What the rows of a table share: its cells and columns, and what their names are looked up in."""

    sheet: Sheet
    columns: Columns
    vocabulary: Vocabulary
    known: dict[str, list[str]]
    choices: Choices
    names: Counter[str]


@dataclass(frozen=True)
class Row:
    """What is printed in one row: its name, and how the mapping file calls it; of the name the `base` and the `words`
    that make it another; the `fragments` of the name and of the column of units; the texts of its `ranges`, and those
    of them that are `no_ranges` with the reason; the columns `beside` by kind; the values by column.
    """

    at: int
    where: str
    printed: str
    called: str
    base: str
    words: list[str]
    fragments: list[str]
    ranges: list[str]
    no_ranges: list[tuple[str, str]]
    beside: dict[str, str]
    values: dict[int, str]


def as_printed(at: int, table: Table) -> Row:
    """The row `at` of the table."""
    columns, row = table.columns, table.sheet.rows[at]
    where, printed = table.sheet.place(at, columns.label), row[columns.label]
    base, fragments = parts(printed)
    own = [f for f in fragments if not (NO_REFERENCE.search(f) and re.search(r"\d", f))]
    no_ranges = [(f, "a target or a scale, not a reference range") for f in fragments if f not in own]
    fragments, ranges = _of_the_sex(own, table.choices.sex, no_ranges)
    words = qualifiers(fragments, base, table.vocabulary, table.known, table.choices.decimal)
    shown = [table.sheet.shown(at, i, table.choices.decimal) for i in range(len(row))]
    beside = {kind: shown[i] for kind, i in columns.special.items()}
    fragments += [beside["unit"]] if beside.get("unit") else []
    if of_sex := [kind for kind in ("male", "female") if beside.get(kind)]:
        if table.choices.sex in of_sex:
            ranges.append(beside[table.choices.sex])
        else:
            no_ranges.append((" ".join(beside[kind] for kind in of_sex), EACH_SEX))
    if beside.get("range"):
        whole, chosen = _of_the_sex([beside["range"]], table.choices.sex, no_ranges)
        ranges += [*whole, *chosen]
    values = {i: shown[i] for i in columns.days if row[i]}
    # a name that stands in several rows is told by its cell
    called = where if table.names[key(printed)] > 1 else quoted(printed)
    return Row(at, where, printed, called, base, words, fragments, ranges, no_ranges, beside, values)


def _of_the_sex(texts: list[str], sex: str, no_ranges: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The texts without those that have a range for each sex, and of those the ranges of the patient's."""
    whole: list[str] = []
    chosen: list[str] = []
    for text in texts:
        own = of_the_sex(text, sex)
        if own is None:
            no_ranges.append((text, EACH_SEX))
        else:
            (whole if own == text else chosen).append(own)
    return whole, chosen


def mapping_of(row: Row, table: Table) -> Mapped | None:
    """The line of the mapping file for a row, by its cell or its name."""
    names = (row.printed,) if row.words else (row.printed, row.base)
    return next((m for n in names if (m := mapped_to(table.choices.mapping, n, row.where))), None)


def ids_of_row(row: Row, table: Table) -> list[str]:
    """The ids that a row may be of, by its code or else its name; the unit may tell which of several is meant."""
    code = key(row.beside.get("loinc", ""))
    by_code = table.known.get(code) if code else None
    ids = by_code or ids_of(row.printed, row.base, table.known, row.words)
    short = of_cells(row.printed, table.known.get(key(row.base), []))
    if not by_code and not row.words and ids != short and _in_its_unit(row, short, table):
        ids = ids if _in_its_unit(row, ids, table) else short  # T (°C) is no TC
    if len(ids) > 1:  # FEU or DDU
        return [i for i in ids if unit_in(_of_unit(row), table.vocabulary.analytes[i])] or ids
    return ids


def _in_its_unit(row: Row, ids: list[str], table: Table) -> bool:
    return len(ids) == 1 and bool(unit_in(row.fragments, table.vocabulary.analytes[ids[0]]))


def pair_of(row: Row, table: Table) -> list[str]:
    """The ids of a row that has several analytes in one name, in their order: AST/ALT, Na/K/Cl, blood pressure."""
    if row.words:
        return []
    if _PRESSURE.fullmatch(row.base.strip()):
        return [i for i in ("systolic_pressure", "diastolic_pressure") if i in table.vocabulary.analytes]
    found = []
    for name in row.base.split("/"):
        ids = ids_of(name, re.sub(r"(?<=[A-Za-z])[+-]+$", "", name.strip()), table.known)
        if len(ids) > 1:
            ids = [i for i in ids if unit_in(_of_unit(row), table.vocabulary.analytes[i])]
        if len(ids) != 1:
            return []
        found += ids
    return found if len(found) > 1 else []


def has_unit(printed: str, table: Table) -> bool:
    """True for a name that prints a unit: then it is of something measured, and no heading over others."""
    inside = [piece for piece in pieces(parts(printed)[1]) if re.search(r"[/%^]", piece) or len(piece) < 5]
    return any(unit_of(piece, a) for piece in inside for a in table.vocabulary.analytes.values())


def _of_unit(row: Row) -> list[str]:
    """The texts of a row that say its unit: its name and column of units, or, where these say none, its range."""
    return [*row.fragments, *row.ranges]


def units_of_row(row: Row, analyte: Analyte) -> list[str]:
    """The units that a row prints of an analyte, the first of them that of its values."""
    if analyte.unit in _UNITLESS and not analyte.conversions:
        return [analyte.unit]
    found = units_in(row.fragments, analyte)
    if not found and not _unread_unit(row.fragments, analyte):
        found = units_in(row.ranges, analyte)
    return found or ([analyte.unit] if analyte.unit in _UNITLESS else [])


def contradicted(row: Row, told: str, analyte: Analyte, table: Table) -> str:
    """The printed unit that is another than the one that the mapping file tells; empty where none is.

    One that the vocabulary has of nothing at all contradicts nothing: what it means is what the mapping file is for.
    """
    if analyte.unit in _UNITLESS:
        return ""
    printed = [piece for piece in pieces(row.fragments) if not read_range(piece)]
    own = {piece: unit for piece in printed if (unit := unit_of(piece, analyte) or bare_unit([piece], analyte))}
    if any(analyte.conversions.get(unit, ONE) == analyte.conversions.get(told, ONE) for unit in own.values()):
        return ""
    if other := of_another_quantity(row, analyte):
        return other
    if any(told.startswith(f"{piece}/") for piece in printed):  # mL/min is short for mL/min/{1.73_m2}
        return ""
    analytes = table.vocabulary.analytes.values()
    return next((piece for piece in printed if piece in own or any(unit_of(piece, a) for a in analytes)), "")


# what a printed unit is divided by: milligrams a day are no milligrams a litre
_PER = {
    "time": re.compile(r"/\s*(?:24\s*-?\s*)?(?:h|hrs?|hours?|d|days?|min|minutes?)\b", re.I),
    "volume": re.compile(r"/\s*(?:\d+\s*)?(?:[dmµμun]?l|mcl|mm3|mm\^3|cu\.? ?mm|cumm)\b", re.I),
    "mass": re.compile(r"/\s*(?:[kmµμu]?g)\b", re.I),
    "amount": re.compile(r"/\s*(?:[mµμu]?mol)\b", re.I),
}


def _divided_by(unit: str) -> set[str]:
    return {what for what, form in _PER.items() if form.search(unit)}


def of_another_quantity(row: Row, analyte: Analyte) -> str:
    """The printed unit of a row that is divided by what no unit of the analyte is; empty for none."""
    own = set().union(*map(_divided_by, (analyte.unit, *analyte.conversions)))
    printed = [piece for piece in pieces(row.fragments) if not read_range(piece) and not unit_of(piece, analyte)]
    return next((piece for piece in printed if own and (of := _divided_by(piece)) and not of & own), "")


def _unread_unit(fragments: list[str], analyte: Analyte) -> bool:
    """True where something that looks like a unit is printed and is none of the analyte."""
    return any(re.search(r"[/%]", p) and not unit_of(p, analyte) and not read_range(p) for p in pieces(fragments))


def limits_of(row: Row, analyte: Analyte, unit: str, table: Table) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """The reference range of a row, empty where there is none, and the texts that are no range with the reason."""
    decimal = table.choices.decimal
    low, high = row.beside.get("low", ""), row.beside.get("high", "")
    printed = [f for f in row.fragments if f not in row.words]
    found = ranges_in([*printed, *row.ranges], decimal)
    left_out = list(row.no_ranges)
    left_out += [(t, why_no_range(t)) for t in row.ranges if _says_something(t) and not ranges_in([t], decimal)]
    if low or high:
        if (limits := read_limits(low, high, decimal)) is None:
            left_out.append((" to ".join(filter(None, (low, high))), why_no_range(f"{low} {high}")))
        elif any(limits):
            found.append((limits, ""))
    if not found:
        return ("", ""), left_out
    text = "; ".join(f"{a or 'any'} to {b or 'any'}" + (f" {u}" if u else "") for (a, b), u in found)
    if analyte.unit.startswith("{score") or analyte.scale_low is not None or analyte.group == "Scores":
        return ("", ""), [*left_out, (text, "the ends of a scale, not a reference range")]
    if len({limits for limits, _ in found}) > 1:
        return ("", ""), [*left_out, (text, "several ranges; which one applies to the patient is not stated")]
    limits, behind = found[0]
    if behind and unit and _another(behind, unit, analyte):
        why = f"a range in {behind!r} beside values in {unit}"
        return ("", ""), [*left_out, (text, why)]
    return limits, left_out


def _says_something(text: str) -> bool:
    return bool(re.search(r"\d", text))


def _another(behind: str, unit: str, analyte: Analyte) -> bool:
    """True where the unit behind a range is not that of the values."""
    printed = unit_of(behind, analyte)
    if printed is None:  # a word, such as `fasting`, is no unit
        return bool(re.search(r"[/%^]|mol|\b[munpµ]?g\b", behind))
    return analyte.conversions.get(printed, ONE) != analyte.conversions.get(unit, ONE)


def not_read(row: Row, analyte: Analyte, decimal: str) -> list[str]:
    """What is printed behind a name or in the column of units and is neither a unit of the analyte nor a range."""
    rest = pieces([f for f in [*row.fragments, *row.ranges] if f not in row.words])
    return [piece for piece in rest if not unit_of(piece, analyte) and not read_range(piece, decimal)]


def offered_units(row: Row, analyte: Analyte, table: Table) -> list[str]:
    """Lines for the mapping file that lacks the unit of a row."""
    # of the same name may be what is measured in the printed unit: neutrophils in % are a share, not a count
    others = [table.vocabulary.analytes[i] for i in near(row.base, table.known) if i != analyte.id]
    # but no ionised calcium is offered for calcium in meq/L, and no measured filtration for an estimated one
    alike = [
        other for other in others
        if elsewhere(other.label) == elsewhere(analyte.label)
        and (other.label == analyte.label or re.search(r"\b(?:share|mass|activity|units)\b", other.label))
    ]  # fmt: skip
    fitting = [(other, unit) for other in alike if (unit := unit_in(row.fragments, other))]
    return [f"{row.called},{one.id},{unit}" for one, unit in fitting or [(analyte, "")]]


def candidates(row: Row, ids: list[str], table: Table) -> list[tuple[Analyte, str]]:
    """The analytes that a row may be of, those of `ids` or else those whose names are near, with their printed units.

    What is measured in the printed unit comes first: isoenzymes in ng/mL are CK-MB and not CK. None is of another
    specimen or has not the unit that is printed.
    """
    vocabulary, known, fragments = table.vocabulary, table.known, _of_unit(row)
    named = ids or near(" ".join([row.base, *row.words]), known) or near(row.base, known)
    named = of_cells(row.printed, named)
    found = [vocabulary.analytes[i] for i in named]
    fluid = elsewhere(row.printed)
    if not ids:
        # no value of blood is offered for another fluid, nor one of another fluid for blood
        found = [a for a in found if (fluid in a.label.lower() if fluid else not elsewhere(a.label))]
        if "/" in row.base:  # a ratio is none of its parts
            found = [a for a in found if "/" in a.label or "ratio" in a.label.lower()]
        if any(unit_in(fragments, a) for a in vocabulary.analytes.values()) or _like_units(row.fragments):
            # a printed unit rules out what is not measured in it: no cell volume is a haematocrit
            found = [a for a in found if unit_in(fragments, a) or bare_unit(fragments, a)]
    with_units = [(a, unit_in(fragments, a) or bare_unit(fragments, a)) for a in found]
    return sorted(with_units, key=lambda pair: not pair[1])


def _like_units(fragments: list[str]) -> bool:
    return any(re.search(r"[A-Za-z%]\s*/\s*[A-Za-z]", piece) for piece in pieces(fragments))


def offers(row: Row, ids: list[str], found: list[tuple[Analyte, str]], table: Table) -> list[str]:
    """Lines for the mapping file, for a row that means no analyte of the vocabulary or several."""
    # what has several meanings may stand in several rows, so it is told by its cell
    name = row.where if ids else row.called
    sure = ids or near(" ".join([row.base, *row.words]), table.known, cutoff=_SURE)
    # a unit that was not read is left to the author: the usual one would make 7200 /uL 7200 times 10*9/L; and what is
    # merely near is named above, not offered: corrected sodium is near corrected calcium
    offered = [f"{name},{a.id},{unit}" for a, unit in found if a.id in sure]
    return (offered if ids else offered[:1]) or ([f"{name},,"] if row.printed else [])
