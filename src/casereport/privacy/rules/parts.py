"""What the rules of the privacy gate share: how a rule is made, pieces of their forms, and what looks so and is none.

Each rule weighs a missed identifier against a false alarm: a gate that cries wolf is switched off. Where a form has a
common clinical meaning (1/2, 138/80, Oct 4, 5-10-20 mg, the Berlin definition), the rule says how it is told apart.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from casereport.privacy.rules.months import ENGLISH

Check = Callable[[re.Match[str]], bool]


@dataclass(frozen=True)
class Rule:
    """A form: the kind of identifier (a key of `REASONS`), a regular expression, and a check of what it matched.

    Most texts are words of a table, where most rules have no place: what each match of one has in it (`needs`, a key of
    `NEEDS`) is looked for once in a text, and the expression is compiled when a text has it.
    """

    kind: str
    form: str
    check: Check | None
    flags: int
    needs: str
    no_eponym: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The form, compiled."""
        return re.compile(self.form, self.flags)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in a text it is found. A group `it` is all that a rule is about."""
        return [match.span(self._it) for match in self.pattern.finditer(text) if self._is_one(match)]

    @cached_property
    def _it(self) -> int | str:
        return "it" if "it" in self.pattern.groupindex else 0

    def _is_one(self, match: re.Match[str]) -> bool:
        if self.no_eponym and not _eponym().match(match.string, match.end(self._it)):
            return False
        return self.check is None or self.check(match)


class Rules(list[Rule]):
    """Rules of one subject, which need what `needs` says at their place but for those that say so."""

    def __init__(self, needs: str = "") -> None:
        super().__init__()
        self.needs = needs

    def add(
        self,
        kind: str,
        form: str,
        check: Check | None = None,
        *,
        any_case: bool = False,
        no_eponym: bool = False,
        needs: str | None = None,
    ) -> None:
        """Adds one; `any_case` finds small and capital letters alike, `no_eponym` no `Berlin definition`."""
        needed = self.needs if needs is None else needs
        self.append(Rule(kind, form, check, re.I if any_case else 0, needed, no_eponym))


# Every run of parts has an end, here and below: a rule that may begin at each of n places and run on to the end of the
# text from each takes n squared steps, which is hours in a hostile one.
# A capital of the Latin, Greek or Cyrillic alphabet, and a small letter of any.
UPPER = "[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚΑ-ΩА-ЯЁЄІЇҐ]"
# What a text must have for a rule to be looked for in it.
NEEDS = {
    "@": re.compile("@"),
    "ninety": re.compile("ninet|nonag|centen|hundre|hundert|neunzig|-vingt-|cent ans|novant|novent|90s|[岁歳]", re.I),
    "capital": re.compile(UPPER),
    "digit": re.compile(r"\d"),
    "3 digits": re.compile(r"\d(?:\D*\d){2}"),
    "7 digits": re.compile(r"\d(?:\D{0,2}\d){6}"),  # in groups
    "foreign": re.compile("[\u0400-\u052f\u2e80-\ud7ff]"),  # Cyrillic, Chinese, Japanese or Korean
}
_LOWER = r"[^\W\d_A-ZÀ-ÖØ-ÞΑ-ΩА-Я]"
WORD = rf"{UPPER}(?:'[A-Z])?[^\W\d_]+(?:['-][^\W\d_]+){{0,3}}"
TITLED = rf"{UPPER}(?:'[A-Z])?{_LOWER}[^\W\d_]*(?:['-][^\W\d_]+){{0,3}}"
NO_AMOUNT = (
    r"(?! ?(?:[%°]|/ ?(?:[µu]l|mm3|ml|L|l|Gpt)\b|(?:IE|UI|UFC|CFU|KBE|Kopien|copias|cópias|kopii|mg|g|kg"
    r"|ug|mcg|mmol|mL|ml|L|IU|U|mm|cm|cells|copies|units|min|minutes|hours?|h|days?|d|weeks?|months?|years?|times|beds?"
    r"|patients|bp|kb|Mb|total|mapped|aligned|reads|rows|steps|kcal|k?Da|k?Hz|[np]g|[npu]mol|[µu][gL]|points|m|km|c?Gy"
    r"|mAs|kV|M?Bq)\b))"
)

_AUTHOR = rf"(?:(?:[Vv][ao]n|[Dd][eiu]|[Ll]e)(?: de[nr])? )?{TITLED} [A-Z](?:-?[A-Z]){{0,2}}(?![\w'-])"
_MONTH_OF_ISSUE = rf"(?: (?:{ENGLISH}|[A-Z][a-z]{{2,3}})\.?(?: \d\d?)?)?"
_COUNTRY = (  # where makers of reagents and devices are
    "(?:USA?|UK|Germany|France|Switzerland|Austria|Italy|Spain|Netherlands|Belgium|Denmark|Sweden|Ireland|Israel|Japan"
    "|China|Korea|Canada|Australia|India|Texas|California|Massachusetts|Minnesota|New Jersey)"
)
# What has the form of a date or a record number and is none; it, or its group `it`, is blanked out before the search.
HARMLESS = [
    re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi[: ]*)?\b10\.\d{4,9}/[^\s,;\"')\]]+", re.I),
    re.compile(
        r"(?:https?://)?(?:www\.)?(?:ncbi\.nlm\.nih\.gov|clinicaltrials\.gov|uniprot\.org|omim\.org|ensembl\.org"
        r"|rcsb\.org|who\.int)(?![\w.-])[^\s,;\"')\]]*"
    ),
    # registers of trials, papers, sequences, genes and terms
    re.compile(
        r"(?<![A-Za-z0-9])(?:NCT|ISRCTN|ACTRN|CTRI|UMIN|DRKS|IRCT|ChiCTR|EudraCT|EUCTR|jRCT|JPRN|KCT|PACTR|ReBec|RBR"
        r"|SLCTR|TCTR|NTR|CRD|PROSPERO|PMID|PMCID|PMC|arXiv|ChinaXiv|medRxiv|bioRxiv|GSE|GSM|SRA|SR[APRX]|PRJNA|SAMN"
        r"|EPI_ISL|EGAS|SCTID|RRID|ISBN|SNOMED(?: CT)?|ISSN|GenBank|CAS|LOINC|RxNorm|RxCUI|OMIM|MIM|ORPHA|Orphanet"
        r"|MedDRA|HGNC|UniProt|ClinVar|VCV|RCV|HP:|UNII|CCAM|CIM-10|CID-10|GHM|OPS|PZN|EBM|LPP|DRG|CPT|HCPCS|ATC|TUSS"
        r"|SIGTAP|PubChem|DrugBank|ChEBI|COSMIC|COSM|ENST|ENSG|ATCC|NCTC|MeSH|UMLS|NDC|ID-RCB)[ :.#/_-]*"
        r"(?:(?:[Nn]o\.?|[Nn]umber|ID|registration|identifier|entry|concept|code|term|under|accession"
        r"|as|PT|LLT)[ :]*){0,2}[A-Z]{0,4} ?\d[\w./-]*(?:(?:,| \||;| \()(?: ?(?:LLT|PT))? ?[A-Z]{0,3}\d[\w./-]*)*"
    ),
    # what a committee gave leave by, and a batch of a product
    re.compile(
        r"\b(?:ethi[ck]\w{0,24}|avis|éti(?:ca|que|co)|etik\w{0,24}|CEIm|IRB|IEC|REC|HREC|IRAS|Dnr"
        r"|institutional review board|approv\w{2,4}|model|grant|guideline"
        r"|(?:S[123][ek]?-)?Leitlinie)\b[.:]?[^.;:\n\d]{0,60}[ :.#(/]{1,3}"
        r"(?P<it>(?!MRN|NHS|SSN)(?:[A-Z]{1,8}[-/])*[A-Z]{0,8}\d[\w/-]*"
        r"(?:(?:\.\d+)+| [A-Z]{1,3}-?\d[\w/-]*| \d{4}/[\d-]+)?"
        r"(?: \([\w/-]{3,12}\))?)",
        re.I,
    ),
    # a batch of a product, and who made it where
    re.compile(
        r"\b(?:lot|batch|cat(?:alogue|alog)?)\b\.?[^.;:\n\d]{0,20}[ :.#(]{1,3}"
        r"(?P<it>(?:[A-Z]{1,8}[-/])*[A-Z]{0,3}\d[\w/-]*"
        rf"(?:(?:,(?: (?-i:St\.|[A-Z][\w&-]+)){{1,3}}){{1,3}}(?:, (?-i:{_COUNTRY})| \d{{5}})\b)?)",
        re.I,
    ),
    # authors: Smith and Jones (2019); Smith AB, Jones CD.
    re.compile(
        rf"(?<![\w'-]){TITLED} (?:&|and|und|u\.|et|y|e|i) {TITLED},? (?:\(?(?:19|20)\d\d(?!\d)|[(\[](?:refs?\b|\d))"
        rf"|(?<![\w'-]){_AUTHOR}(?:[,;] (?:and )?{_AUTHOR}){{1,20}}"
        r"(?=[.,:;][^\n]{0,160}\b(?:19|20)\d\d)"
    ),
    # a journal reference: 2020;11:216, or 2013 Sep 10;7:223; and when it came out
    re.compile(
        rf"(?:(?<![\w.])(?:[A-Z][\w.]{{0,20}} ){{1,6}}|\b)(?:19|20)\d\d{_MONTH_OF_ISSUE}; ?\d+"
        rf"|\bEpub(?: ahead of print)?[,:]?{_MONTH_OF_ISSUE} (?:19|20)\d\d{_MONTH_OF_ISSUE}"
    ),
    # a standard: WS/T 405-2012
    re.compile(r"\b(?:ISO|IEC|DIN|GB|WS|YY|ASTM|CLSI)(?:/[A-Z])?[ -]?[A-Z]?\d[\d.:-]*(?!\w| [A-Z]{4} \d{4})"),
    # two names that medicine has one thing of: Marcus Gunn pupil, Austin Flint murmur
    re.compile(
        r"\b(?:Marcus Gunn|Austin Flint|Gr[ea]y Turner|Will Rogers|[Dd]a Vinci|Tel Hashomer|Argyll Robertson"
        r"|Robert Jones|Robert Koch|Lloyd[ -]Davies"
        r"|Graham Steell|Carey Coombs|Austin Moore|Denis Browne|Ivor Lewis|Miller Fisher|Ramsay Hunt|Brown S[eé]quard"
        r"|Jackson Pratt|King'?s College (?:criteria|score)|Becton Dickinson"
        r"|Bair Hugger|Steri Strips?|Rose Bengal|Congo Red|Prussian Blue|Oil Red|Evans Blue|Alcian Blue"
        r"|Luxol Fast Blue|Sister Mary Joseph|Mary Joseph"
        r"|Charles Bonnet|Ann Arbor|Los Angeles grade|Lady Windermere|Paul Bunnell|Paul Mikulicz|Dandy Walker"
        r"|Pierre Robin|Treacher Collins"
        r"|Sonic Hedgehog|Rocky Mountain|Rift Valley|Ross River|Murray Valley|Saint Louis encephalitis"
        r"|St Louis encephalitis|Guinea Bissau"
        r"|Robin Hood|Alice in Wonderland|Peter Pan|Stockholm syndrome|Munchausen by proxy)"
        r"(?! (?:was|is|had|has|presented|said|told|lives|felt)\b)"
    ),
    re.compile(r"\bHelsinki\b[^.;\n]{0,40}?\b(?:revised|amended|adopted) in (?P<it>[A-Z][\w-]+)"),
    re.compile(r"\bSt\.? John'?s wort\b|\bJohnson (?:&|and) Johnson\b"),
    # a disease or a tumour by its code
    re.compile(
        r"\bICD(?:-?\d{1,2})?(?:-O(?:-3)?|-CM|-PCS)?[ :]{1,2}[A-Z]?\d{2,4}(?:[./]\d{1,3})?|\bM?[89]\d{3}/\d(?![\d/])"
        r"|\bDSM-(?:III|IV|V|5)(?:-TR)?(?: (?:19|20)\d\d)?"
    ),
    # who makes a device or a reagent, and where: (Example Biosystems Inc., Springfield, USA)
    re.compile(
        rf"(?:(?<=\b[Tt]he )[A-ZÀ-Þ][\w.-]{{0,30}} )?\((?![A-Z][a-z]+ [A-Z][a-z]+,)"
        rf"[A-Z][^()\d]{{0,40}}, [A-Z][^(),\d]{{2,25}}(?:, [A-Z]{{2}})?, {_COUNTRY}\)"
        r"|\b[A-Z][\w-]{0,20}\d\w{0,10} \([A-Z][\w-]+(?: [A-Z][\w-]+)?, [A-Z][\w-]+\)"
        r"|(?<![\w.&'-])(?:[A-Z][\w.&'-]{0,30} ){1,4}(?:AG(?=[,;)])|(?:GmbH|Inc|Ltd|LLC|SpA|KGaA)\b)"
        r"(?:, [A-Z][a-z]{2,20}){0,2}"
        r"|\bCarl Zeiss\b"
    ),
    re.compile(
        r"\([A-Z][^()\d]{0,60}\b(?:Inc|Corp|Corporation|Ltd|Limited|LLC|GmbH|AG|Biosystems|Technologies|Diagnostics"
        r"|Scientific|Systems|Biotech\w*|Pharma\w*|Laboratories|Instruments|Healthineers|Healthcare|Medical)\b"
        r"[^()\d]{0,60}\)"
    ),
    # gravida and para; the lineage of a virus
    re.compile(r"\bG\d{1,2} ?P\d{1,4}(?:[ +]\d{1,4})?\b|\b[A-Z]{1,2}(?:\.\d{1,3}){1,4}\b"),
    # a substance by its maker's code
    re.compile(
        r"\b(?:BMS|LY|GSK|RO|PF|MK|AZD|ABT|AMG|BAY|INCB|JNJ|TAK|VX|ONO|REGN|SAR|MEDI|CEP|GS|NVP|CP|SB|U|ALN|BI"
        r"|ABBV)-?\d{3,9}\b"
    ),
    re.compile(
        r"\bseed[ :=]*\d+|\b(?:version|release|firmware|software|build|ver\.|v) ?\d+(?:\.\d+)+"
        r"|\bv\.\d+(?:\.\d+)+|\bbuild \d{6,8}\b",
        re.I,
    ),
    re.compile(r"\b(?:SPSS|SAS|Stata|MATLAB|ImageJ|GATK|Prism|R)(?: Version| v\.?)? \d+(?:\.\d+)+"),
    # Apgar 9/10/10; a place in the genome
    re.compile(
        r"\bapgar[ \w:]{0,40}?\d\d?(?:/\d\d?)+|\bchr[\dXYM]+:\d+(?:-\d+)?|\b[NX][CGMPR]_\d+|\(\d{4,9}[ _]\d{4,9}\)",
        re.I,
    ),
]

# Words with a capital that follow `patient`, or stand before `City` and `Hospital`, and name nobody and no place.
COMMON = frozenset(
    word
    for line in (
        "A After An And Another Any At Before Both During Each Every For From He Her His If In It Local No Of On One",
        "Our Same She Some That The Their These They This Those To Two We When With Academic Capital Children",
        "Children's Community Day Designated District Field General Home Inner Isolation Large Main Major Medical",
        "National Outpatient Primary Private Public Referral Regional Rural Secondary Small Teaching Tertiary",
        "University Urban Eastern Northern Southern Western East North South West New Assessment Asthma Blood Cancer",
        "Clinical Diabetes Emergency Eye Failure Fever Heart Hospital Memory Mental Pain Skin Acquired Activity",
        "Admission Care Case Cell Cells Characteristics Chart Classification Consent Convalescent Data Discharge",
        "Early Education Experience Follow Global Group Health Human Identification Information Informed Intensive",
        "Leukocyte Management Mesenchymal Number Outcome Outcomes Perspective Plasma Post Pre Protection Registry",
        "Report Reported Research Rights Safety Satisfaction Score Self Stem Study Summary Travel Treatment Unit",
        "Warning Kollege Kollegin Kollegen Emeritus Led Practitioner Reviewed Silk Specialist Visit Visits",
    )
    for word in line.split()
)

# A place or a person in the name of a scale, disease or thing: the Berlin definition, Rome IV, the Wuhan strain.
NO_EPONYM = (
    r"(?!\w)(?!(?:'s)?(?: [a-z]+)? (?:syndrome|disease|score|scale|signs?|tests?|index|criteria|criterion"
    r"|classification"
    r"|stage|staging|questionnaire|system|consensus|guidelines?|definition|strain|variant|virus|style|chromosome|nodule"
    r"|palsy|paralysis|lymphoma|sarcoma|tumou?r|procedure|operation|resection|catheter|cannula|tube|needle|wire"
    r"|stent|valve"
    r"|clamp|stain|staining|agar|medium|buffer|solution|reagent|protocol|regimen|method|technique|repair|graft|equation"
    r"|formula|law|model|curve|plot|estimate|estimator|correction|coefficient|kappa|phenomenon|reaction|response|reflex"
    r"|man(?:o?eu|eu)ver|manoeuvre|position|fracture|contracture|cyst|node|body|bodies|cells?|corpuscles?|inclusions?"
    r"|ulcer|hernia|anomaly|malformation|triad|tetralogy|encephalopathy|ataxia|chorea|dystrophy|neuropathy|thyroiditis"
    r"|arteritis|granulomatosis|purpura|anaemia|anemia|fever|encephalitis|diet|checklist|inventory|trial|study|group"
    r"|cohort|register|registry|database|guide|manual|statement|declaration|convention|protocol|unit|units|institute"
    r"|conference|agreement|approach|principle|rules?|pupils?|murmur|robot|brace|splint|collar|facies|tremor"
    r"|deformity|incision|osteotomy|arthroplasty|fundoplication|shunt|blade|smear|forceps|angle|lesions?|bodies"
    r"|crystals|antigen|mutation|deletion|gait|rash|pouch|flap|exercises|laryngoscope|balloon|lift|frame|harness|jacket|boots|stoma|fluid|fixative|iodine"
    r"|theorem|distribution|process|prior(?! to)|statistic|ratio|lactate|canal|vein|pad|ointment)s?\b"
    r"| (?:Heart|Coma|Clinic|Cognitive|Depression|Anxiety|Rating|Scale|Score|Index|Inventory|Test|Stage|Criteria|Bowel"
    r"|Classification|Questionnaire|Disease|Syndrome|Virus|[IVX]+)\b| ?(?:et al|et coll|y cols?|e cols?"
    r"|i wsp|u\. ?a\.|and colleagues|and coworkers)\b)"
)


def not_common(*groups: str) -> Check:
    return lambda match: not any(match[group] in COMMON for group in groups)


@cache
def _eponym() -> re.Pattern[str]:
    return re.compile(NO_EPONYM)
