"""Postcodes, addresses, places smaller than a province or state, and hospitals."""

import re

from casereport.privacy.name_lists import words
from casereport.privacy.rules.parts import COMMON, NO_AMOUNT, TITLED, WORD, Rules, not_common
from casereport.privacy.rules.terms import is_eponym, is_medical, is_no_town, is_term

RULES = Rules(needs="capital")

_HOSPITAL_KINDS = COMMON | words(
    "Hospitals Center Centre Nursing Inpatient Continue Continued Management Hospice Sanatorium Infirmary of for"
)

# Cities that a report of a case is likely to name; few, because no list of places can be complete.
CITY = (
    "(?:Wuhan|Huanggang|Shenzhen|Guangzhou|Hangzhou|Nanjing|Chengdu|Zhengzhou|Changsha|Wenzhou|Beijing|Shanghai|Seoul"
    "|Daegu|Tokyo|Osaka|Taipei|Bangkok|Manila|Jakarta|Mumbai|Delhi|Kolkata|Chennai|Karachi|Lahore|Dhaka|Tehran|Baghdad"
    "|Istanbul|Ankara|Cairo|Lagos|Nairobi|Johannesburg|Moscow|Warsaw|Prague|Budapest|Vienna|Zurich|Geneva|Berlin|Munich"
    "|Hamburg|Milan|Bergamo|Rome|Turin|Madrid|Barcelona|Lisbon|Paris|Lyon|Marseille|Brussels|Amsterdam|Copenhagen"
    "|Stockholm|Oslo|London|Manchester|Birmingham|Dublin|Toronto|Montreal|Vancouver|Boston|Chicago|Houston|Philadelphia"
    "|Seattle|San Francisco|Los Angeles|New York City|Atlanta|Miami|Lima|Bogota|Buenos Aires|Sydney|Melbourne|Auckland)"
)

_UK_AREA = (
    "(?:AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX"
    "|FK|FY|GL|GU"
    "|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO"
    "|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
    "|[BEGLMNSW])"
)
_US_STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY])"
)

# ---- postcodes and places

RULES.add("postcode", rf"(?<![\w-]){_UK_AREA}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{{2}}(?![\w-])")
RULES.add("postcode", rf"\b[A-Z][a-z]+, ?{_US_STATE} \d{{5}}(?:-\d{{4}})?(?![\w-])")
RULES.add(
    "postcode",
    r"\b(?:zip|zip code|postcode|post code|postal code|eircode)\b[ :=]*[A-Z]{0,2}\d[A-Z0-9 -]{2,8}",
    any_case=True,
    needs="digit",
)
RULES.add("postcode", r"\b[A-Z][a-z]+,? \d{6}(?=,? (?:P\.? ?R\.? )?China)|邮编\D{0,2}\d{6}", needs="digit")
RULES.add(
    "place",
    rf"(?<![\w-])(?P<a>{WORD})(?: {WORD})? (?:[Cc]ity|[Cc]ounty|[Dd]istrict|[Pp]refecture|[Mm]unicipality"
    r"|Township|Borough|Parish|Village)\b(?! (?:General )?Hospital)",
    not_common("a"),
)
RULES.add(
    "place", rf"\b(?:city|town|village|county|district|municipality|borough|suburb) of (?P<a>{WORD})", not_common("a")
)
RULES.add("place", rf"(?<![\w-])(?:\d+ )?(?P<a>{WORD}) (?:Street|Road|Avenue|Boulevard|Lane)\b(?! \d)", not_common("a"))
RULES.add("place", rf"(?<![\w.-])\d+[A-Za-z]? {WORD}(?: {WORD})? (?:Drive|Square|Court|Close|Way|Terrace|Crescent)\b")
RULES.add(
    "place",
    r"(?<!\w)(?:(?i:in|from|at|near|to|outside|via|around|visited|visiting|left|leaving)|(?:resident|native) of)"
    rf"(?: central| downtown| northern| southern)? {CITY}(?![\w-])",
    no_eponym=True,
)
RULES.add(
    "place",
    rf"(?<![\w-])(?<!Salmonella ){CITY}(?:(?=, [A-Z])| (?:resident|native|citizen|man|woman|outbreak)\b)"
    rf"|^\W*{CITY}\W*$",
)
RULES.add("place", r"\d{1,3}\.\d{3,}°? ?[NS],? \d{1,3}\.\d{3,}°? ?[EW]\b", needs="digit")

