"""What an export is made of, and the folder that it becomes: whole or not at all, and never in the place of others'."""

import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import NamedTuple

from casereport.case.case import Case
from casereport.errors import BadInput, Problem
from casereport.exchange.notices import notices
from casereport.files.whole import whole_folder

ABOUT = "about.json"
_MAKER = "casereport export"


class Exported(NamedTuple):
    """The files of an export by name, and what its reader has to know: what it cannot hold, what has no code."""

    files: dict[str, str]
    said: list[str]


def codes_of(case: Case) -> tuple[bool, bool, bool]:
    """Whether a case has LOINC codes, UCUM units and ATC codes."""
    known = case.vocabulary
    loinc = any(known.analytes[row.analyte].loinc for row in case.observations)
    units = any(row.unit for row in case.observations) or any(row.dose_unit for row in case.interventions)
    return loinc, units, any(known.interventions[row.intervention].atc for row in case.interventions)


def without_code(case: Case) -> list[str]:
    """What a reader is told of analytes and interventions that have no code: they go by their names alone."""
    known = case.vocabulary
    lacking = {
        "LOINC": {known.analytes[r.analyte].label for r in case.observations if not known.analytes[r.analyte].loinc},
        "ATC": {
            known.interventions[r.intervention].label
            for r in case.interventions
            if not known.interventions[r.intervention].atc
        },
    }
    return [f"without a code of {name}, by name alone: {'; '.join(sorted(of))}" for name, of in lacking.items() if of]


def not_held(case: Case, *held: str) -> list[str]:
    """What a reader is told of the parts of a case, other than rows, that a format has no place for.

    `held` are those of `prose`, `claims`, `references` and `pictures` that it has, or tells of elsewhere.
    """
    meta = case.meta
    parts = {
        "prose": case.narrative, "claims": case.claims, "references": case.references, "pictures": case.pictures,
        "the subject in words": meta.subject.description or meta.subject.weight_kg, "consent": meta.consent,
        "declarations": meta.ethics or meta.funding or meta.competing_interests or meta.data_availability,
        "learning points": meta.learning_points, "differential diagnosis": meta.differential_diagnosis,
    }  # fmt: skip
    lacking = [name for name, there in parts.items() if there and name not in held]
    return [f"not held: {', '.join(lacking)}; the report has them"] if lacking else []


def check_place(out: Path) -> None:
    """Raises BadInput where no export can be put at `out`: not writable, or something else is there."""
    expected = ""
    if not out.parent.is_dir():
        expected = "a folder to make in one that exists"
    elif not os.access(out.parent, os.W_OK | os.X_OK):
        expected = f"a place that you can write to, unlike {out.parent}; choose one with --out PATH"
    elif os.path.lexists(out) and not _is_ours(out):
        expected = "a new folder, or an earlier export; this one is something else and would be replaced"
    if expected:
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])


def write(made: Exported, case: Case, form: str, version: str, out: Path) -> None:
    """Writes the files of an export, the notices of its codes and what it is made of into the folder `out`.

    An earlier export gives way once the new one is whole. Raises BadInput as `check_place` does, and where the disk
    refuses.
    """
    check_place(out)
    files = dict(made.files)
    if said := notices(*codes_of(case)):
        files["NOTICE.txt"] = "\n\n".join(said) + "\n"
    digests = {name: hashlib.sha256(text.encode("utf-8")).hexdigest() for name, text in sorted(files.items())}
    about = {
        "made_by": _MAKER, "version": version, "format": form, "case": case.meta.id, "title": case.meta.title,
        "status": case.meta.status, "simulated": case.simulated, "remarks": made.said, "sha256": digests,
    }  # fmt: skip
    files[ABOUT] = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with whole_folder(aside) as folder:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8", newline="")
        _put(aside, out)
    except OSError as error:
        raise BadInput([Problem("parameter", 0, "--out", str(out), f"a place to write: {error.strerror}")]) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put(made: Path, out: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    earlier = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    out.rename(earlier)
    try:
        made.rename(out)
    except OSError:
        earlier.rename(out)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """True for a folder that is an export as it was made, or is empty."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    there = {path.name for path in folder.iterdir()}
    if not there:
        return True
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return about["made_by"] == _MAKER and there == {ABOUT, *about["sha256"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
