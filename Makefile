# make run: set up and serve the dashboard.  make test: set up and pass every test.  Both are safe to repeat.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test test-library test-maps test-halls check format benchmarks clean

run: $(VENV)/installed
	$(BIN)/hubreach serve --port $(PORT)

# Three lanes side by side on two processors, because a test in a browser mostly waits: the library's, and two of
# the browser's. The words of those two come at their end.
BROWSER_TESTS := $(BIN)/pytest -q --reruns 3 -rR
MAPS := $(addprefix tests/browser/,test_need.py test_reach.py test_options.py test_siting.py)

test: $(VENV)/installed-test
	$(BIN)/python tests/find_browser.py
	$(MAKE) --jobs 3 test-library test-maps test-halls

test-library: check
	$(BIN)/pytest -q tests/unit tests/properties tests/pages

test-maps: $(VENV)/installed-test
	@$(BROWSER_TESTS) $(MAPS) > $(VENV)/maps.log 2>&1; status=$$?; cat $(VENV)/maps.log; exit $$status

test-halls: $(VENV)/installed-test
	@$(BROWSER_TESTS) tests/browser $(addprefix --ignore=,$(MAPS)) > $(VENV)/halls.log 2>&1; \
	status=$$?; cat $(VENV)/halls.log; exit $$status

check: $(VENV)/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmarks: $(VENV)/installed-test
	missed=0; for name in any_authority evidence first_map need options reach siting workshop_load; do \
	  echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name || missed=1; done; exit $$missed

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
