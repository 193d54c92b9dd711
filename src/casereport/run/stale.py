"""What a report was made from, and which of its steps would come out otherwise today: by hashes, not by time stamps.

This room answers before anything slow is imported: an unchanged report must cost a moment, so it needs no more than
Python's own library and reads each file once.
"""

import platform
import re
import sys
from pathlib import Path

from casereport.files import whose
from casereport.files.hashes import Parts, code_hashes, commit, digest
from casereport.files.paths import BUNDLED, DATA, NOTEBOOKS, ROOT, from_root

STEPS = ("01-ingest", "02-phase", "03-evidence", "04-figures", "05-report")
REPORT = STEPS[-1]
# What only the audit, the checklist and the report read; the other steps keep their results when it is edited.
_PROSE = ("narrative.md", "claims.csv")
_PROSE_STEPS = ("03-evidence", REPORT)


def made_from(case: str, data_dir: str, given: dict[str, str], notebooks: Path = NOTEBOOKS) -> Parts:
    """The SHA-256 or the text of everything that a report depends on, by `kind: name`.

    Kinds: `notebook`, `parameter`, `input` (the case, the cases and tables beside it), `code`, `lock` (the lock, and
    what is installed of it), and `commit`, which only the report states.
    """
    parts = {f"notebook: {step}": digest(notebooks / f"{step}.ipynb") for step in STEPS}
    # by its name: where a case of somebody's own lies is nobody's business
    choices = {"case": Path(case).stem, "data_dir": data_dir, **given}
    parts |= {f"parameter: {name}": value for name, value in choices.items()}
    parts |= {f"input: {name}": digest(path) for name, path in _inputs(case, from_root(data_dir)).items()}
    parts |= {f"code: {name}": digest for name, digest in code_hashes().items()}
    lock = ROOT / "requirements.lock"
    parts |= {f"lock: {lock.name}": digest(lock), "lock: Python": platform.python_version()}
    parts |= {f"lock: {name}": version for name, version in _installed(lock).items()}
    return parts | {"commit": commit() or ""}


def reasons(out: Path, now: Parts) -> dict[str, list[str]]:
    """Why each step of the report in `out` would run again; an empty list for a step whose results can stay.

    Results stay only where each file of the step is as the manifest has it, so that nothing half-written is trusted.
    """
    manifest = whose.manifest(out)
    if manifest is None or REPORT not in manifest["steps"]:
        return {step: ["there is no result yet"] for step in STEPS}
    changed, outputs = changes(manifest["made_from"], now), manifest["outputs"]
    found = {
        name: [told for part, told in changed.items() if _concerns(name, part)] + _spoiled(out, files, outputs)
        for name, files in manifest["steps"].items()
    }
    # the report is put together from the results of the other steps
    found[REPORT] += [f"{name} runs" for name, why in found.items() if why and name != REPORT]
    return found


def changes(before: Parts, now: Parts) -> dict[str, str]:
    """What differs, each part with a word on how."""
    return {
        part: f"{part} " + ("is new" if part not in before else "is gone" if part not in now else "changed")
        for part in sorted(before | now)
        if before.get(part) != now.get(part)
    }


def is_current(why: dict[str, list[str]]) -> bool:
    """True when no step has a reason to run."""
    return not any(why.values())


def explained(why: dict[str, list[str]]) -> str:
    """The reasons for a reader, a step a line; of many reasons the first three."""
    lines = []
    for step, told in sorted(why.items()):
        more = f", and {len(told) - 3} more" if len(told) > 3 else ""
        lines.append(f"{step:<24} {'runs: ' + '; '.join(told[:3]) + more if told else 'is up to date'}")
    return "\n".join(lines)


def _concerns(step: str, part: str) -> bool:
    kind, _, name = part.partition(": ")
    if kind == "commit":
        return step == REPORT
    if kind == "notebook":
        return step.startswith(name)
    if kind == "input" and name.endswith(_PROSE):
        return step in _PROSE_STEPS
    return True


def _spoiled(out: Path, files: list[str], outputs: Parts) -> list[str]:
    root = out.resolve()

    def as_made(name: str) -> bool:
        path = root / name
        try:  # not through a link: what it leads to is not the report's
            return name in outputs and path.resolve() == path and path.is_file() and digest(path) == outputs[name]
        except OSError:  # a name too long to be one
            return False

    return [f"{name} is not as it was made" for name in files if not as_made(name)]


def _inputs(case: str, data_dir: Path) -> dict[str, Path]:
    """Every file that a step may read: the case, the vocabulary, and the project's own cases and tables beside it."""
    place = whose.place(case, data_dir)
    found = {}
    for data in (DATA, data_dir):
        folders = [data / "reference", *(data / "cases" / name for name in BUNDLED)] if data == DATA else []
        files = [*data.glob("*.csv"), *(p for folder in folders for p in folder.rglob("*") if p.is_file())]
        found |= {p.relative_to(data).as_posix(): p for p in files}
    # a folder without case.yaml is no case, and may be anything
    inside = place.rglob("*") if (place / "case.yaml").is_file() else [place]
    files = [p for p in inside if p.is_file()]
    return found | {f"cases/{p.relative_to(place.parent).as_posix()}": p for p in files}


def _installed(lock: Path) -> Parts:
    """The versions of the lock's packages that this Python finds, by the names of their folders alone."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M)) if lock.exists() else set()
    found: Parts = {}
    for folder in map(Path, sys.path):
        for info in folder.glob("*.dist-info") if folder.is_dir() else ():
            name, _, version = info.name.removesuffix(".dist-info").partition("-")
            name = re.sub(r"[-_.]+", "-", name).lower()
            if name in locked:
                found.setdefault(name, version)
    return found
