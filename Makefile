# Everything a fresh machine with Python 3.11-3.13 and make needs. PYTHON picks the interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: demo test lint bench lock clean

demo: $(VENV)/.base  ## install, make a scene, ask it a question, draw the answer
	$(BIN)/planimeter world --out demo-out --seed 4
	$(BIN)/planimeter ask demo-out/image.tif "How many buildings larger than 100 m² are within 50 m of water?" \
		--labels demo-out/labels.tif --legend demo-out/legend.json --out demo-out/answer

test: $(VENV)/.dev lint  ## install, then lint, types and every test
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev  ## the measured ratios of docs/performance.md
	$(PIP) --editable '.[bench]'
	@for script in bench/*_bench.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

lock: $(VENV)/.dev  ## pin every dependency anew
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --all-extras --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

$(VENV)/.base: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/.dev: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[dev]'
	touch $@ $(VENV)/.base

clean:
	rm -rf $(VENV) demo-out build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
