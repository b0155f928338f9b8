# Needs make and Python 3.11 or later (with venv); all else comes from PyPI, each file checked against constraints.txt.
# Another Python: make run PYTHON=/usr/bin/python3. The environment is made anew when the version of Python changes.

PYTHON ?= python3
VENV ?= .venv
STORE ?= data/store
PORT ?= 8000
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell $(PYTHON) -c 'import platform; print(platform.python_version())' 2>/dev/null)
DEPLOY := infra/deploy
CHECKS := .venv-lint/bin
CHECKS_READY := .venv-lint/.ready
# Where the environment forbids Python to keep what it compiled, each program starts three times as slowly.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run test test-fast lint lint-infra serve screenshots runbook lock lock-infra clean

setup: $(READY) ## The environment with everything that the other targets need

run: $(READY) ## The whole way on the bundled sample pages: fetch, read, check, publish
	GONGBAO_ARCHIVE_URL=. $(BIN)/gongbao run --source samples --store $(STORE)
	@echo 'The pages: make serve, then http://127.0.0.1:$(PORT)/. The files: $(STORE)/samples/latest/'

test: $(READY) ## Every test, on three processes: one of them mostly waits for a server
	$(BIN)/pytest -n 3 --dist loadgroup --durations 10

test-fast: $(READY) ## The tests of tests/unit, none of which needs a server, a browser or a kill
	$(BIN)/pytest -n 2 --dist loadgroup -m 'not server' tests/unit

lint: $(READY) ## Style, types, the direction of imports, and the rules of tests/unit/project
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/unit/project

lint-infra: $(CHECKS_READY) ## The files of infra/deploy: each by the linter of its kind; exceptions stand beside what they except
	$(CHECKS)/yamllint --strict --config-file $(DEPLOY)/yamllint.yaml .
	$(CHECKS)/shellcheck --enable=avoid-nullary-conditions,deprecate-which,quote-safe-variables .ci/run $(DEPLOY)/scripts/*.sh
	$(CHECKS)/hadolint --config $(DEPLOY)/hadolint.yaml $(DEPLOY)/Dockerfile
	$(CHECKS)/docker-compose --file $(DEPLOY)/compose.yaml --env-file $(DEPLOY)/.env.example config --quiet
	for file in Caddyfile gate.Caddyfile; do $(CHECKS)/caddy fmt --diff $(DEPLOY)/web/$$file >/dev/null || exit 1; done
	$(CHECKS)/checkov --config-file $(DEPLOY)/checkov.yaml
	if command -v terraform >/dev/null; then terraform fmt -check -recursive $(DEPLOY)/terraform; fi

serve: $(READY) ## The pages and files of the local store at http://127.0.0.1:8000/, range requests included
	$(BIN)/python -m infra.serve $(STORE) $(PORT)

screenshots: run ## Pictures of the pages into docs/screenshots, wide and narrow; needs Debian's chromium and fonts-noto-cjk
	PYTHONPATH=tests $(BIN)/python tests/support/screenshots.py $(STORE) docs/screenshots

runbook: $(READY) ## docs/RUNBOOK.md, made of schemas/alarms/alarms.toml
	$(BIN)/python -m schemas.alarms.runbook docs/RUNBOOK.md

lock: $(READY) ## Write constraints.txt anew; `make lock UPGRADE=--upgrade` takes newer versions
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate \
	    --quiet $(UPGRADE) --output-file constraints.txt

lock-infra: $(READY) ## The same for the linters of infra/deploy and for the installer of its image
	cd $(DEPLOY) && for what in lint uv; do $(CURDIR)/$(BIN)/uv pip compile $$what-requirements.in --universal --no-header \
	    --python-version 3.11 --generate-hashes --no-annotate --quiet $(UPGRADE) --output-file $$what-constraints.txt || exit 1; done

clean: ## The environment and the caches; what was published stays
	rm -rf .venv .venv-* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 2) and "Gongbao needs Python 3.11.2 or later")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo '$(PYTHON) has no venv module; on Debian or Ubuntu: apt install python3-venv' >&2; exit 1; }
	test -e $@ -o ! -e $(VENV)/pyvenv.cfg || rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(CHECKS_READY): $(DEPLOY)/lint-constraints.txt | $(READY)
	test -x $(CHECKS)/python || $(PYTHON) -m venv .venv-lint
	$(BIN)/uv pip sync --quiet --python $(CHECKS)/python --require-hashes $(DEPLOY)/lint-constraints.txt
	touch $@
