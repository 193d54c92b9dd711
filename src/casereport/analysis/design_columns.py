"""The columns of the tables that say how a case is designed: its phases, and what their sequence can tell apart."""

from casereport.analysis.column_kinds import Column
from casereport.analysis.column_kinds import number as _number
from casereport.analysis.column_kinds import span as _span
from casereport.analysis.column_kinds import text as _text
from casereport.analysis.column_kinds import whole as _whole

PHASES: dict[str, Column] = {
    "phase": _text("id of the phase"),
    "label": _text("its name"),
    "opened_by": _text(
        "id of the intervention whose dose opens it; empty: open from the start, or from the day on"
        " which the phase before closes"
    ),
    "opener": _text("name of that intervention"),
    "opens": _number("day of that dose, or on which the phase before closes, where it is known exactly", "d"),
    **_span("opens_", "that day", "d"),
    "closed_by": _text("id of the intervention whose course closes it with its end; empty: the next phase ends it"),
    "closes": _number("last day of that course, where it is known exactly", "d"),
    **_span("closes_", "last day of that course", "d"),
    "lag_days": _whole("days after the dose before the phase begins to count", "d"),
    "infusion_day": _text("which phase a sample of that day belongs to: before or after"),
    "window_days": _whole("days before the dose from which a value is still compared", "d"),
    "last_day": _number("last study day that the source covers", "d"),
    "time_unit": _text("what a day is in this case: days, hours or sessions"),
    "other_clock": _text("how the source counts its days besides, such as `hospital day {}`; empty: it does not"),
    "other_day_0": _number("the number of day 0 on that clock", "d"),
}
ESTIMABILITY: dict[str, Column] = {
    "basis": _text("active (in its course) or ever given"),
    "effect": _text("treatment, or two of them"),
    "kind": _text("main or interaction"),
    "estimable": Column("yes/no", "True where its column is no combination of the others"),
    "aliased_with": _text("what it cannot be told from"),
    "near": _text("what else was started or stopped within three days of its first dose, as far as it is known"),
    "sentence": _text("the same in words"),
}
