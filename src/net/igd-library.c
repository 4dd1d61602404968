/* UPnP IGD through libminiupnpc, which is loaded when a router is asked: who asks none needs none.
 */
#include "igd.h"

#include <dlfcn.h>
#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <stddef.h>
#include <string.h>

enum { SEARCH_MS = 1000, HOPS = 2 };

/* The library has the number of its interface in its name; the headers' own is asked for. */
#define DIGITS(number)	#number
#define FILE_OF(number) "libminiupnpc.so." DIGITS(number)

#define FUNCTIONS(X) X(upnpDiscoverDevices) X(UPNP_GetIGDFromUrl) X(UPNP_GetExternalIPAddress)

static struct {
#define X(name) __typeof__(name) *name;
	FUNCTIONS(X)
#undef X
} library;

bool igd_load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} functions[] = {
#define X(name) { #name, offsetof(__typeof__(library), name) },
		FUNCTIONS(X)
#undef X
	};
	void *handle = dlopen(FILE_OF(MINIUPNPC_API_VERSION), RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < sizeof functions / sizeof *functions; i++) {
		void *address = dlsym(handle, functions[i].name);

		if (!address)
			return false;
		memcpy((char *)&library + functions[i].at, &address, sizeof address);
	}
	return handle != NULL;
}

/* Whether the URL is one of the router itself: a description may name any host, and nobody else is
 * to be asked on its word. */
static bool is_at(const char *url, const char *router)
{
	static const char scheme[] = "http://";
	size_t len = strlen(router);

	return url && !strncmp(url, scheme, strlen(scheme)) &&
	       !strncmp(url + strlen(scheme), router, len) &&
	       strchr(":/", url[strlen(scheme) + len]) != NULL;
}

static bool ask(const char *description, const char *router, char external[IGD_TEXT])
{
	static struct UPNPUrls urls;
	static struct IGDdatas data;
	char own[IGD_TEXT];

	if (!library.UPNP_GetIGDFromUrl(description, &urls, &data, own, sizeof own) ||
	    !is_at(urls.controlURL, router))
		return false;
	if (library.UPNP_GetExternalIPAddress(urls.controlURL, data.first.servicetype, external))
		*external = '\0';
	external[IGD_TEXT - 1] = '\0';
	return true;
}

enum igd_state igd_look(const char *own, const char *router, char external[IGD_TEXT])
{
	/* Later versions of the device answer for the first one. */
	static const char *const wanted[] = { "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
					      NULL };
	enum igd_state state;
	int error = 0;
	const struct UPNPDev *device =
		library.upnpDiscoverDevices(wanted, SEARCH_MS, own, NULL, 0, 0, HOPS, &error, 0);

	memset(external, 0, IGD_TEXT);
	state = error ? IGD_UNKNOWN : IGD_SILENT;
	for (; device && state != IGD_SPEAKS; device = device->pNext)
		if (is_at(device->descURL, router))
			state = ask(device->descURL, router, external) ? IGD_SPEAKS : IGD_UNKNOWN;
	return state;
}
