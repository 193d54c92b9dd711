"""All cases together: what is stale is built, what is not stays, and the page leads to each."""

import json

import pytest
from bs4 import BeautifulSoup

from casereport import shelf
from casereport.analysis import complete, open_analysis
from casereport.pages import _css_string, shell
from casereport.paths import DATA


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """A folder of reports, with a run that writes results and a manifest but starts no kernel."""
    ran = []

    def quick(case, data_dir, out, given):
        ran.append(case)
        analysis = open_analysis(case, data_dir, out, analytes="lymphocytes")
        complete(analysis)
        manifest = {"fingerprint": open_analysis(case, data_dir).fingerprint, "given": given}
        (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    monkeypatch.setattr(shelf, "run", quick)
    return tmp_path, ran


def test_only_what_is_stale_is_built(reports):
    folder, ran = reports
    names = sorted(p.name for p in (DATA / "cases").iterdir())
    assert shelf.build_all(DATA / "cases", folder) == (names, [])
    assert shelf.build_all(DATA / "cases", folder) == ([], names)
    manifest = folder / "peng2020" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"fingerprint": "', '"fingerprint": "x'), "utf-8")
    assert shelf.build_all(DATA / "cases", folder)[0] == ["peng2020"]
    manifest.write_text(json.dumps({"fingerprint": "", "given": {"lag_days": "1"}}), encoding="utf-8")
    assert shelf.is_stale("peng2020", folder / "peng2020")  # made with other parameters
    page = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert [a["href"] for a in page.select("article h2 a")] == [f"{n}/report.html" for n in names]
    assert len({e["id"] for e in page.select("[id]")}) == len(page.select("[id]"))
    assert "simulated" in page.select_one("#card-simulated-cp-msc").parent.text
    assert ran[-1] == "peng2020"


def test_a_title_cannot_leave_the_style_sheet():
    page = shell("<p></p>", 'x"}</style><script>alert(1)</script>', "")
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select("script")
    assert "</style" not in _css_string('a</style>"\\')
    assert _css_string("Draft · a-b (c): 1") == '"Draft · a-b (c): 1"'
