# Set-up, tests and chores. Each step says what it does and how long it takes on two cores, is
# skipped when done (stamps in .setup/), and goes on where it stopped when it was broken off.
#
#   make chat          set up everything, index the sample corpus, open the page
#   make ask Q="..."   one answer in the terminal
#   make test          set up everything, run all tests

PYTHON ?= python3
Q ?= Which sources disagree?
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export HF_HUB_DISABLE_TELEMETRY = 1
export GRADIO_ANALYTICS_ENABLED = False

BIN := .venv/bin
RAG := $(BIN)/rag
PIP := $(BIN)/python -m pip --quiet --quiet
JOBS := $(shell nproc 2>/dev/null || echo 2)
# Where PyPI's torch is the build for graphics cards (gigabytes larger), name the address of PyTorch's
# index of CPU wheels here: make chat TORCH_INDEX=...
TORCH_INDEX ?=

# No vision, no TLS and no server tools in llama.cpp: none of them is used here.
LLAMA_OPTIONS := -DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_SUBPROCESS=OFF
# GCC 12 drops the stores of a table that llama.cpp's AMX kernels load by an instruction GCC does not
# see through, and the process ends in a protection fault: so no dead stores are removed.
ifeq ($(shell uname -m)$(shell c++ --version 2>/dev/null | grep -ci clang),x86_640)
LLAMA_FLAGS := -fno-tree-dse -fno-dse
endif

# Two workers for the tests that leave room beside them; those with the default generator do not.
SIDE_BY_SIDE := -n 2

.DELETE_ON_ERROR:
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= $(shell date +%s)

.PHONY: help setup weights chat ask test test-scale test-adapters lint types gate bench bench-index bench-embedding fuzz soak load sbom audit licences clean distclean

help:
	@sed -n 's/^#   //p' Makefile

setup: .setup/packages

weights: .setup/weights

chat: .setup/weights .setup/corpus
	@echo "==> opening the page on http://127.0.0.1:7860 (stop it with Ctrl-C)"
	@$(RAG) ui

ask: .setup/weights .setup/corpus
	@$(RAG) ask "$(Q)"

test: .setup/weights .setup/weights-test .setup/browser .setup/fonts
	@echo "==> tests without the default generator (2 to 4 minutes)"
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE)
	@echo "==> longer tests and those with the default generator (10 to 16 minutes)"
	@$(BIN)/python -m pytest -q -m "model or slow"

test-scale: .setup/packages-scale
	@echo "==> tests with a Milvus server and a Ray cluster of two nodes"
	@$(BIN)/python -m pytest -q -m scale tests/stores

test-adapters: .setup/packages-adapters
	@echo "==> the retrievers inside the real LangChain and LlamaIndex"
	@.setup/adapters/bin/python -m pytest -q -m "adapters or not adapters" tests/adapters

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

gate: .setup/weights
	@$(RAG) eval dev --quick --baseline eval/baselines/dev-quick.json

bench: .setup/weights
	@echo "==> starts, a dozen questions beside a plain pipeline, and the machine's limits (10 minutes)"
	@$(RAG) bench

bench-index: setup
	@echo "==> installing hnswlib and bm25s, to compare with"
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@echo "==> 10,000, 100,000 and 1,000,000 passages (long)"
	@$(BIN)/python -m rag.indexing.benchmark 10000 100000 1000000

bench-embedding: .setup/weights
	@$(BIN)/python -m tests.tools.bench_embedding

fuzz: setup
	@echo "==> coverage-guided input for each parser ($(FUZZ_SECONDS) seconds of the processor each)"
	@$(BIN)/python -m tests.tools.fuzz all $(FUZZ_SECONDS) --seed $(FUZZ_SEED)
	@echo "==> damaged files for each reader ($(FUZZ_SECONDS) seconds each)"
	@$(BIN)/python -m tests.documents.fuzzing --seconds $(FUZZ_SECONDS) --seed $(FUZZ_SEED)

soak: setup
	@echo "==> 10,000 mixed operations in one process: handles, memory and disk must stay"
	@$(BIN)/python -m tests.tools.endurance 10000
	@echo "==> 300 random sequences of changes against a model of the index"
	@STATE_EXAMPLES=300 $(BIN)/python -m pytest -q -o timeout=0 tests/indexing/test_state.py

load: setup
	@echo "==> 50 clients for 10 minutes at one server on the loopback"
	@$(BIN)/python -m tests.tools.load --clients 50 --seconds 600

licences: setup
	@$(BIN)/python -m tests.tools.licences

# CycloneDX, from the metadata of what is installed.
sbom: setup
	@mkdir -p build
	@$(BIN)/python -m tests.tools.licences --sbom > build/sbom.cdx.json
	@echo "==> build/sbom.cdx.json"

