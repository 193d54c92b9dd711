"""What a report was made from, and which of its steps would come out otherwise today: by hashes, not by time stamps.

This room answers before anything slow is imported: an unchanged report must cost a moment, so it needs no more than
Python's own library and reads each file once.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from casereport.files import whose
from casereport.files.hashes import Parts, commit, digest, made_from
from casereport.files.paths import NOTEBOOKS
from casereport.report.records import read_record, result_file

STEPS = ("01-ingest", "02-phase", "03-evidence", "04-figures", "05-report")
INGEST, PHASE, EVIDENCE, FIGURES, REPORT = STEPS
# What is edited most, and changes no table that these read. A run looks whether that holds of what they did read.
_PROSE = ("narrative.md", "references.bib", "references.json")
_OF_TABLES = (PHASE, FIGURES)
_NONE_YET = "there is no result yet"
OWN = "sources"  # in a report's folder: the notebooks of its author, as they were run


def own_notebooks(out: Path) -> list[Path]:
    """The notebooks of their author that the report in `out` was made with, as they were then."""
    steps = (whose.manifest(out) or {}).get("steps", {})
    return [out / OWN / f"{name}.ipynb" for name in steps if not name.startswith(STEPS)]


def declared(notebook: Path) -> list[str]:
    """The names in the parameters cell of a notebook; none where it cannot be read, which running it will say."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return re.findall(r"^(\w+)\s*(?::[^=\n]+)?=", "\n".join(sources), re.M)


def report_made_from(case: str, given: dict[str, str], own: Sequence[Path] = (), notebooks: Path = NOTEBOOKS) -> Parts:
    """Everything that a report depends on, by `kind: name`: as `hashes.made_from`, and its notebooks and parameters.

    `own` are the notebooks of its author.
    """
    files = [*(notebooks / f"{step}.ipynb" for step in STEPS), *own]
    parts = {f"notebook: {path.stem}": digest(path) if path.is_file() else "" for path in files}
    # by its name: where a case of somebody's own lies is nobody's business
    parts |= {f"parameter: {name}": value for name, value in {"case": Path(case).stem, **given}.items()}
    return parts | made_from(case) | {"commit": commit(tell=True) or ""}


def reasons(out: Path, now: Parts, phases: Sequence[str] | None = None) -> dict[str, list[str]]:
    """Why each step of the report in `out` would run again; an empty list for a step whose results can stay.

    Results stay only where each file of the step is as the manifest has it, so that nothing half-written is trusted.
    `phases` are those of the case as it is now; where they are not known the steps are those of the report.
    """
    manifest = whose.manifest(out)
    now_phases = None if phases is None else [f"{PHASE}-{phase}" for phase in phases]
    if manifest is None or REPORT not in manifest["steps"]:
        steps = {*STEPS} if now_phases is None else {*STEPS, *now_phases} - {PHASE}
        return {step: [_NONE_YET] for step in sorted(steps)}
    changed, outputs = changes(manifest["made_from"], now), manifest["outputs"]
    own = tuple(name for part in now if (name := part.removeprefix("notebook: ")) != part and name not in STEPS)
    made = {name: files for name, files in manifest["steps"].items() if name.startswith(STEPS)}
    if now_phases is not None:  # a phase may have got another name since
        made = {name: files for name, files in made.items() if not name.startswith(PHASE) or name in now_phases}
    made |= {name: manifest["steps"].get(name, []) for name in own}
    found = {
        name: [told for part, told in changed.items() if _concerns(name, part)] + _spoiled(out, files, outputs)
        for name, files in made.items()
    }
    for earlier, later in ((INGEST, (PHASE, EVIDENCE, FIGURES, *own)), (PHASE, own), (EVIDENCE, (FIGURES, *own))):
        # prose alone changes no table that the other notebooks read
        if any(_concerns(earlier, part) and not _is_prose(part) for part in changed):
            found |= {n: why or [f"{earlier} runs"] for n, why in found.items() if n.startswith(later)}
    found |= {name: [_NONE_YET] for name in now_phases or () if name not in made}
    # the report is put together from the results of the other steps
    found[REPORT] += [f"{name} runs" for name, why in found.items() if why and name != REPORT]
    return found


def _is_prose(part: str) -> bool:
    return part.startswith("input: ") and part.endswith(_PROSE)


def changes(before: Parts, now: Parts) -> dict[str, str]:
    """What differs, each part with a word on how; a commit that is not known today is none that differs."""
    return {
        part: f"{part} " + ("is new" if part not in before else "is gone" if part not in now else "changed")
        for part in sorted(before | now)
        if before.get(part) != now.get(part) and (part, now.get(part)) != ("commit", "")
    }


def is_current(why: dict[str, list[str]]) -> bool:
    """True when no step has a reason to run."""
    return not any(why.values())


def explained(why: dict[str, list[str]], out: Path) -> str:
    """The reasons for a reader, a step a line; of many reasons the first three. `out` has the report they are of."""
    steps = (whose.manifest(out) or {}).get("steps", {})
    running = {file: step for step, files in steps.items() if why.get(step) for file in files}
    lines = []
    for step, told in sorted(why.items()):
        more = f", and {len(told) - 3} more" if len(told) > 3 else ""
        said = f"runs: {'; '.join(told[:3])}{more}" if told else "is up to date"
        if not told and (others := sorted({running[file] for file in _has_read(out, step) if file in running})):
            said += f", unless what it reads of {' and '.join(others)} changes"
        lines.append(f"{step:<24} {said}")
    return "\n".join(lines)


def _has_read(out: Path, step: str) -> list[str]:
    """The files of other steps that a step has read, by their path below the folder of the report."""
    record = out / "kept" / f"{step}.json"
    read = read_record(record).read if record.is_file() else {}
    return [str(result_file(out, name).relative_to(out)) for name in read]


def _concerns(step: str, part: str) -> bool:
    kind, _, name = part.partition(": ")
    source = next((own for own in STEPS if step.startswith(own)), step)
    if kind == "commit":
        return step == REPORT
    if kind == "notebook":
        return source == name or (step == REPORT and name not in STEPS)
    if kind == "parameter" and source in STEPS:
        return name in declared(NOTEBOOKS / f"{source}.ipynb")
    return not (_is_prose(part) and source in _OF_TABLES)


def _spoiled(out: Path, files: list[str], outputs: Parts) -> list[str]:
    root = out.resolve()

    def as_made(name: str) -> bool:
        path = root / name
        try:  # not through a link: what it leads to is not the report's
            return name in outputs and path.resolve() == path and path.is_file() and digest(path) == outputs[name]
        except OSError:  # a name too long to be one
            return False

    return [f"{name} was changed after it was made" for name in files if not as_made(name)]
