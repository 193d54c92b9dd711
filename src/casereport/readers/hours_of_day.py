"""The time of day of the columns of a table: two samples of one day, and a night that goes on past midnight."""

import itertools
from collections.abc import Mapping

from casereport.readers.grids import Sheet
from casereport.readers.headings import as_day


def past_midnight(hours: Mapping[int, float], days: Mapping[int, str], sheet: Sheet, top: int) -> list[int]:
    """The columns under one merged date whose times go back, where those of the table do not all: 22:00, then 02:00."""
    timed = [i for i in sorted(hours) if i in days and ".." not in days[i]]
    moments = [(float(days[i]), hours[i]) for i in timed]
    if moments == sorted(moments, reverse=True):
        return []  # the newest comes first
    past: list[int] = []
    for before, i in itertools.pairwise(timed):
        area = sheet.area(top, i)
        if area and area == sheet.area(top, before) and (hours[i] < hours[before] or before in past):
            past.append(i)
    return past


def spread(hours: Mapping[int, float], days: dict[int, str], notes: dict[int, str], of_case: str) -> None:
    """Adds the time of day to the study days of a table that has several samples of a day."""
    if of_case == "sessions":
        return
    timed = [day for i, day in days.items() if i in hours and ".." not in day]
    if of_case == "days" and len(set(timed)) == len(timed):
        notes |= {
            i: "; ".join(filter(None, (notes.get(i, ""), f"{int(hour)}:{round(hour % 1 * 60):02d}")))
            for i, hour in hours.items()
            if i in days
        }
        return
    for i, hour in hours.items():
        if i in days and ".." not in days[i]:
            day = float(days[i]) + hour / (24 if of_case == "days" else 1)
            days[i] = as_day(day, day, 1)
