"""Who stands before a name, and what only a person does: the classes that tell names, as complete as they can be."""

import re

_RELATIVES = (
    r"(?:grand|great-?grand|step|foster |half-?|god|adoptive )?(?:mother|father|parents?|son|daughter|brother|sister"
    r"|child)"
    r"(?:-in-law)?|(?:great-)?(?:aunt|uncle)|auntie|aunty|nephew|niece|cousin|sibling|(?:identical )?twin|husband"
    r"|husb|wife"
    r"|spouse|partner|fianc[ée]e?|girlfriend|boyfriend|ex-wife|ex-husband|widow|widower|mum|mom|mummy|dad|daddy|granny"
    r"|gran|nan|grandma|grandpa|granddad|grandad|friend|best friend|neighbou?r|flatmate|room-?mate|housemate|landlord"
    r"|landlady|lodger|colleague|co-?worker|workmate|employer|boss|manager|supervisor|classmate|teacher|tutor|coach"
    r"|next of kin|NOK|guardian|carer|care-?giver|keyworker|key worker|babysitter|nanny|godparent|informant|witness"
)
_PATIENTS = (
    r"patient|pt|proband|index case|donor|recipient|baby|infant|newborn|neonate|toddler|boy|girl|man|woman|lady"
    r"|gentleman|resident|participant|survivor|victim|deceased|mother of|son of|daughter of|wife of|husband of"
    r"|family of|brother of|sister of|friend of|child of|children of|parents of|estate of"
)
_STAFF = (
    r"doctor|dr|physician|surgeon|consultant|registrar|reg|resident|intern|fellow|houseman|SHO|GP|PCP|FY1|FY2|ST\d"
    r"|an[ae]esthetist|anesthesiologist|radiologist|pathologist|cardiologist|neurologist|psychiatrist|psychologist"
    r"|p[ae]*diatrician|obstetrician|gyn[ae]*cologist|oncologist|h[ae]*matologist|dermatologist|urologist|dentist"
    r"|optician"
    r"|nephrologist|endocrinologist|rheumatologist|microbiologist|geneticist|gastroenterologist|ophthalmologist"
    r"|intensivist"
    r"|nurse|sister|matron|staff nurse|charge nurse|RN|SN|SR|CNS|ANP|HCA|midwife|health visitor|physio|physiotherapist"
    r"|dietitian|dietician|pharmacist|paramedic|radiographer|sonographer|technician|therapist|OT|SLT|social worker"
    r"|counsellor|interpreter|translator|secretary|receptionist|chaplain|priest|pastor|vicar|imam|rabbi|monk|nun"
    r"|officer|constable|sergeant|PC|detective|coroner|solicitor|lawyer|judge|photographer|driver|author|professor|prof"
)
# German, French, Spanish, Italian, Portuguese and Dutch
_ABROAD = (
    r"mutter|vater|sohn|tochter|bruder|schwester|ehemann|ehefrau|gattin|gatte|schwager|schwägerin|onkel|neffe|nichte"
    r"|enkelin|enkel|cousine|nachbarin|nachbar|freundin|freund|hausarzt|hausärztin|betreuerin|betreuer|zimmernachbarin"
    r"|lebensgefährtin|lebensgefährte|großmutter|großvater|schwiegertochter|schwiegersohn|kollege|kollegin"
    r"|mère|père|fils|fille|frère|soeur|sœur|mari|femme|épouse|époux|oncle|neveu|nièce|grand-mère|grand-père"
    r"|petite?-fil(?:s|le)"
    r"|voisine?|amie?|compagne|compagnon|conjointe?|médecin|infirmi[eè]re?|belle-fille|beau-fils|collègue"
    r"|madre|padre|hij[oa]|herman[oa]|marido|mujer|espos[oa]|t[íi][oa]|sobrin[oa]|prim[oa]|abuel[oa]|niet[oa]|vecin[oa]"
    r"|amig[oa]|médic[oa]|enfermer[oa]|novi[oa]|suegr[oa]|cuñad[oa]|nuera|yerno|compañer[oa]"
    r"|figli[oa]|fratello|sorella|marito|moglie|zi[oa]|nipote|cugin[oa]|nonn[oa]|vicin[oa]|amic[oa]|infermier[ae]"
    r"|compagn[oa]|mãe|pai|filh[oa]|irmã[o]?|tia|sobrinh[oa]|avô|avó|net[oa]|vizinh[oa]|namorad[oa]|cunhad[oa]|sogr[oa]"
    r"|moeder|vader|zoon|dochter|broer|zus|echtgenoot|echtgenote|buurman|buurvrouw|huisarts"
)
PERSONS = rf"(?:{_RELATIVES}|{_PATIENTS}|{_STAFF}|{_ABROAD})"
_PERSON_BEFORE = re.compile(rf"(?<![\w-]){PERSONS}(?: is| was| of)?[,:]? (?:called |named |\()?$", re.I)


