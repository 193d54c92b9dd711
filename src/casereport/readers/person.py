"""One person of a source that holds many: a warehouse (OMOP) or a trial (SDTM)."""

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from casereport.readers.cells import NotTaken
from casereport.readers.records import Feed
from casereport.readers.study_days import moment
from casereport.readers.wanted import Wanted


class Person(NamedTuple):
    """A person by `id`, the `feeds` of whose records are made for what is wanted; `sex` is male, female or empty.

    `born` is an ISO date or a year, `age` the age as it is recorded, in `age_unit` (years, months, weeks or days); each
    is empty where it is not known.
    """

    id: str
    feeds: Callable[[Wanted], list[Feed]]
    sex: str = ""
    born: str = ""
    age: str = ""
    age_unit: str = "years"

    def age_on(self, zero: dt.date | None) -> int | None:
        """The age on day 0 in whole `age_unit`, by the years alone where only that of birth is known; None for none."""
        if re.fullmatch(r"\d{1,5}(?:\.\d+)?", self.age):
            return int(float(self.age))
        if zero is None or not self.born:
            return None
        if re.fullmatch(r"\d{4}", self.born):
            return max(0, zero.year - int(self.born))
        try:
            born, _ = moment(self.born)
        except NotTaken:
            return None
        return max(0, zero.year - born.year - ((zero.month, zero.day) < (born.month, born.day)))
