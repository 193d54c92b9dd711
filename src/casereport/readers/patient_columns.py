"""Which columns of a table tell patients apart, by their headings: a case is of one, and a table may be of many.

A sample, a request, a visit and a row have numbers too; their columns are of nobody.
"""

import re
from collections.abc import Sequence

_NUMBER = (
    r"(?:ids?|ident\w*|no|nos|nr|num(?:ber)?s?|n[uú]m[eé]ro|nummer|codes?|keys?|kennung|mrn|ref(?:erence)?)"
)  # fmt: skip
_PATIENT = (
    r"(?:patients?|pat|pt|subjects?|usubj|participants?|persons?|probands?|pati[eë]nt(?:en)?|probanden?|paciente|"
    r"paziente|sujet|sujeto|soggetto|client)"
)
_HOSPITAL = r"(?:hospital|hosp|clinic|nhs|chi|chart|(?:medical|health) record|ur|uhid|mr|cr|ip|op|reg|insurance)"
# a number of these may be that of the study or of the hospital, and then it tells nobody from anybody
_RECORD = (
    r"(?:case|record|file|folder|study|trial|research|screening|enrol?ment|randomi[sz]ation|registration|fall|akten|"
    r"hospital|clinic)"
)
# a name, of the patient or of the test
_NAME = r"name|nom|nombre|nome"
# by what a patient is told from others, the surest first; of the columns of names all together
_WHO = (
    rf"{_PATIENT}(?: ?{_NUMBER}| ?unit ?stay ?id| study id| mrn)?|unique ?pid|"
    rf"(?:study|trial|unique) {_PATIENT}(?: ?{_NUMBER})?|{_NUMBER} (?:de |du |del |of |der )?(?:the )?{_PATIENT}|"
    rf"mrn(?: {_NUMBER})?|uhid|urn?|crn|pid|usubjid|nip|ipp|nhc|{_HOSPITAL} ?(?:no|nr|numbers?|num)|"
    rf"(?!hospital|clinic){_HOSPITAL} ?{_NUMBER}|(?:historia|cartella) cl[ií]nica|numéro de dossier|expediente|"
    r"prontu[aá]rio|social security (?:no|number)|ssn|passport(?: no| number)?|versicherten ?(?:nr|nummer)|"
    r"住院号|病历号|病案号",
    rf"(?:{_PATIENT} ?)?(?:sur|last|family|first|fore|given|full|middle|maiden|christian) ?names?|{_NAME}|initials|"
    rf"{_PATIENT}(?: s)? ?(?:name|initials|pseudonym|alias)n?s?|pseudonyms?|(?:{_NAME}) (?:of|de|du|del) {_PATIENT}|"
    r"nachname|vorname|familienname|initialen|prénom|initiales|apellidos?|iniciales|cognome|"
    r"姓名|患者(?:姓名|编号|号)?|病人(?:姓名|编号|号)?",
    rf"(?:case|record)|{_RECORD} ?{_NUMBER}",
    rf"(?:{_PATIENT} )?(?:dob|(?:date of )?birth(?: ?date| ?day)?)|geburtsdatum|date de naissance|fecha de nacimiento",
)
_NAMES, _RECORDS = 1, 2
# says which patient, or which row, or which test: what stands in it tells
_ANYTHING = r"ids?|identifier|identifiant|kennung"
_SEX = rf"(?:{_PATIENT} )?(?:sex|gender|geschlecht|sexe|sexo|sesso|性别)"
_OF_SEXES = "mfhwd男女"  # the first letters of the sexes in these languages; all else says that it is not known


def plain_heading(heading: str) -> str:
    """A heading in small letters, words parted by single blanks: `COMPONENT_NAME` is `component name`."""
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", heading)
    return " ".join(re.sub(r"[_/\-.:]+(?!l$|h$)|\([^()]*\)", " ", text).lower().split())


def says_who(heading: str) -> bool:
    """True for the heading of a column that has a number, a name or a birthday of the patient."""
    head = _without_signs(heading)
    return any(re.fullmatch(pattern, head) for pattern in _WHO)


def says_sex(heading: str) -> bool:
    """True for the heading of a column that has the sex of the patient."""
    return re.fullmatch(_SEX, _without_signs(heading)) is not None


def patient_columns(heads: Sequence[str], rows: Sequence[Sequence[str]], of_name: int | None = None) -> list[int]:
    """The columns that together tell the patients of a table apart, by headings and cells; empty where none does.

    `heads` are empty for columns that are known to hold something else. `of_name` is the column of the tests: an `ID`
    that goes with the test is of the test, one that is another in each row is of the row, and any other of a patient.
    Men and women in one table are several, if nothing else tells them apart.
    """
    plain = [_without_signs(head) for head in heads]
    filled = [i for i, head in enumerate(plain) if head and any(row[i] for row in rows)]
    alone: list[int] = []
    for n, pattern in enumerate(_WHO):
        hits = [i for i in filled if re.fullmatch(pattern, plain[i])]
        hits = [i for i in hits if not (re.fullmatch(_NAME, plain[i]) and _of_tests(i, rows, of_name))]
        if hits and n == _NAMES:
            return hits
        parting = [i for i in hits if len(several_patients(rows, [i])) > 1]
        if parting or (hits and n < _RECORDS):
            return (parting or hits)[:1]
        alone = alone or hits[:1]
    if sexes := [i for i in filled if says_sex(heads[i]) and len(_sexes(i, rows)) > 1]:
        return sexes[:1]
    unsure = [i for i in filled if re.fullmatch(_ANYTHING, plain[i])]
    return [i for i in unsure if _groups(i, rows) and not _of_tests(i, rows, of_name)][:1] or alone


def patient_of(row: Sequence[str], columns: Sequence[int]) -> str:
    """What a row says in the columns of its patient; empty where it says nothing."""
    return " ".join(filter(None, (" ".join(row[i].split()) for i in columns)))


def several_patients(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[str]:
    """The patients of the rows as they are written first, each once; capitals make no other patient."""
    found: dict[str, str] = {}
    for row in rows:
        if who := patient_of(row, columns):
            found.setdefault(who.casefold(), who)
    return list(found.values())


def _without_signs(heading: str) -> str:
    return " ".join(re.sub(r"['’]", " ", re.sub(r"#|№|\bn[°º]", " no ", plain_heading(heading))).split())


def _sexes(column: int, rows: Sequence[Sequence[str]]) -> set[str]:
    return {row[column][0].lower() for row in rows if row[column]} & set(_OF_SEXES)


def _groups(column: int, rows: Sequence[Sequence[str]]) -> bool:
    """True for a column in which some rows have the same text, and others another."""
    cells = [row[column] for row in rows if row[column]]
    return 1 < len(set(cells)) < len(cells)


def _of_tests(column: int, rows: Sequence[Sequence[str]], of_name: int | None) -> bool:
    """True where each of three or more tests has a text of its own in the column, as its code or its other name is."""
    if of_name is None:
        return False
    pairs = {(row[column], row[of_name]) for row in rows if row[column]}
    return len(pairs) > 2 and len(pairs) == len({cell for cell, _ in pairs}) == len({name for _, name in pairs})
