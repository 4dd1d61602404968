/*
 * A client on a bench: a fake clock, a seeded generator, and a notebook of everything that it sent
 * and told. The tests play the server.
 */
#ifndef CLIENT_RIG_H
#define CLIENT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "client.h"

#define SECOND USEC_PER_SEC

enum { RIG_SENT_MAX = 4096, RIG_EVENTS_MAX = 8192 };

struct rig_datagram {
	usec at;
	uint16_t server;
	struct pcp_endpoint to;
	size_t len;
	uint8_t octets[PCP_EDIT_MAX];
};

struct rig_event {
	enum pcp_client_event_kind kind;
	usec now;
	uint32_t exchange, mapping;
	enum pcp_mapping_state state; /* of the mapping */
	uint16_t server;
	uint32_t tries;
	usec next_at, rtt;
	uint8_t result;
	size_t len;
	bool by_itself;
	char reason[320];
};

struct rig {
	struct pcp_client *client;
	struct pcp_rng rng;
	usec now;
	uint16_t server;
	uint32_t boot; /* seconds: the server's epoch is now - boot */
	struct pcp_endpoint from, source;
	struct rig_datagram sent[RIG_SENT_MAX];
	size_t nsent;
	struct rig_event event[RIG_EVENTS_MAX];
	size_t nevent;
	void (*hook)(struct rig *rig, const struct pcp_client_event *event);
	struct pcp_why why;
};

static bool rig_send(void *arg, const struct pcp_client_server *server,
		     const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct rig *rig = arg;
	struct rig_datagram *datagram = &rig->sent[rig->nsent++];

	assert_true(rig->nsent < RIG_SENT_MAX && len <= sizeof(datagram->octets));
	datagram->at = rig->now;
	datagram->server = server->id;
	datagram->to = *to;
	datagram->len = len;
	memcpy(datagram->octets, octets, len);
	return true;
}

static void rig_event(void *arg, const struct pcp_client_event *event)
{
	struct rig *rig = arg;
	struct rig_event *noted = &rig->event[rig->nevent++];

	assert_true(rig->nevent < RIG_EVENTS_MAX);
	*noted = (struct rig_event){ .kind = event->kind,
				     .now = event->now,
				     .exchange = event->exchange,
				     .mapping = event->mapping ? event->mapping->id : 0,
				     .state = event->mapping ? event->mapping->state : 0,
				     .server = event->server ? event->server->id : 0,
				     .tries = event->tries,
				     .next_at = event->next_at,
				     .rtt = event->rtt,
				     .result = event->result,
				     .len = event->len,
				     .by_itself = event->by_itself };
	snprintf(noted->reason, sizeof(noted->reason), "%s", event->reason ? event->reason : "");
	if (rig->hook)
		rig->hook(rig, event);
}

static inline struct pcp_endpoint rig_endpoint(const char *typed)
{
	struct pcp_endpoint endpoint;

	assert_true(pcp_endpoint_parse(typed, PCP_SERVER_PORT, &endpoint, NULL));
	return endpoint;
}

/* A client with one server, 192.0.2.1, and the source 192.0.2.7. */
static inline void rig_start(struct rig *rig, const struct pcp_client_config *config, uint64_t seed)
{
	struct pcp_client_server_config server = { .nendpoint = 1, .version = PCP_VERSION_2 };

	memset(rig, 0, sizeof(*rig));
	pcp_rng_seeded(&rig->rng, seed);
	rig->now = 1000 * SECOND;
	rig->from = rig_endpoint("192.0.2.1");
	rig->source = rig_endpoint("192.0.2.7:40000");
	rig->client = pcp_client_new(
		config, &rig->rng,
		(struct pcp_client_io){ .arg = rig, .send = rig_send, .event = rig_event });
	assert_non_null(rig->client);
	server.endpoint[0] = rig->from;
	server.source = rig->source;
	rig->server = pcp_client_add_server(rig->client, &server);
	assert_int_equal(rig->server, 1);
}

static inline void rig_stop(struct rig *rig)
{
	pcp_client_free(rig->client);
	rig->client = NULL;
}

/* Virtual time goes on, timer by timer. */
static inline void rig_run(struct rig *rig, usec until)
{
	usec next;

	while ((next = pcp_client_next(rig->client)) <= until) {
		rig->now = next > rig->now ? next : rig->now;
		pcp_client_tick(rig->client, rig->now);
	}
	rig->now = until > rig->now ? until : rig->now;
}

