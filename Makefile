# Everything a person or a machine does here; CI, pre-commit and the README call only these.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test check fuzz format bench bench-quick live pictures lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --no-deps, as the lock already holds every dependency; no build isolation, so nothing unlocked is fetched.
.venv/%.installed: requirements-%.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes --no-deps -r $<
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/run.installed  ## four weeks of an invented PubMed, into seedwatch-demo/
	$(BIN)/seedwatch demo

test: .venv/dev.installed  ## the whole suite
	$(BIN)/python -m pytest -q -n 3 --dist worksteal

check: .venv/dev.installed  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: .venv/dev.installed  ## the property tests on other inputs each time, a thousand each; about half an hour
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q -n 2 $$(grep -lE '^from hypothesis' tests/test_*.py)

format: .venv/dev.installed  ## mend what a machine can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/bench.installed  ## every figure that this project claims, in a table; 45 minutes at most
	$(BIN)/python tests/benchmarks

bench-quick: .venv/bench.installed  ## the same on smaller sizes; five minutes at most
	$(BIN)/python tests/benchmarks --quick

live: .venv/dev.installed  ## the client against NCBI itself (needs NCBI_EMAIL; polite; never in CI)
	$(BIN)/python -m pytest -q -m live tests/test_live.py

pictures: .venv/dev.installed  ## the README's pictures of mail, Slack and archive, from the demo (needs Chromium)
	$(BIN)/python tests/support/pictures.py

lock: .venv/dev.installed  ## resolve the pins again (needs uv: pip install uv)
	for group in run dev bench; do uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --quiet --output-file requirements-$$group.lock --group build \
	  $$(case $$group in dev) echo --all-extras --group dev;; bench) echo --all-extras --group dev --group bench;; esac); done

clean:  ## remove what make made
	rm -rf .venv build dist *.egg-info seedwatch-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
