# Everything a fresh machine with Python 3.11-3.13 and make needs. PYTHON picks the interpreter.
PYTHON ?= python3
VENV ?= .venv
# What the tests need; test-models adds PyTorch and the training libraries, which are large.
LIGHT := dev,llm,scale,serve,squid
HEAVY := $(LIGHT),dinov3,grpo,train
BIN := $(VENV)/bin
# A process per core, a file of tests at a time, so that what a file sets up is set up once.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

# A short run that shows whether an installation works: the face, opening and measuring, programs, the command line.
QUICK := tests/test_face.py tests/raster tests/spatial/test_setops.py tests/program/test_paper.py tests/cli/test_cli.py
QUICKLY := -m pytest $(QUICK)
# What the short run needs beside the package.
BARE := 'pytest>=8' 'hypothesis>=6.100' 'scipy>=1.11'
UV := $(BIN)/python -m uv

.PHONY: demo test test-models test-base test-oldest test-pythons lint bench bench-scale docs site page lock clean

demo: $(VENV)/.base  ## install, make a scene, ask it a question, draw the answer
	$(BIN)/planimeter world --out demo-out --seed 4
	$(BIN)/planimeter ask demo-out/image.tif "How many buildings larger than 100 m² are within 50 m of water?" \
		--labels demo-out/labels.tif --legend demo-out/legend.json --out demo-out/answer

test: $(VENV)/.dev lint  ## install, then lint, types and every test that needs no PyTorch
	$(PYTEST)

test-models: $(VENV)/.models  ## install PyTorch too, then the tests of training and of large models
	OMP_NUM_THREADS=1 $(PYTEST) tests/train tests/reason tests/segment tests/llm \
		src/planimeter/train src/planimeter/reason src/planimeter/segment

test-base: $(VENV)/.uv  ## the short run without any extra
	$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)-base
	$(UV) pip install --quiet --python $(VENV)-base --constraint requirements.lock --editable . $(BARE)
	$(VENV)-base/bin/python $(QUICKLY)

test-oldest: $(VENV)/.uv  ## the short run with the oldest dependencies that pyproject.toml allows
	$(UV) venv --quiet --clear --python $(BIN)/python $(VENV)-oldest
	$(UV) pip install --quiet --python $(VENV)-oldest --resolution lowest-direct --editable . $(BARE)
	$(VENV)-oldest/bin/python $(QUICKLY) -W default

test-pythons: $(VENV)/.uv  ## the short run in every other supported Python that is on this machine
	@for version in 3.11 3.12 3.13; do \
		for python in python$$version $$HOME/.pyenv/versions/$$version.*/bin/python; do \
			$$python -c "" 2>/dev/null || continue; \
			echo "== $$version"; \
			$(UV) venv --quiet --clear --python $$($$python -c "import sys; print(sys.executable)") $(VENV)-$$version && \
			$(UV) pip install --quiet --python $(VENV)-$$version --constraint requirements.lock --editable . $(BARE) && \
			$(VENV)-$$version/bin/python $(QUICKLY) || exit 1; \
			break; \
		done; \
	done

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev  ## the measured ratios of docs/performance.md
	$(PIP) --editable '.[bench,reason,squid]'
	@for script in bench/*_bench.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

bench-scale: $(VENV)/.dev  ## scenes larger than memory: exact numbers, memory, time, workers
	$(BIN)/python bench/scale.py

page:  ## bundle the page of planimeter serve (needs npm; the bundle is committed)
	cd web && npm ci && npm run check && npm run build

docs: $(VENV)/.dev  ## write the pages that are made from the code
	$(BIN)/python docs/generate.py

site: $(VENV)/.dev  ## the documentation as a site in ./site; a warning is an error
	$(PIP) --editable '.[docs]'
	$(BIN)/mkdocs build --quiet --strict

lock: $(VENV)/.uv  ## pin every dependency anew
	$(UV) pip compile --quiet --upgrade --universal --all-extras --no-emit-index-url --no-annotate \
		--constraint torch.constraint --custom-compile-command "make lock" \
		--output-file requirements.lock pyproject.toml

$(VENV)/.base: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/.dev: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[$(LIGHT)]'
	touch $@ $(VENV)/.base

$(VENV)/.uv: $(VENV)/.dev
	$(PIP) uv
	touch $@

$(VENV)/.models: $(VENV)/.dev
	$(PIP) --editable '.[$(HEAVY)]'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-* site demo-out build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
