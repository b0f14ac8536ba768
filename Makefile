# What there is to do with Inquest; `make` alone lists it.

SWIFT ?= swift
PREFIX ?= /usr/local
# The bundle that `make demo` analyzes.
SAMPLE ?= SampleLogs/us-east-1-2025-10-20
# How many bytes an input of a fuzzer may have.
LONGEST ?= 4096
# How long `make fuzz` runs each fuzzer.
SECONDS ?= 60
# With RUNS each fuzzer makes so many runs of a fixed seed instead: the same ones every time.
FUZZ_LIMIT = $(if $(RUNS),-runs=$(RUNS) -seed=1,-max_total_time=$(SECONDS))
# With CASES `make torture` draws so many cases a container, with POINTS `make faults` so many faults a command;
# without, all.
TORTURE = python3 Sources/inquest-torture/torture.py $(RELEASE) $(if $(CASES),--sample $(CASES))
FAULTS = python3 Sources/inquest-torture/faults.py $(RELEASE) $(if $(POINTS),--sample $(POINTS) --kills 5)
# The tests that `make tsan` runs: of reading ahead, of the order and the index, which share work, and of the whole program.
THREADED = RecordMixtureTests|BundleSpoolTests|aSourceIsReadByManyAtOnce|SettledOrderTests|BundleIndexTests|AnalyzeCommandTests
# How many random bundles each oracle of `make oracles` judges.
SEEDS ?= 200
# The small cases of the conformance data that hold.
CASES_HELD = order-cause-hour order-cause-lost order-concatenated order-conflict-twin order-crash-loop \
  order-created-late order-disorder order-exports-overlap order-first-swapped order-lines-swapped order-lost-actor \
  order-newest-first order-newest-first-counters order-parts order-restart-young order-rotated-ties \
  order-two-creators order-two-planners order-work-item proof-answers-only proof-big-generations proof-clock-stepped-back \
  proof-commit-gap proof-healed-deletion proof-healed-known proof-late-request proof-late-request-commits \
  proof-late-request-small proof-one-store-lost proof-outcome-no-word proof-repeats-count proof-slow-clock-0 \
  proof-slow-clock-6 proof-slow-clock-60 proof-store-log-ends proof-store-without-counters proof-two-pods \
  proof-two-stores verdict-fail-on verdict-fail-on-window verdict-no-time verdict-outcome-unknown \
  verdict-outcome-words verdict-time-forms verdict-times-in-seconds verdict-unknown-events \
  verdict-writes-without-plan window-no-collapse-alt window-no-collapse-third
# The cases of other systems' logs that hold.
FORMATS_HELD = audit-metadata-conflicts cloudtrail-route53 external-dns-tug-of-war kafka-lag-snapshots klog-sync-latency \
  logfmt-cache-regression otlp-logs-lines vlog-sequence
