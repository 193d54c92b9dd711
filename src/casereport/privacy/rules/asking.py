"""What may be a person or a place and may as well be none: to be asked, not refused.

A word with a capital inside a sentence that is no word of the vocabulary, no country or province, and nothing that
medicine names after somebody, is a name more often than not. Signs and scales stand before a number or a finding.
"""

import re
from functools import lru_cache

from casereport.privacy.name_lists import FAMILY, GIVEN_IN_PROSE, words
from casereport.privacy.rules.medical_names import ORGANISMS, PRODUCTS
from casereport.privacy.rules.parts import NO_EPONYM, TITLED, Rules
from casereport.privacy.rules.people import PERSON_ACTS, PERSONS, is_a_person, is_behind_a_person
from casereport.privacy.rules.terms import is_eponym, is_medical, is_term, is_town

RULES = Rules(needs="capital")

# Not after what the word is a part of: a hyphen, an apostrophe, a dot, a key (`[@smith2020]`), a placeholder, a code.
_ALONE = r"(?<![\w'.@{/&-])"
_END = r"(?![\w'=@(]|-\w|\.\w|/[^A-Z])"
# Behind the name of a sign, a scale, an organism or a product, and not of a person.
_NOUN = (
    "patent clean libre libero frei souple indolore reizlos indenne intact (?:stopped|started|held)(?=[;,.])"
    " grado? stadium stadio stade est[aá]dio evre positiv[aoe]? négatif négative negativ[aoe]? ausente absent[ea]?"
    " ujemn[aey] dodatni[ae]?"
    " grade stage class types? scor(?:e|es|ed|ing) positive negative pos neg angle lines? levels? bands?"
    " films? incision splint rings fluids? feeds? drain dressing forceps retractor sutures? mesh port pump"
    " mask machine scanner assay kit software vaccine tablets? capsules? cream inhaler injection infusion"
    " patch(?:es)? drops sequencing blot pattern views? lobe fissure canal duct gland fascia space triangle"
    " reflexes maneuver test(?:ing|ed)? rules? scan exercises? therapy weakness seizures? nodules? spots?"
    " bodies deformity lesions? infections? species spp serology antibod(?:y|ies) antigen PCR IgM IgG DNA RNA"
    " culture virus colitis pneumonia sepsis [a-z]{3,12}(?:ii|oi|ae|um|us|ans|osa|eus|ilis|onis|alis|ensis)"
).replace(" ", "|")
_OF_A_THING = rf"(?! ?[\d+<>=]| [IVX]+[ab]?\b| [A-E]\d?\b(?!\.)| (?:{_NOUN})\b)"
# Nor is it the first of two words of such a name: Rift Valley fever.
_FIRST_OF_A_THING = rf"(?! (?>{TITLED})(?!{NO_EPONYM}))"
# Words of German, two of which tell the language, and such as do so alone.
_WEAK = "der die das am ein eine den von hat war als bei seit"
_SURE = (
    "und mit auf im ist dem einer nach nicht zu[rm] klagte? wurden? keine[rnms]? sowie beim"
    " unter sich bitte nur vorher laut erbeten wegen durch zwei drei gut gutem bis des vom nachts oder"
    " noch ohne sind waren konnten? unserer erfolgte zeigte ergab rechts links"
    r" empfohlen einweisenden?"
    r" (?:aus|ein|an|ab|auf)?ge[a-z]{4,}(?:t|en) [a-z]{4,}ier(?:t|en) (?=[a-zäöüß])[a-z]{0,12}[äöüß]\w+"
)


def _either_case(alternatives: str) -> str:
    """Words with a small or a capital letter first, as a sentence may begin with them."""
    return "|".join(f"[{a[0].upper()}{a[0]}]{a[1:]}" if a[0].isalpha() else a for a in alternatives.split(" "))


