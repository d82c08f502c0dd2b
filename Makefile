# The two commands a newcomer needs are `make demo` and `make test`. Each prepares everything it uses.
.PHONY: demo demo-reset demo-day examples test test-rules test-receivables test-agency test-journeys test-long bench lint types imports fmt lock clean
.DEFAULT_GOAL := test
BIN := .venv/bin
# What runs without Django; the pages that both sites share need one site's settings and are looked at with receivables'.
RULES := tests/core tests/formats tests/letters tests/clock tests/exchange tests/run tests/ui tests/bench tests/house
SHARED_PAGES := tests/ui/pages
# Two processes at a time, each printing when it has ended, where make knows how (not the 3.81 of macOS).
SIDE_BY_SIDE := -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.venv/.installed: requirements-dev.lock pyproject.toml script/bootstrap
	@script/bootstrap

demo: .venv/.installed
	@$(BIN)/punktlig demo

demo-reset: .venv/.installed
	@$(BIN)/punktlig demo-reset

demo-day: .venv/.installed
	@$(BIN)/punktlig demo-day

examples: .venv/.installed
	@$(BIN)/punktlig examples

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed
	$(BIN)/mypy

imports: .venv/.installed
	$(BIN)/lint-imports

# One pytest for each settings module, since a process is of one site: the rules without Django, then each site. The
# journeys are a heavier suite of their own: they start whole systems with servers, workers and a browser.
test: lint types imports
	@$(MAKE) $(SIDE_BY_SIDE) --no-print-directory test-rules test-receivables test-agency

test-rules: .venv/.installed
	$(BIN)/pytest -p no:django $(RULES) --ignore=$(SHARED_PAGES)

test-receivables: .venv/.installed
	@script/browser
	PUNKTLIG_TESTS=1 $(BIN)/pytest --ds=punktlig.receivables.settings tests/tenancy tests/receivables $(SHARED_PAGES)

test-agency: .venv/.installed
	PUNKTLIG_TESTS=1 $(BIN)/pytest --ds=punktlig.agency.settings tests/tenancy tests/agency

test-journeys: .venv/.installed
	@script/browser
	PUNKTLIG_TESTS=1 $(BIN)/pytest -p no:django tests/journeys tests/faults

# Takes minutes, so it is asked for by name: the workers left to their own clocks, and hundreds of invoices at once.
test-long: .venv/.installed
	PUNKTLIG_TESTS=1 $(BIN)/pytest -p no:django tests/long

bench: .venv/.installed
	$(BIN)/python -m bench --write docs/performance.md

fmt: .venv/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes the lock files anew from pyproject.toml. No host names end up in them: see docs/decisions/0003-hashed-requirements.md.
lock:
	script/lock

clean:
	rm -rf .venv build
