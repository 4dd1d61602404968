/* Interfaces and their addresses, by the names that people see. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <iphlpapi.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows-private.h"

/* As in posix/net/if.h and posix/ifaddrs.h. */
enum { NAME = 257 };
struct if_nameindex {
	unsigned index;
	char *name;
};
struct ifaddrs {
	struct ifaddrs *next;
	char *name;
	struct sockaddr *addr, *netmask;
	struct sockaddr_storage octets[2];
	char own_name[NAME];
};
unsigned windows_if_nametoindex(const char *name);
char *windows_if_indextoname(unsigned index, char *name);
struct if_nameindex *windows_if_nameindex(void);
void windows_if_freenameindex(struct if_nameindex *list);
int windows_getifaddrs(struct ifaddrs **list);
void windows_freeifaddrs(struct ifaddrs *list);

/* All of them; the caller frees it. NULL: they cannot be told. */
static IP_ADAPTER_ADDRESSES *adapters(void)
{
	IP_ADAPTER_ADDRESSES *list = NULL, *more;
	ULONG size = 16384, error = ERROR_BUFFER_OVERFLOW;

	for (int try = 0; try < 4 && error == ERROR_BUFFER_OVERFLOW; try++) {
		more = realloc(list, size);
		if (!more)
			break;
		list = more;
		error = GetAdaptersAddresses(AF_UNSPEC,
					     GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST |
						     GAA_FLAG_SKIP_DNS_SERVER,
					     NULL, list, &size);
	}
	if (error == ERROR_SUCCESS)
		return list;
	free(list);
	errno = ENOSYS;
	return NULL;
}

static unsigned index_of(const IP_ADAPTER_ADDRESSES *at)
{
	return at->IfIndex ? at->IfIndex : at->Ipv6IfIndex;
}

static void name_of(const IP_ADAPTER_ADDRESSES *at, char name[NAME])
{
	int len = WideCharToMultiByte(CP_UTF8, 0, at->FriendlyName, -1, name, NAME, NULL, NULL);

	if (len <= 1)
		snprintf(name, NAME, "%u", index_of(at));
}

unsigned windows_if_nametoindex(const char *name)
{
	IP_ADAPTER_ADDRESSES *list = adapters();
	unsigned found = 0;
	char has[NAME];

	for (IP_ADAPTER_ADDRESSES *at = list; at && !found; at = at->Next) {
		name_of(at, has);
		if (!strcmp(has, name))
			found = index_of(at);
	}
	free(list);
	return found;
}

char *windows_if_indextoname(unsigned index, char *name)
{
	IP_ADAPTER_ADDRESSES *list = adapters(), *at = list;

	while (at && index_of(at) != index)
		at = at->Next;
	if (at)
		name_of(at, name);
	else
		errno = ENXIO;
	free(list);
	return at ? name : NULL;
}

struct if_nameindex *windows_if_nameindex(void)
{
	IP_ADAPTER_ADDRESSES *list = adapters();
	struct if_nameindex *names;
	size_t n = 0;
	char has[NAME];

	for (IP_ADAPTER_ADDRESSES *at = list; at; at = at->Next)
		n++;
	names = calloc(n + 1, sizeof *names);
	n = 0;
	for (IP_ADAPTER_ADDRESSES *at = names ? list : NULL; at; at = at->Next) {
		name_of(at, has);
		names[n].index = index_of(at);
		names[n++].name = _strdup(has);
	}
	free(list);
	return names;
}

void windows_if_freenameindex(struct if_nameindex *list)
{
	for (struct if_nameindex *at = list; at && at->name; at++)
		free(at->name);
	free(list);
}

/* ---- addresses ---- */

static void set_mask(struct sockaddr_storage *mask, unsigned family, unsigned bits)
{
	uint8_t *octets = family == AF_INET
				  ? (uint8_t *)&((struct sockaddr_in *)(void *)mask)->sin_addr
				  : ((struct sockaddr_in6 *)(void *)mask)->sin6_addr.s6_addr;

	mask->ss_family = (short)family;
	for (unsigned i = 0; i < bits && i < (family == AF_INET ? 32U : 128U); i++)
		octets[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static bool add(struct ifaddrs ***last, const IP_ADAPTER_ADDRESSES *adapter,
		const IP_ADAPTER_UNICAST_ADDRESS *address)
{
	struct ifaddrs *one = calloc(1, sizeof *one);

	if (!one || (size_t)address->Address.iSockaddrLength > sizeof one->octets[0]) {
		free(one);
		return false;
	}
	name_of(adapter, one->own_name);
	one->name = one->own_name;
	memcpy(&one->octets[0], address->Address.lpSockaddr,
	       (size_t)address->Address.iSockaddrLength);
	set_mask(&one->octets[1], address->Address.lpSockaddr->sa_family,
		 address->OnLinkPrefixLength);
	one->addr = (struct sockaddr *)&one->octets[0];
	one->netmask = (struct sockaddr *)&one->octets[1];
	**last = one;
	*last = &one->next;
	return true;
}

int windows_getifaddrs(struct ifaddrs **list)
{
	IP_ADAPTER_ADDRESSES *all = adapters();
	struct ifaddrs **last = list;
	bool done = all != NULL;

	*list = NULL;
	for (IP_ADAPTER_ADDRESSES *at = all; at; at = at->Next)
		for (IP_ADAPTER_UNICAST_ADDRESS *has = at->FirstUnicastAddress; has && done;
		     has = has->Next)
			done = add(&last, at, has);
	free(all);
	if (done)
		return 0;
	windows_freeifaddrs(*list);
	*list = NULL;
	return -1;
}

void windows_freeifaddrs(struct ifaddrs *list)
{
	while (list) {
		struct ifaddrs *next = list->next;

		free(list);
		list = next;
	}
}
