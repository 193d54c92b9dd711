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
.PHONY: help report reports pdf docx validate verify new test test-slow lint lab cohort bench docs reference \
	operating-characteristics lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-26s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: .venv/installed ## the HTML report of a case: CASE=peng2020 PARAMS="lag_days=1 analytes=crp,ast" NOTEBOOKS=mine.ipynb FORCE=1
	@$(BIN)/casereport report "$(WHERE)" --params "$(PARAMS)" --notebooks "$(NOTEBOOKS)" $(if $(FORCE),--force)

reports: .venv/installed ## every report that is stale, and reports/index.html
	@$(BIN)/casereport reports "$(CASES)"

pdf: .venv/exporting ## the report of a case on paper: CASE=peng2020, to reports/peng2020.pdf
	@$(BIN)/casereport export "$(WHERE)" --format pdf

docx: .venv/exporting ## the report of a case as a manuscript: CASE=peng2020, to reports/peng2020.docx
	@$(BIN)/casereport export "$(WHERE)" --format docx

validate: .venv/installed ## check the case CASE and build nothing
	@$(BIN)/casereport validate "$(WHERE)"

verify: .venv/installed ## build the report of CASE again elsewhere and compare every byte
	@$(BIN)/casereport verify "$(WHERE)"

new: .venv/installed ## begin a case: CASE=my-case CASES=~/cases
	@$(BIN)/casereport new "$(CASE)" --dir "$(CASES)"

lab: .venv/installed ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/01-ingest.ipynb

test: .venv/tested ## the tests
	@$(BIN)/python -P -m pytest

test-slow: .venv/tested ## the tests that take minutes
	@$(BIN)/python -P -m pytest -m slow

bench: .venv/cohort ## how fast it is beside the ways without it, a case and a cohort, into benchmarks/
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/cohort.py

lint: .venv/tested ## the linter, the formatter and the type checker, changing nothing
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy --no-error-summary

reference: .venv/installed ## derive the base rates: NATURAL_HISTORY=the Tongji workbook
	@$(BIN)/python -P -m casereport.reference.base_rates $(NATURAL_HISTORY)

cohort: .venv/cohort ## many cases on Dask: SOURCE=folder or table, OUT=reports/cohort, OPTIONS="--workers 2 --results-only"
	@$(BIN)/casereport cohort "$(SOURCE)" --out "$(OUT)" $(OPTIONS)

operating-characteristics: .venv/installed ## simulate how the effect sizes behave, into data/reference/
	@$(BIN)/python -P -m casereport.reference.operating_characteristics

docs: .venv/installed ## write docs/tables.md and docs/api.md anew
	@$(BIN)/python -P docs/write.py

lock: .venv/installed ## compile the locks anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes pyproject.toml --output-file requirements.lock
	@for group in test export cohort; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --group $$group \
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

.venv/tested: .venv/installed requirements-test.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-test.lock
	@touch $@

.venv/exporting: .venv/installed requirements-export.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-export.lock
	@touch $@
