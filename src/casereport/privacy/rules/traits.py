"""What only one person has or is: a picture of the face, a mark of the body, an office. All of it is asked."""

from casereport.privacy.rules.parts import Rules

RULES = Rules()

# The file or the number that such a thing is kept by, in the same clause.
_KEPT_AS = (
    r"(?:[^.;\n]{1,60}?\b(?:[\w-]{1,40}\.[a-z][a-z0-9]{2,3}"
    r"|(?=[\w-]{8})(?=[A-Z-]{0,12}\d)(?:0x)?[A-Z0-9]{1,16}(?:-[A-Z0-9]{1,16}){0,8})"
    r"(?![\w.-]))?"
)

# ---- pictures by which a person is known

_FACE = (
    "(?:face|facial|full[- ]face|frontal|portrait|head[- ]and[- ]shoulders|identifiable|recogni[sz]able|unmasked"
    "|unblurred)"
)
_PICTURE = (
    "(?:photo(?:graph)?s?|pictures?|images?|pics?|portraits?|selfies?|videos?|views?|snapshots?|headshots?|mugshots?)"
)
_SITTER = (
    "(?:patient|pt|proband|child|baby|infant|boy|girl|man|woman|mother|father|parents|family|couple|siblings|twins"
    "|brothers|sisters)"
)
_ABROAD = (
    r"(?:photo(?:graphie)?|foto(?:graf[íi]a|grafie)?|imagen|immagine|image|retrato|ritratto)s? "
    r"(?:du|de la?|del|della|do|da|des|de|van het) (?:visage|face|cara|rostro|rosto|volto|viso|gezicht|malade|patiente?"
    r"|paciente|paziente)\b"
)
for form in (
    rf"\b{_FACE}(?:[ -][a-z]{{3,12}}){{0,2}} {_PICTURE}\b(?! (?:taking|policy|consent))",
    rf"\b{_PICTURE} of (?:the |an? |her |his |our |their )?(?:[a-z]{{3,12}} )?{_SITTER}\b(?!')",
    r"\bshow(?:s|ing)? (?:his|her|their|the) (?:whole |full |entire )?face\b"
    r"|\b(?:the |his |her )?(?:patient's |child's )?face (?:can|could|may|might) be (?:seen|recogni[sz]ed|identified)",
    r"\b(?:eyes|face|facial features) (?:fully )?(?:un(?:masked|covered)|visible|recogni[sz]able"
    r"|not (?:masked|covered|blurred))",
    r"(?:\b(?:patient|pacien|pazien|doente|foto|abb)[^;:\n]{0,80})?(?:\bunverpixelt|\bnicht verpixelt"
    r"|\bsin (?:pixelar|tapar)"
    r"|\bsem tarja|\bnon (?:flout|masqu|oscurat))|目隠しなし|顔面?(?:写真|正面)",
    r"\b(?:selfie|mug ?shot|head ?shot|(?:passport|family|wedding) photo(?:graph)?)s?\b",
    rf"\b{_ABROAD}|\b(?:Gesichts|Porträt|Portrait|Patienten)(?:foto|bild|aufnahme)",
    r"(?:面部|脸部|正面|半身|全身|患者)(?:面部|正面)?(?:照片?|相片|图像)",
    rf"\b{_SITTER}\b[^.;:\n]{{0,24}}\b(?:smiling|posing|pictured)\b",
    # a file of a picture that is called after who is on it
    r"(?<![\w.])[\w-]{0,30}(?:face|facial|portrait|selfie|frontal|unblurred|unmasked|patient)[\w -]{0,40}"
    r"\.(?:jpe?g|png|heic|heif|tiff?|bmp|gif|webp|mp4|mov|avi|dcm)(?!\w)",
):
    RULES.add("picture", f"(?:{form}){_KEPT_AS}", any_case=True)

# ---- marks of the body

