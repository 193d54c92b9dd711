"""The CARE items that prose answers: title, abstract, introduction, history, reasoning, discussion, consent.

A word that fits is a hint, and each finding names the word, so that a reader can judge what a program cannot.
"""

import re
from functools import partial

from casereport.audit.care import words as prose
from casereport.audit.care.view import Answer, Rule, View, gap, partly, to_confirm, yes
from casereport.case.references import SOURCE, citations
from casereport.quantities.wording import counted, listed

ENOUGH = 8  # words of prose; fewer are a remark
SYMPTOM = (
    "fever|pain|cough|dyspn|breathless|shortness of breath|fatigue|weak|bleed|nausea|vomit|diarrh|rash|headache|dizz"
    "|swell|itch|symptom|complain"
)
_FINDING = "CT\\b|MRI|X-ray|ultrasound|biops|culture|PCR|infiltrat|saturation|count|pressure|level|examination|normal"
_OUTCOME = (
    "discharg|died|death|alive|surviv|recover|resolv|improv|worse|better|relapse|extubat|remission|normal|absorbed"
    "|negative|cured|healed|left intensive care"
)
_HISTORY = {
    "medical": "histor|hypertens|diabet|disease|comorbid|surgery|allerg|medicat|previous|chronic|healthy|cancer",
    "family": "famil|mother|father|sibling|parent|genetic|heredit|inherit",
    "psychosocial": "social|occupation|work|job|lives?\\b|living|married|smok|alcohol|travel|exercis|diet\\b",
}
_NO_PATIENT = "Does not apply: the case is simulated, and there is no patient."
_NO_CONSENT = re.compile(
    r"\b(?:no|without)\b(?: [\w-]+){0,2} (?:consent|permission)\b"
    r"|\b(?:consent|permission)\b(?: [\w-]+){0,4} (?:not|never)(?: [\w-]+){0,2}"
    r" (?:obtained|given|sought|asked|requested)\b|\b(?:did|does|has|have) not(?: [\w-]+){0,2} (?:consent|agree)\w*"
    r"|\b(?:refused|declined|withdrew|withheld)\b",
    re.I,
)
_TEMPLATE = re.compile(r"\b(?:TITLE|KEYWORD)\b")  # what `casereport new` writes


def _slug(section: str) -> str:
    return section.lower().replace(" ", "-")


def _hint(section: str, word: str, what: str) -> Answer:
    return to_confirm(_slug(section), f"{section} has “{word}”; whether it gives {what} is for a reader to judge.")


def by_word(view: View, section: str, words: str, what: str) -> Answer:
    """An item of one section: to be confirmed where a word that fits is found, else in part where it is there."""
    text = view.prose(section)
    if prose.length(text) < ENOUGH:
        return gap(_slug(section), f"{section} says nothing yet, or only that it is not known; add {what}.")
    if word := prose.first_of(words, text):
        return _hint(section, word, what)
    return partly(
        _slug(section), f"{section} is there; no word that tells {what} was found, and a reader has to judge."
    )


def if_word(view: View, sections: tuple[str, ...], words: str, what: str) -> Answer:
    """An item on which many a section is silent: a gap unless a word that fits is found."""
    for section in sections:
        if word := prose.first_of(words, view.prose(section)):
            return _hint(section, word, what)
    return gap(_slug(sections[0]), f"No word on it was found in {listed(list(sections))}; add {what}.")


def _title(view: View) -> Answer:
    title = view.case.meta.title
    about = re.sub(r"case (?:report|study)|simulated|re-examined", "", title, flags=re.I)
    if _TEMPLATE.search(title):
        return gap("top", "The title is still that of the template; write what the case is about.")
    if not re.search(r"[^\W\d_]{4}", about):
        return partly("top", "The title says that this is a case report; add what the case is about.")
    return yes("top", "The title has the words and what the case is about.")


