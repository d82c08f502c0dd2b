# The two commands a newcomer needs are `make demo` and `make test`. Each prepares everything it uses.
.PHONY: demo test bench lint types imports fmt lock clean
.DEFAULT_GOAL := test
BIN := .venv/bin

.venv/.installed: requirements-dev.lock pyproject.toml script/bootstrap
	@script/bootstrap

demo: .venv/.installed
	@$(BIN)/punktlig demo

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed
	$(BIN)/mypy

imports: .venv/.installed
	$(BIN)/lint-imports

test: lint types imports
	$(BIN)/pytest

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
