# Plumbline. `make` alone lists what there is.
#
# PYTHON=/path/to/python3.12 chooses the Python of a new .venv; ARGS="..." is handed to the demo or to pytest.

SHELL := /bin/bash
BIN := .venv/bin
PYTHON_CODE := kiosk hardware $(wildcard plugins/*/kiosk_*) $(wildcard docs/examples/*/kiosk_*)
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-tests demo test check lint types format people demo-clips docs bundle texts hardware clean test-appliance

help:
	@echo 'make demo    set up, then show a visit on recordings (Ctrl-C ends it; ARGS=--once ends by itself)'
	@echo 'make test    set up with everything the tests need, then lint, types and tests (ARGS="-k lights": some)'
	@echo 'make test-appliance  boot the kiosk in emulated machines and do to it what happens in a gym (as root; ARGS=--all: more)'
	@echo 'make setup   make .venv with the kiosk and both exercise plugins; leaves $(BIN)/kiosk'
	@echo 'make check   lint and types'
	@echo 'make lint    ruff check, and ruff format --check'
	@echo 'make types   mypy --strict'
	@echo 'make format  let ruff put the code in shape'
	@echo 'make people  render the labelled recordings of people (a quarter of an hour; goes on where it was cut off)'
	@echo 'make demo-clips  render the recordings of the demo anew, into the package'
	@echo 'make bundle  everything for a kiosk without a network in one file (docs/bundle.md)'
	@echo 'make docs    write the reference and the pictures of docs/ anew, from the code'
	@echo 'make texts   bring the translation files up to date with what the pages say'
	@echo 'make hardware  draw wiring, places and floor marks anew, and build the box (needs openscad)'
	@echo 'make clean   remove .venv and everything else that was made here'
	@echo
	@echo 'PYTHON=/path/to/python3.12 chooses the Python (3.11, 3.12 or 3.13).'

setup:
	@bash .ci/setup

setup-tests:
	@bash .ci/setup tests

demo: setup
	@echo 'demo: a visit on recordings'
	@$(BIN)/kiosk demo $(ARGS)

lint: setup-tests
	@echo 'lint: ruff check'
	@$(BIN)/ruff check --quiet . || { echo 'lint: mend what is listed above ($(BIN)/ruff check --fix . does a part)' >&2; exit 1; }
	@echo 'lint: ruff format --check'
	@$(BIN)/ruff format --quiet --check . || { echo 'lint: not in shape; run: make format' >&2; exit 1; }

types: setup-tests
	@echo 'types: mypy --strict'
	@$(BIN)/mypy --strict $(PYTHON_CODE)

check: lint types

test: check
	@echo 'test: pytest'
	@$(BIN)/python -m pytest $(ARGS)

# Boots the whole kiosk in emulated machines: tests/appliance/README.md. Not part of `make test`. Such a machine waits for
# much of its time, so there are more of them than a small host has processors.
MACHINES ?= 4
test-appliance: setup-tests
	@echo 'test-appliance: the kiosk in an emulated machine'
	@$(BIN)/python -m tests.appliance $(ARGS)
	@$(BIN)/python -m pytest tests/appliance -m appliance -n $(MACHINES) --dist loadfile --no-loadscope-reorder \
		-rfEP --durations=10 $(ARGS)

format: setup-tests
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

people: setup-tests
	@$(BIN)/python -m tests.people render $(ARGS)

demo-clips: setup-tests
	@$(BIN)/python -m tests.people demo $(ARGS)

docs: setup-tests
	@$(BIN)/python -m tests.documents

bundle: setup-tests
	@echo 'bundle: building our wheels and fetching the others (a minute or two)'
	@$(BIN)/python systemd/bundle.py $(ARGS)

texts: setup-tests
	@$(BIN)/python -m tests.texts

hardware: setup-tests
	@$(BIN)/python -m hardware $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info {plugins,docs/examples}/*/{build,*.egg-info}
	find kiosk hardware plugins tests models docs -name __pycache__ -type d -prune -exec rm -rf {} +
