VENV ?= .venv
PY := $(VENV)/bin/python
.DELETE_ON_ERROR:
.PHONY: install
install: $(VENV)/.installed
$(VENV)/.installed: pyproject.toml
	python3 -m venv $(VENV)
	$(PY) -m pip install -q -e '.[test,plot]'
	touch $@