_GERMAN = re.compile(
    rf"(?<!\w)(?:{_either_case(_WEAK)}|(?P<sure>{_either_case(_SURE)}))(?!\w)|(?P<part>jährig|[Nn]r\.)"
)
_ROMANCE = re.compile(
    r"(?<!\w)(?:el|las?|los|del|della?|dalla?|il|gli|con|por|em|da|dos|com|não|refiere|riferisce)(?!\w)"
)
# Frequent family names that are words of German.
_GERMAN_WORDS = words(
    "Bauer Becker Fischer Jung Kaiser Klein Koch Krause Lange Richter Sauer Schneider Schwarz Vogt Weber Wolf"
)
_SENTENCE = re.compile(r"(?<!\.[A-Z])[.!?](?: |$)|\n")


def _around(match: re.Match[str]) -> str:
    """The clause that a word stands in, of at most 120 characters before and behind it."""
    before = match.string[max(0, match.start("it") - 120) : match.start("it")]
    behind = match.string[match.end("it") : match.end("it") + 120]
    return _SENTENCE.split(before)[-1] + match["it"] + _SENTENCE.split(behind)[0]


def _is_german(match: re.Match[str]) -> bool:
    german = list(_GERMAN.finditer(match.string, max(0, match.start() - 120), match.end() + 120))
    return len(german) > 1 or any(word["sure"] or word["part"] for word in german)


def _capitals_are_names(match: re.Match[str]) -> bool:
    """False in a heading, which has capitals throughout, and in German, where each noun has one."""
    if _is_german(match):
        return False
    around = _around(match)
    long = [word for word in re.findall(r"[^\W\d_]{4,}", around) if not word.isupper()]
    large = sum(word[0].isupper() for word in long)
    # where Spanish, Italian or Portuguese has so many, its nouns have them
    romance = len(_ROMANCE.findall(around))
    return large < 4 or (large * 4 <= 3 * len(long) and (romance == 0 or romance + large < 6))


_CAMEL = re.compile("(?<!Mc)(?<!Mac)(?<!^De)(?<!^Di)(?<!^Du)(?<!^La)(?<!^Le)(?<!^Van)(?<!Fitz)(?<=[a-z])[A-Z]")


_BEHIND = re.compile(r" ([a-z]+)")
# A device, a suture or a method: `a Crile hemostat`, `with 2-0 Vicryl sutures`, and not `the Okoro family`.
# Nobody is told by `a` or by how much of him: a Glidewire, an amount of Healon, 2-0 Dexon.
_NO_ONE = re.compile(
    r"(?:(?<!\w)[Aa]n?|\d-\d|\d ?(?:[µm]?[glL]|cc|units?) of|(?:amounts?|number|doses?|course|layers?|tubes?|cream"
    r"|prescription) (?:of|for)) $"
)
# What ends so is a noun and no verb, so that a capital before it is part of it: Ellik evacuator, Biopro implant.
_NOUN_ENDS = re.compile(
    "(?:[st]ion|ment|ator|[tr]ode|graft|scope|meter|stat|tomy|graphy|r?rhaphy|plasty|ness|itis|osis|cautery|plant"
    "|dressing|therapy|catheter|ectomy|zation)s?$"
)
_A_KIND = re.compile(
    r"(?<![A-Za-z])(?:[Aa]n?|[Tt]he|[Uu]sing|\d(?:-?Fr|-?French)?|[Uu]ne?|[Uu]na|[Uu]m)"
    r" (?:(?P<adjective>[a-z]{3,12}) )?$"
)
_WHOSE = words(
    "family household twins brothers sisters siblings couple clinic hospital ward hospice school area region road",
    "street station village district community practice surgery house farm beach market church mosque temple bridge",
    "river valley office league club team factory plant mine prison camp and or was is had has who whose said told",
    "al de da di van von in on at of for to from with by when where after before during while as but because",
    "which that since",
)
_BEFORE = re.compile(r"([^\W\d_]+)(?P<of> (?:of|del?|du|di|d[ao]|von|van|nach))?(?P<comma>,)? $")
_THINGS = words(
    "servicio servicios unidad departamento consulta sección reparto dipartimento unità ambulatorio service unité",
    "anneau technique foetoscope sérodiagnostic sérologie réaction méthode classification membrana espacio tubo edema",
    "manovra emoglobina fenomeno anello técnica método reacción fenómeno clasificación cuerpos corpi anillo membrane",
    "duct tubercle solution recess triad body limb fold criteria ointment ganglion",
    "critère critères criterio criterios criteri acquedotto forame ganglio condotto dotto conduit trou",
    "ligament angle pouch node circle canal foramen fossa plexus space tetralogy islets loop crypt crypts",
    "gland sinus fascia triangle tubercle line zone point nerve artery vein muscle islands bundle ampulla",
    "sphincter valve organ layer membrane bodies lobe sign fracture operation test type",
    "signe maladie syndrome lame sonde voie drain score échelle manœuvre coloration botte attelle catheter",
    "signo síndrome enfermedad escala tinción sonda prueba maniobra úlcera segno malattia scala triangolo",
    "sinal doença teste fio bota tala ziekte teken aguja ago canale cavo legamento legge",
)
_OWNED = words("objaw zespół choroba skala próba синдром симптом болезнь")  # of whom is said by the ending


