"""The tables of a case, as a notebook asks for them: a case or tables in, a plain table out.

What each column of each table means stands in `table_columns.py`.
"""

from collections.abc import Sequence
from typing import TypeAlias

import pandas as pd

from casereport.analysis import changes as comparing
from casereport.analysis.effect_tables import INDICES, estimate
from casereport.analysis.events import event_table
from casereport.analysis.measurements import BOUNDS, by_analyte, measurements
from casereport.analysis.placeholder_values import named_values
from casereport.analysis.statistics.pairs import Estimate
from casereport.analysis.tidy import (
    change_table,
    frame,
    measured,
    observation_table,
    phase_windows,
    spread,
    statement_cells,
)
from casereport.case.case import Case
from casereport.case.phases import phase_of, windows
from casereport.case.settings import make_settings
from casereport.errors import BadInput, Problem
from casereport.quantities.intervals import Interval, order_of

Values: TypeAlias = "pd.DataFrame | pd.Series | Sequence[float | Interval]"


def statements(case: Case) -> pd.DataFrame:
    """Each row of observations.csv as written and as understood, in the order of the file: the table `statements`.

    >>> import casereport as cr
    >>> table = cr.statements(cr.read_case("peng2020"))
    >>> print(table[["day_printed", "analyte", "interpretation", "low", "high"]].to_string(index=False))
    day_printed     analyte interpretation  low  high
             <0 lymphocytes              L  0.0   1.1
              1 lymphocytes              U  NaN   NaN
              4 lymphocytes              N  1.1   3.2
    """
    return frame("statements", [statement_cells(row, case) for row in case.observations])


def phases(
    case: Case, lag_days: int = 0, infusion_day: str = "before", window_days: int = comparing.WINDOW_DAYS
) -> pd.DataFrame:
    """The phases of a case in their order: the table `phases`.

    Each but the first opens with a dose of an intervention, or as the phase before it closes with the end of a course,
    and begins to count `lag_days` later; a sample of the day of the dose belongs to the phase `before` it or `after`
    it. A value more than `window_days` older than the dose is shown beside the later ones and not judged. Raises
    BadInput for another choice.
    """
    return frame("phases", phase_rows(case, lag_days, infusion_day, window_days))


def phase_rows(
    case: Case, lag_days: int = 0, infusion_day: str = "before", window_days: int = comparing.WINDOW_DAYS
) -> list[dict[str, object]]:
    """The rows of `phases()`, which says what they are; raises BadInput as it does."""
    choice = {"lag_days": lag_days, "infusion_day": infusion_day, "window_days": window_days}
    make_settings(choice)
    clock = case.meta.other_clock
    of_all = choice | {
        "last_day": case.meta.last_day,
        "time_unit": case.meta.time_unit,
        "other_clock": clock.words if clock else "",
        "other_day_0": clock.day_0 if clock else None,
    }
    rows = []
    for window in windows(case, lag_days):
        opener = case.vocabulary.interventions[window.opened_by].label if window.opened_by else ""
        rows.append(
            {"phase": window.id, "label": window.label, "opened_by": window.opened_by or "", "opener": opener}
            | spread(window.opens, "opens_", "opens")
            | {"closed_by": window.closed_by}
            | spread(window.closes, "closes_", "closes")
            | of_all
        )
    return rows


def _choice(phases: pd.DataFrame) -> tuple[int, str]:
    return int(phases["lag_days"].iloc[0]), str(phases["infusion_day"].iloc[0])


def observations(case: Case, phases: pd.DataFrame) -> pd.DataFrame:
    """What is known of each analyte on each day, one row a value, in its phase: the table `observations`.

    What two places of the source state counts once: the more precise of two numbers that agree to the printed digits;
    of two that do not, only that the value lies between them.

    >>> import casereport as cr
    >>> case = cr.read_case("leng2020")
    >>> crp = cr.observations(case, cr.phases(case)).query("analyte == 'crp'")
    >>> print(crp[["day", "value", "unit", "position"]].head(3).to_string(index=False))
     day  value unit position
    -7.0    2.2 mg/L       in
    -1.0  105.5 mg/L    above
     1.0  191.0 mg/L    above
    """
    return observation_table(measurements(case, *_choice(phases)))


def interventions(case: Case, phases: pd.DataFrame) -> pd.DataFrame:
    """What was given, in the order of interventions.csv, each in the phase in which it was begun: `interventions`."""
    borders = phase_windows(phases)
    rows = []
    for row in case.interventions:
        what = case.vocabulary.interventions[row.intervention]
        about = {"line": row.line, "intervention": row.intervention, "label": what.label, "class": what.cls}
        # a course is given in a phase if it begins in it; courses of earlier phases may still go on
        about |= {"atc": what.atc, "phase": phase_of(row.start, borders, "after")}
        texts = {name: getattr(row, name) for name in ("dose", "dose_unit", "route", "evidence", "source", "note")}
        rows.append(about | spread(row.start, "start_", "start") | spread(row.end, "end_", "end") | texts)
    return frame("interventions", rows)


def events(case: Case, phases: pd.DataFrame) -> pd.DataFrame:
    """The events of a case in order of their days, numbered from 1: the table `events`.

    An observation that is only put into words ("rose", "normal") is told like an event, of kind `laboratory`.
    """
    return event_table(case, *_choice(phases))


