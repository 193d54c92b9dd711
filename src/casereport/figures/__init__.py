"""The figures of a report: one function a figure, data in; figure, alt text and the data shown out.

What is not a number is not drawn as a point. A censored value is an open triangle at its limit, a range is a bar, a
value known only in words is a hatched box over all that the words allow, and a mere order is an arrow.
"""

from collections.abc import Iterator

from casereport.case import Case
from casereport.catalogue import catalogue
from casereport.figures.change import change
from casereport.figures.comparators import comparators
from casereport.figures.course import course
from casereport.figures.drawing import Figure
from casereport.figures.forest import forest
from casereport.figures.sensitivity import sensitivity
from casereport.figures.timeline import timeline
from casereport.settings import Settings

__all__ = ["Figure", "change", "comparators", "course", "draw_all", "forest", "sensitivity", "timeline"]


_WHOLE_CASE = {
    "timeline": timeline,
    "change": change,
    "forest": forest,
    "sensitivity": sensitivity,
    "comparators": comparators,
}


def draw_all(case: Case, settings: Settings) -> Iterator[Figure]:
    """Every figure of `catalogue()`, in its order."""
    for figure_id in catalogue(case, settings):
        if figure_id in _WHOLE_CASE:
            yield _WHOLE_CASE[figure_id](case, settings)
        else:
            yield course(case, settings, figure_id)
