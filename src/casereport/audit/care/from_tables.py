"""The CARE items that the tables answer: who, complaints, findings, timeline, tests, treatments, outcomes, harms.

What a table holds is counted, and where it holds nothing the prose is looked at before an item is called a gap.
"""

import re

from casereport.analysis.measurements import Measurement
from casereport.audit.care import words as prose
from casereport.audit.care.from_prose import ENOUGH, SYMPTOM, if_word
from casereport.audit.care.view import Answer, Dated, Rule, View, gap, partly, to_confirm, yes
from casereport.case.phases import windows
from casereport.privacy.identifiers import find
from casereport.privacy.questions import covers, how_many, may_stay, open_questions, texts_of
from casereport.quantities.vocabulary import NO_LABORATORY
from casereport.quantities.wording import counted, listed, uncapital

_NO_DOSE = ("Respiratory support", "Organ support", "Procedure")  # ventilation has settings and no dose
# tells when it began, and names no complaint
_ONSET = r"\b(?:symptoms?|illness|disease) (?:began|started|onset)\b|\bonset of (?:symptoms?|illness|disease)\b"
_SEVERITY = "prognos|stage\\b|staging|severe|severity|critical|risk factor|SOFA|APACHE|score"


def _counts(*counts: tuple[int, str, str]) -> str:
    """`3 tests and 1 image`: each count that is not zero with its noun; empty where all are."""
    return listed([counted(n, one, many) for n, one, many in counts if n])


def _demographics(view: View) -> Answer:
    where, subject = "at-a-glance", view.case.meta.subject
    if subject.age is not None and subject.sex is not None:
        return yes(where, f"Age ({subject.age_text}) and sex ({subject.sex}) are given.")
    if subject.age is not None:
        return partly(where, "The age is given, the sex is not; add it to case.yaml if it is known.")
    if subject.sex is not None:
        return partly(where, "The sex is given, the age is not; add it to case.yaml if it is known.")
    return gap(where, "Neither age nor sex is given; add age_years and sex to case.yaml.")


def _complaints(view: View) -> Answer:
    told = _presenting(view)
    if told:
        return yes("table-events", f"{counted(len(told), 'symptom')} in events.csv: {listed(told)}.")
    words = f"{SYMPTOM}|asymptomatic|incidental|present(?:s|ed|ing)|screening|concern"
    if prose.first_of(words, view.prose("Patient information", "Clinical findings")):
        return partly("patient-information", "Complaints are described in words; add them to events.csv as symptoms.")
    return gap("patient-information", "No complaint is given; add what brought the patient to care.")


def _presenting(view: View) -> list[str]:
    """The symptoms that were there before the index treatment, each once: an intermittent fever is a fever."""
    had = [e for e in view.kind("symptom") if e.interpretation in ("", "POS") and not view.is_later(e)]
    named = dict.fromkeys(uncapital(e.finding) for e in had if not re.search(_ONSET, e.finding, re.IGNORECASE))
    words = {name: set(re.findall(r"\w+", name.lower())) for name in named}
    return [name for name in named if not any(words[other] < words[name] for other in named)]


def _earlier(view: View) -> Answer:
    phases = view.case.meta.phases
    if len(phases) > 1:
        given = view.case.interventions
        index = windows(view.case)[1].opens
        assert index is not None  # every phase after the first opens on a day
        begun = {row.intervention for row in given if row.start is not None and row.start.certainly_below(index)}
        n = counted(len(begun), "treatment")
        days: list[Dated] = [*view.measured, *view.events]
        then = sum(day.phase == phases[0].id for day in days)
        if begun and then:
            told = counted(then, "value or event", "values and events")
            return yes("table-interventions", f"{n} before the index treatment, and {told} of that time.")
        if begun:
            return partly("table-interventions", f"{n} before the index treatment; add how the patient did on it.")
    if prose.first_of("earlier|previous|prior|past|treated with|had received", view.prose("Patient information")):
        return partly("patient-information", "Earlier treatment is described in words; check that its result is given.")
    return gap("patient-information", "No earlier treatment is given; add what was tried before, and its result.")


def _is_vital(row: Measurement) -> bool:
    """True for what is read at the bed: a saturation from the finger is, a blood gas is a laboratory value."""
    return row.group == "Vital signs" or row.analyte.startswith("spo2")


def _examination(view: View) -> Answer:
    where, vital = "clinical-findings", sum(map(_is_vital, view.measured))
    data = _counts(
        (vital, "reading of a vital sign", "readings of vital signs"), (len(view.kind("sign")), "sign", "signs")
    )
    told = prose.length(view.prose("Clinical findings")) >= ENOUGH
    if told and data:
        return yes(where, f"Described in words, with {data} in the data.")
    if told:
        return partly(where, "Described in words only; add vital signs and signs to the data as far as they are known.")
    if data:
        return partly(where, f"There are {data} in the data; add in words what examination showed.")
    return gap(where, "No finding on examination and no vital sign is given; add them.")


