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
Simulated: there is no patient; a program made every number (seed $seed). A simulated patient with severe COVID-19
deteriorated on conventional therapy, received convalescent plasma on day 0 and mesenchymal stem cells from day 7, and
was discharged. C-reactive protein was {{ crp.last.conventional }} before the plasma, {{ crp.last.cp }} before the
cells and {{ crp.last.msc }} at the end. Improvement after a treatment is not necessarily due to it; in this case the
true causes are known.

# Introduction
Simulated. Only the sequence of treatments follows a published case report (doi 10.1186/s13287-020-01802-8). The
findings of the report can be compared with the effects that were simulated.

# Patient information
Simulated: age {{ subject.age_years }} years, with fever and dry cough followed by shortness of breath. No medical,
family or psychosocial history was simulated.

# Clinical findings
Simulated. Before the plasma, temperature was {{ temperature.last.conventional }} and oxygen saturation on oxygen
{{ spo2_oxygen.last.conventional }}. In intensive care, each vital sign is given as the range of the day.

The course is shown in {{ figure.timeline }}.

# Diagnostic assessment
Simulated: blood counts, chemistry, blood gases, RT-PCR and chest CT. On conventional therapy the lymphocyte count fell
to {{ lymphocytes.min.conventional }} and PaO2/FiO2 to {{ pao2_fio2.min.conventional }}. As in practice, some samples
are missing and some results are beyond a detection limit. No alternative diagnosis was simulated.

All values are in {{ table.observations }}.

# Therapeutic intervention
Simulated. Initial treatment consisted of lopinavir/ritonavir, interferon alpha, ribavirin, meropenem,
methylprednisolone and immunoglobulin. Because of deterioration, convalescent plasma ({{ dose.convalescent_plasma }})
was added, followed by three infusions of mesenchymal stem cells ({{ dose.mesenchymal_stem_cells }} each). The patient
received oxygen and ventilation.

# Follow-up and outcomes
Simulated. The lymphocyte count was {{ lymphocytes.last.conventional }} before the plasma and {{ lymphocytes.last.cp }}
before the cells. The last interleukin-6 was {{ il_6.last.msc }}, ferritin {{ ferritin.last.msc }} and PaO2/FiO2
{{ pao2_fio2.last.msc }}. RT-PCR became negative; CT worsened and then improved. No adverse event was simulated.

# Discussion
Simulated, so the true effects are known. In the end each treatment multiplies these analytes by a factor:

$effects

The white-cell count changes through its parts alone. The two treatments do not interact; any apparent synergy in this
case is spurious. The main limitation is that the illness also turns spontaneously between the infusions, and several
drugs are stopped at about that time: a single sequence of treatments cannot separate these causes. The case shows
nothing about either treatment, and no literature supports or contradicts it.

# Patient perspective
Simulated: there is no patient, and therefore no perspective.

# Informed consent
Not applicable: no patient; the values are simulated.
"""
