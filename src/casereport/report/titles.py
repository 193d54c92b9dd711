"""The sections of the report by the id that a notebook names when it keeps something for one.

First what a reader needs, in the order of the CARE guideline, with the audit before the discussion that it bears on;
then the supplement, where a reviewer finds the rest.
"""

MAIN = {
    "at-a-glance": "At a glance",
    "abstract": "Abstract",
    "introduction": "Introduction",
    "patient-information": "Patient information",
    "clinical-findings": "Clinical findings",
    "timeline": "Timeline",
    "diagnostic-assessment": "Diagnostic assessment",
    "therapeutic-intervention": "Therapeutic intervention",
    "follow-up-and-outcomes": "Follow-up and outcomes",
    "audit": "Audit of the claims",
    "discussion": "Discussion",
    "patient-perspective": "Patient perspective",
    "informed-consent": "Informed consent",
    "declarations": "Declarations",
    "references": "References",
}
SUPPLEMENT = {
    "evidence": "Statistical analysis",
    "comparators": "Comparison with other cases",
    "courses": "Courses by organ system",
    "tables": "Full tables",
    "consistency": "Consistency of the data",
    "care": "CARE checklist",
    "sources": "Sources",
    "how-it-was-made": "How this report was made",
}
SECTIONS = MAIN | SUPPLEMENT
