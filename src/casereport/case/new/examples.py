"""What stands in a new case: the words for each table and column, and an example row of each."""

from casereport.case.schema import EVENT_INTERPRETATIONS, EVIDENCE, INTERPRETATIONS, TABLES

TITLE = "TITLE: a case report"

WHAT = {
    "observations.csv": "a measurement",
    "interventions.csv": "a treatment: a course or a dose",
    "events.csv": "a symptom, test, image, transfer or outcome",
    "claims.csv": "an assertion of the source, to be checked against the tables (optional file)",
}

# One row of each table, filled in; the patient is nobody.
EXAMPLES: dict[str, list[tuple[str, ...]]] = {
    "observations.csv": [
        ("-1", "crp", "105.5", "mg/L", "", "", "3", "measured", "Table 1, day -1", ""),
        ("1", "procalcitonin", "<0.10", "ng/mL", "", "", "", "measured", "Table 1, day 1", ""),
        ("4", "lymphocytes", "", "", "N", "", "", "reported", "text, day 4", "No number is given."),
    ],
    "interventions.csv": [
        ("0", "0", "convalescent_plasma", "200", "mL", "intravenous", "reported", "text, day 0", "One unit."),
        ("-3", "", "oxygen", "5", "L/min", "inhalation", "reported", "text, day -3", "End not stated."),
    ],
    "events.csv": [
        ("-9..-7", "symptom", "Fever", "POS", "reported", "text, history", ""),
        ("4", "test", "RT-PCR for SARS-CoV-2", "NEG", "reported", "text, day 4", ""),
    ],
    "claims.csv": [
        (
            "1",
            "CRP fell to 10.1 mg/L by day 13",
            "change",
            "crp",
            "-1",
            "13",
            "13",
            "fell to 10.1 mg/L",
            "text, day 13",
        ),
    ],
}

# Codes whose meaning a word does not tell.
MEANINGS = {
    ("observations.csv", "interpretation"): INTERPRETATIONS,
    ("observations.csv", "evidence"): EVIDENCE,
    ("interventions.csv", "evidence"): EVIDENCE,
    ("events.csv", "interpretation"): EVENT_INTERPRETATIONS,
    ("events.csv", "evidence"): EVIDENCE,
}

COLUMNS = {
    "unit": "a UCUM unit of the analyte, as `casereport analytes` lists them",
    "analyte": "an id, as `casereport analytes WORD` finds it",
    "intervention": "an id of data/interventions.csv, or of your own interventions.csv beside the case folder",
    "ref_low": "the lower limit of the reference range that the source prints, >60 where 60 is outside, or nothing",
    "ref_high": "the upper limit of the reference range that the source prints, <3.0 where 3.0 is outside, or nothing",
    "dose_unit": "the unit of the dose, if any",
    "route": "how it was given, or nothing",
    "note": "anything else, or nothing",
    "phase": "the id of the phase, where the day does not determine it (optional column)",
    "anchor": "the comparison or the words to look for; see docs/claims.md",
    "expected": "what the claim expects; see docs/claims.md",
    "kind": "",
}


def column_help(table: str, column: str) -> str:
    """What may stand in a column, in one line."""
    if (table, column) in MEANINGS:
        codes = "; ".join(f"`{code}` {meaning}" for code, meaning in MEANINGS[table, column].items())
        return codes if column == "evidence" else f"nothing, or {codes}"
    return COLUMNS.get(column) or TABLES[table][column].expected.removeprefix("expected ")
