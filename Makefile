# Each target is one line that you can type by hand; see README.md.
SHELL := /bin/sh
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: run setup test chat lint types bench train evaluate lock clean help

help:  ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

run: setup  ## set up what is missing, then start the server and print the page's address
	@$(PY) -m bot.cli serve

setup: .venv/.ready  ## make the environment and train the model, if either is out of date
	@$(PY) -m bot.cli train --if-needed

chat: setup  ## talk in this terminal
	@$(PY) -m bot.cli chat

train: .venv/.ready  ## train anew, needed or not
	@$(PY) -m bot.cli train

test: setup  ## run every test (what the machine cannot run is named at the end)
	@$(PY) -m pytest -q tests

lint: .venv/.ready  ## ruff
	@$(PY) -m ruff check bot actions tests tools bench && $(PY) -m ruff format --check -q bot actions tests tools bench

types: .venv/.ready  ## mypy --strict
	@$(PY) -m mypy --strict bot actions

bench: setup  ## speed and memory, side by side with a default `rasa init` bot
	@$(PY) -m bench

evaluate: setup  ## how well the reader does on messages it was not trained on
	@$(PY) -m bot.cli evaluate

lock: .venv/.ready  ## resolve the lock file anew from pyproject.toml
	@.venv/bin/uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --extra dev pyproject.toml -o requirements.lock

clean:  ## remove what make made (not var/, which holds conversations)
	rm -rf .venv models build *.egg-info .pytest_cache .mypy_cache .ruff_cache

.venv/.ready: requirements.lock requirements-uv.lock
	@python=$$(scripts/python310) && rm -rf .venv && "$$python" -m venv .venv
	@echo "Installing what requirements.lock names (about 220 packages, once)..."
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@.venv/bin/uv pip sync -q --compile-bytecode --require-hashes --python $(PY) requirements-uv.lock requirements.lock
	@.venv/bin/uv pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@
