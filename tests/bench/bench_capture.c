/*
 * What a capture of 1,000,000 packets costs: reading it all, stepping and seeking in it, and the
 * memory that is taken at most.
 *	bench_capture                    all kinds
 *	bench_capture KIND PACKETS FILE  writes one, to be looked at in the dashboard
 *	bench_capture FILE               what that one costs
 *	bench_capture list FILE          the same without steps in it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "replay.h"

enum { LEN = 60, EPOCH = 8, PACKETS = 1000000, A_TURN = 4096 };
#define START (1700000000 * USEC_PER_SEC)

/* How many mappings, seconds between their requests, who of them has an answer. */
struct kind {
	const char *name, *what;
	uint32_t mappings;
	usec gap;
	bool answered;
};

static const struct kind kinds[] = {
	{ "renewals", "1,000 mappings, renewed again and again", 1000, USEC_PER_SEC, true },
	{ "mappings", "as many mappings as requests, an hour each", UINT32_MAX, USEC_PER_SEC / 100,
	  true },
	{ "silence", "as many mappings as packets, none answered", UINT32_MAX, USEC_PER_SEC / 100,
	  false },
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The n-th mapping's request, or the answer to it: internal port and client's address count. */
static void compose(uint8_t *octets, uint32_t n, const struct pcp_endpoint *client)
{
	uint8_t *map = octets + PCP_HEADER_LEN;

	memset(octets, 0, LEN);
	octets[0] = PCP_VERSION_2;
	octets[1] = PCP_MAP;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 3600);
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, client->addr, PCP_ADDR_LEN);
	memcpy(map, &n, sizeof n);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, 6 + n / 60000 % 200);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, 1 + n % 60000);
	memcpy(map + 20, client->addr, PCP_ADDR_LEN);
}

static void answer(uint8_t *octets, uint32_t n, usec wall)
{
	octets[1] |= PCP_R;
	memset(octets + EPOCH, 0, PCP_HEADER_LEN - EPOCH);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, (uint32_t)((wall - START) / USEC_PER_SEC));
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], octets + PCP_HEADER_LEN, 1 + n % 60000);
}

static void make(const struct kind *kind, uint32_t packets, const char *path)
{
	struct pcp_why why;
	struct capture_writer *writer = capture_write_file(path, &why);
	struct pcp_endpoint client, server;
	usec wall = START;

	if (!writer) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	pcp_endpoint_parse("192.0.2.7:40000", 0, &client, NULL);
	pcp_endpoint_parse("192.0.2.1", PCP_SERVER_PORT, &server, NULL);
	for (uint32_t i = 0, n = 0; i < packets; i++, n++, wall += kind->gap) {
		uint8_t octets[LEN];

		compose(octets, n % kind->mappings, &client);
		capture_write(writer, wall, &client, &server, octets, LEN);
		if (!kind->answered || ++i == packets)
			continue;
		answer(octets, n, wall + 1500);
		capture_write(writer, wall + 1500, &server, &client, octets, LEN);
	}
	capture_writer_free(writer);
}

static double seek(struct replay *replay, uint64_t at)
{
	double began = seconds();

	while (!replay_seek(replay, at, A_TURN))
		;
	return (seconds() - began) * 1e3;
}

static void measure(const char *path, bool steps)
{
	struct log *log = log_new(0);
	struct pcp_why why;
	struct replay *replay = replay_open(path, NULL, 0, log, &why);
	double began = seconds(), took, turn, longest = 0;
	struct rusage usage;
	uint64_t end;

	if (!replay) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	if (steps)
		replay_steps(replay);
	do {
		turn = seconds();
		replay_read(replay, A_TURN);
		turn = seconds() - turn;
		longest = turn > longest ? turn : longest;
	} while (replay_reading(replay));
	took = seconds() - began;
	end = replay_count(replay);
	getrusage(RUSAGE_SELF, &usage);
	printf("%llu packets, %zu listed, %zu mappings: %.2f s, %ld MB, turns up to %.0f ms\n",
	       (unsigned long long)end, log_nmessages(log),
	       pcp_client_nmappings(replay_client(replay)), took, usage.ru_maxrss / 1024,
	       longest * 1e3);
	if (!steps)
		return;
	printf("a step back %.1f ms", seek(replay, end - 1));
	printf(", ten more %.1f ms", seek(replay, end - 11));
	printf(", to the middle %.1f ms", seek(replay, end / 2));
	printf(", a step back %.1f ms", seek(replay, end / 2 - 1));
	printf(", to the start %.1f ms", seek(replay, 0));
	printf(", to the end %.1f ms", seek(replay, end));
	getrusage(RUSAGE_SELF, &usage);
	printf("; %ld MB\n", usage.ru_maxrss / 1024);
	replay_free(replay);
	log_free(log);
}

/* In a process of its own, so that its memory is its own. */
static void apart(const struct kind *kind)
{
	char path[] = "/tmp/pcpscope-bench-XXXXXX";
	int fd = mkstemp(path);
	pid_t pid;

	if (fd < 0)
		exit(1);
	close(fd);
	make(kind, PACKETS, path);
	printf("%s: %s\n", kind->name, kind->what);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		measure(path, true);
		exit(0);
	}
	waitpid(pid, NULL, 0);
	unlink(path);
}

int main(int argc, char **argv)
{
	bool lists = argc == 3 && !strcmp(argv[1], "list");

	if (argc == 2 || lists)
		measure(argv[argc - 1], !lists);
	for (size_t i = 0; argc != 2 && !lists && i < sizeof kinds / sizeof *kinds; i++) {
		if (argc < 4)
			apart(&kinds[i]);
		else if (!strcmp(argv[1], kinds[i].name))
			make(&kinds[i], (uint32_t)strtoul(argv[2], NULL, 10), argv[3]);
	}
	return 0;
}
