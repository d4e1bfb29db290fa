# Every target sets up what it needs; the second time that costs nothing.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN_READY = $(VENV)/.ready-local
DEV_READY = $(VENV)/.ready-dev
CODE = $(shell find function_app.py functions shared local -name '*.py')
COMPILED = $(VENV)/.compiled
BENCH_VENV = .venv-bench
BENCH_READY = $(BENCH_VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo serve test check fix bench clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(RUN_READY) $(COMPILED)  ## create .venv with the pinned packages (a no-op when up to date)

setup-dev: $(DEV_READY) $(COMPILED)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Baton needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.13"; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages into $(VENV) …"
	@$(BIN)/python -c 'import tomllib; e = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; open("$(VENV)/local.txt", "w").write("\n".join(e["local"])); open("$(VENV)/dev.txt", "w").write("\n".join(e["dev"]))'
	@$(PIP) install -r requirements.txt -r $(VENV)/local.txt
	@touch $@

# As pip does with what it installs: otherwise the first start, or every one where Python may write no bytecode, would.
$(COMPILED): $(RUN_READY) $(CODE)
	@$(BIN)/python -m compileall -q function_app.py functions shared local
	@touch $@

$(DEV_READY): $(RUN_READY)
	@$(PIP) install -r $(VENV)/dev.txt
	@touch $@

demo: setup  ## run the main job on the sample data, with a kill in the middle
	@$(BIN)/python -m local.cli demo

serve: setup  ## the host with the dashboard on http://127.0.0.1:7071
	@$(BIN)/python -m local.cli serve

test: setup-dev  ## every test; says what it skipped for want of which tool
	@$(BIN)/python -m pytest

check: setup-dev  ## format, lint, import contracts, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

fix: setup-dev  ## format and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup-dev $(BENCH_READY)  ## peers and floors side by side; prints ratios (QUICK=1: in short)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

$(BENCH_READY): pyproject.toml | $(BIN)/python
	@echo "Installing whom to compare with into $(BENCH_VENV) …"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BIN)/python -c 'import tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"]))' > $(BENCH_VENV)/bench.txt
	@$(BENCH_VENV)/bin/python -m pip --disable-pip-version-check --quiet install -r $(BENCH_VENV)/bench.txt
	@touch $@

clean:  ## remove the environment and the local home
	@rm -rf $(VENV) $(BENCH_VENV) .baton .baton-demo
