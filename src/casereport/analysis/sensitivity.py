"""Every comparison of a phase with the one before, made again under other choices: does its conclusion survive?

The choices are ours and not the patient's: how many days an effect needs, whether a sample of the infusion day was
drawn before or after it, the last value or the median. Besides, each single observation is left out once. What changes
its outcome under any of these is no finding about the patient. What survives all is not thereby caused by a treatment.
"""

from collections.abc import Iterator
from itertools import product
from typing import Literal

import pandas as pd

from casereport.analysis.changes import contrasts, direction, outcome, summary
from casereport.analysis.measurements import against_reference, comparable, measurements
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import counted, listed, uncapital

LAGS = (0, 1, 2, 3)
INFUSION_DAYS: tuple[Literal["before", "after"], ...] = ("before", "after")
SUMMARIES: tuple[Literal["last", "median"], ...] = ("last", "median")
NO_DATA = "no data"
OUTCOMES = ("better", "in range", "same", "rose", "fell", "not certain", NO_DATA, "worse")

REPETITIONS = [
    "phase", "phase_before", "analyte", "kind", "lag_days", "infusion_day", "summary", "left_out", "before", "after",
    "outcome",
]  # fmt: skip
ROBUSTNESS = [
    "phase", "phase_before", "analyte", "outcome", "repetitions", "agreeing", "different", "choices",
    "choices_agreeing", "left_out", "left_out_agreeing", *(o.replace(" ", "_") for o in OUTCOMES), "survives",
    "sentence",
]  # fmt: skip

_Groups = dict[tuple[str, str], pd.DataFrame]


def repetitions(case: Case, settings: Settings) -> pd.DataFrame:
    """One row for each contrast of `contrasts()` by last values, and for each time it is made again.

    `kind` is `headline` (the contrast under `settings`), `choice` (lag 0 to 3 days, the infusion day before or after,
    last value or median; without the one that is the headline) or `left out` (under `settings`, by last value and by
    median, without the observation of the day `left_out`). `before` and `after` are Intervals in the canonical unit,
    None where a phase has no value; `outcome` is that of `contrasts()`, or `no data`.
    """
    table = measurements(case, settings)
    headline = contrasts(case, table)
    own = _groups(table)
    chosen = {
        (lag, day): _groups(measurements(case, settings.model_copy(update={"lag_days": lag, "infusion_day": day})))
        for lag, day in product(LAGS, INFUSION_DAYS)
    }
    rows = []
    for contrast in headline.itertuples():
        analyte = case.vocabulary.analytes[contrast.analyte]
        names = (contrast.phase, contrast.phase_before, contrast.analyte)
        here = (settings.lag_days, settings.infusion_day)
        pair = own[contrast.analyte, contrast.phase_before], own[contrast.analyte, contrast.phase]
        rows.append((*names, "headline", *here, "last", None, *_compare(*pair, "last", analyte)))
        for how, day, lag in product(SUMMARIES, INFUSION_DAYS, LAGS):
            if (lag, day, how) != (*here, "last"):
                groups = chosen[lag, day]
                other = (groups.get((contrast.analyte, p)) for p in (contrast.phase_before, contrast.phase))
                rows.append((*names, "choice", lag, day, how, None, *_compare(*other, how, analyte)))
        for when, before, after in _without_each(*pair):
            for how in SUMMARIES:
                rows.append((*names, "left out", *here, how, when, *_compare(before, after, how, analyte)))
    return pd.DataFrame(rows, columns=REPETITIONS)


def _groups(table: pd.DataFrame) -> _Groups:
    # few columns, because each row is left out in turn
    slim = comparable(table)[["analyte", "phase", "when", "known", "reference"]]
    return {(str(a), str(p)): rows for (a, p), rows in slim.groupby(["analyte", "phase"], sort=False)}


