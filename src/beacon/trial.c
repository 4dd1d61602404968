/* A port that is tried: a datagram to it and a connection, and what comes back in less than a
 * second. */
#include "trial.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "burst.h"
#include "sock.h"

static bool is_over(const struct trial *trial)
{
	return trial->fd[BEACON_UDP] < 0 && trial->fd[BEACON_TCP] < 0;
}

static void decide(struct trial *trial, enum beacon_way way, enum beacon_saw saw)
{
	int fd = trial->fd[way];

	loop_unwatch(trial->loop, fd);
	loop_unwatch_room(trial->loop, fd);
	if (way == BEACON_TCP)
		pcp_sock_reset(fd);
	else
		close(fd);
	trial->fd[way] = -1;
	trial->saw[way] = saw;
	if (is_over(trial))
		trial->until = 0; /* told from the next tick, not from in here */
}

/* Whether it is the echo of what was sent that way. */
static bool is_echo(const struct trial *trial, enum beacon_way way, const uint8_t *octets,
		    size_t len)
{
	const struct beacon_message *try = &trial->try[way];
	struct beacon_message echo;

	return beacon_unpack(octets, len, trial->key, &echo) && echo.type == BEACON_ECHO &&
	       memcmp(echo.nonce, try->nonce, sizeof echo.nonce) == 0 &&
	       memcmp(echo.port, try->port, sizeof echo.port) == 0;
}

static struct pcp_endpoint target(const struct trial *trial, enum beacon_way way)
{
	struct pcp_endpoint to = trial->to;

	to.port = trial->try[way].port[way];
	return to;
}

/* ---- UDP ---- */

static void datagram(void *arg, int fd, usec now)
{
	struct trial *trial = arg;
	struct pcp_endpoint to = target(trial, BEACON_UDP);
	uint8_t octets[BEACON_MESSAGE_LEN + 1];
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t len;

	(void)now;
	while (burst_error(&burst, &what))
		if (pcp_endpoint_same(&burst.from, &to)) {
			decide(trial, BEACON_UDP, BEACON_REFUSED);
			return;
		}
	while ((len = burst_receive(&burst, octets, sizeof octets)) >= 0)
		if (pcp_endpoint_same(&burst.from, &to)) {
			bool echo = is_echo(trial, BEACON_UDP, octets, (size_t)len);

			decide(trial, BEACON_UDP, echo ? BEACON_OPEN : BEACON_STRANGER);
			return;
		}
}

static bool begin_udp(struct trial *trial, const struct pcp_endpoint *from)
{
	struct pcp_endpoint to = target(trial, BEACON_UDP);
	uint8_t octets[BEACON_ASK_LEN];
	size_t len = beacon_pack(&trial->try[BEACON_UDP], trial->key, octets);
	struct pcp_why why;
	int fd = pcp_sock_open(from, NULL, &why);

	trial->fd[BEACON_UDP] = fd;
	return fd >= 0 && loop_watch(trial->loop, fd, datagram, trial) &&
	       pcp_sock_send(fd, NULL, &to, octets, len);
}

/* ---- TCP ---- */

static enum beacon_saw what_failed(int error)
{
	switch (error) {
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENOPROTOOPT:
		return BEACON_REFUSED;
	case ETIMEDOUT:
		return BEACON_SILENT;
	default:
		return BEACON_UNABLE;
	}
}

/* Somebody listens there; whether it is the one who asked, the echo tells. */
static void readable(void *arg, int fd, usec now)
{
	struct trial *trial = arg;
	ssize_t n = recv(fd, trial->read + trial->nread, sizeof trial->read - trial->nread, 0);

	(void)now;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		decide(trial, BEACON_TCP, BEACON_STRANGER);
		return;
	}
	trial->nread += (size_t)n;
	if (trial->nread == sizeof trial->read)
		decide(trial, BEACON_TCP,
		       is_echo(trial, BEACON_TCP, trial->read, trial->nread) ? BEACON_OPEN
									     : BEACON_STRANGER);
}

