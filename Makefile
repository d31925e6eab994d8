# The book's commands; `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SITE   := _build/html/index.html
# nbval is for the chapters alone: with it each process of pytest takes two seconds more to start.
PYTEST := $(BIN)/python -m pytest -p no:nbval

# The tests run in an order drawn anew each time; a line of the output names its seed, and
# `make test SEED=1234` repeats it. Not the notebooks' cells, which come one after the other.
SEED     := $(shell echo $$RANDOM)
SHUFFLED  = $(PYTEST) --random-order-seed=$(SEED)

# Chromium and xdist's workers share the machine: two at a time.
WORKERS := 2
# Each worker begins with a part of its own, whose files are whole: what a file's tests share is
# made once. Who is done early takes from the other's part.
BY_FILE := --dist worksteal

export TF_CPP_MIN_LOG_LEVEL := 3
export KERAS_BACKEND := tensorflow
# Python keeps what it has compiled, whatever the caller has set: every kernel, worker and child
# would compile some thousand files of Keras, Sphinx and Jupyter anew.
unexport PYTHONDONTWRITEBYTECODE
# Without bars in builds and tests: their output differs from run to run. `make lab` keeps them.
book test check lint types code unit long kernels oracle site up-to-date pdf chapters notebooks fuzz coverage pythons newest elsewhere: export TQDM_DISABLE := 1

.PHONY: help book test check lab notebooks bench mutants faults upstream fuzz coverage pythons newest elsewhere clean lint types code unit long kernels oracle site chapters pdf up-to-date
# One recipe after another, also under `make -j`: each of them uses the whole machine.
.NOTPARALLEL:

help:  ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

book: $(VENV)/package  ## run the notebooks and build the book: _build/html/index.html
	$(BIN)/python -m tools.build . -W -n --keep-going
	@test -s $(SITE)
	@echo "The book is built. Open it in a browser: file://$(abspath $(SITE))"

# Two at a time. The oracle's tests wait for processes and time-outs, those of the site for a browser:
# side by side they fill each other's gaps. Who comes at the end leaves none.
STAGES := oracle site lint types code chapters
test: $(VENV)/package  ## check everything: code, package, site, notebooks
	@$(BIN)/python -m tools.stages "$(MAKE) --no-print-directory SEED=$(SEED)" $(STAGES)

check: $(VENV)/package  ## what a commit needs, in half a minute: lint, types, tests of what changed
	$(BIN)/python -m tools.check

lint: $(VENV)/package
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/package
	$(BIN)/mypy --strict embedding_core

# The next three in one go, for `make test`: what each process imports and collects, it does once.
code: $(VENV)/package
	$(SHUFFLED) -q tests --ignore=tests/oracle --ignore=tests/site -n $(WORKERS) $(BY_FILE)

# The package and the tools. The long ones of these thousands take more than half of their time.
UNITS = $(SHUFFLED) -q tests --ignore=tests/notebooks --ignore=tests/oracle --ignore=tests/site -n $(WORKERS) $(BY_FILE)
unit: $(VENV)/package
	$(UNITS) -m "not long"

long: $(VENV)/package
	$(UNITS) -m long

# What a notebook may hold, and the tools that run notebooks, each in kernels of its own.
kernels: $(VENV)/package
	$(SHUFFLED) -q tests/notebooks -n $(WORKERS) $(BY_FILE)

oracle: $(VENV)/package
	$(SHUFFLED) -q tests/oracle -n $(WORKERS) $(BY_FILE)

site: up-to-date
	$(SHUFFLED) -q tests/site -n $(WORKERS) $(BY_FILE)

pdf: up-to-date  ## print the whole book to one file, and to one in Korean: _build/book.pdf, _build/book-ko.pdf
	$(BIN)/python -m tools.pdf _build/html _build/book.pdf
	$(BIN)/python -m tools.pdf _build/html _build/book-ko.pdf ko
	@echo "The book is printed: $(abspath _build/book.pdf), $(abspath _build/book-ko.pdf)"

up-to-date: $(VENV)/package
	@$(BIN)/python -m tools.inputs || $(MAKE) --no-print-directory book

# The chapters run where `make book` has not run them on this code, and then nbval compares.
chapters: $(VENV)/package
	$(BIN)/python -m tools.results
	$(BIN)/python -m pytest -q -p tools.compare book

lab: $(VENV)/package  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=book

