"""Every table that a notebook writes: its columns, their types and units, and what they mean.

This is the one place that says it: tables are made with these columns and read back with these types, and
docs/tables.md is written from here.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from casereport.analysis.column_kinds import ANALYTE, CI, PAIR, WHOSE, Column, N, number, span, text, whole
from casereport.analysis.design_columns import ESTIMABILITY, PHASES
from casereport.analysis.evidence_columns import EVIDENCE
from casereport.analysis.judgement.verdict import HEADINGS
from casereport.case.schema import PICTURE_KINDS

_DAY = {"day": number("study day, where it is known exactly", "d")} | span("day_", "study day", "d")
_VALUE = {"value": number("the value, where the source gives a plain number", "unit")} | span("", "value", "unit")
_REFERENCE = span("ref_", "reference range", "unit") | {
    "ref_origin": text(
        "whose reference range: source (printed there), elsewhere (printed with another value of the analyte), "
        "target (of the case), default (usual, adult) or empty"
    )
}

TABLES: dict[str, dict[str, Column]] = {
    "statements": {
        "line": whole("line in observations.csv; behind its end for what is derived"),
        **ANALYTE,
        "day_printed": text("the day as written"),
        **_DAY,
        "value_printed": text("the value as written"),
        "unit_printed": text("its unit as written"),
        "interpretation": text("HL7 code: L N H, U rose, D fell, B better, W worse"),
        **_VALUE,
        "unit": text("canonical unit of the analyte (UCUM)"),
        **_REFERENCE,
        "stated_phase": text("phase, where the source states one"),
        **WHOSE,
    },
    "observations": {
        "row": whole("number of the row, from 1"),
        **ANALYTE,
        "group": text("organ system or kind"),
        **_DAY,
        "phase": text("id of the phase; empty where it is not certain, or the day belongs to none"),
        "stated_phase": text("phase, where the source states one"),
        "printed": text("value as the source prints it, and its unit in UCUM; two where two places differ"),
        **_VALUE,
        "unit": text("canonical unit of the analyte (UCUM)"),
        "numeric": Column("yes/no", "True where the source gives a number, False where it gives words"),
        "interpretation": text("HL7 code: L N H, U rose, D fell, B better, W worse"),
        **_REFERENCE,
        "position": text("where the value lies against its range: below, in, above, not certain; empty: no range"),
        "improvement": text("usual direction, where no range decides: increase, decrease, `... into range`, or empty"),
        "scale": text("how two values compare: by their ratio, by their difference, or as count"),
        "scale_low": number("lower end of the scale of an outcome, such as 0 of pain", "unit"),
        "scale_high": number("upper end of the scale, such as 10", "unit"),
        "rcv_low": number("reference change value of a fall, below 0; empty: not published"),
        "rcv_high": number("reference change value of a rise, above 0"),
        "threshold_low": number("lower limit of a score or a definition, which is no reference range", "unit"),
        "threshold_high": number("its upper limit", "unit"),
        "threshold": text("what that limit is, and of which document"),
        "enters": text("how it enters a comparison: by its bounds, or empty (not at all)"),
        **WHOSE,
        "lines": text("lines in observations.csv"),
    },
    "interventions": {
        "line": whole("line in interventions.csv"),
        "intervention": text("id, as in data/interventions.csv"),
        "label": text("its name"),
        "class": text("class of the intervention"),
        "phase": text(
            "phase in which it was begun, the opening dose itself in the phase that it opens; empty: unknown"
        ),
        "atc": text("ATC code or group of the WHO"),
        "start": number("first day, where it is known exactly", "d"),
        **span("start_", "first day", "d"),
        "end": number("last day, where it is known exactly", "d"),
        **span("end_", "last day", "d"),
        "dose": text("dose as written"),
        "dose_unit": text("its unit"),
        "route": text("route"),
        **WHOSE,
    },
    "events": {
        "number": whole("number in the timeline, from 1; 0 for history, which is not in it"),
        **_DAY,
        "phase": text("id of the phase; empty where it is not certain"),
        "stated_phase": text("phase, where the source states one"),
        "kind": text("symptom, sign, diagnosis, test, imaging, transfer, adverse_event, outcome, history; laboratory"),
        "finding": text("what it is about, as written"),
        "told": text("what happened or did not: negative, `no ...`, or resolved where NEG follows the same finding"),
        "interpretation": text("POS, NEG, N, A, B, W"),
        **WHOSE,
    },
    "pictures": {
        "number": whole("number in the order of the days, from 1: the figure is picture-1"),
        **_DAY,
        "file": text("its name in pictures/"),
        "kind": text(", ".join(PICTURE_KINDS)),
        "caption": text("what is to be seen, as written"),
        "alt": text("the same for a reader who cannot see it"),
        "section": text("id of the section of the report that shows it: by its day, before or after day 0"),
        "consent": text("what allows it to be shown"),
        "evidence": text("class of evidence"),
        "source": text("where in the source it stands"),
    },
    "phases": PHASES,
    "claims": {
        "line": whole("line in claims.csv"),
        "claim": text("id of the claim"),
        "statement": text("what the source asserts"),
        "kind": text("kind of claim, as in docs/claims.md"),
        "analyte": text("id of the analyte it is about"),
        "anchor": text("what its window counts from"),
        "from_day": text("first day of its window"),
        "to_day": text("last day of its window"),
        "expected": text("what it expects"),
        "source": text("where in the source it stands"),
    },
    "consistency": {
        "check": text("which check"),
        "day": text("study day, in the grammar of days"),
        "analyte": text("id of the analyte; empty where events are out of order"),
        "finding": text("the remark"),
        "source": text("where in the source the rows stand"),
        "lines": text("lines in observations.csv; of another file with its name, as events.csv:4"),
    },
    "values": {
        "name": text("name of a placeholder of the narrative"),
        "text": text("what it is filled with"),
        "source": text("where that is from"),
    },
    "changes": {
        **PAIR,
        "unit": text("unit of the values (UCUM)"),
        "before": number("last value of the phase before, where it is a number", "unit"),
        **span("before_", "last value of the phase before", "unit"),
        "before_printed": text("last value of the phase before, as the source prints it"),
        "before_day": number("its study day", "d"),
        "before_row": whole("its row in observations; 0 for a median"),
        "after": number("last value of the phase, where it is a number", "unit"),
        **span("after_", "last value of the phase", "unit"),
        "after_printed": text("last value of the phase, as the source prints it"),
        "after_day": number("its study day", "d"),
        "after_row": whole("its row in observations; 0 for a median"),
        "ratio_low": number("after/before: the lowest that it can be"),
        "ratio_high": number("after/before: the highest that it can be"),
        "difference_low": number("after - before: the lowest that it can be", "unit"),
        "difference_high": number("after - before: the highest that it can be", "unit"),
        "direction": text("rose, fell, same or not certain"),
        "material": text("beyond random variation: yes, no, not certain, in words; empty: none is published"),
        "verdict": text(
            "into range, towards range, away from range, out of range, within range, no material change, rose, fell or "
            "not decidable"
        ),
        "heading": text("better or worse where the verdict is one of these, else the verdict itself"),
        "rule": text("the rule that the verdict follows from, in words"),
        "robust": text("same: under every other choice; direction not robust; differs; empty: not repeated"),
        "extreme": number("value between the two that lies furthest outside both, and outside its range", "unit"),
        **span("extreme_", "that value", "unit"),
        "extreme_printed": text("that value, as the source prints it"),
        "extreme_day": number("its study day", "d"),
        "opposite": number("the same on the other side of the two", "unit"),
        **span("opposite_", "that value", "unit"),
        "opposite_printed": text("that value, as the source prints it"),
        "opposite_day": number("its study day", "d"),
        "position_before": text("position of the value before against its range"),
        "position_after": text("position of the value after against its range"),
        **N,
        "evidence": text("classes of evidence of the two"),
    },
    "under_way": {
        **PAIR,
        "unit": text("unit of the values (UCUM)"),
        "extreme": number("value furthest outside the range in all days before the phase", "unit"),
        "extreme_printed": text("the same, as the source prints it"),
        "extreme_day": number("its study day", "d"),
        "before": number("last value before the phase", "unit"),
        "before_printed": text("the same, as the source prints it"),
        "before_day": number("its study day", "d"),
        "after": number("last value of the phase", "unit"),
        "after_printed": text("the same, as the source prints it"),
        "after_day": number("its study day", "d"),
        "share": number(
            "how much of the way from extreme to after was gone before the dose; above 1: it moved away again"
        ),
        "told_first": Column("yes/no", "True where a report tells it before anything else"),
        "sentence": text("the same in words"),
    },
    "effects": EVIDENCE["effects"],
    "ab_pairs": EVIDENCE["ab_pairs"],
    "chance": EVIDENCE["chance"],
    "regression": EVIDENCE["regression"],
    "visual": EVIDENCE["visual"],
    "half_lives": EVIDENCE["half_lives"],
    "repetitions": {
        **PAIR,
        "kind": text("headline, choice or left out"),
        "lag_days": whole("days after the dose before the phase begins to count", "d"),
        "infusion_day": text("which phase a sample of that day belongs to"),
        "summary": text("last or median"),
        "left_out": text("study day of the observation that is left out, in the grammar of days"),
        **span("before_", "value of the phase before", "unit"),
        **span("after_", "value of the phase", "unit"),
        "verdict": text("as in changes, or no data"),
        "heading": text("as in changes, or no data"),
    },
    "sensitivity": {
        **PAIR,
        "verdict": text("verdict of the comparison as reported"),
        "heading": text("what it stands under"),
        "repetitions": whole("how often it was made again"),
        "agreeing": whole("how often under the same heading"),
        "different": whole("how often with other values"),
        "choices": whole("repetitions under other choices"),
        "choices_agreeing": whole("of these under the same heading"),
        "left_out": whole("repetitions with one observation left out"),
        "left_out_agreeing": whole("of these under the same heading"),
        **{name: whole("repetitions under this heading") for name in (h.replace(" ", "_") for h in HEADINGS)},
        "no_data": whole("repetitions with nothing to compare"),
        "turns": Column("yes/no", "True where better becomes worse, or worse better, under another choice"),
        "survives": Column("yes/no", "True where every repetition agrees"),
        "sentence": text("the same in words"),
    },
    "estimability": ESTIMABILITY,
    "audit": {
        "claim": text("id of the claim"),
        "statement": text("what the source asserts"),
        "kind": text("kind of claim"),
        "sort": text("clinical, or transcription: a number that only repeats one of another document"),
        "verdict": text("supported, partly supported, contradicted, reported only or not testable"),
        "evidence": text("what the source says, what was found, the difference"),
        "rule": text("the rule that decided, in words"),
        "lines": text("the rows that it rests on, as file:line"),
        "locators": text("where in the source these stand"),
        "source": text("where in the source the claim stands"),
    },
    "base_rates": {
        "claim": text("id of the claim that it stands beside"),
        "analyte": text("id of the analyte"),
        "measure": text("what was counted"),
        "horizon": whole("within how many days", "d"),
        "limit": text("limit of the range, in the unit of the analyte; by sex where it differs"),
        "side": text("on which side of it a value is bad: below or above"),
        "outcome_group": text("survivors or all"),
        "measurements": whole("measurements beyond the limit that were followed so long"),
        "patients": whole("patients they are from"),
        "in_deaths": whole("measurements of patients who died, among those of all"),
        "least_change": number("the relative change that counts as better; empty: any, as no variation is published"),
        "count": whole("in how many it happened"),
        "share": number("the same as a share"),
        **CI,
        "source": text("where the cohort is published"),
        "sentence": text("the same in words"),
    },
    "found": {
        "treatment": text("treatment that opens a phase; or a claim of a cause, in words"),
        "analyte": text("id of the analyte; empty for a claim"),
        "label": text("its name; of a claim, what the treatment has an effect on"),
        "phase": text("id of the phase that is compared with the one before"),
        "put_in": number("by what the treatment multiplies the median in the end; 1: no effect"),
        "illness": number("by what the illness alone multiplies it, from the first day to the last"),
        "reported": text("direction and heading of the comparison; of a claim, its verdict"),
        "every_time": text("whether every repetition of the sensitivity analysis agrees: yes or no"),
        "answer": text("found, missed, false, rightly none or left open"),
    },
    "comparators": {
        "case": text("id of the case"),
        "simulated": Column("yes/no", "True for a simulated case"),
        "day_zero": text("its day 0 in words"),
        "opened_by": text("what opens its phases"),
        "also_given": text("what else was given"),
    },
    "sources": {
        "evidence": text("class of evidence"),
        "observations": whole("statements on analytes of this class"),
        "interventions": whole("interventions of this class"),
        "events": whole("events of this class"),
    },
    "care": {
        "item": text("item of the CARE checklist"),
        "section": text("section it belongs to"),
        "what": text("what is asked"),
        "must": Column("yes/no", "True where a final report needs it"),
        "met": text("yes, partly, to be confirmed (a word that fits was found, and a reader has to judge) or gap"),
        "where": text("id of the section, figure or table that meets it"),
        "finding": text("what was found"),
    },
}
TABLES["courses-beside"] = {
    "case": text("id of the case"),
    "simulated": Column("yes/no", "True for a simulated case"),
    "last_day": number("last study day that its source covers", "d"),
    **TABLES["observations"],
}

# what a table of one phase, or of another summary, has the columns of, by the beginning of its name
_LIKE = {"change": "changes", "changes": "changes", "given": "interventions"}


def columns_of(table: str) -> Mapping[str, Column]:
    """The columns of a table, empty for one that is not the project's.

    >>> columns_of("change-msc") == columns_of("changes-median") == TABLES["changes"]
    True
    """
    return TABLES.get(table) or TABLES.get(_LIKE.get(table.partition("-")[0], ""), {})


def cells_of(found: Sequence[object], what: Column) -> np.ndarray | ExtensionArray:
    """These cells as an array of the column's type: missing texts empty, missing numbers NaN."""
    if what.kind == "text":
        return pd.array(["" if cell is None or cell != cell else cell for cell in found], dtype=what.dtype)
    return np.array(found, dtype=what.dtype)


def typed(table: str, found: pd.DataFrame) -> pd.DataFrame:
    """The same table, each column of its type: missing texts empty, missing numbers NaN."""
    for name, what in columns_of(table).items():
        if name in found:
            column = found[name]
            if what.kind == "text":
                column = column.where(column.notna(), "")
            found[name] = column.astype(what.dtype)
    return found
