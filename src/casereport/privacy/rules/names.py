"""Names of persons, told by a title, a role or a common name."""

import re

from casereport.privacy.file_names import people
from casereport.privacy.name_lists import FAMILY, FAMILY_FIRST, GIVEN_IN_PROSE
from casereport.privacy.rules.parts import COMMON, TITLED, WORD, Rules, not_common
from casereport.privacy.rules.people import PERSON_DOES, TITLES, is_behind_a_person
from casereport.privacy.rules.terms import is_eponym, is_medical, is_term

RULES = Rules(needs="capital")

_PEOPLE = (
    "(?:patient|Patient|man|woman|boy|girl|mother|father|son|daughter|wife|husband|brother|sister|donor|infant|child"
    "|physician|surgeon|doctor|nurse)"
)


_DEGREES = r"(?i:dr|ddr|prof|univ\w{0,4}|med|dent|phil|rer|nat|habil|mult|priv|prim|doz|ass|pd|oa|h\. ?c)"
# Dr and Ms, but not DR (retinopathy), MR (imaging) or MS (sclerosis); Mr X is no name
RULES.add(
    "name",
    r"(?<![\w-])(?:Drs?|DDr|Prof|Professor|Mrs|Mr|Ms|Mx|Miss|Doctor|Nurse|Frau|Frl|Herrn?|Mme|[Ss]ignora?|[Ss]eñora?"
    rf"|Priv\.? ?-?Doz|OÄ|FÄ)(?:\. ?| )(?:{_DEGREES}\b[.-]{{0,2}} ?){{0,5}}(?:(?:de|du|van|von|zu|zur|zum|di|el) )?"
    rf"(?:(?:[A-Z](?:\. ?| ))*(?P<a>{WORD})(?: (?:von |zu |zur )?{TITLED})?|(?P<initial>[A-Z]\.)(?= [a-z]))",
    lambda m: bool(m["initial"]) or (m["a"] not in COMMON and (len(m["a"]) > 2 or not m["a"].isupper())),
)
RULES.add("name", rf"\b{_PEOPLE},? (?:named|called|whose name (?:is|was)) (?P<a>{WORD})", not_common("a"))
RULES.add(
    "name",
    r"(?i:\b(?:patient|[a-z]{3,12}'s|full|first|last|family|given|maiden|sur) ?name) ?[:=] ?"
    rf"(?:[A-Z]\. ?){{0,3}}{WORD}",
)
RULES.add("name", r"(?i:\binitials) ?(?::|=|are|were)? ?[A-Z]\.? ?[A-Z]\b|\b[Pp]atient [A-Z]\. ?[A-Z]\.")

# ---- names without a title

_PARTICLE = r"(?: (?:de|da|di|del|della|dos|van|von|der|den|la|le|el|al|bin|ibn|ben)){0,2}"
_LABEL = (
    r"(?:[Pp]atient(?:in)?|[Pp]t|[Nn]ame(?: des Patienten| of (?:the )?patient)?|[Nn]om|[Nn]ombre|[Nn]ome"
    r"|[Cc]ontact(?: person)?"
    r"|[Nn]ext of kin|GP|[Cc]onsultant|[Pp]hysician|[Ss]urgeon|[Gg]uardian|[Cc]arer|[Rr]elative|[Ss]igned(?: by)?)"
)


_DISORDER = re.compile("(?:uria|emia|itis|osis|oma|pathy|algia|rhoea|rhage)$")  # frank haematuria is nobody


def _both_names(match: re.Match[str]) -> bool:
    """A given name and a further name, neither a word that stands in headings."""
    return match["a"] not in COMMON and match["b"] not in COMMON and not match["b"].isupper()


def _is_known(word: str) -> bool:
    return word.title() in GIVEN_IN_PROSE or word.title() in FAMILY or word in FAMILY


def _one_known(match: re.Match[str]) -> bool:
    """True where one of two words is a frequent name, and the other may be the rest of it."""
    a, b = match["a"], match["b"]
    return _both_names(match) and (_is_known(a) or _is_known(b))


def _is_pinyin_name(match: re.Match[str]) -> bool:
    return bool(list(people(f"{match['a']} {match['b']}"))) and match["a"] in FAMILY_FIRST


def _not_term(match: re.Match[str]) -> bool:
    return _both_names(match) and not is_term(match["a"]) and not is_term(match["b"])


def _not_term_in_capitals(match: re.Match[str]) -> bool:
    return (not is_medical(match["a"].title()) and not is_medical(match["b"].title())) or _is_known(match["b"])


