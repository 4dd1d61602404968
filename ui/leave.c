/* Leaving: the question while mappings stand, deleting them first, and what is said after the end.
 */
#include "leave.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actions.h"
#include "session-stay.h"
#include "session-task.h"
#include "text.h"
#include "words.h"

void act_quit_now(struct ui *ui)
{
	loop_stop(session_loop(ui->session));
}

/* "12:10", or "2026-01-30 12:10" where that is another day. */
static void put_until(usec wall, const char *format, char *buf, size_t cap)
{
	time_t then = (time_t)(wall / USEC_PER_SEC), now = time(NULL);
	char day[16] = "", today[16] = "";
	struct tm tm;
	size_t n = 0;

	if (localtime_r(&now, &tm))
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	if (localtime_r(&then, &tm))
		strftime(day, sizeof day, "%Y-%m-%d", &tm);
	if (strcmp(day, today) != 0)
		n = (size_t)snprintf(buf, cap, "%s ", day);
	if (strftime(buf + n, cap - n, format, &tm) == 0)
		*buf = '\0';
}

/* " at 192.0.2.1", or "" where several have them. */
static void put_server(const struct session_stay *stay, char *buf, size_t cap)
{
	const char *typed = stay->server ? stay->server->config.name : NULL;
	char name[64];

	*buf = '\0';
	if (!typed)
		return;
	pcp_safe_text((const uint8_t *)typed, strlen(typed), name, sizeof name);
	snprintf(buf, cap, " at %s", name);
}

/* The file as a person would type it: ~ for the home folder, nothing that a terminal would obey. */
static void put_file(const char *path, char *buf, size_t cap)
{
	const char *home = getenv("HOME");
	size_t n = home ? strlen(home) : 0;
	bool below = n > 1 && strncmp(path, home, n) == 0 && path[n] == '/';

	path += below ? n : 0;
	snprintf(buf, cap, "%s", below ? "~" : "");
	pcp_safe_text((const uint8_t *)path, strlen(path), buf + below, cap - below);
}

/* ---- before ---- */

static void say_stay(const struct session_stay *stay, struct question *question)
{
	bool fixed = stay->peers == stay->mappings;
	char server[80], until[32];

	put_server(stay, server, sizeof server);
	put_until(stay->first, "%H:%M", until, sizeof until);
	snprintf(question->text, sizeof question->text,
		 "End? %zu %smapping%s%s stay%s%s%s until %s.", stay->mappings,
		 fixed ? "PEER " : "", pcp_s(stay->mappings),
		 fixed ? ", which cannot be deleted," : "", stay->mappings == 1 ? "s" : "", server,
		 stay->mappings == 1 ? "" : ", the first", until);
	if (stay->keys) {
		snprintf(question->more, sizeof question->more,
			 "No file keeps the nonces of %zu mapping%s: nobody can renew or delete "
			 "what goes on then.",
			 stay->keys, pcp_s(stay->keys));
	} else if (stay->saved) {
		const char *name = strrchr(stay->saved, '/');
		char file[200];

		put_file(name ? name + 1 : stay->saved, file, sizeof file);
		snprintf(question->more, sizeof question->more,
			 "--resume takes %s over; the nonces are in %s",
			 stay->mappings == 1 ? "it" : "them", file);
	} else if (stay->earlier) {
		snprintf(question->more, sizeof question->more,
			 "--resume takes %s over again: an earlier session keeps the nonces.",
			 stay->mappings == 1 ? "it" : "them");
	}
}

static void delete_first(struct ui *ui);

static void stop_first(struct ui *ui)
{
	char quit[32];

	ui->leaving = true;
	session_cancel_all(ui->session);
	ui_key_of(ui, "quit", quit, sizeof quit);
	ui_say(ui, STYLE_NORMAL, "%s, then it ends; %s ends it sooner",
	       session_undoing(ui->session)->undoes, quit);
}

