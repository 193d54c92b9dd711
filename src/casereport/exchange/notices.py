"""Whose the codes in an export are, and which of them may not be passed on as the rest may: said in each export."""

LOINC = (
    "The LOINC codes are (c) Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes "
    "(LOINC) Committee, and available at no cost under the license at https://loinc.org/license. LOINC is a registered "
    "trademark of Regenstrief Institute, Inc. The names beside them are not LOINC's."
)
UCUM = "The units are written in UCUM, (c) Regenstrief Institute, Inc. and the UCUM Organization, https://ucum.org."
ATC = (
    "The ATC codes are those of the WHO Collaborating Centre for Drug Statistics Methodology, Oslo, which does not "
    "allow copying and distribution for commercial purposes, nor changes; they are part of no licence given here."
)


def notices(loinc: bool, ucum: bool, atc: bool) -> list[str]:
    """The notices of the codes that an export carries."""
    return [text for text, there in ((LOINC, loinc), (UCUM, ucum), (ATC, atc)) if there]
