# pcpscope: see README.md. `make` builds and installs nothing; `make demo` and `make test` fetch what is
# missing through the system's package manager first.

VERSION := 0.1.0
# Folders by their names in the GNU Coding Standards; PREFIX and LIBDIR are other names of two.
prefix ?= /usr/local
PREFIX ?= $(prefix)
exec_prefix ?= $(PREFIX)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
LIBDIR ?= $(libdir)
includedir ?= $(PREFIX)/include
datarootdir ?= $(PREFIX)/share
mandir ?= $(datarootdir)/man
docdir ?= $(datarootdir)/doc/pcpscope
DESTDIR ?=
# Where people read about it; a distribution names its own page.
URL ?= file://$(docdir)/README.md
CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
OBJCOPY ?= objcopy
INSTALL ?= install
SAN ?=
V ?= 0

ifneq ($(V),1)
Q := @
say = @printf '  %-8s%s\n' $(1) $(2)
else
say = @:
endif

# What systems do in other ways stands in files of its own, of which each system builds those of its row; no
# other file asks which system it is (tests/suites/systems). KERNEL=Darwin names another than this one.
KERNEL ?= $(shell uname -s)
system = $(or $($(1)_$(KERNEL)),$($(1)_BSD))
ways_Linux := $(addprefix src/base/,random-getrandom stream-cookie rights-capabilities folders-xdg) \
	$(addprefix src/net/,sock-pktinfo sock-errqueue bind-device route-netlink sandbox-seccomp) \
	tests/unit/test_route_netlink
ways_BSD := $(addprefix src/base/,random-arc4random stream-funopen rights-none folders-xdg) \
	$(addprefix src/net/,sock-dstaddr sock-noqueue bind-none route-sysctl sandbox-none)
ways_Darwin := $(subst bind-none,bind-index,$(subst sock-dstaddr,sock-pktinfo,$(ways_BSD)))
# Windows has no POSIX: src/windows is what of it the program needs, and posix/ in there its headers.
ways_Windows := $(addprefix src/base/,random-bcrypt stream-none rights-none folders-windows) \
	$(addprefix src/net/,sock-pktinfo sock-noqueue bind-unicast route-iphlpapi sandbox-none) \
	$(addprefix src/windows/windows-,places socket input signal wait select file folder text interface start absent terminal width)
posix_Windows := -isystem src/windows/posix
# Whose headers show what beside C, POSIX and RFC 3542.
features_Linux := -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64
features_Darwin := -D_DARWIN_C_SOURCE -D__APPLE_USE_RFC_3542
features_BSD := -D_BSD_SOURCE -D_NETBSD_SOURCE
# Its printf() is not the one that the compiler checks calls of.
features_Windows := -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -D_WIN32_WINNT=0x0A00 -D_CRT_RAND_S \
	-D__USE_MINGW_ANSI_STDIO=1 -Wno-format
# Where an address in a message of a routing socket may begin.
route_align_Darwin := 4
route_align_NetBSD := 8
route_align_BSD := sizeof(long)
# The names of libpcap's file, that of the library of a version, and what links one.
pcap_Linux := "libpcap.so.1","libpcap.so.0.8"
pcap_FreeBSD := "libpcap.so.8"
pcap_Darwin := "libpcap.A.dylib"
pcap_BSD := "libpcap.so"
shared_BSD = libpcpscope.so$(1)
shared_Darwin = libpcpscope$(1).dylib
link_shared_BSD = -shared -Wl,-soname,$(SO_NAME) -Wl,--version-script=src/client/libpcpscope.map
link_shared_Darwin = -dynamiclib -install_name $(LIBDIR)/$(SO_NAME)
dl_Linux := -ldl
dl_Windows := -Wl,-u,windows_start -lbcrypt -liphlpapi -lws2_32 -lssp
curses_Linux := -D_XOPEN_SOURCE=700
curses_Windows := -DNCURSES_STATIC
ncurses_Linux := -lncursesw -ltinfo
ncurses_Darwin := -lncurses
ncurses_BSD := -lncursesw
# There curses calls what src/windows has.
ncurses_Windows = -lncursesw $(SRC_A) $(dl_Windows)

# Each compiler and sanitizer has its own objects, so that switching never mixes them.
comma := ,
BUILD := .build/$(notdir $(lastword $(CC)))$(if $(SAN),-$(subst $(comma),-,$(SAN)))

