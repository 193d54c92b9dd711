# Reproducible clinical case reports. `make report` is the whole job; each target is one line over `casereport`.
CASE ?= peng2020
DATA ?= data
PARAMS ?=
SOURCE ?= $(DATA)
OUT ?= reports/cohort
OPTIONS ?=
UV = uv==0.13.9
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help report reports validate new test test-slow lint lab reference cohort bench-cohort operating-characteristics lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-26s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: .venv/installed ## the HTML report of a case: CASE=peng2020 DATA=data PARAMS="lag_days=1 analytes=crp,ast"
	@$(BIN)/casereport report "$(CASE)" --data "$(DATA)" --params "$(PARAMS)"

reports: .venv/installed ## every report that is stale, and reports/index.html
	@$(BIN)/casereport reports --data "$(DATA)"

validate: .venv/installed ## check the case folder CASE and build nothing
	@$(BIN)/casereport validate "$(CASE)" --data "$(DATA)"

new: .venv/installed ## begin a case folder: CASE=my-case
	@$(BIN)/casereport new "$(CASE)" --data "$(DATA)"

lab: .venv/installed ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

test: .venv/tested ## the tests
	@$(BIN)/python -m pytest

test-slow: .venv/tested ## the tests of faults, scale and timing
	@$(BIN)/python -m pytest -m slow

lint: .venv/tested ## the linter and the formatter, changing nothing
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .

reference: .venv/installed requirements-reference.lock ## derive the base rates: NATURAL_HISTORY=the Tongji workbook
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-reference.lock
	@$(BIN)/python -m casereport.natural_history $(NATURAL_HISTORY)

cohort: .venv/cohort ## many cases on Dask: SOURCE=folder or table, OUT=reports/cohort, OPTIONS="--workers 2 --results-only"
	@$(BIN)/casereport cohort "$(SOURCE)" --out "$(OUT)" $(OPTIONS)

bench-cohort: .venv/cohort ## measure what a case costs in a cohort
	@$(BIN)/python -m casereport.cohort.bench

operating-characteristics: .venv/installed ## simulate how the effect sizes behave, into data/reference/
	@$(BIN)/python -m casereport.operating

lock: .venv/installed ## compile the locks anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes pyproject.toml --output-file requirements.lock
	@for group in test reference cohort; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --group $$group \
		--constraints requirements.lock --output-file requirements-$$group.lock; done

clean: ## remove the environment and everything generated
	rm -rf .venv .hypothesis .pytest_cache .ruff_cache
	find reports -mindepth 1 -not -name README.md -delete

# --python: uv must not pick up another environment that happens to be active
.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/cohort: .venv/installed requirements-cohort.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-cohort.lock
	@touch $@

.venv/tested: .venv/installed requirements-test.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-test.lock
	@touch $@
