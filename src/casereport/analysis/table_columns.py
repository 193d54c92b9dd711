"""Every table that a notebook writes: its columns, their types and units, and what they mean.

This is the one place that says it: tables are made with these columns and read back with these types, and
docs/tables.md is written from here.
"""

from collections.abc import Mapping

import pandas as pd

from casereport.analysis.column_kinds import ANALYTE as _ANALYTE
from casereport.analysis.column_kinds import CI as _CI
from casereport.analysis.column_kinds import PAIR as _PAIR
from casereport.analysis.column_kinds import WHOSE as _WHOSE
from casereport.analysis.column_kinds import Column
from casereport.analysis.column_kinds import N as _N
from casereport.analysis.column_kinds import number as _number
from casereport.analysis.column_kinds import span as _span
from casereport.analysis.column_kinds import text as _text
from casereport.analysis.column_kinds import whole as _whole
from casereport.analysis.design_columns import ESTIMABILITY, PHASES
from casereport.analysis.evidence_columns import EVIDENCE
from casereport.analysis.judgement.verdict import HEADINGS
from casereport.case.schema import PICTURE_KINDS

_DAY = {"day": _number("study day, where it is known exactly", "d")} | _span("day_", "study day", "d")
_VALUE = {"value": _number("the value, where the source gives a plain number", "unit")} | _span("", "value", "unit")
_REFERENCE = _span("ref_", "reference range", "unit") | {
    "ref_origin": _text(
        "whose reference range: source (printed there), target (of the case), default (usual, adult) or empty"
    )
}

