/* Who hears what happens in a session: observers, what takes long, and sentences for the face. */
#ifndef SESSION_TASK_H
#define SESSION_TASK_H

#include "session.h"

/* Observers hear every event of the session's client, after the log has it; not while a capture is
 * looked at. */
struct session_observer {
	void (*event)(void *arg, const struct pcp_client_event *event);
	void *arg;
	struct session_observer *next;
	void (*ended)(void *arg); /* the session is being freed; NULL: no need to know */
};

void session_observe(struct session *session, struct session_observer *observer);
void session_unobserve(struct session *session, struct session_observer *observer);

/* Something that goes on behind a face: how far it is, and its end before its time. */
struct session_task {
	void (*progress)(void *arg, char *buf, size_t cap); /* "walk: 120 mappings, 7 requests" */
	/* Ends the task; one that has to undo something first ends when that is done. */
	void (*cancel)(void *arg);
	void *arg;
	const char *undoes; /* what that is: "what it made is deleted"; NULL: nothing */
	struct session_task *next;
};

/* The task is the caller's, and must be ended before it goes. Ending one that is not there does
 * nothing. */
void session_task_begin(struct session *session, struct session_task *task);
void session_task_end(struct session *session, struct session_task *task);
/* The one that began last; NULL: nothing takes long. */
const struct session_task *session_task(const struct session *session);
/* Cancels it; false when there is none. */
bool session_cancel(struct session *session);
/* One that has to undo something before its end; NULL: none has. */
const struct session_task *session_undoing(const struct session *session);
/* Cancels all of them; false while one of them still has something to undo. */
bool session_cancel_all(struct session *session);

/* Sentences that no command asked for: the session cannot be saved, earlier mappings can be had, a
 * capture is damaged. The callback hears of what came before it at once. */
void session_on_notice(struct session *session, void (*notice)(void *arg, const char *text),
		       void *arg);

#endif
