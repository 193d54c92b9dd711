"""What the reporting guidelines ask of a case, item by item, in our own words, and which items a final report needs.

CARE has 30 items in 13 sections; it does not rank them. An item is a must here when CARE asks it of every case without
a condition and its absence shows in the content. So 5c, 5d and 8d (`relevant`, `where applicable`), 10c and 12 (where
the patient wishes) are none, and neither are 8b, 8c, 9c, 11b and 11c: whether a text gives the reasoning or the grounds
only a reader can tell, and a case that is transcribed from a publication cannot supply them afterwards. CENT and
SCRIBE were written for planned trials; a case report follows them as far as it can, and none of their items is a must.
"""

from typing import NamedTuple

REFERENCES = {
    "CARE": (
        "Gagnier JJ, Kienle G, Altman DG, et al. The CARE guidelines: consensus-based clinical case reporting "
        "guideline development. J Med Case Rep 2013;7:223. doi 10.1186/1752-1947-7-223"
    ),
    "CARE, explained": (
        "Riley DS, Barber MS, Kienle GS, et al. CARE guidelines for case reports: explanation and elaboration "
        "document. J Clin Epidemiol 2017;89:218-235. doi 10.1016/j.jclinepi.2017.04.026"
    ),
    "CENT": (
        "Vohra S, Shamseer L, Sampson M, et al. CONSORT extension for reporting N-of-1 trials (CENT) 2015 Statement. "
        "BMJ 2015;350:h1738. doi 10.1136/bmj.h1738"
    ),
    "SCRIBE": (
        "Tate RL, Perdices M, Rosenkoetter U, et al. The Single-Case Reporting guideline In BEhavioural interventions "
        "(SCRIBE) 2016 statement. J Clin Epidemiol 2016;73:142-152. doi 10.1016/j.jclinepi.2016.04.006"
    ),
    "ICMJE": (
        "International Committee of Medical Journal Editors. Recommendations for the Conduct, Reporting, Editing, and "
        "Publication of Scholarly Work in Medical Journals. https://www.icmje.org/recommendations"
    ),
}


class Item(NamedTuple):
    """One item: its section of the guideline, what it asks, and whether a final report must meet it."""

    section: str
    what: str
    must: bool


ITEMS = {
    "1": Item("Title", "The words “case report”, and what the case is about", True),
    "2": Item("Keywords", "Two to five keywords", True),
    "3a": Item("Abstract", "What the case adds, and why that matters", True),
    "3b": Item("Abstract", "The patient's main complaints and the main findings", True),
    "3c": Item("Abstract", "Main diagnoses, treatments and outcomes", True),
    "3d": Item("Abstract", "What can be learned from the case", True),
    "4": Item("Introduction", "Why the case is worth reporting, with references", True),
    "5a": Item("Patient information", "Who the patient is, without identifying details", True),
    "5b": Item("Patient information", "The complaints that brought the patient to care", True),
    "5c": Item("Patient information", "The history before this illness: medical, family, psychosocial", False),
    "5d": Item("Patient information", "Earlier treatments that matter, and their results", False),
    "6": Item("Clinical findings", "What examination and vital signs showed", True),
    "7": Item("Timeline", "The course of the illness along one axis of time", True),
    "8a": Item("Diagnostic assessment", "The tests, images and measurements that were made", True),
    "8b": Item("Diagnostic assessment", "What made the diagnosis difficult", False),
    "8c": Item("Diagnostic assessment", "How the diagnosis was reached, and what else was considered", False),
    "8d": Item("Diagnostic assessment", "Stage, severity or other signs of prognosis, where they apply", False),
    "9a": Item("Therapeutic intervention", "Which treatments were given", True),
    "9b": Item("Therapeutic intervention", "Dose, strength and duration", True),
    "9c": Item("Therapeutic intervention", "Changes of treatment, and the reasons", False),
    "10a": Item(
        "Follow-up and outcomes", "Outcomes as clinicians judged them and, where it applies, the patient", True
    ),
    "10b": Item("Follow-up and outcomes", "Important tests during follow-up", True),
    "10c": Item("Follow-up and outcomes", "Whether treatment was taken and tolerated, and how that was judged", False),
    "10d": Item("Follow-up and outcomes", "Adverse and unexpected events, or that there were none", True),
    "11a": Item("Discussion", "Strengths and limits of this case", True),
    "11b": Item("Discussion", "What the literature says", False),
    "11c": Item("Discussion", "What supports the conclusions", False),
    "11d": Item("Discussion", "The main lesson", True),
    "12": Item("Patient perspective", "The patient's own view, where the patient wishes", False),
    "13": Item("Informed consent", "Whether consent was given, and by whom", True),
}
# CARE asks these two in its text and not in a numbered item.
FURTHER = {
    "laboratory": Item("Laboratory results", "Each with its study day and reference range", False),
    "privacy": Item("De-identification", "No name, place, calendar date or age over 89", True),
}
# What medical journals ask of every manuscript (ICMJE) and CARE does not.
JOURNALS = {
    "authors": Item("Title page", "Authors, their affiliations and the corresponding author", True),
    "disclosures": Item("Declarations", "Funding and competing interests, or that there were none", True),
}
# For a case of more than one phase: what CENT 2015 (items 3a and 4a) and SCRIBE 2016 (item 5) ask of its design.
DESIGN = {
    "CENT 3a, periods": Item("Single-case design", "Number and length of the periods", False),
    "CENT 3a, wash-out": Item("Single-case design", "What had ended before the next period began", False),
    "CENT 4a": Item("Single-case design", "What else was given in each period", False),
    "SCRIBE 5": Item(
        "Single-case design", "By which rule one phase followed another: planned, or decided by the course", False
    ),
}
