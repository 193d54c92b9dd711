"""What the headings of a long list say that its columns are, as laboratories and warehouses of several countries call
them."""

import re

from casereport.readers.patient_columns import plain_heading

# what a heading says its column is; of two columns of one kind the one whose pattern stands first
_HEADINGS: dict[str, tuple[str, ...]] = {
    "date": (
        r"(?:date|time|date ?time)(?: and time)?(?: of)? ?(?:collect(?:ed|ion)|sampl(?:e|ing)|drawn?|specimen)",
        r"(?:specimen |sample )?(?:collect(?:ed|ion)|sampl(?:ed|ing)|drawn?)"
        r"(?: on)?(?: date| time| date ?time| date and time| dt| dttm)?",
        r"(?:specimen|sample) (?:date|time|date ?time|date and time|dt|dttm)",
        r"(?:abnahme|entnahme|proben)(?:datum|zeitpunkt)|date(?: et heure)? (?:de |du )?prélèvement|prélevé le"
        r"|fecha(?: y hora)? (?:de (?:la )?)?(?:toma|extracción|muestra|recogida)"
        r"|data(?: e ora)?(?: del?| di)? ?prelievo|data(?: e hora)? d[ae] (?:coleta|colheita)"
        r"|afname(?:datum|moment)|(?:标本)?采[样集](?:时间|日期)|採[取血]日時?|検体採取日時?",
        r"(?:abnahme|entnahme|proben)(?:zeit)?|datum|fecha|data|日期|検査日",
        r"(?:date|date ?time|date and time|chart ?time|timestamp|(?:effective|observation) date(?: ?time)?)",
        r"(?:test|result|lab|measurement|exam|visit|service|order)(?:ed)? (?:date|date ?time|date and time)",
    ),
    "day": (r"study day|trial day|day|days|day of study|(?:hospital|icu|post ?op(?:erative)?|illness) day|pod|hd",),
    "hours": (r"(?:hours?|hrs?)(?: (?:of study|after|since|from|post)\b.*)?|time in hours?",),
    # minutes from the admission to the unit, as eICU has them
    "offset": (r"(?:lab ?result|observation|measurement|sample|chart)? ?offset(?: minutes)?",),
    "clock": (
        r"time|hour|hours|week|weeks|month|months|(?:collection|sample) time"
        r"|(?:(?:abnahme|entnahme)?uhr|abnahme|entnahme)?zeit|heure(?: de prélèvement)?|hora|ora"
        r"|(?:afname)?tijd|时间|時刻",
    ),
    "name": (
        r"(?:lab(?:oratory)? )?(?:test|analyte|component|parameter|assay|investigation|exam(?:ination)?|measurement)"
        r"(?: ?name| description| desc)?",
        r"component name|result name|observation name|lab ?name|label|description|item(?: ?name)?|lab(?:oratory)?"
        r"|observation|variable|biomarker|marker",
        r"analyt|untersuchung|messgröße|bezeichnung|prueba|analyse|examen|análisis|determinación|par[aá]metro"
        r"|paramètre|dosage|esame|analisi|parametro|exame|análise|analito|bepaling|onderzoek"
        r"|(?:检验)?项目(?:名称)?|(?:検査)?項目名?|検査名",
        r"name",  # beside another of these it is that of the patient
    ),
    "value": (
        r"(?:test |lab |observation |measured |numeric |result )?(?:result|value)(?: value)?s?|lab ?result",
        r"value ?num|value as number|reading|finding|measurement value|level|concentration",
        r"ergebnis|wert|messwert|befund|resultados?|valor|résultats?|valeur|risultat[oi]|valore"
        r"|uitslag|resultaat|waarde|(?:检验)?结果|(?:検査)?結果|测定值|測定値",
    ),
    "unit": (
        r"(?:result |value |test )?units?(?: of measure(?:ment)?)?|uom|value ?uom"
        r"|lab ?measure ?name ?(?:system|interface)|einheit|unidad(?:es|e)?|unités?"
        r"|unità(?: di misura)?|eenheid|单位|単位",
    ),
    "limits": (
        r"(?:ref(?:erence)?|normal|norm|ref\.|standard)\.? ?(?:range|interval|values?|limits?)?s?"
        r"(?: (?:& |and |\+ )?units?)?"
        r"|range|nr|referenz(?:bereich|werte?|intervall)?|normbereich|normwerte?"
        r"|(?:valeurs?|intervalles?) (?:de référence|usuelles?|normales?)|normes?"
        r"|(?:valor(?:es)?|rango|intervalo)(?: de)? (?:refer[eê]ncia|normal(?:es)?|normais)"
        r"|(?:valori|intervallo) (?:di riferimento|normali)|riferimento"
        r"|referentie(?:waarden?|interval|bereik)?|normaalwaarden?|参考(?:范围|值|区间)|正常[值范]围?|基準[値範]囲?",
    ),
    "low": (
        r"(?:ref(?:erence)?|normal|range|norm) ?(?:range )?(?:low(?:er)?|min)(?: limit)?|low(?:er)?(?: limit)?"
        r"(?: of normal)?|lln",
    ),
    "high": (
        r"(?:ref(?:erence)?|normal|range|norm) ?(?:range )?(?:high|upper|max)(?: limit)?|(?:high|upper)(?: limit)?"
        r"(?: of normal)?|uln",
    ),
    "flag": (
        r"(?:abnormal|result|interpretation)? ?flags?|abnormal|interpretation|abn|h/l|l/h|indicator"
        r"|bewertung|提示|判定",
    ),
    "loinc": (r"loinc(?: ?code| ?num(?:ber)?)?", r"(?:test |lab |component |observation )?code"),
    "specimen": (
        r"specimen(?: type| source)?|sample(?: type)?|fluid|matrix|(?:proben ?|untersuchungs ?)?material|source"
        r"|probenart|prélèvement|nature du prélèvement|muestra|materiale|amostra|materiaal|标本|标本类型|検体",
    ),
    "status": (r"(?:(?:result|test|observation|lab|order|verification) )?status|befundstatus|estado|statut",),
    # of what is ordered or reported together, such as a urinalysis
    "panel": (
        r"(?:(?:lab(?:oratory)?|test|order|result|report) )?(?:panel|battery|profile|section|category|department)"
        r"(?: name)?|(?:order|procedure|parent test)(?: ?name| description| display name)?",
    ),
}  # fmt: skip


def columns_of(row: list[str]) -> dict[str, int]:
    """The column of each kind that the headings of a list have."""
    found: dict[str, int] = {}
    heads = [plain_heading(text) for text in row]
    for kind, patterns in _HEADINGS.items():
        for pattern in patterns:
            hits = [
                i for i, head in enumerate(heads) if i not in found.values() and head and re.fullmatch(pattern, head)
            ]
            if hits:  # `Result` sooner than `Result (SI)`
                found[kind] = min(hits, key=lambda i: ("(" in row[i], i))
                break
    if "hours" in found and found.keys() & {"date", "day"}:  # then it is the hour of the day
        found.setdefault("clock", found.pop("hours"))
    return found
