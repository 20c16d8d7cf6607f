# Two commands: `make run` and `make test`. Everything else is a part of them, or for maintainers.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# uv in an environment of its own, only where the machine has none.
UV := $(shell command -v uv || echo .uv/bin/uv)

# Tests run in so many processes side by side: most of them wait for a program, a browser or a pause.
WORKERS ?= 2

export RASA_TELEMETRY_ENABLED := false

.PHONY: help run test check lint types contracts requirements evaluate figures bench screenshots clean

help:  ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.ready  ## Install what is missing, train if needed, and serve on http://127.0.0.1:8080
	@$(BIN)/python -m bot serve

test: $(VENV)/.ready check  ## Run every check and every test
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 0

check: lint types contracts requirements

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready
	$(BIN)/mypy

contracts: $(VENV)/.ready
	$(BIN)/lint-imports

requirements: $(VENV)/.ready  ## Check that the lock agrees with pyproject.toml, and requirements.txt with the lock
	@$(UV) lock --check --quiet
	@diff <($(MAKE) -s print-requirements) requirements.txt \
		|| { echo "requirements.txt differs from the lock: run 'make requirements.txt'"; exit 1; }

requirements.txt: uv.lock $(VENV)/.ready  ## Export the lock for plain pip
	@$(MAKE) -s print-requirements > $@.new && mv $@.new $@

.PHONY: print-requirements
print-requirements:
	@echo '# Exported from uv.lock by "make requirements.txt"; do not edit. Installs with plain pip:'
	@echo '#   pip install --no-deps --ignore-requires-python -r requirements.txt'
	@echo '# --no-deps and --ignore-requires-python because Rasa 3.6 declares older Pythons and pins than it runs on.'
	@$(UV) export --quiet --frozen --no-dev --no-header --no-annotate

evaluate: $(VENV)/.ready  ## Print every figure of understanding and search, and compare pipelines
	$(BIN)/python -m bot evaluate pipelines
	$(BIN)/python -m bot evaluate all

figures: $(VENV)/.ready  ## Fail when a figure fell below the recorded one by more than the noise
	$(BIN)/python -m bot evaluate all --check

bench: $(VENV)/.ready  ## Measure this program beside stock Rasa (some minutes)
	$(BIN)/python -m tests.bench

screenshots: $(VENV)/.ready  ## Make the pictures anew, from a running `make run`
	$(BIN)/python -m tests.e2e.screenshots --url http://127.0.0.1:8080

clean:  ## Remove the environment; data in var/ stays
	rm -rf $(VENV) .uv

$(VENV)/.ready: pyproject.toml uv.lock | python-is-there
	@[ -x "$(UV)" ] || command -v "$(UV)" >/dev/null || { $(PYTHON) -m venv .uv && .uv/bin/pip install --quiet uv; }
	@$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@

.PHONY: python-is-there
python-is-there:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { \
		found=$$("$(PYTHON)" --version 2>/dev/null | head -1); \
		echo "Dân Hỏi needs Python 3.11; found $${found:-none}. Set PYTHON=/path/to/python3.11."; exit 1; }