def _is_thing(word: str) -> bool:
    return word in _THINGS or word.removesuffix("s") in _THINGS


def _is_a_kind(before: str, behind: str) -> bool:
    """True for `a straight Mayo scissors`; False for `the Okoro family` and for `the village Ayn al-Zarqa`."""
    article = _A_KIND.search(before)
    return article is not None and not {behind, article["adjective"]} & _WHOSE and not is_a_person(behind)


def _is_of_a_genus_or_thing(match: re.Match[str]) -> bool:
    """True behind the genus of an organism, for `angle of Louis`, and for `Lister tubercle`."""
    behind = _BEHIND.match(match.string, match.end("it"))
    text_before = match.string[max(0, match.start("it") - 30) : match.start("it")]
    if behind is not None and (
        _is_thing(behind[1]) or _NOUN_ENDS.search(behind[1]) or _is_a_kind(text_before, behind[1])
    ):
        return True
    if _NO_ONE.search(text_before) and not (behind is not None and is_a_person(behind[1])):
        return True
    before = _BEFORE.search(text_before)
    if before is None:
        return False
    word = before[1].lower()
    is_of_a_thing = word in _OWNED or word in _THINGS
    return (is_of_a_thing and not before["comma"]) or _is_substance(word)


_LIST = re.compile(r",? (?:and|or|et|ou|und|oder|y|e|o|ed) |, |[;:(]")
_SUBSTANCE = re.compile("(?:mab|[nt]ib|cillin|mycin|azole?|olol|pril|sartan|statin|parin|floxacin|cycline|caine)e?$")


def _is_substance(word: str) -> bool:
    name = word.capitalize()
    return name in PRODUCTS or name in ORGANISMS or bool(_SUBSTANCE.search(word))


def _is_listed_with_things(match: re.Match[str]) -> bool:
    """True in a list of products, and in one that ends with what all are: Bartholin, Cowper and Stensen ducts."""
    name, items = match["it"], _LIST.split(_around(match))
    if not any(item.startswith(name) or item.endswith(f" {name}") for item in items):
        return False
    others = [re.findall(r"[^\W\d_]+", item) for item in items if name not in item and item[:1].isupper()]
    return any(_is_substance(other[0]) or any(map(_is_thing, other)) for other in others)


def _parts(match: re.Match[str]) -> list[str]:
    return [part for part in re.split("[ ,'-]", match["it"].removesuffix("'s")) if part[:1].isupper()]


