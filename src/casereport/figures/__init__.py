"""The figures of a report: one function a figure, data in; figure, alt text and the data shown out.

What is not a number is not drawn as a point. A censored value is an open triangle at its limit, a range is a bar, a
value known only in words is a hatched box over all that the words allow, and a mere order is an arrow.
"""

from collections.abc import Iterator

from casereport.analysis.figure_list import catalogue
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.figures.change import change
from casereport.figures.course import course
from casereport.figures.drawing import Figure
from casereport.figures.forest import forest
from casereport.figures.other_cases_chart import comparators
from casereport.figures.sensitivity_chart import sensitivity
from casereport.figures.timeline import timeline

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
