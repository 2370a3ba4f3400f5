# Everything a newcomer needs: `make run` and `make test`.
SHELL := /bin/bash
UV_VERSION ?= 0.9
# A uv that works, or one of our own in .tools (a version manager's shim may be on the PATH and still fail).
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.PHONY: run test test-long check train shell bench eval install format

run: install ## install, migrate, train if needed, start everything on http://localhost:8000
	@$(RUN) suda serve --prepare

test: install ## every test that this machine can run; says what it skipped and why
	@$(RUN) python -m tests

test-long: install ## the long fault runs
	@$(RUN) python -m tests --long

check: install ## lint, types, imports
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) lint-imports

train: install ## train the model if the data changed
	@$(RUN) suda train

shell: install ## talk to the assistant in the terminal: rasa shell with the actions
	@$(RUN) suda shell

eval: install ## how well texts are understood, beside stock Rasa; writes docs/evaluation.md
	@$(RUN) python -m evaluation

bench: install ## side by side with stock Rasa; see README
	@$(RUN) python -m bench

format: install
	@$(RUN) ruff check --fix . && $(RUN) ruff format .

install: .venv/.installed

.venv/.installed: pyproject.toml uv.lock .python-version | $(filter .tools/bin/uv,$(UV))
	@echo "Installing from the lock …"
	@$(UV) sync --frozen --quiet
	@touch $@

.tools/bin/uv:
	@echo "Bringing uv into .tools …"
	@python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check "uv>=$(UV_VERSION)"
