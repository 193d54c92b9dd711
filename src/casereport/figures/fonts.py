"""Fonts for what the font of the figures has no sign for, as it has none for Chinese: found on this machine, named in
the manifest, or the text refused. A box in the place of a word tells a reader nothing.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from matplotlib import font_manager, get_data_path

BASE = "DejaVu Sans"  # which matplotlib brings
PACKAGES = "install a font that has them, such as Debian's fonts-noto-cjk, or fonts-noto-core for other scripts"
# the first that has a sign is taken; after them the others of the machine by name
_PREFERRED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "Noto Sans JP", "Noto Sans CJK KR",
    "Noto Sans KR", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "PingFang SC", "Microsoft YaHei",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Thai", "Noto Sans",
)  # fmt: skip
# not for reading: boxes with a number in them, mathematics, and the versions of the base itself
_NOT_FOR_TEXT = ("Last Resort", "STIX", "cm", "DejaVu", "Adobe Blank")


def needed(text: Iterable[str]) -> dict[str, Path]:
    """The families that these characters need besides `BASE`, each with its file, in the order of their use."""
    return _needed(_beyond_base(text))[0]


def without(text: Iterable[str]) -> str:
    """Those of these characters that no font of this machine has, sorted."""
    return "".join(sorted(_needed(_beyond_base(text))[1]))


def _beyond_base(text: Iterable[str]) -> frozenset[str]:
    base = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    shown = {c for c in set(text) if not c.isascii() and unicodedata.category(c) not in ("Cf", "Cc", "Zl", "Zp", "Zs")}
    return frozenset(c for c in shown if ord(c) not in _signs(str(base)) and not "\ufe00" <= c <= "\ufe0f")


@cache
def _needed(signs: frozenset[str]) -> tuple[dict[str, Path], frozenset[str]]:
    found: dict[str, Path] = {}
    for family, path in _others() if signs else ():
        has = _signs(path)
        if covered := {c for c in signs if ord(c) in has}:
            found[family] = Path(path)
            signs -= covered
        if not signs:
            break
    return found, signs


@cache
def _signs(path: str) -> frozenset[int]:
    try:
        return frozenset(font_manager.get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@cache
def _others() -> list[tuple[str, str]]:
    """The families of this machine by preference, each with one file; a list that matplotlib kept may be too old."""
    manager = font_manager.fontManager
    known = {entry.fname for entry in manager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        try:
            manager.addfont(path)
        except (OSError, RuntimeError, ValueError):  # one that cannot be read is none
            continue
    files: dict[str, tuple[int, str]] = {}
    for entry in manager.ttflist:
        if entry.style == "normal" and not entry.name.startswith(_NOT_FOR_TEXT):
            weight = entry.weight if isinstance(entry.weight, int) else 400
            place = abs(weight - 400), str(entry.fname)
            files[entry.name] = min(files.get(entry.name, place), place)
    order = {name: i for i, name in enumerate(_PREFERRED)}
    names = sorted(files, key=lambda name: (order.get(name, len(order)), name))
    return [(name, files[name][1]) for name in names]
