"""What each section says beside its prose: the words and rows that its template needs, of what the notebooks kept."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from casereport.analysis.base_rates import CAVEATS
from casereport.analysis.changes import within
from casereport.analysis.estimability import told_basis
from casereport.analysis.phase_notes import phase_notes
from casereport.analysis.sensitivity import in_one_sentence
from casereport.analysis.tidy import change_table, gathered
from casereport.analysis.truth import ANSWERS
from casereport.analysis.truth import in_one_sentence as against_truth_in_one_sentence
from casereport.audit.care.checklist import called
from casereport.audit.care.items import REFERENCES
from casereport.audit.claims import CLINICAL, by_document, transcription_text
from casereport.case.narrative import FINDING
from casereport.case.schema import EVIDENCE
from casereport.privacy.questions import number_of
from casereport.quantities.wording import day_text, listed, uncapital
from casereport.report import citing, provenance
from casereport.report.declared import declarations
from casereport.report.evidence_tables import effect_rows, regression_rows, truth_rows, visual_rows, without_index
from casereport.report.finding import finding
from casereport.report.summary import covers, facts, known, only_in_words, verdicts
from casereport.report.tables import Cells, change_rows, claim_rows, event_rows, finding_rows, given_rows, history_rows
from casereport.report.titles import SECTIONS
from casereport.report.value_grid import value_grid

if TYPE_CHECKING:
    from casereport.report.sections import Report


def _glance(report: "Report") -> Cells:
    """What the first screen says beside its picture: the finding, four facts, and how the claims stand."""
    results = report.results
    audit = results["audit"]
    clinical = by_document(audit[audit["sort"] == CLINICAL])
    return facts(report.case, results) | {
        "finding": finding(results, _told_by_phase(report)),
        "own": report.narrative(FINDING),
        "known": known(report.case, report.observations),
        "covers": covers(report.case, results),
        "remarks": len(results["consistency"]),
        "open_questions": sum(map(number_of, results["care"]["finding"])),
        "verdicts": [
            (
                name if len(clinical) > 1 else "",
                [(v, mine.loc[mine["verdict"] == v, "claim"].to_list()) for v, _ in verdicts(mine)],
            )
            for name, mine in clinical.items()
        ],
        "transcription": transcription_text(audit),
    }


def _told_by_phase(report: "Report") -> dict[str, list[str]]:
    """What the source says of each phase only in words: of analytes without a number, and of better or worse."""
    events = report.results["events"]
    told = events[events["interpretation"].isin(["B", "W"]) & (events["kind"] != "laboratory")].to_dict("records")
    return {
        phase: [*only_in_words(report.observations, phase), *(_dated(row) for row in told if row["phase"] == phase)]
        for phase in report.labels
    }


def _dated(event: Mapping) -> str:
    """An event with its day, where that is known: `breathing clearly better (day 3)`."""
    day = gathered(event, "day_", "day")
    return uncapital(event["told"]) + (f" ({day_text(day)})" if day else "")


def _follow_up(report: "Report") -> Cells:
    tables = (report.results[name] for name in ("phases", "observations", "interventions"))
    told = {report.labels[phase]: words for phase, words in _told_by_phase(report).items() if words}
    return {"notes": phase_notes(*tables), "told": told}


def _tables(report: "Report") -> Cells:
    """The full tables: every value, event and change, and what changed within a phase without another beside it."""
    changed = report.results["changes"]
    compared = set(changed["analyte"])
    phases = list(report.labels)
    rest = change_table(c for c in within(report.observations, phases) if c.analyte.analyte not in compared)
    return value_grid(report.observations, report.case.vocabulary, list(report.labels)) | {
        "interventions": given_rows(report.results["interventions"]),
        "events": event_rows(report.results["events"]),
        "changes": change_rows(changed, report.observations, report.labels, report.results["sensitivity"]),
        "inside": change_rows(rest, report.observations, report.labels),
    }


def _audit(report: "Report") -> Cells:
    audit = report.results["audit"]
    rows = claim_rows(audit, report.results["base_rates"], report.observations)
    documents = by_document(audit)
    return {
        "rows": rows,
        "counts": {name: counts for name, mine in documents.items() if (counts := verdicts(mine))},
        "whose": listed([*documents]) if len(documents) > 1 else "",
        "measured": bool(report.results["observations"]["numeric"].any()),  # whatever analytes were chosen
        "transcription": transcription_text(audit),
        "caveats": CAVEATS,
    }


def _evidence(report: "Report") -> Cells:
    effects, sensitivity = report.results["effects"], report.results["sensitivity"]
    estimability, phases = report.results["estimability"], report.results["phases"]
    found, half_lives = report.results["found"], report.results["half_lives"]
    # a half-life of which a level course is not excluded describes no fall: it is in the CSV
    falls = half_lives[half_lives["days_high"] < float("inf")]
    return {
        "effects": effect_rows(effects, report.labels),
        "visual": visual_rows(report.results["visual"], report.labels),
        "half_lives": falls["sentence"].to_list(),
        "ranged": report.results["observations"]["ref_low"].notna().any(),
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


def _courses(report: "Report") -> Cells:
    return {"courses": [shown for name, shown in report.figures().items() if name.startswith("courses-")]}


def _declarations(report: "Report") -> Cells:
    stated, lacking = declarations(report.case.meta)
    return {"stated": stated, "lacking": lacking}


def _how_it_was_made(report: "Report") -> Cells:
    made = provenance.collect(report.results.made_from, report.results.parameters)
    meta, digest = report.case.meta, citing.content_hash(report.results.folder)
    cite = citing.reference([author.name for author in meta.authors], meta.title, made, digest)
    return {"made": made, "notebooks": report.results.notebooks, "cite": cite}


WORDED: dict[str, Callable[["Report"], Cells]] = {
    "at-a-glance": _glance,
    "audit": _audit,
    "patient-information": lambda report: {"history": history_rows(report.results["events"])},
    "follow-up-and-outcomes": _follow_up,
    "declarations": _declarations,
    "references": lambda report: {"cited": list(report.cited.values())},
    "evidence": _evidence,
    "courses": _courses,
    "tables": _tables,
    "comparators": lambda report: {
        "rows": report.results["comparators"].to_dict("records"),
        "covid": report.case.meta.is_covid,
    },
    "consistency": lambda report: {
        "rows": finding_rows(report.results["consistency"], report.case.vocabulary),
        "measured": any(m.numeric for m in report.observations),
    },
    "care": _care,
    "sources": lambda report: {"rows": report.results["sources"].to_dict("records"), "meanings": EVIDENCE},
    "how-it-was-made": _how_it_was_made,
}