/* What goes on is stopped first, and what stays is asked about when that is done. */
static void ask_to_stop(struct ui *ui, const struct session_task *task)
{
	struct question question = { .yes = stop_first };
	char progress[128];

	task->progress(task->arg, progress, sizeof progress);
	snprintf(question.text, sizeof question.text, "End? First it stops, and %s (%s).",
		 task->undoes, progress);
	ui_ask(ui, &question);
}

void act_quit(struct ui *ui)
{
	const struct session_task *undoing = ui->leaving ? NULL : session_undoing(ui->session);
	struct question question = { .yes = act_quit_now };
	struct session_stay stay;

	if (undoing) {
		ask_to_stop(ui, undoing);
		return;
	}
	session_stay(ui->session, &stay);
	if (!stay.mappings) {
		act_quit_now(ui);
		return;
	}
	if (stay.lab) {
		snprintf(question.text, sizeof question.text,
			 "End? The embedded gateway ends, too, and %zu mapping%s with it.",
			 stay.mappings, pcp_s(stay.mappings));
	} else {
		question.also = stay.peers < stay.mappings ? delete_first : NULL;
		say_stay(&stay, &question);
	}
	ui_ask(ui, &question);
}

/* ---- deleting first ---- */

static void delete_first(struct ui *ui)
{
	size_t n = session_delete_all(ui->session);

	if (n == 0) {
		act_quit_now(ui); /* a PEER cannot be deleted: the last words tell of it */
		return;
	}
	ui->leaving = true;
	ui_say(ui, STYLE_NORMAL, "deleting %zu mapping%s, then it ends; q ends it sooner", n,
	       pcp_s(n));
}

/* What a server refuses to delete, or does not answer for, is said in the question that comes
 * again. */
void leave_heard(struct ui *ui)
{
	struct session_stay stay;

	if (ui->closed && !session_undoing(ui->session))
		loop_stop(session_loop(ui->session));
	if (ui->closed || !ui->leaving || session_deleting(ui->session) ||
	    session_undoing(ui->session))
		return;
	ui->leaving = false;
	session_stay(ui->session, &stay);
	if (stay.mappings && !*ui->question.text)
		act_quit(ui);
	else if (!stay.mappings)
		act_quit_now(ui);
}

/* ---- after ---- */

void leave_finish(struct ui *ui)
{
	const struct session_task *undoing = session_undoing(ui->session);

	ui->closed = true;
	if (session_cancel_all(ui->session))
		return;
	ui->hurry = false;
	if (!ui->hung_up) {
		printf("%s; Ctrl-C leaves it there.\n", undoing->undoes);
		fflush(stdout);
	}
	while (session_undoing(ui->session) && !ui->hurry)
		loop_run(session_loop(ui->session), USEC_NEVER);
}

void leave_tell(const struct session *session)
{
	struct session_stay stay;
	char server[80], first[32], last[32], file[4400];

	session_stay(session, &stay);
	if (!stay.mappings || stay.lab)
		return;
	put_server(&stay, server, sizeof server);
	put_until(stay.first, "%H:%M:%S", first, sizeof first);
	put_until(stay.last, "%H:%M:%S", last, sizeof last);
	if (stay.mappings == 1)
		printf("1 mapping stays%s until %s.\n", server, first);
	else
		printf("%zu mappings stay%s, the first until %s, the last until %s.\n",
		       stay.mappings, server, first, last);
	if (stay.keys) {
		if (stay.keys < stay.mappings)
			printf("No file keeps the nonces of %zu of them: nobody can renew or "
			       "delete those.\n",
			       stay.keys);
		else
			printf("No file keeps the nonces: nobody can renew or delete %s.\n",
			       stay.keys == 1 ? "it" : "them");
		return;
	}
	if (!stay.saved && !stay.earlier)
		return;
	printf("pcpscope --resume takes %s over%s", stay.mappings == 1 ? "it" : "them",
	       stay.saved ? ". Session: " : " again.\n");
	if (stay.saved) {
		put_file(stay.saved, file, sizeof file);
		printf("%s\n", file);
	}
}
