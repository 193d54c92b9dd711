"""The sections of the report, in CARE order, by the id that a notebook names when it keeps something for one."""

SECTIONS = {
    "at-a-glance": "At a glance",
    "audit": "Audit of the claims",
    "abstract": "Abstract",
    "introduction": "Introduction",
    "patient-information": "Patient information",
    "clinical-findings": "Clinical findings",
    "timeline": "Timeline",
    "diagnostic-assessment": "Diagnostic assessment",
    "therapeutic-intervention": "Therapeutic intervention",
    "follow-up-and-outcomes": "Follow-up and outcomes",
    "evidence": "What the numbers can tell",
    "comparators": "Beside other cases",
    "discussion": "Discussion",
    "patient-perspective": "Patient perspective",
    "informed-consent": "Informed consent",
    "consistency": "Consistency of the data",
    "care": "CARE checklist",
    "sources": "Sources",
    "how-it-was-made": "How this report was made",
}
