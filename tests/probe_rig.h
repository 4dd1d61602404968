/*
 * A probe, its engine and the lab in one virtual world: a run of minutes takes milliseconds, and
 * all chance comes from a seed. The network between them takes a millisecond each way.
 */
#ifndef TESTS_PROBE_RIG_H
#define TESTS_PROBE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "probe.h"
#include "timer.h"

struct rig {
	struct pcp_rng rng, lab_rng;
	struct lab *lab;
	struct pcp_client *client;
	struct probe *probe;
	struct probe_config config;
	struct pcp_endpoint server, outside, self[PROBE_DOORS]; /* outside: its other side */
	struct timers flights;
	struct timer hand; /* what somebody was asked to do is done a little later */
	const char *plea;
	size_t pleas;
	usec now, began, last_sent;
	uint16_t next_port;
	size_t sent;				    /* datagrams of the probe */
	usec closest;				    /* between two of them */
	size_t most;				    /* mappings on the lab at a time */
	const char *(*words_for)(const char *plea); /* NULL: nobody does anything */
	/* A server with manners of its own in place of the lab. False: the lab answers; true: the
	 * answer's octets are there, and 0 of them are silence. */
	bool (*own_way)(const uint8_t *q, size_t n, uint8_t *a, size_t *len);
	/* Of probe_io; NULL: no port can be tried. */
	bool (*try)(void *arg, const struct probe_trial *trial);
	void (*drop_try)(void *arg);
	/* What is told; may be NULL. */
	void (*line)(void *arg, const struct probe_line *line);
	void (*profile)(void *arg, const struct probe_profile *profile);
};

struct rig_flight {
	struct timer timer;
	struct rig *rig;
	struct pcp_endpoint from, to;
	size_t len;
	uint8_t octets[2100];
};

static size_t rig_maps(const struct rig *rig);

static bool rig_own_way(struct rig *rig, const struct rig_flight *flight);

static void rig_arrive(struct timer *timer, void *arg, usec now)
{
	struct rig_flight *flight = arg;
	struct rig *rig = flight->rig;
	size_t mappings;

	(void)timer;
	if (rig_own_way(rig, flight)) {
		free(flight);
		return;
	}
	if (pcp_endpoint_same(&flight->to, &rig->server) ||
	    pcp_endpoint_same(&flight->to, &rig->outside))
		lab_receive(rig->lab, now, &flight->from, &flight->to, flight->octets, flight->len);
	else
		pcp_client_receive(rig->client, now, &flight->from, &flight->to, flight->octets,
				   flight->len);
	mappings = rig_maps(rig);
	rig->most = mappings > rig->most ? mappings : rig->most;
	free(flight);
}

static void rig_carry(struct rig *rig, const struct pcp_endpoint *from,
		      const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct rig_flight *flight = malloc(sizeof *flight);

	assert_non_null(flight);
	assert_true(len <= sizeof flight->octets);
	*flight = (struct rig_flight){ .rig = rig, .from = *from, .to = *to, .len = len };
	flight->timer = (struct timer){ .fire = rig_arrive, .arg = flight };
	memcpy(flight->octets, octets, len);
	assert_true(timer_arm(&rig->flights, &flight->timer, rig->now + 1000));
}

static bool rig_own_way(struct rig *rig, const struct rig_flight *flight)
{
	uint8_t octets[2100];
	size_t len = 0;

	if (!rig->own_way || !pcp_endpoint_same(&flight->to, &rig->server) ||
	    !rig->own_way(flight->octets, flight->len, octets, &len))
		return false;
	if (len)
		rig_carry(rig, &flight->to, &flight->from, octets, len);
	return true;
}

static bool rig_send(void *arg, const struct pcp_client_server *server,
		     const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct rig *rig = arg;

	if (rig->sent++ && rig->now - rig->last_sent < rig->closest)
		rig->closest = rig->now - rig->last_sent;
	rig->last_sent = rig->now;
	rig_carry(rig, &server->config.source, to, octets, len);
	return true;
}

