/*
 * What the client costs with 10^3 to 10^6 mappings under auto-renewal: one tick that
 * sends a renewal, and one answer that grants it. Both should not grow with the number, but for the
 * logarithm in the timer heap and the caches of the machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"

enum { LEN = 60, MEASURED = 200000 };

struct bench {
	struct pcp_client *client;
	struct pcp_rng rng;
	struct pcp_endpoint server, self;
	usec now;
	uint8_t sent[LEN];
	size_t nsent;
};

static bool take(void *arg, const struct pcp_client_server *server, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len)
{
	struct bench *bench = arg;

	(void)server;
	(void)to;
	if (len != LEN)
		abort();
	memcpy(bench->sent, octets, LEN);
	bench->nsent++;
	return true;
}

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void answer(struct bench *bench)
{
	uint8_t octets[LEN];

	memcpy(octets, bench->sent, LEN);
	octets[1] |= PCP_R;
	memset(octets + 12, 0, 12);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], octets, 3600);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, (uint32_t)(bench->now / USEC_PER_SEC));
	memcpy(octets + PCP_HEADER_LEN + 20, bench->server.addr, PCP_ADDR_LEN);
	pcp_client_receive(bench->client, bench->now, &bench->server, &bench->self, octets, LEN);
}

static void fill(struct bench *bench, uint16_t server, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t octets[LEN] = { PCP_VERSION_2, PCP_MAP }, *map = octets + PCP_HEADER_LEN;
		pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 3600);
		pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, 1 + i / 60000);
		pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, 1 + i % 60000);
		if (!pcp_client_submit(bench->client, bench->now,
				       &(struct pcp_client_request){
					       .server = server, .octets = octets, .len = LEN },
				       NULL))
			abort();
		answer(bench);
		bench->now +=
			3600 * USEC_PER_SEC / 2 / n; /* spread over the time to the first renewal */
	}
}

static void measure(unsigned n)
{
	struct bench bench = { .now = USEC_PER_SEC };
	struct pcp_client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };
	double tick = 0, receive = 0, began = thread_seconds(), filled;
	unsigned done = 0;

	pcp_rng_seeded(&bench.rng, 1);
	pcp_endpoint_parse("192.0.2.1", PCP_SERVER_PORT, &bench.server, NULL);
	pcp_endpoint_parse("192.0.2.7:40000", 0, &bench.self, NULL);
	bench.client = pcp_client_new(&(struct pcp_client_config){ .renew = true }, &bench.rng,
				      (struct pcp_client_io){ .arg = &bench, .send = take });
	config.endpoint[0] = bench.server;
	config.source = bench.self;
	fill(&bench, pcp_client_add_server(bench.client, &config), n);
	filled = thread_seconds();
	while (done < MEASURED) {
		size_t before = bench.nsent;
		double t0 = thread_seconds(), t1;
		bench.now = pcp_client_next(bench.client);
		pcp_client_tick(bench.client, bench.now);
		t1 = thread_seconds();
		tick += t1 - t0;
		if (bench.nsent == before)
			continue;
		answer(&bench);
		receive += thread_seconds() - t1;
		done++;
	}
	printf("%8u mappings: %6.2f us to make one, %6.2f us a tick that renews one, %6.2f us an "
	       "answer\n",
	       n, (filled - began) / n * 1e6, tick / done * 1e6, receive / done * 1e6);
	if (pcp_client_nmappings(bench.client) != n)
		abort();
	pcp_client_free(bench.client);
}

int main(void)
{
	printf("client engine, %d renewals each, clock included\n", MEASURED);
	measure(1000);
	measure(10000);
	measure(100000);
	measure(1000000);
	return 0;
}
