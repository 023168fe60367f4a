# The RTMP Writer's work bench. `make` alone prints what there is.
#
# A fresh machine needs Go, git and make; what the tests need besides,
# scripts/prepare.sh installs where it may, or names.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# nginx lives in sbin, which is not on everybody's path.
export PATH := $(PATH):/usr/sbin:/sbin

# The product's version stands in one place; the commit tells builds apart.
VERSION := $(shell cat VERSION)$(shell git describe --always --dirty=.dirty 2>/dev/null | sed 's/^/+/')
PROGRAM := build/rtmpwriter
TOOL    := go tool -modfile=$(CURDIR)/tools/go.mod

# The hidden command that writes all generated documentation into a folder.
GENERATE_DOCS := $(PROGRAM) generate-docs

# Extra flags of every `go test` run, for example TESTFLAGS='-run URL -v'.
TESTFLAGS ?=
# How long each fuzz target runs.
FUZZTIME ?= 30s
# How often each benchmark runs, and which.
COUNT ?= 1
BENCH ?= .
# A local copy of the vulnerability database, as a file:// URL; empty: the tool's own.
VULNDB ?=

# Modules besides the main one. Their tests need other programs and modules.
MODULES := $(patsubst %/go.mod,%,$(wildcard interop/go.mod bench/go.mod))
# The rules of the house read the whole tree, so the test cache cannot see
# when they are out of date: they have a step of their own, never cached.
UNIT = $(shell go list ./... | grep -v '/internal/archtest$$')

##@ Program

.PHONY: build
build: ## Build build/rtmpwriter, stamped with the version
	@mkdir -p build
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(PROGRAM) ./cmd/rtmpwriter

.PHONY: filter
filter: ## Build the DirectShow filter, build/windows-*/nRtmpRenderer.ax
	@scripts/prepare.sh filter
	scripts/filter.sh

.PHONY: dist
dist: filter ## Pack zip and installer of the filter, build/dist
	@scripts/prepare.sh filter dist
	scripts/dist.sh

.PHONY: demo
demo: build ## Publish a clip to a server of our own, and show what arrived
	$(PROGRAM) demo

##@ Checks

.PHONY: test
test: ## All tests: vet, unit, house, docs, other systems, interop
	@scripts/prepare.sh race interop filter wine dist
	@scripts/steps.sh test vet unit house docs-check header-check cross filter interop wine

# The same flags as of build, so that both share the compiler's cache.
.PHONY: vet
vet: ## go vet, every module
	CGO_ENABLED=0 go vet -trimpath ./...
	@for m in $(MODULES); do echo "go vet ($$m)"; (cd $$m && CGO_ENABLED=0 go vet -trimpath ./...); done

.PHONY: unit
unit: ## Unit and behaviour tests, with the race detector
	CGO_ENABLED=1 go test -race -timeout 10m $(TESTFLAGS) $(UNIT)
	@# The race detector makes buffers be forgotten: allocations are counted without it.
	CGO_ENABLED=0 go test -trimpath -run Alloc -timeout 2m -v ./publish ./internal/dshow
	cd bench && CGO_ENABLED=1 go test -race -timeout 5m $(TESTFLAGS) ./...

.PHONY: house
house: ## The rules of the house: imports, docs, names, sizes
	CGO_ENABLED=1 go test -race -count=1 $(TESTFLAGS) ./internal/archtest

.PHONY: interop
interop: ## Real servers and a second parser's opinion
	@scripts/prepare.sh race interop
	cd interop && CGO_ENABLED=1 go test -race -count=1 -timeout 20m $(TESTFLAGS) $$(go list ./... | grep -v '/wine$$')

.PHONY: wine
wine: filter ## The DirectShow filter under Wine, 64 and 32 bits
	@scripts/prepare.sh race interop filter wine dist
	@# The first time on a computer this takes minutes; afterwards it is kept.
	@scripts/wine.sh amd64 >/dev/null && scripts/wine.sh 386 >/dev/null
	cd interop && CGO_ENABLED=1 go test -race -count=1 -timeout 40m $(TESTFLAGS) ./wine

.PHONY: cross
cross: ## Build and vet for other systems; unit tests on 32 bits
	@scripts/cross.sh

