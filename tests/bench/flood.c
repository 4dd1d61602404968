/*
 * Sends datagrams at a rate, for tests/bench/floods.
 *	flood KIND ADDRESS:PORT RATE SECONDS [FROM:PORT]
 * KIND: maps, requests of ever other mappings; answers, to nobody's request; junk, octets without a
 * meaning; long, the same of 60,000 octets. Prints how many the system took, and the seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 100, LONG = 60000 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void until(double moment)
{
	double left = moment - seconds();

	if (left > 0)
		nanosleep(&(struct timespec){ (time_t)left,
					      (long)((left - (double)(time_t)left) * 1e9) },
			  NULL);
}

static struct sockaddr_in parse(const char *typed)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const char *colon = strchr(typed, ':');
	char host[32] = "";

	if (colon && (size_t)(colon - typed) < sizeof host)
		memcpy(host, typed, (size_t)(colon - typed));
	if (!colon || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
		fprintf(stderr, "'%s' is not ADDRESS:PORT\n", typed);
		exit(2);
	}
	address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	return address;
}

/* The n-th datagram; its length. */
static size_t compose(const char *kind, uint32_t n, uint8_t *octets)
{
	static const uint8_t map[60] = { 2, 1, [6] = 0x0e, 0x10,      [18] = 0xff, 0xff, 127,
					 0, 0, 1,	   [36] = 17, [54] = 0xff, 0xff };
	size_t len = strcmp(kind, "long") ? sizeof map : LONG;

	if (strcmp(kind, "maps") && strcmp(kind, "answers")) {
		memset(octets, (int)(n % 251), len);
		return len;
	}
	memcpy(octets, map, sizeof map);
	octets[1] |= *kind == 'a' ? 0x80 : 0;
	memcpy(octets + 24, &n, sizeof n); /* nonce */
	octets[40] = (uint8_t)(1 + (n >> 8 & 127));
	octets[41] = (uint8_t)n;
	return len;
}

static unsigned send_batch(int fd, const char *kind, uint32_t n)
{
	static uint8_t octets[BATCH][LONG];
	struct iovec piece[BATCH];
	struct mmsghdr message[BATCH];
	int taken;

	memset(message, 0, sizeof message);
	for (unsigned i = 0; i < BATCH; i++) {
		piece[i] = (struct iovec){ octets[i], compose(kind, n + i, octets[i]) };
		message[i].msg_hdr.msg_iov = &piece[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	/* What an ICMP error says of one before is asked for first, and is none of a flood's. */
	for (unsigned done = 0, tries = 0; done < BATCH; done += (unsigned)taken) {
		taken = sendmmsg(fd, message + done, BATCH - done, 0);
		if (taken < 0 && ++tries > BATCH)
			return done;
		taken = taken < 0 ? 0 : taken;
	}
	return BATCH;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to, from;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	double rate, began, end;
	uint32_t n = 0;

	if (argc < 5) {
		fprintf(stderr, "usage: flood KIND ADDRESS:PORT RATE SECONDS [FROM:PORT]\n");
		return 2;
	}
	to = parse(argv[2]);
	rate = strtod(argv[3], NULL);
	if (argc > 5) {
		from = parse(argv[5]);
		if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0)
			perror(argv[5]);
	}
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
		perror("flood");
		return 4;
	}
	began = seconds();
	end = began + strtod(argv[4], NULL);
	while (seconds() < end) {
		n += send_batch(fd, argv[1], n);
		until(began + (double)n / rate);
	}
	printf("%u %.3f\n", n, seconds() - began);
	return 0;
}
