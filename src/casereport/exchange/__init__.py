"""A case for archives, registries and other programs: FHIR, tidy tables, OMOP, Phenopackets; a citation for a report.

Each format is a function of a validated case that gives the texts of a folder of files. What a format cannot hold is
listed beside it and never made up; the codes of others keep their notices.
"""
