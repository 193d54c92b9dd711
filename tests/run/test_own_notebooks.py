"""A cell that somebody adds and a notebook of somebody's own: into the report by one run, and again without them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell

from assembly import execute, put_together
from casereport.cli import main
from casereport.errors import BadInput
from casereport.files.paths import NOTEBOOKS, ROOT
from casereport.report import exports
from casereport.run import exporting, pipeline, stale, verify
from casereport.run.notebooks import check_own, typed_parameters
from casereport.run.pipeline import run
from marked import report_of
from toys import own_toy, toy, toys

PARAMETERS = 'case: str = "peng2020"\noutput_dir: str = ""\nkinds: int = 9  # how many kinds of events to show'
COUNTED = """
import seaborn as sns
import casereport as cr

results = cr.open_results("mine", case, output_dir, kinds=kinds)
kinds_of = results["events"]["kind"].value_counts().head(kinds).reset_index()
ax = sns.barplot(kinds_of, x="count", y="kind")
results.keep(ax, "kinds", section="timeline", caption="Kinds of events.", alt="Two events are outcomes.")
results.keep(kinds_of.style, "kinds", section="timeline", caption="Kinds of events, counted.")
"""
UNKEPT = "sns.scatterplot(x=[1, 2], y=[3, 4])"
ADDED = """
given = interventions["class"].value_counts().reset_index()
axis = sns.barplot(given, x="count", y="class")
keep(axis, "classes", section="therapeutic-intervention", caption="Given.", alt="Antivirals were given most often.")
"""


def page_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def ran(out: Path) -> set[str]:
    return set(json.loads((out / "manifest.json").read_text("utf-8"))["clocks"]["seconds"]) - {"in all"}


def steps(out: Path) -> dict[str, list[str]]:
    return json.loads((out / "manifest.json").read_text("utf-8"))["steps"]


# In the report


@pytest.fixture(scope="session")
def grown(once, built) -> Path:
    """The default report after a cell was added to 04-figures, and with a notebook of somebody's own."""

    def grow(place: Path) -> None:
        notebooks = shutil.copytree(NOTEBOOKS, place / "notebooks", ignore=shutil.ignore_patterns(".*"))
        book = nbformat.read(notebooks / "04-figures.ipynb", as_version=4)
        book.cells.append(new_code_cell(ADDED.strip(), id="added"))
        nbformat.write(book, notebooks / "04-figures.ipynb")
        shutil.copytree(built, place / "out")
        own = toy(place / "mine.ipynb", PARAMETERS, COUNTED.strip(), UNKEPT)
        with mock.patch.object(pipeline, "NOTEBOOKS", notebooks):
            run("peng2020", place / "out", {}, own=[own])

    return once("grown", grow) / "out"


def test_a_cell_that_somebody_adds_puts_its_figure_into_the_report(grown):
    figure = page_of(grown / "report.html").select_one("section#therapeutic-intervention #figure-classes")
    assert re.match(r"Figure \d+\. Given\.", " ".join(figure.select_one("figcaption").text.split()))
    assert figure.select_one(".picture")["aria-label"] == "Antivirals were given most often."
    assert "2" in [cell.text for cell in figure.select(".figure-data td")]  # lopinavir/ritonavir and ribavirin
    assert figure.select_one('a[href="notebooks/04-figures.html#kept-classes"]')
    assert page_of(grown / "notebooks" / "04-figures.html").select_one("#added #kept-classes")


def test_a_notebook_of_ones_own_puts_its_figure_and_its_table_into_the_report(grown):
    page = page_of(grown / "report.html")
    for kind in ("figure", "table"):
        thing = page.select_one(f"section#timeline #{kind}-kinds")
        assert thing.select_one('a[href="notebooks/mine.html#kept-kinds"]')
        assert thing.select_one("a.label").text.startswith(kind.capitalize())
    assert page.select_one("#table-kinds td").text
    own = page_of(grown / "notebooks" / "mine.html")
    assert own.select_one("#work-0 #kept-kinds figure")
    assert page.select_one('#how-it-was-made a[href="notebooks/mine.html"]')