TABLES: dict[str, dict[str, Column]] = {
    "statements": {
        "line": _whole("line in observations.csv; behind its end for what is derived"),
        **_ANALYTE,
        "day_printed": _text("the day as written"),
        **_DAY,
        "value_printed": _text("the value as written"),
        "unit_printed": _text("its unit as written"),
        "interpretation": _text("HL7 code: L N H, U rose, D fell, B better, W worse"),
        **_VALUE,
        "unit": _text("canonical unit of the analyte (UCUM)"),
        **_REFERENCE,
        "stated_phase": _text("phase, where the source states one"),
        **_WHOSE,
    },
    "observations": {
        "row": _whole("number of the row, from 1"),
        **_ANALYTE,
        "group": _text("organ system or kind"),
        **_DAY,
        "phase": _text("id of the phase; empty where it is not certain, or the day belongs to none"),
        "stated_phase": _text("phase, where the source states one"),
        "printed": _text("value as the source prints it, and its unit in UCUM; two where two places differ"),
        **_VALUE,
        "unit": _text("canonical unit of the analyte (UCUM)"),
        "numeric": Column("yes/no", "True where the source gives a number, False where it gives words"),
        "interpretation": _text("HL7 code: L N H, U rose, D fell, B better, W worse"),
        **_REFERENCE,
        "position": _text("where the value lies against its range: below, in, above, not certain; empty: no range"),
        "improvement": _text("usual direction, where no range decides: increase, decrease, `... into range`, or empty"),
        "scale": _text("how two values compare: by their ratio, by their difference, or as count"),
        "scale_low": _number("lower end of the scale of an outcome, such as 0 of pain", "unit"),
        "scale_high": _number("upper end of the scale, such as 10", "unit"),
        "rcv_low": _number("reference change value of a fall, below 0; empty: not published"),
        "rcv_high": _number("reference change value of a rise, above 0"),
        "threshold_low": _number("lower limit of a score or a definition, which is no reference range", "unit"),
        "threshold_high": _number("its upper limit", "unit"),
        "threshold": _text("what that limit is, and of which document"),
        "enters": _text("how it enters a comparison: by its bounds, or empty (not at all)"),
        **_WHOSE,
        "lines": _text("lines in observations.csv"),
    },
    "interventions": {
        "line": _whole("line in interventions.csv"),
        "intervention": _text("id, as in data/interventions.csv"),
        "label": _text("its name"),
        "class": _text("class of the intervention"),
        "phase": _text(
            "phase in which it was begun, the opening dose itself in the phase that it opens; empty: unknown"
        ),
        "atc": _text("ATC code or group of the WHO"),
        "start": _number("first day, where it is known exactly", "d"),
        **_span("start_", "first day", "d"),
        "end": _number("last day, where it is known exactly", "d"),
        **_span("end_", "last day", "d"),
        "dose": _text("dose as written"),
        "dose_unit": _text("its unit"),
        "route": _text("route"),
        **_WHOSE,
    },
    "events": {
        "number": _whole("number in the timeline, from 1; 0 for history, which is not in it"),
        **_DAY,
        "phase": _text("id of the phase; empty where it is not certain"),
        "stated_phase": _text("phase, where the source states one"),
        "kind": _text("symptom, sign, diagnosis, test, imaging, transfer, adverse_event, outcome, history; laboratory"),
        "finding": _text("what it is about, as written"),
        "told": _text("what happened or did not: negative, `no ...`, or resolved where NEG follows the same finding"),
        "interpretation": _text("POS, NEG, N, A, B, W"),
        **_WHOSE,
    },
    "pictures": {
        "number": _whole("number in the order of the days, from 1: the figure is picture-1"),
        **_DAY,
        "file": _text("its name in pictures/"),
        "kind": _text(", ".join(PICTURE_KINDS)),
        "caption": _text("what is to be seen, as written"),
        "alt": _text("the same for a reader who cannot see it"),
        "section": _text("id of the section of the report that shows it: by its day, before or after day 0"),
        "consent": _text("what allows it to be shown"),
        "evidence": _text("class of evidence"),
        "source": _text("where in the source it stands"),
    },
    "phases": PHASES,
    "claims": {
        "line": _whole("line in claims.csv"),
        "claim": _text("id of the claim"),
        "statement": _text("what the source asserts"),
        "kind": _text("kind of claim, as in docs/claims.md"),
        "analyte": _text("id of the analyte it is about"),
        "anchor": _text("what its window counts from"),
        "from_day": _text("first day of its window"),
        "to_day": _text("last day of its window"),
        "expected": _text("what it expects"),
        "source": _text("where in the source it stands"),
    },
    "consistency": {
        "check": _text("which check"),
        "day": _text("study day, in the grammar of days"),
        "analyte": _text("id of the analyte; empty where events are out of order"),
        "finding": _text("the remark"),
        "source": _text("where in the source the rows stand"),
        "lines": _text("lines in observations.csv; of another file with its name, as events.csv:4"),
    },
    "values": {
        "name": _text("name of a placeholder of the narrative"),
        "text": _text("what it is filled with"),
        "source": _text("where that is from"),
    },
    "changes": {
        **_PAIR,
        "unit": _text("unit of the values (UCUM)"),
        "before": _number("last value of the phase before, where it is a number", "unit"),
        **_span("before_", "last value of the phase before", "unit"),
        "before_printed": _text("last value of the phase before, as the source prints it"),
        "before_day": _number("its study day", "d"),
        "before_row": _whole("its row in observations; 0 for a median"),
        "after": _number("last value of the phase, where it is a number", "unit"),
        **_span("after_", "last value of the phase", "unit"),
        "after_printed": _text("last value of the phase, as the source prints it"),
        "after_day": _number("its study day", "d"),
        "after_row": _whole("its row in observations; 0 for a median"),
        "ratio_low": _number("after/before: the lowest that it can be"),
        "ratio_high": _number("after/before: the highest that it can be"),
        "difference_low": _number("after - before: the lowest that it can be", "unit"),
        "difference_high": _number("after - before: the highest that it can be", "unit"),
        "direction": _text("rose, fell, same or not certain"),
        "material": _text("beyond random variation: yes, no, not certain, in words; empty: none is published"),
        "verdict": _text(
            "into range, towards range, away from range, out of range, within range, no material change, rose, fell or "
            "not decidable"
        ),
        "heading": _text("better or worse where the verdict is one of these, else the verdict itself"),
        "rule": _text("the rule that the verdict follows from, in words"),
        "robust": _text("same: under every other choice; direction not robust; differs; empty: not repeated"),
        "extreme": _number("value between the two that lies furthest outside both, and outside its range", "unit"),
        **_span("extreme_", "that value", "unit"),
        "extreme_printed": _text("that value, as the source prints it"),
        "extreme_day": _number("its study day", "d"),
        "opposite": _number("the same on the other side of the two", "unit"),
        **_span("opposite_", "that value", "unit"),
        "opposite_printed": _text("that value, as the source prints it"),
        "opposite_day": _number("its study day", "d"),
        "position_before": _text("position of the value before against its range"),
        "position_after": _text("position of the value after against its range"),
        **_N,
        "evidence": _text("classes of evidence of the two"),
    },
    "under_way": {
        **_PAIR,
        "unit": _text("unit of the values (UCUM)"),
        "extreme": _number("value furthest outside the range in all days before the phase", "unit"),
        "extreme_printed": _text("the same, as the source prints it"),
        "extreme_day": _number("its study day", "d"),
        "before": _number("last value before the phase", "unit"),
        "before_printed": _text("the same, as the source prints it"),
        "before_day": _number("its study day", "d"),
        "after": _number("last value of the phase", "unit"),
        "after_printed": _text("the same, as the source prints it"),
        "after_day": _number("its study day", "d"),
        "share": _number("how much of the way from extreme to after was gone before the dose; above 1: it went back"),
        "told_first": Column("yes/no", "True where a report tells it before anything else"),
        "sentence": _text("the same in words"),
    },
    "effects": EVIDENCE["effects"],
    "ab_pairs": EVIDENCE["ab_pairs"],
    "chance": EVIDENCE["chance"],
    "regression": EVIDENCE["regression"],
    "visual": EVIDENCE["visual"],
    "half_lives": EVIDENCE["half_lives"],
    "repetitions": {
        **_PAIR,
        "kind": _text("headline, choice or left out"),
        "lag_days": _whole("days after the dose before the phase begins to count", "d"),
        "infusion_day": _text("which phase a sample of that day belongs to"),
        "summary": _text("last or median"),
        "left_out": _text("study day of the observation that is left out, in the grammar of days"),
        **_span("before_", "value of the phase before", "unit"),
        **_span("after_", "value of the phase", "unit"),
        "verdict": _text("as in changes, or no data"),
        "heading": _text("as in changes, or no data"),
    },
    "sensitivity": {
        **_PAIR,
        "verdict": _text("verdict of the comparison as reported"),
        "heading": _text("what it stands under"),
        "repetitions": _whole("how often it was made again"),
        "agreeing": _whole("how often under the same heading"),
        "different": _whole("how often with other values"),
        "choices": _whole("repetitions under other choices"),
        "choices_agreeing": _whole("of these under the same heading"),
        "left_out": _whole("repetitions with one observation left out"),
        "left_out_agreeing": _whole("of these under the same heading"),
        **{name: _whole("repetitions under this heading") for name in (h.replace(" ", "_") for h in HEADINGS)},
        "no_data": _whole("repetitions with nothing to compare"),
        "turns": Column("yes/no", "True where better becomes worse, or worse better, under another choice"),
        "survives": Column("yes/no", "True where every repetition agrees"),
        "sentence": _text("the same in words"),
    },
    "estimability": ESTIMABILITY,
    "audit": {
        "claim": _text("id of the claim"),
        "statement": _text("what the source asserts"),
        "kind": _text("kind of claim"),
        "sort": _text("clinical, or transcription: a number that only repeats one of another document"),
        "verdict": _text("supported, partly supported, contradicted, reported only or not testable"),
        "evidence": _text("what the source says, what was found, the difference"),
        "rule": _text("the rule that decided, in words"),
        "lines": _text("the rows that it rests on, as file:line"),
        "locators": _text("where in the source these stand"),
        "source": _text("where in the source the claim stands"),
    },
    "base_rates": {
        "claim": _text("id of the claim that it stands beside"),
        "analyte": _text("id of the analyte"),
        "measure": _text("what was counted"),
        "horizon": _whole("within how many days", "d"),
        "limit": _text("limit of the range, in the unit of the analyte; by sex where it differs"),
        "side": _text("on which side of it a value is bad: below or above"),
        "outcome_group": _text("survivors or all"),
        "measurements": _whole("measurements beyond the limit that were followed so long"),
        "patients": _whole("patients they are from"),
        "in_deaths": _whole("measurements of patients who died, among those of all"),
        "least_change": _number("the relative change that counts as better; empty: any, as no variation is published"),
        "count": _whole("in how many it happened"),
        "share": _number("the same as a share"),
        **_CI,
        "source": _text("where the cohort is published"),
        "sentence": _text("the same in words"),
    },
    "found": {
        "treatment": _text("treatment that opens a phase; or a claim of a cause, in words"),
        "analyte": _text("id of the analyte; empty for a claim"),
        "label": _text("its name; of a claim, what the treatment has an effect on"),
        "phase": _text("id of the phase that is compared with the one before"),
        "put_in": _number("by what the treatment multiplies the median in the end; 1: no effect"),
        "illness": _number("by what the illness alone multiplies it, from the first day to the last"),
        "reported": _text("direction and heading of the comparison; of a claim, its verdict"),
        "every_time": _text("whether every repetition of the sensitivity analysis agrees: yes or no"),
        "answer": _text("found, missed, false, rightly none or left open"),
    },
    "comparators": {
        "case": _text("id of the case"),
        "simulated": Column("yes/no", "True for a simulated case"),
        "day_zero": _text("its day 0 in words"),
        "opened_by": _text("what opens its phases"),
        "also_given": _text("what else was given"),
    },
    "sources": {
        "evidence": _text("class of evidence"),
        "observations": _whole("statements on analytes of this class"),
        "interventions": _whole("interventions of this class"),
        "events": _whole("events of this class"),
    },
    "care": {
        "item": _text("item of the CARE checklist"),
        "section": _text("section it belongs to"),
        "what": _text("what is asked"),
        "must": Column("yes/no", "True where a final report needs it"),
        "met": _text("yes, partly, to be confirmed (a word that fits was found, and a reader has to judge) or gap"),
        "where": _text("id of the section, figure or table that meets it"),
        "finding": _text("what was found"),
    },
}
TABLES["courses-beside"] = {
    "case": _text("id of the case"),
    "simulated": Column("yes/no", "True for a simulated case"),
    "last_day": _number("last study day that its source covers", "d"),
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


def typed(table: str, found: pd.DataFrame) -> pd.DataFrame:
    """The same table, each column of its type: missing texts empty, missing numbers NaN."""
    for name, what in columns_of(table).items():
        if name in found:
            column = found[name]
            if what.kind == "text":
                column = column.where(column.notna(), "")
            found[name] = column.astype(what.dtype)
    return found