static inline void rig_wait(struct rig *rig, usec duration)
{
	rig_run(rig, rig->now + duration);
}

static inline struct rig_datagram *rig_last(struct rig *rig)
{
	assert_true(rig->nsent > 0);
	return &rig->sent[rig->nsent - 1];
}

/* The last event of that kind; NULL without one. */
static inline const struct rig_event *rig_told(const struct rig *rig,
					       enum pcp_client_event_kind kind)
{
	for (size_t i = rig->nevent; i-- > 0;)
		if (rig->event[i].kind == kind)
			return &rig->event[i];
	return NULL;
}

static inline size_t rig_count(const struct rig *rig, enum pcp_client_event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < rig->nevent; i++)
		n += rig->event[i].kind == kind;
	return n;
}

/* ---- requests ---- */

static inline size_t rig_map_octets(uint8_t *octets, uint16_t internal, uint32_t lifetime)
{
	uint8_t *map = octets + PCP_HEADER_LEN;

	memset(octets, 0, 60);
	octets[0] = PCP_VERSION_2;
	octets[1] = PCP_MAP;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, lifetime);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, 6);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, internal);
	if (lifetime > 0)
		pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map, internal);
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, true);
	return 60;
}

static inline uint32_t rig_submit(struct rig *rig, const uint8_t *octets, size_t len)
{
	return pcp_client_submit(
		rig->client, rig->now,
		&(struct pcp_client_request){ .server = rig->server, .octets = octets, .len = len },
		&rig->why);
}

static inline uint32_t rig_map(struct rig *rig, uint16_t internal, uint32_t lifetime)
{
	uint8_t octets[60];

	return rig_submit(rig, octets, rig_map_octets(octets, internal, lifetime));
}

static inline uint32_t rig_announce(struct rig *rig)
{
	uint8_t octets[PCP_HEADER_LEN] = { PCP_VERSION_2, PCP_ANNOUNCE };

	return rig_submit(rig, octets, sizeof(octets));
}

/* ---- responses ---- */

/* The response that a server gives to a request: RFC 6887 8.2. */
static inline size_t rig_response(const struct rig *rig, const struct rig_datagram *request,
				  uint8_t result, uint32_t lifetime, uint8_t *octets)
{
	uint32_t epoch = (uint32_t)(rig->now / SECOND) - rig->boot;

	memcpy(octets, request->octets, request->len);
	octets[1] |= PCP_R;
	octets[3] = result;
	memset(octets + 12, 0, 12);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], octets, lifetime);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, epoch);
	if (result == PCP_SUCCESS && lifetime > 0 && request->len >= 60) {
		uint8_t *map = octets + PCP_HEADER_LEN;
		uint8_t *address = map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off;
		if (pcp_addr_is_any(address))
			memcpy(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xcb\0\x71\x09", 16);
		if (pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], map) == 0)
			pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map, 5555);
	}
	return request->len;
}

static inline void rig_receive(struct rig *rig, const uint8_t *octets, size_t len)
{
	pcp_client_receive(rig->client, rig->now, &rig->from, &rig->source, octets, len);
}

/* Answers the last datagram sent. */
static inline void rig_answer(struct rig *rig, uint8_t result, uint32_t lifetime)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len = rig_response(rig, rig_last(rig), result, lifetime, octets);

	rig_receive(rig, octets, len);
}

static inline void rig_announced(struct rig *rig, bool multicast)
{
	uint8_t octets[PCP_HEADER_LEN] = { PCP_VERSION_2, PCP_R | PCP_ANNOUNCE };
	struct pcp_endpoint group = rig_endpoint("224.0.0.1:5350");
	uint32_t epoch = (uint32_t)(rig->now / SECOND) - rig->boot;

	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, epoch);
	pcp_client_receive(rig->client, rig->now, &rig->from, multicast ? &group : &rig->source,
			   octets, sizeof(octets));
}

static inline const struct pcp_mapping *rig_row(const struct rig *rig, size_t i)
{
	const struct pcp_mapping *mapping = pcp_client_mapping_at(rig->client, i);

	assert_non_null(mapping);
	return mapping;
}

#endif
