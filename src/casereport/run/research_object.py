"""The report's folder as a research object: `ro-crate-metadata.json` by RO-Crate 1.1 and its Process Run Crate profile.

It says of each notebook which inputs, parameters and software made which files. The same input gives the same bytes,
so no clock is in it: when a run was is in manifest.json. What a notebook used are the tables that its record says it
read; only the first opens the case. The profile wants a day of publication; a report that nobody
has published has none, and the day of the code that made it stands there, which is as much its input as its commit.
"""

import json
import mimetypes
from pathlib import Path
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from casereport.case.authors import Author
from casereport.files.hashes import Parts, commit_day, hashes
from casereport.files.whole import save_json, write_whole
from casereport.report import citing
from casereport.run.stale import EVIDENCE, INGEST

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
NAME = "ro-crate-metadata.json"
_TYPES = {".ipynb": "application/x-ipynb+json", ".md": "text/markdown", ".yaml": "application/yaml"}
_SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
_DATED = (
    "datePublished is the day of the commit of casereport that made this folder, which has not been published; "
    "whoever publishes it puts the day of publication there. "
)
_NO_DATE = (
    "datePublished, which RO-Crate 1.1 requires, is left out: this folder has not been published, and the day of the "
    "code that made it is not known; whoever publishes it adds the date. "
)
_NO_CLOCK = (
    "endTime of the runs is left out: equal input gives an equal file; the times of the last run are in manifest.json."
)


