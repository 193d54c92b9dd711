"""The prose of a case as the XHTML that FHIR allows in a narrative: no picture, no script, everything escaped."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape

import mistune

from casereport.analysis.placeholder_values import Value, named_values
from casereport.case.case import Case
from casereport.case.narrative import PLACEHOLDER

_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])
_ROOT = '<div xmlns="http://www.w3.org/1999/xhtml">'


def div(parts: Iterable[tuple[str, str]]) -> str:
    """Elements with a text each."""
    return _ROOT + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts) + "</div>"


def section_div(case: Case, title: str) -> str:
    """The prose of a section of CARE, its placeholders filled; empty where the case has none."""
    text = case.narrative.get(title)
    if text is None:
        return ""
    html = re.sub(r"<img[^>]*>", "", str(_MARKDOWN(text)))
    return _ROOT + PLACEHOLDER.sub(lambda match: escape(_filled(case, unescape(match[1]))), html) + "</div>"


def _filled(case: Case, name: str) -> str:
    """What a placeholder stands for; figures and tables are in the report and not here."""
    value = _values(case)[name]
    return f"the {value.source} “{value.text}” of the report" if value.source in ("figure", "table") else value.text


@lru_cache(maxsize=1)
def _values(case: Case) -> dict[str, Value]:
    return named_values(case)
