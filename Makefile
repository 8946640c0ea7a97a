# Everything a learner or a maintainer types. Each target does the set-up it needs; a second call
# costs nothing.
.DEFAULT_GOAL := help
.PHONY: help setup lab site test test-all test-long bench wheel lock clean
PYTHON ?= python3
BIN := .venv/bin
# Half of a test's time is waiting (for a server, a limit, a child process), so there are more
# workers than cores.
WORKERS ?= 4
READY := .venv/ready
export UV_LINK_MODE ?= hardlink

help:            ## this list
	@sed -n 's/^\([a-z-]*\): .*## */  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(READY)  ## virtual environment with the locked packages and the project itself

lab: $(READY)    ## open the workbench in JupyterLab; the address is printed
	@$(BIN)/workbench lab $(LAB)

site: $(READY)   ## the course as a static site, in .workbench/site: minutes, the notebooks are run
	@$(BIN)/workbench publish .workbench/site

# Notebooks are compared with their stored outputs (nbval), those that run engines in test-all.
PYTEST = home=$$(mktemp -d) && WORKBENCH_HOME=$$home $(BIN)/python -m pytest -q -p tests.early --dist loadfile \
    --nbval notebooks solutions tests $(1); code=$$?; rm -rf $$home; exit $$code

test: $(READY)   ## the quick proof: lint, tests, the quick notebooks compared with their outputs
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@$(call PYTEST,-n $(WORKERS))

test-all: test   ## the quick proof, then what is slow
	@$(call PYTEST,-n 3 -m "slow and not long")
	@$(BIN)/workbench run notebooks --seed 7 --acts
	@$(BIN)/workbench run exercises

test-long: $(READY)  ## the full sets, of which test-all has a sample: an hour or more
	@$(BIN)/python -m pytest -q -n 2 -m long

bench: $(READY)  ## figures beside a peer measured in the same run
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

wheel: $(READY)  ## dist/: the package with the course inside
	@$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist

lock:            ## resolve the dependencies anew into requirements.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --all-extras \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --quiet -o requirements.lock

clean:           ## remove the environment and everything the workbench has written
	rm -rf .venv .workbench dist

# uv comes out of the lock file too, so that one file decides every version.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	    { echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
	        "Try: make setup PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv: a few minutes, once."
	@$(PYTHON) -m venv .venv
	@awk '/^uv==/ {take = 1; print; next} take && !/^ / {exit} take' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
