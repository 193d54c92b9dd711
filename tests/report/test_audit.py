"""The audit in the report and at the command line."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casereport.audit.verdicts import VERDICTS
from casereport.cli import main


def test_the_audit_is_printed_with_counts_and_ends_with_0(capsys):
    assert main(["audit", "leng2020"]) == 0
    said = capsys.readouterr().out
    assert "Creatine kinase" in said
    assert all(verdict in said.splitlines()[-1] for verdict in VERDICTS)


def test_claims_of_several_documents_are_counted_for_each(capsys):
    main(["audit", "byiers2014"])
    abstract, guide = capsys.readouterr().out.splitlines()[-2:]
    assert abstract.startswith("Claims of the abstract: supported 2, partly supported 0,")
    assert guide.startswith("Claims of the methods guide: supported 0, partly supported 2, contradicted 2,")


def test_a_contradicted_claim_can_fail_the_command():
    assert main(["audit", "leng2020", "--fail-on", "contradicted"]) == 1  # 21 breaths a minute
    assert main(["audit", "peng2020", "--fail-on", "contradicted"]) == 0  # nothing measured to contradict


def test_the_claims_are_in_the_report_with_verdict_evidence_and_base_rate(built):
    page = BeautifulSoup((built / "report.html").read_text(encoding="utf-8"), "html.parser").select_one("#audit")
    assert "The source gives no measurement, so no claim could be checked against one." in page.text
    rows = page.select("#table-audit tbody tr")
    claims = ["4", "5", "6", "7", "8", "9", "10a", "10b", "11"]
    assert [r["id"] for r in rows] == [f"claim-{claim}" for claim in claims]
    assert {r.select_one(".verdict").text.strip()[2:] for r in rows} == {"reported only", "not testable"}
    assert "Base rate" in page.select_one("#claim-7").text and "Base rate" not in page.select_one("#claim-6").text
    assert "Base rate" not in page.select_one("#claim-9").text
    assert "which does not mean that there was none" in page.text
    stored = pd.read_csv(built / "results" / "audit.csv", dtype=str)
    assert stored["claim"].to_list() == claims


def test_the_simulated_case_is_left_out_among_patients_and_the_report_says_so(built):
    page = BeautifulSoup((built / "report.html").read_text(encoding="utf-8"), "html.parser")
    section = page.select_one("#comparators")
    assert "simulated-cp-msc" not in section.text


@pytest.mark.parametrize("case", ["peng2020", "liang2020", "leng2020"])
def test_no_verdict_accuses(case, capsys):
    main(["audit", case])
    said = capsys.readouterr().out.lower()
    for word in ("wrong", "false", "fraud", "mislead", "incorrect", "error", "fail", "claim that the authors"):
        assert word not in said
