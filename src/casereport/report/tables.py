"""The rows of the report's tables: results in, cells as text out. What a reader sees in a table is worded here."""

import io
import math
import re

import pandas as pd

from casereport.analysis.measurements import against_reference
from casereport.case.case import Case
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.units import shown
from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.quantities.wording import (
    MINUS,
    ORDERED,
    counted,
    day_cell,
    day_text,
    interval_text,
    printed_text,
    range_text,
    ratio_text,
    significant,
)

_FLAGS = {"below": ("↓", "below the reference range"), "above": ("↑", "above the reference range")}


def series_rows(table: pd.DataFrame, case: Case) -> dict[str, object]:
    """One row an analyte, its values in order of days, each with a flag and the letter of its source.

    `table` is results/observations.csv. Returns `rows`, and `documents`: the letters and what they stand for.
    """
    documents: dict[str, str] = {}
    rows = []
    for name, group in table.groupby("analyte", sort=False):
        analyte = case.vocabulary.analytes[str(name)]
        values = []
        for row in group.itertuples():
            letters = []
            for source in row.source.split("; "):
                document = source.partition(",")[0]
                letters.append(documents.setdefault(document, _letter(len(documents))))
            known = parse(row.known, analyte.floor)
            flag = against_reference(known, parse(row.reference)) if row.numeric == "True" else ""
            text = _value(row, known, analyte.unit)
            sign, meaning = _FLAGS.get(flag, ("", ""))
            values.append(
                {
                    "id": f"value-{name}-{len(values) + 1}",
                    "day": day_cell(parse(row.when)),
                    "text": text,
                    "sign": sign,
                    "meaning": meaning,
                    "source": row.source,
                    "letters": "".join(sorted(set(letters))),
                    "evidence": row.evidence,
                    "note": row.note,
                }
            )
        rows.append(
            {
                "analyte": name,
                "label": analyte.label,
                "loinc": analyte.loinc,
                "unit": shown(analyte.unit),
                "reference": _reference(group, analyte.unit),
                "group": analyte.group,
                "values": values,
            }
        )
    return {"rows": rows, "documents": {letter: document for document, letter in documents.items()}}


def _letter(i: int) -> str:
    return chr(ord("a") + i) if i < 26 else f"[{i + 1}]"


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _value(row: object, known: Interval | None, unit: str) -> str:
    if row.numeric == "True":  # type: ignore[attr-defined]
        printed = printed_text(row.printed)  # type: ignore[attr-defined]
        if known is not None and known.is_exact and f" {shown(unit)} " not in f"{printed} ":
            # the range above is in the unit of the heading: beside it 11.1 mmol/L of urea would look normal
            number = printed.partition(" ")[0]
            same = math.isclose(known.low, float(number.replace(MINUS, "-")))  # beats/min is only another spelling
            return printed if same else f"{significant(known.low, number)} ({printed})"
        return printed.replace(f" {shown(unit)}", "")
    if known is not None:
        return _bare(known, unit)
    return ORDERED.get(row.interpretation, "not known")  # type: ignore[attr-defined]


def _reference(group: pd.DataFrame, unit: str) -> str:
    texts = []
    own = group[group["ref_origin"] == "source"]
    for row in (own if len(own) else group).drop_duplicates("reference").itertuples():
        if not row.ref_origin:
            continue
        text = range_text(parse(row.reference), unit).removesuffix(f" {shown(unit)}")
        texts.append(text + (" (default)" if row.ref_origin == "default" else ""))
    return " or ".join(texts) or "none"


def event_rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """results/events.csv, one row an event in order, with its number in the timeline."""
    words = {"B": "better", "W": "worse", "N": "normal", "A": "abnormal"}
    swab = words | {"POS": "positive", "NEG": "negative"}
    return [
        {
            "number": row.number,
            "day": day_cell(parse(row.when)),
            "kind": row.kind.replace("_", " "),
            "finding": row.finding,
            # a symptom is "present" by being listed, and a laboratory row says its finding in words already
            "result": {"test": swab, "laboratory": {}}.get(row.kind, words).get(row.interpretation, ""),
            "evidence": row.evidence,
            "source": row.source,
            "note": row.note,
        }
        for row in table.itertuples()
    ]


