"""Telephone, fax and pager by their word or form, and e-mail written around the @."""

import re

from casereport.privacy.rules.parts import NO_AMOUNT, Rules

RULES = Rules(needs="digit")

_DIGITS = r"[+(]{0,2}\d[\d ()./-]{3,20}\d"
_TLD = "(?:com|org|net|edu|gov|info|example|io|eu|uk|us|de|fr|es|it|cn|jp|kr|in|ch|at|nl|se|no|dk|fi|pl|br|ca|au|nz|ru)"


def _is_number(match: re.Match[str]) -> bool:
    return 6 <= sum(c.isdigit() for c in match["number"]) <= 15


RULES.add(
    "telephone",
    r"(?<!\w)(?:tel|tél|telefon|telephone|téléphone|teléfono|telefono|telefone|phone|mobile|cell|cell ?phone"
    r"|mob|ph|handy"
    r"|landline|switchboard|helpline|home|work|office|text(?:ed)?|ring|ph|contact(?: no)?|móvil|celular|cellulare"
    r"|telemóvel|portable|Mobil|Rufnummer|Hausruf"
    r"|fax(?:ed)?|phoned|called|dialled|telefax|facsimile|télécopie|pager|hotline|whatsapp|wechat|signal"
    r"|contact number|tfno|tlfn?o?|tfn|call|dial|(?:reached|reachable) (?:at|on)"
    r"|faxed to|rang|电话|手机|传真|联系方式)\.?(?:[ -]?(?:number|no\.?|nr\.?))?[ :.,]{0,3}"
    rf"(?P<number>{_DIGITS})(?!\w|[.,]\d| ?(?:mg|mL|ml|g|h|%|cells|copies|days)\b)",
    _is_number,
    any_case=True,
)
RULES.add(
    "telephone",
    r"\b(?:pager|bleep|bleeper|beeper)(?: (?:number|no\.?|is))?[ :#]{0,3}\d{3,6}(?!\w)|\b(?:ext"
    r"|extn)\.? ?:? ?(?:\d-)?\d{3,6}(?!\w| ?[°d])"
    r"|\b(?:on|at|via|dial|ring|call|bleep) x ?\d{3,5}\b|\bextension ?:? ?\d{4,6}(?!\w| ?(?:°|degrees))"
    r"|\bDurchwahl ?:? ?\d{2,6}\b",
    any_case=True,
)
# by its form: a zero and two to five groups of digits, or a Spanish number
RULES.add(
    "telephone",
    rf"(?<![\w.,/+:-])(?P<number>0\d{{1,4}}(?:[ ./-]\d{{2,8}}){{1,5}}|[679]\d\d(?: \d\d){{3}})(?![\w/-]"
    rf"|[.,]\d){NO_AMOUNT}",
    lambda m: 8 < sum(c.isdigit() for c in m["number"]) < 13 and ("/" in m["number"] or m["number"].count(".") != 1),
    needs="7 digits",
)
RULES.add(
    "telephone",
    r"(?<![\w.-])1(?:-\d{3}-\d{3}-|\.\d{3}\.\d{3}\.)\d{4}(?![\w-]|\.\d)"
    r"|\b[TMF]: ?(?P<number>[+(]\d[\d ()./-]{6,20}\d|\d{3} \d{3} \d{4})(?!\d)",
)
RULES.add(
    "e-mail",
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[{<] ?(?:at|@|arroba|a) ?[)\]}>] ?[\w-]{2,64}(?:\.[\w.-]{2,64}| ?["
    r"(\[{] ?dot ?[)\]}] ?[a-z]{2,})",
    any_case=True,
    needs="",
)
# "at this point" is none
_AT = "(?:at|arroba|arobase|chiocciola|apenstaartje)"
_DOT = "(?:dot|punkt|(?<!th[ai][st] )(?<!the )(?<!any )point|punto|ponto|punt)"
RULES.add(
    "e-mail",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?: {_DOT} [\w-]{{1,64}})?[ _]{_AT}[ _][\w-]{{1,64}}"
    rf"(?: {_DOT} [a-z]{{2,20}}){{1,3}}\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}} {_AT} [\w-]{{2,64}}\.(?:[a-z]{{2,10}}\.)?{_TLD}\b",
    any_case=True,
    needs="",
)
RULES.add(
    "e-mail",
    r"(?i:\b(?:twitter|X|IG|insta|instagram|youtube|linkedin|reddit|discord|skype|line|viber|mastodon|bluesky|user"
    r"(?:name)?|tiktok|facebook|telegram|snapchat|threads|weibo|handle)) ?:? ?@\w{3,40}",
    needs="@",
)
RULES.add("telephone", r"(?<![\w.-])\(0\d{1,4}\)[ -]?\d{2,5}(?:[ -]?\d{2,4}){1,3}(?![\w-]|[.,]\d)")
RULES.add(
    "telephone", r"(?<![\w.,+-])1[3-9]\d([ -])\d{4}\1\d{4}(?![\w-]|[.,]\d)", needs="7 digits"
)  # a mobile number of China
RULES.add(
    "telephone",
    r"\b(?:(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)[ ,-]{1,3}){6,20}(?:zero|oh"
    r"|one|two|three|four|five|six|seven|eight|nine)\b",
    any_case=True,
    needs="",
)
