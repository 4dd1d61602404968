/*
 * The least that a client and a server over sockets can do: select(), and a datagram a turn. What
 *ours add to that is what tests/bench/loops tells. bare ask ADDRESS:PORT NUMBER WINDOW  so many
 *MAPs, of which at most WINDOW wait for their answer bare answer ADDRESS:PORT             grants
 *every MAP, and remembers none
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LEN = 60, NONCE = 24, MOST = 1000000 };
#define AGAIN 3.0 /* seconds: RFC 6887 8.1.1 */

static bool answered[MOST];
static double sent[MOST];

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
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

static void ask(int fd, uint32_t n)
{
	uint8_t octets[LEN] = { 2, 1, [6] = 0x0e, 0x10,	    [18] = 0xff, 0xff, 127,
				0, 0, 1,	  [36] = 6, [54] = 0xff, 0xff };

	memcpy(octets + NONCE, &n, sizeof n);
	octets[40] = (uint8_t)((1 + n) >> 8);
	octets[41] = (uint8_t)(1 + n);
	sent[n] = seconds();
	if (send(fd, octets, LEN, 0) != LEN)
		sent[n] = 0; /* due at once */
}

/* Whether it is one that was not answered yet. */
static bool hear(int fd, uint32_t number)
{
	uint8_t octets[1100];
	ssize_t len = recv(fd, octets, sizeof octets, MSG_DONTWAIT);
	uint32_t n;

	if (len < LEN || octets[1] != 0x81 || octets[3] != 0)
		return false;
	memcpy(&n, octets + NONCE, sizeof n);
	if (n >= number || answered[n])
		return false;
	return answered[n] = true;
}

static void ask_all(int fd, uint32_t number, uint32_t window)
{
	uint32_t next = 0, done = 0, oldest = 0;

	while (done < number) {
		bool more = next < number && next - done < window;
		struct timeval wait = { 0, 100000 };
		fd_set in, out;

		FD_ZERO(&in);
		FD_ZERO(&out);
		FD_SET(fd, &in);
		if (more)
			FD_SET(fd, &out);
		if (select(fd + 1, &in, &out, NULL, &wait) < 0)
			exit(4);
		if (FD_ISSET(fd, &in))
			done += hear(fd, number);
		if (more && FD_ISSET(fd, &out))
			ask(fd, next++);
		while (oldest < next && answered[oldest])
			oldest++;
		if (oldest < next && sent[oldest] + AGAIN < seconds())
			for (uint32_t n = oldest; n < next; n++)
				if (!answered[n])
					ask(fd, n);
	}
}

static void answer_all(int fd)
{
	uint8_t octets[1100];
	struct sockaddr_in from;
	socklen_t size;
	fd_set in;

	for (;;) {
		FD_ZERO(&in);
		FD_SET(fd, &in);
		if (select(fd + 1, &in, NULL, NULL, NULL) < 0)
			exit(4);
		size = sizeof from;
		if (recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&from, &size) != LEN)
			continue;
		octets[1] |= 0x80;
		memset(octets + 8, 0, 16);
		memcpy(octets + 42, octets + 40, 2);
		memcpy(octets + 56, (const uint8_t[]){ 203, 0, 113, 9 }, 4);
		sendto(fd, octets, LEN, 0, (struct sockaddr *)&from, size);
	}
}

int main(int argc, char **argv)
{
	bool asks = argc == 5 && !strcmp(argv[1], "ask");
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in end;

	if (!asks && (argc != 3 || strcmp(argv[1], "answer") != 0)) {
		fprintf(stderr,
			"usage: bare ask ADDRESS:PORT NUMBER WINDOW | bare answer ADDRESS:PORT\n");
		return 2;
	}
	end = parse(argv[2]);
	if (fd < 0 || (asks ? connect : bind)(fd, (struct sockaddr *)&end, sizeof end) < 0) {
		perror(argv[2]);
		return 4;
	}
	if (!asks)
		answer_all(fd);
	else if (strtoul(argv[3], NULL, 10) <= MOST)
		ask_all(fd, (uint32_t)strtoul(argv[3], NULL, 10),
			(uint32_t)strtoul(argv[4], NULL, 10));
	return 0;
}
