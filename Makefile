# Trực Quan. `make` prints what there is.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run accounts test lint soak bench lighthouse peers strings assets lock clean

help: ## print what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.venv/ready: requirements.txt requirements-postgres.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is:"; $(PYTHON) --version; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || sh .ci/debian python3-venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-postgres.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/ready ## set up and serve Hạ Long's demo campaign on http://127.0.0.1:8000 (PORT changes it)
	@$(BIN)/flask db upgrade
	@$(BIN)/flask inventory demo --if-empty
	@echo "Trực Quan: http://127.0.0.1:$(PORT)   (Ctrl+C ends it; lost the passwords? make accounts)"
	@exec $(BIN)/gunicorn 'app:create_app()'

accounts: .venv/ready ## give the demo accounts fresh random passwords and print them once
	@$(BIN)/flask inventory demo

test: .venv/ready-dev ## set up what tests need and run all of them (SQLite, PostgreSQL, Chromium)
	@sh .ci/debian chromium postgresql libreoffice-calc-nogui poppler-utils
	@sh .ci/caddy
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 --dist loadfile -m "not soak"

lint: .venv/ready-dev ## style, types, the house's contracts, assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python static/vendor.py check

soak: .venv/ready-dev ## the long counts of the trust claims
	@sh .ci/debian chromium postgresql libreoffice-calc-nogui poppler-utils
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -m soak --timeout 3600

bench: .venv/ready-dev peers ## measurements beside the peers, as tables
	@$(BIN)/python -m tests.bench

peers: .venv-bench/ready ## set up what `make bench` measures beside: SciPy, OR-Tools, PostGIS
	@sh .ci/debian postgresql postgresql-15-postgis-3

.venv-bench/ready: requirements.txt requirements-dev.txt requirements-bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-bench.txt
	@touch $@

lighthouse: .venv/ready-dev tests/lighthouse/node_modules/ready ## Lighthouse on the field app: five runs, medians against the aims
	@sh .ci/debian chromium
	@$(BIN)/python -m tests.lighthouse

tests/lighthouse/node_modules/ready: tests/lighthouse/package-lock.json
	@sh .ci/debian npm
	cd tests/lighthouse && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts
	@touch $@

strings: .venv/ready-dev ## collect the words of the screens and compile their English
	$(BIN)/pybabel -q extract -F inventory/locale/babel.cfg -k _l -k refuse:2 -k Problem:2 -k BadInput:2 -k Unreadable:2 -k Flag:2 -k sentence --no-location --sort-output --omit-header -o inventory/locale/messages.pot .
	$(BIN)/pybabel -q update -i inventory/locale/messages.pot -d inventory/locale -l en --no-fuzzy-matching --ignore-obsolete --omit-header
	$(BIN)/pybabel -q compile -d inventory/locale
	rm inventory/locale/messages.pot

assets: .venv/ready ## fetch the browser files of other projects again, from npm, and lock them
	npm ci --ignore-scripts
	$(BIN)/python static/vendor.py build
	for size in 192 512; do chromium --headless --no-sandbox --hide-scrollbars --screenshot=static/img/app-icon-$$size.png --window-size=$$size,$$size file://$(CURDIR)/static/img/app-icon.svg; done

lock: .venv/ready-dev ## pin the requirements anew, with hashes
	$(BIN)/pip install --quiet uv
	for name in requirements requirements-postgres requirements-dev requirements-bench requirements-heic; do $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-index-url $$name.in -o $$name.txt; done

clean: ## remove what was built (never the data folder)
	rm -rf .venv .venv-bench build node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