def _without_each(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[tuple[Interval, pd.DataFrame, pd.DataFrame]]:
    for i, when in enumerate(before["when"]):
        yield when, before.drop(before.index[i]), after
    for i, when in enumerate(after["when"]):
        yield when, before, after.drop(after.index[i])


def _compare(
    before: pd.DataFrame | None, after: pd.DataFrame | None, how: Literal["last", "median"], analyte: Analyte
) -> tuple[Interval | None, Interval | None, str]:
    """What is compared and its outcome, as in `contrasts()`."""
    if before is None or after is None or before.empty or after.empty:
        return None, None, NO_DATA
    b, a = summary(before, how), summary(after, how)
    where = [against_reference(known, rows["reference"].iloc[-1]) for known, rows in ((b, before), (a, after))]
    return b, a, outcome(direction(b, a), analyte.improvement, analyte.two_sided, *where)


def robustness(case: Case, repeated: pd.DataFrame) -> pd.DataFrame:
    """One row a contrast, from `repetitions()`: how often its outcome came out again.

    `outcome` is the headline's; `repetitions` counts the others and `agreeing` those with the same outcome, in all and
    of the `choices` and those with an observation `left_out`; `different` counts the repetitions that compare other
    values than the headline, and a column for each outcome its number. `survives` is True where the headline has a
    conclusion and every repetition agrees; `sentence` says it with the counts.
    """
    rows = []
    labels = {p.id: p.label for p in case.meta.phases}
    for names, group in repeated.groupby(["phase", "phase_before", "analyte"], sort=False):
        kind, found = group["kind"].to_list(), group["outcome"].to_list()
        values = list(zip(group["before"], group["after"], strict=True))
        at = kind.index("headline")
        others = [i for i in range(len(kind)) if i != at]
        same = {i for i in others if found[i] == found[at]}
        choices = [i for i in others if kind[i] == "choice"]
        left_out = [i for i in others if kind[i] == "left out"]
        row = dict(zip(("phase", "phase_before", "analyte"), names, strict=True)) | {
            "outcome": found[at],
            "repetitions": len(others),
            "agreeing": len(same),
            "different": sum(values[i] != values[at] for i in others),
            "choices": len(choices),
            "choices_agreeing": len(same.intersection(choices)),
            "left_out": len(left_out),
            "left_out_agreeing": len(same.intersection(left_out)),
            "survives": found[at] != "not certain" and len(same) == len(others),
        }
        row |= {o.replace(" ", "_"): sum(found[i] == o for i in others) for o in OUTCOMES}
        rows.append(row | {"sentence": _sentence(case, row, labels)})
    return pd.DataFrame(rows, columns=ROBUSTNESS)


def unopposed(table: pd.DataFrame) -> pd.Series:
    """True where the outcome of `robustness()` came out the same in every repetition that has something to compare.

    Some choice leaves one of the phases without a value there; where all repetitions do, nothing was repeated.
    """
    same = (table["agreeing"] > 0) & (table["agreeing"] + table["no_data"] == table["repetitions"])
    return same & (table["outcome"] != "not certain") & ~table["survives"].astype(bool)


def in_one_sentence(table: pd.DataFrame) -> str:
    """The counts of `robustness()` for a report, such as `Of 29 comparisons, 9 come out the same ...`."""
    n, survivors = len(table), int(table["survives"].sum())
    if not n:
        return "No analyte has a value in two phases that follow each other, so there is nothing to repeat."
    decided = table["outcome"] != "not certain"
    alone = decided & (table["no_data"] == table["repetitions"])
    undecided, unrepeated, where_possible = int((~decided).sum()), int(alone.sum()), int(unopposed(table).sum())
    if n == 1 and unrepeated:
        return "The one comparison cannot be repeated: no other choice leaves anything to compare."
    if n == 1:
        same = "came out" if survivors or where_possible else "did not come out"
        every = "every repetition that had something to compare" if where_possible else "every repetition"
        return f"The one comparison {same} the same in {every}."
    counts = [
        (survivors, "came out the same in every repetition"),
        (where_possible, "came out the same in every repetition that had something left to compare"),
        (n - survivors - where_possible - unrepeated - undecided, "did not"),
        (unrepeated, "cannot be repeated, as no other choice leaves anything to compare"),
        (undecided, "decided nothing in the first place"),
    ]
    return f"Of {counted(n, 'comparison')}, {listed([f'{k} {words}' for k, words in counts if k])}."


def _sentence(case: Case, row: dict, labels: dict[str, str]) -> str:
    what = (
        f"{case.vocabulary.analytes[row['analyte']].label}, {uncapital(labels[row['phase']])} against "
        f"{uncapital(labels[row['phase_before']])}: {row['outcome']}."
    )
    if row["outcome"] == "not certain":
        return f"{what} What is known decides nothing, so there is no conclusion to test."
    choices = _of(row["choices_agreeing"], row["choices"])
    left_out = _of(row["left_out_agreeing"], row["left_out"])
    told = (
        f"{what} The same under {choices} other choices of lag, dose day and summary, and in {left_out} "
        f"repetitions with one observation left out; {row['different']} of these {row['repetitions']} compare other "
        "values than the report does."
    )
    found = {o: row[o.replace(" ", "_")] for o in OUTCOMES if o != row["outcome"]}
    words = [f"{'nothing to compare' if o == NO_DATA else o} in {n}" for o, n in found.items() if n]
    return f"{told} Otherwise: {listed(words)}." if words else told


def _of(k: int, n: int) -> str:
    return f"all {n}" if k == n else f"{k or 'none'} of {n}"
