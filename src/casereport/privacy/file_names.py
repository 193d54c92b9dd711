"""People in the names of files: `Zhang_Wei_CT.csv` has no sentence that would tell a name from other words.

So a name is told by what is common: a Chinese family name beside syllables of Pinyin, or a frequent given name beside
another word. A family name that is a word of English too (Long, Song, He) is none here.
"""

import re
from collections.abc import Iterator

_FAMILY = frozenset(
    word
    for line in (
        "Bai Cai Cao Chen Cheng Cui Deng Dong Duan Fang Feng Gao Guo Hou Huang Jiang Jia Kong Liang Liao Lin Liu",
        "Luo Meng Peng Qian Qin Qiu Shao Shen Shi Sun Tian Wang Wei Xia Xiao Xie Xiong Xue Yan Yang Yuan Zhang Zhao",
        "Zheng Zhong Zhou Zhu Zou Li Lu Ma Wu Xu Yu Zeng Hu Gu Su Ye Nguyen Tran Kim Park Tanaka Suzuki Sato",
        "Watanabe Yamamoto",
    )
    for word in line.split()
)
_GIVEN = frozenset(
    word
    for line in (
        "Aisha Ahmed Alejandro Alice Amanda Andrea Andreas Andrew Angela Anna Anthony Antonio Barbara Benjamin",
        "Brian Carlos Carmen Catherine Charlotte Christine Christopher Claudia Daniel David Deborah Donna Dorothy",
        "Edward Elena Elizabeth Emily Emma Eric Fatima Fernando Francisco Gabriel George Giovanni Giulia Hannah",
        "Hans Heather Helen Hiroshi Ibrahim Isabel Ivan James Jane Jason Javier Jean Jennifer Jessica Johann John",
        "Jonathan Jorge Jose Joseph Juan Juergen Julia Karen Karl Katharina Katherine Kevin Klaus Laura Linda Lisa",
        "Lucas Luis Luigi Manuel Marco Margaret Maria Marie Mario Martin Mary Matthew Melissa Michael Michelle",
        "Miguel Mohamed Mohammed Muhammad Nancy Natalia Nicholas Nicole Olga Olivia Pablo Patricia Paul Pedro Peter",
        "Philip Pierre Priya Rachel Rajesh Rebecca Ricardo Richard Robert Ronald Ryan Samuel Sandra Sarah Scott",
        "Sergio Sharon Sofia Sophie Stefan Stephanie Stephen Steven Susan Takashi Thomas Timothy Ursula Vladimir",
        "William Wolfgang Yusuf",
    )
    for word in line.split()
)
# What a file is about, which stands beside a name without being part of one.
_ABOUT = frozenset(
    word
    for line in (
        "admission blood case chart chest clinic consent data day days discharge fig figure follow history image",
        "images lab labs letter list notes old photo picture plot report results scan series summary supplement",
        "table tables test timeline update final draft copy version xray csv pdf txt png jpg jpeg json html docx",
        "xlsx rtf",
    )
    for word in line.split()
)
_SYLLABLE = (
    "(?:[bpmfdtnlgkhjqxzcsryw]|[zcs]h)?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ui|ao|ou|iu|ie|ue|an|en|in"
    "|un|ia|ua|uo|a|e|i|o|u)"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}){{1,2}}", re.I)
_PAIR = re.compile(r"(?<![^\W\d_])(?=(?P<pair>(?P<a>[^\W\d_]{2,20}) (?P<b>[^\W\d_]{2,20}))(?![^\W\d_]))")


def people(words: str) -> Iterator[tuple[int, int]]:
    """Where, in the words of a file's name, two words beside each other are a person's name: begin and end of each.

    >>> list(people("CT Zhang Wei.csv"))
    [(3, 12)]
    """
    end = 0
    for pair in _PAIR.finditer(words):
        if pair.start() >= end and (_is_name(pair["a"], pair["b"]) or _is_name(pair["b"], pair["a"])):
            start, end = pair.span("pair")
            yield start, end


def _is_name(known: str, other: str) -> bool:
    """True where `known` is a common name and `other` can be the rest of it."""
    if other.lower() in _ABOUT or (other.isupper() and not known.isupper()):
        return False
    if known.title() in _GIVEN:
        return len(other) > 2
    short = len(known) < 4 and not known[0].isupper()  # ma, li and hu are units and elements too
    return known.title() in _FAMILY and not short and bool(_PINYIN.fullmatch(other))
