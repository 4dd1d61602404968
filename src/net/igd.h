/*
 * Whether a router speaks UPnP IGD, PCP's rival, and which external address it tells there: a
 * search by SSDP and two documents of XML, which a stranger wrote. They are read by libminiupnpc in
 * a child that has no files, no descriptors but its pipe, 64 MiB and three seconds.
 */
#ifndef IGD_H
#define IGD_H

#include "loop.h"
#include "pcp.h"

enum igd_state {
	IGD_UNKNOWN, /* not asked, or what answered is no device as it should be */
	IGD_SILENT,  /* nothing at the router's address answered the search */
	IGD_SPEAKS,
};

struct igd_answer {
	enum igd_state state;
	uint8_t external[PCP_ADDR_LEN]; /* as it tells; :: when it tells none */
};

struct igd;

/* Asks the router at that IPv4 address, from an address of this host. `told` is called once, from
 * the loop, within some three seconds; behind it, or instead of waiting for it, the caller frees
 * what this returns. NULL: nothing can be asked (IPv6, loopback, no memory), and nothing is told.
 */
struct igd *igd_ask(struct loop *loop, const uint8_t own[PCP_ADDR_LEN],
		    const uint8_t router[PCP_ADDR_LEN],
		    void (*told)(void *arg, usec now, const struct igd_answer *answer), void *arg);
void igd_free(struct igd *igd);

/* What the child does: igd-library.c, or igd-none.c where libminiupnpc was not there to build with.
 */

enum { IGD_TEXT = 64 };

/* Loads what is needed; false: there is none. */
bool igd_load(void);
/* Searches and asks, some seconds long. `external` is "" or whatever was told, with its NUL. */
enum igd_state igd_look(const char *own, const char *router, char external[IGD_TEXT]);

#endif
