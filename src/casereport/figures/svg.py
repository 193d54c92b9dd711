"""SVG inside HTML: a saved figure as an element of a page."""

import re

from casereport.figures.palette import BELOW_ABOVE, INK


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
