"""A small case that meets every item of the checklist, to be spoiled one text at a time, and how it answers."""

import pandas as pd

from casereport.audit.care.checklist import checklist
from casereport.case.case import Case

YAML = """\
id: small
title: "Fever after a new drug: a case report"
keywords: [fever, drug reaction]
status: final
citation: null
subject: {age_years: 40, sex: female}
time_zero: the first dose of meropenem
last_day: 10
phases:
  - {id: before, label: Before meropenem, opened_by: null}
  - {id: on_drug, label: Meropenem, opened_by: meropenem}
consent: The patient gave written consent.
not_reported: []
authors:
  - {name: Ada Example, affiliations: [Department of Medicine], corresponding: true, email: ada@example.org}
funding: None.
competing_interests: None.
"""
BIB = """\
@article{first2019, author = {First, A}, title = {Drug fever}, year = 2019}
@article{second2020, author = {Second, B}, title = {Drug fever, reviewed}, year = 2020}
"""
NARRATIVE = """\
# Abstract
A new reaction is described: a woman with fever and a raised CRP of {{ crp@-1 }} was given meropenem for pneumonia,
{{ dose.meropenem }}, and recovered. The lesson is to look for drug fever.

# Introduction
Drug fever is often missed, and few reports give daily values of CRP [@first2019].

# Patient information
A woman with hypertension, a teacher who lives with her family, had cough and fever for three days.

# Clinical findings
On examination there were crackles over the right lung, and nothing else.

# Diagnostic assessment
The diagnosis was delayed because the first X-ray was normal; tuberculosis was considered and excluded.

# Therapeutic intervention
Meropenem was begun because of fever. It was tolerated well, and every dose was taken.

# Follow-up and outcomes
She was discharged on the tenth day, and no adverse event was seen after that.

# Discussion
The strength of this case is its daily values, and its limit that it is one case. Reviews agree [@second2020].
The lesson is to stop a drug early, because that is the test.

# Patient perspective
She said that the fever had worried her more than the pneumonia did.

# Informed consent
The patient gave written consent to this report.
"""
OBSERVATIONS = """\
day,analyte,value,unit,interpretation,ref_low,ref_high,evidence,source,note
-1,crp,80,mg/L,,,5,measured,chart,
-1,temperature,39.1,Cel,,,,measured,chart,
5,crp,10,mg/L,,,5,measured,chart,
"""
INTERVENTIONS = """\
start_day,end_day,intervention,dose,dose_unit,route,evidence,source,note
-3,-1,paracetamol,500,mg,oral,reported,chart,
0,6,meropenem,1,g,intravenous,reported,chart,
"""
EVENTS = """\
day,kind,finding,interpretation,evidence,source,note
-3,symptom,Cough,POS,reported,chart,
-1,diagnosis,"Pneumonia, severe",POS,reported,chart,
4,imaging,Chest X-ray: clear,B,reported,chart,
6,adverse_event,No reaction to meropenem,NEG,reported,chart,
10,outcome,Discharged home,,reported,chart,
"""
FILES = {
    "case.yaml": YAML,
    "narrative.md": NARRATIVE,
    "references.bib": BIB,
    "observations.csv": OBSERVATIONS,
    "interventions.csv": INTERVENTIONS,
    "events.csv": EVENTS,
}


def row(case: Case, item: str) -> pd.Series:
    table = checklist(case)
    return table[table["item"] == item].iloc[0]


def met(case: Case) -> dict[str, str]:
    table = checklist(case)
    return dict(zip(table["item"], table["met"], strict=True))
