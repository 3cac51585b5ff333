# The whole developer interface: run, test, check, bench, bench-full, faults.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Changes when the dependencies may have; nothing is installed again before.
READY := $(VENV)/.ready

.PHONY: run test check bench bench-full faults screenshots readme clean

run: $(READY)
	$(BIN)/python -P -m tui --library .run/library.db $(if $(wildcard .run/library.db),,read assets/listings)

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "recto needs Python 3.11 or later; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@# A start with no compiled modules takes four times as long.
	$(BIN)/python -m compileall -q store tui
	touch $(READY)

test: $(READY)
	@# A worker that is made again after a crash may wait for ever, and the crash is what there is to see.
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --max-worker-restart 0

check: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary

# 10,000 and 100,000 papers: three minutes, and once a minute more to make the libraries.
bench: $(READY)
	$(BIN)/python -m tests.bench

# From a hundred to three million papers, and the chart of the README: hours, and 30 GB in the temporary folder.
bench-full: $(READY)
	$(BIN)/python -m tests.bench --full --effort 2 --json .run/bench.json
	$(BIN)/python -m tests.bench --chart .run/bench.json

faults: $(READY)
	$(BIN)/python -m pytest -m 'faults or timing'

# The pictures of the README, and its table of keys, from the program itself.
screenshots: $(READY)
	$(BIN)/python -m tests.screenshots

readme: $(READY)
	$(BIN)/python -m tests.readme

clean:
	rm -rf $(VENV) .run build dist
