# status-monitor: `make help` lists the targets. Everything is built below $(BUILD), programs in $(BUILD)/bin.

BUILD  ?= build
PREFIX ?= /usr/local
CXX      ?= g++
CXXFLAGS ?= -O2 -g
PYTHON   ?= /usr/bin/python3

cores := $(shell nproc)
comma := ,
Q := $(if $(V),,@)  # make V=1 shows the commands
LIBS := libmicrohttpd libzmq sqlite3 libsodium libsystemd fmt libxml-2.0 tomlplusplus libcurl zlib gnutls

CPPFLAGS += -I. -D_GLIBCXX_ASSERTIONS -DTOML_HEADER_ONLY=0 -DTOML_SHARED_LIB=1 -I/usr/include/libxml2
FLAGS := -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fstack-protector-strong \
         -fPIE -pthread -MMD -MP
LDLIBS  := $(shell pkg-config --libs $(LIBS) 2>/dev/null) -ldate-tz
LDFLAGS += -pie -pthread -Wl,-z,relro,-z,now,--as-needed  # each program loads what it uses

lib_sources   := $(wildcard lib/*/*.cpp lib/status/formats/*.cpp)
sink_programs := $(patsubst sinks/%.cpp,status-sink-%,$(wildcard sinks/*.cpp))
stage_programs := $(patsubst %/main.cpp,status-%,$(wildcard receiver/main.cpp formatter/main.cpp store/main.cpp))
programs := $(stage_programs) $(sink_programs)
binaries := $(programs:%=$(BUILD)/bin/%)

objects = $(patsubst %.cpp,$(BUILD)/obj/%.o,$(1))
library := $(BUILD)/libmonitor.a
# Of which a sink takes what it uses: those that don't send by HTTP load nothing for it.
delivery := $(BUILD)/libdelivery.a

all: $(binaries)  ## build every program (the default)

$(library): $(call objects,$(lib_sources))
$(delivery): $(call objects,$(wildcard sinks/delivery/*.cpp))
$(library) $(delivery):
	@rm -f $@ && echo "  AR   $@"
	$(Q)ar rcs $@ $^

$(BUILD)/obj/%.o: %.cpp
	@mkdir -p $(@D) && echo "  CXX  $<"
	$(Q)$(CXX) $(CPPFLAGS) $(FLAGS) $(CXXFLAGS) $(LIGHTER) -c $< -o $@

# The assembler reads it (.incbin), which no compiler option tells make.
$(BUILD)/obj/lib/status/catalogue.o: lib/status/catalogue.toml
$(BUILD)/obj/store/api/openapi.o: store/api/openapi.json
$(BUILD)/obj/store/board/board.o: $(wildcard store/board/*.html store/board/*.css store/board/*.js store/board/modules/*.js)

link = @mkdir -p $(@D) && echo "  LINK $@" && $(CXX) $(FLAGS) $(CXXFLAGS) $(LDFLAGS) $(filter %.o,$^) $(filter $(delivery),$^) $(filter $(library),$^) -o $@

sources_of = $(wildcard $(1)/*.cpp $(1)/*/*.cpp)
$(foreach p,receiver formatter store,$(eval $(BUILD)/bin/status-$(p): $(call objects,$(call sources_of,$(p)))))
$(filter $(BUILD)/bin/status-sink-%,$(binaries)): $(BUILD)/bin/status-sink-%: $(BUILD)/obj/sinks/%.o $(delivery)
$(binaries): $(library)
	$(link) $(LDLIBS)

