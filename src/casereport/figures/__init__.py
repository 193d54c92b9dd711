"""The figures of a report: one function a figure, tidy tables in; figure, alt text and the data shown out.

What is not known is not drawn: a censored value, a range, a statement in words and a mere order have marks of their
own, and a figure that somebody draws with matplotlib or seaborn becomes one of the report by `from_matplotlib`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereport.figures.change_chart import change
    from casereport.figures.course_chart import courses
    from casereport.figures.course_marks import draw_course
    from casereport.figures.drawing import Figure, mark_simulated, save, style, use_style
    from casereport.figures.forest_chart import forest
    from casereport.figures.laboratory import HeatPart
    from casereport.figures.laboratory_sheets import HeatSheet, frame_heat, heat_figures, heat_sheets
    from casereport.figures.matplotlib_figures import drawn_data, from_matplotlib
    from casereport.figures.other_cases_chart import other_cases
    from casereport.figures.overview_chart import overview
    from casereport.figures.palette import BELOW_ABOVE, ON_PALE, phase_colours
    from casereport.figures.phone_copy import narrowed
    from casereport.figures.picture_figures import pictures
    from casereport.figures.sensitivity_chart import sensitivity
    from casereport.figures.svg import inline_svg
    from casereport.figures.timeline_chart import timeline

_HOMES = {
    "BELOW_ABOVE": "palette",
    "Figure": "drawing",
    "HeatPart": "laboratory",
    "ON_PALE": "palette",
    "change": "change_chart",
    "courses": "course_chart",
    "draw_course": "course_marks",
    "drawn_data": "matplotlib_figures",
    "forest": "forest_chart",
    "HeatSheet": "laboratory_sheets",
    "frame_heat": "laboratory_sheets",
    "from_matplotlib": "matplotlib_figures",
    "heat_figures": "laboratory_sheets",
    "heat_sheets": "laboratory_sheets",
    "inline_svg": "svg",
    "mark_simulated": "drawing",
    "narrowed": "phone_copy",
    "other_cases": "other_cases_chart",
    "overview": "overview_chart",
    "phase_colours": "palette",
    "pictures": "picture_figures",
    "save": "drawing",
    "sensitivity": "sensitivity_chart",
    "style": "drawing",
    "timeline": "timeline_chart",
    "use_style": "drawing",
}

__all__ = [
    "BELOW_ABOVE", "ON_PALE", "Figure", "HeatPart", "HeatSheet", "change", "courses", "draw_course", "drawn_data",
    "forest", "frame_heat", "from_matplotlib", "heat_figures", "heat_sheets", "inline_svg", "mark_simulated",
    "narrowed", "other_cases", "overview", "phase_colours", "pictures", "save", "sensitivity", "style", "timeline",
    "use_style",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The public names, each loaded when it is first asked for: matplotlib takes seconds."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
