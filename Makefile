# make run: set up and serve the dashboard.  make test: set up and pass every test.  Both are safe to repeat.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# 0.0.0.0 lets phones of the same network in.
HOST ?= 127.0.0.1
# The versions that everything was tested with; `make test CONSTRAINTS=` takes the newest instead.
CONSTRAINTS ?= -c constraints.txt

.PHONY: run test test-library test-beside check docs format benchmarks clean

run: $(VENV)/installed
	$(BIN)/hubreach serve --port $(PORT) --host $(HOST)

# Two lanes side by side, because a browser waits while the library computes. The browser's words come at its end.
test: $(VENV)/installed-test
	$(BIN)/python tests/find_browser.py
	$(MAKE) --jobs 2 test-library test-beside

test-library: check
	$(BIN)/pytest -q --doctest-modules analysis tests/unit tests/pages

# Properties and parity come after the browser: so both lanes end at about the same time.
test-beside: $(VENV)/installed-test
	@$(BIN)/pytest -q tests/browser > $(VENV)/browser.log 2>&1; browser=$$?; \
	$(BIN)/pytest -q tests/properties tests/parity >> $(VENV)/browser.log 2>&1; others=$$?; \
	cat $(VENV)/browser.log; exit $$((browser + others))

check: $(VENV)/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The library's pages, from its docstrings: build/docs/index.html.
docs: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]" $(CONSTRAINTS)
	$(BIN)/pdoc analysis "!analysis.workshop.migrations" --docformat numpy --output-directory build/docs

format: $(VENV)/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmarks: $(VENV)/installed-test
	missed=0; for name in any_authority england evidence first_map need options reach siting workshop_load; do \
	  echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name || missed=1; done; exit $$missed

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit('Hubreach needs Python 3.11 or newer; this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . $(CONSTRAINTS)
	touch $@

$(VENV)/installed-test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]" $(CONSTRAINTS)
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
