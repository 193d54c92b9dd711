"""The case series: its notebook shows the whole cohort, and its pages what the notebook has kept."""

import shutil

import matplotlib as mpl
import nbformat
import pytest
from bs4 import BeautifulSoup
from matplotlib.collections import QuadMesh

import casereport as cr
from assembly import execute
from casereport.cohort import series_report, simulated
from casereport.cohort.dataset import TABLES, read, write
from casereport.cohort.index_page import write_page
from casereport.cohort.patients import checked
from casereport.cohort.results_of_cases import of_cases, of_part, together
from casereport.cohort.series import kept_figures, open_cohort
from casereport.cohort.series_report import NOTEBOOK, write_series
from casereport.errors import BadInput
from cohorts import rows

SURVIVED, DIED = 150, 100


def shown_by_notebook(folder, **parameters):
    """The names that the notebook has at its end, for the cohort in this folder."""
    with mpl.rc_context():
        return execute(NOTEBOOK, cohort_dir=str(folder), **parameters)[0]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A cohort that lists first those whose CRP is 1 on each day, then those with 100; creatinine spans three decades.

    Five files of 50 patients, as reports are gathered; nobody is treated.
    """
    folder = tmp_path_factory.mktemp("cohort")
    patients = [(f"p{i:03d}", "1" if i < SURVIVED else "100") for i in range(SURVIVED + DIED)]
    for number in range(5):
        cells = [(p, d, "crp", crp, "mg/L") for p, crp in patients[50 * number : 50 * number + 50] for d in range(3)]
        cells += [(p, d, "creatinine", "9000" if p == "p000" else "70", "umol/L") for p, d, *_ in cells]
        write(of_part(checked(rows(*cells), None, "table"), {}), folder, f"part-{number:05d}")
    return folder


@pytest.fixture(scope="module")
def names(out):
    return shown_by_notebook(out)


@pytest.fixture(scope="module")
def treated(tmp_path_factory):
    """A simulated cohort, and the names of its notebook."""
    folder = tmp_path_factory.mktemp("treated")
    measured, given = next(simulated.tables(30))
    write(of_part(checked(measured.assign(line=1), given.assign(line=1), "part"), {}), folder, "part-00000")
    return folder, shown_by_notebook(folder)


def test_the_courses_that_are_drawn_are_spread_over_the_whole_list(names):
    drawn = names["some"].drop_duplicates("patient")
    high = drawn["patient"].ge(f"p{SURVIVED:03d}").sum()
    assert 50 <= len(drawn) <= 100
    assert high / len(drawn) == pytest.approx(DIED / (SURVIVED + DIED), abs=0.03)


def test_the_median_is_that_of_all_patients_whatever_file_they_are_in(names):
    medians = names["medians"]
    crp = medians[medians["panel"] == "CRP, mg/L"]
    assert crp["patients"].to_list() == [SURVIVED + DIED] * 3
    assert crp["median"].to_list() == [1.0] * 3  # 150 of the 250


def test_of_a_dataset_with_too_many_values_files_all_over_it_are_read_and_the_notebook_says_so(out, capsys):
    names = shown_by_notebook(out, most_values=700)  # of 1,500: two files of five
    assert names["observations"]["patient"].unique()[[0, -1]].tolist() == ["p000", "p199"]
    assert "in the values of 100 of the 250 patients" in capsys.readouterr().out
    assert len(names["patients"]) == 250


def test_a_panel_has_the_unit_of_its_analyte_and_a_logarithmic_axis_numbers(names):
    axes = names["grid"].axes_dict
    assert set(axes) == {"CRP, mg/L", "Creatinine, µmol/L"}
    ax = axes["Creatinine, µmol/L"]
    assert ax.get_yscale() == "log"
    assert {"100", "1000"} <= {label.get_text() for label in ax.get_yticklabels()}


def test_the_green_band_of_a_panel_is_the_reference_range_of_all_patients(names):
    (band,) = names["grid"].axes_dict["CRP, mg/L"].patches
    assert band.get_y() + band.get_height() == 3  # as data/analytes.csv has it; the axis goes on to 100


def test_every_figure_has_alt_text_and_says_that_a_simulated_cohort_is_simulated(treated):
    folder, _ = treated
    figures = kept_figures(folder)
    assert [figure["name"] for figure in figures] == ["courses", "nap", "pooled", "balance"]
    assert all(figure["alt"].startswith("Simulated. ") and figure["caption"] for figure in figures)
    for figure in figures:
        for drawing in (figure["name"], f"{figure['name']}-phone"):
            assert "SIMULATED" in (folder / "figures" / f"{drawing}.svg").read_text(encoding="utf-8")


def test_the_same_cohort_gives_the_same_figures(treated):
    folder, _ = treated
    before = {path.name: path.read_bytes() for path in (folder / "figures").iterdir()}
    shown_by_notebook(folder)
    assert {path.name: path.read_bytes() for path in (folder / "figures").iterdir()} == before


def test_the_shares_of_a_phase_are_those_of_its_patients(treated):
    folder, names = treated
    changes = read(folder, "changes")
    mine = changes[(changes["phase"] == "mesenchymal_stem_cells") & (changes["short"] == "CRP")]
    better = (mine["heading"] == "better").sum() - (mine["heading"] == "worse").sum()
    assert names["balance"].loc["CRP", "Mesenchymal stem cells"] == pytest.approx(better / len(mine))
    judged = mine[mine["heading"].isin(["better", "worse"])]
    assert (judged["heading"] == "better").mean() > 0.9  # the cells lower CRP to a third
    count = {word: (mine["heading"] == word).sum() for word in ("better", "worse")}
    assert names["words"].loc["CRP", "Mesenchymal stem cells"] == f"{count['better']} : {count['worse']}"
    (mesh,) = (found for found in names["ax"].collections if isinstance(found, QuadMesh))
    less, more = (mesh.to_rgba(share) for share in (-1, 1))  # worse in all: orange; better in all: blue
    assert less[0] > less[2] and more[0] < more[2]
    totals = changes[changes["phase"] == "mesenchymal_stem_cells"]["heading"].value_counts()
    (balance,) = (figure for figure in kept_figures(folder) if figure["name"] == "balance")
    assert f"Mesenchymal stem cells: {totals['better']} better, {totals['worse']} worse" in balance["alt"]


def test_a_phase_is_of_the_treatment_that_opened_it_in_that_patient_and_a_patient_counts_once(tmp_path):
    measured, given = next(simulated.tables(20))
    tables = of_part(checked(measured.assign(line=1), given.assign(line=1), "part"), {})
    phases, plasma = tables["phases"], "Convalescent plasma"
    cells = phases["opener"] == "Mesenchymal stem cells"
    other = cells & phases["patient"].isin(phases.loc[cells, "patient"].unique()[:5])
    # the same id of a phase: in five patients opened by the plasma that they had before, in the others by the cells
    tables["phases"] = phases.assign(opener=phases["opener"].mask(other, plasma))
    write(tables, tmp_path, "part-00000")
    names = shown_by_notebook(tmp_path)
    treated = phases.groupby("opener")["patient"].nunique()
    opened = names["opened"]
    assert opened.loc["Mesenchymal stem cells", "patients"] == cells.sum() - 5
    assert opened.loc[plasma, ["patients", "phases"]].to_list() == [treated[plasma], treated[plasma] + 5]
    for table in (names["nap"], names["changes"]):
        assert not table.duplicated(["patient", "phase", "short"]).any()
        assert not set(table.loc[table["phase"] == "Mesenchymal stem cells", "patient"]) & set(phases["patient"][other])


def test_a_cohort_of_the_bundled_cases_shows_their_claims_and_remarks(tmp_path):
    cases = [together([of_cases({name: cr.read_case(name)})]) for name in ("peng2020", "leng2020", "simulated-cp-msc")]
    for number, tables in enumerate(cases):
        write(tables, tmp_path, f"part-{number:05d}")
    names = shown_by_notebook(tmp_path)
    assert names["verdicts"].loc["all", "all"] == sum(len(tables["audit"]) for tables in cases)
    contradicted = sum(tables["audit"]["verdict"].eq("contradicted").sum() for tables in cases)
    assert list(names["against"]["verdict"]) == ["contradicted"] * contradicted
    assert names["checks"]["remarks"].sum() == sum(len(tables["consistency"]) for tables in cases)
    assert set(names["openers"]["opener"]) == {"Convalescent plasma", "Mesenchymal stem cells"}
    assert_the_simulated_case_alone_is_marked(tmp_path, names)


def assert_the_simulated_case_alone_is_marked(folder, names):
    """Its line in each panel, and a name in each caption: the courses of patients are not called simulated."""
    assert names["cohort"].simulated_among_patients == ["simulated-cp-msc"] and not names["cohort"].simulated
    numbers = names["some"]
    for panel, ax in names["grid"].axes_dict.items():
        of = numbers[numbers["panel"] == panel].groupby("patient")["value"].apply(list)
        dashed = [list(line.get_ydata()) for line in ax.lines if line.is_dashed() and len(line.get_ydata())]
        assert dashed == [values for patient, values in of.items() if patient == "simulated-cp-msc"]
    assert set(names["nap"]["patient"]) == set(names["changes"]["patient"]) == {"leng2020"}  # peng2020 has no numbers
    (legend,) = names["grid"].figure.legends
    assert {text.get_text() for text in legend.get_texts()} == {"patient", "simulated: no patient"}
    for figure in kept_figures(folder):
        assert figure["caption"].endswith(" Simulated, no patient, and in no median, mean or count: simulated-cp-msc.")
        assert "Simulated. " not in figure["alt"] and figure["alt"].endswith("simulated-cp-msc.")
        assert "SIMULATED" not in (folder / "figures" / f"{figure['name']}.svg").read_text("utf-8")
    write_page(folder, {}, [], reports=False)
    page = BeautifulSoup((folder / "index.html").read_text("utf-8"), "html.parser")
    states = {row.th.text: row.select("td")[-1].text for row in page.select("#cases tbody tr")}
    assert states == {"leng2020": "", "peng2020": "", "simulated-cp-msc": "simulated: no patient"}
    assert "simulated" not in page.body.get("class", [])


def test_tables_are_there_by_name_and_a_wrong_name_is_told(out):
    cohort = open_cohort(str(out))
    assert list(cohort) == list(TABLES) and len(cohort["patients"]) == 250
    high = cohort.read("observations", ["patient", "value"], filters=[("analyte", "==", "crp"), ("value", ">", 1)])
    assert high["patient"].nunique() == DIED and list(high) == ["patient", "value"]
    with pytest.raises(KeyError, match="no table of a cohort; there are patients, phases"):
        cohort["outcomes"]


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_folder_without_results_is_bad_input(folder):
    with pytest.raises(BadInput, match="the output folder of `casereport cohort`"):
        open_cohort(folder)


def test_to_open_a_cohort_again_forgets_the_figures_that_were_kept_and_no_others(treated, tmp_path):
    out = shutil.copytree(treated[0], tmp_path / "out")
    (out / "figures" / "mine.svg").write_text("<svg/>")
    assert len(kept_figures(out)) == 4
    open_cohort(str(out))
    assert [p.name for p in (out / "figures").iterdir()] == ["mine.svg"] and kept_figures(out) == []


@pytest.fixture(scope="module")
def reported(out):
    assert write_series(out) == ""
    write_page(out, {}, ["187"], reports=False)
    return out


def test_the_report_of_a_series_without_treatments_says_so_and_its_page_leads_to_what_is_there(reported):
    out = reported
    soup = BeautifulSoup((out / "report.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in soup.select("a[href]") if not a["href"].startswith("#")]
    assert links == ["index.html"] and (out / "index.html").is_file()
    assert "No patient has values in two phases, so that nothing is compared." in soup.text
    cells = [[cell.text.strip() for cell in tr.select("th, td")] for tr in soup.select("table tr")]
    assert ["C-reactive protein", str(SURVIVED + DIED), str(3 * (SURVIVED + DIED)), "3"] in cells
    page = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    (figure,) = page.select("figure")
    assert [len(drawn.select("svg")) for drawn in figure.select(".picture.desk, .picture.phone")] == [1, 1]
    assert figure.select_one(".picture")["aria-label"].startswith("Courses of ")
    assert all((out / a["href"]).is_file() for a in figure.select("a[href]"))


def test_where_the_cohort_lies_is_not_in_its_report(reported):
    for name in ("report.html", "06-cohort.ipynb"):
        assert str(reported.parent) not in (reported / name).read_text(encoding="utf-8")


def test_a_series_whose_kernel_dies_is_told_with_its_cell(tmp_path, monkeypatch):
    cells = [nbformat.v4.new_code_cell(source) for source in ('cohort_dir = ""', "import os; os.kill(os.getpid(), 9)")]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "small.ipynb")
    monkeypatch.setattr(series_report, "NOTEBOOK", tmp_path / "small.ipynb")
    (tmp_path / "out").mkdir()
    assert series_report.write_series(tmp_path / "out").startswith("small.ipynb, cell 3: the kernel gave no answer")
    assert not (tmp_path / "out" / "report.html").exists()
