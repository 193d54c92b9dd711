"""How a report was made: parameters, versions and hashes; what it takes to make it again and compare the bytes."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from casereport import __version__
from casereport.files.hashes import Parts, commit

PACKAGES = (
    "jupyterlab", "papermill", "nbconvert", "ipykernel", "pandas", "numpy", "scipy", "matplotlib",
    "seaborn", "pydantic",
)  # fmt: skip


def collect(made_from: Parts, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Parameters, versions, commit and the hash of each input file; no time of day, which would change every run."""
    return {
        "casereport": __version__,
        "commit": commit(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "parameters": dict(parameters),
        "inputs": {name.partition(": ")[2]: value for name, value in made_from.items() if name.startswith("input: ")},
    }