# The one target besides the set-up that needs the network: it asks for known vulnerabilities of each
# pin. pip-audit lives apart, so that nothing of it is in what it judges; --strict, because else it
# passes when the database knew none of the pins or could not be reached.
audit: setup
	@echo "==> known vulnerabilities of every pin (1 minute, needs the network)"
	@test -x .setup/audit/bin/pip-audit || { $(PYTHON) -m venv .setup/audit && .setup/audit/bin/pip install --quiet pip-audit==2.10.1; }
	@.setup/audit/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

clean:
	rm -rf .setup build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find rag tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv

# ---- steps ---------------------------------------------------------------------------------

.setup/tools:
	@mkdir -p .setup
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON). Install Python 3.11 or newer, on Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1), needed is 3.11 or newer. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv. Install it, on Debian: apt-get install python3-venv"; exit 1; }
	@for tool in cmake c++; do command -v $$tool >/dev/null || { echo "No $$tool, needed to build llama.cpp. Install it, on Debian: apt-get install build-essential cmake"; exit 1; }; done
	@touch $@

.setup/venv: .setup/tools
	@echo "==> creating .venv (10 s)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install -c constraints.txt pip
	@touch $@

# The wheel is built apart and kept, so that a change of another pin does not build it again. No
# cache: pip's own would give a wheel that was built with other options.
.setup/llama: .setup/venv constraints.txt
	@mkdir -p .setup/wheels
	@wanted=$$(sed -n 's/^llama_cpp_python==//p' constraints.txt); \
	if ! ls .setup/wheels/llama_cpp_python-$$wanted-*.whl >/dev/null 2>&1; then \
	  echo "==> building llama.cpp $$wanted for this processor (4 to 6 minutes)"; \
	  CMAKE_ARGS="$(LLAMA_OPTIONS)" CXXFLAGS="$(LLAMA_FLAGS)" CMAKE_BUILD_PARALLEL_LEVEL=$(JOBS) \
	  $(PIP) wheel --no-cache-dir --no-deps --no-binary llama-cpp-python -w .setup/wheels llama-cpp-python==$$wanted; \
	fi; \
	$(PIP) install -c constraints.txt .setup/wheels/llama_cpp_python-$$wanted-*.whl
	@touch $@

.setup/torch: .setup/venv constraints.txt
	@echo "==> installing torch (1 to 3 minutes)"
	@wanted=$$(sed -n 's/^torch==//p' constraints.txt); \
	if [ -n "$(TORCH_INDEX)" ]; then \
	  $(PIP) install -c constraints.txt --extra-index-url "$(TORCH_INDEX)" "torch==$$wanted+cpu"; \
	else \
	  $(PIP) install -c constraints.txt "torch==$$wanted"; \
	fi
	@touch $@

.setup/packages: .setup/llama .setup/torch constraints.txt pyproject.toml
	@echo "==> installing the other dependencies (1 to 2 minutes)"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

.setup/packages-scale: .setup/packages
	@echo "==> installing Milvus and Ray for tests, 600 MB"
	@$(PIP) install -c constraints.txt -e '.[dev,scale]'
	@touch $@

# LangChain and LlamaIndex live apart, so that nothing of them is in what the other tests judge. Their
# environment sees the packages of .venv and adds its own.
.setup/packages-adapters: .setup/packages constraints.txt
	@echo "==> installing LangChain and LlamaIndex for tests, 150 MB"
	@$(PYTHON) -m venv .setup/adapters
	@realpath .venv/lib/python3*/site-packages > "$$(echo .setup/adapters/lib/python3*/site-packages)/below.pth"
	@.setup/adapters/bin/pip install --quiet -c constraints.txt langchain-core llama-index-core
	@touch $@

.setup/weights: .setup/packages rag/catalog.toml
	@echo "==> fetching and verifying the weights, 1.2 GB (1 minute at 25 MB/s)"
	@$(RAG) models fetch qwen2.5-coder-1.5b
	@$(RAG) models fetch all-minilm-l6-v2
	@touch $@

.setup/weights-test: .setup/packages rag/catalog.toml
	@echo "==> fetching the tiny model of the tests, 98 MB (10 s)"
	@$(RAG) models fetch smollm2-135m
	@touch $@

.setup/corpus: .setup/weights $(wildcard eval/corpus/*/*)
	@echo "==> indexing the sample corpus (1 minute)"
	@$(RAG) index eval/corpus
	@touch $@

# The sample corpus's PDF files are made anew by a test, with just these fonts.
.setup/fonts: .setup/tools
	@if test -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc -a -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "==> installing two fonts for the sample corpus's PDF files (1 minute)"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-dejavu-core fonts-noto-cjk >/dev/null; \
	else echo "Fonts are missing: the test that makes the PDF files again will be skipped. On Debian: apt-get install fonts-dejavu-core fonts-noto-cjk"; fi
	@touch $@

.setup/browser: .setup/tools
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "==> installing Chromium for the browser tests (1 minute)"; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	    || echo "Chromium could not be installed: the browser tests will be skipped."; \
	else echo "No Chromium: the browser tests will be skipped. On Debian: apt-get install chromium"; fi
	@touch $@
