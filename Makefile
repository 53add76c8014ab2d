# The front door. `make` alone lists what there is.
# Variables: PORT and HOME_DIR (where the demonstration is served and kept), PYTHON (3.11 or later).

PORT     ?= 8000
HOME_DIR ?= var/demo
PYTHON   ?= python3

VENV  := .venv
# What an installation is made from; when one of these changes, the next target installs again.
PARTS := pyproject.toml setup.py constraints.txt $(shell find src -name '*.po')
PIP   := $(VENV)/bin/pip --disable-pip-version-check --quiet install --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo install check test bench messages clean

help:
	@echo 'make demo      the site on a demonstration collection: http://127.0.0.1:$(PORT)'
	@echo 'make test      everything: style, types, imports, tests on two databases, walks in a browser'
	@echo 'make check     style, types, imports and translations alone; under a minute'
	@echo 'make install   an environment in $(VENV) with all that development needs'
	@echo 'make messages  gather the texts to translate, and compile what was translated'
	@echo 'make bench     measure speed and memory side by side with bare references'
	@echo 'make clean     remove what can be made again; never var/, where data is'

demo: $(VENV)/.site
	$(VENV)/bin/aliquot demo --home $(HOME_DIR) --port $(PORT)

install: $(VENV)/.test

check: $(VENV)/.test
	@sh scripts/check.sh

test: $(VENV)/.test
	@bash scripts/test.sh

bench: $(VENV)/.test
	@for script in bench/[!_]*.py; do echo "== $$script" && $(VENV)/bin/python "$$script" || exit 1; done

messages: $(VENV)/.test
	$(VENV)/bin/python scripts/messages.py gather
	$(VENV)/bin/python setup.py --quiet compile_catalogues
	$(VENV)/bin/python scripts/messages.py check

clean:
	rm -rf $(VENV) build dist artefacts .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find src \( -name '*.mo' -o -name '*.egg-info' \) -prune -exec rm -rf {} +

# What the site needs to run.
$(VENV)/.site: $(PARTS)
	@bash scripts/venv.sh $(VENV) $(PYTHON)
	@echo 'Installing Aliquot and the packages it needs; the first time takes a minute or two.'
	@$(PIP) --editable '.[site]'
	@touch $@

# That and what the tests need.
$(VENV)/.test: $(PARTS)
	@bash scripts/venv.sh $(VENV) $(PYTHON)
	@echo 'Installing Aliquot and the packages that it and its tests need; the first time takes a minute or two.'
	@$(PIP) --editable '.[site,test]'
	@touch $(VENV)/.site $@
