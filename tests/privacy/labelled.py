"""The labelled set of identifiers and look-alikes, and how much of it is found: what docs/privacy.md prints."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from casereport.privacy.identifiers import Found, asked, find


class Labelled(NamedTuple):
    """A text, its class in the set, and where the identifiers in it stand (none in a look-alike)."""

    text: str
    called: str
    spans: tuple[tuple[int, int], ...]

    def is_right(self, found: Found) -> bool:
        """True where a finding overlaps an identifier of the text."""
        return any(found.start < end and begin < found.end for begin, end in self.spans)


def labelled() -> list[Labelled]:
    """The set of labelled.txt."""
    out, called = [], ""
    for line in (Path(__file__).parent / "labelled.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            called = line[2:]
        elif line and not line.startswith("# "):
            spans = [(m.start() - 2 * i, m.end() - 2 * i - 2) for i, m in enumerate(re.finditer("«[^»]*»", line))]
            out.append(Labelled(re.sub("[«»]", "", line), called, tuple(spans)))
    return out


def counted(texts: list[Labelled]) -> dict[str, Counter[str]]:
    """By class, and of all under `all`: `texts`; those that are `refused`, those only `asked`, those `missed`; and the
    findings of either strength that overlap no identifier (`wrongly refused`, `wrongly asked`) or one (`rightly ...`).
    """
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        refused = [text.is_right(found) for found in find(text.text)]
        questions = [text.is_right(found) for found in asked(text.text)]
        how = "refused" if any(refused) else "asked" if any(questions) else "missed"
        for name in (text.called, "all"):
            count = counts.setdefault(name, Counter())
            count["texts"] += 1
            count[how] += bool(text.spans)
            for strength, right in (("refused", refused), ("asked", questions)):
                count[f"rightly {strength}"] += sum(right)
                count[f"wrongly {strength}"] += len(right) - sum(right)
    return counts


def rates(texts: list[Labelled]) -> dict[str, float]:
    """Recall, by texts, of refuse and of refuse and ask together; precision of each, by findings."""
    n = counted(texts)["all"]
    identifiers = n["refused"] + n["asked"] + n["missed"]
    return {
        "recall of refuse": n["refused"] / identifiers,
        "recall of both": (n["refused"] + n["asked"]) / identifiers,
        "precision of refuse": n["rightly refused"] / (n["rightly refused"] + n["wrongly refused"]),
        "precision of ask": n["rightly asked"] / (n["rightly asked"] + n["wrongly asked"]),
    }


def table(texts: list[Labelled]) -> str:
    """The measurement as docs/privacy.md has it."""
    counts = counted(texts)
    rows = [
        "| class | texts | refused | asked | missed | wrongly refused | wrongly asked |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in [*(name for name in counts if name != "all"), "all"]:
        n = counts[name]
        sure = "" if name.startswith("like ") else f"{n['refused']} | {n['asked']} | {n['missed']}"
        rows.append(f"| {name} | {n['texts']} | {sure or ' | | '} | {n['wrongly refused']} | {n['wrongly asked']} |")
    told = rates(texts)
    return "\n".join([*rows, "", *(f"- {name}: {rate:.3f}" for name, rate in told.items())])
