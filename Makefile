# Every target sets up what it needs: Python 3.11 or later, pip, git and make are enough.
# `make` or `make help` lists the targets.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ARGS   ?=
# The tests start hundreds of processes: without bytecode each would compile the package anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench fuzz soak docs clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(READY)  ## make .venv with pausenet and its tools, once

# `venv` without ensurepip (a bare Debian) still gives an environment that pip can be put into.
$(READY): pyproject.toml
	@echo "setup: making $(VENV) (once; about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit("pausenet needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip $(VENV) \
	  && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: $(READY)  ## a real network of labs, meters and verifiers, and the first caught cheat
	@$(BIN)/pausenet demo $(ARGS)

# One of the three workers mostly waits: live networks keep to a clock.
test: $(READY)  ## the whole test suite, on three workers for two cores
	@$(BIN)/python -m pytest -n 3 --dist worksteal -r s $(ARGS)

check: $(READY)  ## format, lint, types, imports, generated code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports
	@$(BIN)/python proto/generate.py --check
	@$(BIN)/python docs/spec/make_examples.py --check
	@$(BIN)/python docs/spec/make_rules.py --check
	@$(BIN)/python docs/spec/make_lifecycle.py --check
	@$(BIN)/python sims/make_results.py --check
	@$(BIN)/python docs/games/make_pages.py --check

bench: $(READY)  ## one attestation's round trip beside `openssl speed`; kernels; what growth costs
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.kernels
	@$(BIN)/python -m tests.bench.games
	@$(BIN)/python -m tests.bench.growth $(ARGS)

fuzz: $(READY)  ## hostile bytes against every decoder, many more than `make test` tries (TIMES=100)
	@PAUSENET_FUZZ=$(or $(TIMES),100) $(BIN)/python -m pytest -n 2 --timeout 3600 \
	  tests/crypto tests/log tests/statements tests/wire $(ARGS)

soak: $(READY)  ## many more seeds, networks, kills and cuts than `make test` tries (SEEDS=10000)
	@$(BIN)/python -m tests.simulator.soak --seeds $(or $(SEEDS),10000)
	@PAUSENET_STORIES=all PAUSENET_SEEDS=$(or $(SEEDS),10000) $(BIN)/python -m pytest -n 2 --timeout 0 tests/simulator $(ARGS)
	@PAUSENET_PLANTED=all $(BIN)/python -m pytest -n 2 --timeout 0 tests/planted $(ARGS)
	@PAUSENET_LIVE=all PAUSENET_KILLS=200 $(BIN)/python -m pytest -n 2 --timeout 0 \
	  tests/integration $(ARGS)
	@PAUSENET_CUTS=$(or $(CUTS),1000) $(BIN)/python -m pytest -n 2 --timeout 0 tests/reference $(ARGS)
	@PAUSENET_BALANCES=$(or $(BALANCES),1000000) $(BIN)/python -m pytest -n 2 --timeout 0 \
	  tests/inference/test_calibration.py tests/inference/test_workload_rates.py \
	  tests/inference/test_many.py $(ARGS)
	@PAUSENET_INPUTS=$(or $(INPUTS),10000) $(BIN)/python -m pytest -n 2 --timeout 0 \
	  tests/inference/test_precision.py tests/inference/test_recursions.py tests/inference/test_leaks.py \
	  tests/inference/test_beats_and_steps.py $(ARGS)
	@PAUSENET_GAMES=$(or $(GAMES),10000) $(BIN)/python -m pytest -n 2 --timeout 0 \
	  tests/game/test_bimatrix.py tests/game/test_several.py $(ARGS)
	@$(BIN)/pausenet evidence false-alarms
	@$(BIN)/pausenet evidence false-alarms --protocol --lab-years 200

docs: $(READY)  ## the documentation as a web site, in site/
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@$(BIN)/zensical build --clean

clean:  ## remove what the targets above have made; finished runs stay
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find docker/wheelhouse -type f ! -name .gitkeep -delete