.PHONY: lint
lint: ## Linters, formatting, shell scripts
	@scripts/prepare.sh --optional lint
	@scripts/lint.sh $(MODULES)

.PHONY: fmt
fmt: ## Format all Go files
	$(TOOL) golangci-lint fmt

.PHONY: fuzz
fuzz: ## Fuzz every target for FUZZTIME (30s); ONLY=regexp picks some
	@FUZZTIME=$(FUZZTIME) ONLY='$(ONLY)' scripts/fuzz.sh

.PHONY: fuzz-long
fuzz-long: FUZZTIME = 10m
fuzz-long: ## Fuzz every target for 10 minutes, and keep what it learned in testdata/fuzz
	@FUZZTIME=$(FUZZTIME) ONLY='$(ONLY)' scripts/fuzz.sh
	@ONLY='$(ONLY)' scripts/fuzz-corpus.sh

# A soak takes as long as SOAK says: a Go duration.
SOAK ?= 30m

.PHONY: soak
soak: ## Publish through faults for SOAK (30m): nothing lost, nothing grows
	CGO_ENABLED=1 go test -race -count=1 -v -timeout 24h -run '^TestSoak$$' ./internal/soak -args -filmed $(SOAK)

# Which contests: a regular expression on their names. With it, or -quick, the
# results are printed and the page stays as it is.
ONLY ?=

.PHONY: bench
bench: build ## Measure beside other publishers, twenty minutes, and write docs/performance.md; ONLY=regexp prints some
	@scripts/prepare.sh --optional bench
	cd bench && CGO_ENABLED=0 go run . $(if $(ONLY),-only '$(ONLY)',-page ../docs/performance.md)

.PHONY: bench-quick
bench-quick: build ## The essentials of it in two minutes, printed
	@scripts/prepare.sh --optional bench
	cd bench && CGO_ENABLED=0 go run . -quick -only '$(ONLY)'

.PHONY: bench-micro
bench-micro: ## Micro-benchmarks; BENCH=regexp, COUNT=n
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...

.PHONY: bench-compare
bench-compare: COUNT = 6
bench-compare: ## Micro-benchmarks beside those of the last release; BASE=commit, BENCH=regexp
	@BENCH='$(BENCH)' COUNT=$(COUNT) BASE='$(BASE)' BENCHTIME='$(BENCHTIME)' scripts/bench-compare.sh

.PHONY: vuln
vuln: ## Known vulnerabilities in what we build on
	@VULNDB='$(VULNDB)' scripts/vuln.sh $(MODULES)

##@ Documentation

.PHONY: docs
docs: build ## Write the manual pages, completions and reference in docs/
	$(GENERATE_DOCS) docs

.PHONY: header
header: ## Write the filter's public header, IDL and glue anew
	go run ./internal/dshow/abi/generate

.PHONY: header-check
header-check: ## Fail when a generated file of the filter is not current
	@scripts/header-check.sh

.PHONY: picture
picture: build ## Make the README's picture anew, from a real run
	@scripts/prepare.sh picture
	scripts/picture.sh

.PHONY: page-picture
page-picture: filter ## Make the pictures of the property page anew, under Wine
	@scripts/prepare.sh filter wine interop
	scripts/page-picture.sh

.PHONY: advice
advice: ## Write the bitrate advice's traces, picture and figures anew
	go test -count=1 -run 'Traces|Documentation' ./publish/internal/advice -update

.PHONY: soak-picture
soak-picture: ## Soak for SOAK (30m) and write its curves, docs/soak.svg
	CGO_ENABLED=1 go test -race -count=1 -v -timeout 24h -run '^TestSoak$$' ./internal/soak -args -filmed $(SOAK) -picture $(CURDIR)/docs/soak.svg

.PHONY: reliability
reliability: ## Write the table of faults in docs/reliability.md anew
	go test -count=1 -run FaultPage ./publish -update

.PHONY: docs-check
docs-check: build ## Fail when docs/ is not what the program writes
	@scripts/docs-check.sh $(GENERATE_DOCS)

##@ Other

.PHONY: clean
clean: ## Remove what was built
	rm -rf build

.PHONY: help
help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
