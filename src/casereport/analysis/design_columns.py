"""The columns of the tables that say how a case is designed: its phases, and what their sequence can tell apart."""

from casereport.analysis.column_kinds import Column, number, span, text, whole

PHASES: dict[str, Column] = {
    "phase": text("id of the phase"),
    "label": text("its name"),
    "opened_by": text(
        "id of the intervention whose dose opens it; empty: open from the start, or from the day on"
        " which the phase before closes"
    ),
    "opener": text("name of that intervention"),
    "opens": number("day of that dose, or on which the phase before closes, where it is known exactly", "d"),
    **span("opens_", "that day", "d"),
    "closed_by": text("id of the intervention whose course closes it with its end; empty: the next phase ends it"),
    "closes": number("last day of that course, where it is known exactly", "d"),
    **span("closes_", "last day of that course", "d"),
    "lag_days": whole("days after the dose before the phase begins to count", "d"),
    "infusion_day": text("which phase a sample of that day belongs to: before or after"),
    "window_days": whole("days before the dose from which a value is still compared", "d"),
    "last_day": number("last study day that the source covers", "d"),
    "time_unit": text("what a day is in this case: days, hours or sessions"),
    "other_clock": text("how the source counts its days besides, such as `hospital day {}`; empty: it does not"),
    "other_day_0": number("the number of day 0 on that clock", "d"),
}
ESTIMABILITY: dict[str, Column] = {
    "basis": text("active (in its course) or ever given"),
    "effect": text("treatment, or two of them"),
    "kind": text("main or interaction"),
    "estimable": Column("yes/no", "True where its column is no combination of the others"),
    "aliased_with": text("what it cannot be told from"),
    "near": text("what else was started or stopped within three days of its first dose, as far as it is known"),
    "sentence": text("the same in words"),
}