def pictures(case: Case) -> pd.DataFrame:
    """The pictures of a case in the order of their days, numbered from 1: the table `pictures`.

    The section is diagnostic-assessment up to day 0, the first index dose, and follow-up-and-outcomes after it.
    """
    shown = ("file", "kind", "caption", "alt", "section", "consent", "evidence", "source")
    return frame(
        "pictures",
        (
            {
                "number": number,
                **spread(picture.when, "day_", "day"),
                **{name: getattr(picture, name) for name in shown},
            }
            for number, picture in enumerate(sorted(case.pictures, key=lambda p: order_of(p.when)), start=1)
        ),
    )


def claims(case: Case) -> pd.DataFrame:
    """What the source asserts, as claims.csv has it: the table `claims`."""
    names = ("line", "claim", "statement", "kind", "analyte", "anchor", "from_day", "to_day", "expected", "source")
    return frame("claims", [{name: getattr(row, name) for name in names} for row in case.claims])


def sources(case: Case) -> pd.DataFrame:
    """How many statements of each class of evidence a case has: the table `sources`."""
    kinds = {
        "observations": [row.evidence for row in case.observations],
        "interventions": [row.evidence for row in case.interventions],
        "events": [row.evidence for row in case.events],
    }
    counts = pd.DataFrame({name: pd.Series(classes, dtype=str).value_counts() for name, classes in kinds.items()})
    return frame("sources", counts.fillna(0).rename_axis("evidence").reset_index().to_dict("records"))


def narrative_values(case: Case, phases: pd.DataFrame) -> pd.DataFrame:
    """Every name that a placeholder of the narrative may use, with what it is filled with: the table `values`."""
    found = named_values(case, *_choice(phases))
    return frame(
        "values", [{"name": name, "text": value.text, "source": value.source} for name, value in found.items()]
    )


def phase_before(phases: pd.DataFrame, phase: str) -> str:
    """The id of the phase before this one, empty for the first; raises BadInput for a phase that is not there."""
    ids = list(phases["phase"])
    if phase not in ids:
        raise BadInput([Problem("parameter", 0, "phase", phase, "a phase of the case: " + ", ".join(ids))])
    return ids[ids.index(phase) - 1] if ids.index(phase) else ""


def change(
    before: pd.DataFrame, after: pd.DataFrame, how: comparing.How = "last", phases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Each analyte that two tables of observations have, the later against the earlier: the table `changes`.

    By the last value of each, or with `how="median"` by the medians. With `phases` the day of the dose that opens the
    later phase is known, and a value too far before it is not judged.

    >>> import casereport as cr
    >>> case = cr.read_case("leng2020")
    >>> table = cr.observations(case, cr.phases(case)).query("analyte == 'crp'")
    >>> found = cr.change(table[table["day"] < 0], table[table["day"] > 0])
    >>> print(found[["before", "after", "verdict", "heading"]].to_string(index=False))
     before  after       verdict heading
      105.5   10.1 towards range  better
    """
    sides = [by_analyte(m for m in measured(side) if m.enters == BOUNDS) for side in (before, after)]
    opened = {} if phases is None else {w.id: w.opens for w in phase_windows(phases)}
    window = comparing.WINDOW_DAYS if phases is None else int(phases["window_days"].iloc[0])
    both = [(sides[0][name], mine) for name, mine in sides[1].items() if name in sides[0]]
    found = [comparing.Sides(earlier, later, how, opened.get(later[-1].phase)) for earlier, later in both]
    return change_table(comparing.compared(found, window))


def changes(observations: pd.DataFrame, phases: pd.DataFrame, how: comparing.How = "last") -> pd.DataFrame:
    """Each phase against the one before it: `change()` for each pair of phases that follow each other, in one table."""
    window = int(phases["window_days"].iloc[0])
    return change_table(comparing.changes(measured(observations), phase_windows(phases), how, window))


def _index(name: str, before: Values, after: Values, improvement: str, confidence: float) -> Estimate:
    if isinstance(before, pd.DataFrame) and isinstance(after, pd.DataFrame):
        return estimate(name, measured(before), measured(after), improvement, confidence)
    return INDICES[name](list(before), list(after), improvement or "increase", confidence)


def nap(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Non-overlap of all pairs (Parker and Vannest 2009): the share of pairs in which the later value is better.

    `before` and `after` are numbers, or rows of observations of one analyte: what is better then follows from where
    the values lie, words are left out, and of values that never left their range there is none. The interval is that
    of Newcombe 2006, method 5; it takes the values for independent.

    >>> import casereport as cr
    >>> cr.nap([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29]).value == 38.5 / 42
    True
    """
    return _index("NAP", before, after, improvement, confidence)


def tau(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Tau without correction (Parker, Vannest, Davis and Sauber 2011): 2 NAP - 1. As `nap()`."""
    return _index("Tau", before, after, improvement, confidence)


def tau_u(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Tau-U (Parker 2011): Tau less the trend of the baseline. As `nap()`, the values in their order in time.

    Of rows of observations at least 5 values before are needed, in an order that the days leave no doubt of.
    """
    return _index("Tau-U", before, after, improvement, confidence)


def tau_bc(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Baseline-corrected Tau (Tarlow 2017). As `tau_u()`."""
    return _index("Tau-BC", before, after, improvement, confidence)


def smd(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Within-case standardised mean difference (Gingerich 1984; Busk and Serlin 1992). As `nap()`."""
    return _index("SMD", before, after, improvement, confidence)


def lrr(before: Values, after: Values, improvement: str = "", confidence: float = 0.95) -> Estimate:
    """Log response ratio (Pustejovsky 2015), for quantities above nought. As `nap()`."""
    return _index("LRR", before, after, improvement, confidence)
