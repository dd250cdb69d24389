PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
TESTERS ?= 4
# processes that run tests at once, each with engines of its own; they wait more than they work

.PHONY: help run test bench chaos lint docs audit format train places install install-all

help: ## What can be asked of make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: install ## Start everything here: engines, bot, simulator. Ctrl-C stops it
	@exec $(BIN)/python -m deploy.local

test: install-all ## Every test, on the real embedded engines; training's too, hence its libraries
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

bench: install-all ## Measurements, as ratios, and under load; SOAK=--soak for ten minutes of it
	$(BIN)/python -m tests.bench $(SOAK)

chaos: install-all ## Kill, stop and cut everything while people write, and count: some ten minutes
	$(BIN)/python -m tests.chaos

lint: install-all ## Style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: install-all ## The docs as a site, in build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

audit: install-all ## Known weaknesses of what we depend on; needs PyPI
	$(BIN)/python .ci/audit.py --strict

format: install-all ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: install-all ## Make the model again from its base and its data
	$(BIN)/python -m nlp.training.train

places: install-all ## Make the gazetteer again from its sources
	$(BIN)/python -m nlp.places.build

install: .venv/.serve
install-all: .venv/.all

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

# --inexact: what a larger set has installed stays, so that `make run` after `make test` removes nothing.
.venv/.serve: pyproject.toml uv.lock | $(BIN)/uv
	$(BIN)/uv sync --frozen --inexact --no-dev
	@touch $@

.venv/.all: pyproject.toml uv.lock | $(BIN)/uv
	$(BIN)/uv sync --frozen --inexact --all-extras
	@touch $@ .venv/.serve
