# Reproducible clinical case reports. `make report` is the whole job; each target is one line over `casereport`.
CASE ?= peng2020
CASES ?= data/cases
PARAMS ?=
NOTEBOOKS ?=
SOURCE ?= $(CASES)
OUT ?= reports/cohort
OPTIONS ?=
UV = uv==0.13.9
BIN = .venv/bin
# a case is a name in the folder CASES, or itself a path
WHERE = $(if $(findstring /,$(CASE)),$(CASE),$(CASES)/$(CASE))

# without bytecode every run would compile all that it imports again, which costs more than the rest of its start
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help report reports pdf docx validate privacy verify new test test-slow lint lab cohort bench docs reference \
	operating-characteristics lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-26s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: .venv/installed ## build the HTML report of a case: CASE=peng2020 PARAMS="lag_days=1 analytes=crp,ast" NOTEBOOKS=mine.ipynb FORCE=1
	@$(BIN)/casereport report "$(WHERE)" --params "$(PARAMS)" --notebooks "$(NOTEBOOKS)" $(if $(FORCE),--force)

reports: .venv/installed ## build all reports that are out of date, and reports/index.html
	@$(BIN)/casereport reports "$(CASES)"

pdf: .venv/exporting ## write the report as PDF: CASE=peng2020, to reports/peng2020.pdf
	@$(BIN)/casereport export "$(WHERE)" --format pdf

docx: .venv/exporting ## write the report as a manuscript: CASE=peng2020, to reports/peng2020.docx
	@$(BIN)/casereport export "$(WHERE)" --format docx

validate: .venv/installed ## check a case without building it: CASE=peng2020
	@$(BIN)/casereport validate "$(WHERE)"

privacy: .venv/installed ## list what may identify a person in a case: CASE=peng2020
	@$(BIN)/casereport privacy "$(WHERE)"

verify: .venv/installed ## build the report of a case again elsewhere and compare every byte: CASE=peng2020
	@$(BIN)/casereport verify "$(WHERE)"

new: .venv/installed ## create a case: CASE=my-case CASES=~/cases
	@$(BIN)/casereport new "$(CASE)" --dir "$(CASES)"

lab: .venv/installed ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/01-ingest.ipynb

test: .venv/tested ## run the tests
	@$(BIN)/python -P -m pytest

test-slow: .venv/tested ## run the tests that take minutes
	@$(BIN)/python -P -m pytest -m slow

bench: .venv/tested .venv/peers/installed ## measure the speed of a case and a cohort, into benchmarks/
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/desk.py
	@$(BIN)/python benchmarks/cohort.py

lint: .venv/tested ## run linter, formatter and type checker, without changes
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy --no-error-summary

reference: .venv/installed ## derive the base rates: NATURAL_HISTORY=TONGJI.xlsx
	@$(BIN)/python -P -m casereport.reference.base_rates $(NATURAL_HISTORY)

cohort: .venv/cohort ## analyse many cases with Dask: SOURCE=folder or table, OUT=reports/cohort, OPTIONS="--workers 2 --results-only"
	@$(BIN)/casereport cohort "$(SOURCE)" --out "$(OUT)" $(OPTIONS)

operating-characteristics: .venv/installed ## simulate the behaviour of the effect sizes, into data/reference/
	@$(BIN)/python -P -m casereport.reference.operating_characteristics

docs: .venv/installed ## update docs/tables.md and docs/api.md
	@$(BIN)/python -P docs/write.py

lock: .venv/installed ## update the locks from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes pyproject.toml --output-file requirements.lock
	@for group in test export cohort peers; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --group $$group \
		--constraints requirements.lock --output-file requirements-$$group.lock; done

clean: ## remove the environment and everything generated
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find reports -mindepth 1 -not -name README.md -delete

# --python: uv must not pick up another environment that happens to be active
.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || python3 -m venv .venv
	@$(BIN)/python -P -m pip install --quiet --disable-pip-version-check $(UV)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/cohort: .venv/installed requirements-cohort.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-cohort.lock
	@touch $@

# an environment of its own, for what would bring other versions of our libraries with it
.venv/peers/installed: .venv/installed requirements-peers.lock
	@test -x .venv/peers/bin/python || python3 -m venv .venv/peers
	@$(BIN)/uv pip install --quiet --python .venv/peers/bin/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python .venv/peers/bin/python --require-hashes --requirement requirements-peers.lock
	@$(BIN)/uv pip install --quiet --python .venv/peers/bin/python --no-deps --editable .
	@touch $@

.venv/tested: .venv/installed requirements-test.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-test.lock
	@touch $@

.venv/exporting: .venv/installed requirements-export.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-export.lock
	@touch $@
