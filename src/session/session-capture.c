#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "session-private.h"
#include "text.h"

/* A turn of reading ends after so many packets, or when keys have waited long enough: between looks
 * at the clock are A_LOOK packets. Without a log more is read in the time. */
enum { A_LOOK = 128, READ_LOOKS = 8, FOLD_LOOKS = 64 };
#define TURN (USEC_PER_SEC / 100)
/* What earlier sessions left is looked for when the first frame stands: it may be long to read. */
#define OFFER_AFTER (USEC_PER_SEC / 20)

usec session_now(const struct session *session)
{
	return session->replay ? replay_now(session->replay) : loop_now(session->loop);
}

usec session_wall(const struct session *session, usec moment)
{
	return session->replay ? moment : moment + session->io->wall_offset;
}

usec session_wall_offset(usec known, usec wall, usec monotonic)
{
	usec offset = wall - monotonic, step = offset - known;

	return step > USEC_PER_SEC || step < -USEC_PER_SEC ? offset : known;
}

/* ---- notices ---- */

static void notice(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void notice(struct session *session, const char *format, ...)
{
	struct session_io *io = session->io;
	char text[CAPTURE_PATH_MAX + CAPTURE_TEXT];
	size_t used = strlen(io->unheard);
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (io->notice)
		io->notice(io->notice_arg, text);
	else
		snprintf(io->unheard + used, sizeof io->unheard - used, "%s%s", used ? "; " : "",
			 text);
}

void session_on_notice(struct session *session, void (*tell)(void *arg, const char *text),
		       void *arg)
{
	struct session_io *io = session->io;

	io->notice = tell;
	io->notice_arg = arg;
	if (tell && *io->unheard)
		tell(arg, io->unheard);
	if (tell)
		io->unheard[0] = '\0';
}

/* ---- saving ---- */

static void save(struct session *session, struct session_saving *saving, usec wall,
		 const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len)
{
	bool failing;

	if (!saving->writer)
		return;
	failing = !capture_write(saving->writer, wall, from, to, octets, len);
	if (failing && !saving->failing)
		notice(session, "%s; the session goes on", capture_trouble(saving->writer));
	else if (saving->failing && !failing)
		notice(session, "%s is written again", capture_path(saving->writer));
	saving->failing = failing;
}

static usec wall_of(struct session_io *io, usec moment)
{
	io->wall_offset =
		session_wall_offset(io->wall_offset, pcp_clock_wall(), pcp_clock_monotonic());
	return moment + io->wall_offset;
}

void session_record(struct session *session, const struct pcp_client_event *event)
{
	struct session_io *io = session->io;
	usec wall = wall_of(io, event->now);

	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
	case CLIENT_ANSWERED:
	case CLIENT_UNSOLICITED:
	case CLIENT_IGNORED:
		save(session, &io->named, wall, &event->from, &event->to, event->octets,
		     event->len);
		save(session, &io->saved, wall, &event->from, &event->to, event->octets,
		     event->len);
		return;
	default:
		return;
	}
}

static bool is_own(const struct session *session, const struct pcp_endpoint *endpoint)
{
	const struct pcp_client *client = session->io->client;

	for (size_t id = 1; id <= pcp_client_nservers(client); id++)
		if (pcp_endpoint_same(&pcp_client_server(client, (uint16_t)id)->config.source,
				      endpoint))
			return true;
	return false;
}

/* Not into the saved sessions: what others asked of the lab is not ours to take up again. */
void session_record_lab(struct session *session, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	if (session->io->named.writer && !is_own(session, from) && !is_own(session, to))
		save(session, &session->io->named, wall_of(session->io, loop_now(session->loop)),
		     from, to, octets, len);
}

/* ---- opening ---- */

static void show_moment(struct session *session)
{
	session->client = replay_client(session->replay);
}

static void say_what_was_read(struct session *session)
{
	const struct capture *capture = replay_capture(session->replay);
	char remarks[CAPTURE_TEXT];

	if (*capture_broken(capture))
		notice(session, "%s", capture_broken(capture));
	if (capture_remarks(capture, remarks, sizeof remarks))
		notice(session, "%s", remarks);
	if (log_dropped(session->log))
		notice(session, "the oldest %llu datagrams are not listed, to bound memory",
		       (unsigned long long)log_dropped(session->log));
}

bool session_seeking(const struct session *session)
{
	return session->replay && !replay_reading(session->replay) &&
	       replay_at(session->replay) != session->io->seek_to;
}

static void reading_progress(void *arg, char *buf, size_t cap)
{
	const struct capture_counts *counts =
		capture_counts(replay_capture(((struct session *)arg)->replay));

	snprintf(buf, cap, "reading %u%%",
		 counts->size ? (unsigned)(counts->offset * 100 / counts->size) : 0);
}