# ---- hospitals


def _is_named_hospital(match: re.Match[str]) -> bool:
    """False for a kind of hospital, such as `University Hospital` or `The Hospital`: it names no place."""
    return not all(word in _HOSPITAL_KINDS for word in re.findall(r"[^\W\d_]+(?:'s)?", match[0]))


RULES.add(
    "hospital",
    rf"(?<![\w-])(?:St\.? )?{WORD}(?:(?: of| for| and| the){{0,3}} (?:{WORD}|No\.? ?\d+)){{0,9}}? "
    r"(?:Hospitals?|Infirmary|Sanatorium|Hospice|Medical Cent(?:er|re)|Health Cent(?:er|re)|Nursing Home|Care Home)\b"
    rf"(?! Anxiety)(?:(?: of| in|,)? (?:the )?{WORD}(?: {WORD})*)?",
    _is_named_hospital,
)
RULES.add(
    "hospital",
    rf"(?<![\w-])(?P<a>{WORD}) Clinic\b(?! Liver)",
    lambda m: m["a"] not in COMMON and (is_eponym(m["a"]) or not is_medical(m["a"])),
    no_eponym=True,
)
RULES.add(
    "hospital", rf"\b[Ww]ard (?:[Nn]o\.? ?)?(?:\d{{1,3}}[A-Z]?|[A-Z]\d{{1,3}})(?![\w/]|\.\d){NO_AMOUNT}", needs="digit"
)
RULES.add(
    "hospital",
    rf"\b(?:[Bb]ed|[Rr]oom|[Bb]ay) (?:(?:[Nn]o\.?|number|#) ?)?\d{{1,4}}[A-Z]?(?![\w/:-]|\.\d| ?to ){NO_AMOUNT}",
    needs="digit",
)

# ---- towns by the verb before them, addresses and institutions of other languages


def _is_town(match: re.Match[str]) -> bool:
    return not is_no_town(match["a"]) and not match["a"].isupper()


