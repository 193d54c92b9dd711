"""The public API: what `import casereport as cr` offers is there, is explained, and its examples are right."""

import doctest
import importlib.util
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

import casereport
from casereport.files.paths import ROOT

SOURCES = sorted((ROOT / "src").rglob("*.py"))
NAMES = [name for name in casereport.__all__ if name != "__version__"]


def module_of(path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


WITH_EXAMPLES = [module_of(path) for path in SOURCES if ">>> " in path.read_text(encoding="utf-8")]


def writer() -> ModuleType:
    """docs/write.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("write", ROOT / "docs" / "write.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def things(name: str) -> Iterator[tuple[str, object]]:
    """A public name and what it is, of a module each of its own public names."""
    thing = getattr(casereport, name)
    if not inspect.ismodule(thing):
        yield name, thing
    else:
        for inner in thing.__all__:
            yield f"{name}.{inner}", getattr(thing, inner)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_what_an_example_shows_is_what_it_gives(module):
    done = doctest.testmod(import_module(module))
    assert done.attempted and not done.failed


def test_the_examples_are_of_what_the_notebooks_begin_with():
    assert "casereport.analysis.tables" in WITH_EXAMPLES


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_says_what_it_is_in_the_documentation(name):
    written = writer().api()
    for called, thing in things(name):
        if callable(thing):
            assert (thing.__doc__ or "").strip(), called
            assert f"\n## `cr.{called}" in written
            assert all(line in written for line in inspect.getdoc(thing).splitlines()), called


def test_a_name_that_is_not_public_is_not_there():
    assert dir(casereport) == casereport.__all__
    with pytest.raises(AttributeError, match="nothing"):
        casereport.nothing  # noqa: B018


@pytest.mark.parametrize("name", ["tables", "api"])
def test_the_documentation_is_what_the_package_says_of_itself(name):
    written = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert written == getattr(writer(), name)(), "make docs"


def test_every_column_of_every_table_is_in_the_documentation():
    from casereport.analysis.table_columns import TABLES

    lines = writer().tables().splitlines()
    for table, columns in TABLES.items():
        rows = lines[lines.index(f"## {table}") :]
        for column, what in columns.items():
            assert what.meaning and f"| `{column}` | {what.kind} | {what.unit} | {what.meaning} |" in rows
