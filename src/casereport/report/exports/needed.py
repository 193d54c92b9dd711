"""What an export needs beyond the default install: found, or named with the command that brings it."""

import importlib.util
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, chdir, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

LOCK = "requirements-export.lock"


class Missing(Exception):
    """A program or a package that an export needs is not installed; says how to install it."""


class NotPrinted(Exception):
    """A program that an export needs ran and made no document; says what it said."""


def package(name: str) -> Path:
    """The folder of an installed package of the `export` group; raises Missing."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        command = f"python -m pip install --require-hashes --requirement {LOCK}"
        raise Missing(f"the package {name} is not installed: run `make pdf` or `make docx`, or `{command}`")
    return Path(found.origin).parent


def fonts() -> ModuleType:
    """The module of the fonts of figures, which imports matplotlib; raises Missing."""
    settings = package("matplotlib") / "mpl-data"
    with ExitStack() as stack:
        with suppress(FileNotFoundError):  # a current folder that is gone has none
            # matplotlib reads the settings of the current folder, which may be a case from somebody else
            stack.enter_context(chdir(settings))
        from casereport.figures import fonts
    return fonts


def chromium() -> str:
    """The path of Chromium; raises Missing."""
    found = shutil.which("chromium")
    if found is None:
        raise Missing("no chromium on this machine: install Debian's package of that name (`apt install chromium`)")
    return found


def done(command: list[str], seconds: int, **options: Any) -> bytes:
    """What a program wrote to its standard output; raises NotPrinted where it failed or took longer than `seconds`."""
    name = Path(command[0]).name
    try:
        # not in the current folder, which may be gone
        ran = subprocess.run(command, capture_output=True, timeout=seconds, cwd=tempfile.gettempdir(), **options)
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"{name} was not done after {seconds} s") from None
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip()[-1000:]
        raise NotPrinted(f"{name} stopped with exit code {ran.returncode}: {said}")
    return ran.stdout