_PART = "(?:left|right|thumb|finger|palm|hand|foot|sole|ear|face|iris|retinal?|voice|gait|lip|tongue|dental|vein)"
_KEPT = (
    "(?:taken|matched|on file|used|confirmed|registered|scanned|stored|recorded|affixed|verified|of (?:the|his|her))"
)
for form in (
    rf"\b(?!dental codes?|finger-?prints? (?:bruis|appear|test))(?:{_PART}[ -]?){{1,2}}"
    r"(?:prints?|impressions?|scan|codes?|ID|template|biometrics?|recognition|signature"
    r"|recording)\b(?! (?:showed|shows|normal))",
    rf"\b(?:(?:finger|thumb|voice|palm|foot)prints?|biometrics?) (?:(?:was|were|is|are) )?{_KEPT}\b",
    r"\b(?:DNA|STR|genetic|microsatellite) (?:profile|fingerprint)\b|\bD\d{1,2}S\d{2,4}\b"
    r"|\bdental (?:(?:records|chart)\b|comparison\b[^.\n]{0,100})",
    r"\btattoo(?: on [^.;\n]{3,40})? (?:of|reading|saying|that reads)\b(?: \"[^\"\n]{1,60}\")?",
    r"\b(?:unusual|distinctive|unique|\w+-and-\w+) (?:[\w-]+ ){0,2}tattoos?\b",
    r"\b(?:his|her|their) (?:voice|gait|face)(?: and (?:voice|gait|face))? (?:(?:is|are|was|were) )?recorded\b",
    r"\bhuellas? (?:dactilar(?:es)?|digital(?:es)?)|\bempreintes? (?:digitales?|vocales?|palmaires?"
    r"|plantaires?)|\bimpronte? digital[ei]",
    r"\bimpress(?:ão|ões) digita(?:l|is)|\b(?:Finger|Daumen|Hand|Fuß)abdr[uü]ck\w*",
    r"指纹|虹膜(?:识别|扫描)|声纹|掌纹|人脸识别",
):
    RULES.add("body", f"(?:{form}){_KEPT_AS}", any_case=True)

# ---- who there is one of

_ONE = "(?:only|sole|first|last|oldest|youngest|tallest|eldest|longest[- ]serving)"
_OF = (
    "(?:island|village|town|city|county|district|country|world|club|team|parish|school|tribe|valley|nation|community"
    "|league)"
)
# a case, a visit and what is reported are often the first; they tell nobody
_NOBODY = (
    "(?!(?:[a-z-]{2,14} ){0,4}(?:case|report|patient|episode|description|time|visit|study|trial|attack|seizure|outbreak"
    "|use|transplant|operation|reported|described|documented))"
)
_OFFICE = (
    "(?:mayor|headmaster|headmistress|chief|governor|president|prime minister|bishop|head ?teacher|postmaster|sheriff)"
)
_SOMEBODY = (
    "(?:member|woman|man|girl|boy|person|player|survivor|resident|inhabitant|priest|teacher|pilot|singer|actor|actress"
    "|athlete|climber|maker|worker|farmer|fisherman|politician|minister|judge|astronaut)"
)
for form in (
    rf"\b(?:(?:the|our|its|their) )?(?:{_ONE}|current|former|serving|sitting|reigning) {_NOBODY}"
    rf"(?:[a-z]{{2,14}} ){{1,5}}(?:in|on|of|to|at|from|for) (?:the|his|her|their|our|this) (?:[a-z]{{3,12}} )?{_OF}\b",
    rf"\b{_OFFICE} of (?:the|his|her|an?) (?:[a-z]{{3,12}} ){{0,2}}{_OF}\b",
    rf"\bthe {_ONE} (?:[a-z]{{3,12}} ){{0,2}}{_SOMEBODY} (?:to|who|in|of|on|ever|at|from)\b",
    r"\b(?:amtierende\w{0,2} |ehemalige\w{0,2} )?(?:Welt|Europa|Landes)meister(?:in)?(?: im [A-ZÄÖÜ]\w+)?"
    r"|\bOlympiasieger(?:in)?|\bcampe(?:ón|ona|ão|ã) (?:del mundo|mundial|ol[ií]mpic[oa]|d[oe] mundo)"
    r"|\bchampion(?:ne)? (?:du monde|olympique)|\bcampion(?:e|essa) (?:del mondo|olimpic[oa])",
    r"\b(?:Olympic|world|national) (?:champion|medal(?:l?ist)?|record[- ]holder)\b|\bworld record\b",
):
    RULES.add("office", form, any_case=True)