static void stop_reading(void *arg)
{
	struct session *session = arg;

	replay_stop(session->replay);
	session_task_end(session, &session->io->reading);
	say_what_was_read(session);
	notice(session, "reading was stopped: what is behind datagram %llu is not shown",
	       (unsigned long long)replay_count(session->replay));
}

struct turn {
	usec began;
	unsigned looks;
};

static struct turn turn_of(unsigned looks)
{
	return (struct turn){ .began = pcp_clock_monotonic(), .looks = looks };
}

static bool turn_goes_on(struct turn *turn)
{
	return --turn->looks > 0 && pcp_clock_monotonic() < turn->began + TURN;
}

static void read_on(struct session *session)
{
	struct turn turn = turn_of(READ_LOOKS);

	while (replay_read(session->replay, A_LOOK) && turn_goes_on(&turn))
		;
	if (!replay_reading(session->replay)) {
		session_task_end(session, &session->io->reading);
		say_what_was_read(session);
	}
	session->io->seek_to = replay_at(session->replay);
}

static void seek_on(struct session *session)
{
	struct turn turn = turn_of(FOLD_LOOKS);
	bool there;

	do
		there = replay_seek(session->replay, session->io->seek_to, A_LOOK);
	while (!there && turn_goes_on(&turn));
	if (there) {
		session->io->seek_to = replay_at(session->replay);
		if (*replay_trouble(session->replay))
			notice(session, "%s", replay_trouble(session->replay));
	}
	show_moment(session);
}

/* What can be had once only cannot be gone back in, and waiting for it would stop the clock. */
static bool is_stream(const char *path, struct pcp_why *why)
{
	struct stat stat_;

	if (stat(path, &stat_) < 0 || S_ISREG(stat_.st_mode) || S_ISDIR(stat_.st_mode))
		return false; /* capture_open says more */
	why->at = 0;
	snprintf(why->text, sizeof why->text,
		 "cannot open %.80s: it is no file, and one cannot go back in it; decode -r reads "
		 "it",
		 path);
	return true;
}

bool session_open(struct session *session, const char *path, struct pcp_why *why)
{
	struct session_io *io = session->io;
	struct log *log;
	struct replay *replay;

	if (is_stream(path, why))
		return false;
	log = log_new(0);
	replay = log ? replay_open(path, io->port, io->nport, log, why) : NULL;
	if (!replay) {
		if (!log)
			pcp_refuse(why, 0, "no memory to open %.80s", path);
		log_free(log);
		return false;
	}
	while (session_cancel(session))
		; /* it would hear of nothing while a capture is looked at */
	session_close(session);
	io->reading = (struct session_task){ .progress = reading_progress,
					     .cancel = stop_reading,
					     .arg = session };
	session_task_begin(session, &io->reading);
	session->replay = replay;
	session->log = io->replay_log = log;
	io->seek_to = 0;
	show_moment(session);
	return true;
}

void session_read(struct session *session)
{
	while (session->replay && replay_reading(session->replay))
		read_on(session);
}

void session_seek(struct session *session, uint64_t at)
{
	if (!session->replay || replay_reading(session->replay))
		return;
	session->io->seek_to =
		at < replay_count(session->replay) ? at : replay_count(session->replay);
	if (session_seeking(session))
		seek_on(session);
}

void session_close(struct session *session)
{
	struct session_io *io = session->io;

	session_task_end(session, &io->reading);
	replay_free(session->replay);
	log_free(io->replay_log);
	session->replay = NULL;
	io->replay_log = NULL;
	session->client = io->client;
	session->log = io->log;
}

/* ---- what earlier sessions left ---- */

static bool look_for_left(struct session *session, size_t most)
{
	struct session_io *io = session->io;

	if (!io->recovered && *io->state_dir)
		io->recover =
			recover_begin(io->state_dir, loop_now(session->loop) + io->wall_offset);
	io->recovered = true;
	return io->recover && recover_read(io->recover, most);
}

size_t session_left(struct session *session)
{
	look_for_left(session, SIZE_MAX);
	return session->io->recover ? recover_count(session->io->recover) : 0;
}

static void offer_on(struct session *session)
{
	struct turn turn = turn_of(FOLD_LOOKS);
	bool more;
	size_t n;

	do
		more = look_for_left(session, A_LOOK);
	while (more && turn_goes_on(&turn));
	if (more)
		return;
	session->io->offer_at = USEC_NEVER;
	n = session_left(session);
	if (n)
		notice(session,
		       "an earlier session left %zu mapping%s that still live%s: resume takes %s "
		       "over",
		       n, pcp_s(n), n == 1 ? "s" : "", n == 1 ? "it" : "them");
}

