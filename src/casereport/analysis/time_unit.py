"""In what a case counts its time, for the words that are said of it: days, hours of a fast course, or sessions.

The columns of the tables are called `day` in any case; the table `phases` has the unit. What tells of a case in words
(a sentence, an axis) is wrapped here, so that `day_text()` and its kin say "hour 6" where hours are counted.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from casereport.case.case import Case
from casereport.quantities import wording
from casereport.quantities.wording import DAYS, counted_in

if TYPE_CHECKING:
    import pandas as pd

_Asked = ParamSpec("_Asked")
_Told = TypeVar("_Told")


def unit_of(things: Iterable[object]) -> str:
    """The unit of the first case or table of phases among them; days where there is none."""
    for thing in things:
        if isinstance(thing, Case):
            return thing.meta.time_unit
        if "time_unit" in getattr(thing, "columns", ()):  # a table; to import pandas would take a check of a case long
            table: Any = thing
            return (str(table["time_unit"].iloc[0]) if len(table) else "") or DAYS
    return DAYS


def time_axis(phases: "pd.DataFrame") -> str:
    """The name of an axis of time of a case, from its table `phases`: `study day`, `hour`, `session`."""
    with counted_in(unit_of([phases])):
        return wording.time_axis()


def in_its_time(tell: Callable[_Asked, _Told]) -> Callable[_Asked, _Told]:
    """A function that is given a case or its phases, and that words what it says of time in the unit of that case."""

    @wraps(tell)
    def told(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Told:
        with counted_in(unit_of((*args, *kwargs.values()))):
            return tell(*args, **kwargs)

    return told
