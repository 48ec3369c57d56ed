# Everything a developer or CI runs. Only make and Python >= 3.11 are needed; the rest goes into .venv.
#
#   make demo       install and show the event of a multi-tenant InferenceService
#   make test       run the tests, on all cores (ARGS='-n 0' for one)
#   make test-pythons  run them again on the oldest Python 3.11 and the newest Python of this machine
#   make fuzz       run the property tests with many new examples
#   make lint       style, types, layers, workflows, that generated files are current, and that the site can be built
#   make format     format the code
#   make generated  write the generated files again
#   make new-rule NAME=the-defect [GROUP=annotations]  write a rule with its test, and say what to change
#   make release-facts VERSION=0.22.0  list what to measure for a release of KServe, and where each answer goes
#   make docs       build the documentation site into site/, with strict links
#   make bench      start-up and throughput in bare interpreter starts, and the sidecar beside a Go program
#   make performance  measure the sidecar, and write docs/performance.md
#   make clean      remove .venv and caches
#
# PYTHON=... chooses the interpreter for .venv, VENV=... another folder than .venv; ARGS=... is passed to pytest, the demo
# or the benchmark.

VENV ?= .venv
BIN := $(VENV)/bin
FIND_PYTHON := for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done

ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# Commands are started many times by tests and benchmarks: compiling them each time would be all one measures.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# $(call install,ARGUMENTS) runs pip and shows how far it is: one line for each package, and for each large download.
# Nothing is compiled in advance, which would take half of the time, for modules that are mostly never imported.
# A shell returns the exit code of the last command of a pipe only, so pip's success is told by the target it touches.
define install
@rm -f $@
@{ $(BIN)/python -m pip install --no-input --no-compile --progress-bar off $(1) && touch $@; } | \
while read -r word rest; do case "$$word $$rest" in \
	"Collecting "*) echo "  Collecting $${rest%% *}" ;; \
	"Downloading "*MB\)) echo "  Downloading $$rest" ;; \
	"Installing collected "*) echo "  Unpacking all of them ..." ;; \
esac; done; test -e $@
endef

DOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

.PHONY: demo test test-pythons fuzz lint format generated docs new-rule release-facts bench performance clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/isvclog preview -f examples/01-multi-tenant.yaml $(ARGS)

test: $(VENV)/developing
	@echo "Collecting the tests; then each dot is a test that passes"
	$(BIN)/python -m pytest -n $(if $(UPDATE_EXPECTED),0,auto) $(ARGS)

# Each Python gets an environment of its own.
test-pythons: $(VENV)/python
	@tested=$$($(BIN)/python -c 'import platform; print(platform.python_version())'); \
	found=$$($(BIN)/python -m scripts.find_pythons --except $$tested) || exit; \
	[ -n "$$found" ] || { echo "No other Python than $$tested was found to test with"; exit 0; }; \
	echo "$$found" | while read -r version program; do \
		echo "Testing with Python $$version ($$program)"; \
		$(MAKE) --no-print-directory VENV=.venv-$$version PYTHON=$$program test </dev/null || exit; \
		echo "The tests pass with Python $$version"; \
	done

fuzz: $(VENV)/developing
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=searching $(ARGS)

lint: $(VENV)/developing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@echo "Checking types; the first time, nothing is said for a while"
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .
	@[ -x $(BIN)/actionlint ] || GOBIN=$(abspath $(BIN)) go install $(ACTIONLINT) 2>/dev/null || true
	@if [ -x $(BIN)/actionlint ]; then $(BIN)/actionlint -shellcheck= -pyflakes=; \
	else echo "actionlint is skipped: it is built with Go, from modules that are downloaded"; fi
	$(BIN)/python -m scripts.generate_releases --check
	$(BIN)/python -m scripts.generate_schemas --check
	$(BIN)/python -m scripts.generate_runtimes --check
	$(BIN)/python -m scripts.generate_docs --check
	@if $(MAKE) --no-print-directory $(VENV)/documenting; then echo "Building the site"; $(DOCS); \
	else echo "The site was not built: its tools cannot be installed here"; fi

format: $(VENV)/developing
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generated: $(VENV)/installed
	$(BIN)/python -m scripts.generate_releases
	$(BIN)/python -m scripts.generate_schemas
	$(BIN)/python -m scripts.generate_runtimes
	$(BIN)/python -m scripts.generate_docs
	$(BIN)/python -m scripts.generate_pictures

new-rule: $(VENV)/developing
	$(BIN)/python -m scripts.new_rule $(NAME) $(GROUP)
	@$(MAKE) --no-print-directory generated

release-facts: $(VENV)/installed
	@$(BIN)/python -m scripts.release_facts $(VERSION)

docs: $(VENV)/documenting
	$(DOCS)
	@echo "The site is in site/"

bench: $(VENV)/developing
	$(BIN)/python -m evaluations.bench $(ARGS)
	$(if $(findstring --against,$(ARGS)),,$(BIN)/python -m evaluations.sidecar.bench $(ARGS))

# Takes a quarter of an hour, in which nothing else should run.
performance: $(VENV)/developing
	$(BIN)/python -m evaluations.sidecar.bench --record $(ARGS)

clean:
	rm -rf $(VENV) .venv-* build dist site .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/python:
	@python=$${PYTHON:-$$($(FIND_PYTHON))}; \
	[ -n "$$python" ] || { echo "isvclog needs Python 3.11 or newer with its venv module; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }; \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "isvclog needs Python 3.11 or newer, and $$python is $$($$python -V 2>&1); choose another with PYTHON=" >&2; exit 1; }; \
	echo "Creating $(VENV) with $$($$python -V)"; $$python -m venv --clear $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml
	@echo "Installing isvclog and its dependencies into $(VENV) ..."
	$(call install,--editable .)

# Dependency groups (PEP 735) need pip 25.1; the pip that comes with Python 3.11 and 3.12 is older.
$(VENV)/developing: $(VENV)/installed
	@echo "Installing the tools of development into $(VENV) ..."
	$(call install,'pip>=25.1')
	$(call install,--group dev)

# MkDocs and its theme. Without a package index, everything but the site works.
$(VENV)/documenting: $(VENV)/developing
	@echo "Installing the tools of the documentation site into $(VENV) ..."
	$(call install,--group docs)