# What is short for something, or two nouns in one
_SHORT = re.compile(r"(?i:[^aeiouyà-öø-ÿ]+|..|\w{16,})")
_ALSO_WORDS = words(
    "miles bill mark drew rob pat sue frank grant christian victor norman heather constance carol ernest",
    "pascal roman angel jesse",
)
_SPECIES = re.compile("(?:[a-z]ii|[ru]eus|coli|alis)$")  # A. Baumannii
# What stands behind a given name in small letters without being the rest of it
_FUNCTION = words(
    "and the for with was were had has who that from about but not she her his him they are can may will",
    "would into over this then than when while after before because since until its our your their said",
    "says told",
)


@lru_cache(maxsize=4)
def _small_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w.@/])[^\W\dA-Z_]{4,}(?!\w)", text))


def _is_frequent(word: str) -> bool:
    return word in GIVEN_IN_PROSE or word in FAMILY


def _unknown(match: re.Match[str]) -> bool:
    """True for a word that medicine does not have; where every noun has a capital, for a frequent name."""
    parts = _parts(match)
    if any(is_medical(part) or _CAMEL.search(part) for part in parts) or _is_of_a_genus_or_thing(match):
        return False
    if all(map(_is_frequent, parts)):
        return not (match["it"] in _GERMAN_WORDS and _is_german(match))
    if any(_SHORT.fullmatch(part) or is_a_person(part) for part in parts) or _is_listed_with_things(match):
        return False
    if match.string[match.end("it") : match.end("it") + 1] in (":", "®"):
        return False  # a heading, a product
    # what the text writes with a small letter too is a word of the language
    return _capitals_are_names(match) and not any(part.lower() in _small_words(match.string) for part in parts)


# What German has behind `in` that is no town: in Seitenlage, in Absprache, in Ihrem Hause.
_NO_GERMAN_TOWN = re.compile(
    "(?:lage|sprache|schau|arbeit|hang|klang|spruch|tracht|schein|[Ff]rage|[Ff]orm|gang|sicht|[Hh]öhe|[Kk]auf|[Kk]raft"
    "|[Rr]uhe|narkose|ung|heit|keit|tion|[Hh]ause|zeit|phase|[Kk]ontakt|[Zz]ukunft|[Nn]ähe|folge|weise|[Bb]ezug|Kürze"
    "|Ihre[mnrs]?|abständen|typ)$"
)


def _after_a_word_of_place(match: re.Match[str]) -> bool:
    if _NO_GERMAN_TOWN.search(match["it"]) and _is_german(match):
        return False
    return not any((is_medical(part) and not is_town(part)) or _CAMEL.search(part) for part in _parts(match))


def _is_pair(match: re.Match[str]) -> bool:
    """True for two words of which none is a term; one may be an eponym too (`Nadia Turner`)."""
    parts = _parts(match)
    apart = [part for part in parts if not is_eponym(part)]
    if not apart or any(map(is_term, parts)) or any(is_medical(part) or _SHORT.fullmatch(part) for part in apart):
        return False
    if not any(map(_is_frequent, apart)) and (
        all(part.lower() in _small_words(match.string) for part in apart)
        or _is_listed_with_things(match)
        or match.string[match.end() : match.end() + 1] == ":"
    ):
        return False
    # two nouns hardly ever stand beside each other in German
    is_listed = match.string[max(0, match.start() - 2) : match.start()] in (": ", ", ")
    return (is_listed and (not _is_german(match) or any(map(_is_frequent, apart)))) or _capitals_are_names(match)


def _is_listed_eponym(match: re.Match[str]) -> bool:
    """True for `as a neonate, Fontan completion`."""
    return is_eponym(match["it"]) and match.string[max(0, match.start("it") - 2)] == ","