def write(folder: Path, plan: dict[str, Any], parts: Parts, steps: dict[str, list[str]]) -> None:
    """Writes how the report in `folder` is cited, and the metadata of its files.

    `plan` is what `steps.check` returned, `parts` what the report was made from, `steps` the files of each step.
    """
    write_whole(folder / citing.NAME, citing.citation_text(folder, plan))
    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms["sha256"] = _SHA256  # as the context of workflow runs has it, and nothing to look up
    root = crate.root_dataset
    del root["datePublished"]  # it would be the time of this run
    if day := commit_day():
        root["datePublished"] = day
    kind = "A simulated case: no patient. " if plan["simulated"] else ""
    root["name"] = plan["title"]
    said = f"{_DATED if day else _NO_DATE}{_NO_CLOCK}"
    root["description"] = f"{kind}A clinical case report with the notebooks, figures and tables behind it. {said}"
    root["license"] = _licence(crate, plan)
    root["creativeWorkStatus"] = plan["status"]
    root["conformsTo"] = _entity(crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    for name, digest in hashes(folder).items():
        _file(crate, folder, name, sha256=digest)
    # manifest.json holds the clocks of the run, and so is written last and has no hash here
    _file(crate, folder, "manifest.json", description="Parameters, versions, hashes, and when the run was")
    root["mainEntity"] = crate.get("report.html")
    if plan["authors"]:
        root["author"] = _plain(_authors(crate, plan["authors"]))
    if plan["citation"]:
        root["isBasedOn"] = _source(crate, plan["citation"])
    root["mentions"] = _actions(crate, folder, plan["made"], parts, steps)
    save_json(folder / NAME, crate.metadata.generate())


def _entity(crate: ROCrate, identifier: str, kind: str | list[str], /, **properties: object) -> Entity:
    content = {"@type": kind} | {k: _plain(v) for k, v in properties.items() if v is not None}
    return crate.add(ContextEntity(crate, identifier, properties=content))


def _plain(value: object) -> object:
    """A list of one as that one, as RO-Crate asks for it."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _file(crate: ROCrate, folder: Path, name: str, **properties: object) -> None:
    properties |= {"name": name, "encodingFormat": _media_type(name)}
    crate.add_file(folder / name if (folder / name).exists() else None, name, properties=properties)


def _media_type(name: str) -> str:
    # the table of Python, without what a machine adds to it
    return _TYPES.get(Path(name).suffix) or mimetypes.MimeTypes().guess_type(name)[0] or "application/octet-stream"


def _authors(crate: ROCrate, authors: list[dict[str, Any]]) -> list[Entity]:
    """The authors whom case.yaml names, by their ORCID iDs where it has them; a place that two share stands once."""
    places = list(dict.fromkeys(place for author in authors for place in author["affiliations"]))
    at = {p: _entity(crate, f"#place/{n}", "Organization", name=p) for n, p in enumerate(places, start=1)}
    return [
        _entity(
            crate, Author(**author).link or f"#author/{n}", "Person", name=author["name"],
            affiliation=[at[place] for place in author["affiliations"]] or None,
        )
        for n, author in enumerate(authors, start=1)
    ]  # fmt: skip


def _licence(crate: ROCrate, plan: dict[str, Any]) -> Entity:
    """On what terms the report may be passed on, as far as its case says it."""
    given = (plan["citation"] or {}).get("licence")
    said = (
        f"The publication that the case was transcribed from is under {given}, as its case says; of the report itself "
        "no licence is given: ask its author."
        if given
        else "No licence is given: ask the author of the report."
    )
    name = f"{given} (of the source)" if given else "No licence given"
    return _entity(crate, "#licence", "CreativeWork", name=name, description=" ".join([said, *plan["notices"]]))


def _source(crate: ROCrate, citation: dict[str, Any]) -> Entity:
    """The publication that the case was transcribed from."""
    identifier = f"https://doi.org/{citation['doi']}" if citation["doi"] else "#source"
    # the words for a credit and a notice are younger than the schema.org of RO-Crate 1.1
    return _entity(
        crate, identifier, "ScholarlyArticle", name=citation["title"],
        description=f"{citation['authors']} {citation['journal']}", license=citation["licence"] or "not reported",
    )  # fmt: skip


def _actions(
    crate: ROCrate, folder: Path, made: dict[str, Any], parts: Parts, steps: dict[str, list[str]]
) -> list[Entity]:  # fmt: skip
    """An action for each notebook that was run: what it read and was told, its notebook, its files."""
    packages = [
        _entity(crate, f"#package/{name}", "SoftwareApplication", name=name, softwareVersion=version)
        for name, version in {"Python": made["python"], **made["packages"]}.items()
    ]
    tool = _entity(
        crate, "#casereport", "SoftwareApplication", name="casereport", softwareVersion=made["casereport"],
        identifier=made["commit"], softwareRequirements=packages,
    )  # fmt: skip
    for name, digest in made["inputs"].items():
        _entity(crate, f"#input/{name}", "CreativeWork", name=name, sha256=digest, encodingFormat=_media_type(name))
    results = [crate.get(f) for files in steps.values() for f in files if f.startswith(("results/", "figures/"))]
    actions, notebooks = [], {}
    for name, files in sorted(steps.items()):
        step = name if f"notebook: {name}" in parts else "02-phase"
        if step not in notebooks:
            notebooks[step] = _entity(
                crate, f"#notebook/{step}", ["SoftwareSourceCode", "SoftwareApplication"], name=f"{step}.ipynb",
                sha256=parts[f"notebook: {step}"], version=made["casereport"],
                softwareRequirements=tool,
            )  # fmt: skip
        used = results if "report.html" in files else _used(crate, folder, made, name, step)
        written = [crate.get(f) for f in sorted(files) if f != NAME]
        actions.append(
            _entity(
                crate,
                f"#run/{name}",
                "CreateAction",
                name=f"Run of {step}.ipynb as {name}",
                description=f"{step}.ipynb was run by papermill, read these files, was told these parameters, and kept "
                "these files.",
                instrument=notebooks[step],
                object=used,
                result=written,
            )
        )
    return actions


def _used(crate: ROCrate, folder: Path, made: dict[str, Any], name: str, step: str) -> list[Entity]:
    """What the notebook `step`, run as `name`, read by its own record, and the parameters that it was told.

    Besides the tables of earlier notebooks that is the case and its vocabulary for the first one, what stands beside
    the case (other cases, derived tables) for the evidence, and for each the vocabulary of the project.
    """
    path = folder / "kept" / f"{name}.json"
    # a notebook of its author's that keeps nothing has no record
    record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"read": {}, "parameters": {}}
    own = (f"cases/{made['case']}/", f"cases/{made['case']}.")
    beside = {n for n in made["inputs"] if n.startswith("reference/") or (n.count("/") > 1 and not n.startswith(own))}
    vocabulary = {"analytes.csv", "interventions.csv"}
    read = {INGEST: made["inputs"].keys() - beside, EVIDENCE: beside | vocabulary}.get(step, vocabulary)
    tables = [crate.get(f"results/{t}.csv") or crate.get(f"results/{t}.json") for t in sorted(record["read"])]
    told = record["parameters"] | ({"phase": name.removeprefix(f"{step}-")} if name != step else {})
    parameters = []
    for parameter, value in told.items():
        called = f"#parameter/{parameter}" + (f"/{value}" if parameter == "phase" else "")
        parameters.append(crate.get(called) or _entity(crate, called, "PropertyValue", name=parameter, value=value))
    return [*(crate.get(f"#input/{n}") for n in made["inputs"] if n in read), *filter(None, tables), *parameters]
