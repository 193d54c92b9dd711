"""What was taken of results one by one, told to a reader, and the lines that a mapping file lacks."""

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path

from casereport.readers.records import Account

_SHOWN = 12  # of what was left out for one reason
_HASHED = 2**20


def mark_of(path: Path) -> str:
    """Six letters that tell one file from another by what is in it, as its name may be that of a person."""
    if path.is_dir():
        path = next(p for p in sorted(path.iterdir()) if p.name.lower().startswith("measurement."))
    size = path.stat().st_size
    with path.open("rb") as file:
        parts = [str(size).encode(), file.read(_HASHED)]
        file.seek(max(0, size - _HASHED))
        parts.append(file.read(_HASHED))
    return "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(b"".join(parts)).digest()[:6])


def meanings(account: Account) -> list[tuple[str, str, str]]:
    """An empty place, each analyte, and how many values of it there are, in which unit and on which days."""
    by_analyte: dict[tuple[str, str], list[str]] = {}
    for row in account.rows:
        by_analyte.setdefault((row["analyte"], row["unit"]), []).append(row["day"])
    found = []
    for (analyte, unit), days in sorted(by_analyte.items()):
        known = sorted(days, key=lambda d: float(d.split("..")[0].lstrip("<>=")))
        span = f"day {known[0]}" if known[0] == known[-1] else f"days {known[0]} to {known[-1]}"
        found.append(("", analyte, f"{len(days)} in {unit or 'no unit'}, {span}"))
    return found


def told(account: Account, new: int, path: Path, mapping: Path) -> str:
    """The account of the file at `path` for a reader: how many values of which analyte on which days, and what not."""
    lines = [f"{path.name}: {account.kind}", "Taken:" if account.rows else "Nothing was taken."]
    lines += [f"  {name}: {said}" for _, name, said in meanings(account)]
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
    lines.append(
        f"{len(account.rows)} results understood, {new} of them new; {left} left out, {account.empty} without a value"
    )
    return "\n".join(lines)


def offers(left_out: Counter[tuple[str, str]], path: Path) -> list[str]:
    """How to say what an unknown name is: the lines that the mapping file lacks."""
    unknown = {printed for printed, reason in left_out if "not in the vocabulary" in reason}
    called = {p.split(" ")[0] if re.match(r"\d+-\d\b", p) else p for p in unknown}
    names = sorted(name for name in called if "withheld" not in name and "without a name" not in name)
    if not names:
        return []
    shown = io.StringIO()
    csv.writer(shown, lineterminator="\n").writerows([name, "", ""] for name in names[:_SHOWN])
    there = [] if path.exists() else ["  printed,analyte,unit"]
    more = [f"  and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    head = (
        f"What is meant? Put one line each into {path}, with the analyte and its unit (no analyte: left out), and run"
    )
    return [f"{head} again:", *there, *(f"  {line}" for line in shown.getvalue().splitlines()), *more]


def _counted(n: int) -> str:
    return "1 result" if n == 1 else f"{n} results"
