/*
 * As much HTTP as Prometheus needs: a request's head is read and not looked into beyond its first
 * word, the page is sent, the connection is closed. A few at a time, each for some seconds: whoever
 * asks slowly, or not at all, makes nobody wait.
 */
#include "answerer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doorway.h"
#include "sock.h"

enum { GUESTS = 8, HEAD_MAX = 4096 };
#define PATIENCE (5 * USEC_PER_SEC)

struct guest {
	int fd; /* -1: a free place */
	char head[HEAD_MAX];
	size_t len;
	char *answer;
	size_t answer_len, sent;
	usec until;
};

struct answerer {
	struct loop *loop;
	int fd;
	struct doorway doorway;
	void (*print)(void *arg, FILE *file);
	void *arg;
	struct guest guest[GUESTS];
};

static void leave(struct answerer *answerer, struct guest *guest)
{
	loop_unwatch(answerer->loop, guest->fd);
	loop_unwatch_room(answerer->loop, guest->fd);
	close(guest->fd);
	free(guest->answer);
	*guest = (struct guest){ .fd = -1 };
}

static struct guest *guest_of(struct answerer *answerer, int fd)
{
	for (size_t i = 0; i < GUESTS; i++)
		if (answerer->guest[i].fd == fd)
			return &answerer->guest[i];
	return NULL;
}

static void room(void *arg, int fd, usec now)
{
	struct answerer *answerer = arg;
	struct guest *guest = guest_of(answerer, fd);
	ssize_t n;

	(void)now;
	while (guest->sent < guest->answer_len) {
		n = send(fd, guest->answer + guest->sent, guest->answer_len - guest->sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			break;
		guest->sent += (size_t)n;
	}
	leave(answerer, guest);
}

static bool compose(struct answerer *answerer, struct guest *guest)
{
	static const char refusal[] =
		"HTTP/1.0 405 Method Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n";
	FILE *file = open_memstream(&guest->answer, &guest->answer_len);

	if (!file)
		return false;
	if (strncmp(guest->head, "GET ", 4) != 0) {
		fputs(refusal, file);
		return fclose(file) == 0;
	}
	fputs("HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
	      "Connection: close\r\n\r\n",
	      file);
	answerer->print(answerer->arg, file);
	return fclose(file) == 0;
}

static void heard(void *arg, int fd, usec now)
{
	struct answerer *answerer = arg;
	struct guest *guest = guest_of(answerer, fd);
	ssize_t n = recv(fd, guest->head + guest->len, HEAD_MAX - 1 - guest->len, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(answerer, guest);
		return;
	}
	guest->len += (size_t)n;
	guest->head[guest->len] = '\0';
	if (!strstr(guest->head, "\r\n\r\n") && !strstr(guest->head, "\n\n")) {
		if (guest->len == HEAD_MAX - 1)
			leave(answerer, guest);
		return;
	}
	loop_unwatch(answerer->loop, fd);
	if (!compose(answerer, guest) || !loop_watch_room(answerer->loop, fd, room, answerer))
		leave(answerer, guest);
	else
		room(answerer, fd, now);
}

static void came(void *arg, int fd, usec now)
{
	struct answerer *answerer = arg;
	struct guest *guest = guest_of(answerer, -1);

	if (!guest) {
		close(fd);
		return;
	}
	*guest = (struct guest){ .fd = fd, .until = now + PATIENCE };
	if (!loop_watch(answerer->loop, fd, heard, answerer)) {
		close(fd);
		guest->fd = -1;
	}
}

static usec due(void *arg)
{
	const struct answerer *answerer = arg;
	usec first = USEC_NEVER;

	for (size_t i = 0; i < GUESTS; i++)
		if (answerer->guest[i].fd >= 0 && answerer->guest[i].until < first)
			first = answerer->guest[i].until;
	return first;
}

static void too_slow(void *arg, usec now)
{
	struct answerer *answerer = arg;

	for (size_t i = 0; i < GUESTS; i++)
		if (answerer->guest[i].fd >= 0 && answerer->guest[i].until <= now)
			leave(answerer, &answerer->guest[i]);
}

struct answerer *answerer_new(struct loop *loop, const struct pcp_endpoint *local,
			      void (*print)(void *arg, FILE *file), void *arg, struct pcp_why *why)
{
	struct answerer *answerer = calloc(1, sizeof *answerer);

	if (!answerer) {
		pcp_no_memory(why);
		return NULL;
	}
	answerer->loop = loop;
	answerer->print = print;
	answerer->arg = arg;
	for (size_t i = 0; i < GUESTS; i++)
		answerer->guest[i].fd = -1;
	answerer->fd = pcp_sock_listen(local, why);
	if (answerer->fd < 0) {
		free(answerer);
		return NULL;
	}
	if (doorway_begin(&answerer->doorway, loop, answerer->fd, came, answerer) &&
	    loop_timed(loop, due, too_slow, answerer))
		return answerer;
	pcp_no_memory(why);
	answerer_free(answerer);
	return NULL;
}

void answerer_free(struct answerer *answerer)
{
	if (!answerer)
		return;
	for (size_t i = 0; i < GUESTS; i++)
		if (answerer->guest[i].fd >= 0)
			leave(answerer, &answerer->guest[i]);
	loop_untimed(answerer->loop, answerer);
	doorway_end(&answerer->doorway);
	close(answerer->fd);
	free(answerer);
}
