"""The rows of the report's tables: results in, cells as text out. What a reader sees in a table is worded here."""

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from casereport.analysis.events import HISTORY
from casereport.analysis.judgement.verdict import UNDECIDED, shown_heading
from casereport.analysis.measurements import Measurement, by_analyte
from casereport.analysis.result_files import plain_cell
from casereport.analysis.sensitivity import SAME
from casereport.analysis.tidy import gathered
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.units import behind
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.wording import (
    ORDERED,
    POSITIONS,
    counted,
    day_cell,
    day_text,
    interval_text,
    peaks_text,
    printed_text,
    size_text,
    time_unit,
    with_other_clock,
)

Cells = dict[str, object]


def _said(words: dict[str, str], row: dict[Any, Any]) -> bool:
    """True where the finding has its interpretation in its own words: `Chest CT: worse`."""
    return words.get(row["interpretation"], " ") in row["told"]


def event_rows(table: pd.DataFrame) -> list[Cells]:
    """The table `events` without the history, one row an event in order, with its number in the timeline."""
    words = {"B": "better", "W": "worse", "N": "normal", "A": "abnormal"}
    return [
        {
            "number": row["number"],
            "day": day_cell(gathered(row, "day_", "day")),
            # "adverse event: No reaction to the infusion" would name what did not happen
            "kind": "" if row["told"].startswith("No ") else row["kind"].replace("_", " "),
            "told": row["told"],
            # a laboratory row says its finding in words already
            "result": "" if row["kind"] == "laboratory" or _said(words, row) else words.get(row["interpretation"], ""),
            "evidence": row["evidence"],
            "source": row["source"],
            "note": row["note"],
        }
        for row in table[table["kind"] != HISTORY].to_dict("records")
    ]


def history_rows(table: pd.DataFrame) -> list[Cells]:
    """What the table `events` has of the history before this illness, one row a finding."""
    return [
        {
            "told": row["told"],
            # "up to day −1" would say that it ended then
            "when": day_text(gathered(row, "day_", "day")).replace("up to ", "known by ", 1),
            "source": row["source"],
            "note": row["note"],
        }
        for row in table[table["kind"] == HISTORY].to_dict("records")
    ]


def given_rows(table: pd.DataFrame) -> list[Cells]:
    """The table `interventions`, one row a course or dose."""
    rows: list[Cells] = []
    for row in table.to_dict("records"):
        dose = parse(row["dose"])
        rows.append(
            {
                "label": row["label"],
                "cls": row["class"],
                "atc": row["atc"],
                "start": day_cell(gathered(row, "start_", "start")),
                "end": _last_day(gathered(row, "end_", "end")),
                "dose": interval_text(dose, row["dose_unit"]) if dose else "not reported",
                "route": row["route"] or "not reported",
                "evidence": row["evidence"],
                "source": row["source"],
                "note": row["note"],
            }
        )
    return rows


def _last_day(day: Interval | None) -> str:
    """The end of a course in a cell: `15 or later`, where `from day 15` would read as its beginning."""
    if day is not None and math.isinf(day.high) and math.isfinite(day.low) and not day.low_open:
        return f"{day_cell(Interval.exact(day.low))} or later"
    return day_cell(day)


def change_rows(
    table: pd.DataFrame,
    observations: Sequence[Measurement],
    labels: dict[str, str],
    sensitivity: pd.DataFrame | None = None,
) -> list[Cells]:
    """The table `changes`, one row a phase and analyte; its values as `observations` has them printed.

    `labels` are the names of the phases by id; `sensitivity` says in how many repetitions a change came out alike.
    """
    repeated = {} if sensitivity is None else {(r.phase, r.analyte): r for r in sensitivity.itertuples()}
    by_row = {m.row: m for m in observations}
    rows: list[Cells] = []
    for row in table.to_dict("records"):
        before, after = by_row[row["before_row"]], by_row[row["after_row"]]
        first, last = _stated(before), _stated(after)
        mine = [m for m in observations if m.analyte == row["analyte"] and m.phase == row["phase"]]
        rows.append(
            {
                "phase": row["phase"],
                "phase_label": labels[row["phase"]],
                "label": row["label"],
                "short": row["short"],
                "move": f"{row['short']} {_without_unit(first, last)} → {last}",
                "before": first,
                "before_day": day_cell(before.when),
                "after": last,
                "after_day": day_cell(after.when),
                "size": size_text(row),
                "heading": shown_heading(row["heading"], row["robust"]),
                "verdict": row["verdict"],
                "rule": row["rule"],
                # a reader of paper has no pointer to ask why
                "why": row["rule"].replace(" days ", f" {time_unit()} ") if row["verdict"] == UNDECIDED else "",
                "robust": row["robust"] == SAME,
                "alike": _alike(repeated.get((row["phase"], row["analyte"]))),
                "then": _then(mine, after),
                "peaks": peaks_text(row, row["unit"] if last.endswith(behind(row["unit"])) else ""),
                "reference": _crossing(row["position_before"], row["position_after"]),
                "counts": f"{row['n_before']} and {row['n_after']}",
                "evidence": row["evidence"],
            }
        )
    return rows


