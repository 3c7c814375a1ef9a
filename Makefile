# make run: set up and serve the dashboard.  make test: set up and pass every test.  Both are safe to repeat.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test check format benchmarks clean

run: $(VENV)/installed
	$(BIN)/hubreach serve --port $(PORT)

test: $(VENV)/installed-test
	$(BIN)/python tests/find_browser.py
	$(MAKE) check
	$(BIN)/pytest -q -n 2 tests/unit tests/properties
	$(BIN)/pytest -q -n 2 --dist loadfile tests/pages
	$(BIN)/pytest -q -n 2 --dist worksteal --reruns 3 -rR tests/browser

check: $(VENV)/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmarks: $(VENV)/installed-test
	for script in tests/benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit('Hubreach needs Python 3.11 or newer; this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . -c constraints.txt
	touch $@

$(VENV)/installed-test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]" -c constraints.txt
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