static void connected(void *arg, int fd, usec now)
{
	struct trial *trial = arg;
	uint8_t octets[BEACON_ASK_LEN];
	size_t len = beacon_pack(&trial->try[BEACON_TCP], trial->key, octets);
	int error = pcp_sock_fault(fd);

	(void)now;
	loop_unwatch_room(trial->loop, fd);
	if (error) {
		decide(trial, BEACON_TCP, what_failed(error));
		return;
	}
	trial->connected = true;
	if (send(fd, octets, len, MSG_NOSIGNAL) != (ssize_t)len ||
	    !loop_watch(trial->loop, fd, readable, trial))
		decide(trial, BEACON_TCP, BEACON_STRANGER);
}

static bool begin_tcp(struct trial *trial, const struct pcp_endpoint *from)
{
	struct pcp_endpoint to = target(trial, BEACON_TCP);
	struct pcp_why why;
	int fd = pcp_sock_connect(from, &to, &why);

	trial->fd[BEACON_TCP] = fd;
	return fd >= 0 && loop_watch_room(trial->loop, fd, connected, trial);
}

/* ---- both ---- */

static usec next(void *arg)
{
	return ((struct trial *)arg)->until;
}

/* What has not come now does not come. */
static void tick(void *arg, usec now)
{
	struct trial *trial = arg;

	if (trial->until == USEC_NEVER || now < trial->until)
		return;
	for (unsigned way = 0; way < BEACON_WAYS; way++)
		if (trial->fd[way] >= 0)
			decide(trial, (enum beacon_way)way,
			       way == BEACON_TCP && trial->connected ? BEACON_STRANGER
								     : BEACON_SILENT);
	trial->until = USEC_NEVER;
	trial->done(trial->arg, trial->saw);
}

bool trial_init(struct trial *trial, struct loop *loop, const uint8_t key[BEACON_KEY_LEN],
		void (*done)(void *arg, const enum beacon_saw saw[BEACON_WAYS]), void *arg)
{
	*trial = (struct trial){
		.loop = loop, .done = done, .arg = arg, .fd = { -1, -1 }, .until = USEC_NEVER
	};
	memcpy(trial->key, key, sizeof trial->key);
	return loop_timed(loop, next, tick, trial);
}

void trial_stop(struct trial *trial)
{
	for (unsigned way = 0; way < BEACON_WAYS; way++)
		if (trial->fd[way] >= 0)
			decide(trial, (enum beacon_way)way, BEACON_UNTRIED);
	trial->until = USEC_NEVER;
}

void trial_free(struct trial *trial)
{
	trial_stop(trial);
	loop_untimed(trial->loop, trial);
}

static void begin(struct trial *trial, enum beacon_way way, const struct beacon_message *ask,
		  const struct pcp_endpoint *from)
{
	struct beacon_message *try = &trial->try[way];
	bool begun;

	*try = (struct beacon_message){ .type = BEACON_TRY };
	memcpy(try->nonce, ask->nonce, sizeof try->nonce);
	try->port[way] = ask->port[way];
	trial->saw[way] = BEACON_UNTRIED;
	if (!ask->port[way])
		return;
	begun = way == BEACON_UDP ? begin_udp(trial, from) : begin_tcp(trial, from);
	if (begun)
		return;
	trial->saw[way] = what_failed(errno);
	if (trial->fd[way] >= 0)
		decide(trial, way, trial->saw[way]);
}

void trial_begin(struct trial *trial, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const struct beacon_message *ask)
{
	struct pcp_endpoint local = *from;

	local.port = 0;
	trial->to = *to;
	trial->connected = false;
	trial->nread = 0;
	begin(trial, BEACON_UDP, ask, &local);
	begin(trial, BEACON_TCP, ask, &local);
	trial->until = is_over(trial) ? 0 : loop_now(trial->loop) + TRIAL_PATIENCE;
}
