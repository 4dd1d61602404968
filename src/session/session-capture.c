/* A capture looked at in place of the session: read, and gone back in, a piece a turn of the loop.
 */
#include "session-private.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "text.h"
#include "words.h"

void session_say_missed(struct session *session)
{
	uint64_t missed = replay_missed(session->replay);

	if (missed > session->told_missed)
		session_notice(session,
			       "out of memory: not every datagram of the capture is listed");
	session->told_missed = missed;
}

void session_say_what_was_read(struct session *session)
{
	const struct capture *capture = replay_capture(session->replay);
	char remarks[CAPTURE_TEXT];

	session_say_missed(session);
	if (*capture_broken(capture))
		session_notice(session, "%s", capture_broken(capture));
	if (capture_remarks(capture, remarks, sizeof remarks))
		session_notice(session, "%s", remarks);
	if (log_dropped(session->replay_log))
		session_notice(session, "the oldest %llu datagrams are not listed, to bound memory",
			       (unsigned long long)log_dropped(session->replay_log));
}

bool session_seeking(const struct session *session)
{
	return session->replay && !replay_reading(session->replay) &&
	       replay_at(session->replay) != session->seek_to;
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
	session_task_end(session, &session->reading);
	session_say_what_was_read(session);
	session_notice(session, "reading was stopped: what is behind datagram %llu is not shown",
		       (unsigned long long)replay_count(session->replay));
}

/* A turn of reading ends after so many packets, or when keys have waited long enough. */
static void read_on(struct session *session)
{
	struct session_turn turn = session_turn(READ_LOOKS);

	while (replay_read(session->replay, A_LOOK) && session_turn_goes_on(&turn))
		;
	if (!replay_reading(session->replay)) {
		session_task_end(session, &session->reading);
		session_say_what_was_read(session);
	}
	session->seek_to = replay_at(session->replay);
}

static void seek_on(struct session *session)
{
	struct session_turn turn = session_turn(FOLD_LOOKS);
	bool there;

	do
		there = replay_seek(session->replay, session->seek_to, A_LOOK);
	while (!there && session_turn_goes_on(&turn));
	if (there) {
		session->seek_to = replay_at(session->replay);
		session_say_missed(session);
		if (*replay_trouble(session->replay))
			session_notice(session, "%s", replay_trouble(session->replay));
	}
}

/* What can be had once only cannot be gone back in, and waiting for it would stop the clock. */
static bool is_stream(const char *path, struct pcp_why *why)
{
	struct stat stat_;

	if (strcmp(path, "-") &&
	    (stat(path, &stat_) < 0 || S_ISREG(stat_.st_mode) || S_ISDIR(stat_.st_mode)))
		return false; /* capture_open says more */
	pcp_refuse(why, 0,
		   "cannot open %s: it is no file, and one cannot go back in it; decode -r reads "
		   "it",
		   pcp_quoted(path).text);
	return true;
}

bool session_show(struct session *session, struct replay *replay, struct log *log,
		  struct session_task reading, struct pcp_why *why)
{
	const struct session_task *undoing = session_undoing(session);

	/* It would hear of nothing while a capture is looked at. */
	if (!session_cancel_all(session))
		return pcp_refuse(why, 0, "not opened yet: %s first; open it again in a moment",
				  undoing->undoes);
	session_close(session);
	session->reading = reading;
	session_task_begin(session, &session->reading);
	session->replay = replay;
	session->replay_log = log;
	session->told_missed = 0;
	session->seek_to = 0;
	replay_steps(replay);
	return true;
}

bool session_open(struct session *session, const char *path, struct pcp_why *why)
{
	struct log *log;
	struct replay *replay;

	if (is_stream(path, why))
		return false;
	log = log_new(0);
	replay = log ? replay_open(path, session->port, session->nport, log, why) : NULL;
	if (!replay) {
		if (!log)
			pcp_refuse(why, 0, "no memory to open %s", pcp_quoted(path).text);
		log_free(log);
		return false;
	}
	if (session_show(session, replay, log,
			 (struct session_task){ .progress = reading_progress,
						.cancel = stop_reading,
						.arg = session },
			 why))
		return true;
	replay_free(replay);
	log_free(log);
	return false;
}

void session_read(struct session *session)
{
	while (session->replay && replay_reading(session->replay) && !session->following.on)
		read_on(session);
}

void session_seek(struct session *session, uint64_t at)
{
	if (!session->replay || replay_reading(session->replay))
		return;
	session->seek_to = at < replay_count(session->replay) ? at : replay_count(session->replay);
	if (session_seeking(session))
		seek_on(session);
}

void session_close(struct session *session)
{
	if (session->following.on)
		session_cancel(session);
	session_task_end(session, &session->reading);
	replay_free(session->replay);
	log_free(session->replay_log);
	session->replay = NULL;
	session->following.began = false;
	session->replay_log = NULL;
}

bool session_busy(const struct session *session)
{
	return session->replay && !session->following.on &&
	       (replay_reading(session->replay) || session_seeking(session));
}

void session_busy_on(struct session *session)
{
	if (replay_reading(session->replay))
		read_on(session);
	else
		seek_on(session);
}