def _keywords(view: View) -> Answer:
    keywords = view.case.meta.keywords
    if any(_TEMPLATE.search(keyword) for keyword in keywords):
        return gap("top", "The keywords are still those of the template; write two to five.")
    return yes("top", f"{counted(len(keywords), 'keyword')}: {listed(keywords)}.")


def _abstract(view: View, parts: dict[str, bool]) -> Answer:
    if prose.length(view.prose("Abstract")) < ENOUGH:
        return gap("abstract", f"There is no abstract yet; add {listed(list(parts))}.")
    there = [part for part, found in parts.items() if found]
    absent = [part for part, found in parts.items() if not found]
    if not absent:
        return to_confirm("abstract", f"The abstract has words on {listed(there)}; a reader has to judge them.")
    names = f"names {listed(there)}" if there else "is there"
    return partly("abstract", f"The abstract {names}; no word on {listed(absent)} was found.")


def _abstract_findings(view: View) -> Answer:
    text = view.prose("Abstract")
    complaints = prose.names([e.finding for e in view.kind("symptom", "sign")], text) or prose.first_of(SYMPTOM, text)
    findings = prose.placed(text) & set(view.case.vocabulary.analytes) or prose.first_of(_FINDING, text)
    return _abstract(view, {"complaints": bool(complaints), "findings": bool(findings)})


def _abstract_course(view: View) -> Answer:
    text = view.prose("Abstract")
    diagnoses = prose.names([*(e.finding for e in view.kind("diagnosis")), *view.case.meta.keywords], text)
    treatments = prose.names(view.labels(), text) or prose.placed(text) & {"dose"}
    outcomes = prose.first_of(_OUTCOME, text)
    return _abstract(view, {"diagnoses": bool(diagnoses), "treatments": bool(treatments), "outcomes": bool(outcomes)})


def _references(view: View, section: str) -> str:
    """`2 references`: what a section cites, the publication that is re-examined not counted; empty where nothing."""
    keys = {key for key in citations(view.case.narrative.get(section, "")) if key != SOURCE}
    return counted(len(keys), "reference") if keys else ""


def _introduction(view: View) -> Answer:
    where, text = "introduction", view.prose("Introduction")
    if prose.length(text) < ENOUGH:
        found = "The introduction is a few words" if prose.length(text) else "There is no introduction yet"
        return gap(where, f"{found}; add why the case is worth reporting, with references.")
    if n := _references(view, "Introduction"):
        return to_confirm(where, f"The introduction cites {n}; its reasons are for a reader to judge.")
    if named := prose.NAMED.search(text):
        return partly(
            where, f"The introduction has “{named[0]}”, and no entry in the list of references; cite it by key."
        )
    return partly(where, "The introduction is there; no reference to the literature was found in it.")


def _history(view: View) -> Answer:
    where = "patient-information"
    rows = ". ".join(event.finding for event in view.kind("history"))
    text = f"{view.prose('Patient information')}. {prose.said(view.case.meta.subject.description or '')}. {rows}"
    there = [part for part, words in _HISTORY.items() if prose.first_of(words, text)]
    absent = [part for part in _HISTORY if part not in there]
    if not there:
        return gap(where, f"No history is given; add {listed(absent)} history.")
    if absent:
        return partly(where, f"Words on {listed(there)} history were found, none on {listed(absent)} history.")
    return to_confirm(where, f"Words on {listed(there)} history were found; a reader has to judge them.")


def _strengths(view: View) -> Answer:
    where, text = "discussion", view.prose("Discussion")
    if prose.length(text) < ENOUGH:
        return gap(where, "There is no discussion yet; add strengths and limits.")
    searched = {"strengths": "strength|strong", "limits": "limit|weak|caution|caveat"}
    absent = [name for name, words in searched.items() if not prose.first_of(words, text)]
    if absent:
        return partly(where, f"The discussion is there; no word on {listed(absent)} was found.")
    return to_confirm(where, "The discussion has words on strengths and on limits; a reader has to judge them.")


