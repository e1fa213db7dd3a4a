# Everything a developer runs. A target that is up to date does nothing.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
# Services are started hundreds of times in a test run: Python compiles them once, whatever the machine's setting.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
# uv from PATH if it runs there, else one of our own.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .local/uv/bin/uv)
MINE := $(if $(filter uv,$(UV)),,$(UV))
LOCK := requirements/dev.txt
JARS := $(if $(KAFKA_HOME),,.local/kafka/complete)

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: .venv/complete $(JARS)  ## the local environment .venv, and Kafka under .local

.PHONY: run
run: install  ## the whole system on port 8000 with the sample loaded, until Ctrl-C
	@exec .venv/bin/distretti up

.PHONY: test
test: install  ## every test, against a real Kafka and MongoDB
	.venv/bin/pytest --durations 25 --numprocesses 4 --dist loadscope --no-loadscope-reorder

.PHONY: demo
demo: install  ## the whole way from members to meetings; DATA=folder takes real data
	@exec .venv/bin/distretti demo $(if $(DATA),--data "$(DATA)")

.PHONY: drill
drill: install  ## a chaos test: faults under load, then the data is verified; FAULTS=30 SEED=1
	@exec .venv/bin/distretti drill --faults $(or $(FAULTS),30) --seed $(or $(SEED),1)

.PHONY: bench
bench: install  ## speed, beside baselines
	.venv/bin/python -m benchmarks

.PHONY: check
check: .venv/complete  ## style, types, names, and the rules of who may import whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m tools.linters

.PHONY: lock
lock: $(MINE)  ## write requirements/dev.txt again from pyproject.toml
	$(UV) pip compile pyproject.toml --all-extras --universal --generate-hashes --quiet \
		--custom-compile-command "make lock" --output-file $(LOCK)

.PHONY: upgrade
upgrade: $(MINE)  ## the same with the newest versions that pyproject.toml allows
	$(UV) pip compile pyproject.toml --all-extras --universal --generate-hashes --quiet --upgrade \
		--custom-compile-command "make lock" --output-file $(LOCK)

.PHONY: advisories
advisories: $(MINE)  ## known vulnerabilities of what is locked
	$(UV) tool run pip-audit --requirement $(LOCK) --require-hashes --disable-pip --strict

.PHONY: kafka
kafka: .local/kafka/complete  ## Kafka's jars by Maven, to .local/kafka

.venv/complete: pyproject.toml $(LOCK) $(MINE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is missing: install it, or name one with PYTHON=/path/to/python3."; exit 1; }
	@test -x .venv/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes $(LOCK)
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

.local/uv/bin/uv:
	@$(PYTHON) -m venv .local/uv || \
		{ echo "Python's venv module is missing: install python3-venv, or put uv on PATH."; exit 1; }
	.local/uv/bin/pip install --quiet uv

.local/kafka/complete: deploy/kafka/pom.xml
	@command -v mvn >/dev/null || \
		{ echo "Maven is missing: install it, or set KAFKA_HOME to an unpacked Apache Kafka 4."; exit 1; }
	@rm -rf .local/kafka
	mvn --quiet --batch-mode --file $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.local/kafka
	@touch $@