def _timeline(view: View) -> Answer:
    told = [row.start for row in view.case.interventions] + [event.when for event in view.events]
    days = [day for day in told if day is not None]
    if not days:
        return gap("timeline", "Nothing has a day or an order; add days to interventions.csv and events.csv.")
    exact = sum(day.is_exact for day in days)
    found = f"{counted(len(days), 'course, dose or event', 'courses, doses and events')} on one axis"
    return yes("figure-timeline", f"{found}, {exact} of them on a known day." if exact else f"{found}, in order only.")


def _methods(view: View) -> Answer:
    made = _counts(
        (
            len({row.analyte for row in view.measured}),
            "quantity with a value or statement",
            "quantities with values or statements",
        ),
        (len(view.kind("test")), "test", "tests"),
        (len(view.kind("imaging")), "image", "images"),
    )
    if made:
        return yes("table-observations" if len(view.measured) else "table-events", f"The case has {made}.")
    if prose.length(view.prose("Diagnostic assessment")) >= ENOUGH:
        return partly(
            "diagnostic-assessment", "Described in words; add tests and images to events.csv, values to the tables."
        )
    return gap("diagnostic-assessment", "No test, image or measurement is given; add how the diagnosis was made.")


def _prognosis(view: View) -> Answer:
    for event in view.kind("diagnosis"):
        if event.interpretation != "NEG" and (word := prose.first_of(_SEVERITY, event.finding)):
            found = f"The diagnosis “{event.finding}” has “{word}”; what it says of severity is for a reader to judge."
            return to_confirm("table-events", found)
    return if_word(view, ("Diagnostic assessment", "Clinical findings"), _SEVERITY, "stage, severity or risk factors")


def _given(view: View) -> Answer:
    kinds = view.case.vocabulary.interventions
    ids = dict.fromkeys(row.intervention for row in view.case.interventions)
    classes = dict.fromkeys(uncapital(kinds[i].cls) for i in ids)
    if ids:
        found = f"{counted(len(ids), 'treatment')} of {counted(len(classes), 'kind')}: {listed(list(classes))}."
        return yes("table-interventions", found)
    if prose.length(view.prose("Therapeutic intervention")) >= ENOUGH:
        return partly("therapeutic-intervention", "Described in words; add the treatments to interventions.csv.")
    return gap(
        "therapeutic-intervention", "No treatment is given; add it to interventions.csv, or that there was none."
    )


def _doses(view: View) -> Answer:
    given, kinds = view.case.interventions, view.case.vocabulary.interventions
    if not given:
        return gap("therapeutic-intervention", "No treatment is given; add it with dose and duration.")
    dosed = [row.dose for row in given if row.dose or kinds[row.intervention].cls not in _NO_DOSE]
    doses, ends = sum(map(bool, dosed)), sum(row.end is not None for row in given)
    found = f"A dose in {doses} of {len(dosed)} rows that can have one, an end in {ends} of {len(given)}"
    if doses == len(dosed) and ends == len(given):
        return yes("table-interventions", f"{found}.")
    if doses or ends:
        return partly("table-interventions", f"{found}; add the others to interventions.csv as far as they are known.")
    return gap("table-interventions", "No dose and no duration is given; add them to interventions.csv.")


def _changes(view: View) -> Answer:
    times = {str(day) for row in view.case.interventions for day in (row.start, row.end) if day is not None}
    if len(times) < 2:
        return gap("therapeutic-intervention", "No change of treatment shows; add start and end days, and the reasons.")
    reasons = "because|due to|owing to|in response|since|so that|withdrawn|for fever|worsen"
    found = f"Treatments begin or end at {len(times)} different times"
    if word := prose.first_of(reasons, view.prose("Therapeutic intervention")):
        return to_confirm(
            "table-interventions", f"{found}, and “{word}” was found; the reasons are for a reader to judge."
        )
    return partly("table-interventions", f"{found}; no reason for a change was found in Therapeutic intervention.")


def _outcomes(view: View) -> Answer:
    seen, felt = view.kind("outcome", "imaging", "test"), view.kind("symptom")
    judged = sum(event.kind == "outcome" or view.is_later(event) for event in seen)
    own = sum(map(view.is_later, felt))
    if judged:
        found = counted(judged, "outcome, test or image", "outcomes, tests and images")
        patient = counted(own, "statement") if own else "no statement"
        return yes("table-events", f"{found} after the index treatment, and {patient} on symptoms.")
    if own or prose.length(view.prose("Follow-up and outcomes")) >= ENOUGH:
        return partly(
            "follow-up-and-outcomes", "The outcome is described in the text; add it to events.csv with its day."
        )
    return gap("follow-up-and-outcomes", "No outcome is given; add how the patient did.")