static void rig_event(void *arg, const struct pcp_client_event *event)
{
	struct rig *rig = arg;

	if (rig->probe)
		probe_event(rig->probe, event);
}

static void rig_lab_send(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
			 const uint8_t *octets, size_t len)
{
	struct rig *rig = arg;

	for (size_t i = 0; i < PROBE_DOORS; i++)
		if (pcp_endpoint_same(to, &rig->self[i])) {
			rig_carry(rig, from, to, octets, len);
			return;
		}
	if (to->port == PCP_CLIENT_PORT) /* to the group */
		rig_carry(rig, from, to, octets, len);
}

static uint16_t rig_port(void *arg, unsigned count)
{
	struct rig *rig = arg;

	rig->next_port = (uint16_t)(rig->next_port + count);
	return (uint16_t)(rig->next_port - count);
}

static bool rig_bind(void *arg, uint16_t port)
{
	(void)arg;
	return port != 0;
}

/* PEER's end by themselves. */
static size_t rig_maps(const struct rig *rig)
{
	struct lab_mapping mapping;
	size_t n = 0;

	for (size_t i = 0; lab_mapping_at(rig->lab, i, &mapping); i++)
		n += mapping.opcode == PCP_MAP;
	return n;
}

static struct pcp_endpoint rig_endpoint(const char *typed)
{
	struct pcp_endpoint endpoint;

	assert_true(pcp_endpoint_parse(typed, 0, &endpoint, NULL));
	return endpoint;
}

static void rig_words(struct rig *rig, const char *words)
{
	char word[256];
	struct pcp_why why;

	while (*words) {
		size_t len = strcspn(words, " ");

		snprintf(word, sizeof word, "%.*s", (int)len, words);
		if (len && !lab_set(rig->lab, rig->now, word, &why))
			fail_msg("%s: %s", word, why.text);
		words += len + (words[len] == ' ');
	}
}

static void rig_door(struct rig *rig, enum probe_door door, const char *self)
{
	const struct pcp_endpoint *there =
		door == PROBE_FROM_OUTSIDE ? &rig->outside : &rig->server;
	struct pcp_client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };

	rig->self[door] = rig_endpoint(self);
	config.endpoint[0] = *there;
	config.source = rig->self[door];
	rig->config.server[door] = pcp_client_add_server(rig->client, &config);
	assert_int_not_equal(rig->config.server[door], 0);
}

/* words: the lab's. */
static void rig_open(struct rig *rig, uint64_t seed, bool v6, const char *words)
{
	memset(rig, 0, sizeof *rig);
	pcp_rng_seeded(&rig->rng, seed);
	pcp_rng_seeded(&rig->lab_rng, seed + 1);
	timers_init(&rig->flights);
	rig->now = rig->began = 1000 * USEC_PER_SEC;
	rig->closest = USEC_NEVER;
	rig->next_port = 49152;
	rig->server = rig_endpoint(v6 ? "[2001:db8:1::1]:5351" : "192.168.5.1:5351");
	rig->lab = lab_new(0, &rig->lab_rng, (struct lab_io){ .arg = rig, .send = rig_lab_send });
	assert_non_null(rig->lab);
	rig_words(rig, words);
	rig->client = pcp_client_new(
		&(struct pcp_client_config){ 0 }, &rig->rng,
		(struct pcp_client_io){ .arg = rig, .send = rig_send, .event = rig_event });
	assert_non_null(rig->client);
	rig_door(rig, PROBE_MAIN, v6 ? "[2001:db8:1::10]:40000" : "192.168.5.100:40000");
	rig_door(rig, PROBE_OTHER_PORT, v6 ? "[2001:db8:1::10]:41000" : "192.168.5.100:41000");
	rig->outside = rig_endpoint("203.0.113.9:5351");
	rig_door(rig, PROBE_FROM_OUTSIDE, "198.51.100.77:40000");
	rig_door(rig, PROBE_OTHER_ADDRESS, v6 ? "[2001:db8:1::11]:40000" : "192.168.5.101:40000");
}

