"""What another program reads of an audit, and the claims that only repeat a number."""

import json
import re

import pytest

from casereport.audit.audit_json import as_json
from casereport.audit.claims import audit_claims, transcription_text, verdict_counts
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.files.paths import ROOT
from made_up import claim, edit, made_up, seen, write_case


def test_the_object_has_the_keys_that_the_page_on_claims_lists(capsys):
    assert main(["audit", "leng2020", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said) == ["claims", "remarks"]
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    for part in said:
        assert said[part]
        for row in said[part]:
            assert f'"{part}": [{{' + ", ".join(f'"{key}"' for key in row) + "}, ...]" in page
            assert list(row) == sorted(row)
            assert all(
                line.startswith(("observations.csv:", "events.csv:", "interventions.csv:")) for line in row["lines"]
            )


def test_the_terminal_has_percentages_as_the_report_sets_them(capsys):
    assert main(["audit", "leng2020"]) == 0
    said = capsys.readouterr().out
    assert "97%" in said and not re.search(r"\d %", said)


def test_the_claims_are_those_of_the_table_in_its_order():
    case = read_case("liang2020")
    found, table = json.loads(as_json(case))["claims"], audit_claims(case)
    for key in ("claim", "verdict", "evidence", "rule", "sort"):
        assert [row[key] for row in found] == table[key].to_list()
    assert [" ".join(row["lines"]) for row in found] == table["lines"].to_list()


def test_a_remark_has_its_check_its_day_its_analyte_and_its_rows(tmp_path):
    rows = [seen(3, "crp", "50", "mg/L", "Table 1"), seen(3, "crp", "60", "mg/L", "text")]
    (remark,) = json.loads(as_json(made_up(tmp_path, rows)))["remarks"]
    assert remark["check"] == "stated twice" and remark["day"] == "3" and remark["analyte"] == "crp"
    assert remark["lines"] == ["observations.csv:2", "observations.csv:3"]


def test_a_contradicted_claim_can_fail_the_command_with_json_too(capsys):
    assert main(["audit", "leng2020", "--json", "--fail-on", "contradicted"]) == 1
    assert json.loads(capsys.readouterr().out)["claims"]


def test_a_case_that_cannot_be_read_has_no_object_and_ends_with_2(tmp_path, capsys):
    folder = write_case(tmp_path, claims=[claim("value", "57 U/L", "ck", begin=1)])
    edit(folder, "claims.csv", "value", "valeu")
    assert main(["audit", str(folder), "--json"]) == 2
    told = capsys.readouterr()
    assert not told.out and "did you mean 'value'?" in told.err


def test_of_liang2020_six_numbers_agree_and_two_have_nothing_to_compare(capsys):
    """Eight numbers of the text of 6 February; the table has six of them, and no white cells."""
    table = audit_claims(read_case("liang2020"))
    assert table.loc[table["sort"] == "transcription", "claim"].to_list() == [f"d{i}" for i in range(1, 9)]
    assert transcription_text(table) == "Transcription: 6 of 6 agree; 2 more with nothing to compare"
    assert sum(verdict_counts(table).values()) == len(table) - 8
    main(["audit", "liang2020"])
    assert "\nTranscription: 6 of 6 agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        ([claim("value", "57 U/L", "ck", begin=1)], "Transcription: 1 of 1 agree"),
        ([claim("value", "58 U/L", "ck", begin=1)], "Transcription: 0 of 1 agree"),
        ([claim("value", "57 U/L N", "ck", begin=1)], ""),  # where it lies is clinical
        ([], ""),
    ],
)
def test_transcription_is_said_where_there_is_some(tmp_path, claims, text):
    assert transcription_text(audit_claims(made_up(tmp_path, [seen(1, "ck", "57", "U/L")], claims=claims))) == text
