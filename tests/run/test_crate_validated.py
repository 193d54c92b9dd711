"""The research object and the citation of a report, as other programs read them."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import rocrate
from bs4 import BeautifulSoup
from requests_cache import CachedRequest, CachedResponse, CachedSession
from rocrate_validator import services

from casereport.case.authors import Author
from casereport.report import citing
from casereport.run import notebooks, research_object

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
# Of the terms of the published context 1.1.3 those that a report may use. The library has a later context, in which
# these mean the same, and words that 1.1 does not know.
TERMS = [
    "CreateAction", "CreativeWork", "Dataset", "File", "Organization", "Person", "PropertyValue", "ScholarlyArticle",
    "SoftwareApplication", "SoftwareSourceCode", "about", "affiliation", "author", "conformsTo", "creativeWorkStatus",
    "datePublished", "description", "encodingFormat", "endTime", "hasPart", "identifier", "instrument", "isBasedOn",
    "license", "mainEntity", "mentions", "name", "object", "publisher", "result", "softwareRequirements",
    "softwareVersion", "value", "version",
]  # fmt: skip
# What the profile would like and the folder cannot say, by the number of the validator's check.
OPEN = {
    "process-run-crate-0.5_3.2": "a web address of each package: the lock has their names and versions",
    "process-run-crate-0.5_5.1": "an absolute URI of each package, for the same reason",
    "process-run-crate-0.5_8.4": "endTime, which is a clock: equal input gives equal bytes, and manifest.json has it",
    "process-run-crate-0.5_8.6": "who ran it",
    "ro-crate-1.1_22.2": "the author of the report, where case.yaml names none",
    "ro-crate-1.1_22.3": "its publisher",
    "ro-crate-1.1_31.2": "a web address of each affiliation: case.yaml has its name",
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    """The context of RO-Crate where the validator looks before it would ask the network, which it may not."""
    path = tmp_path_factory.mktemp("roc") / "cache"
    whole = json.loads((Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_text("utf-8"))
    content = json.dumps({"@context": {term: whole["@context"][term] for term in TERMS}}).encode()
    headers = {"Content-Type": "application/ld+json"}
    request = CachedRequest(method="GET", url=CONTEXT, headers={})
    answer = CachedResponse(content=content, status_code=200, headers=headers, url=CONTEXT, request=request)
    CachedSession(cache_name=str(path), backend="sqlite", expire_after=-1).cache.save_response(answer)
    return path


def issues(folder: Path, cache: Path, level: str) -> list:
    found = services.validate(
        {
            "rocrate_uri": str(folder), "profile_identifier": "process-run-crate-0.5", "requirement_severity": level,
            "offline": True, "cache_path": cache,
        }
    )  # fmt: skip
    return found.get_issues()


def graph(folder: Path) -> dict[str, dict]:
    return {e["@id"]: e for e in json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]}


def test_a_validator_finds_all_that_the_profile_requires_and_of_what_it_recommends_what_can_be_known(built, cache):
    if not graph(built)["./"].get("datePublished"):
        pytest.skip("no checkout, and so no day of a commit")
    found = issues(built, cache, "RECOMMENDED")  # and what is required besides
    assert [i.message for i in found if i.severity.name == "REQUIRED" or i.check.identifier not in OPEN] == []


FAULTS = [
    ("./", "datePublished"), ("./", "license"), ("./", "name"), ("./", "description"), ("#run/01-ingest", "instrument"),
]  # fmt: skip


def test_each_planted_fault_is_found(built, cache, tmp_path):
    out = shutil.copytree(built, tmp_path / "peng2020")
    path = out / "ro-crate-metadata.json"
    crate = json.loads(path.read_text("utf-8"))
    for entity, field in FAULTS:
        next(e for e in crate["@graph"] if e["@id"] == entity).pop(field)
    next(e for e in crate["@graph"] if e["@id"] == "./")["creditText"] = "us"  # a word that the standard has not
    path.write_text(json.dumps(crate), encoding="utf-8")
    found = issues(out, cache, "REQUIRED")
    said = {f for _, f in FAULTS if any(f in str(i.violatingProperty) or f in i.message for i in found)}
    assert said == {field for _, field in FAULTS}
    assert any('"creditText" is not allowed' in i.message for i in found)


def test_authors_are_people_of_the_research_object_by_their_orcid_and_of_the_citation(built, cache, tmp_path):
    out = shutil.copytree(built, tmp_path / "peng2020")
    place = "Example Hospital, Sampletown"
    two = [Author(name="Ada Example", orcid="0000-0002-1825-0097", affiliations=["Medicine", place], corresponding=True,
                  email="ada@example.org"), Author(name="Ben Sample", affiliations=[place])]  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    plan = notebooks.check("peng2020", {}) | {"authors": [author.model_dump() for author in two]}
    for name in ("manifest.json", "ro-crate-metadata.json"):  # as a run has it: these are written after the others
        (out / name).unlink()
    research_object.write(out, plan, manifest["made_from"], manifest["steps"])
    shutil.copy(built / "manifest.json", out)
    crate = graph(out)
    ada, ben = (crate[one["@id"]] for one in crate["./"]["author"])
    assert ada["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert [(one["@type"], one["name"]) for one in (ada, ben)] == [("Person", "Ada Example"), ("Person", "Ben Sample")]
    assert ben["affiliation"] == ada["affiliation"][1]  # one hospital, once
    assert "ada@example.org" not in (out / "ro-crate-metadata.json").read_text("utf-8")
    if crate["./"].get("datePublished"):  # else no checkout, and so no day of a commit
        found = {i.check.identifier for i in issues(out, cache, "RECOMMENDED")}
        assert found <= set(OPEN) - {"ro-crate-1.1_22.2"}
    report = json.loads((out / "citation.json").read_text("utf-8"))[0]
    assert report["author"] == [{"literal": "Ada Example"}, {"literal": "Ben Sample"}]
    assert report["note"].startswith("Ada Example, Ben Sample. " + report["title"].rstrip("."))


def test_a_run_is_told_with_what_its_notebook_read_and_no_more(built):
    """As design.md has it: 01 alone opens the case, the later ones read tables; 03 what is beside the case besides."""
    crate = graph(built)
    used = {name.removeprefix("#run/"): {one["@id"] for one in run["object"]} for name, run in crate.items()
            if name.startswith("#run/")}  # fmt: skip
    mine = "#input/cases/peng2020/"
    assert [name for name, read in used.items() if any(one.startswith(mine) for one in read)] == ["01-ingest"]
    assert [name for name, read in used.items() if "#input/reference/base_rates.csv" in read] == ["03-evidence"]
    assert not [one for one in used["01-ingest"] if one.startswith(("results/", "#input/cases/leng2020/"))]
    assert {"results/observations.csv", "results/phases.csv"} <= used["04-figures"] & used["03-evidence"]
    assert "results/observations.csv" in used["05-report"] and "figures/timeline.svg" in used["05-report"]
    told = {one["@id"]: one["name"] for one in crate.values() if one["@type"] == "PropertyValue"}
    assert "#parameter/lag_days" in used["01-ingest"] and "#parameter/lag_days" not in used["04-figures"]
    phases = [
        told[one] for name, read in used.items() if name.startswith("02-phase-") for one in read if "/phase/" in one
    ]
    assert phases and set(phases) == {"phase"}


def test_the_citation_names_the_version_and_a_hash_that_anyone_can_compute_again(built):
    listed = ""
    for path in sorted(p for part in ("results", "figures") for p in (built / part).iterdir()):
        listed += f"{path.relative_to(built).as_posix()}\t{hashlib.sha256(path.read_bytes()).hexdigest()}\n"
    digest = hashlib.sha256(listed.encode()).hexdigest()
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    report, source = json.loads((built / "citation.json").read_text("utf-8"))
    assert report["note"].endswith(f"content SHA-256 {digest}.")
    assert report["note"].startswith(report["title"])
    assert report["version"] == manifest["casereport"]
    assert (report["type"], source["type"], source["DOI"]) == (
        "report", "article-journal", "10.1186/s13287-020-01802-8",
    )  # fmt: skip
    assert not {"issued", "author"} & set(report)  # nobody has said when and by whom
    assert graph(built)["citation.json"]["sha256"] == hashlib.sha256((built / "citation.json").read_bytes()).hexdigest()


@pytest.mark.parametrize("change", ["results/changes.csv", "figures/timeline.svg", "results/case.json"])
def test_another_table_figure_or_case_has_another_hash_and_another_page_has_not(change, built, tmp_path):
    out = shutil.copytree(built, tmp_path / "peng2020")
    before = citing.content_hash(out)
    (out / "report.html").write_text("another page")
    assert citing.content_hash(out) == before == citing.content_hash(built)
    path = out / change
    path.write_bytes(path.read_bytes() + b" ")
    assert citing.content_hash(out) != before


def test_a_case_without_a_publication_is_cited_alone():
    made = {"casereport": "0.1.0", "commit": None}
    (item,) = citing.csl([], "A case report.", made, None, "ab" * 32)
    assert item["note"] == f"A case report. Made by casereport 0.1.0; content SHA-256 {'ab' * 32}."
    assert "references" not in item


def test_the_page_says_how_to_cite_it_by_the_same_hash_as_the_file(built):
    report = json.loads((built / "citation.json").read_text("utf-8"))[0]
    page = BeautifulSoup((built / "report.html").read_text("utf-8"), "html.parser")
    assert report["note"] in page.select_one("#how-it-was-made").text
    assert page.select_one('#how-it-was-made a[href="citation.json"]')
