"""What `stays` needs, and how a level is put into words."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import VERDICTS
from made_up import claim, made_up, seen

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, _ = VERDICTS


def outcome(tmp_path, one: tuple, values: dict, analyte="ck", unit="U/L") -> tuple[str, str]:
    rows = [seen(day, analyte, value, unit, "Table 1", "50", "310") for day, value in values.items()]
    row = audit_claims(made_up(tmp_path, rows, claims=[one])).iloc[0]
    return row["verdict"], row["evidence"]


@pytest.mark.parametrize(
    ("values", "begin", "end", "found"),
    [
        ({3: "100"}, 1, 9, PARTLY),
        ({3: "100"}, "", "", PARTLY),
        ({3: "100"}, 3, 3, SUPPORTED),
        ({"3..8": "100"}, 1, 9, SUPPORTED),  # printed for a period
        ({3: "100", 8: "200"}, 1, 9, SUPPORTED),
        ({3: "400"}, 1, 9, CONTRADICTED),
        ({3: "300..320"}, 1, 9, REPORTED),
    ],
)
def test_one_value_alone_does_not_show_that_it_stayed(tmp_path, values, begin, end, found):
    verdict, evidence = outcome(tmp_path, claim("in_range", "stays", "ck", begin=begin, end=end), values)
    assert verdict == found
    assert ("one value cannot show that it stayed" in evidence) == (found == PARTLY)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("stays <=500 U/L", "creatine kinase stayed at most 500 U/L; Table 1 has 2 values, all of them so"),
        ("stays <90 U/L", "stayed below 90 U/L; Table 1 has 2 values, none of them so; outside: 100 U/L (day 3)"),
        ("stays not H", "creatine kinase was never above the reference range; Table 1 has 2 values"),
        ("stays <8.4 ukat/L", "creatine kinase stayed below 8.4 µkat/L"),  # in the unit of the claim
    ],
)
def test_a_level_is_said_as_the_claim_has_it(tmp_path, expected, words):
    assert words in outcome(tmp_path, claim("level", expected, "ck"), {3: "100", 8: "200"})[1]
