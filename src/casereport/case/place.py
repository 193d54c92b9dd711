"""Where a case is: it is named or pathed.

A name is looked up in the data directory's cases/, a path (anything with a slash, or the name of an .xlsx file) leads
anywhere, so that a patient's data need never enter the repository. Nothing here reads a case: a run asks this first,
before it has a library.
"""

import re
from pathlib import Path

from casereport.errors import BadInput, Problem, nearest
from casereport.files.paths import DATA, PARTS, ROOT, WORKBOOK, case_name_at, is_path


def case_names() -> list[str]:
    """The names of the project's own cases, sorted."""
    return sorted(map(case_name_at, cases_in(DATA / "cases")))


# by these a case folder is known whose case.yaml was lost
_KNOWN_BY = ("narrative.md", "observations.csv", "interventions.csv", "events.csv", "claims.csv")


def cases_in(folder: Path) -> list[Path]:
    """The case folders and workbooks in `folder`, sorted; what a spreadsheet program leaves open (`~$...`) is none.

    Beside other cases a folder with tables of a case is one too, for it is missed else that its case.yaml was lost.
    """
    books = [p for p in folder.glob("*" + WORKBOOK) if not p.name.startswith(("~", "."))]
    found = {*(p.parent for p in folder.glob("*/case.yaml")), *books}
    if found:
        found |= {p.parent for part in _KNOWN_BY for p in folder.glob(f"*/{part}")}
    return sorted(found)


def distinct(paths: list[Path]) -> list[Path]:
    """The paths as they are; raises BadInput where two cases have one name, of which their reports would be."""
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    for path in paths:
        name = case_name_at(path)
        other = seen.setdefault(name.lower(), path)  # on some disks capitals make no other folder
        if other != path:
            expected = f"cases whose names differ in more than capitals and ending: {other} has this one too"
            problems.append(Problem("case", 0, "", str(path), expected))
    if problems:
        raise BadInput(problems)
    return paths


def case_path(case: str | Path) -> Path:
    """The folder or workbook of a case; raises BadInput where there is none, or where its name cannot be a name.

    A relative path is taken from the project's root, as every path is that a notebook is given.
    """
    case, named = str(case), isinstance(case, str) and not is_path(case)
    path = DATA / "cases" / case if named else (ROOT / Path(case).expanduser()).resolve()
    name = case_name_at(path)
    if not case or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        expected = "a case whose folder has a name of up to 64 letters, digits, - and _: the name is that of its report"
        raise BadInput([Problem("case", 0, "", case, expected)])
    if not path.exists() and path.with_name(name + WORKBOOK).is_file():
        path = path.with_name(name + WORKBOOK)
    if path.is_dir() and not any((path / part).is_symlink() or (path / part).exists() for part in PARTS):
        raise BadInput([Problem("case", 0, "", case, "the folder of a case; this one has no case.yaml and no table")])
    if path.is_dir() or (path.is_file() and path.suffix.lower() == WORKBOOK):
        return path
    if path.exists():
        raise BadInput([Problem("case", 0, "", case, "the folder of a case, or its workbook (.xlsx)")])
    names = sorted(map(case_name_at, cases_in(path.parent)))
    hint = nearest(name, names) if names else f"there is no case in {path.parent}"
    if named and Path(case).is_dir():
        hint = f"did you mean the folder of that name that is here, ./{case}?"
    raise BadInput([Problem("case", 0, "", case, f"no such case; {hint}")])