static usec rig_next(const struct rig *rig)
{
	usec next = probe_next(rig->probe), other = pcp_client_next(rig->client);

	next = other < next ? other : next;
	other = lab_next(rig->lab);
	next = other < next ? other : next;
	other = timers_next(&rig->flights);
	return other < next ? other : next;
}

static void rig_step(struct rig *rig)
{
	usec next = rig_next(rig);

	assert_true(next != USEC_NEVER); /* nothing is going on, and it is not over */
	rig->now = next > rig->now ? next : rig->now;
	timers_run(&rig->flights, rig->now);
	lab_tick(rig->lab, rig->now);
	pcp_client_tick(rig->client, rig->now);
	probe_tick(rig->probe, rig->now);
}

/* The restarts and changes of address that the probe asks people for. */
static void rig_obey(struct timer *timer, void *arg, usec now)
{
	struct rig *rig = arg;

	(void)timer;
	(void)now;
	if (rig->words_for)
		rig_words(rig, rig->words_for(rig->plea));
}

static void rig_plead(void *arg, const char *plea)
{
	struct rig *rig = arg;

	rig->plea = plea;
	rig->pleas++;
	rig->hand = (struct timer){ .fire = rig_obey, .arg = rig };
	assert_true(timer_arm(&rig->flights, &rig->hand, rig->now + 3 * USEC_PER_SEC));
}

static void rig_start(struct rig *rig, bool shuffle)
{
	rig->config.shuffle = shuffle;
	rig->probe = probe_new(&rig->config, rig->client, &rig->rng,
			       (struct probe_io){ .arg = rig,
						  .port = rig_port,
						  .bind = rig_bind,
						  .try = rig->try,
						  .drop_try = rig->drop_try,
						  .line = rig->line,
						  .profile = rig->profile,
						  .plead = rig_plead });
	assert_non_null(rig->probe);
	probe_tick(rig->probe, rig->now);
}

static void rig_run(struct rig *rig, bool shuffle)
{
	rig_start(rig, shuffle);
	while (!probe_over(rig->probe)) {
		rig_step(rig);
		assert_true(rig->now < rig->began + 4 * 3600 * USEC_PER_SEC);
	}
}

static void rig_close(struct rig *rig)
{
	probe_free(rig->probe);
	pcp_client_free(rig->client);
	timer_stop(&rig->flights, &rig->hand);
	while (rig->flights.count) {
		struct rig_flight *flight = rig->flights.heap[1].timer->arg;

		timer_stop(&rig->flights, &flight->timer);
		free(flight);
	}
	timers_free(&rig->flights);
	lab_free(rig->lab);
}

/* The verdict of a case; PROBE_NVERDICTS when it was not run. */
static inline enum probe_verdict rig_verdict(const struct rig *rig, const char *id)
{
	for (size_t i = 0; i < probe_nlines(rig->probe); i++) {
		const struct probe_line *line = probe_line_at(rig->probe, i);

		if (!line->rule && strcmp(line->row->id, id) == 0)
			return line->verdict;
	}
	return PROBE_NVERDICTS;
}

/* Whether a sentence of the profile has these words. */
static inline bool rig_says(const struct rig *rig, const char *words)
{
	char sentence[PROBE_SENTENCE];

	for (size_t i = 0; probe_sentence(rig->probe, i, sentence, sizeof sentence); i++)
		if (strstr(sentence, words))
			return true;
	return false;
}

static inline void rig_print(const struct rig *rig)
{
	for (size_t i = 0; i < probe_nlines(rig->probe); i++) {
		const struct probe_line *line = probe_line_at(rig->probe, i);

		if (line->verdict != PROBE_PASS)
			printf("  %s %s %s: %s%s%s\n", probe_verdict_name(line->verdict),
			       line->row->id, line->row->title, line->rule ? line->rule : "",
			       line->rule ? ": " : "", line->why);
	}
}

#endif
