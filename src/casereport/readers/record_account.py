"""What was taken of results one by one, told to a reader, and the lines that a mapping file lacks."""

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path

from casereport.readers.courses import UNKNOWN
from casereport.readers.mapping_file import first_line
from casereport.readers.records import Account
from casereport.readers.redcap import UNDATED

_SHOWN = 12  # of what was left out for one reason
_HASHED = 2**20


def mark_of(path: Path) -> str:
    """Six letters that tell one file from another by what is in it, as its name may be that of a person."""
    if path.is_dir():
        tables = ("measurement.", "drug_exposure.", "procedure_occurrence.", "condition_occurrence.")
        path = next(p for start in tables for p in sorted(path.iterdir()) if p.name.lower().startswith(start))
    size = path.stat().st_size
    with path.open("rb") as file:
        parts = [str(size).encode(), file.read(_HASHED)]
        file.seek(max(0, size - _HASHED))
        parts.append(file.read(_HASHED))
    return "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(b"".join(parts)).digest()[:6])


def meanings(account: Account) -> list[tuple[str, str, str]]:
    """What the headings were read as; then an empty place, each analyte, treatment and finding, and how many rows of it
    there are, on which days."""
    return [*account.read_as, *_rows_of(account)]


def _rows_of(account: Account) -> list[tuple[str, str, str]]:
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for row in account.rows:
        grouped.setdefault(("", row["analyte"], f" in {row['unit'] or 'no unit'}"), []).append(row["day"])
    for row in account.treatments:
        day = row["start_day"] or row["end_day"]
        grouped.setdefault(("treatment ", row["intervention"], ""), []).append(day)
    for row in account.events:
        grouped.setdefault((f"{row['kind'].replace('_', ' ')} ", row["finding"], ""), []).append(row["day"])
    found, one = [], account.time_unit.removesuffix("s")
    for (kind, name, unit), days in sorted(grouped.items()):
        known = sorted(filter(None, days), key=lambda d: float(d.split("..")[0].lstrip("<>="))) or ["not known"]
        span = f"{one} {known[0]}" if known[0] == known[-1] else f"{account.time_unit} {known[0]} to {known[-1]}"
        found.append(("", f"{kind}{name}", f"{len(days)}{unit}, {span}"))
    return found


def told(account: Account, new: int, path: Path, mapping: Path) -> str:
    """The account of the file at `path` for a reader: how many values of which analyte on which days, and what not."""
    lines = [f"{path.name}: {account.kind}"]
    lines += ["Read as:", *(f"  {printed}: {said}" for _, printed, said in account.read_as)] if account.read_as else []
    lines.append("Taken:" if account.taken else "Nothing was taken.")
    lines += [f"  {name}: {said}" for _, name, said in _rows_of(account)]
    lines += [f"Note: {remark} ({_counted(n)})" for remark, n in sorted(account.remarks.items())]
    lines.append("Left out:" if account.left_out else "Nothing was left out.")
    by_reason: dict[str, list[str]] = {}
    for (printed, reason), n in account.left_out.most_common():
        by_reason.setdefault(reason, []).append(f"{printed} ({_counted(n)})")
    for reason, which in by_reason.items():
        lines.append(f"  {reason}:")
        lines += [f"    {one}" for one in which[:_SHOWN]]
        lines += [f"    and {len(which) - _SHOWN} more"] if len(which) > _SHOWN else []
    lines += offers(account.left_out, mapping)
    left = account.left_out.total()
    kinds = (("treatment", account.treatments), ("event", account.events))
    others = [f"{len(rows)} {what}{'' if len(rows) == 1 else 's'}" for what, rows in kinds if rows]
    understood = ", ".join([_counted(len(account.rows)), *others])
    lines.append(f"{understood} understood, {new} of them new; {left} left out, {account.empty} without a value")
    return "\n".join(lines)


def offers(left_out: Counter[tuple[str, str]], path: Path) -> list[str]:
    """How to say what an unknown name is: the lines that the mapping file at `path` lacks, under its first line."""
    names = [*_unknown(left_out, "not in the vocabulary"), *_unknown(left_out, "no unit (")]
    drugs = _unknown(left_out, UNKNOWN)
    events = _unknown(left_out, UNDATED)
    if not (names or drugs or events):
        return []
    there = first_line(path)
    first = there or ",".join(
        [
            "printed",
            *(["analyte", "unit"] if names else []),
            *(["day"] if events else []),
            *(["intervention"] if drugs else []),
        ]
    )
    shown = io.StringIO()
    shown_first = [one for unknown in (names, events, drugs) for one in unknown[:_SHOWN]]
    more = [""] * first.count(",")
    csv.writer(shown, lineterminator="\n").writerows([name, *more] for name in shown_first)
    rest = sum(len(unknown[_SHOWN:]) for unknown in (names, events, drugs))
    what = [
        *(["with the analyte and its unit"] if names else []),
        *(["with the study day"] if events else []),
        *(["with the intervention"] if drugs else []),
    ]
    needed = [c for c, asked in (("day", events), ("intervention", drugs)) if asked and c not in first.split(",")]
    lacks = f" (with a column {' and '.join(needed)})" if needed else ""
    head = f"To include these, add one line for each to {path}{lacks}, {' or '.join(what)}"
    head += " (left empty: left out), and run again:"
    lines = [*([] if there else [first]), *shown.getvalue().splitlines(), *([f"and {rest} more"] if rest else [])]
    return [head, *(f"  {line}" for line in lines)]


def _unknown(left_out: Counter[tuple[str, str]], reason: str) -> list[str]:
    """The names or codes that were left out for a reason of being unknown."""
    printed = {printed for printed, why in left_out if reason in why}
    called = {p.split(" ")[0] if re.match(r"\d+-\d\b", p) else p for p in printed}
    return sorted(name for name in called if "withheld" not in name and "without a name" not in name)


def _counted(n: int) -> str:
    return "1 result" if n == 1 else f"{n} results"