def _follow_up_tests(view: View) -> Answer:
    where, made = "follow-up-and-outcomes", view.kind("imaging", "test")
    values, tests = sum(map(view.is_last, view.measured)), sum(map(view.is_last, made))
    if found := _counts((values, "value", "values"), (tests, "test or image", "tests and images")):
        return yes("table-observations" if values else "table-events", f"The last phase has {found}.")
    if earlier := sum(map(view.is_later, view.measured)) + sum(map(view.is_later, made)):
        return partly(
            where, f"{counted(earlier, 'result')} after the index treatment, none certainly in the last phase."
        )
    if prose.first_of("test|CT\\b|MRI|X-ray|laborator|repeat|biops|level|scan", view.prose("Follow-up and outcomes")):
        return partly(where, "Described in words; add the follow-up tests to the tables with their days.")
    return gap(where, "No test after the index treatment is given; add the follow-up tests, or that none was made.")


def _tolerability(view: View) -> Answer:
    words = "adher|complian|tolerat|tolerab|took (?:all|every|his|her)|dose was reduced|stopped because"
    sections = ("Follow-up and outcomes", "Therapeutic intervention")
    answer = if_word(view, sections, words, "whether treatment was taken and tolerated")
    if answer.met == "gap" and len(view.kind("adverse_event")):
        return partly(
            "table-events", "Adverse events are addressed; add whether treatment was taken, and who judged it."
        )
    return answer


def _harms(view: View) -> Answer:
    rows = view.kind("adverse_event")
    none = sum(event.interpretation == "NEG" for event in rows)
    found = _counts(
        (len(rows) - none, "adverse event", "adverse events"),
        (none, "statement that no adverse event was reported", "statements that no adverse event was reported"),
    )
    if found and {event.evidence for event in rows} <= {"secondary", "inferred"}:
        return partly("table-events", f"There is {found}, but inferred or from a secondary source only.")
    if found:
        return yes("table-events", f"The case has {found}.")
    where = "follow-up-and-outcomes"
    text = view.prose("Follow-up and outcomes", "Therapeutic intervention", "Discussion")
    if word := prose.first_of("adverse|side effect|complication|untoward|toxicit", text):
        return to_confirm(where, f"“{word}” was found; whether it says what happened is for a reader to judge.")
    return gap(where, "Nothing is said on adverse events; add them to events.csv, or that there were none.")


def _laboratory(view: View) -> Answer:
    where = "table-observations"
    rows = [row for row in view.measured if row.numeric and row.group not in NO_LABORATORY and not _is_vital(row)]
    own, usual = (sum(row.ref_origin in origins for row in rows) for origins in (("source", "elsewhere"), ("default",)))
    if not rows:
        return gap(
            "diagnostic-assessment",
            "No laboratory value with a number is given; add them with study day and reference range.",
        )
    found = f"{counted(len(rows), 'laboratory value')} (vital signs apart), each with its study day"
    if own == len(rows):
        return yes(where, f"{found} and the reference range of the source.")
    parts = [f"{own} with the reference range of the source"] if own else []
    if view.case.meta.subject.is_child:
        parts.append("the usual ranges, of adults, are not used")
    elif usual:
        parts.append(f"{usual} with the usual adult one")
    found += f"; {' and '.join(parts)}" if parts else ", none with a reference range"
    return (partly if own or usual else gap)(where, f"{found}. Add the laboratory's own ranges if they are known.")


def _privacy(view: View) -> Answer:
    case, meta = view.case, view.case.meta
    phrases = may_stay(meta)
    n = sum(
        not any(covers(phrase, found, text) for phrase in phrases) for text in texts_of(case) for found in find(text)
    )
    n += meta.subject.age_years is not None and meta.subject.age_years > 89
    if n:
        found = counted(n, "text looks as if it identifies", "texts look as if they identify")
        return gap("how-it-was-made", f"{found} the patient; correct what the privacy check names.")
    if questions := open_questions(case):
        words = ", ".join(f"“{question.text}”" for question in questions[:5])
        said = f"{how_many(questions)}: {words}"
        return gap("how-it-was-made", f"{said}{', ...' if len(questions) > 5 else ''}. Answer each in case.yaml.")
    allowed = f" {counted(len(meta.allow), 'text')} may stay, each with a reason." if meta.allow else ""
    return yes(
        "how-it-was-made",
        "Nothing in the form of a date, record number, contact, hospital, place or name with a title was found, and no "
        f"age over 89. A name without such a form would not be seen, nor what a picture shows.{allowed}",
    )


DATA_RULES: dict[str, Rule] = {
    "5a": _demographics,
    "5b": _complaints,
    "5d": _earlier,
    "6": _examination,
    "7": _timeline,
    "8a": _methods,
    "8d": _prognosis,
    "9a": _given,
    "9b": _doses,
    "9c": _changes,
    "10a": _outcomes,
    "10b": _follow_up_tests,
    "10c": _tolerability,
    "10d": _harms,
    "laboratory": _laboratory,
    "privacy": _privacy,
}
