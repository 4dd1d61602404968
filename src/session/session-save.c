/* What a session sends and receives, kept as captures: the file of -w, and the state directory. */
#include "session-private.h"

#include <stdio.h>

#include "text.h"

static void say_again(struct session *session, const struct capture_writer *writer)
{
	uint64_t missing = capture_missing(writer);

	if (missing)
		session_notice(session, "%s is written again; %llu datagram%s missing in it",
			       capture_path(writer), (unsigned long long)missing,
			       missing == 1 ? " is" : "s are");
	else
		session_notice(session, "%s is written now", capture_path(writer));
}

/* What changes nothing comes from anybody, as fast as he likes: it is kept up to what a PCP message
 * may have (RFC 6887 7), no more than so many are listed a second, and saved in all, so that it
 * neither fills memory and disk nor pushes out what mappings hang on. */
enum { IGNORED_A_SECOND = 100, IGNORED_IN_ALL = 4096 };

static void save_cut(struct session *session, struct session_saving *saving, usec wall,
		     const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len, size_t whole)
{
	bool failing;

	if (!saving->writer)
		return;
	failing = !capture_write_cut(saving->writer, wall, from, to, octets, len, whole);
	if (failing && !saving->failing)
		session_notice(session, "%s; the session goes on", capture_trouble(saving->writer));
	else if (saving->failing && !failing)
		say_again(session, saving->writer);
	saving->failing = failing;
}

static void save(struct session *session, struct session_saving *saving, usec wall,
		 const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len)
{
	save_cut(session, saving, wall, from, to, octets, len, len);
}

static bool has_room(struct session *session, usec now)
{
	struct session_ignored *ignored = &session->ignored;

	if (ignored->second != now / USEC_PER_SEC) {
		ignored->second = now / USEC_PER_SEC;
		ignored->in_it = 0;
	}
	if (ignored->in_it < IGNORED_A_SECOND) {
		ignored->in_it++;
		return true;
	}
	if (ignored->unlisted++ == 0)
		session_notice(session,
			       "many datagrams come that are ignored: of them at most %d a second "
			       "are listed, and %d in all saved",
			       IGNORED_A_SECOND, IGNORED_IN_ALL);
	return false;
}

static void save_ignored(struct session *session, usec wall, const struct pcp_client_event *event,
			 bool listed)
{
	size_t len = event->len < PCP_MAX_LEN ? event->len : PCP_MAX_LEN;

	if (!session->named.writer && !session->saved.writer)
		return;
	if (!listed || session->ignored.saved >= IGNORED_IN_ALL) {
		session->ignored.unsaved++;
		return;
	}
	session->ignored.saved++;
	save_cut(session, &session->named, wall, &event->from, &event->to, event->octets, len,
		 event->len);
	save_cut(session, &session->saved, wall, &event->from, &event->to, event->octets, len,
		 event->len);
}

/* Where in the session's own file the event's datagram stands now; 0: it is not there. */
static uint64_t record(struct session *session, const struct pcp_client_event *event, bool listed)
{
	usec wall = session_wall_of(session, event->now);

	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
		if (event->unsent)
			return 0;
		/* fall through */
	case CLIENT_ANSWERED:
	case CLIENT_UNSOLICITED:
		save(session, &session->named, wall, &event->from, &event->to, event->octets,
		     event->len);
		save(session, &session->saved, wall, &event->from, &event->to, event->octets,
		     event->len);
		return session->saved.writer ? capture_last(session->saved.writer) : 0;
	case CLIENT_IGNORED:
		save_ignored(session, wall, event, listed);
		return 0;
	default:
		return 0;
	}
}

bool session_record(struct session *session, const struct pcp_client_event *event)
{
	bool listed = event->kind != CLIENT_IGNORED || has_room(session, event->now);
	uint64_t at = record(session, event, listed);

	if (session->ledger)
		ledger_event(session->ledger, event, at);
	return listed;
}

static bool is_own(const struct session *session, const struct pcp_endpoint *endpoint)
{
	const struct pcp_client *client = session->client;

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
	if (session->named.writer && !is_own(session, from) && !is_own(session, to))
		save(session, &session->named, session_wall_of(session, loop_now(session->loop)),
		     from, to, octets, len);
}

