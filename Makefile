# Every task of this project. Each target runs one script, which says what it installs and does.
# `make test` and `make run` are the two that a newcomer needs.

.DEFAULT_GOAL := help
.PHONY: help build run test bench fuzz docs format lint

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1  \t/p' $(MAKEFILE_LIST)

build: ## build the release binary .build/release/martinet
	@scripts/build.sh

run: ## build, then serve examples/quickstart on :8000 until Ctrl-C
	@scripts/run.sh

test: ## unit tests, every scenario and other people's clients against Martinet and Traefik, allocations
	@scripts/test.sh

bench: ## Martinet beside other proxies, allocations, micro benchmarks; writes docs/benchmarks.md (BENCH_ARGS="--quick" for a trial)
	@scripts/bench.sh $(BENCH_ARGS)

fuzz: ## libFuzzer on everything that reads input from strangers, a minute each (FUZZ_SECONDS=…, FUZZ_TARGETS=…)
	@scripts/fuzz.sh

docs: ## write the parts of docs/ that follow from the code; make test fails when they are stale
	@scripts/docs.sh

format: ## rewrite Sources, Tests and Fuzz in the project's style
	@scripts/format.sh

lint: ## formatting, import and safety rules; changes nothing
	@scripts/lint.sh
