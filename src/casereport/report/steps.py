"""One case with the choices of its analysis: what every notebook opens first.

An analysis has a fingerprint of its inputs and choices. Each step leaves it beside its results, so that a report is
never put together from steps that were run on different data or with different parameters.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from casereport.analysis.changes import contrasts
from casereport.analysis.events import number_events
from casereport.analysis.measurements import measurements
from casereport.analysis.placeholder_values import named_values
from casereport.analysis.result_files import save_json, save_table
from casereport.audit.consistency import check_consistency
from casereport.case.case import Case, as_case
from casereport.case.folder import case_path
from casereport.case.phases import phase_column, phase_table, windows
from casereport.case.placeholders import placeholder_problems
from casereport.case.reading import read_case
from casereport.case.settings import Settings, check_analytes, make_settings
from casereport.errors import BadInput, Problem
from casereport.files import whose
from casereport.files.hashes import code_hashes, sha256
from casereport.files.paths import BUNDLED, DATA, DRAWN, from_root
from casereport.privacy.gate import check_privacy

if TYPE_CHECKING:
    from casereport.figures import Figure
    from casereport.figures.drawing import Shown


@dataclass(frozen=True)
class Analysis:
    """A validated case, the settings, and where the results go.

    `place` is where the case lies, if the results go to the folder of notebooks that are run alone: it is by the name
    of the case, which another case may have.
    """

    case: Case
    settings: Settings
    out: Path
    place: Path | None = None

    @property
    def inputs(self) -> dict[str, str]:
        """The SHA-256 of every file that the results depend on: the case, the cases beside it, and the tables."""
        beside = [*DATA.glob("reference/*.csv"), *(f for name in BUNDLED for f in DATA.glob(f"cases/{name}/*.*"))]
        hashes = {p.relative_to(DATA).as_posix(): sha256(p) for p in sorted(beside)}
        return hashes | self.case.hashes

    @property
    def fingerprint(self) -> str:
        """A hash of the input files, the settings and the code of the package."""
        parts = [self.inputs, self.settings.model_dump(), code_hashes()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def open_analysis(case: str, data_dir: str | Path = "data", output_dir: str | Path = "", **choices: object) -> Analysis:
    """The case validated and past the privacy gate, with its settings.

    Whatever computes on a case opens it here, so that no way leads around the gate. Raises BadInput with every problem
    of the case or of the choices.

    `choices` are the fields of `Settings`. An empty `output_dir` is `reports/notebooks/<case>`.
    """
    settings = make_settings(dict(choices))
    data = from_root(data_dir)
    content = read_case(case, data, DATA)
    check_analytes(settings, content.vocabulary)
    given = {name: str(choice) for name, choice in choices.items()}
    problems = [*placeholder_problems(content, settings), *check_privacy(case_path(case, data), content.meta, given)]
    if problems:
        raise BadInput(problems)
    out = from_root(output_dir or Path("reports") / "notebooks" / content.meta.id)
    return Analysis(as_case(content), settings, out, None if output_dir else whose.place(case, data))


def check_phase(analysis: Analysis, phase: str) -> None:
    """Raises BadInput if the case has no phase of this id."""
    ids = [p.id for p in analysis.case.meta.phases]
    if phase not in ids:
        raise BadInput([Problem("parameter", 0, "phase", phase, "a phase of the case: " + ", ".join(ids))])


Tables = dict[str, pd.DataFrame]


def _claim(analysis: Analysis) -> None:
    """Before a step writes: raises BadInput where the results of another case of this name lie."""
    if analysis.place:
        whose.claim(analysis.out, analysis.place)


def _keep(analysis: Analysis, step: str, tables: Tables, others: Iterable[str] = ()) -> Tables:
    """Writes the tables of a step and, last, its fingerprint and files: a step that was broken off leaves none.

    `others` are the files that the step has written already, by their path below the output folder.
    """
    for name, table in tables.items():
        save_table(analysis.out, name, table)
    files = [*others, *(f"results/{name}.csv" for name in tables)]
    save_json(analysis.out / "steps" / f"{step}.json", {"fingerprint": analysis.fingerprint, "files": sorted(files)})
    return tables


def ingest(analysis: Analysis) -> Tables:
    """Step 01: the tidy tables `observations`, `interventions`, `events`, `phases`, `consistency`, `values`."""
    _claim(analysis)
    case, settings = analysis.case, analysis.settings
    return _keep(
        analysis,
        "ingest",
        {
            "observations": measurements(case, settings),
            "interventions": case.interventions.drop(columns=["start", "end"]),
            "events": number_events(case, settings),
            "phases": phase_table(case, settings),
            "consistency": check_consistency(case),
            "values": pd.DataFrame(
                [(name, *value) for name, value in named_values(case, settings).items()],
                columns=["name", "text", "source"],
            ),
        },
    )


def phase(analysis: Analysis, phase_id: str) -> Tables:
    """Step 02, for one phase: `given-<phase>`, `course-<phase>` and `change-<phase>` (against the phase before).

    Raises BadInput for an unknown phase.
    """
    _claim(analysis)
    check_phase(analysis, phase_id)
    case, settings = analysis.case, analysis.settings
    table = measurements(case, settings)
    found = windows(case, settings)
    # a course is given in a phase if it begins in it; courses of earlier phases may still go on
    begins = phase_column(case.interventions.assign(when=case.interventions["start"], phase=""), found, "after")
    changes = contrasts(case, table)
    tables = {
        f"given-{phase_id}": case.interventions[begins == phase_id].drop(columns=["start", "end"]),
        f"course-{phase_id}": table[table["phase"] == phase_id],
        f"change-{phase_id}": changes[changes["phase"] == phase_id],
    }
    return _keep(analysis, f"phase-{phase_id}", tables)


def evidence(analysis: Analysis) -> Tables:
    """Step 03: across phases; `changes` by last values and `changes-median` by medians, `effects`, `chance`,
    `regression`, `estimability`, `sensitivity` and its `repetitions`, the audit (`claims`, `base_rates`),
    `comparators`, and the CARE checklist as `care`.
    """
    # scipy takes seconds to import, and only this step and the figures compute with it
    from casereport.analysis.base_rates_of_claims import base_rates_beside
    from casereport.analysis.effect_tables import chance_table, effect_table, regression_table
    from casereport.analysis.estimability import estimability
    from casereport.analysis.other_cases import cases_beside, given_table
    from casereport.analysis.sensitivity import repetitions, robustness
    from casereport.audit.care.checklist import checklist
    from casereport.audit.claims import audit

    _claim(analysis)
    case, settings = analysis.case, analysis.settings
    table = measurements(case, settings)
    effect = effect_table(case, settings)
    repeated = repetitions(case, settings)
    claims = audit(case, settings)
    save_json(analysis.out / "results" / "claims.json", claims.to_dict("records"))
    return _keep(
        analysis,
        "evidence",
        {
            "changes": contrasts(case, table),
            "changes-median": contrasts(case, table, "median"),
            "effects": effect,
            "chance": chance_table(effect),
            "regression": regression_table(case, settings),
            "estimability": estimability(case, settings),
            "sensitivity": robustness(case, repeated),
            "repetitions": repeated,
            "claims": claims,
            "base_rates": base_rates_beside(case),
            "comparators": given_table(cases_beside(case)),
            "care": checklist(case, settings),
        },
        ["results/claims.json"],
    )


def courses(analysis: Analysis, analytes: Iterable[str]) -> "Iterator[Figure | Shown]":
    """The course of each of the analytes over the whole case; in a run, as 04-figures has drawn it if it has."""
    from casereport.figures import course
    from casereport.figures.drawing import left

    kept = _drawn(analysis)
    for analyte in analytes:
        there = left(kept / f"{analyte}.json") if kept else None
        yield there or course(analysis.case, analysis.settings, analyte)


def _drawn(analysis: Analysis) -> Path | None:
    """Where a run keeps the courses of this analysis, so that it draws none of them twice; None outside of a run."""
    folder = analysis.out / DRAWN
    return folder / analysis.fingerprint if folder.is_dir() else None


def draw(analysis: Analysis) -> "list[Figure]":
    """Step 04: every figure of the report, saved as SVG, PNG and CSV, and the list of them with captions and alts."""
    # matplotlib, seaborn and scipy take seconds to import, and only this step draws
    from casereport.figures import draw_all
    from casereport.figures.drawing import leave, save

    _claim(analysis)
    drawn, kept = [], _drawn(analysis)
    for figure in draw_all(analysis.case, analysis.settings):
        save(figure, analysis.out / "figures")
        if kept and figure.id in analysis.case.vocabulary.analytes:
            leave(figure, kept / f"{figure.id}.json")
        drawn.append(figure)
    told = ("id", "title", "caption", "alt", "description")
    listing = [{key: getattr(figure, key) for key in told} for figure in drawn]
    save_json(analysis.out / "figures" / "figures.json", listing)
    files = [f"figures/{f.id}.{kind}" for f in drawn for kind in ("svg", "png", "csv")]
    _keep(analysis, "figures", {}, ["figures/figures.json", *files])
    return drawn


def steps(analysis: Analysis) -> dict[str, Callable[[], object]]:
    """Every step before the report, by name, ready to run."""
    phases = {
        f"phase-{p.id}": (lambda phase_id: lambda: phase(analysis, phase_id))(p.id) for p in analysis.case.meta.phases
    }
    return {
        "ingest": lambda: ingest(analysis),
        **phases,
        "evidence": lambda: evidence(analysis),
        "figures": lambda: draw(analysis),
    }


def complete(analysis: Analysis) -> list[str]:
    """Runs the steps whose results are missing or were made from other data or choices; returns their names.

    This lets the report notebook run alone: in the pipeline every step is there already and nothing is run.
    """
    ran, fingerprint = [], analysis.fingerprint
    for name, run in steps(analysis).items():
        mark = analysis.out / "steps" / f"{name}.json"
        try:
            made_from = json.loads(mark.read_text(encoding="utf-8"))["fingerprint"]
        except (OSError, ValueError, KeyError):
            made_from = None
        if made_from != fingerprint:
            run()
            ran.append(name)
    return ran
