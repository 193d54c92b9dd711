"""What a reader has to know of the phases of a case: days that belong to none, phases that outlast their treatment, and
phases whose first day the source does not state.

A value between two phases is compared with nothing; a value counted in a phase after its treatment has ended makes the
two phases look more alike than they are; a day that was read between the lines looks like one that was stated. None of
it shows in a table of phases, so all are said.
"""

import pandas as pd

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import gathered, measured, phase_windows, whole_course
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import Window, of_no_phase
from casereport.quantities.intervals import number
from casereport.quantities.wording import counted, day_text, listed, on_day, signed, time_unit, uncapital

_WORDS = {"inferred": "inferred", "secondary": "from a secondary source"}


@in_its_time
def phase_notes(phases: pd.DataFrame, observations: pd.DataFrame, interventions: pd.DataFrame) -> list[str]:
    """Sentences on the phases: what belongs to none, what lies in one beside the courses that open it, days not stated.

    Takes the tables of these names. Empty where every value is in a phase that goes on until the next, and the source
    states the days on which they begin.
    """
    windows, table = phase_windows(phases), measured(observations)
    infusion_day = str(phases["infusion_day"].iloc[0])
    notes = [*_gaps(windows, table, infusion_day), *_beside(windows, table, interventions)]
    return [*notes, *_not_stated(windows, interventions)]


def _not_stated(windows: list[Window], interventions: pd.DataFrame) -> list[str]:
    """Of each phase whose first day the source itself does not state."""
    found = []
    for window in windows:
        rows = interventions[interventions["intervention"] == window.opened_by].to_dict("records")
        how = {row["evidence"] for row in rows if gathered(row, "start_", "start") == window.opens}
        if window.opens is not None and how and how <= _WORDS.keys():
            words = " and ".join(_WORDS[evidence] for evidence in sorted(how))
            found.append(
                f"That “{window.label}” began {on_day(window.opens)} is {words}; the source does not state it."
            )
    return found


def _gaps(windows: list[Window], table: list[Measurement], infusion_day: str) -> list[str]:
    found = []
    for i, window in enumerate(windows):
        if window.closes is None:
            continue
        following = windows[i + 1] if i + 1 < len(windows) else None
        if following is not None and following.opened_by is None:
            continue  # opens where this one closes
        upto = windows[: i + 1] + ([following] if following else [])
        mine = [
            m
            for m in table
            if not m.phase and m.when is not None and m.when.certainly_above(window.closes)
            if of_no_phase(m.when, upto, infusion_day)
        ]
        to = following.opens if following is not None else None
        if not mine and (to is None or to.low <= window.closes.high + 1):
            continue
        until = f" and until “{following.label}” opens {on_day(to)}" if following is not None and to is not None else ""
        are = "is" if len(mine) == 1 else "are"
        values = f"{counted(len(mine), 'value')} of that time {are} not compared"
        found.append(
            f"After {day_text(window.closes)}, when “{window.label}” closes{until}, the {time_unit()} belong to no "
            f"phase; {values}."
        )
    return found


def _beside(windows: list[Window], table: list[Measurement], interventions: pd.DataFrame) -> list[str]:
    """Of each phase that does not close though its treatment ends: its values of days without that treatment."""
    found = []
    for window in windows:
        rows = interventions[interventions["intervention"] == window.opened_by]
        if window.closes is not None or window.opened_by is None:
            continue
        courses = [whole_course(row) for row in rows.to_dict("records")]
        if not courses or any(c is None for c in courses):
            continue
        known = [c for c in courses if c is not None]
        if all(c.is_exact for c in known):
            continue  # single doses: what they do outlasts them
        mine = [m.when for m in table if m.phase == window.id and m.when is not None]
        outside = [d for d in mine if all(d.certainly_below(c) or d.certainly_above(c) for c in known)]
        if outside:
            days = listed([f"{signed(number(c.low))} to {signed(number(c.high))}" for c in known])
            label = uncapital(str(rows["label"].iloc[0]))
            found.append(
                f"“{window.label}” has {counted(len(outside), 'value')} of {time_unit()} without {label}, which was "
                f"given in {time_unit()} {days}: they are counted, as the phase is not closed (closed_by in case.yaml)."
            )
    return found