def is_a_person(word: str) -> bool:
    """True for such a word itself."""
    return bool(_PERSON_BEFORE.match(f"{word} "))


def is_behind_a_person(match: re.Match[str]) -> bool:
    """True where such a word stands before the group `it`. Looked for from the name backwards: names are fewer."""
    start = match.start("it")
    return bool(_PERSON_BEFORE.search(match.string[max(0, start - 40) : start]))


# With a capital, and nothing but a title before a name.
TITLES = (
    r"(?:Nanay|Tatay|Lola|Lolo|Tita|Tito|Kuya|Ate|Aling|Mang|Aunty|Auntie|Aunt|Uncle|Grandma|Grandpa|Granny|Nana|Oma"
    r"|Opa|Tante|Onkel|Mama|Papa|Baba|Mzee|Alhaji|Alhaja|Hajia|Haji|Hajji|Mallam|Chief|Oba|Otunba|Sheikh|Shaikh|Maulana"
    r"|Mullah|Ustaz|Swami|Guru|Shri|Shree|Sri|Smt\.?|Thiru|Sardar|Begum|Sir|Dame|Lord|Baroness|Baron|Count|Countess"
    r"|Prince"
    r"|Princess|King|Queen|Pope|Bishop|Archbishop|Cardinal|Canon|Deacon|Elder|Brother|Mother Superior|Abbot|Captain"
    r"|Capt\.?"
    r"|Major|Colonel|Col\.|General|Gen\.|Lieutenant|Corporal|Cpl\.?|Private|Pte\.?|Sgt\.?|Constable|PC|Officer"
    r"|Inspector|Detective|Superintendent|Justice|Senator|Councillor|Mayor|President|Minister|Ambassador|Coach|Engr\.?"
    r"|Attorney|Atty\.?|Barrister|Baby|Bébé|Monsieur|Madame|Maître|Don|Doña|Dom|Dona|Seu|Tía|Tío|Hermana|Hermano|Suor"
    r"|Padre|Fra|Frater|Pater|Bruder)"
)

# What only a person does, as sentences and notes say it.
PERSON_ACTS = (
    r"(?:was|were|is|has been|had been) (?:admitted|readmitted|discharged|hospitali[sz]ed|intubated|extubated"
    r"|ventilated|interviewed|thanked|born|buried|married|well|told|informed|counselled)"
    r"|died|agreed|agrees|consented|consents|complained|complains|told|says|said|denies|denied|reports|describes "
    r"(?:his|her)"
    r"|lives|lived|works|wrote|writes|walked|walks|smiled|spoke|slept|went|remembers|remembered|wants|wanted|wishes"
    r"|wished"
    r"|hopes|feels|thinks|thought|insists|insisted|refuses|declined|declines|phoned|rang|texted|asked|asks|mobilising"
    r"|tolerating|c/o|drove|drives|smokes|smoked|drinks|attended|attends|visited|visits|enjoys|enjoyed|emigrated"
    r"|grew up"
    # with what it was done to, and only what a person does: "Abdominal Mass felt on day 2" names nobody
    r"|(?:tolerated|tolerates|refused|recalled|noticed|felt|prescribed|examined) (?:the|an?|his|her|their|this|that"
    r"|it|no|to)|received (?:his|her)"
)
# And what a finding may do too, which two names with a capital are enough for.
PERSON_DOES = (
    rf"{PERSON_ACTS}|(?:was|were|is|has been|had been) (?:transferred|referred|operated|seen|examined|followed"
    rf"|brought|asked|found"
    r"|diagnosed|treated)|presented|underwent|signed|recovered|worked|came|returned|stated|states|called|moved"
    r"|retired|collapsed|mentioned|arrived|mobilised"
)
