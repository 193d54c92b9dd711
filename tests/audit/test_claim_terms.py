"""What claims.csv may hold, and how a claim that cannot be read is named."""

import re

import pytest

from casereport.audit.verdicts import VERDICTS
from casereport.case.claim_terms import KINDS, read_terms
from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.files.paths import ROOT
from casereport.quantities.vocabulary_tables import project_vocabulary
from made_up import claim, write_case

VOCABULARY = project_vocabulary()


@pytest.mark.parametrize(
    ("one", "column", "expected"),
    [
        (claim("valeu", "57 U/L", "ck", begin=1), "kind", "did you mean 'value'?"),
        (claim("value", "57 U/L", "ckk", begin=1), "analyte", "did you mean 'ck'?"),
        (claim("value", "57 U/L", begin=1), "analyte", "the analyte of a value on a day"),
        (claim("value", "57 U/L", "ck"), "from_day", "the day of"),
        (claim("value", "57", "ck", begin=1), "expected", "`57 U/L`"),
        (claim("value", "57 mg/L", "ck", begin=1), "expected", "a unit of ck: U/L"),
        (claim("value", "5,7 U/L", "ck", begin=1), "expected", "decimal point"),
        (claim("change", "rised", "ck", "before"), "expected", "`rose`"),
        (claim("change", "rose", "ck", "befor"), "anchor", "did you mean 'before'?"),
        (claim("change", "rose", "ck", ""), "anchor", "what the later value is compared with"),
        (claim("change", "rose", "ck", "before -> after", 1, 2), "anchor", "has no days"),
        (claim("change", "improved significantly", "ck", "before"), "expected", "one of the kind `significance`"),
        (claim("change", "rose 1-fold", "ck", "before"), "expected", "a number of times above 1"),
        (claim("change", "fell by 120 %", "ck", "before"), "expected", "a fall by 100 % at most"),
        (claim("value", "-5 U/L", "ck", begin=1), "expected", "not below 0"),
        (claim("value", "0 x ULN", "ck", begin=1), "expected", "a number above 0"),
        (claim("change", "unchanged by 5 %", "ck", "before"), "expected", "rose or fell where the size"),
        (claim("change", "doubled", "temperature", "before"), "expected", "temperature has no ratios"),
        (claim("change", "fell within 12 min", "ck", "0"), "expected", "in h or days"),
        (claim("change", "fell within 12 h", "ck", "before"), "from_day", "the time in `within` counts"),
        (claim("change", "rose from 98 % to 89 %", "spo2_air", "0"), "expected", "in the direction that the word says"),
        (claim("extreme", "summit", "ck", begin=1), "expected", "`peak` or `trough`"),
        (claim("extreme", "peak", "ck"), "from_day", "or its value"),
        (claim("in_range", "back", "ck", begin=1), "to_day", "the day by which"),
        (claim("in_range", "back for 3 weeks", "ck", end=1), "expected", "in h or days"),
        (claim("level", "stays around 5 U/L", "ck"), "expected", "`not H`"),
        (claim("level", "reached <100 U/L", "ck"), "to_day", "the day by which the level is reached"),
        (claim("level", "stays above lymphocyte", "neutrophils"), "expected", "did you mean 'lymphocytes'?"),
        (claim("level", "stays above ck", "neutrophils"), "expected", "another analyte in 10*9/L"),
        (claim("value", "3 x LLN", "ck", begin=1), "expected", "x ULN"),
        (claim("course", "half-life 19", "crp"), "expected", "`half-life 19 h`"),
        (claim("significance", "p<0.05", "ck"), "expected", "`significant`"),
        (claim("in_range", "stays", "ck", begin=4, end=1), "to_day", "not before from_day (4)"),
        (claim("course", "down", "ck"), "expected", "`rising`, `falling` or `stable`"),
        (claim("course", "falling", "ck", "phase two"), "anchor", "nothing or a phase of case.yaml"),
        (claim("course", "falling", "ck", begin="2..4"), "from_day", "one study day"),
        (claim("event", "test NEG"), "anchor", "words that the finding"),
        (claim("event", "swab NEG", anchor="swab"), "expected", "`test NEG`"),
        (claim("event", "given", anchor="meropenm"), "anchor", "did you mean 'meropenem'?"),
        (claim("no_event", "adverse event"), "expected", "adverse_event"),
        (claim("causal", "effect", anchor="oxygen", begin=1), "from_day", "an empty cell"),
        (claim("causal", "synergy", anchor="oxygen"), "anchor", "two interventions or more"),
        (claim("causal", "cure", anchor="oxygen"), "expected", "`effect` or `synergy`"),
        (claim("value", "57 U/L", "ck", begin=1, source=""), "source", "where in the source"),
        (claim("value", "", "ck", begin=1), "expected", "a text"),
    ],
)
def test_a_claim_that_cannot_be_read_is_named_with_its_column_and_what_was_expected(tmp_path, one, column, expected):
    write_case(tmp_path, claims=[one])
    with pytest.raises(BadInput) as bad:
        read_case(tmp_path / "cases" / "made-up")
    (problem,) = bad.value.problems
    assert (problem.file, problem.line, problem.column) == ("cases/made-up/claims.csv", 2, column)
    assert expected in problem.expected


def test_all_problems_of_the_claims_come_at_once(tmp_path):
    rows = [
        claim("valeu", "57 U/L", "ck", begin=1),
        claim("value", "57 U/L", "ckk", name="y"),
        claim("value", "N", "ck"),
        claim("valeu", "N", "ckk", begin=4, end=1, name="z"),
    ]
    write_case(tmp_path, claims=rows)
    with pytest.raises(BadInput) as bad:
        read_case(tmp_path / "cases" / "made-up")
    places = [(p.line, p.column) for p in bad.value.problems]
    # the third has no day, and the id of the first; a kind that there is not hides nothing in its own row
    assert sorted(places) == [
        (2, "kind"),
        (3, "analyte"),
        (3, "from_day"),
        (4, ""),
        (4, "from_day"),
        (5, "analyte"),
        (5, "kind"),
        (5, "to_day"),
    ]


def test_what_the_page_on_claims_gives_as_examples_is_understood():
    """docs/claims.md is what an author of claims reads."""
    by_unit = {"%": "spo2", "mg/L": "crp"}
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")][1:]
    assert {kind.strip(" `") for kind, *_ in rows} == set(KINDS)
    for kind, *_, examples in rows:
        for text in re.findall("`([^`]+)`", examples):
            analyte = VOCABULARY.analytes[by_unit.get(text.rpartition(" ")[2], "ck")]
            read_terms(kind.strip(" `"), text, analyte)
    for verdict in VERDICTS:
        assert f"\n| {verdict} |" in page
