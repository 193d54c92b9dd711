"""CDISC SDTM: treatments (EX, CM), adverse events (AE), disposition (DS) and the death in demographics (DM)."""

from collections.abc import Iterable, Iterator

from casereport.readers.cells import NotTaken
from casereport.readers.courses import GIVEN, TAKEN, Course, Finding
from casereport.readers.record_values import number_of
from casereport.readers.study_days import Dated, moment
from casereport.readers.wanted import Wanted

# a column that each of these domains has
COURSES = {"EX": "EXTRT", "CM": "CMTRT", "AE": "AETERM", "DS": "DSTERM", "DM": "RFSTDTC"}
_ENDED = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")

_Row = dict[str, str]


def dated(date: str, day: str, wanted: Wanted) -> tuple[str, str]:
    """The date of a row where that is what is known or was asked for, else its study day; raises NotTaken.

    SDTM's day 1 is day 0 here, and the day before it is -1 in both.
    """
    if date and (wanted.zero is not None or not day):
        return date, ""
    if not day:
        return "", ""
    number = float(number_of(day))
    if number == 0:
        raise NotTaken("study day 0, which SDTM does not have")
    return "", f"{number - 1 if number > 0 else number:.10g}"


def of_domain(rows: Iterable[_Row], domain: str, wanted: Wanted) -> Iterator[Course | Finding]:
    """The treatments or events of the rows of one subject in a domain of `COURSES`."""
    for row in rows:
        own = {name.removeprefix(domain): cell for name, cell in row.items()}
        if domain == "DM":
            yield _death(row, wanted)
        elif domain in ("EX", "CM"):
            yield _course(own, domain, wanted)
        else:
            yield _finding(own, domain, wanted)


def _period(row: _Row, wanted: Wanted) -> Dated:
    """The days of a row; raises NotTaken."""
    when, day = dated(row.get("STDTC", ""), row.get("STDY", ""), wanted)
    until, until_day = dated(row.get("ENDTC", ""), row.get("ENDY", ""), wanted)
    return Dated(when, until, day, until_day, part=bool(until or until_day))


def _course(row: _Row, domain: str, wanted: Wanted) -> Course:
    names = tuple(filter(None, (row.get("DECOD", ""), row.get("TRT", ""))))
    note = "The day of its start is not recorded." if len(row.get("STDTC", "")) in (4, 7) else ""
    course = Course(
        f"SDTM {domain}", names, dose=row.get("DOSE", ""), dose_unit=row.get("DOSU", ""),
        route=row.get("ROUTE", "").lower(), rank=GIVEN if domain == "EX" else TAKEN, id=row.get("SEQ", ""),
    )  # fmt: skip
    if row.get("OCCUR", "").upper() == "N" or row.get("STAT", "").upper() == "NOT DONE":
        return course._replace(refused="not given, as its row says")
    try:
        period = _period(row, wanted)
    except NotTaken as error:
        return course._replace(refused=str(error))
    return course._replace(dated=period, note=note if not (period.day or row.get("STDY")) else "")


def _finding(row: _Row, domain: str, wanted: Wanted) -> Finding:
    name = row.get("DECOD", "") or row.get("TERM", "")
    found = Finding(f"SDTM {domain}", "adverse_event" if domain == "AE" else "outcome", name, id=row.get("SEQ", ""))
    if row.get("CAT", "").upper() == "PROTOCOL MILESTONE":
        return found._replace(refused="a milestone of the protocol, not of the patient's course")
    if row.get("OCCUR", "").upper() == "N":
        return found._replace(refused="did not occur, as its row says")
    if domain == "DS" and row.get("SCAT"):
        found = found._replace(name=f"{name.capitalize()} ({row['SCAT'].lower()})")
    if domain == "DS":
        found = found._replace(interpretation="")
    try:
        period = _period(row, wanted)
    except NotTaken as error:
        return found._replace(refused=str(error))
    severity, serious = row.get("SEV", "").lower(), row.get("SER", "").upper() == "Y"
    said = ", ".join(filter(None, (severity, "serious" if serious else "")))
    ended = row.get("OUT", "").upper() in _ENDED
    return found._replace(dated=period, resolved=ended, note=f"{said.capitalize()}." if said else "")


def tells_of_death(row: _Row) -> bool:
    """True where a row of demographics tells of a death."""
    return bool(row.get("DTHDTC")) or row.get("DTHFL", "").upper() == "Y"


def _death(row: _Row, wanted: Wanted) -> Finding:
    """The death of a subject, on its date, or where no day 0 was asked for on its day after the reference date."""
    found = Finding("SDTM DM", "outcome", "Death", interpretation="", id="death")
    if not tells_of_death(row):
        return found._replace(name="Demographics", refused="no death; sex and age belong in case.yaml")
    try:
        died, _ = moment(row.get("DTHDTC", ""))
        if wanted.zero is not None:
            return found._replace(dated=Dated(row["DTHDTC"]))
        start, _ = moment(row.get("RFSTDTC", ""))
    except NotTaken as error:
        return found._replace(refused=str(error))
    return found._replace(dated=Dated(row["DTHDTC"], day=str((died - start).days)))