# Not a Consultant Haematologist; one word alone only where it is a frequent name: not a Physician Assistant
_PROFESSION = re.compile("(?:ist|ician|logy|ics|gery|cine|arzt|ärztin)$")


def _is_of_role(match: re.Match[str]) -> bool:
    a, b = match["a"], match["b"]
    if b is None:
        return _is_known(a)
    return not any(is_term(word) or _PROFESSION.search(word) for word in (a, b))


# before a date of birth, and behind the greeting of a letter
RULES.add(
    "name",
    rf"(?<![\w'-])(?P<it>(?P<a>{WORD}),? (?P<b>{WORD}))"
    r"(?=,? \(?(?:geb\.|geboren|\*|born\b|née?\b|nat[oa] il|nacid[oa]|DOB) ?(?:on |am |le |el )?\d)",
    _not_term,
)
RULES.add(
    "name",
    r"(?i:\b(?:grü(?:ß|ss)en|regards|sincerely|faithfully|cordialement|salutations|atentamente|saludo|saluti))[,\s]{1,8}"
    rf"(?:{_DEGREES}\b[.-]* ?){{0,4}}(?P<it>(?P<a>{TITLED})(?: (?:von|van|de))? (?P<b>{TITLED}))(?!\w)",
    _both_names,
)
RULES.add(
    "name",
    rf"(?<![\w-]){TITLES} (?P<a>{TITLED})(?: {TITLED})?+(?!\w)",
    lambda m: not is_term(m["a"]) and m["a"] not in COMMON,
    no_eponym=True,
)
RULES.add(
    "name",
    rf"(?<![\w'-])(?P<it>{TITLED})(?: {TITLED})?+(?!\w)",
    lambda m: _is_known(m["it"]) and not is_term(m["it"]) and not is_eponym(m["it"]) and is_behind_a_person(m),
    no_eponym=True,
)
RULES.add(
    "name",
    r"(?i:(?<![\w-])(?:pt|patient|mr|mrs|ms|dr|baby|husband|wife|son|daughter) (?P<a>[a-z]{3,14}) "
    r"(?P<b>[a-z]{3,16})\b)",
    lambda m: m["a"].title() in GIVEN_IN_PROSE and m["b"].title() in FAMILY,
    needs="",
)
RULES.add(
    "name",
    r"(?<![\w-])(?:Sister|Matron|Midwife|Registrar|Consultant|Surgeon|Physician|Pastor|Reverend|Rev\.|Father|Imam|Rabbi"
    r"|Sergeant|Schwester|Pfleger|(?:Ober|Chef|Fach|Haus|Assistenz|Stations)(?:arzt|ärztin)):?"
    rf" (?P<a>{TITLED})(?: (?P<b>{TITLED}))?+(?!\w)",
    _is_of_role,
    no_eponym=True,
)
# looked at from each word on, as any word before a name has a capital too
RULES.add(
    "name",
    rf"(?<![\w'-])(?=(?P<it>(?P<a>{TITLED})(?: [A-Z]\.?){{0,2}}{_PARTICLE}"
    rf" (?P<b>{TITLED})(?: (?!The\b){TITLED})?)(?!-)(?!\w))",
    lambda m: m["a"] in GIVEN_IN_PROSE and _both_names(m) and not _DISORDER.search(m["b"]),
    no_eponym=True,
)
RULES.add(
    "name",
    rf"(?<![\w'-])(?=(?P<it>(?P<b>{WORD}), (?!ANA\b)(?P<a>{WORD})(?: [A-Z]\.)?)(?= is\b|:|,|;| \(|$| [MF]\b| \d))",
    lambda m: m["a"].title() in GIVEN_IN_PROSE and m["b"].upper() not in ("DAY", "THE") and not is_term(m["b"]),
)
RULES.add(
    "name",
    rf"(?<![\w'-])(?P<a>{TITLED})(?=,? (?:aged? \d|\(?\d{{1,3}} ?(?:[MFy]|yo)\b|an? \d{{1,3}}-)|, (?:who|whose) )",
    lambda m: m["a"] in GIVEN_IN_PROSE,
)
RULES.add("name", rf"(?<![\w'-])(?P<a>{TITLED}) [A-Z]\.(?=[ ,;)]|$)", lambda m: m["a"] in GIVEN_IN_PROSE)
RULES.add(
    "name",
    rf"(?<![\w.])(?:[A-Z]\. ?){{1,3}}(?P<a>{TITLED})(?!\w)",
    lambda m: m["a"] in FAMILY and not is_eponym(m["a"]) and not is_term(m["a"]),
    no_eponym=True,
)
RULES.add(
    "name", rf"\b(?:by|cc|[Ss]igned|[Aa]uthor|[Ff]rom|[Aa]ttn):? (?:[A-Z]\. ?){{1,3}}(?P<a>{TITLED})", not_common("a")
)
RULES.add(
    "name",
    r"(?<![\w'-])(?P<b>[A-Z]{3,20}), (?!ANA\b)(?P<a>[A-Z][A-Za-z]{2,20})\b",  # antinuclear antibodies
    lambda m: m["a"].title() in GIVEN_IN_PROSE,
)
RULES.add(
    "name",
    r"(?<![\w'-])(?P<a>[A-Z]{3,20}),? (?P<b>[A-Z]{3,20}),?(?= [MF]\b|,? \(?[MF]?\d\d ?[MFym/]| DOB)",
    _not_term_in_capitals,
)
RULES.add("name", rf"(?<![\w'-])(?P<a>{TITLED}) (?P<b>{TITLED})(?: {TITLED})?(?=,? (?:{PERSON_DOES})\b)", _not_term)
RULES.add(
    "name",
    rf"(?<![\w'-])(?P<a>{TITLED}) (?P<b>{TITLED})(?=,? (?:was|had|is|has|a \d\d-year|received|developed"
    rf"|reported|aged?)\b)",
    _is_pinyin_name,
)
RULES.add(
    "name",
    rf"\b{_LABEL} ?[:=] ?(?P<a>{WORD}),? (?P<b>{WORD})",
    lambda m: _one_known(m) or not (is_medical(m["a"].title()) or is_medical(m["b"].title())),
)
RULES.add("name", rf"\b{_LABEL} ?[:=] ?(?:[A-Z]\. ?){{1,3}}(?P<a>{TITLED})", not_common("a"))
RULES.add(
    "name",
    rf"(?<![\w'-])(?P<a>{TITLED}) (?P<b>{TITLED})(?=,? (?:aged \d|an? \d{{1,3}}-year|\d{{1,3}} years? old))",
    _not_term,
)
RULES.add("name", rf"\b{_LABEL} ?: ?(?P<a>{WORD})(?! [A-Z])(?=[,;]|\.?$)", lambda m: _is_known(m["a"]))
RULES.add(
    "name",
    rf"(?i:\b(?:prénom|vorname|nachname|surname|first name|given name|apellidos?|cognome"
    rf"|nom de famille)) ?[:=] ?(?P<a>{WORD})",
)
RULES.add(
    "name",
    rf"\b(?:[Pp]atient(?:in|en|e)?|[Pp]aciente|[Pp]aziente|[Mm]alade) (?P<a>{TITLED}) (?P<b>{TITLED})(?!\w)",
    lambda m: _one_known(m) or _not_term(m),
    no_eponym=True,
)
RULES.add(
    "name",
    r"\b(?:(?:[Hh]is|[Hh]er|[Tt]heir) (?:husband|wife|mother|father|son|daughter|brother|sister|partner|friend"
    r"|uncle|aunt"
    rf"|cousin|grandmother|grandfather|neighbour)|[Tt]he (?:boy|girl|baby|infant|child)|[Tt]he twins|[Dd]onor"
    rf"|[Pp]atient),? (?P<a>{TITLED})"
    r"(?=,| (?:and|was|is|had|has|drove|came|said|told|brought|agreed|recovered|died)\b|\.?$)",
    lambda m: m["a"] not in COMMON and not is_term(m["a"]),
)
RULES.add(
    "name",
    rf"\b(?:[Hh]er|[Hh]is|[Tt]heir|[Ww]hose|[Pp]atient's) (?:first |last |full )?name (?:is|was) (?P<a>{TITLED})",
    not_common("a"),
)
RULES.add(
    "name",
    rf"\b(?:called|named|nicknamed|known as) (?P<a>{TITLED})(?= by (?:his|her|the|their) (?:family|wife|mother"
    rf"|friends|staff|nurses))",
)
RULES.add("name", r"(?<![\w.])[A-Z]\. ?[A-Z]\.,? (?:is |was )?an? \d{1,3}[- ]")
RULES.add(
    "name",
    rf"\b(?:Monsieur|Madame|Mademoiselle|Mlle|Señorita|Don|Doña|Sig\.(?:ra|na)?|Dott\.(?:ssa)?|Sra?\.|Srta\."
    rf"|Hr\.|Fr\.|Dra\.|Fru|Pan|Pani) (?P<a>{TITLED})(?: {TITLED})?",
    not_common("a"),
)
RULES.add("name", rf"(?<![\w.])M\. (?P<a>{TITLED})(?= (?:a|est|était|présente|vit|se)\b)")
RULES.add("name", rf"\b[Nn]om(?:bre|e)? ?: ?{TITLED}")
_CHINESE = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付邹孟熊秦邱江尹薛闫段侯陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤]"
)
# surnames that begin no clinical word
_SURE = (
    "[王李张刘陈杨赵吴周徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾萧董袁潘"
    "蒋蔡余杜叶程苏魏吕沈姚卢姜崔谭汪廖贾韦邹孟邱尹薛闫侯黎贺郝龚邵]"
)
_DOUBLE = "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|轩辕|宇文|长孙|端木|独孤|南宫|西门|呼延|澹台)"
_KIN = (
    "(?:其?(?:父亲?|母亲?|长?子|次子|儿子|长?女|女儿|妻子?|丈夫|配偶|爱人|兄|弟弟?|哥哥|姐姐?|妹妹?|祖父|祖母|爷爷|奶奶|外公|外婆|孙子|孙女|叔叔|舅舅"
    "|姑姑|阿姨|女婿|儿媳|家属|家人|邻居|同事|朋友|监护人|陪护|主治医师|主刀|麻醉师|申请人|签名|签字|记录者|审核|报告医师))"
)
_HAN = "[\u4e00-\u9fff]"
RULES.needs = "foreign"
RULES.add("name", rf"(?<!{_HAN}){_CHINESE}{_HAN}{{1,2}}[,，、 ]{{0,2}}[男女]")
RULES.add("name", rf"(?:姓名|名字|联系人|家属)[：:是为 ]{{1,2}}{_CHINESE}{_HAN}{{1,2}}")
RULES.add(
    "name",
    rf"{_KIN}[：: （(]?(?P<it>(?:{_SURE}|{_DOUBLE}){_HAN}{{1,2}})"
    r"(?=[,，、;；。:： (（)）」』”]|男|女|$|已|于|因|签|陪|代|表|诉|述|为|有|患)",
)
RULES.add(
    "name",
    rf"(?<!{_HAN}){_DOUBLE}{_HAN}{{1,2}}(?=[,，、;；。:： (（)）]|$)"
    rf"|(?:患者|病人|医师|医生)[：: ]?{_DOUBLE}{_HAN}{{1,2}}",
)
RULES.add(
    "name",
    rf"(?:患者|病人|医师|医生|主任|护士|病例)[：: 「『“]?{_SURE}{_HAN}{{1,2}}"
    r"(?=[,，、;；。:： (（」』”]|男|女|$|入院|出院|查房|因|于)",
)
RULES.add(
    "name",
    rf"(?<!{_HAN}){_CHINESE}{_HAN}{{0,2}}(?:先生|女士|小姐|太太|医生|医师|主任|教授|护士)"
    rf"|{_SURE}{_HAN}{{0,2}}(?:先生|女士|小姐)",
)
# Japanese, Korean and Russian: the title behind, the patient before, the father's name or the initials
RULES.add(
    "name",
    r"患者(?P<of>[\u4e00-\u9fff々]{2,4}[子美郎夫雄介太香恵奈之弘樹彦](?=は|が|の|を|に|、|。))"
    r"|[\u4e00-\u9fff々]{2,6}(?:さん|様|氏|君|くん|ちゃん)"
    r"|(?:看護師|医師|主治医|担当医|助産師|薬剤師|技師)[ :](?P<ja>[\u4e00-\u9fff々]{2,6})(?=より|から|が|に|は|、|。)"
    r"|(?<![\u4e00-\u9fff])(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|清水|山崎)"
    r"(?!病|式|法|分類|試験|反応|らの?|ほか)[\u4e00-\u9fff]{1,3}(?=より|から|が|に|は|の|、|。)"
    r"|(?:[\uac00-\ud7af]{2,4} ?(?:씨|님)|환자[: ]{1,2}[\uac00-\ud7af]{2,4})(?=[ ,.(]|$)",
)
RULES.add(
    "name",
    r"(?:[А-ЯЁ][а-яё]+ )?[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]*(?:ович|евич|ич|овна|евна|ична)[а-яё]{0,3}(?!\w)"
    r"|[А-ЯЁ][а-яё]+ [А-ЯЁ]\. ?[А-ЯЁ]\."
    r"|(?:[Пп]ациентк?а?|[Бб]ольн(?:ой|ая))[: ]{1,2}[А-ЯЁ][а-яё]+",
)
