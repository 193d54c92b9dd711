"""How a report was made: parameters, versions and hashes; what it takes to make it again and compare the bytes."""

import platform
from importlib.metadata import version

from casereport import __version__
from casereport.files.hashes import commit
from casereport.report.steps import Analysis

PACKAGES = (
    "jupyterlab", "papermill", "nbconvert", "ipykernel", "pandas", "numpy", "scipy", "statsmodels", "matplotlib",
    "seaborn", "pydantic",
)  # fmt: skip


def collect(analysis: Analysis) -> dict[str, object]:
    """Parameters, versions, commit and the hash of each input file; no time of day, which would change every run."""
    return {
        "casereport": __version__,
        "commit": commit(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "parameters": analysis.settings.model_dump(),
        "inputs": analysis.inputs,
    }
