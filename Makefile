# The commands of this project; `make help` lists them. Works with GNU make 3.81 and newer.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Homebrew keeps some formulas out of the default search paths.
ifeq ($(shell command -v apt-get 2>/dev/null),)
BREW := $(shell brew --prefix 2>/dev/null)
ifneq ($(BREW),)
NATIVE := $(foreach formula,gmp lapack openblas flint,\
  -Xcc -I$(BREW)/opt/$(formula)/include -Xlinker -L$(BREW)/opt/$(formula)/lib)
endif
endif

# One set of flags for the command and for the tests: each module is compiled once. `swift test` would add
# -enable-testing a second time, which is enough for everything to be compiled again; hence --disable-testable-imports.
FLAGS := -c release -Xswiftc -enable-testing $(NATIVE)
TEST_FLAGS := --disable-testable-imports --disable-xctest
HESSIAN := .build/release/hessian
GENERATED := derivations tables
LATEX_OUTPUT := .build-latex
DOCS_OUTPUT := .build-docs
COVERAGE := .build-coverage
# The coverage tools of the toolchain: others on the PATH may not read its files.
LLVM := "$$(dirname "$$(xcrun --find llvm-cov 2>/dev/null || readlink -f "$$(command -v swift)")")"
DOCUMENTED := AttentionHessian Formulas MatrixCalculus Transformers Arithmetic Evaluation Contraction TensorFiles Training Typesetting Studies

.PHONY: help setup build report experiment landscape dynamics test regenerate check-generated latex docs lint coverage benchmark mpi clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "make %-16s %s\n", $$1, $$2 }'

setup: ## install what is missing of the system libraries
	@Scripts/setup.sh

build: setup ## build the command, optimised
	swift build $(FLAGS) --product hessian

report: build ## build, then run the main job on the shipped real layer
	@$(HESSIAN) report

experiment: ## train on real images, measure k* and the bounds; leaves report/experiment/ with a PDF
experiment: CONFIGURATIONS = theory vit

landscape: ## draw the loss over planes of query and key weights; leaves report/landscape/ with a PDF
landscape: CONFIGURATIONS = landscape pathfinder

experiment landscape: build
	@$(HESSIAN) $@ $(CONFIGURATIONS:%=Examples/%.json)
	@Scripts/pdf.sh report/$@/$@.tex

dynamics: build ## gradient descent, condition numbers and comparisons; leaves report/convergence/ and others with PDFs
	@$(HESSIAN) convergence Examples/convergence.json Examples/convergence-certified.json Examples/convergence-queries.json
	@$(HESSIAN) conditioning Examples/conditioning.json
	@$(HESSIAN) compare Examples/compare.json
	@Scripts/pdf.sh report/convergence/convergence.tex report/conditioning/conditioning/conditioning.tex \
	  report/compare/compare/compare.tex

test: setup ## build and run every test; TESTS=pattern selects
	swift test $(FLAGS) $(TEST_FLAGS) $(if $(TESTS),--filter "$(TESTS)")

regenerate: build ## write derivations/ and tables/ anew
	@for folder in $(GENERATED); do $(HESSIAN) $$folder --quiet --output $$folder || exit; done

check-generated: build ## fail if derivations/ or tables/ differ from what the command writes
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && status=0 && \
	for name in $(GENERATED); do \
	  $(HESSIAN) $$name --quiet --output "$$folder/$$name" || exit; \
	  diff -ru -x README.md -x witnesses $$name "$$folder/$$name" || status=1; \
	done; \
	if [ $$status -ne 0 ]; then \
	  echo "The committed files differ; 'make regenerate' writes them anew." >&2; \
	else \
	  echo "$(GENERATED): as generated"; \
	fi; exit $$status

latex: ## compile every generated document to PDF, without an overfull line or an undefined reference
	@Scripts/setup.sh latex
	@Scripts/latex.sh $(LATEX_OUTPUT) $(GENERATED)

# A doc comment describes those parameters of which there is something to say.
docs: setup ## build the documentation, warnings as errors
	swift package --allow-writing-to-directory $(DOCS_OUTPUT) generate-documentation \
	  $(addprefix --target ,$(DOCUMENTED)) --enable-experimental-combined-documentation \
	  --disable-parameters-and-returns-validation --output-path $(DOCS_OUTPUT) --transform-for-static-hosting \
	  --warnings-as-errors

lint: ## check the formatting of the Swift sources
	swift format lint --recursive --strict $(foreach root,. Benchmarks,$(addprefix $(root)/,Sources Tests Package.swift)) \
	  MPI/Sources MPI/Package.swift

# Tests that end their process on purpose leave profiles that are cut off, over which `swift test
# --enable-code-coverage` would stumble: hence the flags one by one, and a merge that passes over what it cannot read.
coverage: setup ## line and region coverage of the sources by the tests
	@rm -rf $(COVERAGE)/profiles
	LLVM_PROFILE_FILE="$(CURDIR)/$(COVERAGE)/profiles/%p.profraw" swift test $(FLAGS) $(TEST_FLAGS) \
	  --scratch-path $(COVERAGE) -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping
	@$(LLVM)/llvm-profdata merge -sparse -failure-mode=all -o $(COVERAGE)/merged.profdata $(COVERAGE)/profiles
	@$(LLVM)/llvm-cov report $(COVERAGE)/release/AttentionHessianPackageTests.xctest \
	  -instr-profile $(COVERAGE)/merged.profdata -ignore-filename-regex='(^|/)(\.build[^/]*|Tests)/'

benchmark: build ## measure this project and its peers side by side; BENCHMARK=options, such as --quick
	@Benchmarks/Scripts/setup.sh
	swift build --package-path Benchmarks -c release $(NATIVE) --product benchmark
	Benchmarks/.build/release/benchmark --output Benchmarks/results $(BENCHMARK)

mpi: setup ## build hessian-mpi, for many samples on many machines, and check it with mpirun
	@Scripts/setup.sh mpi
	swift build --package-path MPI -c release $(NATIVE)
	@MPI/Scripts/check.sh MPI/.build/release

clean: ## remove everything that was built
	rm -rf .build .build-* report Benchmarks/.build MPI/.build
