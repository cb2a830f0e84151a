# Everything here sets itself up on a bare machine with Python 3.11 (or later) and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements/dev.txt
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all trust check format bench peers spark world lock clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

$(READY): $(LOCK) pyproject.toml verifier/pyproject.toml client/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lawgate needs Python 3.11 or later; name one with make PYTHON=/path/to/python")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . -e verifier -e client
	@echo "compiling the record engine, once"
	$(BIN)/python -m lawgate.adapters.compile_engine
	@touch $(READY)

setup: $(READY) ## virtual environment, locked dependencies, the three projects

demo: $(READY) ## a thousand requests, six submissions, nine steps, a report
	$(BIN)/lawgate demo

test: $(READY) ## the quick tests
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-all: $(READY) ## every test
	$(BIN)/python -m pytest -n $(JOBS)

trust: $(READY) ## a million mutated inputs for each parser of the log, read by both programs
	LAWGATE_MUTATIONS=1000000 $(BIN)/python -m pytest -n $(JOBS) -m slow tests/properties/test_parsers_agree.py

check: $(READY) ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## measure; JSON on standard output
	@for b in $(filter-out bench/against_peers.py bench/cluster.py,$(wildcard bench/*.py)); do $(BIN)/python $$b || exit 1; done

peers: ## an environment for bench/against_peers.py; nothing of it is needed at run time
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt

spark: $(READY) ## the extra for a cluster, beside the rest; it needs a Java runtime, and bench/cluster.py needs it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt

WORLD := .venv-world

world: ## make the shipped world again (Python 3.11; an environment of its own)
	@test -x $(WORLD)/bin/python || $(PYTHON) -m venv $(WORLD)
	$(WORLD)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/world.txt
	$(WORLD)/bin/python tools/make_world.py src/lawgate/rehearsal/data

lock: ## resolve the dependencies again (needs uv)
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/dev.in -o requirements/dev.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/runtime.in -c requirements/dev.txt -o requirements/runtime.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/peers.in -o requirements/peers.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/spark.in -o requirements/spark.txt
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header -q requirements/world.in -o requirements/world.txt

clean: ## remove what was made here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-home
