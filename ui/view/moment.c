/* The moment of an open capture: going to another, by datagram and by exchange; playing. */
#include "moment.h"

#include "actions.h"
#include "session-capture.h"
#include "session-follow.h"
#include "view.h"

static const struct replay *capture(const struct ui *ui)
{
	const struct replay *replay = session_replay(ui->session);

	return replay && !replay_reading(replay) ? replay : NULL;
}

const char *why_not_moment(struct ui *ui)
{
	if (session_follows(ui->session))
		return "it is live: what has come can be gone through when it has ended, or is "
		       "stopped";
	return capture(ui) ? NULL : "the capture is being read";
}

bool moment_is_later(const struct ui *ui, const struct message *message)
{
	return capture(ui) && message->datagram > replay_at(capture(ui));
}

/* ---- going there ---- */

/* The answer line tells of the exchange, Decode shows the message; Exchanges looks where it is. */
static void show(struct ui *ui, const struct message *message)
{
	if (!message)
		return;
	select_message(&ui->selection, message->id, false);
	ui->moment.message = message->id;
	ui->told.exchange = message->exchange;
}

/* Shows the moment after datagram `at`, from 1 on, and that datagram's message. */
static void moment_go(struct ui *ui, uint64_t at)
{
	const struct log *log = session_log(ui->session);
	uint64_t count = capture(ui) ? replay_count(capture(ui)) : 0;
	size_t i;

	if (!count)
		return;
	at = at < 1 ? 1 : at > count ? count : at;
	session_seek(ui->session, at);
	i = log_before(log, at + 1); /* what brought no message belongs to the one before */
	show(ui, log_message_at(log, i ? i - 1 : 0));
	ui_dirty(ui);
}

void moment_to(struct ui *ui, const struct message *message)
{
	if (!capture(ui) || !message)
		return;
	ui->moment.playing = false;
	ui->moment.message = message->id;
	ui->told.exchange = message->exchange;
	if (message->datagram && message->datagram != replay_at(capture(ui)))
		session_seek(ui->session, message->datagram);
}

void moment_choose(struct ui *ui, const struct message *message)
{
	moment_to(ui, message);
	show(ui, message);
}

static void step(struct ui *ui, long by)
{
	uint64_t at = replay_at(capture(ui));

	ui->moment.playing = false;
	moment_go(ui, by < 0 ? at - (at > 0) : at + 1);
}

void act_moment_on(struct ui *ui)
{
	step(ui, 1);
}

void act_moment_back(struct ui *ui)
{
	step(ui, -1);
}

void act_moment_first(struct ui *ui)
{
	ui->moment.playing = false;
	moment_go(ui, 1);
}

void act_moment_last(struct ui *ui)
{
	ui->moment.playing = false;
	moment_go(ui, replay_count(capture(ui)));
}

/* ---- by exchange ---- */

/* That of the message shown; where it is of none, the one before. */
static uint32_t exchange_near(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	uint32_t id = ui->moment.message;
	const struct message *message = log_message(log, id);

	while (message && !message->exchange)
		message = log_message(log, --id);
	return message ? message->exchange : 0;
}

static void step_exchange(struct ui *ui, int by)
{
	const struct log *log = session_log(ui->session);
	uint32_t id = exchange_near(ui);
	const struct exchange *exchange = log_exchange(log, by > 0 ? id + 1 : id - (id > 0));
	const struct message *message = exchange ? log_answer(log, exchange) : NULL;

	if (!exchange) {
		ui_say(ui, STYLE_NORMAL,
		       by > 0 ? "that was the last exchange" : "that was the first exchange");
		return;
	}
	if (!message)
		message = log_message(log, exchange->last);
	moment_choose(ui, message);
}

void act_exchange_on(struct ui *ui)
{
	step_exchange(ui, 1);
}

void act_exchange_back(struct ui *ui)
{
	step_exchange(ui, -1);
}

/* ---- playing ---- */

/* Pauses are shortened: nobody waits an hour. */
enum { PAUSE_MOST = 2 * USEC_PER_SEC };

static usec until_next(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct message *next =
		log_message_at(log, log_before(log, replay_at(capture(ui)) + 1));
	usec gap = next ? next->wall - replay_now(capture(ui)) : 0;

	return gap < 0 ? 0 : gap < PAUSE_MOST ? gap : PAUSE_MOST;
}

void act_play(struct ui *ui)
{
	if (!ui->moment.playing && replay_at(capture(ui)) == replay_count(capture(ui)))
		moment_go(ui, 1);
	ui->moment.playing = !ui->moment.playing;
	ui->moment.next_at = loop_now(session_loop(ui->session)) + until_next(ui);
}

static void play(struct ui *ui, usec now)
{
	struct moment *moment = &ui->moment;

	if (!moment->playing)
		return;
	if (now >= moment->next_at) {
		moment_go(ui, replay_at(capture(ui)) + 1);
		moment->next_at = now + until_next(ui);
	}
	moment->playing = replay_at(capture(ui)) < replay_count(capture(ui));
	if (moment->playing && ui->tick_at > moment->next_at)
		ui->tick_at = moment->next_at;
}

void moment_frame(struct ui *ui, usec now)
{
	const struct replay *replay = session_replay(ui->session);
	struct moment *moment = &ui->moment;

	if (replay != moment->of || (replay && replay_reading(replay) && moment->begun)) {
		*moment = (struct moment){ .of = replay, .number = moment->number + 1 };
	}
	if (session_follows(ui->session) && !moment->followed) {
		moment->followed = true;
		ui_focus(ui, PANE_EXCHANGES);
	}
	if (!capture(ui))
		return;
	if (!moment->begun) {
		moment->begun = true;
		ui_focus(ui, PANE_EXCHANGES);
		moment_go(ui, 1);
	}
	play(ui, now);
}

/* ---- asking anew ---- */

void moment_live(struct ui *ui)
{
	char send[32], back[32];

	if (!session_replay(ui->session))
		return;
	ui->moment.live = true;
	ui_key_of(ui, "send", send, sizeof send);
	ui_key_of(ui, "dismiss", back, sizeof back);
	if (session_server(ui->session))
		ui_say(ui, STYLE_WARNING,
		       "this is live: %s closes the capture and sends it, %s goes back", send,
		       back);
	else
		ui_say(ui, STYLE_NORMAL, "this would be live where there is a server; %s goes back",
		       back);
}

bool moment_back_from_live(struct ui *ui)
{
	bool was = session_replay(ui->session) && ui->moment.live;

	if (was) {
		ui->moment.live = false;
		show(ui, log_message(session_log(ui->session), ui->moment.message));
	}
	return was;
}
