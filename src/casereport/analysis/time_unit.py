"""In what a case counts its time, for the words that are said of it: days, hours of a fast course, or sessions.

The columns of the tables are called `day` in any case; the table `phases` has the unit. What tells of a case in words
(a sentence, an axis) is wrapped here, so that `day_text()` and its kin say "hour 6" where hours are counted.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from casereport.case.case import Case
from casereport.case.description import OtherClock
from casereport.quantities import wording
from casereport.quantities.wording import DAYS, Clock, counted_in

if TYPE_CHECKING:
    import pandas as pd

_Asked = ParamSpec("_Asked")
_Told = TypeVar("_Told")


def time_of(*things: object) -> tuple[str, Clock | None]:
    """For `counted_in()`, of the first case or table of phases among these: its unit, and the clock of its source."""
    for thing in things:
        if isinstance(thing, Case):
            own = thing.meta.other_clock
            return thing.meta.time_unit, own.told if own else None
        if "time_unit" in getattr(thing, "columns", ()):  # a table; to import pandas would take a check of a case long
            table: Any = thing
            row = table.iloc[0] if len(table) else {}
            words = row.get("other_clock", "")
            clock = OtherClock(words=words, day_0=int(row["other_day_0"])).told if words else None
            return row.get("time_unit") or DAYS, clock
    return DAYS, None


def time_axis(phases: "pd.DataFrame") -> str:
    """The name of an axis of time of a case, from its table `phases`: `study day`, `hour`, `session`."""
    with counted_in(*time_of(phases)):
        return wording.time_axis()


def in_its_time(tell: Callable[_Asked, _Told]) -> Callable[_Asked, _Told]:
    """A function that is given a case or its phases, and that words what it says of time in the unit of that case."""

    @wraps(tell)
    def told(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Told:
        with counted_in(*time_of(*args, *kwargs.values())):
            return tell(*args, **kwargs)

    return told