# How many lines `make differential` reads.
LINES ?= 1000000
FUZZERS = $(notdir $(wildcard Tests/Fuzz/Corpus/*))
# With SANITIZE=address `make fuzz` also looks for reads and writes beside what is allocated. Of several sanitizers the Swift compiler
# takes the last alone, so both are named at once: without the fuzzer's own, no input would be known to reach new code.
COMMA = ,
FUZZ_FOLDER = .build-fuzz$(addprefix -,$(SANITIZE))
INQUEST_FUZZER = $(FUZZ_FOLDER)/release/inquest-fuzz
# Fresh memory is mostly zero, which hides that somebody reads it: the C library, or the sanitizer, fills it with noise.
POISON = MALLOC_PERTURB_=90 ASAN_OPTIONS=detect_leaks=0:malloc_fill_byte=165:max_malloc_fill_size=1000000000
# Seeds of `make sample`; the committed sample is that of this one.
SEED ?= 1

RELEASE = .build/release/inquest
# The program holds Swift's library, so it starts sooner, takes less memory, and runs where only the C libraries below are.
OPTIMIZED = -c release --static-swift-stdlib
# Debian's names of what the build needs beside the Swift toolchain. g++ brings the C++ library's headers.
PACKAGES = g++ libzstd-dev libarchive-dev libbz2-dev liblzma-dev liblz4-dev libsimdjson-dev libpcre2-dev libsqlite3-dev zlib1g-dev \
  pkg-config zstd git ca-certificates

.PHONY: help demo test deps build bench bench-peers fuzz fuzz-build $(FUZZERS:%=fuzz-%) asan ubsan tsan \
  differential torture faults oracles races conformance conformance-data lint sample install dist clean

help: ## list the targets
	@echo "make TARGET, where TARGET is:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r name text; do \
	  printf '  %-13s %s\n' $$name "$$text"; done
	@echo "NO_DEPS=1 leaves out the check for system packages."

demo: build ## build for release, analyze a sample bundle, write its timeline
	@echo "== $(RELEASE) analyze $(SAMPLE)"
	@$(RELEASE) analyze $(SAMPLE) -o .build/demo --force
	@echo "== The report is in .build/demo/report.html, the timeline in .build/demo/timeline.md, the findings in .build/demo/findings.json"

# The browser in which the report's page is tested, and the renderer that its Markdown is.
test: PACKAGES += chromium chromium-driver python3-selenium cmark-gfm sqlite3 man-db bsdextrautils
test: deps ## build for debugging and run every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

deps: ## install the system packages that are missing (Debian, Ubuntu)
ifndef NO_DEPS
	@if ! command -v $(SWIFT) >/dev/null; then \
	  echo "error: no Swift toolchain: '$(SWIFT)' is not on PATH" >&2; \
	  echo "hint: install Swift 6.2 or newer from https://www.swift.org/install" >&2; exit 1; fi
	@if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then \
	  echo "This system has no apt-get. Inquest needs the headers and libraries of zstd, libarchive, bzip2, xz, lz4,"; \
	  echo "simdjson, PCRE2, SQLite 3 and zlib, a C++ standard library, pkg-config, git and the command zstd. On Debian these are:"; \
	  echo "  $(PACKAGES)"; exit 0; fi; \
	missing=; for package in $(PACKAGES); do \
	  status=$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null) || true; \
	  [ "$$status" = installed ] || missing="$$missing $$package"; done; \
	[ -n "$$missing" ] || exit 0; \
	echo "Installing with apt-get:$$missing"; \
	sudo=; if [ "$$(id -u)" -ne 0 ]; then \
	  if ! command -v sudo >/dev/null; then \
	    echo "error: this needs root, and there is no sudo" >&2; \
	    echo "hint: as root: apt-get install --no-install-recommends$$missing" >&2; exit 1; fi; \
	  sudo=sudo; fi; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing
endif

build: deps ## build for release
	$(SWIFT) build $(OPTIMIZED) --product inquest
	$(SWIFT) build $(OPTIMIZED) --product inquest-verify

bench: build ## measure against zstd, and the peers that are installed, on generated bundles
	$(SWIFT) build $(OPTIMIZED) --product inquest-bench
	.build/release/inquest-bench --inquest $(RELEASE)

bench-peers: ## install what make bench compares with, under .build/peers
	sh Sources/inquest-bench/Peers/install.sh .build/peers

fuzz: fuzz-build ## run each fuzzer for SECONDS (60) or RUNS, several at a time with -j; SANITIZE=address
	@$(MAKE) --no-print-directory $(FUZZERS:%=fuzz-%)

fuzz-build: deps
	INQUEST_FUZZ=1 $(SWIFT) build -c release --scratch-path $(FUZZ_FOLDER) --sanitize fuzzer $(addprefix --sanitize ,$(SANITIZE)) \
	  $(addprefix -Xswiftc -sanitize=fuzzer$(COMMA),$(SANITIZE)) -Xswiftc -enable-testing --product inquest-fuzz

# One fuzzer, as built before: what `make fuzz` runs of each.
$(FUZZERS:%=fuzz-%): fuzz-%:
	@mkdir -p $(FUZZ_FOLDER)/found/$*; log=$(FUZZ_FOLDER)/found/$*.log; \
	$(POISON) SWIFT_BACKTRACE=enable=no INQUEST_FUZZER=$* $(INQUEST_FUZZER) $(FUZZ_LIMIT) \
	  -timeout=10 -rss_limit_mb=2048 -max_len=$(LONGEST) -verbosity=0 -print_final_stats=1 \
	  -artifact_prefix=$(FUZZ_FOLDER)/found/$*- $(FUZZ_FOLDER)/found/$* Tests/Fuzz/Corpus/$* >$$log 2>&1 || { \
	  tail -n 20 $$log >&2; \
	  echo "error: the fuzzer $* found a fault" >&2; \
	  echo "hint: INQUEST_FUZZER=$* $(INQUEST_FUZZER) FILE runs it on the input named above" >&2; \
	  exit 1; }; \
	echo "$*: $$(sed -n 's/^stat::number_of_executed_units: *//p' $$log) inputs," \
	  "$$(sed -n 's/^stat::average_exec_per_sec: *//p' $$log) a second"

# The sanitizer's own memory counts as well, so that no cap holds.
asan: deps ## run every test under AddressSanitizer, or those that FILTER matches
	$(SWIFT) build --build-tests --sanitize address --scratch-path .build-asan
	$(POISON) $(SWIFT) test --skip-build --sanitize address --scratch-path .build-asan $(addprefix --filter ,$(FILTER)) \
	  --skip MemoryCapTests

ubsan: deps ## run every test under UndefinedBehaviorSanitizer (of the C and C++ shims), or those that FILTER matches
	$(SWIFT) build --build-tests --sanitize undefined --scratch-path .build-ubsan
	UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 $(SWIFT) test --skip-build --sanitize undefined --scratch-path .build-ubsan \
	  $(addprefix --filter ,$(FILTER))

tsan: deps ## run the tests of what runs on several threads under ThreadSanitizer, or those that FILTER matches
	$(SWIFT) build --build-tests --sanitize thread --scratch-path .build-tsan
	TSAN_OPTIONS=halt_on_error=1 $(SWIFT) test --skip-build --sanitize thread --scratch-path .build-tsan \
	  --filter '$(or $(FILTER),$(THREADED))'

torture: PACKAGES += python3 lz4 xz-utils bzip2
torture: build ## damage every kind of container in every way, and compare with independent decoders
	$(TORTURE)

faults: PACKAGES += python3 gcc libc6-dev lz4 xz-utils bzip2
faults: build ## make each system call fail that a command makes, and look at what is left
	mkdir -p .build/torture
	cc -O2 -Wall -Wextra -Werror -shared -fPIC -o .build/torture/faults.so Sources/inquest-torture/faults.c -ldl
	$(FAULTS) --shim .build/torture/faults.so

differential: deps ## read LINES (1,000,000) odd lines with the scanner and with simdjson, and compare
	INQUEST_DIFFERENTIAL=$(LINES) $(SWIFT) test -c release --scratch-path .build-tests -Xswiftc -enable-testing \
	  --filter ScannerDifferentialTests

conformance: conformance-data build ## score against the answers in the folder INQUEST_CONFORMANCE
	python3 "$$INQUEST_CONFORMANCE/score_incidents.py" $(RELEASE)
	python3 "$$INQUEST_CONFORMANCE/score_backlog.py" $(RELEASE) --min-f1 0.90 --max-false-alarms 0.05
	python3 "$$INQUEST_CONFORMANCE/score_cases.py" $(RELEASE) "$$INQUEST_CONFORMANCE/cases" $(CASES_HELD)
	python3 "$$INQUEST_CONFORMANCE/score_cases.py" --profiles Tests/Conformance/Profiles $(RELEASE) \
	  "$$INQUEST_CONFORMANCE/formats" $(FORMATS_HELD)
	python3 Tests/Conformance/score_shiviz.py $(RELEASE) "$$INQUEST_CONFORMANCE/shiviz"
	$(SWIFT) test --filter HostileInputTests

oracles: build ## compare order, plan findings, proofs and cascades with independent oracles, on SEEDS (200) random bundles each
	@status=0; \
	python3 Tests/Oracles/order_oracle.py random $(RELEASE) --seeds 1..$(SEEDS) --jobs 2 || status=1; \
	python3 Tests/Oracles/plan_oracle.py $(RELEASE) --seeds 1..$(SEEDS) --jobs 2 || status=1; \
	python3 Tests/Oracles/plan_laws.py $(RELEASE) --seeds 1..$(SEEDS) --jobs 2 || status=1; \
	python3 Tests/Oracles/cascade_oracle.py $(RELEASE) --seeds 1..$$(( ($(SEEDS) + 19) / 20 )) --damage --jobs 2 || status=1; \
	python3 Tests/Oracles/cascade_oracle.py $(RELEASE) --bundle $(SAMPLE) || status=1; \
	python3 Tests/Oracles/proofs.py $(RELEASE) $(RELEASE)-verify --seeds 1..$(SEEDS) --jobs 2 || status=1; \
	exit $$status

races: deps ## judge 200 simulated races with bad logs against their truth
	INQUEST_RACES=200 $(SWIFT) test --filter NoFalseProofTests

conformance-data:
	@if [ -z "$$INQUEST_CONFORMANCE" ]; then \
	  echo "error: INQUEST_CONFORMANCE is not set" >&2; \
	  echo "hint: INQUEST_CONFORMANCE=../shared/conformance make conformance" >&2; exit 2; fi
	@for file in score_incidents.py score_backlog.py score_cases.py incidents backlog cases hostile; do \
	  if [ ! -e "$$INQUEST_CONFORMANCE/$$file" ]; then \
	    echo "error: $$INQUEST_CONFORMANCE/$$file is missing" >&2; exit 2; fi; done

lint: ## check the code's form
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

sample: build ## make the sample bundle anew, from SEED
	rm -rf .build/sample
	$(RELEASE) simulate us-east-1-2025-10-20 --seed $(SEED) --level 19 -o .build/sample
	mkdir -p $(SAMPLE)
	rm -f $(SAMPLE)/*.zst $(SAMPLE)/truth.json
	cp .build/sample/* $(SAMPLE)/

install: build ## install inquest and inquest-verify under PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/inquest
	install -s -m 755 $(RELEASE)-verify $(DESTDIR)$(PREFIX)/bin/inquest-verify
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(RELEASE) manual > $(DESTDIR)$(PREFIX)/share/man/man1/inquest.1
	$(RELEASE) completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/inquest
	$(RELEASE) completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_inquest
	$(RELEASE) completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/inquest.fish

dist: PACKAGES += dpkg-dev binutils
dist: build ## make an archive, a Debian package and checksums in .build/dist
	sh Sources/inquest/Packaging/package.sh $(RELEASE) $$($(RELEASE) --version) .build/dist

clean: ## remove everything that was built
	rm -rf .build .build-fuzz .build-fuzz-address .build-tests .build-asan .build-ubsan .build-tsan
