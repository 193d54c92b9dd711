"""The report's folder as a research object: `ro-crate-metadata.json` by RO-Crate 1.1 and its Process Run Crate profile.

It says of each notebook which inputs, parameters and software made which files. The same input gives the same bytes,
so no clock is in it: when a run was is in manifest.json. The profile wants a day of publication; a report that nobody
has published has none, and the day of the code that made it stands there, which is as much its input as its commit.
"""

import mimetypes
from pathlib import Path
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from casereport.files.hashes import Parts, commit_day, hashes
from casereport.files.whole import save_json, write_whole
from casereport.report import citing

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
    made = plan["made"]
    write_whole(folder / citing.NAME, citing.citation_text(folder, plan["title"], made, plan["citation"]))
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
    if plan["citation"]:
        root["isBasedOn"] = _source(crate, plan["citation"])
    root["mentions"] = _actions(crate, made, parts, steps)
    save_json(folder / NAME, crate.metadata.generate())


def _entity(crate: ROCrate, identifier: str, kind: str | list[str], /, **properties: object) -> Entity:
    content = {"@type": kind} | {k: v for k, v in properties.items() if v is not None}
    return crate.add(ContextEntity(crate, identifier, properties=content))


def _file(crate: ROCrate, folder: Path, name: str, **properties: object) -> None:
    properties |= {"name": name, "encodingFormat": _media_type(name)}
    crate.add_file(folder / name if (folder / name).exists() else None, name, properties=properties)


def _media_type(name: str) -> str:
    # the table of Python, without what a machine adds to it
    return _TYPES.get(Path(name).suffix) or mimetypes.MimeTypes().guess_type(name)[0] or "application/octet-stream"


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


def _actions(crate: ROCrate, made: dict[str, Any], parts: Parts, steps: dict[str, list[str]]) -> list[Entity]:
    """An action for each notebook that was run: its inputs and parameters, its notebook, its files."""
    packages = [
        _entity(crate, f"#package/{name}", "SoftwareApplication", name=name, softwareVersion=version)
        for name, version in {"Python": made["python"], **made["packages"]}.items()
    ]
    tool = _entity(
        crate, "#casereport", "SoftwareApplication", name="casereport", softwareVersion=made["casereport"],
        identifier=made["commit"], softwareRequirements=packages,
    )  # fmt: skip
    inputs = [
        _entity(crate, f"#input/{name}", "CreativeWork", name=name, sha256=digest, encodingFormat=_media_type(name))
        for name, digest in made["inputs"].items()
    ]
    parameters = [
        _entity(crate, f"#parameter/{name}", "PropertyValue", name=name, value=value)
        for name, value in made["parameters"].items()
    ]
    results = [crate.get(f) for name, files in steps.items() for f in files if f.startswith(("results/", "figures/"))]
    actions, notebooks = [], {}
    for name, files in sorted(steps.items()):
        step = name if f"notebook: {name}" in parts else "02-phase"
        if step not in notebooks:
            notebooks[step] = _entity(
                crate, f"#notebook/{step}", ["SoftwareSourceCode", "SoftwareApplication"], name=f"{step}.ipynb",
                sha256=parts[f"notebook: {step}"], version=made["casereport"],
                softwareRequirements=tool,
            )  # fmt: skip
        before = results if "report.html" in files else []
        written = [crate.get(f) for f in sorted(files) if f != NAME]
        actions.append(
            _entity(
                crate,
                f"#run/{name}",
                "CreateAction",
                name=f"Run of {step}.ipynb as {name}",
                description=f"{step}.ipynb was run by papermill on these inputs and parameters, and kept these files.",
                instrument=notebooks[step],
                object=[*inputs, *parameters, *before],
                result=written,
            )
        )
    return actions
