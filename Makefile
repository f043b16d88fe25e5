# `make demo` and `make test` do everything; both make their own environment in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench clean requirements

demo: .venv/core
	@rm -rf demo
	@$(BIN)/firsthand demo --home demo

test: .venv/dev
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: .venv/dev
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check --quiet src tests bench || { $(BIN)/ruff format --diff src tests bench | head -40; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -12

bench: .venv/dev
	@$(BIN)/python bench/run.py

.venv/core: requirements/core.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Making the environment (.venv); this takes about a minute the first time …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/core.txt
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

.venv/dev: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Making the environment (.venv); this takes some minutes the first time …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@ .venv/core

# Pinned with hashes and without addresses, so that everyone runs the same from any index.
requirements:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra voice --extra web pyproject.toml -o requirements/core.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev --extra names --extra s3 --extra spark --extra voice --extra web pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv demo build dist .pytest_cache .mypy_cache .ruff_cache
