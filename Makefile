# Everything there is to do with this project, by name. `make` alone prints this list.
# Two of them are enough to begin: `make run` and `make test`. Each installs what it needs first, once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LISTEN ?= 127.0.0.1:5000
DATA ?= data
PYTHON ?= python3
export PYTHON

BIN := .venv/bin
INSTALLED := .venv/.installed
CODE := src tests bench examples

.PHONY: help run test test-fast bench lint format lock api-page errors-page rules-page failures-page clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED)  ## start a registry with a sample image in it, and say what to type next
	@scripts/run $(LISTEN) $(DATA)

test: $(INSTALLED)  ## everything: style, types and arrows beside all tests, the fast ones first
	@scripts/test

test-fast: $(INSTALLED)  ## the unit tests alone, in four processes: about a minute
	@scripts/test-fast

bench: $(INSTALLED)  ## wharf beside docker-registry and nginx; writes docs/benchmarks.md
	@$(BIN)/python -m bench $(ROWS)

lint: $(INSTALLED)  ## formatting, lint, types, and which room may import which
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "not formatted: run make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache | tail -n 2

format: $(INSTALLED)  ## put the code into its form
	@$(BIN)/ruff check --quiet --fix-only $(CODE)
	@$(BIN)/ruff format $(CODE)

lock: $(INSTALLED)  ## requirements/lock.txt again, after a change of dependencies in pyproject.toml
	@scripts/lock

api-page: $(INSTALLED)  ## docs/api.md again, after a change of the API
	@$(BIN)/python -m tests.house.api_page

errors-page: $(INSTALLED)  ## docs/errors.md again, after a change of errors
	@$(BIN)/python -m tests.house.errors_page

rules-page: $(INSTALLED)  ## docs/rules/README.md again, after a change of rules
	@$(BIN)/python -m tests.doctor.rules.index

failures-page: $(INSTALLED)  ## docs/failures again, after a change of the catalogue
	@$(BIN)/python -m tests.doctor.failure_pages

clean:  ## remove what can be made again; the registry's data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml requirements/lock.txt scripts/set-up
	@scripts/set-up
	@touch $@
