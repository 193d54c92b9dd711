"""SVG: a figure without what nobody sees of it, and a saved figure as an element of a page."""

import re
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256

from casereport.figures.palette import BELOW_ABOVE, INK

# what matplotlib counts its artists by; an id that says what is drawn has another form
_COUNTED = re.compile(r'(?<=<g) id="([\w.]+_\d+)"')
_TAG = re.compile(r"<\w[^>]*>")
_PLACES = re.compile(r' (?:d|x|y|points|transform)="[^"]*"')
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_BARE = re.compile(r"<g>\s*(<(?:path|use)\b[^>]*/>|<text\b[^>]*>[^<]*</text>)?\s*</g>|<g/>")
# an element without a class of its own, and its looks: where it is cut off, and its style
_LOOK = re.compile(
    r'(<(?:path|use|text)(?:(?! class=| style=| clip-path=)[^>])*)((?: clip-path="[^"]*")?) style="([^"]*)"'
)
_OFTEN = 3  # times that looks are written before they have a name


def lean(text: str, name: str) -> str:
    """The SVG that matplotlib has written, less than half as large, and drawn the same; `name` begins all its ids.

    Places are to a hundredth of a point; ids that only count are gone, and so are groups of one. Looks that come back
    are written once, under a name made of them: the same name is the same look in every figure of a page.
    """
    text = _TAG.sub(lambda tag: _PLACES.sub(_shortly, tag[0]), text)
    named = set(re.findall(r'(?:url\(|href=")#([^")]+)', text))
    text = _COUNTED.sub(lambda found: found[0] if found[1] in named else "", text)
    while (fewer := _BARE.sub(r"\1", text)) != text:
        text = fewer
    text = _TAG.sub(lambda tag: _ID.sub(rf"\1{name}-", tag[0]), re.sub(r"\n\s*", "\n", text))
    looks = Counter((clip, style) for _, clip, style in _LOOK.findall(text))
    names = {look: _class(*look) for look, count in looks.items() if count >= _OFTEN}
    text = _LOOK.sub(lambda found: _called(found, names), text)
    rules = "".join(f".{called}{{{style}{_cut(clip)}}}" for (clip, style), called in names.items())
    return text.replace("</style>", f"{rules}</style>", 1)


def _shortly(found: re.Match[str]) -> str:
    """Places to a hundredth of a point, and no turn by nothing."""
    return "" if found[0].startswith(' transform="rotate(-0 ') else _LONG.sub(_rounded, found[0]).replace("\n", "")


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _class(clip: str, style: str) -> str:
    return f"k{sha256((clip + style).encode()).hexdigest()[:8]}"


def _called(found: re.Match[str], names: Mapping[tuple[str, str], str]) -> str:
    called = names.get((found[2], found[3]))
    return f'{found[1]} class="{called}"' if called else found[0]


def _cut(clip: str) -> str:
    return f"; clip-path: {clip[12:-1]}" if clip else ""


def inline_svg(text: str) -> str:
    """The `<svg>` element of a saved figure for use inside HTML: no prolog, ink that follows the page's colour."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"|(<svg[^>]*?) height="[^"]*"', r"\1\2", text, count=1)
    text = text.replace("<svg", '<svg aria-hidden="true" focusable="false" fill="currentColor"', 1)
    text = re.sub(r"fill: #ffffff; opacity: 0|fill: #ffffff", "fill: var(--paper, #fff)", text)
    text = re.sub(r"(fill|stroke): #000000", r"\1: currentColor", text)  # of a figure in matplotlib's own look
    text = text.replace("stroke: #ffffff", "stroke: var(--paper, #fff)")  # a white edge is a gap, in the dark too
    text = text.replace(BELOW_ABOVE[1], f"var(--within, {BELOW_ABOVE[1]})")  # too bright in the dark
    if '<g class="cells"' in text:  # the signs of these have the ink of the page
        for name, colour in (("low", BELOW_ABOVE[0]), ("high", BELOW_ABOVE[2])):
            text = text.replace(colour, f"var(--{name}, {colour})")
    return text.replace(INK, "currentColor").strip()