notebooks: $(VENV)/package  ## run the notebooks in place and save their outputs
	$(BIN)/python -m tools.notebooks book/*.ipynb

# `make bench BASE=../before` sets an older worktree beside this one as well; no site is needed there.
BASE :=
bench: up-to-date  ## measure the package beside Keras, TensorFlow and NumPy, and the site: _build/bench
	mkdir -p _build/bench
	$(PYTEST) -q -c benchmarks/pytest.ini --rootdir=. benchmarks --benchmark-json=_build/bench/measured.json
	$(BIN)/python benchmarks/report.py _build/bench
	$(BIN)/python benchmarks/beside.py "$(BASE)" | tee _build/bench/beside.md

mutants: $(VENV)/package  ## break the core on purpose, a small fault at a time (an hour or two)
	$(BIN)/python -m tools.mutants $(WORKERS)

fuzz: $(VENV)/package  ## call the package with bad and odd input, ten thousand times (minutes)
	$(PYTEST) -q -v tests/fuzz --hypothesis-profile=nightly --no-header --tb=short

# Without the tests that compare with Keras, and without those of notebooks and pages.
coverage: $(VENV)/package  ## run the unit tests, and list the lines of the package that none of them runs
	mkdir -p _build
	$(PYTEST) -q tests --ignore=tests/oracle --ignore=tests/site --ignore=tests/notebooks -n $(WORKERS) --cov --cov-report=
	$(BIN)/coverage json -q -o _build/coverage.json
	$(BIN)/python tools/uncovered.py _build/coverage.json

# What follows has environments of its own, and leaves the one in .venv as it is.
PYTHONS := 3.11 3.12 3.13

pythons:  ## run the unit tests with the pinned set on each Python that is here
	@mkdir -p _build/pythons
	@passed=0; failed=0; report=; for version in $(PYTHONS); do \
		log=_build/pythons/$$version.log; \
		if ! python$$version -c '' 2>/dev/null; then said="not on this machine"; \
		elif $(MAKE) --no-print-directory VENV=_build/pythons/$$version PYTHON=python$$version unit long kernels \
			2>&1 | tee $$log; then said=$$(grep ' passed' $$log | paste -sd ';'); passed=$$((passed + 1)); \
		else said="FAILED, see $$log"; failed=$$((failed + 1)); fi; \
		report+="Python $$version: $$said"$$'\n'; \
	done; printf '\n%s' "$$report"; [ $$passed -gt 0 ] && [ $$failed -eq 0 ]

# Beyond the upper bounds too, but for Jupyter Book: its second version is another program.
newest:  ## try the newest release of each package in requirements.txt, and say what broke
	$(PYTHON) -m venv --clear _build/newest
	sed '/^jupyter-book/!s/,<[0-9.]*//' requirements.txt > _build/newest/requirements.txt
	_build/newest/bin/python -m pip install --quiet --disable-pip-version-check -r _build/newest/requirements.txt
	@touch _build/newest/installed
	_build/newest/bin/python tools/newer.py constraints.txt
	$(MAKE) --no-print-directory --keep-going VENV=_build/newest lint types unit long kernels oracle

elsewhere: $(VENV)/package  ## ask other libraries, each in an environment of its own, and record it (half an hour, a network); NAMES=--rest goes on
	$(BIN)/python -m tools.elsewhere $(NAMES)

upstream: $(VENV)/package  ## let the installed Keras's own unit tests judge the package
	$(BIN)/python tools/upstream.py

faults: $(VENV)/package  ## make classic mistakes on purpose and see which test notices each
	$(BIN)/python tools/faults.py

clean:  ## remove what these commands made, but for the environment in .venv
	rm -rf _build .benchmarks .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage *.egg-info
	find book embedding_core tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +

# The environment, made anew when the list of packages changes. Python compiles a module when it is
# first imported, and most of these files never are. A newer pip than Python brings comes first: it
# looks through the index in half the time. What is pinned goes in next, by two processes side by
# side (TensorFlow takes as long as all others); pip then sees whether that is all that is
# required here, and adds what is missing.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check
$(VENV)/installed: requirements.txt constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11, 3.12 \
	or 3.13, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	echo "$$($(PYTHON) --version) will not do: the book needs Python 3.11, 3.12 or 3.13 (TensorFlow \
	has no other). Name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments. \
	On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) -c constraints.txt pip
	@$(INSTALL) --no-deps -r <(grep '^tensorflow=' constraints.txt) & \
	 $(INSTALL) --no-deps -r <(grep -v '^tensorflow=' constraints.txt) & wait
	$(INSTALL) -r requirements.txt -c constraints.txt
	@touch $@

# The book's package, in place: a change of its code needs no new installation.
$(VENV)/package: $(VENV)/installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
