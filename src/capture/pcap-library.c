/* Finds libpcap when the first capture is opened, and its functions by name. */
#include "pcap-library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* What systems call the library with this interface: Linux mostly, Debian, macOS. */
static const char *const files[] = { "libpcap.so.1", "libpcap.so.0.8", "libpcap.A.dylib" };

static const struct {
	const char *name;
	size_t at;
} functions[] = {
	{ "pcap_fopen_offline", offsetof(struct pcap_library, fopen_offline) },
	{ "pcap_next_ex", offsetof(struct pcap_library, next_ex) },
	{ "pcap_datalink", offsetof(struct pcap_library, datalink) },
	{ "pcap_datalink_val_to_name", offsetof(struct pcap_library, datalink_val_to_name) },
	{ "pcap_snapshot", offsetof(struct pcap_library, snapshot) },
	{ "pcap_geterr", offsetof(struct pcap_library, geterr) },
	{ "pcap_close", offsetof(struct pcap_library, close) },
	{ "pcap_create", offsetof(struct pcap_library, create) },
	{ "pcap_set_snaplen", offsetof(struct pcap_library, set_snaplen) },
	{ "pcap_set_promisc", offsetof(struct pcap_library, set_promisc) },
	{ "pcap_set_immediate_mode", offsetof(struct pcap_library, set_immediate_mode) },
	{ "pcap_set_buffer_size", offsetof(struct pcap_library, set_buffer_size) },
	{ "pcap_activate", offsetof(struct pcap_library, activate) },
	{ "pcap_compile", offsetof(struct pcap_library, compile) },
	{ "pcap_setfilter", offsetof(struct pcap_library, setfilter) },
	{ "pcap_freecode", offsetof(struct pcap_library, freecode) },
	{ "pcap_setnonblock", offsetof(struct pcap_library, setnonblock) },
	{ "pcap_get_selectable_fd", offsetof(struct pcap_library, get_selectable_fd) },
	{ "pcap_dispatch", offsetof(struct pcap_library, dispatch) },
	{ "pcap_stats", offsetof(struct pcap_library, stats) },
	{ "pcap_statustostr", offsetof(struct pcap_library, statustostr) },
	{ "pcap_dump_fopen", offsetof(struct pcap_library, dump_fopen) },
	{ "pcap_dump", offsetof(struct pcap_library, dump) },
	{ "pcap_dump_flush", offsetof(struct pcap_library, dump_flush) },
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

	for (size_t i = 0; !loaded && i < sizeof files / sizeof *files; i++) {
		void *handle = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);

		loaded = handle && fill(&library, handle);
	}
	if (loaded)
		return &library;
	why->at = 0;
	snprintf(why->text, sizeof why->text,
		 "captures are read with libpcap, which is not installed here: %s is its file",
		 files[0]);
	return NULL;
}
