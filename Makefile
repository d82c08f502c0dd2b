# The two commands a newcomer needs are `make demo` and `make test`. Each prepares everything it uses.
.PHONY: demo demo-reset demo-day examples test test-rules test-receivables test-agency test-journeys bench lint types imports fmt lock clean
.DEFAULT_GOAL := test
BIN := .venv/bin
RULES := tests/core tests/formats tests/letters tests/clock tests/exchange tests/run tests/ui tests/bench tests/house

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
# journeys come last and alone: they start whole systems with servers and a browser.
test: lint types imports
	@$(MAKE) -j2 --output-sync=target --no-print-directory test-rules test-receivables test-agency
	@$(MAKE) --no-print-directory test-journeys

test-rules: .venv/.installed
	$(BIN)/pytest -p no:django $(RULES)

test-receivables test-agency: test-%: .venv/.installed
	PUNKTLIG_TESTS=1 $(BIN)/pytest --ds=punktlig.$*.settings tests/tenancy tests/$*

test-journeys: .venv/.installed
	@script/browser
	PUNKTLIG_TESTS=1 $(BIN)/pytest -p no:django tests/journeys tests/faults

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
