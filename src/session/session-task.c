/* Who hears what happens in a session: observers, what takes long, and sentences for the face. */
#include "session-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

void session_observe(struct session *session, struct session_observer *observer)
{
	struct session_observer **last = &session->observers;

	while (*last)
		last = &(*last)->next; /* told in the order in which they came */
	observer->next = NULL;
	*last = observer;
}

void session_unobserve(struct session *session, struct session_observer *observer)
{
	for (struct session_observer **o = &session->observers; *o; o = &(*o)->next)
		if (*o == observer) {
			*o = observer->next;
			return;
		}
}

void session_task_begin(struct session *session, struct session_task *task)
{
	task->next = session->tasks;
	session->tasks = task;
}

void session_task_end(struct session *session, struct session_task *task)
{
	for (struct session_task **t = &session->tasks; *t; t = &(*t)->next)
		if (*t == task) {
			*t = task->next;
			return;
		}
}

const struct session_task *session_task(const struct session *session)
{
	return session->tasks;
}

bool session_cancel(struct session *session)
{
	struct session_task *task = session->tasks;

	if (task)
		task->cancel(task->arg);
	return task != NULL;
}

void session_tell_end(struct session *session)
{
	for (struct session_observer *o = session->observers, *next; o; o = next) {
		next = o->next; /* the observer may free itself */
		if (o->ended)
			o->ended(o->arg);
	}
}

const struct session_task *session_undoing(const struct session *session)
{
	const struct session_task *task = session->tasks;

	while (task && !task->undoes)
		task = task->next;
	return task;
}

bool session_cancel_all(struct session *session)
{
	struct session_task *task, *next;

	for (task = session->tasks; task; task = next) {
		next = task->next; /* its own goes when it has ended */
		task->cancel(task->arg);
	}
	return !session->tasks;
}

/* ---- notices ---- */

void session_notice(struct session *session, const char *format, ...)
{
	char text[CAPTURE_PATH_MAX + CAPTURE_TEXT];
	size_t used = strlen(session->unheard);
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof text, format, args) >= (int)sizeof text)
		pcp_end_whole(text);
	va_end(args);
	if (session->notice)
		session->notice(session->notice_arg, text);
	else
		snprintf(session->unheard + used, sizeof session->unheard - used, "%s%s",
			 used ? "; " : "", text);
}

void session_on_notice(struct session *session, void (*tell)(void *arg, const char *text),
		       void *arg)
{
	session->notice = tell;
	session->notice_arg = arg;
	if (tell && *session->unheard)
		tell(arg, session->unheard);
	if (tell)
		session->unheard[0] = '\0';
}
