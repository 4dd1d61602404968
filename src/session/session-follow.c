/* A capture that grows, looked at in place of the session: what comes is read as it comes, and time
 * passes in between. */
#include "session-follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session-private.h"
#include "text.h"
#include "words.h"

/* A file does not tell that it has grown. */
#define LOOK (USEC_PER_SEC / 4)

/* Of a file, which this host writes, the clock is ours. */
static void learn_skew(struct session *session)
{
	struct session_following *following = &session->following;
	usec skew = pcp_clock_wall() - replay_now(session->replay);

	if (following->fd < 0 || replay_count(session->replay) == following->seen)
		return;
	if (!following->seen || skew < following->skew)
		following->skew = skew;
	following->seen = replay_count(session->replay);
}

static void end_following(struct session *session)
{
	struct session_following *following = &session->following;

	if (following->fd >= 0)
		loop_unwatch(session->loop, following->fd);
	following->fd = -1;
	following->look_at = USEC_NEVER;
	following->on = false;
}

static void ended(struct session *session)
{
	uint64_t count = replay_count(session->replay);

	end_following(session);
	session_task_end(session, &session->reading);
	session_say_what_was_read(session);
	session_notice(session, "%s has ended: %llu datagram%s of PCP or NAT-PMP",
		       replay_path(session->replay), (unsigned long long)count, pcp_s(count));
	if (session->following.ended)
		session->following.ended(session->following.ended_arg);
}

/* What there is, but for keys in between. */
static void read_what_came(struct session *session, usec now)
{
	struct session_turn turn = session_turn(READ_LOOKS);
	bool more;

	do
		more = replay_read(session->replay, A_LOOK);
	while (more && session_turn_goes_on(&turn));
	learn_skew(session);
	session->seek_to = replay_at(session->replay);
	session_say_missed(session);
	if (!replay_reading(session->replay))
		ended(session);
	else if (more)
		session->following.look_at = now;
	else
		session->following.look_at = session->following.fd < 0 ? now + LOOK : USEC_NEVER;
}

static void readable(void *arg, int fd, usec now)
{
	(void)fd;
	read_what_came(arg, now);
}

static usec due(void *arg)
{
	const struct session *session = arg;
	usec next, wait;

	if (!session->following.on)
		return USEC_NEVER;
	next = replay_next(session->replay);
	wait = next - session_clock_there(session);
	if (next == USEC_NEVER)
		return session->following.look_at;
	next = loop_now(session->loop) + (wait > 0 ? wait : 0);
	return next < session->following.look_at ? next : session->following.look_at;
}

static void tick(void *arg, usec now)
{
	struct session *session = arg;

	replay_advance(session->replay, session_clock_there(session));
	if (session->following.look_at <= now)
		read_what_came(session, now);
}

static void progress(void *arg, char *buf, size_t cap)
{
	const struct session *session = arg;
	uint64_t n = replay_count(session->replay);

	snprintf(buf, cap, "following: %llu datagram%s", (unsigned long long)n, pcp_s(n));
}

static void cancel(void *arg)
{
	struct session *session = arg;

	replay_stop(session->replay);
	end_following(session);
	session_task_end(session, &session->reading);
	session_say_what_was_read(session);
	session_notice(session, "following was stopped");
}

/* A nonce is what renews and deletes a mapping (RFC 6887 11.3, 18). */
static void say_nonces(struct session *session, const struct pcp_client_event *event)
{
	if (session->following.nonces || !session->following.listening.child || !event->mapping ||
	    event->mapping->version == PCP_VERSION_NATPMP)
		return;
	session->following.nonces = true;
	session_notice(session,
		       "nonces are seen here: who has one can renew and delete its mapping "
		       "(RFC 6887 18.3)");
}

static void tell(void *arg, const struct pcp_client_event *event)
{
	struct session *session = arg;

	say_nonces(session, event);
	if (session->following.listening.child)
		session_record_heard(session, event);
	for (struct session_observer *o = session->following.on ? session->observers : NULL, *next;
	     o; o = next) {
		next = o->next;
		o->event(o->arg, event);
	}
}

bool session_follow(struct session *session, int fd, const char *name, struct pcp_why *why)
{
	struct session_following *following = &session->following;
	struct log *log = log_new(0);
	struct replay *replay;

	if (!log) {
		close(fd);
		return pcp_refuse(why, 0, "no memory to follow %s", pcp_quoted(name).text);
	}
	replay = replay_follow(fd, name, session->port, session->nport, log, why);
	if (!replay) {
		log_free(log);
		return false;
	}
	if (!session_show(
		    session, replay, log,
		    (struct session_task){ .progress = progress, .cancel = cancel, .arg = session },
		    why)) {
		replay_free(replay);
		log_free(log);
		return false;
	}
	replay_listen(replay, tell, session);
	following->began = true;
	following->fd = capture_fd(replay_capture(replay));
	following->seen = 0;
	following->skew = 0;
	following->look_at = loop_now(session->loop);
	if ((following->fd >= 0 && !loop_watch(session->loop, following->fd, readable, session)) ||
	    (!following->timed &&
	     !(following->timed = loop_timed(session->loop, due, tick, session))))
		return pcp_refuse(why, 0, "no memory to follow %s", pcp_quoted(name).text);
	/* What a file has already is the past: nobody is told of it one by one. */
	while (following->fd < 0 && replay_read(replay, A_LOOK))
		;
	following->on = true;
	return true;
}

bool session_follow_path(struct session *session, const char *path, struct pcp_why *why)
{
	/* Opening a pipe waits for whoever writes into it, as it does for cat. */
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return pcp_refuse(why, 0, "cannot open %s: %s", pcp_quoted(path).text,
				  strerror(errno));
	return session_follow(session, fd, path, why);
}

/* ---- live ---- */

static void heard(void *arg, int fd, usec now)
{
	struct session *session = arg;
	char text[512];

	(void)now;
	if (capture_listen_heard(&session->following.listening, text, sizeof text))
		session_notice(session, "%s", text);
	else
		loop_unwatch(session->loop, fd); /* the child has ended, and the capture with it */
}

bool session_listen(struct session *session, const char *interface, struct pcp_why *why)
{
	struct capture_listening *listening = &session->following.listening;
	struct capture_interfaces interfaces;

	if (!capture_interfaces_parse(interface, &interfaces, why))
		return session_usage(session);
	if (!capture_listen(&interfaces, session->port, session->nport, listening, why))
		return false;
	if (loop_watch(session->loop, listening->control, heard, session))
		return session_follow(session, listening->capture, interface, why);
	close(listening->capture);
	return pcp_refuse(why, 0, "no memory to listen");
}

void session_listen_end(struct session *session)
{
	struct capture_listening *listening = &session->following.listening;

	if (listening->child) {
		loop_unwatch(session->loop, listening->control);
		capture_listen_end(listening);
	}
}

void session_on_end_of_followed(struct session *session, void (*ended_)(void *arg), void *arg)
{
	session->following.ended = ended_;
	session->following.ended_arg = arg;
}

bool session_followed(const struct session *session)
{
	return session->replay && session->following.began;
}

bool session_follows(const struct session *session)
{
	return session->following.on;
}
