# The whole developer interface. CONTRIBUTING.md says which target to run when.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Changes when the dependencies may have; nothing is installed again before.
READY := $(VENV)/.ready
# Four workers for two cores, because tests often wait: for threads, and for programs. A worker that crashes is not
# started again: a new one may wait for ever, and the crash is the result to see.
SHARED := --numprocesses 4 --dist loadfile --no-loadscope-reorder --max-worker-restart 0
# Compiled modules are written even where the environment forbids it: the tests start hundreds of programs, and each
# would compile its modules again.
pytest = PYTHONDONTWRITEBYTECODE= $(1)/bin/python -m pytest $(SHARED)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check cover bench bench-full faults faults-table faults-proof screenshots readme lock test-newest matrix clean

run: $(READY)
	@# Leaving the reader with ctrl+c (exit code 130) is no error that make should report.
	$(BIN)/python -P -m tui --library .run/library.db $(if $(wildcard .run/library.db),,read assets/listings) || [ $$? -eq 130 ]

# Every package comes from requirements.lock: that version, with one of those hashes, as a wheel, so that nothing is
# built and no build dependency is downloaded. The build backend is in the lock too; it installs recto itself.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "recto needs Python 3.11 or later; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "installing recto and its packages into $(VENV): a minute or two, once"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes --only-binary :all: --requirement requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@# Without compiled modules a start takes four times as long.
	@$(BIN)/python -m compileall -q store tui
	@touch $(READY)

test: $(READY)
	$(call pytest,$(VENV))

# Lines and branches that the tests run, and whether that is enough (pyproject.toml has the floors).
cover: $(READY)
	rm -rf .run/cover
	mkdir -p .run/cover
	COVERAGE_FILE=$(CURDIR)/.run/cover/data $(BIN)/coverage run -m pytest $(SHARED)
	COVERAGE_FILE=$(CURDIR)/.run/cover/data $(BIN)/python -m tests.cover

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

# What is slow, needs a quiet machine, or tries in `make test` only some of its many cases; one line for each fault.
faults: $(READY)
	$(BIN)/python -m tests.faults

# The same, and the table in SECURITY.md.
faults-table: $(READY)
	$(BIN)/python -m tests.faults --table

# Whether the tests notice: removes each protection in a copy of the project, and runs the test that must then fail.
faults-proof: $(READY)
	$(BIN)/python -m tests.faults.proof

# The pictures of the README, and its table of keys, from the program itself.
screenshots: $(READY)
	$(BIN)/python -m tests.screenshots

readme: $(READY)
	$(BIN)/python -m tests.readme

# The newest versions that pyproject.toml allows, with the hashes of their wheels, for every Python and system that
# recto supports. Each pair is then tried: a package without a wheel for one of them fails here, not on that machine.
LOCK_PYTHONS := 3.11 3.12 3.13 3.14
LOCK_PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 x86_64-apple-darwin aarch64-apple-darwin
UV := .venv-lock/bin/uv

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pip compile --quiet --universal --python-version $(firstword $(LOCK_PYTHONS)) --all-extras --upgrade \
		--generate-hashes --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml
	set -e; for version in $(LOCK_PYTHONS); do for platform in $(LOCK_PLATFORMS); do \
		echo "Python $$version on $$platform"; \
		$(UV) pip install --quiet --dry-run --target .venv-lock/none --require-hashes --only-binary :all: \
			--python-version $$version --python-platform $$platform --requirement requirements.lock; \
	done; done

# The tests with the newest version of every package instead of the locked one, in an environment made anew.
test-newest:
	rm -rf .venv-newest
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	.venv-newest/bin/python -m pip list --format freeze
	$(call pytest,.venv-newest)

# The tests with every Python from 3.11 on that this machine has, or that uv can get.
matrix:
	$(PYTHON) -m tests.matrix $(LOCK_PYTHONS)

clean:
	rm -rf .venv .venv-* .run build dist
