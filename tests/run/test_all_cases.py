"""All cases together: what is stale is built, what is not stays, and the page leads to each."""

import shutil

import pytest
from bs4 import BeautifulSoup

from assembly import assemble
from casereport.files.paths import DATA
from casereport.report.pages import _css_string, shell
from casereport.run import all_cases as shelf
from casereport.run.stale import report_made_from
from marked import report_of


def _manifest(case, out, parts, given=()):
    report_of(case, out, made_from=parts, given=dict(given), steps={"01-ingest": [], "05-report": []}, outputs={})


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """A folder of reports, with a run that writes results and a manifest but starts no kernel."""
    ran = []

    def quick(case, out, given, own):
        ran.append((case, given))
        assemble(case, out, analytes="lymphocytes")
        _manifest(case, out, report_made_from(case, given, own), given)

    monkeypatch.setattr(shelf, "run", quick)
    return tmp_path, ran


@pytest.mark.slow
def test_only_what_is_stale_is_built(reports):
    folder, ran = reports
    cases, names = folder / "cases", ["peng2020", "simulated-cp-msc"]
    for name in names:
        shutil.copytree(DATA / "cases" / name, cases / name)
    assert shelf.build_all(cases, folder) == (names, [])
    assert shelf.build_all(cases, folder) == ([], names)
    parts = report_made_from("peng2020", {})
    _manifest(str(cases / "peng2020"), folder / "peng2020", parts | {"input: cases/peng2020/events.csv": "x"})
    assert shelf.build_all(cases, folder)[0] == ["peng2020"]
    given = {"lag_days": "1"}
    case = str(cases / "peng2020")
    _manifest(case, folder / "peng2020", report_made_from(case, given), given)
    assert shelf.build_all(cases, folder)[1] == ["peng2020 (lag_days=1)", "simulated-cp-msc"]
    _manifest(case, folder / "peng2020", {}, given)
    assert shelf.build_all(cases, folder)[0] == ["peng2020 (lag_days=1)"]
    page = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert [a["href"] for a in page.select("article h2 a")] == [f"{n}/report.html" for n in names]
    assert len({e["id"] for e in page.select("[id]")}) == len(page.select("[id]"))
    assert "simulated" in page.select_one("#card-simulated-cp-msc").parent.text
    assert ran[-1][0].endswith("/peng2020") and ran[-1][1] == given


def test_a_title_cannot_leave_the_style_sheet():
    page = shell("<p></p>", 'x"}</style><script>alert(1)</script>', "")
    soup = BeautifulSoup(page, "html.parser")
    assert "alert" not in "".join(s.text for s in soup.select("script"))  # the page has one of its own
    assert len(soup.select("script")) == 1
    assert "</style" not in _css_string('a</style>"\\')
    assert _css_string("Draft · a-b (c): 1") == '"Draft · a-b (c): 1"'
