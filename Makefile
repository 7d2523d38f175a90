# Two commands for everybody (app, demo), and the ones that maintainers use. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
COLAB := .venv-colab
READY_COLAB := $(COLAB)/.ready
READY_WEB := node_modules/.ready
MODEL ?= smollm2-135m
# Two processes share the tests: each has one half, and at the end one takes over what the other has left.
# `make test ARGS="-n 0 tests/…"` runs them in one process.
# pytest hangs its log handlers on some 60 loggers for every phase of every test, 3 % of the processor time: what was
# logged by a test that failed is seen when it is run without `make`.
SHARED := -n 2 --dist worksteal --durations=25 -p no:logging
# The first torch that a package index offers on Linux brings gigabytes of CUDA: the pinned one is asked for by name.
TORCH := $(shell grep -E '^torch==' constraints.txt)

# Where this is set, each process that the tests start would compile again what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv app demo lab test test-all test-quick test-colab bench gpu-check lint lint-web format screenshots constraints clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# Modules are compiled when they are installed: the first page need not wait for it. pip would compile all of them on
# one processor: here all processors share them, without the libraries' tests, where telephone numbers lie, and the
# architectures of transformers that no model of the catalogue has (such a module is compiled when it is imported).
# A module that is for a newer Python is no error.
UNUSED := /tests?/|/phonenumbers/geodata/|/transformers/models/(?!__init__|auto/|bloom|encoder_decoder/|gemma|llama)
comma := ,

# $(1): the extras. One call resolves everything once.
define install
@test -x $(PY) || $(PYTHON) -m venv $(VENV)
$(PY) -m pip install --quiet --no-compile --upgrade pip
$(PY) -m pip install --quiet --no-compile --constraint constraints.txt "$(TORCH)" --editable ".[$(1)]"
$(PY) -m compileall -qq -j 0 -x '$(UNUSED)' poetas widgets $(VENV)/lib || true
@touch $@
endef

$(READY): pyproject.toml constraints.txt
	$(call install,lab)

$(READY_DEV): pyproject.toml constraints.txt
	$(call install,lab$(comma)dev)

# What checks JavaScript and CSS; the pages themselves need nothing of it.
$(READY_WEB): package.json
	@command -v npm >/dev/null || { echo "make: npm is missing: install Node.js 20 or newer (only lint and test need it)" >&2; exit 1; }
	@npm install --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

venv: $(READY) ## Set up .venv and nothing else

app: $(READY) ## Open the three apps, with the embedded model that needs no licence click
	@$(BIN)/poetas fetch $(MODEL) --quiet
	@$(BIN)/poetas

demo: $(READY) ## Run the main job without a browser
	@$(BIN)/poetas demo --model $(MODEL) $(ARGS)

lab: $(READY) ## Open the notebooks in JupyterLab: code view and app view
	@$(BIN)/poetas lab

# What uses one processor runs beside something else: npm beside pip, and the type checker beside the tests.
test: ## Set up what is missing, then check style and types and run every test
	@$(MAKE) --no-print-directory -j2 $(READY_DEV) $(READY_WEB)
	@$(MAKE) --no-print-directory -j2 test-all lint

test-all: $(READY_DEV)
	@sh tests/browser/need-chromium.sh
	$(PY) -m pytest $(SHARED) $(ARGS)

# The quick tests' 700 MB of files lie in memory where there is room: 13 % of the processor time of those that write.
# Of a run without failures nothing stays there. `make test` has them on the disk.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 3000000 { print "PYTEST_DEBUG_TEMPROOT=/dev/shm" }')
KEPT := -o tmp_path_retention_count=1 -o tmp_path_retention_policy=failed

# A third process: these tests, too, wait for jobs and services, and it costs no fork servers of its own, only 10 s of
# processor time to collect the tests.
test-quick: $(READY_DEV) ## Run the unit tests that need no browser, no embedded model and no real training
	$(IN_MEMORY) $(PY) -m pytest $(KEPT) $(SHARED) -n 3 -m "not browser and not embedded and not slow" --hypothesis-profile quick $(ARGS) tests/unit poetas widgets

$(READY_COLAB): $(READY_DEV) tests/colab_environment.py
	$(PY) tests/colab_environment.py $(COLAB)
	@touch $@

# The exercises of a training are done there with the tiny model; with the embedded one, 2 minutes, only in `make test`.
COLAB_SKIPPED := --deselect "tests/unit/widgets/train/test_exercises_of_trainings.py::test_all_are_solved_as_their_answers_say[style]"

# A third process: these tests wait for jobs and services a third of their time (205 s with two, 172 s with three).
test-colab: $(READY_COLAB) ## Run the component tests as in Colab: ipywidgets 7.7, no event loop
	POETAS_TEST_POLLER=inline $(COLAB)/bin/python -m pytest $(SHARED) -n 3 -m "not browser" $(ARGS) $(COLAB_SKIPPED) tests/unit/widgets tests/notebooks/test_inline.py

bench: $(READY_DEV) ## Run all benchmarks and write their figures
	@sh tests/browser/need-chromium.sh
	$(PY) -m benchmarks all --json benchmarks/results/all.json

# No set-up: whatever Python has torch, transformers and peft. `make gpu-check PYTHON=/opt/torch/bin/python`
gpu-check: ## Prove the paths on a graphics card with the libraries that are there (no network)
	HF_HUB_OFFLINE=1 $(PYTHON) -m benchmarks gpu --json benchmarks/results/gpu.json $(ARGS)

lint: $(READY_DEV) lint-web ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-web: $(READY_WEB) ## Check the style of JavaScript and CSS, and test the page's pure functions
	@npm run --silent lint
	@npm test --silent

format: $(READY_DEV) $(READY_WEB) ## Put the code in the house's form
	@npm run --silent format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(READY_DEV) ## Take the README's pictures from the running apps
	$(PY) docs/screenshots.py

constraints: $(READY_DEV) ## Pin every version that is installed now
	$(PY) -m pip freeze --exclude-editable | sed -e 's/+cpu$$//' -e '/ @ /d' -e '/^nvidia-/d' | sort -f > constraints.txt

clean: ## Remove what was built, but no model and no text of yours
	rm -rf $(VENV) node_modules $(COLAB) dist build .mypy_cache .ruff_cache .pytest_cache
