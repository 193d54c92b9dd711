"""How much of a labelled set the privacy check finds, and that docs/privacy.md says so."""

from pathlib import Path

import pytest
from labelled import labelled, rates, table

from casereport.files.paths import DATA
from casereport.privacy.identifiers import asked, find
from casereport.privacy.rules import ASKING, RULES
from casereport.privacy.rules.parts import NEEDS

ROOT = Path(__file__).parents[2]
TEXTS = labelled()


def test_the_set_has_every_class_and_as_many_look_alikes_as_identifiers():
    named = {text.called for text in TEXTS if text.spans}
    alike = sum(not text.spans for text in TEXTS)
    assert len(TEXTS) >= 600 and len(named) >= 18
    assert 0.8 < alike / (len(TEXTS) - alike) < 1.25
    assert all(bool(text.spans) != text.called.startswith("like ") for text in TEXTS)


def test_no_text_stands_in_the_set_twice():
    assert len({text.text for text in TEXTS}) == len(TEXTS)


def test_a_rule_is_found_in_no_text_without_what_it_needs():
    for needs, form in NEEDS.items():
        without = [text.text for text in TEXTS if not form.search(text.text)]
        rules = [rule for rule in (*RULES, *ASKING) if rule.needs == needs]
        assert rules and not any(rule.spans(text) for rule in rules for text in without)


@pytest.mark.parametrize(
    ("rate", "least"), [("recall of both", 0.95), ("precision of refuse", 0.97), ("precision of ask", 0.7)]
)
def test_the_labelled_set_is_found(rate, least):
    assert rates(TEXTS)[rate] >= least


def test_the_documentation_has_the_table_as_it_is_measured():
    assert table(TEXTS) in (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


# Read one by one: each is what its kind says.
RIGHTLY = {"README.md": {"web"}, "docs/cohort.md": {"web"}, "docs/import.md": {"date", "record", "web"},
           "docs/manuscript.md": {"date", "web", "e-mail"},
           "docs/exports.md": {"date"}, "docs/redcap.md": {"date", "web"}, "docs/api.md": {"date"}}  # fmt: skip


@pytest.mark.parametrize(
    "file",
    ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md") if p.stem != "privacy")],
)
def test_real_prose_has_no_name_place_or_number_that_is_none(file):
    kinds = {found.kind for found in find((ROOT / file).read_text(encoding="utf-8"))}
    assert kinds <= RIGHTLY.get(file, set())


def test_the_published_descriptions_have_dates_and_towns_only(shared):
    for path in (shared / "published").glob("*.md"):
        assert {found.kind for found in find(path.read_text(encoding="utf-8"))} <= {"date", "place"}


@pytest.mark.parametrize("name", sorted(p.name for p in (DATA / "cases").iterdir() if p.is_dir()))
def test_the_prose_of_the_bundled_cases_is_neither_refused_nor_asked(name):
    text = (DATA / "cases" / name / "narrative.md").read_text(encoding="utf-8")
    assert (find(text), asked(text)) == ((), ())
