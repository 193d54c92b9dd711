"""How much room a text takes, before it is drawn, and where texts go that must not lie on one another."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat, takewhile

import matplotlib as mpl
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

POINTS = 72  # an inch
_HINTING = 1.04  # a renderer that fits letters to pixels makes a text a little wider
ELLIPSIS = "…"


def width(text: str, size: float, bold: bool = False) -> float:
    """The inches that one line of text takes in the font of the figures, at a size in points."""
    return _width(text, size, bold, tuple(mpl.rcParams["font.family"]))


@cache
def _width(text: str, size: float, bold: bool, family: Sequence[str]) -> float:
    font = FontProperties(family=list(family), size=size, weight="bold" if bold else "normal")
    return _HINTING * float(text_to_path.get_text_width_height_descent(text, font, False)[0]) / POINTS


def height(size: float, lines: int = 1) -> float:
    """The inches that so many lines take, with the space between them."""
    return 1.2 * lines * size / POINTS


def shortened(text: str, inches: float, size: float, bold: bool = False) -> str:
    """The text itself if it fits, else as many of its words as do, or letters of its first, and an ellipsis."""
    if width(text, size, bold) <= inches:
        return text
    words = text.split(" ")
    by_words = (" ".join(words[:n]).rstrip(" ,;:") for n in range(1, len(words)))
    starts = list(_fitting(by_words, inches, size, bold)) or list(_fitting(_starts(words[0]), inches, size, bold))
    return starts[-1] if starts else ELLIPSIS


def _fitting(starts: Iterable[str], inches: float, size: float, bold: bool) -> Iterator[str]:
    """Of longer and longer starts of a text those that fit with an ellipsis; nothing much longer is measured."""
    return takewhile(lambda start: width(start, size, bold) <= inches, (start + ELLIPSIS for start in starts))


def _starts(word: str) -> Iterator[str]:
    return (word[:n] for n in range(1, len(word)))


def wrapped(text: str, inches: float, size: float, bold: bool = False, most: int | None = None) -> list[str]:
    """The text in lines that fit, broken between words, and within one that is longer than a line.

    Of a text of more than `most` lines only the first are broken, more than `most`: who has no room for it can tell.
    """
    lines: list[str] = []
    for word in text.split():
        if most is not None and len(lines) > most:
            break
        if lines and width(f"{lines[-1]} {word}", size, bold) <= inches:
            lines[-1] += f" {word}"
            continue
        letters = len(word)
        if width(word, size, bold) > inches:
            fitting = takewhile(lambda start: width(start, size, bold) <= inches, _starts(word))
            letters = max(1, sum(1 for _ in fitting))
        lines += textwrap.wrap(word, letters)
    return lines


def packed(extents: Iterable[tuple[float, float]], needs: Iterable[int] = repeat(1)) -> list[int]:
    """The level of each stretch, from 0: the first on which it touches none of those before it.

    A stretch takes as many levels as it `needs`, from its own on.
    """
    taken: list[list[tuple[float, float]]] = []
    found = []
    for (start, end), need in zip(extents, needs, strict=False):
        level = 0
        while any(start < b and a < end for row in taken[level : level + need] for a, b in row):
            level += 1
        taken += [[] for _ in range(level + need - len(taken))]
        for row in taken[level : level + need]:
            row.append((start, end))
        found.append(level)
    return found