def _of_a_person(match: re.Match[str]) -> bool:
    """True for a word that is a name behind such a word, although a sign may be called after it."""
    if match["it"].lower() in _ALSO_WORDS and match.string[match.start("it") - 2 : match.start("it")] == "; ":
        return False  # a phrase begins: Miles walked per day, Frank haematuria
    return not any(is_term(part) or (is_medical(part) and not is_eponym(part)) for part in _parts(match))


RULES.add("name", rf"{_ALONE}(?P<it>{TITLED} {TITLED}(?: {TITLED}(?!:))?){_END}{_OF_A_THING}", _is_pair, no_eponym=True)
RULES.add(
    "name",
    rf"\b(?:[Nn]ame|[Cc]ontact|[Ss]igned|[Aa]uthor|cc|attn|NOK|[Dd]/w|[Ss]/b|[Rr]/v) ?:? ?(?P<it>{TITLED}){_END}",
    _of_a_person,
)
RULES.add(
    "name",
    rf"(?<![\w./°])(?<!\d )(?<![a-z]\. )(?P<it>(?!I{{1,3}}\. Grad)(?:[A-Z]\. ?){{1,3}}{TITLED}){_END}",
    lambda m: (
        not (is_medical(last := _parts(m)[-1]) or _SHORT.fullmatch(last) or _SPECIES.search(last.lower()))
        and not _is_listed_with_things(m)
    ),
    no_eponym=True,
)
RULES.add("name", rf"(?:^|[.;!?:] |\n)(?P<it>{TITLED})(?=,? (?:{PERSON_ACTS})\b)", _unknown)
RULES.add(
    "place",
    r"\b(?:in|from|at|near|to|via|around|outside|toward|towards|through|leaving|left|visited|reached|into"
    r"|across|between|off|raised|born|aboard|à|desde|hacia|cerca de|près de|vicino a|perto de|nahe|vers)"
    rf" (?:the )?(?P<it>{TITLED}(?: {TITLED})?){_END}{_OF_A_THING}{_FIRST_OF_A_THING}",
    _after_a_word_of_place,
    no_eponym=True,
)
RULES.add(
    "place",
    rf"\b(?:Lake|Mount|Mt|River|Port|Cape|Fort|Saint|St|San|Santa|Isle of|Bay of|PHC|HMP|MV|RMS|USS|HMS"
    rf"|University of) (?P<it>{TITLED}){_END}",
    _of_a_person,
    no_eponym=True,
)
RULES.add(
    "place",
    rf"{_ALONE}(?P<it>{TITLED}) (?:University|Institute|Hills|Beach|Valley|Island|Harbour|Market|Bridge|Farm|Creek|Bay"
    r"|Mine|Quarry|Park|Forest|Springs|Falls|Heights|Estate|Regional|General|Royal|Memorial|Infirmary|Arms|Inn)\b",
    _of_a_person,
    no_eponym=True,
)
# last, as what a rule above has by the same words is told by it
RULES.add(
    "name",
    rf"(?:(?<=[\w,;)/&:] )|(?<= \()){_ALONE}(?P<it>{TITLED}){_END}{_OF_A_THING}{_FIRST_OF_A_THING}",
    lambda m: (
        _of_a_person(m)
        and (
            (m.string[m.start() - 2 : m.start()] not in (": ", " (") and _unknown(m))
            or (
                not _is_of_a_genus_or_thing(m)
                and (m["it"] in GIVEN_IN_PROSE or (is_behind_a_person(m) and not _is_listed_eponym(m)))
            )
        )
    ),
    no_eponym=True,
)
RULES.add(
    "name",
    rf"\b(?:to|with|by|from|for|and|named|called|told|saw|met|mr|mrs|ms|dr|{PERSONS}) (?P<it>(?P<a>[a-zß-ÿ]{{5,14}}) "
    rf"(?P<b>[a-zß-ÿ]{{3,16}}))\b",
    lambda m: m["a"].title() in GIVEN_IN_PROSE and m["a"] not in _ALSO_WORDS and m["b"] not in _FUNCTION,
    needs="",
)
