# make help lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
export PORT

# Many processes run the same code: it is compiled by the first.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PACKAGES := .venv/.installed
ASSETS := node_modules/.installed
STATIC := .venv/.collected

.PHONY: help setup run test soak check bench lock clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

setup: $(PACKAGES) $(ASSETS) $(STATIC) ## .venv and assets; only what has changed

$(PACKAGES): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(ASSETS): package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier
	@touch $@

$(STATIC): $(PACKAGES) $(ASSETS) $(shell find static -type f)
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

run: setup ## the product with its database, on 127.0.0.1; PORT=8001 for another port
	@$(BIN)/python -m config.launcher

test: setup ## every test; ARGS="-k name" for some
	$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

soak: setup ## longer tests and the simulation of docs/statistics.md
	$(BIN)/python -m pytest -m soak $(ARGS)

check: setup ## linters, types, migrations, settings of a real installation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint templates
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	ALLOWED_HOSTS=example.org SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	DATABASE_URL=postgresql:///example CELERY_BROKER_URL=amqp:// EMAIL_URL=smtp:// \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: setup ## benchmarks, as ratios; ARGS="pages" for some (pages autosave handing_in estimate methods export upload campaign review search)
	$(BIN)/python -m bench $(ARGS)

lock: ## requirements.txt anew from requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt

clean: ## removes what setup made; var/ with the data stays
	rm -rf .venv node_modules .*_cache .hypothesis
