/* The listener behind a mapped port: who shows the key gets an echo, who does not gets nothing. */
#include "target.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "burst.h"
#include "sock.h"

/* The echo in its place when it is a try that is expected; 0 otherwise. */
static size_t echo_of(struct target *target, enum beacon_way way, uint8_t octets[BEACON_ASK_LEN],
		      size_t len)
{
	struct beacon_message try;

	if (!beacon_unpack(octets, len, target->key, &try) || try.type != BEACON_TRY ||
	    memcmp(try.nonce, target->ask.nonce, sizeof try.nonce) != 0 || try.port[way] == 0 ||
	    try.port[way] != target->ask.port[way])
		return 0;
	target->came(target->arg, way);
	try.type = BEACON_ECHO;
	return beacon_pack(&try, target->key, octets);
}

static void datagram(void *arg, int fd, usec now)
{
	struct target *target = arg;
	uint8_t octets[BEACON_ASK_LEN];
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t n;

	(void)now;
	while (burst_error(&burst, &what))
		; /* who tried is gone */
	while ((n = burst_receive(&burst, octets, sizeof octets)) >= 0) {
		size_t len = echo_of(target, BEACON_UDP, octets, (size_t)n);

		if (len)
			pcp_sock_send(fd, &burst.to, &burst.from, octets, len);
	}
}

static void dismiss(struct target *target, struct target_guest *guest)
{
	loop_unwatch(target->loop, guest->fd);
	pcp_sock_reset(guest->fd);
	guest->fd = -1;
}

static struct target_guest *guest_of(struct target *target, int fd)
{
	for (size_t i = 0; i < TARGET_GUESTS; i++)
		if (target->guest[i].fd == fd)
			return &target->guest[i];
	return NULL;
}

/* Whole, it is answered; then the guest closes, or says more than there is to say. */
static void readable(void *arg, int fd, usec now)
{
	struct target *target = arg;
	struct target_guest *guest = guest_of(target, fd);
	uint8_t octets[BEACON_ASK_LEN];
	size_t room = sizeof guest->octets - guest->len;
	ssize_t n = room ? recv(fd, guest->octets + guest->len, room, 0) : 0;

	(void)now;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		dismiss(target, guest);
		return;
	}
	guest->len += (size_t)n;
	if (guest->len < sizeof guest->octets)
		return;
	memcpy(octets, guest->octets, guest->len);
	size_t len = echo_of(target, BEACON_TCP, octets, guest->len);

	if (!len || send(fd, octets, len, MSG_NOSIGNAL) != (ssize_t)len)
		dismiss(target, guest);
}

static void arrived(void *arg, int fd, usec now)
{
	struct target *target = arg;
	struct target_guest *guest = guest_of(target, -1);

	(void)now;
	if (!guest) {
		guest = &target->guest[target->oldest];
		target->oldest = (target->oldest + 1) % TARGET_GUESTS;
		dismiss(target, guest);
	}
	*guest = (struct target_guest){ .fd = fd };
	if (!loop_watch(target->loop, fd, readable, target))
		dismiss(target, guest);
}

bool target_begin(struct target *target, struct loop *loop, const int fd[BEACON_WAYS],
		  const uint8_t key[BEACON_KEY_LEN], void (*came)(void *arg, enum beacon_way way),
		  void *arg)
{
	*target = (struct target){ .loop = loop, .came = came, .arg = arg };
	memcpy(target->key, key, sizeof target->key);
	memcpy(target->fd, fd, sizeof target->fd);
	for (size_t i = 0; i < TARGET_GUESTS; i++)
		target->guest[i].fd = -1;
	return loop_watch(loop, fd[BEACON_UDP], datagram, target) &&
	       doorway_begin(&target->doorway, loop, fd[BEACON_TCP], arrived, target);
}

void target_expect(struct target *target, const struct beacon_message *ask)
{
	target->ask = *ask;
}

void target_end(struct target *target)
{
	for (size_t i = 0; i < TARGET_GUESTS; i++)
		if (target->guest[i].fd >= 0)
			dismiss(target, &target->guest[i]);
	loop_unwatch(target->loop, target->fd[BEACON_UDP]);
	doorway_end(&target->doorway);
}
