# Releases, and tests of what is foreign to most machines. The Makefile includes this; `make test` needs none of it.

.PHONY: dist deb rpm static windows test-everywhere

DIST := .build/pcpscope-$(VERSION).tar.gz

dist:
	$(call say,DIST,$(DIST))
	$(Q).packaging/dist $(VERSION) $(DIST)

# Debian's: the program, the library, and what building with the library takes.
deb: dist
	$(call say,DEB,.build/deb)
	$(Q).packaging/deb $(VERSION) $(DIST) .build/deb

rpm: dist
	$(call say,RPM,.build/rpm)
	$(Q).packaging/rpm $(VERSION) $(DIST) .build/rpm

# One file that needs no other.
static:
	$(Q).packaging/static .build/static

# The same for Windows.
windows:
	$(Q).packaging/windows .build/windows

# Each script of tests/everywhere is one thing; ONLY='WORD...' runs those with one of the words in their name.
test-everywhere:
	@.ci/deps build test everywhere
	$(Q)$(MAKE) --no-print-directory $(ALL_PROCESSORS) pcpscope
	$(Q)BUILD=$(BUILD) CC='$(CC)' LIST='tests/everywhere/*' LIMIT=7200 JOBS=1 tests/run $(ONLY)