CFLAGS ?= -O2 -g
WARN := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
# Small stacks are enough; but a sanitizer's frames are larger, and tests have a whole stack.
WARN += $(if $(SAN),,-Wframe-larger-than=16384)
$(BUILD)/tests/%.o: WARN += -Wno-frame-larger-than
# In CI the build itself is the first half of tests/suites/warnings.
WARN += $(if $(SAN),,$(if $(CI),-Werror))
FEATURES := $(call system,features) -DPCPSCOPE_VERSION='"$(VERSION)"'
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# What makes a fault in the code harder to use, as far as this compiler knows it. A sanitizer has its own
# ways, and FORTIFY needs an optimiser.
accepts = $(if $(shell printf 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c -o /dev/null - 2>&1),,$(1))
accepted = $(or $(call accepts,$(1)),$(foreach flag,$(1),$(call accepts,$(flag))))
ifeq ($(SAN),)
HARDEN := $(call accepted,-fstack-protector-strong -fstack-clash-protection) \
	$(or $(call accepts,-fcf-protection=full),$(call accepts,-mbranch-protection=standard))
endif
HARDEN_LINK := $(call accepts,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
FORTIFY = $(if $(SAN)$(filter -O0,$(CFLAGS)),,$(if $(filter -O%,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
PIE := $(call accepts,-pie -fPIE)
# What the library exports calls itself, whatever a program calls its own functions: clang takes it so anyway.
OWN := $(call accepts,-fno-semantic-interposition)
ALL_CFLAGS = $(WARN) $(FEATURES) $(SANFLAGS) $(HARDEN) $(FORTIFY) -fPIC -fvisibility=hidden $(OWN) -MMD -MP $(CFLAGS)

NCURSES_LIBS = $(if $(filter curses,$(SCREEN)),$(CURSES_LIBS))
CURSES_LIBS = $(or $(shell $(PKG_CONFIG) --libs ncursesw 2>/dev/null),$(call system,ncurses))
# libpcap is loaded when a capture is opened: src/capture/pcap-library.h says why. PCAP=linked has it inside, and
# PCAP=files reads files without it and listens nowhere.
PCAP ?= $(if $(filter Windows,$(KERNEL)),files,library)
# SCREEN=none leaves the dashboard out, and ncurses with it.
SCREEN ?= curses
# UPnP is asked for where libminiupnpc's headers are; the library is loaded when a probe runs.
IGD ?= $(if $(call accepts,-include miniupnpc/miniupnpc.h),library,none)
SRC_LIBS := -ljansson $(if $(filter linked,$(PCAP)),-lpcap,$(call system,dl))
TEST_LIBS := -lcmocka

# The rooms, from the ground up, and which others each may use; those that they use come with them. A room
# is given no path to the headers of any other, so that an include which points upward does not compile.
# tests/suites/layers reads these rows.
ROOMS := src/windows proto src/base src/net src/client src/lab src/capture src/history src/session src/output \
	src/beacon src/probe src/keep src/bench src/command ui/term ui ui/view src
may_src/base := proto
may_src/net := src/base
may_src/client := src/base
may_src/lab := src/base
may_src/capture := src/base src/net
may_src/history := src/base src/client src/capture
may_src/output := src/base src/client src/history
may_src/session := src/base src/net src/client src/lab src/capture src/history
may_src/beacon := src/base src/net
may_src/probe := src/base src/net src/beacon src/client src/history src/session src/output
may_src/keep := src/base src/net src/client src/session src/output
may_src/bench := src/base src/net src/client src/history src/output
may_src/command := src/base src/net src/client src/lab src/capture src/history src/session src/output src/beacon src/probe src/keep src/bench
may_ui/term := src/base
may_ui := ui/term src/command
may_ui/view := ui
may_src := ui

reach = $(sort $(1) $(foreach room,$(may_$(1)),$(call reach,$(room))))
# Of files that do the same in other ways, those that are not built.
OTHER := $(addsuffix .c,$(addprefix src/capture/pcap-,$(filter-out $(PCAP),library linked files))) \
	$(if $(filter none,$(SCREEN)),$(filter-out ui/ui-none.c,$(wildcard ui/*.c ui/*/*.c)),ui/ui-none.c) \
	src/net/igd-$(if $(filter none,$(IGD)),library,none).c \
	$(addsuffix .c,$(filter-out $(call system,ways),$(ways_Linux) $(ways_BSD) $(ways_Darwin) $(ways_Windows)))
room_SRC = $(filter-out $(OTHER),$(sort $(wildcard $(1)/*.c)))
room_INC = $(addprefix -I,$(1) $(filter-out $(1),$(call reach,$(1)))) $($(1)_DEFS) $(posix_$(KERNEL))
# curses declares its wide-character half for X/Open only, and only ui/term knows curses.
ui/term_DEFS := $(call system,curses) -DNCURSES_WIDECHAR=1 $(shell $(PKG_CONFIG) --cflags-only-I ncursesw 2>/dev/null)

src/net_DEFS := -DROUTE_ALIGN='$(call system,route_align)'
src/capture_DEFS := -DPCAP_FILES='$(call system,pcap)'
# Where its lines of Lua stand as C strings.
src/output_DEFS = -I$(BUILD)/src/output

proto_SRC := $(call room_SRC,proto)
src_SRC := $(foreach room,$(filter src/%,$(ROOMS)),$(call room_SRC,$(room)))
ui_SRC := $(foreach room,$(filter ui ui/%,$(ROOMS)),$(call room_SRC,$(room)))
# Not src: it has no header, and its net/ would stand before the system's.
test_INC := -Itests $(addprefix -I,$(filter-out src,$(ROOMS))) $(src/net_DEFS)
unit_SRC := $(filter-out $(OTHER),$(sort $(wildcard tests/unit/*.c)))
tui_SRC := $(sort $(wildcard $(addsuffix /test_*.c,tests/tui tests/interop tests/alloc)))
sim_SRC := $(sort $(wildcard tests/sim/*.c))
bench_SRC := $(sort $(wildcard tests/bench/bench_*.c))

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
PROTO_A := $(BUILD)/libproto.a
SRC_A := $(BUILD)/libsrc.a
UI_A := $(BUILD)/libui.a
UNIT_BIN := $(patsubst %.c,$(BUILD)/%,$(unit_SRC))
TUI_BIN := $(patsubst %.c,$(BUILD)/%,$(tui_SRC))
AGREE_BIN := $(BUILD)/tests/agree/generate
BENCH_BIN := $(patsubst %.c,$(BUILD)/%,$(bench_SRC))
# libpcpscope: the meaning of octets, the client engine, and sockets for programs without their own.
LIB_HEADERS := $(addprefix proto/,pcp.h schema.h decode.h edit.h text.h lint.h) \
	$(addprefix src/base/,clock.h random.h endpoint.h) src/client/client.h src/net/sock.h
lib_SRC := $(proto_SRC) $(call room_SRC,src/client) $(filter src/net/sock%,$(src_SRC)) src/net/interface.c \
	$(filter src/base/random%,$(src_SRC)) $(addprefix src/base/,timer.c undo.c endpoint.c clock.c)
SOVERSION := 0
# libpcpscope.so.VERSION, libpcpscope.so.SOVERSION, libpcpscope.so: shared(.VERSION) and so on.
shared = $(call $(if $(shared_$(KERNEL)),shared_$(KERNEL),shared_BSD),$(1))
SO_NAME := $(call shared,.$(SOVERSION))
LIB_A := $(BUILD)/libpcpscope.a
LIB_SO := $(BUILD)/$(call shared,.$(VERSION))
SIM_BIN := $(if $(sim_SRC),$(BUILD)/tests/sim/sim)

.PHONY: all manual demo deps test tests bench install uninstall clean screenshots format check-deps
.DELETE_ON_ERROR:
.SECONDARY:

# A plain `make` names what is missing and how to get it before the compiler stumbles over it.
all: check-deps
	$(Q)$(MAKE) --no-print-directory pcpscope

check-deps:
	@.ci/deps --check build

deps:
	@.ci/deps build test

# What installs also builds on all processors: nobody has said how many it shall take.
ALL_PROCESSORS := -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

demo:
	@.ci/deps build
	$(Q)$(MAKE) --no-print-directory $(ALL_PROCESSORS) pcpscope
	./pcpscope --lab

pcpscope: $(BUILD)/pcpscope
	$(Q)ln -f $< $@ # a link: the one before may be running

$(BUILD)/pcpscope: $(BUILD)/src/main.o $(UI_A) $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(SRC_LIBS) $(NCURSES_LIBS)

$(PROTO_A): $(call obj,$(proto_SRC))
$(SRC_A): $(call obj,$(src_SRC))
$(UI_A): $(call obj,$(ui_SRC))
%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define room_RULE
$(BUILD)/$(1)/%.o: $(1)/%.c
	$$(call say,CC,$$<)
	$$(Q)mkdir -p $$(@D) && $$(CC) $(call room_INC,$(1)) $$(ALL_CFLAGS) -c -o $$@ $$<
endef
$(foreach room,$(filter-out src,$(ROOMS)),$(eval $(call room_RULE,$(room))))
$(BUILD)/src/main.o: src/main.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(call room_INC,src) $(ALL_CFLAGS) -c -o $@ $<
$(BUILD)/src/output/wireshark.o: $(BUILD)/src/output/wireshark-lua.h
$(BUILD)/src/output/wireshark-lua.h: src/output/wireshark.lua
	$(Q)mkdir -p $(@D) && sed 's/[\\"]/\\&/g; s/.*/"&",/' $< >$@
$(BUILD)/tests/%.o: tests/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(test_INC) $(ALL_CFLAGS) -c -o $@ $<

# One cmocka binary a module. A test links the layers from the top down, so that the linker takes what
# it uses and nothing else.
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(UI_A) $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(TEST_LIBS) $(SRC_LIBS) $(NCURSES_LIBS)

# Screen tests see the program from outside only: they link no layer of it, but for the table of bindings.
TUI_HELP := $(call obj,$(filter-out tests/tui/test_%,$(wildcard tests/tui/*.c)))
$(TUI_BIN): %: %.o $(TUI_HELP)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(TEST_LIBS) $(TUI_LIBS) -lvterm -lutil $(NCURSES_LIBS)
tui_TABLES := $(addprefix $(BUILD)/tests/tui/test_,bindings accident) # these read tables of the screen's
$(tui_TABLES): $(UI_A) $(SRC_A) $(PROTO_A)
$(tui_TABLES): TUI_LIBS := $(SRC_LIBS)

# The simulator is one program of several files: engine and lab under virtual time.
$(BUILD)/tests/sim/sim: $(call obj,$(sim_SRC)) $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(SRC_LIBS) -lm

$(AGREE_BIN): $(BUILD)/tests/agree/generate.o $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(SRC_LIBS)

# Each prints its figures; none has a limit to fail at.
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(SRC_LIBS) -lm

bench: pcpscope $(BENCH_BIN) $(BUILD)/tests/bench/flood $(BUILD)/tests/bench/bare
	@.ci/deps bench
	$(Q)for bench in $(BENCH_BIN); do $$bench || exit 1; done
	$(Q)BUILD=$(BUILD) tests/bench/compare
	$(Q)tests/bench/peers
	$(Q)BUILD=$(BUILD) tests/bench/loops
	$(Q)CC=$(CC) BUILD=$(BUILD) tests/bench/python
	$(Q)BUILD=$(BUILD) tests/bench/floods

tests: $(AGREE_BIN) $(UNIT_BIN) $(TUI_BIN) $(SIM_BIN) $(BUILD)/tests/manual/manual $(LIB_A) $(LIB_SO)

test:
	@.ci/deps build test
	$(Q)$(MAKE) --no-print-directory $(ALL_PROCESSORS) pcpscope tests
	$(Q)BUILD=$(BUILD) CC='$(CC)' tests/run

screenshots:
	@.ci/deps build shots
	$(Q)$(MAKE) --no-print-directory pcpscope
	$(Q)CC='$(CC)' screenshots/shoot

# One object in which only what the headers declare is global; the rest cannot clash with a program's
# own names.
$(BUILD)/libpcpscope.o: $(call obj,$(lib_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) -r -nostdlib -o $@ $^ $(if $(filter Darwin,$(KERNEL)),,&& $(OBJCOPY) --localize-hidden $@)
$(LIB_A): $(BUILD)/libpcpscope.o
$(LIB_SO): $(call obj,$(lib_SRC)) src/client/libpcpscope.map
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(LDFLAGS) $(call system,link_shared) -o $@ $(filter %.o,$^)

# It requires nothing but the C library.
$(BUILD)/pcpscope.pc: Makefile
	$(Q)mkdir -p $(@D) && printf '%s\n' 'prefix=$(PREFIX)' \
		'libdir=$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))' \
		'includedir=$(patsubst $(PREFIX)/%,$${prefix}/%,$(includedir))' '' 'Name: pcpscope' \
		'Description: Port Control Protocol: packets, and a client without I/O' \
		'URL: $(URL)' 'Version: $(VERSION)' 'Requires:' 'Libs: -L$${libdir} -lpcpscope' \
		'Cflags: -I$${includedir}' >$@

# The tables of options, commands and keys in the manual come from those of the program.
$(BUILD)/tests/manual/manual: $(BUILD)/tests/manual/manual.o $(UI_A) $(SRC_A) $(PROTO_A)
	$(call say,LINK,$@)
	$(Q)$(CC) $(SANFLAGS) $(HARDEN_LINK) $(PIE) $(LDFLAGS) -o $@ $^ $(SRC_LIBS) $(NCURSES_LIBS)
PAGES := src/pcpscope.1 src/pcpscope-probe.7
manual: $(BUILD)/tests/manual/manual
	$(Q)for page in $(notdir $(PAGES)); do \
		$< <src/$$page >$(BUILD)/$$page && cp $(BUILD)/$$page src/$$page || exit 1; done

# Written anew each time: PREFIX, LIBDIR or URL may have changed.
.PHONY: $(BUILD)/pcpscope.pc

bin_DIR = $(DESTDIR)$(bindir)
lib_DIR = $(DESTDIR)$(LIBDIR)
include_DIR = $(DESTDIR)$(includedir)/pcpscope
man_DIR = $(DESTDIR)$(mandir)
doc_DIR = $(DESTDIR)$(docdir)
bash_DIR = $(DESTDIR)$(datarootdir)/bash-completion/completions
zsh_DIR = $(DESTDIR)$(datarootdir)/zsh/site-functions
# Where systemd looks for what the administrator installs; empty where there is no systemd.
UNIT_DIR ?= $(if $(shell command -v systemctl),$(PREFIX)/lib/systemd/system)
fish_DIR = $(DESTDIR)$(datarootdir)/fish/vendor_completions.d

install: all $(LIB_A) $(LIB_SO) $(BUILD)/pcpscope.pc
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)$(INSTALL) -d $(bin_DIR) $(lib_DIR)/pkgconfig $(include_DIR) $(doc_DIR) \
		$(man_DIR)/man1 $(man_DIR)/man7 \
		$(bash_DIR) $(zsh_DIR) $(fish_DIR)
	$(Q)$(INSTALL) -m 755 pcpscope $(bin_DIR)/pcpscope
	$(Q)$(INSTALL) -m 644 $(LIB_A) $(lib_DIR)/libpcpscope.a
	$(Q)$(INSTALL) -m 755 $(LIB_SO) $(lib_DIR)/
	$(Q)ln -sf $(notdir $(LIB_SO)) $(lib_DIR)/$(SO_NAME)
	$(Q)ln -sf $(SO_NAME) $(lib_DIR)/$(call shared,)
	$(Q)$(INSTALL) -m 644 $(BUILD)/pcpscope.pc $(lib_DIR)/pkgconfig/pcpscope.pc
	$(Q)$(INSTALL) -m 644 $(LIB_HEADERS) $(include_DIR)/
	$(Q)$(INSTALL) -m 644 src/pcpscope.1 $(man_DIR)/man1/pcpscope.1
	$(Q)$(INSTALL) -m 644 src/pcpscope-probe.7 $(man_DIR)/man7/pcpscope-probe.7
	$(Q)$(INSTALL) -m 644 README.md LICENSE $(doc_DIR)/
	$(Q)$(INSTALL) -m 644 src/completions/pcpscope.bash $(bash_DIR)/pcpscope
	$(Q)$(INSTALL) -m 644 src/completions/_pcpscope $(zsh_DIR)/_pcpscope
	$(Q)$(INSTALL) -m 644 src/completions/pcpscope.fish $(fish_DIR)/pcpscope.fish
ifneq ($(UNIT_DIR),)
	$(Q)$(INSTALL) -d $(DESTDIR)$(UNIT_DIR)
	$(Q)sed 's:@bindir@:$(bindir):' src/keep/pcpscope-keep@.service >$(BUILD)/pcpscope-keep@.service
	$(Q)$(INSTALL) -m 644 $(BUILD)/pcpscope-keep@.service $(DESTDIR)$(UNIT_DIR)/
endif

uninstall:
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(bin_DIR)/pcpscope $(lib_DIR)/libpcpscope.a \
		$(addprefix $(lib_DIR)/,$(call shared,) $(SO_NAME) $(notdir $(LIB_SO))) \
		$(lib_DIR)/pkgconfig/pcpscope.pc $(addprefix $(include_DIR)/,$(notdir $(LIB_HEADERS))) \
		$(man_DIR)/man1/pcpscope.1 $(man_DIR)/man7/pcpscope-probe.7 $(addprefix $(doc_DIR)/,README.md LICENSE) \
		$(bash_DIR)/pcpscope $(zsh_DIR)/_pcpscope $(fish_DIR)/pcpscope.fish \
		$(if $(UNIT_DIR),$(DESTDIR)$(UNIT_DIR)/pcpscope-keep@.service)
	$(Q)rmdir $(include_DIR) $(doc_DIR) 2>/dev/null || true

clean:
	$(Q)rm -rf .build pcpscope

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

include .packaging/rules.mk

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
