"""Results one by one, as FHIR, HL7 v2, OMOP, SDTM and long lists hold them, and the rows of a case that they make.

Each reader turns its format into `Record`s; `take` alone decides what becomes a row, so that a code, a unit, a date and
a repeated result mean the same whatever they came in. Dates become study days here and go no further.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import MOST_ROWS, Row
from casereport.quantities.intervals import parse
from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.readers.analyte_names import ranges_in
from casereport.readers.cells import NotTaken, Value, without_padding
from casereport.readers.courses import Collected, Course, Finding, Stated
from casereport.readers.ranges import EACH_SEX, of_the_sex, read_limits, read_range, why_no_range
from casereport.readers.record_names import Names
from casereport.readers.record_values import flag_of, plain_number, value_of
from casereport.readers.study_days import check_unit, counted, spanned
from casereport.readers.values import check_point, flag_beside
from casereport.readers.versions import Version, Versions
from casereport.readers.wanted import Wanted

_LONG = 100  # letters of a text in which a run of blanks would take time


class Record(NamedTuple):
    """One result as its source gives it.

    `codes` are LOINC codes; `analytes` ids that a reader knows its code to mean. `when` is an ISO date or time, `until`
    the end of a period, `day` a study day in their place, counted in `day_unit`. `printed` is True for a value that
    people wrote and not a program, `decimal` the mark that others of its analyte show. Of results of one time the
    highest `rank` replaces the others (0 preliminary, 1 final, 2 corrected). `refused` is the reason for which its
    reader leaves it out, `stated` what a document of casereport says besides; of several of a `version` the latest
    counts, wherever it stands.
    """

    name: str = ""
    value: str = ""
    unit: str = ""
    codes: tuple[str, ...] = ()
    analytes: tuple[str, ...] = ()
    specimen: str = ""
    low: str = ""
    high: str = ""
    limits: str = ""  # the reference range as one text
    limits_unit: str = ""
    flag: str = ""
    when: str = ""
    until: str = ""
    day: str = ""
    day_unit: str = "days"
    id: str = ""
    rank: int = 1
    printed: bool = False
    decimal: str = ""
    refused: str = ""
    ucum: bool = False
    stated: Stated | None = None
    version: Version = Version()


class Feed(NamedTuple):
    """The records of a file: what it is, what `source` of each row says, the words of `people` that no row has, and
    what headings are `read_as` before any row: place, printed text and meaning."""

    kind: str
    source: str
    records: Iterable[Record | Course | Finding]
    people: frozenset[str] = frozenset()
    read_as: tuple[tuple[str, str, str], ...] = ()


@dataclass
class Account:
    """What became of the records of a file: the `rows` of observations.csv, the `treatments` of interventions.csv and
    the `events` of events.csv; the observations that are `void`, for a later version replaces or withdraws them; what
    was left out, by what was printed and the reason, with how many there were; `remarks` on what was taken; what
    headings were `read_as`; the `time_unit` of the case."""

    kind: str
    rows: list[Row] = field(default_factory=list)
    treatments: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    void: list[Row] = field(default_factory=list)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    time_unit: str = "days"
    read_as: tuple[tuple[str, str, str], ...] = ()

    @property
    def taken(self) -> dict[str, list[Row]]:
        """The rows by the table of the case that they go into; a table without any is not there."""
        tables = {"observations.csv": self.rows, "interventions.csv": self.treatments, "events.csv": self.events}
        return {table: rows for table, rows in tables.items() if rows}


class _Row(NamedTuple):
    """A row that may still give way to a later version of its record or a later result of the same time."""

    rank: int
    label: str
    row: Row
    id: str
    version: Version


def take(feed: Feed, name: str, vocabulary: Vocabulary, wanted: Wanted) -> Account:
    """The rows that the records of a file make, and an account of the others; holds no more than the rows in memory.

    Raises BadInput where dates are given and day 0 is not known, or for more results than a case has room for.
    """
    account = Account(feed.kind, time_unit=wanted.time_unit, read_as=feed.read_as)
    names = Names(vocabulary, wanted.mapping, feed.people)
    found: list[_Row] = []
    undated: list[str] = []  # the first and the last date of results that only need day 0
    seen: set[str] = set()
    at: dict[str, int] = {}
    versions = Versions()
    others = Collected(names, wanted, undated)
    for record in feed.records:
        versions.see(record.version)
        if not isinstance(record, Record):
            _take_other(record, others, seen, account)
            _check_room(len(found) + len(others), name)
            continue
        if max(len(record.name), len(record.value), len(record.unit), len(record.limits)) > _LONG:
            record = record._replace(
                name=without_padding(record.name), value=without_padding(record.value),
                unit=without_padding(record.unit), limits=without_padding(record.limits),
            )  # fmt: skip
        label = names.label(record.name, record.codes)
        if record.id in at and not record.version.voids:
            same = found[at[record.id]]
            if record.version.place > same.version.place:  # it may have been withdrawn and sent again
                found[at[record.id]] = same._replace(version=record.version)
            account.left_out[label, "the same result again"] += 1
            continue
        try:
            row = _row(record, names, wanted, feed.source, undated, account)
        except ValueError as error:  # NotTaken, or what the analyte cannot be
            account.left_out[label, str(error)] += 1
            continue
        if row is None:
            account.empty += 1
            continue
        if record.id:
            at[record.id] = len(found)
        found.append(_Row(record.rank, label, row, record.id, record.version))
        _check_room(len(found) + len(others), name)
    if undated:
        expected = "the date of day 0, to convert dates to study days: --index YYYY-MM-DD"
        raise BadInput([Problem(name, 0, "", "", f"{expected} (results are of {undated[0]} to {undated[-1]})")])
    account.rows = _settled(_valid(found, versions, account), account)
    for row in account.rows:
        _remark(vocabulary.analytes[row["analyte"]], row["value"], row["unit"], account)
    for label, why in others.drop_void(versions):
        account.left_out[label, why] += 1
    account.treatments, ordered = others.treatments()
    for label in ordered:
        account.left_out[label, "an order of what is recorded as given"] += 1
    account.events = others.events()
    return account


def _check_room(rows: int, name: str) -> None:
    if rows > MOST_ROWS:
        expected = f"at most {MOST_ROWS} results of one patient; take fewer days by --from and --to"
        raise BadInput([Problem(name, 0, "", "", expected)])


def _take_other(found: Course | Finding, others: Collected, seen: set[str], account: Account) -> None:
    """Takes a treatment or an event into the account, or leaves it out with the reason."""
    try:
        if found.id in seen and not found.version.voids:
            raise NotTaken("the same record again")
        others.add(found)
        if found.id:
            seen.add(found.id)
    except NotTaken as error:
        account.left_out[others.label(found), str(error)] += 1


def _row(
    record: Record, names: Names, wanted: Wanted, source: str, undated: list[str], account: Account
) -> Row | None:  # fmt: skip
    """The row of one result, None where it has no value; raises ValueError with the reason where it is not taken."""
    record = _with_unit_of_range(record, wanted)
    if record.refused:
        raise NotTaken(record.refused)
    if record.stated and not names.impersonal(record.stated.source, record.stated.note):
        raise NotTaken("the text beside it in the document may identify the patient")
    if record.stated:  # in the grammar of a case already, with its digits
        value = Value(record.value) if record.value else None
    else:
        value = value_of(record.value, record.printed, record.decimal or wanted.decimal)
    if value is None and record.stated and flag_of(record.flag):
        return _in_words(record, names, wanted, account)
    if value is None:
        return None
    candidates, note = names.analytes(record.name, record.codes, record.analytes, record.specimen)
    analyte, unit = names.unit(candidates, record.unit or value.behind, record.ucum, record.name, record.codes)
    if record.unit and value.behind and names.unit([analyte], value.behind, record.ucum, "", ())[1] != unit:
        raise NotTaken("the unit after the number differs from the unit beside it")
    # codes of HL7; in a list that people wrote they may stand for low and high
    if not record.printed and record.flag in ("<", ">") and not value.text.startswith(record.flag):
        raise NotTaken("beyond the measuring range of the instrument, by its flag: the number is a limit, not a value")
    known = analyte.value(value.text)
    if value.point and known:
        check_point(value.text, known, unit, analyte)
    flag = flag_beside(record.value, value, unit, analyte)
    day, time = _day(record, wanted, undated)
    low, high = _limits(record, analyte, unit, names, wanted, account)
    code = next((c for c in record.codes if c in names.by_code), analyte.id)
    when = f"{wanted.time_unit.removesuffix('s')} {day}" + (f" at {time}" if time else "")
    row = {
        "day": day, "analyte": analyte.id, "value": value.text, "unit": unit,
        "interpretation": flag_of(record.flag) or flag, "ref_low": low, "ref_high": high,
        "evidence": "measured", "source": f"{wanted.source or source}, {code}, {when}", "note": note,
    }  # fmt: skip
    return row | record.stated._asdict() if record.stated else row


def _with_unit_of_range(record: Record, wanted: Wanted) -> Record:
    """The record with the unit that stands behind its range apart, and as its own where it has no other."""
    own = of_the_sex(record.limits, wanted.sex)
    if record.limits_unit or not own:
        return record
    found = ranges_in([own], record.decimal or wanted.decimal)
    unit = found[0][1] if len(found) == 1 else ""
    if not unit:
        return record
    return record._replace(limits=own[: own.rindex(unit)].rstrip(" ("), limits_unit=unit, unit=record.unit or unit)


def _in_words(record: Record, names: Names, wanted: Wanted, account: Account) -> Row:
    """The row of a case that has been written out: no number, and what is said of it."""
    assert record.stated is not None
    candidates, _ = names.analytes(record.name, record.codes, record.analytes, record.specimen)
    if len(candidates) > 1:
        raise NotTaken(f"may be of several analytes: {', '.join(a.id for a in candidates)}")
    analyte, unit = candidates[0], ""
    if record.unit:
        analyte, unit = names.unit(candidates, record.unit, record.ucum, record.name, record.codes)
    low, high = _limits(record, analyte, unit, names, wanted, account)
    return {
        "day": _day(record, wanted, [])[0], "analyte": analyte.id, "value": "", "unit": unit,
        "interpretation": flag_of(record.flag), "ref_low": low, "ref_high": high, **record.stated._asdict(),
    }  # fmt: skip


def _day(record: Record, wanted: Wanted, undated: list[str]) -> tuple[str, str]:
    """The study day of a result, or the range of a period, and the time of day; raises NotTaken with the reason."""
    if record.day:
        check_unit(record.day_unit, wanted)
        day, time = record.day, ""
    else:
        start, time = counted(record.when, wanted, undated)
        end, _ = counted(record.until, wanted, undated) if record.until else (start, "")
        first, last = parse(start), parse(end)
        if first and last and last.high < first.low:
            raise NotTaken("a period that ends before it begins")
        day = spanned(start, end)
        time = time if day == start else ""
    known = parse(day)
    before = wanted.first is not None and known is not None and known.low < wanted.first
    if before or (wanted.last is not None and known is not None and known.high > wanted.last):
        raise NotTaken("outside the study days requested")
    return day, time


def _limits(
    record: Record, analyte: Analyte, unit: str, names: Names, wanted: Wanted, account: Account
) -> tuple[str, str]:  # fmt: skip
    """The reference range of a result in its unit; none, with a remark, where it is in another or is no range."""
    if not (record.low or record.high or record.limits):
        return "", ""
    if record.limits_unit:
        try:
            same = names.unit([analyte], record.limits_unit, record.ucum, "", ())[1] == unit
        except NotTaken:
            same = False
        if not same:
            account.remarks[f"{analyte.id}: a reference range in another unit than its value, not imported"] += 1
            return "", ""
    # what a program wrote has a decimal point
    decimal = record.decimal or wanted.decimal or ("" if record.printed else "point")
    if record.stated:
        limits = read_limits(record.low, record.high, "point")
    elif (own := of_the_sex(record.limits, wanted.sex)) is None:
        account.remarks[f"{analyte.id}: {EACH_SEX}; not imported"] += 1
        return "", ""
    elif own:
        limits = read_range(own, decimal)
    else:
        limits = read_limits(plain_number(record.low), plain_number(record.high), decimal)
    if limits is None:
        why = why_no_range(record.limits or f"{record.low} {record.high}")
        account.remarks[f"{analyte.id}: {why}; not imported"] += 1
    return limits or ("", "")


def _remark(analyte: Analyte, value: str, unit: str, account: Account) -> None:
    """Remarks on a value outside of what is plausible, which only its reader can judge."""
    known = analyte.value(value)
    if known is None or not known.is_exact:
        return
    x = (known.rescaled(*analyte.conversions[unit]) if unit in analyte.conversions else known).low
    low, high = analyte.plausible_low, analyte.plausible_high
    if (low is not None and x < low) or (high is not None and x > high):
        account.remarks[f"{analyte.id}: outside plausible limits, imported nonetheless; check the source"] += 1


def _valid(found: list[_Row], versions: Versions, account: Account) -> list[_Row]:
    """The rows without those of which a later version of their record was found; each of those has its reason."""
    kept = [one for one in found if not versions.why_void(one.version)]
    rows = {one.id: one.row for one in kept if one.id}
    valid = {tuple(one.row.values()) for one in kept}
    for one in found:
        if why := versions.why_void(one.version):
            again = rows.get(one.id) == one.row
            account.left_out[one.label, "the same result again" if again else why] += 1
            if tuple(one.row.values()) not in valid:
                account.void.append(one.row)
    return kept


def _settled(found: list[_Row], account: Account) -> list[Row]:
    """The rows without those that a later result of the same time replaces; several of one time are numbered."""
    by_source: dict[tuple[str, ...], list[_Row]] = {}
    for one in found:  # a source that a document states may be that of many rows
        by_source.setdefault(tuple(one.row[c] for c in ("source", "analyte", "day")), []).append(one)
    rows: list[Row] = []
    for (source, *_), same in by_source.items():
        highest = max(one.rank for one in same)
        for one in same:
            if one.rank < highest:
                account.left_out[one.label, "replaced by a later result of the same sample"] += 1
        # by their values, so that another export in another order makes the same rows
        kept = sorted((one.row for one in same if one.rank == highest), key=lambda row: (row["value"], row["unit"]))
        if len({row["value"] for row in kept}) < len(kept):
            said = f"{kept[0]['analyte']}: the same value twice at one time, both imported"
            account.remarks[f"{said}; remove one if it is the same result"] += 1
        for n, row in enumerate(kept, start=1):
            rows.append(row if n == 1 else row | {"source": f"{source} ({n})"})
    return rows