# ---- tests
# Unit tests see everything but the main()s.
parts := $(filter-out %/main.cpp,$(foreach p,receiver formatter store,$(call sources_of,$(p))) $(wildcard sinks/delivery/*.cpp))
$(BUILD)/bin/unit-tests: $(call objects,$(wildcard tests/unit/*.cpp tests/support/*.cpp) $(parts)) $(library)
	$(link) $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/bin/integration-tests: $(call objects,$(wildcard tests/integration/*.cpp tests/support/*.cpp)) $(library)
	$(link) $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/bin/fault-tests: $(call objects,$(wildcard tests/faults/*.cpp tests/support/*.cpp) $(parts)) $(library)
	$(link) $(LDLIBS) -lboost_unit_test_framework
# Loaded into the programs, so without what CXXFLAGS may bring (sanitizers).
$(BUILD)/bin/libdisk-shim.so: tests/faults/shim/disk_shim.cpp tests/faults/shim/disk_log.h
	@mkdir -p $(@D) && echo "  LINK $@"
	$(Q)$(CXX) $(CPPFLAGS) $(filter-out -fPIE -MMD -MP,$(FLAGS)) -O2 -g -fPIC -shared $< -o $@
$(BUILD)/obj/tests/%.o: CPPFLAGS += -DBOOST_TEST_DYN_LINK
# Tests wait for programs and disks, never for themselves: half the time to compile them counts more.
$(call objects,$(wildcard tests/unit/*.cpp tests/integration/*.cpp tests/faults/*.cpp)): LIGHTER = -O1 -g1

# The README's example of a sink is tried too.
$(BUILD)/bin/status-sink-example: $(BUILD)/obj/examples/sink.o $(delivery) $(library)
	$(link) $(LDLIBS)

tests := $(addprefix $(BUILD)/bin/,unit-tests integration-tests fault-tests libdisk-shim.so status-sink-example)
tests: $(binaries) $(tests)
	$(BUILD)/bin/unit-tests
	$(BUILD)/bin/integration-tests
	$(BUILD)/bin/fault-tests
	$(if $(SANITIZED),,$(MAKE) browser-tests systemd-tests container-tests)

systemd-tests: $(binaries)  ## the installed units and the package in a real systemd, where root and namespaces are there
	BUILD=$(BUILD) tests/systemd/run
	BUILD=$(BUILD) tests/systemd/deb

container-tests: $(binaries)  ## the image, built and run by buildah and podman; FULL=1 also compiles in it
	BUILD=$(BUILD) tests/container/run

browser-tests: $(binaries) tests/browser/node_modules/.package-lock.json  ## look at the board in a real browser
	cd tests/browser && BUILD=$(BUILD) node --test

# npm leaves this file when it is done.
tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	npm ci --prefix tests/browser --no-audit --no-fund --silent && touch $@

unit: $(BUILD)/bin/unit-tests  ## run the unit tests
	$(BUILD)/bin/unit-tests

SOAK ?= 20
soak: $(binaries) $(BUILD)/bin/fault-tests $(BUILD)/bin/libdisk-shim.so  ## the laboratory of faults, SOAK=20 times as long and with another seed
	seed=$${SEED:-$$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}; echo "SEED=$$seed" && SOAK=$(SOAK) SEED=$$seed $(BUILD)/bin/fault-tests

check:  ## install what the tests need, build, run every test
	scripts/install-deps test
	$(MAKE) -j$(cores) all $(tests)
	scripts/lint --quick
	$(MAKE) tests

# Programs that a test leaves running are ended by TERM there, not by KILL: they look for leaks, or write down which lines they
# went through, when they end.
asan coverage: export END_GENTLY = 1
# g++ 12 sees uninitialised members in std::regex when it is told to sanitize.
sanitized = $(MAKE) -j$(cores) SANITIZED=1 BUILD=build/$@ CXXFLAGS="-O1 -g -fno-omit-frame-pointer -Wno-maybe-uninitialized $(1)"
asan:  ## run every test with AddressSanitizer and UBSan
	scripts/install-deps test
	$(call sanitized,-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined) all tests

tsan: export TSAN_OPTIONS ?= suppressions=$(CURDIR)/tests/tsan.supp
tsan:  ## run every test with ThreadSanitizer
	scripts/install-deps test
	$(call sanitized,-fsanitize=thread) all tests

ubsan:  ## run every test with UBSan alone: it finds the same as in asan, sooner
	scripts/install-deps test
	$(call sanitized,-fsanitize=undefined -fno-sanitize-recover=undefined) all tests

# Some thirty times slower: the unit tests, and the programs in a few of the other suites. valgrind 3.19 knows no pidfd_open, by
# which sinks_command and the suites with Python wait, and of two tests the time is judged.
memcheck := valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite
valgrind:  ## run the unit tests and some of the others under valgrind
	scripts/install-deps test valgrind
	$(MAKE) -j$(cores) all $(tests)
	$(memcheck) $(BUILD)/bin/unit-tests --run_test='!sinks_command:!AtomFeed:!Badge:!MaintenanceCalendar:!html_to_line_of/hostile_text*'
	UNDER="$(memcheck)" $(BUILD)/bin/integration-tests --run_test=Lines,Answers

coverage:  ## run every test and print which lines none of them reached; build/coverage/index.html shows them
	scripts/install-deps test coverage
	$(MAKE) -j$(cores) SANITIZED=1 BUILD=build/$@ CXXFLAGS="-O0 -g --coverage -fprofile-update=atomic" LIGHTER= all tests
	gcovr --root . --object-directory build/$@/obj --exclude tests/ --exclude examples/ --sort-uncovered --html-details build/$@/index.html --txt -

lint:  ## judge the source: form, includes, clang-tidy, shellcheck
	scripts/install-deps lint
	scripts/lint $(CPPFLAGS) -std=c++20 -DBOOST_TEST_DYN_LINK

# Its own build: clang brings libFuzzer. `make fuzz FUZZ="auto text"` runs only these.
FUZZ_TIME ?= 60
FUZZ_CXX  ?= clang++-14
fuzz_flags := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link$(comma)address$(comma)undefined -fno-sanitize-recover=undefined \
              -fsanitize-ignorelist=tests/fuzz/ignored
fuzz_programs := $(patsubst tests/fuzz/%.cpp,$(BUILD)/bin/fuzz-%,$(wildcard tests/fuzz/*.cpp))
fuzz:  ## invent input for all that reads what others send, FUZZ_TIME=60 seconds each
	scripts/install-deps fuzz
	$(MAKE) -j$(cores) BUILD=build/fuzz CXX="$(FUZZ_CXX)" CXXFLAGS="$(fuzz_flags)" fuzz-programs
	BUILD=build/fuzz FUZZ_TIME=$(FUZZ_TIME) scripts/fuzz $(FUZZ)
fuzz-programs: $(fuzz_programs)
$(BUILD)/bin/fuzz-http $(BUILD)/bin/fuzz-config: $(call objects,$(filter-out %/main.cpp,$(call sources_of,receiver)))
$(BUILD)/bin/fuzz-sink: $(delivery)
$(fuzz_programs): $(BUILD)/bin/fuzz-%: $(BUILD)/obj/tests/fuzz/%.o $(call objects,tests/support/soundness.cpp) $(library)
	$(link) -fsanitize=fuzzer $(LDLIBS)

store_bench := $(addprefix $(BUILD)/bin/bench-,fill-journal store-ceiling steady-senders minimal-http)
bench := $(addprefix $(BUILD)/bin/bench-,fill-journal minimal-http sync-rate latency replay subscribers publisher)
bench:  ## how fast it is: one table, each figure beside its ceiling and its peers; QUICK=1 only shows that it works
	scripts/install-deps bench
	$(MAKE) -j$(cores) all $(bench)
	BUILD=$(BUILD) scripts/bench $(BENCH)
bench-store:  ## the store with UPDATES=1000000 of PROVIDERS=400: how fast it applies and answers
	scripts/install-deps bench
	$(MAKE) -j$(cores) all $(store_bench)
	BUILD=$(BUILD) scripts/bench-store
bench-formats:  ## what a body costs in each format, and 1 MiB of junk
	scripts/install-deps bench
	$(MAKE) -j$(cores) $(BUILD)/bin/bench-formats
	$(BUILD)/bin/bench-formats
$(BUILD)/bin/bench-minimal-http: $(BUILD)/obj/tests/bench/minimal_http.o
	$(link) -lmicrohttpd
$(BUILD)/bin/bench-latency: $(call objects,$(wildcard tests/bench/latency.cpp tests/bench/arrivals.cpp tests/support/*.cpp)) $(library)
	$(link) $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/bin/bench-sync-rate $(BUILD)/bin/bench-subscribers $(BUILD)/bin/bench-publisher $(BUILD)/bin/bench-replay: $(BUILD)/bin/bench-%: $(library)
	$(link) $(LDLIBS)
$(BUILD)/bin/bench-sync-rate: $(call objects,tests/bench/sync_rate.cpp)
$(BUILD)/bin/bench-subscribers: $(call objects,tests/bench/subscribers.cpp)
$(BUILD)/bin/bench-publisher: $(call objects,tests/bench/publisher.cpp)
$(BUILD)/bin/bench-replay: $(call objects,tests/bench/replay.cpp)
$(BUILD)/bin/bench-fill-journal: $(call objects,$(addprefix tests/bench/,fill_journal.cpp scenario.cpp scenario_bodies.cpp wording.cpp) receiver/journal.cpp) $(library)
	$(link) $(LDLIBS)
$(BUILD)/bin/bench-store-ceiling: $(call objects,tests/bench/store_ceiling.cpp store/archive/arrival.cpp) $(library)
	$(link) $(LDLIBS)
$(BUILD)/bin/bench-steady-senders: $(call objects,$(wildcard tests/bench/steady_senders.cpp tests/support/*.cpp)) $(library)
	$(link) $(LDLIBS) -lboost_unit_test_framework
$(BUILD)/bin/bench-formats: $(call objects,tests/bench/formats.cpp tests/bench/junk.cpp tests/support/json_values.cpp tests/support/soundness.cpp tests/support/temp_dir.cpp) $(library)
	$(link) $(LDLIBS) -lbenchmark

run:  ## install what is missing, build, start the pipeline; Ctrl-C stops it
	scripts/install-deps build run
	$(MAKE) -j$(cores) all
	BUILD=$(BUILD) scripts/run

docdir = $(PREFIX)/share/doc/status-monitor
mandir = $(PREFIX)/share/man
bashdir = $(PREFIX)/share/bash-completion/completions
# Debian's zsh does not look into /usr/share/zsh/site-functions.
zshdir ?= $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
pages := $(notdir $(wildcard man/*))
sysconfdir ?= /etc
unitdir ?= $(PREFIX)/lib/systemd/system
in_place = sed -e '/^@hardening@$$/{r systemd/hardening' -e 'd}' -e 's,@bindir@,$(PREFIX)/bin,g' -e 's,@docdir@,$(docdir),g' -e 's,@sysconfdir@,$(sysconfdir),g'
# A unit alone, and as a template for more of its kind: the instance of a receiver is its port, of the others their configuration.
alone = -e 's,@-i@,,g' -e 's,@@i@,,g' -e 's,@port@,5000,g'
several = -e 's,@-i@,-%i,g' -e 's,@@i@,@%i,g' -e 's,@port@,%i,g'
units := $(patsubst systemd/%.in,%,$(filter-out systemd/status-sink.service.in,$(wildcard systemd/status-*.in)))
templates := status-receiver.socket status-receiver.service status-formatter.service
sink_names := $(sink_programs:status-sink-%=%)

install: all  ## install programs, units, manual, completion and examples below DESTDIR, PREFIX (/usr/local), sysconfdir (/etc)
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(unitdir) $(PREFIX)/lib/sysusers.d $(docdir)/sinks $(docdir)/receiver $(docdir)/examples $(docdir)/lib/feed $(mandir)/man1 $(mandir)/man5 $(mandir)/man7 $(bashdir) $(zshdir) $(sysconfdir)/status-monitor/sinks)
	install $(binaries) $(DESTDIR)$(PREFIX)/bin
	for unit in $(units); do $(in_place) $(alone) systemd/$$unit.in >$(DESTDIR)$(unitdir)/$$unit; done
	for unit in $(templates); do $(in_place) $(several) systemd/$$unit.in >$(DESTDIR)$(unitdir)/$${unit%.*}@.$${unit##*.}; done
	for sink in $(sink_names); do \
	  $(in_place) -e "s,@name@,$$sink,g" systemd/status-sink.service.in >$(DESTDIR)$(unitdir)/status-sink-$$sink@.service; done
	for program in $(programs); do scripts/make-man $(BUILD)/bin/$$program >$(DESTDIR)$(mandir)/man1/$$program.1; done
	for program in $(programs); do \
	  scripts/make-completion bash $(BUILD)/bin/$$program >$(DESTDIR)$(bashdir)/$$program && \
	  scripts/make-completion zsh $(BUILD)/bin/$$program >$(DESTDIR)$(zshdir)/_$$program || exit 1; done
	for page in $(pages); do install -m 644 man/$$page $(DESTDIR)$(mandir)/man$${page##*.}; done
	install -m 644 systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/status-monitor.conf
	install -m 644 README.md $(DESTDIR)$(docdir)
	install -m 644 sinks/destinations.md $(DESTDIR)$(docdir)/sinks
	install -m 644 lib/feed/feed-format.md $(DESTDIR)$(docdir)/lib/feed
	install -m 644 receiver/senders.md $(DESTDIR)$(docdir)/receiver
	install -m 644 examples/nginx.conf examples/nginx-board.conf examples/Caddyfile $(DESTDIR)$(docdir)/examples
	cd systemd/examples && for file in *.toml sinks/*.toml; do \
	  [ -e $(DESTDIR)$(sysconfdir)/status-monitor/$$file ] || install -m 644 $$file $(DESTDIR)$(sysconfdir)/status-monitor/$$file; done

uninstall:  ## remove what `make install` put there, but for the configuration
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(programs)) $(addprefix $(DESTDIR)$(unitdir)/,$(units) $(subst .,@.,$(templates)) $(sink_names:%=status-sink-%@.service))
	rm -f $(DESTDIR)$(PREFIX)/lib/sysusers.d/status-monitor.conf
	rm -f $(programs:%=$(DESTDIR)$(mandir)/man1/%.1) $(foreach page,$(pages),$(DESTDIR)$(mandir)/man$(patsubst .%,%,$(suffix $(page)))/$(page))
	rm -f $(programs:%=$(DESTDIR)$(bashdir)/%) $(programs:%=$(DESTDIR)$(zshdir)/_%)
	rm -rf $(DESTDIR)$(docdir)

deb:  ## pack what is built as a Debian package, in build/deb
	scripts/install-deps deb
	$(MAKE) -j$(cores) all
	BUILD=$(BUILD) scripts/make-deb

install-deps:  ## install what building and running need (apt)
	scripts/install-deps build run

clean:  ## remove everything that was built
	rm -rf $(BUILD)

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: install uninstall all tests browser-tests systemd-tests container-tests unit check soak asan tsan ubsan valgrind coverage lint fuzz fuzz-programs bench bench-store bench-formats run deb install-deps clean help
.DELETE_ON_ERROR:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