void session_offer(struct session *session)
{
	if (session->io->recovered)
		offer_on(session);
	else if (!session->replay) /* whose dashboard sends nothing */
		session->io->offer_at = loop_now(session->loop) + OFFER_AFTER;
}

/* The server as this session knows it, or known from now on. 0 with *why. */
static uint16_t server_of(struct session *session, const struct recovered *left,
			  struct pcp_why *why)
{
	const struct pcp_client *client = session->io->client;
	struct pcp_client_server_config config = { .endpoint = { left->server },
						   .nendpoint = 1,
						   .source = left->source,
						   .version = left->version };

	for (size_t id = 1; id <= pcp_client_nservers(client); id++) {
		const struct pcp_client_server *server = pcp_client_server(client, (uint16_t)id);

		if (pcp_endpoint_same(&server->config.endpoint[0], &left->server) &&
		    pcp_endpoint_same_addr(&server->config.source, &left->source))
			return server->id;
	}
	pcp_endpoint_text(&left->server, config.name, sizeof config.name);
	config.source.port = 0; /* the port is no part of a mapping: RFC 6887 8.1 */
	return session_add_server(session, &config, why) ? (uint16_t)pcp_client_nservers(client)
							 : 0;
}

static bool take_over(struct session *session, const struct recovered *left, struct pcp_why *why)
{
	struct pcp_mapping mapping = left->mapping;
	usec offset = session->io->wall_offset;

	mapping.server = server_of(session, left, why);
	if (!mapping.server)
		return false;
	mapping.created_at -= offset;
	mapping.granted_at -= offset;
	mapping.expires_at -= offset;
	return pcp_client_adopt(session->io->client, loop_now(session->loop), &mapping, true) ||
	       pcp_refuse(why, 0, "the mapping table is full");
}

size_t session_resume(struct session *session)
{
	size_t n = session_left(session), taken = 0;
	struct pcp_why why = { .text = "" };

	for (size_t i = 0; i < n; i++)
		taken += take_over(session, recover_at(session->io->recover, i), &why);
	if (taken < n)
		notice(session, "%zu mapping%s of earlier sessions could not be taken over: %s",
		       n - taken, pcp_s(n - taken), why.text);
	recover_free(session->io->recover);
	session->io->recover = NULL;
	return taken;
}

/* ---- what is read a piece a turn ---- */

bool session_busy(const struct session *session)
{
	return session->replay && (replay_reading(session->replay) || session_seeking(session));
}

static usec reading_due(void *arg)
{
	const struct session *session = *(struct session **)arg;

	return session_busy(session) ? loop_now(session->loop) : session->io->offer_at;
}

static void read_some(void *arg, usec now)
{
	struct session *session = *(struct session **)arg;

	if (!session_busy(session))
		offer_on(session);
	else if (replay_reading(session->replay))
		read_on(session);
	else
		seek_on(session);
	(void)now;
}

/* ---- life ---- */

bool session_keeps(const struct session *session)
{
	const struct session_saving *named = &session->io->named, *saved = &session->io->saved;

	return (named->writer && !named->failing) || (saved->writer && !saved->failing);
}

static bool start_saving(struct session *session, const struct session_config *config)
{
	struct session_io *io = session->io;
	struct pcp_why why;

	if (config->state_dir)
		snprintf(io->state_dir, sizeof io->state_dir, "%s", config->state_dir);
	else if (!capture_state_dir(io->state_dir, sizeof io->state_dir, &why)) {
		io->state_dir[0] = '\0';
		notice(session, "%s", why.text);
	}
	if (!*io->state_dir || config->no_save || config->read_file)
		return true;
	io->saved.writer = capture_write_session(io->state_dir, config->lab, NULL);
	return io->saved.writer != NULL;
}

bool session_start_captures(struct session *session, const struct session_config *config,
			    struct pcp_why *why)
{
	struct session_io *io = session->io;

	memcpy(io->port, config->port, sizeof io->port);
	io->nport = config->nport;
	io->self = session;
	io->offer_at = USEC_NEVER;
	if (config->write_file) {
		io->named.writer = capture_write_file(config->write_file, why);
		if (!io->named.writer)
			return false;
	}
	return (start_saving(session, config) &&
		loop_timed(session->loop, reading_due, read_some, &io->self)) ||
	       pcp_refuse(why, 0, "no memory to start with");
}

void session_end_captures(struct session *session)
{
	capture_writer_free(session->io->named.writer);
	capture_writer_free(session->io->saved.writer);
}

void session_free_captures(struct session *session)
{
	session_close(session);
	recover_free(session->io->recover);
}