/* What was heard is others', too; the replay's clock is the wall's. */
void session_record_heard(struct session *session, const struct pcp_client_event *event)
{
	bool datagram = event->kind == CLIENT_SENT || event->kind == CLIENT_RESENT ||
			event->kind == CLIENT_ANSWERED || event->kind == CLIENT_UNSOLICITED ||
			event->kind == CLIENT_IGNORED;

	if (datagram)
		save(session, &session->named, event->now, &event->from, &event->to, event->octets,
		     event->len);
}

static bool keeps(const struct session_saving *saving)
{
	return saving->writer && !saving->failing && *capture_path(saving->writer);
}

/* Of two the session's own: --resume finds it by itself. */
const char *session_file(const struct session *session)
{
	if (keeps(&session->saved))
		return capture_path(session->saved.writer);
	return keeps(&session->named) ? capture_path(session->named.writer) : NULL;
}

/* ---- what saved sessions must not lose: for capture_keeper ---- */

static bool carry_full(void *arg, struct capture_carrier *carrier)
{
	struct session *session = arg;

	return ledger_carry(session->ledger, session->client, loop_now(session->loop), false,
			    carrier);
}

static void turned(void *arg)
{
	ledger_turned(((struct session *)arg)->ledger);
}

static bool carry_ended(void *arg, const char *path, bool lab, struct capture_carrier *carrier)
{
	struct session *session = arg;

	return ledger_carry_ended(path, lab, loop_now(session->loop) + session->wall_offset,
				  carrier);
}

static struct capture_limits limits_of(const struct session_config *config)
{
	struct capture_limits limits = capture_limits;

	if (config->segment) {
		limits.segment = config->segment;
		limits.total = CAPTURE_TOTAL * config->segment;
	}
	return limits;
}

static bool save_session(struct session *session, const struct session_config *config)
{
	const struct capture_keeper keeper = {
		.arg = session, .full = carry_full, .turned = turned, .ended = carry_ended
	};
	const struct capture_limits limits = limits_of(config);
	struct pcp_why why;

	if (config->state_dir)
		snprintf(session->state_dir, sizeof session->state_dir, "%s", config->state_dir);
	else if (!capture_state_dir(session->state_dir, sizeof session->state_dir, &why)) {
		session->state_dir[0] = '\0';
		session_notice(session, "%s", why.text);
	}
	if (!*session->state_dir || config->no_save || config->read_file || config->listen)
		return true;
	session->ledger = ledger_new();
	session->saved.writer =
		capture_write_session(session->state_dir, config->lab, &limits, &keeper);
	return session->ledger && session->saved.writer;
}

bool session_start_saving(struct session *session, const struct session_config *config,
			  struct pcp_why *why)
{
	if (config->write_file) {
		session->named.writer = capture_write_file(config->write_file, why);
		if (!session->named.writer)
			return false;
		session->named.failing = *capture_trouble(session->named.writer);
		if (session->named.failing)
			session_notice(session, "%s; the session goes on",
				       capture_trouble(session->named.writer));
	}
	return save_session(session, config) || pcp_refuse(why, 0, "no memory to start with");
}

/* What was missing when it was told first may be more by now, and the end of a pipe may add to it.
 */
static void end(struct session *session, struct session_saving *saving)
{
	uint64_t before;

	if (!saving->writer)
		return;
	before = capture_missing(saving->writer);
	capture_finish(saving->writer);
	if ((saving->failing && before > 1) || capture_missing(saving->writer) > before)
		session_notice(session, "%s", capture_trouble(saving->writer));
	capture_writer_free(saving->writer);
	saving->writer = NULL;
}

void session_end_saving(struct session *session)
{
	const struct session_ignored ignored = session->ignored;

	if (ignored.unlisted || ignored.unsaved)
		session_notice(session, "%llu ignored datagram%s not listed, %llu not saved",
			       (unsigned long long)ignored.unlisted,
			       ignored.unlisted == 1 ? " was" : "s were",
			       (unsigned long long)ignored.unsaved);
	session->ignored.unlisted = session->ignored.unsaved = 0;
	end(session, &session->named);
	end(session, &session->saved);
	ledger_free(session->ledger);
	session->ledger = NULL;
}
