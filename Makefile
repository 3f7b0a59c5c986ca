# Carillon. `make help` lists the targets. Variants live side by side: make BUILD=release|debug|asan|cover.
# Relative paths only, and every file is made aside and renamed: the tree may lie under any path, and two
# makes may work in it at once.
BUILD ?= release
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC = gcc
endif
# While others work on their folders: make check-only ONLY="base when" TESTS="t_cron t_civil" compiles and
# tests only that, in a directory of its own.
EMPTY :=
OUT = build/$(BUILD)$(subst $(EMPTY) $(EMPTY),,$(addprefix -,$(ONLY) $(TESTS)))
MAKEFLAGS += --no-print-directory
# All processors, unless the caller said how many; a make below another shares its jobs.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
.DELETE_ON_ERROR:
.SUFFIXES:

# Flags, in the order libc, language, warnings, hardening; pkg-config is asked once, when first needed.
PKGS = libevent libpq libcurl libcjson libcrypto
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) check))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
CHECK_LIBS = $(eval CHECK_LIBS := $$(shell pkg-config --libs check))$(CHECK_LIBS)
CPPFLAGS += -Iinclude -Isrc -Ibuild/gen -D_GNU_SOURCE
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
	-Wundef -Wvla -Wformat=2 -Werror=return-type -Werror=implicit-function-declaration -Werror=int-conversion \
	-Werror=incompatible-pointer-types
ifneq ($(filter 1,$(CI) $(WERROR)),)
WARN += -Werror
endif
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
VARIANT_release = -O2 $(FORTIFY)
VARIANT_lint = -O2 $(FORTIFY)
VARIANT_debug = -O1 $(FORTIFY) -DCARILLON_TEST=1
VARIANT_asan = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
	-DCARILLON_TEST=1
VARIANT_fuzz = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=all -DCARILLON_TEST=1
VARIANT_cover = -O0 --coverage -DCARILLON_TEST=1
EXTRA_cover = -dumpdir $(@D)/ -dumpbase $(notdir $<) -dumpbase-ext .c
VARIANT = $(or $(VARIANT_$(BUILD)),$(error no such BUILD: $(BUILD)))
CFLAGS ?= -g
FLAGS = -std=c17 $(CPPFLAGS) $(CFLAGS) $(VARIANT) $(WARN) -fno-common -fstack-protector-strong -fPIE \
	$(PKG_CFLAGS)
LINK = $(CC) $(CFLAGS) $(VARIANT) $(LDFLAGS) -pie -Wl,-z,relro,-z,now
LIBS = $(PKG_LIBS) -lm -pthread

