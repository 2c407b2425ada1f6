# The verbs of a developer's and an operator's day; `make help` prints them.

VENV = .venv/bin/python
# Two for each core: many tests wait, for a server to be slow or for a process to start.
WORKERS = $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) )))

# PYTHON=python3.12 chooses the interpreter; ARGS="-k ask -x" goes to pytest.
export HF_HUB_DISABLE_TELEMETRY = 1
export TOKENIZERS_PARALLELISM = false
# Where it is forbidden to write bytecode, every program the tests start compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check lint audit format index knowledge-check docs catalogue site clean
.DEFAULT_GOAL := help

help: ## print the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

run: ## set up, build the index and start: the sandbox, or Telegram where BOT_TOKEN is set
	@sh scripts/setup.sh run
	@exec $(VENV) -m bot

setup: ## set up everything for development, without starting
	@sh scripts/setup.sh dev

test: setup ## set up and run every test; ARGS goes to pytest
	@$(VENV) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint audit test ## lint, types, import contracts, known security holes, then every test

lint: setup ## lint, types and import contracts alone
	@$(VENV) -m ruff check
	@$(VENV) -m ruff format --check
	@$(VENV) -m mypy
	@$(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command(["--no-logo"])'

audit: setup ## known security holes in the pinned packages, where the network allows
	@$(VENV) -m scripts.audit

format: setup ## mend the layout and what lint can mend by itself
	@$(VENV) -m ruff check --fix
	@$(VENV) -m ruff format

index: ## build the index now
	@sh scripts/setup.sh build
	@$(VENV) -m scripts.build_index

knowledge-check: ## check the knowledge pack; lists every problem
	@sh scripts/setup.sh run
	@$(VENV) -m scripts.check_knowledge

docs: ## write the generated docs anew: .env.example, settings, commands, limits ...
	@sh scripts/setup.sh run
	@$(VENV) -m scripts.generate_docs

catalogue: setup ## the template of all messages, and every translation, brought up to date with the code
	@$(VENV) -m scripts.catalogue

site: setup ## build the docs site in build/site; warnings are errors
	@$(VENV) -m sphinx -W -n -q -c docs -d build/doctrees . build/site
	@echo "Open build/site/index.html"

clean: ## remove the environment and caches; never var/, where the data is
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