def _alike(row: Any) -> str:
    """In how many repetitions a change stood under the same heading: `the same in 13 of 33 repetitions`.

    A dash where the change itself is undecided: there is no conclusion to repeat.
    """
    if row is None or row.repetitions == row.no_data:
        return ""
    if row.heading == UNDECIDED:
        return "–"
    return f"the same in {'all' if row.survives else row.agreeing} of {row.repetitions} repetitions"


def _stated(m: Measurement) -> str:
    if m.numeric or m.known is None:
        return printed_text(m.printed)
    return (
        f"{POSITIONS[m.interpretation]} (in words)" if m.interpretation in POSITIONS else interval_text(m.known, m.unit)
    )


def _then(mine: Sequence[Measurement], last: Measurement) -> str:
    """What is said of the end of a phase in words alone, later than its last number: `then ..., day 24, in words`."""
    later = [m for m in mine if m.known is None and order_of(m.when) > order_of(last.when)]
    if not later:
        return ""
    return f"then {ORDERED.get(later[-1].interpretation, 'not known')}, {day_text(later[-1].when)}, in words"


def _without_unit(first: str, last: str) -> str:
    """The first of two values, without its unit where the second has the same."""
    numbers = [re.fullmatch(r"([<>≤≥]?[\d.]+) (.+)", text) for text in (first, last)]
    return numbers[0][1] if all(numbers) and numbers[0][2] == numbers[1][2] else first  # type: ignore[index]


def _crossing(before: str, after: str) -> str:
    if not before and not after:
        return "not known"
    words = {"in": "in range", "below": "below", "above": "above", "not certain": "not certain", "": "not known"}
    return words[after] if before == after else f"{words[before]} → {words[after]}"


def _short(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) and math.isfinite(value) else value


def data_table(table: pd.DataFrame) -> dict[str, list]:
    """A table as it stands in the page: `header` in words, and `rows` of cells, without the columns that are empty."""
    # the CSV has every digit; beside it 0.44333333333333336 only hides what there is to see
    plain = pd.DataFrame({c: [plain_cell(_short(value)) for value in table[c]] for c in table.columns}, dtype=object)
    kept = [column for column in plain.columns if (plain[column] != "").any()]
    return {"header": [str(column).replace("_", " ") for column in kept], "rows": plain[kept].to_numpy().tolist()}


def finding_rows(table: pd.DataFrame, vocabulary: Vocabulary) -> list[Cells]:
    """The table `consistency`, one row a remark; one on the order of events is about no analyte."""
    return [
        {
            "check": row["check"],
            "day": day_cell(parse(row["day"])) if row["day"] != "any" else "",
            "label": vocabulary.analytes[row["analyte"]].label if row["analyte"] else "",
            "finding": row["finding"],
            "source": row["source"],
            "rows": f"{counted(len(row['lines'].split()), 'row')}: " + ", ".join(row["lines"].split()),
        }
        for row in table.to_dict("records")
    ]


def claim_rows(audit: pd.DataFrame, rates: pd.DataFrame, observations: Sequence[Measurement]) -> list[Cells]:
    """The table `audit`, one row a claim, with the base rates beside it and where each of its rows is in the report."""
    places = {line: f"value-{m.analyte}-{n}" for m, n in _counted_by_analyte(observations) for line in m.lines}
    return [
        {
            "claim": row["claim"],
            "statement": row["statement"],
            "sort": row["sort"],
            "verdict": row["verdict"],
            "evidence": with_other_clock(row["evidence"], f"{row['statement']} {row['source']}"),
            "lines": _lines(row["lines"].split(), places),
            "source": row["source"],
            "rates": rates.loc[rates["claim"] == row["claim"], "sentence"].to_list(),
        }
        for row in audit.to_dict("records")
    ]


def _counted_by_analyte(observations: Sequence[Measurement]) -> list[tuple[Measurement, int]]:
    """Each measurement with its number among those of its analyte, from 1, as the table of values counts them."""
    return [(m, n) for mine in by_analyte(observations).values() for n, m in enumerate(mine, start=1)]


def _lines(lines: Sequence[str], places: dict[int, str]) -> list[tuple[str, str]]:
    """Lines of the case's files as they are read, a file named once, each with the id of the value that it holds."""
    found, before = [], ""
    for line in lines:
        name, _, number = line.partition(":")
        place = places.get(int(number), "") if name == "observations.csv" else ""
        found.append((number if name == before else f"{name} line {number}", place))
        before = name
    return found