def given_rows(table: pd.DataFrame, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """results/interventions.csv, one row a course or dose."""
    rows = []
    for row in table.itertuples():
        what = vocabulary.interventions[row.intervention]
        dose = parse(row.dose)
        rows.append(
            {
                "label": what.label,
                "cls": what.cls,
                "atc": what.atc,
                "start": day_cell(parse(row.start_day)),
                "end": day_cell(parse(row.end_day)),
                "dose": interval_text(dose, row.dose_unit) if dose else "not reported",
                "route": row.route or "not reported",
                "evidence": row.evidence,
                "source": row.source,
                "note": row.note,
            }
        )
    return rows


def change_rows(table: pd.DataFrame, observations: pd.DataFrame, case: Case) -> list[dict[str, str]]:
    """results/changes.csv, one row a phase and analyte; its values as results/observations.csv has them printed."""
    labels = {p.id: p.label for p in case.meta.phases}
    at = {(r.analyte, r.when, r.phase, r.known): r for r in observations.itertuples()}

    def stated(analyte: Analyte, day: str, phase: str, text: str, known: Interval) -> str:
        row = at[analyte.id, day, phase, text]
        return printed_text(row.printed) if row.numeric == "True" else interval_text(known, analyte.unit)

    rows = []
    for row in table.itertuples():
        analyte = case.vocabulary.analytes[row.analyte]
        before, after = parse(row.before, analyte.floor), parse(row.after, analyte.floor)
        assert before is not None and after is not None  # contrasts() keeps only analytes with both
        first = stated(analyte, row.before_day, row.phase_before, row.before, before)
        last = stated(analyte, row.after_day, row.phase, row.after, after)
        rows.append(
            {
                "phase": row.phase,
                "phase_label": labels[row.phase],
                "label": analyte.label,
                "short": analyte.short,
                "move": f"{analyte.short} {_without_unit(first, last)} → {last}",
                "before": first,
                "before_day": day_cell(parse(row.before_day)),
                "after": last,
                "after_day": day_cell(parse(row.after_day)),
                "ratio": ratio_text(_number(row.ratio_low), _number(row.ratio_high)),
                "outcome": row.outcome,
                "then": _then(observations, analyte, row.phase, row.after_day),
                "between": _between(observations, analyte, row.phase) if row.outcome == "in range" else "",
                "reference": _crossing(row.reference_before, row.reference_after),
                "counts": f"{row.n_before} and {row.n_after}",
                "evidence": row.evidence,
            }
        )
    return rows


def _between(observations: pd.DataFrame, analyte: Analyte, phase: str) -> str:
    """The values of a phase furthest out of range, for an analyte that began and ended in it: `up to 417 U/L (day 42)`.

    A hepatitis that has come and gone is no analyte in range.
    """
    mine = observations[(observations["analyte"] == analyte.id) & (observations["phase"] == phase)]
    out: dict[str, list[tuple[float, str]]] = {"above": [], "below": []}
    for row in mine.itertuples():
        known = parse(row.known, analyte.floor)
        side = against_reference(known, parse(row.reference))
        if known is not None and row.numeric == "True" and side in out:
            far = known.low if side == "above" else -known.high
            out[side].append((far, f"{printed_text(row.printed)} ({day_text(parse(row.when))})"))
    furthest = {side: max(values)[1] for side, values in out.items() if values}
    return " and ".join(f"{'up' if side == 'above' else 'down'} to {text}" for side, text in furthest.items())


def _then(observations: pd.DataFrame, analyte: Analyte, phase: str, day: str) -> str:
    """What is said of the end of a phase in words alone, later than its last number: `then ..., day 24, in words`."""
    mine = observations[(observations["analyte"] == analyte.id) & (observations["phase"] == phase)]
    later = [r for r in mine.itertuples() if not r.known and order_of(parse(r.when)) > order_of(parse(day))]
    if not later:
        return ""
    last = later[-1]
    return f"then {ORDERED.get(last.interpretation, 'not known')}, {day_text(parse(last.when))}, in words"


def _without_unit(first: str, last: str) -> str:
    """The first of two values, without its unit where the second has the same."""
    numbers = [re.fullmatch(r"([<>≤≥]?[\d.]+) (.+)", text) for text in (first, last)]
    return numbers[0][1] if all(numbers) and numbers[0][2] == numbers[1][2] else first  # type: ignore[index]


def _bare(known: Interval, unit: str) -> str:
    return interval_text(known, unit).removesuffix(f" {shown(unit)}")


def _crossing(before: str, after: str) -> str:
    if not before and not after:
        return "not known"
    words = {"in": "in range", "below": "below", "above": "above", "": "not known"}
    return words[after] if before == after else f"{words[before]} → {words[after]}"


def data_table(csv: str) -> dict[str, list]:
    """The table behind a figure from its CSV: `header` in words, and `rows` of cells."""
    table = pd.read_csv(io.StringIO(csv), dtype=str, keep_default_na=False)
    kept = [column for column in table.columns if (table[column] != "").any()]
    return {"header": [column.replace("_", " ") for column in kept], "rows": table[kept].to_numpy().tolist()}


def finding_rows(table: pd.DataFrame, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """results/consistency.csv, one row a remark."""
    return [
        {
            "check": row.check,
            "day": day_cell(parse(row.day)) if row.day != "any" else "",
            "label": vocabulary.analytes[row.analyte].label,
            "finding": row.finding,
            "source": row.source,
            "rows": f"{counted(len(row.lines.split()), 'row')}: " + ", ".join(row.lines.split()),
        }
        for row in table.itertuples()
    ]


def claim_rows(claims: pd.DataFrame, rates: pd.DataFrame) -> list[dict[str, object]]:
    """results/claims.csv, one row a claim, with the base rates that stand beside it."""
    return [
        {
            "claim": row.claim,
            "statement": row.statement,
            "verdict": row.verdict,
            "evidence": row.evidence,
            "lines": ", ".join(line.replace(".csv:", ".csv, line ") for line in row.lines.split()),
            "source": row.source,
            "rates": rates.loc[rates["claim"] == row.claim, "sentence"].to_list(),
        }
        for row in claims.itertuples()
    ]
