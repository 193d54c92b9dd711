"""Every comparison of a phase with the one before, made again under other choices: does its conclusion survive?

The choices are ours and not the patient's: how many days an effect needs, whether a sample of the infusion day was
drawn before or after it, the last value or the median. Besides, each single observation is left out once. What changes
its heading under any of these is no finding about the patient. What survives all is not thereby caused by a treatment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd

from casereport.analysis.changes import WINDOW_DAYS, How, Sides, changes, compared
from casereport.analysis.judgement.verdict import BETTER, HEADINGS, TURNS, UNDECIDED, WORSE
from casereport.analysis.measurements import Measurement, comparable
from casereport.analysis.tidy import frame, measured, phase_windows, spread
from casereport.case.phases import Window, phase_of
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import capital, listed, spoken, uncapital

LAGS = (0, 1, 2, 3)
INFUSION_DAYS: tuple[Literal["before", "after"], ...] = ("before", "after")
SUMMARIES: tuple[How, ...] = ("last", "median")
NO_DATA = "no data"
SAME, DIFFERS = "same", "differs"
_SAME_EACH = "the same in every repetition"
_OPPOSITE = {BETTER: WORSE, WORSE: BETTER}

_Side = list[Measurement]
_Groups = dict[tuple[str, str], _Side]
_Kind = tuple[object, ...]


def repetitions(observations: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """One row for each change by last values, and for each time it is made again: the table `repetitions`.

    `kind` is `headline` (the change itself), `choice` (lag 0 to 3 days, the infusion day before or after, last value
    or median; without the one that is the headline) or `left out` (by last value and by median, without the
    observation of the day `left_out`). `verdict` and `heading` are those of the changes, or `no data` where a phase has
    no value.
    """
    table, windows = measured(observations), phase_windows(phases)
    doses, window = {w.id: w.opens for w in windows}, int(phases["window_days"].iloc[0])
    own = _groups(table)
    placed = partial(_placed, table, partial(phase_windows, phases))
    chosen = {choice: _groups(placed(*choice)) for choice in product(LAGS, INFUSION_DAYS)}
    here = (int(phases["lag_days"].iloc[0]), str(phases["infusion_day"].iloc[0]))
    rows: list[dict[str, object]] = []
    comparisons: list[Sides] = []
    places: list[int | None] = []  # of each row, its comparison; None where a phase has no value
    for change in changes(table, windows, window_days=window):
        analyte, phases_of = change.analyte, (change.phase_before, change.phase)
        about = {"phase": change.phase, "phase_before": change.phase_before, "analyte": analyte.analyte}
        about |= {"label": analyte.label, "short": analyte.short}
        before, after = (own[analyte.analyte, phase] for phase in phases_of)
        repeated = [(_choice("headline", *here, "last"), before, after)]
        for how, day, lag in product(SUMMARIES, INFUSION_DAYS, LAGS):
            if (lag, day, how) != (*here, "last"):
                earlier, later = (chosen[lag, day].get((analyte.analyte, phase), []) for phase in phases_of)
                repeated.append((_choice("choice", lag, day, how), earlier, later))
        rests: dict[_Kind, tuple[_Side, _Side]] = {}
        for kind, when, rest in _without_each(before, after):
            if kind not in rests:
                rests[kind] = rest()
            repeated += [(_choice("left out", *here, how, when), *rests[kind]) for how in SUMMARIES]
        made: dict[tuple[int, int, str], int] = {}  # what is compared twice is computed once
        for choice, earlier, later in repeated:
            rows.append(about | choice)
            if earlier and later and (id(earlier), id(later), choice["summary"]) not in made:
                made[id(earlier), id(later), choice["summary"]] = len(comparisons)
                comparisons.append(Sides(earlier, later, choice["summary"], doses[change.phase]))
            places.append(made.get((id(earlier), id(later), choice["summary"])))
    found = compared(comparisons, window)
    for row, place in zip(rows, places, strict=True):
        again = None if place is None else found[place]
        row |= spread(again.before if again else None, "before_") | spread(again.after if again else None, "after_")
        row |= {name: getattr(again, name) if again else NO_DATA for name in ("verdict", "heading")}
    return frame("repetitions", rows)


def _choice(kind: str, lag: int, day: str, how: How, left_out: Interval | None = None) -> dict[str, Any]:
    out = "" if left_out is None else str(left_out)
    return {"kind": kind, "lag_days": lag, "infusion_day": day, "summary": how, "left_out": out}


def turning(
    table: list[Measurement],
    windows_at: Callable[[int], Sequence[Window]],
    pair: tuple[str, str],
    infusion_day: str = "before",
) -> tuple[int, int]:
    """Under how many other choices the change of an analyte between two phases turns, and of how many.

    It turns where better becomes worse, or worse better, as in `robustness()`. `table` are the measurements of the
    analyte, `windows_at` the phases by lag and `pair` the two phases, the earlier first.
    """
    dose = {w.id: w.opens for w in windows_at(0)}[pair[1]]

    def heading(lag: int, day: str, how: How) -> str:
        groups = {phase: side for (_, phase), side in _groups(_placed(table, windows_at, lag, day)).items()}
        if not all(phase in groups for phase in pair):
            return NO_DATA
        (again,) = compared([Sides(groups[pair[0]], groups[pair[1]], how, dose)], WINDOW_DAYS)
        return again.heading

    own = (0, infusion_day, SUMMARIES[0])
    opposite = _OPPOSITE.get(heading(*own))
    others = [choice for choice in product(LAGS, INFUSION_DAYS, SUMMARIES) if choice != own]
    return sum(opposite is not None and heading(*choice) == opposite for choice in others), len(others)


def _placed(
    table: list[Measurement], windows_at: Callable[[int], Sequence[Window]], lag: int, infusion_day: str
) -> list[Measurement]:
    """The same measurements in the phases that another lag and another side of the infusion day give."""
    windows = windows_at(lag)
    of = [m.stated_phase or phase_of(m.when, windows, infusion_day) for m in table]
    return [m if m.phase == phase else replace(m, phase=phase) for m, phase in zip(table, of, strict=True)]


def _groups(table: list[Measurement]) -> _Groups:
    found: _Groups = {}
    for m in comparable(table):
        found.setdefault((m.analyte, m.phase), []).append(m)
    return found


def _without_each(
    before: _Side, after: _Side
) -> Iterator[tuple[_Kind, Interval | None, Callable[[], tuple[_Side, _Side]]]]:
    """For each measurement: its kind, its day, and what makes the two sides without it.

    To leave out one of a kind or another gives the same last value and the same median, so that a long series needs a
    few comparisons and not one for each of its values.
    """
    for i, (m, kind) in enumerate(zip(before, _kinds(before), strict=True)):
        yield ("before", *kind), m.when, partial(_without, before, i, after, False)
    for i, (m, kind) in enumerate(zip(after, _kinds(after), strict=True)):
        yield ("after", *kind), m.when, partial(_without, after, i, before, True)


def _without(side: _Side, i: int, other: _Side, later: bool) -> tuple[_Side, _Side]:
    rest = side[:i] + side[i + 1 :]
    return (other, rest) if later else (rest, other)


def _kinds(side: _Side) -> list[tuple[object, ...]]:
    """Of each measurement what a summary of the others depends on.

    Whether it is the last, whether it is a number, and whether its lower and its upper end are below, at or above the
    middle of all: the median of the others is the same whichever of those on one side is left out.
    """
    middle = len(side) // 2
    places: list[list[object]] = [[m is side[-1], m.numeric] for m in side]
    for end in ("low", "high"):
        order = sorted(range(len(side)), key=lambda i: getattr(side[i].known, end))
        for rank, i in enumerate(order):
            places[i].append((rank > middle) - (rank < middle))
    return [tuple(place) for place in places]


def robustness(repeated: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """One row a change, from `repetitions()`: how often it came out again under its heading. The table `sensitivity`.

    `labels` are the phases' names by id. `verdict` and `heading` are the headline's; `repetitions` counts the others
    and `agreeing` those with the same heading, in all and of the `choices` and those with an observation `left_out`;
    `different` counts the repetitions that compare other values than the headline, and a column for each heading its
    number. `survives` is True where the headline decides something and every repetition agrees, `turns` where under
    another choice better becomes worse or worse better; `sentence` says it with the counts.
    """
    ends = [f"{side}_{end}" for side in ("before", "after") for end in ("low", "high", "closed")]
    names_of = ["phase", "phase_before", "analyte", "label", "short"]
    change = repeated.groupby(names_of, sort=False).ngroup().to_numpy()
    headline = (repeated["kind"] == "headline").to_numpy()
    found = repeated.iloc[np.flatnonzero(headline)[np.argsort(change[headline])]]
    others, of = repeated[~headline], change[~headline]
    first = found.iloc[of]

    def as_headline(column: str) -> np.ndarray:
        return others[column].to_numpy(dtype=object) == first[column].to_numpy(dtype=object)

    def counted(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(of[chosen], minlength=len(found))

    heading = others["heading"].to_numpy(dtype=object)
    choice, left_out = ((others["kind"] == kind).to_numpy() for kind in ("choice", "left out"))
    same, opposite = as_headline("heading"), first["heading"].map(_OPPOSITE).to_numpy(dtype=object)
    repetitions = np.bincount(of, minlength=len(found))
    decided = (found["heading"] != UNDECIDED).to_numpy()
    table = found[[*names_of, "verdict", "heading"]].assign(
        repetitions=repetitions,
        agreeing=counted(same),
        different=repetitions - counted(np.logical_and.reduce([as_headline(end) for end in ends])),
        choices=counted(choice),
        choices_agreeing=counted(choice & same),
        left_out=counted(left_out),
        left_out_agreeing=counted(left_out & same),
        survives=decided & (counted(same) == repetitions),
        turns=counted(choice & (heading == opposite)) > 0,
        **{h.replace(" ", "_"): counted(heading == h) for h in (*HEADINGS, NO_DATA)},
    )
    rows = table.to_dict("records")
    return frame("sensitivity", (row | {"sentence": _sentence(row, labels)} for row in rows))


def with_robustness(changes: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.DataFrame:
    """The table `changes` with its column `robust` filled from the table `sensitivity`."""
    words = sensitivity["survives"].map({True: SAME, False: DIFFERS}).mask(sensitivity["turns"], TURNS)
    found = pd.Series(words.to_numpy(), index=pd.MultiIndex.from_frame(sensitivity[["phase", "analyte"]]), dtype=object)
    keys = pd.MultiIndex.from_frame(changes[["phase", "analyte"]])
    return changes.assign(robust=found.reindex(keys).fillna("").to_numpy()).astype({"robust": changes["robust"].dtype})


def unopposed(table: pd.DataFrame) -> pd.Series:
    """True where the heading of `robustness()` came out the same in every repetition that has something to compare.

    Some choice leaves one of the phases without a value there; where all repetitions do, nothing was repeated.
    """
    same = (table["agreeing"] > 0) & (table["agreeing"] + table["no_data"] == table["repetitions"])
    return same & (table["heading"] != UNDECIDED) & ~table["survives"]


def in_one_sentence(table: pd.DataFrame) -> str:
    """The counts of `robustness()` for a report, such as `Of 29 comparisons, 9 come out the same ...`."""
    n, survivors = len(table), int(table["survives"].sum())
    if not n:
        return "No analyte has a value in two phases that follow each other, so there is nothing to repeat."
    decided = table["heading"] != UNDECIDED
    alone = decided & (table["no_data"] == table["repetitions"])
    undecided, unrepeated, where_possible = int((~decided).sum()), int(alone.sum()), int(unopposed(table).sum())
    if n == 1 and undecided:
        return "The one comparison is undecided, so there is no conclusion to test."
    if n == 1 and unrepeated:
        return "The one comparison cannot be repeated: no other choice leaves anything to compare."
    if n == 1:
        same = "came out" if survivors or where_possible else "did not come out"
        every = "every repetition that had something to compare" if where_possible else "every repetition"
        return f"The one comparison {same} the same in {every}."
    differ = n - survivors - where_possible - unrepeated - undecided
    if differ == n:
        return f"None of {n} comparisons came out {_SAME_EACH}."
    counts = [
        (survivors, f"came out {_SAME_EACH}"),
        (where_possible, f"came out {_SAME_EACH} that had something left to compare"),
        (differ, "did not" if survivors else f"did not come out {_SAME_EACH}"),
        (unrepeated, "cannot be repeated, as no other choice leaves anything to compare"),
        (undecided, "remained undecided"),
    ]
    told = [(k, words) for k, words in counts if k]
    if len(told) == 1:
        return f"All {n} comparisons {told[0][1]}."
    return f"Of {n} comparisons, {listed([f'{k} {words}' for k, words in told])}."


def _sentence(row: dict[str, Any], labels: dict[str, str]) -> str:
    name = spoken(row["label"])
    what = (
        f"{capital(name)}, {uncapital(labels[row['phase']])} vs "
        f"{uncapital(labels[row['phase_before']])}: {row['verdict']}{_heading(row)}."
    )
    if row["heading"] == UNDECIDED:
        return f"{what} The available values do not decide it, so there is no conclusion to test."
    choices = _of(row["choices_agreeing"], row["choices"])
    left_out = _of(row["left_out_agreeing"], row["left_out"])
    told = (
        f"{what} The same under {choices} other choices of lag, dose day and summary, and in {left_out} "
        "repetitions with one observation left out."
    )
    found = {h: row[h.replace(" ", "_")] for h in (*HEADINGS, NO_DATA) if h != row["heading"]}
    words = [f"{'nothing to compare' if h == NO_DATA else h} in {n}" for h, n in found.items() if n]
    return f"{told} Otherwise: {listed(words)}." if words else told


def _heading(row: dict[str, Any]) -> str:
    if row["turns"]:
        return f", {TURNS}"
    return "" if row["heading"] == row["verdict"] else f" ({row['heading']})"


def _of(k: int, n: int) -> str:
    return f"all {n}" if k == n else f"{k or 'none'} of {n}"
