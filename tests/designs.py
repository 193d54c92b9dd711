"""Made-up experiments on one patient for tests: the rows of `import-cases/27` in the phases that a test asks for."""

from pathlib import Path

from made_up import EVENTS, INTERVENTIONS, OBSERVATIONS, table

# three values a phase: high without oxygen, low with it
VALUES = (80, 82, 81, 63, 62, 64, 79, 83, 81, 63, 64, 62)
COURSES = (("4", "6", "oxygen"), ("10", "12", "oxygen"))
A1 = "{id: a1, label: Baseline, opened_by: null}"
B1 = "{id: b1, label: Oxygen, opened_by: oxygen, closed_by: oxygen}"
A2 = "{id: a2, label: Withdrawal, opened_by: null}"
B2 = "{id: b2, label: Oxygen again, opened_by: oxygen, closed_by: oxygen}"
ABAB = (A1, B1, A2, B2)
YEARS = "age_years: 8"


def design(
    parent: Path, *phases: str, courses=COURSES, values=VALUES, analyte="heart_rate", unit="/min", age=YEARS,
    further: str = "", stated=(),
) -> Path:  # fmt: skip
    """The folder of a case with these phases (as YAML) and courses, and a value on each day from 1.

    `further` are more lines of case.yaml, `stated` the phase that the source states for each value.
    """
    folder = parent / "cases" / "experiment"
    folder.mkdir(parents=True)
    lines = [
        "id: experiment",
        'title: "A reversal design: a case report"',
        "keywords: [single-case design, made up]",
        "status: draft",
        "citation: null",
        f"subject: {{{age}, sex: female}}",
        "time_zero: the day before the first session",
        *([] if further.startswith("last_day") else ["last_day: null"]),
        *filter(None, [further]),
        "phases:",
        *(f"  - {phase}" for phase in phases),
        "consent: null",
        "not_reported: []",
    ]
    seen = [
        (day, analyte, value, unit, "", "", "", "measured", f"Table 1, day {day}", "", *stated[day - 1 : day])
        for day, value in enumerate(values, start=1)
    ]
    given = [(start, end, what, "", "", "", "reported", "text", "") for start, end, what in courses]
    files = {
        "case.yaml": "\n".join(lines) + "\n",
        "observations.csv": table(OBSERVATIONS + (",phase" if stated else ""), seen),
        "interventions.csv": table(INTERVENTIONS, given),
        "events.csv": table(EVENTS, []),
        "narrative.md": "# Abstract\nMade up.\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
