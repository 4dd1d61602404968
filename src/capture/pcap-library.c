/* Finds libpcap when the first capture is opened, and its functions by name. */
#include "pcap-library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* What this system calls the library with this interface (Makefile). */
static const char *const files[] = { PCAP_FILES };

static const struct {
	const char *name;
	size_t at;
} functions[] = {
#define X(name) { "pcap_" #name, offsetof(struct pcap_library, name) },
	PCAP_FUNCTIONS(X)
#undef X
};

static bool fill(struct pcap_library *library, void *handle)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		void *address = dlsym(handle, functions[i].name);

		if (!address)
			return false;
		/* ISO C has no conversion from void * to a function; POSIX says the octets are it.
		 */
		memcpy((char *)library + functions[i].at, &address, sizeof address);
	}
	return true;
}

const struct pcap_library *pcap_library(struct pcp_why *why)
{
	static struct pcap_library library;
	static bool loaded;
	bool memory = true;

	for (size_t i = 0; !loaded && i < sizeof files / sizeof *files; i++) {
		errno = 0;
		void *handle = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);

		memory = memory && errno != ENOMEM;
		loaded = handle && fill(&library, handle);
	}
	if (loaded)
		return &library;
	if (!memory) {
		pcp_no_memory(why);
		return NULL;
	}
	pcp_refuse(why, 0,
		   "captures are read with libpcap, which is not installed here: %s is its file",
		   files[0]);
	return NULL;
}
