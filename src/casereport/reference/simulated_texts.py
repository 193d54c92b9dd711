"""The texts of a simulated case, with places for what differs between two of them."""

CASE_YAML = """id: "$case"
title: "Simulated case report: convalescent plasma, then mesenchymal stem cells, in severe COVID-19"
keywords: [simulated data, COVID-19, convalescent plasma, mesenchymal stem cells]
status: draft
citation: null
subject:
  age_years: 56
  sex: female
  weight_kg: 62.0
  description: "Simulated: a patient who does not exist"
time_zero: the infusion of convalescent plasma (simulated)
last_day: $last_day
phases:
  - {id: conventional, label: Conventional therapy, opened_by: null}
  - {id: cp, label: Convalescent plasma, opened_by: convalescent_plasma}
  - {id: msc, label: Mesenchymal stem cells, opened_by: mesenchymal_stem_cells}
consent: "Not applicable: no patient; the values are simulated"
not_reported: ["medical, family and psychosocial history", anything after discharge,
  antibody titre of the plasma, source and viability of the cells]
"""

NARRATIVE = """# Abstract
Simulated: there is no patient, and every number here was made by a program (seed $seed). A simulated patient with
severe COVID-19 grew worse on conventional therapy, was given convalescent plasma on day 0 and mesenchymal stem cells
from day 7, and was discharged. C-reactive protein was {{ crp.last.conventional }} before the plasma,
{{ crp.last.cp }} before the cells and {{ crp.last.msc }} at the end. The lesson: what improves after a treatment need
not improve because of it, and here it can be looked up what did.

# Introduction
Simulated. The order of the treatments, and nothing else, follows a published case report (doi
10.1186/s13287-020-01802-8). What the report finds can be held against the truth that the values were made from.

# Patient information
Simulated: age {{ subject.age_years }} years; no medical, family or psychosocial history was made up. The complaints
were fever and dry cough, then shortness of breath.

# Clinical findings
Simulated. Before the plasma the temperature was {{ temperature.last.conventional }} and the oxygen saturation, on
oxygen, {{ spo2_oxygen.last.conventional }}. In intensive care a vital sign is given as the range of the day.

The whole episode is drawn in {{ figure.timeline }}.

# Diagnostic assessment
Simulated: blood counts, chemistry, blood gases, RT-PCR and chest CT. On conventional therapy the lymphocyte count fell
to {{ lymphocytes.min.conventional }} and PaO2/FiO2 to {{ pao2_fio2.min.conventional }}. As in practice, samples are
missing and results lie beyond a limit of detection. No alternative diagnosis was simulated.

Every value is in {{ table.observations }}.

# Therapeutic intervention
Simulated. Lopinavir/ritonavir, interferon alpha, ribavirin, meropenem, methylprednisolone and immunoglobulin came
first; because of worsening, convalescent plasma ({{ dose.convalescent_plasma }}) was added, and then three infusions
of mesenchymal stem cells ({{ dose.mesenchymal_stem_cells }} each). Oxygen and ventilation supported breathing.

# Follow-up and outcomes
Simulated. The lymphocyte count was {{ lymphocytes.last.conventional }} before the plasma, {{ lymphocytes.last.cp }}
before the cells. When last measured, interleukin-6 was {{ il_6.last.msc }}, ferritin {{ ferritin.last.msc }}, PaO2/FiO2
{{ pao2_fio2.last.msc }}. RT-PCR became negative, CT first worse, then better; no adverse event was simulated.

# Discussion
Simulated, and therefore with a known answer. In the end each treatment multiplies, by a factor:

$effects

The two do not interact: any synergy read from this case is not there. The illness also turns by itself between the
infusions, and several drugs are stopped about then; a single sequence of treatments cannot tell these apart, and that
is its limitation. The case shows nothing about either treatment, and no literature supports or contradicts it.

# Patient perspective
Simulated: there is no patient, and hence no perspective.

# Informed consent
Not applicable: no patient; the values are simulated.
"""