RULES.add(
    "place",
    r"\b(?:(?:live[sd]?|living|resid(?:es|ed|ing)|grew up|born|raised|home|house|flat|works?|worked|working|employed"
    r"|holiday|stay|stayed|job)(?: alone| with (?:his|her|their|a|an|the|two|three)(?: [a-z]{2,12}){1,4}"
    r"| (?:as|at|for) an?(?: [a-z]{2,12}){1,3})? in"
    r"|(?:resident|native|inhabitant|citizen|suburb|town|village|outskirts) of"
    r"|(?:moved|emigrated|relocated|flew|returned|travelled|traveled|went|trip|journey|flight) (?:to|from)"
    r"|(?:comes?|came|coming|arrived|hails?|native|cruise|flew|driven) from|visited|visiting|stationed at)"
    rf" (?:the )?(?P<a>{TITLED})(?: (?!The\b){TITLED})?(?!\w)",
    _is_town,
    no_eponym=True,
)
RULES.add(
    "place",
    rf"\b(?:farmer|miner|teacher|nurse|worker|man|woman|boy|girl|patient|family|student|driver|sailor"
    rf"|retiree) (?:from|of) (?P<a>{TITLED})(?!\w)",
    _is_town,
    no_eponym=True,
)
RULES.add(
    "place",
    r"(?i:\b(?:wohnhaft(?: in)?|wohnt in|lebt in|geboren in|aus|habite à|demeurant à|née? à|vit à|réside à"
    r"|originaire de|habite|demeure à|domiciliée? à|domiciliad[oa] en|vecin[oa] de|vive en"
    rf"|reside en|residente (?:en|em)|nacid[oa] en|natural de|vive (?:a|em)|abita a|mieszka w|residente a"
    rf"|nat[oa] a|mora em|woont in)"
    rf") (?P<a>{TITLED})",
    _is_town,
)
RULES.add("place", rf"(?<![\w-])(?P<a>{TITLED}) (?:resident|native|citizen)\b", _is_town)
RULES.add(
    "place",
    r"(?<!\w)(?:[A-ZÄÖÜ][a-zäöüß]{2,20}-){1,3}(?:Platz|Straße|Str\.|Gasse|Weg|Allee|Ring) \d{1,4}[a-z]?\b"
    rf"|\b(?:[Ww]ohnhaft|[Ww]ohnt|wh\.)(?: in)?:? (?:[A-Z]{{1,2}}-)?\d{{4,5}}[ -](?:Bad )?{TITLED}",
)
RULES.add(
    "place",
    r"(?<!\w)[A-ZÄÖÜ][a-zäöüß]{2,20}(?:straße|strasse|str\.|(?<!Atem)(?<!Harn)(?<!Luft)(?<!Dienst)weg|gasse"
    rf"|allee|platz|pfad| Str\.| Straße)\.? \d{{1,4}}(?: ?[a-z])?\b(?:,? \d{{4,5}} {TITLED})?",
)
RULES.add(
    "place",
    rf"(?<![\w.-])\d{{1,4}}(?: ?bis)?,? (?:rue|avenue|av\.|boulevard|place|chemin|impasse|quai|allée)(?: (?:de"
    rf"|du|des|la|le|les|l')){{0,3}} {WORD}"
    rf"|\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.|[Pp]laza|Paseo|Carrera|[Rr]ua|Travessa|Praça)(?: (?:de|del|da|do"
    rf"|das|dos|la|los|las)){{0,2}} {WORD}(?: \d{{1,4}})?"
    rf"|\b(?:Via|Viale|Piazza|Corso) {TITLED},? \d{{1,4}}\b",
)
RULES.add(
    "place",
    rf"(?<![\w.-])\d{{1,4}}[A-Z]?,? {WORD}(?: {WORD})? (?:St|Rd|Ave|Blvd|Ln|Dr|Grove|Gardens|Hill|Row|Mews|Park"
    rf"|Place|Road|Street|Avenue|Lane)\b(?! \d)",
)
RULES.add(
    "place",
    r"\bP\.? ?O\.? Box \d{1,6}|\b(?:House|Plot|Door|Villa|H)\.? ?[Nn]o\.? ?\d{1,4}[A-Z]?\b"
    r"|\b(?:Apt|Apartment|Flat|Suite)\.? (?:no\.? )?\d{1,4}[A-Z]?\b(?! ?(?:mg|lines?"
    r"|ECG))|\bPostfach \d{2,8}",
    needs="digit",
)
RULES.add(
    "postcode",
    r"\b(?:PLZ|ZIP|code postal|C\.P\.|CAP|CEP|Postleitzahl|código postal)[ :]{0,2}\d{4,6}(?:-\d{3,4})?(?!\w|[.,]\d)",
    any_case=True,
    needs="digit",
)
RULES.add(
    "postcode",
    rf"(?:(?<=, )|(?<=\n)|^)\d{{4,5}} (?P<a>{TITLED})(?: (?:de|di|la|le|am|an der|sur|{TITLED})){{0,3}}",
    lambda m: not is_term(m["a"]),
)
# the head of a letter: Neustadt, am 12.3.
RULES.add(
    "place",
    rf"(?<![\w-])(?!\w+(?:tag|woch|di),)(?P<a>{TITLED}), (?:am|den|le|il|el) (?=\d{{1,2}}\. ?(?:\d|{TITLED}))",
    _is_town,
)
RULES.add("postcode", rf"(?<![\w-])(?:D|A|CH|F|B|L|NL|I)-\d{{4,5}} {TITLED}")
RULES.add("postcode", r"(?<![\w.,-])\d{5}-\d{4}(?![\w-]|[.,]\d)", needs="digit")
RULES.add(
    "place",
    r"(?<![\w.,-])-?\d{1,2}\.\d{4,8}, ?-?\d{1,3}\.\d{4,8}(?![\w.])"
    r"|(?<!\w)\d{1,3}° ?\d{1,2} ?'(?: ?\d{1,2}(?:\.\d+)? ?(?:\"|''))? ?[NSEW]",
    needs="digit",
)
RULES.add(
    "place",
    rf"(?<![\w-])(?P<a>{WORD})(?: {WORD})? (?:Primary School|High School|Secondary School|School|College"
    rf"|Kindergarten|Airport|Prison|Factory|Nursery|Church|Mosque|Hotel)\b",
    not_common("a"),
)
RULES.add(
    "hospital",
    rf"\bSt\.? {WORD}(?:'s?)? (?:Hospital|Infirmary|Hospice)"
    rf"|\b[A-ZÄÖÜ]\w{{3,20}}(?:krankenhaus|spital|klinikum|klinik)(?:es|s)? (?:St\. |Bad )?{TITLED}"
    r"|\b(?:Station|Ambulanz|Intensivstation) [A-Z]{0,2}\d{1,4}[A-Z]?\b"
    r"|\b(?:Universitätsklinikum|Universitätsklinik|Uniklinik|Klinikum|Krankenhaus|KH|Charité|Hôpital|CHU|CHRU"
    r"|Clinique|Ospedale|Policlinico|Ziekenhuis)"
    rf"(?: (?:de|du|des|di|della|San|Sankt|St\.)){{0,2}} {WORD}"
    rf"|\bHospital (?:(?:Universitario|General|Clínico|Provincial|Regional|Geral|Universitário) )?"
    rf"(?:(?:de|del|da|do|La|San|Santa|São|Virgen|Nuestra|Nossa|Señora|Senhora|Sagrado) ){{1,3}}"
    rf"(?:(?:la|las|los) )?{WORD}"
    rf"|\b(?:[Nn]ursing home|RSA|EHPAD|Pflegeheim|Seniorenheim|Altenheim|[Rr]esidencia) {TITLED}",
)
_HAN = "[\u4e00-\u9fff]"
RULES.needs = "foreign"
RULES.add(
    "place",
    rf"(?:居住|家住|现居|来自|生于|籍贯|抵达|前往|返回|旅居)[在于地自为：:]{{0,2}}(?!东南亚|南亚|非洲|欧洲|美洲|中东|国外|海外|境外){_HAN}{{2,8}}",
)
RULES.add(
    "place",
    rf"(?<![城全本我外各]){_HAN}{{2}}(?<!城)(?<!全)[市县](?!场|内|郊|级|售)|{_HAN}{{2}}(?<!病)(?<!地)(?<!社)(?<!院)(?<!疫)区(?:居民|人氏)",
)
_CITIES = (
    "北京|上海|天津|重庆|广州|深圳|武汉|成都|杭州|南京|西安|苏州|郑州|长沙|沈阳|青岛|宁波|东莞|佛山|无锡|厦门|福州|济南|大连|哈尔滨|长春|石家庄"
    "|合肥|南昌|昆明|贵阳|南宁|太原|兰州|海口|乌鲁木齐|呼和浩特|温州|绍兴|嘉兴|泉州|常州|徐州|珠海|中山|惠州|烟台|潍坊|洛阳|襄阳|宜昌|黄冈|台北|高雄|香港|澳门"
)
RULES.add("place", rf"(?:在|到|去|从|自|赴|住|来|回|经|往|由|返)(?:{_CITIES})")
RULES.add("place", rf"{_HAN}{{2,5}}(?:路|街|大道|巷|弄)\d{{1,5}}号")
RULES.add(
    "hospital",
    rf"{_HAN}{{0,10}}(?:[市省县]|大学|附属|人民|协和|同济|华西|湘雅|中山|第[一二三四五六七八九十\d]){_HAN}{{0,8}}医院",
)
