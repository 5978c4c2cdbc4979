# Everything a developer, a user and CI need; `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TEMPLATES := mock_data/templates

.DEFAULT_GOAL := help
.PHONY: help install run seed reset test test-unit test-integration test-api test-acceptance torture \
        lint format bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv and install the pinned dependencies

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(INSTALLED) ## Migrate, scan the shipped templates and serve the catalogue
	@$(BIN)/python -m registry migrate \
	  && $(BIN)/python -m discovery scan --source $(TEMPLATES) \
	  && exec $(BIN)/python -m api serve

seed: $(INSTALLED) ## Scan the shipped templates
	$(BIN)/python -m discovery scan --source $(TEMPLATES)

reset: $(INSTALLED) ## Delete every event and read model
	$(BIN)/python -m registry reset --yes

test: test-unit test-integration test-api test-acceptance ## Run all tests, with their coverage enforced

# Two processes, since most tests wait for a server half of the time. Of schemathesis, which takes a
# second to load, only the API tests make use.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadscope
WITHOUT_SCHEMATHESIS := -p no:schemathesis
test-unit: $(INSTALLED) ## Run the unit tests (95 % of the domain, inference and reading)
	$(PYTEST) $(WITHOUT_SCHEMATHESIS) tests/unit --cov=registry --cov=discovery --cov-config=tests/unit/coveragerc --cov-fail-under=95

test-integration: $(INSTALLED) ## Run the integration tests (85 % of the rest of registry, projections, discovery)
	$(PYTEST) $(WITHOUT_SCHEMATHESIS) tests/integration --cov=registry --cov=projections --cov=discovery \
	  --cov-config=tests/integration/coveragerc --cov-fail-under=85

test-api: $(INSTALLED) ## Run the API tests (90 % of api)
	$(PYTEST) tests/api --cov=api --cov-fail-under=90

test-acceptance: $(INSTALLED) ## Run the whole product as its users do
	$(BIN)/python -m pytest $(WITHOUT_SCHEMATHESIS) tests/acceptance

TORTURE ?= 10
torture: $(INSTALLED) ## Repeat what chance decides (kills, races, histories) TORTURE=10 times as often
	TORTURE=$(TORTURE) $(BIN)/python -m pytest tests/unit \
	  $(addprefix tests/integration/test_,races.py killed_projectors.py random_histories.py \
	    lost_answers.py projection_leaders.py)

lint: $(INSTALLED) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(INSTALLED) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED) ## Measure, with ratios taken side by side in one run
	$(BIN)/python -m tests.benchmarks

lock: $(INSTALLED) ## Pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade --quiet -o requirements.lock

clean: ## Delete .venv and caches, but no data
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage build *.egg-info