def test_a_figure_that_is_drawn_and_not_kept_is_in_the_page_of_its_notebook_alone(grown):
    own = page_of(grown / "notebooks" / "mine.html")
    assert own.select_one('#work-1 img[src^="data:image/png"]')
    assert not own.select('#work-0 img[src^="data:image/png"]')  # what is kept is not shown twice


def test_only_what_was_added_and_the_report_were_run(grown):
    assert ran(grown) == {"04-figures", "mine", "05-report"}


def test_the_files_of_a_notebook_of_ones_own_are_of_its_step_and_it_is_kept_itself(grown):
    files = steps(grown)
    assert set(files["mine"]) == {
        "kept/mine.json", "figures/kinds.csv", "figures/kinds.svg", "results/kinds.csv", "results/kinds.html",
        "notebooks/mine.html", "notebooks/mine.ipynb", "sources/mine.ipynb",
    }  # fmt: skip
    every = [name for names in files.values() for name in names]
    there = {p.relative_to(grown).as_posix() for p in grown.rglob("*") if p.is_file()}
    assert sorted(every) == sorted(there - {"manifest.json"})
    assert (grown / "sources" / "mine.ipynb").read_bytes() == (grown.parent / "mine.ipynb").read_bytes()
    graph = {e["@id"]: e for e in json.loads((grown / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]}
    assert graph["#run/mine"]["instrument"] == {"@id": "#notebook/mine"}


@pytest.mark.slow
def test_a_parameter_that_only_a_notebook_of_ones_own_has_reaches_it_and_runs_no_other(grown, tmp_path):
    out = shutil.copytree(grown, tmp_path / "out")
    with mock.patch.object(pipeline, "NOTEBOOKS", grown.parent / "notebooks"):
        run("peng2020", out, {"kinds": "1"}, own=stale.own_notebooks(out))
    assert ran(out) == {"mine", "05-report"}
    assert len((out / "results" / "kinds.csv").read_text("utf-8").splitlines()) == 2


@pytest.mark.slow
def test_a_report_with_a_notebook_of_ones_own_is_verified_after_the_notebook_is_gone(built, tmp_path):
    out, own = shutil.copytree(built, tmp_path / "out"), tmp_path / "mine.ipynb"
    run("peng2020", out, {}, own=[toy(own, PARAMETERS, COUNTED.strip(), UNKEPT)])
    own.unlink()
    assert verify.verify("peng2020", out) == ""


# What notebooks/README.md promises


def of_readme(folder: Path) -> Path:
    text = (NOTEBOOKS / "README.md").read_text("utf-8").partition("## Your own figure")[2]
    name = re.search(r"into a notebook, `([a-z]+\.ipynb)`", text)[1]
    cells = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(cells) == 2 and f"make report CASE=leng2020 NOTEBOOKS={name}" in text
    return toy(folder / name, *(cell.strip() for cell in cells))


def holds_the_ratio(page: BeautifulSoup) -> None:
    figure = page.select_one("section#follow-up-and-outcomes #figure-nlr")
    # Table 4 of the publication: neutrophils 3.43 and lymphocytes 0.94 on day -7, 7.08 and 0.93 on day 13
    assert figure.select_one(".picture")["aria-label"] == "The first ratio is 3.6 and the last 7.6."
    assert "Neutrophil-to-lymphocyte ratio." in figure.select_one("figcaption").text
    assert len(figure.select(".figure-data tbody tr")) == 9  # days
    assert figure.select_one('a[href="notebooks/mine.html#kept-nlr"]')


def test_the_notebook_of_the_readme_works_as_it_stands(bundled, tmp_path):
    out = shutil.copytree(bundled("leng2020").parent, tmp_path / "leng2020")
    own = of_readme(tmp_path)
    check_own([own])
    execute(own, case="leng2020", output_dir=str(out))
    holds_the_ratio(page_of(put_together("leng2020", out)))


@pytest.mark.slow
def test_the_notebook_of_the_readme_works_in_a_run(tmp_path):
    out = tmp_path / "leng2020"
    words = ["-p", "analytes", "lymphocytes,crp", "--out", str(out), "--notebook", str(of_readme(tmp_path))]
    assert main(["report", "leng2020", *words]) == 0
    holds_the_ratio(page_of(out / "report.html"))


# The command


@pytest.fixture
def asked(monkeypatch):
    """What the command asks a run for, without the run."""
    found = []

    def quick(case, out, given, **named):
        found.append(named["own"])
        return out

    monkeypatch.setattr(pipeline, "run", quick)
    return found


def test_the_command_takes_notebooks_one_by_one_and_make_takes_them_as_words(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (["--notebook", "a.ipynb", "--notebook", "b.ipynb"], ["--notebooks", "a.ipynb b.ipynb"]):
        assert main(["report", "peng2020", "--out", str(tmp_path / "out"), *words]) == 0
    assert asked == [[tmp_path / "a.ipynb", tmp_path / "b.ipynb"]] * 2
    make = ["make", "-n", "-C", str(ROOT), "report", "CASE=leng2020", "NOTEBOOKS=mine.ipynb"]
    told = subprocess.run(make, capture_output=True, text=True, check=True).stdout
    assert 'casereport report "data/cases/leng2020"' in told and '--notebooks "mine.ipynb"' in told


def spoiled(folder: Path, kind: str) -> list[Path]:
    good = own_toy(folder / "mine.ipynb")
    if kind == "missing":
        good.unlink()
    if kind == "folder":
        (folder / "folder.ipynb").mkdir()
        return [folder / "folder.ipynb"]
    if kind == "script":
        return [good.rename(folder / "mine.py")]
    if kind == "no parameters":
        book = nbformat.read(good, as_version=4)
        book.cells[1].metadata = {}
        nbformat.write(book, good)
    if kind == "too few":
        return [toy(good, 'case: str = ""', "1 + 1")]
    if kind == "no notebook":
        good.write_text("{")
    if kind == "twice":
        return [good, own_toy(folder / "other" / "mine.ipynb")]
    names = {"name of ours": "05-report.ipynb", "spaces": "my own.ipynb", "signs": "a&b.ipynb"}
    return [good.rename(folder / names[kind])] if kind in names else [good]


REFUSED = {
    "missing": "an existing notebook (.ipynb)",
    "folder": "an existing notebook (.ipynb)",
    "script": "an existing notebook (.ipynb)",
    "no parameters": "a cell tagged `parameters` that declares case and output_dir",
    "no notebook": "a cell tagged `parameters` that declares case and output_dir",
    "too few": "a cell tagged `parameters` that declares output_dir",
    "name of ours": "a name that begins with a letter, of letters, digits, - and _",
    "spaces": "a name that begins with a letter, of letters, digits, - and _",
    "signs": "a name that begins with a letter, of letters, digits, - and _",
    "twice": "notebooks of different names",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_notebook_that_a_run_cannot_take_is_bad_input_before_anything_is_made(tmp_path, capsys, kind):
    folder = tmp_path / "own"
    words = [word for path in spoiled(folder, kind) for word in ("--notebook", str(path))]
    assert main(["report", "peng2020", "--explain", "--out", str(tmp_path / "out"), *words]) == 2
    assert REFUSED[kind] in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [folder]


def test_a_run_refuses_it_as_well(tmp_path, capsys):
    assert main(["report", "peng2020", "--out", str(tmp_path / "out"), "--notebook", str(tmp_path / "none.ipynb")]) == 2
    assert "none.ipynb" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_that_a_run_can_take_is_taken(tmp_path):
    check_own([own_toy(tmp_path / "mine.ipynb"), own_toy(tmp_path / "Other_2-b.ipynb")])


def test_a_parameter_of_ones_own_is_known_with_the_notebook_and_has_its_type(tmp_path):
    own = toy(tmp_path / "mine.ipynb", PARAMETERS, "kinds")
    assert typed_parameters({"kinds": "3"}, [own]) == {"kinds": 3}
    for given, notebooks in (({"kinds": "3"}, []), ({"kinds": "many"}, [own])):
        with pytest.raises(BadInput, match="kinds"):
            typed_parameters(given, notebooks)


# The run


def test_a_notebook_of_ones_own_waits_for_the_tables_and_the_report_for_it(tmp_path):
    one, other = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    jobs = pipeline._jobs(["before", "after"], [one, other])
    tables = ["01-ingest", "02-phase-before", "02-phase-after", "03-evidence"]
    assert (jobs["one"].after, jobs["other"].after) == (tables, [*tables, "one"])
    report = jobs["05-report"]
    assert ({*report.after}, report.beside) == ({*tables, "one", "other"}, ("04-figures",))
    assert (jobs["one"].source, jobs["02-phase-after"].parameters) == (one, {"phase": "after"})


def test_added_it_runs_and_the_report_and_dropped_the_report_alone_without_a_trace_of_it(
    run_here, tmp_path, toy_report
):
    notebooks, out, own = toys(tmp_path / "notebooks"), toy_report, own_toy(tmp_path / "mine.ipynb")
    assert "mine" not in steps(out)
    assert run_here(notebooks, out, "--notebook", str(own))[0] == 0
    assert ran(out) == {"mine", "05-report"}
    assert (out / "results" / "mine.csv").is_file()
    with own.open("a", encoding="utf-8") as file:
        file.write("\n")
    assert run_here(notebooks, out, "--notebook", str(own))[0] == 0
    assert ran(out) == {"mine", "05-report"}
    assert run_here(notebooks, out)[0] == 0
    assert ran(out) == {"05-report"}
    assert [p.name for p in out.rglob("*") if p.name.startswith("mine")] == [] and not (out / "sources").exists()


def test_a_copy_that_opens_the_results_in_the_name_of_the_first_is_named(run_here, tmp_path):
    own = own_toy(tmp_path / "mine.ipynb").rename(tmp_path / "yours.ipynb")
    out = report_of("leng2020", tmp_path / "out")
    code, said = run_here(toys(tmp_path / "notebooks"), out, "--notebook", str(own))
    assert code == 1
    assert "things are kept in the name of 'mine', and no notebook of the run has this name" in said
    assert [p.name for p in out.iterdir()] == ["manifest.json"]


def test_one_that_fails_is_named_by_its_file_and_cell(run_here, tmp_path):
    own = own_toy(tmp_path / "mine.ipynb", "1 / 0")
    out = report_of("leng2020", tmp_path / "out")
    code, said = run_here(toys(tmp_path / "notebooks"), out, "--notebook", str(own))
    assert (code, said.splitlines()[0]) == (1, "casereport: mine.ipynb, cell 5")
    assert [p.name for p in out.iterdir()] == ["manifest.json"]
    assert (tmp_path / "out.failed" / "mine.ipynb").is_file()


# Again, later


@pytest.fixture
def earlier(tmp_path) -> Path:
    """A report that was made with a notebook of somebody's own, which is not where it was."""
    out = tmp_path / "out"
    own_toy(out / "sources" / "mine.ipynb")
    (out / "report.html").write_text("<title>made</title>", "utf-8")
    return report_of("peng2020", out, steps={"05-report": ["report.html"], "mine": ["sources/mine.ipynb"]})


def test_an_export_and_a_verification_use_the_notebooks_that_the_report_was_made_with(earlier, tmp_path, monkeypatch):
    asked = []
    for module in (exporting, verify):
        monkeypatch.setattr(module, "run", lambda *_, own: asked.append(list(own)))
    monkeypatch.setitem(exports.FORMATS, "pdf", lambda *_: b"")
    exporting.export_case("peng2020", earlier, "pdf", tmp_path / "a.pdf")
    verify.verify("peng2020", earlier)
    assert asked == [[earlier / "sources" / "mine.ipynb"]] * 2


def test_a_report_without_any_is_made_again_without(tmp_path):
    assert (
        stale.own_notebooks(report_of("peng2020", tmp_path / "out", steps={"02-phase-cp": [], "05-report": []})) == []
    )
