"""The audit in the report and at the command line, with base rates and the cases beside."""

import json

import pytest
from bs4 import BeautifulSoup

from casereport.analysis.base_rates import base_rate
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.analysis.other_cases import cases_beside, given_table, series
from casereport.audit.verdicts import VERDICTS
from casereport.case.case import load_case
from casereport.case.settings import Settings
from casereport.cli import main
from casereport.figures import comparators
from casereport.files.paths import DATA
from casereport.report.sections import open_report, section
from casereport.report.steps import complete, open_analysis

PENG = load_case("peng2020", DATA)
LENG = load_case("leng2020", DATA)


def test_the_audit_is_printed_with_counts_and_ends_with_0(capsys):
    assert main(["audit", "leng2020"]) == 0
    said = capsys.readouterr().out
    assert "Creatine kinase" in said
    assert all(verdict in said.splitlines()[-1] for verdict in VERDICTS)


def test_a_contradicted_claim_can_fail_the_command():
    assert main(["audit", "liang2020", "--fail-on", "contradicted"]) == 1  # bilirubin rose where a fall is claimed
    assert main(["audit", "peng2020", "--fail-on", "contradicted"]) == 0  # nothing measured to contradict


def test_the_claims_are_in_the_report_with_verdict_evidence_and_base_rate(tmp_path):
    analysis = open_analysis("peng2020", "data", tmp_path)
    complete(analysis)
    page = BeautifulSoup(section(open_report(analysis), "audit"), "html.parser")
    rows = page.select("#table-claims tbody tr")
    assert [r["id"] for r in rows] == [f"claim-{i}" for i in range(4, 12)]
    assert {r.select_one(".verdict").text.strip()[2:] for r in rows} == {"reported only", "not testable"}
    assert "Base rate" in page.select_one("#claim-6").text and "Base rate" in page.select_one("#claim-7").text
    assert "Base rate" not in page.select_one("#claim-9").text
    assert "which does not mean that they were untreated" in page.text
    stored = json.loads((tmp_path / "results" / "claims.json").read_text(encoding="utf-8"))
    assert [c["claim"] for c in stored] == [str(i) for i in range(4, 12)]


def test_rose_the_next_day_and_normal_on_the_fourth_have_their_base_rates():
    table = base_rates_beside(PENG)
    found = {(r.claim, r.outcome_group): (r.measure, r.horizon, r.limit) for r in table.itertuples()}
    assert found == {
        ("6", "all"): ("next day improvement", 1, "1.1"),
        ("6", "survivors"): ("next day improvement", 1, "1.1"),
        ("7", "all"): ("back within k days", 4, "1.1"),
        ("7", "survivors"): ("back within k days", 4, "1.1"),
    }
    rate = base_rate("lymphocytes", 1.1, "below", "back within k days", 4, "survivors")
    assert table[(table["claim"] == "7") & (table["outcome_group"] == "survivors")].iloc[0]["share"] == rate.share


def test_a_claim_of_a_worsening_has_no_base_rate_of_improvement():
    assert not set(base_rates_beside(LENG)["claim"]) & {"d1", "d2", "d3"}


def test_the_cases_stand_beside_each_other_on_their_own_study_days():
    table = series(cases_beside(PENG))
    assert list(dict.fromkeys(table["case"])) == ["peng2020", "liang2020", "leng2020", "simulated-cp-msc"]
    seed = table[(table["case"] == "peng2020") & (table["analyte"] == "lymphocytes")]
    assert not any(k.is_exact for k in seed["known"])  # intervals among the others' numbers
    assert set(table["analyte"]) == {"lymphocytes", "crp"}


def test_the_simulated_case_is_marked_among_the_others():
    figure = comparators(PENG, Settings())
    assert "simulated-cp-msc (simulated)" in figure.alt
    assert "Dashed: simulated" in figure.caption
    given = given_table(cases_beside(PENG)).set_index("case")
    assert given.loc["simulated-cp-msc", "simulated"]
    assert "methylprednisolone" in given.loc["peng2020", "also_given"]
    assert given.loc["peng2020", "opened_by"] == "convalescent plasma and mesenchymal stem cells"


@pytest.mark.parametrize("case", ["peng2020", "liang2020", "leng2020"])
def test_no_verdict_accuses(case, capsys):
    main(["audit", case])
    said = capsys.readouterr().out.lower()
    for word in ("wrong", "false", "fraud", "mislead", "incorrect", "error", "fail", "claim that the authors"):
        assert word not in said
