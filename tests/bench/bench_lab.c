/*
 * What the lab costs with 10^3 to 10^6 mappings: making one, answering its renewal, a page of GET,
 * and a tick that lets one go; and the octets of memory that a mapping takes. None but the last
 * should grow with the number, but for logarithms and the caches of the machine.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lab.h"
#include "pcp.h"
#include "schema.h"

enum {
	LEN = 60,
	OF_A_CLIENT = 50000,
	MEASURED = 20000,
	GET_LEN = PCP_HEADER_LEN + 40,
	NEXT_LEN = 60
};

struct bench {
	struct lab *lab;
	struct pcp_rng rng;
	struct pcp_endpoint self;
	usec now;
	uint8_t answer[PCP_MAX_LEN];
	size_t len; /* of the last answer */
};

static void take(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len)
{
	struct bench *bench = arg;

	(void)from, (void)to;
	memcpy(bench->answer, octets, len);
	bench->len = len;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ask(struct bench *bench, const struct pcp_endpoint *client, const uint8_t *octets,
		size_t len)
{
	bench->len = 0;
	lab_receive(bench->lab, bench->now, client, &bench->self, octets, len);
	if (bench->len < PCP_HEADER_LEN || bench->answer[3] != PCP_SUCCESS) {
		fprintf(stderr, "the lab answered %zu octets, result %u\n", bench->len,
			bench->answer[3]);
		exit(1);
	}
}

static struct pcp_endpoint client_of(unsigned n)
{
	struct pcp_endpoint client;
	char text[32];

	snprintf(text, sizeof text, "10.0.0.%u:40000", 1 + n / OF_A_CLIENT);
	pcp_endpoint_parse(text, 0, &client, NULL);
	return client;
}

static void begin(uint8_t *octets, size_t len, uint8_t opcode, const struct pcp_endpoint *client)
{
	memset(octets, 0, len);
	octets[0] = PCP_VERSION_2;
	octets[1] = opcode;
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, client->addr, PCP_ADDR_LEN);
}

/* Lifetimes differ, so that mappings go one by one. */
static void map(struct bench *bench, unsigned n)
{
	struct pcp_endpoint client = client_of(n);
	uint8_t octets[LEN], *body = octets + PCP_HEADER_LEN;

	begin(octets, LEN, PCP_MAP, &client);
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 3600 + n);
	memcpy(body, &n, sizeof n); /* its nonce */
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], body, PCP_TCP);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], body, 1 + n % OF_A_CLIENT);
	memcpy(body + 20, (const uint8_t[PCP_ADDR_LEN]){ [10] = 0xff, [11] = 0xff }, PCP_ADDR_LEN);
	ask(bench, &client, octets, LEN);
}

static void any_of_ipv4(uint8_t *address)
{
	address[10] = address[11] = 0xff;
}

/* A client's list from its start: each page is asked for by the last row of the one before. */
static double pages(struct bench *bench, unsigned n, unsigned most, unsigned *done)
{
	struct pcp_endpoint client = client_of(n);
	uint8_t octets[GET_LEN + NEXT_LEN], *body = octets + PCP_HEADER_LEN,
					    *next = octets + GET_LEN;
	double began = seconds();

	begin(octets, sizeof octets, PCP_GET, &client);
	any_of_ipv4(body + 4);
	any_of_ipv4(body + 20);
	next[0] = PCP_NEXT;
	next[3] = NEXT_LEN - 4;
	any_of_ipv4(next + 4 + 16);
	any_of_ipv4(next + 4 + 32);
	for (unsigned i = 0; i < most; i++, ++*done) {
		ask(bench, &client, octets, sizeof octets);
		if (bench->len < GET_LEN + NEXT_LEN)
			break;
		memcpy(next, bench->answer + bench->len - NEXT_LEN, NEXT_LEN);
	}
	return seconds() - began;
}

static double ticks(struct bench *bench, unsigned most, unsigned *done)
{
	double began = seconds();

	for (; *done < most && lab_next(bench->lab) != USEC_NEVER; ++*done) {
		bench->now = lab_next(bench->lab);
		lab_tick(bench->lab, bench->now);
	}
	return seconds() - began;
}

static void set(struct bench *bench, const char *word)
{
	struct pcp_why why;

	if (!lab_set(bench->lab, bench->now, word, &why)) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
}

static void measure(unsigned n)
{
	struct bench bench = { .now = USEC_PER_SEC };
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, octets;
	unsigned npages = 0, nticks = 0;
	double made, renewed, paged, ticked, began;

	pcp_rng_seeded(&bench.rng, 1);
	pcp_endpoint_parse("192.0.2.1", PCP_SERVER_PORT, &bench.self, NULL);
	bench.lab = lab_new(bench.now, &bench.rng, (struct lab_io){ .arg = &bench, .send = take });
	set(&bench, "wan=203.0.113.1/40");
	set(&bench, "max-lifetime=2000000");
	ticks(&bench, 100, &nticks); /* what a setting brings about */
	nticks = 0;
	began = seconds();
	for (unsigned i = 0; i < n; i++)
		map(&bench, i);
	made = seconds() - began;
	octets = mallinfo2().uordblks + mallinfo2().hblkhd - before;
	began = seconds();
	for (unsigned i = 0; i < MEASURED; i++)
		map(&bench, (unsigned)(i * 7919ull % n));
	renewed = seconds() - began;
	paged = 0;
	for (unsigned i = 0; npages < MEASURED / 10; i++)
		paged += pages(&bench, (unsigned)(i * 7919ull * OF_A_CLIENT % n), 100, &npages);
	ticked = ticks(&bench, n < MEASURED ? n / 2 : MEASURED, &nticks);
	printf("%8u mappings: %6.2f us to make one, %6.2f us an answer to its renewal, %6.2f us a "
	       "page of GET, %6.2f us a "
	       "tick, %zu octets each\n",
	       n, made / n * 1e6, renewed / MEASURED * 1e6, paged / npages * 1e6,
	       nticks ? ticked / nticks * 1e6 : 0, octets / n);
	lab_free(bench.lab);
}

int main(int argc, char **argv)
{
	printf("lab, %d of each, processor time\n", MEASURED);
	if (argc > 1) {
		measure((unsigned)strtoul(argv[1], NULL, 10));
		return 0;
	}
	for (unsigned n = 1000; n <= 1000000; n *= 10)
		measure(n);
	return 0;
}