def _literature(view: View) -> Answer:
    where, text = "discussion", view.prose("Discussion")
    if n := _references(view, "Discussion"):
        return to_confirm(where, f"The discussion cites {n}; how they fit is for a reader to judge.")
    if named := prose.NAMED.search(text):
        return partly(
            where, f"The discussion has “{named[0]}”, and no entry in the list of references; cite it by key."
        )
    if word := prose.first_of("literature|studies|trials?\\b|reviews?\\b|authors|published", text):
        return partly(where, f"The discussion has “{word}”; add references to the literature.")
    return gap(where, "No reference to the literature was found; add what is known from other work.")


def _perspective(view: View) -> Answer:
    where = "patient-perspective"
    if view.case.simulated:
        return yes(where, _NO_PATIENT)
    if prose.length(view.prose("Patient perspective")) >= ENOUGH:
        return to_confirm(where, "The section is there; whether it is the patient's own view is for a reader to judge.")
    return gap(where, "Not given; add it if the patient wishes to give one.")


def _consent(view: View) -> Answer:
    where = "informed-consent"
    if view.case.simulated:
        return yes(where, _NO_PATIENT)
    text = f"{prose.said(view.case.meta.consent or '')}. {view.prose('Informed consent')}"
    waived = prose.first_of("waive|exempt|ethics|committee|board|deceased|died", text)
    if (denied := _NO_CONSENT.search(text)) and not waived:
        return gap(
            where, f"“{denied[0]}”: a report without consent, or a reason why none was needed, is not published."
        )
    if not prose.first_of("consent|assent|waive|ethics|exempt|agreed|permission", text):
        return gap(where, "Consent is not stated; add whether it was obtained, and from whom.")
    people = "patient|parent|relative|guardian|next of kin|wife|husband|son\\b|daughter|committee|board"
    if who := prose.first_of(people, text):
        return to_confirm(where, f"Words on consent were found, with “{who}”; what they say is for a reader to judge.")
    return partly(where, "Consent is stated; add from whom it was obtained, or who waived it.")


def _other_diagnoses(view: View) -> Answer:
    if considered := view.case.meta.differential_diagnosis:
        return yes(
            "diagnostic-assessment",
            f"{counted(len(considered), 'other diagnosis', 'other diagnoses')} considered, in case.yaml.",
        )
    words = "differential|alternative diagnos|ruled out|excluded|considered|distinguish|rather than"
    sections = ("Diagnostic assessment", "Discussion")
    return if_word(view, sections, words, "the reasoning and the other diagnoses considered")


def _lesson(view: View) -> Answer:
    if points := view.case.meta.learning_points:
        return yes("discussion", f"{counted(len(points), 'learning point')}, in case.yaml.")
    words = "lesson|take-away|in summary|learn|teach"
    return by_word(view, "Discussion", words, "the main lesson")


PROSE_RULES: dict[str, Rule] = {
    "1": _title,
    "2": _keywords,
    "3a": partial(
        by_word,
        section="Abstract",
        words="new\\b|novel|unusual|rare\\b|unique|uncommon|unexpected|first case|interest|worth|matters"
        "|this (?:case|report)",
        what="what the case adds",
    ),
    "3b": _abstract_findings,
    "3c": _abstract_course,
    "3d": partial(
        by_word,
        section="Abstract",
        words="lesson|learn|conclu|teach|take-away|suggest|implication",
        what="a lesson",
    ),
    "4": _introduction,
    "5c": _history,
    "8b": partial(
        if_word,
        sections=("Diagnostic assessment",),
        words="difficult|challeng|uncertain|unclear|delay|not certain|disagree|misprint|need care|atypical|missed",
        what="what made the diagnosis difficult",
    ),
    "8c": _other_diagnoses,
    "11a": _strengths,
    "11b": _literature,
    "11c": partial(
        by_word,
        section="Discussion",
        words="because|therefore|compar|inference|evidence|based on|so that|compatible|consistent with|conclu",
        what="the grounds of its conclusions",
    ),
    "11d": _lesson,
    "12": _perspective,
    "13": _consent,
}