# What there is.
ALL_SRC := $(sort $(wildcard src/*/*.c src/*/*/*.c))
ALL_UNIT := $(sort $(wildcard tests/unit/*.c tests/prop/*.c))
SRC := $(if $(ONLY),$(filter $(foreach f,$(ONLY),src/$(f)/%),$(ALL_SRC)),$(ALL_SRC))
UNIT := $(if $(TESTS),$(filter $(TESTS:%=tests/unit/%.c) $(TESTS:%=tests/prop/%.c),$(ALL_UNIT)),$(ALL_UNIT))
TLIB := $(sort $(wildcard tests/lib/*.c))
FUZZ := $(sort $(wildcard tests/fuzz/*.c))
# tests/<folder>/*.c make up one program, build/<variant>/t_<folder>.
FOLDERS := $(filter-out unit prop lib fuzz,$(patsubst tests/%/,%,$(sort $(dir $(wildcard tests/*/*.c)))))
QUERIES := $(sort $(wildcard sql/queries/*.sql))
MIGRATIONS := $(sort $(wildcard sql/migrations/*.sql))
GEN_H = build/gen/sql.h
objects = $(patsubst %.c,$(OUT)/%.o,$(1))
CORE_OBJ = $(call objects,$(filter-out src/app/main.c,$(SRC)) build/gen/sql.c build/gen/migrations.c)
UNIT_OBJ = $(call objects,$(UNIT)) $(OUT)/suites.o
TLIB_OBJ = $(call objects,$(TLIB))
FUZZERS = $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ))

.PHONY: all run test tests check check-only check-db check-http check-crash asan lint fmt hdr-check layers fuzz bench \
	cover install clean deps gen help FORCE
all: build/carillon ## the release binary, build/carillon
FORCE:

build/carillon: build/release/carillon
	@cp $< $@.$$$$ && mv -f $@.$$$$ $@
ifneq ($(BUILD),release)
build/release/carillon: FORCE
	@$(MAKE) BUILD=release $@
endif

deps:
	@scripts/deps.sh

# Generated code: made anew at each run, replaced when it differs.
generate = mkdir -p $(@D) && { $(1) > $@.$$$$ || { rm -f $@.$$$$; false; }; } && \
	{ cmp -s $@.$$$$ $@ && rm -f $@.$$$$ || mv -f $@.$$$$ $@; }
gen: build/gen/sql.h build/gen/sql.c build/gen/migrations.c
build/gen/sql.h build/gen/sql.c: build/gen/sql.%: FORCE
	@$(call generate,awk -v part=$* -f scripts/gen_sql.awk $(QUERIES) /dev/null)
build/gen/migrations.c: FORCE
	@$(call generate,awk -f scripts/embed.awk $(MIGRATIONS))
$(OUT)/suites.c: FORCE
	@$(call generate,awk -f scripts/gen_suites.awk $(UNIT) /dev/null)
# Another compiler or other flags make everything anew; another set of files links anew.
$(OUT)/.flags: FORCE | deps
	@$(call generate,echo '$(CC) $(FLAGS)')
$(OUT)/.files: FORCE
	@$(call generate,echo '$(SRC) $(UNIT) $(TLIB) $(FOLDERS)')

$(OUT)/src/%.o: EXTRA = -include include/base/banned.h
$(OUT)/tests/%.o: EXTRA = -Itests -Wno-missing-prototypes
$(OUT)/suites.o: EXTRA = -Wno-missing-prototypes
# What .incbin embeds is not in gcc's list of dependencies.
INCBIN := $(if $(SRC),$(shell grep -ls '\.incbin' $(SRC)))
$(call objects,$(INCBIN)): $(wildcard src/ui/* src/ui/*/* src/api/openapi*)
# (Objects are kept though a chain of rules made them.)
.PRECIOUS: $(OUT)/%.o
compile = mkdir -p $(@D) && echo '  CC    $@' && \
	$(CC) $(FLAGS) $(EXTRA) $(EXTRA_$(BUILD)) -MMD -MP -MT $@ -MF $@.$$$$.d -c -o $@.$$$$ $< && \
	mv -f $@.$$$$.d $(@:.o=.d) && mv -f $@.$$$$ $@
$(OUT)/%.o: %.c $(OUT)/.flags | $(GEN_H)
	@$(compile)
$(OUT)/suites.o: $(OUT)/suites.c $(OUT)/.flags
	@$(compile)

# Everything but main() is a library, so that a test takes only what it uses.
archive = rm -f $@.$$$$ && $(AR) rcs $@.$$$$ $(filter %.o,$^) && mv -f $@.$$$$ $@
$(OUT)/core.a: $(CORE_OBJ) $(OUT)/.files
	@$(archive)
$(OUT)/tests.a: $(TLIB_OBJ) $(OUT)/.files
	@$(archive)
link = echo '  LINK  $@' && mkdir -p $(@D) && $(LINK) -o $@.$$$$ $(filter %.o,$^) $(filter %.a,$^) $(1) && \
	mv -f $@.$$$$ $@
$(OUT)/carillon: $(OUT)/src/app/main.o $(OUT)/core.a
	@$(call link,$(LIBS))
$(OUT)/unit: $(UNIT_OBJ) $(OUT)/tests.a $(OUT)/core.a
	@$(call link,$(CHECK_LIBS) $(LIBS))
define folder_program
$(OUT)/t_$(1): $(call objects,$(sort $(wildcard tests/$(1)/*.c))) $(OUT)/tests.a $(OUT)/core.a
	@$$(call link,$$(CHECK_LIBS) $$(LIBS))
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_program,$(f))))
# A fuzz target runs under libFuzzer (BUILD=fuzz), else it replays its corpus.
ifeq ($(BUILD),fuzz)
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/tests.a $(OUT)/core.a
	@$(call link,-fsanitize=fuzzer $(CHECK_LIBS) $(LIBS))
else
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/scripts/fuzz_replay.o $(OUT)/tests.a $(OUT)/core.a
	@$(call link,$(CHECK_LIBS) $(LIBS))
endif

tests: $(if $(wildcard src/app/main.c),$(OUT)/carillon) $(OUT)/unit $(FOLDERS:%=$(OUT)/t_%) $(FUZZERS)

run: all ## build, then serve with a private PostgreSQL in ./.carillon
	@CARILLON_ALLOW_PRIVATE_TARGETS="$${CARILLON_ALLOW_PRIVATE_TARGETS:-1}" exec build/carillon serve
test: ## every suite; the last line is `N passed, N failed`
	@$(MAKE) BUILD=debug tests
	@scripts/test.sh build/debug all
check: ## unit, properties, corpus replay: no database, no network
	@$(MAKE) BUILD=debug tests
	@scripts/test.sh build/debug unit fuzz
check-only: ## ONLY="base when" TESTS="t_cron": compile these folders, run these tests
	@$(MAKE) BUILD=debug $(patsubst %,build/debug%/unit,$(patsubst build/$(BUILD)%,%,$(OUT)))
	@$(patsubst %,build/debug%/unit,$(patsubst build/$(BUILD)%,%,$(OUT)))
check-db check-http check-crash: ## the suites tests/suites/{db,http,crash}*.sh
	@$(MAKE) BUILD=debug tests
	@scripts/test.sh build/debug $(@:check-%=%)
asan: ## every suite under the address and undefined behaviour sanitizers
	@$(MAKE) BUILD=asan tests
	@scripts/test.sh build/asan all
chaos: ## processes killed and frozen, the database restarted, for CHAOS_SECONDS (300) from a printed SEED
	@$(MAKE) BUILD=debug tests
	@scripts/chaos.sh $(or $(CHAOS_SECONDS),300) $(SEED)
cover: ## unit and property tests with gcov; prints line coverage by folder
	@$(MAKE) BUILD=cover tests
	@scripts/cover.sh build/cover
fuzz: ## libFuzzer, FUZZ_SECONDS (60) for each target
	@$(MAKE) BUILD=fuzz CC=clang $(FUZZ:tests/fuzz/%.c=build/fuzz/fuzz/%)
	@scripts/fuzz.sh build/fuzz
bench: all ## load generator and micro benchmarks, if tests/bench has them
	@$(MAKE) BUILD=release tests
	@scripts/bench.sh build/release

lint: ## layers, style, headers, two compilers, cppcheck, clang-tidy, shellcheck, format
	@scripts/lint.sh
layers: ## includes point left only
	@scripts/check_layers.sh
hdr-check: gen ## each header compiles alone
	@scripts/hdr_check.sh
fmt: ## clang-format in place (headers are laid out by hand)
	@clang-format -i $(SRC) $(UNIT) $(TLIB) $(FUZZ) $(foreach f,$(FOLDERS),$(wildcard tests/$(f)/*.c))
objects: $(CORE_OBJ) $(if $(wildcard src/app/main.c),$(OUT)/src/app/main.o)

install: all ## to $(DESTDIR)$(PREFIX)/bin
	@install -D -m 755 build/carillon "$(DESTDIR)$(PREFIX)/bin/carillon"
clean: ## remove build/
	@rm -rf build
help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z -]*:.*## / { printf "  %-32s %s\n", $$1, $$2 }' Makefile

-include $(patsubst %.o,%.d,$(CORE_OBJ) $(UNIT_OBJ) $(TLIB_OBJ) $(OUT)/src/app/main.o \
	$(foreach f,$(FOLDERS) fuzz,$(call objects,$(wildcard tests/$(f)/*.c))))
