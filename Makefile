# What a maintainer does. `demo` and `test` need nothing but Python 3.11 or newer and the package index.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test test-browser chromium fuzz check generate diff bench build vendor clean

demo: $(VENV)/.demo
	$(BIN)/python examples/demo.py demo-output

test: $(VENV)/.dev
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest --numprocesses auto --dist worksteal
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

# The example web app in a real browser.
test-browser: chromium $(VENV)/.browser
	$(BIN)/pyright --pythonpath $(BIN)/python tests/browser
	$(BIN)/python -m pytest tests/browser

# Debian's; it is installed where that may be done.
chromium:
	@test -x /usr/bin/chromium -a -x /usr/bin/chromedriver || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
	    { echo "Chromium is missing. Install it, then try again: apt-get install chromium chromium-driver"; exit 1; }; \
	  apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null; }

# The random tests of `make test`, for longer: make fuzz FUZZ=100
FUZZ ?= 20
fuzz: $(VENV)/.dev
	FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/sandbox/test_schemathesis.py tests/sandbox/test_state_machine.py \
		tests/test_scale.py tests/test_collector.py tests/test_fault_scripts.py tests/test_wait_scripts.py \
		tests/test_pushed_waits.py

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	PATH="$(abspath $(BIN)):$$PATH" PYTHONPATH=src $(BIN)/pyright --verifytypes aiovideogen --ignoreexternal
	$(BIN)/python -m pytest -q tests/test_generated.py tests/test_spec.py tests/test_layers.py

generate: $(VENV)/.dev
	$(BIN)/python generator-templates/generate.py generated

# What a newer document of the provider changes: make diff UPSTREAM=openapi.json, for programs with JSON=1
diff: $(VENV)/.dev
	@test -n "$(UPSTREAM)" || { echo "usage: make diff UPSTREAM=openapi.json"; exit 2; }
	@$(BIN)/python generator-templates/diff.py "$(UPSTREAM)" $(if $(JSON),--json)

# Each beside plain httpx and, from an environment of its own, the official client.
bench: $(VENV)/.dev
	official=$$($(BIN)/python benchmarks/official.py) && \
	$(BIN)/python benchmarks/import_time.py --official $$official && \
	$(BIN)/python benchmarks/call_overhead.py --official $$official && \
	$(BIN)/python benchmarks/sandbox.py && \
	$(BIN)/python benchmarks/waits.py --official $$official && \
	$(BIN)/python benchmarks/webhooks.py && \
	$(BIN)/python benchmarks/transfers.py --official $$official && \
	$(BIN)/python benchmarks/poll_simulation.py

# The source archive, and from it the wheel.
build: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# Copy the package into another code base: make vendor DEST=their_app/_vendor/aiovideogen
vendor:
	@test -n "$(DEST)" || { echo "usage: make vendor DEST=their_app/_vendor/aiovideogen"; exit 2; }
	rm -rf "$(DEST)"
	mkdir -p "$(dir $(abspath $(DEST)))"
	cp -RL src/aiovideogen "$(DEST)"
	find "$(DEST)" -name __pycache__ -prune -exec rm -rf {} +

clean:
	rm -rf $(VENV) dist demo-output .pytest_cache .ruff_cache .hypothesis .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "aiovideogen needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[sandbox]"
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[sandbox]" --group dev
	touch $@ $(VENV)/.demo

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group browser
	touch $@
