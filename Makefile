# `make demo` and `make test` work in a fresh clone: they make .venv from the hash-locked list first.
PYTHON ?= python3
BIN = .venv/bin
# Nothing of the host's pip settings decides what is installed; the hashes decide.
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

# What tests write lies in memory, where there is such a folder: thousands of commits wait for no disk.
MEMORY = $(firstword $(wildcard /dev/shm) $(TMPDIR) /tmp)

.PHONY: help demo test check bench fuzz simulate pictures fix lock clean
help:      ## this list
	@sed -n 's/^\([a-z]*\): .*## /make \1\t/p; s/^\([a-z]*\):  *## /make \1\t/p' Makefile | sort -u

demo: .venv/ready  ## a made-up study group in the browser; ARGS="--once" plays it in the terminal
	$(BIN)/flashmob demo $(ARGS)

# Three workers on two cores, since many tests wait for a socket; and Python may keep what it compiled, since many tests
# start programs.
test: .venv/ready  ## every test, on three workers
	TMPDIR=$(MEMORY) PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 3 $(ARGS)

check: .venv/ready  ## what must hold before the tests are run: format, lint, types, import rules, decks
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/flashmob deck check decks/*.deck.md
	$(BIN)/flashmob deck fmt --check decks/*.deck.md

bench: .venv/ready  ## the figures of bench/goals.toml, as ratios to a control in the same run
	$(BIN)/python -m bench.run $(ARGS)

fuzz: .venv/ready  ## break files of every deck format and read them; ARGS="--seconds 60 gift" for longer
	$(BIN)/python -m bench.fuzz $(ARGS)

storm: .venv/ready  ## hundreds of kills over thousands of planned posts, on platforms where much goes wrong: 4 minutes
	$(BIN)/python -m bench.storm $(ARGS)

simulate: .venv/ready  ## is choosing by expected gain worth it? thirty learners, 120 days
	$(BIN)/python -m bench.simulate

pictures: .venv/ready  ## take the pictures of Discord and Slack in docs/pictures anew (needs a Chromium); ARGS="slack" for one
	$(BIN)/python -m bench.pictures $(ARGS)

fix: .venv/ready  ## format, and mend what the linter can mend
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --fix --quiet .

lock:  ## resolve requirements/ anew (needs uv)
	uv pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11 --all-extras pyproject.toml -o requirements/run.txt
	uv pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11 --all-extras --group dev pyproject.toml -o requirements/dev.txt

clean:  ## remove what was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@
