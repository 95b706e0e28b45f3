# make summary   write the founding brief from the sample literature   (MODEL_URL=… MODEL=… to let a model write it)
# make test      set up and run the tests
# make docs      write the pages of settings and commands anew
# make pictures  take the pictures of the page and the plots anew (needs Chromium)
# make check     format, lint, types, tests with coverage

PYTHON ?= python3
VENV ?= .venv
BRIEF ?= briefs/brief-datos-sinteticos.txt
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.PHONY: setup summary test lint docs pictures check

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(READY_DEV): $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

summary: $(READY)
	$(BIN)/rag index corpus
	$(BIN)/rag write $(BRIEF) -o out/summary.md $(if $(MODEL_URL),--model-url $(MODEL_URL)) $(if $(MODEL),--model $(MODEL))
	@cat out/summary.md

test: $(READY_DEV)
	$(BIN)/python -m pytest

lint: $(READY_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

docs: $(READY_DEV)
	$(BIN)/python docs/reference.py

pictures: $(READY_DEV)
	$(BIN)/rag index corpus
	$(BIN)/python docs/pictures.py
