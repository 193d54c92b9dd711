"""What each section says beside its prose: the words and rows that its template needs, of what the notebooks kept."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from casereport.analysis.base_rates import CAVEATS
from casereport.analysis.changes import within
from casereport.analysis.estimability import told_basis
from casereport.analysis.judgement.verdict import (
    AWAY,
    BETTER,
    FELL,
    OUT,
    ROSE,
    TURNS,
    UNCHANGED,
    UNDECIDED,
    WITHIN,
    WORSE,
)
from casereport.analysis.phase_notes import phase_notes
from casereport.analysis.sensitivity import in_one_sentence
from casereport.analysis.tidy import change_table
from casereport.analysis.truth import ANSWERS
from casereport.analysis.truth import in_one_sentence as against_truth_in_one_sentence
from casereport.analysis.under_way import headline
from casereport.audit.care.checklist import called
from casereport.audit.care.items import REFERENCES
from casereport.audit.claims import CLINICAL, transcription_text
from casereport.case.schema import EVIDENCE
from casereport.quantities.wording import (
    uncapital,
)
from casereport.report import provenance
from casereport.report.declared import declarations
from casereport.report.evidence_tables import effect_rows, regression_rows, truth_rows, visual_rows, without_index
from casereport.report.summary import only_in_words, verdicts, who_and_what
from casereport.report.tables import (
    Cells,
    change_rows,
    claim_rows,
    event_rows,
    finding_rows,
    given_rows,
    history_rows,
    series_rows,
)
from casereport.report.titles import SECTIONS

if TYPE_CHECKING:
    from casereport.report.sections import Report


def _glance(report: "Report") -> Cells:
    """What the top of the report says: who, what was given, what is measured, the main changes."""
    audit = report.results["audit"]
    tables = (report.results[name] for name in ("phases", "observations", "interventions"))
    clinical = audit[audit["sort"] == CLINICAL]
    return who_and_what(report.case, report.observations) | {
        "notes": phase_notes(*tables),
        "changes": _main_changes(report),
        "remarks": len(report.results["consistency"]),
        "verdicts": [(v, clinical.loc[clinical["verdict"] == v, "claim"].to_list()) for v, _ in verdicts(audit)],
        "transcription": transcription_text(audit),
    }


def _main_changes(report: "Report") -> list[Cells]:
    """For each phase after the first: which analytes ended better, worse, or changed without a good side.

    Then, for each phase, the same of its first and last value, for analytes that two phases do not both have.
    """
    changed, events = report.results["changes"], report.results["events"]
    rows = change_rows(changed, report.observations, report.labels, report.results["sensitivity"])
    told = events[events["interpretation"].isin(["B", "W"]) & (events["kind"] != "laboratory")]
    phases = list(report.labels)
    found = [
        _changes_of(
            report,
            phase,
            rows,
            [*only_in_words(report.observations, phase), *told[told["phase"] == phase]["told"].map(uncapital)],
        )
        for phase in phases[1:]
    ]
    compared = set(changed["analyte"])
    rest = change_table(c for c in within(report.observations, phases) if c.analyte.analyte not in compared)
    rows = change_rows(rest, report.observations, report.labels)
    inside = [_changes_of(report, phase, rows, []) | {"inside": True} for phase in phases]
    return found + [entry for entry in inside if entry["total"]]


def _changes_of(report: "Report", phase: str, rows: list[Cells], told: list[str]) -> Cells:
    mine = [r for r in rows if r["phase"] == phase]
    return {
        "phase": phase,
        "label": report.labels[phase],
        "inside": False,
        "told": told,
        "rows": mine if len(mine) <= 4 else [],
        "total": len(mine),
        "under_way": headline(report.results["under_way"], phase),
        "groups": [(heading, [_told(r) for r in mine if r["heading"] == heading]) for heading in _GROUPS],
    }


_GROUPS = (BETTER, WORSE, TURNS, OUT, AWAY, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)


def _told(row: Cells) -> str:
    verdict = "" if row["verdict"] == row["heading"] else row["verdict"]
    alike = row["alike"] if row["heading"] in (BETTER, WORSE) else ""
    parts = (verdict, row["between"] and f"in between {row['between']}", row["then"], alike)
    said = "; ".join(str(part) for part in parts if part)
    return f"{row['short'] if row['heading'] in (WITHIN, UNCHANGED) else row['move']}" + (f" ({said})" if said else "")


def _audit(report: "Report") -> Cells:
    audit = report.results["audit"]
    rows = claim_rows(audit, report.results["base_rates"])
    return {
        "rows": rows,
        "counts": verdicts(audit),
        "transcription": transcription_text(audit),
        "caveats": CAVEATS,
    }


def _evidence(report: "Report") -> Cells:
    effects, sensitivity = report.results["effects"], report.results["sensitivity"]
    estimability, phases = report.results["estimability"], report.results["phases"]
    found = report.results["found"]
    return {
        "effects": effect_rows(effects, report.labels),
        "visual": visual_rows(report.results["visual"], report.labels),
        "half_lives": [s for s in report.results["half_lives"]["sentence"] if s],
        "without_index": without_index(effects, report.labels),
        "regression": regression_rows(report.results["regression"], report.labels),
        "chance": report.results["chance"].to_dict("records"),
        "estimability": estimability[estimability["basis"] == told_basis(phases)].to_dict("records"),
        "ab_pairs": report.results["ab_pairs"].to_dict("records"),
        "truth": truth_rows(found),
        "truth_told": against_truth_in_one_sentence(found),
        "answers": ANSWERS,
        "survival": in_one_sentence(sensitivity),
        "sensitivity": sensitivity["sentence"].to_list(),
        "confidence": f"{100 * effects['confidence'].iloc[0]:g} %" if len(effects) else "",
    }


def _care(report: "Report") -> Cells:
    rows = report.results["care"].to_dict("records")
    for row in rows:
        row["called"], row["place"] = called(row["item"], row["section"]), _place(report, row["where"])
    missing = [row for row in rows if row["must"] and row["met"] == "gap"]
    return {"rows": rows, "missing": missing, "references": REFERENCES}


def _place(report: "Report", where: str) -> str:
    """What a link to a place of the report says: `Discussion`, `Table 3`; empty for a table that is not shown."""
    kind, _, name = where.partition("-")
    if kind in ("table", "figure"):
        shown = report.tables() if kind == "table" else report.figures()
        return f"{kind.capitalize()} {shown[name].number}" if name in shown else ""
    return SECTIONS.get(where, "Title page")


def _follow_up(report: "Report") -> Cells:
    return {"rows": change_rows(report.results["changes"], report.observations, report.labels)}


def _courses(report: "Report") -> Cells:
    return {"courses": [shown for name, shown in report.figures().items() if name.startswith("courses-")]}


def _declarations(report: "Report") -> Cells:
    stated, lacking = declarations(report.case.meta)
    return {"stated": stated, "lacking": lacking}


WORDED: dict[str, Callable[["Report"], Cells]] = {
    "at-a-glance": _glance,
    "audit": _audit,
    "patient-information": lambda report: {"history": history_rows(report.results["events"])},
    "timeline": lambda report: {"rows": event_rows(report.results["events"])},
    "diagnostic-assessment": lambda report: series_rows(report.observations, report.case.vocabulary),
    "therapeutic-intervention": lambda report: {"rows": given_rows(report.results["interventions"])},
    "follow-up-and-outcomes": _follow_up,
    "declarations": _declarations,
    "references": lambda report: {"cited": list(report.cited.values())},
    "evidence": _evidence,
    "courses": _courses,
    "comparators": lambda report: {"rows": report.results["comparators"].to_dict("records")},
    "consistency": lambda report: {"rows": finding_rows(report.results["consistency"], report.case.vocabulary)},
    "care": _care,
    "sources": lambda report: {"rows": report.results["sources"].to_dict("records"), "meanings": EVIDENCE},
    "how-it-was-made": lambda report: {
        "made": provenance.collect(report.results.made_from, report.results.parameters),
        "notebooks": report.results.notebooks,
    },
}
