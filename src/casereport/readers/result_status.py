"""What the status of a result says: that it is none, was entered in error, is preliminary or corrected."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Status(NamedTuple):
    """Why a result is not taken by its status, empty where it is; of results of one time the highest `rank` counts."""

    refused: str = ""
    rank: int = 1


_SAID = "as its status says"
_FORMS = (
    (r"error|errone|wrong|invalid|\bvoid|delet|retract|withdrawn|irrtum|fehlerhaft|gelöscht|ungültig|inv[aá]lid",
     Status(f"entered in error, {_SAID}")),
    (r"cancel|storn|annul|anula|rejected|discard", Status(f"cancelled, {_SAID}")),
    (r"\bnot (?:done|performed|tested|collected)|nicht durchgeführt|non effectué|no realizad",
     Status(f"not done, {_SAID}")),
    (r"pending|in (?:process|progress)|registered|\bordered|ausstehend|en cours|pendiente|in corso",
     Status(f"not yet a result, {_SAID}")),
    (r"correct|amend|modif|revis|korrig|corrig|correg", Status(rank=2)),
    (r"prelim|provisi?on|provvis|vorläufig|partial|interim", Status(rank=0)),
)  # fmt: skip
# OBX-11 of HL7, where all of a column are of it
_LETTERS = {
    "F": Status(), "A": Status(), "V": Status(), "": Status(), "C": Status(rank=2), "P": Status(rank=0),
    "R": Status(rank=0), "S": Status(rank=0), "D": Status(f"deleted, {_SAID}"), "W": Status(f"wrong, {_SAID}"),
    "X": Status(f"no result, {_SAID}"), "I": Status(f"not yet a result, {_SAID}"),
}  # fmt: skip


def statuses(texts: Iterable[str]) -> dict[str, Status]:
    """What each text of a column of statuses says."""
    there = set(texts)
    if "F" in there and there <= _LETTERS.keys():
        return {text: _LETTERS[text] for text in there}
    return {text: next((status for form, status in _FORMS if re.search(form, text, re.I)), Status()) for text in there}
