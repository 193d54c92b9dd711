"""What the processes of a run have around them: nothing of the user's own settings, so that equal input gives equal
bytes on every machine.

Variables that set a library that a run uses are dropped, its configuration files are not looked for or are those that
it came with, and kernels have folders of their own, which are empty.
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

# what a kernel sets before it imports matplotlib: a cell shows the figures that it draws, and the next begins a new one
_DRAWS_INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
# OpenBLAS would start threads; one only may be alive at a fork, and their number may change the last digit of a sum
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
_SETS = (
    "PYTHON", "MPL", "MATPLOTLIB", "IPYTHON", "JUPYTER", "NBCONVERT", "PAPERMILL", "PANDAS_", "NUMPY_", "NPY_",
    "NUMEXPR_", "NUMBA_", "DASK_", "TQDM_", "PYDEVD_", "DEBUGPY_", "OPENBLAS_", "OMP_", "MKL_", "LC_",
)  # fmt: skip
_SETS_TOO = frozenset({"COLUMNS", "LINES", "LANG", "LANGUAGE", "SOURCE_DATE_EPOCH", "FORCE_COLOR", "NO_COLOR"})
# where Python finds what is installed, what it leaves on the disk, and where matplotlib keeps its list of fonts
_KEPT = frozenset(
    {
        "PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
        "PYTHONHASHSEED", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "MPLCONFIGDIR",
    }
)  # fmt: skip
_OF_JUPYTER = ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


def environment(folder: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a run's processes out of `given`; `folder` is an empty one that is theirs."""
    kept = {n: value for n, value in given.items() if n in _KEPT or not (n.startswith(_SETS) or n in _SETS_TOO)}
    own = {name: str(folder / name.lower()) for name in _OF_JUPYTER}
    if "MPLCONFIGDIR" not in given and not all(map(_can_write, _matplotlib_folders(given))):
        own["MPLCONFIGDIR"] = str(folder / "matplotlib")  # a user without a home, or with one that is another's
    found = find_spec("matplotlib")
    if found is not None and found.origin is not None:
        own["MATPLOTLIBRC"] = str(Path(found.origin).parent / "mpl-data" / "matplotlibrc")
    language = {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1"}
    return kept | own | language | ONE_THREAD | _DRAWS_INLINE


def _matplotlib_folders(given: Mapping[str, str]) -> list[Path]:
    home = Path(given.get("HOME") or "/")
    names = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config"}
    return [Path(given.get(name) or home / usual) / "matplotlib" for name, usual in names.items()]


def _can_write(folder: Path) -> bool:
    """True where a folder can be written to, or made."""
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place) or place == place.parent)
    return there.is_dir() and os.access(there, os.W_OK)
